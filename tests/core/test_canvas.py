"""What pictures a request gets: sizes and tokens of both tables, modalities, thoughts, signatures, search."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pollux.core.admit import Caller
from pollux.core.canvas import MOST_PICTURES, SIZES, TOKENS
from pollux.core.deadline import Deadline
from pollux.core.run import Finish
from pollux.core.signatures import Signer
from pollux.engines.base import Picture, Prompt, Text, Thought
from pollux.engines.scripted import ScriptedEngine
from pollux.engines.wishes import Source
from pollux.errors import InvalidArgument, NotFound
from pollux.media.provenance import png
from pollux.wire import lenient
from pollux.wire.content import Part
from pollux.wire.generate import CountTokensRequest, GenerateContentResponse
from tests.core.kit import HELLO, ask, make_core, playing, texts

FLASH, PRO = "gemini-2.5-flash-image", "gemini-3-pro-image-preview"
MODELS = {"flash": FLASH, "pro": PRO}
CELLS = [
    (f, s, r, *size)
    for f, sizes in SIZES.items()
    if f in MODELS
    for s, cells in sizes.items()
    for r, size in cells.items()
]


def painted(width: int, height: int, value: int = 0) -> NDArray[np.uint8]:
    return np.full((height, width, 3), value, np.uint8)


def painter() -> ScriptedEngine:
    """Says a word and makes one picture of the canvas's size, with one interim picture where welcome."""

    def script(prompt: Prompt) -> Any:
        canvas = prompt.canvas
        if canvas is None:
            yield Text("no picture")
            return
        yield Thought("a plan")
        if canvas.interim:
            yield Picture(painted(canvas.width, canvas.height, 9), thought=True)
        yield Text("Here it is. ")
        yield Picture(painted(canvas.width, canvas.height))
        yield Text("There it was.")

    return ScriptedEngine(script)


def parts(answer: GenerateContentResponse) -> Sequence[Part]:
    content = answer.candidates[0].content
    return content.parts if content is not None else ()


def sizes(answer: GenerateContentResponse, *, thought: bool = False) -> list[tuple[int, int]]:
    blobs = [part.inline_data for part in parts(answer) if part.inline_data is not None and part.thought == thought]
    return [(int.from_bytes(b.data[16:20], "big"), int.from_bytes(b.data[20:24], "big")) for b in blobs]


def with_pictures(*pictures: NDArray[np.uint8]) -> dict[str, Any]:
    given = [{"inlineData": {"mimeType": "image/png", "data": coded(one)}} for one in pictures]
    return {"contents": [{"parts": [{"text": "edit"}, *given]}]}


def coded(picture: NDArray[np.uint8]) -> str:
    return base64.b64encode(png.encode(picture)).decode()


@pytest.mark.parametrize(("family", "size", "ratio", "width", "height"), CELLS)
async def test_every_cell_of_the_tables(family: str, size: str, ratio: str, width: int, height: int) -> None:
    answer = await ask(painter(), model=MODELS[family], imageConfig={"aspectRatio": ratio, "imageSize": size})
    assert sizes(answer) == [(width, height)]
    usage = answer.usage_metadata
    assert usage is not None
    by_modality = {row.modality: row.token_count for row in usage.candidates_tokens_details}
    printed = {("flash", "1K"): 1290, ("pro", "1K"): 1210, ("pro", "2K"): 1210, ("pro", "4K"): 2000}
    assert by_modality["IMAGE"] == TOKENS[family][size] == printed[family, size]


def test_the_tables_are_those_of_the_guide() -> None:
    """Spot cells of each column, as printed."""
    assert len(CELLS) == 40
    assert SIZES["flash"]["1K"]["21:9"] == (1536, 672)
    assert SIZES["pro"]["1K"]["9:16"] == (768, 1376)
    assert SIZES["pro"]["2K"]["4:5"] == (1856, 2304)
    assert SIZES["pro"]["4K"]["2:3"] == (3392, 5056)
    assert SIZES["pro"]["4K"]["21:9"] == (6336, 2688)


@pytest.mark.parametrize(
    ("model", "config", "field"),
    [
        (PRO, {"imageConfig": {"imageSize": "1k"}}, "imageSize"),
        (PRO, {"imageConfig": {"imageSize": "8K"}}, "imageSize"),
        (FLASH, {"imageConfig": {"imageSize": "2K"}}, "imageSize"),
        (FLASH, {"imageConfig": {"aspectRatio": "7:5"}}, "aspectRatio"),
        ("gemini-2.5-flash", {"imageConfig": {"aspectRatio": "1:1"}}, "imageConfig"),
        ("gemini-2.5-flash", {"responseModalities": ["IMAGE"]}, "responseModalities"),
        (FLASH, {"responseMimeType": "application/json"}, "responseMimeType"),
    ],
)
async def test_what_no_table_has_is_refused(model: str, config: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument, match=field):
        await ask(painter(), model=model, **config)


