from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import numpy as np
import pytest

from pollux.engines.base import Call, Event, Logprobs, LogToken, Stop, Text, Thought, Turn, Usage
from pollux.engines.scripted import Step, Wait
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.wire.content import Part
from tests.engines.compose.kit import SEGMENT, SIZE, Red, composed, media, opened, prompt, run, said

ITEM = '{"box_2d": [200, 200, 700, 600], "label": "red box"}'
BOX = [200, 200, 700, 600]


def asked_of(main: Any) -> str:
    return "\n".join(
        piece.text or "" for turn in main.prompts[-1].turns for piece in turn.pieces if isinstance(piece, Part)
    )


def test_a_list_gets_masks() -> None:
    red = Red()
    engine, main = composed(f"```json\n[{ITEM}]\n```", masks=red)
    items = json.loads(said(run(engine, prompt())))
    assert [list(item) for item in items] == [["box_2d", "mask", "label"]]
    assert items[0]["box_2d"] == BOX
    mask = opened(items[0]["mask"])
    assert mask.shape == (50, 80)
    assert (mask == 255).all()
    assert red.boxes == [(40, 20, 120, 70)]
    assert red.shapes == [(100, 200, 3)]
    assert '"mask"' not in asked_of(main)
    assert "segmentation" not in asked_of(main).lower()
    assert '"box_2d"' in asked_of(main)
    assert "wooden and glass items" in asked_of(main)


def test_a_mask_is_laid_over_its_box() -> None:
    """A box larger than the thing: the mask has the thing's place in it, at the box's size."""
    engine, _ = composed('[{"box_2d": [0, 0, 1000, 1000], "label": "all"}]', masks=Red())
    mask = opened(json.loads(said(run(engine, prompt())))[0]["mask"])
    assert mask.shape == (100, 200)
    truth = np.zeros((100, 200), bool)
    truth[20:70, 40:120] = True
    assert ((mask > 127) == truth).all()


def test_a_large_box_keeps_its_proportions() -> None:
    engine, _ = composed('[{"box_2d": [0, 0, 1000, 500], "label": "left"}]', masks=Red())
    asked = prompt(SEGMENT, media((3000, 2000)))
    assert opened(json.loads(said(run(engine, asked)))[0]["mask"]).shape == (256, 192)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            f"Here they are:\n```json\n[{ITEM}]\n```\nAnything else?",
            "Here they are:\n```json\n[",
            "```\nAnything else?",
        ),
        (f"I see one: [{ITEM}] [sic].", "I see one: [", "] [sic]."),
    ],
)
def test_words_around_the_list_stay(text: str, start: str, end: str) -> None:
    engine, _ = composed(text, masks=Red())
    out = said(run(engine, prompt()))
    assert out.startswith(start)
    assert out.endswith(end)
    assert out.count("data:image/png;base64,") == 1


@pytest.mark.parametrize(
    "text", ["[]", "There is no glass in this picture.", "```json\n[]\n```", '{"box_2d": [1, 2]', "[1"]
)
def test_nothing_is_invented(text: str) -> None:
    red = Red()
    engine, _ = composed(text, masks=red)
    out = said(run(engine, prompt()))
    assert not red.boxes
    assert out == ("[]" if "[]" in text else text)


def test_broken_json_is_read_as_far_as_it_goes() -> None:
    text = '```json\n[{"box_2d": [200, 200, 700, 600], "label": "red box"}, {"box_2d": [1, 2, 3'
    engine, _ = composed(text, masks=Red())
    items = json.loads(said(run(engine, prompt())))
    assert [item["label"] for item in items] == ["red box"]
    assert opened(items[0]["mask"]).shape == (50, 80)


def test_a_mask_the_model_made_up_is_replaced() -> None:
    engine, _ = composed(
        '[{"box_2d": [200, 200, 700, 600], "mask": "data:image/png;base64,AAAA", "label": "x"}]', masks=Red()
    )
    assert opened(json.loads(said(run(engine, prompt())))[0]["mask"]).shape == (50, 80)


