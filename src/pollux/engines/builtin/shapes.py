"""Plain coloured regions of a drawing: circles, squares, triangles, stars and their kin."""

from __future__ import annotations

from math import hypot, pi
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Shape

SIDE = 640  # pixels: the size at which shapes are looked for
SMALLEST = 0.0008  # of the picture's area
NEAR = 28  # levels a channel may differ from the region's colour
MOST_COLOURS = 12
MOST = 40

Contour = NDArray[np.int32]


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
    solid = area / max(cv2.contourArea(hull), 1.0)
    around = cv2.arcLength(contour, closed=True)
    polygon = cv2.approxPolyDP(contour, 0.02 * around, closed=True)
    corners = len(polygon)
    (_, _), (one, other), _ = cv2.minAreaRect(contour)
    longer, shorter = max(one, other, 1.0), max(min(one, other), 1.0)
    if longer > 10 * shorter and area > 0.7 * longer * shorter:
        return "line"
    if 0.35 < solid < 0.8:
        return "star" if _is_star(contour, cast(Contour, polygon.reshape(-1, 2))) else "shape"
    if solid < 0.9:
        return "shape"
    if corners == 3 or area / (longer * shorter) < 0.6:
        return "triangle" if corners <= 4 else "shape"
    if area / (longer * shorter) > 0.94:
        return "square" if longer < 1.08 * shorter else "rectangle"
    if corners in (5, 6, 8) and abs(cv2.contourArea(polygon) / area - 1) < 0.03:
        return {5: "pentagon", 6: "hexagon", 8: "octagon"}[corners]
    if abs(area / (pi / 4 * longer * shorter) - 1) < 0.05 and corners > 5:
        return "circle" if longer < 1.08 * shorter else "ellipse"
    return "shape"


def _is_star(contour: Contour, corners: Contour) -> bool:
    """Whether the outline swings out and in again, as far each time: four points or more, a notch after each."""
    moments = cv2.moments(contour)
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    reach = sorted(hypot(px - x, py - y) for px, py in corners.tolist())
    half = len(reach) // 2
    if len(reach) % 2 or not 4 <= half <= 8:
        return False
    notches, tips = reach[:half], reach[half:]
    return tips[-1] < 1.35 * tips[0] and notches[-1] < 1.35 * notches[0] and notches[-1] < 0.8 * tips[0]


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
