"""Pictures made of words by OpenAI's images/generations endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import msgspec
import pybase64
from msgspec import Struct

from pollux.engines.base import Picture, Prompt
from pollux.engines.openai.asking import Asking, one, read_json
from pollux.engines.openai.options import Options
from pollux.engines.wishes import Canvas
from pollux.errors import ApiError, Internal, InvalidArgument, Unimplemented
from pollux.media import picture
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.sniff import sniff

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATH = "images/generations"
MOST_ANSWER = 256 << 20
SIDE = 16
"""Pixels: what sides these models make are multiples of."""


class _Made(Struct):
    b64_json: str | None = None


class _Images(Struct):
    data: list[_Made]


async def paint(asking: Asking, options: Options, prompt: Prompt) -> AsyncGenerator[Picture, None]:
    """One picture of the canvas's size.  Raises Unimplemented for pictures that are to be changed."""
    pieces = [piece for turn in prompt.turns for piece in turn.pieces]
    if any(isinstance(piece, Media) and piece.kind in ("image", "document") for piece in pieces):
        raise Unimplemented("This model makes pictures of words alone: it takes no pictures to change.")
    said = [turn for turn in prompt.turns if turn.role == "user"][-1:]
    words = "\n".join(getattr(piece, "text", None) or "" for turn in said for piece in turn.pieces).strip()
    if not words or prompt.canvas is None:
        raise InvalidArgument("contents: say what the picture is to show.", field="contents")
    width, height = legal(prompt.canvas)
    asked = {
        "model": options.model,
        "prompt": f"{prompt.system}\n\n{words}" if prompt.system else words,
        "size": f"{width}x{height}",
        "n": 1,
        "response_format": "b64_json",
    }
    if prompt.seed is not None:
        asked["seed"] = prompt.seed
    body = msgspec.json.encode(asked | dict(options.extra))
    data = await one(asking.ask(PATH, body, read_json(MOST_ANSWER), prompt.deadline))
    yield Picture(await asyncio.to_thread(_pixels, data, prompt.canvas))


def legal(canvas: Canvas) -> tuple[int, int]:
    """The nearest width and height that such models make."""
    return tuple(max(SIDE, round(side / SIDE) * SIDE) for side in (canvas.width, canvas.height))  # type: ignore[return-value]


def _pixels(data: bytes, canvas: Canvas) -> NDArray[np.uint8]:
    try:
        made = msgspec.json.decode(data, type=_Images).data
        raw = pybase64.b64decode(made[0].b64_json or "", validate=True)
        kind = sniff(raw)
        width, height, orientation = picture.inspect(raw, kind, "picture", MediaLimits())
        pixels = picture.decode(Media("image", kind, raw, "", width, height, orientation, "picture"))
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, IndexError, ApiError):
        raise Internal("The model server's answer cannot be used: it holds no picture (b64_json).") from None
    if pixels.shape[:2] == (canvas.height, canvas.width):
        return pixels
    import cv2  # noqa: PLC0415

    smaller = canvas.width * canvas.height < pixels.shape[0] * pixels.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    fitted: NDArray[np.uint8] = cv2.resize(pixels, (canvas.width, canvas.height), interpolation=way)  # type: ignore[assignment]
    return fitted
