"""Filling holes."""

from __future__ import annotations

import numpy as np
import pytest

from pollux.engines.builtin.edit.fill import fill
from pollux.errors import Cancelled
from tests.engines.builtin.edit.drawn import never


def stripes() -> np.ndarray:
    pixels = np.zeros((160, 200, 3), np.uint8)
    pixels[:] = (200, 180, 60)
    pixels[np.arange(160) % 16 < 8] = (40, 60, 160)
    return pixels


def hole(top: int, left: int, high: int, wide: int) -> np.ndarray:
    mask = np.zeros((160, 200), np.bool_)
    mask[top : top + high, left : left + wide] = True
    return mask


def test_a_pattern_goes_on() -> None:
    truth, gap = stripes(), hole(50, 70, 60, 60)
    torn = truth.copy()
    torn[gap] = (255, 0, 255)
    done = fill(torn, gap, 1, never)
    assert np.array_equal(done[~gap], truth[~gap])
    assert (np.abs(done.astype(int) - truth).max(axis=2)[gap] < 60).mean() > 0.9


def test_thin_strokes_are_filled_too() -> None:
    truth, gap = np.full((160, 200, 3), 120, np.uint8), hole(80, 10, 4, 180)
    torn = truth.copy()
    torn[gap] = 0
    done = fill(torn, gap, 1, never)
    assert np.abs(done.astype(int) - truth).max() <= 1


def test_nothing_is_taken_from_what_is_to_be_avoided() -> None:
    pixels, gap, bad = np.full((160, 200, 3), 200, np.uint8), hole(60, 80, 40, 40), hole(0, 0, 160, 60)
    pixels[bad] = (255, 0, 0)
    done = fill(pixels, gap, 1, never, bad)
    assert done[gap][:, 1].min() > 150


def test_a_cancelled_filling_stops() -> None:
    with pytest.raises(Cancelled):
        fill(stripes(), hole(50, 70, 60, 60), 1, lambda: True)
