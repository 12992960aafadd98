"""Scene and question to an answer: every statement rests on the scene."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import pytest

from pollux.engines.base import Turn
from pollux.engines.builtin.scene import Box, Scene, Shape
from pollux.engines.builtin.view import HOW_TO_PLUG_IN
from pollux.wire.content import Part
from tests.engines.builtin.answering import BLANK, CAT, PEOPLE, QR, RECEIPT, SHAPES, Asker, asker, lines

PARKING = Scene(500, 400, "photograph", 0.9, text_read=True, lines=lines("NO PARKING", "8 AM - 6 PM", "MON - FRI"))
HOURS = Scene(
    500, 400, "document", 0.9, text_read=True,
    lines=lines("TOWN LIBRARY", "Monday to Friday", "9:00 - 18:00", "Saturday", "10:00 - 14:00", "Closed on Sunday"),
)  # fmt: skip

FOUR = Scene(
    600, 400, "drawing", 0.9,
    shapes=(
        *(Shape("circle", "red", Box(20 + 200 * n, 20, 120 + 200 * n, 120)) for n in range(3)),
        Shape("triangle", "red", Box(250, 280, 350, 380)),
    ),
)  # fmt: skip


@pytest.fixture
def one() -> Iterator[Asker]:
    with asker() as made:
        yield made


@pytest.mark.parametrize(
    ("scene", "question", "answer"),
    [
        (CAT, "Caption this image.", "A photograph of a tabby cat."),
        (CAT, "What is this?", "This is a tabby cat."),
        (CAT, "What is this? Answer in one word.", "Cat."),
        (CAT, "Is there a cat?", "Yes: I recognise a tabby cat."),
        (CAT, "Is there an animal in the picture?", "Yes: I recognise a tabby cat."),
        (CAT, "Is it a cat or a dog?", "A cat. I recognise a tabby cat."),
        (CAT, "What kind of image is this?", "It is a photograph."),
        (CAT, "How big is this image?", "It is 451 pixels wide and 300 pixels high (landscape, 1.50:1)."),
        (CAT, "What is the main colour? Be brief.", "Brown."),
        (PEOPLE, "How many people are there?", "I count two people whose face I can see."),
        (PEOPLE, "Where are the faces?", "Two faces: at the top left and at the top right."),
        (RECEIPT, "What is the total?", "The total is 12.87."),
        (RECEIPT, "How much is the VAT?", "The VAT is 1.17."),
        (RECEIPT, "What is the date?", "The date is 2026-03-14."),
        (RECEIPT, "What is the receipt number?", "The receipt number is 00417."),
        (RECEIPT, "Is the total more than 20?", "No: the total is 12.87."),
        (RECEIPT, "What is the most expensive item?", "Flat white, with 7.60."),
        (RECEIPT, 'Does it say "orange juice"?', 'Yes: it says "1 Orange juice 4.10".'),
        (RECEIPT, "Is it a receipt or a menu?", "A receipt."),
        (RECEIPT, "Where was this bought?", "At BLUE KETTLE, 14 Harbour Lane."),
        (RECEIPT, "Where did I buy this?", "At BLUE KETTLE, 14 Harbour Lane."),
        (RECEIPT, "Where is the shop?", "14 Harbour Lane."),
        (PARKING, "Until when is parking forbidden?", "Until 6 PM (8 AM - 6 PM MON - FRI)."),
        (PARKING, "From when is parking forbidden? Be brief.", "8 AM"),
        (HOURS, "Until when is it open on Saturday?", "Until 14:00 (Saturday 10:00 - 14:00)."),
        (HOURS, "When does it open on Monday? Be brief.", "9:00"),
        (RECEIPT, "Caption this", "A receipt from BLUE KETTLE."),
        (SHAPES, "How many red circles are there?", "I count one red circle."),
        (SHAPES, "What colour is the square?", "The square is blue."),
        (SHAPES, "Where is the triangle?", "The green triangle is on the right."),
        (SHAPES, "What is on the left?", "On the left I see a red circle."),
        (FOUR, "Which is the odd one out?", "The red triangle at the bottom: the others are circles."),
        (SHAPES, "Caption", "A drawing of a red circle, a blue square and a green triangle."),
        (QR, "What does the QR code say?", 'The QR code holds "https://example.com/a".'),
        (QR, "How many QR codes are there?", "I count one QR code."),
        (BLANK, "What is this?", "This is a plain white picture."),
        (BLANK, "Read the text", "I looked for text and found none in the picture."),
    ],
)
def test_answers(one: Asker, scene: Scene, question: str, answer: str) -> None:
    assert one.ask(question, scene) == answer


@pytest.mark.parametrize("question", ["Is there a dog?", "Is there a person?", "Does it contain a bar code?"])
def test_no_is_only_what_can_be_seen(one: Asker, question: str) -> None:
    assert one.ask(question, CAT).startswith("Not that I can see: ")


@pytest.mark.parametrize(
    "question", ["Who is this?", "Is the cat happy?", "What is she thinking?", "Is it a man or a woman?"]
)
def test_what_it_cannot_know_it_says(one: Asker, question: str) -> None:
    answer = one.ask(question, CAT)
    assert "cannot" in answer
    assert "tabby cat" in answer
    assert answer.endswith(HOW_TO_PLUG_IN)


def test_doubt_is_told(one: Asker) -> None:
    for score, said in ((0.4, "It looks like a tabby cat."), (0.3, "It may be a tabby cat.")):
        labels = tuple(dataclasses.replace(label, score=score, family="") for label in CAT.labels)
        assert one.ask("What is this?", dataclasses.replace(CAT, labels=labels)).startswith(said)
    faint = tuple(dataclasses.replace(label, score=0.05) for label in labels)
    assert "cat" not in one.ask("What is this?", dataclasses.replace(CAT, labels=faint))


def test_kin_that_cannot_be_told_apart_are_named_by_family(one: Asker) -> None:
    torn = tuple(dataclasses.replace(label, score=0.45) for label in CAT.labels)
    answer = one.ask("Describe this image.", dataclasses.replace(CAT, labels=torn))
    assert answer.startswith("This is a photograph of a cat. The cat may be a tabby cat or a tiger cat.")


def test_reading_gives_the_text_as_it_stands(one: Asker) -> None:
    assert one.ask("Read all the text", RECEIPT) == RECEIPT.text
    assert one.eyes.read == [True]


def test_a_caption_lets_perception_decide_about_reading(one: Asker) -> None:
    one.ask("Caption this image.", CAT)
    assert one.eyes.read == [False]


def test_boxes_of_what_has_a_place(one: Asker) -> None:
    answer = one.ask("Detect all shapes. Give box_2d as JSON.", SHAPES)
    found = json.loads(answer)
    assert found[0] == {"box_2d": [231, 67, 769, 300], "label": "red circle"}
    assert [box["label"] for box in found] == ["red circle", "blue square", "green triangle"]


def test_boxes_of_what_has_none(one: Asker) -> None:
    answer = one.ask("Detect the cat", CAT)
    assert answer == "[]"


def test_two_pictures(one: Asker) -> None:
    assert one.ask("Which picture shows an animal?", SHAPES, CAT).startswith("The second:")
    assert one.ask("Which one has more text?", RECEIPT, CAT).startswith("The first:")
    assert one.ask("What is different?", CAT, RECEIPT).startswith(
        "The first is a photograph of a tabby cat. The second is a receipt from BLUE KETTLE."
    )
    assert one.ask("Are these the same picture?", CAT, CAT).startswith("Both pictures are the same file")
    assert one.ask("What is in the second image?", CAT, QR).startswith("This is a QR code")
    assert one.ask("How many pictures are there?", CAT, QR) == "I count two pictures."


def test_pictures_of_earlier_turns_stay_in_view(one: Asker) -> None:
    before = [one.turn("What is this?", CAT), Turn("model", (Part(text="A cat."),))]
    assert one.ask("And what colour is it?", before=before) == "Mostly brown; also green."
    assert one.ask("Is it a dog?", before=before).startswith("Not that I can see")


def test_questions_are_answered_in_order(one: Asker) -> None:
    answer = one.ask("What is it? Is there any text?", CAT)
    assert answer == "This is a tabby cat. Not that I can see: a quick look found none."


def test_system_instruction_shapes_the_answer(one: Asker) -> None:
    assert one.ask("What is this?", CAT, system="Answer in one word.") == "Cat."
    assert one.ask("", RECEIPT, system="Extract the text of the picture.") == RECEIPT.text


def test_seed_varies_the_words_not_the_answer(one: Asker) -> None:
    answers = {one.ask("What is this?", CAT, seed=seed) for seed in range(8)}
    assert answers == {"This is a tabby cat.", "It is a tabby cat."}
    assert one.ask("What is this?", CAT, seed=5) == one.ask("What is this?", CAT, seed=5)
