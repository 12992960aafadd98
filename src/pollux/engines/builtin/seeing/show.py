"""Boxes, points and masks of the pictures of one prompt: looked for, chosen, labelled and put in form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pollux.engines.builtin import facts
from pollux.engines.builtin.boxes import within
from pollux.engines.builtin.filling.schema import type_of
from pollux.engines.builtin.filling.sources import Field, Row, Source
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.seeing import form, labels
from pollux.engines.builtin.seeing.choose import chosen, label_nouns
from pollux.engines.builtin.seeing.cut import cut
from pollux.engines.builtin.seeing.demand import Demand
from pollux.engines.builtin.seeing.find import Aid, coloured, find, finders, side, together
from pollux.engines.builtin.seeing.nouns import Sight, by_noun
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import Wanted
from pollux.engines.builtin.seeing.wanted import wanted as wanted_of
from pollux.engines.builtin.seeing.words import known
from pollux.errors import Cancelled
from pollux.media.handle import Media
from pollux.media.picture import decode

if TYPE_CHECKING:
    from pollux.engines.builtin.perceive import Perceiver


AT_ONCE = 2
"""Masks that are cut at a time: most of the work knows one core only."""
FEW = 2
"""Shapes beside what a closer look found, which it took for the ground; more are a pattern."""


@dataclass(slots=True)
class Picture:
    """A picture and its scene; the pixels are decoded when they are first needed, and stay for one prompt."""

    media: Media
    scene: Scene
    decode: Callable[[Media, int], Pixels] = decode
    _pixels: list[Pixels] = field(default_factory=list)

    def pixels(self) -> Pixels:
        """Upright RGB, its longer side as long as looking for things needs."""
        if not self._pixels:
            self._pixels.append(self.decode(self.media, side(self.scene)))
        return self._pixels[0]


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing of an answer, with all that an entry may say of it."""

    thing: Thing
    label: str
    picture: Picture
    mask: Pixels | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """Looks for things in pictures, for one prompt."""

    perceiver: Perceiver
    meaning: Meaning
    cancelled: Callable[[], bool]

    def things(self, picture: Picture, wanted: Wanted) -> list[Thing]:
        """All that is found there by whoever the wish calls for; remembered for the next question."""
        lists: list[Sequence[Thing]] = [known(picture.scene)]
        for name in finders(picture.scene, wanted):
            self._go_on()
            lists.append(self._found(picture, name, wanted.nouns))
        found = together(_closer(lists))
        shades = (
            wanted.colours or (wanted.without and wanted.without.colours) or re.search(r"colou?r|unique", wanted.naming)
        )
        if shades and any(not one.colour for one in found):
            return coloured(found, picture.pixels(), picture.scene)
        return found

    def _found(self, picture: Picture, name: str, nouns: tuple[str, ...]) -> tuple[Thing, ...]:
        """What one finder finds; only photographs are looked at anew for other words."""
        heads = tuple(noun.split()[-1] for noun in nouns if " " in noun)
        aid = Aid(
            (*nouns, *heads) if name == "photo" else (),
            lambda: self.perceiver.eyes().classifier,
            self.meaning,
            self.cancelled,
        )
        what = f"{name} {picture.scene.text_read} {'|'.join(aid.words)}"

        def look() -> tuple[Thing, ...]:
            return tuple(find(picture.pixels(), picture.scene, name, aid))

        return self.perceiver.recollect(picture.media.digest, what, look, cancelled=self.cancelled)

    def shown(self, picture: Picture, wanted: Wanted, demand: Demand) -> list[Shown]:
        """What is wanted of one picture, labelled, with masks where the answer needs them."""
        sight = Sight(self.things(picture, wanted), picture.scene, self.meaning, self._pixels(picture, wanted))
        found = chosen(sight, wanted)
        if demand.options:
            pairs = self._by_options(sight, found, demand.options)
        else:
            pairs = list(zip(found, labels.labels(found, wanted.naming, picture.scene, self.meaning), strict=True))
        every = wanted.form == "masks" or demand.mask
        drawn = [
            thing for thing, _ in pairs
            if every or (wanted.form == "points" and thing.kind in ("object", "shape"))
        ]  # fmt: skip
        masks = self._cut(picture, drawn) if drawn else {}
        return [Shown(thing, label, picture, masks.get(id(thing))) for thing, label in pairs]

    def _cut(self, picture: Picture, things: Sequence[Thing]) -> dict[int, Pixels]:
        """The mask of each thing, by its identity."""
        pixels = picture.pixels()

        def one(thing: Thing) -> Pixels:
            self._go_on()
            return cut(pixels, thing, picture.scene)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return {id(thing): mask for thing, mask in zip(things, pool.map(one, things), strict=True)}

    def named(self, picture: Picture, noun: str) -> list[Thing]:
        """The things that a phrase means: "the red buttons"."""
        want = wanted_of(f"detect {noun}")
        if not want.nouns and not want.colours:
            return []
        return chosen(Sight(self.things(picture, want), picture.scene, self.meaning), want)

    def _by_options(self, sight: Sight, found: Sequence[Thing], options: Sequence[str]) -> list[tuple[Thing, str]]:
        """The things that one of the schema's labels names, with that label."""
        out = []
        named = {option: by_noun(replace(sight, things=found), noun) for option, noun in label_nouns(options).items()}
        for thing in found:
            label = next((option for option, some in named.items() if any(one is thing for one in some)), "")
            label = label or labels.best(thing, options, self.meaning)
            if label:
                out.append((thing, label))
        return out

    def _pixels(self, picture: Picture, wanted: Wanted) -> Pixels | None:
        """Pixels where words have to be cut out of lines."""
        fine = wanted.quotes or wanted.speaks_of(
            "word", "price", "date", "number", "amount", "email", "phone", "url", "time"
        )
        return picture.pixels() if fine and picture.scene.lines else None

    def _go_on(self) -> None:
        if self.cancelled():
            raise Cancelled


