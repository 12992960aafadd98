"""The labels along a chart's axes that reading passed over, read one by one.

The detector of lines looks at the whole picture at once and passes over what is as small as a lone digit.  Beside a
plot nothing stands but labels, ticks and lines, so there the connected ink itself says where the labels are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from pollux.engines.builtin import layout
from pollux.engines.builtin.boxes import around, holds, scaled
from pollux.engines.builtin.ocr import Reading
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.panels import runs_of
from pollux.engines.builtin.seeing.plots import find_chart
from pollux.engines.builtin.text import LEAST_CONFIDENCE, SURE, as_line

INK = 60  # levels between a label and its ground; grounds and lines of a grid differ by less
LEAST, MOST = 5, 40  # pixels: heights of letters
WORD_GAP = 0.75  # of a letter's height: the widest gap within a label
MARGIN = 3  # pixels between the bars and where labels may begin
MOST_LABELS = 60

Recognise = Callable[[Sequence[Pixels]], list[Reading]]


def completed(pixels: Pixels, scene: Scene, recognise: Recognise) -> Scene:
    """The scene of an RGB chart with the labels that were passed over among its lines."""
    across, down = pixels.shape[1] / scene.width, pixels.shape[0] / scene.height
    parts = [scaled(one.box, across, down) for one in find_chart(pixels, scene) if one.name in ("bar", "point")]
    known = runs_of(scene, pixels)
    found = unread(pixels, around(parts), [run.box for run in known])[:MOST_LABELS] if parts else []
    read = recognise([_cut(pixels, box) for box in found]) if found else []
    more = [
        TextLine(text, box, sure)
        for box, (text, sure) in zip(found, read, strict=True)
        if any(letter.isalnum() for letter in text) and sure >= (LEAST_CONFIDENCE if len(text) > 1 else SURE)
    ]
    if not more:
        return scene
    runs = [run for line in scene.lines for run in line.pieces or (line,)]
    runs += [replace(run, box=scaled(run.box, 1 / across, 1 / down)) for run in more]
    rows = layout.arrange([(run.text, run.confidence, run.level) for run in runs])
    return replace(scene, lines=tuple(as_line([runs[i] for i in row], block) for row, block in rows))


def unread(pixels: Pixels, plot: Box, known: Sequence[Box]) -> list[Box]:
    """Boxes of ink that looks like a label left of a plot or below it, and lies in none of the boxes known."""
    height, width = pixels.shape[:2]
    left, foot = max(0, int(plot.left) - MARGIN), min(height, int(plot.bottom) + MARGIN)
    strips = (Box(0, 0, left, min(height, foot + MOST // 2)), Box(0, foot, width, height))
    out: list[Box] = []
    for strip in strips:
        for box in _labels(pixels, strip):
            if not any(holds(one, box.centre) or holds(box, one.centre) for one in (*known, *out)):
                out.append(box)
    return out


def _labels(pixels: Pixels, strip: Box) -> list[Box]:
    """Words of ink in a strip of the picture: letters of a height, side by side."""
    top, left = int(strip.top), int(strip.left)
    cut = pixels[top : int(strip.bottom), left : int(strip.right)].astype(np.int16)
    if min(cut.shape[:2]) < LEAST:
        return []
    away = np.abs(cut - np.median(cut.reshape(-1, 3), axis=0)).max(axis=2)
    _, _, stats, _ = cv2.connectedComponentsWithStats((away > INK).astype(np.uint8), connectivity=8)
    letters = sorted(
        (Box(left + x, top + y, left + x + w, top + y + h) for x, y, w, h, _ in stats[1:].tolist()
         if LEAST <= h <= MOST and w <= 3 * h),
        key=lambda box: box.left,
    )  # fmt: skip
    out: list[Box] = []
    for letter in letters:
        at = next((i for i, one in enumerate(out) if _follows(one, letter)), None)
        if at is None:
            out.append(letter)
        else:
            out[at] = around([out[at], letter])
    return [box for box in out if box.width >= 0.2 * box.height]


def _follows(word: Box, letter: Box) -> bool:
    """Whether a letter stands behind a word, in its line."""
    level = min(word.bottom, letter.bottom) - max(word.top, letter.top) > 0.5 * min(word.height, letter.height)
    return level and letter.left - word.right < WORD_GAP * max(word.height, letter.height)


def _cut(pixels: Pixels, box: Box) -> Pixels:
    """A label with room around it: for a sign before the number, not for the tick behind it."""
    high = box.height
    top, bottom = int(box.top - 0.35 * high), round(box.bottom + 0.35 * high)
    left, right = int(box.left - 0.8 * high), round(box.right + 0.3 * high)
    return np.ascontiguousarray(pixels[max(0, top) : bottom, max(0, left) : right])
