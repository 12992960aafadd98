"""Parts of a page that are more than lines of text: tables, signatures and stamps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin import tables
from pollux.engines.builtin.boxes import scaled, shared
from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.panels import runs_of
from pollux.engines.builtin.seeing.thing import Thing

LONGEST = 1600  # pixels: larger pages are looked at reduced
DARKER = 28  # levels below what surrounds it that make ink
VIVID = 45  # levels between a coloured ink's channels
LEAST_CELLS = 4
LEAST_STAMP = 36  # pixels
LINED = 0.7  # of a stamp's outline that is drawn
WIDE, HIGH = 2.6, 0.9  # times the height of print that a stroke of handwriting is, at least
SURE = 0.9  # confidence from which what was read is print
DENSE = 0.4  # of its box: handwriting is thinner


def find_parts(pixels: Pixels, scene: Scene) -> list[Thing]:
    """Tables, signatures and stamps of an RGB page, from the top; boxes in pixels of the scene, often none.

    `names` begin with "table", "signature" or "stamp"; a table's `state` is its size ("5 rows, 3 columns").
    """
    page = fit(pixels, LONGEST)
    across, down = scene.width / page.shape[1], scene.height / page.shape[0]
    runs = runs_of(scene, page)
    ink = _ink(page)
    ruled = _grids(ink)
    stamps = _stamps(page)
    signed = _signatures(page, ink, runs, [*ruled, *(one.box for one in stamps)])
    found = _tables(scene, [scaled(box, across, down) for box in ruled])
    for thing in (*stamps, *signed):
        box = scaled(thing.box, across, down)
        text = " ".join(run.text for run in runs if _inside(run.box, thing.box)) if thing.name == "stamp" else ""
        found.append(Thing(thing.kind, thing.names, box, thing.score, thing.colour, text))
    return sorted(found, key=lambda one: (one.box.top, one.box.left))


def _inside(run: Box, box: Box) -> bool:
    return shared(run, box) > 0.6 * run.width * run.height


def _ink(page: Pixels) -> Pixels:
    """1 where it is clearly darker, or lighter, than the paper around it."""
    grey = gray(page)
    ground = cv2.medianBlur(cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), 21)
    away = cv2.absdiff(grey, cv2.resize(ground, (page.shape[1], page.shape[0])))
    return (away > DARKER).astype(np.uint8)


def _grids(ink: Pixels) -> list[Box]:
    """Boxes of crossing rules that make at least four cells."""
    height, width = ink.shape
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(30, width // 30)), np.uint8))
    plumb = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(14, height // 70), 1), np.uint8))
    lines = cv2.dilate(cv2.max(level, plumb), np.ones((3, 3), np.uint8))
    contours, tree = cv2.findContours(lines, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    out = []
    for index, contour in enumerate(contours):
        if tree[0][index][3] >= 0:
            continue
        cells = [c for i, c in enumerate(contours) if tree[0][i][3] == index and cv2.contourArea(c) > 120]
        x, y, w, h = cv2.boundingRect(contour)
        if len(cells) >= LEAST_CELLS and w > 60 and h > 30 and w * h < 0.9 * ink.size:
            out.append(Box(x + 1.0, y + 1.0, x + w - 1.0, y + h - 1.0))
    return out


def _tables(scene: Scene, ruled: Sequence[Box]) -> list[Thing]:
    """The tables between rules ("grid"), and those that only their lanes make ("list")."""
    open_ = tables.placed(scene) if scene.kind != "chart" else []
    out = []
    for box in ruled:
        inner = [table for table, place in open_ if shared(place, box) > 0.6 * place.width * place.height]
        size = _size(inner[0]) if inner else ""
        text = "\n".join("  ".join(row) for row in (inner[0].header, *inner[0].rows) if row) if inner else ""
        out.append(Thing("table", ("table", "grid"), box, 0.9, text=text, state=size))
    for table, place in open_:
        if len(table.rows) + bool(table.header) < 3 or any(shared(place, box) > 0 for box in ruled):
            continue
        text = "\n".join("  ".join(row) for row in (table.header, *table.rows) if row)
        out.append(Thing("table", ("table", "list"), place, 0.75, text=text, state=_size(table)))
    return out


def _size(table: tables.Table) -> str:
    return f"{len(table.rows) + bool(table.header)} rows, {len(table.rows[0])} columns"


def _stamps(page: Pixels) -> list[Thing]:
    """Rings and frames in a coloured ink, with something in them."""
    values = page.astype(np.int16)
    mask = ((values.max(axis=2) - values.min(axis=2)) > VIVID).astype(np.uint8)
    joined = cast(Pixels, cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    out = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        hull = cv2.convexHull(contour)
        area = cv2.contourArea(hull)
        if min(w, h) < LEAST_STAMP or w * h > 0.3 * mask.size or area < 900 or cv2.contourArea(contour) < 0.85 * area:
            continue
        turned = cv2.minAreaRect(hull)[1]
        framed = area > 0.88 * turned[0] * turned[1]
        if not framed and not 0.72 < area / max(1.0, turned[0] * turned[1]) < 0.84:
            continue
        whole = np.zeros((h, w), np.uint8)
        cv2.drawContours(whole, [hull - (x, y)], -1, 1, -1)
        cut = mask[y : y + h, x : x + w]
        core = cv2.erode(whole, np.ones((2 * (min(w, h) // 8) + 1,) * 2, np.uint8))
        filled, within = float(cut[whole > 0].mean()), float(cut[core > 0].mean()) if core.any() else 0.0
        if not (0.05 < filled < 0.6 and within > 0.02) or _drawn(cut, whole) < LINED:
            continue
        hue = [int(v) for v in np.median(page[y : y + h, x : x + w][cut > 0], axis=0)]
        out.append(Thing("object", ("stamp", "seal", "rubber stamp"), Box(x, y, x + w, y + h), 0.8, name_of(hue)))
    return out


def _drawn(cut: Pixels, whole: Pixels) -> float:
    """The share of an outline along which there is ink."""
    padded = cv2.copyMakeBorder(whole, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    edge = (padded - cv2.erode(padded, np.ones((3, 3), np.uint8)))[1:-1, 1:-1]
    near = cv2.dilate(cut, np.ones((7, 7), np.uint8))
    return float(near[edge > 0].mean())


def _signatures(page: Pixels, ink: Pixels, runs: Sequence[TextLine], covered: Sequence[Box]) -> list[Thing]:
    """Long curved strokes where nothing was read for sure: as wide as several letters and in one piece."""
    if not runs:
        return []
    print_ = float(np.median([run.box.height for run in runs])) * 0.75
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(40, int(3 * print_))), np.uint8))
    strokes = cv2.morphologyEx(cast(Pixels, ink * (1 - rules)), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    for run in runs:
        if run.confidence >= SURE:
            box = run.box
            strokes[max(0, int(box.top)) : int(box.bottom) + 1, max(0, int(box.left)) : int(box.right) + 1] = 0
    for box in covered:
        strokes[max(0, int(box.top) - 3) : int(box.bottom) + 3, max(0, int(box.left) - 3) : int(box.right) + 3] = 0
    reach = max(5, int(0.9 * print_))
    joined = cv2.dilate(strokes, np.ones((reach // 2 * 2 + 1, reach // 2 * 2 + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = []
    for index in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[index])
        own = strokes[y : y + h, x : x + w] * (labels[y : y + h, x : x + w] == index)
        rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
        if not len(rows):
            continue
        box = Box(x + float(columns[0]), y + float(rows[0]), x + columns[-1] + 1.0, y + rows[-1] + 1.0)
        if _is_written(own, box, print_, page.shape[1]):
            hue = [int(v) for v in np.median(page[y : y + h, x : x + w][own > 0], axis=0)]
            out.append(Thing("object", ("signature", "handwriting"), box, 0.6, name_of(hue)))
    return out


def _is_written(own: Pixels, box: Box, print_: float, width: int) -> bool:
    """Whether strokes look like a signature: wide, thin, and mostly of few long pieces that bend."""
    if not (box.width > WIDE * print_ * 1.4 and box.height > HIGH * print_ and box.width < 0.7 * width):
        return False
    if not 1.1 < box.width / box.height < 9 or own.sum() > DENSE * box.width * box.height:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(own), connectivity=8)
    longest = max((w for _, _, w, h, _ in stats[1:].tolist() if h > 0.5 * print_), default=0)
    thick = cv2.distanceTransform(np.ascontiguousarray(own), cv2.DIST_L2, 3)
    return longest > WIDE * print_ and float(np.percentile(thick[own > 0], 95)) < max(3.5, 0.22 * print_)
