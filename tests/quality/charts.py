"""Charts whose parts and values are known exactly, drawn from a seed by matplotlib (installed for this alone)."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Span = tuple[float, float, float, float]
TITLES = ("Visitors a month", "Sales by region", "Rainfall in Turin", "Open issues", "Energy use", "Orders and returns")
GROUPS = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"), ("North", "South", "East", "West"),
    ("Tea", "Coffee", "Cocoa", "Juice", "Milk"),
    ("2019", "2020", "2021", "2022", "2023", "2024"), ("Lima", "Ghent", "Kyoto", "Quito", "Tunis"),
    ("Mon", "Tue", "Wed", "Thu", "Fri"),
)  # fmt: skip
SERIES = (("Plan", "Actual"), ("Women", "Men"), ("Online", "Shops", "Phone"), ("Day", "Night"))
LOOKS = (
    "default",
    "ggplot",
    "dark_background",
    "bmh",
    "fivethirtyeight",
    "seaborn-v0_8-whitegrid",
    "seaborn-v0_8-pastel",
)


@dataclass(frozen=True)
class Part:
    """A part of a chart: "bar", "slice", "point", "title", "legend", "x axis" or "y axis", its box, label and value."""

    kind: str
    box: Span
    label: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Chart:
    """A picture and its parts."""

    pixels: Pixels
    parts: tuple[Part, ...]
    kind: str


def chart(kind: str, seed: int) -> Chart:
    """One chart of a kind in KINDS."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rng = random.Random(f"{kind} {seed}")
    with pyplot.style.context(rng.choice(LOOKS)):
        pyplot.rcParams["font.family"] = rng.choice(["DejaVu Sans", "Liberation Sans", "Liberation Serif"])
        pyplot.rcParams["font.size"] = rng.choice([10, 11, 12, 14])
        figure, axes = pyplot.subplots(
            figsize=rng.choice([(6.4, 4.8), (8, 5), (10, 6)]), dpi=rng.choice([80, 100, 120])
        )
        title = axes.set_title(rng.choice(TITLES))
        find = KINDS[kind](rng, axes)
        if rng.random() < 0.3 and kind != "pie":
            axes.grid(visible=True)
        figure.tight_layout()
        held = io.BytesIO()
        figure.savefig(held, format="png")
        height = figure.bbox.height
        parts = [Part("title", _box(title.get_window_extent(), height), str(title.get_text()))]
        legend = axes.get_legend()
        if legend is not None:
            parts.append(Part("legend", _box(legend.get_window_extent(), height)))
        if kind != "pie":
            parts += [Part(f"{n} axis", _box(getattr(axes, f"{n}axis").get_tightbbox(), height)) for n in "xy"]
        parts += find(height)
        pyplot.close(figure)
    with Image.open(held) as drawn:
        return Chart(cast(Pixels, np.asarray(drawn.convert("RGB"))), tuple(parts), kind)


def _box(found: Any, height: float) -> Span:
    return float(found.x0), height - float(found.y1), float(found.x1), height - float(found.y0)


Finder = Callable[[float], list[Part]]


def _values(rng: random.Random, count: int) -> list[float]:
    most = rng.choice((1, 10, 60, 100, 450, 3000, 25000))
    digits = 2 if most == 1 else 1 if most < 100 else 0
    return [round(rng.uniform(0.08, 1) * most, digits) for _ in range(count)]


def bars(rng: random.Random, axes: Any) -> Finder:
    names = rng.choice(GROUPS)
    values = _values(rng, len(names))
    lying = rng.random() < 0.35
    colours = rng.choice([None, "#2a9d8f", "#e76f51", "#457b9d", [f"C{i}" for i in range(len(names))]])
    wide = rng.choice((0.5, 0.6, 0.8))
    drawn = (axes.barh if lying else axes.bar)(names, values, wide, **({"color": colours} if colours else {}))
    if rng.random() < 0.3:
        axes.bar_label(drawn)
    return lambda high: [
        Part("bar", _box(one.get_window_extent(), high), name, value)
        for one, name, value in zip(drawn, names, values, strict=True)
    ]


