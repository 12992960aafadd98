"""Geometry of reading: quadrilaterals around lines, quarter turns, and cutting a line out as a straight strip."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box

Quad = NDArray[np.float32]  # 4 x 2: the corners of a line from its top left, clockwise, in pixels

STANDING = 1.5  # height over width from which a line is taken to run up or down the page


def sides(quad: Quad) -> tuple[float, float]:
    """Width and height of a line, along its own axes."""
    width = max(float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[2] - quad[3])))
    height = max(float(np.linalg.norm(quad[3] - quad[0])), float(np.linalg.norm(quad[2] - quad[1])))
    return width, height


def length(quad: Quad) -> float:
    """The longer side."""
    return max(sides(quad))


def standing(quad: Quad) -> bool:
    """Whether the line runs up or down the page."""
    width, height = sides(quad)
    return height >= STANDING * max(width, 1.0)


def turned(quad: Quad, turns: int, width: int, height: int) -> Quad:
    """The quadrilateral after `numpy.rot90(picture, turns)` of a `width` x `height` picture; corners in order again."""
    points = quad.copy()
    for _ in range(turns % 4):
        points = np.stack([points[:, 1], width - points[:, 0]], axis=1)
        width, height = height, width
    return ordered(points)


def ordered(points: Quad) -> Quad:
    """Four corners from the top left, clockwise."""
    by_x = points[np.argsort(points[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    left = left[np.argsort(left[:, 1], kind="stable")]
    right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def bounds(quad: Quad, width: int, height: int) -> Box:
    """The upright rectangle around a line, inside the picture and never empty."""
    left = min(max(float(quad[:, 0].min()), 0.0), width - 1.0)
    top = min(max(float(quad[:, 1].min()), 0.0), height - 1.0)
    right = min(max(float(quad[:, 0].max()), left + 1.0), float(width))
    bottom = min(max(float(quad[:, 1].max()), top + 1.0), float(height))
    return Box(left, top, right, bottom)


def turned_box(box: Box, turns: int, width: int, height: int) -> Box:
    """A box after `numpy.rot90(picture, turns)` of a `width` x `height` picture."""
    for _ in range(turns % 4):
        box = Box(box.top, width - box.right, box.bottom, width - box.left)
        width, height = height, width
    return box


def straightened(picture: Pixels, quad: Quad) -> Pixels:
    """The line cut out as a level strip; lines that are level already are sliced, which is far cheaper than a warp."""
    width, height = (max(2, round(side)) for side in sides(quad))
    slope = max(abs(float(quad[1, 1] - quad[0, 1])), abs(float(quad[3, 0] - quad[0, 0])))
    if slope <= 1.5:
        box = bounds(quad, picture.shape[1], picture.shape[0])
        cut = picture[
            int(box.top) : max(int(box.bottom + 0.5), int(box.top) + 1),
            int(box.left) : max(int(box.right + 0.5), int(box.left) + 1),
        ]
        return np.ascontiguousarray(cut)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    return cast(
        Pixels,
        cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
    )
