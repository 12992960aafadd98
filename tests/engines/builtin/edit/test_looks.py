"""Light, colour and styles of the whole picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.edit import styles, transfer
from tests.engines.builtin.edit.drawn import Truth, ask, ball


def light(pixels: np.ndarray) -> float:
    return float(cv2.cvtColor(pixels[..., :3], cv2.COLOR_RGB2GRAY).mean())


def chroma(pixels: np.ndarray) -> float:
    return float((pixels.max(axis=2).astype(int) - pixels.min(axis=2)).mean())


@pytest.mark.parametrize(("text", "factor"), [("brighten by 20%", 1.2), ("make it 25% darker", 0.75)])
def test_brightness_in_per_cent(text: str, factor: float) -> None:
    truth = ball()
    assert light(ask(text, truth).pixels) / light(truth.pixels) == pytest.approx(factor, abs=0.04)


def test_tones_go_the_right_way() -> None:
    truth = ball()
    assert light(ask("make it night", truth).pixels) < 0.5 * light(truth.pixels)
    assert ask("increase the contrast", truth).pixels.std() > truth.pixels.std()
    assert chroma(ask("make the colours more vivid", truth).pixels) > 1.2 * chroma(truth.pixels)
    warm, cold = (ask(f"make it {how}", truth).pixels.astype(int) for how in ("warmer", "cooler"))
    assert (warm[..., 0] - warm[..., 2]).mean() > (cold[..., 0] - cold[..., 2]).mean() + 20
    edges = [cv2.Laplacian(ask(how, truth).pixels, cv2.CV_64F).std() for how in ("sharpen it", "blur it")]
    assert edges[0] > cv2.Laplacian(truth.pixels, cv2.CV_64F).std() > edges[1]


def test_grey_is_grey() -> None:
    assert chroma(ask("convert it to black and white", ball()).pixels) == 0


@pytest.mark.parametrize("name", styles.names())
def test_every_style_keeps_the_size_and_changes_the_picture(name: str) -> None:
    pixels = ball().pixels
    done = styles.styled(pixels, name, 3)
    assert done.shape == pixels.shape
    assert done.dtype == np.uint8
    assert np.abs(done.astype(int) - pixels).mean() > 2
    assert np.array_equal(done, styles.styled(pixels, name, 3))


def test_pixel_art_has_few_colours() -> None:
    assert len(np.unique(styles.styled(ball().pixels, "pixel art").reshape(-1, 3), axis=0)) <= 24


def test_a_palette_from_another_picture() -> None:
    rng = np.random.default_rng(1)
    source = np.clip(rng.normal((200, 80, 40), 24, (200, 200, 3)), 0, 255).astype(np.uint8)
    pixels = ball().pixels
    done = transfer.palette(pixels, source, 1)

    def away(one: np.ndarray) -> float:
        lab = [
            cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[..., 1:].reshape(-1, 2) for p in (one, source)
        ]
        return float(np.linalg.norm(lab[0].mean(axis=0) - lab[1].mean(axis=0)))

    assert away(done) < 0.35 * away(pixels)


def test_a_texture_from_another_picture() -> None:
    stripes = np.zeros((120, 120, 3), np.uint8)
    stripes[:, ::2] = (0, 220, 0)
    stripes[:, 1::2] = (0, 160, 0)
    truth = ball()
    done = ask("apply the texture from image 2 to the ball", truth, Truth(stripes))
    inside = truth.masks["ball"]
    assert (done.pixels[inside][:, 1].astype(int) - done.pixels[inside][:, 0]).mean() > 60
    assert np.array_equal(done.pixels[~done.region], truth.pixels[~done.region])
