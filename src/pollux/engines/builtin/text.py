"""Reading: text lines with their positions, by RapidOCR (PP-OCRv6, its models come in its wheel).

RapidOCR's own call searches at full size, cuts every line out by a warp and reads six lines at a time.  Its detector
and recogniser are called one by one here instead: lines are found on a reduced picture, cut by slicing where they are
level, and read in batches that fit the processor's cache.  `bench/reading.py` compares the two in one run.
"""

from __future__ import annotations

import copy
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, cast

import cv2
import numpy as np

from pollux.engines.builtin import layout
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
NARROW = 8.0  # width over height up to which lines are read together

Reading = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """Where lines are, not yet read: quadrilaterals in pixels of the picture that was searched, with their scores."""

    quads: tuple[Quad, ...] = ()
    scores: tuple[float, ...] = ()


def never() -> bool:
    """The callback of callers who do not cancel."""
    return False


class Reader:
    """RapidOCR's detector and recogniser, loaded on first use, shared by threads."""

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        self._lock = Lock()
        self._detector: Any = None
        self._recogniser: Any = None

    def find(self, picture: Pixels, *, longest: int = LONGEST_FOUND, smallest: int = SMALLEST_FOUND) -> Found:
        """Where lines of text are, in pixels of `picture`, searched at a size between the two."""
        detector = copy.copy(self._models()[0])  # shares the session; a call keeps its sizes on the object
        height, width = picture.shape[:2]
        scale = min(max(1.0, min(smallest / min(height, width), MOST_GROWN)), longest / max(height, width))
        size = tuple(max(GRID, round(side * scale / GRID) * GRID) for side in (width, height))
        seen = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        out = detector(cv2.cvtColor(seen, cv2.COLOR_RGB2BGR))
        if out.boxes is None:
            return Found()
        ratio = np.array([width / size[0], height / size[1]], np.float32)
        quads = tuple(np.asarray(box, np.float32) * ratio for box in out.boxes)
        return Found(quads, tuple(float(score) for score in out.scores))

    def recognise(self, strips: Sequence[Pixels], cancelled: Callable[[], bool] = never) -> list[Reading]:
        """The text of each strip and its confidence (0 to 1), in the order given; raises Cancelled between batches."""
        ratios = [strip.shape[1] / strip.shape[0] for strip in strips]
        order = sorted(range(len(strips)), key=ratios.__getitem__)
        out: list[Reading] = [("", 0.0)] * len(strips)
        for batch in _batches(order, ratios):
            if cancelled():
                raise Cancelled
            for index, result in zip(batch, self._run([strips[i] for i in batch]), strict=True):
                out[index] = result
        return out

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
        kept = [
            (text, confidence, bounds(quads[index], page.shape[1], page.shape[0]))
            for index, (text, confidence) in sorted(known.items())
            if _is_text(text, confidence, sides(quads[index]))
            and not (_fills(quads[index], page) and len(text) < FEW and confidence < SURE)
        ]
        scale = max(picture.shape[:2]) / max(height, width)
        size = page.shape[1], page.shape[0]
        back = [_scaled(turned_box(box, -turns, *size), scale, picture) for _, _, box in kept]
        runs = [TextLine(text, box, confidence) for (text, confidence, _), box in zip(kept, back, strict=True)]
        return tuple(_line([runs[i] for i in row], block) for row, block in layout.arrange(kept))

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

    def _run(self, strips: list[Pixels]) -> list[Reading]:
        from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415

        recogniser = self._models()[1]
        result = recogniser(TextRecInput(img=[cv2.cvtColor(strip, cv2.COLOR_RGB2BGR) for strip in strips]))
        return [(str(text).strip(), float(score)) for text, score in zip(result.txts, result.scores, strict=True)]

    def _models(self) -> tuple[Any, Any]:
        with self._lock:
            if self._recogniser is None:
                self._detector, self._recogniser = _load(self._threads)
            return self._detector, self._recogniser


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


def _batches(order: list[int], ratios: list[float]) -> list[list[int]]:
    """Lines sorted by width, narrow ones four at a time, wide ones alone."""
    narrow = [i for i in order if ratios[i] <= NARROW]
    wide = [i for i in order if ratios[i] > NARROW]
    return [narrow[i : i + 4] for i in range(0, len(narrow), 4)] + [[i] for i in wide]


def _line(runs: list[TextLine], block: int) -> TextLine:
    """The runs of one row as one line."""
    runs = [replace(run, block=block) for run in runs]
    if len(runs) == 1:
        return runs[0]
    box = Box(
        min(run.box.left for run in runs),
        min(run.box.top for run in runs),
        max(run.box.right for run in runs),
        max(run.box.bottom for run in runs),
    )
    letters = sum(len(run.text) for run in runs)
    confidence = sum(run.confidence * len(run.text) for run in runs) / letters
    return TextLine("  ".join(run.text for run in runs), box, confidence, block, tuple(runs))


def _scaled(box: Box, scale: float, picture: Pixels) -> Box:
    height, width = picture.shape[:2]
    return Box(
        box.left * scale, box.top * scale, min(box.right * scale, float(width)), min(box.bottom * scale, float(height))
    )


def _load(threads: int) -> tuple[Any, Any]:
    """RapidOCR's two networks, silent, without its angle classifier (it misreads short cells)."""
    from rapidocr import RapidOCR  # noqa: PLC0415

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": max(1, min(threads, os.cpu_count() or 1)),
            "Det.limit_type": "max",
            "Det.limit_side_len": 4096,  # sizes are chosen by `Reader.find`
        }
    )
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    probe = np.full((64, 192, 3), 255, np.uint8)  # its networks are made by its first call
    cv2.putText(probe, "Ready", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 2)
    engine(cast(Any, probe))
    return engine.text_det, engine.text_rec
