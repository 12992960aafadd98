"""Painting with strokes: layers from coarse to fine, each stroke along the picture's forms (after Hertzmann, 1998)."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit.board import Floats, as_floats, as_pixels
from pollux.engines.builtin.edit.recolour import noise
from pollux.engines.builtin.pixels import Pixels, fit, gray

SIDE = 900  # pixels: as large as strokes are painted


def strokes(pixels: Pixels, seed: int, swirl: float) -> Pixels:
    """The RGB picture painted; `swirl` 0 follows the forms alone, 1 turns along whirls where there are few."""
    small = fit(pixels, SIDE)
    high, wide = small.shape[:2]
    rng = np.random.default_rng(seed)
    angle = _directions(small, swirl, rng)
    unit = max(high, wide) / 100
    sizes = (2.6, 1.3, 0.62, 0.36) if swirl == 0 else (2.4, 1.35, 0.8)
    canvas = cast(Pixels, cv2.GaussianBlur(small, (0, 0), unit * 3))
    height = np.zeros((high, wide), np.float32)
    for layer, size in enumerate(sizes):
        _layer(
            canvas,
            height,
            small,
            angle,
            (unit * size, 9.0 if swirl else 5.0, (0.09 if swirl else 0.06) if layer else 1.0),
            rng,
        )
    relief = cv2.GaussianBlur(height, (0, 0), 0.7)
    lit = (relief - np.roll(relief, (1, 1), (0, 1))) * (30 if swirl else 20)
    out = np.clip(canvas.astype(np.float32) + lit[..., None], 0, 255)
    full = cv2.resize(np.asarray(out, np.uint8), (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_CUBIC)
    return cast(Pixels, full)


def _directions(small: Pixels, swirl: float, rng: np.random.Generator) -> Floats:
    """Along the forms, by the smoothed structure tensor; between them, along the lines of a slow noise."""
    light = gray(small).astype(np.float32)
    gx, gy = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    wide_ = max(small.shape[:2]) / 110
    xx, yy, xy = (cv2.GaussianBlur(v, (0, 0), wide_) for v in (gx * gx, gy * gy, gx * gy))
    if swirl:
        field = noise(light.shape, max(light.shape) / 5.5, rng)
        field = as_floats(cv2.GaussianBlur(field, (0, 0), wide_))
        fx, fy = cv2.Sobel(field, cv2.CV_32F, 1, 0, ksize=5), cv2.Sobel(field, cv2.CV_32F, 0, 1, ksize=5)
        much = 260.0 * swirl / max(float(np.mean(fx * fx + fy * fy)), 1e-9)
        xx, yy, xy = xx + fx * fx * much, yy + fy * fy * much, xy + fx * fy * much
    return np.asarray(0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2, np.float32)


def _layer(
    canvas: Pixels,
    height: Floats,
    small: Pixels,
    angle: Floats,
    brush: tuple[float, float, float],
    rng: np.random.Generator,
) -> None:
    """Strokes of one width over the canvas where it is not yet like the picture, in random order."""
    radius, length, need = brush
    high, wide = canvas.shape[:2]
    soft = as_pixels(cv2.GaussianBlur(small, (0, 0), max(0.6, radius * 0.4)))
    away = np.abs(canvas.astype(np.int16) - soft.astype(np.int16)).sum(axis=2) / 765
    away = cv2.GaussianBlur(away.astype(np.float32), (0, 0), radius * 0.7)
    step = max(2.0, radius * 0.95)
    rows, columns = np.meshgrid(np.arange(step / 2, high, step), np.arange(step / 2, wide, step), indexing="ij")
    places = np.stack([columns.ravel(), rows.ravel()], axis=1)
    places += rng.uniform(-0.5, 0.5, places.shape) * step
    tints = rng.normal(0, 3, (len(places), 3)) + rng.normal(0, 6, (len(places), 1))
    order = rng.permutation(len(places))
    x, y = _inside(places, (high, wide))
    wanted = order[(away[y, x] >= need * 0.42)[order]] if need < 1 else order
    places, tints, x, y = places[wanted], tints[wanted], x[wanted], y[wanted]
    colours = soft[y, x].astype(np.float32)
    ends = [_walk(soft, angle, places, colours, radius, length, way) for way in (1.0, -1.0)]
    paths = np.concatenate([ends[1][0][:, ::-1], places[:, None], ends[0][0]], axis=1)
    first, last = ends[1][0].shape[1] - ends[1][1], ends[1][0].shape[1] + 1 + ends[0][1]
    shades = np.clip(colours + tints, 0, 255)
    lifts = rng.uniform(0.2, 1, len(places))
    points = (paths * 8).round().astype(np.int32)
    thick, ridge = max(1, round(radius * 1.5)), max(1, round(radius * 0.9))
    for i in range(len(places)):
        line = [points[i, first[i] : last[i]]]
        cv2.polylines(canvas, line, False, shades[i].tolist(), thick, cv2.LINE_AA, 3)
        cv2.polylines(height, line, False, float(lifts[i]), ridge, cv2.LINE_8, 3)


def _walk(
    soft: Pixels, angle: Floats, places: NDArray[np.float64], colours: Floats, radius: float, length: float, way: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All strokes' points in one direction, (strokes, steps, 2), and how many of them count: up to another colour."""
    at, before = places.copy(), np.zeros_like(places)
    alive, count = np.ones(len(places), np.bool_), np.zeros(len(places), np.int64)
    out = []
    for _ in range(int(length / 2) + 1):
        x, y = _inside(at, angle.shape)
        step = np.stack([np.cos(angle[y, x]), np.sin(angle[y, x])], axis=1) * way
        step[(step * before).sum(axis=1) < 0] *= -1
        before = step
        at = at + step * radius
        x, y = _inside(at, angle.shape)
        alive &= np.abs(soft[y, x].astype(np.float32) - colours).sum(axis=1) < 84
        count += alive
        out.append(at)
    return np.stack(out, axis=1), count


def _inside(at: NDArray[np.float64], size: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    x, y = np.clip(at[:, 0], 0, size[1] - 1).astype(np.int64), np.clip(at[:, 1], 0, size[0] - 1).astype(np.int64)
    return x, y
