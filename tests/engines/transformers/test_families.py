"""Every family, on a tiny random checkpoint of real classes: what transformers' own generate says is what comes out."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from blake3 import blake3
from PIL import Image

from pollux.engines.base import Call, Event, Prompt, Stop, Text, Turn, Usage
from pollux.engines.transformers.engine import TransformersEngine
from pollux.engines.transformers.options import Options
from pollux.engines.transformers.processors import load_processor
from pollux.media.handle import Media
from pollux.wire.content import FunctionCallingConfig, FunctionDeclaration, Part, Schema, Tool, ToolConfig
from pollux.wire.generate import GenerationConfig
from tests.engines.checkpoints import SEEING, TALKING

torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
transformers = pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")

Checkpoint = Callable[[str], Path]
Piece = str | Image.Image
LENGTH = 24
PICTURES_FIRST = ("llava", "paligemma")
"""Families that were trained so, and whose templates (or the lack of one) put pictures before the words."""


@pytest.fixture
async def engine(request: pytest.FixtureRequest, checkpoint: Checkpoint) -> AsyncIterator[TransformersEngine]:
    """The engine of the family that the test is for (parameter `family`)."""
    folder = str(checkpoint(request.getfixturevalue("family")))
    made = TransformersEngine(Options(folder, device="cpu", batch=8, dialect="none"))
    yield made
    await made.close()


def noise(seed: int, width: int = 61, height: int = 47) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def media(image: Image.Image) -> Media:
    file = io.BytesIO()
    image.save(file, "PNG")
    data = file.getvalue()
    return Media("image", "image/png", data, blake3(data).hexdigest(), width=image.width, height=image.height)


def prompt(*pieces: Piece, schema: dict[str, Any] | None = None, **config: Any) -> Prompt:
    parts = tuple(Part(text=piece) if isinstance(piece, str) else media(piece) for piece in pieces)
    mime = "application/json" if schema else ""
    settings: dict[str, Any] = {"max_output_tokens": LENGTH, "temperature": 0.0, "response_mime_type": mime} | config
    return Prompt("m", (Turn("user", parts),), config=GenerationConfig(**settings), schema=schema, seed=1)


async def events(engine: TransformersEngine, asked: Prompt) -> list[Event]:
    return [event async for event in engine.stream(asked)]


async def text(engine: TransformersEngine, asked: Prompt) -> str:
    return "".join(event.text for event in await events(engine, asked) if isinstance(event, Text))


class Oracle:
    """transformers alone: the processor's chat template, then generate."""

    def __init__(self, folder: Path) -> None:
        self.processor = load_processor(str(folder))
        self.tokenizer = getattr(self.processor, "tokenizer", self.processor)
        sees = self.processor is not self.tokenizer
        kind = transformers.AutoModelForImageTextToText if sees else transformers.AutoModelForCausalLM
        self._model = kind.from_pretrained(folder).eval()

    def pixels(self, image: Image.Image) -> Any:
        return self.processor.image_processor(images=[image], return_tensors="pt")["pixel_values"]

    def inputs(self, *pieces: Piece) -> Any:
        if self.processor is self.tokenizer or self.processor.chat_template:
            content: Any = [
                {"type": "text", "text": one} if isinstance(one, str) else {"type": "image", "image": one}
                for one in pieces
            ]
            if all(isinstance(one, str) for one in pieces):
                content = pieces[0]
            return self.processor.apply_chat_template(
                [{"role": "user", "content": content}],
                tokenize=True,
                return_dict=True,
                return_tensors="pt",
                add_generation_prompt=True,
            )
        images = [one for one in pieces if not isinstance(one, str)]
        said = "\n".join(one for one in pieces if isinstance(one, str))
        return self.processor(text=["<image>" * len(images) + said], images=[images], return_tensors="pt")

    def says(self, *pieces: Piece) -> str:
        given = {name: value for name, value in self.inputs(*pieces).items() if name != "labels"}
        with torch.no_grad():
            out = self._model.generate(**given, max_new_tokens=LENGTH, do_sample=False)
        new = out[0, given["input_ids"].shape[1] :].tolist()
        found: str = self.tokenizer.decode(new, skip_special_tokens=True).rstrip("\ufffd")
        return found


