"""Charts: bars, slices, points, legend, axes and title, each where it is, with its value.

Values come from the axis: the numbers printed along it, read once, tell what every pixel is worth.  A number printed
on a bar is preferred where it agrees with the axis, or where there is no axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pollux.engines.builtin.boxes import around, shared, within
from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.facts import is_upright
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Plotted, Scene, TextLine
from pollux.engines.builtin.seeing import curves, pies, scales
from pollux.engines.builtin.seeing.panels import apart, calm, flat_areas, runs_of
from pollux.engines.builtin.seeing.patches import LEAST_BAR, Patch, joined, patches
from pollux.engines.builtin.seeing.scales import Axis
from pollux.engines.builtin.seeing.thing import Thing

LEVEL = 2.5  # pixels that bars' feet may differ
FOOT = 4.0  # pixels that zero may lie away from the bars' feet: the line of an axis is drawn over them
LEAST_LONGEST, LEAST_USUAL = 12, 4  # pixels: lengths of the longest bar and of the middle one
SAME = 12  # levels within which colours are one
AGREES = 0.04  # of the axis' range: a printed number that is further away belongs to something else


Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend."""

    box: Box
    colour: tuple[int, int, int]
    text: str


def find_chart(pixels: Pixels, scene: Scene) -> list[Thing]:
    """The parts of an RGB chart; boxes in pixels of the scene, values in `state` ("value 41.5"); empty without any.

    `names` begin with "bar", "slice", "point", "legend", "x axis", "y axis" or "title"; `text` is the category,
    followed by the series in brackets where there are several.
    """
    runs = scales.split_runs(runs_of(scene, pixels))
    pixels, step = calm(pixels)
    labels, stats = flat_areas(pixels, step)
    solid = joined(pixels, patches(pixels, labels, stats))
    keys = _keys(solid, runs)
    free = [patch for patch in solid if all(patch.box != key.box for key in keys) and not _is_lettering(patch, runs)]
    slices = pies.slices(pixels, labels, stats, runs, [(key.colour, key.text) for key in keys])
    found: list[Thing] = slices
    axes: dict[str, Axis] = {}
    if not slices:
        plain = [run for run in runs if not any(shared(run.box, key.box) for key in keys)]
        axes = _axes(pixels, plain)
        found = _bars(pixels, free, plain, axes, keys)
        if not found:
            lines = curves.keys(pixels, runs)
            keys = [Key(box, colour, text) for box, colour, text in lines] or keys
            found = curves.points(pixels, plain, axes, [(key.colour, key.text) for key in keys], [k.box for k in keys])
    if not found:
        return []
    found += _frame(pixels, found, runs, axes, keys)
    across, down = scene.width / pixels.shape[1], scene.height / pixels.shape[0]
    return [
        replace(
            one,
            box=Box(one.box.left * across, one.box.top * down, one.box.right * across, one.box.bottom * down),
        )
        for one in found
    ]


def plotted(pixels: Pixels, scene: Scene) -> tuple[Plotted, ...]:
    """The values of a chart's bars, slices or points that have a label, in order."""
    out = []
    for one in find_chart(pixels, scene):
        if one.name in ("bar", "slice", "point") and one.text and one.state:
            value = one.state.removeprefix("value ")
            out.append(Plotted(one.text, float(value.rstrip("%")), "%" if value.endswith("%") else ""))
    return tuple(out)


def _keys(patches: Sequence[Patch], runs: Sequence[TextLine]) -> list[Key]:
    """The entries of a legend: small rectangles of one size with a word right behind each, in a column or a row."""
    out: list[Key] = []
    for patch in patches:
        box = patch.box
        if not (5 <= box.height <= 26 and 6 <= box.width <= 56):
            continue
        behind = [
            run for run in runs
            if abs(run.box.centre[1] - box.centre[1]) < 0.5 * run.box.height and box.height < 1.5 * run.box.height
            and -0.4 * run.box.height < run.box.left - box.right < 1.3 * run.box.height
        ]  # fmt: skip
        if behind:
            out.append(Key(box, patch.colour, behind[0].text))
    groups = [[one for one in out if _alike(one.box, key.box)] for key in out]
    best = max(groups, key=len, default=[])
    named = [key for key in best if scales.figure(key.text) is None]
    return best if len(best) >= 2 or (len(named) == 1 and len(patches) > 2) else []


