"""What boxes and masks cost, end to end and stage by stage: photographs, screens, drawn things and charts.

    python bench/seeing.py [--rounds 9] [--threads 2] [--only WORD] [--picture FILE]...

Each row of a table is a stage of one prompt to the built-in engine, models loaded, nothing remembered: 50th and 95th
percentile of wall milliseconds, and the median of the processor's.  Stages are our own functions, timed from outside; a
function that another one's stage calls belongs to that stage, and what no stage holds is "all else".  A stage that runs
beside others says so: the processor's time of those holds its own.  Targets on two
cores: boxes of a 12-megapixel photograph without text under 400 ms, masks under 700 ms, a screen of 1280 x 800 with its
text under 1000 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import io
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import blake3
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pollux import samples
from pollux.engines.base import Prompt, Text, Turn
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.picture import inspect
from pollux.media.sniff import sniff
from pollux.wire.content import Part

BOXES, MASKS = "Detect all the prominent items in the image.", "Give the segmentation masks of all the items."
_EYES, _SEEING = "pollux.engines.builtin.", "pollux.engines.builtin.seeing."
# in the order of the table: the stage, and the functions it is made of, each where its callers look it up
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("understanding", (_EYES + "engine:take", _EYES + "engine:converse", _SEEING + "reply:wanted")),
    ("decoding", (_EYES + "eyes:decode", _SEEING + "show:decode")),
    ("codes", (_EYES + "codes:codes",)),
    ("is there text?", (_EYES + "look:has_text",)),
    ("finding text", (_EYES + "text:Reader.find",)),
    ("reading text", (_EYES + "text:Reader.recognise",)),
    ("colours, light", (*(f"{_EYES}colours:{name}" for name in ("colours", "background", "grayscale")),
                        _EYES + "eyes:sharpness")),
    ("kind", (_EYES + "eyes:Eyes._kind",)),
    ("classifying", (_EYES + "classify:Classifier.classify",)),
    ("faces", (_EYES + "faces:FaceFinder.faces",)),
    ("people", (_SEEING + "people:body",)),
    ("plain shapes", (_EYES + "shapes:shapes",)),
    ("evidence", (_SEEING + "evidence:Evidence.of",)),
    ("things of evidence", (_SEEING + "photo:_look",)),
    ("drawn or not", (_SEEING + "find:_drawn",)),
    ("drawn things", (_SEEING + "flat:find_flat",)),
    ("screen elements", (_SEEING + "screen:find_elements",)),
    ("chart", (_EYES + "eyes:plotted", _SEEING + "plots:find_chart")),
    ("choosing, labels", (_SEEING + "show:chosen", _SEEING + "labels:labels")),
    ("masks", (_SEEING + "show:Show._cut",)),
    ("reply", (_SEEING + "reply:entries", _SEEING + "form:listing")),
)  # fmt: skip
BESIDE = ("faces", "people")


@dataclass(slots=True)
class Clock:
    """Wall and processor seconds by stage, of one prompt."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    busy: set[int] = field(default_factory=set)
    """Threads in which a stage runs."""

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted unless a stage calls it."""

        @functools.wraps(call)
        def counted(*args: Any, **kwargs: Any) -> Any:
            here = threading.current_thread()
            beside = not here.name.startswith("pollux-lane")
            if here.ident in self.busy or (beside and stage not in BESIDE):
                return call(*args, **kwargs)
            self.busy.add(here.ident or 0)
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                return call(*args, **kwargs)
            finally:
                both = self.spent.setdefault(f"{stage} (beside)" if beside else stage, [0.0, 0.0])
                both[0] += time.perf_counter() - wall
                both[1] += time.process_time() - cpu
                self.busy.discard(here.ident or 0)

        return counted

    def watch(self) -> None:
        """Puts the clock around every stage's functions, for as long as this program runs."""
        for stage, places in STAGES:
            for place in places:
                module, _, path = place.partition(":")
                *owners, name = path.split(".")
                owner: Any = import_module(module)
                for one in owners:
                    owner = getattr(owner, one)
                plain = vars(owner)[name]
                bound = isinstance(plain, classmethod)
                counted = self.timed(stage, plain.__func__ if bound else plain)
                setattr(owner, name, classmethod(counted) if bound else counted)


