"""People in photographs, from their faces down: a face says where head and body must be, the colours say how far."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.boxes import around
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Face
from pollux.engines.builtin.seeing import cutting

_SIDE = 160  # pixels: people are cut out of pictures of this size
_REACH, _FALL = 2.6, 7.5  # of a face's width and height: as far as a body goes to each side and down


def body(picture: Pixels, face: Face) -> Box:
    """The box of the person whose face it is, at least a head; pixels of the picture."""
    height, width = picture.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cast(Pixels, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    across, down = size[0] / width, size[1] / height
    head = Box(face.box.left * across, face.box.top * down, face.box.right * across, face.box.bottom * down)
    guess = marks(size, head)
    cut = cutting.grab(small, guess, 3)
    shape = cutting.bounds(_grown_from(cut, guess)) if cut is not None else None
    found = around([head, shape or head])
    return Box(
        max(found.left / across, 0.0), max(found.top / down, 0.0),
        min(found.right / across, width), min(found.bottom / down, height),
    )  # fmt: skip


def marks(size: tuple[int, int], head: Box) -> NDArray[np.uint8]:
    """OpenCV's four values over (width, height): face and breast are the person, what is far from them is not."""
    x, _ = head.centre
    w, h = head.width, head.height
    guess = np.full((size[1], size[0]), cv2.GC_BGD, np.uint8)
    _fill(guess, Box(x - _REACH * w, head.top - 0.6 * h, x + _REACH * w, head.bottom + _FALL * h), cv2.GC_PR_BGD)
    _fill(guess, Box(x - 1.2 * w, head.bottom + 0.3 * h, x + 1.2 * w, head.bottom + 3 * h), cv2.GC_PR_FGD)
    _fill(guess, Box(x - 0.6 * w, head.top - 0.3 * h, x + 0.6 * w, head.bottom + 0.3 * h), cv2.GC_PR_FGD)
    _fill(guess, Box(x - 0.5 * w, head.bottom + 0.8 * h, x + 0.5 * w, head.bottom + 2 * h), cv2.GC_FGD)
    _fill(guess, Box(x - 0.35 * w, head.top + 0.15 * h, x + 0.35 * w, head.bottom), cv2.GC_FGD)
    return guess


def _fill(guess: NDArray[np.uint8], box: Box, value: int) -> None:
    left, top, right, bottom = (max(0, round(edge)) for edge in (box.left, box.top, box.right, box.bottom))
    guess[top:bottom, left:right] = value


def _grown_from(cut: Pixels, guess: NDArray[np.uint8]) -> Pixels:
    """The parts of a mask that hang together with what is surely the person."""
    _, parts = cv2.connectedComponents(cutting.opened(cut))
    kept = np.setdiff1d(np.unique(parts[guess == cv2.GC_FGD]), [0])
    return np.isin(parts, kept).astype(np.uint8)
