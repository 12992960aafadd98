"""A subject as a figure: its drawing in its colours, with what it wears, holds, rides or stands on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pollux.engines.builtin.english import singular
from pollux.engines.builtin.paint import signs, svg
from pollux.engines.builtin.paint.art import Art, Drawing, Look, Near, place
from pollux.engines.builtin.paint.bodies import FACES, HEADS, MOODS, PEOPLE, standing, with_body, with_bust, with_legs
from pollux.engines.builtin.paint.colours import rgb
from pollux.engines.builtin.paint.joined import Box, Figure, joined
from pollux.engines.builtin.paint.people import person_entry, tone_of
from pollux.engines.builtin.paint.plan import Subject
from pollux.engines.builtin.paint.recolour import recoloured

_FRONTAL = frozenset(("sitting", "seated", "cute", "adorable", "smiling", "happy"))
_SKY_TEXT = (
    "sun moon crescent-moon full-moon star cloud rainbow comet shooting-star glowing-star fireworks sun-with-face"
)
SKY = frozenset(_SKY_TEXT.split())


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes figures from an archive; `placeholder` draws what is not known; `cute` faces the viewer on a round body.

    `whole` people have legs; else they are cut off at the chest.  `tone` is the skin of people of whom no more is said
    than their sex and age: one scene's are of one family.
    """

    art: Art
    look: Look = "colour"
    near: Near | None = None
    placeholder: Callable[[str], tuple[str, float, float]] | None = None
    cute: bool = False
    whole: bool = False
    tone: str = ""

    def figure(self, subject: Subject, rng: random.Random) -> Figure:
        """One figure (not `count`) of a subject, with what belongs to it."""
        subject = self._named(subject)
        figure = self._alone(subject, rng)
        for relation, thing in subject.with_:
            figure = self._with(figure, relation, thing, rng)
        return figure

    def _with(self, figure: Figure, relation: str, thing: Subject, rng: random.Random) -> Figure:
        thing = self._named(thing)
        told = thing.name.lower().split()
        words = {singular(word) for word in told} | set(told)
        if relation == "beside" and thing.count == 2:  # between the two
            other = self._alone(thing, rng)
            return joined(joined(figure, other, "left of", words), other, "beside", words)
        return joined(figure, self._alone(thing, rng), relation, words)

    def together(self, subject: Subject, count: int, rng: random.Random, others: Sequence[Figure] = ()) -> Figure:
        """Several of a subject, and others, side by side as one figure, in or on one and the same thing."""
        shared = tuple(pair for pair in subject.with_ if pair[0] in ("on", "in"))
        own = replace(subject, with_=tuple(pair for pair in subject.with_ if pair not in shared))
        figures = [*others, *(self.figure(own, rng) for _ in range(count))]
        within = any(how == "in" for how, _ in shared)
        tallest = max(figure.size for figure in figures)
        foot = max(figure.height for figure in figures)
        markup, x = [], 0.0
        for figure in figures:
            times = foot / figure.height * (figure.size / tallest) ** 0.6
            markup.append(
                f'<g transform="translate({x:.2f} {foot - figure.height * times:.2f})scale({times:.4f})">'
                f"{figure.markup}</g>"
            )
            x += figure.width * times * (0.72 if within else 1.06)
        last = figures[-1].width * foot / figures[-1].height * (figures[-1].size / tallest) ** 0.6
        whole = x + last * (1 - (0.72 if within else 1.06))
        both = replace(figures[0], markup="".join(markup), width=whole, height=foot, bust=False)
        for relation, thing in shared:
            both = self._with(both, relation, thing, rng)
        return both

    def _named(self, subject: Subject) -> Subject:
        """The subject under the name that says most: a "bamboo" "hat" is a bamboo hat, a banana dish is on a plate."""
        for word in (*reversed(subject.attributes), *subject.colours):
            if self._better(f"{word} {subject.name}", subject.name):
                rest = tuple(other for other in subject.attributes if other != word)
                kept = tuple(other for other in subject.colours if other != word)
                return replace(subject, name=f"{word} {subject.name}", attributes=rest, colours=kept)
        dish = self.art.find(subject.name)
        if dish is not None and dish.name == "plate" and dish.left and self.art.knows(dish.left[-1]):
            served = ("on", Subject("plate"))
            return replace(subject, name=dish.left[-1], with_=(*subject.with_, served))
        return subject

    def _better(self, longer: str, shorter: str) -> bool:
        """Whether the longer name has a drawing of its own: no silhouette where the shorter one has colours."""
        if not self.art.knows(longer):
            return False
        found, plain = self.art.find(longer, self.look), self.art.find(shorter, self.look)
        return found is not None and (found.look != "line" or plain is None or plain.look == "line")

    def _alone(self, subject: Subject, rng: random.Random) -> Figure:
        if signs.is_board(subject):
            markup, width, height = signs.board(subject)
            box = (0.0, 0.0, width, height)
            return Figure(markup, width, height, box, box, subject.scale * 0.9, "sign", "sign")
        figure = self._plain(subject, rng)
        if not subject.words:
            return figure
        return replace(
            figure,
            markup=figure.markup
            + signs.across(subject.words, subject.colours, figure.entry, figure.width, figure.height),
        )

    def _plain(self, subject: Subject, rng: random.Random) -> Figure:
        told = " ".join((*subject.attributes, subject.name)).lower()
        entry = person_entry(subject.name, subject.attributes)
        if entry:
            drawing: Drawing | None = self.art.draw(entry, self.look, tone_of(told, rng, self.tone))
        else:
            drawing = self.art.find(subject.name, self.look, tone=tone_of(told, rng), near=self.near)
        if drawing is None:
            return self._unknown(subject)
        drawing = self._facing(drawing, subject)
        colours = subject.colours or (*(word for word in subject.attributes if rgb(word)), *drawing.left)
        if drawing.look == "line" and not subject.colours:
            colours = (*colours, _usual(subject.name, rng))
        clothed = drawing.name in PEOPLE
        if not clothed:
            drawing = recoloured(drawing, colours, subject.attributes)
        made = _made(drawing)
        if drawing.name in HEADS:
            markup, width, height, head, hand = with_body(drawing)
            made = replace(made, markup=markup, width=width, height=height, head=head, hand=hand)
        elif clothed and self.whole:
            made = standing(drawing, subject, rng)
        elif clothed:
            markup, width, height, head, hand = with_bust(drawing, subject, rng)
            made = replace(made, markup=markup, width=width, height=height, head=head, hand=hand, bust=True)
        elif made.bust and self.whole:
            made = with_legs(made, drawing)
        return replace(made, size=size_of(drawing, subject))

    def _facing(self, drawing: Drawing, subject: Subject) -> Drawing:
        """The animal's face, to be put on a body, where that suits: for what it wears or holds, and for its mood."""
        told = set(" ".join(subject.attributes).lower().split())
        mood = (
            next((entry for word, entry in MOODS.items() if word in told), "") if drawing.name.startswith("cat") else ""
        )
        busy = any(how in ("wearing", "holding", "eating") for how, _ in subject.with_) or told & _FRONTAL
        if mood or (drawing.name in FACES and (self.cute or busy)):
            return replace(self.art.draw(mood or FACES[drawing.name], self.look), left=drawing.left)
        return drawing

    def _unknown(self, subject: Subject) -> Figure:
        if self.placeholder is None:
            markup, width, height = '<rect width="100" height="100" rx="16" fill="#d9dde5"/>', 100.0, 100.0
        else:
            markup, width, height = self.placeholder(subject.name)
        box = (width * 0.2, 0.0, width * 0.6, height * 0.3)
        return Figure(markup, width, height, box, (width * 0.7, height * 0.5, width * 0.3, height * 0.3), known=False)


