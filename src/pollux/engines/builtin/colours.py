"""Named colours: what share of a picture each has, and where.

A pixel is named from its lightness, chroma and hue in CIELAB (D65).  The borders between names were set by hand on the
CSS colours that carry those names and on photographs: brown is dark orange, pink is light red, beige is pale and warm.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Colour

NAMES = (
    "black", "dark gray", "gray", "light gray", "white", "red", "dark red", "pink", "magenta", "orange", "brown",
    "beige", "yellow", "olive", "green", "dark green", "light green", "teal", "turquoise", "blue", "light blue",
    "dark blue", "purple", "lavender",
)  # fmt: skip
PLACES = (
    "top left", "top", "top right", "left", "centre", "right", "bottom left", "bottom", "bottom right",
)  # fmt: skip
SIDE = 192  # pixels: the size at which colours are counted
BITS = 5  # of each channel: a table of 32 x 32 x 32 colours names every pixel
LEAST_SHARE = 0.02
MOST = 8

# (least hue, most hue) in degrees, then rules (most lightness, most chroma, name) tried in order.
_HUES: tuple[tuple[float, float, tuple[tuple[float, float, str], ...]], ...] = (
    (0, 20, ((28, 60, "dark red"), (46, 200, "red"), (64, 45, "pink"), (58, 200, "red"), (101, 200, "pink"))),
    (20, 43, (
        (30, 28, "brown"), (30, 200, "dark red"), (62, 36, "brown"), (42, 52, "dark red"), (56, 46, "brown"),
        (68, 200, "red"), (101, 200, "pink"),
    )),
    (43, 50, (
        (30, 28, "brown"), (30, 200, "dark red"), (62, 36, "brown"), (42, 56, "brown"), (52, 54, "brown"),
        (46, 200, "red"), (74, 34, "pink"), (101, 30, "pink"), (101, 200, "orange"),
    )),
    (50, 80, (
        (56, 200, "brown"), (66, 52, "brown"), (74, 26, "brown"), (101, 36, "beige"), (101, 200, "orange"),
    )),
    (80, 107, (
        (42, 30, "brown"), (58, 200, "olive"), (70, 26, "brown"), (101, 30, "beige"), (70, 45, "olive"),
        (101, 200, "yellow"),
    )),
    (107, 120, (
        (101, 16, "beige"), (40, 200, "dark green"), (66, 60, "olive"), (84, 200, "green"), (101, 28, "light green"),
        (101, 200, "yellow"),
    )),
    (120, 168, ((36, 200, "dark green"), (78, 200, "green"), (101, 80, "light green"), (101, 200, "green"))),
    (168, 208, ((62, 200, "teal"), (101, 200, "turquoise"))),
    (208, 285, ((28, 200, "dark blue"), (64, 200, "blue"), (101, 200, "light blue"))),
    (285, 308, ((25, 200, "dark blue"), (60, 200, "blue"), (101, 200, "lavender"))),
    (308, 335, ((58, 200, "purple"), (72, 70, "lavender"), (78, 200, "magenta"), (101, 200, "lavender"))),
    (335, 360.01, ((34, 200, "purple"), (56, 38, "purple"), (56, 200, "magenta"), (101, 200, "pink"))),
)  # fmt: skip


def named(picture: Pixels) -> NDArray[np.uint8]:
    """Every pixel's colour as an index into NAMES, H x W."""
    table = _table()
    small = picture >> (8 - BITS)
    index = (small[..., 0].astype(np.int32) << (2 * BITS)) | (small[..., 1].astype(np.int32) << BITS) | small[..., 2]
    return cast(NDArray[np.uint8], table[index])


def name_of(rgb: Sequence[int]) -> str:
    """The name of one colour."""
    return NAMES[int(named(np.array([[rgb]], np.uint8))[0, 0])]


def colours(picture: Pixels) -> tuple[Colour, ...]:
    """The named colours that fill at least a fiftieth of an RGB picture, largest first, at most eight."""
    small = fit(picture, SIDE)
    names = named(small)
    shares = np.bincount(names.ravel(), minlength=len(NAMES)) / names.size
    cells = _cell_shares(names)
    out: list[Colour] = []
    for index in np.argsort(-shares, kind="stable")[:MOST].tolist():
        if shares[index] < LEAST_SHARE and out:
            break
        pixels = small[names == index]
        red, green, blue = (int(value) for value in np.median(pixels, axis=0))
        places = tuple(place for place, cell in zip(PLACES, cells, strict=True) if cell[index] >= max(0.4, cell.max()))
        out.append(Colour(NAMES[index], round(float(shares[index]), 4), (red, green, blue), places))
    return tuple(out)


def background(picture: Pixels) -> str:
    """The name of the colour along the border when one colour fills at least three quarters of it, else ""."""
    names = named(fit(picture, SIDE))
    width = max(1, min(names.shape) // 40)
    edge = [names[:width].ravel(), names[-width:].ravel(), names[:, :width].ravel(), names[:, -width:].ravel()]
    counts = np.bincount(np.concatenate(edge), minlength=len(NAMES))
    return NAMES[int(counts.argmax())] if counts.max() >= 0.75 * counts.sum() else ""


def grayscale(picture: Pixels) -> bool:
    """Whether the picture has no colour: channels differ by more than noise in at most one pixel of 200."""
    small = fit(picture, SIDE).astype(np.int16)
    return bool(((small.max(axis=2) - small.min(axis=2)) > 14).mean() < 0.005)


def _cell_shares(names: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    """Each of the nine cells' shares of every name, row by row."""
    rows = np.array_split(names, 3, axis=0)
    cells = [cell for row in rows for cell in np.array_split(row, 3, axis=1)]
    return [np.bincount(cell.ravel(), minlength=len(NAMES)) / max(1, cell.size) for cell in cells]


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """The index into NAMES of every colour of BITS bits a channel."""
    steps = 1 << BITS
    axis = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    axis[0], axis[-1] = 0.0, 1.0  # so that full and empty channels are what they are
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(1, -1, 3)
    lab = cv2.cvtColor(grid, cv2.COLOR_RGB2Lab).reshape(-1, 3)
    light, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    out = np.full(light.shape, 255, np.uint8)
    for low, high, rules in _HUES:
        inside = (hue >= low) & (hue < high)
        for most_light, most_chroma, name in rules:
            out[inside & (out == 255) & (light < most_light) & (chroma < most_chroma)] = NAMES.index(name)
    neutral = chroma < np.where(light > 85, 7, 10)
    for most_light, name in ((101, "white"), (92, "light gray"), (70, "gray"), (42, "dark gray"), (18, "black")):
        out[neutral & (light < most_light)] = NAMES.index(name)
    out[(light < 5) | ((light < 12) & (chroma < 30)) | ((light < 18) & (chroma < 18))] = NAMES.index("black")
    return out
