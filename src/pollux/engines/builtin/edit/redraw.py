"""Larger conversions of one picture: comic panels, a sketch coloured in, a studio portrait."""

from __future__ import annotations

import re
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit import areas, parts, shades, things
from pollux.engines.builtin.edit.add import placed
from pollux.engines.builtin.edit.board import Board, Floats, Mask, as_floats, as_pixels, mixed
from pollux.engines.builtin.edit.fill import fill
from pollux.engines.builtin.edit.ground import covering, studio
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.styles import styled
from pollux.engines.builtin.edit.tones import vignette
from pollux.engines.builtin.pixels import Pixels, gray


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


def polish(board: Board, step: Step) -> str:
    """A line drawing coloured in: closed areas in related colours with soft light, clean lines, a ground behind it."""
    light = gray(board.rgb)
    paper = cv2.medianBlur(cv2.resize(light, (256, 256), interpolation=cv2.INTER_AREA), 41)
    paper = cv2.resize(paper, board.size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    line = as_floats(np.clip(np.clip(1 - light / np.maximum(paper, 1) - 0.06, 0, 1) * 2.1, 0, 1))
    inside, labels = _areas(line)
    if inside is None:
        return "!I found no closed outline to colour in; a clear drawing with closed lines on plain paper works best"
    colour = shades.find(re.sub(r"\b(?:black and white|neon \w+)\b", "", step.to)) or ("blue", (44, 96, 190))
    painted = _painted(labels, inside, colour[1], metallic="metal" in step.to.lower())
    wide, high = board.size
    rgb = board.rgb
    ground = None
    place = re.search(r"\bin (?:an? |the )([a-z ]{3,40}?)(?:[.,]|$| with)", step.to.lower())
    if place:
        ground = parts.setting(place[1], wide, high, board.seed)
    ground = ground if ground is not None else studio((214, 218, 226), wide, high)
    soft = cv2.GaussianBlur(inside, (0, 0), max(0.8, max(wide, high) / 900))
    out = mixed(ground, painted, np.asarray(soft, np.float32)[..., None])
    ink = cv2.GaussianBlur(line, (0, 0), max(0.6, max(wide, high) / 1400))[..., None] * (0.35 + 0.55 * soft[..., None])
    out = mixed(out, np.full_like(rgb, 22), np.asarray(np.clip(ink, 0, 1), np.float32))
    if "neon" in step.to.lower() or "rim light" in step.to.lower():
        out = _rim_lit(out, np.asarray(inside, np.float32))
    board.put(vignette(out, 0.35))
    return (f"coloured the drawing's closed areas in {colour[0]}, kept its lines and set it on "
            f"{'a painted ' + place[1] if place and ground is not None else 'a studio ground'}; I cannot make a "
            f"photograph of it")  # fmt: skip


def _areas(line: Floats) -> tuple[Floats | None, NDArray[np.int32]]:
    """What the lines enclose, 0 or 1, and the areas between them by number (0: outside and lines)."""
    high, wide = line.shape
    scale = max(1.0, max(high, wide) / 900)
    size = max(8, round(wide / scale)), max(8, round(high / scale))
    small = cv2.resize(line, size, interpolation=cv2.INTER_AREA)
    wall = (small > 0.22).astype(np.uint8)
    for reach in (3, 5, 9, 15):
        closed = cv2.morphologyEx(wall, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
        free = cv2.copyMakeBorder(1 - closed, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
        count, parts_ = cv2.connectedComponents(free, connectivity=4)
        labels = np.where(parts_ == parts_[0, 0], 0, parts_)[1:-1, 1:-1]
        inside = ((labels > 0) | (closed > 0)).astype(np.uint8)
        inside = as_pixels(cv2.morphologyEx(inside, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
        if float((labels > 0).mean()) > 0.02 and count > 1:
            full = cv2.resize(labels.astype(np.float32), (wide, high), interpolation=cv2.INTER_NEAREST).astype(np.int32)
            return np.asarray(
                cv2.resize(inside.astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR), np.float32
            ), full
    return None, np.zeros((high, wide), np.int32)


def _painted(labels: NDArray[np.int32], inside: Floats, rgb: shades.RGB, *, metallic: bool) -> Pixels:
    """Each area in a neighbour of the colour, small ones darker; light from above, a sheen across for metal."""
    high = labels.shape[0]
    count = int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count).astype(np.float64)
    sizes[0] = 0
    order = np.argsort(-sizes)
    base = np.array(rgb, np.float32)
    table = np.tile(base, (count, 1))
    for rank, number in enumerate(order[: count - 1]):
        if sizes[number] < sizes.sum() * 0.004:
            table[number] = base * 0.8
        elif rank:
            table[number] = (
                base * 0.45,
                base * 0.3 + np.array([150, 158, 170]) * 0.7,
                np.array([46.0, 50, 58]),
                base * 0.72 + 62,
            )[(rank - 1) % 4]
    flat = table[labels]
    hole = ((labels == 0) & (inside > 0.5)).astype(np.uint8)
    flat = cv2.inpaint(np.asarray(np.clip(flat, 0, 255), np.uint8), hole, 3, cv2.INPAINT_TELEA).astype(np.float32)
    ys = np.flatnonzero(inside.max(axis=1) > 0.5)
    top, bottom = (int(ys[0]), int(ys[-1])) if len(ys) else (0, high)
    rows = np.clip((np.arange(high, dtype=np.float32)[:, None] - top) / max(1, bottom - top), 0, 1)
    deep = cv2.distanceTransform((inside > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    round_ = (
        np.clip(deep / max(4.0, float(np.percentile(deep[deep > 0], 90)) if (deep > 0).any() else 4.0), 0, 1) ** 0.6
    )
    shade = 0.62 + 0.3 * round_ + 0.3 * (0.6 - rows)
    if metallic:
        shade = (
            shade
            + 0.32 * np.exp(-(((rows - 0.3) / 0.07) ** 2))
            - 0.16 * np.exp(-(((rows - 0.52) / 0.1) ** 2))
            + 0.14 * np.exp(-(((rows - 0.72) / 0.05) ** 2))
        )
    bright = np.clip(shade, 0.2, 1.5)[..., None]
    out = np.where(bright <= 1, flat * bright, flat + (255 - flat) * (bright - 1) * 1.3)
    return np.asarray(np.clip(out, 0, 255), np.uint8)


def _rim_lit(pixels: Pixels, inside: Floats) -> Pixels:
    """A band of cyan and magenta light along the outline."""
    edge = np.clip(
        cv2.GaussianBlur(inside, (0, 0), 3) * (1 - inside) * 4
        + cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)),
        0,
        1,
    )
    size = max(2.0, max(pixels.shape[:2]) / 160)
    glow = np.clip(cv2.GaussianBlur(edge, (0, 0), size) * 2.2 + edge * 0.7, 0, 1)[..., None]
    across = np.linspace(0, 1, pixels.shape[1], dtype=np.float32)[None, :, None]
    light = np.array([255, 40, 190], np.float32) * across + np.array([30, 220, 255], np.float32) * (1 - across)
    return np.asarray(np.clip(pixels + light * glow * 0.85, 0, 255), np.uint8)


def portrait(board: Board, step: Step) -> str:
    """The person on a studio ground; other views than the picture's own are not possible, and said to be."""
    found = things.find(board, "person") or things.subject(board)
    if found is None:
        return "!I could not find anybody to make a portrait of"
    colour = shades.find(step.to) or ("white", (255, 255, 255))
    wide, high = board.size
    plain = np.full((high, wide, 3), 255, np.uint8) if colour[0] == "white" else studio(colour[1], wide, high)
    front = areas.cleaned(board.rgb, found.mask)
    board.put(mixed(plain, front, found.mask[..., None]))
    if step.how == "profile":
        return (f"!I cannot turn a person to another side, for that would be inventing how they look; the view "
                f"stays your picture's own, "
                f"cut out on {colour[0]}")  # fmt: skip
    return f"cut the person out and set them on {colour[0]}"


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
    board.put(fill(board.rgb, hole, board.seed, board.cancelled), hole.astype(np.float32))
    if step.kind == "letter":
        return _instead(board, before, seen[0].box, step.to, hole)
    return f"removed {len(seen)} line{'s' if len(seen) != 1 else ''} of lettering and filled in its ground"


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
    rgba = parts.lettering(
        text, right - left, round((bottom - top) * 1.12), (int(colour[0]), int(colour[1]), int(colour[2]))
    )
    layer, alpha = placed(
        rgba, round((left + right - rgba.shape[1]) / 2), round((top + bottom - rgba.shape[0]) / 2), *board.size
    )
    board.put(layer, alpha)
    return f'set "{text}" in place of the lettering'
