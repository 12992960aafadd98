"""Sizes that an image server can make, and the way from a picture to them and back: exact, and never out of shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

STEP = 16
"""Pixels: what sides these models make are multiples of."""
ALIKE = 0.02
"""Ratios (as a natural logarithm) that differ by less are one: a canvas and its multiples of 16."""
_FEATHER = 3.0
_TWO_TONED = 0.98
"""Of a mask's pixels so many are black or white."""


def nearest(width: int, height: int, sizes: Sequence[str] = ()) -> tuple[int, int]:
    """The size to ask for: of `sizes` ("1024x1536") the one most alike in ratio, then in area; any multiples of 16
    without them.
    """
    if not sizes:
        wide, high = (max(STEP, math.floor(side / STEP + 0.5) * STEP) for side in (width, height))
        return wide, high

    def unlike(size: tuple[int, int]) -> tuple[float, float]:
        ratio = abs(math.log(size[0] / size[1] / (width / height)))
        return (0.0 if ratio < ALIKE else ratio), abs(math.log(size[0] * size[1] / (width * height)))

    return min(((int(wide), int(high)) for wide, _, high in (size.partition("x") for size in sizes)), key=unlike)


@dataclass(frozen=True, slots=True)
class Frame:
    """Margins in pixels around a picture of `width` x `height`, so that it has the ratio of what the server makes."""

    width: int
    height: int
    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to add."""
        return not (self.left or self.top or self.right or self.bottom)

    def padded(self, pixels: Pixels) -> Pixels:
        """The picture with its border drawn out, or, of one channel, with black."""
        import cv2  # noqa: PLC0415
        import numpy as np  # noqa: PLC0415

        kind = cv2.BORDER_REPLICATE if pixels.ndim == 3 else cv2.BORDER_CONSTANT
        return np.asarray(cv2.copyMakeBorder(pixels, self.top, self.bottom, self.left, self.right, kind), np.uint8)

    def cut(self, made: Pixels) -> Pixels:
        """The picture's share of what was made of it, whatever size that has."""
        whole = (self.height + self.top + self.bottom, self.width + self.left + self.right)
        y, x = made.shape[0] / whole[0], made.shape[1] / whole[1]
        top, left = round(self.top * y), round(self.left * x)
        return made[
            top : max(top + 1, round((self.top + self.height) * y)),
            left : max(left + 1, round((self.left + self.width) * x)),
        ]


def around(width: int, height: int, size: tuple[int, int]) -> Frame:
    """The margins that give a picture the ratio of `size`; none where they are alike."""
    ratio, own = size[0] / size[1], width / height
    if abs(math.log(ratio / own)) < ALIKE:
        return Frame(width, height)
    if ratio > own:
        more = round(height * ratio) - width
        return Frame(width, height, left=more // 2, right=more - more // 2)
    more = round(width / ratio) - height
    return Frame(width, height, top=more // 2, bottom=more - more // 2)


def stretched(pixels: Pixels, width: int, height: int) -> Pixels:
    """The whole picture at exactly this size."""
    if pixels.shape[:2] == (height, width):
        return pixels
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    smaller = width * height < pixels.shape[0] * pixels.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=way), np.uint8)


def covering(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture at exactly this size and in its own shape: what does not fit is cut off evenly."""
    rows, columns = pixels.shape[:2]
    factor = min(columns / width, rows / height)
    wide, high = max(1, round(width * factor)), max(1, round(height * factor))
    left, top = (columns - wide) // 2, (rows - high) // 2
    return stretched(pixels[top : top + high, left : left + wide], width, height)


def mask_of(pixels: Pixels, shape: tuple[int, int]) -> Pixels | None:
    """(h, w), 255 where may be painted; None for what is no mask: of another shape, or not black and white."""
    import numpy as np  # noqa: PLC0415

    if pixels.shape[:2] != shape:
        return None
    grey = pixels.mean(axis=2)
    dark, light = float(np.mean(grey < 16)), float(np.mean(grey >= 240))
    if not dark or not light or dark + light < _TWO_TONED:
        return None
    return np.where(grey > 127, 255, 0).astype(np.uint8)


def transparent(mask: Pixels, frame: Frame | None) -> bytes:
    """A PNG that is transparent where may be painted."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    whole = mask if frame is None or frame.empty else frame.padded(mask)
    rgba = np.zeros((*whole.shape, 4), np.uint8)
    rgba[..., 3] = 255 - whole
    return cv2.imencode(".png", rgba)[1].tobytes()


def inside(made: Pixels, own: Pixels, mask: Pixels) -> Pixels:
    """What was made where the mask is white, the caller's own pixels elsewhere; the seam lies within the mask."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    hard = np.where(mask > 127, 1.0, 0.0).astype(np.float32)
    soft = np.minimum(hard, cv2.GaussianBlur(hard, (0, 0), _FEATHER))[..., None]
    return np.asarray(np.rint(own * (1 - soft) + made * soft), np.uint8)
