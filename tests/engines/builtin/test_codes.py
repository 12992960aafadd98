"""Codes that lie askew or in grain, readings of parts of a code, and a bar code's number below its bars."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from pollux.engines.builtin.codes import codes, spelt
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Code, TextLine

CODE = Code("EAN-13", "2001234567893", Box(40, 40, 360, 160))


def drawn(kind: zxingcpp.BarcodeFormat, held: str, tilt: float = 0.0, grain: float = 0.0) -> Pixels:
    bars = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(held, kind), scale=3)))
    image = Image.new("L", (bars.width + 120, bars.height + 120), 255)
    image.paste(bars, (60, 60))
    turned = np.asarray(image.rotate(tilt, Image.Resampling.BICUBIC, expand=True, fillcolor=255), np.float32)
    noise = np.random.default_rng(3).normal(0, grain, turned.shape)
    return np.repeat(np.clip(turned + noise, 0, 255).astype(np.uint8)[..., None], 3, 2)


def test_a_stacked_code_that_lies_askew() -> None:
    for tilt in (-17, 14):
        assert [one.content for one in codes(drawn(zxingcpp.BarcodeFormat.PDF417, "platform nine, coach 4", tilt))] == [
            "platform nine, coach 4"
        ]


def test_bars_in_grain() -> None:
    assert [one.content for one in codes(drawn(zxingcpp.BarcodeFormat.Code39, "QKGFFB0Q3R5B", grain=25))] == [
        "QKGFFB0Q3R5B"
    ]


def test_one_code_is_read_once() -> None:
    for tilt in range(-20, 21, 4):
        found = codes(drawn(zxingcpp.BarcodeFormat.ITF, "275888890287", tilt))
        assert [one.content for one in found] == ["275888890287"]


def test_nothing_is_read_into_stripes() -> None:
    stripes = np.repeat(np.tile(np.arange(400) // 8 % 2 * 255, (300, 1)).astype(np.uint8)[..., None], 3, 2)
    assert codes(stripes) == ()


@pytest.mark.parametrize(
    ("text", "box", "said"),
    [
        ('2"001234567893', Box(30, 150, 350, 180), "2001234567893"),
        ("2 001234 56789", Box(40, 160, 360, 190), "2001234567893"),
        ("9781234567897", Box(40, 160, 360, 190), "9781234567897"),  # another number
        ("2001234567893", Box(40, 400, 360, 430), "2001234567893"),
        ("Lot 2001234567893", Box(40, 160, 360, 190), "Lot 2001234567893"),
        ('2"001234567893', Box(40, 400, 360, 430), '2"001234567893'),  # elsewhere on the page
    ],
)
def test_the_print_of_a_code_is_read_as_the_code_says(text: str, box: Box, said: str) -> None:
    (line,) = spelt([TextLine(text, box, 0.9)], [CODE])
    assert line.text == said
