"""Styles of the hand: watercolour, oil, pencil, ink, an old anatomical plate."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.paint.layers import (
    Floats,
    Layers,
    Pixels,
    blurred,
    edges,
    inked,
    noise,
    over,
    pixels,
    saturated,
    to_size,
)

WORK = 1280  # longest side, in pixels, at which brushes work; larger pictures are enlarged from it


def watercolour(layers: Layers, seed: int) -> Pixels:
    """Washes that bleed, darker at their rims, on rough paper that stays white at the edge."""
    small = layers.fitted(WORK)
    picture = small.flat()
    height, width = picture.shape[:2]
    unit = max(height, width) / 1024
    wash = pixels(cv2.medianBlur(picture, 2 * round(3 * unit) + 1))
    wash = _shifted(wash, 2.0 * unit, 20 * unit, seed)
    wash = pixels(cv2.bilateralFilter(wash, 7, 40, 7))
    rim = cv2.absdiff(wash, blurred(wash, 3 * unit)).max(axis=2)
    tones = wash.astype(np.float32) / 255
    blotch = noise(width, height, 70 * unit, seed + 1) * 0.5 + noise(width, height, 22 * unit, seed + 2) * 0.3
    density = 0.84 + 0.13 * np.clip(blotch, -1.6, 1.6) + 1.5 * rim.astype(np.float32) / 255
    paint = np.power(np.clip(tones, 0.02, 1), density[..., None])
    paint = 1 - (1 - paint) * 0.9
    paper = _paper(width, height, unit, seed)
    edge = _ragged(width, height, 0.045, seed)[..., None]
    out = (paint * edge + (1 - edge)) * paper[..., None] * np.array([1.0, 0.99, 0.965], np.float32)
    return to_size(np.clip(out * 255, 0, 255).astype(np.uint8), layers.back.shape[1], layers.back.shape[0])


def oil(layers: Layers, seed: int) -> Pixels:
    """Thick strokes that follow the shapes and swirl where there are none, lit from the upper left (impasto).

    Strokes are colour and noise smeared along directions (line integral convolution, Cabral and Leedom 1993).
    """
    small = layers.fitted(800)
    picture = saturated(small.flat(), 1.22)
    gamma = min(1.0, max(0.62, float(picture.mean()) / 135))  # night scenes in paint are brighter than night
    picture = (255 * np.power(picture.astype(np.float32) / 255, gamma)).astype(np.uint8)
    height, width = picture.shape[:2]
    unit = max(height, width) / 860
    along = _flow(picture, unit, seed)
    spots = _speckle(picture, unit, seed)
    paint = _smeared(cast(Floats, cv2.GaussianBlur(spots, (0, 0), 1.6 * unit)), along, 2.6 * unit, 9)
    bristle = _smeared(noise(width, height, 3.4 * unit, seed + 4), along, 2.3 * unit, 9)
    bristle /= max(1e-3, float(bristle.std()))
    slope = cv2.Sobel(bristle, cv2.CV_32F, 1, 0) + cv2.Sobel(bristle, cv2.CV_32F, 0, 1)
    relief = np.clip(bristle, -2.2, 2.2) * 0.05 - np.clip(slope, -5, 5) * 0.04
    lit = paint * (1 + relief[..., None]) + relief[..., None] * 26
    return to_size(np.clip(lit, 0, 255).astype(np.uint8), layers.back.shape[1], layers.back.shape[0])


def pencil(layers: Layers, seed: int) -> Pixels:
    """Graphite: outlines, and hatching that is denser where it is darker, on warm paper."""
    small = layers.fitted(WORK)
    picture = small.flat()
    height, width = picture.shape[:2]
    unit = max(height, width) / 1024
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = pixels(cv2.createCLAHE(1.6, (4, 4)).apply(pixels(grey)))
    light = 255.0 - blurred(255 - grey, 9 * unit).astype(np.float32)
    dodge = 250 * grey.astype(np.float32) / np.maximum(light, 1)
    tone = grey.astype(np.float32) / 255
    hatch = (
        _hatching(width, height, 5.0 * unit, 45, seed) * 0.6 + _hatching(width, height, 6.5 * unit, -38, seed + 1) * 0.4
    )
    shade = 1 - np.clip((0.78 - tone) * 1.25, 0, 0.85) * (0.35 + 0.65 * hatch)
    line = np.clip(dodge / 255, 0, 1) ** 1.7
    paper = _paper(width, height, unit, seed)
    lead = np.clip(line * shade, 0.08, 1) * paper
    rough = noise(width, height, 1.4 * unit, seed + 3) * 0.035 * (1 - lead)
    edge = _ragged(width, height, 0.06, seed)
    lead = np.clip((lead + rough) * edge + paper * (1 - edge), 0, 1)
    ground = np.array([250, 247, 239], np.float32)
    dark = np.array([52, 52, 58], np.float32)
    out = dark + (ground - dark) * lead[..., None]
    return to_size(out.astype(np.uint8), layers.back.shape[1], layers.back.shape[0])


def ink(layers: Layers, seed: int) -> Pixels:
    """Pen and ink: firm outlines, black in the shadows, cross-hatching between, on cream paper."""
    small = layers.fitted(1600)
    picture = small.flat()
    height, width = picture.shape[:2]
    unit = max(height, width) / 1024
    tone = cv2.cvtColor(cv2.bilateralFilter(picture, 7, 50, 7), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    out: Floats = np.ones((height, width), np.float32)
    for level, angle, gap in ((0.52, 42, 9.0), (0.36, -42, 9.0), (0.24, 5, 7.0)):
        lines = _hatching(width, height, gap * unit, angle, seed) > np.clip(0.74 + (tone - level) * 0.7, 0.5, 0.9)
        out = np.where((tone < level) & lines, np.float32(0.06), out)
    out = np.where(tone < 0.14, np.float32(0.05), out)
    page = cv2.GaussianBlur(out.astype(np.float32), (0, 0), 0.6)
    line = edges(picture, 2.4 * unit).astype(np.float32) / 255
    outline = _contour(small.front[..., 3], 4.5 * unit)
    drawn = page * (1 - line) * (1 - outline)
    ground, dark = np.array([250, 245, 233], np.float32), np.array([24, 22, 30], np.float32)
    inked_page = dark + (ground - dark) * (drawn * _paper(width, height, unit, seed))[..., None]
    return to_size(inked_page.astype(np.uint8), layers.back.shape[1], layers.back.shape[0])


def anatomical(layers: Layers, seed: int) -> Pixels:
    """A plate of an old book: stained parchment, brown ink, a thin wash of colour."""
    small = layers.fitted(WORK)
    height, width = small.back.shape[:2]
    unit = max(height, width) / 1024
    parchment = np.empty((height, width, 3), np.uint8)
    parchment[:] = (232, 214, 174)
    figure = saturated(over(parchment, small.front), 0.62)
    washed = figure.astype(np.float32) / 255 * np.array([0.98, 0.93, 0.82], np.float32)
    tone = cv2.cvtColor(figure, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    inside = small.front[..., 3].astype(np.float32) / 255
    hatch = _hatching(width, height, 5.5 * unit, 48, seed)
    washed *= (1 - inside * np.clip((0.72 - tone) * 1.1, 0, 0.6) * (hatch > 0.5))[..., None]
    stain = noise(width, height, 260 * unit, seed) * 0.045 + noise(width, height, 60 * unit, seed + 1) * 0.02
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    burn = np.clip(np.maximum(np.abs(x), np.abs(y)) - 0.78, 0, 1) * 1.1
    washed *= (1 + stain - burn * (0.6 + 0.4 * noise(width, height, 40 * unit, seed + 2)))[..., None]
    page = np.clip(washed * _paper(width, height, unit, seed)[..., None] * 255, 0, 255).astype(np.uint8)
    page = inked(page, pixels(cv2.min(edges(figure, 1.6 * unit), small.front[..., 3])), (74, 44, 26))
    page = inked(page, (_contour(small.front[..., 3], 2.6 * unit) * 235).astype(np.uint8), (66, 38, 22))
    return to_size(page, layers.back.shape[1], layers.back.shape[0])


def _shifted(picture: Pixels, far: float, lump: float, seed: int) -> Pixels:
    """Every part moved a little, as wet paint runs."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x += noise(width, height, lump, seed + 5) * far
    y += noise(width, height, lump, seed + 6) * far
    return cast(Pixels, cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _paper(width: int, height: int, unit: float, seed: int) -> Floats:
    """Rough paper: about 1, darker in its hollows."""
    rough = noise(width, height, 2.6 * unit, seed + 7) * 0.6 + noise(width, height, 5.5 * unit, seed + 8) * 0.5
    lit = cv2.Sobel(rough, cv2.CV_32F, 1, 1)
    return cast(Floats, np.clip(0.985 - 0.022 * rough + 0.03 * lit, 0.86, 1.0).astype(np.float32))


def _ragged(width: int, height: int, margin: float, seed: int) -> Floats:
    """1 inside, 0 along the border, with an edge as a brush leaves it."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    inside = np.minimum(np.minimum(x, 1 - x) * width, np.minimum(y, 1 - y) * height) / min(width, height)
    inside += noise(width, height, 40, seed + 9) * 0.012 + noise(width, height, 9, seed + 10) * 0.004
    return cast(Floats, np.clip((inside - margin) / 0.012, 0, 1))


def _hatching(width: int, height: int, gap: float, angle: float, seed: int) -> Floats:
    """Parallel strokes, 0 to 1, not quite straight."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = np.deg2rad(angle)
    across = x * np.cos(turn) + y * np.sin(turn) + noise(width, height, 90, seed + 11) * gap * 0.3
    return cast(Floats, (0.5 + 0.5 * np.sin(across * (2 * np.pi / gap))).astype(np.float32))


def _contour(alpha: Pixels, width: float) -> Floats:
    """The line around a silhouette, 0 to 1."""
    size = max(3, 2 * round(width / 2) + 1)
    rim = cv2.morphologyEx(
        (alpha > 150).astype(np.uint8) * 255,
        cv2.MORPH_GRADIENT,
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)),
    )
    return cast(Floats, cv2.GaussianBlur(rim, (0, 0), 0.8).astype(np.float32) / 255)


