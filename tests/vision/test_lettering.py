"""Plates of text: as wide as the text, cut where there is no room."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont

from pollux.errors import InvalidArgument
from pollux.vision.lettering import Lettering, caption

RED, PALE = (200, 0, 0), (250, 240, 200)


def test_a_plate_is_as_wide_as_its_text() -> None:
    letters = Lettering(20)
    short, long = letters.plate("cat", RED, 500), letters.plate("a long-haired cat", RED, 500)
    assert short.shape[0] == long.shape[0] > 20
    assert short.shape[1] * 2 < long.shape[1]
    assert tuple(short[short.shape[0] // 2, 2, :3]) == RED
    assert short[0, 0, 3] < 120 < short[short.shape[0] // 2, 2, 3]
    assert (short[..., :3] == 255).all(axis=2).any()
    assert (letters.plate("cat", PALE, 500)[..., :3] == 0).all(axis=2).any()


@pytest.mark.parametrize("widest", [1, 12, 60, 200])
def test_a_plate_is_never_wider_than_told(widest: int) -> None:
    assert Lettering(20).plate("W" * 300, RED, widest).shape[1] <= widest


def test_a_font_of_ones_own(tmp_path: Path) -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    own = tmp_path / "own.ttf"
    own.write_bytes(font.font_bytes)
    plate = Lettering(20, str(own)).plate("cat", RED, 200)
    assert abs(plate.shape[1] - Lettering(20).plate("cat", RED, 200).shape[1]) < 5
    with pytest.raises(InvalidArgument, match="font"):
        Lettering(20, str(tmp_path / "none.ttf"))


def test_letters_that_no_font_has_are_still_drawn() -> None:
    assert Lettering(16).plate("猫 \U000e0fff", RED, 200).shape[1] > 16


def test_captions() -> None:
    assert caption("cat") == "cat"
    assert caption(" a\n\tb\x00c ", 0.456) == "a b c 0.46"
    assert caption("", 1) == "1.00"
    assert len(caption("x" * 1000)) == 63
