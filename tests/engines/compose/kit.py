"""Prompts of one picture, specialists that answer by rule, and a composed engine run to its end."""

from __future__ import annotations

import asyncio
import base64
import io
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pollux.engines.base import Ability, Event, Prompt, Text, Turn
from pollux.engines.compose import Composed
from pollux.engines.scripted import ScriptedEngine, Step
from pollux.engines.specialists.base import Found, PixelBox
from pollux.errors import Unavailable
from pollux.media.handle import Media
from pollux.wire.content import Part
from pollux.wire.generate import GenerationConfig

SEGMENT = """
  Give the segmentation masks for the wooden and glass items.
  Output a JSON list of segmentation masks where each entry contains the 2D
  bounding box in the key "box_2d", the segmentation mask in key "mask", and
  the text label in the key "label". Use descriptive labels.
  """
"""The documentation's own (image understanding page, "Segmentation")."""
DETECT = (
    "Detect the all of the prominent items in the image. "
    "The box_2d should be [ymin, xmin, ymax, xmax] normalized to 0-1000."
)
CHAT: frozenset[Ability] = frozenset({"text", "image_in", "schema", "tools", "think"})
SIZE = (200, 100)
"""Width and height of the picture."""


def png(size: tuple[int, int] = SIZE) -> bytes:
    """A red rectangle, x 40 to 120 and y 20 to 70, on white."""
    pixels = np.full((size[1], size[0], 3), 255, np.uint8)
    pixels[20:70, 40:120] = (200, 0, 0)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def media(size: tuple[int, int] = SIZE, **more: Any) -> Media:
    return Media("image", "image/png", png(size), "digest", *size, field="contents[0].parts[1].inlineData", **more)


def prompt(text: str = SEGMENT, *pieces: Part | Media, schema: Any = None, **more: Any) -> Prompt:
    kind = "application/json" if schema is not None else ""
    config = GenerationConfig(response_mime_type=more.pop("mime", kind))
    turns = more.pop("turns", (Turn("user", (Part(text=text), *(pieces or (media(),)))),))
    return Prompt("qwen", turns, config=config, schema=schema, **more)


class Red:
    """Finds the red things and cuts them out, by their colour: the truth of `png`; keeps what it was asked."""

    def __init__(self, *, wait: threading.Event | None = None) -> None:
        self.labels: list[Sequence[str]] = []
        self.boxes: list[PixelBox] = []
        self.shapes: list[tuple[int, ...]] = []
        self.closed = 0
        self.began, self.wait, self.stopped = threading.Event(), wait, threading.Event()

    def find(self, pixels: NDArray[np.uint8], labels: Sequence[str], cancelled: Callable[[], bool]) -> list[Found]:
        self.labels.append(labels)
        self.shapes.append(pixels.shape)
        self.began.set()
        while self.wait is not None and not self.wait.wait(0.01):
            if cancelled():
                self.stopped.set()
                raise Unavailable
        rows, columns = np.nonzero(pixels[..., 1] < 128)
        if "red box" not in labels:
            return []
        box = float(columns.min()), float(rows.min()), columns.max() + 1.0, rows.max() + 1.0
        return [Found(box, "red box", 0.9), Found((0, 0, 10, 10), labels[-1], 0.5)]

    def masks(self, pixels: NDArray[np.uint8], boxes: Sequence[PixelBox]) -> Generator[NDArray[np.uint8], None, None]:
        self.shapes.append(pixels.shape)
        try:
            for box in boxes:
                self.boxes.append(box)
                self.began.set()
                if self.wait is not None:
                    self.wait.wait(0.02)
                x0, y0, x1, y1 = (int(value) for value in box)
                yield np.where(pixels[y0:y1, x0:x1, 1] < 128, 255, 0).astype(np.uint8)
        finally:
            self.stopped.set()

    def close(self) -> None:
        self.closed += 1


def composed(
    steps: Iterable[Step] | str, *, abilities: frozenset[Ability] = CHAT, **others: Any
) -> tuple[Composed, ScriptedEngine]:
    """An engine around a script: a text that it says, or steps."""
    script = [Text(steps)] if isinstance(steps, str) else list(steps)
    main = ScriptedEngine(lambda _: script, abilities=abilities)
    return Composed(main, main.cards()[0], **others), main


def run(engine: Composed, asked: Prompt) -> list[Event]:
    """Its events; the engine is closed after it."""

    async def whole() -> list[Event]:
        try:
            return [event async for event in engine.stream(asked)]
        finally:
            await engine.close()

    return asyncio.run(whole())


def said(events: Iterable[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


def opened(url: str) -> NDArray[np.uint8]:
    """A mask's pixels."""
    head, _, data = url.partition(",")
    assert head == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
    assert image.mode == "L"
    return np.asarray(image)
