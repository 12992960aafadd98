from __future__ import annotations

import pytest

from pollux.engines.builtin.paint.layouts import theme
from pollux.engines.builtin.paint.layouts.palettes import PAIRS, PALETTES
from pollux.engines.builtin.paint.plan import Lettering, Scene


def test_contrast_is_that_of_the_rule() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("manner", sorted(PALETTES))
def test_ink_and_accents_are_readable_in_every_manner(manner: str) -> None:
    for seed in range(12):
        found = theme.theme_of(Scene("poster", mood=manner), seed)
        assert found.manner == manner
        assert theme.contrast(found.ink, found.ground) >= 7
        assert theme.contrast(found.ink, found.panel) >= theme.BODY
        assert theme.contrast(found.soft, found.ground) >= theme.BODY
        assert all(theme.contrast(accent, found.ground) >= theme.LARGE for accent in found.accents)
    assert manner in PAIRS


@pytest.mark.parametrize(
    ("named", "background"),
    [(("black", "white"), ""), (("navy", "gold"), ""), (("red",), ""), (("pink", "mint", "cream"), ""), ((), "navy")],
)
def test_a_named_palette_is_used_and_readable(named: tuple[str, ...], background: str) -> None:
    found = theme.theme_of(Scene("poster", palette=named, background=background), 1)
    assert theme.contrast(found.ink, found.ground) >= 7
    colours = {found.ground, found.ink, *found.accents}
    if named == ("black", "white"):
        assert colours <= {theme.code_of("black"), theme.code_of("white")} | set(found.accents[2:])
    if background:
        assert found.ground == theme.code_of(background)


def test_words_choose_the_manner() -> None:
    def manner(text: str, mood: str = "") -> str:
        return theme.manner_of(Scene("poster", mood=mood, lettering=(Lettering(text),)))

    assert manner("Kids birthday party") == "playful"
    assert manner("Wedding invitation") == "elegant"
    assert manner("Hackathon", "retro") == "retro"
    assert manner("Monday") == "modern"


def test_no_font_changes_capitals() -> None:
    assert theme.exact("The Daily Grind", "bangers") not in ("bangers", "bebas", "cinzel")
    assert theme.exact("POW!", "bangers") == "bangers"


def test_a_colour_moves_as_little_as_contrast_needs() -> None:
    assert theme.readable("#000000", "#ffffff") == "#000000"
    moved = theme.readable("#ffd166", "#ffffff")
    assert theme.BODY <= theme.contrast(moved, "#ffffff") < theme.BODY + 0.2
