"""Polygons and run lengths: there and back, and against a slow and plain writing of COCO's rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pollux.errors import InvalidArgument
from pollux.vision import masks, shapes

Array = np.ndarray[tuple[int, int], np.dtype[np.bool_]]
PICTURES = arrays.arrays(np.bool_, st.tuples(st.integers(1, 30), st.integers(1, 30)))


def plain_counts(array: Array) -> list[int]:
    """COCO's runs, pixel by pixel."""
    counts, value = [0], False
    for pixel in array.T.ravel().tolist():
        if pixel != value:
            counts.append(0)
            value = pixel
        counts[-1] += 1
    return counts


def plain_text(counts: list[int]) -> str:
    """pycocotools' rleToString, line by line."""
    out = ""
    for i, count in enumerate(counts):
        x = count - (counts[i - 2] if i > 2 else 0)
        more = True
        while more:
            c = x & 0x1F
            x >>= 5
            more = (x != -1) if c & 0x10 else (x != 0)
            out += chr((c | 0x20 if more else c) + 48)
    return out


@given(PICTURES)
@settings(deadline=None)
def test_run_lengths_are_cocos(array: Array) -> None:
    mask = masks.from_array(array)
    counts = plain_counts(array)
    assert shapes.rle(mask, compressed=False) == {"size": list(array.shape), "counts": counts}
    assert shapes.rle(mask) == {"size": list(array.shape), "counts": plain_text(counts)}


@given(PICTURES)
@settings(deadline=None)
def test_run_lengths_there_and_back(array: Array) -> None:
    mask = masks.from_array(array)
    for compressed in (True, False):
        assert (shapes.from_rle(shapes.rle(mask, compressed=compressed)).full() == array).all()


@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=12))
@settings(deadline=None)
def test_long_runs_there_and_back(counts: list[int]) -> None:
    total = sum(counts)
    text = plain_text(counts)
    mask = shapes.from_rle({"size": [total, 1], "counts": text})
    assert mask.area == sum(counts[1::2])
    assert shapes.rle(mask)["counts"] == text


def test_a_known_mask() -> None:
    """The two columns in the middle of 4 x 4: eight, eight; as pycocotools writes it."""
    array = np.zeros((4, 4), bool)
    array[:, 1:3] = True
    assert shapes.rle(masks.from_array(array)) == {"size": [4, 4], "counts": "484"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"size": [2], "counts": [4]},
        {"size": [2, 2], "counts": [3]},
        {"size": [2, 2], "counts": [-1, 5]},
        {"size": [2, 2], "counts": [2**62, 2**62, 2**62, 2**62, 4]},
        {"size": [2, 2], "counts": "\x00"},
        {"size": [2, 2], "counts": "oooooooooooooooo0"},
        {"size": [2, 2], "counts": ""},
        {"size": [0, 2], "counts": [0]},
        {"size": [10**6, 10**6], "counts": [0, 10**12]},
        {"size": [2, 2], "counts": "é"},
    ],
)
def test_run_lengths_that_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(InvalidArgument):
        shapes.from_rle(given)


@given(PICTURES)
@settings(deadline=None)
def test_polygons_there_and_back(array: Array) -> None:
    import cv2

    mask = masks.from_array(array)
    outlines, _ = cv2.findContours(array.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros(array.shape, np.uint8), outlines, -1, (1,), -1)
    found = shapes.polygons(mask)
    assert (shapes.from_polygons(found, mask.size).full() == (filled > 0)).all()
    assert all(len(shape) >= 3 and (shape >= 0).all() and (shape <= mask.size).all() for shape in found)


def test_tolerance_makes_outlines_simpler() -> None:
    y, x = np.mgrid[:400, :500]
    disc = masks.from_array((x - 250) ** 2 + (y - 200) ** 2 < 150**2)
    [fine], [rough] = shapes.polygons(disc), shapes.polygons(disc, tolerance=2)
    assert len(rough) < len(fine) / 3
    assert masks.iou(shapes.from_polygons([rough], disc.size), disc) > 0.97
    assert shapes.polygons(masks.from_array(np.zeros((3, 3), bool))) == []


def test_rectangles_of_other_tools() -> None:
    mask = shapes.from_polygons([[[2, 1], [5, 1], [5, 4], [2, 4]]], (10, 10))
    assert mask.bounds == (2, 1, 5, 4)
    assert mask.area == 9
    assert shapes.from_polygons([], (4, 4)).area == 0
    refused: list[list[list[Any]]] = [[[1, 2]], [["a", "b"]], [[1, 2], [3, float("nan")], [4, 5]]]
    for wrong in refused:
        with pytest.raises(InvalidArgument, match="polygon"):
            shapes.from_polygons([wrong], (10, 10))
