"""Flat panels of a drawn picture and the marks that stand on them: what buttons, fields and icons are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.boxes import scaled
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, TextLine

Labels = NDArray[np.int32]

STEP = 4  # levels between neighbours that make an edge
ROUGH_STEP = 8  # and in pictures compressed with loss, which are smoothed first
ROUGHNESS = 30.0  # levels that are smoothed away
BUSY, CLEAN, LEAST_CLEAN = 80, 0.5, 0.36  # levels in a block of 8 x 8; its share of equal neighbours; of such blocks
SMALL = 70  # pixels: the sides of marks that are looked at closely
LEAST_SIDE, LEAST_LONG = 12, 34  # pixels: smaller flat areas are parts of letters and marks
SQUARE = 0.8  # of its box that a panel fills, its contents counted in


@dataclass(frozen=True, slots=True)
class Panel:
    """A flat rectangle, perhaps with round corners: its box, colour, index, and the colour around it.

    `line` is the colour of the frame between the two, which is `colour` again where there is none.
    """

    box: Box
    colour: tuple[int, int, int]
    around: tuple[int, int, int]
    line: tuple[int, int, int]
    index: int

    @property
    def contrast(self) -> int:
        """Levels between it and what it stands on."""
        return apart(self.colour, self.around)

    @property
    def framed(self) -> bool:
        """Whether a line of another colour runs around it."""
        return min(apart(self.line, self.colour), apart(self.line, self.around)) >= 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A connected patch that is no panel: its box, its pixels, and how many it has."""

    box: Box
    mask: Pixels
    area: int


def apart(one: Sequence[int], other: Sequence[int]) -> int:
    """The largest difference between two colours' channels."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def runs_of(scene: Scene, pixels: Pixels) -> list[TextLine]:
    """The runs of text of a scene, in pixels of the picture given."""
    across, down = pixels.shape[1] / scene.width, pixels.shape[0] / scene.height
    return [
        TextLine(run.text, scaled(run.box, across, down), run.confidence, run.block)
        for line in scene.lines
        for run in line.pieces or (line,)
    ]


def is_rough(picture: Pixels) -> bool:
    """Whether a drawn picture was compressed with loss: JPEG leaves ripples beside every letter.

    In a picture kept whole the ground between letters is of one level; in hardly any block of a JPEG is it so.
    """
    green = picture[: picture.shape[0] // 8 * 8, : picture.shape[1] // 8 * 8, 1]
    high, wide = green.shape[0] // 8, green.shape[1] // 8
    blocks = green.reshape(high, 8, wide, 8).transpose(0, 2, 1, 3).reshape(-1, 8, 8).astype(np.int16)
    blocks = blocks[blocks.max(axis=(1, 2)) - blocks.min(axis=(1, 2)) > BUSY]
    if not len(blocks):
        return False
    equal = (np.diff(blocks, axis=1) == 0).mean(axis=(1, 2))
    return bool((equal > CLEAN).mean() < LEAST_CLEAN)


def calm(picture: Pixels) -> tuple[Pixels, int]:
    """The picture without the ripples of JPEG, and the levels between neighbours that make an edge in it."""
    if not is_rough(picture):
        return picture, STEP
    return cast(Pixels, cv2.bilateralFilter(picture, 5, ROUGHNESS, 2)), ROUGH_STEP


def flat_areas(picture: Pixels, step: int = STEP) -> tuple[Labels, NDArray[np.int32]]:
    """Areas in which neighbours are alike: an index for every pixel (0 is edge), and OpenCV's statistics by index."""
    alike = (step - 1,) * 3
    flat = np.full(picture.shape[:2], 255, np.uint8)
    flat[:-1] = cv2.inRange(cv2.absdiff(picture[1:], picture[:-1]), (0, 0, 0), alike)
    flat[:, :-1] &= np.asarray(cv2.inRange(cv2.absdiff(picture[:, 1:], picture[:, :-1]), (0, 0, 0), alike), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4, ltype=cv2.CV_32S)
    return cast(Labels, labels), cast(NDArray[np.int32], stats)


