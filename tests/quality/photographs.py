"""Photographs that well-known packages ship, with what is true of them: looked at and measured by hand.

The pictures are not copied into this repository: `tools/install_quality.py` (`make quality`) takes them out of the
packages that ship them and puts them into .photographs/.  Pollux's own samples are always there.
"""

from __future__ import annotations

import bz2
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pollux import samples
from pollux.engines.builtin.scene import Box

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Truth:
    """A main thing: the last words of names that are right for it, and its box as ymin, xmin, ymax, xmax of 1000."""

    names: frozenset[str]
    box: tuple[int, int, int, int]

    def within(self, picture: Pixels) -> Box:
        """The box in pixels."""
        y0, x0, y1, x1 = (edge / 1000 for edge in self.box)
        height, width = picture.shape[:2]
        return Box(x0 * width, y0 * height, x1 * width, y1 * height)


def _true(names: str, *box: int) -> Truth:
    top, left, bottom, right = box
    return Truth(frozenset(names.split()), (top, left, bottom, right))


_SKIMAGE, _GRADIO, _IMAGEIO = "skimage/data", "gradio/media_assets/images", "imageio/resources/images"
# several where a person would name any of them first
THINGS: dict[str, tuple[Truth, ...]] = {
    "sample:astronaut": (_true("person astronaut", 25, 40, 1000, 710),),
    "sample:cat": (_true("cat", 0, 0, 1000, 880),),
    "sample:coffee": (_true("coffee espresso cup", 45, 125, 990, 800), _true("coffee espresso cup", 45, 290, 790, 710)),
    "sample:sign": (_true("sign", 105, 165, 725, 840),),
    f"{_SKIMAGE}/camera.png": (_true("tripod camera", 270, 440, 1000, 800), _true("person", 120, 0, 1000, 640)),
    f"{_SKIMAGE}/motorcycle_left.png": (_true("motorcycle", 215, 160, 905, 925),),
    f"{_SKIMAGE}/rocket.jpg": (_true("rocket missile", 320, 480, 970, 525),),
    "sklearn/datasets/images/china.jpg": (_true("palace building temple pagoda tower", 65, 110, 890, 575),),
    "sklearn/datasets/images/flower.jpg": (_true("flower dahlia", 200, 265, 840, 700),),
    "matplotlib/mpl-data/sample_data/grace_hopper.jpg": (
        _true("person", 40, 40, 1000, 1000), _true("uniform", 480, 30, 1000, 1000),
    ),
    "scipy/misc/face.dat": (_true("raccoon", 0, 0, 780, 920),),
    f"{_IMAGEIO}/cockatoo.mp4": (_true("cockatoo bird parrot", 0, 320, 1000, 865),),
    f"{_IMAGEIO}/newtonscradle.gif": (_true("cradle toy", 40, 190, 960, 940),),
    f"{_IMAGEIO}/realshort.mp4": (
        _true("flowerpot pot plant tree", 0, 220, 720, 650), _true("flowerpot pot", 510, 400, 700, 640),
    ),
    f"{_GRADIO}/cheetah.jpg": (_true("cheetah", 355, 170, 690, 760),),
    f"{_GRADIO}/cheetah1.jpg": (_true("cheetah", 125, 90, 1000, 960),),
    f"{_GRADIO}/lion.jpg": (_true("lion", 30, 20, 990, 740),),
    f"{_GRADIO}/tower.jpg": (_true("tower", 125, 90, 1000, 1000),),
    "gradio/test_data/cheetah2.jpg": (_true("cheetah", 100, 30, 1000, 950),),
    "imgaug/quokka.jpg": (_true("quokka wallaby kangaroo", 70, 155, 1000, 580),),
    "ultralytics/assets/bus.jpg": (_true("bus", 210, 0, 720, 1000),),
    "ultralytics/assets/zidane.jpg": (_true("person", 270, 110, 1000, 720), _true("person", 55, 590, 1000, 900)),
}  # fmt: skip
NOTHING = tuple(
    f"{_SKIMAGE}/{name}"
    for name in (
        "brick.png", "cell.png", "clock_motion.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png",
        "moon.png", "retina.jpg",
    )
)  # fmt: skip
"""Textures, microscopy, the sky: a name for any of them is invented."""
HOME = Path(__file__).parents[2] / ".photographs"
NAMES = tuple(name for name in (*THINGS, *NOTHING) if not name.startswith("sample:"))
_FRAME = {"cockatoo.mp4": 50, "realshort.mp4": 20}


