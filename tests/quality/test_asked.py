"""Requests for boxes in many wordings: which things come back, measured as F1 at IoU 0.5.

pytest -m quality -s tests/quality/test_asked.py            every request that was not answered rightly
QUALITY_SEED=7 pytest -m quality -s tests/quality/test_asked.py     other pictures
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
from collections import defaultdict

import pytest

from pollux.engines.base import Prompt, Text, Turn
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.media.handle import Media
from pollux.wire.content import Part
from tests.quality.asked import SIZE, Drawn, Edges, Request, picture, requests

pytestmark = [pytest.mark.quality, pytest.mark.timeout(600)]
PICTURES = 20
FLOOR = 0.97  # of flat shapes and colours


def test_requests_for_boxes() -> None:
    rng = random.Random(int(os.environ.get("QUALITY_SEED", "1")))
    engine = BuiltinEngine()
    hits = shown = wanted = 0
    exact: dict[bool, int] = defaultdict(int)
    for _ in range(PICTURES):
        image, drawn = picture(rng)
        data = io.BytesIO()
        image.save(data, "PNG")
        media = Media(
            "image", "image/png", data.getvalue(), hashlib.sha256(data.getvalue()).hexdigest(), *SIZE, field="c"
        )
        for request in requests(drawn, rng):
            found = answers(engine, media, request.prompt)
            right = matched(found, request)
            hits, shown, wanted = hits + right, shown + len(found), wanted + len(request.truth)
            exact[right == len(found) == len(request.truth)] += 1
            if not right == len(found) == len(request.truth):
                print(f"{request.prompt}: {right} right of {len(found)} shown, {len(request.truth)} meant; {found}")
    engine._lane.close()
    f1 = 2 * hits / (shown + wanted)
    print(f"F1 {f1:.3f}; {exact[True]} of {sum(exact.values())} requests answered exactly")
    assert f1 >= FLOOR


def answers(engine: BuiltinEngine, media: Media, prompt: str) -> list[Edges]:
    """The boxes in pixels; a point as a box without size."""
    asked = Prompt("m", (Turn("user", (media, Part(text=prompt))),))
    said = "".join(event.text for event in engine._answer(asked, lambda: False) if isinstance(event, Text))
    out: list[Edges] = []
    for entry in json.loads(said):
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
