"""What the editor sees: things named in words, each with its box and a soft mask; and pairs of eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from pollux.engines.builtin.edit.words import kinds
from pollux.engines.builtin.english import singular, words
from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box
from pollux.engines.builtin.seeing.cut import cut
from pollux.engines.builtin.seeing.masks import whole_pixels
from pollux.engines.builtin.seeing.show import Picture, Show
from pollux.engines.builtin.seeing.wanted import EVERYTHING, wanted
from pollux.media.handle import Media

if TYPE_CHECKING:
    from pollux.engines.builtin.meaning import Meaning
    from pollux.engines.builtin.perceive import Perceiver

_READ = kinds("text word line letter lettering watermark caption title writing logo")
_SMALL = 360  # pixels: the size at which eyes are looked for


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing: its names, most usual first; its box in whole pixels of the upright picture; and its soft mask.

    `mask` is (height, width) of the box, uint8, 255 where it surely is the thing.  `kind` is that of
    `seeing.thing.Thing`, `text` the lettering it holds.
    """

    names: tuple[str, ...]
    box: tuple[int, int, int, int]  # left, top, right, bottom
    mask: Pixels
    kind: str = "object"
    text: str = ""

    @property
    def name(self) -> str:
        """What it is usually called."""
        return self.names[0] if self.names else "thing"


class See(Protocol):
    """Looks for what a phrase means ("the red cup") in the prompt's picture of an index from 0; [] for nothing.

    "everything" means all that is prominent.
    """

    def __call__(self, picture: int, noun: str) -> Sequence[Seen]:
        """The things found, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """`See` by the engine's own finders, for one prompt."""

    perceiver: Perceiver
    meaning: Meaning
    media: Sequence[Media]
    cancelled: Callable[[], bool]
    _pictures: dict[tuple[int, bool], Picture] = field(default_factory=dict)

    def __call__(self, picture: int, noun: str) -> Sequence[Seen]:
        """As `See`; text is only read where the phrase speaks of it.  Raises Cancelled."""
        if not 0 <= picture < len(self.media):
            return []
        reading = any(singular(word) in _READ for word in words(noun))
        looked = self._picture(picture, reading=reading)
        show = Show(self.perceiver, self.meaning, self.cancelled)
        media = self.media[picture]
        every = noun == EVERYTHING
        found = show.things(looked, wanted(f"detect {noun}")) if every else show.named(looked, noun)
        return [
            Seen(one.names, _whole(one.box, media), _sized(cut(looked.pixels(), one, looked.scene), one.box, media),
                 one.kind, one.text)
            for one in found
        ]  # fmt: skip

    def _picture(self, index: int, *, reading: bool) -> Picture:
        if (index, reading) not in self._pictures:
            scene = self.perceiver.perceive(self.media[index], reading=reading, cancelled=self.cancelled)
            self._pictures[index, reading] = Picture(self.media[index], scene)
        return self._pictures[index, reading]


def eye_pair(pixels: Pixels) -> tuple[tuple[float, float, float], tuple[float, float, float]] | None:
    """Two round dark eyes at about one height, (x, y, radius) in pixels, left first: of an animal seen close.

    Hough's circles (OpenCV's variant of 2020), the surest first; cascades for cats miss a head that is turned a little.
    """
    small = fit(pixels, _SMALL)
    scale = max(pixels.shape[:2]) / max(small.shape[:2])
    found = cv2.HoughCircles(
        cv2.medianBlur(gray(small), 5),
        cv2.HOUGH_GRADIENT_ALT,
        1.5,
        14,
        param1=220,
        param2=0.55,
        minRadius=5,
        maxRadius=48,
    )
    if found is None:
        return None
    circles = [one for one in found.reshape(-1, found.shape[-1])[:6, :3].tolist() if _dark_middle(small, one)]
    for i, one in enumerate(circles):
        for two in circles[i + 1 :]:
            (x0, y0, r0), (x1, y1, r1) = sorted((one, two))
            apart, most = x1 - x0, max(r0, r1)
            if abs(y1 - y0) < 0.35 * apart and 2.4 * most < apart < 9 * most and min(r0, r1) > 0.36 * most:
                return (x0 * scale, y0 * scale, r0 * scale), (x1 * scale, y1 * scale, r1 * scale)
    return None


def _dark_middle(small: Pixels, circle: list[float]) -> bool:
    x, y, r = circle
    inner = small[max(0, int(y - r / 3)) : int(y + r / 3) + 1, max(0, int(x - r / 3)) : int(x + r / 3) + 1]
    return inner.size > 0 and float(inner.mean()) < 105


def _whole(box: Box, media: Media) -> tuple[int, int, int, int]:
    return whole_pixels(np.broadcast_to(np.uint8(0), (media.height, media.width, 3)), box)


def _sized(mask: Pixels, box: Box, media: Media) -> Pixels:
    left, top, right, bottom = _whole(box, media)
    return np.asarray(cv2.resize(mask, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR), np.uint8)
