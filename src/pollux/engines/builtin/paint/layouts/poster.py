"""Posters, banners and posts: a title, lines below it and art, in columns where the sheet is wide."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.paint.layouts import backdrop, stack, wording
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.stack import Item
from pollux.engines.builtin.paint.layouts.staged import staged
from pollux.engines.builtin.paint.layouts.theme import LARGE, code_of, exact, font_for, readable
from pollux.engines.builtin.paint.plan import Lettering

WIDE = 1.2  # width through height from which words and art stand side by side
NEAR = 0.78


def draw(page: Page) -> None:
    """A poster on the whole sheet."""
    box, unit = page.box, page.unit
    margin = min(box.w, box.h) * 0.085
    inner = box.inset(margin)
    if page.scene.setting or page.scene.weather:
        _painted(page)
        return
    if not page.scene.subjects:
        side = min(box.w, box.h) * 1.06
        backdrop.behind(page, Box(box.cx - side / 2, box.cy - side / 2, side, side), (inner,))
        _column(page, inner.inset(inner.w * 0.06, inner.h * 0.06), 0.5)
        return
    if not page.scene.lettering:
        backdrop.behind(page, inner, ())
        group(page, inner)
        return
    if page.shape >= WIDE:
        left, right = inner.columns(1.15, 1.0, gap=3 * unit)
        if page.scene.empty == "right" or (not page.scene.empty and page.random("side").random() < 0.35):
            right, left = inner.columns(1.0, 1.15, gap=3 * unit)
        backdrop.behind(page, right, (left,))
        group(page, right)
        _column(page, left, 0.5, left=True)
        return
    head, foot = _parts(page)
    if not foot:
        top, middle = inner.rows(0.8, 1.7, gap=2 * unit)
        backdrop.behind(page, middle, (top,))
        used = stack.draw(page, head, top, most=unit * 16, at=0.3)
        group(page, _rest(middle, used.foot + 2 * unit))
        return
    small = 0.26 + 0.14 * min(3, len(foot))
    top, middle, low = inner.rows(1.0, 1.75, small, gap=1.5 * unit)
    backdrop.behind(page, middle, (top, low))
    stack.draw(page, head, top, most=unit * 17, at=0.25)
    group(page, middle)
    stack.draw(page, foot, low, most=unit * 5.5, at=0.85)


def _painted(page: Page) -> None:
    """A painted scene on one part of the sheet and the words on the other, or on the side that is to be free."""
    theme, box = page.theme, page.box
    scene = replace(page.scene, layout="scene", lettering=(), background="")
    page.fill(theme.ground)
    if page.scene.empty in ("left", "right"):
        staged(page, scene, box, "back")
        veil(page, page.scene.empty)
        left, right = box.inset(box.w * 0.06, box.h * 0.1).columns(1, 1, gap=box.w * 0.1)
        if page.scene.lettering:
            _column(page, left if page.scene.empty == "left" else right, 0.5, left=page.scene.empty == "left")
        return
    if not page.scene.lettering:
        staged(page, scene, box, "back")
        return
    if page.shape >= WIDE:
        words, art = box.columns(1, 1.1)
        if page.random("side").random() < 0.35:
            art, words = box.columns(1.1, 1)
    else:
        art, words = box.rows(1.45, 1)
    staged(page, scene, art, "back")
    margin = min(box.w, box.h) * 0.07
    _column(page, words.inset(margin, margin * 0.8), 0.5, left=page.shape >= WIDE)


def veil(page: Page, side: str) -> None:
    """The ground's colour over one side of what is painted, so that words are readable there."""
    ground, ends = page.theme.ground, ("0", "1") if side == "left" else ("1", "0")
    stops = "".join(
        f'<stop offset="{at}" stop-color="{ground}" stop-opacity="{much}"/>'
        for at, much in ((0, 0.94), (0.42, 0.86), (0.66, 0))
    )
    shade = page.sheet.define(f'<linearGradient x1="{ends[0]}" y1="0" x2="{ends[1]}" y2="0">{stops}</linearGradient>')
    page.rect(page.box, f"url(#{shade})")


