"""Infographics: a title, then steps as cards with pictures, numbers and arrows; things of a step as tiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

from pollux.engines.builtin.paint.colours import mix
from pollux.engines.builtin.paint.layouts import stack, wording
from pollux.engines.builtin.paint.layouts.frames import arrow
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.stack import Item
from pollux.engines.builtin.paint.layouts.theme import LARGE, exact, font_for, on, readable
from pollux.engines.builtin.paint.plan import Step, Subject
from pollux.engines.builtin.paint.type import Align, Block, fit, set_text

TILE = 26  # letters up to which a line may be the label of a picture
SHAPE = 1.05  # width through height that a step's card should have


@dataclass(frozen=True, slots=True)
class _Card:
    step: Step
    number: int
    colour: str
    tiles: bool


def draw(page: Page) -> None:
    """An infographic on the whole sheet."""
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    _pattern(page)
    inner = box.inset(min(box.w, box.h) * 0.055)
    top = _head(page, inner)
    low = [part for part in wording.rest(page.scene) if part.role not in ("subtitle", "title")]
    foot = min(inner.h * 0.14, 5 * unit * len(low))
    body = Box(inner.x, top, inner.w, inner.foot - top - foot)
    cards = [
        _Card(
            _split(page, step),
            n + 1,
            readable(theme.accents[n % len(theme.accents)], theme.panel, LARGE),
            _tiled(page, _split(page, step)),
        )
        for n, step in enumerate(page.scene.steps)
    ]
    if cards:
        _cards(page, cards, body)
    elif page.scene.subjects:
        _labelled(page, body)
    if low:
        items = [Item(part.text, theme.body, theme.ink, 1.0, 0.5) for part in low]
        stack.draw(page, items, Box(inner.x, inner.foot - foot + unit, inner.w, foot - unit), most=2.8 * unit)


def _tiled(page: Page, step: Step) -> bool:
    return len(step.items) > (1 if step.icon else 0) and all(
        len(item) <= TILE and page.knows(item) for item in step.items
    )


def _split(page: Page, step: Step) -> Step:
    """A step with "sugar/energy" as two things, where there are drawings of both."""
    items: list[str] = []
    for item in step.items:
        parts = [part.strip() for part in item.split("/")]
        items += parts if all(page.knows(part) for part in parts) else [item]
    return replace(step, items=tuple(items))


def _pattern(page: Page) -> None:
    """Faint dots, so that the paper is not empty."""
    step, tint = 5 * page.unit, mix(page.theme.ground, page.theme.ink, 0.06)
    for row in range(int(page.box.h / step) + 1):
        for column in range(int(page.box.w / step) + 1):
            page.circle((column + (row % 2) / 2) * step, row * step, page.unit * 0.22, tint)


def _head(page: Page, inner: Box) -> float:
    theme, unit, title = page.theme, page.unit, wording.head(page.scene)
    items = []
    if title is not None:
        items.append(
            Item(
                title.text,
                font_for(title, exact(title.text, theme.title), theme.manner),
                theme.ink,
                1.0,
                most=2,
                leading=1.05,
            )
        )
    for part in wording.rest(page.scene):
        if part.role in ("subtitle", "title"):
            items.append(Item(part.text, theme.strong, readable(theme.accent, theme.ground), 0.42, 0.34, most=2))
    if not items:
        return inner.y
    side = 15 * unit if page.scene.subjects and page.scene.steps else 0.0
    room = (
        Box(inner.x + side, inner.y, inner.w - 2 * side, inner.h * 0.2)
        if page.shape > 1
        else Box(inner.x + side * 0.0, inner.y, inner.w - side, inner.h * 0.2)
    )
    done = stack.draw(page, items, room, most=8.5 * unit, at=0.1)
    foot = done.foot
    if side:
        figure = Box(
            inner.right - side * 0.95, inner.y - unit, side * 0.95, min(side * 1.05, max(done.h + 3 * unit, side * 0.9))
        )
        page.subject(page.scene.subjects[0], figure)
        foot = max(foot, figure.foot - unit)
    return foot + 2.6 * unit


def _cards(page: Page, cards: list[_Card], box: Box) -> None:
    """The cards in rows, with arrows from one to the next; cards of tiles have a row each."""
    unit, gap = page.unit, 4.6 * page.unit
    if any(card.tiles for card in cards) and len(cards) <= 4:
        wide = page.shape > 1.25
        shares = [max(1.0, _many(card)) if wide else (1.25 if card.tiles else 1.0) for card in cards]
        cells = box.columns(*shares, gap=gap) if wide else box.rows(*shares, gap=gap)
        across = len(cards) if wide else 1
    else:
        across = _across(len(cards), box, gap)
        down = -(-len(cards) // across)
        cells = []
        for n, row in enumerate(box.rows(*[1.0] * down, gap=gap if across == 1 else gap * 0.8)):
            count = min(across, len(cards) - n * across)
            wide_cell = (box.w - gap * (across - 1)) / across
            left = box.cx - (count * wide_cell + (count - 1) * gap) / 2
            cells += [Box(left + i * (wide_cell + gap), row.y, wide_cell, row.h) for i in range(count)]
    sizes = _sizes(page, cards, cells)
    for n, (card, cell) in enumerate(zip(cards, cells, strict=True)):
        _card(page, card, cell, sizes)
        if n + 1 < len(cells):
            _arrow(page, cell, cells[n + 1], across, gap, unit)


def _many(card: _Card) -> float:
    return 0.75 + 0.28 * min(5, len(card.step.items)) if card.tiles else 1.0


def _across(count: int, box: Box, gap: float) -> int:
    """How many cards stand in a row."""

    def badness(across: int) -> float:
        down = -(-count // across)
        w, h = (box.w - gap * (across - 1)) / across, (box.h - gap * (down - 1)) / down
        shape = w / max(h, 1.0)
        best = shape / (2.6 if across == 1 else SHAPE)
        return abs(log(max(best, 1e-3))) + 0.25 * (across * down - count)

    return min(range(1, count + 1), key=badness)


def _arrow(page: Page, cell: Box, other: Box, across: int, gap: float, unit: float) -> None:
    colour, thick = page.theme.ink, 0.9 * unit
    if other.y > cell.y + 1:
        if across == 1:
            page.path(arrow(cell.cx, cell.foot + gap * 0.16, cell.cx, cell.foot + gap * 0.84, thick), colour)
        return
    page.path(arrow(cell.right + gap * 0.16, cell.cy, cell.right + gap * 0.84, cell.cy, thick), colour)


def _parts(page: Page, card: _Card, cell: Box) -> tuple[Box, Box, Box]:
    """Where a card's picture, its title and its lines stand."""
    unit = page.unit
    inner = cell.inset(min(2.4 * unit, cell.w * 0.06), min(2.4 * unit, cell.h * 0.07))
    if card.tiles:
        title, tiles = inner.rows(0.24, 0.76, gap=unit)
        return tiles, Box(title.x + 5 * unit, title.y, title.w - 5 * unit, title.h), Box(0, 0, 0, 0)
    drawn = _picture(page, card.step) != ""
    if cell.w > cell.h * 1.5:
        side = min(inner.h, inner.w * 0.34) if drawn else 0.0
        left = max(5.5 * unit, 0.0)
        words = Box(inner.x + left + side + unit * 1.5, inner.y, inner.w - left - side - unit * 1.5, inner.h)
        title, lines = words.rows(0.4, 0.6, gap=unit) if card.step.items else (words, Box(0, 0, 0, 0))
        return Box(inner.x + left, inner.y, side, inner.h), title, lines
    shares = (1.25, 0.5, 0.75) if drawn else (0.3, 0.6, 1.1)
    if drawn and len(_text(card.step)) > 40:
        shares = (0.95, 0.45, 1.1)
    if not card.step.items:
        shares = (1.5, 0.6, 0.001) if drawn else (0.35, 1.2, 0.001)
    picture, title, lines = inner.rows(*shares, gap=unit)
    return picture, title, lines


