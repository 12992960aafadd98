from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.engines.builtin.paint import type as setting
from pollux.engines.builtin.paint.svg import NAMESPACES, raster

TEXT = "Grand opening party at the old harbour on Saturday night"


def inked(data: str, width: int = 400, height: int = 300) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what a path covers, in pixels."""
    pixels = raster(f'<svg {NAMESPACES} width="{width}" height="{height}"><path d="{data}"/></svg>', width, height)
    rows, columns = np.nonzero(pixels[..., 3] > 40)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize("name", ["inter", "vibes", "didone", "caveat", "anton"])
def test_what_is_measured_is_what_is_inked(name: str) -> None:
    block = setting.fit(TEXT, name, 300, 200, align="middle")
    left, top, right, bottom = inked(block.path(200, 20 + block.over))
    assert abs(right - left - block.width) < 3
    assert abs(bottom - top - block.whole) < 3
    assert abs((left + right) / 2 - 200) < 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("abcgjÄÉy,.!WM", min_size=1, max_size=14), min_size=1, max_size=12),
    st.floats(20, 900),
    st.floats(20, 900),
)
def test_fitted_text_is_in_its_box_with_all_its_words(words: list[str], width: float, height: float) -> None:
    block = setting.fit(" ".join(words), "garamond", width, height)
    assert block.width <= width * 1.001
    assert block.whole <= height * 1.001
    assert " ".join(line.text for line in block.lines).split() == words


def test_a_larger_box_takes_larger_letters_and_most_is_the_limit() -> None:
    sizes = [setting.fit(TEXT, "inter", side, side).size for side in (100, 200, 400)]
    assert sizes == sorted(set(sizes))
    assert setting.fit(TEXT, "inter", 4000, 4000, most=20).size == pytest.approx(20)
    assert len(setting.fit(TEXT, "inter", 300, 300, lines=2).lines) <= 2


def test_lines_are_of_about_equal_length() -> None:
    block = setting.fit("Every Sunday morning at nine", "inter", 260, 400, most=40)
    widths = [line.width for line in block.lines]
    assert min(widths) > max(widths) * 0.6


def test_line_feeds_stay() -> None:
    assert [line.text for line in setting.set_text("one two\nthree", "inter", 20).lines] == ["one two", "three"]


def test_a_number_and_its_unit_stay_together() -> None:
    lines = setting.set_text("Heat to 80 °C", "inter", 20, width=setting.measure("Heat to 80", "inter", 20) + 2).lines
    assert [line.text for line in lines] == ["Heat to", "80\u00a0°C"]


def test_tracking_and_alignment() -> None:
    assert setting.measure("SPACED", "inter", 20, 0.2) == pytest.approx(setting.measure("SPACED", "inter", 20) + 20)
    block = setting.set_text("right", "inter", 40, align="right")
    assert abs(inked(block.path(300, 100))[2] - 300) < 2


def test_text_on_a_circle_stays_near_it() -> None:
    for angle, inward in ((-90, False), (90, True)):
        data = setting.spread("AROUND", "inter-bold", 30, (200, 150), 100, angle=angle, inward=inward)
        xs, ys = ([float(v) for v in re.findall(r"-?\d+\.\d+", data)][n::2] for n in (0, 1))
        distances = [((x - 200) ** 2 + (y - 150) ** 2) ** 0.5 for x, y in zip(xs, ys, strict=True)]
        low, high = (72, 106) if inward else (94, 128)
        assert low < min(distances) < max(distances) < high
        assert (sum(ys) / len(ys) > 150) is inward


def test_nothing_is_set_of_nothing() -> None:
    block = setting.fit("  ", "inter", 100, 100)
    assert block.path(0, 0) == ""
    assert block.width == block.height == 0
