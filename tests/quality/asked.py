"""Pictures of plain shapes with requests for boxes, and exactly which shapes each request means."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

HUES = {
    "red": (214, 34, 34),
    "green": (30, 150, 60),
    "blue": (30, 70, 210),
    "orange": (245, 140, 20),
    "black": (16, 16, 16),
}
FORMS = ("circle", "square", "triangle")
SIZE = (900, 640)
Edges = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape."""

    form: str
    hue: str
    box: Edges

    @property
    def area(self) -> float:
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt and the shapes that it means."""

    prompt: str
    truth: tuple[Drawn, ...]


def picture(rng: random.Random) -> tuple[Image.Image, list[Drawn]]:
    """4 to 9 shapes on a grid of 4 x 3, apart from each other, each of its own size."""
    image = Image.new("RGB", SIZE, rng.choice([(255, 255, 255), (244, 240, 230), (225, 235, 245)]))
    draw = ImageDraw.Draw(image)
    sizes = rng.sample(range(50, 146, 6), 12)
    cells = rng.sample(range(12), rng.randint(4, 9))
    out = []
    for cell, size in zip(cells, sizes, strict=False):
        form, hue = rng.choice(FORMS), rng.choice(list(HUES))
        x = 112 + 225 * (cell % 4) + rng.randint(-25, 25)
        y = (107, 355, 540)[cell // 4] + rng.randint(-15, 15)  # none in the middle, which is in neither half
        box = (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
        if form == "circle":
            draw.ellipse(box, fill=HUES[hue])
        elif form == "square":
            draw.rectangle(box, fill=HUES[hue])
        else:
            draw.polygon([(x, box[1]), (box[0], box[3]), (box[2], box[3])], fill=HUES[hue])
        out.append(Drawn(form, hue, box))
    return image, out


def requests(drawn: Sequence[Drawn], rng: random.Random) -> Iterator[Request]:
    """Documented wordings and custom instructions, each with its truth."""

    def means(prompt: str, test: Callable[[Drawn], bool]) -> Request:
        return Request(prompt, tuple(one for one in drawn if test(one)))

    form, other = rng.sample(FORMS, 2)
    hue, second = rng.sample(list(HUES), 2)
    width, height = SIZE
    yield means(
        "Detect the all of the prominent items in the image. "
        "The box_2d should be [ymin, xmin, ymax, xmax] normalized to 0-1000.",
        lambda _: True,
    )
    yield means(f"Show bounding boxes of all {hue} objects in this image", lambda one: one.hue == hue)
    yield means(f"Detect the {form}s", lambda one: one.form == form)
    yield means(f"Give the segmentation masks for the {hue} and {second} items.", lambda one: one.hue in (hue, second))
    yield means(f"Detect the {form}s and the {other}s", lambda one: one.form in (form, other))
    yield means(f"Box every {hue} {form}", lambda one: (one.hue, one.form) == (hue, form))
    yield means(f"Detect everything except the {form}s", lambda one: one.form != form)
    yield means("Detect everything in the upper half of the image", lambda one: one.middle[1] < height / 2)
    yield means("Detect the shapes on the right side", lambda one: one.middle[0] > width / 2)
    yield means("Detect the elephants", lambda _: False)
    by_size = sorted(drawn, key=lambda one: -one.area)
    yield Request("Point to the largest shape", (by_size[0],))
    yield Request("Return the bounding box of the second largest shape as JSON", (by_size[1],))
    yield Request("Detect the two smallest items", tuple(by_size[-2:]))
    across = sorted(drawn, key=lambda one: one.middle[0])
    yield Request("Detect the third shape from the left", (across[2],))
    yield Request("Outline the rightmost shape", (across[-1],))
