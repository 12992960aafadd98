"""The one entry to the finders: which of them a picture and a wish call for, and what they find together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from pollux.engines.builtin.boxes import overlap
from pollux.engines.builtin.colours import NAMES, named
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import Wanted

if TYPE_CHECKING:
    from pollux.engines.builtin.classify import Classifier
    from pollux.engines.builtin.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Aid:
    """What finders may use: the words asked for, the classifier, nearness of meaning; and when to stop."""

    words: tuple[str, ...]
    classifier: Callable[[], Classifier]
    meaning: Meaning
    cancelled: Callable[[], bool]


SIDE = 1024  # pixels: photographs are searched reduced to this
SIDE_FINE = 2400  # pixels: pages and screens, whose parts are small
_SURE = 0.5  # of a drawn thing's name
_ELEMENTS = (
    "button", "field", "checkbox", "link", "icon", "menu", "tab", "slider", "input", "dropdown", "radio", "toggle",
    "switch", "logo",
)  # fmt: skip
_PLOTTED = ("bar", "slice", "legend", "axis", "axe", "wedge", "plot", "chart", "graph")
_PAPERED = ("table", "signature", "stamp", "seal", "cell", "row", "column", "figure")
_OF_KIND: dict[str, tuple[str, ...]] = {
    "photograph": ("photo",),
    "drawing": ("flat",),
    "blank": (),
    "screenshot": ("screen",),
    "chart": ("plots",),
    "document": ("pages",),
    "code": (),
}


def side(scene: Scene) -> int:
    """How large a picture's longer side is when things are looked for, in pixels."""
    return SIDE if scene.kind == "photograph" else SIDE_FINE


def finders(scene: Scene, wanted: Wanted) -> tuple[str, ...]:
    """Who has to look: those for the kind of picture, and those for what is asked; nobody for text, faces and codes."""
    if _is_known(wanted):
        return ()
    names = [*_OF_KIND[scene.kind]]
    for asked, name in ((_ELEMENTS, "screen"), (_PLOTTED, "plots"), (_PAPERED, "pages")):
        if wanted.speaks_of(*asked) and scene.kind != "photograph":
            names.append(name)
    return tuple(dict.fromkeys(names))


def _is_known(wanted: Wanted) -> bool:
    """Whether only such things are wanted as every scene holds already."""
    if wanted.quotes and not wanted.nouns:
        return True
    known = (
        "text",
        "word",
        "line",
        "letter",
        "paragraph",
        "face",
        "code",
        "qr",
        "barcode",
        "title",
        "heading",
        "number",
    )
    return bool(wanted.nouns) and all(replace(wanted, nouns=(noun,)).speaks_of(*known) for noun in wanted.nouns)


def find(pixels: Pixels, scene: Scene, name: str, aid: Aid) -> list[Thing]:
    """What one finder finds, in pixels of the upright picture; the finder sees pixels and scene in one size."""
    height, width = pixels.shape[:2]
    found = _run(name, pixels, scaled(scene, width, height), aid)
    across, down = scene.width / width, scene.height / height
    out = []
    for thing in found:
        box = _inside(
            Box(thing.box.left * across, thing.box.top * down, thing.box.right * across, thing.box.bottom * down), scene
        )
        out.append(replace(thing, box=box))
    return out


def _run(name: str, pixels: Pixels, scene: Scene, aid: Aid) -> list[Thing]:
    """Finders load when they are first wanted."""
    match name:
        case "photo":
            from pollux.engines.builtin.seeing.photo import find_objects  # noqa: PLC0415

            if drawn := _drawn(pixels, scene):
                return drawn
            eyes = aid.classifier()
            return find_objects(pixels, scene, aid.words, classifier=eyes, meaning=aid.meaning, cancelled=aid.cancelled)
        case "screen":
            from pollux.engines.builtin.seeing.screen import find_elements  # noqa: PLC0415

            return find_elements(pixels, scene)
        case "plots":
            from pollux.engines.builtin.seeing.plots import find_chart  # noqa: PLC0415

            return find_chart(pixels, scene)
        case "pages":
            from pollux.engines.builtin.seeing.pages import find_parts  # noqa: PLC0415

            return find_parts(pixels, scene)
    return _flat(pixels, scene)


def _flat(pixels: Pixels, scene: Scene) -> list[Thing]:
    module = f"{__package__}.flat"
    found: list[Thing] = import_module(module).find_flat(pixels, scene) if find_spec(module) else []
    return found


