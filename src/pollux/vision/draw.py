"""Overlays that people look at: masks, boxes, points and labels on a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pollux.errors import InvalidArgument
from pollux.vision import boxes as geometry
from pollux.vision import masks as masking
from pollux.vision import palette, placing
from pollux.vision.answers import Answer, Detection
from pollux.vision.boxes import Size
from pollux.vision.lettering import Lettering, caption
from pollux.vision.masks import Mask
from pollux.vision.palette import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]

_LARGEST_SCALE = 8.0


@dataclass(frozen=True, slots=True)
class Style:
    """How an overlay looks.

    `colour_by`: things of one label share a colour, or each thing ("item") has its own.  `boxes`: None draws them where
    a thing has no mask.  `opacity` of masks, 0 to 1.  `scale` enlarges the picture first (2 for a small picture on a
    retina screen).  `thickness` and `text` are factors on what suits the picture's size.  `font` is a file's path.
    """

    colour_by: Literal["label", "item"] = "label"
    boxes: bool | None = None
    masks: bool = True
    labels: bool = True
    scores: bool = True
    opacity: float = 0.42
    scale: float = 1.0
    thickness: float = 1.0
    text: float = 1.0
    font: str | None = None


def overlay(
    picture: Pixels | Image,
    detections: Answer | Sequence[Detection],
    *,
    masks: Sequence[Mask | None] | None = None,
    style: Style | None = None,
) -> Pixels:
    """The picture with everything drawn on it: uint8 RGB, h x w x 3, a new array.

    `picture` is an upright Pillow image or an array (uint8; grey or RGB, with alpha or not; alpha is laid on white).
    `masks`, one for each detection, spares decoding them again; without it those that cannot be read are left out.
    Lines and letters go by the picture's size.  InvalidArgument for an array that is no picture.
    """
    style = style or Style()
    things = list(detections.detections if isinstance(detections, Answer) else detections)
    drawn = canvas(picture, style.scale)
    size = drawn.shape[1], drawn.shape[0]
    if masks is None or style.scale != 1:
        masks = masking.decode_all(things, size)[0] if style.masks else [None] * len(things)
    if len(masks) != len(things):
        raise InvalidArgument("masks: give one (or None) for each detection.", field="masks")
    tints = colours(things, style.colour_by)
    pen = _Pen(drawn, line_width(size, len(things)) * style.thickness)
    shown = [mask if style.masks else None for mask in masks]
    frames = [_frame(thing, size, pen.width) for thing in things]
    order = sorted(range(len(shown)), key=lambda n: -_pixels(shown[n]))  # small ones upon large ones
    with ThreadPoolExecutor(2) as pool:
        outlines = pool.map(pen.outlines, [shown[n] for n in order])
        labels = pool.submit(_labels, pen, things, frames, tints, style)
        for n, outline in zip(order, outlines, strict=True):
            mask = shown[n]
            if mask is not None:
                pen.mask(mask, outline, tints[n], style.opacity)
    for thing, mask, colour, frame in zip(things, shown, tints, frames, strict=True):
        if thing.box_2d is not None and (style.boxes if style.boxes is not None else mask is None):
            pen.box(frame, colour)
        if thing.point is not None:
            pen.point(geometry.points_to_pixels(thing.point, size).tolist(), colour)
    for label in labels.result():
        if label.spot.far:
            pen.leader(frames[label.thing], label.frame, tints[label.thing])
    for label in labels.result():
        pen.paste(label.plate, label.spot.x, label.spot.y)
    return drawn


def colours(things: Sequence[Detection], by: Literal["label", "item"] = "label") -> list[Colour]:
    """The colour of each thing."""
    if by == "item":
        return palette.distinct(len(things))
    table = palette.colours(thing.label for thing in things)
    return [table[thing.label] for thing in things]


def line_width(size: Size, count: int = 1) -> float:
    """Pixels of a line that is seen well on a picture of `size`; finer where there are many things."""
    side = math.sqrt(size[0] * size[1])
    return max(2.0, side / 330) * _crowd(count)


def text_size(size: Size, count: int = 1) -> float:
    """Pixels of letters that are read well; smaller where there are many things, 12 at least."""
    side = math.sqrt(size[0] * size[1])
    return max(12.0, side / 46 * _crowd(count))


def _crowd(count: int) -> float:
    return float(np.clip(1.25 - 0.28 * np.log10(max(count, 1)), 0.55, 1.0))


def canvas(picture: Pixels | Image, scale: float = 1.0) -> Pixels:
    """A picture as a new RGB array (uint8, h x w x 3), enlarged; alpha is laid on white."""
    from PIL import Image  # noqa: PLC0415

    if not 0 < scale <= _LARGEST_SCALE:
        raise InvalidArgument(f"scale: {scale} is not above 0 and up to {_LARGEST_SCALE:g}.", field="scale")
    if isinstance(picture, np.ndarray):
        pixels = _rgb(picture)
    else:
        deep = picture.mode.startswith("I;16")
        image = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)) if deep else picture
        alpha = image.has_transparency_data
        pixels = _rgb(np.asarray(image.convert("RGBA" if alpha else "RGB")))
    if scale != 1:
        import cv2  # noqa: PLC0415

        size = [max(1, round(side * scale)) for side in (pixels.shape[1], pixels.shape[0])]
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    return pixels


def _rgb(array: NDArray[np.uint8]) -> Pixels:
    bands = array.shape[2] if array.ndim == 3 else 1
    if array.dtype != np.uint8 or array.ndim not in (2, 3) or not array.size or bands > 4:
        raise InvalidArgument("picture: an array of uint8, h x w or h x w x 1 to 4, is needed.", field="picture")
    cube = array.reshape(*array.shape[:2], bands)
    if bands == 3:
        return np.array(cube, order="C")
    solid = np.repeat(cube[..., :1], 3, axis=2) if bands < 3 else np.array(cube[..., :3])
    if bands == 1:
        return solid
    alpha = cube[..., -1:].astype(np.uint16)
    return np.asarray((solid * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _pixels(mask: Mask | None) -> int:
    return 0 if mask is None else mask.crop.size


def _frame(thing: Detection, size: Size, width: float) -> placing.Rectangle:
    """What a label stands beside, in pixels: the box, or the spot of a point."""
    if thing.box_2d is not None:
        x0, y0, x1, y1 = geometry.to_pixels(thing.box_2d, size).tolist()
        return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)
    x, y = geometry.points_to_pixels(thing.point or (0, 0), size).tolist()
    spot = width * 3.2
    return x - spot, y - spot, x + spot, y + spot


@dataclass(frozen=True, slots=True)
class _Label:
    """What is written of a thing (by its number), and where."""

    thing: int
    plate: Pixels
    spot: placing.Placed

    @property
    def frame(self) -> placing.Rectangle:
        """The plate's, in the picture."""
        height, width = self.plate.shape[:2]
        return self.spot.x, self.spot.y, self.spot.x + width, self.spot.y + height


