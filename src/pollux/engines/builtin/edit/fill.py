"""Filling holes: strokes by OpenCV's Telea, larger holes by patches of the picture itself.

The larger ones follow Wexler, Shechtman and Irani, "Space-Time Completion of Video" (2007), with the search of Barnes
et al., "PatchMatch" (2009): from coarse to fine, each patch of the hole takes the likest patch of the rest, and pixels
are what the patches over them vote for.  Fine detail of the full picture is copied along the same shifts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit.board import Floats, Mask, bounds
from pollux.engines.builtin.pixels import Pixels
from pollux.errors import Cancelled

_HALF = 3  # pixels: patches are 7 x 7
_MOST = 6500  # pixels of a hole at the finest size that patches are searched at
_THIN = 6  # pixels: a hole nowhere deeper than this is a stroke
_REACH = 1.6  # of the hole's sides: so far around it patches are taken from

Ints = NDArray[np.int64]


def fill(pixels: Pixels, hole: Mask, seed: int, cancelled: Callable[[], bool], avoid: Mask | None = None) -> Pixels:
    """The RGB picture with the hole filled; nothing else changes.  `avoid`: what no patch may be taken from."""
    left, top, right, bottom = bounds(hole.astype(np.float32))
    if right <= left:
        return pixels
    deep = float(cv2.distanceTransform(hole[top:bottom, left:right].astype(np.uint8), cv2.DIST_L2, 3).max())
    if deep <= _THIN:
        return _strokes(pixels, hole, deep)
    reach = max(40, round(_REACH * max(right - left, bottom - top) / 2))
    x0, y0 = max(0, left - reach), max(0, top - reach)
    part = (slice(y0, min(pixels.shape[0], bottom + reach)), slice(x0, min(pixels.shape[1], right + reach)))
    view, gap = np.ascontiguousarray(pixels[part]), hole[part]
    barred = gap if avoid is None else gap | avoid[part]
    if barred.mean() > 0.94 or min(view.shape[:2]) < 24:
        return _strokes(pixels, hole, deep)
    filled = _patched(view, gap, barred, seed, cancelled)
    out = pixels.copy()
    out[part] = np.where(gap[..., None], filled, view)
    return out


def smooth(pixels: Pixels, hole: Mask) -> Pixels:
    """The hole filled by carrying its rim inwards: for plain grounds."""
    left, top, right, bottom = bounds(hole.astype(np.float32))
    if right <= left:
        return pixels
    deep = float(cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3).max())
    part = (slice(max(0, top - 24), bottom + 24), slice(max(0, left - 24), right + 24))
    view, gap = np.ascontiguousarray(pixels[part]), hole[part].astype(np.uint8)
    scale = min(1.0, _THIN / max(deep, 1.0))
    size = max(8, round(view.shape[1] * scale)), max(8, round(view.shape[0] * scale))
    near = cv2.dilate(gap, np.ones((3, 3), np.uint8))
    weight = cv2.resize((1 - near).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(view * (1.0 - near[..., None].astype(np.float32)), size, interpolation=cv2.INTER_AREA)
    small = np.asarray(np.clip(small / np.maximum(weight, 1e-3)[..., None] + 0.5, 0, 255), np.uint8)
    done = cv2.inpaint(small, (weight < 0.5).astype(np.uint8), 4, cv2.INPAINT_TELEA)
    full = cv2.resize(done, (view.shape[1], view.shape[0]), interpolation=cv2.INTER_CUBIC)
    out = pixels.copy()
    out[part] = np.where(gap[..., None] > 0, full, view)
    return out


def _strokes(pixels: Pixels, hole: Mask, deep: float) -> Pixels:
    left, top, right, bottom = bounds(hole.astype(np.float32))
    pad = 24
    part = (slice(max(0, top - pad), bottom + pad), slice(max(0, left - pad), right + pad))
    gap = hole[part]
    view = np.ascontiguousarray(pixels[part])
    done = cv2.inpaint(view, gap.astype(np.uint8), max(3.0, min(deep + 1, 9.0)), cv2.INPAINT_TELEA)
    out = pixels.copy()
    out[part] = np.where(gap[..., None], done, view)
    return out


def _patched(view: Pixels, gap: Mask, barred: Mask, seed: int, cancelled: Callable[[], bool]) -> Pixels:
    scale = min(1.0, float(np.sqrt(_MOST / max(1, int(gap.sum())))), 420 / max(view.shape[:2]))
    size = max(24, round(view.shape[1] * scale)), max(24, round(view.shape[0] * scale))
    small = cast(Pixels, cv2.resize(view, size, interpolation=cv2.INTER_AREA))
    hole = cv2.resize(gap.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    bars = cv2.resize(barred.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    done, field = _pyramid(small, hole, bars | hole, seed, cancelled)
    if scale >= 0.999:
        return done
    return _detailed(view, gap, done, field, barred)


def _pyramid(small: Pixels, hole: Mask, bars: Mask, seed: int, cancelled: Callable[[], bool]) -> tuple[Pixels, Ints]:
    """The hole filled from coarse to fine; and for every pixel of it where its likest patch lies, (h, w, 2) y, x."""
    levels = [(small, hole, bars)]
    while min(levels[-1][0].shape[:2]) > 40 and _thick(levels[-1][1]) > 3:
        picture, gap, bar = levels[-1]
        size = max(16, round(picture.shape[1] * 0.6)), max(16, round(picture.shape[0] * 0.6))
        levels.append((
            cast(Pixels, cv2.resize(picture, size, interpolation=cv2.INTER_AREA)),
            cv2.resize(gap.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.2,
            cv2.resize(bar.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.05,
        ))  # fmt: skip
    rng = np.random.default_rng(seed)
    guess: Floats | None = None
    field: Ints | None = None
    for number, (picture, gap, bar) in enumerate(reversed(levels)):
        first = guess is None
        if guess is None:
            guess = cv2.inpaint(picture, gap.astype(np.uint8), 5, cv2.INPAINT_NS).astype(np.float32)
        grown = cv2.resize(guess, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
        state = np.where(gap[..., None], grown, picture).astype(np.float32)
        search = _Search(state, gap, bar | gap, rng, field)
        for _ in range(12 if first else max(2, 5 - number)):
            if cancelled():
                raise Cancelled
            search.improve(4 if first else 2)
            search.vote()
        guess, field = search.state, search.field
    assert guess is not None
    assert field is not None
    return np.asarray(np.clip(guess + 0.5, 0, 255), np.uint8), field


def _thick(gap: Mask) -> float:
    return float(cv2.distanceTransform(gap.astype(np.uint8), cv2.DIST_L2, 3).max()) if gap.any() else 0.0


class _Search:
    """Likest patches for one size: `field` (h, w, 2) where each patch of the hole is taken from."""

    def __init__(self, state: Floats, gap: Mask, bar: Mask, rng: np.random.Generator, before: Ints | None) -> None:
        self.state, self.gap, self.rng = state, gap, rng
        high, wide = gap.shape
        box = np.ones((2 * _HALF + 1, 2 * _HALF + 1), np.uint8)
        near = cv2.dilate(gap.astype(np.uint8), box)
        near[:_HALF] = near[-_HALF:] = 0
        near[:, :_HALF] = near[:, -_HALF:] = 0
        touched = cv2.dilate(bar.astype(np.uint8), box)
        touched[:_HALF] = touched[-_HALF:] = 1
        touched[:, :_HALF] = touched[:, -_HALF:] = 1
        self.valid = touched == 0
        if not self.valid.any():  # hardly anything left: patches may touch the hole's edge
            self.valid = ~bar
            self.valid[:_HALF] = self.valid[-_HALF:] = False
            self.valid[:, :_HALF] = self.valid[:, -_HALF:] = False
        self.at = np.argwhere(near > 0)
        steps = np.arange(-_HALF, _HALF + 1)
        dy, dx = np.meshgrid(steps, steps, indexing="ij")
        self.flat = (dy * wide + dx).ravel()
        self.sources = np.argwhere(self.valid)
        self.index = np.full((high, wide), -1, np.int64)
        self.index[self.at[:, 0], self.at[:, 1]] = np.arange(len(self.at))
        self.wide = wide
        depth = cv2.distanceTransform(gap.astype(np.uint8), cv2.DIST_L2, 3)
        self.weight = np.asarray(1.3 ** -np.minimum(depth, 40), np.float32)[self.at[:, 0], self.at[:, 1]]
        self.best = self._start(before)
        self.cost = self._cost(self.best)

    def _start(self, before: Ints | None) -> Ints:
        if not len(self.sources):
            return self.at.copy()
        picks = self.sources[self.rng.integers(0, len(self.sources), len(self.at))]
        if before is None:
            return picks
        high, wide = self.gap.shape
        ratio = np.array([high / before.shape[0], wide / before.shape[1]])
        old = np.minimum((self.at / ratio).astype(np.int64), np.array(before.shape[:2]) - 1)
        source = before[old[:, 0], old[:, 1]]
        moved = (self.at + np.round((source - old) * ratio)).astype(np.int64)
        return np.where((source[:, :1] >= 0) & self._inside(moved)[:, None], moved, picks)

    def _inside(self, at: Ints) -> Mask:
        high, wide = self.gap.shape
        ok = (at[:, 0] >= 0) & (at[:, 0] < high) & (at[:, 1] >= 0) & (at[:, 1] < wide)
        clipped = np.clip(at, 0, np.array([high - 1, wide - 1]))
        return np.asarray(ok & self.valid[clipped[:, 0], clipped[:, 1]], np.bool_)

    def _patches(self, at: Ints) -> Floats:
        flat = self.state.reshape(-1, 3)
        where = (at[:, 0] * self.wide + at[:, 1])[:, None] + self.flat
        return cast(Floats, flat[np.clip(where, 0, len(flat) - 1)])

    def _cost(self, source: Ints) -> Floats:
        if not hasattr(self, "own") or self.own is None:
            self.own: Floats | None = self._patches(self.at)
        away = self._patches(source) - self.own
        return np.asarray(np.einsum("ijk,ijk->i", away, away), np.float32)

    def _try(self, source: Ints) -> None:
        ok = self._inside(source)
        if not ok.any():
            return
        source = np.where(ok[:, None], source, self.best)
        cost = self._cost(source)
        better = cost < self.cost
        self.best[better], self.cost[better] = source[better], cost[better]

    def improve(self, rounds: int) -> None:
        """Neighbours' shifts and random looks ever nearer, as PatchMatch does, all patches at once."""
        self.own = self._patches(self.at)
        self.cost = self._cost(self.best)
        reach = max(self.gap.shape)
        for _ in range(rounds):
            for step in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                for far in (1, 3) if rounds > 2 else (1,):
                    at = self.at - np.array(step) * far
                    clipped = np.clip(at, 0, np.array(self.gap.shape) - 1)
                    other = self.index[clipped[:, 0], clipped[:, 1]]
                    source = np.where(
                        (other >= 0)[:, None], self.best[np.maximum(other, 0)] + np.array(step) * far, self.best
                    )
                    self._try(source)
            span = reach / 2
            while span > 2:
                self._try(self.best + self.rng.integers(-int(span), int(span) + 1, self.best.shape))
                span /= 3

    def vote(self) -> None:
        """Pixels of the hole become what the patches over them say, sure ones and those near the edge the loudest."""
        spread = max(float(np.percentile(self.cost, 75)), 1.0)
        loud = (np.exp(-self.cost / (2 * spread)) + 1e-3) * self.weight
        patches = self._patches(self.best) * loud[:, None, None]
        where = ((self.at[:, 0] * self.wide + self.at[:, 1])[:, None] + self.flat).ravel()
        count = self.gap.size
        total = np.bincount(where, np.repeat(loud, len(self.flat)), count)
        new = np.stack([np.bincount(where, patches[..., c].ravel(), count) for c in range(3)], axis=1)
        filled = (new / np.maximum(total, 1e-9)[:, None]).reshape(*self.gap.shape, 3).astype(np.float32)
        take = self.gap & (total.reshape(self.gap.shape) > 0)
        self.state = np.where(take[..., None], filled, self.state)

    @property
    def field(self) -> Ints:
        """Where each patch comes from, -1 where none was looked for."""
        out = np.full((*self.gap.shape, 2), -1, np.int64)
        out[self.at[:, 0], self.at[:, 1]] = self.best
        return out


