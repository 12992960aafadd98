"""The kind of a picture, on pictures drawn here, as PNG and as JPEG."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import pytest

from pollux import samples
from pollux.engines.builtin import kind
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Code, TextLine


def as_jpeg(picture: Pixels, quality: int) -> Pixels:
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return rgb(data.tobytes())


def rgb(data: bytes) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return cast(Pixels, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


def sheet(*, ground: tuple[int, int, int] = (255, 255, 255)) -> Pixels:
    return np.full((480, 640, 3), ground, np.uint8)


def line(text: str, left: float, top: float, width: float = 60, height: float = 16) -> TextLine:
    return TextLine(text, Box(left, top, left + width, top + height), 0.99)


@pytest.mark.parametrize("quality", [60, 75, 95])
@pytest.mark.parametrize(("name", "drawn"), [("cat", False), ("coffee", False), ("shapes", True), ("screenshot", True)])
def test_cameras_are_told_from_programs(name: str, drawn: bool, quality: int) -> None:
    assert kind.traits(as_jpeg(rgb(samples.read(name)), quality)).drawn is drawn


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (90, 20, 120)])
def test_one_colour_is_blank_even_with_noise(ground: tuple[int, int, int]) -> None:
    noise = np.random.default_rng(3).integers(-4, 5, (480, 640, 3))
    for picture in (sheet(ground=ground), np.clip(sheet(ground=ground) + noise, 0, 255).astype(np.uint8)):
        assert kind.judge(picture, kind.traits(picture))[0] == "blank"


def test_a_dot_is_a_drawing_and_not_blank() -> None:
    picture = sheet()
    cv2.circle(picture, (100, 100), 20, (220, 0, 0), -1)
    assert kind.judge(picture, kind.traits(picture))[0] == "drawing"


def test_bars_are_a_chart_by_their_axis_or_by_their_ground() -> None:
    picture = sheet()
    for n in range(5):
        cv2.rectangle(picture, (120 + 90 * n, 350 - 50 * n), (170 + 90 * n, 400), (30, 90, 200), -1)
    axis = [line(str(20 * n), 60, 392 - 80 * n, 30) for n in range(5)]
    assert kind.judge(picture, kind.traits(picture), axis)[0] == "chart"
    words = [line(text, 60, 392 - 80 * n, 30) for n, text in enumerate(("one", "two", "cat", "dog", "end"))]
    assert kind.judge(picture, kind.traits(picture), words)[0] == "chart"  # five bars stand on one line
    cv2.rectangle(picture, (0, 200), (640, 480), (30, 90, 200), -1)
    assert kind.judge(picture, kind.traits(picture), words)[0] != "chart"


def test_numbered_rows_under_a_title_bar_are_a_screenshot() -> None:
    picture = sheet()
    cv2.rectangle(picture, (0, 0), (640, 30), (30, 110, 70), -1)
    cv2.rectangle(picture, (0, 31), (40, 480), (225, 225, 225), -1)
    cv2.line(picture, (0, 31), (640, 31), (0, 0, 0), 1)
    cv2.rectangle(picture, (41, 31), (640, 60), (225, 225, 225), -1)
    rows = [line(str(n + 1), 10, 70 + 40 * n, 20) for n in range(10)]
    assert kind.judge(picture, kind.traits(picture), rows)[0] == "screenshot"


def test_text_on_one_light_ground_is_a_document() -> None:
    picture = cast(Pixels, np.full((900, 640, 3), 255, np.uint8))
    lines = [line("some words of a sentence that goes on", 60, 80 + 40 * n, 500) for n in range(12)]
    for one in lines:
        cv2.putText(picture, one.text, (60, int(one.box.bottom)), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 1)
    assert kind.judge(picture, kind.traits(picture), lines)[0] == "document"


def test_a_code_that_fills_the_picture_is_a_code() -> None:
    picture = sheet()
    picture[100:400, 150:450] = np.random.default_rng(1).integers(0, 2, (30, 30, 1)).repeat(10, 0).repeat(10, 1) * 255
    found = [Code("QR code", "text", Box(150, 100, 450, 400))]
    assert kind.judge(picture, kind.traits(picture), (), found)[0] == "code"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,200", 1200), ("-3.5", -3.5), ("40%", 40), ("$2", 2), ("(7)", -7), ("May", None), ("12 Harbour Lane", None)],
)
def test_numbers_are_recognised(text: str, value: float | None) -> None:
    assert kind.number(text) == value


def test_an_axis_is_even_in_place_and_in_value() -> None:
    even = [line(str(10 * n), 60, 400 - 50 * n, 30) for n in range(5)]
    prices = [line(text, 60, 100 + 50 * n, 30) for n, text in enumerate(("7.60", "3.25", "4.10", "6.80", "21.75"))]
    assert kind.longest_axis(even) == 5
    assert kind.longest_axis(prices) == 0