async def test_an_engine_without_pictures_says_so() -> None:
    engine = ScriptedEngine(abilities=frozenset(("text",)))
    with pytest.raises(InvalidArgument, match="makes no pictures"):
        await ask(engine, model=FLASH)
    assert texts(await ask(engine, model=FLASH, responseModalities=["TEXT"])) == "hello"


async def test_modalities() -> None:
    both = await ask(painter(), model=FLASH)
    assert texts(both) == "Here it is. There it was."
    assert sizes(both) == [(1024, 1024)]
    alone = await ask(painter(), model=FLASH, responseModalities=["Image"])
    assert (texts(alone), sizes(alone)) == ("", [(1024, 1024)])
    words = await ask(painter(), model=FLASH, responseModalities=["text"])
    assert (texts(words), sizes(words)) == ("no picture", [])


async def test_image_only_without_a_picture_says_so() -> None:
    answer = await ask(playing(Text("I cannot.")), model=FLASH, responseModalities=["IMAGE"])
    assert (texts(answer), answer.candidates[0].finish_reason) == ("", "NO_IMAGE")


async def test_an_edit_keeps_its_size() -> None:
    body = with_pictures(painted(300, 200), painted(50, 60))
    assert sizes(await ask(painter(), body, model=FLASH)) == [(300, 200)]
    shaped = await ask(painter(), body, model=FLASH, imageConfig={"aspectRatio": "16:9"})
    assert sizes(shaped) == [(1344, 768)]
    large = await ask(painter(), body, model=PRO, imageConfig={"imageSize": "2K"})
    assert sizes(large) == [(2048, 2048)]
    usage = (await ask(painter(), with_pictures(painted(4000, 4000)), model=PRO)).usage_metadata
    assert usage is not None
    assert {row.modality: row.token_count for row in usage.candidates_tokens_details}["IMAGE"] == 2000


async def test_fourteen_pictures_and_no_sound() -> None:
    dot = painted(2, 2)
    assert sizes(await ask(painter(), with_pictures(*[dot] * MOST_PICTURES), model=PRO))
    with pytest.raises(InvalidArgument, match="at most 14 reference pictures"):
        await ask(painter(), with_pictures(*[dot] * (MOST_PICTURES + 1)), model=PRO)


async def test_thinking_shows_interim_pictures_and_then_the_final_one() -> None:
    answer = await ask(painter(), model=PRO)
    shown = [(part.thought, part.text, part.inline_data is not None) for part in parts(answer)]
    assert shown == [
        (True, "a plan", False),
        (True, None, True),
        (True, None, True),
        (False, "Here it is. ", False),
        (False, None, True),
        (False, "There it was.", False),
    ]
    pictures = [part.inline_data.data for part in parts(answer) if part.inline_data is not None]
    assert pictures[1] == pictures[2] != pictures[0]
    signed = [bool(part.thought_signature) for part in parts(answer)]
    assert signed == [False, False, False, True, True, False]


async def test_thinking_is_not_shown_where_it_is_declined_or_not_asked_for() -> None:
    declined = await ask(painter(), model=PRO, thinkingConfig={"includeThoughts": False})
    assert not any(part.thought for part in parts(declined))
    assert [bool(part.thought_signature) for part in parts(declined)] == [False, True, False]
    flash = await ask(painter(), model=FLASH)
    assert not any(part.thought or part.thought_signature for part in parts(flash))
    asked = await ask(painter(), model=FLASH, thinkingConfig={"includeThoughts": True})
    assert sum(part.thought for part in parts(asked)) == 3


def echoed(answer: GenerateContentResponse, change: Any) -> Mapping[str, Any]:
    """The answer sent back as a turn, its last picture's part changed."""
    back: list[dict[str, Any]] = []
    for part in parts(answer):
        one: dict[str, Any] = {"thought": part.thought}
        if part.inline_data is not None:
            one["inlineData"] = {"mimeType": "image/png", "data": base64.b64encode(part.inline_data.data).decode()}
        else:
            one["text"] = part.text
        if part.thought_signature:
            one["thoughtSignature"] = base64.b64encode(part.thought_signature).decode()
        back.append(one)
    change(next(one for one in reversed(back) if "inlineData" in one))
    turns = [*HELLO["contents"], {"role": "model", "parts": back}, {"role": "user", "parts": [{"text": "redder"}]}]
    return {"contents": turns}


def drop(part: dict[str, Any]) -> None:
    del part["thoughtSignature"]


def tamper(part: dict[str, Any]) -> None:
    signature = bytearray(base64.b64decode(part["thoughtSignature"]))
    signature[-1] ^= 1
    part["thoughtSignature"] = base64.b64encode(signature).decode()


def swap(part: dict[str, Any]) -> None:
    part["inlineData"]["data"] = coded(painted(8, 8, 77))


def foreign(part: dict[str, Any]) -> None:
    swap(part)
    part["thoughtSignature"] = base64.b64encode(b"another issuer's").decode()


