"""Solid rectangles of a drawing, whole though the lines of a grid run over them, and drawn to parts of a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.boxes import within
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.seeing.panels import Labels, apart

SOLID = 0.86  # of its box that a bar fills
LEAST_BAR = (4, 2)  # pixels: thickness, length
LEAST_CONTRAST = 25  # levels between a bar and what it stands on
VIVID = 40  # levels between a colour's channels
LEAST_GROUND = 0.2  # of the picture
GRID = 5  # pixels: lines of a grid are thinner
JOINED = 0.93  # of its box that a bar fills across the lines of a grid


@dataclass(frozen=True, slots=True)
class Patch:
    """A solid rectangle in one colour."""

    box: Box
    colour: tuple[int, int, int]


def patches(pixels: Pixels, labels: Labels, stats: NDArray[np.int32]) -> list[Patch]:
    """All solid rectangles that stand out from the ground."""
    out: list[Patch] = []
    ground = _ground(pixels)
    whole = pixels.shape[0] * pixels.shape[1]
    sides = stats[:, 2:4]
    fit = (sides.min(axis=1) >= 1) & (sides.max(axis=1) >= LEAST_BAR[0]) & (stats[:, 4] < 0.25 * whole)
    fit &= stats[:, 4] >= 0.6 * sides.prod(axis=1)
    fit[0] = False
    for index in np.flatnonzero(fit).tolist():
        x, y, w, h, _ = (int(value) for value in stats[index])
        mask = (labels[y : y + h, x : x + w] == index).astype(np.uint8)
        red, green, blue = (int(value) for value in np.median(pixels[y : y + h, x : x + w][mask > 0], axis=0))
        colour = red, green, blue
        if apart(colour, ground) < LEAST_CONTRAST or (max(colour) - min(colour) < 12 and w * h < 150):
            continue
        box = _grown(pixels, Box(x, y, x + w, y + h), colour)
        wide, high = box.width, box.height
        if min(wide, high) >= LEAST_BAR[1] and max(wide, high) >= LEAST_BAR[0] and _covers(mask) >= SOLID * w * h:
            out.append(Patch(box, colour))
    return out


def joined(pixels: Pixels, found: Sequence[Patch]) -> list[Patch]:
    """The patches, those that only lines of a grid divide made one."""
    out = list(found)
    colours: list[tuple[int, int, int]] = []
    for patch in found:
        if all(apart(patch.colour, known) > 12 for known in colours):
            colours.append(patch.colour)
    for colour in colours:
        low, high = (np.clip(np.array(colour) + step, 0, 255) for step in (-16, 16))
        mask = cast(Pixels, cv2.inRange(pixels, low, high) // 255)
        mask = cast(Pixels, cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((GRID, GRID), np.uint8)))
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        for x, y, w, h, area in stats[1:].tolist():
            whole = Box(x - 1.5, y - 1.5, x + w + 1.5, y + h + 1.5)
            parts = [p for p in out if apart(p.colour, colour) <= 12 and within(p.box, whole)]
            if parts and area >= JOINED * w * h:
                box = Box(float(x), float(y), float(x + w), float(y + h))  # slivers beyond the last line counted in
                out = [p for p in out if p not in parts]
                out.append(Patch(_grown(pixels, box, colour) if len(parts) > 1 else _wider(parts[0].box, box), colour))
    return out


def _wider(one: Box, other: Box) -> Box:
    """The larger of two boxes, side by side, where they differ by more than the blur of an edge."""
    return Box(
        other.left if one.left - other.left > 1.5 else one.left,
        other.top if one.top - other.top > 1.5 else one.top,
        other.right if other.right - one.right > 1.5 else one.right,
        other.bottom if other.bottom - one.bottom > 1.5 else one.bottom,
    )


def _covers(mask: Pixels) -> float:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outer = max(contours, key=cv2.contourArea)
    return float(cv2.contourArea(outer) + cv2.arcLength(outer, closed=True) / 2 + 1)


def _ground(pixels: Pixels) -> tuple[int, int, int]:
    """The most usual colour; a dull one where the most usual is vivid: wide bars may cover more than the paper."""
    small = pixels[:: max(1, pixels.shape[0] // 200), :: max(1, pixels.shape[1] // 300)].reshape(-1, 3)
    packed = (small >> 3).astype(np.int32) @ np.array([1024, 32, 1])
    most = usual = _usual(small, packed)
    if max(most) - min(most) > VIVID:
        dull = small.max(axis=1) - small.min(axis=1) <= VIVID
        usual = _usual(small[dull], packed[dull]) if dull.mean() > LEAST_GROUND else most
    return usual


def _usual(values: Pixels, packed: NDArray[np.int32]) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in np.median(values[packed == np.bincount(packed).argmax()], axis=0))
    return red, green, blue


def _grown(pixels: Pixels, box: Box, colour: tuple[int, int, int]) -> Box:
    """The box with what is left of its colour on every side: a half-covered row counts by its share of the colour."""
    left, top, right, bottom = int(box.left), int(box.top), int(box.right), int(box.bottom)
    a, b = (top + bottom) // 2, (left + right) // 2
    column = np.median(pixels[max(0, top - 4) : bottom + 4, max(0, b - 1) : b + 2].astype(np.int16), axis=1)
    row = np.median(pixels[max(0, a - 1) : a + 2, max(0, left - 4) : right + 4].astype(np.int16), axis=0)
    up, low = _ends(column, top - max(0, top - 4), len(column) - 4, colour)
    west, east = _ends(row, left - max(0, left - 4), len(row) - 4, colour)
    return Box(left - west, top - up, right + east, bottom + low)


def _ends(strip: NDArray[np.float64], first: int, last: int, colour: tuple[int, int, int]) -> tuple[float, float]:
    """How many pixels, in parts too, the colour goes on before `first` and from `last`, at most three."""
    away = np.abs(strip - np.array(colour)).max(axis=1)

    def reach(order: list[int], beyond: int) -> float:
        total, far = 0.0, max(float(away[beyond]), 1.0) if 0 <= beyond < len(away) else 255.0
        for at in order:
            if not 0 <= at < len(away):
                break
            share = 1 - min(1.0, float(away[at]) / far)
            total += share if share > 0.05 else 0.0
            if share < 0.9:
                break
        return total

    return (
        reach([first - 1, first - 2, first - 3], max(0, first - 4)),
        reach([last, last + 1, last + 2], min(len(away) - 1, last + 3)),
    )
