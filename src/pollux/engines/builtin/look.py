"""A cheap look: is there text in the picture at all?  So that a caption of a sunset pays for no reading.

Two steps.  Runs of close strokes are found by gradients (a few milliseconds); a picture without any holds no text.
What was found is then judged on a mosaic: the whole picture made small, for large letters, and the best runs, cut from
the full picture and brought to a readable height, for small ones, go through the text detector together, and a few of
the lines that it finds are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.strips import straightened
from pollux.engines.builtin.text import Reader

LOOK_SIDE = 640  # pixels: the size at which strokes are looked for
COARSE_SIDE = 224  # pixels: the same again for letters too large for the first
TILE = (128, 64)  # pixels: one run in the mosaic
TILES = 3  # of the likeliest runs
WHOLE = 384 * 288  # pixels: the area of the whole picture in the mosaic, for large letters
LEAST_SCORE = 0.5  # the detector's score from which a run counts as text
TRIED = 5  # of the detected runs are read, to be sure
LEAST_CONFIDENCE = 0.75  # the recogniser's, for a run that counts as text
LEAST_SHORT = 0.95  # and for two letters: a circle beside a triangle is read as OA
STROKES = 18  # grey levels a stroke stands out from its ground


@dataclass(frozen=True, slots=True)
class Run:
    """A place that may hold text, in pixels of the full picture; `weight` is larger for likelier ones."""

    box: Box
    weight: float


def runs(picture: Pixels) -> list[Run]:
    """Runs of close strokes, likeliest first."""
    out: list[Run] = []
    for side in (LOOK_SIDE, COARSE_SIDE):
        small = fit(picture, side)
        scale = max(picture.shape[:2]) / max(small.shape[:2])
        out += [
            Run(Box(x * scale, y * scale, (x + w) * scale, (y + h) * scale), weight)
            for x, y, w, h, weight in _strokes(gray(small))
        ]
    return sorted(out, key=lambda run: run.weight, reverse=True)


def _strokes(ground: Pixels) -> list[tuple[int, int, int, int, float]]:
    """(x, y, width, height, weight) of horizontal runs of strokes in a grey picture."""
    rise = cv2.morphologyEx(ground, cv2.MORPH_GRADIENT, np.ones((1, 3), np.uint8))
    strong = (rise > max(STROKES, float(rise.mean()) * 1.5)).astype(np.uint8)
    joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    out: list[tuple[int, int, int, int, float]] = []
    height = ground.shape[0]
    for x, y, w, h, area in stats[1:count].tolist():
        if not (4 <= h <= height / 3 and w >= 1.6 * h and w >= 12 and area >= 0.45 * w * h):
            continue
        patch = strong[y : y + h, x : x + w]
        crossings = float(np.abs(np.diff(patch.astype(np.int8), axis=1)).sum()) / (h * w)
        contrast = float(rise[y : y + h, x : x + w].mean()) / 255
        out.append((x, y, w, h, contrast * crossings * min(w / h, 12.0)))
    return out


def has_text(picture: Pixels, reader: Reader) -> bool:
    """Whether anything in the picture can be read as a word or a number, by a quick look at likely places."""
    found = runs(picture)
    if not found:
        return False
    sheet, (width, height) = mosaic(picture, [run.box for run in found])
    ratio = np.array([picture.shape[1] / width, picture.shape[0] / height], np.float32)
    lines = reader.find(sheet, longest=max(sheet.shape[:2]), smallest=0)
    ranked = sorted(zip(lines.scores, lines.quads, strict=True), key=lambda pair: pair[0], reverse=True)
    strips = (
        straightened(picture, quad * ratio) if quad[:, 1].max() <= height else straightened(sheet, quad)
        for score, quad in ranked[:TRIED]
        if score >= LEAST_SCORE
    )
    return any(_is_word(*reader.recognise([strip])[0]) for strip in strips)  # the first word settles it


def _is_word(text: str, confidence: float) -> bool:
    letters = sum(letter.isalnum() for letter in text)
    return letters >= 2 and confidence >= (LEAST_CONFIDENCE if letters > 2 else LEAST_SHORT)


def mosaic(picture: Pixels, boxes: list[Box]) -> tuple[Pixels, tuple[int, int]]:
    """The whole picture made small, above the likeliest boxes brought to one height; and the size of the small one."""
    height, width = picture.shape[:2]
    scale = min(1.0, (WHOLE / (width * height)) ** 0.5)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    columns = max(1, size[0] // TILE[0])
    rows = -(-TILES // columns)
    sheet = np.full((size[1] + TILE[1] * rows, max(size[0], TILE[0]), 3), 128, np.uint8)
    sheet[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    for index, box in enumerate(boxes[:TILES]):
        row, column = divmod(index, columns)
        tile = _cut(picture, box)
        top, left = size[1] + row * TILE[1], column * TILE[0]
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return sheet, size


def _cut(picture: Pixels, box: Box) -> Pixels:
    """A window of the tile's shape around the left part of a run, the run's height being half of the tile's."""
    height, width = picture.shape[:2]
    tall = min(max(box.height, 6.0) * 2.0, float(height))
    wide = min(tall * TILE[0] / TILE[1], float(width))
    top = int(min(max(box.centre[1] - tall / 2, 0), height - tall))
    left = int(min(max(box.left - tall / 4, 0), width - wide))
    part = picture[top : top + max(1, int(tall)), left : left + max(1, int(wide))]
    scale = min(TILE[0] / part.shape[1], TILE[1] / part.shape[0])
    size = max(1, min(TILE[0], round(part.shape[1] * scale))), max(1, min(TILE[1], round(part.shape[0] * scale)))
    return cast(Pixels, cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))
