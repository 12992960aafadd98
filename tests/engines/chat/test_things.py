"""What callers' words name, for models that are asked by a fixed phrase."""

from __future__ import annotations

from typing import Any

import pytest

from pollux.engines.chat.things import things

FORM = "The box_2d should be [ymin, xmin, ymax, xmax] normalized to 0-1000."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Detect all cats and dogs", ("cat", "dog")),
        (f"Detect the cat. {FORM}", ("cat",)),
        ("Where is the red car? Answer with box_2d", ("red car",)),
        ("Return bounding boxes for every dog and cat in the picture as box_2d", ("dog", "cat")),
        ("Locate the sofa, the lamp and two chairs. Output box_2d and label.", ("sofa", "lamp", "chair")),
        ("Detect: cat, traffic light. Return JSON with box_2d and label.", ("cat", "traffic light")),
        ("Segment the banana", ("banana",)),
        ("Find the dog on the left, box_2d please", ("dog on the left",)),
        (f"Detect all of the prominent items in the image. {FORM}", ()),
        ("Point to no more than 10 items in the image.", ()),
        ("box_2d", ()),
    ],
)
def test_things(text: str, named: tuple[str, ...]) -> None:
    assert things(text) == named


def test_labels_that_a_schema_allows_win() -> None:
    label = {"type": "string", "enum": ["bolt", "nut"]}
    schema: dict[str, Any] = {"type": "array", "items": {"type": "object", "properties": {"label": label}}}
    assert things("Detect all parts.", schema) == ("bolt", "nut")
