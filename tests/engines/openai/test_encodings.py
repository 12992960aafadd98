"""Every kind of picture: what the server gets decodes to the source's pixels, or is the source's own bytes."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from tests.engines.openai.kit import ask, encoded, part, picture, user
from tests.engines.openai.stub import saying

OK = saying("ok")
RGB = picture(64, 48)
Make = Callable[[], Image.Image]


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def with_alpha() -> Image.Image:
    return Image.fromarray(np.dstack([RGB, picture(64, 48, seed=1)[..., 0]]), "RGBA")


def deep() -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 65536, (48, 64), np.uint16))


def smooth() -> Image.Image:
    """What a lossy codec keeps well."""
    x, y = np.meshgrid(np.linspace(0, 255, 64), np.linspace(0, 255, 48))
    return Image.fromarray(np.stack([x, y, 255 - x], axis=2).astype(np.uint8))


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

# Promised byte for byte: a server that reads PNG and JPEG reads what the caller made.
AS_THEY_ARE: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: saved(Image.fromarray(RGB), "png"),
    "PNG, interlaced with a palette": lambda: saved(Image.fromarray(RGB).quantize(32), "png", bits=8),
    "PNG, grey": lambda: saved(Image.fromarray(RGB).convert("L"), "png"),
    "PNG, black and white": lambda: saved(Image.fromarray(RGB).convert("1"), "png"),
    "PNG with alpha": lambda: saved(with_alpha(), "png"),
    "PNG of 16 bits": lambda: saved(deep(), "png"),
    "PNG with a profile": lambda: saved(Image.fromarray(RGB), "png", icc_profile=SRGB),
    "JPEG": lambda: saved(Image.fromarray(RGB), "jpeg", quality=80),
    "JPEG, progressive": lambda: saved(Image.fromarray(RGB), "jpeg", progressive=True),
    "JPEG, grey": lambda: saved(Image.fromarray(RGB).convert("L"), "jpeg"),
    "JPEG in CMYK": lambda: saved(smooth().convert("CMYK"), "jpeg", quality=95),
}


@pytest.mark.parametrize("name", AS_THEY_ARE)
async def test_byte_for_byte(name: str) -> None:
    data = AS_THEY_ARE[name]()
    kind = "image/jpeg" if name.startswith("JPEG") else "image/png"
    _, seen = await ask(OK, body=user("before", part(data, kind), "after"))
    before, sent, after = seen[0].content()
    assert (before["text"], after["text"]) == ("before", "after")
    assert sent["image_url"]["url"] == f"data:{kind};base64,{base64.b64encode(data).decode()}"


def on_white(image: Image.Image) -> NDArray[np.uint8]:
    rgba = np.asarray(image.convert("RGBA"), np.float64)
    share = rgba[..., 3:] / 255
    return np.asarray(np.rint(rgba[..., :3] * share + 255 * (1 - share)), np.uint8)


# name: (bytes, pixels that the server must get, how far a value may be off)
REWRITTEN: dict[str, tuple[str, Callable[[], bytes], Callable[[bytes], NDArray[np.uint8]], int]] = {
    "WebP": ("webp", lambda: saved(smooth(), "webp", quality=80), lambda d: opened(d, "RGB"), 0),
    "WebP without loss": ("webp", lambda: saved(Image.fromarray(RGB), "webp", lossless=True), lambda _: RGB, 0),
    "WebP with alpha": (
        "webp",
        lambda: saved(with_alpha(), "webp", lossless=True, exact=True),
        lambda _: on_white(with_alpha()),
        1,
    ),
    "GIF": ("gif", lambda: saved(Image.fromarray(RGB).quantize(64), "gif"), lambda d: opened(d, "RGB"), 0),
    "GIF of two frames": (
        "gif",
        lambda: saved(smooth().quantize(64), "gif", save_all=True, append_images=[Image.new("P", (64, 48))]),
        lambda d: opened(d, "RGB"),
        0,
    ),
    "BMP": ("bmp", lambda: saved(Image.fromarray(RGB), "bmp"), lambda _: RGB, 0),
    "TIFF": ("tiff", lambda: saved(Image.fromarray(RGB), "tiff", compression="tiff_lzw"), lambda _: RGB, 0),
    "AVIF": ("avif", lambda: saved(smooth(), "avif", quality=90), lambda d: opened(d, "RGB"), 3),
}


def opened(data: bytes, mode: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert(mode), np.uint8)


@pytest.mark.parametrize("name", REWRITTEN)
async def test_the_same_pixels_in_a_kind_that_servers_read(name: str) -> None:
    kind, make, pixels, off = REWRITTEN[name]
    data = make()
    _, seen = await ask(OK, body=user(part(data, f"image/{kind}")))
    assert seen[0].content()[0]["image_url"]["url"].startswith("data:image/png;base64,")
    (got,) = seen[0].pictures()
    wanted = pixels(data)
    assert got.shape == wanted.shape
    assert np.abs(got.astype(int) - wanted.astype(int)).max() <= off


ALPHABETS: dict[str, Callable[[bytes], bytes]] = {"standard": base64.b64encode, "URL-safe": base64.urlsafe_b64encode}
BREAKS = {"none": 0, "64": 64, "76": 76}


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("breaks", BREAKS)
@pytest.mark.parametrize(("inline", "mime"), [("inlineData", "mimeType"), ("inline_data", "mime_type")])
@pytest.mark.parametrize("width", [50, 51, 52])
async def test_every_writing_of_base64_reaches_the_server_as_one(
    alphabet: str, padded: bool, breaks: str, inline: str, mime: str, width: int
) -> None:
    data = encoded(picture(width, 40, seed=width))
    text = ALPHABETS[alphabet](data).decode()
    text = text if padded else text.rstrip("=")
    every = BREAKS[breaks]
    if every:
        text = "\r\n".join(text[at : at + every] for at in range(0, len(text), every))
    _, seen = await ask(OK, body=user("What", {inline: {mime: "image/png", "data": text}}, "is it?"))
    _, sent, _ = seen[0].content()
    assert sent["image_url"]["url"] == f"data:image/png;base64,{base64.b64encode(data).decode()}"


def quarters(*colours: tuple[int, int, int]) -> Image.Image:
    tiles = np.asarray(colours, np.uint8).reshape(2, 2, 3)
    return Image.fromarray(np.repeat(np.repeat(tiles, 200, 0), 150, 1))


async def test_pages_show_what_is_on_them_in_order() -> None:
    red, green, blue, white = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
    pages = [(red, green, blue, white), (white, blue, green, red)]
    first, *others = [quarters(*page) for page in pages]
    data = saved(first, "pdf", save_all=True, append_images=others)
    _, seen = await ask(OK, body=user("Look:", part(data, "application/pdf"), "Well?"))
    found = seen[0].pictures()
    assert len(found) == 2
    for got, page in zip(found, pages, strict=True):
        rows, columns = got.shape[:2]
        middles = [got[rows * y // 4, columns * x // 4] for y in (1, 3) for x in (1, 3)]
        assert np.abs(np.asarray(middles, int) - np.asarray(page, int)).max() <= 8


async def test_a_kind_that_is_not_what_it_is_called_goes_under_its_own_name() -> None:
    data = encoded(RGB, "jpg")
    _, seen = await ask(OK, body=user(part(data, "image/png")))
    url = seen[0].content()[0]["image_url"]["url"]
    assert url == f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    assert json.dumps(seen[0].body).count("base64,") == 1
