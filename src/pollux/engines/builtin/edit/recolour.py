"""New colours and materials for a thing, its light and shade kept: transfer in CIELAB inside the soft mask."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.edit.board import Floats, bounds
from pollux.engines.builtin.edit.shades import RGB
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.seeing.ground import lab

_MADE_OF: dict[str, RGB] = {
    "leather": (118, 72, 42), "wood": (150, 100, 58), "gold": (212, 162, 48), "silver": (178, 184, 192),
    "copper": (186, 108, 64), "marble": (232, 230, 226), "stone": (142, 138, 132), "denim": (52, 84, 138),
    "velvet": (112, 24, 62), "knit": (176, 160, 140),
}  # fmt: skip
_GLOSS = {
    "gold": 1.5,
    "silver": 1.6,
    "copper": 1.45,
    "velvet": 1.15,
    "leather": 1.12,
    "marble": 0.85,
    "stone": 0.85,
    "knit": 0.8,
}
"""How much the contrast of light and shade grows: polished metal mirrors more of it than cloth."""


def recolour(
    pixels: Pixels, mask: Floats, colour: RGB | None, material: str, seed: int, *, keep: bool = False
) -> tuple[Pixels, Floats]:
    """The picture with the masked thing in a colour, of a material, or both, and the mask of what was changed.

    `keep`: a material gives its texture and not its colour.  Of a thing of two sorts, coloured and grey
    or white (a red cup with a white rim, a white sign with red letters), only the larger part changes.
    """
    left, top, right, bottom = bounds(mask)
    if right <= left:
        return pixels, mask
    part, share = pixels[top:bottom, left:right], mask[top:bottom, left:right]
    rgb = colour or (None if keep else _MADE_OF.get(material))
    share = share if material else share * _own_colour(part, share)
    out = np.array(part)
    if rgb is not None:
        out = _toned(part, share, rgb, _GLOSS.get(material, 1.0))
    if material:
        out = _textured(out, share, material, seed)
    changed, whole = pixels.copy(), np.zeros_like(mask)
    changed[top:bottom, left:right] = out
    whole[top:bottom, left:right] = share
    return changed, whole


def _own_colour(part: Pixels, share: Floats) -> Floats:
    """1 where a thing has its ruling colour or is grey as most of it; 1 all over when neither parts it clearly."""
    values = lab(part)
    chroma = np.hypot(values[..., 1], values[..., 2])
    sure = share > 0.5
    strong = sure & (chroma > 22)
    portion = float(strong.sum()) / max(1, int(sure.sum()))
    if 0.03 < portion < 0.4:  # a white sign with red letters
        return np.asarray(np.clip((24 - chroma) / 10, 0, 1), np.float32)
    if not 0.18 < portion < 0.93:
        return np.ones_like(share)
    hue = np.arctan2(values[..., 2], values[..., 1])
    counts, edges = np.histogram(hue[strong], bins=36, range=(-np.pi, np.pi))
    ring = counts + np.roll(counts, 1) + np.roll(counts, -1)
    at = int(ring.argmax())
    if ring[at] < 0.6 * strong.sum():
        return np.ones_like(share)
    ruling = (edges[at] + edges[at + 1]) / 2
    away = np.degrees(np.abs(np.arctan2(np.sin(hue - ruling), np.cos(hue - ruling))))
    own = np.clip((52 - away) / 16, 0, 1) * np.clip((chroma - 9) / 9, 0, 1)
    size = max(3, min(own.shape) // 40) | 1
    own = cv2.morphologyEx(own.astype(np.float32), cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return np.asarray(cv2.GaussianBlur(own, (0, 0), 0.8), np.float32)


def _toned(part: Pixels, share: Floats, rgb: RGB, gloss: float) -> Pixels:
    """Lightness moved to the colour's, shading kept as far as it fits between black and white; hue and chroma new."""
    values, target = lab(part), lab(np.array([[rgb]], np.uint8))[0, 0]
    weights = share > 0.5
    seen = values[weights] if weights.any() else values.reshape(-1, 3)
    low, middle, high = (float(v) for v in np.percentile(seen[:, 0], (3, 50, 97)))
    goal = float(np.clip(target[0], 14, 93))
    room_up, room_down = max(97 - goal, 4), max(goal - 3, 4)
    up = min(gloss, 1.15 * room_up / max(high - middle, 1))
    down = min(gloss, 1.0 * room_down / max(middle - low, 1))
    shade = values[..., 0] - middle
    light = goal + np.where(shade > 0, shade * up, shade * down)
    own = np.median(seen[:, 1:], axis=0)
    chroma = np.hypot(values[..., 1], values[..., 2])
    glare = np.clip((values[..., 0] - max(high - 4, middle + 18)) / 10, 0, 1) * np.clip(
        (0.7 * float(np.hypot(*own)) + 8 - chroma) / 10, 0, 1
    )
    glare = glare if float(np.hypot(*own)) > 14 else np.clip((values[..., 0] - high) / 14, 0, 0.7)
    depth = np.clip(light / max(goal, 1), 0.25, 1.0) * np.clip((103 - light) / max(103 - goal, 1), 0.12, 1.0) ** 0.7
    out = np.empty_like(values)
    out[..., 0] = np.clip(light * (1 - glare) + np.maximum(light, values[..., 0]) * glare, 0, 100)
    for channel in (1, 2):
        out[..., channel] = (target[channel] * depth + 0.18 * (values[..., channel] - own[channel - 1])) * (1 - glare)
    return rgb_of(out)


