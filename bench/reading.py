"""Reading an A4 page: how long Pollux takes beside the OCR library alone, on the same pages in the same run.

    python bench/reading.py [--rounds 5] [--threads 2] [--picture FILE]...

Pages are drawn here at 150 dots an inch (1240 x 1754) with Pillow's own font, from seeded words, so that what was read
can be compared with what was written.  The floor is `RapidOCR` as its documentation calls it, with the same models,
the same number of threads and no angle classifier.  Rounds alternate, so that a busy machine is unfair to both alike.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidocr import RapidOCR

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.text import Reader

WORDS = [
    "water",
    "mill",
    "river",
    "stone",
    "harbour",
    "engine",
    "winter",
    "garden",
    "letter",
    "market",
    "bridge",
    "copper",
    "window",
    "yellow",
    "quiet",
    "seven",
    "people",
    "travel",
    "between",
    "under",
    "often",
    "because",
    "morning",
    "light",
    "paper",
    "summer",
    "could",
    "never",
    "again",
    "through",
    "small",
    "great",
    "old",
    "new",
]


def draw_page(seed: int, columns: int) -> tuple[Pixels, list[str]]:
    """A page of print and its lines in reading order."""
    rng = random.Random(seed)
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    font, head = ImageFont.load_default(22), ImageFont.load_default(44)
    pen.text((100, 90), "How it was done", font=head, fill="black")
    lines = ["How it was done"]
    width = (1040 - 50 * (columns - 1)) // columns
    for column in range(columns):
        left, top = 100 + column * (width + 50), 190
        while top < 1600:
            words = [rng.choice(WORDS).capitalize()]
            while pen.textlength(" ".join([*words, "through."]), font=font) < width - 60:
                words.append(rng.choice(WORDS))
            lines.append(" ".join(words) + ".")
            pen.text((left, top), lines[-1], font=font, fill="black")
            top += 33 if rng.random() < 0.85 else 66
    return np.asarray(page), lines


def likeness(read: list[str], written: list[str]) -> float:
    """How alike two texts are, 0 to 1, spaces left out."""
    one, other = ("".join("".join(lines).split()) for lines in (read, written))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def library(threads: int) -> Callable[[Pixels], list[str]]:
    """The OCR library as its documentation calls it."""
    engine: Any = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        }
    )

    def read(picture: Pixels) -> list[str]:
        return [str(text) for text in engine(np.ascontiguousarray(picture[..., ::-1])).txts or ()]

    return read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--picture", type=Path, action="append", default=[], help="measure these files as well")
    args = parser.parse_args()
    pages: dict[str, tuple[Pixels, list[str] | None]] = {
        "A4, one column": draw_page(1, 1),
        "A4, two columns": draw_page(2, 2),
    }
    for path in args.picture:
        pages[path.name] = np.asarray(Image.open(path).convert("RGB")), None
    floor, reader = library(args.threads), Reader(args.threads)
    print(f"{'page':22} {'library s':>10} {'pollux s':>10} {'ratio':>6} {'cpu ratio':>10} {'library':>9} {'pollux':>9}")
    for name, (page, written) in pages.items():
        theirs, ours = floor(page), [line.text for line in reader.read(page)]  # loads and warms both
        times: list[tuple[tuple[float, float], tuple[float, float]]] = []
        for _ in range(args.rounds):
            times.append((timed(lambda p=page: floor(p)), timed(lambda p=page: reader.read(p))))  # type: ignore[misc]
        a, b = median(t[0][0] for t in times), median(t[1][0] for t in times)
        cpu = median(t[1][1] for t in times) / median(t[0][1] for t in times)
        right = [f"{likeness(text, written):9.4f}" if written else f"{'-':>9}" for text in (theirs, ours)]
        print(f"{name:22} {a:10.2f} {b:10.2f} {b / a:6.2f} {cpu:10.2f} {right[0]} {right[1]}")
    print("ratio: Pollux / library; last columns: likeness of what was read to what was written, in reading order.")


if __name__ == "__main__":
    main()
