"""The built-in engine on documents, videos and sound, through its own door."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from PIL import ImageDraw

from pollux.engines.base import Prompt, Text, Thought, Turn
from pollux.engines.builtin import leafing
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.builtin.watching import coarse_to_fine, marks, spread
from pollux.errors import InvalidArgument
from pollux.media.document import page_picture
from pollux.media.handle import Media
from pollux.media.resolve import judge
from pollux.wire.content import Part
from pollux.wire.generate import GenerationConfig
from tests.media.files import Words, pdf, scanned, video, wav
from tests.media.samples import FIELD, LIMITS

BILL: list[Words] = [
    (72, 760, 24, "INVOICE"),
    (72, 720, 12, "Invoice number: 2024-117"),
    (72, 640, 12, "Blue lamp"),
    (400, 640, 12, "40.00"),
    (72, 620, 12, "Oak table"),
    (400, 620, 12, "250.00"),
    (72, 580, 12, "Total"),
    (400, 580, 12, "290.00"),
]
TERMS: list[Words] = [
    (72, 760, 18, "Terms of delivery"),
    (72, 720, 11, "Goods are delivered within fourteen days of the order."),
    (72, 700, 11, "Damaged goods are replaced without charge."),
]
CONTACT: list[Words] = [(72, 760, 18, "Contact"), (72, 720, 12, "Phone: +49 431 555 0199")]


@pytest.fixture(scope="module")
def engine() -> Iterator[BuiltinEngine]:
    one = BuiltinEngine()
    yield one
    asyncio.run(one.close())


@cache
def paper() -> Media:
    return judge(pdf([BILL, TERMS, CONTACT]), "", FIELD, LIMITS)


@cache
def scan() -> Media:
    return judge(
        scanned(["Garden report\nTulips: 40", "Weather\nRain on Monday", "Code word\nMARIGOLD"]), "", FIELD, LIMITS
    )


def scenes(draw: ImageDraw.ImageDraw, seconds: float) -> None:
    """A red circle for three seconds, a blue square for three, then words."""
    if seconds < 3:
        draw.ellipse((100, 50, 180, 130), fill=(220, 30, 30))
    elif seconds < 6:
        draw.rectangle((110, 50, 200, 140), fill=(30, 60, 210))
    else:
        draw.text((40, 60), "THE END", fill="black", font_size=48)


@cache
def film() -> Media:
    return judge(video(9.0, draw=scenes, form="matroska", tone=True), "", FIELD, LIMITS)


async def ask(
    engine: BuiltinEngine,
    question: str,
    *media: Media,
    schema: Mapping[str, Any] | None = None,
    earlier: tuple[Turn, ...] = (),
    seconds: float = 60,
) -> str:
    config = GenerationConfig(response_mime_type="application/json" if schema else "", temperature=0)
    turns = (*earlier, Turn("user", (*media, Part(text=question))))
    prompt = Prompt("builtin", turns, config=config, schema=schema, deadline=time.monotonic() + seconds)
    return "".join([event.text async for event in engine.stream(prompt) if isinstance(event, Text)])


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("How many pages does this PDF have?", ["has 3 pages"]),
        ("What is the total?", ["290.00", "page 1"]),
        ("What is the phone number?", ["+49 431 555 0199", "page 3"]),
        ("Read page 2.", ["Terms of delivery", "replaced without charge", "page 2 of 3"]),
        ("What is on the last page?", ["Contact", "page 3 of 3"]),
        ("What is on page 7?", ["There is no page 7", "3 pages"]),
        ("Summarise this document.", ["Page 1: ", "Page 2: ", "Page 3: ", "pages 1 to 3 of 3"]),
        ("What are the page dimensions?", ["210 x 297 mm (A4)"]),
        ("What is the captain's name?", ["cannot", "pages 1 to 3 of 3"]),
    ],
)
async def test_documents(engine: BuiltinEngine, question: str, says: list[str]) -> None:
    said = await ask(engine, question, paper())
    assert [part for part in says if part not in said] == [], said


async def test_native_text_needs_no_eyes() -> None:
    engine = BuiltinEngine()
    assert "290.00" in await ask(engine, "What is the total?", paper())
    assert not engine._perceiver.ready
    await engine.close()


async def test_a_schema_is_filled_from_all_pages(engine: BuiltinEngine) -> None:
    kinds = {"invoice_number": "string", "total": "number", "phone": "string"}
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in kinds.items()},
        "required": list(kinds),
    }
    filled = json.loads(await ask(engine, "Extract the invoice.", paper(), schema=schema))
    assert filled == {"invoice_number": "2024-117", "total": 290, "phone": "+49 431 555 0199"}


async def test_a_document_stays_in_view(engine: BuiltinEngine) -> None:
    earlier = (Turn("user", (paper(), Part(text="What is the total?"))), Turn("model", (Part(text="290.00"),)))
    assert "2024-117" in await ask(engine, "And what is the invoice number?", earlier=earlier)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("What is the code word?", ["MARIGOLD", "page 3"]),
        ("What does page 2 say?", ["Rain on Monday", "page 2 of 3"]),
        ("How many tulips are there?", ["40", "page 1"]),
    ],
)
async def test_scanned_pages_are_read(engine: BuiltinEngine, question: str, says: list[str]) -> None:
    said = await ask(engine, question, scan())
    assert [part for part in says if part not in said] == [], said


async def test_without_time_it_says_so() -> None:
    engine = BuiltinEngine()
    assert "no time" in await ask(engine, "What is the code word?", scan(), seconds=0)
    await engine.close()


async def test_one_bad_page_does_not_hide_the_others(engine: BuiltinEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def picture(media: Media, index: int, *rest: Any) -> Any:
        if index == 0:
            raise InvalidArgument("damaged", field=FIELD)
        return page_picture(media, index, *rest)

    monkeypatch.setattr(leafing, "page_picture", picture)
    fresh = judge(scanned(["Lost", "The ship is the Albatross"]), "", FIELD, LIMITS)
    said = await ask(engine, "What is the ship?", fresh)
    assert "I cannot draw page 1" in said
    assert "Albatross" in said


@pytest.mark.parametrize(
    ("question", "says", "hides"),
    [
        ("Describe this video.", ["9 seconds", "red circle", "blue square", "THE END", "00:00", "frames at"], []),
        ("What happens at 00:04?", ["blue square", "frame at 00:04"], ["red circle", "THE END"]),
        ("What text appears in the video?", ["THE END"], ["none"]),
        ("When does the blue square appear?", ["from 00:03 to 00:05"], []),
        ("When do the words 'THE END' appear?", ["00:06"], ["00:02 to"]),
        ("How long is the clip?", ["9 seconds (00:09)", "10 frames a second"], []),
        ("Is there a circle in the video?", ["Yes", "00:00"], []),
        ("Transcribe the audio.", ["has a sound track", "cannot transcribe"], []),
        ("What is shown at 01:30?", ["ends at 00:09"], []),
    ],
)
async def test_videos(engine: BuiltinEngine, question: str, says: list[str], hides: list[str]) -> None:
    said = await ask(engine, question, film())
    assert [part for part in says if part not in said] == [], said
    assert [part for part in hides if part in said] == [], said


async def test_sound_is_not_heard(engine: BuiltinEngine) -> None:
    said = await ask(engine, "What is said here?", judge(wav(2.5), "", FIELD, LIMITS))
    assert "cannot transcribe" in said
    assert "WAV file of 2.5 seconds" in said


async def test_several_works_are_answered_one_by_one(engine: BuiltinEngine) -> None:
    said = await ask(engine, "Read it.", paper(), judge(pdf([CONTACT]), "", FIELD, LIMITS, name="b.pdf"))
    assert said.startswith("A document of 3 pages: INVOICE")
    assert "b.pdf: Contact" in said


async def test_thoughts_name_the_works(engine: BuiltinEngine) -> None:
    prompt = Prompt("builtin", (Turn("user", (paper(), film(), Part(text="Describe."))),))
    thoughts = [event.text async for event in engine.stream(prompt) if isinstance(event, Thought)]
    assert "a document of 3 pages and a video of 9 seconds" in thoughts[0]


@pytest.mark.parametrize("count", range(1, 20))
def test_coarse_to_fine_takes_each_once(count: int) -> None:
    assert sorted(coarse_to_fine(count)) == list(range(count))


def test_spread_and_marks() -> None:
    assert spread([0.0, 1, 2, 3, 4, 5, 6, 7, 8], 3) == [0, 4, 8]
    assert marks([0.0, 59.5, 60.0]) == ["00:00", "00:59", "01:00"]
    assert marks([1.0, 1.5]) == ["00:01.0", "00:01.5"]