def grouped(rng: random.Random, axes: Any) -> Finder:
    names, series = rng.choice(GROUPS), rng.choice(SERIES)
    drawn = []
    for place, one in enumerate(series):
        values = _values(random.Random(rng.random()), 1) and [round(rng.uniform(8, 100), 0) for _ in names]
        at = [i + 0.8 / len(series) * (place - (len(series) - 1) / 2) for i in range(len(names))]
        drawn.append((values, axes.bar(at, values, 0.8 / len(series), label=one)))
    axes.set_xticks(range(len(names)), names)
    axes.legend()
    return lambda high: [
        Part("bar", _box(bar.get_window_extent(), high), name, value)
        for values, group in drawn
        for bar, name, value in zip(group, names, values, strict=True)
    ]


def stacked(rng: random.Random, axes: Any) -> Finder:
    names, series = rng.choice(GROUPS), rng.choice(SERIES)
    drawn, base = [], [0.0] * len(names)
    for one in series:
        values = [float(rng.randint(15, 90)) for _ in names]
        drawn.append((values, axes.bar(names, values, 0.6, bottom=base, label=one)))
        base = [a + b for a, b in zip(base, values, strict=True)]
    axes.set_ylim(0, max(base) * 1.35)
    axes.legend(loc="upper right")
    return lambda high: [
        Part("bar", _box(bar.get_window_extent(), high), name, value)
        for values, group in drawn
        for bar, name, value in zip(group, names, values, strict=True)
    ]


def pie(rng: random.Random, axes: Any) -> Finder:
    names = list(rng.choice(GROUPS)[:5])
    shares = [rng.uniform(0.3, 1) for _ in names]
    keyed = rng.random() < 0.4
    out = axes.pie(
        shares,
        labels=None if keyed else names,
        autopct="%1.1f%%" if rng.random() < 0.5 else None,
        startangle=rng.choice((0, 90)),
        wedgeprops={"width": 0.5} if rng.random() < 0.25 else {},
    )
    wedges = out[0] if isinstance(out, tuple) else out.wedges
    if keyed:
        axes.legend(wedges, names, loc="center left", bbox_to_anchor=(0.95, 0.5))
    return lambda high: [
        Part("slice", _box(wedge.get_path().get_extents(wedge.get_transform()), high), name, 100 * share / sum(shares))
        for wedge, name, share in zip(wedges, names, shares, strict=True)
    ]


def _around(axes: Any, x: float, y: float, size: float, high: float) -> Span:
    across, down = axes.transData.transform((x, y))
    half = size * axes.figure.dpi / 72 / 2
    return across - half, high - down - half, across + half, high - down + half


def lines(rng: random.Random, axes: Any) -> Finder:
    names = rng.choice(GROUPS)
    marked = rng.choice(("o", "s", "o"))
    drawn = []
    for one in rng.choice(SERIES)[: rng.randint(1, 2)]:
        values = [round(rng.uniform(10, 100), 1) for _ in names]
        axes.plot(names, values, marker=marked, markersize=7, linewidth=1.5, label=one)
        drawn.append(values)
    if len(drawn) > 1:
        axes.legend()
    return lambda high: [
        Part("point", _around(axes, x, value, 8, high), names[x], value)
        for values in drawn
        for x, value in enumerate(values)
    ]


def dots(rng: random.Random, axes: Any) -> Finder:
    places = [(round(rng.uniform(0, 50), 1), round(rng.uniform(0, 80), 1)) for _ in range(rng.randint(6, 14))]
    axes.scatter([x for x, _ in places], [y for _, y in places], s=64)
    return lambda high: [Part("point", _around(axes, x, y, 9, high), "", y) for x, y in places]


KINDS: dict[str, Callable[[random.Random, Any], Finder]] = {
    "bars": bars, "grouped": grouped, "stacked": stacked, "pie": pie, "lines": lines, "dots": dots,
}  # fmt: skip