def test_boxes_no_picture_has() -> None:
    boxes = [[-50, -50, 2000, 3000], [700, 600, 200, 200], [500, 500, 500, 900], [0, 0, 1, 1], [990, 990, 1000, 1000]]
    strange: list[Any] = [[1, 2, 3], ["a", 1, 2, 3], [1e30, 0, 1, 1], [True, 0, 9, 9], None]
    text = json.dumps([{"box_2d": box, "label": "x"} for box in [*boxes, *strange]])
    red = Red()
    engine, _ = composed(text, masks=red)
    items = json.loads(said(run(engine, prompt())))
    masks = [opened(item["mask"]) if "mask" in item else None for item in items]
    shapes = [mask.shape if mask is not None else None for mask in masks]
    assert shapes == [(100, 200), (50, 80), (1, 1), (1, 1), (1, 2), *[None] * 5]
    assert masks[2] is not None
    assert masks[2].max() == 0
    assert all(0 <= x0 < x1 <= SIZE[0] and 0 <= y0 < y1 <= SIZE[1] for x0, y0, x1, y1 in red.boxes)


def test_five_thousand_boxes() -> None:
    text = json.dumps(
        [{"box_2d": [n % 900, n % 800, n % 900 + 50, n % 800 + 40], "label": str(n)} for n in range(5000)]
    )
    engine, _ = composed(text, masks=Red())
    items = json.loads(said(run(engine, prompt())))
    assert len(items) == 5000
    assert opened(items[4999]["mask"]).shape == (5, 8)


def item_schema(**names: Any) -> dict[str, Any]:
    properties = {"box_2d": {"type": "array", "items": {"type": "integer"}}, "mask": {"type": "string"}}
    properties |= {"label": {"type": "string"}, **names}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "propertyOrdering": list(properties),
    }


def test_a_schema_has_no_mask_for_the_model() -> None:
    schema = {"type": "array", "items": item_schema(colour={"type": "string"})}
    text = '[{"box_2d": [200, 200, 700, 600], "label": "box", "colour": "red"}]'
    engine, main = composed(text, masks=Red())
    items = json.loads(said(run(engine, prompt("What is here?", schema=schema))))
    assert opened(items[0]["mask"]).shape == (50, 80)
    given = main.prompts[0].schema["items"]  # type: ignore[index]
    assert list(given["properties"]) == given["required"] == given["propertyOrdering"] == ["box_2d", "label", "colour"]
    assert "mask" in schema["items"]["properties"]  # type: ignore[index]


def test_a_nested_schema_in_the_callers_words() -> None:
    thing = {
        "type": "object",
        "properties": {
            "boundingBox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            "segmentation_mask": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "name": {"type": "string"},
        },
        "required": ["boundingBox", "segmentation_mask", "name"],
    }
    things = {"type": "array", "items": {"$ref": "#/$defs/Thing"}}
    schema = {
        "type": "object",
        "$defs": {"Thing": thing},
        "properties": {"scene": {"type": "object", "properties": {"things": things}}},
        "required": ["scene"],
    }
    text = '{"scene": {"things": [{"box_2d": [200, 200, 700, 600], "name": "red box"}]}}'
    engine, main = composed(text, masks=Red())
    whole = json.loads(said(run(engine, prompt("What is here?", schema=schema))))
    (found,) = whole["scene"]["things"]
    assert list(found) == ["boundingBox", "segmentation_mask", "name"]
    assert opened(found["segmentation_mask"]).shape == (50, 80)
    given = main.prompts[0].schema["$defs"]["Thing"]  # type: ignore[index]
    assert list(given["properties"]) == given["required"] == ["box_2d", "name"]


def test_what_goes_out_and_when() -> None:
    steps: list[Event] = [
        Thought("hm"), Text(f"[{ITEM}"), Logprobs((LogToken("[", -1.0),)), Call("f", {}), Usage(7, 5, 2), Text("]"),
        Stop("STOP", "fine"),
    ]  # fmt: skip
    engine, _ = composed(steps, masks=Red())
    events = run(engine, prompt())
    assert [type(event).__name__ for event in events] == ["Thought", "Call", "Text", "Usage", "Stop"]
    assert events[-2:] == [Usage(7, 5, 2), Stop("STOP", "fine")]


