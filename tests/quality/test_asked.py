"""Requests for boxes in many wordings: which things come back, measured as F1 at IoU 0.5.

pytest -m quality -s tests/quality/test_asked.py     with every request that was not answered rightly
"""

from __future__ import annotations

import json
import random
from contextlib import nullcontext

import pytest

from pollux.engines.builtin.engine import BuiltinEngine
from pollux.media.handle import Media
from tests.quality.asked import SIZE, Drawn, Edges, Request, picture, requests
from tests.quality.asking import ask, shown
from tests.quality.report import COUNTS, LABELLED, SEED, Report

pytestmark = [pytest.mark.quality, pytest.mark.timeout(600)]
PICTURES = 20
FLOOR = 0.97  # of flat shapes and colours


def test_requests_for_boxes(engine: BuiltinEngine, report: Report) -> None:
    rng = random.Random(SEED)
    hits = answered = wanted = 0
    for _ in range(PICTURES):
        image, drawn = picture(rng)
        for n, request in enumerate(requests(drawn, rng)):
            media = shown(image)
            with report.timed("asked-for") if not n else nullcontext():
                found = answers(engine, media, request.prompt)
            right = matched(found, request)
            hits, answered, wanted = hits + right, answered + len(found), wanted + len(request.truth)
            report.add("asked-for", LABELLED, 2 * right, len(found) + len(request.truth))
            report.add("asked-for", COUNTS, len(found) == len(request.truth), 1)
            report.add("asked-for", "exactly what was asked for", right == len(found) == len(request.truth), 1)
            if not right == len(found) == len(request.truth):
                print(f"{request.prompt}: {right} right of {len(found)} shown, {len(request.truth)} meant; {found}")
    assert 2 * hits / (answered + wanted) >= FLOOR


def answers(engine: BuiltinEngine, media: Media, prompt: str) -> list[Edges]:
    """The boxes in pixels; a point as a box without size."""
    out: list[Edges] = []
    for entry in json.loads(ask(engine, [media], prompt)):
        top, left, bottom, right = entry["box_2d"] if "box_2d" in entry else entry["point"] * 2
        out.append((left * SIZE[0] / 1000, top * SIZE[1] / 1000, right * SIZE[0] / 1000, bottom * SIZE[1] / 1000))
    return out


def matched(found: list[Edges], request: Request) -> int:
    """How many of the boxes are a meant shape each."""
    left: list[Drawn] = list(request.truth)
    hits = 0
    for box in found:
        fit = next((one for one in left if overlap(box, one.box) >= 0.5), None)
        if fit is not None:
            left.remove(fit)
            hits += 1
    return hits


def overlap(a: Edges, b: Edges) -> float:
    """Intersection over union; of a point, whether it lies in the other."""
    if a[0] == a[2]:
        return float(b[0] <= a[0] <= b[2] and b[1] <= a[1] <= b[3])
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, across) * max(0.0, down)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)
