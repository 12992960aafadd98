"""Subjects on a stage: how many, how large, where, with their shadows; light, steam and weather around them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from pollux.engines.builtin.paint import settings
from pollux.engines.builtin.paint.colours import hexed, rgb
from pollux.engines.builtin.paint.figure import SKY, Figure, Maker
from pollux.engines.builtin.paint.pen import Pen, Stage
from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.svg import Sheet

MOST = 60  # figures in a picture
TOGETHER = 6  # so many of a kind share the vase or the bench that they are in or on
OUTLINED = ("noir", "ink", "kawaii", "neon", "cartoon", "papercut", "pixel", "anatomical")
"""Styles that draw lines around what stands in front: rain and steam stay behind it there."""
_SHOT = {"macro": 0.8, "close-up": 0.7, "portrait": 0.66, "medium": 0.52, "wide": 0.34}
_FAR = ("place-building", "place-geographic", "place-other", "place-religious", "place-map")
_FLY_TEXT = (
    "eagle butterfly honeybee bat airplane helicopter balloon kite rocket dragon fairy flying-saucer parachute "
    "small-airplane lady-beetle ghost hot-air-balloon"
)
_FLY = frozenset(_FLY_TEXT.split())

_HOMES = (  # groups of drawings, and where such things are
    ("place-", "meadow"), ("transport-water", "sea"), ("animal-marine", "underwater"), ("transport-ground", "street"),
    ("transport-air", "sky"), ("animal-", "meadow"),
)  # fmt: skip
_WITHIN = ("on", "in", "above", "behind")
_TREES = frozenset(("deciduous-tree", "evergreen-tree", "palm-tree", "leafless-tree", "tanabata-tree"))


@dataclass(frozen=True, slots=True)
class Put:
    """A figure and the middle of its foot, with its size, in the sheet's units."""

    figure: Figure
    x: float
    foot: float
    width: float
    height: float
    flip: bool = False
    floats: bool = False


def compose(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> list[Put]:
    """Draws the setting and all shadows on `back`, the subjects and the weather on `front`; both may be one sheet."""
    scene = at_home(scene, maker)
    hour = settings.hour_of(scene)
    flat = maker.look == "flat"
    pen = Pen(back, rng, hour, left="right" not in scene.light.side, flat=flat, disc=not _has_disc(scene))
    stage = settings.draw(scene, pen)
    puts = arrange(scene, stage, maker, rng, front.width, front.height)
    near = Pen(front, rng, hour, left=pen.left, flat=flat)
    for put in puts:
        if not stage.air and not put.floats and put.foot < front.height * 0.985:
            shadow(pen, put, stage)
            if stage.reflects:
                reflection(pen, put, stage.reflects)
    for put in puts:
        near.sheet.add(
            put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height, flip=put.flip)
        )
    air = pen if scene.style in OUTLINED else near
    told = " ".join(word for one in scene.subjects for word in one.attributes).lower()
    if "steam" in told and puts:
        steam(air, puts[0])
    _weather(air, scene.weather)
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
    named = scene.setting or scene.surface or scene.background
    if named or scene.style in ("anatomical", "neon"):
        return scene
    names = [name for one in scene.subjects for name in (one.name, *(thing.name for _, thing in one.with_))]
    kinds = [found.kind for found in map(maker.art.find, names) if found is not None]
    for kind, place in _HOMES:
        if any(own.startswith(kind) for own in kinds):
            return replace(scene, setting=place)
    return scene


def _has_disc(scene: Scene) -> bool:
    """Whether the sun or the moon is among the subjects."""
    return any(
        word in ("sun", "moon", "sunset", "sunrise") for one in scene.subjects for word in one.name.lower().split()
    )


def figures_of(scene: Scene, maker: Maker, rng: random.Random) -> list[tuple[Subject, Figure]]:
    """Every figure by itself, in the order of the subjects."""
    out: list[tuple[Subject, Figure]] = []
    for subject in scene.subjects:
        if len(scene.subjects) > 1 and settings.shows(scene, subject.name):
            continue
        kept = tuple(
            (how, thing)
            for how, thing in subject.with_
            if how not in (*_WITHIN, "under") or not settings.is_place(thing.name)
        )
        bare = replace(subject, count=1, with_=kept)
        if 1 < subject.count <= TOGETHER and any(how in ("on", "in") for how, _ in kept):
            out.append((subject, maker.together(bare, subject.count, rng)))
            continue
        for _ in range(min(subject.count, MOST - len(out))):
            out.append((subject, maker.figure(bare, rng)))
    return out