def _is_lettering(patch: Patch, runs: Sequence[TextLine]) -> bool:
    """Whether it is the stroke of a letter: the strokes of a bold title stand on one line as bars do."""
    return any(within(patch.box, run.box) for run in runs)


def _alike(one: Box, other: Box) -> bool:
    """Whether two boxes are as large and stand in one column or row."""
    same = abs(one.width - other.width) < 3 and abs(one.height - other.height) < 3
    return same and (abs(one.left - other.left) < 3 or abs(one.centre[1] - other.centre[1]) < 3)


def _axes(pixels: Pixels, runs: Sequence[TextLine]) -> dict[str, Axis]:
    """The axes that have numbers: "y" beside the plot, "x" below it, drawn to their ticks."""
    out: dict[str, Axis] = {}
    for name, down in (("y", True), ("x", False)):
        axis = scales.value_axis(runs, down=down)
        if axis is not None:
            out[name] = scales.snapped(axis, _rules(pixels, axis.box, down=down), down=down)
    return out


def _rules(pixels: Pixels, box: Box, *, down: bool) -> list[float]:
    """Where ticks or grid lines stand beside the labels of an axis, in pixels along it."""
    height, width = pixels.shape[:2]
    if down:
        top, bottom = max(0, int(box.top) - 10), min(height, int(box.bottom) + 10)
        strip = pixels[top:bottom, min(width - 1, int(box.right) + 1) : min(width, int(box.right) + 36)]
    else:
        top, bottom = max(0, int(box.left) - 10), min(width, int(box.right) + 10)
        strip = pixels[max(0, int(box.top) - 32) : int(box.top), top:bottom].transpose(1, 0, 2)
    if strip.shape[1] < 6:
        return []
    dull = strip.max(axis=2).astype(np.int16) - strip.min(axis=2) < 40
    value = strip.astype(np.int16).mean(axis=2)
    ground = np.median(value, axis=0)
    inked = (np.abs(value - ground) > 14) & dull
    inked[:, inked.mean(axis=0) > 0.5] = False  # the line of the axis itself
    strength = inked.sum(axis=1)
    rows = np.flatnonzero(strength >= 3)
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
    return [top + float(np.average(g, weights=strength[g])) + 0.5 for g in groups if len(g) <= 4]


def _bars(
    pixels: Pixels, patches: Sequence[Patch], runs: Sequence[TextLine], axes: dict[str, Axis], keys: Sequence[Key]
) -> list[Thing]:
    """The bars that stand on one line, or lie against one, with those stacked on them."""
    drawn = _drawn(pixels)
    best: tuple[float, bool, float, list[Patch]] = (0.0, True, 0.0, [])
    for upright in (True, False):
        for foot in {round(_foot(patch.box, upright=upright)) for patch in patches}:
            group = [p for p in patches if _stands(p.box, foot, upright=upright)]
            thick = float(np.median([_thick(p.box, upright=upright) for p in group])) if group else 0.0
            group = [p for p in group if abs(_thick(p.box, upright=upright) - thick) <= max(2.0, 0.12 * thick)]
            lengths = {round(_length(p.box, upright=upright) / 3) for p in group}
            has_axis = ("y" if upright else "x") in axes
            places = {round(_middle(p.box, upright=upright) / max(thick, 1.0)) for p in group}
            score = len(places) + (0.8 if has_axis else 0.0) + (0.5 if len(lengths) > 1 else -1.0)
            if len(group) < 2 or thick < LEAST_BAR[0] or score <= best[0]:
                continue
            if _rules_all(group, drawn, upright=upright):
                best = (score, upright, float(foot), group)
    _, upright, base, group = best
    if len(group) < 2:
        return []
    stacked = _stacked(patches, group, upright=upright)
    return _told(stacked, runs, axes.get("y" if upright else "x"), keys, base, upright=upright)


