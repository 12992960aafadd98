"""Lines of a page that lies askew, as they would stand on a level one: for reading order, rows and columns alone.

A photographed page is turned and seen at an angle: the right end of one line is level with the left end of the next.
The lines themselves tell by how much: their slope is fitted as a linear function of the height on the page, which is
what perspective makes of parallel lines to first order, and taken out; its margins lean by what
lets most lines begin at the same places.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.strips import Quad, sides

LEAST_SLOPE = 0.012  # pages that lie more level than this, at head and foot, are left as they are
LEAST_LONG = 1.5  # length over height of a line whose slope says something
MOST_APART = 0.06  # a line that slopes so much otherwise than most is not of the page
ROOM = 0.15  # of a line's height
MOST_LEAN = 0.24  # of a page's height that a margin may lean to either side
MOST_MORE = 0.08  # and more so at its edges than in its middle
LEAST_LINES = 6  # from which on the slope may change down the page


def levelled(quads: Sequence[Quad], boxes: Sequence[Box]) -> list[Box]:
    """The box of each line with the page's slope taken out; `boxes`, those around the lines, where it is level."""
    points = np.array(quads, np.float64).reshape(-1, 4, 2)
    ends = (points[:, 1] + points[:, 2] - points[:, 0] - points[:, 3]) / 2
    long = np.array([(size := sides(quad))[0] >= LEAST_LONG * size[1] for quad in quads], np.bool_)
    if not long.any():
        return list(boxes)
    slopes, lengths = ends[long, 1] / ends[long, 0], ends[long, 0]
    slope, change = _middle(slopes, lengths**2), 0.0
    kept = np.abs(slopes - slope) < MOST_APART
    centre = (points.min((0, 1)) + points.max((0, 1))) / 2
    half = float(np.ptp(points[..., 1])) / 2
    height = points[long].mean(1)[kept, 1] - centre[1]
    if kept.sum() >= LEAST_LINES and np.ptp(height) > half:
        change, slope = (float(one) for one in np.polyfit(height, slopes[kept], 1, w=lengths[kept] ** 2))
    if max(abs(slope + change * half), abs(slope - change * half)) < LEAST_SLOPE:
        return list(boxes)
    across, down = points[..., 0] - centre[0], points[..., 1] - centre[1]
    local = slope + change * down.mean(1)[:, None]
    lean = _lean((across[:, 0] + across[:, 3]) / 2, down.mean(1), float(np.median([sides(quad)[1] for quad in quads])))
    low = np.stack([across + (lean[0] + lean[1] * across) * down, down - local * across], 2) + centre
    return [_around(one) for one in low]


def _lean(lefts: NDArray[np.float64], down: NDArray[np.float64], high: float) -> tuple[float, float]:
    """How the margins lean, in the middle of the page and more by every pixel to the right.

    It is the shear at which most lines begin at the same places; of equal ones the least.
    """
    half = max(1.0, float(np.abs(lefts).max()))
    tried = [
        (a, b / half) for a in np.linspace(-MOST_LEAN, MOST_LEAN, 97) for b in np.linspace(-MOST_MORE, MOST_MORE, 25)
    ]
    tried.sort(key=lambda one: abs(one[0]) + half * abs(one[1]))

    def shared(lean: tuple[float, float]) -> int:
        places = np.round((lefts + (lean[0] + lean[1] * lefts) * down) / (high / 3)).astype(np.int64)
        counts = np.bincount(places - places.min())
        return int(((counts[:-1] + counts[1:]) ** 2).sum() + (counts**2).sum())

    return max(tried, key=shared)


def _around(corners: NDArray[np.float64]) -> Box:
    """The box of a line, less the room that the finder leaves before and behind the letters."""
    left, top, right, bottom = (float(edge) for edge in (*corners.min(0), *corners.max(0)))
    room = min(ROOM * (bottom - top), 0.2 * (right - left))
    return Box(left + room, top, max(right - room, left + room + 1), max(bottom, top + 1))


def _middle(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The weighted median."""
    order = np.argsort(values)
    heavy = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(heavy, heavy[-1] / 2)])
