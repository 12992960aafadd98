"""What the built-in engine does for others: boxes for words, and masks for boxes (`engines.specialists`)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING

from blake3 import blake3

from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.specialists.base import Cancelled, Found, Map, PixelBox, Pixels
from pollux.media.handle import Media
from pollux.media.picture import encode_png

if TYPE_CHECKING:
    from pollux.engines.builtin.meaning import Meaning
    from pollux.engines.builtin.perceive import Perceiver


class Helper:
    """A `Finder` and a `Masker` with the engine's own eyes, which remember what they saw."""

    def __init__(self, perceiver: Callable[[], Perceiver], meaning: Meaning) -> None:
        self._perceiver, self._meaning = perceiver, meaning

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> list[Found]:
        """The things that each label means, best first; a thing that several mean comes once, under the first."""
        from pollux.engines.builtin.pixels import fit  # noqa: PLC0415 - OpenCV loads with the first look
        from pollux.engines.builtin.seeing.show import Picture, Show  # noqa: PLC0415

        media = _media(pixels)
        scene = self._scene(media, cancelled)
        shower = Show(self._perceiver(), self._meaning, cancelled)
        picture = Picture(media, scene, lambda _, side: fit(pixels, side))
        found: dict[PixelBox, Found] = {}
        for label in labels:
            for thing in shower.named(picture, label):
                box = thing.box.left, thing.box.top, thing.box.right, thing.box.bottom
                if thing.box.width >= 1 and thing.box.height >= 1:
                    found.setdefault(box, Found(box, label, thing.score))
        return sorted(found.values(), key=lambda one: -one.score)

    def masks(self, pixels: Pixels, boxes: Sequence[PixelBox]) -> Generator[Map, None, None]:
        """A map a box, in the box's own pixels."""
        if not boxes:
            return
        from pollux.engines.builtin.seeing.cut import cut  # noqa: PLC0415 - OpenCV loads with it

        scene = self._scene(_media(pixels), lambda: False)
        for box in boxes:
            yield cut(pixels, Thing("object", ("object",), Box(*box)), scene)

    def close(self) -> None:
        """The eyes are the engine's, which closes them."""

    def _scene(self, media: Media, cancelled: Cancelled) -> Scene:
        """Text is read where a picture is no photograph."""
        scene = self._perceiver().perceive(media, reading=False, cancelled=cancelled)
        if scene.kind == "photograph" or scene.text_read:
            return scene
        return self._perceiver().perceive(media, reading=True, cancelled=cancelled)


def _media(pixels: Pixels) -> Media:
    """The pixels as the eyes take them: a picture in a file."""
    data = encode_png(pixels)
    return Media("image", "image/png", data, blake3(data).hexdigest(), pixels.shape[1], pixels.shape[0])
