"""The picture's shape: cropping, turning, mirroring, other sizes, more ground around it, borders, rounded corners.

Each function changes the board and gives what there is to say.
"""

from __future__ import annotations

import re
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit import shades, things
from pollux.engines.builtin.edit.board import Board, Floats, Mask
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.tones import blurred
from pollux.engines.builtin.pixels import Pixels, fit, gray

MOST_SIDE = 8192  # pixels of a side that words may ask for
_LEAST = 8


def crop(board: Board, step: Step) -> str:
    """Cuts a part out."""
    wide, high = board.size
    if step.how == "thing":
        found = things.find(board, step.thing)
        if found is None:
            return f"!I could not find the {step.thing} to crop to"
        left, top, right, bottom = found.box
        pad = round(0.12 * max(right - left, bottom - top))
        return _cut(board, (left - pad, top - pad, right + pad, bottom + pad), f"cropped to the {step.thing}")
    if step.how == "circle":
        side = min(wide, high)
        _cut(board, _around_subject(board, side, side), "")
        mask = np.zeros((side * 2, side * 2), np.uint8)
        cv2.circle(mask, (side, side), side - 1, 255, -1, cv2.LINE_AA)
        alpha = cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA)
        _see_through(board, cast(Pixels, alpha))
        return "cropped to a circle with a transparent ground"
    if step.how == "ratio":
        across, down = ratio(step.to)
        width = min(wide, round(high * across / down))
        return _cut(
            board, _around_subject(board, width, min(high, round(width * down / across))), f"cropped to {step.to}"
        )
    if step.how == "size":
        width, height = (int(v) for v in step.to.split("x"))
        if width > wide or height > high:
            return f"!I could not crop to {step.to}, for the picture is only {wide} x {high} pixels"
        return _cut(
            board,
            _around_subject(board, max(_LEAST, width), max(_LEAST, height)),
            f"cropped to {width} x {height} pixels",
        )
    share = float(np.clip(step.amount if step.amount is not None else 0.2, 0.01, 0.95))
    if step.how == "keep":
        box = {
            "left": (0, 0, round(wide * share), high),
            "right": (wide - round(wide * share), 0, wide, high),
            "top": (0, 0, wide, round(high * share)),
            "bottom": (0, high - round(high * share), wide, high),
        }[step.to]
        return _cut(board, box, f"kept the {step.to} part")
    if step.how == "off":
        x, y = round(wide * share), round(high * share)
        box = {
            "left": (x, 0, wide, high),
            "right": (0, 0, wide - x, high),
            "top": (0, y, wide, high),
            "bottom": (0, 0, wide, high - y),
        }[step.to]
        return _cut(board, box, f"cropped {share:.0%} off the {step.to}")
    x, y = round(wide * share / 2), round(high * share / 2)
    return _cut(board, (x, y, wide - x, high - y), f"cropped {share:.0%} away around the middle")


