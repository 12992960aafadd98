"""Videos: the painter's scene, or the caller's picture, under a camera that moves, with weather that falls.

Honest about being drawn: things do not act; the camera moves past them, near ones further than far ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from pollux.engines.base import Event, Frame, Prompt
from pollux.engines.builtin.paint import art, reading
from pollux.engines.builtin.paint.layers import Layers, over, to_size
from pollux.engines.builtin.paint.plan import Scene
from pollux.engines.builtin.paint.render import layered, render
from pollux.engines.wishes import Reel
from pollux.errors import Cancelled
from pollux.media.handle import Media
from pollux.media.picture import decode
from pollux.wire.content import Part

Pixels = NDArray[np.uint8]

ROOM = 1.3
"""How much larger than a frame the picture is that the camera moves over."""
NEARER = 0.02
"""How much further than the background the things in front move, as a part of the width."""
TOWARDS = 2.5
_SHARE = 0.35  # of the video, at its end, in which it turns into the last picture
_FALLING = {"snow": 260, "rain": 420}


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where: the middle as parts of the spare room (-1 to 1) and the zoom (1: all of it to be seen)."""

    begin: tuple[float, float, float]
    end: tuple[float, float, float]

    def at(self, share: float) -> tuple[float, float, float]:
        """The place of the camera at a share (0 to 1) of the time; it starts and stops gently."""
        eased = 0.5 - 0.5 * math.cos(math.pi * share)
        x, y, zoom = (a + (b - a) * eased for a, b in zip(self.begin, self.end, strict=True))
        return x, y, zoom


_MOVES: tuple[tuple[re.Pattern[str], Move], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b"), Move(begin, end))
    for words, begin, end in (
        ("static|still shot|locked[- ]off|fixed camera|no camera movement", (0, 0, 1.15), (0, 0, 1.15)),
        (r"zoom(?:s|ing)? out|pull(?:s|ing)?[- ](?:back|out)|dolly out|reveal\w*", (0, 0.1, 1.3), (0, 0, 1.0)),
        (r"zoom(?:s|ing)?(?: in)?|push(?:es|ing)?[- ]in|dolly(?: in)?|close in", (0, 0, 1.0), (0, 0.1, 1.3)),
        (r"pan(?:s|ning)?(?: \w+){0,2} left|to the left|moves left|truck left", (0.9, 0, 1.15), (-0.9, 0, 1.15)),
        (r"pan\w*|to the right|moves right|track\w*|truck\w*|slid\w*", (-0.9, 0, 1.15), (0.9, 0, 1.15)),
        (r"tilt(?:s|ing)? up|cran\w+ up|rise\w*|rising|ascend\w*", (0, 0.9, 1.15), (0, -0.9, 1.15)),
        (r"tilt(?:s|ing)? down|cran\w+ down|descend\w*|lower\w*", (0, -0.9, 1.15), (0, 0.9, 1.15)),
        (r"orbit\w*|circl\w+|arc shot|around", (-0.7, 0.2, 1.2), (0.7, -0.2, 1.2)),
        (r"aerial|drone|fly\w*", (-0.5, 0.6, 1.0), (0.5, -0.6, 1.2)),
    )
)
_CAMERA = re.compile(r"(?:\bthe\s+)?\b(?:camera|drone|shot|view)\b[^.,;!\n]{0,200}", re.IGNORECASE)
"""What is said of the camera is nothing to be drawn."""
_USUAL = (Move((-0.4, 0.1, 1.0), (0.3, 0.0, 1.2)), Move((0.4, 0.0, 1.2), (-0.3, 0.1, 1.0)))


