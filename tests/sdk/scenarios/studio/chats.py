"""Pictures over several turns: signatures travel by themselves, and those that do not are missed."""

from __future__ import annotations

from typing import Any

from google.genai import types

from tests.sdk.scenarios.brush import NANO, PRO, pixel, shown
from tests.sdk.scenarios.kit import Here, detail, refused
from tests.sdk.scenarios.words import CAN, holds, needs, paints, same, seen, writes

RED, BLUE = (220, 30, 30), (30, 60, 220)
_LARGE = types.GenerateContentConfig(
    response_modalities=["TEXT", "IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K")
)


def _drawn_then_changed(talk: Any) -> None:
    (first,) = shown(talk.send_message("Draw a red square"))
    (second,) = shown(talk.send_message("Make it blue"))
    same((first.size, second.size), ((1024, 1024), (1024, 1024)))
    paints((pixel(first, 0), pixel(second, 0)), (RED, BLUE))


def draw_change_enlarge(here: Here) -> None:
    """The guide's infographic in three turns, the last with ratio and size of its own."""
    talk = here.client.chats.create(model=PRO)
    _drawn_then_changed(talk)
    answer = talk.send_message("Make it green, and change nothing else", config=_LARGE)
    (third,) = shown(answer)
    same(third.size, (2752, 1536))
    if "script" not in CAN:
        return
    same(pixel(third, 0), (30, 160, 60))
    thought = next(part.text for part in answer.parts or [] if part.thought and part.text)
    turns = seen(thought)["turns"]
    same([turn["role"] for turn in turns], ["user", "model"] * 2 + ["user"])
    sizes = [piece.get("size") for turn in turns if turn["role"] == "model" for piece in turn["pieces"]]
    same(sizes, [None, [1024, 1024]] * 2)


def a_model_that_does_not_think(here: Here) -> None:
    _drawn_then_changed(here.client.chats.create(model=NANO))


async def draw_and_change_async(here: Here) -> None:
    talk = here.client.aio.chats.create(model=PRO)
    await talk.send_message("Draw a red square")
    (second,) = shown(await talk.send_message("Make it blue"))
    paints(pixel(second, 0), BLUE)


def after_a_stream(here: Here) -> None:
    """The history of a stream has many turns of the model; their signatures come back all the same."""
    talk = here.client.chats.create(model=PRO)
    pictures = [one for chunk in talk.send_message_stream("Draw a red square") for one in shown(chunk)]
    same(len(pictures), 1)
    paints([pixel(one, 0) for one in pictures], [RED])
    changed = [one for chunk in talk.send_message_stream("Make it blue") for one in shown(chunk)]
    same([one.size for one in changed], [(1024, 1024)])
    paints([pixel(one, 0) for one in changed], [BLUE])


def thoughts(here: Here) -> None:
    """Two interim pictures at most, then the final one; signatures where the guide has them."""
    answer = here.client.models.generate_content(model=PRO, contents="a red square")
    parts = answer.parts or []
    kinds = ["text" if part.text is not None else "picture" for part in parts]
    writes([kind for kind in kinds if kind == "text"], ["text", "text"])
    same(kinds.count("picture"), 4)
    said = [bool(part.thought) for part in parts]
    same(said, sorted(said, reverse=True))
    same([bool(part.thought_signature) for part in parts], [not thought for thought in said])
    *interim, last = shown(answer, thought=True)
    same(last.tobytes(), shown(answer)[0].tobytes())
    assert all(one.tobytes() != last.tobytes() for one in interim)
    writes(answer.text, "a red square")


def thoughts_declined(here: Here) -> None:
    config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=False))
    answer = here.client.models.generate_content(model=PRO, contents="a red square", config=config)
    same({bool(part.thought) for part in answer.parts or []}, {False})
    same(bool((answer.parts or [])[-1].thought_signature), True)


def several_pictures_are_signed(here: Here) -> None:
    """The guide's macarons: each picture, and the first text only."""
    needs("script", "a painter that makes two pictures")
    answer = here.client.models.generate_content(model=PRO, contents="macarons, in two parts")
    spoken = [part for part in answer.parts or [] if not part.thought]
    same([(part.text is None, bool(part.thought_signature)) for part in spoken],
         [(False, True), (True, True), (False, False), (True, True)])  # fmt: skip


def _history(here: Here) -> list[types.Content]:
    talk = here.client.chats.create(model=PRO)
    talk.send_message("Draw a red square")
    return [content.model_copy(deep=True) for content in talk.get_history()]


def _said_again(here: Here, history: list[types.Content]) -> None:
    contents: list[Any] = [*history, types.UserContent(parts=[types.Part(text="Make it blue")])]
    here.client.models.generate_content(model=PRO, contents=contents)


def signatures_dropped_tampered_swapped(here: Here) -> None:
    def drop(part: types.Part) -> None:
        part.thought_signature = None

    def tamper(part: types.Part) -> None:
        signature = part.thought_signature or b""
        part.thought_signature = signature[:-1] + bytes([signature[-1] ^ 1])

    def swap(part: types.Part) -> None:
        part.inline_data = types.Blob(data=here.read("receipt.png"), mime_type="image/png")

    _said_again(here, _history(here))
    for change in (drop, tamper, swap):
        history = _history(here)
        at = len(history[-1].parts or []) - 1
        change((history[-1].parts or [])[at])
        with refused(400, "INVALID_ARGUMENT", "exactly as they came") as caught:
            _said_again(here, history)
        (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
        same(violation["field"], f"contents[1].parts[{at}].thoughtSignature")


def signatures_of_others(here: Here) -> None:
    """They cannot be judged, and pass."""
    history = _history(here)
    part = (history[-1].parts or [])[-1]
    part.inline_data = types.Blob(data=here.read("receipt.png"), mime_type="image/png")
    part.thought_signature = b"another issuer's"
    _said_again(here, history)


def grounded(here: Here) -> None:
    """Without a search nothing is invented, and the entry point says so."""
    tools: Any = [{"google_search": {}}]
    config = types.GenerateContentConfig(response_modalities=["Text", "Image"], tools=tools)
    answer = here.client.models.generate_content(model=PRO, contents="the weather of Oslo", config=config)
    same(len(shown(answer)), 1)
    candidates: Any = answer.candidates
    metadata = candidates[0].grounding_metadata
    holds(metadata.search_entry_point.rendered_content, "No search is configured")
    assert not metadata.grounding_chunks, metadata
    last: Any = list(here.client.models.generate_content_stream(model=PRO, contents="Oslo", config=config))[-1]
    assert last.candidates[0].grounding_metadata.search_entry_point.rendered_content


def grounded_pictures_alone(here: Here) -> None:
    """Documented: image only mode returns no picture with search."""
    tools: Any = [{"google_search": {}}]
    config = types.GenerateContentConfig(response_modalities=["Image"], tools=tools)
    answer = here.client.models.generate_content(model=PRO, contents="Oslo", config=config)
    candidates: Any = answer.candidates
    same((answer.parts or [], candidates[0].finish_reason.name), ([], "NO_IMAGE"))