def turn(board: Board, step: Step) -> str:
    """Turns clockwise; quarter turns keep every pixel, others keep the size and extend the ground into the corners."""
    if step.how == "straighten":
        lean = _lean(board.rgb)
        if abs(lean) < 0.4:
            return "!I found no slant to straighten"
        _turned(board, -lean, within=True)
        return f"straightened by {abs(lean):.1f} degrees"
    angle = (step.amount or 90.0) % 360
    wide, high = board.size
    if angle % 90 == 0:
        quarter = int(angle // 90)
        matrix = {0: np.eye(3), 1: np.array([[0, -1, high - 1], [1, 0, 0], [0, 0, 1.0]]),
                  2: np.array([[-1, 0, wide - 1], [0, -1, high - 1], [0, 0, 1.0]]),
                  3: np.array([[0, 1, 0], [-1, 0, wide - 1], [0, 0, 1.0]])}[quarter]  # fmt: skip
        board.reshaped(np.rot90(board.pixels, -quarter), matrix)
    else:
        _turned(board, angle, within=False)
    side = "clockwise" if angle <= 180 else "anticlockwise"
    return f"rotated by {angle if angle <= 180 else 360 - angle:g} degrees {side}"


def flip(board: Board, step: Step) -> str:
    """Mirrors."""
    wide, high = board.size
    if step.how == "vertical":
        board.reshaped(board.pixels[::-1], np.array([[1, 0, 0], [0, -1, high - 1], [0, 0, 1.0]]))
        return "flipped upside down"
    board.reshaped(board.pixels[:, ::-1], np.array([[-1, 0, wide - 1], [0, 1, 0], [0, 0, 1.0]]))
    return "mirrored from left to right"


def resize(board: Board, step: Step) -> str:
    """Another size in pixels."""
    wide, high = board.size
    if step.to:
        width, height = (int(v) for v in step.to.split("x"))
    elif step.how == "width":
        width, height = int(step.amount or wide), round(high * (step.amount or wide) / wide)
    elif step.how == "height":
        width, height = round(wide * (step.amount or high) / high), int(step.amount or high)
    else:
        share = float(np.clip(step.amount or 1.0, 0.01, 8))
        width, height = round(wide * share), round(high * share)
    if not (_LEAST <= width <= MOST_SIDE and _LEAST <= height <= MOST_SIDE):
        return f"!I did not resize to {width} x {height}: sides may have {_LEAST} to {MOST_SIDE} pixels"
    scaled(board, width, height)
    return f"resized to {width} x {height} pixels"


def scaled(board: Board, width: int, height: int) -> None:
    """Stretches the board to a size."""
    wide, high = board.size
    if (width, height) == (wide, high):
        return
    way = cv2.INTER_AREA if width * height < wide * high else cv2.INTER_CUBIC
    pixels = cv2.resize(board.pixels, (width, height), interpolation=way)
    board.reshaped(
        cast(Pixels, pixels), np.diag([width / wide, height / high, 1.0]), fresh=np.ones((height, width), np.bool_)
    )


def extend(board: Board, step: Step) -> str:
    """More ground: the picture mirrored beyond its edges, ever softer the farther out."""
    wide, high = board.size
    if step.how == "ratio":
        across, down = ratio(step.to)
        width, height = max(wide, round(high * across / down)), max(high, round(wide * down / across))
        x, y = width - wide, height - high
        grown(board, (x // 2, y // 2, x - x // 2, y - y // 2))
        return f"extended to {step.to}"
    share = float(np.clip(abs(step.amount) if step.amount is not None else 0.25, 0.02, 1.0))
    sides = step.how.split()
    x, y = round(wide * share), round(high * share)
    if len(sides) == 4:
        x, y = x // 2, y // 2
    grown(board, tuple(v if s in sides else 0 for s, v in (("left", x), ("top", y), ("right", x), ("bottom", y))))  # type: ignore[arg-type]
    return "extended the picture to " + ("all sides" if len(sides) == 4 else "the " + " and ".join(sides))


def grown(board: Board, margins: tuple[int, int, int, int]) -> None:
    """Adds margins (left, top, right, bottom) in pixels, filled with what would be there; the picture itself stays."""
    left, top, right, bottom = (min(max(0, m), MOST_SIDE) for m in margins)
    wide, high = board.size
    pixels = board.pixels
    if pixels.shape[2] == 4:
        out = cast(
            Pixels, cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
        )
    else:
        out = _beyond(pixels, (left, top, right, bottom))
    fresh = np.ones(out.shape[:2], np.bool_)
    fresh[top : top + high, left : left + wide] = False
    board.reshaped(out, np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]]), fresh=fresh)


