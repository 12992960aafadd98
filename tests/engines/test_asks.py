from __future__ import annotations

import time
from typing import Any

import pytest

from pollux.engines.asks import asks_for_boxes, asks_for_masks, lacking, speaks_of_boxes
from pollux.engines.base import ModelCard, Turn
from pollux.engines.compose.items import told
from pollux.engines.compose.labels import read
from pollux.engines.compose.rewrite import unmasked
from pollux.engines.wishes import Canvas
from pollux.errors import InvalidArgument
from pollux.wire.content import Part
from tests.engines.compose.kit import DETECT, SEGMENT, media, prompt

BOX = {"type": "array", "items": {"type": "integer"}}


def a_list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


@pytest.mark.parametrize(
    ("text", "boxes", "masks"),
    [
        (SEGMENT, True, True),
        (DETECT, True, False),
        ("Please return segmentation masks of all cups.", False, True),
        ("Give me the segmentation mask of the dog", False, True),
        ('Answer with "box_2d", "mask" and "label".', True, True),
        ('A JSON list like [{"mask": "...", "label": "cat"}]', False, True),
        ("Draw bounding boxes around the cars.", True, False),
        ("Give me the bounding-box of the car", True, False),
        ("How many people wear masks?", False, False),
        ("What does this segmentation mask show?", False, False),
        ("Is a bounding box drawn on this picture?", False, False),
        ('The sign says "mask": what is meant?', False, False),
        ("Describe it. Segmentation masks are overrated.", False, False),
        ("I need to know whether the figure shows a segmentation mask.", False, False),
        ("I'd like segmentation masks for each fruit, please", False, True),
        ("Segmentation masks of the fruit, please.", False, True),
        ("Segmentation masks of medical pictures are overrated, aren't they?", False, False),
        ("Bounding boxes for all cats", True, False),
        ("Gib mir Segmentierungsmasken (box_2d, mask, label)", True, True),
        ("Find out who drew the bounding boxes here.", False, False),
        ("Find out if there is a dog, and if so give its bounding box.", True, False),
    ],
)
def test_words(text: str, boxes: bool, masks: bool) -> None:
    asked = prompt(text)
    assert (asks_for_boxes(asked), asks_for_masks(asked)) == (boxes, masks)


@pytest.mark.parametrize(
    ("schema", "boxes", "masks"),
    [
        (a_list(box_2d=BOX, mask={"type": "string"}), True, True),
        (a_list(boundingBox=BOX, segmentationMask={"type": ["string", "null"]}), True, True),
        (a_list(box_2d=BOX, label={"type": "string"}), True, False),
        (a_list(box={"type": "string"}, mask={"type": "string"}), False, False),
        (a_list(mask={"type": "boolean"}, name={"type": "string"}), False, False),
        (a_list(lunch_box=BOX, box_office=BOX), False, False),
        ({"type": "string"}, False, False),
    ],
)
def test_schemas_decide(schema: Any, boxes: bool, masks: bool) -> None:
    asked = prompt(SEGMENT, schema=schema)
    assert (asks_for_boxes(asked), asks_for_masks(asked)) == (boxes, masks)


def test_a_schema_without_end() -> None:
    deep: dict[str, Any] = {"type": "object"}
    for _ in range(500):
        deep = {"type": "array", "items": deep}
    assert not asks_for_masks(prompt(SEGMENT, schema=deep))


def test_without_a_picture_nothing_is_pointed_at() -> None:
    asked = prompt(turns=(Turn("user", (Part(text=SEGMENT),)),))
    assert not any(asks(asked) for asks in (asks_for_boxes, asks_for_masks, speaks_of_boxes))


def test_only_what_is_asked_last_counts() -> None:
    turns = (
        Turn("user", (Part(text=SEGMENT), media())),
        Turn("model", (Part(text="[]"),)),
        Turn("user", (Part(text="And what colour is the cup?"),)),
    )
    asked = prompt(turns=turns)
    assert not asks_for_masks(asked)
    assert not asks_for_boxes(asked)
    assert speaks_of_boxes(asked)
    assert asks_for_masks(prompt("The cups.", system=SEGMENT))


def test_who_lacks_masks_says_so() -> None:
    able, unable, relay = (
        ModelCard("m", frozenset({"text", "masks"})),
        ModelCard("m", frozenset({"text", "boxes"})),
        ModelCard("m", frozenset({"text", "relay"})),
    )
    lacking(prompt(), able)
    lacking(prompt(), relay)
    lacking(prompt(DETECT), unable)
    lacking(prompt(canvas=Canvas(8, 8)), unable)
    with pytest.raises(
        InvalidArgument, match=r"^contents: models/qwen makes no segmentation masks.*\[routes\]"
    ) as caught:
        lacking(prompt(), unable)
    assert caught.value.field == "contents"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (
            'the\n  box in the key "box_2d", the segmentation mask in key "mask", and\n  the text in the key "label".',
            'the\n  box in the key "box_2d", and\n  the text in the key "label".',
        ),
        ('the label in key "label" and a mask (PNG) in the key "mask".', 'the label in key "label".'),
        ('Use the keys "box_2d", "mask" and "label".', 'Use the keys "box_2d" and "label".'),
        ("Use `box_2d`, `label`, and `mask`.", "Use `box_2d`, `label`."),
        ('[{"box_2d": [1, 2, 3, 4], "mask": "<base64>", "label": "x"}]', '[{"box_2d": [1, 2, 3, 4], "label": "x"}]'),
        ('{"mask": "data:image/png;base64,AA==", "label": "x"}', '{"label": "x"}'),
        ("all fruit (box_2d, mask, label)", "all fruit (box_2d, label)"),
        ("Detect the hat, mask, and box_2d of it.", "Detect the hat, mask, and box_2d of it."),
        ("Segment the people wearing masks.", "detect the people wearing masks."),
        ("Give segmentation masks of the face masks", "Give bounding boxes of the face masks"),
    ],
)  # fmt: skip
def test_words_without_masks(text: str, rest: str) -> None:
    assert unmasked(text) == rest


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "a-",
        ",",
        '"mask": <',
        "give ",
        "key ",
        "the segmentation ",
        "(",
        '["',
        "```\n",
        'box_2d "mask" ',
        "{",
        "mask,",
    ],
)
def test_hostile_words_take_time_in_proportion(piece: str) -> None:
    text = (piece * 400_000)[:400_000]
    began = time.process_time()
    asked = prompt(text)
    asks_for_boxes(asked)
    asks_for_masks(asked)
    unmasked(text)
    told(text)
    read(text, ())
    assert time.process_time() - began < 6
