"""Where labels go: beside their things, never over each other, and over other things as little as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rectangle = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""
Floats = NDArray[np.float64]

MOST_LABELS = 200
_RINGS = 14
_OUT, _COVERED, _LATER = 0.06, 1.0, 0.02


@dataclass(frozen=True, slots=True)
class Placed:
    """The label's upper left corner; `far` when it stands off and wants a line to its thing."""

    x: int
    y: int
    far: bool = False


def place(
    things: Sequence[Rectangle], sizes: Sequence[tuple[int, int]], picture: tuple[int, int]
) -> list[Placed | None]:
    """A place for the label (width, height) of each thing in a picture (width, height); None where there is no room.

    Small things choose first.  After `MOST_LABELS` there are no more: nobody would read them, and looking for room
    takes time in proportion to their square.
    """
    boxes = np.array(things, np.float64).reshape(-1, 4)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 1), axis=1)
    found: list[Placed | None] = [None] * len(boxes)
    taken = np.zeros((0, 4))
    for n in np.argsort(areas, kind="stable")[:MOST_LABELS].tolist():
        width, height = sizes[n]
        if width > picture[0] or height > picture[1]:
            continue
        small = boxes[(areas < max(areas[n] * 1.5, 60 * width * height)) & (np.arange(len(boxes)) != n)]
        spot = _choose(boxes[n], (width, height), picture, taken, small)
        if spot is not None:
            found[n] = spot
            taken = np.concatenate([taken, [[spot.x, spot.y, spot.x + width, spot.y + height]]])
    return found


def _choose(
    box: Floats, size: tuple[int, int], picture: tuple[int, int], taken: Floats, others: Floats
) -> Placed | None:
    for far in (False, True):
        corners = _around(box, *size) if far else _beside(box, *size)
        spots = np.clip(corners, 0, np.array(picture) - size).round()
        labels = np.concatenate([spots, spots + size], axis=1)
        cost = np.arange(len(spots)) * (_LATER if not far else 0.004)
        cost = cost + _COVERED * _overlap(labels, others).sum(axis=1) / (size[0] * size[1])
        cost = cost + _OUT * np.abs(spots - corners).sum(axis=1) / size[1]
        cost[(_overlap(labels, taken) > 0).any(axis=1)] = np.inf
        best = int(np.argmin(cost))
        if np.isfinite(cost[best]):
            return Placed(int(spots[best, 0]), int(spots[best, 1]), far)
    return None


def _overlap(first: Floats, second: Floats) -> Floats:
    """Common area of each pair: n x m."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    return np.asarray(np.prod(np.maximum(high - low, 0), axis=-1))


def _beside(box: Floats, width: int, height: int) -> Floats:
    """Corners of labels that touch the box, the best first: above, inside, below, at its sides, along its edges."""
    x0, y0, x1, y1 = box.tolist()
    right, foot = x1 - width, y1 - height
    spots = [(x0, y0 - height), (x0, y1), (right, y0 - height), (right, y1)]
    inside = [(x0, y0), (right, y0), (x0, foot), (right, foot)]
    sides = [(x1, y0), (x0 - width, y0), (x1, foot), (x0 - width, foot)]
    spots = inside[:1] + spots + inside[1:] if x1 - x0 > 3 * width and y1 - y0 > 6 * height else spots
    spots += sides
    if x1 - x0 > width:
        steps = np.linspace(x0, right, min(12, 2 + int((x1 - x0) / width * 2)))[1:-1].tolist()
        spots += [(x, y) for x in steps for y in (y0 - height, y1, y0, foot)]
    if y1 - y0 > height:
        steps = np.linspace(y0, foot, min(12, 2 + int((y1 - y0) / height)))[1:-1].tolist()
        spots += [(x, y) for y in steps for x in (x1, x0 - width, x0, right)]
    return np.array(spots, np.float64)


def _around(box: Floats, width: int, height: int) -> Floats:
    """Corners of labels on rings farther and farther from the box."""
    x0, y0, x1, y1 = box.tolist()
    spots: list[tuple[float, float]] = []
    for ring in range(1, _RINGS + 1):
        off = ring * height * 0.75
        left, top, right, foot = x0 - width - off, y0 - height - off, x1 + off, y1 + off
        across = np.linspace(left, right, 9).tolist()
        down = np.linspace(top, foot, 9).tolist()
        spots += [(x, y) for x in across for y in (top, foot)] + [(x, y) for y in down for x in (left, right)]
    return np.array(spots, np.float64)
