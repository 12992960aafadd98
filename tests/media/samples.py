"""One small picture, drawn here, in every format.

`data/upright.heic` and `data/turned.heic` hold the same drawing, 96 x 64: written once with pillow-heif 1.8.1 (quality
70); into the second an irot property of 270 degrees was put by hand, so that it decodes to 64 x 96.
"""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.resolve import judge

DATA = Path(__file__).parent / "data"
FIELD = "contents[0].parts[1].inlineData"
LIMITS = MediaLimits()
RED, BLUE, GREEN, PAPER = (220, 30, 30), (30, 60, 210), (20, 160, 60), (240, 240, 240)


def drawing(width: int = 96, height: int = 64) -> Image.Image:
    """Red at the upper left, blue at the lower right, a green disc at the upper right, light paper."""
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=RED)
    draw.rectangle((width // 2, height // 2, width - 1, height - 1), fill=BLUE)
    draw.ellipse((width * 7 // 12, height // 16, width * 11 // 12, height * 7 // 16), fill=GREEN)
    return image


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """A picture that compresses badly, as photographs do."""
    rng = np.random.default_rng(seed)
    rough = Image.fromarray(rng.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8))
    fine = rng.integers(-6, 7, (height, width, 3))
    smooth = np.asarray(rough.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    return Image.fromarray(np.clip(smooth + fine, 0, 255).astype(np.uint8))


def save(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@cache
def samples() -> dict[str, bytes]:
    image = drawing()
    return {
        "image/png": save(image, "PNG"),
        "image/jpeg": save(image, "JPEG", quality=90),
        "image/webp": save(image, "WEBP", quality=90),
        "image/gif": save(image, "GIF"),
        "image/bmp": save(image, "BMP"),
        "image/tiff": save(image, "TIFF"),
        "image/avif": save(image, "AVIF", quality=80),
        "image/heic": (DATA / "upright.heic").read_bytes(),
    }


@cache
def variants() -> dict[str, bytes]:
    """The same drawing through each format's other ways."""
    image = drawing()
    return {
        "jpeg progressive": save(image, "JPEG", quality=90, progressive=True),
        "jpeg grey": save(image.convert("L"), "JPEG", quality=90),
        "jpeg cmyk": save(image.convert("CMYK"), "JPEG", quality=95),
        "jpeg with a clip behind": save(image, "JPEG", quality=90) + b"\x00\x00\x00\x18ftypmp42" * 400,
        "png palette": save(image.quantize(16), "PNG"),
        "png grey": save(image.convert("L"), "PNG"),
        "png alpha": save(image.convert("RGBA"), "PNG"),
        "png 16 bit grey": save(Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257), "PNG"),
        "webp lossless": save(image, "WEBP", lossless=True),
        "webp animated": save(image, "WEBP", save_all=True, append_images=[drawing().rotate(180)]),
        "gif animated": save(image, "GIF", save_all=True, append_images=[drawing().rotate(180)]),
        "tiff lzw": save(image, "TIFF", compression="tiff_lzw"),
        "tiff jpeg": save(image, "TIFF", compression="jpeg"),
        "bmp palette": save(image.quantize(16), "BMP"),
        "heif by another brand": samples()["image/heic"].replace(b"ftypheic", b"ftypmif1"),
    }


def media(data: bytes) -> Media:
    return judge(data, "", FIELD, LIMITS)


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def corners(rgb: NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """The colours a little inside the four corners: upper left, upper right, lower left, lower right."""
    return [tuple(int(v) for v in rgb[y, x]) for y in (3, -4) for x in (3, -4)]
