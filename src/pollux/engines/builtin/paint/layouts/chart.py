"""Charts to scale: bars, lines, pies, timelines and a row of days' weather."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, cos, floor, log10, pi, sin

from pollux.engines.builtin.paint.colours import mix
from pollux.engines.builtin.paint.layouts import stack, wording
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.stack import Item
from pollux.engines.builtin.paint.layouts.theme import LARGE, exact, on, readable
from pollux.engines.builtin.paint.plan import Chart, Datum, Step
from pollux.engines.builtin.paint.type import Align, Block, fit, measure, set_text

MONEY = ("$", "€", "£", "¥")
TIGHT = ("%", "°", "°C", "°F", "k", "K", "M")
TICKS = 5
ALONG = 9  # letters of a label from which bars lie down


def draw(page: Page, chart: Chart) -> None:
    """A chart on the whole sheet, with its title and what else is said."""
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    inner = box.inset(min(box.w, box.h) * 0.075)
    top = _head(page, chart, inner)
    body = Box(inner.x, top, inner.w, inner.foot - top)
    card = body
    if chart.kind != "weather":
        page.rect(card, theme.panel, round_=2.2 * unit)
        body = card.inset(4.5 * unit, 4.5 * unit)
    if not chart.data:
        return
    if chart.kind == "bar":
        lying = (max(len(datum.label) for datum in chart.data) > ALONG and page.shape < 1.6) or (
            len(chart.data) > 7 and page.shape < 0.8
        )
        lying = lying and all(datum.value >= 0 for datum in chart.data)
        (_lying if lying else _bars)(page, chart.data, body)
    else:
        {"line": _lines, "pie": _pie, "timeline": _timeline, "weather": _weather}[chart.kind](page, chart.data, body)


def _head(page: Page, chart: Chart, inner: Box) -> float:
    theme, title, others = page.theme, wording.head(page.scene), wording.rest(page.scene)
    texts = [title.text] if title else []
    if chart.title and chart.title not in texts:
        texts.append(chart.title)
    texts += [part.text for part in others if part.text not in texts]
    items = [
        Item(text, exact(text, theme.title if n == 0 else theme.body), theme.ink if n == 0 else theme.soft,
             1.0 if n == 0 else 0.52, 0.35, most=2)
        for n, text in enumerate(texts)
    ]  # fmt: skip
    if not items:
        return inner.y
    align: Align = "left" if page.shape > 0.9 and chart.kind != "weather" else "middle"
    done = stack.draw(
        page, items, Box(inner.x, inner.y, inner.w, inner.h * 0.24), most=6.4 * page.unit, at=0, align=align
    )
    return done.foot + 3 * page.unit


def said(datum: Datum) -> str:
    """A value as it is printed: exact, with its unit where it belongs."""
    value = f"{datum.value:,.10g}" if abs(datum.value) >= 10000 else f"{datum.value:.10g}"
    unit = datum.unit
    if unit[:1] in MONEY:
        return f"{unit[0]}{value}{unit[1:]}"
    return f"{value}{unit}" if unit in TIGHT or not unit else f"{value} {unit}"


def scale(data: tuple[Datum, ...]) -> list[float]:
    """The ticks of an axis that starts at zero and holds all values, in round steps."""
    high, low = max(0.0, *(d.value for d in data)), min(0.0, *(d.value for d in data))
    if high == low:
        high = 1.0
    raw = (high - low) / TICKS
    power = 10 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [n * step for n in range(first, last + 1)]


def _colour(page: Page, number: int, count: int) -> str:
    """Bars of one kind are alike; up to five slices or points have each their own."""
    accents = page.theme.accents
    return readable(accents[number % len(accents)] if count > 1 else accents[0], page.theme.panel, LARGE)


def _axis(page: Page, data: tuple[Datum, ...], box: Box) -> tuple[list[float], Box]:
    """The grid and its numbers; returns the ticks and the box of the plot."""
    theme, unit = page.theme, page.unit
    ticks, size = scale(data), min(2.3 * unit, box.h * 0.045)
    texts = [said(Datum("", tick, data[0].unit)) for tick in ticks]
    left = max(measure(text, theme.body, size) for text in texts) + 1.6 * unit
    plot = Box(box.x + left, box.y + 1.5 * unit, box.w - left, box.h - 1.5 * unit - 5.5 * unit)
    for tick, text in zip(ticks, texts, strict=True):
        y = _level(tick, ticks, plot)
        page.line(plot.x, y, plot.right, y, mix(theme.panel, theme.ink, 0.4 if tick == 0 else 0.13), 0.16 * unit)
        block = set_text(text, theme.body, size, align="right")
        page.ink(block.middle(plot.x - unit, y), readable(mix(theme.ink, theme.panel, 0.35), theme.panel))
    return ticks, plot


def _level(value: float, ticks: list[float], plot: Box) -> float:
    return plot.foot - plot.h * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _bars(page: Page, data: tuple[Datum, ...], box: Box) -> None:
    theme, unit = page.theme, page.unit
    ticks, plot = _axis(page, data, box)
    cell, zero = plot.w / len(data), _level(0, ticks, plot)
    thick, ink = min(cell * 0.62, 16 * unit), readable(theme.ink, theme.panel)
    values, labels = _named(page, data, cell)
    for n, (datum, value, label) in enumerate(zip(data, values, labels, strict=True)):
        x, y = plot.x + cell * (n + 0.5), _level(datum.value, ticks, plot)
        colour = _colour(page, n, len(data) if len(data) <= len(theme.accents) else 1)
        top, high = min(y, zero), max(abs(zero - y), 0.1)
        page.path(_bar(x - thick / 2, top, thick, high, min(thick * 0.14, high), down=datum.value < 0), colour)
        page.ink(value.bottom(x, top - 0.9 * unit), ink)
        page.ink(label.path(x, plot.foot + 1.7 * unit), ink)


def _named(page: Page, data: tuple[Datum, ...], cell: float) -> tuple[list[Block], list[Block]]:
    """Values and labels, each of one size, none wider than its cell."""
    theme, unit = page.theme, page.unit
    most = min(3.0 * unit, cell * 0.27)

    def alike(texts: list[str], name: str, wide: float, lines: int) -> list[Block]:
        size = min(fit(text, name, wide, 5 * unit, most=most, lines=lines).size for text in texts)
        return [set_text(text, name, size, width=wide, leading=1.15, align="middle") for text in texts]

    values = alike([said(datum) for datum in data], theme.strong, cell * 0.94, 1)
    return values, alike([datum.label or " " for datum in data], theme.body, cell * 0.92, 2)


def _bar(x: float, y: float, w: float, h: float, r: float, *, down: bool = False) -> str:
    """A bar with round corners at its free end."""
    wide, tall = w - 2 * r, h - r
    if down:
        corners = f"q0 {r:.2f} {-r:.2f} {r:.2f}h{-wide:.2f}q{-r:.2f} 0 {-r:.2f} {-r:.2f}Z"
        return f"M{x:.2f} {y:.2f}h{w:.2f}v{tall:.2f}{corners}"
    corners = f"q0 {-r:.2f} {r:.2f} {-r:.2f}h{wide:.2f}q{r:.2f} 0 {r:.2f} {r:.2f}"
    return f"M{x:.2f} {y + h:.2f}v{-tall:.2f}{corners}v{tall:.2f}Z"


def _lying(page: Page, data: tuple[Datum, ...], box: Box) -> None:
    """Bars from left to right, for long labels: label above, value behind."""
    theme, unit = page.theme, page.unit
    cell = box.h / len(data)
    size = min(3 * unit, cell * 0.24)
    right = max(measure(said(datum), theme.strong, size) for datum in data) + 1.6 * unit
    high = max(abs(d.value) for d in data) or 1.0
    for n, datum in enumerate(data):
        y = box.y + cell * n
        colour = _colour(page, n, len(data) if len(data) <= len(theme.accents) else 1)
        label = fit(datum.label, theme.body, box.w, cell * 0.32, most=size, lines=1)
        page.ink(label.path(box.x, y + cell * 0.1), readable(theme.ink, theme.panel))
        bar = Box(box.x, y + cell * 0.1 + size * 1.2, (box.w - right) * abs(datum.value) / high, cell * 0.36)
        page.rect(Box(bar.x, bar.y, box.w - right, bar.h), mix(theme.panel, theme.ink, 0.07), round_=bar.h * 0.2)
        page.rect(bar, colour, round_=min(bar.h, bar.w) * 0.2)
        page.ink(
            set_text(said(datum), theme.strong, size, align="right").middle(box.right, bar.cy),
            readable(theme.ink, theme.panel),
        )


def _lines(page: Page, data: tuple[Datum, ...], box: Box) -> None:
    theme, unit = page.theme, page.unit
    ticks, plot = _axis(page, data, box)
    cell, colour = plot.w / len(data), readable(theme.accent, theme.panel, LARGE)
    points = [(plot.x + cell * (n + 0.5), _level(d.value, ticks, plot)) for n, d in enumerate(data)]
    track = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    zero = _level(max(0.0, ticks[0]), ticks, plot)
    page.path(f"M{points[0][0]:.2f} {zero:.2f}L{track}L{points[-1][0]:.2f} {zero:.2f}Z", colour, opacity=0.14)
    page.path(f"M{track}", "none", edge=colour, thick=0.55 * unit)
    values, labels = _named(page, data, cell)
    for (x, y), value, label in zip(points, values, labels, strict=True):
        page.circle(x, y, 0.95 * unit, theme.panel, edge=colour, thick=0.5 * unit)
        page.ink(value.bottom(x, y - 2 * unit), readable(theme.ink, theme.panel), edge=theme.panel, thick=0.35 * unit)
        page.ink(label.path(x, plot.foot + 1.7 * unit), readable(theme.ink, theme.panel))


def _pie(page: Page, data: tuple[Datum, ...], box: Box) -> None:
    theme, unit = page.theme, page.unit
    total = sum(max(0.0, d.value) for d in data) or 1.0
    disc, words = box.columns(1, 0.9, gap=4 * unit) if page.shape > 0.95 else box.rows(1.25, 0.9, gap=3 * unit)
    radius, angle = min(disc.w, disc.h) * 0.48, -90.0
    for n, datum in enumerate(data):
        share = max(0.0, datum.value) / total
        colour = _slice_colour(page, n)
        page.path(
            _slice(disc.cx, disc.cy, radius, radius * 0.5, angle, angle + 360 * share),
            colour,
            edge=theme.panel,
            thick=0.5 * unit,
        )
        if share > 0.055:
            middle = (angle + 180 * share) * pi / 180
            block = fit(f"{100 * share:.3g}%", theme.strong, radius * 0.36, radius * 0.12, lines=1, align="middle")
            page.ink(
                block.middle(disc.cx + radius * 0.75 * cos(middle), disc.cy + radius * 0.75 * sin(middle)),
                on(colour, ("#ffffff",), LARGE),
            )
        angle += 360 * share
    cell = min(words.h / len(data), 8.5 * unit)
    top, dot = words.cy - cell * len(data) / 2, cell * 0.36
    for n, datum in enumerate(data):
        y = top + cell * (n + 0.5)
        page.rect(Box(words.x, y - dot / 2, dot, dot), _slice_colour(page, n), round_=dot * 0.3)
        value = set_text(said(datum), theme.strong, cell * 0.36, align="right")
        page.ink(value.middle(words.right, y), readable(theme.ink, theme.panel))
        room = words.w - dot * 1.6 - value.width - unit
        label = fit(datum.label, theme.body, room, cell * 0.8, most=cell * 0.36, lines=2)
        page.ink(label.middle(words.x + dot * 1.6, y), readable(theme.ink, theme.panel))


def _slice_colour(page: Page, number: int) -> str:
    accents = page.theme.accents
    colour = accents[number % len(accents)]
    return mix(colour, page.theme.panel, 0.4) if number >= len(accents) else colour


def _slice(x: float, y: float, outer: float, inner: float, start: float, end: float) -> str:
    end = min(end, start + 359.99)
    a, b, large = start * pi / 180, end * pi / 180, int(end - start > 180)
    p = [(x + r * cos(t), y + r * sin(t)) for r, t in ((outer, a), (outer, b), (inner, b), (inner, a))]
    return (
        f"M{p[0][0]:.2f} {p[0][1]:.2f}A{outer:.2f} {outer:.2f} 0 {large} 1 {p[1][0]:.2f} {p[1][1]:.2f}"
        f"L{p[2][0]:.2f} {p[2][1]:.2f}A{inner:.2f} {inner:.2f} 0 {large} 0 {p[3][0]:.2f} {p[3][1]:.2f}Z"
    )


def _timeline(page: Page, data: tuple[Datum, ...], box: Box) -> None:
    """Points in time at their distances; labels in turn on both sides."""
    theme, unit, lying = page.theme, page.unit, page.shape > 1.05
    first, last = min(d.value for d in data), max(d.value for d in data)
    start, long = (box.x, box.w) if lying else (box.y, box.h)
    cell = long / len(data)
    wish = [
        start + cell / 2 + (long - cell) * ((d.value - first) / (last - first) if last > first else 0.5) for d in data
    ]
    even = [start + cell * (n + 0.5) for n in range(len(data))]
    crowded = any(b - a < cell * (0.52 if lying else 0.8) for a, b in pairwise(wish))
    axis = box.cy if lying else box.cx
    shade = mix(theme.panel, theme.ink, 0.25)
    page.line(*((box.x, axis, box.right, axis) if lying else (axis, box.y, axis, box.foot)), shade, 0.5 * unit)
    for n, (datum, at) in enumerate(zip(data, even if crowded else wish, strict=True)):
        side, colour = -1 if n % 2 == 0 else 1, _colour(page, n, len(data))
        x, y = (at, axis) if lying else (axis, at)
        page.circle(x, y, 1.5 * unit, colour, edge=theme.panel, thick=0.6 * unit)
        items = [
            Item(f"{datum.value:.10g}{datum.unit}", theme.title, colour, 1.0, most=1),
            Item(datum.label, theme.body, readable(theme.ink, theme.panel), 0.62, 0.4, most=4, leading=1.25),
        ]
        if lying:
            room = Box(
                x - cell * 0.92, axis - box.h / 2 if side < 0 else axis + 6 * unit, cell * 1.84, box.h / 2 - 6 * unit
            )
            page.line(x, axis + side * 2.2 * unit, x, axis + side * 4.8 * unit, colour, 0.25 * unit)
            room = Box(max(box.x, room.x), room.y, min(box.right, room.right) - max(box.x, room.x), room.h)
            shift = Box(x - min(x - room.x, room.right - x), room.y, 2 * min(x - room.x, room.right - x), room.h)
            stack.draw(page, items, shift, most=4.6 * unit, at=1.0 if side < 0 else 0.0)
        else:
            wide = box.w / 2 - 5 * unit
            room = Box(box.x if side < 0 else axis + 5 * unit, y - cell * 0.48, wide, cell * 0.96)
            stack.draw(page, items, room, most=4.6 * unit, at=0.5, align="right" if side < 0 else "left")


def _weather(page: Page, data: tuple[Datum, ...], box: Box) -> None:
    """A card a day: its name, its sky, its temperature, and what else its step says."""
    theme, unit, lying = page.theme, page.unit, page.shape > 0.8
    steps = {step.title.lower(): step for step in page.scene.steps}
    shares = [1.0] * len(data)
    cells = box.columns(*shares, gap=2 * unit) if lying else box.rows(*shares, gap=1.6 * unit)
    for n, (datum, cell) in enumerate(zip(data, cells, strict=True)):
        step = steps.get(datum.label.lower()) or (page.scene.steps[n] if n < len(page.scene.steps) else Step(""))
        page.rect(cell, theme.panel, round_=2.2 * unit)
        colour = _colour(page, n, len(data))
        ink, soft = readable(theme.ink, theme.panel), readable(mix(theme.ink, theme.panel, 0.3), theme.panel)
        inner = cell.inset(1.6 * unit, 2.2 * unit)
        sky, *wear = step.items or ("",)
        icon = step.icon or sky
        shown = next((text for text in wear if page.find(text) is not None), "")
        if lying:
            rows = inner.rows(0.6, 1.7, 0.9, 0.55, 1.25 if shown else 0.01, 0.5 if wear else 0.01, gap=0.8 * unit)
        else:
            rows = inner.columns(1.0, 1.0, 1.0, 1.2, 0.8 if shown else 0.01, 1.2 if wear else 0.01, gap=unit)
        page.words(datum.label, theme.strong, rows[0], ink, most=3.4 * unit, lines=1)
        page.thing(icon, rows[1])
        page.words(said(datum), theme.title, rows[2], colour, most=6 * unit, lines=1)
        page.words(sky, theme.body, rows[3], soft, most=2.8 * unit, lines=2)
        if shown:
            page.thing(shown, rows[4])
        page.words(" · ".join(wear), theme.body, rows[5], ink, most=2.7 * unit, lines=2)
