"""PNG files: encoding, and the text chunks that say where a picture comes from (PNG specification, 11.3.3)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP = b"XML:com.adobe.xmp"
ISSUER = "Pollux-Issuer"
"""Keyword of the text chunk that names who signed the picture's thought."""
_AFTER_HEADER = len(SIGNATURE) + 25  # length, type, 13 bytes and checksum of IHDR
_MOST_TEXT = 4096
_MOST_CHUNKS = 64
"""Chunks before the pixels that are looked at: a file may hold a million empty ones."""


def encode(pixels: NDArray[np.uint8], texts: Mapping[str, str] | None = None, *, xmp: str = "") -> bytes:
    """(height, width, 3 or 4) uint8 RGB or RGBA as a PNG.

    `texts` (Latin-1) stand by keyword in chunks of their own, `xmp` in the one XMP has (XMP specification, part 3).
    """
    import cv2  # noqa: PLC0415 - heavy

    code = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    # Run lengths alone: as small as the level's own search on pictures with a watermark's noise, and faster
    # (bench/pictures.py).
    fast = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, code), fast)
    if not done:
        raise ValueError(f"a picture of shape {pixels.shape} cannot be encoded")
    made = data.tobytes()
    chunks = b"".join(
        _chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + text.encode("latin-1"))
        for keyword, text in (texts or {}).items()
    )
    if xmp:
        chunks += _chunk(b"iTXt", XMP + b"\0\0\0\0\0" + xmp.encode())
    return made[:_AFTER_HEADER] + chunks + made[_AFTER_HEADER:]


def texts(data: bytes) -> dict[str, str]:
    """The short text chunks among the first 64 before the pixels, by keyword; nothing for what is no PNG."""
    found: dict[str, str] = {}
    for kind, body in islice(_chunks(data), _MOST_CHUNKS):
        if kind == b"IDAT":
            break
        if kind == b"tEXt" and len(body) <= _MOST_TEXT:
            keyword, _, text = body.partition(b"\0")
            found[keyword.decode("latin-1")] = text.decode("latin-1")
    return found


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and body of each chunk; ends where the file is damaged."""
    at = len(SIGNATURE)
    while data.startswith(SIGNATURE) and at + 12 <= len(data):
        (length,), kind = struct.unpack_from(">I", data, at), data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            return
        yield kind, data[at + 8 : at + 8 + length] if kind == b"tEXt" else b""
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