def _rules_all(group: Sequence[Patch], drawn: Callable[[Colour], int], *, upright: bool) -> bool:
    """Whether the group is what the chart is about: long enough, and half of all that is drawn in its colours.

    The pieces into which the lines of a grid cut a curve or its dots are short, or few of many.
    """
    lengths = sorted(_length(p.box, upright=upright) for p in group)
    if lengths[-1] < LEAST_LONGEST or lengths[len(lengths) // 2] < LEAST_USUAL:
        return False
    colours: list[Colour] = []
    for patch in group:
        if all(apart(patch.colour, known) > SAME for known in colours):
            colours.append(patch.colour)
    return sum(p.box.width * p.box.height for p in group) >= 0.5 * sum(map(drawn, colours))


def _drawn(pixels: Pixels) -> Callable[[Colour], int]:
    """How many pixels are of a colour; counted once each."""
    counted: dict[Colour, int] = {}

    def count(colour: Colour) -> int:
        if colour not in counted:
            low, high = (np.clip(np.array(colour) + step, 0, 255) for step in (-SAME, SAME))
            counted[colour] = int(cv2.countNonZero(cv2.inRange(pixels, low, high)))
        return counted[colour]

    return count


def _foot(box: Box, *, upright: bool) -> float:
    return box.bottom if upright else box.left


def _thick(box: Box, *, upright: bool) -> float:
    return box.width if upright else box.height


def _length(box: Box, *, upright: bool) -> float:
    return box.height if upright else box.width


def _middle(box: Box, *, upright: bool) -> float:
    return box.centre[0 if upright else 1]


def _stands(box: Box, base: float, *, upright: bool) -> bool:
    """Whether a rectangle starts at a line, on either side of it."""
    near, far = (box.bottom, box.top) if upright else (box.left, box.right)
    return abs(near - base) <= LEVEL or abs(far - base) <= LEVEL


def _stacked(patches: Sequence[Patch], group: list[Patch], *, upright: bool) -> list[Patch]:
    """The bars with those that stand on their ends."""
    out = list(group)
    for one in out:  # grows while it is walked
        for other in patches:
            if other in out:
                continue
            if upright:
                fits = abs(other.box.left - one.box.left) < 2 and abs(other.box.right - one.box.right) < 2
                fits = fits and abs(other.box.bottom - one.box.top) < LEVEL
            else:
                fits = abs(other.box.top - one.box.top) < 2 and abs(other.box.bottom - one.box.bottom) < 2
                fits = fits and abs(other.box.left - one.box.right) < LEVEL
            if fits:
                out.append(other)
    return out


def _told(
    bars: Sequence[Patch],
    runs: Sequence[TextLine],
    axis: Axis | None,
    keys: Sequence[Key],
    base: float,
    *,
    upright: bool,
) -> list[Thing]:
    """The bars as things, in reading order, with their category and value."""
    names = _categories(runs, [bar.box for bar in bars], base, upright=upright)
    out = []
    printed = [run for run in runs if run not in names and not (axis and run in axis.labels)]
    for bar in sorted(bars, key=lambda bar: _middle(bar.box, upright=upright)):
        middle = _middle(bar.box, upright=upright)
        label = min(names, key=lambda one: abs(_middle(one.box, upright=upright) - middle), default=None)
        said = label.text if label else ""
        key = min(keys, key=lambda one: apart(one.colour, bar.colour), default=None)
        if key is not None and apart(key.colour, bar.colour) < 30 and len(keys) > 1:
            said = f"{said} ({key.text})" if said else key.text
        state = _value(bar.box, printed, axis, base, upright=upright)
        out.append(Thing("chart", ("bar", "column"), bar.box, 0.9, name_of(bar.colour), said, state=state))
    return out


def _value(box: Box, runs: Sequence[TextLine], axis: Axis | None, base: float, *, upright: bool) -> str:
    """ "value 41.5": printed on the bar or at its end, else measured on the axis; "" when neither can be."""
    measured = None if axis is None else _measured(box, axis, base, upright=upright)
    reach = abs(axis.slope) * 400 if axis else 0.0
    for run in runs:
        printed = scales.figure(run.text)
        if printed is None or not _on(run.box, box, upright=upright):
            continue
        if measured is None or abs(printed - measured) <= max(AGREES * reach, 0.02 * abs(measured)):
            return f"value {printed:g}{'%' if '%' in run.text else ''}"
    if measured is None:
        return ""
    return f"value {float(f'{measured:.3g}'):g}{'%' if axis and axis.unit == '%' else ''}"


def _measured(box: Box, axis: Axis, base: float, *, upright: bool) -> float:
    """What a bar's length is worth; one that hangs from the base counts below zero.

    The line of the other axis covers the foot of a bar, so a foot that stands near zero is taken to stand on it.
    """
    low, high = (box.bottom, box.top) if upright else (box.left, box.right)
    hangs = abs(low - base) > abs(high - base)
    zero = axis.pixel(0.0)
    if abs(zero - base) <= FOOT and min(abs(low - base), abs(high - base)) <= LEVEL:
        low, high = (low, zero) if hangs else (zero, high)
    size = abs(axis.value(high) - axis.value(low))
    return -size if hangs and abs(high - base) <= FOOT else size


def _on(run: Box, box: Box, *, upright: bool) -> bool:
    """Whether a number stands on a bar or just beyond its end."""
    if upright:
        return abs(run.centre[0] - box.centre[0]) < 0.5 * box.width + 2 and (
            box.top - 1.6 * run.height < run.centre[1] < box.bottom + 1.0 * run.height
        )
    return abs(run.centre[1] - box.centre[1]) < 0.5 * box.height and (
        box.left < run.centre[0] < box.right + 0.7 * run.width + 12
    )


def _categories(runs: Sequence[TextLine], bars: Sequence[Box], base: float, *, upright: bool) -> list[TextLine]:
    """The labels of the bars: the row below them or the column beside them that is nearest."""
    whole = around(bars)
    if upright:
        under = [
            run for run in runs
            if run.box.centre[1] > base and run.box.top > whole.bottom - 6 and not is_upright(run)
            and whole.left - 40 < run.box.centre[0] < whole.right + 40
        ]  # fmt: skip
        first = min((run.box.centre[1] for run in under), default=0.0)
        return [run for run in under if abs(run.box.centre[1] - first) < 0.7 * run.box.height]
    beside = [
        run for run in runs
        if run.box.right < whole.left + 8 and whole.top - 10 < run.box.centre[1] < whole.bottom + 10
        and not is_upright(run)
    ]  # fmt: skip
    nearest = max((run.box.right for run in beside), default=0.0)
    return [run for run in beside if nearest - run.box.right < 3 * run.box.height]


def _frame(
    pixels: Pixels, found: Sequence[Thing], runs: Sequence[TextLine], axes: dict[str, Axis], keys: Sequence[Key]
) -> list[Thing]:
    """Title, legend and axes."""
    plot = around([one.box for one in found])
    out: list[Thing] = []
    above = [run for run in runs if run.box.bottom < plot.top + 4 and not is_upright(run) and len(run.text) > 3]
    above = [run for run in above if scales.figure(run.text) is None and not any(key.text == run.text for key in keys)]
    if above:
        best = max(above, key=lambda run: (round(run.box.height / 6), run.box.width))
        out.append(Thing("chart", ("title", "heading", "chart title"), _inked(pixels, best.box), 0.8, text=best.text))
    if keys:
        boxes = [key.box for key in keys] + [run.box for run in runs if any(run.text == key.text for key in keys)]
        texts = ", ".join(key.text for key in keys)
        whole = around([_inked(pixels, box) for box in boxes])
        pad = 0.3 * float(np.median([box.height for box in boxes]))
        whole = Box(whole.left - pad, whole.top - pad, whole.right + pad, whole.bottom + pad)
        out.append(Thing("chart", ("legend", "key"), whole, 0.8, text=texts))
    rows = {
        "x": _categories(runs, [one.box for one in found], plot.bottom - 2, upright=True),
        "y": _categories(runs, [one.box for one in found], plot.left, upright=False),
    }
    if found[0].name == "slice":
        return out
    for name in ("x", "y"):
        labels = list(axes[name].labels) if name in axes else rows[name]
        if len(labels) >= 2:
            said = ", ".join(run.text for run in labels)
            box = around([_inked(pixels, run.box) for run in labels])
            out.append(Thing("chart", (f"{name} axis", "axis"), box, 0.8, text=said))
    return out


def _inked(pixels: Pixels, box: Box) -> Box:
    """The box drawn to the letters in it: the reader leaves a margin."""
    top, left = max(0, int(box.top)), max(0, int(box.left))
    cut = pixels[top : round(box.bottom), left : round(box.right)].astype(np.int16)
    if cut.shape[0] < 4 or cut.shape[1] < 4:
        return box
    away = np.abs(cut - np.median(cut.reshape(-1, 3), axis=0)).max(axis=2)
    mask = away >= max(40, 0.5 * int(away.max()))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return box
    return Box(left + float(columns[0]), top + float(rows[0]) - 1, left + columns[-1] + 1.0, top + rows[-1] + 2.0)
