"""Points of line charts and scatter plots: their markers, and the values at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.boxes import shared
from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.facts import is_upright
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.seeing import scales
from pollux.engines.builtin.seeing.panels import apart
from pollux.engines.builtin.seeing.scales import Axis
from pollux.engines.builtin.seeing.thing import Thing

Colour = tuple[int, int, int]
CHROMA = 45  # levels between a colour's channels: lines and dots are drawn in colours, axes in grey
NEAR = 45  # levels that a pixel may differ from its line's colour
LEAST, MOST = 4, 28  # pixels: sides of a marker
SERIES = 6


def keys(pixels: Pixels, runs: Sequence[TextLine]) -> list[tuple[Box, Colour, str]]:
    """Entries of a legend of lines: a short level stroke in a colour, a word right behind it."""
    out = []
    for run in runs:
        box, high = run.box, run.box.height
        left, right = int(box.left - 4.2 * high), int(box.left - 0.1 * high)
        if scales.figure(run.text) is not None or left < 0 or is_upright(run):
            continue
        cut = pixels[int(box.top) : int(box.bottom), left:right]
        vivid = cut.max(axis=2).astype(np.int16) - cut.min(axis=2) > CHROMA
        rows = vivid.sum(axis=1)
        if not len(rows) or rows.max() < 1.1 * high or (rows > 0).mean() > 0.75:
            continue
        columns = np.flatnonzero(vivid.any(axis=0))
        row = cut[int(rows.argmax())][vivid[int(rows.argmax())]]
        red, green, blue = (int(v) for v in np.median(row, axis=0))
        middle = box.top + float(np.flatnonzero(rows).mean())
        if columns[0] > 1 and abs(middle - box.centre[1]) < 0.3 * high:
            out.append(
                (
                    Box(left + float(columns[0]), box.top, left + float(columns[-1]), box.bottom),
                    (red, green, blue),
                    run.text,
                )
            )
    return out


def points(
    pixels: Pixels,
    runs: Sequence[TextLine],
    axes: Mapping[str, Axis],
    series: Sequence[tuple[Colour, str]],
    covered: Sequence[Box],
) -> list[Thing]:
    """The points of every series with their values; empty where the chart has no axis with numbers."""
    axis = axes.get("y")
    if axis is None:
        return []
    plot = _plot(pixels, axis, axes.get("x"), runs)
    cut = pixels[int(plot.top) : int(plot.bottom), int(plot.left) : int(plot.right)].copy()
    for box in covered:
        a, b = int(box.left - plot.left) - 3, int(box.top - plot.top) - 3
        c, d = int(box.right - plot.left) + 3, int(box.bottom - plot.top) + 3
        cut[max(0, b) : max(0, d), max(0, a) : max(0, c)] = 128
    out: list[Thing] = []
    names = [run for run in runs if run.box.top > plot.bottom - 8 and not is_upright(run)]
    low = min((run.box.centre[1] for run in names), default=0.0)
    names = [run for run in names if abs(run.box.centre[1] - low) < 0.7 * run.box.height]
    for colour in _palette(cut):
        mask = (np.abs(cut.astype(np.int16) - np.array(colour)).max(axis=2) <= NEAR).astype(np.uint8)
        for box in _markers(mask) or _turns(mask, names, plot):
            whole = Box(box.left + plot.left, box.top + plot.top, box.right + plot.left, box.bottom + plot.top)
            out.append(_point(whole, axis, axes.get("x"), names, colour, series))
    return sorted(_once(out), key=lambda one: one.box.centre[0])


def _once(found: Sequence[Thing]) -> list[Thing]:
    """Each point once: where a line covers another's marker its rest is seen in two colours, and the larger counts."""
    out: list[Thing] = []
    for one in sorted(found, key=lambda thing: -thing.box.width * thing.box.height):
        if all(shared(one.box, other.box) < 0.3 * one.box.width * one.box.height for other in out):
            out.append(one)
    return out


