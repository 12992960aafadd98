"""Masks of Gemini's answers: a picture in base64 that is a probability map of the box, and what is made of it.

The rule is the documentation's: the map is resized to the box's pixels, bilinear, and cut at 127 (above is the object).
A `Mask` keeps the box's pixels and its place only; a full-size array is made when asked for.  Fifty masks of a
12-megapixel picture are then a few megabytes, not 600.
"""

from __future__ import annotations

import binascii
import os
import re
import struct
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pollux.errors import InvalidArgument
from pollux.vision import boxes
from pollux.vision.boxes import Size, checked

if TYPE_CHECKING:
    from pollux.vision.answers import Answer, Detection

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

THRESHOLD = 127
MOST_PIXELS = 1 << 24
"""Pixels of one probability map before it is resized; a larger one is refused unread."""
MOST_PLACED = 1 << 28
"""Pixels of one picture's box: what a mask may take when it is put in place."""
PREFIX = "data:image/png;base64,"

_DATA_URL = re.compile(r"data:image/[\w.+-]{1,20};base64,", re.IGNORECASE)
_THREADS = 4
_URL_SAFE = str.maketrans("-_", "+/")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """The pixels of one thing: `crop` (uint8, 0 or 255, h x w) lies at (`left`, `top`) of a picture of `size`."""

    crop: Bytes
    left: int
    top: int
    size: Size

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1 of the crop, in pixels."""
        height, width = self.crop.shape
        return self.left, self.top, self.left + width, self.top + height

    @property
    def area(self) -> int:
        """Pixels that belong to the thing."""
        return int(np.count_nonzero(self.crop))

    def full(self) -> Bools:
        """Boolean, the picture's height x width."""
        width, height = self.size
        array = np.zeros((height, width), np.bool_)
        x0, y0, x1, y1 = self.bounds
        array[y0:y1, x0:x1] = self.crop > 0
        return array

    def tight(self) -> Mask:
        """The same without empty edges; an empty mask has a crop of 0 x 0."""
        rows, columns = np.flatnonzero(self.crop.any(axis=1)), np.flatnonzero(self.crop.any(axis=0))
        if not len(rows):
            return Mask(np.zeros((0, 0), np.uint8), self.left, self.top, self.size)
        y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
        return Mask(self.crop[y0:y1, x0:x1], self.left + x0, self.top + y0, self.size)


def from_array(array: ArrayLike) -> Mask:
    """The mask of an array of a picture's height x width: what is true, or above 127 in numbers, is the thing."""
    values = np.asarray(array)
    if values.ndim != 2 or values.size == 0 or values.dtype.kind not in "buif":
        raise InvalidArgument("mask: an array of height x width, boolean or 0 to 255, is needed.", field="mask")
    truth = values if values.dtype == np.bool_ else values > THRESHOLD
    height, width = values.shape
    return Mask(truth.astype(np.uint8) * np.uint8(255), 0, 0, (width, height)).tight()


def decode_map(text: str, *, field: str = "mask") -> Bytes:
    """The probability map of a data URL (or bare base64): uint8, h x w.

    White space, the URL-safe alphabet and missing padding are accepted; other modes than grey are made grey.
    InvalidArgument naming `field` for what is no PNG, is cut short or has more than `MOST_PIXELS`: nothing is unpacked
    before its size is known.
    """
    data = _bytes(text, field)
    if data[:8] != _PNG or len(data) < 33 or data[12:16] != b"IHDR":
        raise InvalidArgument(f"{field}: no PNG. A mask is {PREFIX}... as the documentation says.", field=field)
    width, height = struct.unpack(">II", data[16:24])
    if not 0 < width * height <= MOST_PIXELS:
        text = f"{field}: {width} x {height} pixels; a mask has 1 to {MOST_PIXELS}. Send it smaller."
        raise InvalidArgument(text, field=field)
    from PIL import Image  # noqa: PLC0415
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415

    try:
        with PngImageFile(_stream(data)) as image:
            grey: Image.Image = image if image.mode == "L" else _grey(image)
            return np.asarray(grey, np.uint8)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError, KeyError) as error:
        raise InvalidArgument(f"{field}: the PNG is damaged ({error}). Send it whole.", field=field) from None


def decode(text: str, box_2d: Sequence[float], size: Size, *, threshold: float = THRESHOLD) -> Mask | None:
    """The mask of one item in a picture of `size` (width, height): its map over its box, above `threshold`.

    None for a box that is empty in pixels, which the documentation's code skips.  InvalidArgument for a map or a box
    that cannot be read.
    """
    x0, y0, x1, y1 = boxes.to_pixels(list(box_2d), size).tolist()
    if x0 >= x1 or y0 >= y1:
        return None
    if (x1 - x0) * (y1 - y0) > MOST_PLACED:
        raise InvalidArgument(f"box_2d: more than {MOST_PLACED} pixels. Give a smaller size.", field="box_2d")
    return Mask(_above(decode_map(text), x1 - x0, y1 - y0, threshold), x0, y0, checked(size))