def picture(name: str) -> Pixels | None:
    """An RGB picture, or None where it was not installed."""
    if name.startswith("sample:"):
        return np.asarray(Image.open(io.BytesIO(samples.read(name[7:]))).convert("RGB"))
    path = HOME / name
    if not path.exists():
        return None
    if path.suffix == ".dat":
        return np.frombuffer(bz2.decompress(path.read_bytes()), np.uint8).reshape(768, 1024, 3)
    if path.suffix in (".mp4", ".gif"):
        return _frame(path)
    return np.asarray(Image.open(path).convert("RGB"))


def _frame(path: Path) -> Pixels:
    film = cv2.VideoCapture(str(path))
    for _ in range(_FRAME.get(path.name, 0)):
        film.read()
    _, frame = film.read()
    film.release()
    return np.ascontiguousarray(frame[:, :, ::-1], np.uint8)


def things() -> Iterator[tuple[str, Pixels, tuple[Truth, ...]]]:
    """Name, picture and truth of each photograph that is there."""
    for name, true in THINGS.items():
        pixels = picture(name)
        if pixels is not None:
            yield name, pixels, true


def composite(seed: int, pictures: list[Pixels]) -> tuple[Pixels, NDArray[np.bool_]]:
    """A blob, a polygon or an ellipse cut out of one photograph and laid on another: 640 x 480, and its exact mask."""
    rng = np.random.default_rng(seed)
    one, other = rng.choice(len(pictures), 2, replace=False)
    ground = cv2.resize(pictures[other], (640, 480), interpolation=cv2.INTER_AREA).astype(np.float32)
    side = int(rng.integers(120, 330))
    part = int(min(pictures[one].shape[:2]) * rng.uniform(0.3, 0.7))
    y, x = (int(rng.integers(edge - part)) for edge in pictures[one].shape[:2])
    stuff = cv2.resize(pictures[one][y : y + part, x : x + part], (side, side)).astype(np.float32)
    mask = np.zeros((480, 640), np.float32)
    top, left = int(rng.integers(480 - side)), int(rng.integers(640 - side))
    place = slice(top, top + side), slice(left, left + side)
    mask[place] = _form(rng, side)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8)[:, :, None]
    laid = ground.copy()
    laid[place] = stuff
    return np.asarray(ground * (1 - soft) + laid * soft, np.float32).astype(np.uint8), mask > 0


def _form(rng: np.random.Generator, side: int) -> NDArray[np.bool_]:
    drawn = np.zeros((side, side), np.uint8)
    kind = rng.integers(3)
    if kind == 0:
        noise = cv2.GaussianBlur(rng.normal(size=(side, side)).astype(np.float32), (0, 0), side / 8)
        rows, columns = np.mgrid[:side, :side] / side - 0.5
        drawn = (noise / noise.std() * 0.35 + 1 - (rows**2 + columns**2) / 0.14 > 0).astype(np.uint8)
    elif kind == 1:
        angles, reach = np.sort(rng.uniform(0, 2 * np.pi, 9)), rng.uniform(0.3, 0.5, 9) * side
        corners = np.stack([side / 2 + reach * np.cos(angles), side / 2 + reach * np.sin(angles)], 1)
        cv2.fillPoly(drawn, [corners.astype(np.int32)], (1,))
    else:
        axes = int(side * rng.uniform(0.3, 0.49)), int(side * rng.uniform(0.2, 0.49))
        cv2.ellipse(drawn, (side // 2, side // 2), axes, rng.uniform(0, 180), 0, 360, (1,), -1)
    _, parts, sizes, _ = cv2.connectedComponentsWithStats(drawn)
    return np.asarray(parts == 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA])))
