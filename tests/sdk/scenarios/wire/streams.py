"""Streams: every word arrives, in order, and no fault is silent."""

from __future__ import annotations

from typing import Any

from google import genai
from google.genai import errors, types

from tests.sdk.scenarios.kit import FLASH, Here, http, refused
from tests.sdk.scenarios.words import CAN, needs, same, says, stopped

SPEAKER = "gemini-2.5-speaker"
BREAKS = "gemini-2.5-breaks"


def _async_clients(here: Here) -> list[genai.Client]:
    """One with the transport that the client prefers, one that has to take httpx."""
    plain = {"transport": http().AsyncHTTPTransport()}
    return [here.connect(), here.connect(async_client_args=plain)]


def _check(chunks: list[Any], text: str) -> None:
    says("".join(chunk.text or "" for chunk in chunks), text)
    assert len(chunks) > 1, "all in one chunk"
    same(len({chunk.response_id for chunk in chunks}), 1)
    ends = [chunk.candidates[0].finish_reason for chunk in chunks]
    same(ends[:-1], [None] * (len(ends) - 1))
    stopped(ends[-1])
    assert chunks[-1].text, "the last chunk is empty"
    usage = chunks[-1].usage_metadata
    same(usage.total_token_count, usage.prompt_token_count + usage.candidates_token_count)


def words(here: Here) -> None:
    chunks = list(here.client.models.generate_content_stream(model=SPEAKER, contents="count"))
    _check(chunks, "One two three four five")


async def words_async(here: Here) -> None:
    for client in _async_clients(here):
        stream = await client.aio.models.generate_content_stream(model=SPEAKER, contents="count")
        _check([chunk async for chunk in stream], "One two three four five")
        await client.aio.aclose()


def one_letter(here: Here) -> None:
    chunks = list(here.client.models.generate_content_stream(model=FLASH, contents="x"))
    says("".join(chunk.text or "" for chunk in chunks), "x")
    assert all(chunk.text for chunk in chunks), "an empty chunk"


def thoughts(here: Here) -> None:
    needs("script", "thoughts in a stream")
    config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True))
    stream = here.client.models.generate_content_stream(model="gemini-2.5-thinker", contents="a", config=config)
    parts = [p for chunk in stream for c in chunk.candidates or [] if c.content for p in c.content.parts or []]
    same("".join(p.text or "" for p in parts if p.thought), "First I look. Then I say it.")
    same("".join(p.text or "" for p in parts if not p.thought), "It is a cat.")
    same(len([p for p in parts if p.thought_signature]), 1)


def candidates(here: Here) -> None:
    config = types.GenerateContentConfig(candidate_count=2)
    texts = {0: "", 1: ""}
    for chunk in here.client.models.generate_content_stream(model=SPEAKER, contents="a", config=config):
        for candidate in chunk.candidates or []:
            for part in (candidate.content and candidate.content.parts) or []:
                texts[candidate.index or 0] += part.text or ""
    same(list(texts), [0, 1])
    for text in texts.values():
        says(text, "One two three four five")


def early_fault(here: Here) -> None:
    with refused(404, "NOT_FOUND"):
        list(here.client.models.generate_content_stream(model="no-such-model", contents="a"))
    needs("script", "a fault of the model before its first word")
    with refused(429, "RESOURCE_EXHAUSTED", "Too much today"):
        list(here.client.models.generate_content_stream(model="gemini-2.5-refuses", contents="a"))


async def early_fault_async(here: Here) -> None:
    needs("script", "a fault of the model before its first word")
    for client in _async_clients(here):
        with refused(429, "RESOURCE_EXHAUSTED", "Too much today"):
            async for _ in await client.aio.models.generate_content_stream(model="gemini-2.5-refuses", contents="a"):
                pass
        await client.aio.aclose()


def fault_in_the_middle(here: Here) -> None:
    needs("script", "a fault of the model in mid-stream")
    text = ""
    try:
        for chunk in here.client.models.generate_content_stream(model=BREAKS, contents="a"):
            text += chunk.text or ""
    except errors.ServerError as error:
        same((error.code, error.status, error.message), (503, "UNAVAILABLE", "The model went away."))
        assert text.startswith("So far so"), text
    else:
        raise AssertionError(f"the stream ended as if all were well: {text!r}")


async def fault_in_the_middle_async(here: Here) -> None:
    needs("script", "a fault of the model in mid-stream")
    for client in _async_clients(here):
        text = ""
        try:
            async for chunk in await client.aio.models.generate_content_stream(model=BREAKS, contents="a"):
                text += chunk.text or ""
        except errors.ServerError as error:
            same((error.code, error.status), (503, "UNAVAILABLE"))
            assert text.startswith("So far so"), text
        else:
            raise AssertionError(f"the stream ended as if all were well: {text!r}")
        finally:
            await client.aio.aclose()


def left_early(here: Here) -> None:
    stream = here.client.models.generate_content_stream(model="gemini-2.5-slow", contents="a")
    first = next(iter(stream)).text
    assert first, "nothing was said"
    assert "script" not in CAN or "I begin, and then".startswith(first), first
    stream.close()  # type: ignore[attr-defined]
