"""Where figures go on a stage: rows and heaps on the ground, the sky above, what is far off behind."""

from __future__ import annotations

import math
from dataclasses import replace

from pollux.engines.builtin.paint.effects import Put
from pollux.engines.builtin.paint.figure import SKY
from pollux.engines.builtin.paint.joined import FLY, Figure
from pollux.engines.builtin.paint.pen import Stage
from pollux.engines.builtin.paint.plan import Scene, Subject

_SHOT = {"macro": 0.84, "close-up": 0.78, "portrait": 0.74, "medium": 0.57, "wide": 0.36}
_HEAP = 0.66  # things no larger than that may lie close together
SMALL = 0.52  # things no larger than that stand on tables, and in front of people
ALIVE = ("person", "animal")
NEAR = ("macro", "close-up", "portrait")
_FAR = ("place-building", "place-geographic", "place-other", "place-religious", "place-map")
_TREES = frozenset(("deciduous-tree", "evergreen-tree", "palm-tree", "leafless-tree", "tanabata-tree"))


def arrange(
    figures: list[tuple[Subject, Figure]], scene: Scene, stage: Stage, width: float, height: float
) -> list[Put]:
    """Where every figure goes, those behind first."""
    if not figures:
        return []
    if any(figure.bust for _, figure in figures):
        stage = replace(stage, near=1.0, air=False)  # cut off by the picture's edge, even where there is no ground
    outdoors = stage.far <= 0.85 and bool(scene.setting) and "studio" not in scene.setting
    figures = [  # "under a full moon" says that it is above, not that it stands in the middle
        (replace(s, at=None) if f.entry in SKY and s.at and s.at[0] == 0.5 and len(figures) > 1 else s, f)
        for s, f in figures
    ]
    placed = [(s, f) for s, f in figures if s.at is not None and len(figures) > 1]
    figures = [(s, f) for s, f in figures if s.at is None or not placed]
    above = [(s, f) for s, f in figures if f.entry in SKY and len(figures) > 1]
    behind = [(s, f) for s, f in figures if (f.kind in _FAR or f.entry in _TREES) and len(figures) > 1]
    flying = [(s, f) for s, f in figures if f.entry in FLY and outdoors and not stage.air]
    behind = [] if len(behind) > 4 else behind
    if scene.camera.shot in NEAR and figures and figures[0][1].kind.startswith("person"):
        behind = [(s, f) for s, f in figures if not f.kind.startswith("person")][:4]
    if all(f.entry in FLY or f.entry in SKY for _, f in figures) and outdoors:
        above, behind, flying, stage = [], [], [], replace(stage, near=0.48, air=True)
    special = {id(f) for _, f in (*above, *behind, *flying)}
    main = [(s, f) for s, f in figures if id(f) not in special]
    busts = [f for _, f in main if f.bust]
    if len(busts) > 1:
        main = [(s, f) for s, f in main if not f.bust]
        return [
            *_sky(above, width, height, top=0.16),
            *_behind(behind, stage.far, width, height, alone=False),
            *_sky(flying, width, height, top=0.36),
            *_at(placed, scene, width, height, floats=stage.air),
            *_group(busts, [f for _, f in main], width, height),
        ]
    return [
        *_sky(above, width, height, top=0.16),
        *_behind(behind, stage.far, width, height, alone=not main),
        *_sky(flying, width, height, top=0.36),
        *_at(placed, scene, width, height, floats=stage.air),
        *(
            _float(main, scene, width, height, high=stage.near < 0.5)
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
        if figure.entry == "rainbow":
            x, y, tall = width * 0.5, height * 0.3, height * 0.5
        if subject.at:
            x, y = subject.at[0] * width, subject.at[1] * height
        wide = tall * figure.width / figure.height
        most = width * (0.75 if figure.entry == "rainbow" else 0.36)
        if wide > most:
            wide, tall = most, most * figure.height / figure.width
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
        puts.append(Put(figure, x, height * (foot + 0.015), wide, tall, far=True))
    return puts


def _rows(
    figures: list[tuple[Subject, Figure]], scene: Scene, lines: tuple[float, float], width: float, height: float
) -> list[Put]:
    """Figures side by side on the ground, in one row or, when there are many, in several."""
    count = len(figures)
    if not count:
        return []
    people = [one for one in figures if one[1].kind.startswith("person") and one[1].size > SMALL]
    little = [one for one in figures if one[1].size <= SMALL and not one[1].kind.startswith(ALIVE)]
    if len(people) > 1 and little and len(people) + len(little) == count <= 10:
        return [*_rows(people, scene, (lines[1], lines[1]), width, height), *_served(little, lines[0], width, height)]
    laid = bool(scene.surface or scene.setting) and "studio" not in scene.setting and not scene.background
    small = all(figure.size <= _HEAP and figure.known for _, figure in figures)
    if laid and small and 3 <= count <= 9 and scene.style != "anatomical":
        return _heap(figures, scene, lines, width, height)
    in_one = 7 if len(people) == count else 5
    rows = 1 if count <= in_one else 2 if count <= 8 else 3 if count <= 15 else math.ceil(math.sqrt(count / 2.2))
    rows = max(rows, min(4, math.ceil(count / max(2, round(6 * width / height)))))
    near, far = lines
    if rows > 1:
        figures = sorted(figures, key=lambda one: -one[1].size)  # the small ones in front, to be seen
    target = _target(figures, scene, height) * (1.25 if near == 1.0 else 1.0)
    largest = max(figure.size for _, figure in figures)
    puts: list[Put] = []
    per = math.ceil(count / rows)
    quiet = not scene.setting or "studio" in scene.setting
    top = (0.5 if quiet else max(0.62, far - 0.14)) if rows == 2 else (0.36 if quiet else 0.5)
    for row in range(rows):
        part = figures[row * per : (row + 1) * per]
        depth = row / max(1, rows - 1) if rows > 1 else 1.0
        foot = height * (far + (near - far) * depth)
        most_tall = target
        if rows > 1:
            foot = height * (top + (near - top) * row / (rows - 1))
            most_tall = min(target / (0.62 * rows), height * (near - top) / (rows - 1) * 0.97)
        talls = [most_tall * (figure.size / largest) ** (1.0 if people else 0.75) for _, figure in part]
        widths = [tall * figure.width / figure.height for tall, (_, figure) in zip(talls, part, strict=True)]
        gap = (0.16 if len({figure.entry for _, figure in figures}) == 1 else 0.09) * sum(widths) / len(widths)
        most = width * (0.86 if count > 1 else 0.8)
        times = min(1.0, most / (sum(widths) + gap * (len(widths) - 1)), height * (near - 0.07) / max(talls))
        x = width / 2 - times * (sum(widths) + gap * (len(widths) - 1)) / 2
        if scene.empty in ("left", "right"):
            x += width * 0.18 if scene.empty == "left" else -width * 0.18
            x = min(max(x, width * 0.04), width * 0.96 - times * (sum(widths) + gap * (len(widths) - 1)))
        for index, ((subject, figure), tall, wide) in enumerate(zip(part, talls, widths, strict=True)):
            at = foot - (height * 0.03 if index % 2 and rows == 1 and count > 2 and near < 1 else 0)
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


def _group(busts: list[Figure], others: list[Figure], width: float, height: float) -> list[Put]:
    """People as on a group photograph: rows that cover each other's lower edge, and small things before them."""
    rows = 1 if len(busts) <= max(3, round(4 * width / height)) else 2 if len(busts) <= 11 else 3
    per = math.ceil(len(busts) / rows)
    size = max(figure.size for figure in busts)
    low = height * (1.0 if not others else 0.94)
    puts: list[Put] = []
    for row in range(rows):
        part = busts[row * per : (row + 1) * per]
        share = width * 0.94 / (len(part) + 0.15)
        tall = min(height * (0.56 if rows == 1 else 0.46), share * 1.12 * part[0].height / part[0].width)
        foot = height if row == rows - 1 else low - (rows - 1 - row) * tall * 0.58
        step = min(share, tall * part[0].width / part[0].height * 1.02)
        for index, figure in enumerate(part):
            high = tall * (0.62 + 0.38 * figure.size / size)
            x = width / 2 + (index - (len(part) - 1) / 2) * step
            puts.append(Put(figure, x, foot, high * figure.width / figure.height, high))
    share = width * 0.9 / max(1, len(others))
    for index, figure in enumerate(others):
        tall = min(height * 0.2 * min(1.4, max(0.7, figure.size / 0.6)), share * 0.8 * figure.height / figure.width)
        x = width / 2 + (index - (len(others) - 1) / 2) * min(share, width * 0.36)
        puts.append(Put(figure, x, height * 0.985, tall * figure.width / figure.height, tall))
    return puts


def _target(figures: list[tuple[Subject, Figure]], scene: Scene, height: float) -> float:
    """How tall the largest is to be: by the shot, and by its own words where it is alone in a place."""
    tall = height * _SHOT.get(scene.camera.shot, 0.57)
    if len(figures) > 1 or not scene.setting:
        return tall
    told = set(figures[0][0].attributes)
    if told & {"small", "tiny", "little", "distant"} and not figures[0][1].kind.startswith(ALIVE):
        return tall * 0.6
    return tall * (1.2 if told & {"giant", "huge"} else 1.0)


def _served(figures: list[tuple[Subject, Figure]], foot: float, width: float, height: float) -> list[Put]:
    """Small things in a row before people."""
    step = width * min(0.26, 0.86 / len(figures))
    puts = []
    for index, (_, figure) in enumerate(figures):
        wide = min(step * 0.8, height * 0.17 * figure.width / figure.height)
        middle = width / 2 + step * (index - (len(figures) - 1) / 2)
        puts.append(Put(figure, middle, foot * height, wide, wide * figure.height / figure.width))
    return puts


def _heap(
    figures: list[tuple[Subject, Figure]], scene: Scene, lines: tuple[float, float], width: float, height: float
) -> list[Put]:
    """Small things close together in two rows, as a painter of still lifes lays them: those behind partly hidden."""
    near, far = lines
    figures = sorted(figures, key=lambda one: -one[1].size)
    split = len(figures) // 2
    largest = figures[0][1].size
    talls = [(figure.size / largest) ** 0.75 for _, figure in figures]
    wides = [tall * figure.width / figure.height for tall, (_, figure) in zip(talls, figures, strict=True)]
    rows = (range(split), range(split, len(figures)))
    spans = [0.95 * sum(wides[index] for index in row) for row in rows]
    even = 0.45 * wides[-1] if len(figures) % 2 == 0 else 0.0  # rows as long as each other: set off by half a step
    lift = 0.48 * min(talls)
    scale = min(
        width * 0.78 / (max(spans) + 2 * even),
        height * _SHOT.get(scene.camera.shot, 0.57) * 0.95 / (max(talls) + lift),
        height * 1.15 * max(0.12, near - far) / lift,
    )
    middle = width * {"left": 0.64, "right": 0.36}.get(scene.empty, 0.5)
    puts = []
    for number, (row, span) in enumerate(zip(rows, spans, strict=True)):
        x = middle - scale * (span / 2 - (even / 2 if number else -even / 2))
        for place, index in enumerate(row):
            subject, figure = figures[index]
            step = 0.95 * wides[index] * scale
            foot = near * height - (lift * scale if number == 0 else 0) - (0.05 * scale * (place % 2))
            put = Put(figure, x + step / 2, foot, wides[index] * scale, talls[index] * scale)
            puts.append(replace(put, flip=_turned(place, len(row), subject, figure)))
            x += step
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


def _float(
    figures: list[tuple[Subject, Figure]], scene: Scene, width: float, height: float, *, high: bool
) -> list[Put]:
    """Figures without ground: one in the middle, several staggered; `high` above some land."""
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
    room = min((put.foot - put.height for put in puts), default=0.0) - height * 0.05
    lift = min(height * 0.14, max(0.0, room)) if high else 0.0
    return [replace(put, foot=put.foot - lift) for put in puts]
