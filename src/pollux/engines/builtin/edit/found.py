"""A thing under work, and the mask of what the eyes have seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pollux.engines.builtin.edit import areas
from pollux.engines.builtin.edit.board import Board, Floats, bounds
from pollux.engines.builtin.edit.eyes import Seen


@dataclass(frozen=True, slots=True)
class Found:
    """A thing under work: `mask` (h, w), 0 to 1, over the whole picture as it is now; what it is called; a note to say.

    `inner` is what it holds, such as the coffee in a cup: part of the mask, but not the thing's own surface.
    """

    mask: Floats
    name: str
    note: str = ""
    seen: tuple[Seen, ...] = ()
    inner: Floats | None = None

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of what is at least half the thing."""
        return bounds(np.where(self.mask >= 0.5, self.mask, 0).astype(np.float32))


def mask_of(board: Board, seen: Sequence[Seen], index: int, *, own: bool) -> Floats:
    """The union of the things' masks over the whole picture, edges as sharp as the picture's."""
    height, width = board.pictures[index].shape[:2]
    mask = np.zeros((height, width), np.float32)
    for one in seen:
        left, top, right, bottom = one.box
        part = mask[top:bottom, left:right]
        np.maximum(part, one.mask[: part.shape[0], : part.shape[1]].astype(np.float32) / 255, out=part)
    mask = areas.firm(mask)
    return board.here(mask) if own else mask
