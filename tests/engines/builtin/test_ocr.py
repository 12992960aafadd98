"""The two networks of reading, on words drawn with Pillow's own font."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pollux.engines.builtin import ocr
from pollux.engines.builtin.ocr import Networks
from pollux.engines.builtin.pixels import Pixels
from pollux.errors import Cancelled

WORDS = ("Harbour Street 14", "OK", "Museum", "7", "12.50", "Closed on Sunday and Monday")


@pytest.fixture(scope="module")
def networks() -> Networks:
    return Networks(2)


def strip(text: str) -> Pixels:
    font = ImageFont.load_default(30)
    picture = Image.new("RGB", (int(font.getlength(text)) + 16, 46), "white")
    ImageDraw.Draw(picture).text((8, 5), text, font=font, fill="black")
    return np.asarray(picture)


def never() -> bool:
    return False


def test_strips_of_any_width_are_read_in_the_order_given(networks: Networks) -> None:
    read = networks.read([strip(word) for word in WORDS], never)
    assert [text for text, _ in read] == list(WORDS)
    assert all(0.8 < confidence <= 1 for _, confidence in read)


def test_a_strip_says_the_same_alone_as_among_others(networks: Networks) -> None:
    together = networks.read([strip(word) for word in WORDS], never)
    assert [networks.read([strip(word)], never)[0] for word in WORDS] == together


def test_an_empty_strip_says_nothing(networks: Networks) -> None:
    assert networks.read([np.full((46, 200, 3), 255, np.uint8)], never) == [("", 0.0)]


def test_reading_stops_when_the_caller_left(networks: Networks) -> None:
    with pytest.raises(Cancelled):
        networks.read([strip("one"), strip("two")], lambda: True)


def test_lines_are_found_row_by_row(networks: Networks) -> None:
    picture = Image.new("RGB", (640, 320), "white")
    for at in ((360, 40), (40, 42), (40, 200), (360, 200)):
        ImageDraw.Draw(picture).text(at, "Garden", font=ImageFont.load_default(30), fill="black")
    found = networks.find(np.asarray(picture))
    corners = [(round(float(quad[0, 0]), -2), round(float(quad[0, 1]), -2)) for quad in found.quads]
    assert corners == [(0, 0), (400, 0), (0, 200), (400, 200)]


def test_lines_in_order_keep_their_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    square = np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.int32)
    made = (np.stack([np.add(square, at) for at in ((50, 90), (80, 12), (20, 10))]), [0.7, 0.6, 0.9])
    monkeypatch.setattr(ocr, "_outliner", lambda: lambda maps, shape: made)
    found = Networks(1).find(np.full((96, 96, 3), 255, np.uint8))
    assert [int(quad[0, 0]) for quad in found.quads] == [20, 80, 50]
    assert found.scores == (0.9, 0.6, 0.7)
