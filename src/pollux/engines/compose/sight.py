"""The one picture that boxes and masks are of, looked at by specialists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np

from pollux.engines.base import Prompt
from pollux.engines.specialists.base import Finder, Map, Masker, PixelBox, Pixels
from pollux.errors import Cancelled, InvalidArgument
from pollux.media import picture
from pollux.media.handle import Media
from pollux.vision.boxes import from_pixels, to_pixels
from pollux.vision.masks import encode_map

MASK_SIDE = 256
"""Pixels: the longer side of a mask, as the documented models send it; SAM 2 makes 256 of a whole picture."""
Box = Sequence[float]


def subjects(prompt: Prompt) -> list[Media]:
    """The pictures that are meant: those of the last turn that has media, at least one.

    Raises InvalidArgument where pages or videos are among them.
    """
    turns = [[piece for piece in turn.pieces if isinstance(piece, Media)] for turn in prompt.turns]
    last = next((some for some in reversed(turns) if any(one.kind in ("image", "document") for one in some)), [])
    shown = [one for one in last if one.kind in ("image", "document", "video")]
    if all(one.kind == "image" for one in shown):
        return shown
    message = "contents: boxes and masks of pages and videos are not made here: send pictures."
    raise InvalidArgument(message, field="contents")


def subject(prompt: Prompt) -> Media:
    """The one picture that is meant, where nobody says of which of several a box is.  Raises InvalidArgument."""
    shown = subjects(prompt)
    if len(shown) == 1:
        return shown[0]
    message = "contents: which of several pictures a box is of cannot be told here: send one picture for each request."
    raise InvalidArgument(message, field="contents")


@dataclass
class Sight:
    """One picture; it is decoded when it is first needed.  `cancelled` is asked between two steps."""

    media: Media
    cancelled: Callable[[], bool]
    _pixels: list[Pixels] = field(default_factory=list)

    def pixels(self) -> Pixels:
        """Upright RGB."""
        if not self._pixels:
            media = self.media
            if not media.data and media.path is not None:
                media = replace(media, data=media.path.read_bytes())
            self._pixels.append(picture.decode(media))
        return self._pixels[0]

    def find(self, finder: Finder, labels: Sequence[str]) -> list[tuple[list[int], str, float]]:
        """(box_2d, label, score) of what is found, best first."""
        if not labels:
            return []
        found = finder.find(self.pixels(), labels, self.cancelled)
        self._go_on()
        height, width = self.pixels().shape[:2]
        boxes = from_pixels([one.box for one in found], (width, height)).tolist()
        return [(_open(box), one.label, one.score) for box, one in zip(boxes, found, strict=True)]

    def masks(self, masker: Masker, boxes: Sequence[Box]) -> Iterator[str]:
        """The mask of each box_2d as a data URL, in the box's own proportions.

        A box that is empty in pixels has nothing in it: its mask is one pixel that says so.
        """
        if not boxes:
            return
        height, width = self.pixels().shape[:2]
        places: list[PixelBox] = [tuple(one) for one in to_pixels(list(boxes), (width, height)).tolist()]
        full = [one for one in places if one[0] < one[2] and one[1] < one[3]]
        with closing(masker.masks(self.pixels(), full)) as maps:
            for x0, y0, x1, y1 in places:
                self._go_on()
                if x0 < x1 and y0 < y1:
                    yield encode_map(_sized(next(maps), round(x1 - x0), round(y1 - y0)))
                else:
                    yield encode_map(np.zeros((1, 1), np.uint8))

    def _go_on(self) -> None:
        if self.cancelled():
            raise Cancelled


def _open(box: list[int]) -> list[int]:
    """The box, at least a thousandth wide and high: what was found is not nothing."""
    y0, x0, y1, x1 = box
    y0, x0 = min(y0, 999), min(x0, 999)
    return [y0, x0, max(y1, y0 + 1), max(x1, x0 + 1)]


def _sized(values: Map, width: int, height: int) -> Map:
    """The map in the box's pixels, or smaller in the box's proportions where a side is longer than MASK_SIDE."""
    import cv2  # noqa: PLC0415

    scale = min(1.0, MASK_SIDE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if values.shape == size[::-1]:
        return values
    smaller = size[0] * size[1] < values.size
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR), np.uint8)
