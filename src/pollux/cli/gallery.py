"""A folder of pictures as lines of a batch job.

A picture goes inside its line: nothing is uploaded and kept for each, and a job needs nothing but its input.  Only one
too large for a line becomes a File first.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import secrets
import stat
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pollux.cli import pictures, show
from pollux.cli.seam import Json, picture_type
from pollux.errors import PolluxError

HEAD = 4096
"""Bytes that tell what a file is."""
INLINE = 14 * 2**20
"""Bytes of the largest picture inside a line: with base64 and a question it stays under the 20 MB of a line."""
PART = 512 * 2**20
"""Bytes of the input of one job, far below the 2 GB of a file: a broken upload costs less, answers come sooner."""


class Picture(NamedTuple):
    """A picture of a folder: its path below it with slashes, the file, its type and its bytes."""

    name: str
    path: Path
    mime_type: str
    size: int


def find(folder: Path) -> list[Picture]:
    """The pictures in a folder and in those below it, by content, in the order of their names.

    Names that begin with a dot are passed over.  What cannot be read is left out, and said.
    """
    found = []
    for top, folders, files in os.walk(folder, onerror=lambda error: _left_out(Path(str(error.filename)), error)):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.startswith("."):
                continue
            path = Path(top, name)
            try:
                if picture := _picture(folder, path):
                    found.append(picture)
            except OSError as error:
                _left_out(path, error)
    return sorted(found)


def _picture(folder: Path, path: Path) -> Picture | None:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):  # a pipe would never end
        return None
    with path.open("rb") as file:
        mime_type = picture_type(file.read(HEAD))
    # A name that is no UTF-8 has no JSON; written so, it is still this one and no other.
    name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")
    return Picture(name, path, mime_type, about.st_size) if mime_type else None


def _left_out(path: Path, error: OSError) -> None:
    show.remark(f"cannot read {path}: {error.strerror}; it is left out")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the input: bytes before and behind the base64 of a picture, if that stands in it."""

    head: bytes
    tail: bytes
    picture: Picture | None = None

    @property
    def size(self) -> int:
        """Its bytes, without having read the picture."""
        data = 0 if self.picture is None else (self.picture.size + 2) // 3 * 4
        return len(self.head) + data + len(self.tail)


def line(picture: Picture, prompt: str, uri: str = "") -> Line:
    """The question about one picture: inside, or in the File at `uri`."""
    marker = secrets.token_hex(16)  # no name and no question holds it
    data = {"mimeType": picture.mime_type, "data": marker}
    media = {"fileData": {"mimeType": picture.mime_type, "fileUri": uri}} if uri else {"inlineData": data}
    value = {"key": picture.name, "request": pictures.body([media, {"text": prompt}])}
    head, _, tail = (json.dumps(value, ensure_ascii=False).encode() + b"\n").partition(marker.encode())
    return Line(head, tail, None if uri else picture)


def parts(found: Sequence[Picture], prompt: str) -> Iterator[list[Picture]]:
    """The pictures of one job after the other."""
    part: list[Picture] = []
    size = 0
    for picture in found:
        length = line(picture, prompt).size if picture.size <= INLINE else HEAD
        if part and size + length > PART:
            yield part
            part, size = [], 0
        part.append(picture)
        size += length
    if part:
        yield part


async def written(lines: Sequence[Line]) -> AsyncGenerator[bytes, None]:
    """The input, its pictures read as they go out.  Raises PolluxError for one that is not as it was."""
    for item in lines:
        yield item.head + (b"" if item.picture is None else await asyncio.to_thread(_data, item.picture)) + item.tail


def _data(picture: Picture) -> bytes:
    try:
        data = picture.path.read_bytes()
    except OSError as error:
        raise PolluxError(f"cannot read {picture.path}: {error.strerror}; run the command again to go on") from None
    if len(data) != picture.size:
        raise PolluxError(f"{picture.path} changed while it was sent; run the command again to go on")
    return base64.b64encode(data)


def row(result: Json) -> Json:
    """A line of the captions for a line of the results."""
    error = result.get("error")
    if error is not None:
        message = re.sub(r"^Line \d+: ", "", error.get("message", ""))  # of an input that nobody sees
        return {"file": result["key"], "error": message}
    if text := pictures.text(result["response"]):
        return {"file": result["key"], "text": text}
    reason, message = pictures.end(result["response"])
    return {"file": result["key"], "error": f"there is no answer: {message or reason}"}
