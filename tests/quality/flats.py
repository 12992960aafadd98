"""Sheets of plain shapes, and of drawn things, with what is true about them; drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, hypot, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
Span = tuple[int, int, int, int]
Random = np.random.Generator
SHARP = 4  # drawn so many times larger
COLOURS = {
    "red": (220, 30, 40), "green": (30, 150, 60), "blue": (40, 80, 220), "yellow": (250, 220, 40),
    "black": (15, 15, 15),
    "orange": (245, 140, 30), "purple": (120, 40, 150), "turquoise": (60, 210, 210), "pink": (245, 150, 180),
    "brown": (130, 80, 40), "gray": (130, 130, 130),
}  # fmt: skip
GROUNDS = ((255, 255, 255), (255, 255, 255), (240, 240, 235), (25, 25, 30), (205, 225, 245))


@dataclass(frozen=True)
class Drawn:
    """What was drawn where; `mask` is of the whole sheet, where it is known."""

    name: str
    colour: str
    span: Span
    mask: NDArray[np.bool_]


def _regular(corners: int, inner: float = 1.0) -> Callable[[Random], list[tuple[float, float]]]:
    def make(_: Random) -> list[tuple[float, float]]:
        return [
            (r * sin(2 * pi * n / corners), -r * cos(2 * pi * n / corners))
            for n in range(corners)
            for r in [inner if n % 2 else 1.0]
        ]

    return make


def _oblong(least: float, most: float) -> Callable[[Random], list[tuple[float, float]]]:
    def make(rng: Random) -> list[tuple[float, float]]:
        high = rng.uniform(least, most)
        return [(-1, -high), (1, -high), (1, high), (-1, high)]

    return make


def _round(least: float, most: float) -> Callable[[Random], list[tuple[float, float]]]:
    def make(rng: Random) -> list[tuple[float, float]]:
        high = rng.uniform(least, most)
        return [(cos(pi * n / 90), high * sin(pi * n / 90)) for n in range(180)]

    return make


def _arrow(rng: Random) -> list[tuple[float, float]]:
    shaft, head, neck = rng.uniform(0.15, 0.25), rng.uniform(0.45, 0.65), rng.uniform(0.0, 0.3)
    return [(-1, -shaft), (neck, -shaft), (neck, -head), (1, 0), (neck, head), (neck, shaft), (-1, shaft)]


FORMS: dict[str, Callable[[Random], list[tuple[float, float]]]] = {
    "triangle": _regular(3), "square": _oblong(1, 1), "rectangle": _oblong(0.35, 0.7), "circle": _round(1, 1),
    "ellipse": _round(0.45, 0.75), "star": _regular(10, 0.4), "hexagon": _regular(6), "pentagon": _regular(5),
    "arrow": _arrow,
}  # fmt: skip


def shapes(seed: int) -> tuple[Pixels, list[Drawn]]:
    """A sheet with 3 to 12 plain shapes, turned anyhow; every eighth sheet lets two touch."""
    rng = np.random.default_rng(seed)
    wide, high = int(rng.integers(500, 1200)), int(rng.integers(400, 900))
    ground = GROUNDS[int(rng.integers(len(GROUNDS)))]
    usable = [name for name, rgb in COLOURS.items() if hypot(*(a - b for a, b in zip(rgb, ground, strict=True))) > 100]
    sheet = Image.new("RGB", (wide * SHARP, high * SHARP), ground)
    out: list[Drawn] = []
    taken: list[tuple[float, float, float]] = []
    wanted = int(rng.integers(3, 13))
    for _ in range(400):
        if len(out) == wanted:
            break
        reach = float(rng.uniform(0.05, 0.13)) * min(wide, high)
        x, y = rng.uniform(reach + 4, wide - reach - 4), rng.uniform(reach + 4, high - reach - 4)
        room = 0.75 if seed % 8 == 0 and len(out) == 1 else 1.06
        if any(hypot(x - a, y - b) < room * (reach + c) for a, b, c in taken):
            continue
        name = list(FORMS)[int(rng.integers(len(FORMS)))]
        colour = usable[int(rng.integers(len(usable)))]
        if room < 1 and colour == out[0].colour:
            continue
        turn = float(rng.uniform(0, 2 * pi))
        points = [
            (x + reach * (px * cos(turn) - py * sin(turn)), y + reach * (px * sin(turn) + py * cos(turn)))
            for px, py in FORMS[name](rng)
        ]
        ImageDraw.Draw(sheet).polygon([(px * SHARP, py * SHARP) for px, py in points], fill=COLOURS[colour])
        taken.append((float(x), float(y), reach))
        out.append(Drawn(name, colour, _span(points), _mask(points, wide, high)))
    return np.asarray(sheet.resize((wide, high), Image.Resampling.LANCZOS)), out


def _span(points: list[tuple[float, float]]) -> Span:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1


def _mask(points: list[tuple[float, float]], wide: int, high: int) -> NDArray[np.bool_]:
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask > 0


def things(art: NDArray[np.uint8], names: list[str], seed: int) -> tuple[Pixels, list[Drawn]]:
    """A sheet with 3 to 12 of the drawings (n x 80 x 80 RGBA) on a plain, changing or slightly rough ground."""
    rng = np.random.default_rng(seed)
    wide, high = int(rng.integers(640, 1300)), int(rng.integers(480, 1000))
    sheet = _ground(rng, wide, high)
    out: list[Drawn] = []
    taken: list[Span] = []
    wanted = int(rng.integers(3, 13))
    for _ in range(wanted * 8):
        if len(out) == wanted:
            break
        side = int(rng.uniform(0.09, 0.3) * min(wide, high))
        x, y = int(rng.integers(4, wide - side - 4)), int(rng.integers(4, high - side - 4))
        room = 0.06 * side + 3
        if any(x < r + room and a < x + side + room and y < d + room and b < y + side + room for a, b, r, d in taken):
            continue
        index = int(rng.integers(len(art)))
        mask = _laid(sheet[y : y + side, x : x + side], art[index], side)
        if mask is None:
            continue
        rows, columns = np.nonzero(mask)
        whole = np.zeros((high, wide), np.bool_)
        whole[y : y + side, x : x + side] = mask
        span = int(columns.min() + x), int(rows.min() + y), int(columns.max() + x + 1), int(rows.max() + y + 1)
        out.append(Drawn(names[index], "", span, whole))
        taken.append((x, y, x + side, y + side))
    return np.clip(sheet, 0, 255).astype(np.uint8), out


def _ground(rng: Random, wide: int, high: int) -> NDArray[np.float32]:
    kind = rng.random()
    plain = np.full((high, wide, 3), 255.0) if kind < 0.4 else np.ones((high, wide, 3)) * rng.uniform(0, 255, 3)
    if 0.6 < kind < 0.85:
        ramp = np.linspace(0, 1, wide)[None, :, None] if kind < 0.72 else np.linspace(0, 1, high)[:, None, None]
        plain = rng.uniform(120, 255, 3) * (1 - ramp) + rng.uniform(120, 255, 3) * ramp + np.zeros((high, wide, 3))
    if kind >= 0.85:
        plain = np.asarray(plain + rng.normal(0, 5, (high, wide, 1)))
    return plain.astype(np.float32)


def _laid(under: NDArray[np.float32], rgba: NDArray[np.uint8], side: int) -> NDArray[np.bool_] | None:
    """Lays a drawing on its place of the sheet; None, and nothing laid, when most of it would not be seen there."""
    cover = rgba[..., 3:].astype(np.float32) / 255
    flat = np.concatenate([rgba[..., :3] * cover, cover], axis=2).astype(np.float32)
    how = cv2.INTER_AREA if side < rgba.shape[0] else cv2.INTER_LINEAR
    both = np.asarray(cv2.resize(flat, (side, side), interpolation=how), np.float32)
    laid = under * (1 - both[..., 3:]) + both[..., :3]
    mask = both[..., 3] > 0.5
    if not mask.any() or (np.abs(laid - under).max(axis=2)[mask] > 25).mean() < 0.7:
        return None
    under[:] = laid
    return np.asarray(mask)


def alike(art: NDArray[np.uint8], names: list[str]) -> dict[str, set[str]]:
    """For each name those whose drawings (n x 80 x 80 RGBA) cannot be told from one of its own, itself among them.

    Norway's flag is Svalbard's, and a square that fills its frame is as large as any: root mean square below 1.2 %.
    """
    cover = art[..., 3:].astype(np.float32) / 255
    flat = (art[..., :3] / np.float32(255) * cover + (1 - cover) / 2).reshape(len(art), -1)
    square = (flat**2).sum(axis=1)
    apart = (square[:, None] + square - 2 * flat @ flat.T) / flat.shape[1]
    out = {name: {name} for name in names}
    for one, other in zip(*np.nonzero(apart < 0.012**2), strict=True):
        out[names[one]].add(names[other])
    return out
