"""Pages with tables, signatures and stamps whose places are known exactly, drawn from a seed with Pillow."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import cos, sin

from PIL import Image, ImageDraw

from tests.quality.pictures import GOODS, NAMES, WORDS, font

Span = tuple[float, float, float, float]
INKS = ((20, 30, 120), (15, 15, 20), (30, 60, 160))
STAMP_INKS = ((190, 30, 40), (30, 60, 170), (20, 120, 60), (120, 40, 140))


@dataclass(frozen=True)
class Paper:
    """A page; `parts` are (kind, box)."""

    image: Image.Image
    parts: tuple[tuple[str, Span], ...]


def paper(seed: int) -> Paper:
    """A letter or bill of 900 x 1270 pixels."""
    rng = random.Random(f"paper {seed}")
    image = Image.new("RGB", (900, 1270), rng.choice(("white", "#fdfcf7", "#f6f4ee")))
    draw, size, parts, y = ImageDraw.Draw(image), rng.choice((18, 20, 22)), list[tuple[str, Span]](), 80.0
    draw.text((80, y), rng.choice(("Delivery note", "Contract", "Invoice 2041")), "black", font(size * 1.7))
    y = _prose(draw, rng, y + 70, size)
    for _ in range(rng.randint(0, 2)):
        box = _table(draw, rng, y + 20, size, ruled=rng.random() < 0.5)
        parts.append(("table", box))
        y = _prose(draw, rng, box[3] + 30, size)
    if rng.random() < 0.7:
        parts.append(("signature", _signature(draw, rng, 110, max(y + 60, 1000))))
        draw.text((110, max(y + 60, 1000) + 70), rng.choice(NAMES) + " Moreau", "black", font(size))
    if rng.random() < 0.6:
        parts.append(("stamp", _stamp(image, rng, 560, max(y + 30, 960))))
    return Paper(image, tuple(parts))


def _prose(draw: ImageDraw.ImageDraw, rng: random.Random, y: float, size: int) -> float:
    for _ in range(rng.randint(2, 4)):
        line = " ".join(rng.choice(WORDS) for _ in range(9))
        draw.text((80, y), line.capitalize(), (30, 30, 30), font(size))
        y += size * 1.5
    return y


def _table(draw: ImageDraw.ImageDraw, rng: random.Random, y: float, size: int, *, ruled: bool) -> Span:
    head = ("Item", "Pieces", "Price", "Sum")[: rng.randint(3, 4)]
    rows = [
        (good, str(rng.randint(1, 30)), f"{rng.uniform(1, 60):.2f}", f"{rng.uniform(60, 900):.2f}")
        for good in rng.sample(GOODS, rng.randint(3, 6))
    ]
    wide, step = (260, 130, 130, 130), size * 1.9
    right = 80 + sum(wide[: len(head)])
    for n, row in enumerate((head, *rows)):
        x = 80.0
        for cell, width in zip(row, wide, strict=False):
            draw.text((x + 10, y + n * step + 6), cell, "black", font(size))
            x += width
    bottom = y + (len(rows) + 1) * step
    if not ruled:
        last = 80 + sum(wide[: len(head) - 1]) + 10 + font(size).getlength("000.00")
        return 88, y + 4, last, bottom - 6
    for n in range(len(rows) + 2):
        draw.line((80, y + n * step, right, y + n * step), (90, 90, 90), 1)
    x = 80
    for width in (*wide[: len(head)], 0):
        draw.line((x, y, x, bottom), (90, 90, 90), 1)
        x += width
    return 80, y, right, bottom


def _signature(draw: ImageDraw.ImageDraw, rng: random.Random, x: float, y: float) -> Span:
    long, ink = rng.randint(140, 260), rng.choice(INKS)
    a, b, c = rng.uniform(0.12, 0.2), rng.uniform(6, 12), rng.uniform(12, 24)
    points = [
        (x + t + b * sin(a * t * 1.3), y + 30 + c * sin(a * t) * (1.2 - t / long) + 6 * cos(0.05 * t))
        for t in range(long)
    ]
    draw.line(points, ink, rng.choice((2, 3)), joint="curve")
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _stamp(image: Image.Image, rng: random.Random, x: float, y: float) -> Span:
    ink = rng.choice(STAMP_INKS)
    sheet = Image.new("RGBA", (260, 260), (0, 0, 0, 0))
    draw = ImageDraw.Draw(sheet)
    if rng.random() < 0.5:
        draw.ellipse((40, 40, 220, 220), outline=(*ink, 230), width=5)
        draw.ellipse((52, 52, 208, 208), outline=(*ink, 230), width=2)
        draw.text((130, 130), rng.choice(("PAID", "SEEN", "COPY")), (*ink, 230), font(40), anchor="mm")
    else:
        draw.rectangle((30, 90, 230, 170), outline=(*ink, 230), width=5)
        draw.text((130, 130), rng.choice(("APPROVED", "PAID", "RECEIVED")), (*ink, 230), font(32), anchor="mm")
    turned = sheet.rotate(rng.uniform(-15, 15), Image.Resampling.BICUBIC)
    image.paste(turned, (int(x), int(y)), turned)
    left, top, right, bottom = turned.getchannel("A").point(lambda v: 255 * (v > 60)).getbbox() or (0, 0, 1, 1)
    return int(x) + left, int(y) + top, int(x) + right, int(y) + bottom
