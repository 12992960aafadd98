"""Masks of things in photographs: GrabCut inside the box, then edges as sharp as the picture's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.boxes import overlap
from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.seeing import cutting, people

Floats = NDArray[np.float32]

SIDE = 192  # pixels: GrabCut's share of the time grows with their number
EDGES = 768  # pixels: edges are refined at this size
_AROUND = 0.25  # of the box's sides: as much of the ground is seen around it
_RIM = 0.03  # of the box's sides: next to its edges there is more ground than thing
_LEAST, _FULL = 0.08, 0.98  # of the box: a mask outside these went astray
_LOOSE = 0.5  # of the box: a mask whose own box covers less of it than this lost the thing
_TIGHT = 0.8  # of the box: a mask whose own box covers this much of it lost nothing
_CRUMB = 0.05  # of its largest part: smaller parts are not the thing's
_SOFT = 1e-3  # guided filter: variance of lightness (0 to 1) that counts as an edge


def mask(pixels: Pixels, box: Box, kind: str = "object", faces: Sequence[Box] = ()) -> Pixels:
    """How surely each pixel of the box is the thing, 0 to 255; (height, width) of the box in whole pixels.

    `pixels` is the upright RGB picture, `box` and `faces` are in its pixels; a face in the upper half of the box makes
    the thing a person.  Where colours do not tell thing from ground, an ellipse that fills the box is the answer.
    """
    left, top, right, bottom = whole_pixels(pixels, box)
    reach = round((right - left) * _AROUND), round((bottom - top) * _AROUND)
    x0, y0 = max(0, left - reach[0]), max(0, top - reach[1])
    view = pixels[y0 : bottom + reach[1], x0 : right + reach[0]]
    edged = fit(view, EDGES)
    small = fit(edged, SIDE)
    within = _scaled(Box(left - x0, top - y0, right - x0, bottom - y0), small, view)
    heads = [face for face in faces if _is_head(face, box)] if kind != "face" else []
    free = _free_edges(pixels, (left, top, right, bottom))
    guesses: Iterable[Pixels] = _guesses(small, within, free, face=kind == "face")
    if heads:
        head = max(heads, key=lambda face: face.width)
        head = _scaled(Box(head.left - x0, head.top - y0, head.right - x0, head.bottom - y0), small, view)
        guesses = [_inside(people.marks((small.shape[1], small.shape[0]), head), within)]
    soft = guided(np.asarray(gray(edged) / 255, np.float32), _stretched(_cut(small, within, guesses), edged))
    full = cv2.resize(soft, (view.shape[1], view.shape[0]), interpolation=cv2.INTER_LINEAR)
    part = full[top - y0 : bottom - y0, left - x0 : right - x0]
    return np.asarray(np.clip(part * 255 + 0.5, 0, 255), np.uint8)


def whole_pixels(pixels: Pixels, box: Box) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a box in whole pixels inside the picture, at least one wide and high."""
    height, width = pixels.shape[:2]
    left, top = min(max(int(box.left), 0), width - 1), min(max(int(box.top), 0), height - 1)
    return left, top, min(max(round(box.right), left + 1), width), min(max(round(box.bottom), top + 1), height)


def guided(guide: Floats, mask: Floats, radius: int = 6) -> Floats:
    """The guided filter (He, Sun and Tang 2010) with a grey guide, both 0 to 1: edges move to the guide's."""
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(values: NDArray[np.floating]) -> Floats:
        return cast(Floats, cv2.boxFilter(values, cv2.CV_32F, side, borderType=cv2.BORDER_REFLECT))

    ground, shape = mean(guide), mean(mask)
    slope = (mean(guide * mask) - ground * shape) / (mean(guide * guide) - ground * ground + _SOFT)
    return np.asarray(np.clip(mean(slope) * guide + mean(shape - slope * ground), 0, 1), np.float32)


