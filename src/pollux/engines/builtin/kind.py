"""What kind of picture it is, from cheap facts: flatness, crispness, text, codes, axes.

Photographs have noise and soft edges: few neighbouring pixels are equal.  Everything drawn by a program is flat
between crisp edges, even after JPEG.  Among the drawn kinds the text decides: a page is text on one light ground, a
chart has an axis (numbers evenly spaced on the page and in value), a screenshot has bars and panels, a drawing has
little text.  The thresholds were set on photographs of scikit-image, scikit-learn and matplotlib and on rendered
pages, screens, charts and drawings, as PNG and as JPEG; tests/engines/builtin/test_perceive_kind.py keeps a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Code, PictureKind, Shape, TextLine
from pollux.engines.builtin.seeing import pies, scales
from pollux.engines.builtin.shapes import shapes

LONGEST_NAME = 16  # characters of what is written beside a figure
FIGURES = frozenset({"circle", "ellipse", "triangle", "star", "square", "pentagon", "hexagon", "octagon"})
FEW_LINES = 5  # up to which words on a coloured ground make a sign rather than a page
GROUND, TINT = 120, 60  # levels: the darkest channel of paper, and the most colour it has
LEAST_WORD = 4  # letters: shapes are read as one or two
LEAST_LETTERS = 20  # of a photographed page with few lines
ROWS = 400  # of pixels that are looked at
SIDE = 320  # pixels: the size at which areas are measured
_NUMBER = re.compile(r"^[-+−(]?[$€£¥]?\s?\d[\d.,' ]*\s?(%|k|K|M|bn|°C?|[$€£¥])?\)?$")

Judgement = tuple[PictureKind, float]


@dataclass(frozen=True, slots=True)
class Traits:
    """Shares from 0 to 1, of neighbouring pixels in a row unless said otherwise.

    `equal`: no difference; `flat`: at most 2 levels; `soft`: 3 to 24 levels; `crisp`: more than 60.  `spread` is the
    largest difference between parts of the picture, in levels; `ground` the commonest colour and `ground_share` its
    share of all pixels.
    """

    equal: float
    flat: float
    soft: float
    crisp: float
    spread: int
    ground: tuple[int, int, int]
    ground_share: float

    @property
    def drawn(self) -> bool:
        """Whether a program drew the picture, rather than a camera."""
        edges = self.crisp / max(self.soft + self.crisp, 1e-9)
        if (self.equal > 0.85 and self.crisp > 0.0003) or (self.flat > 0.9 and edges > 0.3):
            return True
        return self.flat > 0.7 and self.ground_share > 0.2 and edges > 0.06


def traits(picture: Pixels) -> Traits:
    """Measure an RGB picture at the size at which it was decoded: scaling it would soften its edges."""
    rows = np.ascontiguousarray(picture[:: max(1, picture.shape[0] // ROWS)])
    steps = cv2.absdiff(rows[:, 1:], rows[:, :-1]) if rows.shape[1] > 1 else np.zeros((1, 1, 3), np.uint8)
    most = cv2.max(cv2.max(steps[..., 0], steps[..., 1]), steps[..., 2])
    count = cv2.calcHist([most], [0], None, [256], [0, 256]).ravel().cumsum() / most.size
    parts = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA).astype(np.int16).reshape(-1, 3)
    ground, share = _commonest(picture)
    spread = int((parts.max(axis=0) - parts.min(axis=0)).max())
    soft, crisp = float(count[24] - count[2]), float(1 - count[60])
    return Traits(float(count[0]), float(count[2]), soft, crisp, spread, ground, share)


def judge(picture: Pixels, seen: Traits, lines: Sequence[TextLine] = (), codes: Sequence[Code] = ()) -> Judgement:
    """The kind of an RGB picture and how sure that is, 0 to 1; `lines` and `codes` in pixels of `picture`."""
    area = picture.shape[0] * picture.shape[1]
    coded = sum(code.box.width * code.box.height for code in codes) / area
    written = sum(run.box.width * run.box.height for run in _runs(lines)) / area
    if coded > (0.12 if seen.drawn else 0.3) and len(lines) <= 4:
        return "code", 0.95
    if seen.spread <= 14 and not lines:
        return "blank", 0.95
    if seen.flat > 0.99 and seen.crisp == 0 and seen.spread <= 40 and not lines:
        return "blank", 0.6  # a faint shade from one side to the other
    letters = sum(letter.isalnum() for run in _runs(lines) for letter in run.text)
    if not seen.drawn:
        if (written > 0.12 and len(lines) >= 5) or (written > 0.35 and letters >= LEAST_LETTERS):
            return "document", 0.7
        return "photograph", 0.95 if seen.equal < 0.45 and seen.flat < 0.75 else 0.75
    return _drawn_kind(picture, seen, lines, codes, written)


def _drawn_kind(
    picture: Pixels, seen: Traits, lines: Sequence[TextLine], codes: Sequence[Code], written: float
) -> Judgement:
    if sum(letter.isalnum() for line in lines for letter in line.text) < LEAST_WORD:
        return "drawing", 0.9 if seen.equal > 0.85 else 0.6
    filled, vivid = _ink(picture, seen, [run.box for run in _runs(lines)] + [code.box for code in codes])
    bar = _bar(picture)
    score = _screen_score(picture, seen, lines, vivid) + (1.0 if bar else 0.0)
    if not bar and all(len(axis.labels) >= 4 for axis in _both_axes(lines)):
        return "chart", 0.85  # dots are so small that nothing is filled
    if len(lines) <= 80 and not bar and (filled > 0.03 or vivid > 0.004):
        if longest_axis(lines) >= (3 if score < 2 else 4):  # three prices in a row of a shop are no axis
            return "chart", 0.9
        if filled > 0.03 and (has_bars(shapes(picture)) or pies.is_pie(picture)):
            return "chart", 0.8
        if sum(run.text.rstrip().endswith("%") for run in _runs(lines)) >= 2 and filled > 0.04:
            return "chart", 0.75
    if score >= 2:
        return "screenshot", min(0.95, 0.45 + 0.15 * score)
    if len(lines) <= FEW_LINES and min(seen.ground) < GROUND and max(seen.ground) - min(seen.ground) > TINT:
        return "drawing", 0.6  # a sign, a poster: few words on a strong colour
    if filled > 0.02 and vivid > 0.5 * filled and _labelled_figures(picture, lines):
        return "drawing", 0.6
    light = sum(seen.ground) > 3 * 150
    if light and (filled < 0.06 or written > filled):
        return "document", 0.9 if filled < 0.02 and score < 1.5 else 0.7
    return ("document" if written > 2 * filled else "drawing"), 0.55


def _labelled_figures(picture: Pixels, lines: Sequence[TextLine]) -> bool:
    """Whether at least three plain figures stand with short names beside them, no more names than two a figure."""
    runs = list(_runs(lines))
    if any(len(run.text) > LONGEST_NAME for run in runs):
        return False
    figures = sum(form.name in FIGURES for form in shapes(picture))
    return figures >= 3 and len(runs) <= 2 * figures


def longest_axis(lines: Sequence[TextLine]) -> int:
    """How many numbers are written along an axis: in one column or row, evenly spaced in place and in value."""
    longest = 0
    numbers = [(run.box, value) for run in _runs(lines) if (value := number(run.text)) is not None]
    for index in range(len(numbers)):
        anchor = numbers[index][0]
        column = [(b.centre[1], v) for b, v in numbers if _close(b.right, anchor.right, anchor)]
        row = [(b.centre[0], v) for b, v in numbers if _close(b.centre[1], anchor.centre[1], anchor)]
        longest = max(longest, *(len(points) for points in (column, row) if _even(points)), 0)
    return longest


def _both_axes(lines: Sequence[TextLine]) -> list[scales.Axis]:
    """The axes beside and below a plot; a list of one without numbers when either is missing."""
    runs = scales.split_runs(list(_runs(lines)))
    found = [scales.value_axis(runs, down=down) for down in (True, False)]
    axes = [axis for axis in found if axis is not None]
    return axes if len(axes) == 2 else [scales.Axis(1.0, 0.0, Box(0, 0, 1, 1), ())]


def has_bars(found: Sequence[Shape]) -> bool:
    """Whether at least three rectangles of one colour stand on one line, or start at one, as thick but not as long."""
    for shape in found:
        alike = [s.box for s in found if s.colour == shape.colour and s.name in ("rectangle", "square")]
        box = shape.box
        standing = [b for b in alike if abs(b.bottom - box.bottom) < 3 and abs(b.width - box.width) < 3]
        lying = [b for b in alike if abs(b.left - box.left) < 3 and abs(b.height - box.height) < 3]
        if len({round(b.height / 4) for b in standing}) >= 3 or len({round(b.width / 4) for b in lying}) >= 3:
            return True
    return False


def number(text: str) -> float | None:
    """The value of a label that is a number ("1,200", "-3.5", "40%", "$2"), else None."""
    if not _NUMBER.match(text.strip()):
        return None
    digits = re.sub(r"[^\d.]", "", text.replace("−", "-").replace(",", ""))
    try:
        return float(digits) * (-1 if text.strip()[0] in "-−(" else 1)
    except ValueError:
        return None


def _close(one: float, other: float, box: Box) -> bool:
    return abs(one - other) < 0.4 * box.height


def _even(points: list[tuple[float, float]]) -> bool:
    """Whether at least three (place, value) points lie on a line that is not level."""
    if len({value for _, value in points}) < 3 or len({place for place, _ in points}) < 3:
        return False
    places, values = np.array(points).T
    return abs(float(np.corrcoef(places, values)[0, 1])) > 0.998


def _runs(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    for line in lines:
        yield from line.pieces or (line,)


def _commonest(picture: Pixels) -> tuple[tuple[int, int, int], float]:
    small = fit(picture, SIDE, interpolation=cv2.INTER_NEAREST)
    packed = (small >> 3).astype(np.int32) @ np.array([1024, 32, 1], np.int32)
    counts = np.bincount(packed.ravel(), minlength=32768)
    best = int(counts.argmax())
    red, green, blue = (int(value) for value in np.median(small[packed == best], axis=0))
    return (red, green, blue), float(counts[best] / packed.size)


def _ink(picture: Pixels, seen: Traits, covered: list[Box]) -> tuple[float, float]:
    """Shares of the picture, outside `covered`: in filled areas that are not ground; in vivid colours."""
    small = fit(picture, SIDE)
    scale = small.shape[1] / picture.shape[1]
    apart = cv2.absdiff(small, np.full_like(small, seen.ground)).max(axis=2)
    chroma = small.max(axis=2).astype(np.int16) - small.min(axis=2)
    ink, vivid = (apart > 32).astype(np.uint8), ((chroma > 50) & (apart > 32)).astype(np.uint8)
    for box in covered:
        top, bottom = max(0, int(box.top * scale) - 1), int(box.bottom * scale) + 2
        left, right = max(0, int(box.left * scale) - 1), int(box.right * scale) + 2
        ink[top:bottom, left:right] = 0
        vivid[top:bottom, left:right] = 0
    filled = cast(Pixels, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    return float(filled.mean()), float(vivid.mean())


def _screen_score(picture: Pixels, seen: Traits, lines: Sequence[TextLine], vivid: float) -> float:
    """How much speaks for a screenshot, a bar along its top left out: 2 and more is one."""
    height, width = picture.shape[:2]
    score = 1.0 if 1.2 < width / height < 2.5 else 0.5 if 1.7 < height / width < 2.5 else 0.0
    score += 1.5 if sum(seen.ground) < 3 * 90 else 0.0
    score += 0.5 if vivid > 0.003 else 0.0
    score += 1.0 if _panels(picture) > 0.05 else 0.0
    prose = sum(len(line.text) > 60 for line in lines) / len(lines)
    return score - (1.0 if prose > 0.5 or len(lines) < 3 else 0.0)


def _bar(picture: Pixels) -> bool:
    """Whether a band of one colour runs along the whole top, ending in a straight edge: a title or menu bar."""
    small = cv2.resize(picture, (96, 160), interpolation=cv2.INTER_NEAREST).astype(np.int16)
    near = np.abs(small - small[1, 0]).max(axis=2) <= 8
    same = near.mean(axis=1) > 0.5  # more than half: words stand on the bar
    end = len(same) if same.all() else int(np.argmin(same))
    return 3 <= end <= 28 and not near[end + 1, [0, -1]].any()


def _panels(picture: Pixels) -> float:
    """The share of large rectangles in one colour each, other than the commonest, however near to it."""
    small = fit(picture, SIDE, interpolation=cv2.INTER_NEAREST)
    packed = (small >> 2).astype(np.int32) @ np.array([4096, 64, 1], np.int32)
    counts = np.bincount(packed.ravel())
    total = 0.0
    for colour in np.argsort(-counts)[1:6].tolist():
        if counts[colour] < 0.015 * packed.size:
            break
        mask = (packed == colour).astype(np.uint8)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            _, _, w, h = cv2.boundingRect(contour)
            if cv2.contourArea(contour) > 0.85 * (w - 1) * (h - 1) and w * h > 0.01 * packed.size:
                total += w * h / packed.size
    return total
