"""What a specialist is asked: boxes for words, masks for boxes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3), RGB, upright."""
Map = NDArray[np.uint8]
"""(height, width): how surely each place of a box belongs to the thing, 0 to 255."""
PixelBox = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels: the left and top edge, and the right and bottom one."""
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: where, which of the words that were asked for, and how sure, 0 to 1."""

    box: PixelBox
    label: str
    score: float


class Finder(Protocol):
    """Boxes for words.  Blocking: it is called in a thread, and from several at once."""

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> list[Found]:
        """Best first; none of them found is an empty list.  `labels` are short names ("red car"), given back as given.

        Every box lies within the picture and is not empty.  Raises ApiError: Cancelled as soon as `cancelled()` says
        so between two steps, Unavailable where the model cannot be loaded.
        """
        ...

    def close(self) -> None:
        """Gives the model back; twice does no harm."""
        ...


class Masker(Protocol):
    """Masks for boxes.  Blocking: it is called in a thread, and from several at once."""

    def masks(self, pixels: Pixels, boxes: Sequence[PixelBox]) -> Generator[Map, None, None]:
        """A map a box, in their order, made as they are taken: whoever has enough closes it.

        A map covers its box and has its proportions, in pixels of any size.  Boxes lie within the picture and are not
        empty; there may be none.  Raises ApiError: Unavailable where the model cannot be loaded.
        """
        ...

    def close(self) -> None:
        """Gives the model back; twice does no harm."""
        ...
