"""Elements of a screen drawn here: what each is, where, what is written on it, and whether it is ticked."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.screen import find_elements
from pollux.engines.builtin.seeing.thing import Thing

GREY, BLUE, DARK = (190, 195, 205), (37, 99, 235), (30, 35, 45)
LABELS = {
    "Save": Box(70, 300, 115, 322), "ada@example.org": Box(62, 104, 190, 124), "Remember me": Box(90, 196, 190, 216),
    "Send me news": Box(90, 236, 195, 256), "Dark mode": Box(50, 396, 130, 416), "Privacy": Box(250, 300, 310, 322),
}  # fmt: skip


def page() -> Pixels:
    picture = np.full((480, 640, 3), 255, np.uint8)
    cv2.rectangle(picture, (50, 96), (350, 132), GREY, 1)
    for top in (196, 236):
        cv2.rectangle(picture, (60, top), (77, top + 17), GREY, 2)
    cv2.rectangle(picture, (60, 196), (77, 213), BLUE, -1)
    cv2.polylines(picture, [np.array([(64, 205), (67, 209), (73, 200)], np.int32)], False, (255, 255, 255), 2)
    cv2.rectangle(picture, (50, 290), (136, 332), BLUE, -1)
    for left, right in ((400, 418), (400, 418)):
        cv2.rectangle(picture, (left, 396), (right, 417), BLUE, -1)
    for x in (400, 418):
        cv2.circle(picture, (x, 406), 11, BLUE, -1, cv2.LINE_AA)
    cv2.circle(picture, (418, 406), 8, (255, 255, 255), -1, cv2.LINE_AA)
    for text, box in LABELS.items():
        ink = (255, 255, 255) if text == "Save" else BLUE if text == "Privacy" else DARK
        place = int(box.left) + 2, int(box.bottom) - 6
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, ink, 1, cv2.LINE_AA)
    return picture


def scene(picture: Pixels) -> Scene:
    lines = tuple(TextLine(text, box, 0.99) for text, box in LABELS.items())
    height, width = picture.shape[:2]
    return Scene(width, height, "screenshot", 0.9, lines=lines, text_read=True)


@pytest.fixture(scope="module")
def found() -> dict[str, Thing]:
    picture = page()
    return {f"{one.name} {one.text}": one for one in find_elements(picture, scene(picture))}


@pytest.mark.parametrize(
    ("name", "state", "box"),
    [
        ("button Save", "", (50, 290, 137, 333)),
        ("text field ada@example.org", "", (50, 96, 351, 133)),
        ("checkbox Remember me", "checked", (60, 196, 78, 214)),
        ("checkbox Send me news", "unchecked", (60, 236, 78, 254)),
        ("switch Dark mode", "checked", (389, 395, 429, 418)),
        ("link Privacy", "", (252, 303, 305, 318)),
    ],
)
def test_each_element_is_found_where_it_is(
    found: dict[str, Thing], name: str, state: str, box: tuple[int, int, int, int]
) -> None:
    assert name in found
    one = found[name]
    assert one.state == state
    assert (one.box.left, one.box.top, one.box.right, one.box.bottom) == pytest.approx(box, abs=6)


def test_the_button_has_its_colour_and_nothing_else_is_made_up(found: dict[str, Thing]) -> None:
    assert found["button Save"].colour == "blue"
    assert len(found) == 6


def test_boxes_are_in_pixels_of_the_scene_when_the_picture_is_larger(found: dict[str, Thing]) -> None:
    picture = page()
    large = np.kron(picture, np.ones((2, 2, 1), np.uint8)).astype(np.uint8)
    buttons = [one for one in find_elements(large, scene(picture)) if one.name == "button"]
    assert [(round(one.box.left), round(one.box.top)) for one in buttons] == [(50, 290)]


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_screen_has_no_elements(shade: int) -> None:
    assert find_elements(np.full((300, 400, 3), shade, np.uint8), Scene(400, 300, "screenshot", 0.5)) == []


def test_ripples_of_jpeg_do_not_hide_the_button() -> None:
    picture = page()
    data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert back is not None
    rippled = np.asarray(cv2.cvtColor(back, cv2.COLOR_BGR2RGB), np.uint8)
    assert "Save" in {one.text for one in find_elements(rippled, scene(picture)) if one.name == "button"}
