"""The watermark, measured: how seldom a picture without it counts as marked, how little it changes, what it survives.

    python bench/watermark.py [--pictures 120] [FOLDER...]

Pictures: the shipped samples, drawings of many prompts in many styles, and what can be decoded in FOLDERs.  Each is
also cut, shrunk and compressed.  One thread.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux import samples
from pollux.engines.builtin.paint import art, reading
from pollux.engines.builtin.paint.render import render
from pollux.media.provenance import watermark

Pixels = NDArray[np.uint8]
LOOKS = len(watermark._SCALES) + 6
"""Scores of one search: of the fixed scales, and of those that are guessed."""
LARGE = 512
"""Shorter side, in pixels, from which a real picture is not called small."""
THINGS = (
    "a red fox in a snowy forest", "two cats on a sofa", "a lighthouse by the sea at dusk", "a bowl of fruit",
    "a robot reading in a library", "a castle on a hill", "a city street in the rain", "a blue whale",
    "a birthday cake with candles", "a bicycle against a wall", "an owl at night", "a coffee cup on a table",
)  # fmt: skip
LINES = "a black and white line drawing"
STYLES = ("a photograph", "a watercolour painting", "an oil painting", "a flat illustration", "a sticker",
          "pixel art", "a minimalist logo", "a poster", LINES, "a pencil sketch")  # fmt: skip


def jpeg(pixels: Pixels, quality: int = 75) -> Pixels:
    data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert back is not None
    return np.ascontiguousarray(back[..., ::-1])


def resized(pixels: Pixels, factor: float) -> Pixels:
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def cut(pixels: Pixels, part: float) -> Pixels:
    """A part of each side, from a corner that lies on no tile."""
    height, width = pixels.shape[:2]
    top, left = height // 7, width // 5
    return np.ascontiguousarray(pixels[top : top + int(height * part), left : left + int(width * part)])


def turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


HARM: dict[str, Callable[[Pixels], Pixels]] = {
    "nothing": lambda x: x,
    "JPEG, quality 75": jpeg,
    "JPEG, quality 50": lambda x: jpeg(x, 50),
    "half the size": lambda x: resized(x, 0.5),
    "half the size, then JPEG 75": lambda x: jpeg(resized(x, 0.5)),
    "JPEG 75, then half the size": lambda x: resized(jpeg(x), 0.5),
    "three quarters of the size": lambda x: resized(x, 0.75),
    "61% of the size (a scale that is guessed)": lambda x: resized(x, 0.61),
    "a quarter of the size": lambda x: resized(x, 0.25),
    "cut to half of each side": lambda x: cut(x, 0.5),
    "cut to a quarter of each side": lambda x: cut(x, 0.25),
    "cut to 70% of each side, then JPEG 75": lambda x: jpeg(cut(x, 0.7)),
    "30% darker": lambda x: (x * 0.7).astype(np.uint8),
    "grey": lambda x: np.repeat(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)[..., None], 3, 2),
    "blurred (sigma 2 pixels)": lambda x: np.asarray(cv2.GaussianBlur(x, (0, 0), 2), np.uint8),
    "turned by 1 degree": lambda x: turned(x, 1),
    "turned by 90 degrees": lambda x: np.ascontiguousarray(np.rot90(x)),
    "mirrored": lambda x: np.ascontiguousarray(x[:, ::-1]),
}
PLAIN = ("nothing", "JPEG, quality 75", "half the size", "half the size, then JPEG 75", "cut to half of each side",
         "61% of the size (a scale that is guessed)", "30% darker", "a quarter of the size", "turned by 90 degrees",
         "cut to a quarter of each side")  # fmt: skip
"""What is done to pictures without a watermark, which must not make one."""


def pictures(count: int, folders: list[Path]) -> Iterator[tuple[str, Pixels]]:
    """(kind, picture): real ones at about 1024 pixels, and drawings of 1024 x 1024."""
    files = [*Path(samples.__path__[0]).iterdir(), *itertools.chain(*(folder.rglob("*") for folder in folders))]
    for path in sorted(files):
        if path.suffix.lower() not in (".jpg", ".jpeg", ".png"):
            continue
        found = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if found is None or min(found.shape[:2]) < 200:
            continue
        rgb = np.asarray(found[..., ::-1], np.uint8)
        kind = "real" if min(rgb.shape[:2]) >= LARGE else "real, small"
        yield kind, resized(np.ascontiguousarray(rgb), min(1.0, 1024 / min(rgb.shape[:2])))
    known = art.load()
    wanted = itertools.islice(itertools.product(range(9), THINGS, STYLES), count)
    for seed, thing, style in wanted:
        scene = reading.read(f"{style} of {thing}", know=known.knows).scenes[0]
        drawn = render(scene, 1024, 1024, seed)
        yield ("black-and-white lines" if style == LINES else "drawn"), np.ascontiguousarray(drawn[..., :3])


def psnr(one: Pixels, other: Pixels) -> float:
    return 10 * math.log10(255**2 / max(1e-9, float(((one.astype(np.float32) - other) ** 2).mean())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pictures", type=int, default=120)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    plain: list[float] = []
    alike: dict[str, list[float]] = {}
    kinds: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for kind, picture in pictures(options.pictures, options.folders):
        marked = watermark.embed(picture)
        kinds[kind] += 1
        alike.setdefault(kind, []).append(psnr(picture, marked))
        plain += [watermark.detect(HARM[harm](picture)).score for harm in PLAIN]
        for harm, work in HARM.items():
            trace = watermark.detect(work(marked))
            seen[kind, harm] += trace.found
            if harm == "nothing" and not trace.found:
                print(f"not found in picture {sum(kinds.values())}, {kind}, {picture.shape}, score {trace.score:.1f}")
    tail = 0.5 * math.erfc(watermark.THRESHOLD / math.sqrt(2)) * watermark.TILE**2 * LOOKS
    print(f"without the mark: {len(plain)} looks, median {np.median(plain):.2f}, highest {max(plain):.2f}")
    print(f"threshold {watermark.THRESHOLD}; were the phases independent: 1 false find in {1 / tail:,.0f} pictures")
    for kind, found in alike.items():
        print(f"PSNR, {kind}: {min(found):.1f} to {max(found):.1f} dB, median {np.median(found):.1f}")
    print("found again".ljust(44) + "".join(f"{kind} ({kinds[kind]})".rjust(30) for kind in kinds))
    for harm in HARM:
        print(harm.ljust(44) + "".join(f"{seen[kind, harm] / kinds[kind]:.0%}".rjust(30) for kind in kinds))


if __name__ == "__main__":
    main()