def size_of(drawing: Drawing, subject: Subject) -> float:
    """How tall a thing stands beside a person of 1; differences of nature, flattened so that all can be seen."""
    sizes = {
        "animal-bug": 0.28, "animal-bird": 0.5, "animal-marine": 0.6, "animal-reptile": 0.6, "animal-amphibian": 0.4,
        "animal-mammal": 0.85, "food-fruit": 0.36, "food-vegetable": 0.38, "food-prepared": 0.42, "food-asian": 0.4,
        "food-sweet": 0.4, "drink": 0.42, "dishware": 0.4, "plant-flower": 0.5, "plant-other": 1.0,
        "place-building": 2.1, "place-geographic": 2.4, "place-other": 1.6, "transport-ground": 1.05,
        "transport-water": 1.2, "transport-air": 1.0, "household": 0.7, "clothing": 0.45, "phone": 0.3,
        "computer": 0.45,         "book-paper": 0.35, "writing": 0.3, "tool": 0.4, "music": 0.5,
        "musical-instrument": 0.6, "time": 0.4,
        "sky-weather": 0.7, "light-video": 0.4, "game": 0.45, "event": 0.55, "sport": 0.45,
    }  # fmt: skip
    own = {
        "campfire-logs": 0.5, "boulder": 0.7, "altar": 0.9, "fence": 0.7, "stone-wall": 0.8, "path": 0.5, "swing": 1.4,
        "well": 1.0, "gate": 1.2, "mailbox": 0.7, "lamp-street": 1.7, "sandcastle": 0.55, "stairs": 1.0, "stage": 1.6,
        "hay-bale": 0.6, "hedge": 0.7, "barrel": 0.5, "crate": 0.5, "cannon": 0.6, "tank": 1.1, "bench-park": 0.6,
        "table-wooden": 0.65, "bookcase": 1.3, "fridge": 1.3, "stove": 0.8, "wardrobe": 1.35, "fireplace": 1.1,
        "throne": 1.2, "armchair": 0.85, "toaster": 0.35, "microwave": 0.4, "blender": 0.4, "curtain": 1.4,
        "lamp-table": 0.5, "pillow": 0.3, "rug": 0.3, "armor": 1.0, "spacesuit": 1.0, "surfboard": 1.1,
        "skateboard-side": 0.3, "ostrich": 1.1, "seagull": 0.4, "starfish": 0.3, "hummingbird": 0.28, "walrus": 0.8,
        "sports-car": 0.7, "teapot": 0.3,
        "fish": 0.35, "tropical-fish": 0.35, "roof": 0.8, "pond": 0.6, "river": 0.8, "scarecrow": 1.0,
        "elephant": 1.35, "mammoth": 1.35, "giraffe": 1.6, "mouse": 0.32, "rat": 0.35, "hamster": 0.35, "rabbit":
        0.5, "cat": 0.5, "black-cat": 0.5, "dog": 0.5, "cat-sitting": 0.5, "dog-sitting": 0.55, "cat-sleeping": 0.4,
        "dog-sleeping": 0.4, "hedgehog": 0.4, "chipmunk": 0.4, "sauropod": 1.7, "t-rex": 1.6, "whale": 1.5, "shark":
        1.1, "horse": 1.15, "cow": 1.1, "deciduous-tree": 2.0, "evergreen-tree": 2.1, "palm-tree": 2.0, "cactus":
        0.9, "potted-plant": 0.55, "seedling": 0.35, "chair": 0.85, "couch-and-lamp": 1.1, "bicycle": 0.85,
        "motorcycle": 0.9, "castle": 2.4, "rocket": 1.5, "teddy-bear": 0.55, "umbrella": 0.8, "dragon": 1.5,
        "mushroom": 0.34, "brown-mushroom": 0.34, "owl": 0.55, "robot": 1.0, "snowman": 1.0, "airplane": 1.3,
        "mdi-bench": 0.42, "pumpkin": 0.5, "jack-o-lantern": 0.5, "campfire": 0.5, "hot-air-balloon": 1.8, "child":
        0.75, "boy": 0.75, "girl": 0.75, "baby": 0.5, "hammock": 0.8, "christmas-tree": 1.6, "herb": 0.4, "bamboo":
        1.2, "lighthouse": 2.3, "duck": 0.45,
    }  # fmt: skip
    person = drawing.kind.startswith("person")
    size = own.get(drawing.name, 1.0 if person else sizes.get(drawing.kind, 0.6))
    if drawing.name in HEADS:
        size = {"hamster": 0.45, "frog": 0.45, "raccoon": 0.7, "red-panda": 0.75, "fox": 0.75}.get(drawing.name, 1.0)
    told = " ".join(subject.attributes).lower()
    for words, times in (
        (("tiny", "miniature", "mini", "minute"), 0.45), (("small", "little", "baby"), 0.65),
        (("giant", "gigantic", "huge", "enormous", "colossal"), 1.9), (("large", "big", "tall", "massive"), 1.4),
    ):  # fmt: skip
        if any(word in told.split() for word in words):
            return size * times * subject.scale
    return size * subject.scale


