"""Lone digits of tables that reading passed over.

The detector of lines looks for rows of letters and passes over what is as small as a single digit in a column.  Where a
row of several cells leaves ink of a letter's size uncovered, with room around it, that ink is read by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import cv2
import numpy as np

from pollux.engines.builtin import layout
from pollux.engines.builtin.ocr import Reading
from pollux.engines.builtin.pixels import Pixels, gray
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.text import LEAST_CONFIDENCE, as_line

INK = 60  # levels between a digit and the paper
LEAST_ROWS = 3  # of several cells, that make a table
MOST_FOUND = 40
LEAST_HIGH, MOST_HIGH = 0.35, 0.9  # of a line's height, which has room above and below its letters
MOST_WIDE = 1.6  # of its height: two digits side by side

Recognise = Callable[[Sequence[Pixels]], list[Reading]]


def completed(pixels: Pixels, lines: Sequence[TextLine], recognise: Recognise) -> tuple[TextLine, ...]:
    """The lines of an RGB page with the lone digits among its rows; the very lines where there is no table."""
    rows = [line for line in lines if len(line.pieces) > 1]
    if len(rows) < LEAST_ROWS or any(line.flat for line in lines):
        return tuple(lines)
    runs = [run for line in lines for run in line.pieces or (line,)]
    found = _marks(pixels, rows, [run.box for run in runs])
    if not found or len(found) > MOST_FOUND:  # more than a few are a pattern, not digits
        return tuple(lines)
    read = recognise([_cut(pixels, box) for box in found])
    more = [
        TextLine(text, box, sure)
        for box, (text, sure) in zip(found, read, strict=True)
        if text.isdecimal() and sure >= LEAST_CONFIDENCE
    ]
    if not more:
        return tuple(lines)
    every = [*runs, *more]
    order = layout.arrange([(run.text, run.confidence, run.box) for run in every])
    return tuple(as_line([every[i] for i in row], block) for row, block in order)


def _marks(pixels: Pixels, rows: Sequence[TextLine], known: Sequence[Box]) -> list[Box]:
    """Ink of a digit's size in a row of cells that is covered by no run."""
    high = median(run.box.height for line in rows for run in line.pieces)
    tone = gray(pixels)
    ink = (cv2.absdiff(tone, np.full_like(tone, int(np.median(tone)))) > INK).astype(np.uint8)
    for box in known:
        ink[int(box.top) : round(box.bottom) + 1, int(box.left) : round(box.right) + 1] = 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(1, round(0.3 * high))), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = []
    for x, y, w, h, _ in stats[1:].tolist():
        box = Box(x, y, x + w, y + h)
        if not (LEAST_HIGH * high <= h <= MOST_HIGH * high and 0.15 * h <= w <= MOST_WIDE * h):
            continue
        if any(_between(box, line.box) for line in rows) and not any(_touches(box, one, 0.3 * high) for one in known):
            out.append(box)
    return out


def _between(box: Box, row: Box) -> bool:
    """Whether a mark stands in a row, level with its letters."""
    return abs(box.centre[1] - row.centre[1]) < 0.2 * row.height and row.left < box.centre[0] < row.right


def _touches(box: Box, run: Box, room: float) -> bool:
    level = min(box.bottom, run.bottom) > max(box.top, run.top)
    return level and box.left < run.right + room and run.left < box.right + room


def _cut(pixels: Pixels, box: Box) -> Pixels:
    """A mark with room around it."""
    room = 0.35 * box.height
    top, left = max(0, int(box.top - room)), max(0, int(box.left - room))
    return np.ascontiguousarray(pixels[top : round(box.bottom + room), left : round(box.right + room)])
