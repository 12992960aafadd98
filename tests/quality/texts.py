"""Pages of print whose words are known exactly, and photographs of them, drawn from a seed.

The words come from the sentence model's vocabulary (about 20,000 words of English), with numbers, dates, prices and
addresses between them.  The faces are Debian's `fonts-liberation` and `fonts-dejavu`.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype")
FACES = tuple(
    f"{folder}/{family}{style}.ttf"
    for folder, families, styles in (
        ("liberation", ("LiberationSans-", "LiberationSerif-", "LiberationMono-"), ("Regular", "Bold", "Italic")),
        ("liberation", ("LiberationSansNarrow-",), ("Regular", "Bold")),
        ("dejavu", ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono"), ("", "-Bold")),
    )
    for family in families
    for style in styles
)
INKS = ((0, 0, 0), (20, 20, 20), (50, 50, 60), (25, 35, 90), (90, 90, 90))
PAPERS = ((255, 255, 255), (255, 255, 255), (252, 250, 244), (244, 246, 250), (238, 234, 224))


@dataclass(frozen=True)
class Page:
    """A picture and its lines in reading order."""

    image: Image.Image
    lines: tuple[str, ...]


def lacking() -> str:
    """Which faces are not installed, "" when all are."""
    missing = [face for face in FACES if not (FONTS / face).exists()]
    return f"needs Debian's fonts-liberation and fonts-dejavu: {missing[0]}" if missing else ""


@cache
def vocabulary() -> tuple[str, ...]:
    """Words of at least two letters, commonest first."""
    source = files("pollux.engines.builtin") / "weights" / "minilm-tokenizer.json"
    ranks: dict[str, int] = json.loads(source.read_text("utf-8"))["model"]["vocab"]
    plain = [word for word in sorted(ranks, key=ranks.__getitem__) if word.isascii() and word.isalpha()]
    return tuple(word for word in plain if len(word) > 1 and not word.startswith("unused"))


def word(rng: random.Random) -> str:
    """Common words oftener (log-uniform in rank), now and then a number, a date, a price, an address."""
    kind = rng.random()
    if kind < 0.03:
        return str(rng.randrange(1, 10 ** rng.randint(1, 5)))
    if kind < 0.045:
        return f"{rng.choice('$€£')}{rng.randrange(1, 2000)}.{rng.randrange(100):02}"
    if kind < 0.055:
        return f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.{rng.randrange(1990, 2030)}"
    if kind < 0.062:
        return f"{rng.choice(vocabulary()[:4000])}@{rng.choice(vocabulary()[:4000])}.org"
    if kind < 0.07:
        return f"{rng.randrange(1, 100)}%"
    ranked = vocabulary()
    return ranked[int(len(ranked) ** rng.random()) - 1]


def sentence(rng: random.Random) -> list[str]:
    """Six to fourteen words, the first with a capital, a full stop behind."""
    out = [word(rng) for _ in range(rng.randint(6, 14))]
    out = [one.capitalize() if rng.random() < 0.08 else one for one in out]
    out[0] = out[0].capitalize()
    if rng.random() < 0.4:
        out[len(out) // 2] += rng.choice((",", ",", ";", ":"))
    out[-1] += rng.choice((".", ".", ".", "?", "!"))
    return out


def page(seed: int, *, large: bool = False) -> Page:
    """A heading and paragraphs in one or two columns, 1000 x 1300 pixels; `large` print for what is photographed."""
    rng = random.Random(f"text {seed}")
    paper, ink, face = rng.choice(PAPERS), rng.choice(INKS), str(FONTS / rng.choice(FACES))
    size = rng.randint(16, 26) if large else rng.randint(14, 26)
    font, head = ImageFont.truetype(face, size), ImageFont.truetype(face, round(size * 1.6))
    image = Image.new("RGB", (1000, 1300), paper)
    draw, lines = ImageDraw.Draw(image), list[str]()
    title = " ".join(word(rng) for _ in range(rng.randint(2, 4))).title()
    while head.getlength(title) > 860:
        title = title.rsplit(" ", 1)[0]
    draw.text((70, 60), title, ink, head)
    lines.append(title)
    columns = 2 if rng.random() < 0.3 and size < 22 else 1
    width = (860 - 50 * (columns - 1)) / columns
    for column in range(columns):
        x, y = 70 + column * (width + 50), 90 + size * 2.0
        while y < 1180:
            for line in _broken(rng, font, width):
                if y < 1220:
                    draw.text((x, y), line, ink, font)
                    lines.append(line)
                    y += size * 1.45
            y += size * 0.9
    return Page(image, tuple(lines))


def _broken(rng: random.Random, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A paragraph in lines that fit."""
    words = [one for _ in range(rng.randint(2, 5)) for one in sentence(rng)]
    out = [words[0]]
    for one in words[1:]:
        longer = f"{out[-1]} {one}"
        if font.getlength(longer) <= width:
            out[-1] = longer
        else:
            out.append(one)
    return out


