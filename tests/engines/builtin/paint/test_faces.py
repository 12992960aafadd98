from __future__ import annotations

from importlib import resources

import pytest

from pollux.engines.builtin.paint import faces

FOLDER = resources.files("pollux.engines.builtin.paint") / "fonts"
NAMES = sorted(part.name.removesuffix(".ttf") for part in FOLDER.iterdir() if part.name.endswith(".ttf"))


@pytest.mark.parametrize("name", NAMES)
def test_every_font_has_western_letters_and_shapes(name: str) -> None:
    font = faces.font(name)
    assert font.covers("Grüße, crème brûlée – “12.50 €”!")
    assert 0.3 < font.cap < 1
    run = faces.shape(name, "Hamburg")
    assert run.advance > 1.5
    assert all(faces.outline(glyph.font, glyph.number) for glyph in run.glyphs)


def test_kerning_draws_pairs_together() -> None:
    pair = faces.shape("inter", "AV").advance
    assert pair < faces.shape("inter", "A").advance + faces.shape("inter", "V").advance - 0.01


def test_a_word_that_a_font_lacks_is_set_in_one_that_has_it() -> None:
    assert {glyph.font for glyph in faces.shape("pacifico", "Привет").glyphs} == {"inter-bold"}
    assert {glyph.font for glyph in faces.shape("vibes", "Ωμέγα").glyphs} == {"garamond-italic"}


def test_what_no_font_has_is_told_and_left_out() -> None:
    assert faces.missing("Café 東京 🍕 ok 東") == "東京🍕"
    assert faces.shape("inter", "a東b").glyphs == faces.shape("inter", "ab").glyphs
    assert not faces.shape("inter", "東京").glyphs


def test_fonts_that_show_capitals_only_are_known() -> None:
    for name in NAMES:
        small, large = (-faces.shape(name, letter).glyphs[0].ink[1] for letter in "nN")
        assert (small > 0.95 * large) is (name in ("bebas", "bangers")), name
    assert {"bebas", "bangers", "cinzel"} == faces.CAPITALS