def _picture(page: Page, step: Step) -> str:
    """What to draw for a step: its icon, or the thing that its title names."""
    if step.icon and page.find(step.icon) is not None:
        return step.icon
    return step.title if step.title and page.knows(step.title) else ""


def _sizes(page: Page, cards: list[_Card], cells: list[Box]) -> tuple[float, float]:
    """One size for all titles and one for all lines."""
    room = min(min(cell.w, cell.h) for cell in cells)
    titles, lines = [max(4.6 * page.unit, room * 0.1)], [max(3.1 * page.unit, room * 0.065)]
    for card, cell in zip(cards, cells, strict=True):
        _, title, low = _parts(page, card, cell)
        if card.step.title:
            titles.append(fit(card.step.title, page.theme.strong, title.w, title.h, most=titles[0], lines=3).size)
        if card.step.items and not card.tiles:
            lines.append(fit(_text(card.step), page.theme.body, low.w, low.h, most=lines[0], leading=1.3).size)
    return min(titles), max(min(lines), 1.2 * page.unit)


def _text(step: Step) -> str:
    return "\n".join(f"• {item}" if len(step.items) > 1 else item for item in step.items)


def _card(page: Page, card: _Card, cell: Box, sizes: tuple[float, float]) -> None:
    theme, unit = page.theme, page.unit
    page.rect(
        Box(cell.x + 0.5 * unit, cell.y + 0.7 * unit, cell.w, cell.h),
        mix(theme.ground, "#000000", 0.14),
        round_=2.4 * unit,
    )
    page.rect(cell, theme.panel, round_=2.4 * unit, edge=card.colour, thick=0.5 * unit)
    picture, title, low = _parts(page, card, cell)
    upright = not card.tiles and cell.w <= cell.h * 1.5
    lying = not card.tiles and not upright
    badge = 2.5 * unit
    x, y = (cell.x + 1.2 * badge + unit, cell.cy) if lying else (cell.x + 1.5 * badge, cell.y + 1.5 * badge)
    if card.tiles:
        y = title.cy
    page.circle(x, y, badge, card.colour)
    number = fit(str(card.number), theme.strong, badge * 1.2, badge * 1.05, align="middle")
    page.ink(number.middle(x, y), on(card.colour, ("#ffffff",), LARGE))
    ink = readable(theme.ink, theme.panel)
    align: Align = "middle" if upright else "left"
    block = set_text(card.step.title, theme.strong, sizes[0], width=title.w, leading=1.15, align=align)
    if card.tiles:
        _put(page, block, title, ink, 0.5)
        _tiles(page, card, picture)
        return
    if not card.step.icon and card.step.scene is not None and card.step.scene.subjects:
        page.subject(card.step.scene.subjects[0], picture)
    else:
        page.thing(
            _picture(page, card.step), picture if lying else picture.inset(min(3 * unit, picture.w * 0.12), unit * 0.6)
        )
    if not card.step.items:
        _put(page, block, title, ink, 0.5)
        return
    text = fit(
        _text(card.step), theme.body, low.w, cell.h, most=sizes[1], leading=1.3,
        align=align if len(card.step.items) == 1 else "left",
    )  # fmt: skip
    if lying:
        both = Box(title.x, title.y, title.w, low.foot - title.y)
        y = both.cy - (block.whole + text.whole + sizes[1] * 0.9) / 2
        page.ink(block.path(both.x, y + block.over), ink)
        page.ink(text.path(both.x, y + block.whole + sizes[1] * 0.9 + text.over), ink)
        return
    _put(page, block, title, ink, 0.5)
    left = low.cx - text.width / 2 if text.align == "left" else low.x
    _put(page, text, Box(left, low.y, low.w if text.align != "left" else text.width, low.h), ink, 0.0)


