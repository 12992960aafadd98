"""Size, orientation and soundness of PNG, JPEG, WebP, GIF and BMP from their structure alone, in microseconds.

Nothing is decoded: each function walks the headers, checks that the declared lengths fit and that the end is there,
and raises BrokenPictureError otherwise.  Walks are bounded: a hostile file of a million tiny chunks costs little.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from pollux.media.tiff import BrokenPictureError, Size, exif_orientation

_MAX_STEPS = 20_000
_MAX_SCANS = 200  # a progressive JPEG needs about 10; each more is another pass over the whole picture
_CHUNK = struct.Struct(">I4s")
_PNG_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


def measure_png(data: bytes) -> Size:
    """Walk the chunks from IHDR (whose CRC is checked) to IEND (RFC 2083; the third edition adds eXIf)."""
    if len(data) < 33:
        raise BrokenPictureError("the PNG is truncated: its header ends too early")
    length, name, width, height, depth, colour, packing, filtering, lacing, crc = struct.unpack_from(
        ">I4sIIBBBBBI", data, 8
    )
    if name != b"IHDR" or length != 13 or zlib.crc32(data[12:29]) != crc:
        raise BrokenPictureError("the PNG is corrupt: its IHDR chunk does not check")
    if depth not in _PNG_DEPTHS.get(colour, ()) or packing or filtering or lacing > 1:
        raise BrokenPictureError("the PNG is corrupt: its IHDR chunk holds impossible values")
    at, pixels, orientation, total = 33, False, 0, len(data)
    for _ in range(_MAX_STEPS):
        if at + 12 > total:
            raise BrokenPictureError(f"the PNG is truncated: it ends at byte {total:,} before its IEND chunk")
        length, name = _CHUNK.unpack_from(data, at)
        end = at + 12 + length
        if end > total or not name.isalpha():
            state = "truncated" if name.isalpha() else "corrupt"
            raise BrokenPictureError(f"the PNG is {state}: the chunk at byte {at:,} runs past byte {total:,}")
        if name == b"IDAT":
            pixels = True
        elif name == b"eXIf" and not orientation:
            orientation = exif_orientation(data, at + 8, end - 4)
        elif name == b"IEND":
            if not pixels:
                raise BrokenPictureError("the PNG is corrupt: it has no picture data (IDAT)")
            return Size(width, height, orientation or 1)
        at = end
    if data.rfind(b"IEND\xaeB`\x82") < at:
        raise BrokenPictureError("the PNG is truncated: it has no IEND chunk")
    return Size(width, height, orientation or 1)


def check_png_sums(data: bytes) -> None:
    """Check the CRC of every critical chunk of a PNG that `measure_png` passed (about 1 ms a megabyte)."""
    at, view = 8, memoryview(data)
    while at + 12 <= len(data):
        length, name = _CHUNK.unpack_from(data, at)
        end = at + 12 + length
        if end > len(data):
            raise BrokenPictureError(f"the PNG is truncated: the chunk at byte {at:,} runs past the end")
        if name[:1].isupper() and zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise BrokenPictureError(
                f"the PNG is corrupt: the check sum of its {name.decode('ascii', 'replace')} chunk "
                f"at byte {at:,} is wrong"
            )
        if name == b"IEND":
            return
        at = end


class _JpegHead(NamedTuple):
    size: Size
    progressive: bool
    scan: int  # where the first scan begins


def measure_jpeg(data: bytes) -> Size:
    """Walk the segments from SOI to the first scan, then look for EOI from the end (ITU T.81, annex B).

    What follows EOI is tolerated: cameras append further pictures and clips there.
    """
    head = _jpeg_head(data)
    if data.rfind(b"\xff\xd9", head.scan) < 0:
        raise BrokenPictureError(f"the JPEG is truncated: it ends at byte {len(data):,} without its end marker")
    return head.size


def check_jpeg_scans(data: bytes) -> None:
    """Refuse a progressive JPEG of very many scans, each another pass over the picture (about 1 ms a megabyte)."""
    head = _jpeg_head(data)
    if head.progressive and data.count(b"\xff\xda", head.scan) > _MAX_SCANS:
        raise BrokenPictureError(f"the JPEG has more than {_MAX_SCANS} scans, which no camera writes")


def _jpeg_head(data: bytes) -> _JpegHead:
    at, size, orientation, progressive = 2, None, 0, False
    for _ in range(_MAX_STEPS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data):
            raise BrokenPictureError("the JPEG is truncated: it ends within its headers")
        marker = data[at + 1]
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:  # stuffing, fill and markers without a length
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xD9 or end > len(data) or end < at + 4:
            state = "corrupt" if marker == 0xD9 or end < at + 4 else "truncated"
            raise BrokenPictureError(
                f"the JPEG is {state}: the segment at byte {at:,} does not fit in {len(data):,} bytes"
            )
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if end < at + 10:
                raise BrokenPictureError("the JPEG is corrupt: its frame header is too short")
            size = struct.unpack_from(">HH", data, at + 5)
            progressive = marker in (0xC2, 0xC6, 0xCA, 0xCE)
        elif marker == 0xE1 and not orientation and data.startswith(b"Exif\x00\x00", at + 4):
            orientation = exif_orientation(data, at + 4, end)
        elif marker == 0xDA:
            break
        at = end
    else:
        raise BrokenPictureError("the JPEG is corrupt: it has no scan among its first segments")
    if size is None:
        raise BrokenPictureError("the JPEG is corrupt: its scan comes before its frame header")
    return _JpegHead(Size(size[1], size[0], orientation or 1), progressive, at)


def measure_webp(data: bytes) -> Size:
    """Walk the RIFF chunks: VP8X's canvas, or the frame header of a simple file (RFC 9649)."""
    if len(data) < 20:
        raise BrokenPictureError("the WebP is truncated: its header ends too early")
    stated = int.from_bytes(data[4:8], "little") + 8
    if stated > len(data):
        raise BrokenPictureError(f"the WebP is truncated: {len(data):,} bytes of the {stated:,} that its header states")
    at, canvas, frame, orientation = 12, None, None, 0
    for _ in range(_MAX_STEPS):
        if at + 8 > stated:
            break
        name, body = data[at : at + 4], at + 8
        end = body + int.from_bytes(data[at + 4 : body], "little")
        if end > stated:
            raise BrokenPictureError(f"the WebP is truncated: the chunk at byte {at:,} runs past byte {stated:,}")
        if name == b"VP8X" and end - body >= 10:
            canvas = (1 + _int24(data, body + 4), 1 + _int24(data, body + 7))
        elif name in (b"VP8 ", b"VP8L") and frame is None:
            frame = _webp_frame(data, name, body, end)
        elif name == b"ANMF" and frame is None and end - body >= 16:
            frame = (1 + _int24(data, body + 6), 1 + _int24(data, body + 9))
        elif name == b"EXIF" and not orientation:
            orientation = exif_orientation(data, body, end)
        at = end + (end & 1)
        if frame and canvas is None:
            break
    if frame is None:
        raise BrokenPictureError("the WebP is corrupt: it has no picture chunk")
    return Size(*(canvas or frame), orientation or 1)


