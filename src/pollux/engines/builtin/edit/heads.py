"""Where a head is, of people and animals: what hats and glasses are put on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pollux.engines.builtin.edit import things
from pollux.engines.builtin.edit.board import Board, Floats
from pollux.engines.builtin.edit.eyes import eye_pair
from pollux.engines.builtin.edit.words import kinds

_PARTS = kinds("head face nose eye eyes neck chin mouth shoulder chest hand hands")


@dataclass(frozen=True, slots=True)
class Head:
    """Pixels of the picture under work: where a hat's brim goes, the eyes and the mouth; `width` of the head.

    `tilt` is clockwise in degrees.  `sure` when a face or two eyes were seen.
    """

    brim: tuple[float, float]
    eyes: tuple[float, float]
    mouth: tuple[float, float]
    neck: tuple[float, float]
    width: float
    tilt: float = 0.0
    sure: bool = True


def find(board: Board, phrase: str = "") -> Head | None:
    """The head of what a phrase names, of a person, or of the main thing."""
    owner = " ".join(word for word in phrase.split() if word not in _PARTS)
    thing = things.find(board, owner) if owner else None
    faces = list(board.see(board.base, "face"))
    if faces:
        box = max(faces, key=lambda one: one.box[2] - one.box[0]).box
        return _of_face(board, box)
    thing = thing or things.subject(board)
    if thing is None:
        return None
    return _of_eyes(board, thing.mask) or _of_shape(board, thing.mask)


def _of_face(board: Board, box: tuple[int, int, int, int]) -> Head:
    """A human face's box reaches from the brow's top to the chin."""
    points = board.moved @ np.array([[box[0], box[2]], [box[1], box[3]], [1, 1]], float)
    (left, right), (top, bottom) = points[0] / points[2], points[1] / points[2]
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    x, w, h = (left + right) / 2, right - left, bottom - top
    return Head((x, top - 0.06 * h), (x, top + 0.4 * h), (x, top + 0.78 * h), (x, bottom + 0.14 * h), w * 1.02)


def _of_eyes(board: Board, mask: Floats) -> Head | None:
    """Of an animal seen close."""
    pair = eye_pair(board.rgb)
    if pair is None:
        return None
    (x0, y0, _), (x1, y1, _) = pair
    x, y, apart = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0
    if mask[int(y), int(x)] < 0.3:
        return None
    at = [(x, y + d * apart) for d in (-0.5, 0.0, 0.95, 1.5)]
    return Head(at[0], at[1], at[2], at[3], apart * 1.75, float(np.degrees(np.arctan2(y1 - y0, apart))))


def _of_shape(board: Board, mask: Floats) -> Head | None:
    """The upper part of the thing's outline: as high as a third of it, as wide as it is there."""
    sure = (mask > 0.5).astype(np.uint8)
    rows = np.flatnonzero(sure.sum(axis=1) > 0.02 * board.size[0])
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1])
    high = max(8, round((bottom - top) * 0.3))
    part = sure[top : top + high]
    columns = np.flatnonzero(part.sum(axis=0) > high * 0.35)
    if not len(columns):
        return None
    left, right = int(columns[0]), int(columns[-1])
    x, w = (left + right) / 2, float(min(right - left, high * 1.9))
    return Head(
        (x, top + 0.16 * high), (x, top + 0.5 * high), (x, top + 0.9 * high), (x, top + 1.3 * high), w, 0.0, sure=False
    )
