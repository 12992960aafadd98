"""Make the pictures of `pollux.samples`: draw ours from samples.toml, re-encode the photographs.

    python tools/make_samples.py                       # everything that is drawn
    python tools/make_samples.py chart sign            # some
    python tools/make_samples.py --photos DIR cat      # DIR: the folder skimage/data of scikit-image 0.26.0

The same versions of Pillow, zxing-cpp and Chromium give the same bytes: nothing here depends on the clock, and the
noise is seeded.  Fonts: DejaVu and Liberation (Debian: fonts-dejavu-core, fonts-liberation).  `page` and `screenshot`
need Chromium (Debian: chromium).  The shipped files were made with Pillow 13.0.0, NumPy 2.4.6, zxing-cpp 3.1.1 and
Chromium 156.0.8078.79.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import io
import shutil
import string
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from pollux import samples

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "pollux" / "samples"
DEJAVU = "/usr/share/fonts/truetype/dejavu"
JPEG_QUALITY = 88
SHARPEN_BY = 4  # edges of flat shapes are drawn this many times larger, then reduced

# File in skimage/data -> its SHA-256, so that only the pictures whose licences were read can come in.
PHOTOS = {
    "cat": ("chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"),
    "coffee": ("coffee.png", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7"),
    "astronaut": ("astronaut.png", "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"),
}

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
INK: Colour = (34, 38, 46)


class Pen(NamedTuple):
    """A canvas and the drawing tool on it."""

    image: Image.Image
    draw: ImageDraw.ImageDraw

    @classmethod
    def on(cls, size: tuple[int, int], background: Colour = WHITE) -> Pen:
        """A fresh canvas of `size` (width, height) in pixels."""
        image = Image.new("RGB", size, background)
        return cls(image, ImageDraw.Draw(image))


def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A DejaVu face ("Sans", "Sans-Bold", "SansMono") at `size` pixels, laid out by Pillow itself."""
    return ImageFont.truetype(f"{DEJAVU}/DejaVu{face}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def lines(name: str) -> list[str]:
    """The lines that the manifest says are on a sample."""
    return samples.get(name).text.strip().splitlines()


def png(image: Image.Image, colours: int = 256) -> bytes:
    """Encode as PNG: grey where the picture is grey, else a palette of at most `colours`, undithered."""
    grey = image.convert("L")
    if np.array_equal(np.asarray(grey.convert("RGB")), np.asarray(image.convert("RGB"))):
        small = grey.quantize(colours, dither=Image.Dither.NONE)
    else:
        small = image.convert("RGB").quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def jpeg(image: Image.Image, orientation: int | None = None) -> bytes:
    """Encode as JPEG, with an EXIF orientation (1 to 8) if given and no other metadata."""
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, exif=exif.tobytes() if orientation else b"")
    return out.getvalue()


# --- drawn with Pillow ---


def draw_shapes() -> bytes:
    """A red circle, a blue square and a green triangle on white, 600 x 260."""
    k = SHARPEN_BY
    pen = Pen.on((600 * k, 260 * k))
    pen.draw.ellipse((40 * k, 60 * k, 180 * k, 200 * k), fill=(220, 20, 30))
    pen.draw.rectangle((230 * k, 60 * k, 370 * k, 200 * k), fill=(25, 70, 210))
    pen.draw.polygon([(490 * k, 60 * k), (565 * k, 200 * k), (415 * k, 200 * k)], fill=(20, 150, 60))
    return png(pen.image.resize((600, 260), Image.Resampling.LANCZOS), 64)