def _labels(
    pen: _Pen, things: list[Detection], frames: list[placing.Rectangle], tints: list[Colour], style: Style
) -> list[_Label]:
    """The labels that find room; nothing is drawn yet."""
    if not style.labels:
        return []
    size = pen.canvas.shape[1], pen.canvas.shape[0]
    lettering = Lettering(text_size(size, len(things)) * style.text, style.font)
    widest = max(1, min(size[0], max(size[0] // 3, 120)))
    captions = [caption(thing.label, thing.score if style.scores else None) for thing in things]
    shown = [n for n, text in enumerate(captions) if text][: placing.MOST_LABELS]
    known = {(captions[n], tints[n]): None for n in shown}
    made = {key: lettering.plate(*key, widest) for key in known}
    plates = [made[captions[n], tints[n]] for n in shown]
    half = pen.width / 2
    around = [(f[0] - half, f[1] - half, f[2] + half, f[3] + half) for f in (frames[n] for n in shown)]
    spots = placing.place(around, [(plate.shape[1], plate.shape[0]) for plate in plates], size)
    return [_Label(n, plate, spot) for n, plate, spot in zip(shown, plates, spots, strict=True) if spot is not None]


_FINE = 3
"""Bits of a pixel's fraction that OpenCV's lines take."""
_STRIP = 64
"""Rows that are tinted at once: they stay in the processor's cache."""


@dataclass(slots=True)
class _Pen:
    """Draws on one canvas (RGB) with lines of one width (pixels)."""

    canvas: Pixels
    width: float

    @property
    def _thick(self) -> int:
        return max(1, round(self.width))

    @property
    def _casing(self) -> int:
        """The dark line under a coloured one, which keeps it visible on its own colour."""
        return self._thick + 2 * max(1, round(self.width * 0.3))

    def outlines(self, mask: Mask | None) -> list[NDArray[Any]]:
        """A mask's outlines as OpenCV has them, only as fine as this pen's line shows.

        A thick, smooth line is drawn piece by piece: fewer pieces are ten times faster, and nobody sees them.
        """
        import cv2  # noqa: PLC0415

        if mask is None or not mask.crop.size:
            return []
        found, _ = cv2.findContours(mask.crop, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE, offset=(mask.left, mask.top))
        return [np.asarray(cv2.approxPolyDP(outline, self.width * 0.12, closed=True)) for outline in found]

    def mask(self, mask: Mask, outlines: list[NDArray[Any]], colour: Colour, opacity: float) -> None:
        """A tint over the pixels, and a line around them."""
        import cv2  # noqa: PLC0415

        if not mask.crop.size:
            return
        x0, y0, x1, y1 = mask.bounds
        row = np.tile(np.array(colour, np.uint8), x1 - x0)
        tint = np.tile(row, (min(_STRIP, y1 - y0), 1)).reshape(-1, x1 - x0, 3)
        for top in range(y0, y1, _STRIP):
            region = self.canvas[top : min(y1, top + _STRIP), x0:x1]
            mixed = cv2.addWeighted(region, 1 - opacity, tint[: len(region)], opacity, 0)
            cv2.copyTo(mixed, mask.crop[top - y0 : top - y0 + _STRIP], region)
        line = max(1, round(self.width * 0.75))
        cv2.drawContours(self.canvas, outlines, -1, colour, line, cv2.LINE_AA)

    def box(self, frame: placing.Rectangle, colour: Colour) -> None:
        """A frame whose line lies around the middle of the box's edge, within the picture."""
        import cv2  # noqa: PLC0415

        height, width = self.canvas.shape[:2]
        inner = self._thick // 2
        x0, y0 = max(inner, int(frame[0])), max(inner, int(frame[1]))
        x1, y1 = min(width - 1 - inner, int(frame[2]) - 1), min(height - 1 - inner, int(frame[3]) - 1)
        first, second = (x0, y0), (max(x0, x1), max(y0, y1))
        self._shade(*first, *second)
        cv2.rectangle(self.canvas, first, second, colour, self._thick)

    def point(self, at: list[int], colour: Colour) -> None:
        """A dot with a white ring and a dark edge."""
        import cv2  # noqa: PLC0415

        centre = (at[0] << _FINE, at[1] << _FINE)
        for factor, tint in ((3.2, (20, 20, 20)), (2.8, (255, 255, 255)), (2.0, colour)):
            radius = max(2, round(self.width * factor * (1 << _FINE)))
            cv2.circle(self.canvas, centre, radius, tint, -1, cv2.LINE_AA, _FINE)

    def leader(self, frame: placing.Rectangle, plate: placing.Rectangle, colour: Colour) -> None:
        """A thin line between a thing and a label that stands off."""
        import cv2  # noqa: PLC0415

        ends = []
        for one, other in ((frame, plate), (plate, frame)):
            middle = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
            ends.append((int(np.clip(middle[0], one[0], one[2] - 1)), int(np.clip(middle[1], one[1], one[3] - 1))))
        line = max(1, round(self.width * 0.5))
        cv2.line(self.canvas, ends[0], ends[1], (20, 20, 20), line + 2, cv2.LINE_AA)
        cv2.line(self.canvas, ends[0], ends[1], colour, line, cv2.LINE_AA)

    def paste(self, plate: Pixels, x: int, y: int) -> None:
        """A plate (RGBA) whose corners alone let something through."""
        height, width = plate.shape[0], plate.shape[1]
        alpha = plate[..., 3]
        tall, wide = int((alpha[: (height + 1) // 2, 0] < 255).sum()), int((alpha[0, : (width + 1) // 2] < 255).sum())
        region = self.canvas[y : y + height, x : x + width]
        corners = [(rows, columns) for rows in (slice(0, tall), slice(height - tall, height))
                   for columns in (slice(0, wide), slice(width - wide, width))]  # fmt: skip
        under = [region[corner].astype(np.uint16) for corner in corners]
        region[:] = plate[..., :3]
        for corner, ground in zip(corners, under, strict=True):
            share = plate[corner][..., 3:].astype(np.uint16)
            mixed = plate[corner][..., :3] * share + ground * (255 - share) + 128
            region[corner] = (mixed + (mixed >> 8)) >> 8  # divided by 255 and rounded

    def _shade(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Halves the light under a frame's line and a little to both sides of it."""
        out = self._casing // 2
        left, top, right, foot = max(0, x0 - out), max(0, y0 - out), x1 + out + 1, y1 + out + 1
        inner = (x0 + out + 1, y0 + out + 1, max(x0 + out + 1, x1 - out), max(y0 + out + 1, y1 - out))
        for rows, columns in (
            (slice(top, inner[1]), slice(left, right)),
            (slice(inner[3], foot), slice(left, right)),
            (slice(inner[1], inner[3]), slice(left, inner[0])),
            (slice(inner[1], inner[3]), slice(inner[2], right)),
        ):
            self.canvas[rows, columns] >>= 1
