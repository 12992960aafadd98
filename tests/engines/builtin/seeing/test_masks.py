from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pollux import samples
from pollux.engines.builtin.faces import FaceFinder
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.seeing.masks import guided, mask, whole_pixels

Pixels = NDArray[np.uint8]


def picture(name: str) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(samples.read(name))).convert("RGB"))


def disc(size: tuple[int, int], x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[: size[0], : size[1]]
    return np.asarray((rows - y) ** 2 + (columns - x) ** 2 <= radius**2)


@pytest.mark.parametrize("hole", [0, 14])
def test_a_ball_on_a_table_is_cut_out(hole: int) -> None:
    """Coffee's table as the ground and its red as the ball; the box a few pixels too wide."""
    rng = np.random.default_rng(3)
    ground = np.clip(np.array([150, 100, 60]) + rng.normal(0, 12, (300, 400, 3)), 0, 255).astype(np.uint8)
    true = disc((300, 400), 210, 150, 70) & ~disc((300, 400), 180, 150, hole)
    ground[true] = np.clip(np.array([40, 60, 170]) + rng.normal(0, 12, (int(true.sum()), 3)), 0, 255)
    cut = mask(ground, Box(136, 76, 283, 224))
    assert cut.shape == (148, 147)
    made = np.zeros_like(true)
    made[76:224, 136:283] = cut > 127
    assert (made & true).sum() / (made | true).sum() > 0.93


def test_a_person_keeps_her_face() -> None:
    pixels = picture("astronaut")
    face = FaceFinder().faces(pixels)[0].box
    height, width = pixels.shape[:2]
    box = Box(0, 0.03 * height, 0.71 * width, height)
    cut = mask(pixels, box, faces=[face])
    x, y = (round(v) for v in face.centre)
    top = round(box.top)
    assert cut[y - top, x] > 200
    assert cut[height - 40 - top, x] > 200, "the suit"
    assert cut[5, 5] < 50, "the flag"


def test_no_difference_is_an_ellipse() -> None:
    cut = mask(np.full((200, 300, 3), 90, np.uint8), Box(100, 50, 200, 150))
    assert cut.shape == (100, 100)
    assert cut[50, 50] == 255
    assert cut[0, 0] == 0
    assert abs(float((cut > 127).mean()) - np.pi / 4) < 0.03


def test_masks_are_the_same_each_time_and_as_large_as_their_box() -> None:
    cat = picture("cat")
    box = Box(10.4, 3.2, 300.6, 250.9)
    first = mask(cat, box)
    assert first.shape == (248, 291)
    assert (first == mask(cat, box)).all()


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(299, 199, 300, 200), Box(0, 0, 300, 200), Box(20, 0, 21, 200)])
def test_any_box_is_taken(box: Box) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (200, 300, 3)).astype(np.uint8)
    left, top, right, bottom = whole_pixels(pixels, box)
    assert mask(pixels, box).shape == (bottom - top, right - left)


def test_the_guided_filter_moves_an_edge_to_the_guides() -> None:
    guide = np.zeros((40, 40), np.float32)
    guide[:, 20:] = 1
    rough = np.zeros((40, 40), np.float32)
    rough[:, 22:] = 1
    out = guided(guide, rough)
    assert np.abs(np.diff(out[20])).argmax() == 19