def arrange(scene: Scene, stage: Stage, maker: Maker, rng: random.Random, width: float, height: float) -> list[Put]:
    """Where every figure goes, those behind first."""
    figures = figures_of(scene, maker, rng)
    if not figures:
        return []
    if any(figure.bust for _, figure in figures):
        stage = replace(stage, near=1.0, air=False)  # cut off by the picture's edge, even where there is no ground
    outdoors = stage.far <= 0.85 and bool(scene.setting)
    placed = [(s, f) for s, f in figures if s.at is not None and len(figures) > 1]
    figures = [(s, f) for s, f in figures if s.at is None or not placed]
    above = [(s, f) for s, f in figures if f.entry in SKY and len(figures) > 1]
    behind = [(s, f) for s, f in figures if (f.kind in _FAR or f.entry in _TREES) and len(figures) > 1]
    flying = [(s, f) for s, f in figures if f.entry in _FLY and outdoors and not stage.air]
    behind = [] if len(behind) > 4 else behind
    if all(f.entry in _FLY or f.entry in SKY for _, f in figures) and outdoors:
        above, behind, flying, stage = [], [], [], replace(stage, air=True)
    special = {id(f) for _, f in (*above, *behind, *flying)}
    main = [(s, f) for s, f in figures if id(f) not in special]
    return [
        *_sky(above, width, height, top=0.16),
        *_behind(behind, stage.far, width, height, alone=not main),
        *_sky(flying, width, height, top=0.36),
        *_at(placed, scene, width, height, floats=stage.air),
        *(
            _float(main, scene, width, height)
            if stage.air
            else _rows(main, scene, (stage.near, stage.far), width, height)
        ),
    ]


def _sky(figures: list[tuple[Subject, Figure]], width: float, height: float, top: float) -> list[Put]:
    """Things in the air, in a gentle arc."""
    puts = []
    for index, (subject, figure) in enumerate(figures):
        part = (index + 0.5) / len(figures) if len(figures) > 1 else 0.8 if top < 0.2 else 0.22
        x = width * (0.12 + 0.76 * part)
        y = height * (top - 0.06 * math.sin(part * math.pi) + (0.04 if index % 2 else 0))
        tall = height * (0.17 if top < 0.2 else 0.24) * min(1.4, max(0.5, figure.size)) / max(1.0, len(figures) / 4)
        if subject.at:
            x, y = subject.at[0] * width, subject.at[1] * height
        wide = tall * figure.width / figure.height
        if wide > width * 0.36:
            wide, tall = width * 0.36, width * 0.36 * figure.height / figure.width
        x = min(max(x, wide / 2 + width * 0.04), width * 0.96 - wide / 2)
        puts.append(Put(figure, x, y + tall / 2, wide, tall, index % 2 == 1 and figure.known, True))
    return puts


def _at(figures: list[tuple[Subject, Figure]], scene: Scene, width: float, height: float, *, floats: bool) -> list[Put]:
    """Figures whose middles the prompt places, several of one subject side by side; what is higher is further off."""
    puts = []
    share = _SHOT.get(scene.camera.shot, 0.52) * height
    for index, (subject, figure) in enumerate(figures):
        x, y = subject.at or (0.5, 0.5)
        same = [other for other, (one, _) in enumerate(figures) if one is subject]
        tall = share * (0.35 + 0.5 * y) * min(1.2, max(0.35, figure.size)) / max(1.0, len(same) ** 0.5)
        wide = min(tall * figure.width / figure.height, width * 0.4)
        tall = wide * figure.height / figure.width
        middle = x * width + (same.index(index) - (len(same) - 1) / 2) * wide * 1.15
        middle = min(max(middle, wide / 2), width - wide / 2)
        foot = min(max(y * height + tall / 2, tall), height)
        puts.append(Put(figure, middle, foot, wide, tall, floats=floats or y < 0.45))
    return sorted(puts, key=lambda put: put.foot)


def _behind(
    figures: list[tuple[Subject, Figure]], foot: float, width: float, height: float, *, alone: bool
) -> list[Put]:
    """Buildings and mountains on the far line: to the sides, so that what stands before them leaves them to be seen."""
    puts = []
    for index, (subject, figure) in enumerate(figures):
        part = (index + 0.5) / len(figures)
        x = width * (0.1 + 0.8 * part) if alone or len(figures) > 2 else width * (0.79, 0.2)[index % 2]
        tall = min(height * 0.46, 1.7 * height * 0.46 / len(figures) ** 0.7) * min(1.25, max(0.6, figure.size / 2))
        wide = tall * figure.width / figure.height
        if wide > width * 0.42:
            wide, tall = width * 0.42, width * 0.42 * figure.height / figure.width
        if subject.at:
            x = subject.at[0] * width
        x = min(max(x, wide / 2 + width * 0.02), width * 0.98 - wide / 2)
        puts.append(Put(figure, x, height * (foot + 0.015), wide, tall))
    return puts