def _made(drawing: Drawing) -> Figure:
    width, height = 100.0 * min(1.6, drawing.shape), 100.0 * min(1.6, drawing.shape) / drawing.shape
    markup = place(drawing, 0, 0, width, height)
    head, hand, cut = _anchors(drawing, width, height)
    headed = (cut > 0.6 and drawing.kind.startswith("person")) or drawing.name in ("unicorn", "horse-face")
    bust = headed and drawing.look != "line"
    return Figure(markup, width, height, head, hand, entry=drawing.name, kind=drawing.kind, bust=bust)


def _anchors(drawing: Drawing, width: float, height: float) -> tuple[Box, Box, float]:
    """Head and hand from the silhouette, and how much of the width reaches the foot.

    The head is what reaches up furthest, the hand lies low on the other side.
    """
    import numpy as np  # noqa: PLC0415

    side = 48
    box = f"{drawing.x} {drawing.y} {drawing.width} {drawing.height}"
    picture = (
        f'<svg {svg.NAMESPACES} viewBox="{box}" width="{side}" height="{side}" '
        f'preserveAspectRatio="none">{drawing.markup}</svg>'
    )
    ink = svg.raster(picture, side, side)[..., 3] > 90
    mirrored = float((ink & ink[:, ::-1]).sum()) / max(1.0, float((ink | ink[:, ::-1]).sum()))
    sideways = drawing.kind.startswith("animal") and mirrored < 0.8  # they look to the left
    upper = ink[: side // 2 if sideways else side // 3].copy()
    if sideways:
        upper[:, int(side * 0.42) :] = False
    columns = np.flatnonzero(upper.any(axis=0))
    if not len(columns):
        return (width * 0.25, 0, width * 0.5, height * 0.4), (width * 0.6, height * 0.5, width * 0.4, height * 0.4), 0.0
    middle = float(np.average(np.arange(side), weights=upper.sum(axis=0)))
    wide = min(float(columns[-1] - columns[0] + 1), side * 0.62)
    at = ink[:, int(middle) - 1 : int(middle) + 2].any(axis=1)
    top = float(np.flatnonzero(at)[0]) if at.any() else 0.0
    left = max(0.0, middle - wide / 2)
    head = (left / side * width, top / side * height, wide / side * width, height * 0.36)
    low = ink[int(side * 0.45) : int(side * 0.8)].any(axis=0)
    edge = float(np.flatnonzero(low)[-1] + 1) if low.any() else side
    if sideways:
        return head, (head[0] - width * 0.16, head[1] + height * 0.24, width * 0.34, height * 0.34), 0.0
    hand = (edge / side * width - width * 0.22, height * 0.48, width * 0.42, height * 0.36)
    return head, hand, float(ink[-2].mean())


def _usual(name: str, rng: random.Random) -> str:
    """A colour for a silhouette that has none of its own."""
    natural = {"stone": "#8d8a86", "metal": "#7f93a5", "wood": "#9a6b42", "leaf": "#4c9a4f", "water": "#4aa3d0"}
    for words, colour in (
        (
            "sword knife axe armor shield helmet gun machine engine robot pipe submarine toaster blender fridge",
            natural["metal"],
        ),
        ("fence bench barn boat barrel crate table shelf cabinet guitar ship log", natural["wood"]),
        ("tree fern leaf plant bush grass vine frog lizard", natural["leaf"]),
        ("wave river water fish whale fountain", natural["water"]),
        ("rock stone pyramid castle tower bridge wall temple", natural["stone"]),
    ):
        if set(words.split()) & set(name.lower().split()):
            return colour
    return rng.choice(("#3d6f8e", "#b5533c", "#4f7f5b", "#8a5a8f", "#c28a2e", "#44546a"))


def total(subjects: Sequence[Subject]) -> int:
    """How many figures there are to be."""
    return sum(subject.count for subject in subjects)
