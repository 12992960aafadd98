"""Which scenery a setting's words mean."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pollux.engines.builtin.paint import settings_nature as nature
from pollux.engines.builtin.paint import settings_rooms as rooms
from pollux.engines.builtin.paint import settings_town as town
from pollux.engines.builtin.paint import settings_walls as walls
from pollux.engines.builtin.paint import settings_water as water
from pollux.engines.builtin.paint.colours import rgb
from pollux.engines.builtin.paint.pen import HOURS, Hour, Pen, Stage
from pollux.engines.builtin.paint.plan import Scene

Outside = Callable[[Pen, str], Stage]
Inside = Callable[[Pen], Stage]

_OUT: tuple[tuple[str, Outside], ...] = (
    ("underwater seabed reef aquarium ocean-floor undersea deep-sea coral", water.underwater),
    ("space galaxy cosmos universe orbit nebula starfield", nature.space),
    ("moon lunar mars asteroid crater planet", nature.moon),
    ("cliff clifftop cliffs coastline bluff", water.cliff),
    ("beach shore coast seaside tropical island sand bay", water.beach),
    ("sea ocean harbor harbour waves water", water.sea),
    ("lake river pond waterfall riverside stream swamp", water.lake),
    ("desert dunes sahara canyon savanna savannah", nature.desert),
    ("snow winter snowy arctic antarctic ice glacier tundra christmas", nature.snow),
    ("autumn fall", nature.autumn),
    ("forest woods jungle woodland rainforest grove bamboo campsite camp", nature.forest),
    ("cave cavern grotto mine dungeon", nature.cave),
    ("mountain mountains alps peak valley hike himalaya", nature.mountains),
    ("farm barn field fields countryside vineyard village", town.farm),
    ("skyline city rooftop downtown metropolis cityscape plaza square urban tokyo york paris london", town.city),
    ("street road alley sidewalk pavement market town avenue highway station", town.street),
    ("sky clouds air heaven", nature.clouds),
    (
        "meadow garden park hill hills grass lawn outdoors outside nature backyard yard picnic playground zoo "
        "spring landscape",
        nature.meadow,
    ),
)  # fmt: skip
_IN: tuple[tuple[str, Inside], ...] = (
    ("windowsill sill", rooms.windowsill),
    ("kitchen bakery counter", rooms.kitchen),
    ("restaurant cafe café bar bistro pub diner dining tavern coffeehouse", rooms.restaurant),
    ("workshop atelier pottery forge workbench garage shed craft factory", rooms.workshop),
    ("library bookshop bookstore study archive", rooms.library),
    ("showroom museum gallery shop store hall lobby mall exhibition stage", rooms.showroom),
    ("classroom school", partial(rooms.room, wall="#cfdcc8", floor="#b98a5a")),
    ("bedroom nursery", partial(rooms.room, wall="#cdd3e8", floor="#c9a98a")),
    ("hospital laboratory lab clinic bathroom", partial(rooms.room, wall="#dcebf0", floor="#c3cfd4")),
    ("office", partial(rooms.room, wall="#d5dce2", floor="#8f8a86")),
    ("room living home house indoors inside interior lounge apartment fireplace", rooms.room),
)  # fmt: skip
_HANGING = frozenset(("sign", "painting", "clock", "picture", "mirror", "poster", "graffiti", "mural"))
_STILL = ("table", "tabletop", "desk", "surface", "countertop")
PAPER = "#ece8e1"


def hour_of(scene: Scene) -> Hour:
    """The time of day, as colours."""
    time = scene.light.time
    if "night" in scene.setting.lower().split() or scene.light.neon:
        time = "night"
    if scene.weather == "stars" and time == "day":
        time = "night"
    return HOURS.get(time, HOURS["day"])


def draw(scene: Scene, pen: Pen) -> Stage:
    """Draws the scene's setting, or a quiet studio where it names none, and tells where subjects go."""
    told = scene.setting.lower().replace("-", " ").split()
    if "brick" in told:
        return walls.bricks(pen, hung=all(one.words or _HANGING & set(one.name.split()) for one in scene.subjects))
    for words, outside in _OUT:
        if set(words.split()) & set(told):
            return outside(pen, scene.weather)
    for words, inside in _IN:
        if set(words.split()) & set(told):
            return inside(pen)
    if scene.surface or set(_STILL) & set(told):
        return rooms.table(pen, scene.surface or scene.setting, ground_of(scene))
    if scene.style == "oil" and not scene.background:
        return rooms.table(pen, "oak", "#6f9a98")  # a still life: strokes need colour around them
    if scene.weather or scene.light.time in ("dawn", "golden hour", "dusk", "night"):
        return nature.meadow(pen, scene.weather)
    accent = next((name for name in scene.palette if rgb(name)), "")
    return rooms.studio(pen, ground_of(scene), accent)


def is_inside(scene: Scene) -> bool:
    """Whether the setting is a room, with lamps of its own."""
    told = set(scene.setting.lower().replace("-", " ").split())
    outdoors = any(set(words.split()) & told for words, _ in _OUT)
    return not outdoors and any(set(words.split()) & told for words, _ in _IN)


def ground_of(scene: Scene) -> str:
    """The colour behind the subjects: the asked one, else one of the palette made pale, else that of paper."""
    if scene.background and rgb(scene.background):
        return scene.background
    return PAPER if scene.style != "oil" else "#6f9a98"  # strokes need colour around the things


def shows(scene: Scene, name: str) -> bool:
    """Whether the setting's scenery has such a thing already: a workshop its shelves, a room its window."""
    told = set(name.lower().split())
    parts = (
        "shelf shelves window windows wall walls floor ceiling counter"
        if is_inside(scene)
        else "sky ground horizon hill hills grass"
    )
    return bool(told & set(parts.split()))


def needs_table(scene: Scene) -> bool:
    """Whether a room has nothing at hand that small things could stand upon."""
    told = set(scene.setting.lower().replace("-", " ").split())
    counters = " ".join(words for words, inside in _IN if inside in (rooms.kitchen, rooms.restaurant, rooms.workshop))
    return is_inside(scene) and not told & set(counters.split())


def is_surface(name: str) -> bool:
    """Whether things stand on it on a table's height."""
    return bool(set(_STILL) & set(name.lower().split()))


def is_place(name: str) -> bool:
    """Whether a thing that subjects stand "on" or "in" is scenery."""
    told = set(name.lower().replace("-", " ").split()[-1:])  # a park bench is no park
    known = " ".join(words for words, _ in (*_OUT, *_IN))
    return bool(told & (set(known.split()) | set(_STILL) | {"floor", "ground", "background"}))