def _cut(small: Pixels, box: Box, guesses: Iterable[Pixels]) -> Floats:
    """The thing in a small view, 0 or 1: of what GrabCut makes of the guesses, what fills the box best.

    A box is drawn around all of a thing, so a mask that leaves a side of it untouched lost something; the first mask
    that touches all four is good enough.
    """
    oval, inside = _oval(small, box), _slices(box)
    best, tightest = oval, _LOOSE
    for guess in guesses:
        cut = cutting.grab(small, guess, 3)
        if cut is None:
            continue
        cut = _filled(cutting.main_parts(cutting.opened(cut), oval + 0.01, _CRUMB))
        around = cutting.bounds(cut)
        tight = overlap(around, box) if around else 0.0
        if tight > tightest and _LEAST < float(cut[inside].mean()) < _FULL:
            best, tightest = np.asarray(cut, np.float32), tight
        if tightest >= _TIGHT:
            break
    return best


def _guesses(small: Pixels, box: Box, free: tuple[bool, bool, bool, bool], *, face: bool) -> Iterator[Pixels]:
    """GrabCut's marks for a thing that fills its box: an oval, one with a sure middle, the whole box."""
    oval, inside = _oval(small, box), _slices(box)
    guess = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    guess[inside] = np.where(oval[inside] > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    _rim(guess, box, free)
    across, down = box.width / 5, box.height / 5
    core = _oval(small, Box(box.left + across, box.top + down, box.right - across, box.bottom - down))
    sure = np.where(core > 0, cv2.GC_FGD, guess).astype(np.uint8)
    if not face:
        yield guess
    yield sure
    whole = np.full_like(guess, cv2.GC_BGD)
    whole[inside] = cv2.GC_PR_FGD
    yield whole


def _inside(guess: Pixels, box: Box) -> Pixels:
    """The marks, with ground outside the box."""
    out = np.full_like(guess, cv2.GC_BGD)
    out[_slices(box)] = guess[_slices(box)]
    return out


def _is_head(face: Box, box: Box) -> bool:
    x, y = face.centre
    return box.left <= x <= box.right and box.top <= y <= box.top + box.height / 2 and face.width < 0.9 * box.width


def _oval(small: Pixels, box: Box) -> Floats:
    """1 inside the ellipse that fills the box, 0 outside it."""
    x, y = box.centre
    rows, columns = np.ogrid[: small.shape[0], : small.shape[1]]
    far = ((columns + 0.5 - x) / max(box.width / 2, 1)) ** 2 + ((rows + 0.5 - y) / max(box.height / 2, 1)) ** 2
    return np.asarray(far <= 1, np.float32)


def _rim(guess: Pixels, box: Box, free: tuple[bool, bool, bool, bool]) -> None:
    """Next to those edges of the box that are not the picture's own, ground is likelier."""
    inside = guess[_slices(box)]
    across, down = max(1, round(_RIM * inside.shape[1])), max(1, round(_RIM * inside.shape[0]))
    strips = (inside[:, :across], inside[:down], inside[:, -across:], inside[-down:])
    for strip, is_free in zip(strips, free, strict=True):
        if is_free:
            strip[...] = cv2.GC_PR_BGD


def _free_edges(pixels: Pixels, box: tuple[int, int, int, int]) -> tuple[bool, bool, bool, bool]:
    """Which of left, top, right and bottom have ground beyond them."""
    left, top, right, bottom = box
    return left > 0, top > 0, right < pixels.shape[1], bottom < pixels.shape[0]


def _filled(mask: Pixels) -> Pixels:
    """The mask without small holes: what is below a hundredth of it and has the thing all around."""
    count, parts, sizes, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    limit = mask.sum() / 100
    holes = [i for i in range(1, count) if sizes[i][cv2.CC_STAT_AREA] < limit]
    return np.where(np.isin(parts, holes), 1, mask).astype(np.uint8)


def _slices(box: Box) -> tuple[slice, slice]:
    return (
        slice(round(box.top), max(round(box.bottom), round(box.top) + 1)),
        slice(round(box.left), max(round(box.right), round(box.left) + 1)),
    )


def _scaled(box: Box, small: Pixels, view: Pixels) -> Box:
    down, across = small.shape[0] / view.shape[0], small.shape[1] / view.shape[1]
    return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)


def _stretched(mask: Floats, over: Pixels) -> Floats:
    size = over.shape[1], over.shape[0]
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), np.float32)
