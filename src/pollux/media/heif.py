"""Size and soundness of HEIF files (HEIC, HEIF, AVIF) from their boxes (ISO/IEC 14496-12 and 23008-12).

The sizes are those of the upright picture: rotation (irot) and, for HEVC pictures, the clean aperture (clap) are part
of decoding a HEIF file and decoders apply them, so the orientation left to apply is always 1.  EXIF orientation in a
HEIF file is a copy for information (23008-12, annex A) and is not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pollux.media.tiff import BrokenPictureError, Size

_MAX_BOXES = 10_000
_SIZED = frozenset({b"ispe", b"irot", b"clap"})


def measure_heif(data: bytes, *, crop: bool = True) -> Size:
    """Size of the primary picture.  `crop` applies the clean aperture: libheif does, libavif leaves it to viewers."""
    try:
        meta = None
        for name, start, end in _boxes(data, 0, len(data), top=True):
            if name == b"meta" and meta is None:
                meta = start + 4, end
        if meta is None:
            raise BrokenPictureError("the HEIF file has no still picture: its meta box is missing")
        return _primary(data, *meta, crop=crop)
    except (struct.error, IndexError):
        raise BrokenPictureError("the HEIF file is corrupt: a box is shorter than its contents") from None


def _boxes(data: bytes, start: int, end: int, *, top: bool = False) -> Iterator[tuple[bytes, int, int]]:
    """The boxes in data[start:end] as (type, start of body, end)."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            if top and start != end:
                raise BrokenPictureError(f"the HEIF file is truncated: it ends at byte {end:,} within a box")
            return
        size, name = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        stop = end if size == 0 else start + size
        if stop > end or stop < body:
            state = "truncated" if top and stop > end else "corrupt"
            raise BrokenPictureError(
                f"the HEIF file is {state}: the box at byte {start:,} does not fit in {end:,} bytes"
            )
        yield name, body, stop
        start = stop
    raise BrokenPictureError("the HEIF file is corrupt: it has too many boxes")


def _primary(data: bytes, start: int, end: int, *, crop: bool) -> Size:
    """Apply the primary item's properties in the order in which they are associated with it."""
    parts = {name: (body, stop) for name, body, stop in _boxes(data, start, end)}
    if b"pitm" not in parts or b"iprp" not in parts:
        raise BrokenPictureError("the HEIF file is corrupt: it names no primary picture")
    at = parts[b"pitm"][0]
    item = int.from_bytes(data[at + 4 : at + (8 if data[at] else 6)], "big")
    inner = list(_boxes(data, *parts[b"iprp"]))[:8]  # one ipco and a few ipma are all there should be
    properties = [box for name, body, stop in inner if name == b"ipco" for box in _boxes(data, body, stop)]
    indexes = [index for name, body, stop in inner if name == b"ipma" for index in _associated(data, body, item)]
    width = height = 0
    for index in indexes:
        if not 1 <= index <= len(properties):
            continue
        name, body, stop = properties[index - 1]
        if name in _SIZED and stop - body < (1 if name == b"irot" else 12):
            raise BrokenPictureError(f"the HEIF file is corrupt: its {name.decode()} box is too short")
        if name == b"ispe":
            width, height = struct.unpack_from(">II", data, body + 4)
        elif name == b"irot" and data[body] & 1:
            width, height = height, width
        elif name == b"clap" and crop:
            wide, per_wide, high, per_high = struct.unpack_from(">IIII", data, body)
            width = min(width, round(wide / (per_wide or 1)))
            height = min(height, round(high / (per_high or 1)))
    if not width or not height:
        raise BrokenPictureError("the HEIF file is corrupt: its primary picture has no size")
    return Size(width, height)


def _associated(data: bytes, at: int, item: int) -> list[int]:
    """The property indexes that the ipma box at `at` gives to `item`."""
    version, wide = data[at], data[at + 3] & 1
    (count,) = struct.unpack_from(">I", data, at + 4)
    at += 8
    for _ in range(min(count, _MAX_BOXES)):
        width = 4 if version else 2
        found = int.from_bytes(data[at : at + width], "big")
        number = data[at + width]
        at += width + 1
        if found == item:
            if wide:
                return [value & 0x7FFF for value in struct.unpack_from(f">{number}H", data, at)]
            return [value & 0x7F for value in struct.unpack_from(f">{number}B", data, at)]
        at += number * (2 if wide else 1)
    return []
