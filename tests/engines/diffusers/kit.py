"""Prompts, pictures and engines of tiny checkpoints, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pollux.engines.base import Event, Picture, Prompt, Turn
from pollux.engines.diffusers.engine import DiffusersEngine
from pollux.engines.diffusers.options import Options
from pollux.engines.wishes import Canvas
from pollux.media.handle import Media
from pollux.media.picture import encode_png
from pollux.wire.content import Part

Pixels = NDArray[np.uint8]
Checkpoint = Callable[[str], Path]

LIBRARIES = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
"""torch and diffusers warn of what they themselves still use."""
BUDGET = 64 * 64
"""Pixels that the tiny models draw."""
CANVAS = Canvas(96, 64)
OWN: Mapping[str, Mapping[str, Any]] = {
    "klein": {"extra": {"text_encoder_out_layers": [0, 1, 2]}, "most_pixels": 128 * 128},
}
"""What single models need: its pictures have sides of 64 pixels at least, and its small encoder has two layers."""


def pixels(seed: int, width: int = 96, height: int = 64) -> Pixels:
    """Squares of 8 x 8 pixels, of random colours."""
    rows = np.random.default_rng(seed).integers(0, 256, (-(-height // 8), -(-width // 8), 3), dtype=np.uint8)
    return np.ascontiguousarray(rows.repeat(8, 0).repeat(8, 1)[:height, :width])


def media(shown: Pixels) -> Media:
    """A picture as a part of a request."""
    return Media("image", "image/png", encode_png(shown), "", shown.shape[1], shown.shape[0], field="contents[0]")


def user(*pieces: str | Media) -> Turn:
    """A turn of the caller's."""
    return Turn("user", tuple(Part(text=one) if isinstance(one, str) else one for one in pieces))


def model(*pieces: str | Media) -> Turn:
    """A turn of the model's."""
    return Turn("model", user(*pieces).pieces)


def asking(*turns: Turn, canvas: Canvas | None = CANVAS, seed: int | None = 1, **more: Any) -> Prompt:
    """What core would make of a request."""
    return Prompt("tiny", turns, canvas=canvas, seed=seed, **more)


def engine(folder: Path, **options: Any) -> DiffusersEngine:
    """The engine around a checkpoint; few steps, few pixels."""
    told: dict[str, Any] = {"model": str(folder), "most_pixels": BUDGET, "steps": 2, "device": "cpu"}
    told |= OWN.get(folder.name, {})
    return DiffusersEngine(Options(**(told | options)))


async def answer(painter: DiffusersEngine, *turns: Turn, **more: Any) -> list[Event]:
    """All events."""
    return [event async for event in painter.stream(asking(*turns, **more))]


async def painted(painter: DiffusersEngine, *turns: Turn, **more: Any) -> Pixels:
    """The one finished picture."""
    (picture,) = finished(await answer(painter, *turns, **more))
    return picture.pixels


def finished(events: Sequence[Event]) -> list[Picture]:
    """The pictures that are no thoughts."""
    return [event for event in events if isinstance(event, Picture) and not event.thought]


def apart(one: Pixels, other: Pixels) -> float:
    """How much two pictures differ, in levels, on average."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())
