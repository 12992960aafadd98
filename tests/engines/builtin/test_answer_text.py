"""Prompts without pictures: what can be worked out, what was told, and an honest no."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pollux.engines.base import Turn
from pollux.engines.builtin.answers.sums import evaluate
from pollux.engines.builtin.view import HOW_TO_PLUG_IN
from pollux.wire.content import Part
from tests.engines.builtin.answering import Asker, asker


@pytest.fixture
def one() -> Iterator[Asker]:
    with asker() as made:
        yield made


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 12*7?", "12*7 = 84"),
        ("15% of 80", "15% of 80 = 12"),
        ("What is 3 plus 4 times 2?", "3 plus 4 times 2 = 11"),
        ('How many words are in "the quick brown fox"?', '"the quick brown fox" has 4 words.'),
        ("How many r's are in strawberry?", '"strawberry" has three letters "r".'),
        ('Reverse "stressed"', "desserts"),
        ("Extract the emails from: ask ana@example.com or bob@example.org", "ana@example.com and bob@example.org"),
        ("The meeting is on Tuesday in room 4. When is the meeting?", "The meeting is on Tuesday in room 4."),
        ("Describe this image", "There is no picture in this conversation yet. Send one, and I will look at it."),
    ],
)
def test_sure_things(one: Asker, question: str, answer: str) -> None:
    assert one.ask(question) == answer


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Who won the cup in 1998?", "Who won the cup in 1998?"),
        ("Write a poem about the sea", "a poem about the sea"),
        ("Draw a banana", "text only"),
        ("Translate this to French: good morning", "translate"),
    ],
)
def test_the_rest_is_declined_by_name(one: Asker, question: str, named: str) -> None:
    answer = one.ask(question)
    assert named in answer
    assert answer.endswith(HOW_TO_PLUG_IN)


def test_what_was_told_is_remembered(one: Asker) -> None:
    before = [one.turn("My name is Ana. I live in Oslo."), Turn("model", (Part(text="Noted."),))]
    assert one.ask("What's my name?", before=before) == 'You told me: "My name is Ana."'


def test_another_language_is_answered_in_english(one: Asker) -> None:
    assert one.ask("¿Qué puedes decirme sobre los ríos de España?").startswith("I answer in English only.")
    assert not one.ask("Is a whale a fish?").startswith("I answer in English only.")


@pytest.mark.parametrize("text", ["9**9**9", "1/0", "(" * 90, "__import__('os')", "2**-1e9", "1e400"])
def test_sums_that_are_none(text: str) -> None:
    assert evaluate(text) is None
