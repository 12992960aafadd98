"""What every layout draws with: a sheet, boxes on it, shapes, lettering and drawings."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import sqrt
from random import Random
from typing import NamedTuple

from pollux.engines.builtin.paint import art as archive
from pollux.engines.builtin.paint.art import Art, Drawing, Look
from pollux.engines.builtin.paint.figure import Maker
from pollux.engines.builtin.paint.layouts import marks
from pollux.engines.builtin.paint.layouts.inks import STYLES, inked, rimmed
from pollux.engines.builtin.paint.layouts.theme import Theme
from pollux.engines.builtin.paint.placeholder import placeholder
from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.svg import Sheet
from pollux.engines.builtin.paint.type import LARGEST, Align, Block, fit


class Box(NamedTuple):
    """A rectangle in the sheet's units: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def foot(self) -> float:
        """The lower edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The middle across."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle down."""
        return self.y + self.h / 2

    def inset(self, across: float, down: float | None = None) -> Box:
        """The box without a border of that width."""
        down = across if down is None else down
        return Box(self.x + across, self.y + down, max(0.0, self.w - 2 * across), max(0.0, self.h - 2 * down))

    def rows(self, *shares: float, gap: float = 0.0) -> list[Box]:
        """Boxes one below the other, as high as their shares say."""
        unit, y, out = (self.h - gap * (len(shares) - 1)) / sum(shares), self.y, list[Box]()
        for share in shares:
            out.append(Box(self.x, y, self.w, unit * share))
            y += unit * share + gap
        return out

    def columns(self, *shares: float, gap: float = 0.0) -> list[Box]:
        """Boxes side by side, as wide as their shares say."""
        unit, x, out = (self.w - gap * (len(shares) - 1)) / sum(shares), self.x, list[Box]()
        for share in shares:
            out.append(Box(x, self.y, unit * share, self.h))
            x += unit * share + gap
        return out


@dataclass(frozen=True, slots=True)
class Page:
    """A layout's paper and tools; `unit` is a hundredth of the side of a square as large as the sheet."""

    sheet: Sheet
    art: Art
    scene: Scene
    theme: Theme
    seed: int

    @property
    def box(self) -> Box:
        """The whole sheet."""
        return Box(0.0, 0.0, self.sheet.width, self.sheet.height)

    @property
    def unit(self) -> float:
        """A length that suits the sheet's size."""
        return sqrt(self.sheet.width * self.sheet.height) / 100

    @property
    def shape(self) -> float:
        """Width through height."""
        return self.sheet.width / self.sheet.height

    def random(self, what: str) -> Random:
        """Chance for one decision: the same for the same seed."""
        return Random(f"{what} {self.seed}")  # noqa: S311

    def fill(self, colour: str) -> None:
        """Paper in one colour."""
        self.rect(self.box, colour)

    def rect(
        self, box: Box, fill: str, *, round_: float = 0.0, edge: str = "", thick: float = 0.0, opacity: float = 1.0
    ) -> None:
        """A rectangle; `round_` is its corners' radius."""
        corner = f' rx="{min(round_, box.w / 2, box.h / 2):.2f}"' if round_ else ""
        size = f'x="{box.x:.2f}" y="{box.y:.2f}" width="{box.w:.2f}" height="{box.h:.2f}"'
        self.sheet.add(f"<rect {size}{corner}{_look(fill, edge, thick, opacity)}/>")

    def circle(
        self, x: float, y: float, radius: float, fill: str, *, edge: str = "", thick: float = 0.0, opacity: float = 1.0
    ) -> None:
        """A disc, or a ring where `fill` is "none"."""
        self.sheet.add(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"{_look(fill, edge, thick, opacity)}/>')

    def line(self, x: float, y: float, to_x: float, to_y: float, colour: str, thick: float, dash: str = "") -> None:
        """A straight line with round ends."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        ends = f'x1="{x:.2f}" y1="{y:.2f}" x2="{to_x:.2f}" y2="{to_y:.2f}"'
        self.sheet.add(f'<line {ends} stroke="{colour}" stroke-width="{thick:.2f}" stroke-linecap="round"{dashed}/>')

    def path(self, data: str, fill: str, *, edge: str = "", thick: float = 0.0, opacity: float = 1.0) -> None:
        """Any shape, by SVG path data."""
        if data:
            self.sheet.add(f'<path d="{data}"{_look(fill, edge, thick, opacity)}/>')

    def ink(self, data: str, colour: str, *, edge: str = "", thick: float = 0.0) -> None:
        """Lettering; `edge` is drawn around and behind it, `thick` wide on each side."""
        if edge and thick:
            self.path(data, edge, edge=edge, thick=2 * thick)
        self.path(data, colour)

    def words(
        self,
        text: str,
        name: str,
        box: Box,
        colour: str,
        *,
        most: float = LARGEST,
        lines: int = 99,
        align: Align = "middle",
        leading: float = 1.2,
        tracking: float = 0.0,
    ) -> Block:
        """Text as large as a box allows, in the middle of its height: drawn, and returned for its measures."""
        block = fit(text, name, box.w, box.h, most=most, lines=lines, leading=leading, tracking=tracking, align=align)
        x = {"left": box.x, "middle": box.cx, "right": box.right}[align]
        high = box.cy - block.height / 2
        y = min(max(high, box.y + block.over), box.foot - block.tail - block.height)
        self.ink(block.path(x, y), colour)
        return block

    def find(self, name: str, look: Look = "colour") -> Drawing | None:
        """The drawing of a thing."""
        return marks.find(self.art, name, look) if name else None

    def knows(self, name: str) -> bool:
        """Whether there is a drawing of the very thing, not of something like it."""
        drawing = self.find(name)
        return drawing is not None and not drawing.left

    def thing(self, name: str, box: Box, *, look: Look = "colour", colour: str = "", turn: float = 0.0) -> bool:
        """A thing as large as a box allows; False (and nothing drawn) where there is no drawing of it."""
        drawing = self.find(name, look)
        if drawing is None:
            return False
        self.sheet.add(archive.place(drawing, *box, colour=colour or marks.usual(drawing), turn=turn))
        return True

    def subject(self, subject: Subject, box: Box, *, look: Look = "colour") -> None:
        """A subject in its colours; a labelled tile where there is no drawing of it."""
        ink = self.scene.style in STYLES
        figure = Maker(self.art, "flat" if ink else look, None, placeholder).figure(subject, self.random(subject.name))
        if not figure.known:
            drawing = self.find(subject.name, look)
            if drawing is not None:
                self.sheet.add(archive.place(drawing, *box, colour=marks.usual(drawing)))
                return
        scale = min(box.w / figure.width, box.h / figure.height)
        w, h = figure.width * scale, figure.height * scale
        markup = figure.at(box.cx - w / 2, box.cy - h / 2, w, h)
        if ink:
            self.sheet.add(rimmed(markup, self.unit * 1.1 / scale))
        self.sheet.add(inked(markup) if ink else markup)


def _look(fill: str, edge: str, thick: float, opacity: float) -> str:
    out = f' fill="{escape(fill)}"'
    if edge and thick:
        out += f' stroke="{escape(edge)}" stroke-width="{thick:.2f}" stroke-linejoin="round"'
    if opacity < 1:
        out += f' opacity="{opacity:.3g}"'
    return out
