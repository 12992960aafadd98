"""What changed between two drawings, and where; which of several pictures stands out."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.answers.odd import changes, odd_one
from pollux.engines.builtin.scene import Box, Scene, Shape

CIRCLE = Shape("circle", "red", Box(20, 20, 120, 120))
SQUARE = Shape("square", "blue", Box(480, 280, 580, 380))
BEFORE = Scene(600, 400, "drawing", 0.9, shapes=(CIRCLE, SQUARE))


def test_changes_are_named_with_their_places() -> None:
    assert changes(BEFORE, BEFORE) == []
    (gone,) = changes(BEFORE, replace(BEFORE, shapes=(CIRCLE,)))
    assert "blue square" in gone
    assert "bottom right" in gone
    (new,) = changes(replace(BEFORE, shapes=(SQUARE,)), BEFORE)
    assert "red circle" in new
    assert "top left" in new
    (other,) = changes(BEFORE, replace(BEFORE, shapes=(replace(CIRCLE, colour="green"), SQUARE)))
    assert "red circle" in other
    assert "green circle" in other
    (moved,) = changes(BEFORE, replace(BEFORE, shapes=(replace(CIRCLE, box=Box(20, 280, 120, 380)), SQUARE)))
    assert "top left" in moved
    assert "bottom left" in moved


def test_pictures_of_other_sizes_are_not_laid_on_each_other() -> None:
    assert changes(BEFORE, replace(BEFORE, width=900, shapes=())) == []


def test_the_odd_one_out() -> None:
    circle, square = replace(BEFORE, shapes=(CIRCLE,)), replace(BEFORE, shapes=(SQUARE,))
    photograph = Scene(600, 400, "photograph", 0.9)
    assert odd_one([circle, circle, photograph, circle]) == 2
    assert odd_one([square, circle, circle]) == 0
    assert odd_one([circle, circle, circle]) is None
    assert odd_one([circle, circle, square, square]) is None
    assert odd_one([circle, square]) is None