def panels(picture: Pixels, labels: Labels, stats: NDArray[np.int32]) -> list[Panel]:
    """The rectangular flat areas, largest first, with their frames counted in."""
    whole = picture.shape[0] * picture.shape[1]
    sides = stats[:, 2:4]
    fit = (sides.min(axis=1) >= LEAST_SIDE) & (sides.max(axis=1) >= LEAST_LONG)
    fit &= stats[:, 4] >= 0.25 * sides.prod(axis=1)
    fit[0] = False
    out: list[Panel] = []
    for index in np.flatnonzero(fit).tolist():
        x, y, w, h, area = (int(value) for value in stats[index])
        mask = (labels[y : y + h, x : x + w] == index).astype(np.uint8)
        if _filled(mask) < SQUARE * w * h and area < 0.1 * whole:
            continue
        colour = _middle(picture[y : y + h, x : x + w][mask > 0])
        out.append(_framed(picture, Box(x, y, x + w, y + h), colour, index))
    return sorted(out, key=lambda panel: -panel.box.width * panel.box.height)


def marks(picture: Pixels, labels: Labels, grounds: Sequence[Panel], step: int = STEP) -> list[Mark]:
    """What stands on the panels: letters, ticks, icons, pictures, frames."""
    table = np.ones(int(labels.max()) + 1, np.uint8)
    table[[panel.index for panel in grounds]] = 0
    # An edge is noted at the pixel before it, so the last pixel of a ground counts as a mark: take it back.
    ink = table[labels]
    _, found, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    out = []
    for index, (x, y, w, h, area) in enumerate(stats.tolist()):
        if index and w >= 3 and h >= 3:
            mask = (found[y : y + h, x : x + w] == index).astype(np.uint8)
            mark = Mark(Box(x + 1, y + 1, x + w, y + h), cast(Pixels, mask), int(area))
            out.append(_drawn_in(picture, mark) if step != STEP and max(w, h) <= SMALL else mark)
    return out


def _drawn_in(picture: Pixels, mark: Mark) -> Mark:
    """A small mark without the blur around it: the pixels that stand out from what surrounds it."""
    x, y = max(0, int(mark.box.left) - 3), max(0, int(mark.box.top) - 3)
    cut = picture[y : int(mark.box.bottom) + 3, x : int(mark.box.right) + 3].astype(np.int16)
    ring = np.concatenate([cut[0], cut[-1], cut[:, 0], cut[:, -1]])
    away = np.abs(cut - np.median(ring, axis=0)).max(axis=2)
    ink = (away > max(20, 0.35 * float(np.percentile(away, 97)))).astype(np.uint8)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) < 3 or len(columns) < 3:
        return mark
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    part = np.ascontiguousarray(ink[top:bottom, left:right])
    box = Box(float(x + left), float(y + top), float(x + right), float(y + bottom))
    return Mark(box, cast(Pixels, part), int(part.sum()))


def _filled(mask: Pixels) -> float:
    """The pixels of an area with its holes."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return 0.0
    outer = max(contours, key=cv2.contourArea)
    return float(cv2.contourArea(outer) + cv2.arcLength(outer, closed=True) / 2 + 1)


def _middle(values: Pixels) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in np.median(values[:: max(1, len(values) // 2000)], axis=0))
    return red, green, blue


def _framed(picture: Pixels, box: Box, colour: tuple[int, int, int], index: int) -> Panel:
    """The panel with its frame: the box grows over at most four pixels whose colour is that of neither side."""
    height, width = picture.shape[:2]
    left, top, right, bottom = int(box.left), int(box.top), int(box.right), int(box.bottom)
    a, b = top + (bottom - top) // 3, max(top + (bottom - top) // 3 + 1, bottom - (bottom - top) // 3)
    c, d = left + (right - left) // 3, max(left + (right - left) // 3 + 1, right - (right - left) // 3)

    def line(side: str, step: int) -> tuple[int, int, int] | None:
        at = {"l": left - step, "t": top - step, "r": right - 1 + step, "b": bottom - 1 + step}[side]
        if at < 0 or at >= (width if side in "lr" else height):
            return None
        return _middle(picture[a:b, at] if side in "lr" else picture[at, c:d])

    grown, lines, rounds = dict.fromkeys("ltrb", 0), [], []
    for side in "ltrb":
        outside = line(side, 6) or line(side, 3) or colour
        rounds.append(outside)
        for step in range(1, 5):
            here = line(side, step)
            if here is not None and step <= 2 and apart(here, colour) < STEP:
                continue  # an edge is noted at the pixel before it
            if here is None or apart(here, outside) < STEP:
                break
            grown[side] = step
            lines.append(here)
    full = Box(left - grown["l"], top - grown["t"], right + grown["r"], bottom + grown["b"])
    around = _middle(np.array(rounds, np.uint8))
    return Panel(full, colour, around, _middle(np.array(lines, np.uint8)) if len(lines) >= 3 else colour, index)