def photograph(sample: str) -> bytes:
    """A sample as a JPEG of 12 megapixels with a sensor's noise; nothing is written on it."""
    small = cv2.imdecode(np.frombuffer(samples.read(sample), np.uint8), cv2.IMREAD_COLOR)
    assert small is not None
    scale = (12e6 / (small.shape[0] * small.shape[1])) ** 0.5
    large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(0).integers(-6, 7, (*large.shape[:2], 1), dtype=np.int16)
    whole = np.clip(large + noise, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", whole, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def screen() -> bytes:
    """A PNG of 1280 x 800: a bar, a menu, fields with labels, tick boxes, a table of words, buttons."""
    rng, page = random.Random(0), Image.new("RGB", (1280, 800), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    words = ("order", "name", "city", "river", "total", "stone", "market", "letter", "garden", "bridge", "copper")

    def word() -> str:
        return rng.choice(words).capitalize()

    pen.rectangle((0, 0, 1280, 56), "#1f3a5f")
    for n in range(7):
        pen.text((40 + 130 * n, 18), word(), fill="white", font=font)
    pen.rectangle((0, 56, 200, 800), "#eef1f5")
    for n in range(12):
        pen.text((28, 84 + 40 * n), f"{word()} {word().lower()}", fill="#333333", font=font)
    for n in range(6):
        left, top = 240 + 340 * (n % 2), 90 + 84 * (n // 2)
        pen.text((left, top), word(), fill="#444444", font=font)
        pen.rounded_rectangle((left, top + 24, left + 300, top + 60), 5, "white", "#b4bcc6")
        pen.text((left + 12, top + 33), f"{word()} {rng.randint(10, 999)}", fill="#222222", font=font)
    for n in range(4):
        pen.rectangle((940, 96 + 36 * n, 956, 112 + 36 * n), "white", "#777777")
        pen.text((968, 94 + 36 * n), f"{word()} by {word().lower()}", fill="#222222", font=font)
    for n in range(11):
        if n % 2 == 0:
            pen.rectangle((240, 350 + 32 * n, 1240, 381 + 32 * n), "#f4f6f8")
        for m in range(5):
            text = word() if n == 0 or m % 2 == 0 else f"{rng.randint(1, 99999) / 100:.2f}"
            pen.text((256 + 200 * m, 356 + 32 * n), text, fill="#222222", font=font)
    for n, colour in enumerate(("#2563eb", "#16a34a", "#dc2626")):
        pen.rounded_rectangle((240 + 150 * n, 726, 370 + 150 * n, 764), 6, colour)
        pen.text((270 + 150 * n, 735), word(), fill="white", font=font)
    return _png(page)


def emoji() -> bytes | None:
    """A PNG of 1200 x 900 with 24 emoji; None where Debian's font of them is not installed."""
    try:
        font = ImageFont.truetype("NotoColorEmoji.ttf", 109)
    except OSError:
        return None
    page = Image.new("RGB", (1200, 900), "white")
    for n, sign in enumerate("🍎🍌🚗🐶🐱⚽🎸🏠🌲🍕🚲⏰🔑☂🎂🐟🌻📷✈🎈🥕🦋🍓🐘"):
        at = 40 + 195 * (n % 6), 30 + 220 * (n // 6)
        ImageDraw.Draw(page).text(at, sign, font=font, embedded_color=True)
    return _png(page)


def _png(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def media_of(data: bytes) -> Media:
    """The handle a request would carry."""
    mime = sniff(data) or ""
    width, height, orientation = inspect(data, mime, "picture", MediaLimits())
    return Media("image", mime, data, blake3.blake3(data).hexdigest(), width, height, orientation, "picture")


async def asked(engine: BuiltinEngine, media: Media, question: str) -> str:
    """The answer's text."""
    prompt = Prompt("builtin", (Turn("user", (media, Part(text=question))),))
    return "".join([event.text async for event in engine.stream(prompt) if isinstance(event, Text)])


def table(clock: Clock, engine: BuiltinEngine, media: Media, question: str, rounds: int) -> None:
    """Asks again and again, each time of a picture not seen before, and prints what it took."""
    whole: list[list[float]] = []
    stages: dict[str, list[list[float]]] = {}
    said = ""
    for number in range(-1, rounds):  # the first loads models
        clock.spent = {}
        wall, cpu = time.perf_counter(), time.process_time()
        said = asyncio.run(asked(engine, replace(media, digest=f"{question} {media.digest} {number}"), question))
        took = [time.perf_counter() - wall, time.process_time() - cpu]
        if number < 0:
            continue
        whole.append(took)
        parts = np.sum([both for stage, both in clock.spent.items() if "beside" not in stage], axis=0)
        for stage, both in {**clock.spent, "all else": [took[0] - parts[0], took[1] - parts[1]]}.items():
            stages.setdefault(stage, []).append(both)
    print(f"  {said.count('box_2d')} things; {'stage':20} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8}")
    for stage in (*(f"{name}{way}" for name, _ in STAGES for way in ("", " (beside)")), "all else"):
        if stage in stages:
            _row(stage, stages[stage] + [[0.0, 0.0]] * (rounds - len(stages[stage])))
    _row("in all", whole)


def _row(name: str, times: list[list[float]]) -> None:
    wall, cpu = (1000 * np.array(times)).T
    middle, late = np.percentile(wall, (50, 95))
    print(f"    {name:28} {middle:8.1f} {late:8.1f} {float(np.median(cpu)):8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="measure the tables whose title holds this")
    parser.add_argument("--picture", type=Path, action="append", default=[], help="measure these files as well")
    args = parser.parse_args()
    sheet = emoji()
    pictures: list[tuple[str, bytes | None, str]] = [
        (f"12-megapixel photograph of {what}, {asked} (target {most})", photo, question)
        for what, photo in (("a cup", photograph("coffee")), ("a person", photograph("astronaut")))
        for asked, most, question in (("boxes", 400, BOXES), ("masks", 700, MASKS))
    ]
    pictures += [
        ("screen of 1280 x 800 with its text, boxes (target 1000)", screen(), BOXES),
        ("24 emoji, boxes", sheet, BOXES),
        ("24 emoji, masks", sheet, MASKS),
        ("chart, boxes", samples.read("chart"), BOXES),
    ]
    pictures += [(f"{path.name}, {what}", path.read_bytes(), ask) for path in args.picture
                 for what, ask in (("boxes", BOXES), ("masks", MASKS))]  # fmt: skip
    clock, engine = Clock(), BuiltinEngine(args.threads)
    clock.watch()
    for title, data, question in pictures:
        if args.only in title:
            print(title if data else f"{title}: left out, for NotoColorEmoji.ttf (fonts-noto-color-emoji) is missing")
            if data:
                table(clock, engine, media_of(data), question, args.rounds)
    asyncio.run(engine.close())


if __name__ == "__main__":
    main()
