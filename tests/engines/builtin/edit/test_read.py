"""Prompts to operations."""

from __future__ import annotations

import time

import pytest

from pollux.engines.builtin.edit.read import read


def told(text: str, pictures: int = 1) -> list[tuple[str, ...]]:
    """Kind and the fields that are set, in the order thing, to, how, at."""
    return [tuple(x for x in (one.kind, one.thing, one.to, one.how, one.at) if x) for one in read(text, pictures)]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("make the cup dark blue", [("recolour", "cup", "dark blue")]),
        ("Change the colour of the car from red to green.", [("recolour", "car", "green")]),
        ("please turn the wooden table into marble", [("recolour", "wooden table", "marble")]),
        ("turn the cat into a dog", [("swap", "cat", "dog")]),
        ("Remove the spoon and the cup", [("remove", "spoon"), ("remove", "cup")]),
        ("get rid of the watermark", [("lettering off",)]),
        ("put a crown on her head", [("add", "a crown", "on", "head")]),
        ("give the cat sunglasses and a hat", [("add", "sunglasses", "on", "cat"), ("add", "a hat", "on", "cat")]),
        ("add a dragon in the top left corner", [("add", "a dragon", "in the top left corner")]),
        ("blur the background", [("background", "blur")]),
        ("remove the background", [("background", "remove")]),
        ("put her on a red background", [("background", "red", "replace")]),
        ("replace the background with a beach at sunset", [("background", "beach at sunset", "replace")]),
        ("crop it to 4:3", [("crop", "4:3", "ratio")]),
        ("crop to the face", [("crop", "face", "thing")]),
        ("flip it vertically", [("flip", "vertical")]),
        ("resize to 640x480", [("resize", "640x480")]),
        ("extend the sky upwards", [("extend", "top")]),
        ("Turn this photo into a pencil sketch", [("style", "sketch")]),
        ("make it black and white except the flower", [("style", "flower", "black and white", "around")]),
        ("make the sky darker", [("tone", "sky", "brightness")]),
        ("make it look like golden hour", [("tone", "golden hour")]),
        ("make her smile", [("unable",)]),
    ],
)
def test_one_operation(text: str, steps: list[tuple[str, ...]]) -> None:
    assert told(text) == steps


def test_operations_keep_their_order() -> None:
    text = "1. Remove the person. 2. Make the sky darker. 3. add a red balloon in the sky, then flip it"
    assert [one.kind for one in read(text, 1)] == ["remove", "tone", "add", "flip"]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("brighten by 20%", 0.2),
        ("make it 15 per cent darker", -0.15),
        ("decrease the contrast by 30 %", -0.3),
        ("increase the exposure by one stop", 2 ** (1 / 2.2) - 1),
    ],
)
def test_amounts(text: str, share: float) -> None:
    (step,) = read(text, 1)
    assert step.amount == pytest.approx(share)


def test_words_grade() -> None:
    (little,), (plain,), (much,) = (read(f"make it {how} brighter", 1) for how in ("slightly", "", "much"))
    assert 0 < (little.amount or 0) < (plain.amount or 0) < (much.amount or 0)


def test_what_is_quoted_is_no_order() -> None:
    (step,) = read('add the text "remove the cat, then crop it" at the top', 1)
    assert (step.kind, step.to, step.how) == ("letter", "remove the cat, then crop it", "top")


def test_the_guides_templates() -> None:
    hat = "Using the provided image of my cat, please add a small, knitted wizard hat on its head. Make it look like \
it's sitting comfortably and matches the soft lighting of the photo."
    assert told(hat) == [("add", "a small, knitted wizard hat", "on", "head")]
    sofa = "Using the provided image of a living room, change only the blue sofa to be a vintage, brown leather \
chesterfield sofa. Keep the rest of the room, including the pillows on the sofa and the lighting, unchanged."
    assert told(sofa) == [
        ("recolour", "blue sofa", "vintage, brown leather chesterfield sofa"), ("keep", "pillows"),
    ]  # fmt: skip
    night = "Transform the provided photograph of a modern city street at night into the artistic style of Vincent van \
Gogh's 'Starry Night'. Preserve the original composition of buildings and cars."
    assert told(night) == [("style", "van gogh")]
    logo = "Take the first image of the woman with brown hair. Add the logo from the second image onto her black \
t-shirt. Ensure the woman's face and features remain completely unchanged."
    (placed,) = read(logo, 2)
    assert (placed.kind, placed.thing, placed.at, placed.pictures) == ("place", "logo", "black t-shirt", (2, 1))
    assert [
        one.kind for one in read("Turn this rough pencil sketch of a car into a polished photo of the car.", 1)
    ] == ["polish"]
    assert [one.kind for one in read("A studio portrait of this man against white, in profile looking right", 1)] == [
        "portrait"
    ]
    (comic,) = read("Make a 3 panel comic in a gritty, noir art style with high-contrast black and white inks.", 1)
    assert (comic.kind, comic.to, comic.amount) == ("comic", "ink", 3)


@pytest.mark.parametrize(
    "text",
    ["the " * 20000, "make " * 20000, '"' * 40000, "a, and " * 15000, "put the a from " * 8000, "\n1. " * 15000,
     "crop to " + "9" * 50000, "keep the " * 10000, "add " + "in the corner " * 9000, "(" * 40000, " " * 90000 + "x"],
)  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.thread_time()
    for pictures in (1, 3):
        assert len(read(text, pictures)) <= 24
    assert time.thread_time() - start < 3


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("add a small party hat on its head and a red bow tie below its chin",
         [("add", "a small party hat", "on", "head"), ("add", "a red bow tie", "below", "chin")]),
        ("make the cat wear sunglasses", [("add", "sunglasses", "on", "cat")]),
        ('change the text on the sign to "NO DOGS"', [("letter", "NO DOGS", "instead")]),
        ("give her blue hair", [("recolour", "hair", "blue hair")]),
        ("replace the sky with a starry night", [("background", "sky", "starry night", "sky")]),
    ],
)  # fmt: skip
def test_more_operations(text: str, steps: list[tuple[str, ...]]) -> None:
    assert told(text) == steps


def test_things_of_several_pictures_in_a_new_setting() -> None:
    text = "Take the woman from the first image and place her on a beach at sunset, with the cat of the second image."
    (step,) = read(text, 2)
    assert (step.kind, step.thing, step.to, step.pictures) == ("group", "woman|cat", "beach at sunset", (1, 2))
