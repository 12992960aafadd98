"""Scenes and prompts made by hand, for the tests of understanding and answering."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pollux.engines.base import Call, Event, Prompt, Stop, Text, Turn
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.builtin.english import key
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Box, Code, Colour, Face, Label, Scene, Shape, TextLine
from pollux.media.handle import Media
from pollux.wire.content import Part


class WordEmbedder:
    """A stand-in: texts are alike as far as they share words."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.zeros((len(texts), 512), np.float32)
        for row, text in enumerate(texts):
            for word in key(text):
                out[row, zlib.crc32(word.encode()) % 512] += 1
            out[row, -1] += 1e-3
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)

    def count_tokens(self, text: str) -> int:
        return len(text.split())


MEANING = Meaning(WordEmbedder)


def lines(*texts: str, left: float = 40, height: float = 20, gap: float = 12) -> tuple[TextLine, ...]:
    """Lines one under the other; "a | b" makes two cells of a row, "" a new block."""
    out: list[TextLine] = []
    top, block = 40.0, 0
    for text in texts:
        if not text:
            block += 1
            continue
        for column, cell in enumerate(text.split(" | ")):
            x = left + 300 * column
            out.append(TextLine(cell, Box(x, top, x + 10 * len(cell), top + height), 0.98, block))
        top += height + gap
    return tuple(out)


CAT = Scene(
    451, 300, "photograph", 0.9,
    labels=(
        Label("tabby cat", 0.8, ("tabby cat", "tabby"), "cat"),
        Label("tiger cat", 0.1, ("tiger cat",), "cat"),
    ),
    colours=(Colour("brown", 0.7, (150, 110, 80), ("top", "centre")), Colour("green", 0.1, (20, 150, 60), ("left",))),
)  # fmt: skip
PEOPLE = Scene(
    400, 400, "photograph", 0.9,
    faces=(Face(Box(40, 40, 80, 80)), Face(Box(300, 40, 340, 80))),
    colours=(Colour("blue", 0.9, (20, 30, 200), ("top", "centre")),),
)  # fmt: skip
RECEIPT = Scene(
    700, 500, "document", 0.9, text_read=True,
    lines=lines(
        "BLUE KETTLE", "14 Harbour Lane", "Receipt 00417  2026-03-14 09:41", "", "2 Flat white  7.60",
        "1 Orange juice  4.10", "", "Subtotal  11.70", "VAT 10%  1.17", "TOTAL EUR  12.87", "Paid by card  12.87",
    ),
    colours=(Colour("white", 0.9, (255, 255, 255), ("centre",)),),
)  # fmt: skip
SHAPES = Scene(
    600, 260, "drawing", 0.9,
    shapes=(
        Shape("circle", "red", Box(40, 60, 180, 200)),
        Shape("square", "blue", Box(230, 60, 370, 200)),
        Shape("triangle", "green", Box(420, 60, 560, 200)),
    ),
    colours=(Colour("white", 0.7, (255, 255, 255), ("top",)),), background="white",
)  # fmt: skip
QR = Scene(300, 300, "code", 0.9, codes=(Code("QR code", "https://example.com/a", Box(20, 20, 280, 280)),))
BLANK = Scene(100, 100, "blank", 0.9, colours=(Colour("white", 1.0, (255, 255, 255), ("centre",)),))


class Eyes:
    """A perceiver that has seen it all: the media's name says which scene it is."""

    def __init__(self, scenes: dict[str, Scene]) -> None:
        self.scenes = scenes
        self.read: list[bool] = []

    def perceive(self, media: Media, *, reading: bool, cancelled: Any) -> Scene:
        self.read.append(reading)
        return self.scenes[media.digest]

    def recollect(self, digest: str, what: str, make: Any, *, cancelled: Any) -> tuple[()]:
        return ()


class Asker:
    """An engine with scenes instead of eyes and words instead of meaning."""

    def __init__(self) -> None:
        self.engine = BuiltinEngine()
        self.eyes = Eyes({})
        self.engine._perceiver = lambda: self.eyes  # type: ignore[assignment]
        self.engine._embedder = WordEmbedder  # type: ignore[assignment]

    def media(self, scene: Scene) -> Media:
        name = f"{id(scene)}"
        self.eyes.scenes[name] = scene
        return Media("image", "image/png", b"", name, scene.width, scene.height, field="contents[0].parts[0]")

    def turn(self, text: str, *scenes: Scene) -> Turn:
        return Turn("user", (*(self.media(scene) for scene in scenes), *([Part(text=text)] if text else [])))

    def events(self, text: str, *scenes: Scene, before: Sequence[Turn] = (), **prompt: Any) -> list[Event]:
        whole = Prompt("m", (*before, self.turn(text, *scenes)), **prompt)
        return list(self.engine._answer(whole, lambda: False))

    def ask(self, text: str, *scenes: Scene, before: Sequence[Turn] = (), **prompt: Any) -> str:
        return said(self.events(text, *scenes, before=before, **prompt))


def said(events: Sequence[Event]) -> str:
    """The text of an answer."""
    return "".join(event.text for event in events if isinstance(event, Text))


def calls(events: Sequence[Event]) -> list[tuple[str, dict[str, Any]]]:
    """The calls of an answer."""
    return [(event.name, dict(event.args)) for event in events if isinstance(event, Call)]


def missing(events: Sequence[Event]) -> str:
    """What the answer says was not shown."""
    return next((event.message for event in events if isinstance(event, Stop)), "")


@contextmanager
def asker() -> Iterator[Asker]:
    """An Asker, closed afterwards."""
    one = Asker()
    try:
        yield one
    finally:
        one.engine._lane.close()
