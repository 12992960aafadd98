"""Slices of a pie or a ring: their colours along a circle, counted."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, hypot, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.seeing import scales
from pollux.engines.builtin.seeing.panels import Labels, apart, calm, flat_areas
from pollux.engines.builtin.seeing.thing import Thing

LEAST_RADIUS = 30  # pixels
STEPS = 1440  # rays around the middle
ROUND = 0.93  # of the circle around it that a pie fills, holes counted in
LEAST_CONTRAST = 30  # levels between a slice and the page
LEAST_SHARE = 0.008
Key = tuple[tuple[int, int, int], str]


def is_pie(picture: Pixels) -> bool:
    """Whether a drawing has a disc of at least three slices."""
    picture, step = calm(picture)
    labels, stats = flat_areas(picture, step)
    return len(slices(picture, labels, stats, (), ())) >= 3


def slices(
    pixels: Pixels, labels: Labels, stats: NDArray[np.int32], runs: Sequence[TextLine], keys: Sequence[Key]
) -> list[Thing]:
    """The slices of the largest pie, clockwise from the right, with their shares in per cent; empty without one."""
    circle = _circle(pixels, labels, stats)
    if circle is None:
        return []
    x, y, radius = circle
    turns = np.arange(STEPS) * (2 * pi / STEPS)
    rows = np.clip((y + 0.86 * radius * np.sin(turns)).astype(int), 0, labels.shape[0] - 1)
    columns = np.clip((x + 0.86 * radius * np.cos(turns)).astype(int), 0, labels.shape[1] - 1)
    met = _colours(pixels[rows, columns])
    parts = _arcs(met)
    if len(parts) < 2:
        return []
    total = sum(count for _, count in parts)
    out = []
    for first, count in parts:
        share = 100 * count / total
        middle = (first + count / 2) * 2 * pi / STEPS
        at = int(first + count / 2) % STEPS
        near = pixels[rows[at] - 1 : rows[at] + 2, columns[at] - 1 : columns[at] + 2].reshape(-1, 3)
        red, green, blue = (int(v) for v in np.median(near, axis=0))
        text, printed = _said(runs, keys, (red, green, blue), (x, y, radius), middle)
        if printed is not None and abs(printed - share) > 3:
            printed = None
        box = _box(pixels, (x, y, radius), first * 2 * pi / STEPS, count * 2 * pi / STEPS)
        value = f"value {printed if printed is not None else round(share, 1):g}%"
        names = ("slice", "wedge", "segment", "pie slice")
        out.append(Thing("chart", names, box, 0.9, name_of((red, green, blue)), text, state=value))
    return out


def _circle(pixels: Pixels, labels: Labels, stats: NDArray[np.int32]) -> tuple[float, float, float] | None:
    """The middle and radius of the largest disc made of several flat areas that stand out from the page."""
    keep = np.zeros(len(stats), np.uint8)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = [int(v) for v in np.median(edge, axis=0)]
    count = 0
    for index in np.flatnonzero(stats[:, 4] > 60).tolist():
        x, y, w, h, area = (int(v) for v in stats[index])
        if index == 0 or min(w, h) < 8 or area > 0.5 * labels.size or x == 0 or y == 0:
            continue
        inside = pixels[y : y + h, x : x + w][labels[y : y + h, x : x + w] == index]
        middle = np.median(inside[:: max(1, len(inside) // 500)], axis=0)
        if apart([int(v) for v in middle], ground) >= LEAST_CONTRAST:
            keep[index] = 1
            count += 1
    if count < 2:
        return None
    mask = cv2.morphologyEx(keep[labels], cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        (across, down), radius = cv2.minEnclosingCircle(contour)
        if radius >= LEAST_RADIUS and cv2.contourArea(contour) >= ROUND * pi * radius * radius:
            return float(across), float(down), float(radius)
    return None


def _colours(ring: Pixels) -> NDArray[np.int32]:
    """An index for every sample, alike for neighbours in one colour; -1 for edges between two."""
    values = ring.astype(np.int16)
    step = np.abs(values - np.roll(values, 1, axis=0)).max(axis=1)
    out = np.cumsum(step > 10).astype(np.int32)
    if step[0] <= 10:
        out[out == out[-1]] = out[0]
    return out


def _arcs(met: NDArray[np.int32]) -> list[tuple[int, int]]:
    """(first sample, number of samples) of the arcs, the thin edges between them shared out."""
    firsts = [i for i in range(STEPS) if met[i] != met[i - 1]]
    if len(firsts) < 2:
        return []
    runs = [(first, (firsts[(n + 1) % len(firsts)] - first) % STEPS) for n, first in enumerate(firsts)]
    large = [run for run in runs if run[1] >= LEAST_SHARE * STEPS]
    out = []
    for n, (first, count) in enumerate(large):
        before, after = large[n - 1], large[(n + 1) % len(large)]
        lead = ((first - (before[0] + before[1])) % STEPS) / 2
        tail = ((after[0] - (first + count)) % STEPS) / 2
        out.append((round(first - lead), round(count + lead + tail)))
    return out


def _said(
    runs: Sequence[TextLine],
    keys: Sequence[Key],
    colour: tuple[int, int, int],
    circle: tuple[float, float, float],
    middle: float,
) -> tuple[str, float | None]:
    """The name of a slice and the share printed in it or at it."""
    x, y, radius = circle
    name, printed, nearest = "", None, 0.45
    for run in runs:
        away = hypot(run.box.centre[0] - x, run.box.centre[1] - y)
        turn = abs((atan2(run.box.centre[1] - y, run.box.centre[0] - x) - middle + pi) % (2 * pi) - pi)
        value = scales.figure(run.text) if "%" in run.text else None
        if value is not None and turn < 0.25 and away < 1.5 * radius:
            printed = value
        elif value is None and radius < away < radius + 1.2 * run.box.width + 30 and turn < nearest:
            name, nearest = run.text, turn
    key = min(keys, key=lambda one: apart(one[0], colour), default=None)
    if key is not None and apart(key[0], colour) < 30:
        name = key[1]
    return name, printed


def _box(pixels: Pixels, circle: tuple[float, float, float], first: float, length: float) -> Box:
    """Around a slice: its ends and whatever it crosses of the four sides; the middle, unless the pie is a ring."""
    x, y, radius = circle
    ground = pixels[0, 0].astype(np.int16)
    hollow = int(np.abs(pixels[int(y), int(x)].astype(np.int16) - ground).max()) < 24
    turns = [first, first + length]
    turns += [n * pi / 2 for n in range(-4, 9) if first < n * pi / 2 < first + length]
    inner = _hole(pixels, circle) if hollow else 0.0
    points = [(x + reach * cos(t), y + reach * sin(t)) for t in turns for reach in (radius, inner)]
    xs, ys = [px for px, _ in points], [py for _, py in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _hole(pixels: Pixels, circle: tuple[float, float, float]) -> float:
    """The radius of the hole of a ring."""
    x, y, radius = circle
    ground = pixels[int(y), int(x)].astype(np.int16)
    reach = next((r for r in range(2, int(radius)) if np.abs(pixels[int(y), int(x + r)] - ground).max() > 24), 0)
    return float(reach)
