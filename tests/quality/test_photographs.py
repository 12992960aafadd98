"""How many things of photographs are named, found and cut out; how often something is invented; and how long it takes.

See photographs.py for where the pictures come from.  Without them the four samples are measured alone.
"""

from __future__ import annotations

import numpy as np
import pytest

from pollux.engines.builtin import colours
from pollux.engines.builtin.boxes import overlap
from pollux.engines.builtin.classify import Classifier
from pollux.engines.builtin.faces import FaceFinder
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.masks import mask, whole_pixels
from pollux.engines.builtin.seeing.photo import find_objects
from pollux.engines.builtin.seeing.thing import Thing
from tests.quality.photographs import NOTHING, THINGS, Pixels, Truth, composite, picture, things
from tests.quality.report import BOXED, MASKS, NAMED, SEED, Report

pytestmark = [pytest.mark.quality, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def models() -> tuple[Classifier, FaceFinder]:
    classifier = Classifier()
    classifier.load()
    return classifier, FaceFinder()


def look(pixels: Pixels, models: tuple[Classifier, FaceFinder]) -> list[Thing]:
    size = pixels.shape[1], pixels.shape[0]
    faces = models[1].faces(pixels)
    scene = Scene(*size, "photograph", 1.0, faces=faces, grayscale=colours.grayscale(pixels))
    return find_objects(pixels, scene, classifier=models[0])


def fitting(thing: Thing, true: tuple[Truth, ...]) -> list[Truth]:
    last = {name.split()[-1] for name in thing.names}
    return [one for one in true if last & one.names]


def test_main_things_are_named_and_found(models: tuple[Classifier, FaceFinder], report: Report) -> None:
    """Named: by one of the three surest things.  Found: a thing with a right name has the box at IoU 0.5."""
    named, found = list[bool](), list[bool]()
    for name, pixels, true in things():
        with report.timed("photographs"):
            seen = look(pixels, models)
        named.append(any(fitting(thing, true) for thing in seen[:3]))
        best = max((overlap(t.box, one.within(pixels)) for t in seen for one in fitting(t, true)), default=0.0)
        found.append(best >= 0.5)
        print(f"{name:52} {'named' if named[-1] else '-----'} {best:.2f} {[(t.name, t.score) for t in seen]}")
    assert report.add("photographs", NAMED, sum(named), len(named)) >= 0.7
    assert report.add("photographs", BOXED, sum(found), len(found)) >= 0.6
    if len(named) < len(THINGS):
        pytest.skip(
            f"{len(THINGS) - len(named)} of {len(THINGS)} photographs are not installed: tools/install_quality.py"
        )


def test_little_is_invented(models: tuple[Classifier, FaceFinder], report: Report) -> None:
    pictures = {name: pixels for name in NOTHING if (pixels := picture(name)) is not None}
    invented = {name: seen for name, pixels in pictures.items() if (seen := look(pixels, models))}
    names = [(name, thing.name, thing.score) for name, seen in invented.items() for thing in seen]
    print(f"invented in {len(invented)} of {len(pictures)}: {names}")
    report.add("photographs", "nothing invented in textures", len(pictures) - len(invented), len(pictures))
    assert len(invented) <= 0.25 * len(pictures)


def test_masks_of_composites(report: Report) -> None:
    """Boxes are 3 % of their sides off, each edge by itself, as a finder's are."""
    pictures = [pixels for _, pixels, _ in things()]
    shares, filled = list[float](), list[float]()
    for seed in range(100 * SEED, 100 * SEED + 60):
        pixels, truth = composite(seed, pictures)
        rows, columns = np.flatnonzero(truth.any(1)), np.flatnonzero(truth.any(0))
        off = np.random.default_rng(seed).normal(0, 0.03, 4)
        wide, high = columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0]
        box = Box(
            max(0, columns[0] + off[0] * wide), max(0, rows[0] + off[1] * high),
            min(640, columns[-1] + 1 + off[2] * wide), min(480, rows[-1] + 1 + off[3] * high),
        )  # fmt: skip
        cut = mask(pixels, box)
        left, top, right, bottom = whole_pixels(pixels, box)
        made, whole = np.zeros_like(truth), np.zeros_like(truth)
        made[top:bottom, left:right], whole[top:bottom, left:right] = cut > 127, True
        shares.append((made & truth).sum() / (made | truth).sum())
        filled.append((whole & truth).sum() / (whole | truth).sum())
    print(f"mask IoU {np.mean(shares):.3f}, of filled boxes {np.mean(filled):.3f}")
    report.add("photographs", MASKS, sum(shares), len(shares))
    assert np.mean(shares) >= 0.85
