"""Lettering, set as outlines and measured: what stands in a box fits that box.

Sizes and places are in the sheet's units, x to the right and y down.  Every word is set exactly as it is given; a line
breaks at spaces and where the text says so, never inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians, sin
from typing import Literal

from pollux.engines.builtin.paint.faces import Glyph, font, outline, shape

Align = Literal["left", "middle", "right"]
STEPS = 22  # halvings of a search for a size or a width: exact to a millionth
TINY = 1e-9
LARGEST = 1e5
_WORD = re.compile(r"[^ \t\r\f\v]+")  # a no-break space is part of a word
_JOINED = re.compile(r"(?<=\d) (?=[°%€$£¥])")  # "80 °C" stays on one line


@dataclass(frozen=True, slots=True)
class Line:
    """Words on a baseline, measured in em from its start; `left` to `right` and `top` to `bottom` is what they ink."""

    words: tuple[str, ...]
    font: str
    tracking: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(self.words)

    @property
    def width(self) -> float:
        """What it inks across, in em."""
        return self.right - self.left

    @property
    def glyphs(self) -> list[tuple[Glyph, float]]:
        """Each glyph with where its word starts and tracking moves it."""
        out, x = list[tuple[Glyph, float]](), 0.0
        for word in self.words:
            run = shape(self.font, word)
            out += [(glyph, x + n * self.tracking) for n, glyph in enumerate(run.glyphs)]
            x += _advance(word, self.font, self.tracking) + _space(self.font) + self.tracking
        return out


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one font and size; `size` and all that is measured are in the sheet's units.

    A block's top is that of its first line's capitals, its foot the last baseline: so are blocks lined up and centred.
    What hangs below (the tails of g and y) is `tail`, what rises above (accents) `over`.
    """

    lines: tuple[Line, ...]
    size: float
    leading: float
    align: Align
    cap: float

    @property
    def width(self) -> float:
        """Of the widest line."""
        return max((line.width for line in self.lines), default=0.0) * self.size

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the last baseline."""
        return (self.cap + (len(self.lines) - 1) * self.leading) * self.size if self.lines else 0.0

    @property
    def tail(self) -> float:
        """How far letters hang below the last baseline."""
        return max(0.0, self.lines[-1].bottom) * self.size if self.lines else 0.0

    @property
    def over(self) -> float:
        """How far letters rise above the first line's capitals."""
        return max(0.0, -self.lines[0].top - self.cap) * self.size if self.lines else 0.0

    @property
    def whole(self) -> float:
        """The height of all that is inked."""
        return self.over + self.height + self.tail

    def path(self, x: float, y: float) -> str:
        """SVG path data with the top at `y`; `x` is the left, middle or right edge, as the block is aligned."""
        part = {"left": 0.0, "middle": 0.5, "right": 1.0}[self.align]
        out: list[str] = []
        for number, line in enumerate(self.lines):
            start = x - (line.left + line.width * part) * self.size
            base = y + (self.cap + number * self.leading) * self.size
            out += [_drawn(glyph, start + at * self.size, base, self.size) for glyph, at in line.glyphs]
        return "".join(out)

    def spots(self, letter: str, x: float, y: float) -> list[tuple[float, float]]:
        """Where a letter's middle stands on its baseline, for each time it is set; `x` and `y` as of `path`."""
        part = {"left": 0.0, "middle": 0.5, "right": 1.0}[self.align]
        out: list[tuple[float, float]] = []
        for number, line in enumerate(self.lines):
            start = x - (line.left + line.width * part) * self.size
            base = y + (self.cap + number * self.leading) * self.size
            for glyph, at in line.glyphs:
                if glyph.number == shape(glyph.font, letter).glyphs[0].number:
                    out.append((start + (at + (glyph.ink[0] + glyph.ink[2]) / 2) * self.size, base))
        return out

    def middle(self, x: float, y: float) -> str:
        """SVG path data with the capitals' middle at `y`."""
        return self.path(x, y - self.height / 2)

    def bottom(self, x: float, y: float) -> str:
        """SVG path data with the last baseline at `y`."""
        return self.path(x, y - self.height)


def set_text(
    text: str,
    name: str,
    size: float,
    *,
    width: float = LARGEST,
    leading: float = 1.25,
    tracking: float = 0.0,
    align: Align = "left",
) -> Block:
    """Text at one size, broken into lines no wider than `width` (a single word may be wider).

    Args:
        text: line feeds begin new lines.
        name: the font.
        leading: from baseline to baseline, in em.
        tracking: space added between letters, in em.
    """
    lines = tuple(_line(words, name, tracking) for words in _broken(text, name, tracking, width / size))
    return Block(lines, size, leading, align, font(name).cap)


def fit(
    text: str,
    name: str,
    width: float,
    height: float,
    *,
    most: float = LARGEST,
    lines: int = 99,
    leading: float = 1.2,
    tracking: float = 0.0,
    align: Align = "left",
) -> Block:
    """Text as large as a box allows, in at most `lines` lines of about equal length.

    `most` is the largest size.  All ink is inside `width` x `height`, overhanging tails and accents included.
    """

    def at(size: float) -> Block:
        return set_text(text, name, size, width=width, leading=leading, tracking=tracking, align=align)

    def fits(block: Block) -> bool:
        return block.width <= width and block.whole <= height and len(block.lines) <= max(lines, text.count("\n") + 1)

    if not text.strip() or width <= 0 or height <= 0:
        return Block((), 1.0, leading, align, font(name).cap)
    low, high = TINY, min(most, height * 2)
    if fits(at(high)):
        low = high
    else:
        for _ in range(STEPS):
            half = (low + high) / 2
            low, high = (half, high) if fits(at(half)) else (low, half)
    best = at(low)
    even = _balanced(best, text, name, tracking)
    return even if fits(even) else best


