"""Legal sizes, and pictures brought from them to the canvas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from pollux.core.canvas import SIZES
from pollux.engines.diffusers.sizes import Grid, beside, fitted, pixels

CELLS = sorted({size for sizes in SIZES.values() for cells in sizes.values() for size in cells.values()})
OWN = [(1, 1), (17, 900), (333, 250), (640, 481), (1920, 1080), (6000, 100)]


@pytest.mark.parametrize("most", [64 * 64, 512 * 512, 1024 * 1024, 2048 * 2048])
@pytest.mark.parametrize("size", CELLS)
def test_every_documented_size_has_a_legal_one_of_its_ratio(size: tuple[int, int], most: int) -> None:
    width, height = Grid(16, most).nearest(*size)
    assert width % 16 == height % 16 == 0
    assert most / 4 <= width * height <= 1.1 * most
    # Whole multiples of 16 near 64 pixels are coarse; what does not fit is cut off.
    assert abs(math.log(width / height / (size[0] / size[1]))) < (0.25 if most < 10_000 else 0.02)


@pytest.mark.parametrize("size", sorted({size for sizes in SIZES.values() for size in sizes["1K"].values()}))
def test_what_the_model_can_draw_is_drawn_as_it_is(size: tuple[int, int]) -> None:
    assert Grid(16, 1024 * 1024).nearest(*size) == size


@pytest.mark.parametrize("size", OWN)
def test_any_picture_of_a_callers_has_a_size(size: tuple[int, int]) -> None:
    width, height = Grid(16, 1024 * 1024).nearest(*size)
    assert width % 16 == height % 16 == 0
    assert 16 * 16 <= width * height <= 1024 * 1024


def test_a_small_canvas_is_drawn_larger() -> None:
    width, height = Grid(16, 1024 * 1024).nearest(64, 64)
    assert width == height
    assert 0.4 < width * height / 1024**2 <= 1


@pytest.mark.parametrize(("size", "wanted"), [((64, 48), (128, 96)), ((64, 64), (100, 50)), ((90, 50), (20, 31))])
def test_fitting_is_exact_and_never_stretches(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    """A picture whose levels are its coordinates tells how its axes were scaled."""
    plane = np.zeros((size[1], size[0], 3), np.uint8)
    plane[..., 0] = np.arange(size[0])[None, :] * 2
    plane[..., 1] = np.arange(size[1])[:, None] * 2
    made = pixels(fitted(Image.fromarray(plane), *wanted)).astype(float)
    assert made.shape == (wanted[1], wanted[0], 3)
    across = (made[0, -3, 0] - made[0, 2, 0]) / (wanted[0] - 5)
    down = (made[-3, 0, 1] - made[2, 0, 1]) / (wanted[1] - 5)
    assert across == pytest.approx(down, rel=0.1)
    middle = made[wanted[1] // 2, wanted[0] // 2]
    assert abs(middle[0] - size[0]) < 5
    assert abs(middle[1] - size[1]) < 5


def test_rounding_never_leaves_the_picture() -> None:
    """In some sizes a side, divided and multiplied again, comes out a hair longer."""
    for width in range(18, 40):
        assert fitted(Image.new("RGB", (width, 13)), 1999, 1501).size == (1999, 1501)


def test_pictures_stand_side_by_side_at_the_first_ones_height() -> None:
    red, blue = Image.new("RGB", (40, 20), (255, 0, 0)), Image.new("RGB", (30, 60), (0, 0, 255))
    whole = beside([red, blue])
    assert whole.size == (50, 20)
    assert whole.getpixel((10, 10)) == (255, 0, 0)
    assert whole.getpixel((45, 10)) == (0, 0, 255)
