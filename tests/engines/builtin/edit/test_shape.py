"""Cropping, turning, more ground, borders."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.builtin.edit.drawn import ask, ball


def test_cropping_keeps_the_pixels() -> None:
    truth = ball()
    done = ask("crop the left half", truth)
    assert np.array_equal(done.pixels, truth.pixels[:, :160])
    assert done.reshaped
    assert not done.region.any()


@pytest.mark.parametrize(("words", "shape"), [("a square", 1.0), ("16:9", 16 / 9), ("2:3", 2 / 3)])
def test_cropping_to_a_shape(words: str, shape: float) -> None:
    done = ask(f"crop it to {words}", ball())
    assert done.pixels.shape[1] / done.pixels.shape[0] == pytest.approx(shape, abs=0.02)


@pytest.mark.parametrize(
    ("words", "turns"), [("90 degrees clockwise", -1), ("90 degrees counterclockwise", 1), ("by 180 degrees", 2)]
)
def test_quarter_turns_keep_every_pixel(words: str, turns: int) -> None:
    truth = ball()
    assert np.array_equal(ask(f"rotate it {words}", truth).pixels, np.rot90(truth.pixels, turns))


def test_mirroring() -> None:
    truth = ball()
    assert np.array_equal(ask("flip it horizontally", truth).pixels, truth.pixels[:, ::-1])
    assert np.array_equal(ask("flip it vertically", truth).pixels, truth.pixels[::-1])


def test_a_thing_is_found_where_it_has_moved_to() -> None:
    truth = ball()
    done = ask("flip it horizontally and make the ball red", truth)
    changed = (done.pixels != truth.pixels[:, ::-1]).any(axis=2)
    assert changed[truth.masks["ball"][:, ::-1]].mean() > 0.9
    assert changed.mean() < 0.16


@pytest.mark.parametrize("text", ["extend the image to 16:9", "add a 12 px red border", "extend it to the left by 40%"])
def test_what_is_put_around_leaves_the_picture(text: str) -> None:
    truth = ball()
    done = ask(text, truth)
    rows, columns = np.flatnonzero((~done.region).any(axis=1)), np.flatnonzero((~done.region).any(axis=0))
    inner = done.pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert np.array_equal(inner, truth.pixels)
    assert done.pixels.shape != truth.pixels.shape


def test_a_border_has_its_width_and_colour() -> None:
    done = ask("add a 12 px black border", ball())
    assert done.pixels.shape == (264, 344, 3)
    assert done.pixels[:12].max() == 0


def test_rounded_corners_are_transparent() -> None:
    done = ask("round the corners", ball())
    assert done.pixels[0, 0, 3] == 0
    assert done.pixels[120, 160, 3] == 255


@pytest.mark.parametrize(
    ("text", "size"),
    [("resize it to 200x100", (200, 100)), ("make it half the size", (160, 120)), ("resize to 640 px", (640, 480))],
)
def test_other_sizes(text: str, size: tuple[int, int]) -> None:
    assert ask(text, ball()).pixels.shape[1::-1] == size


def test_a_size_beyond_reason_is_refused() -> None:
    done = ask("resize it to 99999x99999", ball())
    assert not done.changed
    assert "8192" in done.said
