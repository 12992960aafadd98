"""Pictures whose truth is known to the pixel, and eyes that know it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit.eyes import Seen
from pollux.engines.builtin.edit.work import Edited, edit

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass
class Truth:
    """A picture and what is where in it."""

    pixels: Pixels
    masks: dict[str, Mask] = field(default_factory=dict)


@dataclass
class Knowing:
    """`See` from the truth: a phrase means the things that its last word names."""

    truths: Sequence[Truth]

    def __call__(self, picture: int, noun: str) -> list[Seen]:
        word = (noun.split() or [""])[-1]
        known = self.truths[picture].masks
        if noun in ("everything", "main object", "object"):
            names = [name for name in known if name not in ("face", "text")]
        else:
            names = [name for name in known if word == name]
        return [seen(name, known[name]) for name in names]


def seen(name: str, mask: Mask) -> Seen:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    kind = name if name in ("face", "text") else "object"
    return Seen((name,), (left, top, right, bottom), mask[top:bottom, left:right].astype(np.uint8) * 255, kind)


def wall(wide: int = 320, high: int = 240, seed: int = 0) -> Pixels:
    """A ground with grain and a slow change of light, so that nothing is one plain colour."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:high, :wide]
    light = 150 + 30 * columns / wide + 14 * rows / high + rng.normal(0, 4, (high, wide))
    return np.asarray(np.clip(light[..., None] * (1.0, 0.96, 0.9), 0, 255), np.uint8)


def ball(colour: tuple[int, int, int] = (40, 70, 190), *, at: tuple[int, int] = (150, 120), radius: int = 50) -> Truth:
    """A shaded ball on the wall."""
    pixels = wall()
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    far = np.hypot(columns - at[0], rows - at[1])
    mask = far < radius
    shade = 1.15 - 0.6 * np.hypot(columns - at[0] + radius / 3, rows - at[1] + radius / 3) / radius
    pixels[mask] = np.clip(np.array(colour) * shade[..., None], 0, 255)[mask].astype(np.uint8)
    return Truth(pixels, {"ball": mask})


def person(colour: tuple[int, int, int] = (60, 120, 80)) -> Truth:
    """A head and a shirt, plain enough to be known to the pixel."""
    pixels = wall(300, 360, 3)
    rows, columns = np.mgrid[:360, :300]
    head = ((columns - 150) / 42) ** 2 + ((rows - 110) / 55) ** 2 < 1
    shirt = ((columns - 150) / 105) ** 2 + ((rows - 360) / 190) ** 2 < 1
    fold = 1 + 0.15 * np.sin(columns / 9)
    pixels[shirt] = np.clip(np.array(colour) * fold[..., None], 0, 255)[shirt].astype(np.uint8)
    pixels[head] = (222, 178, 150)
    face = np.zeros_like(head)
    face[70:160, 112:188] = True
    return Truth(pixels, {"person": head | shirt, "face": face, "shirt": shirt & ~head})


def never() -> bool:
    return False


def ask(
    text: str,
    *truths: Truth,
    size: tuple[int, int] | None = None,
    seed: int = 5,
    cancelled: Callable[[], bool] = never,
) -> Edited:
    """The edit; `size` where the answer's size is given, else the picture's own is kept."""
    high, wide = truths[0].pixels.shape[:2]
    width, height = size or (wide, high)
    pictures = [one.pixels for one in truths]
    return edit(
        text, pictures, width=width, height=height, kept=size is None, seed=seed, see=Knowing(truths),
        cancelled=cancelled,
    )  # fmt: skip


def differs(before: Pixels, after: Pixels) -> Mask:
    """Pixels of which any channel is another."""
    return np.asarray((before != after).any(axis=2))
