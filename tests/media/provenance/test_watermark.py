"""The watermark is not seen, and is found again after what happens to pictures; other pictures have none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pollux import samples
from pollux.media.provenance.watermark import SMALLEST, detect, embed

Pixels = NDArray[np.uint8]
NAMES = ("astronaut", "coffee", "screenshot", "shapes", "receipt")


def sample(name: str, side: int = 1024) -> Pixels:
    read = cv2.imdecode(np.frombuffer(samples.read(name), np.uint8), cv2.IMREAD_COLOR)
    assert read is not None
    factor = side / min(read.shape[:2])
    large = cv2.resize(read, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_BGR2RGB), np.uint8)


def jpeg(pixels: Pixels, quality: int = 75) -> Pixels:
    data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert back is not None
    return np.ascontiguousarray(back[..., ::-1])


def resized(pixels: Pixels, factor: float) -> Pixels:
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def crop(pixels: Pixels, part: float) -> Pixels:
    height, width = pixels.shape[:2]
    top, left = height // 7, width // 5
    return np.ascontiguousarray(pixels[top : top + int(height * part), left : left + int(width * part)])


HARM: dict[str, Callable[[Pixels], Pixels]] = {
    "nothing": lambda x: x,
    "JPEG 75": jpeg,
    "half": lambda x: resized(x, 0.5),
    "half, then JPEG 75": lambda x: jpeg(resized(x, 0.5)),
    "JPEG 75, then half": lambda x: resized(jpeg(x), 0.5),
    "a crop of half the sides": lambda x: crop(x, 0.5),
    "a crop, then JPEG 75": lambda x: jpeg(crop(x, 0.7)),
    "darker": lambda x: (x * 0.7).astype(np.uint8),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("harm", HARM)
def test_it_is_found_again(name: str, harm: str) -> None:
    trace = detect(HARM[harm](embed(sample(name))))
    assert trace.found, trace


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_without_it_has_none(name: str) -> None:
    plain = sample(name)
    for harmed in (plain, jpeg(plain), resized(plain, 0.5), crop(plain, 0.5)):
        assert not detect(harmed).found


def test_repeating_patterns_are_no_watermark() -> None:
    """What repeats every 128 pixels, or is flat, is not taken for the pattern."""
    chance = np.random.default_rng(3)
    tile = chance.integers(0, 256, (128, 128, 3), dtype=np.uint8)
    assert not detect(np.tile(tile, (8, 8, 1))).found
    checks = np.kron(np.indices((16, 16)).sum(0) % 2, np.ones((64, 64))).astype(np.uint8) * 255
    assert not detect(np.repeat(checks[..., None], 3, 2)).found
    assert not detect(np.full((600, 600, 3), 200, np.uint8)).found


@pytest.mark.parametrize("name", NAMES)
def test_it_is_not_seen(name: str) -> None:
    plain = sample(name)
    error = (plain.astype(float) - embed(plain)) ** 2
    assert 10 * np.log10(255**2 / error.mean()) > 41
    blocks = cv2.resize(error.mean(2), None, fx=1 / 64, fy=1 / 64, interpolation=cv2.INTER_AREA)
    assert 10 * np.log10(255**2 / blocks.max()) > 40, "in every part"
    assert error.max() <= 10**2


def test_alpha_and_tiny_pictures_stay() -> None:
    chance = np.random.default_rng(4)
    picture = chance.integers(0, 256, (200, 300, 4), dtype=np.uint8)
    marked = embed(picture)
    assert (marked[..., 3] == picture[..., 3]).all()
    assert (marked[..., :3] != picture[..., :3]).any()
    tiny = picture[: SMALLEST - 1]
    assert (embed(tiny) == tiny).all()


def test_it_is_the_same_every_time() -> None:
    picture = sample("coffee", 300)
    assert (embed(picture) == embed(picture)).all()


@pytest.mark.parametrize("name", NAMES)
def test_an_edit_of_an_edit_is_not_marked_twice(name: str) -> None:
    """Ten marks on one another are as hard to see as one, and an unmarked picture gets a whole one."""
    plain = sample(name, 512)
    again = once = embed(plain, again=True)
    for _ in range(9):
        again = embed(again, again=True)
    assert detect(once).found
    assert detect(again).found
    assert cv2.PSNR(plain, once) > 41
    assert cv2.PSNR(plain, again) > 39


@pytest.mark.parametrize("level", [0, 12, 128, 255])
def test_marks_do_not_grow_on_flat_grounds(level: int) -> None:
    plain = np.full((512, 512, 3), level, np.uint8)
    again = plain
    for _ in range(10):
        again = embed(again, again=True)
    assert cv2.PSNR(plain, again) > 42
    assert detect(again).found


def test_a_part_that_lost_its_mark_gets_it_back() -> None:
    plain = sample("coffee")
    half = embed(plain)
    half[:, :512] = plain[:, :512]
    assert detect(embed(half, again=True)[:, :512].copy()).score > 2 * detect(half[:, :512].copy()).score
