"""Short words after an edit."""

from __future__ import annotations

import pytest

from pollux.engines.builtin.edit.chat import Follow, follow
from pollux.media.handle import Media

ONE, TWO, MADE, AGAIN = (Media("image", "image/png", b"", name) for name in ("one", "two", "made", "again"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("undo that", Follow("", (MADE,))),
        ("go back to the original", Follow("", (ONE,))),
        ("a bit more", Follow("make it warmer a bit", (AGAIN,))),
        ("even more please", Follow("make it warmer", (AGAIN,))),
        ("now the same for the other one", Follow("make it warmer", (TWO,))),
        ("do that to picture 1", Follow("make it warmer", (ONE,))),
        ("add a hat", None),
        ("make it brighter", None),
    ],
)
def test_what_a_short_word_means(text: str, meant: Follow | None) -> None:
    assert follow(text, ["make it warmer"], [(ONE, TWO)], [ONE, TWO, MADE, AGAIN]) == meant


def test_it_is_the_thing_that_was_recoloured() -> None:
    assert follow("now make it yellow", ["make the cup green"], [(ONE,)], [ONE, MADE]) == Follow(
        "make the cup yellow", (ONE,)
    )


def test_nothing_is_undone_where_nothing_was_made() -> None:
    assert follow("undo that", [], [], []) is None
