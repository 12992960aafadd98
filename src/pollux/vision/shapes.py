"""Masks as other tools keep them: polygons, and COCO's run lengths, compressed and not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pollux.errors import InvalidArgument
from pollux.vision.boxes import Ints, Size, checked
from pollux.vision.masks import MOST_PLACED, Mask

Polygon = NDArray[np.float64]
"""n x 2, x and y in pixels; the pixel in the corner covers 0 to 1."""

_MOST_GROUPS = 8


def polygons(mask: Mask, *, tolerance: float = 0.0) -> list[Polygon]:
    """The outlines of a mask's parts, largest first, through the middles of the pixels on the edge; holes are filled.

    `tolerance` is how many pixels a simpler outline may be off.  A part one pixel wide gets an outline half a pixel
    wide, for through its middles it would have no area.
    """
    import cv2  # noqa: PLC0415

    if not mask.crop.size:
        return []
    found, _ = cv2.findContours(mask.crop, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    corner = np.array([mask.left, mask.top], np.float64)
    shapes = []
    for contour in found:
        simple = np.asarray(cv2.approxPolyDP(contour, tolerance, closed=True) if tolerance > 0 else contour)
        flat = cv2.contourArea(simple) == 0
        shapes.append(corner + (_thin(np.asarray(contour)) if flat else simple.reshape(-1, 2) + 0.5))
    return sorted(shapes, key=_area, reverse=True)


def from_polygons(shapes: Sequence[ArrayLike], size: Size) -> Mask:
    """The mask that outlines (each n x 2, as `polygons` gives them) enclose in a picture of `size`; tight.

    Where two overlap both count.  InvalidArgument for what is no outline.
    """
    import cv2  # noqa: PLC0415

    width, height = checked(size)
    outlines = [_outline(shape, size) for shape in shapes]
    if not outlines:
        return Mask(np.zeros((0, 0), np.uint8), 0, 0, (width, height))
    x0, y0 = np.min([outline.min(axis=0) for outline in outlines], axis=0).tolist()
    x1, y1 = np.max([outline.max(axis=0) for outline in outlines], axis=0).tolist()
    if (x1 - x0 + 1) * (y1 - y0 + 1) > MOST_PLACED:
        raise InvalidArgument(f"size: more than {MOST_PLACED} pixels. Give a smaller one.", field="size")
    crop = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    for outline in outlines:
        cv2.fillPoly(crop, [(outline - (x0, y0)).astype(np.int32)], (255,))
    return Mask(crop, x0, y0, (width, height)).tight()


def rle(mask: Mask, *, compressed: bool = True) -> dict[str, Any]:
    """COCO's run lengths: `{"size": [height, width], "counts": ...}`, column by column, beginning with what is not.

    `counts` is COCO's text, or without `compressed` the list of numbers.
    """
    width, height = mask.size
    bounds = _runs(mask).ravel()
    counts = np.diff(np.concatenate([[0], bounds, [width * height]]))
    if len(counts) > 1 and counts[-1] == 0:
        counts = counts[:-1]
    return {"size": [height, width], "counts": _packed(counts) if compressed else counts.tolist()}


def from_rle(given: Mapping[str, Any]) -> Mask:
    """The mask of COCO's run lengths, compressed or not; tight.  InvalidArgument where they do not fill the size."""
    try:
        height, width = (int(side) for side in given["size"])
        counts = given["counts"]
        if isinstance(counts, (str, bytes)):
            numbers = _unpacked(counts.encode("ascii") if isinstance(counts, str) else counts)
        else:
            numbers = np.asarray(counts, np.int64).reshape(-1)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InvalidArgument("rle: give size, [height, width], and counts.", field="rle") from None
    size = checked((width, height))
    # Each at most the whole: the sum of a hostile list cannot wrap around.
    if (numbers < 0).any() or (numbers > width * height).any() or int(numbers.sum()) != width * height:
        raise InvalidArgument(f"rle: counts do not add up to {height} x {width}. Send them whole.", field="rle")
    ends = np.cumsum(numbers)
    bounds = np.concatenate([ends, ends[-1:]])[: 2 * (len(ends) // 2)].reshape(-1, 2)
    bounds = bounds[bounds[:, 0] < bounds[:, 1]]
    return _placed(bounds, size)


def _area(shape: Polygon) -> float:
    x, y = shape[:, 0], shape[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def _thin(contour: NDArray[Any]) -> Polygon:
    """The outline of a line of pixels, through the quarters of each."""
    import cv2  # noqa: PLC0415

    points = contour.reshape(-1, 2)
    low = points.min(axis=0)
    width, height = (points.max(axis=0) - low + 1).tolist()
    part = np.zeros((height, width), np.uint8)
    cv2.polylines(part, [(points - low).astype(np.int32)], True, (255,))
    [fine], _ = cv2.findContours(part.repeat(2, 0).repeat(2, 1), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(low + (np.asarray(fine).reshape(-1, 2) + 0.5) / 2)


def _outline(shape: ArrayLike, size: Size) -> Ints:
    """The pixels of the corners, within the picture."""
    try:
        points = np.asarray(shape, np.float64).reshape(-1, 2)
    except (TypeError, ValueError):
        points = np.zeros((0, 2))
    if len(points) < 3 or not np.isfinite(points).all():
        raise InvalidArgument("polygon: three or more points of two finite numbers are needed.", field="polygon")
    # The pixel that holds the point; a right or lower edge names the pixel before it.
    pixels = np.floor(points) - (points == points.max(axis=0)) * (points % 1 == 0)
    return np.asarray(np.clip(pixels, 0, np.array(size) - 1).astype(np.int64))


def _runs(mask: Mask) -> Ints:
    """Where each run of the thing begins and ends, counted down the columns of the picture: n x 2."""
    height = mask.size[1]
    rows, columns = mask.crop.shape
    padded = np.zeros((columns, rows + 2), np.int8)
    padded[:, 1:-1] = (mask.crop > 0).T
    edges = np.flatnonzero(np.diff(padded, axis=1)).reshape(-1, 2)
    column, row = edges // (rows + 1), edges % (rows + 1)
    bounds = (column + mask.left) * height + row + mask.top
    # A run to the foot of a column goes on at the head of the next.
    keep = np.concatenate([[True], bounds[1:, 0] != bounds[:-1, 1]]) if len(bounds) else np.zeros(0, np.bool_)
    last = np.concatenate([keep[1:], [True]]) if len(bounds) else keep
    return np.stack([bounds[keep, 0], bounds[last, 1]], axis=1).astype(np.int64)


def _placed(bounds: Ints, size: Size) -> Mask:
    """The mask of runs down the columns."""
    width, height = size
    if not len(bounds):
        return Mask(np.zeros((0, 0), np.uint8), 0, 0, (width, height))
    left, right = int(bounds[0, 0]) // height, int(bounds[-1, 1] - 1) // height + 1
    if (right - left) * height > MOST_PLACED:
        raise InvalidArgument(f"rle: more than {MOST_PLACED} pixels. Send a smaller picture's.", field="rle")
    steps = np.zeros((right - left) * height + 1, np.int8)
    steps[bounds[:, 0] - left * height] += 1
    steps[bounds[:, 1] - left * height] -= 1
    columns = np.cumsum(steps[:-1], dtype=np.int8).reshape(right - left, height)
    return Mask(np.ascontiguousarray(columns.T.astype(np.uint8)) * np.uint8(255), left, 0, (width, height)).tight()


def _packed(counts: Ints) -> str:
    """COCO's text (pycocotools, `rleToString`): differences to the run before the last, 5 bits a character."""
    left = counts.astype(np.int64).copy()
    left[3:] -= counts[1:-2]
    groups, used, going = [], [], np.ones(len(left), np.bool_)
    while going.any():
        low = left & 31
        left = left >> 5
        more = np.where(low & 16, left != -1, left != 0)
        groups.append(low + np.where(more, 32, 0) + 48)
        used.append(going)
        going = going & more
    return bytes(np.stack(groups, 1)[np.stack(used, 1)].astype(np.uint8)).decode("ascii")


def _unpacked(text: bytes) -> Ints:
    """The numbers of COCO's text; ValueError for what is none."""
    codes = np.frombuffer(text, np.uint8).astype(np.int64) - 48
    if not len(codes) or (codes < 0).any() or (codes > 63).any() or codes[-1] & 32:
        raise ValueError("counts")
    firsts = np.concatenate([[0], np.flatnonzero((codes & 32) == 0)[:-1] + 1])
    lengths = np.diff(np.concatenate([firsts, [len(codes)]]))
    if lengths.max() > _MOST_GROUPS:
        raise ValueError("counts")
    place = np.arange(len(codes)) - np.repeat(firsts, lengths)
    values = np.add.reduceat((codes & 31) << (5 * place), firsts)
    negative = (codes[firsts + lengths - 1] & 16) > 0
    values = values - np.where(negative, np.int64(1) << (5 * lengths), 0)
    for first in (1, 2):
        values[first::2] = np.cumsum(values[first::2])
    return np.asarray(values)
