"""Points of a chart: a category's word and the number that stands over it, or what was measured on its axis."""

from __future__ import annotations

import itertools
import re
import statistics
from dataclasses import dataclass

from pollux.engines.builtin.facts import is_upright
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene, TextLine

_SHARE = re.compile(r"(.*[^\W\d].*?)[\s:(–-]+(\d+(?:[.,]\d+)?\s?%)\)?")


@dataclass(frozen=True, slots=True)
class Point:
    """A category and its printed value."""

    label: str
    value: float
    text: str = ""

    @property
    def shown(self) -> str:
        """The value as it is printed."""
        return self.text or f"{self.value:g}"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    x: float
    y: float


def points(scene: Scene) -> list[Point]:
    """The points of a chart in order; by the numbers printed over the categories, else as measured on the axis."""
    if scene.kind != "chart":
        return []
    return _printed(scene) or [Point(one.label, one.value, f"{one.value:g}{one.unit}") for one in scene.plotted]


def _printed(scene: Scene) -> list[Point]:
    """The points whose values are printed."""
    words = [word for line in scene.lines if not is_upright(line) for word in _words(line)]
    numbers = [word for word in words if re.fullmatch(r"[$€£]?-?\d[\d.,]*%?", word.text)]
    names = _axis([word for word in words if re.search(r"[^\W\d]{2}", word.text)])
    if len(names) < 2:
        return _legend(scene)
    step = min(b.x - a.x for a, b in itertools.pairwise(names))
    inside = [one for one in numbers if one.x > names[0].x - step / 2 and one.y < names[0].y]
    out = []
    for name in names:
        near = [one for one in inside if abs(one.x - name.x) < 0.35 * step]
        if len(near) == 1 and (value := number(near[0].text)) is not None:
            out.append(Point(name.text, value, near[0].text))
    return out if len(out) > 0.6 * len(names) else _legend(scene)


def _legend(scene: Scene) -> list[Point]:
    """ "Tea 40%", "Coffee 60%" beside a pie: two shares and more."""
    found = [match for line in scene.lines if (match := re.fullmatch(_SHARE, line.text.strip()))]
    return [Point(m[1], number(m[2]) or 0.0, m[2].replace(" ", "")) for m in found] if len(found) > 1 else []


def _words(line: TextLine) -> list[_Word]:
    """The runs of a line; where their places are not known they are spread evenly between its ends."""
    if line.pieces:
        return [_Word(piece.text, *piece.box.centre) for piece in line.pieces]
    runs = re.split(r"\s{2,}", line.text.strip())
    if len(runs) == 1:
        return [_Word(runs[0], *line.box.centre)]
    glyph = 0.45 * min(line.box.height, 30.0)
    first = line.box.left + glyph * len(runs[0]) / 2
    last = line.box.right - glyph * len(runs[-1]) / 2
    step = (last - first) / (len(runs) - 1)
    return [_Word(run, first + i * step, line.box.centre[1]) for i, run in enumerate(runs)]


def _axis(names: list[_Word]) -> list[_Word]:
    """The longest row of words, from left to right, with even gaps."""
    best: list[_Word] = []
    for one in names:
        row = sorted((w for w in names if abs(w.y - one.y) < 6), key=lambda w: w.x)
        gaps = [b.x - a.x for a, b in itertools.pairwise(row)]
        even = len(gaps) > 1 and min(gaps) > 0.6 * statistics.median(gaps) > 0
        if even and len(row) >= len(best) and (len(row) > len(best) or row[0].y > best[0].y):
            best = row
    return best


def is_named(label: str, asked: set[str]) -> bool:
    """Whether a category is among the words asked with; "Mar" is "march" too."""
    low = label.lower().rstrip(".")
    return low in asked or (len(low) >= 3 and any(word.startswith(low) for word in asked))