def _drawn(pixels: Pixels, scene: Scene) -> list[Thing]:
    """Drawn things on a smooth ground that passes for a photograph; [] unless a third of them have sure names."""
    from pollux.engines.builtin.seeing.ground import is_even  # noqa: PLC0415

    found = _flat(pixels, scene) if is_even(fit(pixels, 512)) else []
    return found if sum(one.score >= _SURE for one in found) > len(found) / 3 else []


def scaled(scene: Scene, width: int, height: int) -> Scene:
    """The scene as seen in a picture of another size."""
    if (width, height) == (scene.width, scene.height):
        return scene
    across, down = width / scene.width, height / scene.height

    def sized(box: Box) -> Box:
        return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)

    def line(one: TextLine) -> TextLine:
        return replace(one, box=sized(one.box), pieces=tuple(line(piece) for piece in one.pieces))

    return replace(
        scene, width=width, height=height,
        lines=tuple(line(one) for one in scene.lines),
        faces=tuple(replace(one, box=sized(one.box)) for one in scene.faces),
        codes=tuple(replace(one, box=sized(one.box)) for one in scene.codes),
        shapes=tuple(replace(one, box=sized(one.box)) for one in scene.shapes),
    )  # fmt: skip


def together(lists: Sequence[Sequence[Thing]]) -> list[Thing]:
    """The lists as one, each thing once: of two that are the same the later list's stays, for it knows more."""
    every: list[Thing] = []
    origin: list[int] = []
    for number, things in enumerate(lists):
        first = len(every)
        every += [replace(one, part_of=one.part_of + first if one.part_of >= 0 else -1) for one in things]
        origin += [number] * len(things)
    stands = list(range(len(every)))
    for i, one in enumerate(every):
        twin = next((j for j in range(i + 1, len(every)) if origin[j] > origin[i] and _same(one, every[j])), -1)
        stands[i] = twin if twin >= 0 else i
    kept = [i for i in range(len(every)) if stands[i] == i]
    place = {old: new for new, old in enumerate(kept)}

    def parent(index: int) -> int:
        while index >= 0 and stands[index] != index:
            index = stands[index]
        return place.get(index, -1)

    return [replace(every[i], part_of=parent(every[i].part_of)) for i in kept]


def _same(one: Thing, other: Thing) -> bool:
    """Whether two finders mean the same thing; a button and the words on it are two."""
    if (one.kind == "text") != (other.kind == "text"):
        return False
    return overlap(one.box, other.box) > 0.7


def coloured(things: Sequence[Thing], pixels: Pixels, scene: Scene) -> list[Thing]:
    """The things, those without a colour given the one that rules inside their box, where one does."""
    across, down = pixels.shape[1] / scene.width, pixels.shape[0] / scene.height
    out = []
    for thing in things:
        if thing.colour or thing.kind == "code":
            out.append(thing)
            continue
        b = thing.box
        left, top = int(b.left * across), int(b.top * down)
        crop = pixels[top : max(top + 1, round(b.bottom * down)), left : max(left + 1, round(b.right * across))]
        out.append(replace(thing, colour=_ink_of(crop) if thing.kind == "text" else _rule_of(crop)))
    return out


def _rule_of(crop: Pixels) -> str:
    """The colour of at least a third of the middle of a box."""
    high, wide = crop.shape[0] // 6, crop.shape[1] // 6
    middle = crop[high : crop.shape[0] - high, wide : crop.shape[1] - wide]
    counts = np.bincount(named(middle).ravel(), minlength=len(NAMES))
    return NAMES[int(counts.argmax())] if counts.size and counts.max() >= counts.sum() / 3 else ""


def _ink_of(crop: Pixels) -> str:
    """The colour of print: that of the pixels that differ most from the ground."""
    values = crop.reshape(-1, 3).astype(np.int16)
    ground = np.median(values, axis=0)
    far = np.abs(values - ground).sum(axis=1)
    ink = values[far >= max(60, float(far.max()) * 0.7)]
    if not len(ink):
        return ""
    shade = np.median(ink, axis=0).astype(np.uint8)
    return NAMES[int(named(shade.reshape(1, 1, 3))[0, 0])]


def _inside(box: Box, scene: Scene) -> Box:
    left = min(max(box.left, 0.0), scene.width - 1.0)
    top = min(max(box.top, 0.0), scene.height - 1.0)
    right = min(max(box.right, left + 1.0), float(scene.width))
    return Box(left, top, right, min(max(box.bottom, top + 1.0), float(scene.height)))
