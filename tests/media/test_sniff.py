"""The content decides what media is."""

import pytest

from pollux.media.handle import Kind
from pollux.media.sniff import kind_of, normal, sniff
from tests.media.samples import samples, variants

FTYP = b"\x00\x00\x00\x18ftyp"


@pytest.mark.parametrize("mime", samples())
@pytest.mark.parametrize("declared", ["", "image/png", "image/jpg", "application/octet-stream"])
def test_pictures(mime: str, declared: str) -> None:
    assert sniff(samples()[mime], declared) == mime


@pytest.mark.parametrize("name", variants())
def test_variants(name: str) -> None:
    assert sniff(variants()[name]) == "image/" + name.split()[0].replace("heif", "heic")


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\n\n%PDF-1.4\n", "application/pdf"),
        (FTYP + b"mp42\0\0\0\0isommp42", "video/mp4"),
        (FTYP + b"qt  \0\0\0\0qt  \0\0\0\0", "video/quicktime"),
        (FTYP + b"M4A \0\0\0\0M4A mp42", "audio/mp4"),
        (FTYP + b"3gp5\0\0\0\0isom3gp5", "video/3gpp"),
        (FTYP + b"mif1\0\0\0\0mif1miaf", "image/heif"),
        (FTYP + b"mif1\0\0\0\0mif1avif", "image/avif"),
        (FTYP + b"hevc\0\0\0\0msf1hevc", "image/heic"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"FORM\0\0\0\0AIFFCOMM", "audio/aiff"),
        (b"\x00\x00\x01\xba\x44\x00", "video/mpeg"),
        ((b"G" + b"\0" * 187) * 3, "video/mp2t"),
        (b"OggS\0\2" + b"\0" * 22 + b"\x01\x1eOpusHead", "audio/ogg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\xff\x0a\xfa\x1f", "image/jxl"),
        (b"PK\x03\x04", "application/zip"),
    ],
)
def test_other_media(data: bytes, mime: str) -> None:
    assert sniff(data, "image/png") == mime


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfeh\0i\0", b"BMW is a car maker, this is text", b"\x00" * 64])
def test_unknown_bytes_are_what_the_caller_says(data: bytes) -> None:
    assert sniff(data, "Text/Plain; charset=utf-8") == "text/plain"
    assert sniff(data) == ""


@pytest.mark.parametrize(
    ("mime", "kind"),
    [("image/jpg", "image"), ("application/pdf", "document"), ("video/MOV", "video"), ("audio/mp3", "audio"),
     ("text/csv", "text"), ("application/json", "text"), ("application/zip", None), ("", None)],
)  # fmt: skip
def test_kinds(mime: str, kind: Kind | None) -> None:
    assert kind_of(mime) == kind


def test_usual_names() -> None:
    assert normal(" IMAGE/JPG ;q=1") == "image/jpeg"
