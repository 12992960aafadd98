"""Masks: the documentation's decoding, the way back, hostile texts."""

from __future__ import annotations

import base64
import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from pollux.errors import InvalidArgument
from pollux.vision import masks
from pollux.vision.answers import Detection

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))
PICTURES = arrays.arrays(np.bool_, SHAPES)
MAPS = arrays.arrays(np.uint8, SHAPES)


def documented(text: str, box: list[int], width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The documentation's own steps up to the array that its loop compares."""
    y0, x0 = int(box[0] / 1000 * height), int(box[1] / 1000 * width)
    y1, x1 = int(box[2] / 1000 * height), int(box[3] / 1000 * width)
    mask = Image.open(io.BytesIO(base64.b64decode(text.removeprefix("data:image/png;base64,"))))
    return np.array(mask.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR))


@given(MAPS, st.integers(20, 900), st.integers(20, 900))
@settings(deadline=None)
def test_decoding_is_the_documentations(
    values: np.ndarray[tuple[int, int], np.dtype[np.uint8]], w: int, h: int
) -> None:
    box = [100, 50, 700, 900]
    text = masks.encode_map(values)
    expected = documented(text, box, w, h)
    mask = masks.decode(text, box, (w, h))
    assert mask is not None
    assert mask.crop.shape == expected.shape
    clear = np.abs(expected.astype(int) - 127.5) > 1.5  # one grey level of rounding between OpenCV and Pillow
    assert ((mask.crop == 255) == (expected > 127))[clear].all()
    assert set(np.unique(mask.crop)) <= {0, 255}


@given(PICTURES)
@settings(deadline=None)
def test_arrays_there_and_back(array: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> None:
    item = masks.encode(array, "thing")
    if not array.any():
        assert item is None
        return
    assert item is not None
    height, width = array.shape
    mask = masks.decode(item["mask"], item["box_2d"], (width, height))
    assert mask is not None
    assert (mask.full() == array).all()
    assert mask.area == array.sum()
    assert item["label"] == "thing"


def test_a_small_map_keeps_the_shape() -> None:
    y, x = np.mgrid[:1500, :2000]
    disc = (x - 900) ** 2 + (y - 700) ** 2 < 500**2
    item = masks.encode(disc, max_side=128)
    assert item is not None
    assert max(masks.decode_map(item["mask"]).shape) == 128
    mask = masks.decode(item["mask"], item["box_2d"], (2000, 1500))
    assert mask is not None
    assert masks.iou(mask, masks.from_array(disc)) > 0.98


@given(PICTURES, st.data())
@settings(deadline=None)
def test_iou_of_masks_is_that_of_arrays(
    one: np.ndarray[tuple[int, int], np.dtype[np.bool_]], data: st.DataObject
) -> None:
    two = data.draw(arrays.arrays(np.bool_, one.shape))
    union = (one | two).sum()
    expected = (one & two).sum() / union if union else 0.0
    assert masks.iou(masks.from_array(one), masks.from_array(two)) == expected


def test_tight_and_from_numbers() -> None:
    values = np.zeros((10, 20), np.uint8)
    values[2:5, 7:9] = 200
    values[0, 0] = 127
    mask = masks.from_array(values)
    assert mask.bounds == (7, 2, 9, 5)
    assert mask.full()[2:5, 7:9].all()
    assert mask.full().sum() == 6
    empty = masks.from_array(np.zeros((3, 3), bool))
    assert (empty.area, empty.tight().crop.shape, empty.full().sum()) == (0, (0, 0), 0)


def png(mode: str, pixels: list[int], size: tuple[int, int]) -> str:
    image = Image.new(mode, size)
    image.putdata(pixels)
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.urlsafe_b64encode(out.getvalue()).decode().rstrip("=")


def test_other_modes_and_loose_base64() -> None:
    assert masks.decode_map(png("1", [0, 255], (2, 1))).tolist() == [[0, 255]]
    assert masks.decode_map(png("I;16", [0, 0x8000], (2, 1))).tolist() == [[0, 0x80]]
    rgb = Image.new("RGB", (1, 1), (200, 200, 200))
    out = io.BytesIO()
    rgb.save(out, "PNG")
    text = base64.encodebytes(out.getvalue()).decode()
    assert masks.decode_map("DATA:image/png;base64," + text).tolist() == [[200]]


def header(width: int, height: int) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0"))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")).decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no PNG"),
        ("data:text/plain,hello", "no picture in base64"),
        ("!!!!", "not base64"),
        ("QUJD", "no PNG"),
        (header(60000, 60000), "60000 x 60000"),
        (header(0, 5), "0 x 5"),
        (header(500, 500), "damaged"),
        (header(500, 500)[:60], "damaged|no PNG"),
    ],
)
def test_what_is_no_mask_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidArgument, match=says):
        masks.decode_map(text)


@given(st.binary(max_size=200), st.booleans())
@settings(deadline=None)
def test_damaged_bytes_are_refused_or_read(noise: bytes, inside: bool) -> None:
    good = base64.b64decode(masks.encode_map(np.arange(64, dtype=np.uint8).reshape(8, 8)).split(",")[1])
    data = good[:40] + noise + good[40 + len(noise) :] if inside else noise
    with contextlib.suppress(InvalidArgument):
        assert masks.decode_map(base64.b64encode(data).decode()).ndim == 2


def test_a_list_of_detections() -> None:
    item = masks.encode(np.ones((50, 50), bool))
    assert item is not None
    things = [
        Detection("a", box_2d=(0, 0, 1000, 1000), mask=item["mask"]),
        Detection("b", box_2d=(0, 0, 1000, 1000), mask="broken!"),
        Detection("c", point=(1, 1)),
        Detection("d", box_2d=(5, 5, 5, 5), mask=item["mask"]),
    ]
    found, problems = masks.decode_all(things, (100, 100))
    assert [mask is not None for mask in found] == [True, False, False, False]
    assert len(problems) == 1
    assert problems[0].startswith("[1].mask: ")


def test_boxes_and_arrays_that_are_refused() -> None:
    text = masks.encode_map(np.ones((2, 2), np.uint8))
    with pytest.raises(InvalidArgument, match="smaller size"):
        masks.decode(text, [0, 0, 1000, 1000], (1 << 20, 1 << 20))
    for array in (np.ones((2, 2, 2)), np.ones(3), np.array([["a"]])):
        with pytest.raises(InvalidArgument, match="height x width"):
            masks.from_array(array)
