"""Sizes that a diffusion model can draw, and the way from them to the canvas: exact, and never stretched."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.uint8]

LEAST_SHARE = 0.5
"""Of the most pixels: models draw badly far below the size that they were trained at."""
MORE_SHARE = 1.1
"""A canvas that can be drawn as it is may have so many: the guide's sizes at 1K have up to 1.15 million."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What a model can draw: sides that are multiples of `step` pixels, about `most` pixels in all."""

    step: int
    most: int

    def nearest(self, width: int, height: int) -> tuple[int, int]:
        """The legal size nearest to a canvas: its own where that is legal, else of the nearest ratio.

        A canvas of more than about `most` pixels is drawn smaller, one of less than half of them larger.
        """
        if not width % self.step and not height % self.step and self._fits(width * height):
            return width, height
        area = min(max(width * height, LEAST_SHARE * self.most), self.most)
        factor = math.sqrt(area / (width * height))
        wide, high = self._around(width * factor), self._around(height * factor)
        small = [(w, h) for w, h in product(wide, high) if w * h <= self.most] or [(wide[0], high[0])]
        return min(small, key=lambda size: (_unlike(size, width / height), -math.prod(size)))

    def _fits(self, area: int) -> bool:
        return LEAST_SHARE * self.most <= area <= MORE_SHARE * self.most

    def _around(self, side: float) -> list[int]:
        """The multiples about a side, smallest first."""
        below = math.floor(side / self.step)
        return [self.step * max(1, below + more) for more in (-1, 0, 1)]


def _unlike(size: tuple[int, int], ratio: float) -> float:
    return abs(math.log(size[0] / size[1] / ratio))


def fitted(image: Image, width: int, height: int) -> Image:
    """The picture at exactly this size: enlarged or made smaller by Lanczos, what does not fit cut off evenly."""
    from PIL.Image import Resampling  # noqa: PLC0415 - heavy

    if image.size == (width, height):
        return image
    factor = min(image.width / width, image.height / height)
    wide, high = min(width * factor, image.width), min(height * factor, image.height)  # rounding may say a hair more
    left, top = (image.width - wide) / 2, (image.height - high) / 2
    box = (left, top, left + wide, top + high)
    return image.resize((width, height), Resampling.LANCZOS, box=box)


def beside(images: list[Image]) -> Image:
    """Several pictures as one: at the height of the first, from left to right."""
    from PIL.Image import new  # noqa: PLC0415 - heavy

    height = images[0].height
    rows = [fitted(one, max(1, round(one.width * height / one.height)), height) for one in images]
    whole = new("RGB", (sum(one.width for one in rows), height))
    left = 0
    for one in rows:
        whole.paste(one, (left, 0))
        left += one.width
    return whole


def pixels(image: Image) -> Pixels:
    """(height, width, 3) uint8 RGB."""
    import numpy as np  # noqa: PLC0415 - heavy

    return np.array(image if image.mode == "RGB" else image.convert("RGB"))
