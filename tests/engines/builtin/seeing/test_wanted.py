"""What a prompt wants to see the place of."""

from __future__ import annotations

from typing import Any

import pytest

from pollux.engines.builtin.seeing.wanted import Beside, Wanted, wanted

DOCUMENTED_BOXES = (
    "Detect the all of the prominent items in the image. "
    "The box_2d should be [ymin, xmin, ymax, xmax] normalized to 0-1000."
)
DOCUMENTED_MASKS = """
  Give the segmentation masks for the wooden and glass items.
  Output a JSON list of segmentation masks where each entry contains the 2D
  bounding box in the key "box_2d", the segmentation mask in key "mask", and
  the text label in the key "label". Use descriptive labels.
"""
POINTING = (
    "Point to no more than 10 items in the image. The answer should follow the json format: "
    '[{"point": <point>, "label": <label1>}, ...]. The points are in [y, x] format normalized to 0-1000.'
)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (DOCUMENTED_BOXES, {}),
        ("Give the segmentation masks for all items. Return JSON with box_2d.", {"form": "masks"}),
        ("Give the segmentation masks for the prominent items.", {"form": "masks"}),
        ("Detect everything but the square.", {"without": Wanted(nouns=("square",))}),
        (DOCUMENTED_MASKS, {"form": "masks", "nouns": ("wooden", "glass")}),
        (POINTING, {"form": "points", "most": 10}),
        ("Show bounding boxes of all green objects in this image", {"colours": ("green",)}),
        ("Detect all items and label the items with the allergens they can contain",
         {"naming": "the allergens they can contain"}),
        ("Return bounding boxes for all cats as JSON with box_2d and label.", {"nouns": ("cats",)}),
        ("Detect the ticked boxes", {"nouns": ("ticked checkbox",)}),
        ("Detect the third circle from the left", {"nouns": ("circle",), "rank": 3, "extreme": "left"}),
        ("Find the second largest square", {"nouns": ("square",), "rank": 2, "extreme": "largest"}),
        ("Detect the two largest circles", {"nouns": ("circles",), "most": 2, "extreme": "largest"}),
        ("Detect everything in the upper half", {"region": "top"}),
        ("Detect the objects in the bottom-left corner", {"region": "bottom left"}),
        ("segment the red and blue circles", {"form": "masks", "nouns": ("circles",), "colours": ("red", "blue")}),
        ("Detect only faces", {"nouns": ("faces",)}),
        ("Detect at most 3 items", {"most": 3}),
        ("Detect all objects except the text", {"without": Wanted(nouns=("text",))}),
        ("Give bounding boxes of the shapes to the left of the square",
         {"nouns": ("shapes",), "beside": Beside("left", "square")}),
        ('Find the word "TOTAL" and return its bounding box', {"nouns": ("word",), "quotes": ("TOTAL",)}),
        ("Give bounding boxes for: apple, banana, cup", {"nouns": ("apple", "banana", "cup")}),
        ("Detect cats; boxes as [x1, y1, x2, y2] in pixel coordinates",
         {"nouns": ("cats",), "unit": "pixels", "order": "xyxy"}),
        ("Detect the 3D bounding boxes of no more than 10 items.", {"most": 10, "deep": True}),
        ("Segment everything and the text", {"form": "masks", "nouns": ("everything", "text")}),
    ],
)  # fmt: skip
def test_a_prompt_taken_apart(text: str, facts: dict[str, Any]) -> None:
    assert wanted(text) == Wanted(**facts)


def test_a_system_instruction_sets_the_form_not_the_things() -> None:
    system = (
        "Return bounding boxes as a JSON array with labels. Never return masks or code fencing. Limit to 25 objects. "
        "If an object is present multiple times, name them according to their unique characteristic (colors, size)."
    )
    assert wanted("Detect the socks", system) == Wanted(nouns=("socks",), most=25, naming="unique")
