"""Lone digits between the cells of a table are read; where there is no table nothing is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pollux.engines.builtin.lone import completed
from pollux.engines.builtin.ocr import Reading
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.text import as_line


def table() -> tuple[Pixels, list[TextLine]]:
    """Three rows of two cells that were read and a digit between them that was not."""
    image = Image.new("RGB", (600, 240), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(24)
    lines = []
    for row in range(3):
        top = 40 + 60 * row
        for text, x in (("Apples", 40), (str(row + 5), 300), ("12.50", 480)):
            draw.text((x, top), text, "black", font)
        cells = [
            TextLine("Apples", Box(36, top - 2, 125, top + 30), 0.9),
            TextLine("12.50", Box(476, top - 2, 550, top + 30), 0.9),
        ]
        lines.append(as_line(cells, 0))
    return np.asarray(image), lines


def test_digits_that_were_passed_over_are_read() -> None:
    pixels, lines = table()
    seen = list[Pixels]()

    def recognise(strips: Sequence[Pixels]) -> list[Reading]:
        seen.extend(strips)
        return [(str(5 + n), 0.9) for n in range(len(strips))]

    found = completed(pixels, lines, recognise)
    assert [line.text for line in found] == ["Apples  5  12.50", "Apples  6  12.50", "Apples  7  12.50"]
    assert all(strip.min() < 60 for strip in seen)
    assert abs(found[0].pieces[1].box.left - 300) < 8


def test_what_is_no_digit_is_left_out() -> None:
    pixels, lines = table()
    assert completed(pixels, lines, lambda strips: [("x", 0.9)] * len(strips)) == tuple(lines)
    assert completed(pixels, lines, lambda strips: [("5", 0.3)] * len(strips)) == tuple(lines)


def test_without_a_table_nothing_is_looked_for() -> None:
    pixels, lines = table()
    assert completed(pixels, lines[:2], lambda strips: [("5", 1.0)] * len(strips)) == tuple(lines[:2])