def _plot(pixels: Pixels, axis: Axis, below: Axis | None, runs: Sequence[TextLine]) -> Box:
    """Where the lines are: right of the numbers, above the words along the x axis."""
    left = min(axis.box.right + 2, pixels.shape[1] - 2.0)
    under = [run.box.top for run in runs if run.box.centre[1] > axis.box.bottom and run.box.centre[0] > left]
    bottom = below.box.top if below else min(under, default=axis.box.bottom + 10)
    top = max(0.0, axis.box.top - 0.12 * (axis.box.bottom - axis.box.top))
    titles = [run.box.bottom for run in runs if run.box.bottom < axis.box.top + 8 and run.box.left > left]
    top = max([top, *titles])
    return Box(left, top, pixels.shape[1], max(bottom, top + 2))


def _palette(cut: Pixels) -> list[Colour]:
    """The strong colours of a plot, commonest first, no two alike."""
    values = cut.reshape(-1, 3)
    vivid = values[(values.max(axis=1).astype(np.int16) - values.min(axis=1)) > CHROMA]
    if len(vivid) < 20:
        return []
    packed = (vivid >> 3).astype(np.int32) @ np.array([1024, 32, 1])
    counts = np.bincount(packed)
    out: list[Colour] = []
    for index in np.argsort(-counts)[:60].tolist():
        if counts[index] < max(12, 0.02 * len(vivid)) or len(out) == SERIES:
            break
        red, green, blue = (int(v) for v in np.median(vivid[packed == index], axis=0))
        if all(apart((red, green, blue), known) > 1.5 * NEAR for known in out):
            out.append((red, green, blue))
    return out


def _markers(mask: Pixels) -> list[Box]:
    """The thick places of a line, or the dots: what is left when all that is thin is rubbed out."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    thick = cast(Pixels, cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel))
    _, _, stats, _ = cv2.connectedComponentsWithStats(thick, connectivity=8)
    found = [
        (x, y, w, h) for x, y, w, h, area in stats[1:].tolist() if LEAST <= max(w, h) <= MOST and area > 0.6 * w * h
    ]
    if not found:
        return []
    size = float(np.median([max(w, h) for _, _, w, h in found]))
    kept = [(x, y, w, h) for x, y, w, h in found if abs(max(w, h) - size) <= max(2.0, 0.3 * size)]
    return [Box(x, y, x + w, y + h) for x, y, w, h in kept] if len(kept) >= 2 else []


def _turns(mask: Pixels, names: Sequence[TextLine], plot: Box) -> list[Box]:
    """Where a line without markers passes over the words or numbers along the x axis."""
    out = []
    for run in names:
        at = int(run.box.centre[0] - plot.left)
        if not 1 <= at < mask.shape[1] - 1:
            continue
        rows = np.flatnonzero(mask[:, at - 1 : at + 2].any(axis=1))
        if len(rows) and rows[-1] - rows[0] < 60:
            y = float(rows.mean())
            out.append(Box(at - 4, y - 4, at + 5, y + 5))
    return out


def _point(
    box: Box,
    axis: Axis,
    below: Axis | None,
    names: Sequence[TextLine],
    colour: Colour,
    series: Sequence[tuple[Colour, str]],
) -> Thing:
    x, y = box.centre
    value = float(f"{axis.value(y):.3g}")
    near = min(names, key=lambda run: abs(run.box.centre[0] - x), default=None)
    said = near.text if near is not None and abs(near.box.centre[0] - x) < max(8.0, 0.5 * near.box.width) else ""
    if below is not None:
        said = f"{float(f'{below.value(x):.3g}'):g}"
    key = min(series, key=lambda one: apart(one[0], colour), default=None)
    if key is not None and apart(key[0], colour) < 60 and len(series) > 1:
        said = f"{said} ({key[1]})" if said else key[1]
    state = f"value {value:g}{'%' if axis.unit == '%' else ''}"
    return Thing("chart", ("point", "data point", "marker", "dot"), box, 0.8, name_of(colour), said, state=state)
