"""Charts drawn here with known values: bars, slices and points, measured on the axis."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.plots import find_chart
from pollux.engines.builtin.seeing.thing import Thing

BLUE, RED, GREEN = (31, 119, 180), (214, 39, 40), (44, 160, 44)
VALUES = {"North": 90.0, "South": 42.5, "East": 13.0}


def label(text: str, x: float, y: float) -> TextLine:
    half = 4.0 * len(text)
    return TextLine(text, Box(x - half, y - 8, x + half, y + 8), 0.99)


def chart(*more: TextLine) -> tuple[Pixels, Scene]:
    """An empty plot of 500 x 400 pixels: 0 at y = 350, 100 at y = 50."""
    ticks = tuple(label(str(value), 60 - 4 * len(str(value)), 350 - 3 * value) for value in range(0, 101, 20))
    lines = (label("Sales by region", 260, 20), *ticks, *more)
    return np.full((400, 500, 3), 255, np.uint8), Scene(500, 400, "chart", 0.9, lines=lines, text_read=True)


def value(one: Thing) -> float:
    return float(one.state.removeprefix("value ").rstrip("%"))


def named(found: list[Thing], name: str) -> list[Thing]:
    return [one for one in found if one.name == name]


def bars(*, grid: bool) -> list[Thing]:
    names = [label(name, 130 + 120 * n, 370) for n, name in enumerate(VALUES)]
    picture, scene = chart(*names)
    for n, one in enumerate(VALUES.values()):
        cv2.rectangle(picture, (100 + 120 * n, round(350 - 3 * one)), (159 + 120 * n, 349), BLUE, -1)
    for y in range(50, 351, 60) if grid else ():
        cv2.line(picture, (70, y), (480, y), (200, 200, 200), 1)
    return find_chart(picture, scene)


@pytest.mark.parametrize("grid", [False, True])
def test_bars_are_measured_on_the_axis_and_named_by_the_words_below(grid: bool) -> None:
    found = named(bars(grid=grid), "bar")
    assert [one.text for one in found] == list(VALUES)
    assert [value(one) for one in found] == pytest.approx(list(VALUES.values()), rel=0.03)
    assert {one.colour for one in found} == {"blue"}


def test_wide_bars_that_cover_most_of_the_plot_are_not_its_ground() -> None:
    picture, scene = chart(*(label(name, 140 + 140 * n, 370) for n, name in enumerate(VALUES)))
    picture[40:351, 66:490] = 238
    tall = {"North": 97.0, "South": 92.0, "East": 95.0}
    for n, one in enumerate(tall.values()):
        cv2.rectangle(picture, (76 + 138 * n, round(350 - 3 * one)), (206 + 138 * n, 349), (42, 157, 143), -1)
    found = named(find_chart(picture, scene), "bar")
    assert [value(one) for one in found] == pytest.approx(list(tall.values()), rel=0.03)


def test_years_below_the_bars_are_no_values() -> None:
    places = {"2023": 2000.0, "2024": 2040.0}
    picture = np.full((400, 500, 3), 255, np.uint8)
    ticks = tuple(label(str(2500 - 500 * n), 40, 50 + 60 * n) for n in range(6))
    for n, one in enumerate(places.values()):
        cv2.rectangle(picture, (120 + 150 * n, round(350 - 0.12 * one)), (199 + 150 * n, 349), BLUE, -1)
    years = tuple(label(name, 160 + 150 * n, 362) for n, name in enumerate(places))
    found = find_chart(picture, Scene(500, 400, "chart", 0.9, lines=(*ticks, *years), text_read=True))
    assert [value(one) for one in named(found, "bar")] == pytest.approx(list(places.values()), rel=0.01)
    alone = find_chart(picture, Scene(500, 400, "chart", 0.9, lines=years, text_read=True))
    assert {one.state for one in named(alone, "bar")} == {""}


def test_an_axis_drawn_over_the_feet_of_bars_takes_nothing_from_them() -> None:
    names = [label(name, 130 + 120 * n, 370) for n, name in enumerate(VALUES)]
    picture, scene = chart(*names)
    for n, one in enumerate(VALUES.values()):
        cv2.rectangle(picture, (100 + 120 * n, round(350 - 3 * one)), (159 + 120 * n, 349), BLUE, -1)
    picture[347:353, 70:480] = 0
    found = named(find_chart(picture, scene), "bar")
    assert [value(one) for one in found] == pytest.approx(list(VALUES.values()), rel=0.03)


def test_two_of_many_marks_that_meet_at_a_height_are_no_bars() -> None:
    picture, scene = chart()
    cv2.rectangle(picture, (120, 194), (133, 209), RED, -1)
    cv2.rectangle(picture, (190, 210), (203, 222), RED, -1)
    for x, y in ((250, 100), (280, 300), (330, 160), (360, 250), (400, 80), (430, 320)):
        corners = np.array([(x, y - 11), (x + 11, y), (x, y + 11), (x - 11, y)], np.int32)
        cv2.fillPoly(picture, [corners], RED)
    assert named(find_chart(picture, scene), "bar") == []


def test_title_and_axes_are_parts_too() -> None:
    found = bars(grid=False)
    assert [one.text for one in named(found, "title")] == ["Sales by region"]
    assert named(found, "y axis")[0].box.right <= 62
    assert named(found, "x axis")[0].text == "North, South, East"


def test_slices_have_their_shares_and_names() -> None:
    picture, scene = np.full((400, 500, 3), 255, np.uint8), Scene(500, 400, "chart", 0.9)
    for first, last, colour in ((0, 180, BLUE), (180, 288, RED), (288, 360, GREEN)):
        cv2.ellipse(picture, (250, 200), (120, 120), 0, first, last, colour, -1)
    words = (label("Tea", 250, 345), label("Juice", 130, 80), label("Milk", 380, 90))
    found = named(find_chart(picture, Scene(500, 400, "chart", 0.9, lines=words, text_read=True)), "slice")
    assert {one.text: value(one) for one in found} == pytest.approx({"Tea": 50, "Juice": 30, "Milk": 20}, abs=0.6)
    assert len(named(find_chart(picture, scene), "slice")) == 3


def test_markers_of_a_line_are_points_with_values() -> None:
    places = {"Mon": 20.0, "Tue": 75.0, "Wed": 50.0}
    names = [label(name, 120 + 130 * n, 375) for n, name in enumerate(places)]
    picture, scene = chart(*names)
    dots = [(120 + 130 * n, round(350 - 3 * one)) for n, one in enumerate(places.values())]
    for one, other in itertools.pairwise(dots):
        cv2.line(picture, one, other, RED, 2, cv2.LINE_AA)
    for dot in dots:
        cv2.circle(picture, dot, 6, RED, -1, cv2.LINE_AA)
    found = named(find_chart(picture, scene), "point")
    assert [one.text for one in found] == list(places)
    assert [value(one) for one in found] == pytest.approx(list(places.values()), abs=1)


def test_a_plot_without_anything_plotted_has_no_parts() -> None:
    assert find_chart(*chart()) == []