def test_a_refusal_stays_one() -> None:
    engine, _ = composed([Stop("SAFETY", "no")], masks=Red())
    assert run(engine, prompt()) == [Stop("SAFETY", "no")]


def test_other_questions_pass_as_they_are() -> None:
    red = Red()
    for text in ("What is this?", "How many people wear masks?", "What does a segmentation mask show?", "Give box_2d."):
        engine, main = composed("words", masks=red)
        asked = prompt(text)
        assert run(engine, asked) == [Text("words")]
        assert main.prompts == [asked]
    assert not red.boxes


def test_which_picture() -> None:
    """The last turn that has one decides; of several nobody knows."""
    first, second = media((300, 300)), media()
    turns = (
        Turn("user", (Part(text="Look at this."), first)),
        Turn("model", (Part(text="Yes."),)),
        Turn("user", (Part(text="And this."), second)),
        Turn("model", (Part(text="Yes."),)),
        Turn("user", (Part(text=SEGMENT),)),
    )
    red = Red()
    engine, _ = composed(f"[{ITEM}]", masks=red)
    run(engine, prompt(turns=turns))
    assert red.shapes == [(100, 200, 3)]
    page = Media("document", "application/pdf", b"%PDF", "digest")
    for pieces, why in (((first, second), "which of several pictures"), ((page,), "pages and videos")):
        engine, main = composed(f"[{ITEM}]", masks=red)
        with pytest.raises(InvalidArgument, match=why) as caught:
            run(engine, prompt(SEGMENT, *pieces))
        assert caught.value.field == "contents"
        assert not main.prompts


def test_a_mask_told_before_is_not_told_to_the_model_again() -> None:
    url = "data:image/png;base64," + "A" * 5000
    turns = (
        Turn("user", (Part(text=SEGMENT), media())),
        Turn("model", (Part(text=f'[{{"box_2d": [1, 2, 3, 4], "mask": "{url}", "label": "cup"}}]'),)),
        Turn("user", (Part(text="Now give the segmentation masks of the plates."),)),
    )
    engine, main = composed("[]", masks=Red())
    run(engine, prompt(turns=turns))
    assert "AAAA" not in asked_of(main)
    assert '[{"box_2d": [1, 2, 3, 4], "label": "cup"}]' in asked_of(main)
    assert "Now give the bounding boxes of the plates." in asked_of(main)
    assert 'in the key "box_2d"' in asked_of(main)
    told = (*turns[:2], Turn("user", (Part(text=f'Is this, "old": "{url}", blue?'),)))
    run(engine, prompt(turns=told))  # wants no masks; what the caller says stays as it is
    assert asked_of(main).count(url) == 1
    assert '[{"box_2d": [1, 2, 3, 4], "label": "cup"}]' in asked_of(main)


def test_a_picture_that_cannot_be_decoded() -> None:
    broken = Media("image", "image/png", b"\x89PNG\r\n\x1a\nnothing", "digest", 20, 20, field="contents[0].parts[1]")
    engine, _ = composed(f"[{ITEM}]", masks=Red())
    with pytest.raises(InvalidArgument, match=r"^contents\[0\]\.parts\[1\]"):
        run(engine, prompt(SEGMENT, broken))


@pytest.mark.parametrize("where", ["main", "masker"])
def test_closing_stops_whoever_works(where: str) -> None:
    red = Red(wait=threading.Event())
    many = json.dumps([{"box_2d": [200, 200, 700, 600], "label": "x"}] * 5000)
    steps: list[Step] = [Thought("a"), Wait(60)] if where == "main" else [Thought("a"), Text(many)]
    engine, main = composed(steps, masks=red)

    async def leave() -> None:
        events = engine.stream(prompt())
        async for _ in events:
            break
        task = asyncio.ensure_future(anext(events))
        if where == "masker":
            await asyncio.to_thread(red.began.wait, 10)
        else:
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await events.aclose()  # type: ignore[attr-defined]
        if where == "masker":
            assert await asyncio.to_thread(red.stopped.wait, 10)
            assert len(red.boxes) < 5000
        else:
            assert main.closed == 1
        await engine.close()

    asyncio.run(leave())
    assert red.closed == 1
