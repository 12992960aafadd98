"""A drawing coloured in: line drawings by their closed areas, shaded sketches by their tones and closed parts."""

from __future__ import annotations

import re

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit import parts, shades
from pollux.engines.builtin.edit.board import Board, Floats, Mask, as_floats, as_pixels, mixed
from pollux.engines.builtin.edit.ground import studio
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.english import article
from pollux.engines.builtin.pixels import Pixels, gray

_SIDE = 512  # pixels: parts of a shaded drawing are made out at this size
_AREAS = 0.01  # of the picture: a drawing whose half tones fill more than this is shaded, not of lines alone
_GROUND = re.compile(
    r"\b(?:on|against|over|with) (?:an? )?(?P<c>[a-z -]{3,24}?) (?:background|backdrop|ground|paper|sky)"
)
_BARE = 0.4  # of the picture
_PARTS: tuple[shades.RGB, ...] = ((205, 78, 62), (238, 176, 78), (62, 138, 122), (128, 96, 162), (176, 118, 74))
_PALE: tuple[shades.RGB, ...] = ((255, 244, 220), (255, 226, 138), (255, 250, 240))


def polish(board: Board, step: Step) -> str:
    """A drawing coloured in, on a ground of the colour or in the place that the words name."""
    said = _coloured(board, step)
    photo = re.search(r"\bphoto|realistic|\b3d\b|\brender\b|life-?like", step.to.lower())
    return f"{said}; I cannot make a photograph of it" if photo and not said.startswith("!") else said


def _coloured(board: Board, step: Step) -> str:
    light = gray(board.rgb)
    return _shaded(board, step, light) if _has_tones(light) else _lined(board, step, light)


