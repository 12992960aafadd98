"""With the engine's own eyes, on the pictures that ship."""

from __future__ import annotations

from collections.abc import Callable

import blake3
import numpy as np
import pytest

from pollux import samples
from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.edit.eyes import Eyes
from pollux.engines.builtin.edit.work import Edited, edit
from pollux.engines.builtin.perceive import Perceiver
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.picture import decode, inspect
from tests.engines.builtin.answering import MEANING
from tests.engines.builtin.edit.drawn import Pixels, differs, never

Ask = Callable[[str, str], tuple[Pixels, Edited]]


@pytest.fixture(scope="module")
def ask() -> Ask:
    perceiver = Perceiver(1)

    def asked(name: str, text: str) -> tuple[Pixels, Edited]:
        data, mime = samples.read(name), samples.get(name).mime_type
        wide, high, orientation = inspect(data, mime, "picture", MediaLimits())
        media = Media("image", mime, data, blake3.blake3(data).hexdigest(), wide, high, orientation)
        see = Eyes(perceiver, MEANING, [media], never)
        pixels = decode(media)
        return pixels, edit(text, [pixels], width=wide, height=high, kept=True, seed=1, see=see)

    return asked


def test_the_cup_turns_blue(ask: Ask) -> None:
    before, done = ask("coffee", "make the cup blue")
    wall = done.pixels[212:232, 260:320].reshape(-1, 3)
    assert name_of(np.median(wall, axis=0).astype(int).tolist()).endswith("blue")
    assert np.array_equal(before[~done.region], done.pixels[~done.region])
    changed = differs(before, done.pixels)
    assert changed[300:340, 130:180].mean() < 0.01  # the saucer
    assert changed[275:300, 355:380].mean() < 0.3  # the spoon
    assert not differs(before, done.pixels)[:, :40].any()


def test_a_hat_on_the_cat(ask: Ask) -> None:
    before, done = ask("cat", "please add a small, knitted wizard hat on its head")
    changed = differs(before, done.pixels)
    rows, columns = np.nonzero(changed)
    assert rows.max() < 140  # above the eyes
    assert 120 < np.median(columns) < 330
    assert np.array_equal(changed, done.region)


def test_the_lettering_of_a_sign(ask: Ask) -> None:
    before, done = ask("sign", "Remove the text")
    assert "3 lines" in done.said
    changed = differs(before, done.pixels)
    assert 0.03 < changed.mean() < 0.15
    board = done.pixels[150:290, 190:520].astype(int)
    assert (board[..., 0] - board[..., 1]).max() < 60  # no red is left


def test_the_astronauts_background(ask: Ask) -> None:
    _, done = ask("astronaut", "remove the background")
    alpha = done.pixels[..., 3]
    assert alpha[90:150, 200:250].min() > 200  # her face
    assert alpha[20:60, 300:440].max() < 60