@contextmanager
def watched(*kinds: type) -> Iterator[list[Any]]:
    """What goes into every module of these kinds, meanwhile."""
    seen: list[Any] = []

    def look(module: Any, given: tuple[Any, ...]) -> None:
        if isinstance(module, kinds):
            seen.append(given[0].detach().clone())

    handle = torch.nn.modules.module.register_module_forward_pre_hook(look)
    try:
        yield seen
    finally:
        handle.remove()


@pytest.mark.parametrize("family", SEEING)
async def test_an_answer_about_a_picture_is_that_of_generate(
    engine: TransformersEngine, checkpoint: Checkpoint, family: str
) -> None:
    oracle = Oracle(checkpoint(family))
    answers = set()
    for seed in range(3):
        pieces = ("the red ", noise(seed), " a blue circle")
        got = await events(engine, prompt(*pieces))
        whole = "".join(event.text for event in got if isinstance(event, Text))
        assert whole.rstrip("\ufffd") == oracle.says(*pieces)
        assert isinstance(got[-1], Stop)
        answers.add(whole)
    assert len(answers) > 1  # the picture matters


@pytest.mark.parametrize("family", SEEING)
async def test_the_pixels_arrive_and_the_words_around_them_in_order(
    engine: TransformersEngine, checkpoint: Checkpoint, family: str
) -> None:
    oracle, one, other = Oracle(checkpoint(family)), noise(1), noise(2, 40, 90)
    with watched(torch.nn.Conv2d, torch.nn.Conv3d) as pixels, watched(torch.nn.Embedding) as tokens:
        got = await events(engine, prompt("zebra", one, "walrus", other, "lion"))
    expected = torch.cat([oracle.pixels(image).flatten() for image in (one, other)])
    arrived = torch.cat([batch.flatten() for batch in pixels])
    torch.testing.assert_close(arrived.sort().values, expected.sort().values)
    prompts = [ids for ids in tokens if ids.dtype == torch.long and ids.shape[-1] > 10 and ids.ndim == 2]
    said = max((oracle.tokenizer.decode(ids[0]) for ids in prompts), key=len)
    marks = ["zebra", "walrus", "lion"]
    places = [said.index(word) for word in marks]
    assert places == sorted(places)
    between = [said[places[0] : places[1]], said[places[1] : places[2]]]
    image = oracle.tokenizer.convert_ids_to_tokens(image_token(oracle))
    assert all((image in part) != (family in PICTURES_FIRST) for part in between)
    usage = next(event for event in got if isinstance(event, Usage))
    assert usage.prompt_tokens == oracle.inputs("zebra", one, "walrus", other, "lion")["input_ids"].shape[1]


def image_token(oracle: Oracle) -> int:
    processor = oracle.processor
    return int(processor.tokenizer.image_token_id if "Gemma3" in type(processor).__name__ else processor.image_token_id)


@pytest.mark.parametrize("family", SEEING)
async def test_the_order_of_two_pictures_matters(
    engine: TransformersEngine, checkpoint: Checkpoint, family: str
) -> None:
    oracle, differ, seed = Oracle(checkpoint(family)), False, 3
    while not differ and seed < 8:
        one, other = noise(seed), noise(seed + 10)
        so, turned = ("first", one, "then", other), ("first", other, "then", one)
        for pieces in (so, turned):
            assert (await text(engine, prompt(*pieces))).rstrip("\ufffd") == oracle.says(*pieces)
        differ, seed = oracle.says(*so) != oracle.says(*turned), seed + 1
    assert differ


@pytest.mark.parametrize("family", TALKING)
async def test_words_alone_are_answered_as_generate_does(
    engine: TransformersEngine, checkpoint: Checkpoint, family: str
) -> None:
    oracle = Oracle(checkpoint(family))
    for said in ("What is in this picture?", "größer 日本 🎉", "x"):
        assert (await text(engine, prompt(said))).rstrip("\ufffd") == oracle.says(said)


