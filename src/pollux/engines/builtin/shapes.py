"""Plain coloured regions of a drawing: circles, squares, triangles, stars and their kin."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot, pi
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Shape

SIDE = 960  # pixels: the size at which shapes are looked for
SMALLEST = 0.0008  # of the picture's area
NEAR = 28  # levels a channel may differ from the region's colour
MOST_COLOURS = 12
MOST = 40

Contour = NDArray[np.int32]
Points = NDArray[np.float64]

_STEPS = (0.02, 0.012, 0.03, 0.04)  # of an outline's length: how far it is simplified, tried in turn
_TRIED = tuple(0.004 * 1.18**n for n in range(24))
_ROOM = 96  # pixels: half the side of the canvas on which outlines are compared
_SLACK = 0.022  # of the area: a form with fewer corners may fit so much worse than the best
_ROUND = 7  # stands for an ellipse's corners: more than a hexagon's, fewer than an octagon's


def shapes(picture: Pixels) -> tuple[Shape, ...]:
    """The plain regions of an RGB drawing, without its ground, from the top left by rows, at most 40."""
    small = fit(picture, SIDE, interpolation=cv2.INTER_NEAREST)  # nearest: no mixed colours along edges
    scale = max(picture.shape[:2]) / max(small.shape[:2])
    palette = _palette(small)
    ground = _ground(small, palette)
    out: list[Shape] = []
    for index, colour in enumerate(palette):
        if index == ground:
            continue
        mask = _near(small, colour)
        mask = cast(Pixels, cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            if cv2.contourArea(contour) < SMALLEST * mask.size:
                continue
            x, y, w, h = cv2.boundingRect(contour)
            box = Box(x * scale, y * scale, (x + w) * scale, (y + h) * scale)
            out.append(Shape(name_of_contour(cast(Contour, contour)), name_of(colour), box))
    height = picture.shape[0]
    out.sort(key=lambda shape: (round(shape.box.centre[1] / height * 6), shape.box.left))
    return tuple(out[:MOST])


def name_of_contour(contour: Contour) -> str:
    """What people call the outline of a filled region; "shape" when it has no common name."""
    area = cv2.contourArea(contour)
    hull = cv2.convexHull(contour)
    (_, _), (one, other), _ = cv2.minAreaRect(contour)
    longer, shorter = max(one, other, 1.0), max(min(one, other), 1.0)
    if longer > 10 * shorter and area > 0.7 * longer * shorter:
        return "line"
    if area < 0.9 * cv2.contourArea(hull):
        return next((name for step in _STEPS if (name := _hollow(contour, step))), "shape")
    return _bulging(cast(Contour, hull), longer, shorter)


def _hollow(contour: Contour, step: float) -> str:
    """The name of an outline that goes in somewhere, simplified to `step` of its length; "" when it has none.

    It is told by how many corners that go out stand between those that go in.
    """
    corners = cv2.approxPolyDP(contour, step * cv2.arcLength(contour, closed=True), closed=True).reshape(-1, 2)
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    into, out_of = corners - before, after - corners
    turns = into[:, 0] * out_of[:, 1] - into[:, 1] * out_of[:, 0]
    inward = np.flatnonzero(turns * np.sign(turns.sum()) < 0)
    if len(inward) < 2:
        return ""
    runs = sorted((np.diff([*inward, inward[0] + len(corners)]) - 1).tolist())
    if runs == [2, 3]:
        return "arrow"
    if runs == [2, 2, 2, 2]:
        return "cross"
    return "star" if 4 <= len(runs) <= 8 and set(runs) == {1} and _is_star(contour, cast(Contour, corners)) else ""


def _is_star(contour: Contour, corners: Contour) -> bool:
    """Whether the outline swings out and in again, as far each time."""
    moments = cv2.moments(contour)
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    reach = sorted(hypot(px - x, py - y) for px, py in corners.tolist())
    half = len(reach) // 2
    notches, tips = reach[:half], reach[half:]
    return tips[-1] < 1.35 * tips[0] and notches[-1] < 1.35 * notches[0] and notches[-1] < 0.8 * tips[0]


def _bulging(hull: Contour, longer: float, shorter: float) -> str:
    """The name of an outline that only goes out: the simplest form that covers the same pixels."""
    moments = cv2.moments(hull)
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    scale = _ROOM / max(longer, 1.0)
    points = np.asarray((hull.reshape(-1, 2) - (x, y)) * scale + _ROOM, np.float64)
    mine = _area(points)
    unlike = {_ROUND: 1 - _shared(mine, _area(_ellipse(moments, scale)))}
    for corners, fitted in _polygons(points):
        unlike[corners] = min(unlike.get(corners, 1.0), 1 - _shared(mine, _area(fitted)))
    limit = min(unlike.values()) + 0.5 / shorter
    corners = min(n for n, far in unlike.items() if far <= limit + (_SLACK if n > 4 else 2 * _SLACK))
    if unlike[corners] > 0.06 + 1 / shorter:
        return "shape"
    if corners == 4:
        if cv2.contourArea(hull) < 0.88 * longer * shorter:
            return "shape"
        return "square" if longer < 1.08 * shorter + 1 else "rectangle"
    if corners == _ROUND:
        return "circle" if longer < 1.08 * shorter + 1 else "ellipse"
    return {3: "triangle", 5: "pentagon", 6: "hexagon", 8: "octagon"}[corners]


def _polygons(points: Points) -> list[tuple[int, Points]]:
    """The outline simplified to 3, 4, 5, 6 and 8 corners, in several ways, and the least triangle and rectangle."""
    out: list[tuple[int, Points]] = []
    outline = points.astype(np.float32).reshape(-1, 1, 2)
    around, area = cv2.arcLength(outline, closed=True), cv2.contourArea(outline)
    _, triangle = cv2.minEnclosingTriangle(outline)
    if triangle is not None:
        out.append((3, triangle.reshape(-1, 2).astype(np.float64)))
    out.append((4, cv2.boxPoints(cv2.minAreaRect(outline)).astype(np.float64)))
    for step in _TRIED:
        polygon = cv2.approxPolyDP(outline, step * around, closed=True).reshape(-1, 2).astype(np.float64)
        if len(polygon) in (3, 4, 5, 6, 8):
            middle = polygon.mean(axis=0)
            grow = float(np.sqrt(area / max(cv2.contourArea(polygon.astype(np.float32)), 1.0)))
            out.append((len(polygon), (polygon - middle) * min(grow, 1.06) + middle))
    return out + [(corners, _regular(outline, corners, area)) for corners in (5, 6)]


def _regular(outline: NDArray[np.float32], corners: int, area: float) -> Points:
    """The regular polygon of that area about the outline's centre, turned as the outline's distance from it swings."""
    moments = cv2.moments(outline)
    centre = np.array([moments["m10"], moments["m01"]]) / max(moments["m00"], 1e-6)
    ring = outline.reshape(-1, 2).astype(np.float64)
    steps = np.linspace(0, 1, 16, endpoint=False)[:, None, None]
    every = (ring + steps * (np.roll(ring, -1, axis=0) - ring)).reshape(-1, 2) - centre
    length = np.tile(np.hypot(*(np.roll(ring, -1, axis=0) - ring).T), 16)
    far, angle = np.hypot(*every.T), np.arctan2(every[:, 1], every[:, 0])
    swing = (length * (far - np.average(far, weights=length)) * np.exp(1j * corners * angle)).sum()
    reach = np.sqrt(2 * area / (corners * np.sin(2 * pi / corners)))
    at = np.angle(swing) / corners + 2 * pi * np.arange(corners) / corners
    return np.asarray(centre + reach * np.stack([np.cos(at), np.sin(at)], axis=1), np.float64)


def _ellipse(moments: Mapping[str, float], scale: float) -> Points:
    """The outline of the ellipse with the same area and spread, about (_ROOM, _ROOM)."""
    spread = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]]) / moments["m00"]
    values, vectors = np.linalg.eigh(spread)
    angles = np.linspace(0, 2 * pi, 72, endpoint=False)
    across = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (2 * np.sqrt(np.maximum(values, 1e-6)))
    return np.asarray(across @ vectors.T * scale + _ROOM, np.float64)


def _area(points: Points) -> Pixels:
    canvas = np.zeros((2 * _ROOM, 2 * _ROOM), np.uint8)
    cv2.fillPoly(canvas, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return canvas


def _shared(one: Pixels, other: Pixels) -> float:
    """Intersection over union."""
    return float((one & other).sum() / max(1, int((one | other).sum())))


def _palette(small: Pixels) -> list[tuple[int, int, int]]:
    """The colours that fill flat regions, by how much they fill, no two alike."""
    same = (small[:, 1:] == small[:, :-1]).all(axis=2)
    flat = small[:, 1:][same]
    if not flat.size:
        return []
    values = flat.astype(np.int64) @ np.array([65536, 256, 1])
    colours, counts = np.unique(values, return_counts=True)
    out: list[tuple[int, int, int]] = []
    for index in np.argsort(-counts).tolist()[:200]:
        if counts[index] < SMALLEST * small.shape[0] * small.shape[1] / 2 or len(out) == MOST_COLOURS:
            break
        value = int(colours[index])
        colour = value >> 16, value >> 8 & 255, value & 255
        if all(max(abs(a - b) for a, b in zip(colour, known, strict=True)) > NEAR for known in out):
            out.append(colour)
    return out


def _ground(small: Pixels, palette: list[tuple[int, int, int]]) -> int:
    """The index of the colour that fills most of the border; -1 when none does."""
    edge = np.concatenate(
        [small[:2].reshape(-1, 3), small[-2:].reshape(-1, 3), small[:, :2].reshape(-1, 3), small[:, -2:].reshape(-1, 3)]
    )[None]
    shares = [float(_near(edge, colour).mean()) for colour in palette]
    return int(np.argmax(shares)) if shares and max(shares) > 0.3 * 255 else -1


def _near(pixels: Pixels, colour: tuple[int, int, int]) -> Pixels:
    low = np.array([max(0, channel - NEAR) for channel in colour])
    high = np.array([min(255, channel + NEAR) for channel in colour])
    return cast(Pixels, cv2.inRange(pixels, low, high))