def rgb_of(values: Floats) -> Pixels:
    """CIELAB back to RGB."""
    back = cast(Floats, cv2.cvtColor(values.astype(np.float32), cv2.COLOR_Lab2RGB))
    return np.asarray(np.clip(back * 255 + 0.5, 0, 255), np.uint8)


def _textured(part: Pixels, share: Floats, material: str, seed: int) -> Pixels:
    """The part with the material's grain in its lightness, where its own shading lies over it."""
    high, wide = part.shape[:2]
    unit = max(4.0, float(np.sqrt(max(1.0, float((share > 0.5).sum())))) / 40)
    grain = _grain(material, (high, wide), unit, seed)
    values = lab(part)
    if material in ("gold", "silver", "copper"):  # polished: steps of light and dark as of a room mirrored
        bands = np.sin(values[..., 0] / 100 * np.pi * 3.2) * 9
        values[..., 0] = np.clip(values[..., 0] + bands, 2, 99)
    values[..., 0] = np.clip(values[..., 0] + grain, 0, 100)
    return rgb_of(values)


def _grain(material: str, size: tuple[int, int], unit: float, seed: int) -> Floats:
    """The material's own light and dark, in units of lightness; its finest feature is `unit` pixels."""
    rng = np.random.default_rng(seed)
    high, wide = size
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    if material == "wood":
        bend = noise(size, unit * 18, rng) * unit * 5
        rings = np.sin((rows + bend + columns * 0.04) / unit * 1.5) * 4 + np.sin((rows + bend * 1.7) / unit * 4.1) * 2
        return np.asarray(rings + noise((high, max(2, wide // 12)), unit, rng, wide) * 3, np.float32)
    if material == "leather":
        cells = noise(size, unit * 1.1, rng)
        return np.asarray(-np.clip(0.35 - np.abs(cells), 0, 1) * 14 + noise(size, unit * 12, rng) * 4, np.float32)
    if material == "marble":
        veins = np.abs(np.sin((columns * 0.6 + rows * 0.4) / unit / 7 + noise(size, unit * 14, rng) * 3.2))
        return np.asarray(-np.clip(0.16 - veins, 0, 1) * 130 - np.clip(0.5 - veins, 0, 1) * 8, np.float32)
    if material == "stone":
        return np.asarray(noise(size, unit * 0.8, rng) * 6 + noise(size, unit * 5, rng) * 5, np.float32)
    if material == "denim":
        return np.asarray(np.sin((columns + rows) / unit * 3.4) * 2.6 + noise(size, unit * 0.5, rng) * 4, np.float32)
    if material == "knit":
        stitch = np.sin(columns / unit * 2.2) * np.sin(rows / unit * 2.2 + np.abs(np.sin(columns / unit * 1.1)) * 2.4)
        return np.asarray(stitch * 7, np.float32)
    return np.asarray(noise(size, unit * 6, rng) * 2, np.float32)


def noise(size: tuple[int, int], scale: float, rng: np.random.Generator, wide: int = 0) -> Floats:
    """Smooth noise of about -1 to 1 whose bumps are `scale` pixels; stretched to `wide` where that is given."""
    high, across = size
    small = rng.standard_normal((max(2, int(high / scale) + 2), max(2, int(across / scale) + 2))).astype(np.float32)
    return cast(Floats, cv2.resize(small, (wide or across, high), interpolation=cv2.INTER_CUBIC)) * 0.6
