"""Print and codes: how many characters are read wrongly, on clean pages and on photographs of pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PIL import Image

from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.builtin.eyes import Eyes
from tests.quality.asking import ask, shown
from tests.quality.codes import FORMATS, WAYS, code
from tests.quality.report import CER, COUNTS, READ, SEED, WORDS, Report
from tests.quality.texts import edits, lacking, page, photographed

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]
PAGES = 14


@pytest.mark.parametrize("kind", ["clean pages", "photographed pages"])
def test_characters_of_pages(engine: BuiltinEngine, report: Report, kind: str) -> None:
    if lacking():
        pytest.skip(lacking())
    taken: Callable[[Image.Image, int], Image.Image] = photographed if kind[0] == "p" else lambda image, _: image
    wrong = printed = 0
    for seed in range(1000 * SEED, 1000 * SEED + PAGES):
        sheet = page(seed, large=kind[0] == "p")
        media, true = shown(taken(sheet.image, seed)), " ".join(sheet.lines)
        with report.timed(kind):
            said = " ".join(ask(engine, [media], "Transcribe this page.").split())
        off = edits(said, true)
        print(f"{kind} {seed}: {off} of {len(true)} characters")
        wrong, printed = wrong + off, printed + len(true)
        report.add(kind, CER, off, len(true))
        one, other = Counter(said.split()), Counter(true.split())
        report.add(kind, WORDS, 2 * (one & other).total(), one.total() + other.total())
    assert wrong <= 0.06 * printed


def test_codes(eyes: Eyes, report: Report) -> None:
    count = len(FORMATS) * len(WAYS)
    right = 0
    for seed in range(count * SEED, count * (SEED + 1)):
        one = code(seed)
        media = shown(one.image)
        with report.timed("codes"):
            found = eyes.see(media, reading=False, cancelled=lambda: False).codes
        read = one.content in [each.content for each in found]
        right += read
        report.add("codes", READ, read, 1)
        report.add("codes", COUNTS, len(found) == 1, 1)
        if not read or len(found) != 1:
            print(f"codes: {one.form}, {one.way}: {one.content!r} read as {[each.content for each in found]}")
    assert right >= 0.95 * count
