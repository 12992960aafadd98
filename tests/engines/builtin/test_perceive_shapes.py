"""Plain shapes, drawn with Pillow."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.shapes import shapes


def polygon(corners: int, inner: float = 1.0, turn: float = 0.0) -> list[tuple[float, float]]:
    reach = [100 * (inner if inner < 1 and n % 2 else 1.0) for n in range(corners)]
    angles = [turn + 2 * pi * n / corners for n in range(corners)]
    return [(200 + r * sin(a), 150 - r * cos(a)) for r, a in zip(reach, angles, strict=True)]


def drawn(name: str) -> Pixels:
    picture = Image.new("RGB", (800, 600), "white")
    pen = ImageDraw.Draw(picture)
    outlines = {
        "triangle": polygon(3),
        "square": polygon(4, turn=0.3),
        "pentagon": polygon(5),
        "hexagon": polygon(6),
        "star": polygon(10, inner=0.4),
    }
    if name in outlines:
        pen.polygon([(2 * x, 2 * y) for x, y in outlines[name]], fill=(220, 20, 30))
    elif name == "circle":
        pen.ellipse((200, 100, 600, 500), fill=(220, 20, 30))
    elif name == "ellipse":
        pen.ellipse((100, 200, 700, 400), fill=(220, 20, 30))
    else:
        pen.rectangle((100, 200, 700, 400), fill=(220, 20, 30))
    return np.asarray(picture.resize((400, 300), Image.Resampling.LANCZOS))


@pytest.mark.parametrize(
    "name", ["circle", "ellipse", "square", "rectangle", "triangle", "pentagon", "hexagon", "star"]
)
def test_shapes_have_names_colours_and_places(name: str) -> None:
    (shape,) = shapes(drawn(name))
    assert (shape.name, shape.colour) == (name, "red")
    assert shape.box.centre == pytest.approx((200, 150), abs=30)


def test_an_empty_sheet_has_no_shapes() -> None:
    assert shapes(np.full((100, 100, 3), 255, np.uint8)) == ()