def _rows(
    figures: list[tuple[Subject, Figure]], scene: Scene, lines: tuple[float, float], width: float, height: float
) -> list[Put]:
    """Figures side by side on the ground, in one row or, when there are many, in several."""
    count = len(figures)
    if not count:
        return []
    rows = 1 if count <= 5 else 2 if count <= 8 else 3 if count <= 15 else math.ceil(math.sqrt(count / 2.2))
    rows = max(rows, min(4, math.ceil(count / max(2, round(5 * width / height)))))
    near, far = lines
    if rows > 1:
        figures = sorted(figures, key=lambda one: -one[1].size)  # the small ones in front, to be seen
    target = height * _SHOT.get(scene.camera.shot, 0.52) * (1.25 if near == 1.0 else 1.0)
    largest = max(figure.size for _, figure in figures)
    puts: list[Put] = []
    per = math.ceil(count / rows)
    quiet = not scene.setting or "studio" in scene.setting or settings.is_inside(scene)
    top = (0.5 if quiet else max(0.62, far - 0.14)) if rows == 2 else (0.36 if quiet else 0.5)
    for row in range(rows):
        part = figures[row * per : (row + 1) * per]
        depth = row / max(1, rows - 1) if rows > 1 else 1.0
        foot = height * (far + (near - far) * depth)
        most_tall = target
        if rows > 1:
            foot = height * (top + (near - top) * row / (rows - 1))
            most_tall = min(target / (0.62 * rows), height * (near - top) / (rows - 1) * 0.97)
        talls = [most_tall * (figure.size / largest) ** 0.75 for _, figure in part]
        widths = [tall * figure.width / figure.height for tall, (_, figure) in zip(talls, part, strict=True)]
        gap = 0.16 * sum(widths) / len(widths)
        most = width * (0.86 if count > 1 else 0.8)
        times = min(1.0, most / (sum(widths) + gap * (len(widths) - 1)), height * (near - 0.07) / max(talls))
        x = width / 2 - times * (sum(widths) + gap * (len(widths) - 1)) / 2
        if scene.empty in ("left", "right"):
            x += width * 0.18 if scene.empty == "left" else -width * 0.18
            x = min(max(x, width * 0.04), width * 0.96 - times * (sum(widths) + gap * (len(widths) - 1)))
        for index, ((subject, figure), tall, wide) in enumerate(zip(part, talls, widths, strict=True)):
            at = foot - (height * 0.016 if index % 2 and rows == 1 and count > 2 and near < 1 else 0)
            if near == 1.0 and not figure.bust:
                at = foot - height * 0.05
            middle = x + times * wide / 2
            if subject.at:
                middle, at = subject.at[0] * width, subject.at[1] * height + times * tall / 2
            puts.append(
                Put(figure, middle, at, wide * times, tall * times, flip=_turned(index, len(part), subject, figure))
            )
            x += times * (wide + gap)
    return sorted(puts, key=lambda put: put.foot)


def _turned(index: int, count: int, subject: Subject, figure: Figure) -> bool:
    """Most animals and vehicles are drawn facing left: the left half of a row of different ones is turned inwards."""
    return (
        figure.kind.startswith(("animal", "transport"))
        and count > 1
        and index < count / 2
        and subject.count == 1
        and not subject.with_
    )


def _float(figures: list[tuple[Subject, Figure]], scene: Scene, width: float, height: float) -> list[Put]:
    """Figures without ground: one in the middle, several staggered."""
    count = len(figures)
    columns = max(1, math.ceil(math.sqrt(count * width / height)))
    rows = math.ceil(count / columns) if count else 0
    puts = []
    largest = max((figure.size for _, figure in figures), default=1.0)
    for index, (subject, figure) in enumerate(figures):
        row, column = divmod(index, columns)
        own = min(columns, count - row * columns)
        cell = width * 0.88 / own, height * 0.82 / rows
        x = width * 0.06 + cell[0] * (column + 0.5)
        y = height * 0.09 + cell[1] * (row + 0.5) + (cell[1] * 0.08 if column % 2 else -cell[1] * 0.04)
        share = _SHOT.get(scene.camera.shot, 0.52) * (1.2 if count == 1 else 1.0)
        tall = min(cell[1] * 0.8, height * share) * (figure.size / largest) ** 0.6
        wide = tall * figure.width / figure.height
        if wide > cell[0] * 0.86:
            wide, tall = cell[0] * 0.86, cell[0] * 0.86 * figure.height / figure.width
        if subject.at:
            x, y = subject.at[0] * width, subject.at[1] * height
        puts.append(Put(figure, x, y + tall / 2, wide, tall, flip=column % 2 == 1 and figure.known, floats=True))
    return puts


