"""Masks of things in flat pictures: what inside the box is not the ground around it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.seeing.ground import difference
from pollux.engines.builtin.seeing.thing import Thing

SIDE = 512  # pixels: larger boxes are looked at reduced
_RING = 0.1  # of the box's longer side: how far around it the ground is looked at
_CRUMB = 0.01  # of the box's area: smaller parts at its edge are its neighbours'
_HOLE = 0.02  # of the thing's area: smaller holes are its own light spots


def mask_flat(pixels: Pixels, thing: Thing) -> Pixels:
    """How surely each pixel of the box is the thing, 0 to 255: (height, width) of the box in whole pixels.

    `pixels` is the upright RGB picture and the box is in its pixels.  A box without room around it takes its own edge
    for ground.
    """
    height, width = pixels.shape[:2]
    box = thing.box
    left, top = min(max(int(box.left), 0), width - 1), min(max(int(box.top), 0), height - 1)
    right, bottom = min(max(round(box.right), left + 1), width), min(max(round(box.bottom), top + 1), height)
    reach = max(3, round(_RING * max(right - left, bottom - top)))
    x0, y0, x1, y1 = max(0, left - reach), max(0, top - reach), min(width, right + reach), min(height, bottom + reach)
    view = fit(pixels[y0:y1, x0:x1], SIDE)
    across, down = view.shape[1] / (x1 - x0), view.shape[0] / (y1 - y0)
    inner = Box((left - x0) * across, (top - y0) * down, (right - x0) * across, (bottom - y0) * down)
    soft = _soft(view, inner)
    full = cv2.resize(soft, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    return cast(Pixels, full[top - y0 : bottom - y0, left - x0 : right - x0].copy())


def _soft(view: Pixels, inner: Box) -> Pixels:
    """The mask of the whole view."""
    rows, columns = view.shape[:2]
    left, top, right, bottom = round(inner.left), round(inner.top), round(inner.right), round(inner.bottom)
    sampled = np.ones((rows, columns), np.bool_)
    sampled[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = False
    if sampled.sum() < 0.05 * sampled.size:
        sampled[:] = True
        sampled[top + 2 : bottom - 2, left + 2 : right - 2] = False
    far, edge, _ = difference(view, sampled)
    thing = (far > edge).astype(np.uint8)
    kept = _own(thing, (left, top, right, bottom))
    sure = np.clip(127.5 + (far - 0.6 * edge) * (127.5 / (0.8 * edge)), 0, 255)
    grown = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    solid = _filled(kept)
    return np.where((solid > 0) & (kept == 0), 255, np.where(grown > 0, sure, 0)).astype(np.uint8)


def _own(thing: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    """The parts that lie in the box, without crumbs of what its neighbours reach into it."""
    left, top, right, bottom = box
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thing, connectivity=8)
    out = np.zeros_like(thing)
    area = max(1, (right - left) * (bottom - top))
    for index in range(1, count):
        x, y, w, h, size = (int(value) for value in stats[index])
        within = max(0, min(x + w, right) - max(x, left)) * max(0, min(y + h, bottom) - max(y, top)) / (w * h)
        if within < 0.5 and size < 0.5 * area:
            continue
        at_edge = x <= left or y <= top or x + w >= right or y + h >= bottom
        if size >= (_CRUMB if at_edge else _CRUMB / 20) * area:
            out[labels == index] = 1
    return out


def _filled(kept: Pixels) -> Pixels:
    """With small holes closed."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - kept, connectivity=4)
    out = kept.copy()
    for index in range(1, count):
        x, y, w, h, size = (int(value) for value in stats[index])
        closed = x > 0 and y > 0 and x + w < kept.shape[1] and y + h < kept.shape[0]
        if closed and size < _HOLE * kept.sum():
            out[labels == index] = 1
    return out
