"""The picture under work: its pixels, what has been touched, and where the caller's picture has moved to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit.eyes import See
from pollux.engines.builtin.pixels import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def as_pixels(values: NDArray[Any]) -> Pixels:
    """The array, which is uint8 already where OpenCV made it of such, as that type."""
    return np.asarray(values, np.uint8)


def as_floats(values: NDArray[Any]) -> Floats:
    """The array as float32."""
    return np.asarray(values, np.float32)


@dataclass(slots=True)
class Board:
    """`pixels` RGB or RGBA; `region` (h, w), what differs from the first picture, moved as it moved; `moved` 3 x 3.

    `moved` takes a point of the first picture (x, y, 1) to where it is now.  `pictures` are the caller's, as they came.
    `kept` (h, w) is what must stay as it is, None for nothing.  `added` are boxes of things that were added, by name.
    """

    pixels: Pixels
    pictures: Sequence[Pixels]
    see: See
    seed: int
    cancelled: Callable[[], bool]
    region: Mask
    moved: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))
    kept: Floats | None = None
    added: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    base: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def rgb(self) -> Pixels:
        """The colours without transparency."""
        return self.pixels[..., :3]

    def put(self, changed: Pixels, mask: Floats | None = None) -> None:
        """Takes over changed pixels where the mask (h, w), 0 to 1, is above 0; others keep their very bits."""
        old = self.pixels
        if changed.shape[2] == 4 and old.shape[2] == 3:
            old = np.dstack([old, np.full(old.shape[:2], 255, np.uint8)])
        if changed.shape[2] == 3 and old.shape[2] == 4:
            changed = np.dstack([changed, old[..., 3]])
        if self.kept is not None and (mask is None or float((mask * self.kept).sum()) < 0.9 * float(mask.sum())):
            mask = (np.ones(old.shape[:2], np.float32) if mask is None else mask) * (1 - self.kept)
        if mask is None:
            self.region |= (changed != old).any(axis=2)
            self.pixels = np.ascontiguousarray(changed)
            return
        left, top, right, bottom = bounds(mask)
        if right <= left:
            return
        part, share = (slice(top, bottom), slice(left, right)), mask[top:bottom, left:right, None]
        new = old.copy()
        new[part] = mixed(old[part], changed[part], share)
        self.region[part] |= (new[part] != old[part]).any(axis=2)
        self.pixels = new

    def reshaped(self, pixels: Pixels, matrix: NDArray[np.float64], *, fresh: Mask | None = None) -> None:
        """Takes over a picture of another shape: `matrix` says where each point went, `fresh` what is new in it."""
        size = pixels.shape[1], pixels.shape[0]
        region = warped(self.region.astype(np.float32), matrix, size) > 0
        self.kept = None if self.kept is None else warped(self.kept, matrix, size)
        self.region = region if fresh is None else region | fresh
        self.added = {name: _moved_box(box, matrix) for name, box in self.added.items()}
        self.moved = matrix @ self.moved
        self.pixels = np.ascontiguousarray(pixels)

    def here(self, mask: Floats) -> Floats:
        """A mask over the first picture, where it is now."""
        if np.array_equal(self.moved, np.eye(3)):
            return mask
        return warped(mask, self.moved, self.size)


def mixed(old: Pixels, new: Pixels, share: Floats) -> Pixels:
    """old * (1 - share) + new * share; exactly old where share is 0."""
    out = old.astype(np.float32) * (1 - share) + new.astype(np.float32) * share
    return np.asarray(np.where(share > 0, np.clip(out + 0.5, 0, 255).astype(np.uint8), old), np.uint8)


def bounds(mask: Floats) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is above 0; zeros for nothing."""
    left, top, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
    return left, top, left + width, top + height


def warped(mask: Floats, matrix: NDArray[np.float64], size: tuple[int, int]) -> Floats:
    """A map moved by a 3 x 3 matrix into a picture of (width, height), 0 where nothing came."""
    return cast(Floats, cv2.warpPerspective(mask, matrix, size, flags=cv2.INTER_LINEAR))


def _moved_box(box: tuple[int, int, int, int], matrix: NDArray[np.float64]) -> tuple[int, int, int, int]:
    corners = np.array([[box[0], box[1], 1], [box[2], box[1], 1], [box[0], box[3], 1], [box[2], box[3], 1]], float)
    points = corners @ matrix.T
    points = points[:, :2] / points[:, 2:]
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return round(left), round(top), round(right), round(bottom)
