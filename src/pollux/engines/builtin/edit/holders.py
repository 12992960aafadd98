"""Cups and bowls around what they hold: the eyes know the drink by name, and the vessel is what is close around it."""

from __future__ import annotations

import cv2
import numpy as np

from pollux.engines.builtin.edit import areas
from pollux.engines.builtin.edit.board import Floats, Mask, as_floats, as_pixels, bounds
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.ground import lab

_WIDE = 0.62  # of the opening's width from its middle: what reaches farther to a side is a saucer or the table
_DEEP = 0.75  # of the opening's height under it: the same downwards
_TURN = 22.0  # degrees of hue: another colour than the vessel's
_GREY = 20.0  # CIELAB chroma: metal, whatever it mirrors


def holder(pixels: Pixels, content: Floats, *, alone: bool) -> Floats:
    """A vessel over the whole picture: what it holds, and what has the ruling colour right around and under it.

    With `alone` a saucer of the same colour is parted from it by their outlines (watershed, Meyer 1992), spoons by
    their grey; else all that stands together is one thing.
    """
    small = fit(pixels, areas.SIDE)
    inner = cv2.resize(content, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA) > 0.5
    smooth = as_pixels(cv2.bilateralFilter(small, 7, 30, 7))
    values = lab(smooth)
    body = _body(values, inner)
    if body is None:
        return content
    part = _alone(smooth, values, inner, body) if alone else None
    return areas.sharpened(pixels, _outlined(body) if part is None else part)


def _body(values: Floats, inner: Mask) -> Mask | None:
    """What has the ruling colour around and under the opening, and touches it."""
    left, top, right, bottom = bounds(inner.astype(np.float32))
    reach = max(3, (bottom - top) // 3)
    close = cv2.dilate(inner.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0  # its own wall, not the saucer's
    around = np.zeros(inner.shape, np.bool_)
    around[top : bottom + reach, max(0, left - reach // 3) : right + reach // 3] = True
    around &= ~cv2.dilate(inner.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    around[: (top + bottom) // 2] = False
    ring = values[around & close]
    strong = ring[np.hypot(ring[:, 1], ring[:, 2]) > 24]
    if not len(ring) or len(strong) < 0.25 * len(ring):
        return None
    away, chroma = _turned(values, strong)
    least = 0.72 * float(np.median(np.hypot(strong[:, 1], strong[:, 2])))
    like = cv2.morphologyEx(((away < 8) & (chroma > least)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, parts = cv2.connectedComponents(like)
    touched = np.unique(parts[around & (parts > 0)])
    return np.asarray(np.isin(parts, touched) | inner, np.bool_)


def _turned(values: Floats, strong: Floats) -> tuple[Floats, Floats]:
    """How far each pixel's hue is from that of the samples, in degrees; and its chroma."""
    hue = np.median(np.arctan2(strong[:, 2], strong[:, 1]))
    turn = np.arctan2(values[..., 2], values[..., 1]) - hue
    away = np.degrees(np.abs(np.arctan2(np.sin(turn), np.cos(turn))))
    return as_floats(away), as_floats(np.hypot(values[..., 1], values[..., 2]))


def _outlined(body: Mask) -> Floats:
    """The hull of the body's larger parts: glints, a handle's shade and a spoon on it belong to it."""
    hull = np.zeros(body.shape, np.uint8)
    for outline in cv2.findContours(body.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        if cv2.contourArea(outline) > 0.2 * float(body.sum()):
            cv2.fillPoly(hull, [cv2.convexHull(outline)], 1)
    return hull.astype(np.float32)


def _alone(smooth: Pixels, values: Floats, inner: Mask, body: Mask) -> Floats | None:
    """The vessel without its saucer, spoon and shadow; None where nothing reaches out from under it."""
    left, top, right, bottom = bounds(inner.astype(np.float32))
    wide, high, middle = right - left, bottom - top, (left + right) / 2
    rows, columns = np.mgrid[: inner.shape[0], : inner.shape[1]].astype(np.float32)
    whole = _outlined(body) > 0
    beyond = whole & ((np.abs(columns - middle) > _WIDE * wide) | (rows > bottom + _DEEP * high))
    if beyond.sum() < 0.1 * inner.sum():
        return None
    taper = 0.42 * wide * (1 - 0.5 * np.clip((rows - bottom) / high, 0, 1))
    under = whole & (rows > top + high / 2) & (rows < bottom + 0.22 * high) & (np.abs(columns - middle) < taper)
    own = under & body & ~inner
    if not own.any():
        return None
    away, chroma = _turned(values, values[own])
    rim = cv2.dilate(inner.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    other = whole & ~rim & (rows > bottom - 0.2 * high) & ((chroma < _GREY) | (away > _TURN))
    dark = whole & ~under & (values[..., 0] < 0.4 * float(np.median(values[own][:, 0])))
    marks = np.zeros(inner.shape, np.int32)
    marks[inner | (under & ~other)] = 1
    marks[beyond | (other & ~under) | (dark & ~inner)] = 2
    marks[cv2.dilate(whole.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0] = 3
    vessel = (cv2.watershed(np.ascontiguousarray(smooth[..., ::-1]), marks) == 1).astype(np.uint8)
    vessel = as_pixels(cv2.morphologyEx(vessel, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    return areas.whole(vessel.astype(np.float32))
