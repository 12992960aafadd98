"""Fifty masks of a 4000 x 3000 picture: from the model's words to the picture with everything drawn on it.

    python bench/masks.py [--rounds 3] [--masks 50] [--side 256]

Beside it the documentation's own loop (its steps as printed, on the picture's full size, writing no files; it draws
one overlay for each mask), and `supervision` where it is installed: `Detections.from_vlm`, then its mask and label
annotators, which decode to full-size arrays.  One round of each after the other, medians of wall time and of the
processor's; the masks are blobs of three sizes whose maps are at most `--side` pixels long, seeded.  Targets: 100 times
the documentation's, level with supervision.  With --once the documentation's loop runs in the first round only.  A last
line is the same with the files that each writes: two PNGs for each mask there, one picture here.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import io
import json
import time
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pollux import samples
from pollux.vision import draw, masks
from pollux.vision.answers import read

SIZE = WIDTH, HEIGHT = 4000, 3000
SOME = 4
Work = Callable[[], object]


def picture() -> NDArray[np.uint8]:
    """4000 x 3000 pixels, RGB."""
    small = cv2.imdecode(np.frombuffer(samples.read("coffee"), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert small is not None
    return np.asarray(cv2.resize(small, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)


def answer(count: int, side: int) -> str:
    """A model's answer: fenced, with `count` items of eight labels."""
    rng, items = np.random.default_rng(0), []
    names = ("cup", "spoon", "plate", "table", "bread", "glass", "napkin", "flower")
    y, x = np.mgrid[-1:1:256j, -1:1:256j]
    for number in range(count):
        wave = 1 + 0.2 * np.sin(np.arctan2(y, x) * rng.integers(2, 7) + rng.random() * 6)
        soft = np.clip(255 / (1 + np.exp(14 * (np.hypot(x, y) * wave - 0.85))), 0, 255).astype(np.uint8)
        tall, wide = (rng.integers(*((60, 120), (120, 250), (250, 450))[number % 3], 2)).tolist()
        top, left = int(rng.integers(0, 1000 - tall)), int(rng.integers(0, 1000 - wide))
        scale = side / max(tall, wide)
        small = cv2.resize(soft, (max(1, round(wide * scale)), max(1, round(tall * scale))))
        box = [top, left, top + tall, left + wide]
        text = masks.encode_map(np.asarray(small, np.uint8))
        items.append({"box_2d": box, "mask": text, "label": names[number % len(names)]})
    return f"```json\n{json.dumps(items, indent=1)}\n```"


def documentation(image: Image.Image, text: str, most: int | None = None) -> list[Image.Image]:
    """The loop of the documentation's segmentation page; overlays are not kept.

    With `most`: only so many masks, and the two files it writes for each, into memory.
    """
    composites: list[Image.Image] = []
    for item in json.loads(text.removeprefix("```json\n").split("```")[0])[:most]:
        box = item["box_2d"]
        y0, x0 = int(box[0] / 1000 * image.size[1]), int(box[1] / 1000 * image.size[0])
        y1, x1 = int(box[2] / 1000 * image.size[1]), int(box[3] / 1000 * image.size[0])
        if y0 >= y1 or x0 >= x1:
            continue
        data = base64.b64decode(item["mask"].removeprefix("data:image/png;base64,"))
        mask = Image.open(io.BytesIO(data)).resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR)
        mask_array = np.array(mask)
        overlay = Image.new("RGBA", image.size, (0, 0, 0, 0))
        overlay_draw = ImageDraw.Draw(overlay)
        for y in range(y0, y1):
            for x in range(x0, x1):
                if mask_array[y - y0, x - x0] > 128:
                    overlay_draw.point((x, y), fill=(255, 255, 255, 200))
        composites = [Image.alpha_composite(image.convert("RGBA"), overlay)]
        if most is not None:
            for written in (mask, composites[0]):
                written.save(io.BytesIO(), "PNG")
    return composites


def peer(pixels: NDArray[np.uint8], text: str) -> Work | None:
    """supervision's way; None where it is not installed."""
    try:
        sv: Any = importlib.import_module("supervision")
    except ImportError:
        return None

    def work() -> object:
        found = sv.Detections.from_vlm(sv.VLM.GOOGLE_GEMINI_2_5, text, resolution_wh=SIZE)
        scene = sv.MaskAnnotator().annotate(pixels.copy(), found)
        return sv.LabelAnnotator(text_scale=2).annotate(scene, found)

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--masks", type=int, default=50)
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    pixels, text = picture(), answer(options.masks, options.side)
    image = Image.fromarray(pixels)
    ways: dict[str, Work] = {
        "pollux": lambda: draw.overlay(pixels, read(text)),
        "  of it reading": lambda: read(text),
        "  of it reading and decoding": lambda: masks.decode_all(read(text), SIZE),
        "documentation": lambda: documentation(image, text),
    }
    other = peer(pixels, text)
    if other is not None:
        ways["supervision"] = other
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for name in ("pollux", "supervision"):  # imports and caches
        if name in ways:
            ways[name]()
    for number in range(options.rounds):
        for name, work in ways.items():
            if name == "documentation" and options.once and number:
                continue
            start, cpu = time.perf_counter(), time.process_time()
            work()
            times[name].append((time.perf_counter() - start, time.process_time() - cpu))
    took = {name: [1000 * median(part) for part in zip(*taken, strict=True)] for name, taken in times.items()}
    print(f"{options.masks} masks of {WIDTH} x {HEIGHT}, {options.rounds} rounds, medians")
    print(f"{'':30} {'wall ms':>10} {'x pollux':>9} {'cpu ms':>10} {'x pollux':>9}")
    for name, parts in took.items():
        columns = (f"{part:>10.1f} {part / ours:>9.1f}" for part, ours in zip(parts, took["pollux"], strict=True))
        print(f"{name:30} {' '.join(columns)}")
    start = time.perf_counter()
    documentation(image, text, SOME)
    theirs = (time.perf_counter() - start) * options.masks / SOME
    start = time.perf_counter()
    cv2.imencode(".png", draw.overlay(pixels, read(text))[..., ::-1])
    whole = time.perf_counter() - start
    print(
        f"with the files each writes: pollux {whole:.1f} s; documentation {theirs:.0f} s (from {SOME} masks), ", end=""
    )
    print(f"{theirs / whole:.0f} times")
    if other is None:
        print("supervision is not installed: pip install supervision, and run again")


if __name__ == "__main__":
    main()
