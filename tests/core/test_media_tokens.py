"""Tokens of documents, videos, sound and text, by family and level; videoMetadata on its way."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pollux.engines.base import Text
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from tests.core.kit import ask, count, playing
from tests.media.files import pdf, sounds, video, wav

PAGES = pdf([[(72, 700, 12, "A line of forty letters in all, as it is")], [], []])
NATIVE = 10  # tokens, by the rule of four letters


def part(mime: str, data: bytes, **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}, **more}


async def counted(part: dict[str, Any], model: str, level: str = "") -> dict[str, int]:
    config = {"mediaResolution": f"MEDIA_RESOLUTION_{level}"} if level else {}
    body = {"contents": [{"parts": [part, {"text": "four"}]}], "generationConfig": config}
    rows = (await count(playing(), {"generateContentRequest": body}, model)).prompt_tokens_details
    found = {row.modality: row.token_count for row in rows}
    found["TEXT"] -= 1
    return {modality: tokens for modality, tokens in found.items() if tokens}


THREE, TWO, OLD = "gemini-3-pro-preview", "gemini-2.5-flash", "gemini-1.5-flash"


@pytest.mark.parametrize(
    ("model", "level", "tokens"),
    [
        (THREE, "", 3 * 560 + NATIVE),
        (THREE, "LOW", 3 * 280 + NATIVE),
        (THREE, "MEDIUM", 3 * 560 + NATIVE),
        (THREE, "HIGH", 3 * 1120 + NATIVE),
        (TWO, "", 3 * 256 + NATIVE),
        (TWO, "LOW", 3 * 64 + NATIVE),
        (TWO, "MEDIUM", 3 * 256 + NATIVE),
        (TWO, "HIGH", 3 * 256 + NATIVE),
        (OLD, "", 3 * 256 + NATIVE),
    ],
)
async def test_documents(model: str, level: str, tokens: int) -> None:
    assert await counted(part("application/pdf", PAGES), model, level) == {"DOCUMENT": tokens}


@pytest.mark.parametrize(
    ("model", "level", "frame"),
    [
        (THREE, "", 70),
        (THREE, "LOW", 70),
        (THREE, "MEDIUM", 70),
        (THREE, "HIGH", 280),
        (TWO, "", 256),
        (TWO, "LOW", 64),
        (TWO, "HIGH", 256),
    ],
)
async def test_videos(model: str, level: str, frame: int) -> None:
    assert await counted(part("video/mp4", video(4.0)), model, level) == {"VIDEO": 4 * frame}


async def test_clipped_videos_with_sound() -> None:
    data = video(4.0, tone=True, form="matroska")
    metadata = {"fps": 2, "startOffset": "1s", "endOffset": "2.5s"}
    assert await counted(part("", data, videoMetadata=metadata), TWO) == {"VIDEO": 3 * 256, "AUDIO": 48}


@pytest.mark.parametrize("data", [wav(3.0), sounds()["audio/flac"]])
async def test_sound(data: bytes) -> None:
    assert await counted(part("", data), TWO) == {"AUDIO": 96}


async def test_text_documents_are_text() -> None:
    assert await counted(part("text/csv", "é,b\n1,2\n".encode("utf-16")), TWO) == {"TEXT": 2}


async def test_count_is_usage() -> None:
    for one in (part("application/pdf", PAGES), part("video/mp4", video(2.0)), part("text/plain", b"hello there")):
        body = {"contents": [{"parts": [one]}]}
        usage = (await ask(playing(Text("fine")), body)).usage_metadata
        assert usage is not None
        assert usage.prompt_tokens_details == (await count(playing(), body)).prompt_tokens_details


async def test_engines_get_the_clip() -> None:
    engine = playing(Text("fine"))
    one = part("video/mp4", video(4.0), videoMetadata={"fps": 5, "startOffset": "1.5s"})
    await ask(engine, {"contents": [{"parts": [one]}]})
    (media,) = engine.prompts[-1].turns[0].pieces
    assert isinstance(media, Media)
    assert media.clip is not None
    assert (media.clip.start, media.clip.end, media.clip.fps) == (1.5, 4.0, 5.0)


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (part("video/mp4", video(2.0), videoMetadata={"fps": 25}), "videoMetadata.fps"),
        (part("video/mp4", video(2.0), videoMetadata={"startOffset": "2s"}), "videoMetadata.startOffset"),
        (part("audio/wav", wav(), videoMetadata={"fps": 2}), "videoMetadata"),
        (part("application/pdf", PAGES, mediaResolution={"level": "MEDIA_RESOLUTION_ULTRA_HIGH"}), "mediaResolution"),
    ],
)
async def test_refused(one: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await count(playing(), {"contents": [{"parts": [one]}]}, THREE)
    assert caught.value.field == f"contents[0].parts[0].{field}"


async def test_an_empty_video_metadata_says_nothing() -> None:
    assert await counted(part("application/pdf", PAGES, videoMetadata={}), THREE) == {"DOCUMENT": 3 * 560 + NATIVE}
