"""The array type that the eyes share, and the few ways of resizing it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # H x W x 3, RGB; or H x W, grey


def fit(picture: Pixels, side: int, *, interpolation: int = cv2.INTER_AREA) -> Pixels:
    """The picture with its longer side at most `side` pixels; itself when it is small enough already."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cast(Pixels, cv2.resize(picture, size, interpolation=interpolation))


def gray(picture: Pixels) -> Pixels:
    """Luma, H x W."""
    return cast(Pixels, cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
