"""Plain shapes and drawn things: how many are found, named and cut out; a floor for each.

The drawn things are Debian's Noto Color Emoji (`fonts-noto-color-emoji`), skipped where the font is missing, and, with
NAMER_ART=FILE:FILE, the drawings of files that `tools/namer_art.py` made of sets that were not trained on.

A name is right when it is the drawing's own, the first that CLDR gives; or that of a drawing of the same set that
cannot be told from it (`flats.alike`).  Neither a broader word nor a neighbour counts: a man who surfs is no woman who
surfs, and no person.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.flat import find_flat
from pollux.engines.builtin.seeing.masks_flat import mask_flat
from pollux.engines.builtin.shapes import shapes
from tests.quality import flats
from tests.quality.report import COUNTS, LABELLED, MASKS, PLACED, SEED, Report

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]
KIND = "emoji, clip art"
SHEETS = 40
ART = [one for one in os.environ.get("NAMER_ART", "").split(os.pathsep) if one]
NAMED = {"twemoji": 0.62, "openclipart": 0.18}  # F1 with the right name, at least; wanted are 0.85
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


def test_plain_shapes(report: Report) -> None:
    right = found = drawn = exact = 0
    for seed in range(1000 * SEED, 1000 * SEED + SHEETS):
        picture, truth = flats.shapes(seed)
        with report.timed("flat shapes"):
            seen = shapes(picture)
        places = pairs([one.box for one in seen], truth)
        right += sum(
            n >= 0 and (seen[n].name, seen[n].colour) == (t.name, t.colour) for n, t in zip(places, truth, strict=True)
        )
        found, drawn, exact = found + len(seen), drawn + len(truth), exact + (len(seen) == len(truth))
        report.add("flat shapes", PLACED, 2 * sum(n >= 0 for n in places), len(seen) + len(truth))
    report.add("flat shapes", COUNTS, exact, SHEETS)
    f1 = report.add("flat shapes", LABELLED, 2 * right, found + drawn)
    print(f"\nplain shapes: F1 with name and colour {f1:.3f}, counts exact {exact / SHEETS:.3f}")
    assert f1 >= 0.97
    assert exact >= 0.95 * SHEETS


def test_drawn_things(report: Report) -> None:
    if not FONT.exists():
        pytest.skip("emoji need Debian's fonts-noto-color-emoji")
    boxes, names, masks = measured("Noto Color Emoji", *of_font(), report)
    assert boxes >= 0.9
    assert names >= 0.85
    assert masks >= 0.85


@pytest.mark.parametrize("path", ART or [""])
def test_drawn_things_of_another_set(path: str, report: Report) -> None:
    if not path:
        pytest.skip("needs NAMER_ART, files made by tools/namer_art.py")
    data = np.load(path)
    every = [str(one).split("\t")[0] for one in data["names"]]
    boxes, names, masks = measured(path, data["pictures"], [every[n] for n in data["classes"]], Report())
    report.add(KIND, f"F1 labelled, of {data['sets'][0]}", names, 1)
    assert boxes >= 0.9
    assert names >= NAMED.get(str(data["sets"][0]), 0.0)
    assert masks >= 0.8


def of_font() -> tuple[Pixels, list[str]]:
    """The font's drawings at 80 pixels."""
    font = ImageFont.truetype(str(FONT), 109)  # the one size that it has
    out = []
    for letter in DRAWN:
        image = Image.new("RGBA", (136, 136))
        ImageDraw.Draw(image).text((0, 4), letter, font=font, embedded_color=True)
        out.append(np.asarray(image.resize((80, 80), Image.Resampling.LANCZOS)))
    return np.stack(out), list(DRAWN.values())


def measured(title: str, art: Pixels, names: list[str], report: Report) -> tuple[float, float, float]:
    """F1 at IoU 0.5 without and with the right name, and the mean IoU of masks; printed with the times."""
    hit = named = strict = found = drawn = 0
    same = flats.alike(art, names)
    shared = list[float]()
    for seed in range(1000 * SEED, 1000 * SEED + SHEETS):
        picture, truth = flats.things(art, names, seed)
        with report.timed(KIND):
            seen = find_flat(picture, Scene(picture.shape[1], picture.shape[0], "drawing", 1.0))
        report.add(KIND, COUNTS, len(seen) == len(truth), 1)
        found, drawn = found + len(seen), drawn + len(truth)
        for n, one in zip(pairs([one.box for one in seen], truth), truth, strict=True):
            if n < 0:
                continue
            hit += 1
            named += seen[n].name in same[one.name]
            strict += seen[n].name == one.name
            mask = np.zeros_like(one.mask)
            left, top = int(seen[n].box.left), int(seen[n].box.top)
            cut = mask_flat(picture, seen[n]) > 127
            mask[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
            shared.append(float((mask & one.mask).sum() / (mask | one.mask).sum()))
    result = (
        report.add(KIND, PLACED, 2 * hit, found + drawn),
        report.add(KIND, LABELLED, 2 * named, found + drawn),
        report.add(KIND, MASKS, sum(shared), len(shared)),
    )
    print(
        f"\n{title}: F1 {result[0]:.3f}, with the right name {result[1]:.3f}, its very own "
        f"{2 * strict / (found + drawn):.3f}, masks {result[2]:.3f}"
    )
    return result