def _detailed(view: Pixels, gap: Mask, done: Pixels, field: Ints, barred: Mask) -> Pixels:
    """The small filling stretched, with the full picture's fine detail copied along the same shifts."""
    high, wide = view.shape[:2]
    ratio = np.array([high / done.shape[0], wide / done.shape[1]])
    smooth = cast(Pixels, cv2.resize(done, (wide, high), interpolation=cv2.INTER_CUBIC))
    rows, columns = np.nonzero(gap)
    at = np.stack([rows, columns], axis=1)
    cell = np.minimum((at / ratio).astype(np.int64), np.array(done.shape[:2]) - 1)
    source = field[cell[:, 0], cell[:, 1]]
    moved = (at + np.round((source - cell) * ratio)).astype(np.int64)
    moved = np.clip(moved, 0, np.array([high - 1, wide - 1]))
    reach = 2 * int(np.ceil(ratio.max())) + 1
    spoilt = cv2.dilate(barred.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    able = (source[:, 0] >= 0) & ~spoilt[moved[:, 0], moved[:, 1]]
    small = cv2.resize(view, (done.shape[1], done.shape[0]), interpolation=cv2.INTER_AREA)
    fine = view.astype(np.int16) - cv2.resize(small, (wide, high), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    out = smooth.astype(np.int16)
    out[rows[able], columns[able]] += fine[moved[able, 0], moved[able, 1]]
    return np.asarray(np.clip(out, 0, 255), np.uint8)
