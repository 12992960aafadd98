"""The archive of drawings: thousands of things by name, as vector markup.

`art/drawings.bin` is made by tools/make_art.py.  Its layout, integers little-endian: b"PLXART1\\n"; the lengths of the
dictionary and of the index as two uint32; the dictionary (zlib's preset one, shared by all drawings); the index (zlib);
the drawings (raw deflate, each by itself, so that one is read without the others).  The index is text: a line a drawing
"key kind x y width height offset length" with tabs, an empty line, then one line a phrase "phrase entry".  A drawing's
key is its look and its entry, "c/red-apple": "c" is drawn with shading, "f" flat, "s" a silhouette in `currentColor`;
people have skin tones behind a plus sign ("c/cook+dark").  x, y, width and height are those of its ink.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Literal

from pollux.engines.builtin.english import singular, words

Look = Literal["colour", "flat", "line"]
"""How a thing is drawn: with light and shade, in flat colours, or as a silhouette in one colour."""
Near = Callable[[str, Sequence[str]], tuple[int, float]]
"""The index of the phrase that is nearest in meaning, and how near it is (-1 to 1); `meaning.Meaning.best`."""

MAGIC = b"PLXART1\n"
TONES = ("light", "medium-light", "medium", "medium-dark", "dark")
LIKE = 0.62  # least nearness in meaning at which another thing's drawing is used
_ORDER: dict[Look, str] = {"colour": "cfs", "flat": "fcs", "line": "sfc"}
_PART_TEXT = "slice piece bunch pair group bit drop pile herd flock pack set plate bowl cup glass mug kind"
_PART = frozenset(_PART_TEXT.split())
_SMALL_TEXT = "a an the of in on with and my our your his her its their some several"
_SMALL = frozenset(_SMALL_TEXT.split())


@dataclass(frozen=True, slots=True)
class Drawing:
    """One thing's picture: `markup` fills the box from `x`, `y` with `width` x `height` (all of it ink).

    `name` is the archive's word for it, `kind` its group ("animal-mammal", "food-fruit", "person", "icon", ...), `left`
    the words of the question that the drawing does not show ("red" of "red panda" where only a panda was found).
    """

    name: str
    kind: str
    look: Look
    markup: str
    x: float
    y: float
    width: float
    height: float
    left: tuple[str, ...] = ()

    @property
    def shape(self) -> float:
        """Width through height."""
        return self.width / self.height


class Art:
    """The archive, read from `data`; a drawing is unpacked when it is asked for."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise ValueError("not an archive of drawings: make it with tools/make_art.py")
        shared, index = struct.unpack_from("<II", data, len(MAGIC))
        start = len(MAGIC) + 8
        self._data = data
        self._shared = data[start : start + shared]
        self._body = start + shared + index
        drawings, _, phrases = zlib.decompress(data[start + shared : self._body]).decode().partition("\n\n")
        self._drawings = {line.split("\t", 1)[0]: line for line in drawings.split("\n")}
        self._phrases = dict(line.split("\t") for line in phrases.split("\n"))

    def names(self) -> tuple[str, ...]:
        """Every phrase that is known, in alphabetical order."""
        return tuple(sorted(self._phrases))

    def knows(self, name: str) -> bool:
        """Whether the very thing is known, in the singular or the plural; a red panda is not because a panda is."""
        return bool(self._entry([word for word in words(name) if word not in _SMALL]))

    def find(self, name: str, look: Look = "colour", *, tone: str = "", near: Near | None = None) -> Drawing | None:
        """The drawing for a noun phrase, or None.

        The whole phrase is tried first, then without words from its front (the head noun stands last in English), then,
        with `near`, the thing of almost that meaning.  `tone` is a person's skin tone, one of TONES.
        """
        told = [word for word in words(name) if word not in _SMALL]
        for start in range(len(told)):
            icon = self._entry(told[start:], "icon ") if look == "line" else ""
            if entry := icon or self._entry(told[start:]) or self._entry_of(name, start):
                return self._drawn(entry, look, tone, tuple(told[:start]))
        if near is not None and told:
            entries = sorted({key[2:].partition("+")[0] for key in self._drawings if key.startswith("c/")})
            index, likeness = near(" ".join(told), [entry.replace("-", " ") for entry in entries])
            if index >= 0 and likeness >= LIKE:
                return self._drawn(entries[index], look, tone, ())
        return None

    def draw(self, entry: str, look: Look = "colour", tone: str = "") -> Drawing:
        """A drawing by the archive's own name.

        Raises:
            KeyError: there is none.
        """
        return self._drawn(entry, look, tone, ())

    def _entry(self, told: Sequence[str], before: str = "") -> str:
        if not told:
            return ""
        phrase = before + " ".join(told)
        one = before + " ".join((*told[:-1], singular(told[-1])))
        for tried in (phrase, one, phrase.replace(" ", ""), one.replace(" ", "")):
            if tried in self._phrases:
                return self._phrases[tried]
        return ""

    def _entry_of(self, name: str, start: int) -> str:
        """ "slice of pizza" as "pizza slice", "pizza" or, for other heads, what stands before "of"."""
        if start or " of " not in name:
            return ""
        head, _, rest = name.lower().partition(" of ")
        first, second = ([word for word in words(part) if word not in _SMALL] for part in (head, rest))
        if not first or not second:
            return ""
        turned = self._entry([*second, first[-1]])
        sides = (second, first) if singular(first[-1]) in _PART else (first[-1:], second)
        return turned or self._entry(sides[0]) or self._entry(sides[1])

    def _drawn(self, entry: str, look: Look, tone: str, left: tuple[str, ...]) -> Drawing:
        tones = (tone, *(other for other in TONES if other != tone))
        for letter in _ORDER[look]:
            for key in (f"{letter}/{entry}", *(f"{letter}/{entry}+{tone}" for tone in tones)):
                if key in self._drawings:
                    return replace(self._unpacked(key), left=left)
        raise KeyError(entry)

    def _unpacked(self, key: str) -> Drawing:
        _, kind, *numbers, offset, length = self._drawings[key].split("\t")
        x, y, width, height = (float(number) for number in numbers)
        start = self._body + int(offset)
        unpack = zlib.decompressobj(-15, zdict=self._shared)
        markup = unpack.decompress(self._data[start : start + int(length)]).decode()
        letter, _, entry = key.partition("/")
        look: Look = {"c": "colour", "f": "flat"}.get(letter, "line")  # type: ignore[assignment]
        own = f"q{letter}{offset}_"  # begins with no digit of a colour: recolour looks for "#" and hexadecimals
        markup = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{own}", markup)
        return Drawing(entry.split("+")[0], kind, look, markup, x, y, width, height)


@lru_cache(maxsize=1)
def load() -> Art:
    """The archive that ships with Pollux."""
    return Art((resources.files(__package__) / "art" / "drawings.bin").read_bytes())


def place(
    drawing: Drawing,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    flip: bool = False,
    turn: float = 0,
    opacity: float = 1,
    colour: str = "",
) -> str:
    """The drawing in a box, as large as fits and in its middle: SVG markup.

    `flip` mirrors it, `turn` is clockwise in degrees, `colour` is what a silhouette is filled with.
    """
    scale = min(width / drawing.width, height / drawing.height)
    spin = f"rotate({turn:.2f})" if turn else ""
    across = -scale if flip else scale
    middle = drawing.x + drawing.width / 2, drawing.y + drawing.height / 2
    look = f' opacity="{opacity:.3g}"' if opacity < 1 else ""
    if colour:
        look += f' color="{colour}" fill="{colour}"'
    return (
        f'<g transform="translate({x + width / 2:.2f} {y + height / 2:.2f}){spin}scale({across:.5f} {scale:.5f})'
        f'translate({-middle[0]:.3f} {-middle[1]:.3f})"{look}>{drawing.markup}</g>'
    )
