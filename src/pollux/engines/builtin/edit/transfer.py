"""What one picture lends another: its palette, its look, its texture."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.edit.board import Floats, as_floats, as_pixels, bounds
from pollux.engines.builtin.edit.recolour import rgb_of
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.ground import lab

_ROUNDS = 12


def palette(pixels: Pixels, source: Pixels, seed: int, much: float = 0.9) -> Pixels:
    """The picture in the colours of another: sliced optimal transport in CIELAB (Pitié et al., 2007).

    Lightness moves by half.  The move is found on small copies and stored in a table of 33 x 33 x 33 colours, so that
    large pictures cost little.
    """
    own, other = lab(fit(pixels, 160)).reshape(-1, 3), lab(fit(source, 160)).reshape(-1, 3)
    moved = _transported(own, other, seed)
    delta = (moved - own) * (0.55 * much, much, much)
    table = _table(own, delta.astype(np.float32))
    return _through(pixels, table)


def style(pixels: Pixels, source: Pixels, seed: int) -> Pixels:
    """Palette, contrast and the size of detail of another picture: what can be taken over without redrawing."""
    out = palette(pixels, source, seed, 1.0)
    want, have = _detail(source), _detail(out)
    change = float(np.clip(want / max(have, 1e-3), 0.4, 2.0))
    soft = cv2.GaussianBlur(out, (0, 0), max(1.0, max(out.shape[:2]) / 500))
    return cast(Pixels, cv2.addWeighted(out, change, soft, 1 - change, 0))


def texture(pixels: Pixels, mask: Floats, source: Pixels) -> Pixels:
    """The masked thing clad in another picture's pattern, its own light and shade over it."""
    left, top, right, bottom = bounds(mask)
    if right <= left:
        return pixels
    wide, high = right - left, bottom - top
    side = max(wide, high)
    scale = max(0.5 * side / min(source.shape[:2]), 1e-3)
    tile = cv2.resize(
        source,
        (max(8, round(source.shape[1] * scale)), max(8, round(source.shape[0] * scale))),
        interpolation=cv2.INTER_AREA,
    )
    tile = np.hstack([tile, tile[:, ::-1]])
    tile = np.vstack([tile, tile[::-1]])
    cover = np.tile(tile, (high // tile.shape[0] + 1, wide // tile.shape[1] + 1, 1))[:high, :wide]
    part = lab(pixels[top:bottom, left:right])
    sure = mask[top:bottom, left:right] > 0.5
    middle = float(np.median(part[..., 0][sure])) if sure.any() else 50.0
    new = lab(as_pixels(cover))
    light = cv2.GaussianBlur(part[..., 0], (0, 0), max(1.0, side / 260))
    shade = np.clip(light - middle, -45, 35)
    new[..., 0] = np.clip(new[..., 0] * np.clip(1 + shade / 75, 0.25, 1.4), 0, 100)
    new[..., 1:] *= np.clip(1 + shade[..., None] / 110, 0.4, 1.1)
    out = pixels.copy()
    out[top:bottom, left:right] = rgb_of(new)
    return out


def _transported(own: Floats, other: Floats, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    count = min(len(own), 6000)
    at = np.linspace(0, 1, 256)
    out = own.copy()
    for _ in range(_ROUNDS):
        axes, _r = np.linalg.qr(rng.standard_normal((3, 3)))
        for axis in axes:
            mine, theirs = out @ axis, other @ axis
            step = max(1, len(mine) // count)
            before, after = np.quantile(mine[::step], at), np.quantile(theirs[::step], at)
            target = np.interp(mine, before, after)
            out += np.outer(target - mine, axis).astype(np.float32) * 0.8
    return out


def _table(own: Floats, delta: Floats) -> Floats:
    """A move for every colour: of the samples in its cell, spread to the cells around."""
    size = 33
    cells = np.clip((own / (100, 256, 256) + (0, 0.5, 0.5)) * (size - 1) + 0.5, 0, size - 1).astype(np.int64)
    index = (cells[:, 0] * size + cells[:, 1]) * size + cells[:, 2]
    weight = np.bincount(index, minlength=size**3).astype(np.float32).reshape(size, size, size)
    total = (
        np.stack([np.bincount(index, delta[:, c], size**3) for c in range(3)], axis=1)
        .astype(np.float32)
        .reshape(size, size, size, 3)
    )
    out, seen = np.zeros_like(total), np.zeros_like(weight)
    for spread in (0.8, 1.8, 4.0, 9.0):
        w, t = _smooth(weight, spread), np.stack([_smooth(total[..., c], spread) for c in range(3)], axis=-1)
        share = np.clip(1 - seen, 0, 1) * np.clip(w / (np.percentile(w[w > 0], 60) if (w > 0).any() else 1), 0, 1)
        out += t / np.maximum(w, 1e-9)[..., None] * share[..., None]
        seen += share
    return as_floats(out / np.maximum(seen, 1e-6)[..., None])


def _smooth(cube: Floats, spread: float) -> Floats:
    """A Gaussian along the three axes of a cube."""
    out = cube
    for axis in range(3):
        flat = np.ascontiguousarray(np.moveaxis(out, axis, 0).reshape(out.shape[0], -1))
        soft = cv2.sepFilter2D(flat, cv2.CV_32F, np.ones(1, np.float32), _kernel(spread))
        out = as_floats(np.moveaxis(soft.reshape(np.moveaxis(out, axis, 0).shape), 0, axis))
    return np.ascontiguousarray(out)


def _kernel(spread: float) -> Floats:
    return np.asarray(cv2.getGaussianKernel(2 * int(3 * spread) + 1, spread), np.float32)


def _through(pixels: Pixels, table: Floats) -> Pixels:
    """The picture through a table of moves, nearest cell, the moves smoothed over flat areas."""
    size = table.shape[0]
    scale = max(1.0, max(pixels.shape[:2]) / 700)
    small = fit(pixels, 700)
    values = cv2.GaussianBlur(lab(small), (0, 0), 0.8)
    cells = np.clip((values / (100, 256, 256) + (0, 0.5, 0.5)) * (size - 1), 0, size - 1.001)
    low = cells.astype(np.int64)
    part = (cells - low).astype(np.float32)
    move = np.zeros_like(values)
    for corner in range(8):
        step = np.array([(corner >> i) & 1 for i in range(3)])
        weight = np.prod(np.where(step == 1, part, 1 - part), axis=-1)
        at = low + step
        move += table[at[..., 0], at[..., 1], at[..., 2]] * weight[..., None]
    move = cv2.GaussianBlur(move, (0, 0), 1.2)
    if scale > 1:
        move = cv2.resize(move, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return rgb_of(np.asarray(lab(pixels) + move, np.float32))


def _detail(pixels: Pixels) -> float:
    small = fit(pixels, 500)
    return float(np.abs(small.astype(np.int16) - cv2.GaussianBlur(small, (0, 0), 1.5).astype(np.int16)).mean())