def decode_all(
    answer: Answer | Sequence[Detection], size: Size, *, threshold: float = THRESHOLD
) -> tuple[list[Mask | None], list[str]]:
    """The mask of each detection, None where it has none, and a line for each that could not be read."""
    things = list(answer if isinstance(answer, Sequence) else answer.detections)

    def one(number: int) -> tuple[Mask | None, str | None]:
        thing = things[number]
        if thing.mask is None or thing.box_2d is None:
            return None, None
        try:
            return decode(thing.mask, thing.box_2d, size, threshold=threshold), None
        except InvalidArgument as error:
            return None, f"[{number}].{error.message}"

    # Nearly all of it is zlib's and OpenCV's work, which runs beside Python's.
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        done = list(pool.map(one, range(len(things))))
    return [mask for mask, _ in done], [problem for _, problem in done if problem is not None]


def encode(mask: Mask | ArrayLike, label: str = "", *, max_side: int | None = None) -> dict[str, Any] | None:
    """A mask (or an array of the picture's height x width) as an item of the API: box_2d, mask, label.

    The box holds all of the mask; the map has the box's own proportions, at most `max_side` pixels long (without it,
    the box's pixels: decoding gives the very same mask back).  None for an empty mask.
    """
    tight = (mask if isinstance(mask, Mask) else from_array(mask)).tight()
    if not tight.crop.size:
        return None
    box = boxes.from_pixels(tight.bounds, tight.size, "out")
    x0, y0, x1, y1 = boxes.to_pixels(box, tight.size).tolist()
    values = np.zeros((y1 - y0, x1 - x0), np.uint8)
    left, top, right, bottom = tight.bounds
    values[top - y0 : bottom - y0, left - x0 : right - x0] = tight.crop
    longest = max(values.shape)
    if max_side is not None and longest > max_side:
        import cv2  # noqa: PLC0415

        small = [max(1, round(side * max_side / longest)) for side in (x1 - x0, y1 - y0)]
        values = np.asarray(cv2.resize(values, small, interpolation=cv2.INTER_AREA), np.uint8)
    return {"box_2d": box.tolist(), "mask": encode_map(values), "label": label}


def encode_map(values: Bytes) -> str:
    """A probability map (uint8, h x w) as the API's text, `data:image/png;base64,...`."""
    import cv2  # noqa: PLC0415

    done, data = cv2.imencode(".png", np.ascontiguousarray(values, np.uint8))
    assert done
    return PREFIX + binascii.b2a_base64(data.tobytes(), newline=False).decode("ascii")


def iou(one: Mask, two: Mask) -> float:
    """Intersection over union of two masks of one picture, 0 to 1; 0 when both are empty."""
    a, b = one.bounds, two.bounds
    x0, y0, x1, y1 = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    common = 0
    if x0 < x1 and y0 < y1:
        first = one.crop[y0 - a[1] : y1 - a[1], x0 - a[0] : x1 - a[0]]
        second = two.crop[y0 - b[1] : y1 - b[1], x0 - b[0] : x1 - b[0]]
        common = int(np.count_nonzero((first > 0) & (second > 0)))
    union = one.area + two.area - common
    return common / union if union else 0.0


def _bytes(text: str, field: str) -> bytes:
    if text[:5].lower() == "data:":
        prefix = _DATA_URL.match(text)
        if prefix is None:
            raise InvalidArgument(f"{field}: a data URL that is no picture in base64. Send {PREFIX}...", field=field)
        text = text[prefix.end() :]
    # A box of a few pixels can still come with a long text: 4 bytes of base64 a pixel are more than any PNG needs.
    if len(text) > 4 * MOST_PIXELS:
        raise InvalidArgument(f"{field}: more than {4 * MOST_PIXELS} characters. Send it smaller.", field=field)
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        pass  # white space, the other alphabet or no padding, perhaps
    try:
        plain = "".join(text.split()).translate(_URL_SAFE).rstrip("=").encode("ascii")
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4), strict_mode=True)
    except ValueError:
        raise InvalidArgument(f"{field}: not base64. Send {PREFIX}...", field=field) from None


def _stream(data: bytes) -> Any:
    import io  # noqa: PLC0415

    return io.BytesIO(data)


def _grey(image: Any) -> Any:
    """As the numbers of a probability map: 1 bit is 0 or 255, 16 bits keep their high byte, colours their lightness."""
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    return image.convert("L")


def _above(values: Bytes, width: int, height: int, threshold: float) -> Bytes:
    """Resized and cut: 0 or 255.

    Enlarging is OpenCV's, which is ten times faster and at most one grey level from Pillow's; making smaller is
    Pillow's, as in the documentation, because OpenCV's would skip pixels.
    """
    import cv2  # noqa: PLC0415

    if width >= values.shape[1] and height >= values.shape[0]:
        sized = np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    else:
        from PIL import Image  # noqa: PLC0415

        sized = np.array(Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR), np.uint8)
    # OpenCV rounds the threshold of bytes down, and so does "above" for whole numbers.
    cv2.threshold(sized, threshold, 255, cv2.THRESH_BINARY, dst=sized)
    return sized
