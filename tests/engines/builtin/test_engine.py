"""The engine behind the seam, with its real eyes."""

from __future__ import annotations

import asyncio
import io
import math
import subprocess
import sys
from collections.abc import Iterator

import pytest
from blake3 import blake3
from PIL import Image

from pollux import samples
from pollux.engines.base import EmbedInput, Event, Prompt, Text, Thought, Turn
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.errors import InvalidArgument
from pollux.media.handle import Clip, Media
from pollux.wire.content import Part


@pytest.fixture(scope="module")
def engine() -> Iterator[BuiltinEngine]:
    made = BuiltinEngine(threads=2)
    yield made
    asyncio.run(made.close())


def prompt(sample: str, text: str) -> Prompt:
    data = samples.read(sample)
    with Image.open(io.BytesIO(data)) as opened:
        orientation = opened.getexif().get(0x0112, 1)
        width, height = opened.size if orientation < 5 else opened.size[::-1]
    mime_type, digest = samples.get(sample).mime_type, blake3(data).hexdigest()
    media = Media("image", mime_type, data, digest, width, height, orientation, "contents[0].parts[0]")
    return Prompt("m", (Turn("user", (media, Part(text=text))),))


async def events(engine: BuiltinEngine, asked: Prompt) -> list[Event]:
    return [event async for event in engine.stream(asked)]


@pytest.mark.parametrize(
    ("sample", "text", "words"),
    [
        ("cat", "What animal is this? Answer in one word.", "cat"),
        ("coffee", "Is it tea or coffee?", "coffee"),
        ("receipt", "What is the total?", "23.93"),
        ("qr-code", "Decode the QR code", "https://example.com/pollux"),
        ("shapes", "What colour is the triangle?", "green"),
        ("sign", "What does the sign say?", "no parking"),
        ("rotated-notice", "When is it open on Saturday?", "10:00 - 14:00"),
        ("chart", "Which month has the most bicycles?", "jun"),
    ],
)
async def test_real_pictures(engine: BuiltinEngine, sample: str, text: str, words: str) -> None:
    found = await events(engine, prompt(sample, text))
    assert words in "".join(event.text for event in found if isinstance(event, Text)).lower()
    assert isinstance(found[0], Thought)


async def test_long_answers_come_in_pieces(engine: BuiltinEngine) -> None:
    found = [event for event in await events(engine, prompt("page", "Read the text")) if isinstance(event, Text)]
    assert len(found) > 10
    assert max(len(event.text) for event in found) < 100


async def test_embeddings(engine: BuiltinEngine) -> None:
    inputs = [EmbedInput("a cat"), EmbedInput("a kitten"), EmbedInput("tax law", title="Law")]
    cat, kitten, law = await engine.embed("m", inputs, None)
    assert len(cat) == 384
    assert sum(a * b for a, b in zip(cat, kitten, strict=True)) > sum(a * b for a, b in zip(cat, law, strict=True))
    (short,) = await engine.embed("m", inputs[:1], 10)
    assert len(short) == 10
    assert math.isclose(math.hypot(*short), 1, rel_tol=1e-4)


@pytest.mark.parametrize("dims", [0, 385])
async def test_embedding_sizes(engine: BuiltinEngine, dims: int) -> None:
    with pytest.raises(InvalidArgument, match="384") as caught:
        await engine.embed("m", [EmbedInput("a")], dims)
    assert caught.value.field == "outputDimensionality"


async def test_a_film_that_cannot_be_read(engine: BuiltinEngine) -> None:
    film = Media("video", "video/mp4", b"", "x", field="contents[0].parts[0]", clip=Clip(1.0, end=1.0))
    with pytest.raises(InvalidArgument, match="the video cannot be used"):
        await events(engine, Prompt("m", (Turn("user", (film,)),)))


def test_one_card(engine: BuiltinEngine) -> None:
    (card,) = engine.cards()
    assert card.name == "builtin"
    sees = {"text", "image_in", "boxes", "masks", "tools", "schema", "embeddings", "think"}
    assert sees | {"image_out", "video_out"} == card.abilities
    assert card.embed_dims == 384


def test_nothing_heavy_is_loaded_to_begin_with() -> None:
    code = (
        "import sys; from pollux.engines.builtin.engine import BuiltinEngine; BuiltinEngine().cards(); "
        "print([m for m in ('cv2', 'onnxruntime', 'rapidocr', 'tokenizers', 'PIL') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
