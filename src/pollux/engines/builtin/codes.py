"""QR codes, bar codes and their kin, decoded by zxing-cpp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box, Code, TextLine

SEARCHED = 640  # pixels: the size at which bars are looked for
AROUND = 20  # pixels of that: the neighbourhood in which edges run one way
COHERENT = 0.35  # 0: edges run any way, 1: one way
STRONG = 5000.0  # mean squared gradient (Sobel) of black bars on white, and of pale ones
LEAST_BARRED = 0.02  # of the picture
SLIVER = 0.2  # of another code's height
SMOOTH = 1.2  # pixels
ALIKE = 0.85  # of a code's digits that were read in their order

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
    """Every code that could be decoded in an RGB picture, from the top left.

    Where none could, an area full of parallel bars is turned level and smoothed: the decoder reads stacked codes only
    when they lie straight, and bars in coarse grain not at all.
    """
    found = _read(picture) or _straightened(picture)
    whole = [one for one in found if not any(_part(one, other) for other in found)]
    return tuple(sorted(whole, key=lambda code: (code.box.top, code.box.left)))


def _read(picture: Pixels) -> list[Code]:
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
    return found


def _part(one: Code, other: Code) -> bool:
    """Whether a code is a second reading of one at the same place: a few lines across a part of its bars."""
    a, b = one.box, other.box
    across = min(a.right, b.right) - max(a.left, b.left)
    near = abs(a.centre[1] - b.centre[1]) < 0.5 * b.width
    return a.width <= b.width and a.height < SLIVER * b.height and near and across > 0.6 * a.width


def _straightened(picture: Pixels) -> list[Code]:
    """The codes of the area with the most parallel bars, turned so that they stand; their box is that area."""
    import cv2  # noqa: PLC0415

    area = _barred(picture)
    if area is None:
        return []
    box, angle = area
    cut = np.ascontiguousarray(picture[int(box.top) : int(box.bottom), int(box.left) : int(box.right)])
    height, width = cut.shape[:2]
    side = int(np.hypot(width, height)) + 2
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turn[:, 2] += (side / 2 - width / 2, side / 2 - height / 2)
    level = cv2.warpAffine(cut, turn, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    for ready in (level, cv2.GaussianBlur(level, (0, 0), SMOOTH)):
        if found := _read(np.asarray(ready, np.uint8)):
            return [replace(one, box=box) for one in found]
    return []


def _barred(picture: Pixels) -> tuple[Box, float] | None:
    """The largest area where edges are strong and run one way (the structure tensor's coherence), and their angle."""
    import cv2  # noqa: PLC0415

    small = gray(fit(picture, SEARCHED)).astype(np.float32)
    dx, dy = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.boxFilter(one, -1, (AROUND, AROUND)) for one in (dx * dx, dy * dy, dx * dy))
    energy = xx + yy
    one_way = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) > COHERENT * energy
    barred = cv2.morphologyEx(
        (one_way & (energy > STRONG)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((AROUND // 2, AROUND // 2), np.uint8)
    )
    _, parts, stats, _ = cv2.connectedComponentsWithStats(barred)
    if len(stats) < 2:
        return None
    best = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    x, y, w, h, size = (int(value) for value in stats[best])
    if size < LEAST_BARRED * small.size:
        return None
    inside = parts == best
    angle = np.degrees(0.5 * np.arctan2(2 * xy[inside].sum(), (xx - yy)[inside].sum()))
    scale = picture.shape[1] / small.shape[1]
    room = AROUND + 0.15 * max(w, h)
    left, top = max(0.0, (x - room) * scale), max(0.0, (y - room) * scale)
    right, bottom = (x + w + room) * scale, (y + h + room) * scale
    return Box(left, top, min(right, picture.shape[1]), min(bottom, picture.shape[0])), float(angle)


def spelt(lines: Sequence[TextLine], found: Sequence[Code]) -> tuple[TextLine, ...]:
    """The lines, the digits that are printed with a bar code as the code says them: bars beside them misread."""
    return tuple(
        next((replace(line, text=code.content, pieces=()) for code in found if _prints(line, code)), line)
        for line in lines
    )


def _prints(line: TextLine, code: Code) -> bool:
    """Whether a line is a bar code's number in print: its digits, hardly any letters, as wide as the bars or less."""
    digits = "".join(letter for letter in line.text if letter.isdigit())
    letters = sum(letter.isalpha() for letter in line.text)
    near = abs(line.box.centre[1] - code.box.centre[1]) < code.box.height / 2 + 2 * line.box.height
    across = min(line.box.right, code.box.right) - max(line.box.left, code.box.left) > 0.5 * line.box.width
    if not (code.content.isdigit() and near and across and letters <= 1 and len(digits) > 3):
        return False
    return SequenceMatcher(None, digits, code.content).ratio() >= ALIKE


def said(format_name: str) -> str:
    """A format's everyday name."""
    bare = "".join(letter for letter in format_name.split(".")[-1] if letter.isalnum())
    return _SAID.get(bare, format_name)
