"""From a prompt and a picture to the JSON that goes out, with and without a schema."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pollux.engines.base import Prompt, Stop, Text, Turn
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.media.handle import Media
from pollux.wire.content import Part
from pollux.wire.generate import GenerationConfig

NUMBERS = {"type": "array", "items": {"type": "integer"}}
TEXT = {"type": "string"}


@pytest.fixture(scope="module")
def engine() -> Iterator[BuiltinEngine]:
    one = BuiltinEngine()
    yield one
    one._lane.close()


def picture(orientation: int = 1) -> Media:
    """A red disc and a blue rectangle; stored lying on its side for orientation 6."""
    image = Image.new("RGB", (800, 500), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((80, 60, 240, 220), fill=(220, 20, 20))
    draw.rectangle((500, 300, 700, 420), fill=(20, 40, 200))
    data = io.BytesIO()
    (image.rotate(90, expand=True) if orientation == 6 else image).save(data, "PNG")
    digest = hashlib.sha256(data.getvalue()).hexdigest() + str(orientation)
    return Media("image", "image/png", data.getvalue(), digest, 800, 500, orientation=orientation, field="contents[0]")


def ask(engine: BuiltinEngine, text: str, *media: Media, schema: Mapping[str, Any] | None = None) -> tuple[Any, str]:
    config = GenerationConfig(response_mime_type="application/json" if schema else "text/plain")
    turn = Turn("user", (*(media or (picture(),)), Part(text=text)))
    events = list(engine._answer(Prompt("m", (turn,), schema=schema, config=config), lambda: False))
    said = "".join(event.text for event in events if isinstance(event, Text))
    return json.loads(said), next((event.message for event in events if isinstance(event, Stop)), "")


EDGES = ("xmin", "ymin", "xmax", "ymax")
BOX = {"type": "object", "properties": {edge: {"type": "integer"} for edge in EDGES}}


def near(box: list[int], truth: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 8 for a, b in zip(box, truth, strict=True))


RED, BLUE = (120, 100, 442, 302), (600, 625, 842, 877)


def test_boxes_in_the_upright_frame(engine: BuiltinEngine) -> None:
    for orientation in (1, 6):
        found, _ = ask(
            engine, "Detect the prominent items. The box_2d should be [ymin, xmin, ymax, xmax].", picture(orientation)
        )
        assert [one["label"] for one in found] == ["red circle", "blue rectangle"]
        assert near(found[0]["box_2d"], RED)
        assert near(found[1]["box_2d"], BLUE)


def test_points_and_masks(engine: BuiltinEngine) -> None:
    (dot,), _ = ask(engine, "Point to the rectangle")
    assert set(dot) == {"point", "label"}
    assert near(dot["point"], (721, 751))
    (cut,), _ = ask(engine, "Give the segmentation mask of the red thing with box_2d, mask and label.")
    assert cut["mask"].startswith("data:image/png;base64,")


def test_nothing_found_is_an_empty_list_and_said(engine: BuiltinEngine) -> None:
    assert ask(engine, "Detect the zebras") == ([], "found no zebras")


@pytest.mark.parametrize(
    ("properties", "entry"),
    [
        ({"bounding_box": NUMBERS, "name": TEXT}, {"bounding_box": list(BLUE), "name": "blue rectangle"}),
        (
            {"label": TEXT, "box": BOX},
            {"label": "blue rectangle", "box": dict(zip(EDGES, (625, 600, 877, 842), strict=True))},
        ),
        ({"point": NUMBERS, "label": TEXT}, {"point": [721, 751], "label": "blue rectangle"}),
        ({"box_2d": NUMBERS, "label": {**TEXT, "enum": ["CIRCLE", "RECTANGLE"]}},
         {"box_2d": list(BLUE), "label": "RECTANGLE"}),
    ],
)  # fmt: skip
def test_a_schema_shapes_the_entries(engine: BuiltinEngine, properties: dict[str, Any], entry: dict[str, Any]) -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": properties, "required": list(properties)}}
    (found,), _ = ask(engine, "Detect the blue items", schema=schema)
    for name, value in _flat(entry).items():
        got = _flat(found)[name]
        assert got == value if isinstance(value, str) else abs(got - value) <= 8


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return {k: v for name, one in pairs for k, v in _flat(one, f"{path}/{name}").items()}
    return {path: value}


def test_several_pictures_say_which(engine: BuiltinEngine) -> None:
    found, _ = ask(engine, "Detect the circle", picture(), picture(6))
    assert [one["image"] for one in found] == [1, 2]
    assert len(ask(engine, "Detect the circle in the second image", picture(), picture(6))[0]) == 1


def test_depth_is_refused_in_words(engine: BuiltinEngine) -> None:
    with pytest.raises(json.JSONDecodeError):
        ask(engine, "Detect the 3D bounding boxes of the shapes. Give box_3d.")
