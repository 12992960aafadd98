import pytest

from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.paint import colours


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("red", "red"), ("dark green", "dark green"), ("sky blue", "light blue"), ("navy", "dark blue"),
        ("pastel pink", "pink"), ("matte black", "black"), ("off-white", "white"), ("reddish", "red"),
        ("yellow", "yellow"),
    ],
)  # fmt: skip
def test_names_look_as_they_say(asked: str, seen: str) -> None:
    value = colours.rgb(asked)
    assert value is not None
    assert name_of(value) == seen


def test_what_names_no_colour_is_none() -> None:
    assert colours.rgb("happy") is None
    assert colours.rgb("#12") is None
    assert colours.rgb("#1b2c3d") == (27, 44, 61)


@pytest.mark.parametrize("value", [(0, 0, 0), (255, 255, 255), (12, 200, 77), (250, 128, 3)])
def test_lightness_chroma_hue_and_back(value: tuple[int, int, int]) -> None:
    again = colours.from_lch(colours.to_lch(value))
    assert all(abs(one - other) <= 1 for one, other in zip(value, again, strict=True))


def test_ink_is_readable() -> None:
    assert colours.ink_on("navy") == "#ffffff"
    assert colours.ink_on("yellow") != "#ffffff"
