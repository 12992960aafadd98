"""The fonts that lettering is set in, and their letters as outlines.

HarfBuzz shapes: kerning, ligatures and the joined letters of scripts are the fonts' own.  All measures are in em (the
size of the type), x to the right and y down from the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from pollux.engines.builtin.paint.plan import Face

FACES: dict[Face, tuple[str, str]] = {  # what a kind of lettering is set in by default: usual, bold
    "sans": ("poppins", "poppins-bold"),
    "serif": ("garamond", "didone"),
    "slab": ("slab", "slab-bold"),
    "script": ("vibes", "pacifico"),
    "hand": ("patrick", "caveat"),
    "display": ("didone", "anton"),
    "mono": ("mono", "mono-bold"),
    "comic": ("comic", "bangers"),
    "pixel": ("pixel", "pixel"),
}
CAPITALS = frozenset({"bebas", "cinzel", "bangers"})
"""Fonts whose small letters look like capitals."""
_STAND_IN = {  # set in these what a font has no letters for; the first that has them all
    "garamond": ("garamond", "inter"),
    "didone": ("garamond-bold", "inter-bold"),
    "cinzel": ("garamond-bold", "inter-bold"),
    "vibes": ("garamond-italic", "inter"),
    "poiret": ("inter", "garamond"),
    "typewriter": ("mono", "inter"),
    "pixel": ("mono-bold", "inter-bold"),
    "patrick": ("inter", "garamond"),
    "slab": ("slab", "inter"),
    "poppins": ("inter", "garamond"),
}
_LAST = ("inter-bold", "inter", "garamond-bold", "garamond", "mono-bold")

Outline = tuple[tuple[str, tuple[float, ...]], ...]
"""Commands of an SVG path ("M", "L", "Q", "C", "Z") with their points, in em, y down."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter of a font where shaping put it: `x`, `y` in em from the start of its run; `ink` is left, top, right,
    bottom of what it covers there."""

    font: str
    number: int
    x: float
    y: float
    ink: tuple[float, float, float, float]
    advance: float


@dataclass(frozen=True, slots=True)
class Run:
    """Shaped text: glyphs, and how far the pen moved, in em."""

    glyphs: tuple[Glyph, ...]
    advance: float


class Font:
    """One font file, its capitals `cap` em high: thread-safe, for nothing in it changes once it is read."""

    def __init__(self, name: str) -> None:
        import uharfbuzz as hb  # noqa: PLC0415

        self.name = name
        data = (resources.files(__package__) / "fonts" / f"{name}.ttf").read_bytes()
        face = hb.Face(hb.Blob(data))
        self._em = float(face.upem)
        self._letters = frozenset(face.unicodes)
        self._font: Any = hb.Font(face)
        self._pen = _pen()
        self.cap = -self.shape("H").glyphs[0].ink[1]

    def covers(self, text: str) -> bool:
        """Whether it has a letter for every character."""
        return all(ord(letter) in self._letters for letter in text)

    def shape(self, text: str) -> Run:
        """The glyphs of one run of text, from left to right."""
        import uharfbuzz as hb  # noqa: PLC0415

        if not text:
            return Run((), 0.0)
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        hb.shape(self._font, buffer, {"lnum": True})
        glyphs, x, em = list[Glyph](), 0.0, self._em
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            left, up = x + place.x_offset / em, -place.y_offset / em
            box = self._font.get_glyph_extents(info.codepoint)
            ink = (
                left + box.x_bearing / em,
                up - box.y_bearing / em,
                left + (box.x_bearing + box.width) / em,
                up - (box.y_bearing + box.height) / em,
            )
            glyphs.append(Glyph(self.name, info.codepoint, left, up, ink, place.x_advance / em))
            x += place.x_advance / em
        return Run(tuple(glyphs), x)

    def outline(self, number: int) -> Outline:
        """A glyph's shape."""
        drawn: list[tuple[str, tuple[float, ...]]] = []
        self._font.draw_glyph(number, self._pen, (drawn, self._em))
        return tuple(drawn)


@lru_cache(maxsize=64)
def font(name: str) -> Font:
    """A font that ships with Pollux, by the name of its file."""
    return Font(name)


@lru_cache(maxsize=4096)
def outline(name: str, number: int) -> Outline:
    """The shape of a glyph of the font `name`."""
    return font(name).outline(number)


@lru_cache(maxsize=4096)
def shape(name: str, word: str) -> Run:
    """A word in the font `name`, or in a relative that has all its letters; letters that none has are left out."""
    chain = (name, *_STAND_IN.get(name, _STAND_IN.get(name.split("-")[0], ())), *_LAST)
    for tried in chain:
        if font(tried).covers(word):
            return font(tried).shape(word)
    known = "".join(letter for letter in word if any(font(tried).covers(letter) for tried in chain))
    if known != word:
        return shape(name, known)
    parts, x = list[Glyph](), 0.0  # no font has them all: letter by letter
    for letter in word:
        run = shape(name, letter)
        parts += [_moved(glyph, x) for glyph in run.glyphs]
        x += run.advance
    return Run(tuple(parts), x)


def missing(text: str) -> str:
    """The characters of a text that no font has, each once, in order; white space is never among them."""
    return "".join(
        letter
        for letter in dict.fromkeys(text)
        if not letter.isspace() and not any(font(name).covers(letter) for name in _LAST)
    )


def _moved(glyph: Glyph, x: float) -> Glyph:
    left, top, right, bottom = glyph.ink
    ink = (left + x, top, right + x, bottom)
    return Glyph(glyph.font, glyph.number, glyph.x + x, glyph.y, ink, glyph.advance)


def _pen() -> Any:
    """HarfBuzz's callbacks, which write to (the list of commands, units of an em)."""
    import uharfbuzz as hb  # noqa: PLC0415

    def keep(command: str) -> Any:
        def write(*args: Any) -> None:
            drawn, em = args[-1]
            drawn.append((command, tuple((-v if i % 2 else v) / em for i, v in enumerate(args[:-1]))))

        return write

    pen = hb.DrawFuncs()
    pen.set_move_to_func(keep("M"))
    pen.set_line_to_func(keep("L"))
    pen.set_quadratic_to_func(keep("Q"))
    pen.set_cubic_to_func(keep("C"))
    pen.set_close_path_func(keep("Z"))
    return pen
