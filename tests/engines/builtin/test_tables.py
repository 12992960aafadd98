"""Tables found in a scene, and the questions that they answer."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import pytest

from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.tables import tables
from tests.engines.builtin.answering import RECEIPT, SHAPES, Asker, asker, lines

PEOPLE = Scene(
    900, 400, "document", 0.9, text_read=True,
    lines=lines(
        "Name | Role | Age", "Ana Lima | Pilot | 41", "Ben Ode | Baker | 29", "Cem Tan | Cook | 57",
    ),
)  # fmt: skip
CHART = Scene(
    640, 420, "chart", 0.9, text_read=True,
    lines=(
        TextLine("90", Box(125, 160, 145, 176), 0.9), TextLine("125", Box(243, 90, 267, 106), 0.9, 1),
        TextLine("45", Box(365, 250, 385, 266), 0.9, 2),
        TextLine("North  South  East", Box(113, 370, 395, 386), 0.9, 3, (
            TextLine("North", Box(113, 370, 157, 386), 0.9, 3), TextLine("South", Box(233, 370, 277, 386), 0.9, 3),
            TextLine("East", Box(356, 370, 394, 386), 0.9, 3),
        )),
    ),
)  # fmt: skip
CARDS = Scene(
    900, 300, "screenshot", 0.9, text_read=True,
    lines=lines("Desk lamp | Floor lamp | Clock", "$34.99 | $89.00 | $12.50", "In stock | Sold out | In stock"),
)  # fmt: skip
MENU = Scene(
    600, 500, "document", 0.9, text_read=True,
    lines=lines("Starters", "Soup | 5.50", "Bread | 4.00", "Desserts", "Apple pie | 6.20", "Ice cream | 5.00"),
)  # fmt: skip


@pytest.fixture(scope="module")
def one() -> Iterator[Asker]:
    with asker() as made:
        yield made


INVOICE = Scene(
    900, 500, "document", 0.9, text_read=True,
    lines=(
        *lines("Item | Pieces | Amount", "Oak shelf | 7 | 51.80", "Paint roller | 4 | 295.52"),
        *(TextLine(text, Box(left, 136 + 32 * n, left + 10 * len(text), 156 + 32 * n), 0.98)
          for n, row in enumerate((("Subtotal", "347.32"), ("VAT 20%", "69.46"), ("Total due", "416.78")))
          for left, text in zip((280, 640), row, strict=True)),
    ),
)  # fmt: skip


def test_the_sums_below_a_table_are_not_its_rows() -> None:
    table, sums = tables(INVOICE)
    assert table.header == ("Item", "Pieces", "Amount")
    assert table.rows == (("Oak shelf", "7", "51.80"), ("Paint roller", "4", "295.52"))
    assert sums.rows[0] == ("Subtotal", "347.32")


def test_a_header_names_the_columns() -> None:
    (table,) = tables(PEOPLE)
    assert table.header == ("Name", "Role", "Age")
    assert table.rows[1] == ("Ben Ode", "Baker", "29")


def test_a_merged_run_is_cut_at_the_lane() -> None:
    head, *rest = PEOPLE.lines[:3], *(PEOPLE.lines[i : i + 3] for i in (3, 6, 9))
    first = rest[0][0]
    wide = Box(40, first.box.top, 390, first.box.bottom)
    merged = dataclasses.replace(first, text=f"{first.text}{' ' * 22}Pilot", box=wide)
    scene = dataclasses.replace(PEOPLE, lines=(*head, merged, rest[0][2], *rest[1], *rest[2]))
    assert tables(scene)[0].rows[0] == ("Ana Lima", "Pilot", "41")


def test_prose_in_columns_is_no_table() -> None:
    prose = lines(
        "this is a column of words | and this is one more of them", "it runs on and on | so does this one too"
    )
    assert tables(dataclasses.replace(PEOPLE, lines=prose)) == []


def test_cards_side_by_side_are_rows() -> None:
    assert tables(CARDS)[0].rows[1] == ("Floor lamp", "$89.00", "Sold out")


@pytest.mark.parametrize(
    ("scene", "question", "answer"),
    [
        (PEOPLE, "How old is Cem?", "Cem Tan: age 57."),
        (PEOPLE, "Who is the baker?", "Ben Ode."),
        (PEOPLE, "What is Ana's role?", "Ana Lima: role Pilot."),
        (PEOPLE, "Who is the youngest?", "Ben Ode, with 29."),
        (PEOPLE, "How many rows does the table have?", "I count three rows below the header."),
        (PEOPLE, "Is Ana older than Cem?", "No: Ana Lima 41, Cem Tan 57."),
        (PEOPLE, "What is the average age?", "42.33, the average of 41, 29 and 57."),
        (PEOPLE, "Who is older than 35?", "Ana Lima (41) and Cem Tan (57)."),
        (PEOPLE, "List all the names", "Ana Lima, Ben Ode and Cem Tan."),
        (CHART, "Which regions have more than 80?", "North (90) and South (125)."),
        (CHART, "Which month has the biggest increase?", None),
        (CARDS, "Which product costs more than 50 dollars?", "Floor lamp ($89.00)."),
        (MENU, "How many desserts are there?", "I count two desserts."),
        (MENU, "What is cheaper, the soup or the bread?", "Bread: 4.00, against Soup 5.50."),
        (CHART, "What is the value for South?", "South: 125."),
        (CHART, "Which region has the least?", "East, with 45."),
        (CHART, "Is North larger than East?", "Yes: North 90, East 45."),
        (CARDS, "What does the floor lamp cost?", "Floor lamp: price $89.00."),
        (CARDS, "Which lamp is sold out?", "Floor lamp."),
        (MENU, "What desserts are there?", "Apple pie (6.20) and Ice cream (5.00)."),
        (RECEIPT, "Which item is the most expensive?", "Flat white, with 7.60."),
    ],
)
def test_answers(one: Asker, scene: Scene, question: str, answer: str | None) -> None:
    said = one.ask(question, scene)
    assert said == answer if answer else "cannot" in said


def test_a_follow_up_keeps_the_column(one: Asker) -> None:
    before = [one.turn("How old is Ana?", PEOPLE)]
    assert "29" in one.ask("And Ben?", before=before)


def test_markdown(one: Asker) -> None:
    said = one.ask("Convert the table to markdown", PEOPLE)
    assert said.splitlines()[:3] == ["| Name | Role | Age |", "| --- | --- | --- |", "| Ana Lima | Pilot | 41 |"]


@pytest.mark.parametrize(
    ("scene", "question", "first"),
    [
        (PEOPLE, "Give me this table as JSON.", {"name": "Ana Lima", "role": "Pilot", "age": "41"}),
        (CHART, "Extract the data as JSON.", {"category": "North", "value": "90"}),
        (RECEIPT, "List the items with prices as JSON", {"quantity": "2", "name": "Flat white", "price": "7.60"}),
    ],
)
def test_json_without_a_schema(one: Asker, scene: Scene, question: str, first: dict[str, str]) -> None:
    assert json.loads(one.ask(question, scene))[0] == first


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What shape is the blue one?", "It is a square."),
        ("What is left of the square?", "The red circle."),
        ("What is between the circle and the triangle?", "The blue square."),
        ("What is the largest shape?", "The blue square, in the centre."),
        ("What is the leftmost shape?", "The red circle, on the left."),
        ("Is the circle red?", "Yes, the circle is red."),
        ("Is the square green?", "No, the square is blue."),
        (
            "Is the circle left of the square?",
            "Yes: the red circle is on the left and the blue square is in the centre.",
        ),
        ("What is above the square?", "Nothing is above the blue square."),
        ("How many shapes are not red?", "I count two non-red shapes."),
        ("Are there more circles than squares?", "No: I count one circle and one square."),
        ("Is the circle at the top?", "No, it is on the left."),
        ("What shapes are there?", "A red circle, a blue square and a green triangle."),
    ],
)
def test_shapes(one: Asker, question: str, answer: str) -> None:
    assert one.ask(question, SHAPES) == answer
