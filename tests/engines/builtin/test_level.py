"""Pages that lie askew: lines back in order, columns apart; and level pages left alone."""

from __future__ import annotations

import numpy as np

from pollux.engines.builtin.layout import arrange
from pollux.engines.builtin.level import levelled
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.strips import Quad, bounds


def askew(columns: int, tilt: float, keystone: float = 0.0) -> tuple[list[str], list[Quad]]:
    """Twelve lines a column, long and short ones, turned by `tilt` (a slope) and narrowing towards the foot."""
    names, quads = list[str](), list[Quad]()
    for column in range(columns):
        for row in range(12):
            left, top = 100.0 + 560 * column, 100.0 + 28 * row
            width = 500.0 if row % 3 else 60.0
            corners = np.array([(left, top), (left + width, top), (left + width, top + 22), (left, top + 22)])
            corners[:, 0] += (650 - corners[:, 0]) * keystone * corners[:, 1] / 400
            turned = corners @ np.array([(1, tilt), (-tilt, 1)]) + (100, 100)
            quads.append(turned.astype(np.float32))
            names.append(f"column {column} line {row}, twelve letters and more")
    return names, quads


def order(names: list[str], boxes: list[Box]) -> list[str]:
    rows = arrange([(name, 1.0, box) for name, box in zip(names, boxes, strict=True)])
    return [names[i] for row, _ in rows for i in row]


def test_lines_of_a_tilted_page_are_read_in_order() -> None:
    for tilt in (-0.14, 0.14):
        names, quads = askew(1, tilt)
        raw = [bounds(quad, 2000, 2000) for quad in quads]
        assert order(names, raw) != names
        assert order(names, levelled(quads, raw)) == names


def test_columns_of_a_tilted_page_are_read_one_after_the_other() -> None:
    for tilt, keystone in ((0.1, 0.0), (-0.08, 0.04)):
        names, quads = askew(2, tilt, keystone)
        assert order(names, levelled(quads, [bounds(quad, 2000, 2000) for quad in quads])) == names


def test_a_level_page_keeps_its_boxes() -> None:
    _, quads = askew(1, 0.004)
    boxes = [bounds(quad, 2000, 2000) for quad in quads]
    assert levelled(quads, boxes) == boxes


def test_one_mark_says_nothing_of_the_page() -> None:
    mark = np.array([(10, 10), (20, 12), (19, 24), (9, 22)], np.float32)
    assert levelled([mark], [Box(9, 10, 20, 24)]) == [Box(9, 10, 20, 24)]
