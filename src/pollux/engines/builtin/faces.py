"""Human faces, by OpenCV's Haar cascades: one finds, another has to agree.

A single cascade sees faces in leaves and wheels.  A candidate counts when a second cascade, trained differently, finds
a face of about the same size in the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import cast

import cv2

from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box, Face

SIDE = 512  # pixels: the size at which faces are looked for
SMALLEST = 24  # pixels at that size
AGAIN = 4  # times the finder has to find a face, at neighbouring places and sizes
AGREE = 3  # times the second cascade has to


class FaceFinder:
    """Two cascades, loaded on first use; threads take turns, as OpenCV's cascades demand."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cascades: tuple[cv2.CascadeClassifier, ...] = ()

    def faces(self, picture: Pixels) -> tuple[Face, ...]:
        """Faces in an RGB picture, largest first."""
        ground = cast(Pixels, cv2.equalizeHist(gray(fit(picture, SIDE))))
        scale = max(picture.shape[:2]) / max(ground.shape)
        with self._lock:
            finder, second = self._load()
            found = finder.detectMultiScale(ground, 1.1, AGAIN, minSize=(SMALLEST, SMALLEST))
            kept = [tuple(int(v) for v in face) for face in found if _agreed(ground, face, second)]
        kept.sort(key=lambda face: -face[2])
        return tuple(Face(Box(x * scale, y * scale, (x + w) * scale, (y + h) * scale)) for x, y, w, h in kept)

    def _load(self) -> tuple[cv2.CascadeClassifier, ...]:
        if not self._cascades:
            folder = Path(cv2.__file__).parent / "data"
            names = ("frontalface_alt2", "frontalface_default")
            self._cascades = tuple(cv2.CascadeClassifier(str(folder / f"haarcascade_{name}.xml")) for name in names)
        return self._cascades


def _agreed(ground: Pixels, face: Sequence[int], second: cv2.CascadeClassifier) -> bool:
    """Whether the second cascade sees a face where the first did."""
    x, y, w, h = (int(side) for side in face)
    margin = w // 4
    part = ground[max(0, y - margin) : y + h + margin, max(0, x - margin) : x + w + margin]
    scale = 96 / w  # one size for all candidates: quick for large ones, enough for small ones
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    part = cast(Pixels, cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))
    return len(second.detectMultiScale(part, 1.1, AGREE, minSize=(66, 66))) > 0
