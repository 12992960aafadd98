"""Lines of lettering of different weight, one below the other, as large as a box allows together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.type import Align, Block, fit, set_text

HALVINGS = 13


@dataclass(frozen=True, slots=True)
class Item:
    """One piece: a `text` in a font, `weight` times the stack's size at most; a rule where the text is "".

    `gap` is the space above it in parts of the stack's size; `most` the largest number of lines.
    """

    text: str
    font: str
    colour: str
    weight: float = 1.0
    gap: float = 0.6
    most: int = 4
    leading: float = 1.15
    tracking: float = 0.0
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Stacked:
    """A stack that is set: blocks with their tops from the stack's own top, and its size and height."""

    items: tuple[tuple[Item, Block, float], ...]
    size: float
    height: float


def stack(items: Sequence[Item], width: float, height: float, align: Align, most: float) -> Stacked:
    """The items as large as the room allows, at most `most` for a weight of 1."""
    low, high = most * 0.02, most
    best = _at(items, width, align, high)
    if best.height <= height:
        return best
    for _ in range(HALVINGS):
        half = (low + high) / 2
        best = _at(items, width, align, half)
        low, high = (half, high) if best.height <= height else (low, half)
    return _at(items, width, align, low)


def draw(page: Page, items: Sequence[Item], box: Box, *, align: Align = "middle", most: float, at: float = 0.5) -> Box:
    """Sets and draws a stack in a box; `at` is where in the spare height it stands (0 top, 1 foot).

    Returns:
        the box that it covers.
    """
    done = stack(items, box.w, box.h, align, most)
    x = {"left": box.x, "middle": box.cx, "right": box.right}[align]
    top = box.y + (box.h - done.height) * at
    for item, block, y in done.items:
        if not item.text:
            long = min(box.w, done.size * 2.2)
            left = {"left": x, "middle": x - long / 2, "right": x - long}[align]
            page.rect(Box(left, top + y, long, done.size * 0.07), item.colour)
            continue
        page.ink(block.path(x, top + y), item.colour)
    return Box(box.x, top, box.w, done.height)


def _at(items: Sequence[Item], width: float, align: Align, size: float) -> Stacked:
    y, out = 0.0, list[tuple[Item, Block, float]]()
    for number, item in enumerate(items):
        y += item.gap * size if number else 0.0
        if not item.text:
            out.append((item, Block((), 1.0, 1.0, align, 0.0), y))
            y += size * 0.07
            continue
        block = _block(item, width * item.width, align, size * item.weight)
        y += block.over
        out.append((item, block, y))
        y += block.height + block.tail
    return Stacked(tuple(out), size, y)


def _block(item: Item, width: float, align: Align, size: float) -> Block:
    block = fit(
        item.text, item.font, width, 1e6, most=size, lines=item.most, leading=item.leading,
        tracking=item.tracking, align=align,
    )  # fmt: skip
    return block if block.lines else set_text("", item.font, size)