def entries(shown: Sequence[Shown], wanted: Wanted) -> list[dict[str, Any]]:
    """The answer's entries."""
    return [form.entry(one.thing, one.label, one.picture.scene, wanted, one.mask) for one in shown]


@dataclass(frozen=True, slots=True)
class Placed:
    """A shown thing as the source of a schema's fields."""

    shown: Shown
    wanted: Wanted
    demand: Demand
    image: int = 1

    def value(self, field: Field) -> Any:
        """A fact of the thing by the field's name, in the field's type."""
        options = [value for value in field.node.get("enum", ()) if isinstance(value, str)]
        if options:
            return self.shown.label if self.shown.label in options else None
        kind = type_of(field.node)
        if kind == "string" and re.search(r"\bmask\b|\bsegmentation\b", field.name):
            return form.as_url(self.shown.mask, self.shown.thing.box, self.shown.picture.scene)
        if kind == "string" and re.fullmatch(r"(?:.* )?b?box(?:es)?(?: 2d)?", field.name):
            return json.dumps(self._box())
        return Row(self._record()).value(field)

    def values(self, field: Field) -> list[Any] | None:
        """Four numbers of a box or two of a point."""
        node = field.node
        if re.search(r"\bpoint|\bcent(?:er|re)\b", field.name) or (node or {}).get("maxItems") == 2:
            return list(self._point())
        if re.search(r"\bbox|\bbbox|\bbound|\brect|\bcoordinates?\b|\blocation\b|\bposition\b", field.name):
            return list(self._box())
        if re.search(r"\bnames?\b|\btags?\b|\blabels?\b", field.name):
            return [self.shown.label]
        return None

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:  # noqa: ARG002
        """A list of boxes of one thing is its one box."""
        return [self]

    def _box(self) -> list[int] | list[float]:
        return form.measured(self.shown.thing.box, self.shown.picture.scene, self.wanted.unit, self.wanted.order)

    def _point(self) -> list[int] | list[float]:
        at = form.inside(self.shown.thing.box, self.shown.mask)
        return form.point(at, self.shown.picture.scene, self.wanted.unit, self.wanted.order)

    def _record(self) -> dict[str, Any]:
        """Facts by the names that `filling.records` has synonyms for; the box's edges under the usual ones."""
        thing, scene = self.shown.thing, self.shown.picture.scene
        top, left, bottom, right = form.measured(thing.box, scene, self.wanted.unit)
        y, x = form.point(form.inside(thing.box, self.shown.mask), scene, self.wanted.unit)
        edges = {name: value for names, value in (
            (("ymin", "y min", "y0", "top"), top), (("xmin", "x min", "x0", "left"), left),
            (("ymax", "y max", "y2", "bottom"), bottom), (("xmax", "x max", "x2", "right"), right),
            (("y1",), bottom if self.demand.from_zero else top), (("x1",), right if self.demand.from_zero else left),
            (("y",), top if self.demand.box else y), (("x",), left if self.demand.box else x),
            (("width", "w"), right - left), (("height", "h"), bottom - top),
        ) for name in names}  # fmt: skip
        return {
            **edges, "name": self.shown.label, "score": round(thing.score, 3), "text": thing.text,
            "colour": thing.colour, "position": facts.place(thing.box, scene), "state": thing.state,
            "image": self.image,
            "family": labels.sort_of(thing), "index": self.image,
        }  # fmt: skip


def _closer(lists: Sequence[Sequence[Thing]]) -> list[Sequence[Thing]]:
    """The lists without the first one's shapes where somebody who looked closer has them too.

    A nameless thing that holds several of them is no closer look: they touch each other, or stand on one ground.
    """
    first, *rest = lists
    shapes = [one for one in first if one.kind == "shape"]
    blurs = [
        one
        for some in rest
        for one in some
        if one.name == "object" and sum(within(shape.box, one.box) for shape in shapes) > 1
    ]
    rest = [[one for one in some if one not in blurs] for some in rest]
    seen = [one for some in rest for one in some if one.kind in ("shape", "object")]
    alone = [shape for shape in shapes if all(_apart(shape, one) for one in seen)]
    if seen and len(alone) > FEW:  # stripes, dots: what things lie on
        alone = []
    return [[one for one in first if one.kind != "shape" or one in alone], *rest]


def _apart(shape: Thing, one: Thing) -> bool:
    """Whether neither holds the other's middle."""
    pairs = ((shape.box, one.box), (one.box, shape.box))
    return not any(
        outer.left <= inner.centre[0] <= outer.right and outer.top <= inner.centre[1] <= outer.bottom
        for inner, outer in pairs
    )
