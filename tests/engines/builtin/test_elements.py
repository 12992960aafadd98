"""Parts of a screen that a question names: their state, their colour, whether there are any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pollux.engines.base import Prompt, Turn
from pollux.engines.builtin.answers import elements
from pollux.engines.builtin.conversation import converse
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.understand import understand
from pollux.engines.builtin.view import Frames, View
from pollux.wire.content import Part
from tests.engines.builtin.answering import MEANING

SCREEN = Scene(800, 600, "screenshot", 0.9, text_read=True)
THINGS = {
    "checkbox": (
        Thing("element", ("checkbox",), Box(40, 40, 58, 58), text="Remember me", state="checked"),
        Thing("element", ("checkbox",), Box(40, 80, 58, 98), text="Send me news", state="unchecked"),
    ),
    "switch": (Thing("element", ("switch",), Box(700, 40, 740, 62), text="Sounds", state="unchecked"),),
    "button": (
        Thing("element", ("button",), Box(40, 500, 140, 540), text="Save", colour="green"),
        Thing("element", ("button",), Box(160, 500, 260, 540), text="Cancel", colour="white"),
    ),
}


def answer(text: str) -> str | None:
    def look(_scene: Scene, noun: str) -> Sequence[Thing]:
        return THINGS.get(noun.removesuffix("s"), ())

    asked = understand(text, "", 1, MEANING)
    talk = converse(Prompt("builtin", (Turn("user", (Part(text=text),)),)))
    return elements.answer(View(asked.questions[0], asked.manner, [SCREEN], talk, MEANING, Frames(), look))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('Is "Remember me" ticked?', 'Yes: the checkbox "Remember me" is ticked.'),
        ("Is the Send me news box checked?", 'No: the checkbox "Send me news" is not ticked.'),
        ('Is "Send me news" unchecked?', 'Yes: the checkbox "Send me news" is not ticked.'),
        ('Is "Sounds" switched on?', 'No: the switch "Sounds" is switched off.'),
        ('What colour is the "Save" button?', 'The "Save" button is green.'),
        ("Is there a text field?", "Not that I can see: I find no text field on it."),
        ("Are there any buttons?", "Yes: I see two buttons at the bottom left."),
        ('Is "Dark mode" ticked?', None),
        ("Is the sky on?", None),
    ],
)
def test_what_is_named(text: str, said: str | None) -> None:
    assert answer(text) == said