def photographed(image: Image.Image, seed: int) -> Image.Image:
    """The page on a desk, 1500 pixels high and wide at most: perspective, light, shadow, blur, grain and JPEG."""
    rng = np.random.default_rng(seed)
    side = 1500
    scale = 0.82 * side / max(image.size)
    wide, high = (edge * scale for edge in image.size)
    angle = np.deg2rad(rng.uniform(-8, 8))
    corners = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)]) / 2
    turn = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    target = corners @ turn.T + rng.uniform(-0.05, 0.05, (4, 2)) * min(wide, high) + side / 2
    source = np.array([(0, 0), (image.width, 0), (image.width, image.height), (0, image.height)])
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32))
    flat = np.asarray(image, np.float32)
    laid = cv2.warpPerspective(flat, matrix, (side, side), flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones(flat.shape[:2], np.float32), matrix, (side, side))[..., None]
    whole = _desk(rng, side) * (1 - cover) + laid * cover
    whole = whole * _light(rng, side) * rng.uniform(0.92, 1.0, 3)
    whole = cv2.GaussianBlur(whole.astype(np.float32), (0, 0), float(rng.uniform(0.4, 1.4)))
    grain = rng.normal(0, rng.uniform(2, 12), (side, side, 1))
    pixels = np.clip(whole + grain, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 85))])
    assert done
    left, top = np.maximum(target.min(0) - 40, 0).astype(int)
    right, bottom = np.minimum(target.max(0) + 40, side).astype(int)
    read = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[top:bottom, left:right, ::-1]
    return Image.fromarray(np.ascontiguousarray(read))


def _desk(rng: np.random.Generator, side: int) -> NDArray[np.float32]:
    """Wood, stone or cloth: a colour with streaks and specks."""
    streaks = cv2.resize(
        rng.normal(0, 1, (side // 4, 12)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    specks = cv2.GaussianBlur(rng.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 2.0)
    colour = rng.uniform(40, 170, 3)
    return (colour + 12 * streaks[..., None] + 20 * specks[..., None]).astype(np.float32)


def _light(rng: np.random.Generator, side: int) -> NDArray[np.float32]:
    """Light that falls off to one side, and the soft shadow of a hand or a telephone."""
    rows, columns = np.mgrid[:side, :side] / side - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    fall = 0.88 + rng.uniform(0.05, 0.3) * (np.cos(angle) * columns + np.sin(angle) * rows)
    shade = np.zeros((side, side), np.float32)
    start, edge = rng.uniform(0, side, 2), rng.uniform(0, 2 * np.pi)
    along = np.array([np.cos(edge), np.sin(edge)]) * side * 2
    across = np.array([-along[1], along[0]])
    cv2.fillPoly(
        shade,
        [np.array([start - along, start + along, start + along + across, start - along + across]).astype(np.int32)],
        (1.0,),
    )
    soft = cv2.GaussianBlur(shade, (0, 0), float(rng.uniform(8, 60)))
    return np.asarray(fall * (1 - rng.uniform(0.15, 0.5) * soft), np.float32)[..., None]


def edits(said: str, true: str) -> int:
    """Levenshtein's distance, one row of its table at a time."""
    wanted = np.array([ord(one) for one in true])
    steps = np.arange(len(wanted) + 1)
    row = steps.copy()
    for n, letter in enumerate(said, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (wanted != ord(letter)))
        row = np.minimum.accumulate(np.concatenate([[n], best]) - steps) + steps
    return int(row[-1])