def _beyond(pixels: Pixels, margins: tuple[int, int, int, int]) -> Pixels:
    left, top, right, bottom = margins
    high, wide = pixels.shape[:2]
    out = pixels
    while left or top or right or bottom:  # a mirror shows at most the picture's own width
        x0, x1 = min(left, out.shape[1]), min(right, out.shape[1])
        y0, y1 = min(top, out.shape[0]), min(bottom, out.shape[0])
        out = cast(Pixels, cv2.copyMakeBorder(out, y0, y1, x0, x1, cv2.BORDER_REFLECT))
        left, right, top, bottom = left - x0, right - x1, top - y0, bottom - y1
    x0, y0 = margins[0], margins[1]
    reach = max(margins)
    outside = np.ones(out.shape[:2], np.uint8)
    outside[y0 : y0 + high, x0 : x0 + wide] = 0
    far = cv2.distanceTransform(outside, cv2.DIST_L2, 3)
    softs = [out, blurred(out, max(2.0, reach / 26)), blurred(out, max(4.0, reach / 9))]
    at = np.clip(far / max(reach * 0.55, 1) * 2, 0, 2)[..., None]
    near = (
        softs[0] * np.clip(1 - at, 0, 1)
        + softs[1] * np.clip(1 - np.abs(at - 1), 0, 1)
        + softs[2] * np.clip(at - 1, 0, 1)
    )
    done = np.asarray(np.clip(near + 0.5, 0, 255), np.uint8)
    done[y0 : y0 + high, x0 : x0 + wide] = pixels
    return done


def border(board: Board, step: Step) -> str:
    """A frame of one colour around the picture; the picture itself stays."""
    wide, high = board.size
    found = shades.find(re.sub(r"\b(?:image|picture|photo)\b", "", step.to))
    name, rgb = found or ("white", (255, 255, 255))
    rgb = (255, 255, 255) if name == "white" else (0, 0, 0) if name == "black" else rgb
    share = {"thin": 0.012, "wide": 0.08}.get(step.how, 0.04)
    size = max(1, round(share * max(wide, high)))
    if step.amount is not None:
        size = round(step.amount) if step.amount > 0 else round(-step.amount * max(wide, high))
    size = min(max(1, size), 2000)
    below = size * 4 if step.how == "polaroid" else size
    colour = (*rgb, 255)[: board.pixels.shape[2]]
    out = cv2.copyMakeBorder(board.pixels, size, below, size, size, cv2.BORDER_CONSTANT, value=colour)
    fresh = np.ones(out.shape[:2], np.bool_)
    fresh[size : size + high, size : size + wide] = False
    board.reshaped(cast(Pixels, out), np.array([[1, 0, size], [0, 1, size], [0, 0, 1.0]]), fresh=fresh)
    return f"put a {name} border of {size} pixels around it"


