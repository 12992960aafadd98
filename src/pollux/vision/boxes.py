"""Boxes and points of Gemini's answers, and pixels.

`box_2d` is `[ymin, xmin, ymax, xmax]` and `point` is `[y, x]`, 0 to 1000 of the upright picture's height and
width. Boxes in pixels are `[x0, y0, x1, y1]`: the left and top edge, and the first column and row outside.

The rule of rounding is the documentation's own code, `int(value / 1000 * size)`: towards zero, in floating point and in
that order.  The way back looks for the
number that this rule takes nearest to the pixel; up to a side of 1000 pixels it finds the pixel itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pollux.errors import InvalidArgument

SCALE = 1000
MOST_SIDE = 1 << 24
"""Pixels.  Wider pictures are refused: sums and products stay exact in 64 bits."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height of the upright picture, in pixels."""


def to_pixels(boxes: ArrayLike, size: Size) -> Ints:
    """`box_2d` (4 or n x 4) as `[x0, y0, x1, y1]` in pixels of a picture of `size`, same shape.

    Swapped corners are put right and what lies outside the picture is clipped, so 0 <= x0 <= x1 <= width always.  A box
    thinner than a pixel comes out empty; the documentation's code skips those.  InvalidArgument for what is not four
    finite numbers each.
    """
    width, height = checked(size)
    ordered = clip(boxes)
    sides = np.array([height, width, height, width], np.float64)
    return np.asarray((ordered / SCALE * sides).astype(np.int64)[..., [1, 0, 3, 2]])


def from_pixels(pixels: ArrayLike, size: Size, rounding: Literal["nearest", "out"] = "nearest") -> Ints:
    """`[x0, y0, x1, y1]` in pixels (4 or n x 4) as `box_2d`, integers 0 to 1000, same shape.

    "nearest" takes the number that `to_pixels` brings closest to the pixel, the smaller of two; "out" takes the closest
    box that holds the given one.  Swapped corners are put right, and what lies outside the picture is clipped.
    """
    width, height = checked(size)
    values = _numbers(pixels, 4, "pixels")[..., [1, 0, 3, 2]]
    low, high = np.minimum(values[..., :2], values[..., 2:]), np.maximum(values[..., :2], values[..., 2:])
    sides = np.array([height, width], np.float64)
    if rounding == "out":
        return np.concatenate([_floor(low, sides), _ceil(high, sides)], axis=-1)
    return np.concatenate([_nearest(low, sides), _nearest(high, sides)], axis=-1)


def points_to_pixels(points: ArrayLike, size: Size) -> Ints:
    """`[y, x]` of 0 to 1000 (2 or n x 2) as `[x, y]`, the pixel that holds the point: at most width - 1, height - 1."""
    width, height = checked(size)
    values = np.clip(_numbers(points, 2, "point"), 0, SCALE)
    sides = np.array([height, width])
    return np.asarray(np.minimum((values / SCALE * sides).astype(np.int64), sides - 1)[..., ::-1])


def points_from_pixels(pixels: ArrayLike, size: Size) -> Ints:
    """`[x, y]` in pixels (2 or n x 2) as `[y, x]`, integers 0 to 1000, the nearest by the same rule."""
    width, height = checked(size)
    return _nearest(_numbers(pixels, 2, "pixels")[..., ::-1], np.array([height, width], np.float64))


def clip(boxes: ArrayLike) -> Floats:
    """`box_2d` (4 or n x 4) with swapped corners put right and everything within 0 to 1000, not rounded."""
    values = np.clip(_numbers(boxes, 4, "box_2d"), 0, SCALE)
    low, high = np.minimum(values[..., :2], values[..., 2:]), np.maximum(values[..., :2], values[..., 2:])
    return np.asarray(np.concatenate([low, high], axis=-1))


def area(boxes: ArrayLike) -> Floats:
    """The area of each box (n x 4, any unit, either order of axes); 0 for one whose corners are swapped."""
    values = _numbers(boxes, 4, "boxes")
    return np.asarray(np.prod(np.maximum(values[..., 2:] - values[..., :2], 0), axis=-1))


