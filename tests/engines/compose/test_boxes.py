from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from pollux.engines.base import Event, Stop, Text, Thought, Turn, Usage
from pollux.engines.compose import labels
from pollux.errors import Internal, InvalidArgument
from pollux.wire.content import Part
from tests.engines.compose.kit import CHAT, DETECT, SEGMENT, Red, composed, media, opened, prompt, run, said

LABELS = '{"labels": ["red box"]}'
FOUND = [{"box_2d": [200, 200, 700, 600], "label": "red box"}, {"box_2d": [0, 0, 100, 50], "label": "red box"}]
INTEGERS = {"type": "array", "items": {"type": "integer"}}


def question_of(main: Any) -> str:
    return "\n".join(piece.text or "" for piece in main.prompts[-1].turns[-1].pieces if isinstance(piece, Part))


def test_the_model_names_and_the_finder_places() -> None:
    red = Red()
    engine, main = composed(LABELS, boxes=red)
    assert "boxes" in engine.cards()[0].abilities
    assert json.loads(said(run(engine, prompt(DETECT)))) == FOUND
    assert red.labels == [["red box"]]
    assert "Detect the all of the prominent items" in question_of(main)
    assert "box_2d" not in question_of(main)
    assert main.prompts[0].schema["required"] == ["labels"]  # type: ignore[index]


def test_masks_come_with_it() -> None:
    red = Red()
    engine, _ = composed(LABELS, boxes=red, masks=red)
    items = json.loads(said(run(engine, prompt(SEGMENT))))
    assert [list(item) for item in items] == [["box_2d", "mask", "label"]] * 2
    assert [opened(item["mask"]).shape for item in items] == [(50, 80), (10, 10)]
    assert [int(opened(item["mask"]).min()) for item in items] == [255, 0]


def test_several_pictures() -> None:
    red = Red()
    engine, main = composed(LABELS, boxes=red, masks=red)
    items = json.loads(said(run(engine, prompt(SEGMENT, media(), media((300, 200))))))
    assert [(item["label"], item["image"]) for item in items] == [("red box", n) for n in (1, 1, 2, 2)]
    assert red.shapes == [(100, 200, 3)] * 2 + [(200, 300, 3)] * 2
    assert items[2]["box_2d"] == [100, 134, 350, 400]
    assert len(main.prompts) == 1
    schema = {"type": "array", "items": {"type": "object", "properties": {"box_2d": INTEGERS}}}
    engine, main = composed(LABELS, boxes=red)
    with pytest.raises(InvalidArgument, match="which of several pictures"):
        run(engine, prompt(DETECT, media(), media(), schema=schema))
    assert not main.prompts


def test_a_model_that_places_itself_is_let() -> None:
    red = Red()
    engine, main = composed("[]", abilities=CHAT | {"boxes"}, boxes=red)
    asked = prompt(DETECT)
    run(engine, asked)
    assert main.prompts == [asked]
    assert not red.labels


def test_a_model_without_schemas_is_asked_in_words() -> None:
    red = Red()
    engine, main = composed('Sure!\n```json\n["red box"]\n```', abilities=CHAT - {"schema"}, boxes=red)
    assert json.loads(said(run(engine, prompt(DETECT)))) == FOUND
    assert main.prompts[0].schema is None
    assert '{"labels": ["...", "..."]}' in question_of(main)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"labels": ["Cat", " a  dog. ", "cat"]}', ["cat", "a dog"]),
        ('["cat"] and more', ["cat"]),
        ('{"objects": [{"label": "cat"}]}', ["cat"]),
        ('{"labels": []}', []),
        ('{"labels": [1, 2]}', None),
        ("I cannot see.", None),
        ("[" * 5000, None),
        (json.dumps({"labels": ["x" * 500, *map(str, range(500))]}), ["x" * 80, *map(str, range(49))]),
    ],
)
def test_reading_labels(text: str, read: Any) -> None:
    assert labels.read(text, ()) == read


def test_only_allowed_labels() -> None:
    assert labels.read('["RED BOX", "cat"]', ["Red Box", "Blue Box"]) == ["Red Box"]


def test_nothing_there() -> None:
    for text in ('{"labels": []}', '{"labels": ["unicorn"]}'):
        engine, _ = composed(text, boxes=Red())
        assert said(run(engine, prompt(DETECT))) == "[]"


def test_a_model_that_answers_something_else() -> None:
    engine, _ = composed("I cannot help with that.", boxes=Red())
    assert said(run(engine, prompt(DETECT))) == "I cannot help with that."
    schema = {"type": "array", "items": {"type": "object", "properties": {"box_2d": INTEGERS}}}
    engine, _ = composed("I cannot help with that.", boxes=Red())
    with pytest.raises(Internal, match="did not say which things"):
        run(engine, prompt(DETECT, schema=schema))
    engine, _ = composed([Stop("SAFETY")], boxes=Red())
    assert run(engine, prompt(DETECT)) == [Stop("SAFETY")]


