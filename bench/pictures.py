"""What a made picture costs: drawn, watermarked, encoded, signed, stage by stage; and which PNG encoder is worth it.

    python bench/pictures.py [--rounds 5]

One thread (OpenCV's too), CPU milliseconds, medians.  The floor of the first table is the encoder's own time for the
same pixels.  Targets: 1024 x 1024 under 500 ms on one core, 4096 x 4096 under 5 s.  The second table measures encoders
on pictures with their watermark in them, whose noise decides; sizes matter, because pictures travel as base64.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pollux.engines.builtin.paint import art, reading
from pollux.engines.builtin.paint.render import render
from pollux.media.provenance import manifest, metadata, png, watermark
from pollux.media.provenance.identity import make_identity

Pixels = NDArray[np.uint8]
PROMPTS = {
    "scene": "A red fox and two rabbits in a snowy forest at dusk, photorealistic",
    "poster": 'A poster titled "Summer Fair" with a Ferris wheel, 12 June, Market Square',
    "watercolour": "A watercolour painting of a lighthouse on a beach in the evening",
}
TARGETS = {1024: 500.0, 4096: 5000.0}


def spent(work: Callable[[], object], rounds: int) -> float:
    """Median CPU milliseconds."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append((time.process_time() - begun) * 1000)
    return median(times)


def stages(prompt: str, side: int, rounds: int) -> Iterator[tuple[str, float]]:
    """Each stage of one picture, and the floor."""
    known = art.load()
    scene = reading.read(prompt, know=known.knows).scenes[0]
    identity = make_identity()
    plain = render(scene, side, side, 1)
    marked = watermark.embed(plain)
    data = png.encode(marked, xmp=metadata.packet(manifest.ALGORITHMIC, "bench"))
    yield "read the prompt", spent(lambda: reading.read(prompt, know=known.knows), rounds)
    yield "draw", spent(lambda: render(scene, side, side, 1), rounds)
    yield "watermark", spent(lambda: watermark.embed(plain), rounds)
    yield "encode", spent(lambda: png.encode(marked, xmp=metadata.packet(manifest.ALGORITHMIC, "bench")), rounds)
    yield "sign", spent(lambda: manifest.sign(data, "image/png", manifest.Origin("builtin"), identity), rounds)


def encoders() -> dict[str, Callable[[Pixels], bytes]]:
    """Ways to a PNG; BGR or RGB order costs the same."""

    def opencv(*options: int) -> Callable[[Pixels], bytes]:
        return lambda pixels: cv2.imencode(".png", pixels, list(options))[1].tobytes()

    def pillow(level: int) -> Callable[[Pixels], bytes]:
        def encode(pixels: Pixels) -> bytes:
            out = io.BytesIO()
            Image.fromarray(pixels).save(out, "PNG", compress_level=level)
            return out.getvalue()

        return encode

    level, strategy = cv2.IMWRITE_PNG_COMPRESSION, cv2.IMWRITE_PNG_STRATEGY
    return {
        "OpenCV 1, run lengths (chosen)": opencv(level, 1, strategy, cv2.IMWRITE_PNG_STRATEGY_RLE),
        "OpenCV 1": opencv(level, 1),
        "OpenCV 1, Huffman only": opencv(level, 1, strategy, cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY),
        "OpenCV 3": opencv(level, 3),
        "OpenCV 0 (floor: stored)": opencv(level, 0),
        "Pillow 1": pillow(1),
        "Pillow 6": pillow(6),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    cv2.setNumThreads(1)
    for side, target in TARGETS.items():
        for name, prompt in PROMPTS.items():
            found = dict(stages(prompt, side, max(1, rounds if side < 2048 else rounds // 2)))
            whole = sum(found.values())
            shown = "  ".join(f"{stage} {ms:.0f}" for stage, ms in found.items())
            verdict = "ok" if whole <= target else "MISSED"
            share = f"{whole / found['encode']:.1f} x its encoding"
            print(f"{side:5} {name:12} {whole:6.0f} ms of {target:.0f} ({verdict}, {share}): {shown}")
    scene = reading.read(PROMPTS["scene"], know=art.load().knows).scenes[0]
    pictures = {side: watermark.embed(np.ascontiguousarray(render(scene, side, side, 1)[..., :3])) for side in TARGETS}
    print("\nencoder                            " + "".join(f"{side:>8} ms       KB" for side in TARGETS))
    for name, encode in encoders().items():
        cells = [(spent(lambda p=p, e=encode: e(p), 3), len(encode(p)) / 1024) for p in pictures.values()]  # type: ignore[misc]
        print(f"{name:35}" + "".join(f"{ms:8.0f} ms {size:8.0f}" for ms, size in cells))


if __name__ == "__main__":
    main()
