"""TIFF directories: the size of a TIFF, and the orientation in everybody's EXIF (TIFF 6.0; CIPA DC-008, 4.6)."""

from __future__ import annotations

import struct
from typing import NamedTuple

WIDTH, HEIGHT, ORIENTATION = 256, 257, 274
STRIP_OFFSETS, STRIP_SIZES, TILE_OFFSETS, TILE_SIZES = 273, 279, 324, 325
_TYPES = {1: "B", 3: "H", 4: "I", 16: "Q"}
_MAX_ENTRIES = 4096
_MAX_VALUES = 65_536


class BrokenPictureError(ValueError):
    """A picture that is truncated, corrupt or of an unknown sort; the message is a clause ("the PNG is ...")."""


class Size(NamedTuple):
    """Stored width and height in pixels, and the EXIF orientation (1 to 8) that turns the picture upright."""

    width: int
    height: int
    orientation: int = 1


def exif_orientation(data: bytes, start: int, end: int) -> int:
    """Orientation in the EXIF block data[start:end]; 1 where it is absent or unreadable, for EXIF is only advice."""
    block = data[start:end].removeprefix(b"Exif\x00\x00")
    try:
        values = _directory(block, (ORIENTATION,)).get(ORIENTATION, (1,))
    except (BrokenPictureError, struct.error):
        return 1
    return values[0] if values and 1 <= values[0] <= 8 else 1


def measure_tiff(data: bytes) -> Size:
    """Size of a TIFF's first picture; its strips or tiles must lie within the file."""
    try:
        tags = _directory(
            data, (WIDTH, HEIGHT, ORIENTATION, STRIP_OFFSETS, STRIP_SIZES, TILE_OFFSETS, TILE_SIZES), whole=True
        )
    except struct.error:
        raise BrokenPictureError("the TIFF is truncated: its directory ends too early") from None
    if not tags.get(WIDTH) or not tags.get(HEIGHT):
        raise BrokenPictureError("the TIFF is corrupt: its directory names no width or height")
    offsets = tags.get(STRIP_OFFSETS) or tags.get(TILE_OFFSETS) or ()
    sizes = tags.get(STRIP_SIZES) or tags.get(TILE_SIZES) or ()
    if not offsets:
        raise BrokenPictureError("the TIFF is corrupt: it names no picture data")
    end = max(offset + size for offset, size in zip(offsets, sizes, strict=False)) if sizes else max(offsets)
    if end > len(data):
        raise BrokenPictureError(f"the TIFF is truncated: its data ends at byte {end:,} of {len(data):,}")
    orientation = (tags.get(ORIENTATION) or (1,))[0]
    return Size(tags[WIDTH][0], tags[HEIGHT][0], orientation if 1 <= orientation <= 8 else 1)


def _directory(data: bytes, wanted: tuple[int, ...], *, whole: bool = False) -> dict[int, tuple[int, ...]]:
    """The wanted tags of the first directory; only each tag's first value unless `whole`."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise BrokenPictureError("the TIFF is corrupt: its byte order is unknown")
    (version,) = struct.unpack_from(order + "H", data, 2)
    if version == 43:  # BigTIFF: everything is twice as wide
        (at,) = struct.unpack_from(order + "Q", data, 8)
        head, entry, room = struct.Struct(order + "Q"), struct.Struct(order + "HHQ8s"), 8
    else:
        (at,) = struct.unpack_from(order + "I", data, 4)
        head, entry, room = struct.Struct(order + "H"), struct.Struct(order + "HHI4s"), 4
    if at >= len(data):
        raise BrokenPictureError("the TIFF is truncated: its directory lies past the end")
    (count,) = head.unpack_from(data, at)
    found: dict[int, tuple[int, ...]] = {}
    for index in range(min(count, _MAX_ENTRIES)):
        tag, code, length, value = entry.unpack_from(data, at + head.size + index * entry.size)
        if tag in wanted and code in _TYPES:
            found[tag] = _values(data, order, _TYPES[code], length if whole else min(length, 1), value, room)
    return found


def _values(data: bytes, order: str, letter: str, length: int, value: bytes, room: int) -> tuple[int, ...]:
    """The values of one entry: inside it where they fit in `room` bytes, else at the offset that it holds."""
    width = struct.calcsize(order + letter)
    if length * width <= room:
        return struct.unpack_from(f"{order}{length}{letter}", value)
    (offset,) = struct.unpack_from(order + ("Q" if room == 8 else "I"), value)
    if offset + length * width > len(data):
        raise struct.error("values past the end")
    return struct.unpack_from(f"{order}{min(length, _MAX_VALUES)}{letter}", data, offset)
