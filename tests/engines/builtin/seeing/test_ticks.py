"""Labels along the axes that reading passed over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing import ticks
from pollux.engines.builtin.seeing.plots import plotted
from pollux.engines.builtin.text import Reader

HEIGHTS = (9.0, 1.5, 7.0)


def chart() -> tuple[Pixels, Scene]:
    """Three bars over 0 to 10; only the title and one category were read."""
    picture = np.full((420, 620, 3), 255, np.uint8)
    cv2.line(picture, (60, 40), (60, 360), (0, 0, 0), 1)
    cv2.line(picture, (60, 360), (600, 360), (0, 0, 0), 1)
    for value in range(0, 11, 2):
        y = 360 - 30 * value
        cv2.line(picture, (54, y), (60, y), (0, 0, 0), 1)
        (width, _), _ = cv2.getTextSize(str(value), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
        cv2.putText(picture, str(value), (46 - width, y + 5), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    for n, (name, high) in enumerate(zip(("Tea", "Juice", "Milk"), HEIGHTS, strict=True)):
        cv2.rectangle(picture, (110 + 170 * n, round(360 - 30 * high)), (209 + 170 * n, 359), (42, 157, 143), -1)
        cv2.putText(picture, name, (140 + 170 * n, 382), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    read = TextLine("Juice", Box(308, 366, 356, 386), 0.99)
    return picture, Scene(620, 420, "chart", 0.9, lines=(read,), text_read=True)


def test_lone_digits_beside_the_plot_are_read_and_give_the_values() -> None:
    picture, scene = chart()
    assert plotted(picture, scene) == ()
    whole = ticks.completed(picture, scene, Reader().recognise)
    texts = {run.text for line in whole.lines for run in line.pieces or (line,)}
    assert {"0", "2", "4", "6", "8", "10", "Tea", "Juice", "Milk"} <= texts
    found = plotted(picture, whole)
    assert [one.label for one in found] == ["Tea", "Juice", "Milk"]
    assert [one.value for one in found] == pytest.approx(HEIGHTS, rel=0.03)


def test_what_was_read_and_what_is_no_label_is_not_read_again() -> None:
    picture, scene = chart()
    plot = Box(110, 60, 550, 360)
    found = ticks.unread(picture, plot, [scene.lines[0].box])
    assert len(found) == 8  # six numbers, two categories; neither ticks, nor axes, nor what is known
    assert all(box.height < 20 for box in found)