def draw_receipt() -> bytes:
    """A narrow slip of paper on a grey table: centred head and foot, items left, amounts right."""
    width, pitch, margin = 460, 34, 34
    rows = lines("receipt")
    height = 2 * margin + pitch * (len(rows) + 2)
    pen = Pen.on((width + 60, height + 60), (168, 170, 174))
    pen.draw.rectangle((30, 30, 29 + width, 29 + height), fill=(252, 251, 247))
    left, right, y = 30 + margin, 30 + width - margin, 30 + margin
    for number, row in enumerate(rows):
        face = font(
            "SansMono-Bold" if row.startswith("TOTAL") or number == 0 else "SansMono", 28 if number == 0 else 19
        )
        item, _, amount = row.partition("  ")
        if row.startswith(("2 ", "Subtotal", "Thank")):
            pen.draw.line((left, y + 8, right, y + 8), fill=(120, 120, 120), width=1)
            y += pitch * 2 // 3
        if amount:
            pen.draw.text((left, y), item, INK, face)
            pen.draw.text((right, y), amount, INK, face, anchor="ra")
        else:
            pen.draw.text(((left + right) // 2, y), row, INK, face, anchor="ma")
        y += pitch + (10 if number == 0 else 0)
    return png(pen.image, 32)


def draw_chart() -> bytes:
    """Blue bars from zero, with a grid, the value above each bar and both axes named; 800 x 520."""
    title, y_name, *rows, x_name = lines("chart")
    left, right, top, bottom, most, step = 100, 770, 80, 430, 1400, 200
    pen = Pen.on((800, 520))
    pen.draw.text((400, 20), title, INK, font("Sans-Bold", 26), anchor="ma")
    for value in range(0, most + 1, step):
        y = bottom - (bottom - top) * value // most
        pen.draw.line((left, y, right, y), fill=(221, 224, 229))
        pen.draw.text((left - 10, y), str(value), INK, font("Sans", 15), anchor="rm")
    slot = (right - left) / len(rows)
    for number, row in enumerate(rows):
        month, _, value_text = row.partition("  ")
        centre = left + slot * (number + 0.5)
        head = round(bottom - (bottom - top) * int(value_text) / most)
        pen.draw.rectangle((round(centre - 34), head, round(centre + 34), bottom), fill=(51, 102, 204))
        pen.draw.text((centre, head - 6), value_text, INK, font("Sans", 17), anchor="md")
        pen.draw.text((centre, bottom + 10), month, INK, font("Sans", 17), anchor="ma")
    pen.draw.line((left, top, left, bottom, right, bottom), fill=INK, width=2)
    pen.draw.text(((left + right) // 2, 474), x_name, INK, font("Sans", 17), anchor="ma")
    upright = Pen.on((300, 28))
    upright.draw.text((150, 14), y_name, INK, font("Sans", 17), anchor="mm")
    pen.image.paste(upright.image.rotate(90, expand=True), (12, (top + bottom) // 2 - 150))
    return png(pen.image, 32)


def draw_rotated_notice() -> bytes:
    """A portrait notice, 480 x 640 upright, stored turned a quarter to the left with EXIF orientation 6."""
    head, second, *rows = lines("rotated-notice")
    pen = Pen.on((480, 640), (250, 226, 130))
    pen.draw.rectangle((14, 14, 465, 625), outline=(90, 60, 10), width=4)
    pen.draw.text((240, 60), head, (90, 30, 10), font("Sans-Bold", 46), anchor="ma")
    pen.draw.text((240, 140), second, INK, font("Sans", 36), anchor="ma")
    for number, row in enumerate(rows):
        # Days and hours come in pairs, so a gap follows every second line.
        y = 230 + 58 * number + 28 * (number // 2)
        pen.draw.text((240, y), row, INK, font("Sans-Bold" if number % 2 else "Sans", 34), anchor="ma")
    return jpeg(pen.image.transpose(Image.Transpose.ROTATE_90), orientation=6)


def draw_sign() -> bytes:
    """The sign on its post before a blurred street, 720 x 540, with a camera's perspective, shade, blur and noise."""
    rng = np.random.default_rng(8)
    plate = Pen.on((640, 420), (246, 246, 242))
    plate.draw.rounded_rectangle((12, 12, 627, 407), 26, outline=(190, 24, 32), width=14)
    for row, y, size in zip(lines("sign"), (112, 224, 322), (74, 70, 58), strict=True):
        plate.draw.text((320, y), row, (190, 24, 32), font("Sans-Bold", size), anchor="mm")

    scene = street(rng)
    corners = [(128.0, 96.0), (592.0, 52.0), (606.0, 392.0), (116.0, 356.0)]
    warped = warp(plate.image, corners, scene.size)
    scene.paste(warped, (0, 0), warp(Image.new("L", plate.image.size, 255), corners, scene.size))

    # Light falls from the upper left; the sensor adds a little noise to every channel.
    pixels = np.asarray(scene.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    rows, columns = np.mgrid[0:540, 0:720]
    shade = 1.04 - 0.16 * (columns / 720 + rows / 540) / 2
    noisy = pixels * shade[..., None] + rng.normal(0, 4.0, pixels.shape)
    return jpeg(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))


def street(rng: np.random.Generator) -> Image.Image:
    """A street out of focus: sky, foliage, pavement and a metal post, 720 x 540."""
    pen = Pen.on((720, 540), (176, 203, 226))
    for _ in range(500):
        x, y, r = rng.uniform(-40, 760), rng.normal(260, 70), rng.uniform(10, 34)
        green = rng.integers(70, 140)
        pen.draw.ellipse((x - r, y - r, x + r, y + r), fill=(int(green * 0.6), int(green), int(green * 0.45)))
    pen.draw.rectangle((0, 420, 720, 540), fill=(128, 126, 122))
    blurred = pen.image.filter(ImageFilter.GaussianBlur(9))
    ImageDraw.Draw(blurred).rectangle((348, 60, 372, 540), fill=(118, 122, 126))
    return blurred


def warp(image: Image.Image, corners: list[tuple[float, float]], size: tuple[int, int]) -> Image.Image:
    """`image` put on `corners` of a black canvas of `size`: drawn twice too large, then reduced, for clean edges."""
    double = [(2 * x, 2 * y) for x, y in corners]
    large = image.transform(
        (2 * size[0], 2 * size[1]),
        Image.Transform.PERSPECTIVE,
        perspective(double, image.size),
        Image.Resampling.BICUBIC,
    )
    return large.resize(size, Image.Resampling.LANCZOS)


def perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """The eight numbers Pillow wants, so that a picture of `size` lands on `corners` (from upper left, clockwise).

    Pillow maps output (x, y) to input ((ax + by + c) / (gx + hy + 1), (dx + ey + f) / (gx + hy + 1)).
    """
    width, height = size
    equations, known = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        known += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(equations), np.array(known))]


# --- written by zxing-cpp ---


def write_code(name: str, form: zxingcpp.BarcodeFormat, *, digits: bool) -> bytes:
    """The code of the sample's text on a white margin; eight (QR) or three pixels a module."""
    code = zxingcpp.create_barcode(samples.get(name).text, form)
    image = Image.fromarray(np.asarray(code.to_image(scale=3 if digits else 8, add_hrt=digits)))
    return png(ImageOps.expand(image, 24, 255).convert("RGB"), 8)


# --- rendered by Chromium ---


def render(markup: str, size: tuple[int, int]) -> Image.Image:
    """A page as headless Chromium shows it, cut to `size` (width, height) in pixels."""
    width, height = size
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(markup, encoding="utf-8")
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
        look = ["--hide-scrollbars", "--force-device-scale-factor=1", "--disable-lcd-text", "--disable-gpu"]
        subprocess.run(
            [
                shutil.which("chromium") or "chromium",
                *("--headless", "--no-sandbox", "--no-first-run", *quiet, *look),
                *(f"--user-data-dir={folder}/profile", f"--window-size={width},{height + 200}"),
                *(f"--screenshot={shot}", page.as_uri()),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return Image.open(shot).convert("RGB").crop((0, 0, width, height))


def render_page() -> bytes:
    """The page of text; a line that does not end a sentence is a heading."""
    title, lead, *rest = (html.escape(line) for line in lines("page"))
    body = "".join(f"<p>{line}</p>" if line.endswith(".") else f"<h2>{line}</h2>" for line in rest)
    template = string.Template((HERE / "samples" / "page.html").read_text(encoding="utf-8"))
    return png(render(template.substitute(title=title, lead=lead, body=body), (910, 1286)), 16)


def render_screenshot() -> bytes:
    """The settings page, 1024 x 680."""
    return png(render((HERE / "samples" / "screenshot.html").read_text(encoding="utf-8"), (1024, 680)), 64)


# --- photographs ---


def encode_photo(name: str, folder: Path) -> bytes:
    """One of scikit-image's photographs as JPEG, at most 640 pixels a side."""
    file, digest = PHOTOS[name]
    data = (folder / file).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise SystemExit(f"{folder / file} is not the {file} of scikit-image 0.26.0.")
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.thumbnail((640, 640), Image.Resampling.LANCZOS)
    return jpeg(image)


MAKERS: dict[str, Callable[[], bytes]] = {
    "bar-code": lambda: write_code("bar-code", zxingcpp.BarcodeFormat.EAN13, digits=True),
    "chart": draw_chart,
    "page": render_page,
    "qr-code": lambda: write_code("qr-code", zxingcpp.BarcodeFormat.QRCode, digits=False),
    "receipt": draw_receipt,
    "rotated-notice": draw_rotated_notice,
    "screenshot": render_screenshot,
    "shapes": draw_shapes,
    "sign": draw_sign,
}


def main() -> None:
    """Write the pictures asked for and say which changed."""
    parser = argparse.ArgumentParser(description="Make the sample pictures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join([*MAKERS, *PHOTOS])}")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="the folder skimage/data of scikit-image 0.26.0")
    options = parser.parse_args()
    for name in options.names or [*MAKERS, *(PHOTOS if options.photos else [])]:
        if name in PHOTOS and options.photos is None:
            parser.error(f"{name} is a photograph: give --photos DIR")
        data = encode_photo(name, options.photos) if name in PHOTOS else MAKERS[name]()
        path = TARGET / samples.get(name).file
        same = path.exists() and path.read_bytes() == data
        path.write_bytes(data)
        print(f"{name:16} {len(data):>8,} bytes  {'same' if same else 'written'}")


if __name__ == "__main__":
    main()