@pytest.mark.parametrize(("change", "wrong"), [(drop, "is missing"), (tamper, "is damaged"), (swap, "is damaged")])
async def test_signatures_that_do_not_come_back_are_refused(change: Any, wrong: str) -> None:
    first = await ask(painter(), model=PRO)
    with pytest.raises(InvalidArgument, match=wrong):
        await ask(painter(), echoed(first, change), model=PRO)


async def test_another_installations_signatures_pass() -> None:
    theirs = Signer(lambda: b"another key of 32 bytes, or fewer")

    def sign(part: dict[str, Any]) -> None:
        swap(part)
        part["thoughtSignature"] = base64.b64encode(theirs.sign("x")).decode()

    def claim(part: dict[str, Any]) -> None:
        part["thoughtSignature"] = base64.b64encode(theirs.sign("x")).decode()

    first = await ask(painter(), model=PRO)
    assert sizes(await ask(painter(), echoed(first, sign), model=PRO)) == [(8, 8)]
    with pytest.raises(InvalidArgument, match="is damaged"):
        await ask(painter(), echoed(first, claim), model=PRO)


async def test_signatures_that_come_back_and_those_of_others_pass() -> None:
    first = await ask(painter(), model=PRO)
    engine = painter()
    assert sizes(await ask(engine, echoed(first, lambda _: None), model=PRO)) == [(1024, 1024)]
    pieces = engine.prompts[0].turns[1].pieces
    assert len(pieces) == 3, "thoughts are no part of the conversation"
    assert sizes(await ask(painter(), echoed(first, foreign), model=PRO)) == [(8, 8)]


async def test_signatures_are_checked_off_the_loop() -> None:
    """The key may have to be read from a database that is locked for seconds."""
    threads: list[str] = []

    def key() -> bytes:
        threads.append(threading.current_thread().name)
        return b"0123456789abcdef"

    back = echoed(await ask(painter(), model=PRO), lambda _: None)
    core = make_core(painter())
    core.finish = Finish(Signer(key), core.finish.encode)
    await core.count(lenient.convert(CountTokensRequest, back), PRO, Caller(), Deadline.after(10))
    assert threads
    assert threading.main_thread().name not in threads


class Found:
    """A search that knows five things."""

    def __init__(self) -> None:
        self.queries: list[str] = []

    async def find(self, query: str, most: int) -> Sequence[Source]:
        self.queries.append(query)
        return [Source(f"https://example.org/{n}", f"<{n}>", "text") for n in range(most)]

    async def close(self) -> None: ...


async def test_search_gives_sources_and_grounding() -> None:
    engine, search = painter(), Found()
    body = {**HELLO, "tools": [{"google_search": {}}]}
    answer = await ask(make_core(engine, search=search), body, model=PRO)
    metadata = answer.candidates[0].grounding_metadata
    assert metadata is not None
    assert [chunk["web"]["uri"][-1] for chunk in metadata["groundingChunks"]] == ["0", "1", "2"]
    assert "&lt;0&gt;" in metadata["searchEntryPoint"]["renderedContent"]
    assert search.queries == metadata["webSearchQueries"] == ["hello"]
    assert len(engine.prompts[0].sources) == 3


async def test_without_a_search_no_source_is_invented() -> None:
    answer = await ask(painter(), {**HELLO, "tools": [{"googleSearch": {}}]}, model=PRO)
    metadata = answer.candidates[0].grounding_metadata
    assert metadata is not None
    assert "groundingChunks" not in metadata
    assert "No search is configured" in metadata["searchEntryPoint"]["renderedContent"]


async def test_image_only_with_search_gives_no_picture() -> None:
    body = {**HELLO, "tools": [{"googleSearch": {}}]}
    answer = await ask(painter(), body, model=PRO, responseModalities=["IMAGE"])
    assert (parts(answer), answer.candidates[0].finish_reason) == ((), "NO_IMAGE")


async def test_a_model_that_writes_no_words_answers_with_pictures_alone() -> None:
    mute = ScriptedEngine(lambda _: [Picture(painted(1024, 1024))], abilities=frozenset({"image_in", "image_out"}))
    core = make_core(mute)
    answer = await ask(core, HELLO, model=FLASH)
    assert sizes(answer) == [(1024, 1024)]
    with pytest.raises(InvalidArgument, match=r"responseModalities: .*makes pictures alone; ask for IMAGE"):
        await ask(core, {**HELLO, "generationConfig": {"responseModalities": ["TEXT"]}}, model=FLASH)
    with pytest.raises(NotFound, match="not supported for generateContent"):
        await ask(core, HELLO, model="gemini-2.5-flash")


async def test_a_model_of_ones_own_that_writes_too_draws_when_it_is_asked_to() -> None:
    core = make_core(painter(), routes={"mine": "scripted"})
    assert texts(await ask(core, HELLO, model="mine")) == "no picture"
    assert sizes(await ask(core, HELLO, model="mine", responseModalities=["IMAGE"])) == [(1024, 1024)]
    wide = await ask(core, HELLO, model="mine", imageConfig={"aspectRatio": "16:9"})
    assert (sizes(wide), sizes(wide, thought=True)) == ([(1344, 768)], [])
