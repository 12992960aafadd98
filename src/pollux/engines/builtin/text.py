"""Reading: text lines with their positions, by PP-OCRv6, whose networks come in RapidOCR's wheel.

RapidOCR's own call searches at full size, cuts every line out by a warp and reads six lines at a time.  Here lines are
found on a reduced picture, cut by slicing where they are level, and read side by side, each in its own width.
`bench/reading.py` compares the two in one run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from pollux.engines.builtin import layout
from pollux.engines.builtin.level import levelled
from pollux.engines.builtin.ocr import Found, Networks, Reading
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.strips import Quad, bounds, length, sides, standing, straightened, turned, turned_box
from pollux.errors import Cancelled

LONGEST_READ = 2400  # pixels: larger pictures are reduced; 8-point print of an A4 page keeps 10 pixels an x-height
LONGEST_FOUND = 1280  # pixels: lines are found on a reduced picture and read at full size
SMALLEST_FOUND = 640  # pixels: the shorter side of small pictures is enlarged to this, so that small print is found
MOST_GROWN = 2.0  # times
GRID = 32  # pixels: the detector's step
LEAST_CONFIDENCE = 0.6  # recogniser's mean character probability below which a line is noise
SURE = 0.85  # confidence from which a line is certainly the right way up
LEAST_LONG = 2.0  # length over height of a line that tells which way is up
FEW = 4  # letters
WIDEST = 3.0  # times its height a letter may take of a line's length, spaced print included
WIDEST_LONE = 1.35  # and a letter alone


def never() -> bool:
    """The callback of callers who do not cancel."""
    return False


class Reader:
    """The networks and how they are used; loaded on first use, shared by threads."""

    def __init__(self, threads: int = 2) -> None:
        self._networks = Networks(threads)

    def find(self, picture: Pixels, *, longest: int = LONGEST_FOUND, smallest: int = SMALLEST_FOUND) -> Found:
        """Where lines of text are, in pixels of `picture`, searched at a size between the two."""
        height, width = picture.shape[:2]
        scale = min(max(1.0, min(smallest / min(height, width), MOST_GROWN)), longest / max(height, width))
        size = tuple(max(GRID, round(side * scale / GRID) * GRID) for side in (width, height))
        seen = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        found = self._networks.find(np.asarray(seen, np.uint8))
        ratio = np.array([width / size[0], height / size[1]], np.float32)
        return Found(tuple(quad * ratio for quad in found.quads), found.scores)

    def recognise(self, strips: Sequence[Pixels], cancelled: Callable[[], bool] = never) -> list[Reading]:
        """The text of each strip and its confidence (0 to 1), in the order given; raises Cancelled between strips."""
        return self._networks.read(strips, cancelled)

    def read(self, picture: Pixels, cancelled: Callable[[], bool] = never) -> tuple[TextLine, ...]:
        """All lines of an RGB picture in reading order, in pixels of `picture`; raises Cancelled between steps.

        A page that lies on its side or stands on its head is turned first, when its lines say so.
        """
        work = fit(picture, LONGEST_READ)
        height, width = work.shape[:2]
        found = self.find(work)
        if cancelled():
            raise Cancelled
        if not found.quads:
            return ()
        turns, known = self._way_up(work, found, cancelled)
        page = np.ascontiguousarray(np.rot90(work, turns))
        quads = [turned(quad, turns, width, height) for quad in found.quads]
        known |= self._read_rest(page, quads, known, cancelled)
        kept = {
            index: (text, confidence, bounds(quads[index], page.shape[1], page.shape[0]))
            for index, (text, confidence) in sorted(known.items())
            if _is_text(text, confidence, sides(quads[index]))
            and not (_fills(quads[index], page) and len(text) < FEW and confidence < SURE)
        }
        scale = max(picture.shape[:2]) / max(height, width)
        size = page.shape[1], page.shape[0]
        back = [_inside(_scaled(turned_box(box, -turns, *size), scale), picture) for _, _, box in kept.values()]
        flat = levelled([quads[index] for index in kept], [box for _, _, box in kept.values()])
        items = [(text, sure, box) for (text, sure, _), box in zip(kept.values(), flat, strict=True)]
        runs = [
            TextLine(text, box, sure, flat=_scaled(even, scale) if even != whole or turns else None)
            for (text, sure, whole), box, even in zip(kept.values(), back, flat, strict=True)
        ]
        return tuple(as_line([runs[i] for i in row], block) for row, block in layout.arrange(items))

    def _read_rest(
        self, page: Pixels, quads: list[Quad], known: dict[int, Reading], cancelled: Callable[[], bool]
    ) -> dict[int, Reading]:
        """Readings of the lines not known yet; those that stand (the title of a vertical axis) are tried both ways."""
        jobs: list[tuple[int, Pixels]] = []
        for index, quad in enumerate(quads):
            if index in known:
                continue
            strip = straightened(page, quad)
            ways = (np.rot90(strip, 3), np.rot90(strip, 1)) if standing(quad) else (strip,)
            jobs += [(index, np.ascontiguousarray(way)) for way in ways]
        out: dict[int, Reading] = {}
        for (index, _), reading in zip(jobs, self.recognise([strip for _, strip in jobs], cancelled), strict=True):
            if index not in out or reading[1] > out[index][1]:
                out[index] = reading
        return out

    def _way_up(self, work: Pixels, found: Found, cancelled: Callable[[], bool]) -> tuple[int, dict[int, Reading]]:
        """Quarter turns (anticlockwise) that make the text upright, and what was read on the way, by line.

        Lines of print are wider than high: where most stand, the page lies on its side.  Which side, and head up or
        head down, the recogniser tells: of the ways that are left it reads the three longest lines, and the surest
        wins.  An upright page reads those three once, needs them anyway, and keeps them.
        """
        height, width = work.shape[:2]
        chosen = sorted(range(len(found.quads)), key=lambda i: length(found.quads[i]), reverse=True)
        upright = sum(length(q) for q in found.quads if not standing(q))
        sideways = sum(length(q) for q in found.quads if standing(q))
        lying = sideways > 2 * upright
        chosen = [i for i in chosen if standing(found.quads[i]) == lying]
        # Filled panels are found as "lines" too; they are less long than high and say nothing of the way up.
        long = [i for i in chosen if length(found.quads[i]) >= LEAST_LONG * min(sides(found.quads[i]))]
        chosen = (long or chosen)[:3]
        best: tuple[float, int, dict[int, Reading]] = (-1.0, 0, {})
        for turns in (3, 1) if lying else (0, 2):
            page = np.ascontiguousarray(np.rot90(work, turns))
            strips = [straightened(page, turned(found.quads[i], turns, width, height)) for i in chosen]
            readings = self.recognise(strips, cancelled)
            surety = _surety(readings)
            if surety > best[0] + 0.05:  # ties go to the first way
                best = (surety, turns, dict(zip(chosen, readings, strict=True)))
            if surety >= SURE:
                break
        return best[1], best[2]


def _fills(quad: Quad, page: Pixels) -> bool:
    """Whether a "line" is as large as the picture: what the detector makes of a few large shapes."""
    width, height = sides(quad)
    return bool(width * height > 0.9 * page.shape[0] * page.shape[1])


def _surety(readings: Sequence[Reading]) -> float:
    """How sure the recogniser is of several lines: the longer ones weigh more, marks without a letter nothing."""
    weights = [sum(letter.isalnum() for letter in text) for text, _ in readings]
    sure = sum(weight * confidence for weight, (_, confidence) in zip(weights, readings, strict=True))
    return sure / sum(weights) if sum(weights) else 0.0


def _is_text(text: str, confidence: float, size: tuple[float, float]) -> bool:
    """Whether a reading is text: stripes and stars are read as rows of dots and dashes, stray marks as one letter.

    So are cups and lamps: but no print has letters far wider than high.  `size` is the line's width and height.
    """
    if not any(letter.isalnum() or letter in "$€£¥%" for letter in text):
        return False
    if max(size) > (WIDEST_LONE if len(text) == 1 else WIDEST * len(text)) * min(size):
        return False
    return confidence >= (LEAST_CONFIDENCE if len(text) > 1 else SURE)


def as_line(runs: list[TextLine], block: int) -> TextLine:
    """The runs of one row as one line."""
    runs = [replace(run, block=block) for run in runs]
    if len(runs) == 1:
        return runs[0]
    box, flat = _around([run.box for run in runs]), _around([run.level for run in runs])
    letters = sum(len(run.text) for run in runs)
    confidence = sum(run.confidence * len(run.text) for run in runs) / letters
    return TextLine(
        "  ".join(run.text for run in runs), box, confidence, block, tuple(runs), flat if flat != box else None
    )


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _inside(box: Box, picture: Pixels) -> Box:
    return replace(box, right=min(box.right, float(picture.shape[1])), bottom=min(box.bottom, float(picture.shape[0])))
