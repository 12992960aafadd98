"""Words to intent."""

from __future__ import annotations

import time

import pytest

from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.manner import Manner, manner, shaped
from pollux.engines.builtin.understand import choices, understand
from tests.engines.builtin.answering import MEANING


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("", Intent.DESCRIBE),
        ("Describe this image.", Intent.DESCRIBE),
        ("What do you see?", Intent.DESCRIBE),
        ("What is in the second image?", Intent.DESCRIBE),
        ("Caption this image.", Intent.CAPTION),
        ("Write alt text for the photo", Intent.ALT),
        ("Transcribe the text", Intent.READ),
        ("What does the sign say?", Intent.READ),
        ("Is it a cat, a dog or a bird?", Intent.CHOOSE),
        ("Classify this: invoice, receipt, letter", Intent.CHOOSE),
        ("Is there any food or drink?", Intent.PRESENCE),
        ("How many faces are there?", Intent.COUNT),
        ("What colour is the square?", Intent.COLOUR),
        ("Where is the text?", Intent.WHERE),
        ("What is on the left?", Intent.AT),
        ("Is there a cat?", Intent.PRESENCE),
        ("Summarize this document", Intent.SUMMARISE),
        ("What is the total?", Intent.VALUE),
        ("Until when is parking forbidden?", Intent.VALUE),
        ("Which boxes are not ticked?", Intent.VALUE),
        ("Where was this bought?", Intent.WHERE),
        ("Decode the QR code", Intent.DECODE),
        ("What does this QR code say?", Intent.DECODE),
        ("What is this?", Intent.IDENTIFY),
        ("What breed is the dog?", Intent.IDENTIFY),
        ("What kind of image is this?", Intent.KIND),
        ("What language is it in?", Intent.LANGUAGE),
        ("Which language is selected?", Intent.VALUE),
        ("Give me bounding boxes of the cups", Intent.BOXES),
        ("Draw a cat in a hat", Intent.PAINT),
        ("Who is this?", Intent.WHO),
        ("Write a poem about it", Intent.CREATE),
        ("Translate the text into French", Intent.TRANSLATE),
        ("Give me 5 tags", Intent.TAGS),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    assert [q.intent for q in understand(text, "", 1, MEANING).questions] == [intent]


@pytest.mark.parametrize("text", ["What differs?", "What do these images have in common?", "Which one shows a cat?"])
def test_comparing_takes_two_pictures(text: str) -> None:
    assert understand(text, "", 2, MEANING).questions[0].intent is Intent.COMPARE
    assert understand(text, "", 1, MEANING).questions[0].intent is not Intent.COMPARE


def test_several_questions_in_order() -> None:
    asked = understand(
        "I took this in May. What is it? How many faces are there and what colour is it?", "", 1, MEANING
    )
    assert [q.intent for q in asked.questions] == [Intent.IDENTIFY, Intent.COUNT, Intent.COLOUR]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Is it a cat, a dog or a bird?", ("cat", "dog", "bird")),
        ("Is this a photograph or a drawing?", ("photograph", "drawing")),
        ("Choose one of [red wine, beer]", ("red wine", "beer")),
        ('Positive, negative or neutral: "Not a good day at all."', ("Positive", "negative", "neutral")),
    ],
)
def test_choices(text: str, found: tuple[str, ...]) -> None:
    assert choices(text) == found


@pytest.mark.parametrize(
    ("text", "wanted", "rest"),
    [
        ("What is it? Answer in one word.", Manner(form="word"), "What is it?"),
        ("Describe this in at most 12 words", Manner(words=12), "Describe this"),
        ("Describe it in two sentences.", Manner(sentences=2), "Describe it."),
        ("Describe it as JSON", Manner(form="json"), "Describe it"),
        ("List the objects as a bulleted list", Manner(form="list"), "List the objects"),
    ],
)
def test_manner(text: str, wanted: Manner, rest: str) -> None:
    found, left = manner(text)
    assert found == wanted
    assert left.rstrip(".") == rest.rstrip(".")


def test_shape_keeps_whole_sentences() -> None:
    text = "This is a cat. It is brown. The eyes are green."
    assert shaped(text, Manner(sentences=2)) == "This is a cat. It is brown."
    assert shaped(text, Manner(words=8)) == "This is a cat. It is brown."
    assert shaped(text, Manner(form="list")).splitlines()[1] == "- It is brown."


@pytest.mark.parametrize("piece", ["a, ", "is it x or y, ", "how many ", "the ", "(", "'a' ", "find the "])
def test_long_prompts_are_quickly_understood(piece: str) -> None:
    start = time.thread_time()
    understand(piece * (100_000 // len(piece)), "", 1, MEANING)
    assert time.thread_time() - start < 2
