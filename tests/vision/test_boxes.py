"""Boxes and points: the documentation's rule, the way back, overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.errors import InvalidArgument
from pollux.vision import boxes

NUMBERS = st.integers(0, 1000)
SIDES = st.integers(1, 9000)


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), SIDES, SIDES)
@settings(deadline=None)
def test_pixels_are_what_the_documentation_computes(box: tuple[int, int, int, int], width: int, height: int) -> None:
    y0, x0, y1, x1 = min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
    expected = [int(x0 / 1000 * width), int(y0 / 1000 * height), int(x1 / 1000 * width), int(y1 / 1000 * height)]
    assert boxes.to_pixels(box, (width, height)).tolist() == expected


@given(st.data())
@settings(deadline=None)
def test_the_way_back_is_exact_up_to_a_thousand_pixels(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 1000)), data.draw(st.integers(1, 1000))
    xs = sorted(data.draw(st.tuples(st.integers(0, width), st.integers(0, width))))
    ys = sorted(data.draw(st.tuples(st.integers(0, height), st.integers(0, height))))
    pixels = [xs[0], ys[0], xs[1], ys[1]]
    for rounding in ("nearest", "out"):
        back = boxes.from_pixels(pixels, (width, height), "nearest" if rounding == "nearest" else "out")
        assert boxes.to_pixels(back, (width, height)).tolist() == pixels


@given(st.integers(1001, 20000), st.data())
@settings(deadline=None)
def test_larger_pictures_are_met_within_a_number(width: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, width))
    [[near, *_], [out, *_]] = (
        boxes.to_pixels(boxes.from_pixels([x, 0, width, 10], (width, 10), how), (width, 10)).tolist()
        for how in ("nearest", "out")
    )
    assert abs(near - x) <= width / 2000 + 1
    assert x - width / 1000 - 1 <= out <= x
    every = [int(n / 1000 * width) for n in range(1001)]
    assert abs(near - x) == min(abs(pixel - x) for pixel in every)
    assert out == max(pixel for pixel in every if pixel <= x)


def test_corners_are_put_right_and_clipped() -> None:
    assert boxes.to_pixels([[900, 1200, -50, 100], [0, 0, 1000, 1000]], (200, 100)).tolist() == [
        [20, 0, 200, 90],
        [0, 0, 200, 100],
    ]
    assert boxes.from_pixels([250, 90, -5, 10], (200, 100)).tolist() == [100, 0, 900, 1000]
    assert boxes.clip([500, 300, 100, 2000]).tolist() == [100, 300, 500, 1000]
    assert boxes.to_pixels([], (10, 10)).shape == (0, 4)


@given(st.data())
@settings(deadline=None)
def test_points_there_and_back(data: st.DataObject) -> None:
    size = width, height = data.draw(st.integers(1, 1000)), data.draw(st.integers(1, 1000))
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    assert boxes.points_to_pixels(boxes.points_from_pixels([x, y], size), size).tolist() == [x, y]


def test_a_point_is_y_first_and_stays_in_the_picture() -> None:
    assert boxes.points_to_pixels([250, 500], (400, 200)).tolist() == [200, 50]
    assert boxes.points_to_pixels([[1000, 1000], [-3, 5000]], (400, 200)).tolist() == [[399, 199], [399, 0]]


def test_iou() -> None:
    got = boxes.iou([[0, 0, 10, 10], [5, 5, 5, 5]], [[0, 0, 10, 10], [5, 0, 15, 10], [5, 5, 5, 5], [20, 20, 30, 30]])
    assert np.allclose(got, np.array([[1, 1 / 3, 0, 0], [0, 0, 0, 0]]))
    assert boxes.area([[0, 0, 3, 4], [5, 5, 1, 9]]).tolist() == [12, 0]


def test_suppression() -> None:
    many = [[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60], [0, 0, 9, 10]]
    assert boxes.suppress(many, [0.5, 0.9, 0.1, 0.3]).tolist() == [1, 2]
    assert boxes.suppress(many).tolist() == [0, 2]
    assert boxes.suppress(many, labels=["a", "b", "a", "b"]).tolist() == [0, 1, 2]
    assert boxes.suppress(many, threshold=0.95).tolist() == [0, 1, 2, 3]
    assert boxes.suppress([]).tolist() == []


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=12))
@settings(deadline=None)
def test_what_stays_does_not_overlap_and_what_goes_does(many: list[tuple[int, int, int, int]]) -> None:
    ordered = boxes.clip(many)
    kept = boxes.suppress(ordered, threshold=0.4)
    between = boxes.iou(ordered[kept], ordered[kept])
    assert (between[~np.eye(len(kept), dtype=bool)] <= 0.4).all()
    gone = sorted(set(range(len(many))) - set(kept.tolist()))
    assert all(boxes.iou(ordered[[i]], ordered[kept]).max() > 0.4 for i in gone)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: boxes.to_pixels([1, 2, 3], (10, 10)), "box_2d"),
        (lambda: boxes.to_pixels([1, 2, 3, float("nan")], (10, 10)), "box_2d"),
        (lambda: boxes.to_pixels(["a", "2", "3", "4"], (10, 10)), "box_2d"),
        (lambda: boxes.to_pixels([1, 2, 3, 10**400], (10, 10)), "box_2d"),
        (lambda: boxes.points_to_pixels(5, (10, 10)), "point"),
        (lambda: boxes.to_pixels([1, 2, 3, 4], (0, 10)), "size"),
        (lambda: boxes.suppress([[1, 2, 3, 4]], [1, 2]), "scores"),
    ],
)
def test_refusals_name_the_field(call: object, field: str) -> None:
    with pytest.raises(InvalidArgument, match=field):
        call()  # type: ignore[operator]
