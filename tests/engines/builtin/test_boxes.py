"""Geometry of boxes."""

from __future__ import annotations

import pytest

from pollux.engines.builtin import boxes
from pollux.engines.builtin.scene import Box

ONE, OTHER, AWAY = Box(0, 0, 10, 10), Box(5, 5, 15, 15), Box(13, 0, 20, 10)


def test_what_boxes_share() -> None:
    assert (boxes.shared(ONE, OTHER), boxes.shared(ONE, AWAY)) == (25, 0)
    assert boxes.overlap(ONE, OTHER) == pytest.approx(25 / 175)
    assert boxes.part_in(OTHER, ONE) == pytest.approx(0.25)


def test_where_boxes_stand() -> None:
    assert boxes.within(Box(-2, 0, 10, 10), ONE)
    assert not boxes.within(Box(-3, 0, 10, 10), ONE)
    assert boxes.holds(ONE, (10, 0))
    assert not boxes.holds(ONE, (10.1, 0))
    assert (boxes.gap(ONE, AWAY), boxes.gap(ONE, OTHER)) == (3, 0)
    assert boxes.around([ONE, AWAY]) == Box(0, 0, 20, 10)
    assert boxes.scaled(OTHER, 2, 3) == Box(10, 15, 30, 45)