def _webp_frame(data: bytes, name: bytes, body: int, end: int) -> tuple[int, int]:
    """Size from a VP8 key frame header (RFC 6386, 9.1) or a VP8L header (RFC 9649, 3.4)."""
    if name == b"VP8L" and end - body >= 5 and data[body] == 0x2F:
        bits = int.from_bytes(data[body + 1 : body + 5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 " and end - body >= 10 and data[body + 3 : body + 6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, body + 6)
        return width & 0x3FFF, height & 0x3FFF
    raise BrokenPictureError("the WebP is corrupt: its picture chunk has no valid header")


def _int24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


def measure_gif(data: bytes) -> Size:
    """The logical screen, widened by the first frame where that is larger; the trailer must be there (GIF89a)."""
    if len(data) < 14:
        raise BrokenPictureError("the GIF is truncated: its header ends too early")
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at, inside = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0), False
    for _ in range(_MAX_STEPS):
        mark = data[at : at + 1]
        if inside:  # the sub-blocks of an extension, up to an empty one
            inside = bool(mark and mark[0])
            at += 1 + (mark[0] if mark else 0)
        elif mark == b"," and at + 10 <= len(data):
            x, y, w, h = struct.unpack_from("<HHHH", data, at + 1)
            break
        elif mark == b"!":
            inside, at = True, at + 2
        else:
            state = "truncated" if at >= len(data) or mark == b"," else "corrupt"
            raise BrokenPictureError(f"the GIF is {state}: no picture is found at byte {at:,}")
    else:
        raise BrokenPictureError("the GIF is corrupt: it has no picture among its first blocks")
    if not data.rstrip(b"\x00").endswith(b";"):
        raise BrokenPictureError(f"the GIF is truncated: it ends at byte {len(data):,} without its trailer")
    return Size(max(width, x + w), max(height, y + h))


def measure_bmp(data: bytes) -> Size:
    """The bitmap header, and that the rows it promises are there."""
    if len(data) < 26:
        raise BrokenPictureError("the BMP is truncated: its header ends too early")
    offset, header = struct.unpack_from("<II", data, 10)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        packing = 0
    elif len(data) >= 54:
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
    else:
        raise BrokenPictureError("the BMP is truncated: its header ends too early")
    if bits not in (1, 2, 4, 8, 16, 24, 32) or width <= 0 or height == 0:
        raise BrokenPictureError("the BMP is corrupt: its header holds impossible values")
    height = abs(height)  # negative: rows run from the top
    rows = (width * bits + 31) // 32 * 4 * height if packing in (0, 3, 6) else 1
    if offset + rows > len(data):
        raise BrokenPictureError(f"the BMP is truncated: {len(data):,} bytes of {offset + rows:,}")
    return Size(width, height)
