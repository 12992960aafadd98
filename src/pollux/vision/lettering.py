"""Text on small plates: the font, its size, and what is written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pollux.errors import InvalidArgument
from pollux.vision.palette import Colour, ink

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# Looked for by name where the font that Pillow brings (Latin letters) lacks a character.
_OTHERS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "Arial Unicode.ttf",
    "PingFang.ttc",
    "msyh.ttc",
    "malgun.ttf",
    "arial.ttf",
)
_NOBODYS = "\U0010fffe"
_MOST_CHARACTERS = 60
_SOLID = 255


class Lettering:
    """Makes plates of one size of text (pixels)."""

    def __init__(self, size: float, font: str | None = None) -> None:
        from PIL import ImageFont  # noqa: PLC0415

        self._size = size
        try:
            default = ImageFont.truetype(font, size) if font else ImageFont.load_default(size)
        except OSError:
            raise InvalidArgument(f"font: {font} is no font file. Give the path of one.", field="font") from None
        self._fonts: list[FreeTypeFont] = [default]  # type: ignore[list-item]
        self._searched = font is not None
        self._known: dict[tuple[int, str], bool] = {}

    def plate(self, text: str, colour: Colour, widest: int) -> NDArray[np.uint8]:
        """RGBA, h x w x 4: the text in black or white on a plate with round corners, at most `widest` pixels."""
        from PIL import Image, ImageDraw  # noqa: PLC0415

        font = self._font(text)
        beside, above = round(self._size * 0.38), round(self._size * 0.2)
        text = self._cut(text, font, widest - 2 * beside)
        up, down = font.getmetrics()
        size = min(widest, int(font.getlength(text)) + 1 + 2 * beside), up + down + 2 * above
        plate = Image.new("RGB", size, colour)
        ImageDraw.Draw(plate).text((beside, above), text, font=font, fill=ink(colour))
        return np.dstack([np.asarray(plate, np.uint8), _round(size, self._size * 0.28)])

    def _cut(self, text: str, font: FreeTypeFont, width: int) -> str:
        """As much of a text as fits, with a mark where it was cut."""
        if font.getlength(text) <= width:
            return text
        least, most = 0, len(text)
        while least < most:
            middle = (least + most + 1) // 2
            if font.getlength(text[:middle].rstrip() + "...") <= width:
                least = middle
            else:
                most = middle - 1
        return text[:least].rstrip() + "..."

    def _font(self, text: str) -> FreeTypeFont:
        """The first font with all characters; where none has, the one that lacks the fewest."""
        if text.isascii():
            return self._fonts[0]
        lacking = [self._lacks(0, text)]
        if not lacking[0]:
            return self._fonts[0]
        self._search()
        lacking += [self._lacks(n, text) for n in range(1, len(self._fonts))]
        return self._fonts[int(np.argmin(lacking))]

    def _lacks(self, number: int, text: str) -> int:
        return sum(not self._has(number, character) for character in set(text) if not character.isspace())

    def _has(self, number: int, character: str) -> bool:
        key = (number, character)
        if key not in self._known:
            font = self._fonts[number]
            self._known[key] = bytes(font.getmask(character)) != bytes(font.getmask(_NOBODYS))
        return self._known[key]

    def _search(self) -> None:
        from PIL import ImageFont  # noqa: PLC0415

        if self._searched:
            return
        self._searched = True
        for name in _OTHERS:
            try:
                self._fonts.append(ImageFont.truetype(name, self._size))
            except OSError:
                continue


def _round(size: tuple[int, int], radius: float) -> NDArray[np.uint8]:
    """The alpha of a plate with round, smooth corners, less than a third of its height: h x w."""
    width, height = size
    x = np.maximum(radius - 0.5 - np.minimum(np.arange(width), np.arange(width)[::-1]), 0)
    y = np.maximum(radius - 0.5 - np.minimum(np.arange(height), np.arange(height)[::-1]), 0)
    alpha = np.full((height, width), _SOLID, np.uint8)
    edge = min(math.ceil(radius), height)
    for rows in (slice(0, edge), slice(height - edge, height)):
        alpha[rows] = _SOLID * np.clip(radius + 0.5 - np.hypot(x, y[rows, None]), 0, 1)
    return alpha


def caption(label: str, score: float | None = None) -> str:
    """One line for a thing: what it is, and how sure the model was."""
    line = " ".join("".join(c if c.isprintable() else " " for c in label[: 4 * _MOST_CHARACTERS]).split())
    if len(line) > _MOST_CHARACTERS:
        line = line[:_MOST_CHARACTERS].rstrip() + "..."
    return line if score is None else f"{line} {score:.2f}".strip()
