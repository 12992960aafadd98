"""Looks that change every pixel: grey, sepia, drawings, paintings, print.

Heavy filters work on a picture of at most `SIDE` pixels and are stretched; edges come back by the guided filter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.edit.board import Floats, as_floats, as_pixels
from pollux.engines.builtin.edit.recolour import noise
from pollux.engines.builtin.edit.strokes import strokes
from pollux.engines.builtin.edit.tones import blurred, contrast, grain, saturation, vignette, warmth
from pollux.engines.builtin.pixels import Pixels, fit, gray

SIDE = 1100  # pixels


def styled(pixels: Pixels, name: str, seed: int = 0) -> Pixels:
    """The RGB picture in a style; `name` is one of `looks.STYLES`."""
    return _BY_NAME[name](pixels, seed)


def names() -> tuple[str, ...]:
    """All styles there are."""
    return tuple(_BY_NAME)


def black_and_white(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Luma."""
    return cast(Pixels, cv2.cvtColor(gray(pixels), cv2.COLOR_GRAY2RGB))


def sepia(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Luma from dark brown to cream, the edges a little darker."""
    return vignette(_gradient(gray(pixels), ((22, 14, 8), (112, 82, 52), (196, 164, 120), (252, 240, 214))), 0.5)


def negative(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Every value from 255."""
    return np.asarray(255 - pixels, np.uint8)


def posterise(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Five steps a channel."""
    steps = np.asarray(np.round(np.arange(256) / 255 * 4) / 4 * 255, np.uint8)
    return cast(Pixels, cv2.LUT(pixels, steps))


def duotone(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Indigo shadows, warm lights."""
    return _gradient(
        cast(Pixels, cv2.equalizeHist(gray(pixels))), ((30, 14, 78), (140, 40, 120), (255, 140, 96), (255, 236, 190))
    )


def emboss(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Light from the upper left over the picture as a relief."""
    light = cv2.GaussianBlur(gray(pixels), (0, 0), max(1.0, max(pixels.shape[:2]) / 1000)).astype(np.float32)
    relief = 128 + 2.2 * (light - np.roll(light, (2, 2), (0, 1)))
    relief[:2], relief[:, :2] = 128, 128
    return np.asarray(np.repeat(np.clip(relief, 0, 255)[..., None], 3, axis=2), np.uint8)


def vintage(pixels: Pixels, seed: int = 0) -> Pixels:
    """Faded film: lifted blacks, warm lights, less colour, grain."""
    faded = saturation(warmth(pixels, 0.4), -0.25)
    values = 26 + np.arange(256) * (228 - 26) / 255
    return vignette(grain(cast(Pixels, cv2.LUT(faded, np.asarray(values, np.uint8))), 0.6, seed), 0.6)


def neon(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Dark, with pink and cyan light and glowing lights."""
    base = _gradient(gray(contrast(pixels, 0.4)), ((8, 4, 26), (60, 14, 110), (220, 40, 170), (130, 240, 255)))
    mix = cv2.addWeighted(base, 0.62, saturation(pixels, 0.4), 0.38, -14)
    glow = blurred(np.where(mix > 150, mix, 0).astype(np.uint8), max(pixels.shape[:2]) / 60)
    return cast(Pixels, cv2.add(mix, cv2.convertScaleAbs(glow, alpha=0.5)))


def sketch(pixels: Pixels, seed: int = 0) -> Pixels:
    """Pencil: the colour dodge of a picture by its blurred negative, hatching in the shadows, on paper."""
    small = fit(pixels, 2200)
    light = gray(small)
    radius = max(2.0, max(small.shape[:2]) / 130)
    soft = cv2.GaussianBlur(light, (0, 0), radius).astype(np.float32)
    line = np.clip(light.astype(np.float32) * 255 / np.maximum(soft, 1), 0, 255)
    line = 255 * (line / 255) ** 2.1
    tone = cv2.bilateralFilter(light, 9, 40, 7).astype(np.float32)
    high, wide = light.shape
    rng = np.random.default_rng(seed)
    grainy = noise((high, wide), max(1.0, radius / 7), rng)
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    unit = radius / 1.7
    hatch = (
        np.sin((rows + columns * 0.9 + noise((high, wide), radius * 6, rng) * unit) / unit * 1.2) * 0.5 + grainy * 0.7
    )
    dark = np.clip((132 - tone) / 132, 0, 1)
    shade = 255 - dark * (96 + 62 * hatch) - np.clip((190 - tone) / 190, 0, 1) * 22
    out = np.clip(line * np.clip(shade, 20, 255) / 255, 0, 255)
    paper = 250 + noise((high, wide), 1.4, rng) * 2.5
    return _full(
        np.asarray(np.clip(np.repeat((out / 255 * paper)[..., None], 3, axis=2) * (1, 0.995, 0.98), 0, 255), np.uint8),
        pixels,
    )


def charcoal(pixels: Pixels, seed: int = 0) -> Pixels:
    """As pencil, darker and softer."""
    drawn = sketch(pixels, seed)
    return cast(Pixels, cv2.LUT(blurred(drawn, max(0.7, max(pixels.shape[:2]) / 1400)),
                                np.asarray(255 * (np.arange(256) / 255) ** 1.9, np.uint8)))  # fmt: skip


def ink(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Black ink on white: hard shadows, contours, and lines for the half shade."""
    small = fit(pixels, SIDE)
    light = cv2.bilateralFilter(gray(small), 9, 50, 9)
    light = cv2.createCLAHE(2.0, (4, 4)).apply(light).astype(np.float32)
    high, wide = light.shape
    big = 3 if max(high, wide) < 700 else 2
    size = wide * big, high * big
    light = cv2.resize(cv2.GaussianBlur(light, (0, 0), 1.6), size, interpolation=cv2.INTER_CUBIC)
    edge = _contours(gray(small), 1.0)
    edge = as_floats(cv2.resize(edge, size, interpolation=cv2.INTER_CUBIC))
    rows = np.arange(size[1], dtype=np.float32)[:, None] + np.arange(size[0], dtype=np.float32)[None, :] * 0.6
    step = max(size) / 170
    lines = (rows % step) / step
    middle = float(np.percentile(light, 42))
    black = light < middle * 0.8
    half = (light < middle * 1.18) & (lines < np.clip((middle * 1.2 - light) / (middle * 0.42), 0.08, 0.8))
    out = np.where(black | half | (edge > 0.45), 12.0, 250.0).astype(np.float32)
    out = as_floats(cv2.resize(cv2.GaussianBlur(out, (0, 0), 0.9), (wide, high), interpolation=cv2.INTER_AREA))
    return _full(np.asarray(np.repeat(out[..., None], 3, axis=2), np.uint8), pixels)


def watercolour(pixels: Pixels, seed: int = 0) -> Pixels:
    """Washes: flat areas, pigment gathered at their edges, paper showing through."""
    small = fit(pixels, SIDE)
    flat = small
    for _ in range(3):
        flat = as_pixels(cv2.bilateralFilter(flat, 9, 34, 9))
    flat = as_pixels(cv2.edgePreservingFilter(flat, flags=cv2.RECURS_FILTER, sigma_s=22, sigma_r=0.32))
    high, wide = small.shape[:2]
    rng = np.random.default_rng(seed)
    unit = max(high, wide) / 100
    flat = _bent(flat, unit * 0.3, unit * 5, rng)
    light = cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY).astype(np.float32)
    rim = np.clip(cv2.GaussianBlur(light, (0, 0), unit * 0.55) - light, 0, 40) / 40
    wash = 1 + noise((high, wide), unit * 9, rng) * 0.06 + noise((high, wide), unit * 0.9, rng) * 0.035
    paper = 1 + noise((high, wide), 1.3, rng) * 0.022
    out = saturation(flat, 0.24).astype(np.float32) / 255
    out = 1 - (1 - out**0.86) * 0.94
    out = 1 - (1 - out) * np.clip(wash + rim * 0.38, 0.6, 1.6)[..., None]
    return _full(np.asarray(np.clip(out * paper[..., None] * (254, 252, 246), 0, 255), np.uint8), pixels)


def oil(pixels: Pixels, seed: int = 0) -> Pixels:
    """Brush strokes along the forms, coarse under fine, with a relief of paint."""
    return strokes(pixels, seed, swirl=0.0)


def van_gogh(pixels: Pixels, seed: int = 0) -> Pixels:
    """Thick swirling strokes, deep blues in the shadows and yellow in the lights, as in "The Starry Night" of 1889."""
    small = fit(pixels, SIDE)
    light = cv2.GaussianBlur(cv2.createCLAHE(2.2, (3, 3)).apply(gray(small)), (0, 0), 1.2)
    palette = _gradient(
        cast(Pixels, light),
        ((10, 16, 52), (24, 54, 128), (64, 116, 178), (150, 178, 150), (238, 204, 84), (252, 240, 178)),
    )
    own = saturation(small, 0.5)
    mix = cv2.addWeighted(palette, 0.62, own, 0.42, -4)
    return _full(strokes(cast(Pixels, mix), seed, swirl=1.0), pixels)


def cartoon(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Flat colours in few steps of light, black contours."""
    small = fit(pixels, SIDE)
    flat = small
    for _ in range(4):
        flat = as_pixels(cv2.bilateralFilter(flat, 9, 40, 7))
    values = cv2.cvtColor(flat, cv2.COLOR_RGB2Lab)
    light = values[..., 0].astype(np.float32)
    steps = 7
    stair = light / 255 * steps
    base = np.floor(stair)
    part = np.clip((stair - base - 0.5) * 5 + 0.5, 0, 1)
    values[..., 0] = np.clip((base + part) / steps * 262, 0, 255).astype(np.uint8)
    flat = saturation(cast(Pixels, cv2.cvtColor(cv2.medianBlur(values, 5), cv2.COLOR_Lab2RGB)), 0.42)
    line = _contours(gray(as_pixels(cv2.bilateralFilter(small, 7, 30, 5))), max(1.0, max(small.shape[:2]) / 800))
    out = flat.astype(np.float32) * (1 - 0.92 * line[..., None])
    return _full(np.asarray(np.clip(out, 0, 255), np.uint8), pixels)


def pixel_art(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Blocks in at most 24 colours."""
    high, wide = pixels.shape[:2]
    cell = max(1.0, max(high, wide) / 112)
    size = max(1, round(wide / cell)), max(1, round(high / cell))
    small = saturation(contrast(cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)), 0.2), 0.25)
    return cast(Pixels, cv2.resize(few_colours(small, 24), (wide, high), interpolation=cv2.INTER_NEAREST))


def mosaic(pixels: Pixels, seed: int = 0) -> Pixels:
    """Tiles around scattered points, each of one colour, dark joints between them."""
    return _cells(pixels, seed, 60, joint=0.55)


def low_poly(pixels: Pixels, seed: int = 0) -> Pixels:
    """Triangles between points that gather at edges, each of one colour."""
    small = fit(pixels, SIDE)
    high, wide = small.shape[:2]
    rng = np.random.default_rng(seed)
    edge = cv2.GaussianBlur(cv2.Canny(small, 60, 150), (0, 0), 3).astype(np.float64).ravel() + 4
    points = rng.choice(edge.size, min(1500, edge.size), replace=False, p=edge / edge.sum())
    mesh = cv2.Subdiv2D((0, 0, wide, high))
    border = [(0, 0), (wide - 1, 0), (0, high - 1), (wide - 1, high - 1)]
    for x, y in [*((int(p % wide), int(p // wide)) for p in points), *border]:
        mesh.insert((float(x), float(y)))
    out = cv2.GaussianBlur(small, (0, 0), 4)
    for x0, y0, x1, y1, x2, y2 in mesh.getTriangleList():
        corners = np.array([[x0, y0], [x1, y1], [x2, y2]])
        if corners.min() < 0 or corners[:, 0].max() >= wide or corners[:, 1].max() >= high:
            continue
        x, y = corners.mean(axis=0).astype(int)
        near = small[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3].reshape(-1, 3).mean(axis=0)
        cv2.fillConvexPoly(out, corners.round().astype(np.int32), [float(v) for v in near], cv2.LINE_AA)
    return _full(saturation(cast(Pixels, out), 0.2), pixels)


def pop_art(pixels: Pixels, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Four prints of the picture in flat loud colours, with black shadows and dots in the half shade."""
    high, wide = pixels.shape[:2]
    small = cast(Pixels, cv2.resize(pixels, (max(2, wide // 2), max(2, high // 2)), interpolation=cv2.INTER_AREA))
    light = cv2.createCLAHE(2.5, (4, 4)).apply(cv2.bilateralFilter(gray(small), 7, 40, 7)).astype(np.float32)
    light = as_floats(cv2.GaussianBlur(light, (0, 0), max(0.8, max(small.shape[:2]) / 600)))
    sets = (
        ((24, 12, 60), (232, 28, 110), (255, 214, 20), (255, 246, 190)),
        ((14, 30, 70), (20, 120, 220), (255, 128, 30), (255, 236, 200)),
        ((40, 8, 50), (130, 40, 190), (120, 220, 60), (240, 255, 210)),
        ((50, 10, 20), (230, 60, 30), (40, 200, 210), (226, 255, 250)),
    )
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    step = max(4.0, max(light.shape) / 90)
    dot = np.hypot(((rows + columns) % step) / step - 0.5, ((rows - columns) % step) / step - 0.5)
    levels = [float(v) for v in np.percentile(light, (26, 50, 76))]
    prints = []
    for colours in sets:
        out = np.empty((*light.shape, 3), np.float32)
        out[:] = colours[3]
        for level, colour in zip(reversed(levels), reversed(colours[:3]), strict=True):
            share = np.clip((level - light) / 5 + 0.5, 0, 1)[..., None]
            out = out * (1 - share) + np.array(colour, np.float32) * share
        half = (light > levels[1]) & (light < levels[2]) & (dot < 0.24)
        out[half] = colours[1]
        prints.append(np.asarray(out, np.uint8))
    whole = np.vstack([np.hstack(prints[:2]), np.hstack(prints[2:])])
    return cast(Pixels, cv2.resize(whole, (wide, high), interpolation=cv2.INTER_LINEAR))


def blueprint(pixels: Pixels, seed: int = 0) -> Pixels:
    """White lines on blue paper with a grid."""
    small = fit(pixels, 1600)
    high, wide = small.shape[:2]
    thick = max(1.0, max(high, wide) / 1100)
    line = np.maximum(
        _contours(gray(small), thick),
        0.55 * _contours(gray(as_pixels(cv2.bilateralFilter(small, 7, 25, 5))), thick * 2.2),
    )
    rng = np.random.default_rng(seed)
    out = np.empty((high, wide, 3), np.float32)
    out[:] = (22, 66, 138)
    out *= (1 + noise((high, wide), max(high, wide) / 12, rng) * 0.05 + noise((high, wide), 1.5, rng) * 0.02)[..., None]
    step = max(12, round(max(high, wide) / 36))
    out[::step] += 16
    out[:, ::step] += 16
    out[:: step * 4] += 16
    out[:, :: step * 4] += 16
    shade = np.clip((gray(small).astype(np.float32) - 150) / 105, 0, 1) * 0.1
    share = np.clip(line + shade, 0, 1)[..., None]
    return _full(
        np.asarray(np.clip(out * (1 - share) + np.array((236, 244, 255), np.float32) * share, 0, 255), np.uint8), pixels
    )


def few_colours(small: Pixels, count: int) -> Pixels:
    """The picture in so many colours of its own (k-means, always from the same start)."""
    flat = small.reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    count = max(1, min(count, len(np.unique(flat, axis=0))))
    _, labels, centres = cv2.kmeans(flat, count, np.empty((0, 1), np.int32), stop, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(np.clip(centres[labels.ravel()] + 0.5, 0, 255), np.uint8).reshape(small.shape)


def _contours(light: Pixels, thick: float) -> Floats:
    """Contours, 0 to 1: where the difference of two blurs falls (the extended one of Winnemöller et al., 2012)."""
    values = light.astype(np.float32) / 255
    narrow, wide = cv2.GaussianBlur(values, (0, 0), thick), cv2.GaussianBlur(values, (0, 0), thick * 1.6)
    sharp = narrow * 21 - wide * 20
    line = 1 - np.where(sharp > 0.45, 1.0, 1 + np.tanh(9 * (sharp - 0.45)))
    rough = (line > 0.5).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(rough, connectivity=8)
    least = max(8, int(sum(light.shape) / 90))
    keep = np.array([False] + [stats[i][cv2.CC_STAT_AREA] >= least for i in range(1, count)])
    return np.asarray(
        np.clip(line, 0, 1) * cv2.dilate(keep[parts].astype(np.uint8), np.ones((3, 3), np.uint8)), np.float32
    )


def _gradient(light: Pixels, colours: tuple[tuple[int, int, int], ...]) -> Pixels:
    """A grey picture as colours between black's and white's."""
    at = np.linspace(0, 255, len(colours))
    table = [np.interp(np.arange(256), at, [colour[c] for colour in colours]) for c in range(3)]
    return np.dstack([cv2.LUT(light, np.asarray(values + 0.5, np.uint8)) for values in table])


def _bent(pixels: Pixels, far: float, scale: float, rng: np.random.Generator) -> Pixels:
    """Edges that wander a little, as a brush's do."""
    high, wide = pixels.shape[:2]
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    return cast(
        Pixels,
        cv2.remap(
            pixels,
            columns + noise((high, wide), scale, rng) * far,
            rows + noise((high, wide), scale, rng) * far,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        ),
    )


def _cells(pixels: Pixels, seed: int, across: int, joint: float) -> Pixels:
    small = fit(pixels, SIDE)
    high, wide = small.shape[:2]
    step = max(4.0, max(high, wide) / across)
    rng = np.random.default_rng(seed)
    seeds = np.ones((high, wide), np.uint8)
    for y in np.arange(step / 2, high, step):
        for x in np.arange(step / 2, wide, step):
            dy, dx = rng.uniform(-0.34, 0.34, 2) * step
            seeds[int(np.clip(y + dy, 0, high - 1)), int(np.clip(x + dx, 0, wide - 1))] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    flat, count = labels.ravel(), int(labels.max()) + 1
    sizes = np.maximum(np.bincount(flat, minlength=count), 1)
    colours = np.stack([np.bincount(flat, small[..., c].ravel(), count) / sizes for c in range(3)], axis=1)
    out = saturation(np.asarray(colours[flat], np.uint8).reshape(small.shape), 0.3).astype(np.float32)
    edge = cv2.morphologyEx(labels.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > 0
    out *= 1 - joint * cv2.GaussianBlur(edge.astype(np.float32), (0, 0), 0.7)[..., None]
    return _full(np.asarray(out, np.uint8), pixels)


def _full(small: Pixels, pixels: Pixels) -> Pixels:
    """Stretched to the full picture's size."""
    high, wide = pixels.shape[:2]
    if small.shape[:2] == (high, wide):
        return small
    return cast(Pixels, cv2.resize(small, (wide, high), interpolation=cv2.INTER_CUBIC))


_BY_NAME: dict[str, Callable[[Pixels, int], Pixels]] = {
    "black and white": black_and_white, "sepia": sepia, "negative": negative, "posterise": posterise,
    "duotone": duotone,
    "emboss": emboss, "vintage": vintage, "neon": neon, "sketch": sketch, "charcoal": charcoal, "ink": ink,
    "watercolour": watercolour, "oil": oil, "van gogh": van_gogh, "cartoon": cartoon, "pixel art": pixel_art,
    "mosaic": mosaic, "low poly": low_poly, "pop art": pop_art, "blueprint": blueprint,
}  # fmt: skip
