"""Words on things: signs are drawn for them, other things carry them."""

from __future__ import annotations

import random

import numpy as np

from pollux.engines.builtin.paint import art
from pollux.engines.builtin.paint.figure import Maker
from pollux.engines.builtin.paint.plan import Lettering, Scene, Subject
from pollux.engines.builtin.paint.render import render
from pollux.engines.builtin.paint.signs import board, carried, is_board


def test_lettering_goes_to_the_thing_it_is_on() -> None:
    scene = Scene(
        subjects=(Subject("robot", with_=(("holding", Subject("wooden sign")),)), Subject("mug")),
        lettering=(Lettering("Hi", on="sign"), Lettering("Tea", on="mug")),
    )
    robot, mug = carried(scene).subjects
    assert (robot.with_[0][1].words, mug.words, robot.words) == ("Hi", "Tea", "")


def test_only_a_sign_with_words_is_a_board() -> None:
    assert is_board(Subject("neon sign", words="OPEN"))
    assert not is_board(Subject("neon sign"))
    assert not is_board(Subject("mug", words="Tea"))


def test_a_longer_text_has_a_wider_sign() -> None:
    assert board(Subject("sign", words="WELCOME BACK"))[1] > board(Subject("sign", words="HI"))[1]


def test_words_are_to_be_seen_on_a_mug() -> None:
    maker = Maker(art.load())
    plain, told = (maker.figure(Subject("mug", words=words), random.Random(1)) for words in ("", "Best Dad"))
    assert plain.markup in told.markup
    assert len(told.markup) > len(plain.markup) + 200


def test_other_words_are_another_picture() -> None:
    def drawn(words: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        sign = Scene(subjects=(Subject("neon sign"),), setting="brick wall", lettering=(Lettering(words, on="sign"),))
        return render(sign, 128, 128, 1)

    assert (drawn("OPEN") == drawn("OPEN")).all()
    assert not (drawn("OPEN") == drawn("SHUT")).all()
