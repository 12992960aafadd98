"""Larger conversions of one picture: comic panels, a sketch coloured in, a studio portrait."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit import areas, parts, shades, things
from pollux.engines.builtin.edit.add import placed
from pollux.engines.builtin.edit.board import Board, Mask, as_floats, mixed
from pollux.engines.builtin.edit.fill import fill, smooth
from pollux.engines.builtin.edit.ground import covering, studio
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.styles import styled
from pollux.engines.builtin.edit.tones import warmth
from pollux.engines.builtin.pixels import Pixels

_PLAIN = 9.0  # mean difference from its middle up to which a ground is plain


def comic(board: Board, step: Step) -> str:
    """Panels from one picture: the whole, nearer, closest, mirrored; in ink or flat colour, with captions if given."""
    count = int(np.clip(step.amount or 3, 1, 9))
    wide, high = board.size
    if min(wide, high) < 64:
        return "!The picture is too small to make panels of it"
    columns = count if wide >= high * 0.9 and count <= 3 else min(count, 2 if count <= 4 else 3)
    rows = -(-count // columns)
    gap = max(3, round(min(wide, high) * 0.018))
    out = np.full((high, wide, 3), 250, np.uint8)
    captions = step.how.split("\n") if step.how else []
    drawn = styled(board.rgb, step.to, board.seed)
    focus = _focus(board)
    for index in range(count):
        row, across = index // columns, columns if index // columns < rows - 1 else count - columns * (rows - 1)
        w, h = (wide - gap * (across + 1)) // across, (high - gap * (rows + 1)) // rows
        x, y = gap + (index % columns) * (w + gap), gap + row * (h + gap)
        panel = _panel(drawn, focus, index, (w, h))
        if index < len(captions) and captions[index].strip():
            panel = _captioned(panel, captions[index])
        out[y : y + h, x : x + w] = panel
        cv2.rectangle(out, (x - 1, y - 1), (x + w, y + h), (14, 14, 16), max(2, gap // 4))
    board.put(cast(Pixels, out))
    board.region[:] = True
    ink = "black ink" if step.to == "ink" else step.to
    return (f"made {count} comic panels of your picture, each a different view of it in {ink}; "
            "I cannot pose the character anew or invent a scene")  # fmt: skip


def _focus(board: Board) -> tuple[float, float, float]:
    """The middle of the face or main thing, and its size, as shares of the picture."""
    wide, high = board.size
    found = next(
        (one for word in ("face", "main object", "animal", "everything") for one in board.see(board.base, word)), None
    )
    if found is None:
        return 0.5, 0.45, 0.5
    left, top, right, bottom = found.box
    return (left + right) / 2 / wide, (top + bottom) / 2 / high, max((right - left) / wide, (bottom - top) / high)


def _panel(drawn: Pixels, focus: tuple[float, float, float], index: int, size: tuple[int, int]) -> Pixels:
    high, wide = drawn.shape[:2]
    x, y, large = focus
    zoom = (1.0, 0.66, max(0.3, min(0.5, large * 1.5)))[index % 3]
    shape = size[0] / size[1]
    w, h = (wide * zoom, wide * zoom / shape) if wide / shape <= high else (high * zoom * shape, high * zoom)
    shift = (0.0, 0.16, 0.0)[index % 3] * w * (1 if index % 2 else -1)
    left = float(np.clip(x * wide - w / 2 + shift, 0, wide - w))
    top = float(np.clip(y * high - h * (0.5, 0.44, 0.5)[index % 3], 0, high - h))
    part = drawn[int(top) : max(int(top) + 2, int(top + h)), int(left) : max(int(left) + 2, int(left + w))]
    if (index // 3 + (index % 3 == 1)) % 2:
        part = np.ascontiguousarray(part[:, ::-1])
    return covering(part, *size)


def _captioned(panel: Pixels, text: str) -> Pixels:
    """A caption box along the panel's top."""
    high, wide = panel.shape[:2]
    box = max(12, round(high * (0.13 if wide > high * 0.8 else 0.16)))
    out = panel.copy()
    out[:box] = (255, 246, 205)
    out[box : box + max(2, box // 18)] = 16
    rgba = parts.lettering(text, wide, round(box * 0.86), (18, 18, 20), "comic")
    x, y = (wide - rgba.shape[1]) // 2, (box - rgba.shape[0]) // 2
    x, y = max(0, x), max(0, y)
    part = out[y : y + rgba.shape[0], x : x + rgba.shape[1]]
    ink = rgba[: part.shape[0], : part.shape[1]]
    part[:] = mixed(part, ink[..., :3], as_floats(ink[..., 3:] / 255))
    return out


def portrait(board: Board, step: Step) -> str:
    """The person on a studio ground; other views than the picture's own are not possible, and said to be."""
    found = things.find(board, "person") or things.subject(board)
    if found is None:
        return "!I could not find anybody to make a portrait of"
    colour = shades.find(step.to) or ("white", (255, 255, 255))
    wide, high = board.size
    plain = np.full((high, wide, 3), 255, np.uint8) if colour[0] == "white" else studio(colour[1], wide, high)
    front, mask = areas.cleaned(board.rgb, found.mask), found.mask
    faces = [one.box for one in board.see(board.base, "face")]
    nearer = ""
    if step.how != "profile" and len(faces) == 1 and np.array_equal(board.moved, np.eye(3)):
        matrix = _head_and_shoulders(faces[0], board.size)
        front = cast(Pixels, cv2.warpAffine(front, matrix, board.size, flags=cv2.INTER_CUBIC))
        mask = as_floats(np.clip(cv2.warpAffine(mask, matrix, board.size, flags=cv2.INTER_LINEAR), 0, 1))
        nearer = ", head and shoulders"
    if "warm" in step.words.lower():
        front = warmth(front, 0.3)
    board.put(mixed(plain, front, mask[..., None]))
    if step.how == "profile":
        return (f"!I cannot turn a person to another side, for that would be inventing how they look; the view "
                f"stays your picture's own, "
                f"cut out on {colour[0]}")  # fmt: skip
    light = " in warmer light" if "warm" in step.words.lower() else ""
    return f"cut the person out and set them on a plain {colour[0]} ground{nearer}{light}"


def _head_and_shoulders(face: tuple[int, int, int, int], size: tuple[int, int]) -> NDArray[np.float64]:
    """From the picture to one of the same size in which the face is a third as wide; never smaller than it was."""
    wide, high = size
    scale = float(np.clip(0.32 * min(wide, high) / max(1, face[2] - face[0]), 1.0, 2.0))
    x, y = (face[0] + face[2]) / 2, (face[1] + face[3]) / 2
    left = float(np.clip(wide / 2 - scale * x, wide - scale * wide, 0))
    top = float(np.clip(0.44 * high - scale * y, high - scale * high, 0))
    return np.array([[scale, 0, left], [0, scale, top]])


def without_lettering(board: Board, step: Step) -> str:
    """Lettering filled in from its ground: all of it, or that which is quoted; or other words in its place."""
    seen = [one for one in board.see(board.base, "text") if one.kind == "text"]
    wanted = step.thing.lower().split()
    if wanted:
        seen = [one for one in seen if one.text and _alike(one.text, step.thing)]
    if not seen:
        return "!I found no such lettering" if wanted else "!I found no lettering in the picture"
    high, wide = board.pictures[board.base].shape[:2]
    mask = np.zeros((high, wide), np.float32)
    for one in seen:
        left, top, right, bottom = one.box
        ink = (one.mask > 56).astype(np.float32)
        reach = max(1, (bottom - top) // 14)
        part = mask[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach]
        padded = cv2.copyMakeBorder(ink, min(top, reach), reach, min(left, reach), reach, cv2.BORDER_CONSTANT, value=0)
        padded = padded[: part.shape[0], : part.shape[1]]
        np.maximum(
            part[: padded.shape[0], : padded.shape[1]],
            cv2.dilate(padded, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)),
            out=part[: padded.shape[0], : padded.shape[1]],
        )
    hole = board.here(mask) > 0.3
    before = board.rgb.copy()
    boxes = np.array([one.box for one in seen])
    whole = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    board.put(_cleared(board, hole, [one.box for one in seen]), hole.astype(np.float32))
    if step.kind == "letter":
        return _instead(board, before, whole, step.to, hole)
    return f"removed {len(seen)} line{'s' if len(seen) != 1 else ''} of lettering and filled in its ground"


def _cleared(board: Board, hole: Mask, boxes: Sequence[tuple[int, int, int, int]]) -> Pixels:
    """The lettering's ground: carried on smoothly where it is plain around every line, else made of patches."""
    if np.array_equal(board.moved, np.eye(3)):
        spreads = []
        for left, top, right, bottom in boxes:
            free = board.rgb[top:bottom, left:right][~hole[top:bottom, left:right]].astype(np.float32)
            spreads.append(float(np.abs(free - np.median(free, axis=0)).mean()) if len(free) else 255.0)
        if max(spreads) < _PLAIN:
            return smooth(board.rgb, hole)
    return fill(board.rgb, hole, board.seed, board.cancelled)


def _alike(text: str, wanted: str) -> bool:
    """Whether a line as it was read is, or holds, the words wanted, spelling slips of reading allowed."""
    from difflib import SequenceMatcher  # noqa: PLC0415

    one, two = re.sub(r"\W+", "", text.lower())[:200], re.sub(r"\W+", "", wanted.lower())[:200]
    return bool(one and two) and (two in one or SequenceMatcher(None, one, two).ratio() > 0.75)


def _instead(board: Board, before: Pixels, box: tuple[int, int, int, int], text: str, hole: Mask) -> str:
    """New words where others were, in their colour and size."""
    left, top, right, bottom = box
    part, ink = before[top:bottom, left:right].reshape(-1, 3), hole[top:bottom, left:right].ravel()
    ground = np.median(part[~ink], axis=0) if (~ink).any() else np.array([255, 255, 255])
    away = np.abs(part.astype(np.float32) - ground).sum(axis=1)
    colour = np.median(part[away >= np.percentile(away, 92)], axis=0)
    rgb = int(colour[0]), int(colour[1]), int(colour[2])
    rgba = parts.lettering(text, round((right - left) * 1.04), round((bottom - top) * 1.12), rgb)
    layer, alpha = placed(
        rgba, round((left + right - rgba.shape[1]) / 2), round((top + bottom - rgba.shape[0]) / 2), *board.size
    )
    board.put(layer, alpha)
    return f'set "{text}" in place of the lettering'
