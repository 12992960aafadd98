"""Pictures by OpenAI's endpoints: images/generations makes them of words, images/edits changes those that are given.

A mask is the second of two pictures that is said to be one, black and white, white where the server may paint; there it
is sent as OpenAI wants it, transparent (API reference, "Create image edit"), and outside of it the answer is the
caller's picture, pixel by pixel.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pybase64
from msgspec import Struct

from pollux.engines.base import Picture, Prompt
from pollux.engines.diffusers.wish import Wish, wish
from pollux.engines.openai import framing
from pollux.engines.openai.asking import JSON, Asking, one, read_json
from pollux.engines.openai.options import Options
from pollux.engines.wishes import Canvas
from pollux.errors import ApiError, Internal
from pollux.media import picture
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.sniff import sniff

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

DRAW, EDIT = "images/generations", "images/edits"
MOST_ANSWER = 256 << 20
READABLE: Mapping[str, str] = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
"""What images/edits takes, and how such files' names end."""
_ALWAYS_INLINE = re.compile(r"gpt-image|chatgpt-image")
"""Models that always answer with the picture itself, and refuse to be asked how."""
_MASK = re.compile(r"\bmask", re.IGNORECASE)


class _Made(Struct):
    b64_json: str | None = None


class _Images(Struct):
    data: list[_Made]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A request, and how its answer becomes what was asked for: `frame` is where the picture lies in it."""

    path: str
    body: bytes
    kind: str = JSON
    frame: framing.Frame | None = None
    own: Pixels | None = None
    mask: Pixels | None = None


async def paint(asking: Asking, options: Options, prompt: Prompt) -> AsyncGenerator[Picture, None]:
    """One picture of the canvas's size.  Raises ApiError."""
    wanted = wish(prompt)
    asked = await asyncio.to_thread(_edit if wanted.pictures else _drawing, wanted, options, prompt.seed)
    data = await one(asking.ask(asked.path, asked.body, read_json(MOST_ANSWER), prompt.deadline, kind=asked.kind))
    pixels = await asyncio.to_thread(_finished, data, wanted.canvas, asked)
    yield Picture(pixels, edited=bool(wanted.pictures))


def _drawing(wanted: Wish, options: Options, seed: int | None) -> _Asked:
    size = framing.nearest(wanted.canvas.width, wanted.canvas.height, options.sizes)
    fields = _fields(wanted.story, wanted.negative, options, seed, size)
    return _Asked(DRAW, msgspec.json.encode(fields))


def _fields(words: str, negative: str, options: Options, seed: int | None, size: tuple[int, int]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "model": options.model,
        "prompt": f"{words}\nWithout: {negative}" if negative else words,
        "size": f"{size[0]}x{size[1]}",
        "n": 1,
    }
    if not _ALWAYS_INLINE.search(options.model):
        fields["response_format"] = "b64_json"
    if seed is not None:
        fields["seed"] = seed
    return {name: value for name, value in (fields | dict(options.extra)).items() if name not in options.omit}


def _edit(wanted: Wish, options: Options, seed: int | None) -> _Asked:
    canvas, (first, *others) = wanted.canvas, wanted.pictures
    size = framing.nearest(canvas.width, canvas.height, options.sizes)
    frame = framing.around(canvas.width, canvas.height, size) if canvas.kept else None
    own = mask = None
    if len(others) == 1 and _MASK.search(wanted.words):
        mask = framing.mask_of(picture.decode(others[0]), (first.height, first.width))
    if mask is not None:
        own, others = picture.decode(first), []
    files = [("image", _framed(first, frame) or _file(first)), *(("image", _file(media)) for media in others)]
    if len(files) > 1:  # as OpenAI's own clients name several
        files = [("image[]", file) for _, file in files]
    if mask is not None:
        files.append(("mask", ("image/png", framing.transparent(mask, frame))))
    fields = _fields(wanted.words, wanted.negative, options, seed, size)
    kind, body = _form(fields, files)
    return _Asked(EDIT, body, kind, frame, own, mask)


def _framed(media: Media, frame: framing.Frame | None) -> tuple[str, bytes] | None:
    """The picture with its margins; None where it needs none, and goes as it came."""
    if frame is None or frame.empty:
        return None
    return "image/png", picture.encode_png(frame.padded(picture.decode(media)))


def _file(media: Media) -> tuple[str, bytes]:
    """The caller's own file where the server reads its kind, else the same upright pixels."""
    if media.mime_type in READABLE and media.orientation == 1:
        return media.mime_type, media.data if media.data or media.path is None else media.path.read_bytes()
    return "image/png", picture.encode_png(picture.decode(media))


def _form(fields: Mapping[str, Any], files: list[tuple[str, tuple[str, bytes]]]) -> tuple[str, bytes]:
    """The content type and the body of a form (RFC 7578)."""
    edge = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        parts.append(f'content-disposition: form-data; name="{name}"\r\n\r\n'.encode() + text.encode())
    for number, (name, (mime_type, data)) in enumerate(files, 1):
        head = f'content-disposition: form-data; name="{name}"; filename="picture-{number}.{READABLE[mime_type]}"\r\n'
        parts.append(f"{head}content-type: {mime_type}\r\n\r\n".encode() + data)
    body = b"".join(b"--%s\r\n%s\r\n" % (edge.encode(), part) for part in parts) + f"--{edge}--\r\n".encode()
    return f"multipart/form-data; boundary={edge}", body


def _finished(data: bytes, canvas: Canvas, asked: _Asked) -> Pixels:
    """What came, exactly of the canvas's size."""
    made = _decoded(data)
    if asked.frame is not None:
        made = framing.stretched(asked.frame.cut(made), canvas.width, canvas.height)
    else:
        made = framing.covering(made, canvas.width, canvas.height)
    if asked.own is None or asked.mask is None:
        return made
    own = framing.covering(asked.own, canvas.width, canvas.height)
    return framing.inside(made, own, framing.covering(asked.mask, canvas.width, canvas.height))


def _decoded(data: bytes) -> Pixels:
    try:
        made = msgspec.json.decode(data, type=_Images).data
        raw = pybase64.b64decode(made[0].b64_json or "", validate=True)
        kind = sniff(raw)
        width, height, orientation = picture.inspect(raw, kind, "picture", MediaLimits())
        return picture.decode(Media("image", kind, raw, "", width, height, orientation, "picture"))
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, IndexError, ApiError):
        raise Internal("The model server's answer cannot be used: it holds no picture (b64_json).") from None
