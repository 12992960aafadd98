"""A thing's own pixels within its box, as a map of 0 to 255: lettering, flat colour, codes, and what photographs show."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import cv2
import numpy as np

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.thing import Thing

GRAB_SIDE = 256  # pixels: the size at which GrabCut works
RING = 0.12  # of the longer side: how far around a box is looked for its ground
FLAT = 14.0  # spread of the ring's colours below which the ground is one colour


def cut(pixels: Pixels, thing: Thing, scene: Scene) -> Pixels:
    """The mask of a thing whose box is in pixels of the upright picture, at the size of `pixels`; not empty."""
    across, down = pixels.shape[1] / scene.width, pixels.shape[0] / scene.height
    b = thing.box
    left, top = min(int(b.left * across), pixels.shape[1] - 1), min(int(b.top * down), pixels.shape[0] - 1)
    right, bottom = max(left + 1, round(b.right * across)), max(top + 1, round(b.bottom * down))
    box = Box(left, top, min(right, pixels.shape[1]), min(bottom, pixels.shape[0]))
    high, wide = int(box.bottom - box.top), int(box.right - box.left)
    if thing.kind in ("code", "table", "picture") or min(high, wide) < 4:
        return np.full((high, wide), 255, np.uint8)
    if thing.kind == "text":
        return _ink(pixels[top : top + high, left : left + wide])
    made = _made(pixels, thing, scene, box)
    if made is None or not made.size or not (made > 127).any():
        return np.full((high, wide), 255, np.uint8)
    return made


def _made(pixels: Pixels, thing: Thing, scene: Scene, box: Box) -> Pixels | None:
    if thing.kind in ("shape", "chart", "element") or scene.kind == "drawing":
        from dataclasses import replace  # noqa: PLC0415

        flat = _maker("masks_flat", "mask_flat")
        mask = flat(pixels, replace(thing, box=box)) if flat else None
        if mask is not None and (mask > 127).any():
            return np.asarray(mask, np.uint8)
        return _from_ground(pixels, box)
    photo = _maker("masks", "mask")
    return np.asarray(photo(pixels, box, thing.kind), np.uint8) if photo else _grabbed(pixels, box)


def _maker(module: str, name: str) -> Callable[..., Pixels] | None:
    whole = f"{__package__}.{module}"
    return getattr(import_module(whole), name, None) if find_spec(whole) else None


def _ink(crop: Pixels) -> Pixels:
    """How far each pixel is from the ground of a line of text, half of the farthest being 127."""
    values = crop.astype(np.float32)
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    far = np.abs(values - np.median(edge, axis=0)).max(axis=2)
    most = max(float(np.percentile(far, 98)), 24.0)
    return np.asarray(np.clip(far / most * 255, 0, 255), np.uint8)


def _from_ground(pixels: Pixels, box: Box) -> Pixels:
    """What is not the ground around the box, holes included; GrabCut where the ground is not one colour."""
    reach = max(2, round(RING * max(box.width, box.height)))
    top, left = max(0, int(box.top) - reach), max(0, int(box.left) - reach)
    part = pixels[top : int(box.bottom) + reach, left : int(box.right) + reach].astype(np.float32)
    y, x = int(box.top) - top, int(box.left) - left
    high, wide = int(box.height), int(box.width)
    outer = np.ones(part.shape[:2], np.bool_)
    outer[y : y + high, x : x + wide] = False
    ring = part[outer]
    if not len(ring):
        return np.full((high, wide), 255, np.uint8)
    ground = np.median(ring, axis=0)
    if float(np.median(np.abs(ring - ground))) > FLAT:
        return _grabbed(pixels, box)
    far = np.abs(part - ground).max(axis=2)
    most = float(np.percentile(far[y : y + high, x : x + wide], 90))
    soft = np.clip(far / max(most, 1.0) * 255, 0, 255).astype(np.uint8)
    free = (soft < 128).astype(np.uint8)
    free = cv2.copyMakeBorder(free, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, marks = cv2.connectedComponents(free, connectivity=4)
    outside = (marks == marks[0, 0])[1:-1, 1:-1]
    soft[~outside & (soft < 128)] = 255  # what the outside does not reach is a hole or a light part of the thing
    return np.asarray(soft[y : y + high, x : x + wide], np.uint8)


def _grabbed(pixels: Pixels, box: Box) -> Pixels:
    """GrabCut from the box, with its surroundings as ground."""
    reach = max(4, round(0.25 * max(box.width, box.height)))
    top, left = max(0, int(box.top) - reach), max(0, int(box.left) - reach)
    part = pixels[top : int(box.bottom) + reach, left : int(box.right) + reach]
    scale = min(1.0, GRAB_SIDE / max(part.shape[:2]))
    small = np.ascontiguousarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    area = [round(v * scale) for v in (int(box.left) - left, int(box.top) - top, box.width, box.height)]
    marks = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    x, y, wide, high = area[0], area[1], max(1, area[2]), max(1, area[3])
    marks[y : y + high, x : x + wide] = cv2.GC_PR_FGD
    if marks.min() == cv2.GC_PR_FGD or min(wide, high) < 4:
        return np.full((int(box.height), int(box.width)), 255, np.uint8)
    cv2.setRNGSeed(1)  # GrabCut's first clusters are random
    cv2.grabCut(small, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    solid = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.uint8) * 255
    solid = np.asarray(cv2.GaussianBlur(solid, (3, 3), 0), np.uint8)[y : y + high, x : x + wide]
    return np.asarray(cv2.resize(solid, (int(box.width), int(box.height)), interpolation=cv2.INTER_LINEAR), np.uint8)