def shadow(pen: Pen, put: Put, stage: Stage) -> None:
    """A soft shadow on the ground: dark where the thing stands, thrown away from the light."""
    if pen.flat:
        pen.oval(put.x, put.foot, put.width * 0.5, max(put.width * 0.06, 5), stage.shade, 0.22)
        return
    wide, flat = put.width * 0.5, max(put.width * 0.085, 7)
    lean = put.width * (0.14 if pen.left else -0.14)
    strength = 0.5 if not pen.hour.dark else 0.62
    soft = pen.glow(((0, stage.shade, strength), (0.55, stage.shade, strength * 0.5), (1, stage.shade, 0)))
    pen.oval(put.x + lean, put.foot + flat * 0.15, wide * 1.18, flat * 1.5, soft, 0.75)
    pen.oval(put.x, put.foot - flat * 0.1, wide * 0.86, flat * 0.8, soft)


def reflection(pen: Pen, put: Put, strength: float) -> None:
    """The thing upside down on a polished floor, fading with depth."""
    fade = pen.sheet.define(
        f'<linearGradient gradientUnits="userSpaceOnUse" x1="0" y1="{put.foot:.1f}" x2="0" '
        f'y2="{put.foot + put.height * 0.5:.1f}">'
        f'<stop offset="0" stop-color="#fff" stop-opacity="{strength:.2f}"/><stop offset="1" '
        f'stop-color="#fff" stop-opacity="0"/></linearGradient>'
    )
    mask = pen.sheet.define(
        f'<mask maskUnits="userSpaceOnUse" x="0" y="0" width="{pen.width:.0f}" height="{pen.height:.0f}">'
        f'<rect width="{pen.width:.0f}" height="{pen.height:.0f}" fill="url(#{fade})"/></mask>'
    )
    figure = put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height, flip=put.flip)
    pen.sheet.add(
        f'<g mask="url(#{mask})"><g transform="translate(0 '
        f'{2 * put.foot - put.height * 0.03:.1f})scale(1 -1)">{figure}</g></g>'
    )


def steam(pen: Pen, put: Put) -> None:
    """Soft rising wisps, wider and fainter the higher they are."""
    top, wide = put.foot - put.height, put.width
    for index, part in enumerate((-0.17, 0.03, 0.2)):
        x, tall = put.x + wide * (part - 0.07), put.height * (0.62, 0.5, 0.4)[index]
        for step in range(22):
            high = step / 21
            sway = wide * 0.055 * math.sin(high * 6.5 + index * 1.9) * (0.4 + high)
            size = wide * (0.035 + 0.055 * high)
            see = 0.3 * math.sin(math.pi * min(1.0, 0.12 + high * 0.88)) ** 1.3
            pen.halo(x + sway, top + put.height * 0.08 - tall * high, size, "#ffffff", see)


def _weather(pen: Pen, weather: str) -> None:
    h, w = pen.height, pen.width
    if weather in ("rain", "storm"):
        drops = "".join(
            f"M{x:.0f} {y:.0f}l-9 34"
            for x, y in ((pen.chance(0, w * 1.1), pen.chance(-30, h)) for _ in range(round(170 * w / 1000)))
        )
        pen.path(drops, "none", 0.5, "#dbe9f7", 2.6)
        for _ in range(round(22 * w / 1000)):
            pen.oval(pen.chance(0, w), h * pen.chance(0.8, 1), pen.chance(8, 22), 3, "#ffffff", 0.25)
    if weather == "storm":
        x = w * pen.chance(0.15, 0.85)
        bolt = (
            f"M{x:.0f} {h * 0.1:.0f}l-44 {h * 0.17:.0f}h40l-56 {h * 0.2:.0f}l126 "
            f"{-h * 0.24:.0f}h-46l52 {-h * 0.13:.0f}z"
        )
        pen.halo(x, h * 0.2, 260, "#fff3b0", 0.5)
        pen.path(bolt, "#fff6c4")
    if weather == "snow":
        for _ in range(round(150 * w / 1000)):
            r = pen.chance(1.6, 7)
            pen.oval(pen.chance(0, w), pen.chance(0, h), r, r, "#ffffff", pen.chance(0.5, 0.95))
    if weather == "fog":
        for part in (0.45, 0.6, 0.75, 0.9):
            pen.oval(
                w * pen.chance(0.2, 0.8),
                h * part,
                w * 0.8,
                h * 0.09,
                pen.glow(((0, "#ffffff", 0.6), (1, "#ffffff", 0))),
            )


def is_clear(scene: Scene) -> bool:
    """Whether the ground is to be see-through."""
    return scene.background == "transparent"


def ground(scene: Scene, otherwise: str) -> str:
    """The asked colour behind everything as "#rrggbb"."""
    return hexed(scene.background, otherwise) if rgb(scene.background) else otherwise
