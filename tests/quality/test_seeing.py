"""Screens, charts and papers: how many of their parts are found, and how true the values are; a floor for each.

Screens need Debian's `chromium`, charts need matplotlib; what is not installed is skipped and says so.
QUALITY_SEED=7 pytest -m quality -s tests/quality/test_seeing.py     other pictures
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from time import perf_counter

import cv2
import numpy as np
import pytest
from blake3 import blake3

from pollux.engines.builtin.eyes import Eyes
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.pages import find_parts
from pollux.engines.builtin.seeing.plots import find_chart
from pollux.engines.builtin.seeing.screen import find_elements
from pollux.engines.builtin.seeing.thing import Thing
from pollux.media.handle import Media
from tests.quality.charts import KINDS, chart
from tests.quality.papers import paper
from tests.quality.screens import PAGES, screen

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]
SEED = int(os.environ.get("QUALITY_SEED", "1"))
COUNT = 2
Span = tuple[float, float, float, float]
_SAID = {"text field": "field", "radio button": "radio"}


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes(2)


def seen(eyes: Eyes, pixels: Pixels) -> Scene:
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert done
    held, (height, width) = data.tobytes(), pixels.shape[:2]
    media = Media("image", "image/png", held, blake3(held).hexdigest(), width, height)
    return eyes.see(media, reading=True, cancelled=lambda: False)


def overlap(one: Box, other: Span) -> float:
    across = min(one.right, other[2]) - max(one.left, other[0])
    down = min(one.bottom, other[3]) - max(one.top, other[1])
    shared = max(0.0, across) * max(0.0, down)
    return float(shared / (one.width * one.height + (other[2] - other[0]) * (other[3] - other[1]) - shared))


class Tally:
    """Found, missed and made up, over many pictures; values within 3 %; states and labels that are right."""

    def __init__(self) -> None:
        self.hit = self.missed = self.extra = self.asked = self.true = 0
        self.times: list[float] = []

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.missed + self.extra)

    def match(self, found: Sequence[Thing], truth: Iterable[tuple[str, Span]]) -> list[Thing | None]:
        """The thing for every true part, each used once."""
        left, out = list(found), list[Thing | None]()
        for kind, box in truth:
            fits = [one for one in left if _SAID.get(one.name, one.name) == kind and overlap(one.box, box) >= 0.5]
            best = max(fits, key=lambda one: overlap(one.box, box), default=None)
            out.append(best)
            if best is not None:
                left.remove(best)
        self.hit += sum(one is not None for one in out)
        self.missed += sum(one is None for one in out)
        self.extra += len(left)
        return out

    def tell(self, name: str, floor: float, what: str = "") -> None:
        share = f"   {what} {self.true} of {self.asked}" if self.asked else ""
        time = f"   {1000 * float(np.median(self.times)):.0f} ms" if self.times else ""
        print(f"{name:<12}F1@0.5 {self.f1:.3f}   floor {floor}{share}{time}")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium: apt-get install chromium")
def test_elements_of_screens(eyes: Eyes) -> None:
    tally = Tally()
    for one in (screen(page, seed) for page in PAGES for seed in range(100 * SEED, 100 * SEED + COUNT)):
        scene, start = seen(eyes, one.pixels), perf_counter()
        found = find_elements(one.pixels, scene)
        tally.times.append(perf_counter() - start)
        for element, thing in zip(
            one.elements, tally.match(found, [(e.kind, e.box) for e in one.elements]), strict=True
        ):
            if element.state and thing is not None:
                tally.asked += 1
                tally.true += thing.state == element.state
    tally.tell("screens", 0.85, "states")
    assert tally.f1 >= 0.85
    assert tally.true >= 0.95 * tally.asked


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_parts_and_values_of_charts(eyes: Eyes, kind: str) -> None:
    pytest.importorskip("matplotlib")
    tally = Tally()
    for one in (chart(kind, seed) for seed in range(100 * SEED, 100 * SEED + 2 * COUNT)):
        scene, start = seen(eyes, one.pixels), perf_counter()
        found = find_chart(one.pixels, scene)
        tally.times.append(perf_counter() - start)
        for part, thing in zip(one.parts, tally.match(found, [(p.kind, p.box) for p in one.parts]), strict=True):
            if part.value is not None:
                tally.asked += 1
                said = thing.state.removeprefix("value ").rstrip("%") if thing else ""
                tally.true += bool(said) and abs(float(said) - part.value) <= 0.03 * abs(part.value)
    tally.tell(kind, 0.85, "values within 3 %")
    assert tally.f1 >= 0.85
    assert tally.true >= 0.75 * tally.asked  # a chart whose numbers were not read loses all its values at once


def test_parts_of_papers(eyes: Eyes) -> None:
    tally = Tally()
    for one in (paper(seed) for seed in range(100 * SEED, 100 * SEED + 4 * COUNT)):
        pixels = np.asarray(one.image)
        scene, start = seen(eyes, pixels), perf_counter()
        found = find_parts(pixels, scene)
        tally.times.append(perf_counter() - start)
        tally.match(found, one.parts)
    tally.tell("papers", 0.85)
    assert tally.f1 >= 0.85