def iou(first: ArrayLike, second: ArrayLike) -> Floats:
    """Intersection over union of each of n boxes with each of m: n x m, 0 to 1.

    Both lists in the same unit and order of axes; an empty box has 0 with everything, itself too.
    """
    one, two = _numbers(first, 4, "boxes").reshape(-1, 4), _numbers(second, 4, "boxes").reshape(-1, 4)
    low = np.maximum(one[:, None, :2], two[None, :, :2])
    high = np.minimum(one[:, None, 2:], two[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=-1)
    union = area(one)[:, None] + area(two)[None, :] - common
    return np.asarray(np.divide(common, union, out=np.zeros_like(common), where=union > 0))


def suppress(
    boxes: ArrayLike,
    scores: ArrayLike | None = None,
    *,
    threshold: float = 0.5,
    labels: Sequence[str] | None = None,
) -> Ints:
    """Non-maximum suppression: the places of the boxes that stay, best score first (without scores: in their order).

    A box goes when a better one of the same label (without labels: any better one) overlaps it with an IoU above
    `threshold`.  Equal scores keep their order.  Memory grows with n, not with n x n.
    """
    values = _numbers(boxes, 4, "boxes").reshape(-1, 4)
    weights = np.zeros(len(values)) if scores is None else _numbers(scores, None, "scores")
    if weights.shape != (len(values),) or (labels is not None and len(labels) != len(values)):
        raise InvalidArgument("scores, labels: give one for each box.", field="scores")
    kinds = np.zeros(len(values), np.int64) if labels is None else np.unique(list(labels), return_inverse=True)[1]
    waiting, kept = np.argsort(-weights, kind="stable"), []
    while len(waiting):
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        same = kinds[waiting] == kinds[best]
        waiting = waiting[~(same & (iou(values[best], values[waiting])[0] > threshold))]
    return np.array(kept, np.int64)


def checked(size: Size) -> Size:
    """The size, if it is one; InvalidArgument else."""
    width, height = size
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise InvalidArgument(
            f"size: {width} x {height} is no picture. Give (width, height), 1 to {MOST_SIDE} pixels each.", field="size"
        )
    return int(width), int(height)


def _numbers(values: ArrayLike, last: int | None, name: str) -> Floats:
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InvalidArgument(f"{name}: not numbers. Give {last or 'n'} numbers each.", field=name) from None
    if last is not None and array.size == 0:
        array = array.reshape(0, last)
    if (last is not None and (array.ndim == 0 or array.shape[-1] != last)) or not np.isfinite(array).all():
        raise InvalidArgument(f"{name}: {last or 'finite'} finite numbers are needed for each.", field=name)
    return array


def _down(numbers: Ints, sides: Floats) -> Floats:
    """The pixel that the documentation's rule makes of each number."""
    return np.asarray(np.trunc(numbers / SCALE * sides))


def _floor(pixels: Floats, sides: Floats) -> Ints:
    """The greatest number whose pixel is not beyond the given one; floating point may need one step more."""
    pixels = np.clip(pixels, 0, sides)
    start = np.minimum(np.floor(pixels * SCALE / sides).astype(np.int64) + 1, SCALE)
    for _ in range(2):
        start = np.where(_down(start, sides) > pixels, np.maximum(start - 1, 0), start)
    return start


def _ceil(pixels: Floats, sides: Floats) -> Ints:
    """The smallest number whose pixel is not before the given one."""
    pixels = np.clip(pixels, 0, sides)
    start = np.maximum(np.ceil(pixels * SCALE / sides).astype(np.int64) - 1, 0)
    for _ in range(2):
        start = np.where(_down(start, sides) < pixels, np.minimum(start + 1, SCALE), start)
    return start


def _nearest(pixels: Floats, sides: Floats) -> Ints:
    before, after = _floor(pixels, sides), _ceil(pixels, sides)
    nearer = np.abs(_down(after, sides) - pixels) < np.abs(_down(before, sides) - pixels)
    # Below 1000 pixels several numbers name one pixel: the smallest of them, for both sides of a box alike.
    exact = _down(after, sides) == np.clip(pixels, 0, sides)
    return np.where(nearer | exact, after, before)
