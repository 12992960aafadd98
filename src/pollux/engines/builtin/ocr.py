"""The two networks of reading, PP-OCRv6: where lines of text are, and what one line says.

Their weights and the first one's post-processing come in RapidOCR's wheel.  They are run here rather than by its
classes, which fill every strip up to 320 pixels (for a word of 100 that is three times the work), and whose waiting
threads spin: beside another busy process that makes two threads slower than one.  Strips are read one by one instead,
each in its own width, by several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.runtime import Lazy, open_session
from pollux.engines.builtin.strips import Quad
from pollux.errors import Cancelled

HEIGHT = 48  # pixels: of the strips that the recogniser takes
# What is wide enough for two letters is read in its own width.  Lone letters and icons get the ground beside them that
# the recogniser was trained with: without it crosses are an X.  Of 396 lines of screens, papers and samples 3 were then
# read otherwise than RapidOCR does, all of them drawings; with neither there were 13.
LEAST, TRAINED = 96, 320  # pixels
WIDEST = 3200  # pixels: longer ones are squeezed
_INPUT = "x"

Reading = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """Where lines are, not yet read: quadrilaterals in pixels of the picture that was searched, with their scores."""

    quads: tuple[Quad, ...] = ()
    scores: tuple[float, ...] = ()


class Networks:
    """Both networks, loaded at the first use of each; any thread may call any method."""

    def __init__(self, threads: int = 2) -> None:
        self._threads = max(1, threads)
        self._detector = Lazy(lambda: open_session(_weights("det"), self._threads))
        self._outliner = Lazy(_outliner)
        self._recogniser = Lazy(lambda: open_session(_weights("rec"), 1))
        self._letters = Lazy(lambda: _letters(self._recogniser()))

    def find(self, picture: Pixels) -> Found:
        """Lines in an RGB picture whose sides are multiples of 32, row by row."""
        values = cv2.dnn.blobFromImage(picture, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
        (maps,) = self._detector().run(None, {_INPUT: values})
        quads, scores = self._outliner()(maps, picture.shape[:2])
        order = _by_rows(quads)
        return Found(tuple(np.asarray(quads[i], np.float32) for i in order), tuple(float(scores[i]) for i in order))

    def read(self, strips: Sequence[Pixels], cancelled: Callable[[], bool]) -> list[Reading]:
        """The text of each RGB strip and its confidence (0 to 1); raises Cancelled between two strips."""

        def one(strip: Pixels) -> Reading:
            if cancelled():
                raise Cancelled
            return self._read(strip)

        if len(strips) < 2 or self._threads == 1:
            return [one(strip) for strip in strips]
        # the widest first, so that no thread is left alone with a long one
        order = sorted(range(len(strips)), key=lambda i: -strips[i].shape[1] / strips[i].shape[0])
        with ThreadPoolExecutor(self._threads) as pool:
            done = dict(zip(order, pool.map(one, (strips[i] for i in order)), strict=True))
        return [done[i] for i in range(len(strips))]

    def _read(self, strip: Pixels) -> Reading:
        """By the likeliest letter of each place: repeats are one, blanks (class 0) none (CTC, Graves et al. 2006)."""
        width = min(max(1, HEIGHT * strip.shape[1] // strip.shape[0]), WIDEST)
        small = cv2.resize(strip, (width, HEIGHT))
        values = np.zeros((1, 3, HEIGHT, width if width >= LEAST else TRAINED), np.float32)
        values[..., :width] = cv2.dnn.blobFromImage(small, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
        ((chances,),) = self._recogniser().run(None, {_INPUT: values})
        best = chances.argmax(axis=1)
        kept = best > 0
        kept[1:] &= best[1:] != best[:-1]
        letters = self._letters()
        sure = chances[np.flatnonzero(kept), best[kept]]
        text = "".join(letters[i - 1] for i in best[kept].tolist())
        return text.strip(), float(sure.mean()) if len(sure) else 0.0


def _weights(part: str) -> Path:
    """The file of one network in RapidOCR's wheel."""
    spec = find_spec("rapidocr")
    assert spec is not None
    assert spec.origin is not None
    return max((Path(spec.origin).parent / "models").glob(f"PP-OCR*_{part}_small.onnx"))


def _letters(recogniser: Any) -> list[str]:
    """What the classes from the second on stand for."""
    said: str = recogniser.get_modelmeta().custom_metadata_map["character"]
    return [*said.splitlines(), " "]


def _outliner() -> Callable[[NDArray[np.float32], Sequence[int]], tuple[NDArray[np.int32], list[float]]]:
    """From the detector's map to quadrilaterals (differentiable binarisation, Liao et al. 2020), as it was trained."""
    from rapidocr.ch_ppocr_det.utils import DBPostProcess  # noqa: PLC0415 - half a second, and not every prompt reads

    made: Any = DBPostProcess(
        thresh=0.3, box_thresh=0.5, max_candidates=1000, unclip_ratio=1.6, use_dilation=True, score_mode="fast"
    )
    return lambda maps, shape: made(maps, shape)


def _by_rows(quads: NDArray[np.int32]) -> list[int]:
    """The order of quadrilaterals by rows, from the left in each; a row ends where 10 pixels have no top corner."""
    if not len(quads):
        return []
    down = np.argsort(quads[:, 0, 1], kind="stable")
    rows = np.cumsum(np.diff(quads[down, 0, 1], prepend=quads[down[0], 0, 1]) >= 10)
    return [int(i) for i in down[np.lexsort((quads[down, 0, 0], rows))]]
