"""Boxes, points and masks as the documentation's code reads them."""

from __future__ import annotations

import base64
import io
import json

import cv2
import numpy as np
import pytest
from PIL import Image

from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing import form
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import Wanted

SCENE = Scene(1237, 811, "drawing", 1.0)
THING = Thing("object", ("disc/plate",), Box(100.4, 50.6, 700.2, 351.9))


def disc(width: int, height: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    out = np.zeros((height, width), np.uint8)
    cv2.ellipse(out, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, 255, -1)
    return out


@pytest.mark.parametrize("size", [(600, 301), (1200, 602), (60, 30), (7, 5)])
def test_a_mask_decoded_as_documented_is_the_thing(size: tuple[int, int]) -> None:
    entry = form.entry(THING, "disc/plate", SCENE, Wanted(form="masks"), disc(*size))
    y0, x0, y1, x1 = (int(v / 1000 * side) for v, side in zip(entry["box_2d"], (811, 1237, 811, 1237), strict=True))
    picture = Image.open(io.BytesIO(base64.b64decode(entry["mask"].removeprefix("data:image/png;base64,"))))
    got = np.array(picture.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR)) > 127
    assert picture.mode == "L"
    assert max(picture.size) <= form.MASK_SIDE
    assert abs(picture.width / picture.height - THING.box.width / THING.box.height) < 0.05
    y, x = np.mgrid[y0:y1, x0:x1] + 0.5
    box = THING.box
    truth = ((x - box.centre[0]) / (box.width / 2)) ** 2 + ((y - box.centre[1]) / (box.height / 2)) ** 2 <= 1
    assert (got & truth).sum() / (got | truth).sum() > (0.97 if min(size) > 100 else 0.93 if min(size) > 20 else 0.8)
    assert "/" not in entry["label"]


def test_a_box_is_never_empty_and_stays_inside() -> None:
    for box in (Box(0, 0, 0.2, 0.2), Box(1236.9, 810.9, 1237, 811), Box(0, 0, 1237, 811)):
        top, left, bottom, right = form.rounded(box, SCENE)
        assert 0 <= top < bottom <= 1000
        assert 0 <= left < right <= 1000


def test_units_and_orders() -> None:
    scene, box = Scene(200, 100, "drawing", 1.0), Box(20, 10, 60, 50)
    assert form.measured(box, scene) == [100, 100, 500, 300]
    assert form.measured(box, scene, "pixels", "xyxy") == [20, 10, 60, 50]
    assert form.measured(box, scene, "pixels", "xywh") == [20, 10, 40, 40]
    assert form.measured(box, scene, "shares") == [0.1, 0.1, 0.5, 0.3]
    assert form.point((40, 30), scene) == [300, 200]


def test_a_point_lies_on_the_thing() -> None:
    ring = np.zeros((100, 100), np.uint8)
    cv2.circle(ring, (50, 50), 40, 255, 12)
    x, y = form.inside(Box(0, 0, 100, 100), ring)
    assert ring[int(y), int(x)] == 255


def test_the_list_is_bare_json() -> None:
    assert form.listing([]) == "[]"
    assert json.loads(form.listing([{"label": "é"}, {"label": "b"}])) == [{"label": "é"}, {"label": "b"}]