def _has_tones(light: Pixels) -> bool:
    """Whether half tones fill areas of a drawing: lines alone have them at their edges only."""
    scale = min(1.0, _SIDE / max(light.shape))
    small = cv2.resize(light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    middle = ((small > 50) & (small < 0.88 * float(np.percentile(small, 97)))).astype(np.uint8)
    areas = cv2.morphologyEx(cv2.medianBlur(middle, 3), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    return float(areas.mean()) > _AREAS and float(areas.sum()) > 0.3 * float(middle.sum())


def _shaded(board: Board, step: Step, light: Pixels) -> str:
    """A drawing in half tones: the paper's ragged rim and grain gone, tones of one colour, closed parts in others."""
    wide, high = board.size
    scale = min(1.0, _SIDE / max(wide, high))
    size = max(8, round(wide * scale)), max(8, round(high * scale))
    small = as_pixels(cv2.resize(light, size, interpolation=cv2.INTER_AREA))
    calm = as_pixels(cv2.fastNlMeansDenoising(small, None, 9, 5, 13))
    paper = float(np.percentile(calm, 97))
    rim = _rim(calm, 0.93 * paper)
    tone = as_floats(cv2.resize(_calmed(light), (wide, high)) / paper)
    tone = np.clip(tone, 0, 1)
    named = _GROUND.search(step.to.lower())
    ground = (shades.find(named["c"]) if named else None) or ("sky blue", (135, 190, 226))
    bare = _outside(calm, 0.93 * paper).mean() > _BARE  # a thing alone on paper: paper takes the ground's colour
    if rim is not None and not bare:
        tone = _without_rim(tone, rim)
    out = _toned(tone, ground[1], white=0.0 if bare else 0.7)
    found = _closed_parts(calm, rim)
    wanted = shades.find(re.sub(_GROUND, "", step.to.lower()))
    pale = strong = 0
    for part in found:
        soft = cv2.resize(cv2.GaussianBlur(part.astype(np.float32), (0, 0), 0.8), (wide, high))[..., None]
        own = float(np.median(calm[part])) / paper
        if own > 0.86:
            colour, pale = _PALE[pale % len(_PALE)], pale + 1
        else:
            colours = (wanted[1], *_PARTS) if wanted else _PARTS
            colour, strong = colours[strong % len(colours)], strong + 1
        depth = np.clip(tone / max(own, 0.05), 0.25, 1.12)[..., None]
        out = mixed(out, np.asarray(np.clip(np.array(colour, np.float32) * depth, 0, 255), np.uint8), as_floats(soft))
    board.put(out)
    told = f", {len(found)} closed parts in colours of my choice" if len(found) > 1 else ""
    return f"cleaned the paper and coloured the drawing in tones of {ground[0]}{told}; its lines stay where they were"


def _calmed(light: Pixels) -> Pixels:
    """Without the paper's grain, lines kept."""
    scale = min(1.0, 1024 / max(light.shape))
    small = cv2.resize(light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else light
    return as_pixels(cv2.fastNlMeansDenoising(small, None, 12, 5, 15))


def _outside(calm: Pixels, bright: float) -> Mask:
    """What is as bright as paper and joined to the picture's edge."""
    free = cv2.copyMakeBorder((calm > bright).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, marks = cv2.connectedComponents(free, connectivity=4)
    return np.asarray((marks == marks[0, 0])[1:-1, 1:-1], np.bool_)


def _rim(calm: Pixels, bright: float) -> Mask | None:
    """The bare paper around a drawing, joined to the picture's edge; None where there is none."""
    rim = _outside(calm, bright)
    reach = max(3, max(calm.shape) // 45)
    deep = max(4, min(calm.shape) // 8)  # a white sail that touches the paper is none of it
    rim[deep:-deep, deep:-deep] = False
    inner = cv2.erode((~rim).astype(np.uint8), np.ones((5, 5), np.uint8))
    inner = cv2.morphologyEx(inner, cv2.MORPH_OPEN, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    rim = cv2.erode(inner, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8), borderValue=1) == 0
    return rim if 0.01 < float(rim.mean()) < 0.6 else None


def _without_rim(tone: Floats, rim: Mask) -> Floats:
    """The drawing's tones carried on to the picture's edge."""
    size = rim.shape[1], rim.shape[0]
    small = cv2.resize(tone, size, interpolation=cv2.INTER_AREA)
    known = (~rim).astype(np.float32)
    smooth = small
    for across, down in ((0.09, 0.09), (0.05, 0.004)):  # at last along the rows: horizons go on level
        sigma = max(1.0, across * size[0]), max(0.8, down * size[1])
        weight = cv2.GaussianBlur(known, (0, 0), sigmaX=sigma[0], sigmaY=sigma[1])
        mean = cv2.GaussianBlur(small * known, (0, 0), sigmaX=sigma[0], sigmaY=sigma[1]) / np.maximum(weight, 1e-4)
        sure = np.clip(weight * 8, 0, 1) if smooth is not small else np.ones_like(weight)
        smooth = np.asarray(mean * sure + smooth * (1 - sure), np.float32)
    full, share = (cv2.resize(one, (tone.shape[1], tone.shape[0]), interpolation=cv2.INTER_LINEAR)
                   for one in (smooth, cv2.GaussianBlur(rim.astype(np.float32), (0, 0), 2)))  # fmt: skip
    share = np.clip(share * 1.6 - 0.1, 0, 1)
    return as_floats(tone * (1 - share) + full * share)


def _toned(tone: Floats, rgb: shades.RGB, white: float) -> Pixels:
    """Tones of one colour: ink, the colour deep, the colour, and the colour with so much white."""
    at = (0.0, 0.4, 0.78, 1.0)
    base = np.array(rgb, np.float32)
    stops = (
        np.array([24.0, 34, 56]),
        base * (0.42, 0.52, 0.66),
        base * (0.82 + 0.18 * (white > 0)),
        base * (1 - white) + 255 * white,
    )
    index = np.asarray(np.clip(tone * 255 + 0.5, 0, 255), np.uint8)
    tables = [np.interp(np.arange(256) / 255, at, [float(stop[c]) for stop in stops]) for c in range(3)]
    return np.dstack([cv2.LUT(index, np.asarray(table + 0.5, np.uint8)) for table in tables])


def _closed_parts(calm: Pixels, rim: Mask | None) -> list[Mask]:
    """Compact areas with an outline of their own, the largest first: watersheds of the tones' slope."""
    soft = cv2.GaussianBlur(calm.astype(np.float32), (0, 0), 2.0)
    slope = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)) / 8
    flat = cv2.distanceTransform((slope < 1).astype(np.uint8), cv2.DIST_L2, 5) > 2
    count, marks = cv2.connectedComponents(flat.astype(np.uint8), connectivity=4)
    sizes = np.bincount(marks.ravel(), minlength=count)
    sizes[0] = 0
    marks = np.where((sizes > 0.00015 * calm.size)[marks], marks, 0).astype(np.int32)
    steep = np.repeat(np.asarray(np.clip(slope * 12, 0, 255), np.uint8)[..., None], 3, axis=2)
    marks = cv2.watershed(steep, marks)
    out: list[Mask] = []
    for number in np.unique(marks[marks > 0]):
        part = cv2.dilate((marks == number).astype(np.uint8), np.ones((3, 3), np.uint8))
        if not 0.002 < float(part.mean()) < 0.3 or (rim is not None and (part.astype(bool) & rim).any()):
            continue
        outline = max(cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0], key=cv2.contourArea)
        hull = max(1.0, cv2.contourArea(cv2.convexHull(outline)))
        left, top, across, down = cv2.boundingRect(outline)
        edge = left <= 1 or top <= 1 or left + across >= part.shape[1] - 1 or top + down >= part.shape[0] - 1
        if not edge and cv2.contourArea(outline) / hull > 0.8:
            out.append(part > 0)
    return sorted(out, key=lambda one: -int(one.sum()))


def _lined(board: Board, step: Step, light: Pixels) -> str:
    """A line drawing: closed areas in related colours with soft light, clean lines, a ground behind it."""
    paper = cv2.medianBlur(cv2.resize(light, (256, 256), interpolation=cv2.INTER_AREA), 41)
    paper = cv2.resize(paper, board.size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    line = as_floats(np.clip(np.clip(1 - light / np.maximum(paper, 1) - 0.06, 0, 1) * 2.1, 0, 1))
    inside, labels = _areas(line)
    if inside is None:
        return "!I found no closed outline to colour in; a clear drawing with closed lines on plain paper works best"
    told = re.sub(_GROUND, "", step.to.lower())
    colour = shades.find(re.sub(r"\b(?:black and white|neon \w+)\b", "", told))
    painted = _painted(labels, inside, colour[1] if colour else None, metallic="metal" in told)
    wide, high = board.size
    rgb = board.rgb
    place = re.search(r"\bin (?:an? |the )([a-z ]{3,40}?)(?:[.,]|$| with)", told)
    ground = parts.setting(place[1], wide, high, board.seed) if place else None
    where = f"a painted {place[1]}" if place and ground is not None else "a plain ground"
    if ground is None:
        named = _GROUND.search(step.to.lower())
        plain = shades.find(named["c"]) if named else None
        ground = studio(plain[1] if plain else (236, 232, 222), wide, high)
        where = f"{article(plain[0])} ground" if plain else where
    soft = cv2.GaussianBlur(inside, (0, 0), max(0.8, max(wide, high) / 900))
    out = mixed(ground, painted, np.asarray(soft, np.float32)[..., None])
    ink = cv2.GaussianBlur(line, (0, 0), max(0.6, max(wide, high) / 1400))[..., None] * (0.35 + 0.55 * soft[..., None])
    out = mixed(out, np.full_like(rgb, 22), np.asarray(np.clip(ink, 0, 1), np.float32))
    if "neon" in step.to.lower() or "rim light" in step.to.lower():
        out = _rim_lit(out, np.asarray(inside, np.float32))
    board.put(out)
    paint = colour[0] if colour else "colours of my choice"
    return f"coloured the drawing's closed areas in {paint}, kept its lines and set it on {where}"


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
            labels = _unhatched(np.asarray(labels, np.int32))
            full = cv2.resize(labels.astype(np.float32), (wide, high), interpolation=cv2.INTER_NEAREST).astype(np.int32)
            return np.asarray(
                cv2.resize(inside.astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR), np.float32
            ), full
    return None, np.zeros((high, wide), np.int32)


def _unhatched(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Areas that are mere gaps between the lines of a hatching become one area of all that it covers."""
    deep = cv2.distanceTransform((labels > 0).astype(np.uint8), cv2.DIST_L2, 5)
    deepest = np.zeros(int(labels.max()) + 1, np.float32)
    np.maximum.at(deepest, labels.ravel(), deep.ravel())
    least = max(2.5, 0.009 * max(labels.shape))
    thin = (deepest[labels] < least) & (labels > 0)
    reach = round(least) * 2 + 1
    merged = cv2.morphologyEx(thin.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    merged = (merged > 0) & (thin | (labels == 0))
    _, parts_ = cv2.connectedComponents(merged.astype(np.uint8), connectivity=4)
    return np.where(merged, parts_ + int(labels.max()), labels).astype(np.int32)


def _related(base: Floats, rank: int) -> Floats:
    """The colour for the largest area, then a deep, a grey, a dark and a pale neighbour of it in turn."""
    if not rank:
        return base
    grey, dark = np.array([105.0, 110.6, 119.0]), np.array([46.0, 50, 58])
    return as_floats((base * 0.45, base * 0.3 + grey, dark, base * 0.72 + 62)[(rank - 1) % 4])


def _painted(labels: NDArray[np.int32], inside: Floats, rgb: shades.RGB | None, *, metallic: bool) -> Pixels:
    """Each area in a neighbour of the colour, or in one of several; light from above, a sheen across for metal."""
    high = labels.shape[0]
    count = int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count).astype(np.float64)
    sizes[0] = 0
    order = np.argsort(-sizes)
    table = np.zeros((count, 3), np.float32)
    for rank, number in enumerate(order[: count - 1]):
        if rgb is None:
            table[number] = (_PALE[0], *_PARTS)[rank % (len(_PARTS) + 1)]
        else:
            table[number] = _related(np.array(rgb, np.float32), rank)
    crumbs = sizes < sizes.sum() * 0.004
    flat = table[labels]
    hole = (((labels == 0) | crumbs[labels]) & (inside > 0.5)).astype(np.uint8)
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
