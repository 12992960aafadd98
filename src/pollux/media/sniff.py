"""What the bytes say they are, against what the caller says.  The content decides.

Signatures are those of each format's own specification (RFC 2083, ITU T.81, RFC 9649, ISO/IEC 14496-12 and 23008-12,
RFC 9559, RFC 3533, RFC 9639 and so on).
"""

from __future__ import annotations

from pollux.media.handle import Kind

PICTURES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/avif",
)
"""The pictures that can be read; the first five are the documented ones."""

_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/jfif": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "image/x-bmp": "image/bmp",
    "image/tif": "image/tiff",
    "image/heic-sequence": "image/heic",
    "image/heif-sequence": "image/heif",
    "application/x-pdf": "application/pdf",
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-aiff": "audio/aiff",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/mov": "video/quicktime",
    "video/avi": "video/x-msvideo",
    "video/mpg": "video/mpeg",
    "video/wmv": "video/x-ms-wmv",
    "video/3gp": "video/3gpp",
    "video/flv": "video/x-flv",
}

_PREFIXES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00\x08\x00", "image/tiff"),
    (b"MM\x00+\x00\x08", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"8BPS\x00", "image/vnd.adobe.photoshop"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"PK\x03\x04", "application/zip"),
)

_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF = {b"avif", b"avis"}
_TEXTUAL = {
    "application/json",
    "application/jsonl",
    "application/xml",
    "application/javascript",
    "application/x-javascript",
    "application/typescript",
    "application/x-python",
    "application/x-sh",
    "application/x-yaml",
    "application/yaml",
    "application/toml",
    "application/sql",
}


def normal(mime: str) -> str:
    """A MIME type in lower case, without parameters, under its usual name."""
    bare = mime.partition(";")[0].strip().lower()
    return _ALIASES.get(bare, bare)


def sniff(data: bytes, declared: str = "") -> str:
    """The MIME type of `data` by its content, or else `declared` (normalised; "" when neither tells)."""
    head = data[:4096]
    for prefix, mime in _PREFIXES:
        if head.startswith(prefix):
            return mime
    return _boxed(head) or _loose(data, head) or normal(declared)


def kind_of(mime: str) -> Kind | None:
    """What family a MIME type belongs to; None for those the API knows nothing of."""
    mime = normal(mime)
    if mime == "application/pdf":
        return "document"
    if mime in _TEXTUAL or (mime.startswith("application/") and mime.endswith(("+json", "+xml"))):
        return "text"
    family = mime.partition("/")[0]
    families: dict[str, Kind] = {"image": "image", "video": "video", "audio": "audio", "text": "text"}
    return families.get(family)


def _boxed(head: bytes) -> str:
    """Formats that name themselves a few bytes into the file."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    if head[4:8] == b"ftyp" and len(head) >= 12:
        return _by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide") and head[:2] == b"\x00\x00":
        return "video/quicktime"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in head else "audio/ogg"
    return ""


def _by_brand(head: bytes) -> str:
    """ISO base media: the major brand, then for generic picture brands the compatible ones."""
    major = head[8:12]
    size = min(int.from_bytes(head[:4], "big"), 512)
    brands = {head[at : at + 4] for at in range(16, size - 3, 4)} | {major}
    if major in _AVIF or (major not in _HEIC and brands & _AVIF):
        return "image/avif"
    if brands & _HEIC:
        return "image/heic"
    if brands & {b"mif1", b"msf1", b"mif2"}:
        return "image/heif"
    if major == b"qt  ":
        return "video/quicktime"
    if major[:3] in (b"3gp", b"3g2"):
        return "video/3gpp"
    if major in (b"M4A ", b"M4B ", b"F4A "):
        return "audio/mp4"
    return "video/mp4"


def _loose(data: bytes, head: bytes) -> str:
    """Formats with weak signatures, judged last."""
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head[:2] == b"BM" and len(head) >= 18 and head[14:18] in _DIB_SIZES:
        return "image/bmp"
    if len(data) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "video/mp2t"
    if len(head) >= 4 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "audio/mpeg" if _mpeg_audio(head) else ""


_DIB_SIZES = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}


def _mpeg_audio(head: bytes) -> bool:
    """A frame header of MPEG audio layer II or III (ISO/IEC 11172-3, 2.4.1.3); layer I would match UTF-16 text."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer in (1, 2) and head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3
