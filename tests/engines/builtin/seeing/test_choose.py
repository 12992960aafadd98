"""Which of the things found are the ones that were asked for."""

from __future__ import annotations

import dataclasses

import pytest

from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.choose import chosen
from pollux.engines.builtin.seeing.labels import labels
from pollux.engines.builtin.seeing.nouns import Sight
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import wanted
from pollux.engines.builtin.seeing.words import known
from tests.engines.builtin.answering import MEANING, PEOPLE, QR, RECEIPT

TABLE = Scene(1000, 500, "photograph", 0.9)
FOUND = (
    Thing("object", ("tabby cat", "cat", "animal"), Box(0, 0, 200, 200), 0.9),
    Thing("object", ("banana", "fruit", "food"), Box(300, 20, 360, 60), 0.8, colour="yellow"),
    Thing("object", ("wine glass", "glass"), Box(400, 0, 440, 120), 0.7),
    Thing("object", ("cup", "tableware"), Box(600, 300, 700, 400), 0.9, colour="dark green"),
    Thing("object", ("cup", "tableware"), Box(800, 310, 860, 360), 0.9, colour="red"),
    Thing("element", ("checkbox",), Box(10, 400, 30, 420), 1.0, text="Agree", state="checked"),
    Thing("element", ("button",), Box(100, 400, 180, 440), 1.0, text="Save", colour="blue"),
)


def names(text: str, things: tuple[Thing, ...] = FOUND, scene: Scene = TABLE) -> list[str]:
    found = chosen(Sight(things, scene, MEANING), wanted(text))
    return [f"{one.colour} {one.name}".strip() if one.kind == "object" else one.text for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Detect the fruit", ["yellow banana"]),
        ("Detect the animals and the cups", ["tabby cat", "dark green cup", "red cup"]),
        ("Detect all green objects", ["dark green cup"]),
        ("Detect the red cup", ["red cup"]),
        ("Detect the dogs", []),
        ("Segment the wooden and glass items", ["wine glass"]),
        ("Detect the largest object", ["tabby cat"]),
        ("Detect the second cup from the right", ["dark green cup"]),
        ("Detect the cup to the left of the red cup", ["dark green cup"]),
        ("Detect everything in the lower half except the cups", ["Agree", "Save"]),
        ("Detect the checked boxes", ["Agree"]),
        ("Detect the save button", ["Save"]),
        ("Detect no more than 2 objects", ["tabby cat", "dark green cup"]),
        ("Detect the thing nearest to the banana", ["wine glass"]),
    ],
)
def test_selection(text: str, found: list[str]) -> None:
    assert names(text) == found


FORM = (
    Thing("element", ("checkbox", "check box", "tick box"), Box(10, 10, 30, 30), text="News", state="checked"),
    Thing("element", ("checkbox", "check box", "tick box"), Box(10, 50, 30, 70), text="Sounds", state="checked"),
    Thing("element", ("radio button", "radio", "option"), Box(10, 90, 30, 110), text="Express", state="checked"),
    Thing("element", ("radio button", "radio", "option"), Box(10, 130, 30, 150), text="Pick up", state="unchecked"),
    Thing("element", ("button",), Box(10, 170, 80, 200), text="Save", colour="red"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Detect the ticked boxes", ["News", "Sounds"]),
        ("Detect the unticked boxes", []),
        ("Detect the selected option", ["Express"]),
        ("Detect the unselected radio button", ["Pick up"]),
        ("Detect the buttons", ["Save"]),
        ("Detect the radio buttons", ["Express", "Pick up"]),
    ],
)
def test_things_whose_kind_is_just_the_one_asked_for(text: str, found: list[str]) -> None:
    assert names(text, FORM, Scene(400, 300, "screenshot", 0.9)) == found


DRINKS = (
    Thing("object", ("espresso", "coffee", "food", "drink"), Box(0, 0, 200, 200)),
    Thing("object", ("red wine", "wine", "drink"), Box(300, 0, 400, 200)),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Detect the coffee cup", ["espresso"]),
        ("Detect the cup", ["espresso"]),
        ("Detect the mug", ["espresso"]),
        ("Detect the wine glass", ["red wine"]),
        ("Detect the crockery", ["espresso", "red wine"]),
        ("Detect the tea cup", []),
        ("Detect the bowl", []),
    ],
)
def test_a_drink_is_seen_with_its_vessel(text: str, found: list[str]) -> None:
    assert names(text, DRINKS) == found


@pytest.mark.parametrize(("names_of", "found"), [(("table", "list"), 9), (("table", "grid"), 3)])
def test_the_body_of_a_receipt_does_not_hide_its_lines(names_of: tuple[str, ...], found: int) -> None:
    body = Thing("table", names_of, Box(30, 95, 700, 400), 0.8)
    assert len(chosen(Sight((*known(RECEIPT), body), RECEIPT, MEANING), wanted("Detect everything"))) == found


@pytest.mark.parametrize(
    ("scene", "text", "found"),
    [
        (PEOPLE, "Detect the faces", 2),
        (PEOPLE, "Detect the second person from the left", 1),
        (PEOPLE, "Detect the cars", 0),
        (QR, "Detect the QR codes", 1),
        (QR, "Detect the bar codes", 1),
        (RECEIPT, "Detect all text lines", 9),
        (RECEIPT, "Detect every paragraph", 3),
    ],
)
def test_what_the_scene_knows(scene: Scene, text: str, found: int) -> None:
    assert len(chosen(Sight(known(scene), scene, MEANING), wanted(text))) == found


def test_the_words_themselves_are_placed() -> None:
    (total,) = chosen(Sight(known(RECEIPT), RECEIPT, MEANING), wanted('Detect the word "TOTAL"'))
    line = next(one.box for one in RECEIPT.lines if one.text.startswith("TOTAL"))
    assert total.text == "TOTAL"
    assert (total.box.left, total.box.top) == (line.left, line.top)
    assert total.box.right < line.left + 0.5 * line.width
    assert chosen(Sight(known(RECEIPT), RECEIPT, MEANING), wanted('Detect the word "REFUND"')) == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("", ["tabby cat", "banana", "cup"]),
        ("their colour", ["tabby cat", "yellow", "red"]),
        ("animal, fruit or cup", ["animal", "fruit", "cup"]),
        ("number", ["1", "2", "3"]),
        ("their position", ["tabby cat at the top left", "banana at the top left", "cup at the bottom right"]),
        ("defect", ["defect"] * 3),
    ],
)
def test_labels_in_the_callers_way(how: str, said: list[str]) -> None:
    assert labels([FOUND[0], FOUND[1], FOUND[4]], how, TABLE, MEANING) == said


def test_twins_are_told_apart() -> None:
    twin = dataclasses.replace(FOUND[4], box=Box(900, 20, 950, 60))
    assert labels([FOUND[3], FOUND[4], twin], "unique", TABLE, MEANING) == [
        "dark green cup", "red cup at the bottom right", "red cup at the top right",
    ]  # fmt: skip


def test_allergens_are_those_that_a_food_usually_has() -> None:
    cake = Thing("object", ("cupcake", "cake", "food"), Box(0, 0, 9, 9))
    assert labels([cake], "the allergens they can contain", TABLE, MEANING) == [
        "cupcake (may contain gluten, egg, milk)"
    ]
