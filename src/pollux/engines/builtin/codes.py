"""QR codes, bar codes and their kin, decoded by zxing-cpp."""

from __future__ import annotations

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Code

# What people call the formats whose usual name is not zxing's.
_SAID = {
    "QRCode": "QR code",
    "QRCodeModel1": "QR code",
    "QRCodeModel2": "QR code",
    "MicroQRCode": "Micro QR code",
    "RMQRCode": "rMQR code",
    "Aztec": "Aztec code",
    "AztecCode": "Aztec code",
    "AztecRune": "Aztec code",
    "DataMatrix": "Data Matrix code",
    "PDF417": "PDF417 code",
    "CompactPDF417": "PDF417 code",
    "MaxiCode": "MaxiCode",
    "EAN13": "EAN-13",
    "EAN8": "EAN-8",
    "ISBN": "ISBN (EAN-13)",
    "UPCA": "UPC-A",
    "UPCE": "UPC-E",
    "Code39": "Code 39",
    "Code93": "Code 93",
    "Code128": "Code 128",
    "Codabar": "Codabar",
    "ITF": "ITF",
    "ITF14": "ITF-14",
    "DataBar": "GS1 DataBar",
}


def codes(picture: Pixels) -> tuple[Code, ...]:
    """Every code that could be decoded in an RGB picture, from the top left."""
    import zxingcpp  # noqa: PLC0415

    height, width = picture.shape[:2]
    found: list[Code] = []
    for result in zxingcpp.read_barcodes(picture):
        place = result.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        xs, ys = [float(c.x) for c in corners], [float(c.y) for c in corners]
        left, top = min(max(min(xs), 0.0), width - 1.0), min(max(min(ys), 0.0), height - 1.0)
        box = Box(left, top, min(max(max(xs), left + 1), float(width)), min(max(max(ys), top + 1), float(height)))
        found.append(Code(said(str(result.format)), str(result.text), box))
    return tuple(sorted(found, key=lambda code: (code.box.top, code.box.left)))


def said(format_name: str) -> str:
    """A format's everyday name."""
    bare = "".join(letter for letter in format_name.split(".")[-1] if letter.isalnum())
    return _SAID.get(bare, format_name)