def film(prompt: Prompt, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """The frames of a video prompt: a text, and perhaps a picture to begin and one to end with."""
    reel = prompt.reel
    assert reel is not None
    pieces = prompt.turns[-1].pieces
    text = " ".join(piece.text or "" for piece in pieces if isinstance(piece, Part))
    pictures = [piece for piece in pieces if isinstance(piece, Media)]
    digest = int.from_bytes(blake3(text.encode()).digest()[:3], "big")
    seed = digest if prompt.seed is None else prompt.seed % 2**32  # numpy takes no negative seed
    seen = _CAMERA.sub(" ", text[:4000])
    scene = None if pictures else reading.read(seen, know=art.load().knows).scenes[0]
    layers = _layers(scene, pictures, reel, seed)
    last = _fitted(decode(pictures[1]), reel) if len(pictures) > 1 else None
    focus = _focus(layers.front)
    move, fall = movement(text, seed), _Fall(_weather(text, scene), reel, seed)
    for number in range(reel.frames):
        if cancelled():
            raise Cancelled
        share = number / max(1, reel.frames - 1)
        pixels = fall.on(_seen(layers, reel, move.at(share), focus), number / reel.fps)
        if last is not None and share > 1 - _SHARE:
            turned = (share - 1 + _SHARE) / _SHARE
            pixels = cast(Pixels, cv2.addWeighted(last, turned, pixels, 1 - turned, 0))
        yield Frame(pixels)


def movement(text: str, seed: int) -> Move:
    """How the camera moves: by the prompt's words, or gently, one way or the other by the seed."""
    low = text.lower()[:4000]
    return next((move for words, move in _MOVES if words.search(low)), _USUAL[seed % len(_USUAL)])


def _layers(scene: Scene | None, pictures: list[Media], reel: Reel, seed: int) -> Layers:
    width, height = round(reel.width * ROOM), round(reel.height * ROOM)
    if scene is None:
        return _alone(_covering(decode(pictures[0]), width, height))
    if scene.layout == "scene" and scene.style in ("illustration", "photo", "flat", "cartoon"):
        return layered(scene, width, height, seed)
    picture = render(scene, width, height, seed)
    return _alone(over(np.full((height, width, 3), 255, np.uint8), picture) if picture.shape[2] == 4 else picture)


def _alone(back: Pixels) -> Layers:
    return Layers(back, np.zeros((*back.shape[:2], 4), np.uint8))


def _seen(layers: Layers, reel: Reel, place: tuple[float, float, float], focus: tuple[float, float]) -> Pixels:
    """The frame that the camera sees; the nearer it goes, the more it looks at the `focus`."""
    x, y, zoom = place
    x, y = (min(1.0, max(-1.0, at + near * (zoom - 1) * TOWARDS)) for at, near in ((x, focus[0]), (y, focus[1])))
    back = _window(layers.back, reel, (x, y, zoom), 0.0)
    if not layers.front.any():
        return back
    return over(back, _window(layers.front, reel, (x, y, zoom), -x * reel.width * NEARER))


def _focus(front: Pixels) -> tuple[float, float]:
    """Where the things in front are, from -1 to 1 each way; the middle where there are none."""
    moments = cv2.moments(np.ascontiguousarray(front[..., 3]))
    if not moments["m00"]:
        return 0.0, 0.0
    height, width = front.shape[:2]
    return 2 * moments["m10"] / moments["m00"] / width - 1, 2 * moments["m01"] / moments["m00"] / height - 1


def _window(picture: Pixels, reel: Reel, place: tuple[float, float, float], shift: float) -> Pixels:
    """A part of a picture of ROOM times the frame's size, at the frame's size, moved by `shift` pixels."""
    x, y, zoom = place
    height, width = picture.shape[:2]
    scale = max(1e-3, reel.width / width * max(1.0, zoom))
    spare_x, spare_y = width - reel.width / scale, height - reel.height / scale
    left, top = spare_x * (0.5 + 0.5 * x), spare_y * (0.5 + 0.5 * y)
    way = np.array([[scale, 0, shift - left * scale], [0, scale, -top * scale]], np.float32)
    border = cv2.BORDER_CONSTANT if picture.shape[2] == 4 else cv2.BORDER_REFLECT
    return cast(
        Pixels, cv2.warpAffine(picture, way, (reel.width, reel.height), flags=cv2.INTER_LINEAR, borderMode=border)
    )


def _covering(picture: Pixels, width: int, height: int) -> Pixels:
    """The picture cut to a ratio and sized to fill it."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    large = to_size(picture, max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return np.ascontiguousarray(large[top : top + height, left : left + width])


def _fitted(picture: Pixels, reel: Reel) -> Pixels:
    return _covering(picture, reel.width, reel.height)


def _weather(text: str, scene: Scene | None) -> str:
    low = text.lower()[:4000]
    said = next((one for one in _FALLING if re.search(rf"\b{one}(?:s|ing|y|fall)?\b", low)), "")
    return said or (scene.weather if scene is not None and scene.weather in _FALLING else "")


class _Fall:
    """Snow or rain that falls through the whole video."""

    def __init__(self, kind: str, reel: Reel, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._kind, self._reel = kind, reel
        self._grains = rng.random((_FALLING.get(kind, 0), 4))

    def on(self, pixels: Pixels, second: float) -> Pixels:
        """The frame with what falls at that second."""
        if not len(self._grains):
            return pixels
        veil, high, wide = pixels.copy(), self._reel.height, self._reel.width
        for x, y, size, drift in self._grains:
            fast = (1.1 if self._kind == "rain" else 0.12) * (0.6 + size)
            down = int(((y + fast * second) % 1.05) * high)
            across = int(((x + (0.03 * math.sin(second + 6 * drift) if self._kind == "snow" else 0)) % 1) * wide)
            if self._kind == "rain":
                cv2.line(veil, (across, down), (across - 2, down + int(high * 0.03)), (214, 224, 235), 1, cv2.LINE_AA)
            else:
                cv2.circle(veil, (across, down), max(1, round(high * 0.004 * (0.5 + size))), (255, 255, 255), -1, 16)
        return cast(Pixels, cv2.addWeighted(veil, 0.75, pixels, 0.25, 0))
