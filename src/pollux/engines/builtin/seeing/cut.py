"""A thing's own pixels within its box, as a map of 0 to 255."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

import cv2
import numpy as np

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing import masks
from pollux.engines.builtin.seeing.find import scaled
from pollux.engines.builtin.seeing.thing import Thing

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
        flat = _maker("masks_flat", "mask_flat")
        mask = flat(pixels, replace(thing, box=box)) if flat else None
        if mask is not None and (mask > 127).any():
            return np.asarray(mask, np.uint8)
        return _from_ground(pixels, box, thing.kind)
    return masks.mask(
        pixels, box, thing.kind, [face.box for face in scaled(scene, pixels.shape[1], pixels.shape[0]).faces]
    )


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


def _from_ground(pixels: Pixels, box: Box, kind: str) -> Pixels:
    """What is not the ground around the box, holes included; as in photographs where the ground is not one colour."""
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
        return masks.mask(pixels, box, kind)
    far = np.abs(part - ground).max(axis=2)
    most = float(np.percentile(far[y : y + high, x : x + wide], 90))
    soft = np.clip(far / max(most, 1.0) * 255, 0, 255).astype(np.uint8)
    free = (soft < 128).astype(np.uint8)
    free = cv2.copyMakeBorder(free, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, marks = cv2.connectedComponents(free, connectivity=4)
    outside = (marks == marks[0, 0])[1:-1, 1:-1]
    soft[~outside & (soft < 128)] = 255  # what the outside does not reach is a hole or a light part of the thing
    return np.asarray(soft[y : y + high, x : x + wide], np.uint8)
