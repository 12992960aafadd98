"""Things as the documentation's JSON: boxes in thousandths, points, masks; and every fact that a schema may ask for."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from pollux.engines.builtin import facts
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.labels import as_file_name
from pollux.engines.builtin.seeing.notation import Order, Unit
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import Wanted

SCALE = 1000
MASK_SIDE = 256  # pixels: the longer side of a mask, as the documented models send it
PREFIX = "data:image/png;base64,"

Record = dict[str, Any]


def rounded(box: Box, scene: Scene) -> list[int]:
    """[ymin, xmin, ymax, xmax] in thousandths, never empty."""
    top, left, bottom, right = facts.box_2d(box, scene)
    top, left = min(top, SCALE - 1), min(left, SCALE - 1)
    return [top, left, max(bottom, top + 1), max(right, left + 1)]


def measured(box: Box, scene: Scene, unit: Unit = "thousandths", order: Order = "yxyx") -> list[int] | list[float]:
    """The box's four numbers in the unit and order that the caller wants."""
    sides: list[int] | list[float] = rounded(box, scene)
    if unit == "pixels":
        sides = [round(box.top), round(box.left), round(box.bottom), round(box.right)]
    elif unit == "shares":
        sides = [round(v, 4) for v in (box.top / scene.height, box.left / scene.width,
                                       box.bottom / scene.height, box.right / scene.width)]  # fmt: skip
    top, left, bottom, right = sides
    if order == "xyxy":
        return [left, top, right, bottom]
    return [left, top, right - left, bottom - top] if order == "xywh" else [top, left, bottom, right]


def point(
    at: tuple[float, float], scene: Scene, unit: Unit = "thousandths", order: Order = "yxyx"
) -> list[int] | list[float]:
    """[y, x] of a place in pixels."""
    x, y = at
    values: list[int] | list[float] = [round(y), round(x)]
    if unit == "thousandths":
        values = [round(SCALE * y / scene.height), round(SCALE * x / scene.width)]
    elif unit == "shares":
        values = [round(y / scene.height, 4), round(x / scene.width, 4)]
    return values if order == "yxyx" else values[::-1]


def entry(thing: Thing, label: str, scene: Scene, wanted: Wanted, mask: Pixels | None = None) -> Record:
    """One entry of an answer without a schema."""
    if wanted.form == "points":
        return {"point": point(inside(thing.box, mask), scene, wanted.unit, wanted.order), "label": label}
    out: Record = {"box_2d": measured(thing.box, scene, wanted.unit, wanted.order)}
    if wanted.form == "masks":
        return {**out, "mask": as_url(mask, thing.box, scene), "label": as_file_name(label)}
    return {**out, "label": label}


def listing(entries: Sequence[Mapping[str, Any]]) -> str:
    """A JSON list, one entry a line.

    Not fenced: the documentation's own code for masks leaves the closing fence on, and its code for boxes expects none.
    """
    if not entries:
        return "[]"
    return "[\n" + ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in entries) + "\n]"


def as_url(mask: Pixels | None, box: Box, scene: Scene) -> str:
    """A mask of the box as a data URL: laid on the box in whole thousandths, so that decoding it there is right."""
    if mask is None or not mask.size:
        mask = np.full((1, 1), 255, np.uint8)
    top, left, bottom, right = rounded(box, scene)
    frame = Box(left * scene.width / SCALE, top * scene.height / SCALE,
                right * scene.width / SCALE, bottom * scene.height / SCALE)  # fmt: skip
    png = cv2.imencode(".png", laid(mask, box, frame), [cv2.IMWRITE_PNG_COMPRESSION, 6])[1].tobytes()
    return PREFIX + base64.b64encode(png).decode("ascii")


def laid(mask: Pixels, box: Box, frame: Box) -> Pixels:
    """A mask of `box` seen through `frame`, in the frame's proportions, its longer side at most MASK_SIDE pixels."""
    scale = min(1.0, MASK_SIDE / max(frame.width, frame.height))
    wide, high = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    size = max(1, round(box.width * wide / frame.width)), max(1, round(box.height * high / frame.height))
    if size[0] < mask.shape[1] or size[1] < mask.shape[0]:
        mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8)
    across = box.width / mask.shape[1] * wide / frame.width  # frame pixels for each of the mask's
    down = box.height / mask.shape[0] * high / frame.height
    x = (box.left - frame.left) * wide / frame.width + 0.5 * (across - 1)
    y = (box.top - frame.top) * high / frame.height + 0.5 * (down - 1)
    move = np.array([[across, 0.0, x], [0.0, down, y]], np.float64)
    edge = cv2.BORDER_REPLICATE  # the frame reaches at most half a thousandth beyond the box
    return np.asarray(cv2.warpAffine(mask, move, (wide, high), flags=cv2.INTER_LINEAR, borderMode=edge), np.uint8)


def inside(box: Box, mask: Pixels | None) -> tuple[float, float]:
    """(x, y) of a point on the thing: the box's centre, or the mask's innermost pixel where its centre is not on it."""
    x, y = box.centre
    if mask is None or min(mask.shape) < 3:
        return x, y
    solid = (mask > 127).astype(np.uint8)
    if not solid.any() or solid[solid.shape[0] // 2, solid.shape[1] // 2]:
        return x, y
    depth = cv2.distanceTransform(cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), cv2.DIST_L2, 3)
    row, column = np.unravel_index(int(depth[1:-1, 1:-1].argmax()), solid.shape)
    return (
        box.left + (float(column) + 0.5) * box.width / solid.shape[1],
        box.top + (float(row) + 0.5) * box.height / solid.shape[0],
    )
