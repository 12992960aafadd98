"""The typed scene: everything the built-in engine saw in one picture.  Pure values; pixels of the upright picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PictureKind = Literal["photograph", "document", "screenshot", "chart", "drawing", "code", "blank"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright picture: 0 <= left < right <= width, 0 <= top < bottom <= height."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class TextLine:
    """One visual line of text as it was read; `confidence` 0 to 1; `block` groups lines into paragraphs.

    `pieces` are the separate runs of a line with wide gaps, from left to right, each with its own box: the cells of a
    table row, the two sides of "TOTAL  23.93", the labels along an axis.  Then `text` is theirs joined by two spaces,
    and `box` and `confidence` are of all.  Empty when the line is one run.  Blocks count up from 0 in reading order.
    `flat` is where the line would stand if a page that lies askew lay level; None where it does.
    """

    text: str
    box: Box
    confidence: float
    block: int = 0
    pieces: tuple[TextLine, ...] = ()
    flat: Box | None = None

    @property
    def level(self) -> Box:
        """The box for reading order, rows and columns; `box` is where the line is in the picture."""
        return self.flat or self.box


@dataclass(frozen=True, slots=True)
class Label:
    """A name the classifier gives the picture; `score` is a probability; `names` are all synonyms, most usual first.

    `family` is a broader everyday word where one is known ("cat" for "tabby"), else "".
    """

    name: str
    score: float
    names: tuple[str, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """A human face."""

    box: Box


@dataclass(frozen=True, slots=True)
class Code:
    """A QR or bar code that was decoded: `format` as people say it ("QR code", "EAN-13"), `content` as text."""

    format: str
    content: str
    box: Box


@dataclass(frozen=True, slots=True)
class Colour:
    """A named colour with its share of the picture (0 to 1), a typical value, and where it is strongest.

    `places` are cells of a 3 x 3 grid it dominates: "top left", "top", ..., "centre", ..., "bottom right".
    """

    name: str
    share: float
    rgb: tuple[int, int, int]
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A plain coloured region of a drawing or chart: "circle", "square", "rectangle", "triangle", ... in one colour."""

    name: str
    colour: str
    box: Box


@dataclass(frozen=True, slots=True)
class Plotted:
    """One bar, slice or point of a chart as it was measured: its label, its value, "%" or "" behind it."""

    label: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture, perceived.

    `text_read` tells whether reading was done; when False, `lines` is empty because nobody looked, and
    `text_suspected` says what the cheap look thought.  `brightness` and `sharpness` are 0 to 1.  `labels` are best
    first and empty for pictures a photograph classifier has no business with.  `shapes` are only looked for in
    drawings, values (`plotted`) only measured in charts.
    `background` names the colour that fills at least three
    quarters of the border, "" when none does.
    """

    width: int
    height: int
    kind: PictureKind
    kind_confidence: float
    lines: tuple[TextLine, ...] = ()
    text_read: bool = False
    text_suspected: bool = False
    labels: tuple[Label, ...] = ()
    faces: tuple[Face, ...] = ()
    codes: tuple[Code, ...] = ()
    colours: tuple[Colour, ...] = ()
    shapes: tuple[Shape, ...] = ()
    plotted: tuple[Plotted, ...] = ()
    background: str = ""
    grayscale: bool = False
    brightness: float = 0.5
    sharpness: float = 0.5

    @property
    def text(self) -> str:
        """All text in reading order, one line a line, a blank line between blocks."""
        out: list[str] = []
        for index, line in enumerate(self.lines):
            if index and line.block != self.lines[index - 1].block:
                out.append("")
            out.append(line.text)
        return "\n".join(out)
