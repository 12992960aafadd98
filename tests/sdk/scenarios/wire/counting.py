"""Tokens: what is counted is what is used."""

from __future__ import annotations

from typing import Any

from google.genai import types

from tests.sdk.scenarios.kit import Here
from tests.sdk.scenarios.words import CAN, agrees, raises, same

OLD, NEW = "gemini-2.5-flash", "gemini-3-flash-preview"


def _both(here: Here, model: str, contents: Any, **config: Any) -> tuple[int | None, int | None]:
    counted = here.client.models.count_tokens(model=model, contents=contents)
    given = types.GenerateContentConfig(**config) if config else None
    used = here.client.models.generate_content(model=model, contents=contents, config=given).usage_metadata
    assert used
    return counted.total_tokens, used.prompt_token_count


def text(here: Here) -> None:
    counted, used = _both(here, OLD, "The quick brown fox jumps over the lazy dog.")
    assert counted
    agrees(counted, used)


def pictures(here: Here) -> None:
    for model in (OLD, NEW, "gemini-1.5-flash"):
        contents = [here.part("cat.jpg"), "What is it?", here.part("page.png")]
        counted, used = _both(here, model, contents)
        agrees(counted, used)
        assert counted
        assert counted > 500, counted


def tiles(here: Here) -> None:
    """A picture of 384 pixels or less is 258 tokens; Gemini 3 takes 1120 for any."""
    small = here.part("qr-code.png")
    text_only = here.client.models.count_tokens(model=OLD, contents="a").total_tokens or 0
    for model, expected in ((OLD, 258), (NEW, 1120)):
        counted = here.client.models.count_tokens(model=model, contents=[small, "a"]).total_tokens or 0
        same(counted - text_only, expected)


def per_modality(here: Here) -> None:
    answer = here.client.models.generate_content(model=NEW, contents=[here.part("cat.jpg"), "What is it?"])
    usage = answer.usage_metadata
    assert usage
    details = {d.modality: d.token_count for d in usage.prompt_tokens_details or []}
    if "script" in CAN:  # an engine's own count is not told apart by kinds
        same(details[types.MediaModality.IMAGE], 1120)
        same(sum(n or 0 for n in details.values()), usage.prompt_token_count)
    answers = {d.modality: d.token_count for d in usage.candidates_tokens_details or []}
    same(answers, {types.MediaModality.TEXT: usage.candidates_token_count})
    same(usage.total_token_count, (usage.prompt_token_count or 0) + (usage.candidates_token_count or 0))


def resolution_of_a_part(here: Here) -> None:
    base = here.client.models.count_tokens(model=NEW, contents="a").total_tokens or 0
    for level, expected in (("LOW", 280), ("MEDIUM", 560), ("HIGH", 1120), ("ULTRA_HIGH", 2240)):
        part = here.part("cat.jpg", media_resolution=types.PartMediaResolutionLevel("MEDIA_RESOLUTION_" + level))
        counted, used = _both(here, NEW, [part, "a"])
        same(counted, base + expected)
        agrees(counted, used)


def resolution_for_all(here: Here) -> None:
    base = here.client.models.count_tokens(model=OLD, contents="a").total_tokens or 0
    _, used = _both(here, OLD, [here.part("page.png"), "a"], media_resolution="MEDIA_RESOLUTION_LOW")
    agrees(used, base + 64)


def chat(here: Here) -> None:
    history: list[Any] = [
        types.Content(role="user", parts=[types.Part(text="Hello there.")]),
        types.Content(role="model", parts=[types.Part(text="Hello to you.")]),
        types.Content(role="user", parts=[types.Part(text="How are you?")]),
    ]
    counted, used = _both(here, OLD, history)
    agrees(counted, used)


async def counted_async(here: Here) -> None:
    counted = await here.client.aio.models.count_tokens(model=OLD, contents=["a", here.part("qr-code.png")])
    assert counted.total_tokens
    assert counted.total_tokens > 258


def compute_tokens_is_not_of_this_api(here: Here) -> None:
    raises(ValueError, lambda: here.client.models.compute_tokens(model=OLD, contents="a"))
