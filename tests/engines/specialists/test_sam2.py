from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pollux.engines.specialists.base import PixelBox
from pollux.engines.specialists.options import Options
from pollux.engines.specialists.sam2 import AT_ONCE, ModelMasker, Sam2, cut

Special = Callable[[str], Path]
Pixels = NDArray[np.uint8]
BOXES: list[PixelBox] = [(0, 0, 120, 90), (10, 20, 50, 80), (100, 3, 101, 4), (119, 89, 120, 90)]


@pytest.fixture(scope="module")
def sam2(special: Special) -> Sam2:
    return Sam2(Options(str(special("sam2")), device="cpu"))


@pytest.mark.parametrize(
    ("size", "box"),
    [((200, 150), (20, 30, 170, 141)), ((200, 150), (199, 0, 200, 150)), ((3000, 2000), (640, 80, 1840, 980))],
)
def test_masks_are_the_logits_laid_over_the_box(size: tuple[int, int], box: PixelBox) -> None:
    """Beside torch's own way: logits to the whole picture's size, then the box cut out of it."""
    import cv2
    import torch

    logits = cv2.GaussianBlur(np.random.default_rng(1).normal(0, 60, (256, 256)).astype(np.float32), (0, 0), 6)
    whole = torch.nn.functional.interpolate(torch.tensor(logits)[None, None], size=size[::-1], mode="bilinear")[0, 0]
    x0, y0, x1, y1 = (int(value) for value in box)
    theirs = (torch.sigmoid(whole).numpy() * 255)[y0:y1, x0:x1]
    mine = cut(logits, box, size)
    assert mine.shape == (theirs.shape if max(theirs.shape) <= 256 else (192, 256))
    theirs = cv2.resize(theirs, mine.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.ptp(theirs) > 50
    assert np.abs(mine.astype(float) - theirs).max() < 4


def test_every_box_has_logits_of_its_own(sam2: Sam2, noise: Pixels) -> None:
    logits = sam2.logits(b"one", noise, BOXES)
    assert logits.shape == (4, 32, 32)
    assert logits.std() > 0.1
    assert all(np.abs(logits[0] - other).max() > 0.01 for other in logits[1:])
    assert np.abs(logits - sam2.logits(b"two", 255 - noise, BOXES)).max() > 0.01
    np.testing.assert_allclose(sam2.logits(b"one", noise, BOXES[1:2])[0], logits[1], atol=1e-3)


def test_the_prepared_picture_is_the_librarys(sam2: Sam2, noise: Pixels) -> None:
    """Resized and normalised as PIL and the ImageNet numbers do it."""
    from PIL import Image

    small = np.asarray(Image.fromarray(noise).resize((128, 128), Image.Resampling.BILINEAR), np.float32) / 255
    theirs = (small - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    mine = sam2._prepared(noise)[0].permute(1, 2, 0).numpy()
    assert mine.shape == theirs.shape
    assert np.abs(mine - theirs).max() < 0.03


def test_a_flat_and_a_sharp_edge() -> None:
    """Left half certainly not, right half certainly: the box sees its own part of that."""
    logits = np.full((64, 64), -20, np.float32)
    logits[:, 32:] = 20
    left, right, both = (
        cut(logits, box, (1000, 500)) for box in ((0, 0, 400, 500), (600, 0, 1000, 500), (250, 0, 750, 500))
    )
    assert left.max() == 0
    assert right.min() == 255
    middle = both.shape[1] // 2
    assert (both[:, : middle - 2] == 0).all()
    assert (both[:, middle + 2 :] == 255).all()
    assert max(both.shape) == 64


def test_a_picture_is_embedded_once(special: Special, noise: Pixels, monkeypatch: pytest.MonkeyPatch) -> None:
    masker = ModelMasker(Options(str(special("sam2")), device="cpu"))
    first = list(masker.masks(noise, BOXES))
    model: Any = masker._held._model
    looked: list[int] = []
    before = model._model.get_image_embeddings

    def look(pixels: Any) -> Any:
        looked.append(1)
        return before(pixels)

    monkeypatch.setattr(model._model, "get_image_embeddings", look)
    again = list(masker.masks(noise.copy(), BOXES * 20))
    assert not looked
    for one, other in zip(first, again[: len(first)], strict=True):
        np.testing.assert_array_equal(one, other)
    list(masker.masks(255 - noise, BOXES))
    assert looked == [1]


def test_whoever_has_enough_stops(special: Special, noise: Pixels, monkeypatch: pytest.MonkeyPatch) -> None:
    masker = ModelMasker(Options(str(special("sam2")), device="cpu"))
    list(masker.masks(noise, BOXES[:1]))
    model: Any = masker._held._model
    passes: list[int] = []
    before = model.logits

    def logits(*given: Any) -> Any:
        passes.append(len(given[2]))
        return before(*given)

    monkeypatch.setattr(model, "logits", logits)
    maps = masker.masks(noise, BOXES[1:2] * 5000)
    next(maps)
    maps.close()
    assert passes == [AT_ONCE]
