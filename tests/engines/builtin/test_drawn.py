"""The account of a picture reads like a sentence and is true of the plan."""

from __future__ import annotations

import pytest

from pollux.engines.builtin.drawn import account
from pollux.engines.builtin.paint.reading import read


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("A mountain landscape with a small cabin", "a small cabin in the mountains"),
        ("Underwater scene with a turtle and three fish", "a turtle and three fish under water"),
        ("A hamburger and fries on a wooden board", "a hamburger and fries on a wooden board"),
        ("An astronaut riding a horse on the moon", "an astronaut riding a horse in space"),
        ("An elderly Japanese potter in a workshop", "an elderly Japanese potter in a workshop"),
        ("A lighthouse on a cliff at night", "a lighthouse on a cliff at night"),
        ("A knight in front of a castle", "a knight in front of a castle"),
        ("A slice of pizza on a plate", "a slice of pizza on a plate"),
        ("The Eiffel Tower", "the Eiffel Tower"),
        ("Two dogs in a park", "two dogs in a park"),
    ],
)
def test_account(prompt: str, said: str) -> None:
    assert account(read(prompt).scenes[0]) == f"Here is an illustration of {said}."


def test_words_and_kinds() -> None:
    assert account(read('A logo with the text "Sun"').scenes[0]) == "Here is a logo with the words “Sun”."
    assert account(read("Timeline: 1957 Sputnik, 1969 Apollo 11").scenes[0]).startswith("Here is a timeline")