def _flow(picture: Pixels, unit: float, seed: int) -> Floats:
    """Unit directions along the shapes (the structure tensor's lesser axis), swirling where there are no shapes."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    soft = 7 * unit
    xx, yy, xy = (cv2.GaussianBlur(part, (0, 0), soft) for part in (dx * dx, dy * dy, dx * dy))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    sure = np.clip((xx + yy) * 120, 0, 1)
    hills = noise(width, height, 150 * unit, seed + 12)
    swirl = np.arctan2(-cv2.Sobel(hills, cv2.CV_32F, 1, 0), cv2.Sobel(hills, cv2.CV_32F, 0, 1))
    x = sure * np.cos(2 * angle) + (1 - sure) * np.cos(2 * swirl)
    y = sure * np.sin(2 * angle) + (1 - sure) * np.sin(2 * swirl)
    turn = 0.5 * np.arctan2(cv2.GaussianBlur(y, (0, 0), 3 * unit), cv2.GaussianBlur(x, (0, 0), 3 * unit))
    return cast(Floats, np.dstack([np.cos(turn), np.sin(turn)]).astype(np.float32))


def _speckle(picture: Pixels, unit: float, seed: int) -> Floats:
    """The picture in dabs whose colours differ a little, as mixed on a palette."""
    height, width = picture.shape[:2]
    light = noise(width, height, 9 * unit, seed)
    warm = noise(width, height, 14 * unit, seed + 1)
    lumps = np.dstack([24 * light + 13 * warm, 24 * light + 2 * warm, 24 * light - 15 * warm])
    return picture.astype(np.float32) + lumps


def _smeared(field: Floats, along: Floats, step: float, reach: int) -> Floats:
    """The field averaged along directions, `reach` steps each way."""
    height, width = field.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    total, share = field.copy(), 1.0
    for sign in (1.0, -1.0):
        at_x, at_y = x.copy(), y.copy()
        for index in range(reach):
            at_x += sign * step * along[..., 0]
            at_y += sign * step * along[..., 1]
            weight = 1 - index / (reach + 2)
            total += weight * cv2.remap(field, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            share += weight
    return cast(Floats, total / share)
