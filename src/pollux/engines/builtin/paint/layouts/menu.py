"""Menus and price lists: sections of dishes with their prices in line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

from pollux.engines.builtin.paint.colours import mix
from pollux.engines.builtin.paint.layouts import backdrop, stack, wording
from pollux.engines.builtin.paint.layouts.frames import polygon
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.stack import Item
from pollux.engines.builtin.paint.layouts.theme import LARGE, exact, font_for, readable
from pollux.engines.builtin.paint.plan import Step
from pollux.engines.builtin.paint.type import Block, measure, set_text

SIZES = (4.2, 3.8, 3.4, 3.1, 2.8, 2.5, 2.25, 2.0, 1.8, 1.6, 1.4, 1.2, 1.05, 0.9)
"""Of a dish's letters, in the page's units: the largest with which all fits is taken."""


MOST, LEAST = 5, 30  # columns, and units that one must be wide


@dataclass(frozen=True, slots=True)
class _Dish:
    name: str
    price: str
    note: str


def draw(page: Page) -> None:
    """A menu on the whole sheet."""
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    sheet = box.inset(3 * unit)
    page.rect(sheet, theme.panel, round_=0.0 if theme.manner in ("elegant", "luxury", "noir") else 1.5 * unit)
    backdrop.edge(page, 4.2 * unit, theme.accent, 0.28 * unit)
    backdrop.edge(page, 5.0 * unit, theme.accent, 0.1 * unit)
    inner = sheet.inset(max(4.5 * unit, sheet.w * 0.07), max(4.2 * unit, sheet.h * 0.05))
    top = _head(page, inner)
    foot = [part for part in wording.rest(page.scene) if part.role == "label"]
    low = len(foot) * 4 * unit
    body = Box(inner.x, top + 2.5 * unit, inner.w, inner.foot - top - 2.5 * unit - low)
    _sections(page, body)
    small = [Item(part.text, theme.body, _soft(page), 1.0) for part in foot]
    if small:
        stack.draw(page, small, Box(inner.x, inner.foot - low + unit, inner.w, low - unit), most=2.4 * unit, at=1.0)


def _head(page: Page, inner: Box) -> float:
    theme, unit, title = page.theme, page.unit, wording.head(page.scene)
    accent = readable(theme.accent, theme.panel, LARGE)
    y = inner.y
    if page.scene.subjects and page.shape < 1.25:
        side = 9 * unit
        page.subject(page.scene.subjects[0], Box(inner.cx - side / 2, y, side, side))
        y += side + 1.2 * unit
    items = []
    if title is not None:
        items.append(
            Item(title.text, font_for(title, exact(title.text, theme.title), theme.manner), accent, 1.0, most=2)
        )
    for part in wording.rest(page.scene):
        if part.role != "label":
            items.append(Item(part.text, theme.body, _soft(page), 0.36, 0.3, most=2))
    if not items:
        return y
    done = stack.draw(
        page, items, Box(inner.x, y, inner.w, inner.h * 0.24), most=(9 if page.shape < 1.25 else 6.5) * unit, at=0
    )
    y = done.foot + 1.8 * unit
    if page.scene.subjects and page.shape >= 1.25:
        for x in (inner.x + 3 * unit, inner.right - 12 * unit):
            page.subject(page.scene.subjects[0], Box(x, inner.y, 9 * unit, y - inner.y))
    page.line(inner.cx - 12 * unit, y, inner.cx - 1.6 * unit, y, accent, 0.16 * unit)
    page.line(inner.cx + 1.6 * unit, y, inner.cx + 12 * unit, y, accent, 0.16 * unit)
    page.path(polygon(inner.cx, y, unit * 0.8, 4), accent)
    return y + 0.6 * unit


def _sections(page: Page, box: Box) -> None:
    """The sections in one or more columns, in their order."""
    steps = page.scene.steps
    if not steps:
        return
    gap = 6 * page.unit
    tried = []
    for columns in range(1, min(MOST, len(steps)) + 1):
        across = (box.w - gap * (columns - 1)) / columns
        if columns == 1 or across > LEAST * page.unit:
            tried.append((_size(page, steps, columns, across, box.h), -columns, across))
    size, columns, wide = max(tried)
    count = -columns
    heights = [_height(page, step, wide, size) for step in steps]
    parted = _parted(heights, count)
    high = [sum(heights[first:last]) for first, last in parted]
    longest = max(range(count), key=lambda n: high[n])
    gaps = parted[longest][1] - parted[longest][0] - 1
    even = max(0.0, min((box.h - high[longest]) / (gaps + 2), 5 * page.unit))
    top = box.y + max(0.0, (box.h - high[longest] - even * gaps) * 0.35)
    for n, (first, last) in enumerate(parted):
        y = top
        for step in steps[first:last]:
            y = _section(page, step, Box(box.x + n * (wide + gap), y, wide, 0), size, put=True) + even


def _size(page: Page, steps: tuple[Step, ...], count: int, wide: float, room: float) -> float:
    """The largest size with which all fits; a little smaller where no name then needs a second line."""
    best = 0.0
    for size in (part * page.unit for part in SIZES):
        heights = [_height(page, step, wide, size) for step in steps]
        if max(sum(heights[first:last]) for first, last in _parted(heights, count)) > room:
            continue
        best = best or size
        if size < best * 0.7:
            break
        if all(len(_name(page, dish(item), wide, size).lines) < 2 for step in steps for item in step.items):
            return size
    return best or SIZES[-1] * page.unit


def _parted(heights: list[float], count: int) -> list[tuple[int, int]]:
    """The sections in columns of about equal height, in their order: the first of each and where it ends."""

    def tallest(cuts: tuple[int, ...]) -> float:
        return max(sum(heights[first:last]) for first, last in pairwise((0, *cuts, len(heights))))

    best = min(combinations(range(1, len(heights)), count - 1), key=tallest)
    return list(pairwise((0, *best, len(heights))))


def _height(page: Page, step: Step, wide: float, size: float) -> float:
    return _section(page, step, Box(0, 0, wide, 0), size, put=False)


def _section(page: Page, step: Step, at: Box, size: float, *, put: bool) -> float:
    """Sets a section from `at.y` on and returns where it ends; without `put` it is only measured."""
    theme, y = page.theme, at.y
    accent = readable(theme.accent, theme.panel)
    if step.title:
        side = size * 2.2 if step.icon and page.find(step.icon) is not None else 0.0
        block = set_text(step.title, exact(step.title, theme.title), size * 1.5, width=at.w - side, leading=1.1)
        if put:
            if side:
                page.thing(
                    step.icon, Box(at.x, y + block.height / 2 - side * 0.45, side * 0.9, side * 0.9), colour=accent
                )
            page.ink(block.path(at.x + side, y), accent)
            page.rect(Box(at.x, y + block.height + size * 0.75, at.w, size * 0.06), mix(theme.panel, theme.accent, 0.6))
        y += block.height + size * 1.6
    for item in step.items:
        y = _dish(page, dish(item), at, y, size, put=put)
    return y + size * 1.1


def _dish(page: Page, told: _Dish, at: Box, y: float, size: float, *, put: bool) -> float:
    """A dish's name, dots, its price at the right edge, and below it what is said of it."""
    theme = page.theme
    ink = readable(theme.ink, theme.panel)
    price = measure(told.price, theme.strong, size) if told.price else 0.0
    block = _name(page, told, at.w, size)
    if put:
        page.ink(block.path(at.x, y), ink)
        base = y + block.height
        if told.price:
            cost = set_text(told.price, theme.strong, size, align="right")
            page.ink(cost.bottom(at.right, base), readable(theme.accent, theme.panel))
            end, last = at.right - price - size * 0.5, block.lines[-1].width * size if block.lines else 0.0
            x, step = end, size * 0.42
            while x > at.x + last + size * 0.5:
                page.circle(x, base - size * 0.06, size * 0.05, mix(theme.panel, theme.ink, 0.4))
                x -= step
    y += block.height
    if told.note:
        note = set_text(told.note, theme.body, size * 0.78, width=at.w * 0.86, leading=1.3)
        if put:
            page.ink(note.path(at.x, y + size * 0.5), _soft(page))
        y += size * 0.5 + note.height
    return y + size * 1.05


def _name(page: Page, told: _Dish, wide: float, size: float) -> Block:
    price = measure(told.price, page.theme.strong, size) if told.price else 0.0
    face = page.theme.strong if told.note else page.theme.body
    return set_text(told.name, face, size, width=wide - price - size * 1.6, leading=1.2)


def _soft(page: Page) -> str:
    return readable(mix(page.theme.ink, page.theme.panel, 0.3), page.theme.panel)


def dish(item: str) -> _Dish:
    """A line of a menu: the name, a tab, the price; "name: note" and "name - note" are told apart from the name."""
    name, _, price = item.partition("\t")
    for mark in (": ", " – ", " — ", " - "):
        if mark in name:
            name, _, note = name.partition(mark)
            return _Dish(name.strip(), price.strip(), note.strip())
    return _Dish(name.strip(), price.strip(), "")
