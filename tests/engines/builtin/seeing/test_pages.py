"""Tables, signatures and stamps of pages drawn here."""

from __future__ import annotations

from math import sin

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.pages import find_parts

RED = (190, 30, 40)


def page(*cells: TextLine) -> tuple[Pixels, Scene]:
    prose = tuple(TextLine("the river runs slowly past a house", Box(60, y, 420, y + 20), 0.99) for y in (40, 70))
    return np.full((700, 600, 3), 252, np.uint8), Scene(
        600, 700, "document", 0.9, lines=(*prose, *cells), text_read=True
    )


def row(y: float, *texts: str) -> TextLine:
    pieces = tuple(
        TextLine(text, Box(70 + 150 * n, y, 70 + 150 * n + 9 * len(text), y + 20), 0.99) for n, text in enumerate(texts)
    )
    return TextLine("  ".join(texts), Box(70, y, pieces[-1].box.right, y + 20), 0.99, 1, pieces)


ROWS = (row(160, "Item", "Pieces", "Price"), row(195, "Tea", "2", "4.50"), row(230, "Soap", "7", "12.00"))


def test_a_table_that_only_its_lanes_make() -> None:
    (table,) = find_parts(*page(*ROWS))
    assert (table.name, table.state) == ("table", "3 rows, 3 columns")
    assert (table.box.top, table.box.bottom) == (160, 250)


def test_a_ruled_table_reaches_to_its_rules() -> None:
    picture, scene = page(*ROWS)
    for y in range(150, 256, 35):
        cv2.line(picture, (60, y), (500, y), (80, 80, 80), 1)
    for x in (60, 210, 360, 500):
        cv2.line(picture, (x, 150), (x, 255), (80, 80, 80), 1)
    (table,) = find_parts(picture, scene)
    box = table.box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((60, 150, 501, 256), abs=3)


def test_a_pen_stroke_is_a_signature_and_print_is_not() -> None:
    picture, scene = page()
    stroke = np.array([(100 + t, 500 + 18 * sin(t / 6) - t / 12) for t in range(200)], np.int32)
    cv2.polylines(picture, [stroke], False, (20, 30, 120), 2, cv2.LINE_AA)
    cv2.putText(picture, "the river runs slowly", (62, 58), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2)
    (signature,) = find_parts(picture, scene)
    assert signature.name == "signature"
    assert (signature.box.left, signature.box.right) == pytest.approx((100, 300), abs=4)


@pytest.mark.parametrize("ring", [True, False])
def test_a_coloured_ring_or_frame_with_something_in_it_is_a_stamp(ring: bool) -> None:
    picture, scene = page()
    if ring:
        cv2.circle(picture, (400, 500), 60, RED, 4, cv2.LINE_AA)
    else:
        cv2.rectangle(picture, (340, 460), (460, 540), RED, 4)
    cv2.putText(picture, "PAID", (362, 510), cv2.FONT_HERSHEY_SIMPLEX, 1, RED, 3)
    (stamp,) = find_parts(picture, scene)
    assert (stamp.name, stamp.colour) == ("stamp", "red")
    assert stamp.box.centre == pytest.approx((400, 500), abs=4)


def test_prose_alone_has_no_parts() -> None:
    assert find_parts(*page()) == []
