"""Screens, charts and papers: how many of their parts are found, and how true the values are; a floor for each.

Screens need Debian's `chromium`, charts need matplotlib; what is not installed is skipped and says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image

from pollux.engines.builtin.eyes import Eyes
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.pages import find_parts
from pollux.engines.builtin.seeing.plots import find_chart
from pollux.engines.builtin.seeing.screen import find_elements
from pollux.engines.builtin.seeing.thing import Thing
from tests.quality.asking import shown
from tests.quality.charts import KINDS, chart
from tests.quality.papers import paper
from tests.quality.report import BARS, CER, COUNTS, LABELLED, PLACED, SEED, STATES, Report
from tests.quality.screens import PAGES, screen
from tests.quality.texts import edits

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]
COUNT = 3
Span = tuple[float, float, float, float]
_SAID = {"text field": "field", "radio button": "radio"}


def overlap(one: Box, other: Span) -> float:
    across = min(one.right, other[2]) - max(one.left, other[0])
    down = min(one.bottom, other[3]) - max(one.top, other[1])
    shared = max(0.0, across) * max(0.0, down)
    return float(shared / (one.width * one.height + (other[2] - other[0]) * (other[3] - other[1]) - shared))


class Tally:
    """Found, missed and made up, over many pictures of a kind; values within 3 %; states and labels that are right."""

    def __init__(self, eyes: Eyes, report: Report, kind: str) -> None:
        self.eyes, self.report, self.kind = eyes, report, kind
        self.hit = self.parts = self.asked = self.true = 0

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, self.parts)

    def look(self, pixels: Pixels, find: Callable[[Pixels, Scene], Sequence[Thing]]) -> Sequence[Thing]:
        """What is found in a picture, from its bytes."""
        media = shown(Image.fromarray(pixels))
        with self.report.timed(self.kind):
            return find(pixels, self.eyes.see(media, reading=True, cancelled=lambda: False))

    def match(self, found: Sequence[Thing], truth: Sequence[tuple[str, Span]]) -> list[Thing | None]:
        """The thing for every true part, each used once."""
        out, placed = pairs(found, truth, labelled=True), pairs(found, truth, labelled=False)
        parts, hit = len(found) + len(truth), sum(one is not None for one in out)
        self.report.add(self.kind, LABELLED, 2 * hit, parts)
        self.report.add(self.kind, PLACED, 2 * sum(one is not None for one in placed), parts)
        for kind in {kind for kind, _ in truth} | {_SAID.get(one.name, one.name) for one in found}:
            named = sum(_SAID.get(one.name, one.name) == kind for one in found)
            self.report.add(self.kind, COUNTS, named == sum(each == kind for each, _ in truth), 1)
        self.hit, self.parts = self.hit + hit, self.parts + parts
        return out

    def value(self, what: str, true: bool) -> None:
        self.asked, self.true = self.asked + 1, self.true + true
        self.report.add(self.kind, what, true, 1)


def pairs(found: Sequence[Thing], truth: Sequence[tuple[str, Span]], *, labelled: bool) -> list[Thing | None]:
    """For every true part the thing that overlaps it most, by half at least; `labelled`: of the same kind."""
    left, out = list(found), list[Thing | None]()
    for kind, box in truth:
        fits = [
            one
            for one in left
            if (not labelled or _SAID.get(one.name, one.name) == kind) and overlap(one.box, box) >= 0.5
        ]
        best = max(fits, key=lambda one: overlap(one.box, box), default=None)
        out.append(best)
        if best is not None:
            left.remove(best)
    return out


@pytest.mark.skipif(shutil.which("chromium") is None, reason="screenshots need Debian's chromium")
def test_elements_of_screens(eyes: Eyes, report: Report) -> None:
    tally = Tally(eyes, report, "screenshots")
    for one in (screen(page, seed) for page in PAGES for seed in range(100 * SEED, 100 * SEED + COUNT)):
        found = tally.look(one.pixels, find_elements)
        for element, thing in zip(
            one.elements, tally.match(found, [(e.kind, e.box) for e in one.elements]), strict=True
        ):
            if element.state and thing is not None:
                tally.value(STATES, thing.state == element.state)
            if element.text and thing is not None and element.kind != "icon":
                report.add("screenshots", CER, edits(thing.text, element.text), len(element.text))
    assert tally.f1 >= 0.85
    assert tally.true >= 0.95 * tally.asked


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_parts_and_values_of_charts(eyes: Eyes, report: Report, kind: str) -> None:
    pytest.importorskip("matplotlib")
    tally = Tally(eyes, report, "charts")
    for one in (chart(kind, seed) for seed in range(100 * SEED, 100 * SEED + 3 * COUNT)):
        found = tally.look(one.pixels, find_chart)
        for part, thing in zip(one.parts, tally.match(found, [(p.kind, p.box) for p in one.parts]), strict=True):
            if part.value is not None:
                said = thing.state.removeprefix("value ").rstrip("%") if thing else ""
                what = BARS if part.kind == "bar" else "values of slices and points"
                tally.value(what, bool(said) and abs(float(said) - part.value) <= 0.03 * abs(part.value))
    print(f"{kind}: F1@0.5 {tally.f1:.3f}, values {tally.true} of {tally.asked}")
    assert tally.f1 >= 0.85
    assert tally.true >= 0.75 * tally.asked  # a chart whose numbers were not read loses all its values at once


def test_parts_of_papers(eyes: Eyes, report: Report) -> None:
    tally = Tally(eyes, report, "clean pages")
    for one in (paper(seed) for seed in range(100 * SEED, 100 * SEED + 4 * COUNT)):
        tally.match(tally.look(np.asarray(one.image), find_parts), one.parts)
    assert tally.f1 >= 0.85
