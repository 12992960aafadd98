"""Plain shapes and drawn things: how many are found, named and cut out; a floor for each.

The drawn things are Debian's Noto Color Emoji (`fonts-noto-color-emoji`), skipped where the font is missing, and, with
NAMER_ART=FILE, the drawings of a file that `tools/namer_art.py` made: of a set that was not trained on, say.
QUALITY_SEED=7 pytest -m quality -s tests/quality/test_flats.py     other pictures
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.flat import find_flat
from pollux.engines.builtin.seeing.masks_flat import mask_flat
from pollux.engines.builtin.shapes import shapes
from tests.quality import flats

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]
SEED = int(os.environ.get("QUALITY_SEED", "1"))
SHEETS = 40
FONT = Path(os.environ.get("NOTO_EMOJI", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"))
DRAWN = {
    "🍎": "red apple", "🍌": "banana", "🍇": "grapes", "🍓": "strawberry", "🍒": "cherries",
    "🍕": "pizza", "🍔": "hamburger", "🥕": "carrot", "🌽": "ear of corn", "🎂": "birthday cake",
    "☕": "hot beverage", "🐶": "dog face", "🐱": "cat face", "🐸": "frog", "🦁": "lion",
    "🐘": "elephant", "🐝": "honeybee", "🦋": "butterfly", "🐢": "turtle", "🐙": "octopus",
    "🐬": "dolphin", "🦉": "owl", "🐧": "penguin", "🌵": "cactus", "🌻": "sunflower",
    "🌹": "rose", "🍁": "maple leaf", "🍄": "mushroom", "🚗": "automobile", "🚌": "bus",
    "🚲": "bicycle", "🚀": "rocket", "⛵": "sailboat", "🚁": "helicopter", "🚂": "locomotive",
    "⚓": "anchor", "🏠": "house", "🏰": "castle", "⛺": "tent", "⏰": "alarm clock",
    "📷": "camera", "💡": "light bulb", "🔑": "key", "🔨": "hammer", "✂️": "scissors",
    "📚": "books", "✏️": "pencil", "🎸": "guitar", "🥁": "drum", "🎺": "trumpet",
    "⚽": "soccer ball", "🏀": "basketball", "🏆": "trophy", "🎈": "balloon", "🎁": "wrapped gift",
    "👑": "crown", "👓": "glasses", "👟": "running shoe", "☂️": "umbrella", "❄️": "snowflake",
    "🔔": "bell", "💎": "gem stone", "🧲": "magnet", "🔥": "fire",
}  # fmt: skip


def overlap(one: Box, other: flats.Span) -> float:
    across = min(one.right, other[2]) - max(one.left, other[0])
    down = min(one.bottom, other[3]) - max(one.top, other[1])
    shared = max(0.0, across) * max(0.0, down)
    return float(shared / (one.width * one.height + (other[2] - other[0]) * (other[3] - other[1]) - shared))


def pairs(boxes: Sequence[Box], truth: Sequence[flats.Drawn]) -> list[int]:
    """For each thing that was drawn the index of what was found there, -1 for nothing; each used once."""
    left, out = set(range(len(boxes))), list[int]()
    for one in truth:
        best = max(left, key=lambda n: overlap(boxes[n], one.span), default=-1)
        out.append(best if best >= 0 and overlap(boxes[best], one.span) >= 0.5 else -1)
        left.discard(out[-1])
    return out


def test_plain_shapes() -> None:
    right = found = drawn = exact = 0
    for seed in range(1000 * SEED, 1000 * SEED + SHEETS):
        picture, truth = flats.shapes(seed)
        seen = shapes(picture)
        places = pairs([one.box for one in seen], truth)
        right += sum(
            n >= 0 and (seen[n].name, seen[n].colour) == (t.name, t.colour) for n, t in zip(places, truth, strict=True)
        )
        found, drawn, exact = found + len(seen), drawn + len(truth), exact + (len(seen) == len(truth))
    f1 = 2 * right / (found + drawn)
    print(f"\nplain shapes: F1 with name and colour {f1:.3f}, counts exact {exact / SHEETS:.3f}")
    assert f1 >= 0.97
    assert exact >= 0.95 * SHEETS


def test_drawn_things() -> None:
    if not FONT.exists():
        pytest.skip("needs Debian's fonts-noto-color-emoji")
    boxes, names, masks = measured("Noto Color Emoji", *of_font())
    assert boxes >= 0.9
    assert names >= 0.85
    assert masks >= 0.85


def test_drawn_things_of_another_set() -> None:
    if "NAMER_ART" not in os.environ:
        pytest.skip("needs NAMER_ART, a file made by tools/namer_art.py")
    data = np.load(os.environ["NAMER_ART"])
    every = [str(one).split("\t")[0] for one in data["names"]]
    boxes, _, masks = measured(os.environ["NAMER_ART"], data["pictures"], [every[n] for n in data["classes"]])
    assert boxes >= 0.9
    assert masks >= 0.85


def of_font() -> tuple[Pixels, list[str]]:
    """The font's drawings at 80 pixels."""
    font = ImageFont.truetype(str(FONT), 109)  # the one size that it has
    out = []
    for letter in DRAWN:
        image = Image.new("RGBA", (136, 136))
        ImageDraw.Draw(image).text((0, 4), letter, font=font, embedded_color=True)
        out.append(np.asarray(image.resize((80, 80), Image.Resampling.LANCZOS)))
    return np.stack(out), list(DRAWN.values())


def measured(title: str, art: Pixels, names: list[str]) -> tuple[float, float, float]:
    """F1 at IoU 0.5 without and with the name, and the mean IoU of masks; printed with the times."""
    hit = named = found = drawn = 0
    shared, times = list[float](), list[float]()
    for seed in range(1000 * SEED, 1000 * SEED + SHEETS):
        picture, truth = flats.things(art, names, seed)
        began = perf_counter()
        seen = find_flat(picture, Scene(picture.shape[1], picture.shape[0], "drawing", 1.0))
        times.append(1000 * (perf_counter() - began))
        found, drawn = found + len(seen), drawn + len(truth)
        for n, one in zip(pairs([one.box for one in seen], truth), truth, strict=True):
            if n < 0:
                continue
            hit += 1
            named += one.name == seen[n].name
            mask = np.zeros_like(one.mask)
            left, top = int(seen[n].box.left), int(seen[n].box.top)
            cut = mask_flat(picture, seen[n]) > 127
            mask[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
            shared.append(float((mask & one.mask).sum() / (mask | one.mask).sum()))
    result = 2 * hit / (found + drawn), 2 * named / (found + drawn), float(np.mean(shared))
    slow = np.percentile(times, [50, 95])
    print(f"\n{title}: F1 {result[0]:.3f}, with name {result[1]:.3f}, masks {result[2]:.3f}; {slow.round()} ms p50 p95")
    return result
