"""Axes read from printed numbers."""

from __future__ import annotations

import pytest

from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.seeing import scales


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200", 1200), ("−3.5", -3.5), ("40 %", 40), ("2.5k", 2500), ("$7", 7), ("(12)", -12), ("50-", 50),
        ("0,25", 0.25),
        ("1'000", 1000), ("3M", 3e6),
    ],
)  # fmt: skip
def test_printed_numbers(text: str, value: float) -> None:
    assert scales.figure(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "Jan", "Q1", "12 May", "1.2.3", "-"])
def test_what_is_no_number(text: str) -> None:
    assert scales.figure(text) is None


def ticks(*pairs: tuple[str, float]) -> list[TextLine]:
    return [TextLine(text, Box(20, y - 8, 50, y + 8), 0.99) for text, y in pairs]


def test_one_misread_number_does_not_bend_the_axis() -> None:
    axis = scales.value_axis(ticks(("0", 300), ("20", 240), ("48", 180), ("60", 120), ("80", 60)), down=True)
    assert axis is not None
    assert [round(axis.value(y)) for y in (300, 180, 60)] == [0, 40, 80]
    assert axis.pixel(50) == pytest.approx(150)


def test_two_numbers_make_no_axis() -> None:
    assert scales.value_axis(ticks(("0", 300), ("20", 240)), down=True) is None
    assert scales.value_axis(ticks(("5", 300), ("9", 240), ("1", 180)), down=True) is None


def test_labels_read_as_one_run_are_cut() -> None:
    run = TextLine("10 20 30", Box(0, 0, 160, 16), 0.99)
    assert [one.text for one in scales.split_runs([run])] == ["10", "20", "30"]
