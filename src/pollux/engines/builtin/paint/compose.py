"""Subjects on a stage: how many, how large, where, with their shadows; light, steam and weather around them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from pollux.engines.builtin.paint import settings, settings_rooms
from pollux.engines.builtin.paint.arrange import ALIVE, NEAR, SMALL, arrange
from pollux.engines.builtin.paint.colours import hexed, rgb
from pollux.engines.builtin.paint.effects import Put, reflection, shadow, steam, weather
from pollux.engines.builtin.paint.figure import SKY, Maker
from pollux.engines.builtin.paint.joined import Figure
from pollux.engines.builtin.paint.pen import Pen
from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.svg import Sheet

MOST = 60  # figures in a picture
TOGETHER = 6  # so many of a kind share the vase or the bench that they are in or on
OUTLINED = ("noir", "ink", "kawaii", "neon", "cartoon", "papercut", "pixel", "anatomical")
"""Styles that draw lines around what stands in front: rain and steam stay behind it there."""
_INDOORS = frozenset(
    ("windowsill", "couch-and-lamp", "seat", "bed", "rug", "bookcase", "shelf", "desk", "pillow", "fireplace", "stove")
)
_HOMES = (  # groups of drawings, and where such things are
    ("place-", "meadow"), ("transport-water", "sea"), ("animal-marine", "underwater"), ("transport-ground", "street"),
    ("transport-air", "sky"), ("animal-", "meadow"),
)  # fmt: skip
_OWN_HOMES = (  # places of single things
    ("snow", "snowman snowman-without-snow igloo penguin polar-bear christmas-tree sled skier seal walrus"),
    ("desert", "camel two-hump-camel pyramid cactus"),
    ("beach", "sandcastle palm-tree surfboard starfish beach-with-umbrella crab"),
    ("cliff", "lighthouse"),
    ("space", "astronaut rocket satellite flying-saucer ringed-planet"),
    ("sea", "galleon"),
    ("sky", "hot-air-balloon"),
)
_RAINBOW = ("red", "yellow", "blue", "green", "orange", "purple", "pink", "turquoise")
_PAIRS = frozenset(("chopsticks", "scissors", "glasses", "sunglasses", "jeans", "headphones", "trousers", "fries"))
_FIRES = frozenset(("campfire-logs", "fire", "candle", "fireplace", "red-paper-lantern", "diya-lamp"))
_AIR = ("steam", "vapor", "vapour")
_WITHIN = ("on", "in", "above", "behind")


def compose(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> list[Put]:
    """Draws the setting and all shadows on `back`, the subjects and the weather on `front`; both may be one sheet."""
    scene = at_home(scene, maker)
    hour = settings.hour_of(scene)
    flat = maker.look == "flat"
    pen = Pen(back, rng, hour, left="right" not in scene.light.side, flat=flat, disc=not _has_disc(scene))
    stage = settings.draw(scene, pen)
    figures = figures_of(scene, maker, rng)
    small = all(figure.size <= SMALL and not figure.kind.startswith(ALIVE) for _, figure in figures)
    if figures and small and not stage.air and settings.needs_table(scene):
        stage = settings_rooms.tabletop(pen, stage)
    puts = arrange(figures, scene, stage, front.width, front.height)
    near = Pen(front, rng, hour, left=pen.left, flat=flat)
    for put in puts:
        if hour.dark and _FIRES & {put.figure.entry, *put.figure.parts}:
            pen.halo(put.x, put.foot - put.height * 0.3, max(put.width, put.height) * 1.3, "#ff9a3a", 0.55)
        if not stage.air and not put.floats and put.foot < front.height * 0.985:
            shadow(pen, put, stage)
            if stage.reflects:
                reflection(pen, put, stage.reflects)
    soft = scene.style == "photo" or scene.camera.blur or scene.camera.shot in NEAR
    for put in puts:
        (pen if put.far and soft else near).sheet.add(
            put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height, flip=put.flip)
        )
    air = pen if scene.style in OUTLINED else near
    if steams(scene) and puts:
        steam(air, puts[0])
    if not settings.is_inside(scene):
        weather(air, scene.weather)
    return puts


def at_home(scene: Scene, maker: Maker) -> Scene:
    """The scene in a setting that suits its things, where it names none: a castle in a meadow, a whale in the sea."""
    if not scene.setting and not scene.surface:
        for how, thing in (pair for one in scene.subjects for pair in one.with_):
            if how in _WITHIN and settings.is_place(thing.name):
                whole = " ".join((*thing.colours, *thing.attributes, thing.name))
                return (
                    replace(scene, surface=whole) if settings.is_surface(whole) else replace(scene, setting=thing.name)
                )
    if scene.setting and not settings.is_place(scene.setting):  # no scenery, but perhaps a drawing: a castle
        found = maker.art.find(scene.setting)
        if found is not None and found.kind.startswith("place"):
            return replace(scene, setting="meadow", subjects=(*scene.subjects, Subject(scene.setting)))
    named = scene.setting or scene.surface or scene.background
    if named or scene.style in ("anatomical", "neon", "pencil", "ink"):
        return scene
    things = [found for one in scene.subjects for _, thing in one.with_ if (found := maker.art.find(thing.name))]
    if any(found.name in _INDOORS for found in things):
        return replace(scene, setting="living room")
    names = [name for one in scene.subjects for name in (one.name, *(thing.name for _, thing in one.with_))]
    own = [found.name for found in map(maker.art.find, names) if found is not None]
    if place := next((place for place, entries in _OWN_HOMES if set(entries.split()) & set(own)), ""):
        return replace(scene, setting=place)
    kinds = [found.kind for found in map(maker.art.find, names) if found is not None]
    for kind, place in _HOMES:
        if any(own.startswith(kind) for own in kinds):
            return replace(scene, setting=place)
    return scene


def steams(scene: Scene) -> bool:
    """Whether something in the picture is hot: the steam is drawn above the first thing."""
    told = " ".join(word for one in scene.subjects for word in one.attributes).lower()
    return "steam" in told or "hot" in told.split() or any(one.name in _AIR for one in scene.subjects)


def shows_ground(scene: Scene) -> bool:
    """Whether people are seen from head to foot: in a place, in company, or on something."""
    alone = sum(one.count for one in scene.subjects) == 1
    return bool(scene.setting) or not alone or any(how in ("on", "riding", "in") for how, _ in scene.subjects[0].with_)


def _has_disc(scene: Scene) -> bool:
    """Whether the sun or the moon is among the subjects."""
    names = [name for one in scene.subjects for name in (one.name, *(thing.name for _, thing in one.with_))]
    return any(word in ("sun", "moon", "sunset", "sunrise") for name in names for word in name.lower().split())


def figures_of(scene: Scene, maker: Maker, rng: random.Random) -> list[tuple[Subject, Figure]]:
    """Every figure by itself, in the order of the subjects."""
    out: list[tuple[Subject, Figure]] = []
    company: list[Figure] = []
    for index, subject in enumerate(scene.subjects):
        if len(scene.subjects) > 1 and (settings.shows(scene, subject.name) or subject.name in _AIR):
            continue
        kept = tuple(
            (how, thing)
            for how, thing in subject.with_
            if how not in (*_WITHIN, "under") or not settings.is_place(thing.name)
        )
        bare = replace(subject, count=1, with_=kept)
        high = [thing for _, thing in kept if (found := maker.art.find(thing.name)) and found.name in SKY]
        out += [(thing, maker.figure(replace(thing, count=1), rng)) for thing in high]  # no company, but the sky's
        kept = tuple(pair for pair in kept if pair[1] not in high)
        bare = replace(bare, with_=kept)
        if _sits_with_next(scene.subjects, index):
            company += [maker.figure(bare, rng) for _ in range(subject.count)]
            continue
        if 1 < subject.count + len(company) <= TOGETHER and any(how in ("on", "in") for how, _ in kept):
            out.append((subject, maker.together(bare, subject.count, rng, company)))
            company = []
            continue
        out += [(subject, figure) for figure in company]
        company = []
        pair = subject.count == 3 and maker.art.knows(subject.name) and bool(_PAIRS & set(subject.name.lower().split()))
        many = {"colorful", "colourful", "multicolored", "multicoloured"} & set(subject.attributes)
        for number in range(min(1 if pair else subject.count, MOST - len(out))):
            if many and subject.count > 1:
                bare = replace(bare, colours=(_RAINBOW[number % len(_RAINBOW)],))
            out.append((subject, maker.figure(bare, rng)))
    return out


def _sits_with_next(subjects: Sequence[Subject], index: int) -> bool:
    """Whether a subject shares what a later one is on: "two cats and a dog sitting on a bench" are three sitters."""
    one, later = subjects[index], subjects[index + 1 :]
    pose = set(one.attributes) & {"sitting", "seated", "lying", "sleeping", "standing"}
    if one.with_ or not pose or not later or one.count + sum(other.count for other in later) > TOGETHER:
        return False
    return all(pose & set(other.attributes) for other in later) and any(how == "on" for how, _ in later[-1].with_)


def is_clear(scene: Scene) -> bool:
    """Whether the ground is to be see-through."""
    return scene.background == "transparent"


def ground(scene: Scene, otherwise: str) -> str:
    """The asked colour behind everything as "#rrggbb"."""
    return hexed(scene.background, otherwise) if rgb(scene.background) else otherwise
