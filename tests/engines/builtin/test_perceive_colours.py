"""Colour names, shares and places."""

from __future__ import annotations

import numpy as np
import pytest

from pollux.engines.builtin.colours import background, colours, grayscale, name_of

CSS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "gray": (128, 128, 128),
    "light gray": (211, 211, 211),
    "dark gray": (64, 64, 64),
    "red": (255, 0, 0),
    "dark red": (139, 0, 0),
    "orange": (255, 165, 0),
    "yellow": (255, 255, 0),
    "green": (0, 160, 0),
    "dark green": (0, 60, 0),
    "light green": (144, 238, 144),
    "teal": (0, 128, 128),
    "turquoise": (64, 224, 208),
    "blue": (0, 0, 255),
    "light blue": (173, 216, 230),
    "dark blue": (0, 0, 90),
    "purple": (128, 0, 128),
    "magenta": (255, 0, 255),
    "pink": (255, 192, 203),
    "brown": (139, 69, 19),
    "beige": (245, 222, 179),
    "olive": (128, 128, 0),
    "lavender": (200, 180, 240),
}


@pytest.mark.parametrize("name", CSS)
def test_common_colours_have_their_common_names(name: str) -> None:
    assert name_of(CSS[name]) == name


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((255, 215, 0), "yellow"),  # gold
        ((255, 105, 180), "pink"),  # hot pink
        ((160, 82, 45), "brown"),  # sienna
        ((220, 20, 60), "red"),  # crimson
        ((0, 0, 128), "dark blue"),  # navy
        ((135, 206, 235), "light blue"),  # sky
        ((31, 119, 180), "blue"),
        ((34, 139, 34), "green"),  # forest
        ((245, 245, 220), "beige"),
        ((255, 69, 0), "orange"),  # orange red
    ],
)
def test_shades_fall_to_the_nearest_name(rgb: tuple[int, int, int], name: str) -> None:
    assert name_of(rgb) == name


def test_shares_and_places() -> None:
    picture = np.full((300, 300, 3), 255, np.uint8)
    picture[200:, :] = (0, 160, 0)
    picture[100:200, 100:200] = (255, 0, 0)
    found = {colour.name: colour for colour in colours(picture)}
    assert list(found) == ["white", "green", "red"]
    assert found["red"].places == ("centre",)
    assert found["green"].places == ("bottom left", "bottom", "bottom right")
    assert found["white"].share == pytest.approx(5 / 9, abs=0.01)
    assert found["red"].rgb == (255, 0, 0)


def test_the_background_is_named_only_when_the_border_has_one_colour() -> None:
    picture = np.full((200, 200, 3), 255, np.uint8)
    picture[60:140, 60:140] = (0, 0, 255)
    assert background(picture) == "white"
    picture[:, :100] = (255, 0, 0)
    assert background(picture) == ""


def test_grayscale() -> None:
    ramp = np.tile(np.linspace(0, 255, 256).astype(np.uint8)[None, :, None], (64, 1, 3))
    assert grayscale(ramp)
    tinted = ramp.copy()
    tinted[:, :20] = (200, 40, 40)
    assert not grayscale(tinted)