def _rest(box: Box, top: float) -> Box:
    return Box(box.x, max(top, box.y), box.w, box.foot - max(top, box.y))


def _parts(page: Page) -> tuple[list[Item], list[Item]]:
    """What stands above the art and what below it."""
    title, others = wording.head(page.scene), wording.rest(page.scene)
    above = [part for part in others if part.role == "subtitle"]
    below = [part for part in others if part.role != "subtitle"]
    if len(above) > 2:
        above, below = above[:1], [*above[1:], *below]
    head = [_title(page, title)] if title else []
    return head + [_line(page, part, 0.36) for part in above], _small(page, below)


def _column(page: Page, box: Box, at: float, *, left: bool = False) -> None:
    """All words in one column."""
    theme = page.theme
    title, others = wording.head(page.scene), wording.rest(page.scene)
    items = [_title(page, title)] if title else []
    items += [_line(page, part, 0.38) for part in others if part.role == "subtitle"]
    small = [part for part in others if part.role != "subtitle"]
    if items and small:
        items.append(Item("", theme.body, theme.accent, gap=0.5))
    items += [_line(page, part, 0.3) for part in small]
    stack.draw(page, items, box, align="left" if left else "middle", most=page.unit * 15, at=at)


def _title(page: Page, part: Lettering) -> Item:
    theme = page.theme
    face = font_for(part, exact(part.text, theme.title), theme.manner)
    colour = _code(page, part)
    most = 3 if len(part.text) < 40 else 5
    return Item(part.text, face, colour, 1.0, most=most, leading=1.04, tracking=theme.tracking)


def _line(page: Page, part: Lettering, weight: float) -> Item:
    theme, large = page.theme, part.role == "subtitle"
    title = wording.head(page.scene)
    weight *= 1.0 + min(1.0, len(title.text) / 80 if title else 0.0) * 0.7  # a long title is small itself
    face = font_for(part, theme.strong if large else theme.body, theme.manner)
    colour = theme.soft if not large else readable(theme.accent, theme.ground)
    return Item(part.text, face, colour if not part.colour else _code(page, part), weight, 0.34, leading=1.25)


def _small(page: Page, parts: list[Lettering]) -> list[Item]:
    """Date, place and the like: the first of them strong."""
    theme = page.theme
    out = []
    for number, part in enumerate(parts):
        face = font_for(part, theme.strong if number == 0 else theme.body, theme.manner)
        colour = theme.ink if number == 0 else theme.soft
        weight = 1.0 if number == 0 else 0.78
        out.append(Item(part.text, face, colour, weight, gap=0.55, most=3))
    return out


def _code(page: Page, part: Lettering) -> str:
    return readable(code_of(part.colour) or page.theme.ink, page.theme.ground, LARGE)


def group(page: Page, box: Box) -> None:
    """The subjects of the scene together: the first largest and in the middle, the others beside it."""
    subjects = [subject for subject in page.scene.subjects for _ in range(min(subject.count, 7))][:9]
    if not subjects:
        return
    side = min(box.w, box.h) * NEAR
    if len(subjects) == 1:
        page.subject(subjects[0], Box(box.cx - side * 0.6, box.cy - side / 2, side * 1.2, side))
        return

    def side_of(across: int) -> float:
        return min(box.w * 0.96 / across, box.h * 0.94 / -(-len(subjects) // across))

    across = max(range(len(subjects), 0, -1), key=side_of)
    down, cell = -(-len(subjects) // across), side_of(across)
    for number, subject in enumerate(subjects):
        row, column = divmod(number, across)
        count = min(across, len(subjects) - row * across)
        x = box.cx + (column - count / 2) * cell
        y = box.cy + (row - down / 2) * cell
        page.subject(subject, Box(x, y, cell, cell).inset(cell * 0.05))