def rounded(board: Board, step: Step) -> str:
    """Transparent rounded corners."""
    wide, high = board.size
    radius = int(np.clip(step.amount or min(wide, high) * 0.09, 1, min(wide, high) // 2))
    mask = np.zeros((high * 2, wide * 2), np.uint8)
    r = radius * 2
    cv2.rectangle(mask, (r, 0), (wide * 2 - r, high * 2), 255, -1)
    cv2.rectangle(mask, (0, r), (wide * 2, high * 2 - r), 255, -1)
    for x in (r, wide * 2 - r - 1):
        for y in (r, high * 2 - r - 1):
            cv2.circle(mask, (x, y), r, 255, -1, cv2.LINE_AA)
    _see_through(board, cast(Pixels, cv2.resize(mask, (wide, high), interpolation=cv2.INTER_AREA)))
    return f"rounded the corners with a radius of {radius} pixels; they are transparent"


def fitted(board: Board, width: int, height: int) -> None:
    """The board at a size: cut a little where the shapes are nearly alike, else with more ground around it."""
    wide, high = board.size
    if (wide, high) == (width, height):
        return
    want, have = width / height, wide / high
    apart = max(want / have, have / want)
    if apart > 1.003:
        if apart < 1.12 and board.pixels.shape[2] == 3:
            across, down = min(wide, round(high * want)), min(high, round(wide / want))
            _cut(board, _around_subject(board, max(1, across), max(1, down)), "")
        else:
            across, down = max(wide, round(high * want)), max(high, round(wide / want))
            x, y = across - wide, down - high
            grown(board, (x // 2, y // 2, x - x // 2, y - y // 2))
    scaled(board, width, height)


def ratio(text: str) -> tuple[int, int]:
    """ "16:9" as numbers between 1 and 99."""
    across, down = (min(99, max(1, int(part))) for part in text.split(":"))
    return (across, down) if 1 / 8 <= across / down <= 8 else (1, 1)


def _cut(board: Board, box: tuple[int, int, int, int], said: str) -> str:
    wide, high = board.size
    left, top = min(max(0, box[0]), wide - 1), min(max(0, box[1]), high - 1)
    right, bottom = min(max(left + 1, box[2]), wide), min(max(top + 1, box[3]), high)
    board.reshaped(board.pixels[top:bottom, left:right], np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]))
    return said


def _around_subject(board: Board, width: int, height: int) -> tuple[int, int, int, int]:
    """A box of this size with the main thing in its middle as far as the picture's edges let it be."""
    wide, high = board.size
    x, y = wide / 2, high / 2
    if (width, height) != (wide, high):
        found = next(
            (one for word in ("face", "main object", "person", "everything") for one in board.see(board.base, word)),
            None,
        )
        if found is not None:
            left, top, right, bottom = found.box
            point = board.moved @ np.array([(left + right) / 2, (top + bottom) / 2, 1.0])
            x, y = float(point[0] / point[2]), float(point[1] / point[2])
    left_, top_ = round(np.clip(x - width / 2, 0, wide - width)), round(np.clip(y - height / 2, 0, high - height))
    return left_, top_, left_ + width, top_ + height


def _see_through(board: Board, alpha: Pixels) -> None:
    own = board.pixels[..., 3] if board.pixels.shape[2] == 4 else np.full(alpha.shape, 255, np.uint8)
    board.put(np.dstack([board.rgb, np.minimum(own, alpha)]))


def _turned(board: Board, angle: float, *, within: bool) -> None:
    """Turned about the middle; `within`: enlarged until no corner is empty, else corners are filled by mirroring."""
    wide, high = board.size
    c, s = float(np.cos(np.radians(angle))), float(np.sin(np.radians(angle)))
    grow = max(abs(c) + abs(s) * high / wide, abs(c) + abs(s) * wide / high) if within else 1.0
    x, y = (wide - 1) / 2, (high - 1) / 2
    matrix: NDArray[np.float64] = np.array(
        [
            [grow * c, -grow * s, x - grow * (c * x - s * y)],
            [grow * s, grow * c, y - grow * (s * x + c * y)],
            [0, 0, 1.0],
        ]
    )
    mode = cv2.BORDER_CONSTANT if board.pixels.shape[2] == 4 else cv2.BORDER_REFLECT_101
    out = cv2.warpPerspective(board.pixels, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=mode)
    fresh: Mask = np.ones((high, wide), np.bool_)
    board.reshaped(cast(Pixels, out), matrix, fresh=fresh)


def _lean(pixels: Pixels) -> float:
    """By how many degrees, clockwise, the picture's long lines lean, at most 15; 0 for no clear slant."""
    edges = cv2.Canny(gray(fit(pixels, 900)), 60, 180)
    lines = cv2.HoughLinesP(edges, 1, np.pi / 720, 60, minLineLength=max(edges.shape) // 8, maxLineGap=6)
    if lines is None:
        return 0.0
    ends = lines.reshape(-1, 4).astype(np.float32)
    across, down = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    angle = (np.degrees(np.arctan2(down, across)) + 45) % 90 - 45
    long: Floats = np.hypot(across, down)
    near = np.abs(angle) < 15
    if long[near].sum() < 0.4 * long.sum():
        return 0.0
    order = np.argsort(angle[near])
    total = np.cumsum(long[near][order])
    return float(angle[near][order][int(np.searchsorted(total, total[-1] / 2))])
