"""Sizes, orientation and soundness, without decoding."""

import re
import struct
import subprocess
import sys

import pytest
from PIL import Image

from pollux.errors import InvalidArgument
from pollux.media.limits import MediaLimits
from pollux.media.picture import inspect
from pollux.media.sniff import sniff
from tests.media.samples import DATA, FIELD, LIMITS, drawing, png_chunk, samples, save, variants


def look(data: bytes) -> tuple[int, int, int]:
    return inspect(data, sniff(data), FIELD, LIMITS)


@pytest.mark.parametrize("mime", samples())
def test_size(mime: str) -> None:
    assert look(samples()[mime]) == (96, 64, 1)


@pytest.mark.parametrize("name", variants())
def test_size_of_variants(name: str) -> None:
    assert look(variants()[name]) == (96, 64, 1)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    size = (64, 96) if orientation >= 5 else (96, 64)
    assert look(save(drawing(), form, exif=exif)) == (*size, orientation)


@pytest.mark.parametrize("value", [0, 9, 60000])
def test_senseless_orientation_is_upright(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert look(save(drawing(), "JPEG", exif=exif)) == (96, 64, 1)


def test_heif_rotation_is_part_of_the_size() -> None:
    assert look((DATA / "turned.heic").read_bytes()) == (64, 96, 1)


@pytest.mark.parametrize("mime", samples())
@pytest.mark.parametrize("part", [1, 10, 25, 40, 49])
def test_truncated(mime: str, part: int) -> None:
    data = samples()[mime]
    with pytest.raises(InvalidArgument, match=re.escape(FIELD)) as caught:
        inspect(data[: len(data) * part // 50], mime, FIELD, LIMITS)
    assert caught.value.field == FIELD


def test_empty() -> None:
    with pytest.raises(InvalidArgument, match=r"inlineData: the picture is empty"):
        inspect(b"", "image/png", FIELD, LIMITS)


def test_unsupported() -> None:
    with pytest.raises(InvalidArgument, match=r"image/jxl is not supported\. Send one of image/png"):
        inspect(b"\xff\x0a", "image/jxl", FIELD, LIMITS)


@pytest.mark.parametrize(
    ("limits", "said"), [(MediaLimits(max_pixels=6143), "6,143"), (MediaLimits(max_side=95), "95")]
)
def test_too_large(limits: MediaLimits, said: str) -> None:
    with pytest.raises(InvalidArgument, match=rf"96 x 64 pixels.*{said}"):
        inspect(samples()["image/png"], "image/png", FIELD, limits)


def test_decompression_bomb() -> None:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", b"x" * 100) + png_chunk(b"IEND", b"")
    with pytest.raises(InvalidArgument, match="60,000 x 60,000 pixels, more than the 100,000,000 allowed"):
        look(bomb)


@pytest.mark.parametrize("tail", [b"", b"trailing", b"\x00" * 1000])
def test_bytes_behind_the_end_are_tolerated(tail: bytes) -> None:
    for mime in ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff"):
        assert look(samples()[mime] + tail) == (96, 64, 1)


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from pollux.media import picture, resolve, fetch;"
        "print([m for m in ('PIL', 'cv2', 'numpy', 'simplejpeg', 'pi_heif', 'httpx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
