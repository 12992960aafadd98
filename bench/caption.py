"""What one caption of a 12-megapixel photograph costs before the first word: perception, stage by stage.

    python bench/caption.py [--rounds 7] [--threads 2] [--picture FILE]

The photograph is the sample `coffee`, enlarged to 4000 x 3000 with seeded sensor noise, as a JPEG of quality 90.  The
floor is decoding it with OpenCV to a quarter of its size, which anything that looks at the picture has to do.  Models
are loaded by a first round, whose time is printed too; the target is 300 ms after that.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import blake3
import cv2
import numpy as np

from pollux import samples
from pollux.engines.builtin import codes, colours, eyes, kind, look
from pollux.engines.builtin.perceive import Perceiver
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.picture import decode, inspect
from pollux.media.sniff import sniff

Stage = tuple[str, Callable[[], object]]


def photograph() -> bytes:
    """4000 x 3000 pixels of JPEG."""
    small = cv2.imdecode(np.frombuffer(samples.read("coffee"), np.uint8), cv2.IMREAD_COLOR)
    assert small is not None
    large = cv2.resize(small, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(0).integers(-6, 7, (3000, 4000, 1), dtype=np.int16)
    return cv2.imencode(".jpg", np.clip(large + noise, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])[
        1
    ].tobytes()


def media_of(data: bytes) -> Media:
    """The handle a request would carry."""
    mime = sniff(data) or ""
    width, height, orientation = inspect(data, mime, "picture", MediaLimits())
    return Media("image", mime, data, blake3.blake3(data).hexdigest(), width, height, orientation, "picture")


def stages(media: Media, seeing: eyes.Eyes) -> list[Stage]:
    """The stages of `Eyes.see` for a photograph without text, each on its own."""
    picture = decode(media, eyes.SEEN_SIDE)
    return [
        ("decode", lambda: decode(media, eyes.SEEN_SIDE)),
        ("codes", lambda: codes.codes(picture)),
        ("text? strokes", lambda: look.runs(picture)),
        ("text? all", lambda: look.has_text(picture, seeing.reader)),
        ("colours", lambda: (colours.colours(picture), colours.background(picture), colours.grayscale(picture))),
        ("sharpness", lambda: eyes.sharpness(picture)),
        ("kind", lambda: kind.judge(picture, kind.traits(picture))),
        ("labels", lambda: seeing.classifier.classify(picture)),
        ("faces", lambda: seeing.faces.faces(picture)),
    ]


def measured(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median wall and CPU milliseconds."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return median(walls), median(cpus)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--picture", type=Path, help="another picture")
    args = parser.parse_args()
    data = args.picture.read_bytes() if args.picture else photograph()
    media = media_of(data)
    seeing = eyes.Eyes(args.threads)
    start = time.perf_counter()
    scene = seeing.see(media, reading=False, cancelled=lambda: False)
    first = (time.perf_counter() - start) * 1000
    print(f"{media.width} x {media.height}, {len(data) / 1e6:.1f} MB: {scene.kind}, text read: {scene.text_read}")
    encoded = np.frombuffer(data, np.uint8)
    floor, floor_cpu = measured(lambda: cv2.imdecode(encoded, cv2.IMREAD_REDUCED_COLOR_4), args.rounds)
    print(f"{'stage':24} {'ms':>8} {'cpu ms':>8} {'x floor':>8}")
    rows = [("floor: quarter decode", floor, floor_cpu)]
    rows += [(name, *measured(call, args.rounds)) for name, call in stages(media, seeing)]
    rows += [
        ("the whole look", *measured(lambda: seeing.see(media, reading=False, cancelled=lambda: False), args.rounds))
    ]
    perceiver = Perceiver(args.threads)
    perceiver.perceive(media, reading=False)
    rows += [("asked again (cached)", *measured(lambda: perceiver.perceive(media, reading=False), args.rounds))]
    for name, wall, cpu in rows:
        print(f"{name:24} {wall:8.2f} {cpu:8.2f} {wall / floor:8.2f}")
    print(f"first look, models loading: {first:.0f} ms")


if __name__ == "__main__":
    main()
