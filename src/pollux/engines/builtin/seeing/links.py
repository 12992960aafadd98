"""Links: text in a link's colour, underlined text, and rows or columns of short words that lead to other pages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.seeing.thing import Thing

BLUE = 60  # levels that blue stands above red in a link's colour
TOP, SIDE = 100, 0.22  # pixels from the top, share of the width from the left: where menus are
LEAST_INK = 40  # levels between letters and what they are written on


def links(picture: Pixels, runs: Sequence[TextLine]) -> list[Thing]:
    """The links among runs that belong to no button or field."""
    out: list[Thing] = []
    plain: list[TextLine] = []
    for run in runs:
        part = _linked(picture, run)
        if part is None:
            plain.append(run)
        else:
            out.append(_link(part, 0.85, picture))
    menus = [run for group in (_bar(plain), _column(plain, picture.shape[1])) for run in group]
    return out + [_link(run, 0.6, picture) for run in menus]


def _link(run: TextLine, score: float, picture: Pixels) -> Thing:
    ink = _ink(picture, run.box)
    box = run.box if ink is None else _tight(run.box, ink[0])
    return Thing("element", ("link", "hyperlink"), box, score, name_of(ink[1]) if ink else "", run.text)


def _tight(box: Box, mask: NDArray[np.bool_]) -> Box:
    """A box around the letters themselves, with the little that a line of type has above and below."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = max(0, int(box.top)), max(0, int(box.left))
    spare = 0.22 * (rows[-1] - rows[0] + 1)
    return Box(
        left + float(columns[0]), top + rows[0] - spare, left + float(columns[-1]) + 1, top + rows[-1] + 1 + spare
    )


def _ink(picture: Pixels, box: Box) -> tuple[NDArray[np.bool_], list[int], NDArray[np.int16]] | None:
    """The pixels of the letters, their colour, and all pixels of the box; None for an empty box."""
    top, bottom = max(0, int(box.top)), min(picture.shape[0], round(box.bottom) + 2)
    cut = picture[top:bottom, max(0, int(box.left)) : round(box.right)].astype(np.int16)
    if cut.shape[0] < 4 or cut.shape[1] < 4:
        return None
    away = np.abs(cut - np.median(cut.reshape(-1, 3), axis=0)).max(axis=2)
    most = int(np.percentile(away, 99))
    if most < LEAST_INK:
        return None
    mask = away >= 0.6 * most
    return mask, [int(value) for value in np.median(cut[mask], axis=0)], cut


def _linked(picture: Pixels, run: TextLine) -> TextLine | None:
    """The part of a run that is a link: blue letters, or all of it over a line of its own length."""
    ink = _ink(picture, run.box)
    if ink is None:
        return None
    mask, _, cut = ink
    blue = mask & (cut[..., 2] - cut[..., 0] >= BLUE) & (cut[..., 2] >= cut[..., 1] - 4)
    dark = mask & ~blue
    inked = np.flatnonzero(mask.any(axis=0))
    if blue.sum() >= 0.85 * mask.sum():
        return run if _is_word(run.text) else None
    if blue.sum() >= 0.12 * mask.sum() and dark.sum():
        strong = np.flatnonzero(blue.sum(axis=0) > 0)
        left, right = int(np.percentile(strong, 3)), int(np.percentile(strong, 97))
        rest = int(dark[:, left : right + 1].sum())
        if rest < 0.15 * blue.sum():
            return _part(run, left, right, int(inked[0]), int(inked[-1]))
    line = mask[mask.shape[0] // 2 :].sum(axis=1)
    if int(line.max()) >= 0.9 * (inked[-1] - inked[0]) and _ends_with(picture, run, mask):
        return run if _is_word(run.text) else None
    return None


def _is_word(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= 2


def _ends_with(picture: Pixels, run: TextLine, mask: NDArray[np.bool_]) -> bool:
    """Whether the line under a run is no longer than the run: an underline and no rule or frame."""
    row = int(mask[mask.shape[0] // 2 :].sum(axis=1).argmax()) + mask.shape[0] // 2 + max(0, int(run.box.top))
    row = min(row, picture.shape[0] - 1)
    left, right = int(run.box.left) - 8, round(run.box.right) + 8
    if left < 0 or right >= picture.shape[1]:
        return False
    ink = picture[row, (left + right) // 2].astype(np.int16)
    ends = picture[row, [left, right]].astype(np.int16)
    return bool((np.abs(ends - ink).max(axis=1) > LEAST_INK).all())


def _part(run: TextLine, left: int, right: int, first: int, last: int) -> TextLine:
    """The words of a run between two columns of its box; letters share the width evenly."""
    step = max(1.0, (last - first) / max(1, len(run.text)))
    ends = [0, *(i for i, letter in enumerate(run.text) if letter == " "), len(run.text)]
    start = min(ends, key=lambda at: abs(first + at * step - left))
    stop = min(ends, key=lambda at: abs(first + at * step - right))
    text = run.text[start:stop].strip() if stop > start else run.text
    box = Box(run.box.left + left, run.box.top, run.box.left + right + 1, run.box.bottom)
    return TextLine(text, box, run.confidence, run.block)


def _short(run: TextLine) -> bool:
    return _is_word(run.text) and len(run.text.split()) <= 2 and run.text[0].isupper()


def _bar(runs: Sequence[TextLine]) -> list[TextLine]:
    """The longest row of at least three short words in like letters near the top: a menu."""
    best: list[TextLine] = []
    short = [run for run in sorted(runs, key=lambda run: run.box.left) if _short(run) and run.box.centre[1] < TOP]
    for one in short:
        row = [
            run for run in short
            if abs(run.box.centre[1] - one.box.centre[1]) < 5
            and abs(run.box.height - one.box.height) <= 0.35 * one.box.height
        ]  # fmt: skip
        widths = [run.box.width / len(run.text) for run in row]
        if widths and widths[0] > 1.15 * float(np.median(widths[1:] or widths)):
            row = row[1:]  # the name of the house, in larger letters
        if len(row) >= 3 and len(row) > len(best):
            best = row
    return best


def _column(runs: Sequence[TextLine], width: int) -> list[TextLine]:
    """The longest column of at least three short words, evenly spaced and apart, at the left edge of a wide screen."""
    best: list[TextLine] = []
    short = [
        run for run in sorted(runs, key=lambda run: run.box.top)
        if _short(run) and run.box.right < SIDE * width and run.box.top > TOP / 2
    ]  # fmt: skip
    for one in short:
        stack = [
            run for run in short
            if abs(run.box.left - one.box.left) < 6
            and abs(run.box.height - one.box.height) <= 0.4 * one.box.height
        ]  # fmt: skip
        steps = [b.box.centre[1] - a.box.centre[1] for a, b in itertools.pairwise(stack)]
        even = len(steps) >= 2 and max(steps) < 1.2 * min(steps) and min(steps) > one.box.height
        rowed = sum(any(_beside(run, other) for other in runs) for run in stack)  # the first cells of a table
        if even and rowed < 0.8 * len(stack) and width > 700 and len(stack) > len(best):
            best = stack
    return best


def _beside(run: TextLine, other: TextLine) -> bool:
    """Whether another run stands level with one, to its right."""
    return other.box.left > run.box.right and abs(other.box.centre[1] - run.box.centre[1]) < 4