SCHEMA: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "maxItems": 2,
    "items": {
        "type": "object",
        "properties": {
            "label": {"type": "string", "enum": ["cat", "größer", "日本"]},
            "box_2d": {
                "type": "array",
                "items": {"type": "integer", "minimum": 0, "maximum": 1000},
                "minItems": 4,
                "maxItems": 4,
            },
            "sure": {"type": "boolean"},
        },
        "required": ["label", "box_2d"],
        "propertyOrdering": ["box_2d", "label", "sure"],
    },
}


@pytest.mark.parametrize("family", [*SEEING, *TALKING])
async def test_an_answer_by_schema_is_valid(engine: TransformersEngine, family: str) -> None:
    picture = [noise(5)] if family in SEEING else []
    for temperature in (0.0, 1.0, 2.0):
        asked = prompt(*picture, "boxes", schema=SCHEMA, max_output_tokens=700, temperature=temperature)
        got = await events(engine, asked)
        assert got[-1] == Stop("STOP")
        found = json.loads("".join(event.text for event in got if isinstance(event, Text)))
        jsonschema.validate(found, SCHEMA)
        assert all(list(one)[:2] == ["box_2d", "label"] for one in found)


@pytest.mark.parametrize("family", ["qwen3"])
async def test_a_cut_answer_says_so(engine: TransformersEngine, family: str) -> None:
    many = {"type": "array", "items": {"type": "integer"}, "minItems": 50}
    got = await events(engine, prompt(family, schema=many))
    assert got[-1] == Stop("MAX_TOKENS")


@pytest.mark.parametrize("family", [*SEEING, *TALKING])
async def test_who_must_call_calls(engine: TransformersEngine, family: str) -> None:
    parameters = Schema(type="OBJECT", properties={"n": Schema(type="INTEGER")}, required=("n",))
    names = ("red", "green", "blue")
    tool = Tool(function_declarations=tuple(FunctionDeclaration(name=name, parameters=parameters) for name in names))
    calling = FunctionCallingConfig(mode="ANY", allowed_function_names=names[::2])
    told: dict[str, Any] = {"tools": (tool,), "tool_config": ToolConfig(function_calling_config=calling)}
    picture = [noise(5)] if family in SEEING else []
    for seed in range(3):
        asked = prompt(*picture, "which?", max_output_tokens=200, temperature=1.5)
        *_, call, end = await events(engine, replace(asked, **told, seed=seed))
        assert isinstance(call, Call)
        assert call.name in ("red", "blue")
        assert isinstance(call.args["n"], int)
        assert end == Stop("STOP")


@pytest.mark.parametrize("family", ["gemma3", "qwen3"])
async def test_a_value_of_an_enum_comes_as_it_is(engine: TransformersEngine, family: str) -> None:
    values = ["1", '"quoted"', " größer", "日本", "null"]
    told = {"response_mime_type": "text/x.enum", "temperature": 2.0}
    asked = [
        replace(prompt(family, schema={"type": "string", "enum": values}, **told), seed=seed) for seed in range(24)
    ]
    found = await asyncio.gather(*(text(engine, one) for one in asked))
    assert set(found) <= set(values)
    assert len(set(found)) >= 3


@pytest.mark.parametrize("family", [*SEEING, *TALKING])
async def test_together_they_are_answered_as_each_alone(engine: TransformersEngine, family: str) -> None:
    sees = family in SEEING
    asked = [
        prompt(
            *([noise(seed, 40 + 9 * seed, 50)] if sees else []), "the cat " * (1 + 3 * seed), max_output_tokens=9 + seed
        )
        for seed in range(6)
    ]
    alone = [await text(engine, one) for one in asked]
    assert len(set(alone)) > 3
    assert await asyncio.gather(*(text(engine, one) for one in asked)) == alone
