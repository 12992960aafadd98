"""Codes whose content is known exactly, drawn by zxing-cpp from a seed: clean, spoilt, on a page, photographed."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from tests.quality.pictures import WORDS, font, spoilt
from tests.quality.texts import photographed

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
FORMATS = ("QRCode", "DataMatrix", "Aztec", "PDF417", "EAN13", "EAN8", "UPCA", "Code128", "Code39", "ITF")
WAYS = ("clean", "tilted", "small", "pale", "grainy", "page", "photographed")


@dataclass(frozen=True)
class Drawn:
    """A picture and what its code holds."""

    image: Image.Image
    content: str
    form: str
    way: str


def code(seed: int) -> Drawn:
    """One code; formats and ways take turns."""
    rng = random.Random(f"code {seed}")
    form, way = FORMATS[seed % len(FORMATS)], WAYS[seed % len(WAYS)]
    made = zxingcpp.create_barcode(_content(rng, form), getattr(zxingcpp.BarcodeFormat, form))
    square = form in ("QRCode", "DataMatrix", "Aztec")
    scale = (4 if square else 2) + (0 if way == "small" else rng.randint(1, 3))
    bars = np.array(zxingcpp.write_barcode_to_image(made, scale=scale))
    ink, paper = (rng.randint(90, 130), rng.randint(190, 235)) if way == "pale" else (rng.randint(0, 30), 255)
    bars = np.where(bars > 127, paper, ink).astype(np.uint8)
    image = _laid(rng, Image.fromarray(bars).convert("RGB"), way)
    return Drawn(image, made.text, form, way)


def _content(rng: random.Random, form: str) -> str:
    digits = {"EAN13": 12, "EAN8": 7, "UPCA": 11, "ITF": 12}.get(form)
    if digits:
        return "".join(str(rng.randrange(10)) for _ in range(digits))
    if form in ("Code128", "Code39"):
        return "".join(rng.choice(SIGNS) for _ in range(rng.randint(6, 12)))
    return rng.choice(
        (
            f"https://example.com/{rng.choice(WORDS)}/{rng.randrange(10**6)}",
            " ".join(rng.sample(WORDS, 6)),
            f"WIFI:S:{rng.choice(WORDS)};T:WPA;P:{rng.randrange(10**8)};;",
        )
    )


def _laid(rng: random.Random, bars: Image.Image, way: str) -> Image.Image:
    margin = rng.randint(30, 120)
    size = bars.width + 2 * margin, bars.height + 2 * margin
    image = Image.new("RGB", (max(900, size[0]), max(700, size[1])) if way == "page" else size, "white")
    if way != "page":
        image.paste(bars, (margin, margin))
        if way == "photographed":
            return photographed(image, rng.randrange(2**32))
        return spoilt(image, rng, 20 if way == "tilted" else 0, 25 if way == "grainy" else 0)
    draw = ImageDraw.Draw(image)
    for row in range(8):
        draw.text((60, 40 + 34 * row), " ".join(rng.choices(WORDS, k=8)), fill="black", font=font(22))
    image.paste(bars, (rng.randint(0, image.width - bars.width), image.height - bars.height))
    return image
