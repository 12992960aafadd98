"""What a flat picture's things lie on: a plain, changing, striped or slightly rough ground; and what is not it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.pixels import Pixels

Floats = NDArray[np.float32]

LEAST = 9.0  # CIELAB units: what differs less from the ground is ground
MOST = 30.0  # what differs more is not, however rough the ground
ROUGH = 4.5  # times the ground's own spread
SHARE = 0.12  # of the samples: a second colour of the ground fills at least this much
_LIMITS = (16.0, 20.0, 18.0, 16.0, 14.0, 12.0, 12.0)  # CIELAB units: round by round, what still belongs to it


def lab(picture: Pixels) -> Floats:
    """CIELAB, L 0 to 100; differences of 2 or 3 are just seen."""
    return cast(Floats, cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab))


def difference(picture: Pixels, sampled: NDArray[np.bool_]) -> tuple[Floats, float, Floats]:
    """How far each pixel is from the ground, from where on it is not ground, and the ground in RGB.

    `sampled` are the pixels that are mostly ground, such as the picture's border.  Distances are in CIELAB, (h, w)
    float32; the ground is (h, w, 3) float32 0 to 255.
    """
    values = lab(picture)
    basis = _basis(picture.shape[0], picture.shape[1])
    at, seen = basis[sampled], values[sampled]
    weights, away = _agree(at, seen)
    spread = 1.4826 * float(np.median(away[weights > 0.5])) if (weights > 0.5).any() else 0.0
    edge = float(np.clip(ROUGH * spread, LEAST, MOST))
    model = _solve(at, seen, weights)
    far = np.linalg.norm(values - (basis @ model).reshape(values.shape), axis=2).astype(np.float32)
    shade = _solve(at, picture[sampled].astype(np.float32), weights)
    under = np.clip(basis @ shade, 0, 255).reshape(picture.shape).astype(np.float32)
    for colour in _others(seen[away > edge], len(seen)):
        far = np.minimum(far, np.linalg.norm(values - colour, axis=2).astype(np.float32))
    return far, edge, under


def is_even(picture: Pixels) -> bool:
    """Whether a border is one smooth, hardly rough ground, as under drawn things; of few photographs it is."""
    sampled = border(*picture.shape[:2])
    values = lab(picture[sampled][None])[0]
    at = _basis(picture.shape[0], picture.shape[1])[sampled]
    weights, away = _agree(at, values)
    return bool(weights.mean() > 0.93 and np.median(away) < 4.0)


def border(height: int, width: int) -> NDArray[np.bool_]:
    """A picture's outermost pixels: a fortieth of its shorter side, at least two."""
    deep = max(2, min(height, width) // 40)
    out = np.ones((height, width), np.bool_)
    out[deep:-deep, deep:-deep] = False
    return out


def _basis(height: int, width: int) -> Floats:
    """1, x, y, xx, xy, yy at every pixel, x and y from -1 to 1: (h, w, 6)."""
    y, x = np.meshgrid(
        np.linspace(-1, 1, height, dtype=np.float32), np.linspace(-1, 1, width, dtype=np.float32), indexing="ij"
    )
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=2)


def _solve(at: Floats, seen: Floats, weights: Floats) -> Floats:
    """Weighted least squares with a little pull towards a plain ground."""
    left = at.T @ (at * weights[:, None]) + np.diag([0, *[1e-3 * len(at)] * 5]) + 1e-6 * np.eye(6)
    return np.linalg.solve(left, at.T @ (seen * weights[:, None])).astype(np.float32)


def _agree(at: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Weights (0 or 1) of the samples that one smooth ground explains, and how far each is from it.

    It starts from the commonest colour, so that things that reach into the border do not bend the ground.
    """
    away = np.linalg.norm(seen - _commonest(seen, 6), axis=1)
    weights = (away < _LIMITS[0]).astype(np.float32)
    for limit in _LIMITS:
        away = np.linalg.norm(seen - at @ _solve(at, seen, weights), axis=1)
        weights = (away < limit).astype(np.float32)
    return weights, away.astype(np.float32)


def _commonest(seen: Floats, step: float) -> Floats:
    """The mean of the samples in the fullest cell of `step` CIELAB units."""
    cells = (seen / step).round().astype(np.int32)
    numbers = (cells - cells.min(axis=0)) @ np.array([4096, 64, 1])  # CIELAB is less than 300 wide
    counts = np.bincount(numbers)
    return np.asarray(seen[numbers == int(counts.argmax())].mean(axis=0), np.float32)


def _others(seen: Floats, total: int) -> list[Floats]:
    """Further plain colours of the ground: of stripes, of a floor below a wall."""
    out: list[Floats] = []
    while len(seen) > SHARE * total and len(out) < 3:
        colour = _commonest(seen, 5)
        near = np.linalg.norm(seen - colour, axis=1) < LEAST
        if near.sum() < SHARE * total:
            break
        out.append(colour)
        seen = seen[~near]
    return out
