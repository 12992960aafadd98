"""Drawn things on a ground: found, named where the namer knows them, cut out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, Shape, TextLine
from pollux.engines.builtin.seeing.flat import find_flat
from pollux.engines.builtin.seeing.masks_flat import mask_flat
from pollux.engines.builtin.seeing.thing import Thing


def sheet(ground: tuple[int, int, int] = (255, 255, 255)) -> Pixels:
    """A no-entry sign at (60, 60) to (140, 140) and a smiling face at (260, 80) to (340, 160)."""
    picture = np.full((240, 400, 3), ground, np.uint8)
    cv2.circle(picture, (100, 100), 40, (220, 30, 40), -1, cv2.LINE_AA)
    cv2.rectangle(picture, (75, 93), (125, 107), (255, 255, 255), -1)
    cv2.circle(picture, (300, 120), 40, (255, 205, 60), -1, cv2.LINE_AA)
    for x in (287, 313):
        cv2.ellipse(picture, (x, 110), (4, 7), 0, 0, 360, (90, 60, 20), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (300, 126), (20, 15), 0, 10, 170, (90, 60, 20), 3, cv2.LINE_AA)
    return picture


def look(picture: Pixels, **known: object) -> list[Thing]:
    height, width = picture.shape[:2]
    return find_flat(picture, Scene(width, height, "drawing", 1.0, **known))  # type: ignore[arg-type]


@pytest.mark.parametrize("ground", [(255, 255, 255), (30, 60, 90)])
def test_things_are_found_and_named(ground: tuple[int, int, int]) -> None:
    sign, face = look(sheet(ground))
    assert sign.box.centre == pytest.approx((100, 100), abs=2)
    assert face.box.centre == pytest.approx((300, 120), abs=2)
    assert sign.name == "no entry"
    assert "face" in face.names


def test_two_drawings_that_touch_are_two() -> None:
    picture = sheet()
    near = np.full_like(picture, 255)
    near[:, :200], near[:, 141:282] = picture[:, :200], picture[:, 259:]
    sign, face = look(near)
    assert (sign.name, "face" in face.names) == ("no entry", True)
    assert sign.box.right == pytest.approx(140, abs=4)
    assert face.box.left == pytest.approx(142, abs=4)


def test_a_ground_that_changes_is_still_the_ground() -> None:
    ramp = np.linspace(0, 60, 400)[None, :, None]
    assert len(look(np.clip(sheet((180, 180, 180)) + ramp, 0, 255).astype(np.uint8))) == 2


def test_print_is_left_out_and_plain_shapes_keep_their_names() -> None:
    picture = np.full((200, 400, 3), 255, np.uint8)
    cv2.rectangle(picture, (40, 40), (119, 119), (30, 60, 200), -1)
    cv2.putText(picture, "Hello", (200, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3)
    read = TextLine("Hello", Box(195, 60, 330, 110), 0.9)
    square = Shape("square", "blue", Box(40, 40, 120, 120))
    assert len(look(picture)) > 1
    (thing,) = look(picture, lines=(read,), shapes=(square,))
    assert (thing.kind, thing.name, thing.colour, thing.box) == ("shape", "square", "blue", square.box)


def test_noise_and_empty_sheets_hold_nothing() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    assert look(noise) == []
    assert look(np.full((100, 100, 3), 200, np.uint8)) == []


def test_a_mask_is_the_things_own_pixels() -> None:
    picture = sheet()
    mask = mask_flat(picture, Thing("object", (), Box(60, 60, 141, 141)))
    disc = np.zeros((240, 400), np.uint8)
    cv2.circle(disc, (100, 100), 40, 1, -1)
    cv2.rectangle(disc, (75, 93), (125, 107), 0, -1)  # as white as the ground: a hole, or its own
    own = disc[60:141, 60:141] > 0
    assert mask.shape == (81, 81)
    assert (mask[own] > 127).mean() > 0.97
    assert (mask[:8, :8] < 20).all()
