"""The shipped sample pictures are what their descriptions say."""

from __future__ import annotations

import html
import io
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageOps

from pollux import samples
from pollux.errors import NotFound

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "src" / "pollux" / "samples"
PHOTOGRAPHS = {"astronaut", "cat", "coffee"}


def upright(name: str) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(io.BytesIO(samples.read(name)))).convert("RGB")


@pytest.mark.parametrize("name", samples.names())
def test_decodes_as_declared(name: str) -> None:
    sample = samples.get(name)
    with Image.open(io.BytesIO(samples.read(name))) as image:
        image.load()
        assert image.get_format_mimetype() == sample.mime_type
        assert max(image.size) <= (1286 if name == "page" else 1024)
        assert set(image.getexif()) <= {0x0112}, "no camera, place or author in the file"
    assert sample.name == name
    assert sample.caption.endswith(".")
    assert sample.origin


def test_every_file_is_described_and_small() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in {".py", ".toml"} and path.is_file()}
    assert files == {samples.get(name).file for name in samples.names()}
    assert sum((FOLDER / file).stat().st_size for file in files) < 1_500_000


@pytest.mark.parametrize("name", samples.names())
def test_licences(name: str) -> None:
    sample = samples.get(name)
    assert (sample.licence == "Apache-2.0") is (name not in PHOTOGRAPHS)
    if name in PHOTOGRAPHS:
        assert sample.licence in {"CC0-1.0", "public domain"}
        assert sample.file in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(NotFound, match=r"no sample 'dog'.*astronaut, .*sign"):
        samples.read("dog")


@pytest.mark.parametrize(
    ("name", "form"), [("qr-code", zxingcpp.BarcodeFormat.QRCode), ("bar-code", zxingcpp.BarcodeFormat.EAN13)]
)
def test_codes_hold_their_text(name: str, form: zxingcpp.BarcodeFormat) -> None:
    (found,) = zxingcpp.read_barcodes(np.asarray(upright(name)))
    assert (found.text, found.format) == (samples.get(name).text, form)


def test_rotated_notice_is_stored_on_its_side() -> None:
    stored = Image.open(io.BytesIO(samples.read("rotated-notice")))
    assert stored.getexif()[0x0112] == 6
    assert (stored.size, upright("rotated-notice").size) == ((640, 480), (480, 640))


@pytest.mark.parametrize(("x", "strongest"), [(110, 0), (300, 2), (490, 1)], ids=["circle", "square", "triangle"])
def test_shapes_have_their_colours(x: int, strongest: int) -> None:
    image = np.asarray(upright("shapes"))
    assert int(image[150, x].argmax()) == strongest
    assert (image[[5, -5]] == 255).all()


def test_chart_bars_stand_in_proportion() -> None:
    rows = [line.split("  ") for line in samples.get("chart").text.splitlines() if "  " in line]
    pixels = np.asarray(upright("chart")).astype(int)
    blue = (pixels[..., 2] - pixels[..., 0] > 100).sum(axis=0)
    starts = np.flatnonzero((blue[1:] > 50) & (blue[:-1] <= 50)) + 1
    heights = [int(blue[start + 20]) for start in starts]
    expected = [int(value) / int(rows[0][1]) for _, value in rows]
    assert [height / heights[0] for height in heights] == pytest.approx(expected, rel=0.02)


def test_receipt_adds_up() -> None:
    amounts = dict(line.split("  ") for line in samples.get("receipt").text.splitlines() if "  " in line)
    items = [float(value) for item, value in amounts.items() if item[0].isdigit()]
    assert sum(items) == pytest.approx(float(amounts["Subtotal"]))
    assert float(amounts["Subtotal"]) + float(amounts["VAT 10%"]) == pytest.approx(float(amounts["TOTAL EUR"]))


def test_screenshot_text_is_in_its_page() -> None:
    markup = html.unescape((ROOT / "tools" / "samples" / "screenshot.html").read_text(encoding="utf-8"))
    assert [line for line in samples.get("screenshot").text.split("\n") if line not in markup] == []
