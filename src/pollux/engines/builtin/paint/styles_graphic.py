"""Styles of print and screen: photograph, cartoon, pixel art, noir, neon, paper cut, low polygons."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.paint.layers import (
    Layers,
    Pixels,
    blurred,
    curve,
    edges,
    grained,
    inked,
    noise,
    over,
    pixels,
    saturated,
    to_size,
    vignette,
)


def photo(layers: Layers, seed: int, *, depth: float = 0.007) -> Pixels:
    """As through a lens: the background out of focus, gentle contrast, darker corners, grain."""
    side = min(layers.back.shape[:2])
    back = _deep(layers, _bokeh(layers.back, side * depth))
    picture = over(back, layers.front)
    bright = pixels(cv2.subtract(picture, np.full_like(picture, 232)))
    picture = pixels(cv2.add(picture, cv2.convertScaleAbs(blurred(bright, side * 0.02), alpha=1.1)))
    picture = curve(picture, 1.06)
    return grained(vignette(picture, 0.2), 3.2, seed)


def _deep(layers: Layers, soft: Pixels) -> Pixels:
    """The ground sharp where the things stand and ever softer towards the distance."""
    height = layers.back.shape[0]
    rows = np.flatnonzero(layers.front[..., 3].max(axis=1) > 40)
    foot = int(rows[-1]) if len(rows) else height
    share = np.clip((foot - 0.02 * height - np.arange(height)) / (0.24 * height), 0, 1)
    weight = (255 * np.maximum(share, 0.12)).astype(np.uint8)
    mask = np.repeat(weight[:, None], layers.back.shape[1], axis=1)
    return over(layers.back, pixels(np.dstack([soft, mask])))


def _bokeh(picture: Pixels, sigma: float) -> Pixels:
    """Out of focus: lights spread into discs."""
    height, width = picture.shape[:2]
    step = max(1, int(sigma / 4))
    small = cv2.resize(picture, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    size = max(3, 2 * round(sigma / step * 1.3) + 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).astype(np.float32)
    linear = np.power(small.astype(np.float32) / 255, 2.6)
    soft = np.power(cv2.filter2D(linear, -1, disc / disc.sum()), 1 / 2.6)
    return to_size(pixels(cv2.GaussianBlur((soft * 255).astype(np.uint8), (0, 0), 1.0)), width, height)


def cartoon(layers: Layers, _seed: int) -> Pixels:
    """Few tones and firm dark outlines."""
    picture = saturated(layers.flat(), 1.18)
    unit = max(picture.shape[:2]) / 1024
    tones = (np.arange(256) // 28 * 28 + 14).clip(0, 255).astype(np.uint8)
    flat = pixels(cv2.LUT(blurred(picture, 1.6 * unit), tones))
    flat = pixels(cv2.addWeighted(flat, 0.6, picture, 0.4, 0))
    lined = inked(flat, (edges(layers.front[..., :3], 2.2 * unit) & layers.front[..., 3]), (38, 26, 34))
    return inked(lined, _rim(layers.front[..., 3], 5.0 * unit), (30, 20, 30))


def pixel(layers: Layers, _seed: int) -> Pixels:
    """Large square pixels, few colours, figures with a dark outline."""
    height, width = layers.back.shape[:2]
    cells = 112
    scale = cells / min(height, width)
    size = (round(width * scale), round(height * scale))
    back = cv2.resize(layers.back, size, interpolation=cv2.INTER_AREA)
    alpha = cv2.resize(layers.front[..., 3], size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(layers.flat(), size, interpolation=cv2.INTER_AREA)
    solid = alpha > 150
    rim = cv2.dilate(solid.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~solid & (alpha < 150)
    picture = np.where(solid[..., None], small, np.where(alpha[..., None] > 8, small, back))
    picture = saturated(picture.astype(np.uint8), 1.25)
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.5
    tiled = np.tile(bayer, (size[1] // 4 + 1, size[0] // 4 + 1))[: size[1], : size[0], None]
    stepped = np.clip(np.round((picture + np.where(solid[..., None], 0.35, 0.8) * tiled * 30) / 36.4) * 36.4, 0, 255)
    stepped[rim] = stepped[rim] * 0.25
    return to_size(stepped.astype(np.uint8), width, height, hard=True)


def noir(layers: Layers, seed: int) -> Pixels:
    """Black and white with deep shadows: light through blinds, hard outlines, grain."""
    full = layers.back.shape[:2]
    layers = layers.fitted(2048)
    height, width = layers.back.shape[:2]
    unit = max(height, width) / 1024
    back = cv2.cvtColor(layers.back, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(back, (256, 256)).astype(np.float32)
    y, x = np.mgrid[0:1:256j, 0:1:256j].astype(np.float32)
    beam = np.clip(1.25 - np.hypot(x - 0.34, (y - 0.42) * 1.1) * 1.7, 0.1, 1)
    blinds = 0.55 + 0.45 * np.clip(np.sin((y + 0.28 * x) * 62) * 2.4, -1, 1)
    light = cv2.resize(beam * blinds, (width, height)).astype(np.float32)
    spread = float(np.percentile(small, 95) - np.percentile(small, 5)) + 1
    even = (back.astype(np.float32) - float(np.percentile(small, 5))) / spread
    stage = np.clip(np.clip(even, 0, 1) * light * 190, 0, 255)
    tones = np.array([6, 44, 104, 190, 245], np.float32)
    bins = np.digitize(stage, [26, 62, 112, 176])
    dark = cv2.merge([cv2.GaussianBlur(tones[bins].astype(np.uint8), (0, 0), 1.2 * unit)] * 3)
    grey = cv2.cvtColor(np.ascontiguousarray(layers.front[..., :3]), cv2.COLOR_RGB2GRAY).astype(np.float32)
    alpha = layers.front[..., 3]
    columns = np.flatnonzero((alpha > 150).any(axis=0))
    span = (columns[0], columns[-1]) if len(columns) else (0, width)
    across = np.clip((np.arange(width, dtype=np.float32) - span[0]) / max(1, span[1] - span[0]), 0, 1)[None, :]
    inside = grey[alpha > 200]
    low, high = np.percentile(inside, (8, 92)) if len(inside) else (0.0, 255.0)
    lit = np.clip((grey - low) / max(24.0, float(high - low)) * 185 + 34, 0, 255) * (
        1.18 - 0.92 * np.clip((across - 0.3) * 2.1, 0, 1)
    )
    figure = tones[np.digitize(cv2.GaussianBlur(lit, (0, 0), 1.5 * unit), [30, 70, 122, 182])].astype(np.uint8)
    picture = over(dark, np.dstack([figure, figure, figure, alpha]))
    picture = inked(picture, edges(np.ascontiguousarray(layers.front[..., :3]), 2.5 * unit) & alpha, (0, 0, 0))
    picture = inked(picture, _rim(alpha, 3.0 * unit), (235, 235, 235))
    return grained(to_size(vignette(picture, 0.42), full[1], full[0]), 5.0, seed)


def neon(layers: Layers, seed: int) -> Pixels:
    """Glowing tubes along the outlines, on a dark wall."""
    small = layers.fitted(1600)
    height, width = small.back.shape[:2]
    unit = max(height, width) / 1024
    wall = curve(saturated(blurred(small.back, 6 * unit), 0.7), 0.26, -92)
    wall = pixels(cv2.add(wall, np.full_like(wall, (10, 6, 26))))
    brick = (np.abs(noise(width, height, 3 * unit, seed)) * 6).clip(0, 18).astype(np.uint8)
    wall = pixels(cv2.add(wall, cv2.merge([brick] * 3)))
    figure = np.ascontiguousarray(small.front[..., :3])
    solid = (small.front[..., 3] > 150).astype(np.uint8) * 255
    hues = cv2.cvtColor(blurred(figure, 3 * unit), cv2.COLOR_RGB2HSV)
    grey = hues[..., 1] < 50
    hues[..., 0] = np.where(grey, 150, hues[..., 0])
    hues[..., 1], hues[..., 2] = 215, 255
    bright = cv2.cvtColor(hues, cv2.COLOR_HSV2RGB)
    line = pixels(cv2.max(edges(figure, 2.6 * unit) & solid, _rim(small.front[..., 3], 6.0 * unit)))
    tube = pixels(cv2.multiply(cv2.merge([line] * 3), bright, scale=1 / 255))
    fill = cv2.multiply(cv2.merge([solid] * 3), bright, scale=0.1 / 255)
    out = pixels(cv2.add(over(wall, np.dstack([np.full_like(figure, 8), solid // 2])), fill))
    for sigma, share in ((26, 1.6), (10, 1.2), (4, 0.9)):
        out = pixels(cv2.add(out, cv2.convertScaleAbs(blurred(tube, sigma * unit), alpha=share)))
    core = pixels(cv2.erode(line, np.ones((3, 3), np.uint8)))
    out = inked(pixels(cv2.add(out, tube)), core // 2, (255, 255, 255))
    return to_size(out, layers.back.shape[1], layers.back.shape[0])


def papercut(layers: Layers, seed: int) -> Pixels:
    """Sheets of coloured paper, each throwing a shadow on the one below."""
    small = layers.fitted(1600)
    height, width = small.back.shape[:2]
    unit = max(height, width) / 1024
    picture = small.flat()
    tones = blurred(small.back, 5 * unit)
    grey = cv2.cvtColor(tones, cv2.COLOR_RGB2GRAY)
    step = (grey // 26).astype(np.uint8)
    flat = saturated((tones // 26 * 26 + 13).astype(np.uint8), 1.1)
    out = flat.astype(np.float32)
    for level in range(1, int(step.max()) + 1):
        above = (step >= level).astype(np.uint8) * 255
        if 0.002 < float((above > 0).mean()) < 0.998:
            moved = (
                blurred(np.roll(above, (round(4 * unit), round(3 * unit)), (0, 1)), 5 * unit).astype(np.float32) / 255
            )
            out *= 1 - 0.22 * (moved * (above == 0))[..., None]
    solid = (small.front[..., 3] > 150).astype(np.uint8) * 255
    thrown = blurred(np.roll(solid, (round(11 * unit), round(8 * unit)), (0, 1)), 8 * unit).astype(np.float32) / 255
    out *= 1 - 0.5 * thrown[..., None]
    rim = cv2.dilate(solid, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(5 * unit) + 1,) * 2))
    page = over(
        np.clip(out, 0, 255).astype(np.uint8),
        np.dstack([np.full_like(picture, 250), cv2.GaussianBlur(rim, (0, 0), 0.8)]),
    )
    page = over(page, np.dstack([np.ascontiguousarray(small.front[..., :3]), cv2.GaussianBlur(solid, (0, 0), 0.8)]))
    fibre = noise(width, height, 2.2 * unit, seed)
    lit = 1 + 0.03 * cv2.Sobel(fibre, cv2.CV_32F, 1, 1)
    page = np.clip(page * np.clip(lit, 0.9, 1.1)[..., None], 0, 255).astype(np.uint8)
    return to_size(page, layers.back.shape[1], layers.back.shape[0])


def lowpoly(layers: Layers, seed: int) -> Pixels:
    """Triangles between points that crowd where colours meet (Delaunay), each in its middle's colour."""
    small = layers.fitted(720)
    picture = pixels(cv2.GaussianBlur(small.flat(), (0, 0), 1.2))
    height, width = picture.shape[:2]
    rng = np.random.default_rng(seed)
    rim = cv2.max(edges(picture, 1), _rim(small.front[..., 3], 2))
    ys, xs = np.nonzero(rim > 90)
    chosen = rng.choice(len(ys), min(1500, len(ys)), replace=False) if len(ys) else np.empty(0, int)
    points = np.column_stack([xs[chosen], ys[chosen]]) if len(ys) else np.empty((0, 2))
    grid = np.stack(np.meshgrid(np.linspace(0, width - 1, 19), np.linspace(0, height - 1, 19)), -1).reshape(-1, 2)
    inner = grid + rng.normal(0, width / 70, grid.shape) * ((grid > 1) & (grid < (width - 2, height - 2)))
    points = np.clip(np.vstack([points, inner]), 0, (width - 1, height - 1))
    mesh = cv2.Subdiv2D((0, 0, width, height))
    for x, y in points:
        mesh.insert((float(x), float(y)))
    corners = np.asarray(mesh.getTriangleList(), np.float32).reshape(-1, 3, 2)
    inside = ((corners >= 0) & (corners <= (width, height))).all(axis=(1, 2))
    out_h, out_w = layers.back.shape[:2]
    out = to_size(picture, out_w, out_h)
    scale = np.array([out_w / width, out_h / height])
    for triangle in corners[inside]:
        middle = triangle.mean(axis=0).astype(int)
        samples = np.vstack([middle[None], (triangle + middle) / 2]).astype(int).clip(0, (width - 1, height - 1))
        colour = picture[samples[:, 1], samples[:, 0]].mean(axis=0) + rng.normal(0, 3)
        cv2.fillConvexPoly(
            out, (triangle * scale * 8).round().astype(np.int32), colour.clip(0, 255).tolist(), cv2.LINE_AA, 3
        )
    return out


def _rim(alpha: Pixels, width: float) -> Pixels:
    """The line around a silhouette, 0 to 255."""
    size = max(3, 2 * round(width / 2) + 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cast(
        Pixels,
        cv2.GaussianBlur(
            cv2.morphologyEx((alpha > 150).astype(np.uint8) * 255, cv2.MORPH_GRADIENT, kernel), (0, 0), 0.8
        ),
    )
