"""Axes of a chart: from the numbers printed along a line to the value at every pixel."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pollux.engines.builtin.boxes import around
from pollux.engines.builtin.facts import is_upright
from pollux.engines.builtin.scene import Box, TextLine

LEAST_TICKS = 3
AWAY = 0.012  # of an axis' length: how far a number may stand from where its value belongs
_FIGURE = re.compile(r"([-−–(]?)\s?[$€£¥]?\s?(\d[\d.,']*)\s?(%|k|K|M|m|bn|B)?\s?[$€£¥]?\)?")
_TIMES = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "bn": 1e9, "B": 1e9}


@dataclass(frozen=True, slots=True)
class Axis:
    """value = slope * pixel + start along one direction; the labels it was read from, and the box around them.

    `unit` is "%" or a currency when its numbers carry one.
    """

    slope: float
    start: float
    box: Box
    labels: tuple[TextLine, ...]
    unit: str = ""

    def value(self, pixel: float) -> float:
        """The value at a pixel."""
        return self.slope * pixel + self.start

    def pixel(self, value: float) -> float:
        """Where a value stands."""
        return (value - self.start) / self.slope


def figure(text: str) -> float | None:
    """The value of a printed number ("1,200", "−3.5", "40 %", "2.5k"), else None."""
    bare = text.strip().rstrip("-–—|_ ")  # a tick of the axis, read with the number
    match = _FIGURE.fullmatch(bare.replace("O", "0").replace("o", "0"))
    if match is None:
        return None
    digits = match[2].replace("'", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    try:
        value = float(digits.rstrip(".,"))
    except ValueError:
        return None
    return (-value if match[1] else value) * _TIMES.get(match[3] or "", 1.0)


def split_runs(runs: Sequence[TextLine]) -> list[TextLine]:
    """Runs in which several labels were read as one, cut at their spaces: letters share the width evenly."""
    out: list[TextLine] = []
    for run in runs:
        parts = run.text.split()
        if len(parts) < 2 or not (all(figure(part) is not None for part in parts) or _apart(run)):
            out.append(run)
            continue
        step = run.box.width / len(run.text)
        for match in re.finditer(r"\S+", run.text):
            left = run.box.left + step * match.start()
            box = Box(left, run.box.top, left + step * len(match.group()), run.box.bottom)
            out.append(TextLine(match.group(), box, run.confidence, run.block))
    return out


def _apart(run: TextLine) -> bool:
    """Whether a run is far longer than its letters need: labels along an axis."""
    return run.box.width > 1.1 * run.box.height * len(run.text)


def value_axis(runs: Sequence[TextLine], *, down: bool) -> Axis | None:
    """The axis with the most numbers in a column (`down`) or a row, evenly spaced by value; None without three."""
    numbers = [(run, value) for run in runs if not is_upright(run) and (value := figure(run.text)) is not None]
    best: Axis | None = None
    for anchor, _ in numbers:
        group = [(run, value) for run, value in numbers if _in_line(run.box, anchor.box, down=down)]
        found = _fitted(group, down=down)
        if found and (best is None or _rank(found, down=down) > _rank(best, down=down)):
            best = found
    return best


def _rank(axis: Axis, *, down: bool) -> tuple[int, float]:
    """More numbers first; of as many those further left or further down, where axes stand."""
    return len(axis.labels), -axis.box.left if down else axis.box.top


def _in_line(box: Box, anchor: Box, *, down: bool) -> bool:
    slack = 0.45 * anchor.height
    if not down:
        return abs(box.centre[1] - anchor.centre[1]) < slack
    return abs(box.right - anchor.right) < slack or abs(box.left - anchor.left) < slack


def _fitted(group: Sequence[tuple[TextLine, float]], *, down: bool) -> Axis | None:
    """The line through most of the numbers; misread ones are left out."""
    places = np.array([run.box.centre[1 if down else 0] for run, _ in group])
    values = np.array([value for _, value in group])
    best = np.zeros(len(group), bool)
    for i, j in itertools.combinations(range(len(group)), 2):
        if abs(places[i] - places[j]) < 8 or values[i] == values[j]:
            continue
        slope = (values[i] - values[j]) / (places[i] - places[j])
        off = np.abs(places - (places[i] + (values - values[i]) / slope))
        fit = off < max(2.5, AWAY * float(np.ptp(places)))
        if fit.sum() > best.sum():
            best = fit
    kept = [one for one, fits in zip(group, best, strict=True) if fits]
    if len({value for _, value in kept}) < LEAST_TICKS:
        return None
    slope, start = (float(one) for one in np.polyfit(places[best], values[best], 1))
    boxes = [run.box for run, _ in kept]
    unit = next((sign for sign in "%$€£¥" if sum(sign in run.text for run, _ in kept) > len(kept) / 2), "")
    return Axis(slope, start, around(boxes), tuple(run for run, _ in kept), unit)


def snapped(axis: Axis, marks: Sequence[float], *, down: bool) -> Axis:
    """The axis with its labels moved to the ticks or grid lines that stand nearest to them."""
    centres = [run.box.centre[1 if down else 0] for run in axis.labels]
    values = [figure(run.text) or 0.0 for run in axis.labels]
    near = [min(marks, key=lambda mark: abs(mark - centre), default=1e9) for centre in centres]
    pairs = [(mark, value) for mark, centre, value in zip(near, centres, values, strict=True) if abs(mark - centre) < 6]
    if len({mark for mark, _ in pairs}) < max(LEAST_TICKS, 0.6 * len(centres)):
        return axis
    at, of = np.array(pairs).T
    slope, start = (float(one) for one in np.polyfit(at, of, 1))
    if float(np.abs((of - start) / slope - at).max()) > 1.6:
        return axis  # other lines than its own
    return Axis(slope, start, axis.box, axis.labels, axis.unit)