def _put(page: Page, block: Block, box: Box, colour: str, at: float) -> None:
    x = box.cx if block.align == "middle" else box.x
    page.ink(block.path(x, box.y + block.over + max(0.0, box.h - block.whole) * at), colour)


def _tiles(page: Page, card: _Card, box: Box) -> None:
    """Pictures with their names below them, with plus signs between."""
    theme, unit, items = page.theme, page.unit, card.step.items
    across = min(len(items), max(1, round((len(items) * box.w / box.h / 0.95) ** 0.5)))
    down = -(-len(items) // across)
    across = -(-len(items) // down)
    cells = [cell for row in box.rows(*[1.0] * down, gap=unit) for cell in row.columns(*[1.0] * across, gap=3 * unit)]
    size = min(
        fit(item, theme.body, cell.w, cell.h * 0.24, most=3.4 * unit, lines=2).size
        for item, cell in zip(items, cells, strict=False)
    )
    ink = readable(theme.ink, theme.panel)
    for n, (item, cell) in enumerate(zip(items, cells, strict=False)):
        picture, label = cell.rows(0.74, 0.26)
        radius = min(picture.w, picture.h) * 0.5
        page.circle(picture.cx, picture.cy, radius, mix(theme.panel, theme.accents[n % len(theme.accents)], 0.22))
        page.thing(item, picture.inset(picture.w / 2 - radius * 0.72, picture.h / 2 - radius * 0.72))
        block = fit(item, theme.body, cell.w, label.h * 1.2, most=size, leading=1.1, lines=2, align="middle")
        page.ink(block.path(label.cx, label.y + (label.h - size) * 0.45), ink)
        if n % across + 1 < across and n + 1 < len(items):
            x, y, arm = cell.right + 1.5 * unit, picture.cy, 1.1 * unit
            page.line(x - arm, y, x + arm, y, card.colour, 0.6 * unit)
            page.line(x, y - arm, x, y + arm, card.colour, 0.6 * unit)


def _labelled(page: Page, box: Box) -> None:
    """Subjects with their names, where there are no steps."""
    subjects: tuple[Subject, ...] = page.scene.subjects[:9]
    across = _across(len(subjects), box, 2 * page.unit)
    down = -(-len(subjects) // across)
    cells = [
        cell
        for row in box.rows(*[1.0] * down, gap=2 * page.unit)
        for cell in row.columns(*[1.0] * across, gap=2 * page.unit)
    ]
    for subject, cell in zip(subjects, cells, strict=False):
        page.rect(cell, page.theme.panel, round_=2 * page.unit)
        page.subject(subject, cell.inset(cell.w * 0.12, cell.h * 0.12))
