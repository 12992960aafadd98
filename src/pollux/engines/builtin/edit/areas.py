"""Soft masks by colour and outline alone: what is not the ground, one colour, the sky; and edges made sharp."""

from __future__ import annotations

import cv2
import numpy as np

from pollux.engines.builtin.edit.board import Floats, as_pixels, bounds
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.cutting import grab, main_parts, opened
from pollux.engines.builtin.seeing.ground import border, difference, lab
from pollux.engines.builtin.seeing.masks import guided

SIDE = 400  # pixels: regions are made out at this size
FINE = 1400  # pixels: edges are refined at this size


def from_even(small: Pixels) -> Floats | None:
    """What is not the one smooth ground around it, holes of the ground's colour included when they are small."""
    far, edge, _ = difference(small, border(*small.shape[:2]))
    free = (far < edge).astype(np.uint8)
    padded = cv2.copyMakeBorder(free, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, parts = cv2.connectedComponents(padded, connectivity=4)
    outside = (parts == parts[0, 0])[1:-1, 1:-1]
    return np.asarray(opened((~outside).astype(np.uint8)), np.float32)


def from_middle(small: Pixels) -> Floats | None:
    """GrabCut from an oval in the middle: the guess when nothing is known by name."""
    height, width = small.shape[:2]
    guess = np.full((height, width), cv2.GC_BGD, np.uint8)
    cv2.rectangle(guess, (width // 20, height // 20), (width - width // 20, height - 1), int(cv2.GC_PR_BGD), -1)
    cv2.ellipse(guess, (width // 2, height // 2), (width // 3, height * 2 // 5), 0, 0, 360, int(cv2.GC_PR_FGD), -1)
    cut = grab(small, guess, 4)
    return None if cut is None else np.asarray(main_parts(opened(cut), np.ones(cut.shape, np.float32)), np.float32)


def sharpened(pixels: Pixels, rough: Floats) -> Floats:
    """A rough mask of any size, stretched over the picture, its edges moved to the picture's."""
    fine = fit(pixels, FINE)
    soft = cv2.resize(rough, (fine.shape[1], fine.shape[0]), interpolation=cv2.INTER_LINEAR)
    grey = np.asarray(cv2.cvtColor(fine, cv2.COLOR_RGB2GRAY) / 255, np.float32)
    soft = guided(grey, np.asarray(soft, np.float32), max(3, max(fine.shape[:2]) // 150))
    full = cv2.resize(soft, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return firm(np.asarray(full, np.float32), 0.25, 0.75)


def firm(mask: Floats, low: float = 0.16, high: float = 0.72) -> Floats:
    """A soft mask made surer: what is hardly the thing is not, what mostly is, is."""
    return np.asarray(np.clip((mask - low) / (high - low), 0, 1), np.float32)


def like_colour(pixels: Pixels, rgb: tuple[int, int, int]) -> Floats:
    """How much each pixel has a colour, 0 to 1: by hue where the colour has one, else by lightness and greyness."""
    values = lab(pixels)
    target = lab(np.array([[rgb]], np.uint8))[0, 0]
    chroma, want = np.hypot(values[..., 1], values[..., 2]), float(np.hypot(target[1], target[2]))
    if want < 14:
        light = np.abs(values[..., 0] - target[0])
        return np.asarray(np.clip((20 - chroma) / 6, 0, 1) * np.clip((34 - light) / 10, 0, 1), np.float32)
    turn = np.arctan2(values[..., 2], values[..., 1]) - np.arctan2(target[2], target[1])
    away = np.degrees(np.abs(np.arctan2(np.sin(turn), np.cos(turn))))
    coloured = np.clip((chroma - 0.16 * want - 5) / 6, 0, 1)
    apart = np.clip((62 - np.abs(values[..., 0] - target[0])) / 14, 0, 1)
    return np.asarray(np.clip((36 - away) / 8, 0, 1) * coloured * apart, np.float32)


def closed(mask: Floats) -> Floats:
    """The mask with its narrow gaps bridged."""
    size = max(3, min(mask.shape) // 60) | 1
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.float32)


def sky(pixels: Pixels) -> Floats | None:
    """The sky: smooth, bright or blue, and joined to the upper edge; None where there is none."""
    small = fit(pixels, SIDE)
    values = lab(as_pixels(cv2.GaussianBlur(small, (0, 0), 1.5)))
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    rough = cv2.GaussianBlur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), (0, 0), 2)
    height = small.shape[0]
    blue = (values[..., 2] < -6) & (values[..., 1] < 12)
    pale = (values[..., 0] > 62) & (np.hypot(values[..., 1], values[..., 2]) < 22)
    dusk = np.linalg.norm(values - np.median(values[: max(2, height // 30)].reshape(-1, 3), axis=0), axis=2) < 16
    smooth = rough < 9
    able = ((blue | pale | dusk) & smooth).astype(np.uint8)
    able = cv2.morphologyEx(able, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, parts = cv2.connectedComponents(able)
    top = np.unique(parts[: max(2, height // 40)])
    mask = np.isin(parts, top[top > 0])
    if mask.any():  # more of it beside a tower or branches
        tone = np.median(values[mask], axis=0)
        sides = np.unique(np.concatenate([parts[: height * 2 // 3, :3].ravel(), parts[: height * 2 // 3, -3:].ravel()]))
        for part in sides[sides > 0]:
            mask |= (parts == part) & (np.linalg.norm(np.median(values[parts == part], axis=0) - tone) < 22)
    if not 0.02 < float(mask.mean()) < 0.98 or float(mask[: max(2, height // 40)].mean()) < 0.3:
        return None
    return sharpened(pixels, _to_edges(closed(mask.astype(np.float32)), values))


def _to_edges(mask: Floats, values: Floats) -> Floats:
    """A region grown a few pixels, as far as colours stay those of the region nearby."""
    band = cv2.dilate(mask, np.ones((17, 17), np.uint8)) > 0.5
    weight = cv2.GaussianBlur(mask, (0, 0), 6)
    near = cv2.GaussianBlur(values * mask[..., None], (0, 0), 6) / np.maximum(weight, 1e-3)[..., None]
    alike = np.linalg.norm(values - near, axis=2) < 17
    return np.asarray(np.where(band & alike, 1, mask), np.float32)


def whole(mask: Floats) -> Floats:
    """Without holes that are small beside it: a white shirt in a dark suit."""
    free = cv2.copyMakeBorder((mask < 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    limit = 0.06 * float(mask.sum())
    small = [i for i in range(1, count) if i != parts[0, 0] and stats[i][cv2.CC_STAT_AREA] < limit]
    return np.asarray(np.where(np.isin(parts, small)[1:-1, 1:-1], 1, mask), np.float32)


def shadow(pixels: Pixels, mask: Floats) -> Floats | None:
    """The soft shadow at a thing's foot, 0 or 1: the ground made darker, its hue kept; None where there is none."""
    small = fit(pixels, SIDE)
    thing = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA) > 0.3
    left, top, right, bottom = bounds(thing.astype(np.float32))
    high, wide = bottom - top, right - left
    if high < 8 or wide < 8:
        return None
    near = np.zeros(thing.shape, np.bool_)
    near[top + high * 3 // 5 : bottom + high // 3, max(0, left - wide // 3) : right + wide // 3] = True
    near &= ~thing
    far = np.zeros(thing.shape, np.bool_)
    far[top + high // 2 : bottom + high, max(0, left - wide) : right + wide] = True
    far &= ~near & ~cv2.dilate(thing.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(np.bool_)
    if far.sum() < 40 or not near.any():
        return None
    free = (cv2.dilate(thing.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0).astype(np.float32)
    weight = np.maximum(cv2.GaussianBlur(free, (0, 0), 2), 1e-3)[..., None]  # the thing's own colours stay out
    values = lab(as_pixels(np.clip(cv2.GaussianBlur(small * free[..., None], (0, 0), 2) / weight, 0, 255)))
    near &= free > 0
    ground = np.median(values[far], axis=0)
    spread = float(np.median(np.abs(values[far][:, 0] - ground[0])))
    darker = ground[0] - values[..., 0]
    alike = np.linalg.norm(values[..., 1:] - ground[1:], axis=2) < 8 + 0.4 * darker
    able = (near & (darker > max(4.0, 2.2 * spread)) & (darker < 0.75 * ground[0]) & alike).astype(np.uint8)
    _, marks = cv2.connectedComponents(able)
    foot = cv2.dilate(thing.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    foot[: top + high * 3 // 5] = False
    touched = np.unique(marks[foot & (marks > 0)])
    found = np.isin(marks, touched[touched > 0])
    if not 0.01 * thing.sum() < found.sum() < 0.8 * thing.sum():
        return None
    wide_ = cv2.dilate(found.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(np.float32)
    return np.asarray(
        cv2.resize(wide_, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_NEAREST), np.float32
    )


def cleaned(pixels: Pixels, mask: Floats) -> Pixels:
    """The thing's own colours to the very edge: at half-covered pixels those of what is surely the thing nearby."""
    edge = (mask > 0) & (mask < 0.92)
    if not edge.any():
        return pixels
    small = fit(pixels, FINE)
    near = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
    sure = (near > 0.92).astype(np.float32)
    size = max(1.5, max(small.shape[:2]) / 250)
    weight = cv2.GaussianBlur(sure, (0, 0), size)
    inner = cv2.GaussianBlur(small * sure[..., None], (0, 0), size) / np.maximum(weight, 1e-3)[..., None]
    inner = np.where(weight[..., None] > 0.02, inner, small).astype(np.float32)
    full = cv2.resize(inner, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    out = pixels.copy()
    share = mask[edge][:, None]
    out[edge] = np.clip(pixels[edge] * share + full[edge] * (1 - share) + 0.5, 0, 255).astype(np.uint8)
    return out