def test_a_model_without_words() -> None:
    engine, main = composed("", abilities=frozenset({"image_in", "image_out"}), boxes=Red())
    with pytest.raises(InvalidArgument, match=r"^contents: models/qwen reads no words"):
        run(engine, prompt(DETECT))
    assert not main.prompts


def test_the_callers_own_names() -> None:
    item = {
        "type": "object",
        "properties": {
            "objectName": {"type": "string", "enum": ["Red Box", "Blue Box"]},
            "bounding_box": INTEGERS,
            "confidence": {"type": "number"},
            "note": {"type": "string"},
        },
        "required": ["objectName", "bounding_box", "confidence"],
    }
    schema = {
        "type": "object",
        "$defs": {"Item": item},
        "properties": {
            "detections": {"type": "array", "items": {"$ref": "#/$defs/Item"}, "maxItems": 1},
            "comment": {"type": "string"},
        },
        "required": ["detections"],
    }
    red = Red()
    engine, main = composed('{"labels": ["red box", "Green Box"]}', boxes=red)
    whole = json.loads(said(run(engine, prompt("What is here?", schema=schema))))
    # The stand-in knows "red box" alone, and gets the caller's spelling of it.
    assert red.labels == [["Red Box"]]
    assert whole == {"detections": []}
    assert main.prompts[0].schema["properties"]["labels"]["items"]["enum"] == ["Red Box", "Blue Box"]  # type: ignore[index]


def test_score_and_most() -> None:
    item = {"type": "object", "properties": {"name": {"type": "string"}, "box": INTEGERS, "score": {"type": "number"}}}
    schema = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "array"}}}}}
    schema["properties"]["a"]["properties"]["b"] |= {"items": item, "maxItems": 1}  # type: ignore[index]
    engine, _ = composed(LABELS, boxes=Red())
    whole = json.loads(said(run(engine, prompt("What is here?", schema=schema))))
    assert whole == {"a": {"b": [{"box": [200, 200, 700, 600], "name": "red box", "score": 0.9}]}}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"box_2d": INTEGERS, "label": {"type": "string"}}},
        {
            "type": "array",
            "items": {"type": "object", "properties": {"box_2d": INTEGERS, "price": {}}, "required": ["price"]},
        },
        {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": {"type": "object", "properties": {"box_2d": INTEGERS}}},
                "total": {"type": "integer"},
            },
            "required": ["items", "total"],
        },
    ],
)  # fmt: skip
def test_a_schema_that_a_finder_cannot_fill(schema: Any) -> None:
    engine, main = composed(LABELS, boxes=Red())
    with pytest.raises(
        InvalidArgument, match=r"^generationConfig\.responseSchema: boxes come from a detector"
    ) as caught:
        run(engine, prompt("What is here?", schema=schema))
    assert caught.value.field == "generationConfig.responseSchema"
    assert not main.prompts


def test_thoughts_and_usage_pass() -> None:
    steps: list[Event] = [Thought("hm"), Text(LABELS[:5]), Text(LABELS[5:]), Usage(9, 4, 1), Stop("STOP")]
    engine, _ = composed(steps, boxes=Red())
    events = run(engine, prompt(DETECT))
    assert [type(event).__name__ for event in events] == ["Thought", "Text", "Usage", "Stop"]
    assert events[2] == Usage(9, 4, 1)


def test_the_conversation_goes_along() -> None:
    turns = (
        Turn("user", (Part(text="This is my box_2d shop."), media())),
        Turn("model", (Part(text="Nice."),)),
        Turn("user", (Part(text="Give bounding boxes of what we sell."),)),
    )
    engine, main = composed(LABELS, boxes=Red())
    assert json.loads(said(run(engine, prompt(turns=turns, system="Be brief.")))) == FOUND
    given = main.prompts[0]
    assert [turn.role for turn in given.turns] == ["user", "model", "user"]
    assert given.turns[0].pieces[0] == Part(text="This is my box shop.")
    assert "Be brief.\nGive bounding boxes of what we sell." in question_of(main)


def test_closing_stops_the_finder() -> None:
    red = Red(wait=threading.Event())
    engine, _ = composed([Thought("a"), Text(LABELS)], boxes=red)

    async def leave() -> None:
        events = engine.stream(prompt(DETECT))
        await anext(events)
        task = asyncio.ensure_future(anext(events))
        await asyncio.to_thread(red.began.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(red.stopped.wait, 10)
        await engine.close()

    asyncio.run(leave())
