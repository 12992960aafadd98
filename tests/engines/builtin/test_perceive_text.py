"""Reading: turned pages, positions, pieces of a row, and the cheap look, on pictures drawn with Pillow's own font."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pollux.engines.builtin import look
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.text import Reader
from pollux.errors import Cancelled

WORDS = ("Harbour Street 14", "Open from nine to five", "Closed on Sunday")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def notice(*, size: int = 28, words: tuple[str, ...] = WORDS) -> Pixels:
    picture = Image.new("RGB", (640, 420), (250, 250, 245))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    for n, text in enumerate(words):
        pen.text((80, 60 + 3 * size * n), text, font=font, fill=(20, 20, 30))
    return np.asarray(picture)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_is_read_whichever_way_it_lies(reader: Reader, turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(notice(), turns))
    lines = reader.read(picture)
    assert [line.text for line in lines] == list(WORDS)
    first = np.argwhere(picture[..., 0] < 100)  # ink: (y, x)
    for line in lines:
        inside = (first[:, 1] >= line.box.left) & (first[:, 1] < line.box.right)
        inside &= (first[:, 0] >= line.box.top) & (first[:, 0] < line.box.bottom)
        assert inside.mean() > 0.2


@pytest.mark.parametrize("size", [12, 20, 40])
def test_small_and_large_print_is_read(reader: Reader, size: int) -> None:
    assert [line.text for line in reader.read(notice(size=size))] == list(WORDS)


def test_the_cells_of_a_row_are_pieces_of_one_line(reader: Reader) -> None:
    picture = Image.new("RGB", (640, 200), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(26)
    for top, label, value in ((40, "Subtotal", "21.75"), (100, "Total", "23.93")):
        pen.text((60, top), label, font=font, fill="black")
        pen.text((480, top), value, font=font, fill="black")
    lines = reader.read(np.asarray(picture))
    assert [line.text for line in lines] == ["Subtotal  21.75", "Total  23.93"]
    assert [piece.text for piece in lines[1].pieces] == ["Total", "23.93"]
    assert lines[1].pieces[1].box.left == pytest.approx(480, abs=12)
    assert lines[1].box.right == lines[1].pieces[1].box.right


def test_an_empty_page_has_no_lines(reader: Reader) -> None:
    assert reader.read(np.full((300, 300, 3), 255, np.uint8)) == ()


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 400, 3), (400, 5, 3), (31, 33, 3)])
def test_odd_sizes_are_no_trouble(reader: Reader, shape: tuple[int, int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert isinstance(reader.read(picture), tuple)
    assert isinstance(look.has_text(picture, reader), bool)


def test_reading_stops_when_the_caller_left(reader: Reader) -> None:
    with pytest.raises(Cancelled):
        reader.read(notice(), lambda: True)


def test_the_look_sees_words_on_noise_and_none_in_noise_alone(reader: Reader) -> None:
    noise = np.random.default_rng(5).integers(60, 140, (420, 640, 3)).astype(np.uint8)
    assert not look.has_text(noise, reader)
    picture = Image.fromarray(noise)
    ImageDraw.Draw(picture).text((80, 160), "Museum", font=ImageFont.load_default(60), fill="white")
    assert look.has_text(np.asarray(picture), reader)
