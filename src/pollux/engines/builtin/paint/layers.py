"""Pixels of a picture before it is put together, and small operations that every style uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """`back` is RGB, `front` RGBA (not premultiplied), both uint8 and of the same size."""

    back: Pixels
    front: Pixels

    def flat(self) -> Pixels:
        """Both as one RGB picture."""
        return over(self.back, self.front)

    def fitted(self, most: int) -> Layers:
        """The same, no side longer than `most`."""
        height, width = self.back.shape[:2]
        scale = most / max(height, width)
        if scale >= 1:
            return self
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        return Layers(_resized(self.back, size), _resized(self.front, size))


def over(back: Pixels, front: Pixels) -> Pixels:
    """RGBA upon RGB."""
    out = back.copy()
    boxes = np.flatnonzero(front[..., 3].any(axis=1))
    if not len(boxes):
        return out
    rows = slice(int(boxes[0]), int(boxes[-1]) + 1)
    columns = np.flatnonzero(front[rows, :, 3].any(axis=0))
    part = rows, slice(int(columns[0]), int(columns[-1]) + 1)
    alpha = cv2.merge([front[part][..., 3]] * 3)
    lit = cv2.multiply(np.ascontiguousarray(front[part][..., :3]), alpha, scale=1 / 255)
    kept = cv2.multiply(np.ascontiguousarray(back[part]), cv2.bitwise_not(alpha), scale=1 / 255)
    out[part] = cv2.add(lit, kept)
    return out


def pixels(picture: Any) -> Pixels:
    """What OpenCV made of bytes, by its right name: its own types say no more than "numbers"."""
    return cast(Pixels, picture)


def to_size(picture: Pixels, width: int, height: int, *, hard: bool = False) -> Pixels:
    """The picture enlarged or shrunk to a size; `hard` keeps edges of pixels."""
    if picture.shape[:2] == (height, width):
        return picture
    how = cv2.INTER_NEAREST if hard else cv2.INTER_CUBIC if width > picture.shape[1] else cv2.INTER_AREA
    return cast(Pixels, cv2.resize(picture, (width, height), interpolation=how))


def blurred(picture: Pixels, sigma: float) -> Pixels:
    """Gaussian blur; wide ones are done on a smaller picture, which looks the same and is fast."""
    height, width = picture.shape[:2]
    step = max(1, int(sigma / 3))
    if step == 1:
        return cast(Pixels, cv2.GaussianBlur(picture, (0, 0), max(0.3, sigma)))
    small = cv2.resize(picture, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / step)
    return cast(Pixels, cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def noise(width: int, height: int, grain: float, seed: int) -> Floats:
    """Smooth noise with mean 0 and spread 1; `grain` is the size of its lumps in pixels."""
    rng = np.random.default_rng(seed)
    rows, columns = max(2, round(height / grain) + 2), max(2, round(width / grain) + 2)
    lumps = rng.standard_normal((rows, columns)).astype(np.float32)
    return cast(Floats, cv2.resize(lumps, (width, height), interpolation=cv2.INTER_CUBIC))


def grained(picture: Pixels, strength: float, seed: int) -> Pixels:
    """Film grain of so many levels."""
    height, width = picture.shape[:2]
    rng = np.random.default_rng(seed)
    tile = rng.normal(0, strength, (512, 512)).astype(np.float32)
    tile = cv2.GaussianBlur(tile, (0, 0), 0.7) * 1.8
    whole = np.tile(np.clip(tile + 128, 0, 255).astype(np.uint8), (height // 512 + 1, width // 512 + 1))[
        :height, :width
    ]
    return cast(Pixels, cv2.addWeighted(picture, 1.0, cv2.merge([whole] * 3), 1.0, -128))


def vignette(picture: Pixels, strength: float) -> Pixels:
    """Darker towards the corners."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1:1:128j, -1:1:128j].astype(np.float32)
    fall = np.clip(255 * (1 - strength * np.clip(x * x + y * y - 0.35, 0, None) ** 1.2), 0, 255).astype(np.uint8)
    fall = cv2.resize(fall, (width, height), interpolation=cv2.INTER_LINEAR)
    return cast(Pixels, cv2.multiply(picture, cv2.merge([fall] * 3), scale=1 / 255))


def curve(picture: Pixels, contrast: float, lift: float = 0.0) -> Pixels:
    """Contrast around the middle; `lift` (levels) raises everything."""
    levels = np.arange(256, dtype=np.float32)
    table = np.clip((levels - 128) * contrast + 128 + lift, 0, 255).astype(np.uint8)
    return cast(Pixels, cv2.LUT(picture, table))


def saturated(picture: Pixels, times: float) -> Pixels:
    """Colours stronger or weaker."""
    grey = cv2.merge([cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)] * 3)
    return cast(Pixels, cv2.addWeighted(picture, times, grey, 1 - times, 0))


def edges(picture: Pixels, width: float) -> Pixels:
    """Dark lines where colours meet: 255 on an edge, 0 elsewhere, softened; `width` in pixels."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    found = cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 1.0), 40, 110)
    size = max(1, round(width))
    if size > 1:
        found = cv2.dilate(found, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return cast(Pixels, cv2.GaussianBlur(found, (0, 0), 0.7))


def inked(picture: Pixels, lines: Pixels, colour: tuple[int, int, int]) -> Pixels:
    """Lines drawn over a picture in a colour."""
    layer = np.empty((*lines.shape, 4), np.uint8)
    layer[..., :3] = colour
    layer[..., 3] = lines
    return over(picture, layer)


def _resized(picture: Pixels, size: tuple[int, int]) -> Pixels:
    return cast(Pixels, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
