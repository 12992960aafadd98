"""Conversations about pictures: what is drawn, drawn again, edited, or answered in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pollux.engines.base import Picture, Prompt, Text, Turn
from pollux.engines.builtin.conversation import converse
from pollux.engines.builtin.perceive import Perceiver
from pollux.engines.builtin.reel import film
from pollux.engines.builtin.studio import Studio
from pollux.engines.wishes import Canvas, Reel, Source
from pollux.errors import Cancelled
from pollux.media.handle import Media
from pollux.wire.content import Part
from tests.engines.builtin.answering import MEANING

Pixels = NDArray[np.uint8]
SIDE = 128


def user(text: str, *pictures: Media) -> Turn:
    return Turn("user", (*([Part(text=text)] if text else []), *pictures))


def media(pixels: Pixels) -> Media:
    data = cv2.imencode(".png", cv2.cvtColor(pixels[..., :3], cv2.COLOR_RGB2BGR))[1].tobytes()
    return Media("image", "image/png", data, f"{hash(data):x}", width=pixels.shape[1], height=pixels.shape[0])


def studio(prompt: Prompt, *, cancelled: bool = False) -> Studio:
    blind = cast(Perceiver, object())  # nothing here is to be looked at
    return Studio(prompt, converse(prompt), lambda: blind, MEANING, lambda: cancelled)


def ask(
    turns: Sequence[Turn],
    canvas: Canvas | None = None,
    *,
    seed: int | None = None,
    candidate: int = 0,
    system: str = "",
    sources: tuple[Source, ...] = (),
) -> tuple[str, list[Picture]]:
    prompt = Prompt(
        "m", tuple(turns), canvas=canvas or Canvas(SIDE, SIDE), seed=seed, candidate=candidate, system=system,
        sources=sources,
    )  # fmt: skip
    events = list(studio(prompt).events())
    return "".join(one.text for one in events if isinstance(one, Text)), [e for e in events if isinstance(e, Picture)]


def chat(*texts: str) -> tuple[str, list[Picture]]:
    """The last answer of a conversation in which each earlier answer has its picture."""
    turns: list[Turn] = []
    said, pictures = "", list[Picture]()
    for text in texts:
        turns.append(user(text))
        said, pictures = ask(turns)
        shown = [media(picture.pixels) for picture in pictures]
        turns.append(Turn("model", (Part(text=said), *shown)))
    return said, pictures


def alike(one: Picture, other: Picture) -> bool:
    return one.pixels.shape == other.pixels.shape and bool((one.pixels == other.pixels).all())


def test_a_prompt_has_its_words_and_its_picture() -> None:
    said, (picture,) = ask([user("Draw a red car on a street")], Canvas(160, 96))
    assert said.strip() == "Here is an illustration of a red car on a street."
    assert picture.pixels.shape == (96, 160, 3)
    assert not picture.thought
    assert not picture.edited


def test_the_seed_decides_what_the_words_leave_open() -> None:
    turns = [user("a cat in a park")]
    same = [ask(turns)[1][0] for _ in range(2)]
    assert alike(*same)
    assert not alike(same[0], ask(turns, seed=7)[1][0])
    assert not alike(same[0], ask(turns, candidate=1)[1][0])
    assert alike(ask(turns, seed=7)[1][0], ask(turns, seed=7)[1][0])


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("Draw a car on a street", "make it blue", "a blue car on a street"),
        ("Draw a car on a street", "add a tree", "a car and a tree on a street"),
        ("Draw a car on a street", "now at night", "a car on a street at night"),
        ("a house with a tree in a meadow", "remove the tree", "a house in a field"),
        ("a cat on a chair", "two of them", "two cats on a chair"),
        ("a cat in a park", "make it a dog", "a dog in a park"),
        ("a cat in a park", "but with a hat", "a cat wearing a hat in a park"),
        ("a robot in a city", "give it a balloon", "a robot with a balloon in a city"),
        ('a poster titled "Sun" with a pear', 'change the title to "Moon"', "“Moon”"),
        ("a car", "an owl in a forest", "an owl in a forest"),
        ("a car", "draw a boat", "of a boat"),
    ],
)
def test_a_follow_up_changes_the_plan(first: str, then: str, said: str) -> None:
    words, (picture,) = chat(first, then)
    assert said in words
    assert not picture.edited


def test_undo_and_another_one() -> None:
    first = chat("Draw a car on a street")[1][0]
    assert alike(first, chat("Draw a car on a street", "make it blue", "undo that")[1][0])
    again, (other,) = chat("Draw a car on a street", "another one")
    assert "a car on a street" in again
    assert not alike(first, other)


def test_a_change_keeps_the_rest_of_the_picture() -> None:
    first, changed = chat("Draw a car on a street")[1][0], chat("Draw a car on a street", "make it blue")[1][0]
    same = (first.pixels == changed.pixels).all(axis=2)
    assert same[: SIDE // 4].all()  # the sky
    assert not same.all()


def test_a_picture_of_the_callers_is_edited_in_one_turn_or_two() -> None:
    photo = media(np.full((60, 80, 3), (30, 90, 200), np.uint8))
    for turns in (
        [user("turn it into black and white", photo)],
        [user("turn it into black and white"), user("", photo)],
    ):
        said, (picture,) = ask(turns, Canvas(80, 60, kept=True))
        assert picture.edited
        assert said.strip()
        spread = picture.pixels[..., :3].max(axis=2).astype(int) - picture.pixels[..., :3].min(axis=2)
        assert spread.max() <= 2


def test_an_edited_picture_is_edited_again() -> None:
    photo = media(np.full((60, 80, 3), (30, 90, 200), np.uint8))
    first = user("turn it into black and white", photo)
    said, (grey,) = ask([first], Canvas(80, 60, kept=True))
    turns = [first, Turn("model", (Part(text=said), media(grey.pixels))), user("rotate it by 90 degrees")]
    assert ask(turns, Canvas(60, 80))[1][0].edited


def test_questions_are_answered_in_words_where_words_are_welcome() -> None:
    def wanted(text: str, canvas: Canvas | None) -> bool:
        return studio(Prompt("m", (user(text),), canvas=canvas)).wanted

    both, alone = Canvas(SIDE, SIDE), Canvas(SIDE, SIDE, text=False)
    assert not wanted("What is the capital of France?", both)
    assert wanted("What is the capital of France?", alone)
    assert wanted("a lighthouse at dusk", both)
    assert not wanted("a lighthouse at dusk", None)


def test_interim_pictures_come_first() -> None:
    _, pictures = ask([user("a cat in a park")], Canvas(SIDE, SIDE, interim=2))
    assert [picture.thought for picture in pictures] == [True, True, False]


def test_several_pictures_alternate_with_words() -> None:
    prompt = Prompt("m", (user("a story about a fox in 4 pictures"),), canvas=Canvas(SIDE, SIDE))
    kinds = [type(one) for one in studio(prompt).events() if not (isinstance(one, Text) and not one.text)]
    assert kinds == [Text, Picture] * 4 + [Text]


def test_the_numbers_of_a_search_are_drawn() -> None:
    text = "A weather chart of the forecast for the next two days in Oslo, and what to wear"
    found = (Source("u", "t", "Monday: sunny, 21 °C. Tuesday: rain, 9 °C."),)
    with_, without = ask([user(text)], sources=found), ask([user(text)])
    assert "a weather chart" in with_[0]
    assert "T-shirt from 20 °C" in with_[0]
    assert "no weather data" in without[0]
    assert not alike(with_[1][0], without[1][0])


def test_what_cannot_be_drawn_is_said_once() -> None:
    said, _ = ask([user('a card titled "Hi \U0001fae0" with a cat and a flumph')])
    assert said.count("flumph") == 1
    assert "No font at hand has \U0001fae0" in said


def test_a_cancelled_prompt_ends() -> None:
    prompt = Prompt("m", (user("a cat"),), canvas=Canvas(SIDE, SIDE))
    with pytest.raises(Cancelled):
        list(studio(prompt, cancelled=True).events())


@pytest.mark.parametrize("seed", [-1, -(2**31), 2**31 - 1])
def test_every_seed_of_32_bits_is_one(seed: int) -> None:
    """Drawing, editing and filming: random numbers are not made of negative seeds."""
    noisy = media(np.full((64, 64, 3), 120, np.uint8))
    assert ask([user("a cat in the snow")], seed=seed)[1]
    (painted,) = ask([user("turn this into an oil painting", noisy)], seed=seed)[1]
    assert painted.edited
    falls = Prompt("m", (user("snow over a hill"),), seed=seed, reel=Reel(96, 64, 1, 2))
    assert len(list(film(falls, lambda: False))) == 2
