"""Decoding to upright RGB."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps

from pollux.errors import InvalidArgument
from pollux.media.picture import decode, encode_png
from tests.media.samples import BLUE, DATA, FIELD, PAPER, RED, corners, drawing, media, noise, samples, save, variants

UPRIGHT = [RED, PAPER, PAPER, BLUE]


@pytest.mark.parametrize("name", [*samples(), *variants()])
def test_colours(name: str) -> None:
    data = samples().get(name) or variants()[name]
    rgb = decode(media(data))
    assert (rgb.shape, rgb.dtype.name, rgb.flags.c_contiguous) == ((64, 96, 3), "uint8", True)
    wanted = np.array(corners(np.asarray(drawing().convert("L").convert("RGB"))) if "grey" in name else UPRIGHT)
    assert np.abs(np.array(corners(rgb)) - wanted).max() <= 12


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("max_side", [None, 48])
def test_orientation_is_applied_once(form: str, orientation: int, max_side: int | None) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = media(save(drawing(), form, exif=exif, quality=95))
    rgb = decode(picture, max_side)
    with_exif = drawing()
    with_exif.getexif()[0x0112] = orientation
    wanted = np.asarray(ImageOps.exif_transpose(with_exif))
    assert rgb.shape[:2] == tuple(side // (2 if max_side else 1) for side in (picture.height, picture.width))
    assert np.abs(np.array(corners(rgb)) - np.array(corners(wanted))).max() <= 16


def test_heif_is_turned_once() -> None:
    rgb = decode(media((DATA / "turned.heic").read_bytes()))
    assert rgb.shape == (96, 64, 3)
    assert np.abs(np.array(corners(rgb)) - np.array([PAPER, RED, BLUE, PAPER])).max() <= 12


def test_alpha_lies_on_white() -> None:
    image = drawing().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 128))
    for form in ("PNG", "WEBP", "AVIF", "TIFF"):
        rgb = decode(media(save(image, form, quality=95)))
        assert np.abs(rgb[5, 5].astype(int) - (np.array(RED) + 255) // 2).max() <= 12, form


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("max_side", "least"), [(704, 704), (512, 448), (97, 85), (2000, 704)])
def test_max_side(form: str, max_side: int, least: int) -> None:
    image = noise(704, 304)
    rgb = decode(media(save(image, form)), max_side)
    assert least <= max(rgb.shape) <= min(max_side, 704)
    assert abs(rgb.shape[1] / rgb.shape[0] - 704 / 304) < 0.1
    small = np.asarray(image.resize(rgb.shape[1::-1], Image.Resampling.BOX), dtype=int)
    assert np.abs(small - rgb).mean() < 6


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.95, 0.995])
def test_jpeg_that_ends_early_is_not_half_grey(mode: str, progressive: bool, kept: float) -> None:
    data = save(noise(320, 240).convert(mode), "JPEG", progressive=progressive)
    cut = data[: int(len(data) * kept)] + b"\xff\xd9"
    with pytest.raises(InvalidArgument, match=r"inlineData: the JPEG is truncated or corrupt"):
        decode(media(cut), 100)


def test_progressive_jpeg_with_endless_scans() -> None:
    data = save(noise(64, 64), "JPEG", progressive=True)
    scan = data.rindex(b"\xff\xda")
    with pytest.raises(InvalidArgument, match="more than 200 scans"):
        decode(media(data[:scan] + data[scan:-2] * 300 + data[-2:]))


def test_cmyk_is_as_pillow_reads_it() -> None:
    data = save(noise(320, 240).convert("CMYK"), "JPEG", quality=95)
    wanted = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)
    assert np.abs(decode(media(data)) - wanted).max() <= 2


def test_jpeg_with_a_few_stray_bytes_is_read() -> None:
    data = save(drawing(), "JPEG", quality=90)
    assert corners(decode(media(data[:-2] + b"\0\0\0" + data[-2:]))) == corners(decode(media(data)))


def test_png_sum_names_the_chunk() -> None:
    data = bytearray(samples()["image/png"])
    data[data.index(b"IDAT") + 20] ^= 1
    with pytest.raises(InvalidArgument, match="check sum of its IDAT chunk"):
        decode(media(bytes(data)))


def test_a_picture_larger_than_its_header_says_is_refused() -> None:
    picture = replace(media(save(noise(200, 200), "PNG")), width=20, height=20)
    with pytest.raises(InvalidArgument, match="contradicts itself: 200 x 200") as caught:
        decode(picture)
    assert caught.value.field == FIELD


def test_many_threads_at_once() -> None:
    pictures = [media(data) for data in {**samples(), **variants()}.values()]
    alone = [decode(picture, 50) for picture in pictures]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda picture: decode(picture, 50), pictures * 4))
    assert all(np.array_equal(alone[at % len(alone)], rgb) for at, rgb in enumerate(together))


def test_png_round_trip() -> None:
    rgb = np.asarray(noise(50, 40))
    assert (decode(media(encode_png(rgb))) == rgb).all()