def spread(
    text: str,
    name: str,
    size: float,
    at: tuple[float, float],
    radius: float,
    *,
    angle: float = -90.0,
    inward: bool = False,
    tracking: float = 0.0,
) -> str:
    """One line along a circle around `at`: SVG path data.

    `radius` is the baseline's.  The middle of the line stands at `angle` (degrees, clockwise from the right).  Letters
    stand on the circle's outside and read clockwise; `inward`, they hang inside it and read from left to right along
    the circle's foot.
    """
    line = _line(text.split(), name, tracking)
    middle, way = (line.left + line.right) / 2, -1.0 if inward else 1.0
    out: list[str] = []
    for glyph, x in line.glyphs:
        across = x + glyph.x + glyph.advance / 2
        turn = angle + way * (across - middle) * size / radius / radians(1)
        c, s = cos(radians(turn)), sin(radians(turn))
        # the tangent along which this letter is written, and the way down from it
        along = (-s * way, c * way)
        down = (-c * way, -s * way)
        foot = at[0] + radius * c, at[1] + radius * s
        back = glyph.x + glyph.advance / 2
        x0, y0 = foot[0] - along[0] * back * size, foot[1] - along[1] * back * size
        matrix = (along[0] * size, along[1] * size, down[0] * size, down[1] * size, x0, y0)
        out.append(_placed(glyph, matrix))
    return "".join(out)


def span(text: str, name: str, size: float, radius: float, tracking: float = 0.0) -> float:
    """How many degrees of a circle a line takes."""
    return _line(text.split(), name, tracking).width * size / radius / radians(1)


def measure(text: str, name: str, size: float, tracking: float = 0.0) -> float:
    """The width of one line."""
    return _line(text.split(), name, tracking).width * size


def _balanced(block: Block, text: str, name: str, tracking: float) -> Block:
    """The same number of lines, as narrow as they can be."""
    count = len(block.lines)
    if count <= 1 + text.count("\n"):
        return block
    low, high = 0.0, block.width / block.size + TINY
    for _ in range(STEPS):
        half = (low + high) / 2
        broken = _broken(text, name, tracking, half)
        good = len(broken) <= count and max(_width(words, name, tracking) for words in broken) <= half
        low, high = (low, half) if good else (half, high)
    lines = tuple(_line(words, name, tracking) for words in _broken(text, name, tracking, high))
    return replace(block, lines=lines) if len(lines) == count else block


def _broken(text: str, name: str, tracking: float, width: float) -> list[list[str]]:
    """The words of each line, as many as go into `width` em."""
    space = _space(name) + tracking
    out: list[list[str]] = []
    for paragraph in text.split("\n"):
        line, long = list[str](), 0.0
        for word in _WORD.findall(_JOINED.sub("\u00a0", paragraph)):
            if not _ink(word, name)[4]:
                continue
            wide = _advance(word, name, tracking)
            if line and long + space + wide > width:
                out.append(line)
                line, long = [], 0.0
            long += wide + (space if line else 0.0)
            line.append(word)
        out.append(line)
    return out


@lru_cache(maxsize=256)
def _space(name: str) -> float:
    return shape(name, " ").advance


@lru_cache(maxsize=8192)
def _ink(word: str, name: str) -> tuple[float, float, float, float, int]:
    """Left, top, right, bottom of a word's ink, and how many glyphs it has."""
    glyphs = shape(name, word).glyphs
    inked = [glyph.ink for glyph in glyphs if glyph.ink[2] > glyph.ink[0]] or [(0.0, 0.0, 0.0, 0.0)]
    left, top, right, bottom = zip(*inked, strict=True)
    return min(left), min(top), max(right), max(bottom), len(glyphs)


def _advance(word: str, name: str, tracking: float) -> float:
    return shape(name, word).advance + tracking * max(0, _ink(word, name)[4] - 1)


def _width(words: Iterable[str], name: str, tracking: float) -> float:
    told = [_advance(word, name, tracking) for word in words]
    return sum(told) + (len(told) - 1) * (_space(name) + tracking)


def _line(words: Iterable[str], name: str, tracking: float) -> Line:
    told, x, space = tuple(words), 0.0, _space(name) + tracking
    lefts, tops, rights, bottoms = list[float](), list[float](), list[float](), list[float]()
    for word in told:
        left, top, right, bottom, count = _ink(word, name)
        lefts.append(x + left)
        tops.append(top)
        rights.append(x + right + tracking * max(0, count - 1))
        bottoms.append(bottom)
        x += _advance(word, name, tracking) + space
    if not told:
        return Line((), name, tracking, 0.0, 0.0, 0.0, 0.0)
    return Line(told, name, tracking, min(lefts), min(tops), max(rights), max(bottoms))


def _drawn(glyph: Glyph, x: float, y: float, size: float) -> str:
    return _placed(glyph, (size, 0.0, 0.0, size, x, y))


def _placed(glyph: Glyph, matrix: tuple[float, float, float, float, float, float]) -> str:
    """A glyph's outline under x' = a x + c y + e, y' = b x + d y + f, the glyph's own place in its run included."""
    a, b, c, d, e, f = matrix
    e, f = e + a * glyph.x + c * glyph.y, f + b * glyph.x + d * glyph.y
    out: list[str] = []
    for command, points in outline(glyph.font, glyph.number):
        pairs = zip(points[::2], points[1::2], strict=True)
        out.append(command + " ".join(f"{a * x + c * y + e:.2f} {b * x + d * y + f:.2f}" for x, y in pairs))
    return "".join(out)
