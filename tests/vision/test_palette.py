"""Colours: apart from each other, steady, with ink that is read on them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.vision import palette


def oklab(colour: palette.Colour) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Björn Ottosson's OKLab, where distances are about as people see them."""
    c = np.array(colour) / 255
    c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    lms = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    lms += [[0.0883024619, 0.2817188376, 0.6299787005]]
    lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099]]
    lab += [[0.0259040371, 0.7827717662, -0.8086757660]]
    return np.asarray(np.array(lab) @ np.cbrt(np.array(lms) @ c))


def test_colours_stay_apart() -> None:
    points = [oklab(colour) for colour in palette.distinct(24)]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(points[:12], 2)) > 0.11
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(points, 2)) > 0.07


@given(st.lists(st.text(), max_size=24, unique=True), st.randoms())
@settings(deadline=None)
def test_a_label_has_its_colour_in_any_order(labels: list[str], random: object) -> None:
    found = palette.colours(labels)
    random.shuffle(labels)  # type: ignore[attr-defined]
    assert palette.colours(labels + labels) == found
    assert len(set(found.values())) == len(labels)


def test_a_label_keeps_its_colour_from_picture_to_picture() -> None:
    assert palette.colours(["cat"])["cat"] == palette.colours(["cat", "zebra"])["cat"]
    many = palette.colours([str(n) for n in range(60)])
    assert set(many.values()) == set(palette.distinct(24))


def test_ink_is_read_on_every_colour() -> None:
    def light(colour: palette.Colour) -> float:
        c = np.array(colour) / 255
        return float(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])

    for colour in palette.distinct(24):
        dark, bright = sorted((light(colour), light(palette.ink(colour))))
        assert (bright + 0.05) / (dark + 0.05) >= 3.4
