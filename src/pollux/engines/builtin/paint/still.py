"""Pictures without a scene: stickers, icons, products, one thing on an empty canvas."""

from __future__ import annotations

import math
import random

from pollux.engines.builtin.paint import settings, settings_rooms
from pollux.engines.builtin.paint.colours import hexed, lighter, mix, rgb
from pollux.engines.builtin.paint.compose import figures_of, is_clear, steams
from pollux.engines.builtin.paint.effects import Put, reflection, shadow, steam
from pollux.engines.builtin.paint.figure import Maker
from pollux.engines.builtin.paint.joined import Figure
from pollux.engines.builtin.paint.pen import HOURS, Pen, Stage
from pollux.engines.builtin.paint.plan import Scene
from pollux.engines.builtin.paint.svg import Sheet

_GROUNDS = ("#cfe3f5", "#f5e3cf", "#dcd6f2", "#d3ecd9")
_TOPS = {  # word of the setting: colour of an isometric tile
    "city": "#b9bfc9", "street": "#9aa0ab", "beach": "#f0d9a0", "desert": "#edc78a", "snow": "#f4f8fd",
    "water": "#5fb8de", "sea": "#5fb8de", "room": "#d9b48a", "office": "#c9cfd8", "kitchen": "#e8dcc8",
}  # fmt: skip
_TILES = ("#4f7df3", "#f2705b", "#2fb58a", "#8a63e8", "#f2a33a", "#25a6c9", "#e65a8f")


def sticker(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> None:
    """The subjects as large as fits; their outline is the style's affair."""
    if not is_clear(scene):
        back.add(f'<rect width="{back.width:g}" height="{back.height:g}" fill="{hexed(scene.background, "#ffffff")}"/>')
    for put in grid(scene, maker, rng, front, 0.8):
        front.add(put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height))


def icon(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> None:
    """A flat glyph on a rounded tile with a long shadow."""
    side = min(back.width, back.height)
    colour = next((hexed(name) for name in (scene.background, *scene.palette) if rgb(name)), rng.choice(_TILES))
    pen = Pen(front, rng, HOURS["studio"])
    if not is_clear(scene):
        Pen(back, rng, HOURS["studio"]).rect(
            0, 0, back.width, back.height, "#ffffff" if scene.background != "white" else "#f4f5f8"
        )
    x, y, tile = front.width / 2 - side * 0.4, front.height / 2 - side * 0.4, side * 0.8
    pen.rect(x, y + side * 0.016, tile, tile, mix(colour, "#10131f", 0.6), 0.22, tile * 0.23)
    pen.rect(x, y, tile, tile, pen.down(((0, lighter(colour, 0.07)), (1, lighter(colour, -0.06)))), round_=tile * 0.23)
    clip = front.define(
        f'<clipPath><rect x="{x:.1f}" y="{y:.1f}" width="{tile:.1f}" height="{tile:.1f}" '
        f'rx="{tile * 0.23:.1f}"/></clipPath>'
    )
    puts = grid(scene, maker, rng, front, 0.46)
    for put in puts:
        left, right, top, foot = (
            put.x - put.width * 0.4,
            put.x + put.width * 0.42,
            put.foot - put.height * 0.9,
            put.foot - put.height * 0.04,
        )
        fade = pen.sheet.define(
            f'<linearGradient gradientUnits="userSpaceOnUse" x1="{left:.0f}" y1="{top:.0f}" '
            f'x2="{left + tile * 0.7:.0f}" y2="{top + tile * 0.7:.0f}">'
            f'<stop offset="0.2" stop-color="{lighter(colour, -0.2)}" stop-opacity="0.5"/><stop offset="1" '
            f'stop-color="{lighter(colour, -0.2)}" stop-opacity="0"/></linearGradient>'
        )
        way = f"M{left:.0f} {foot:.0f}L{right:.0f} {top:.0f}l{tile:.0f} {tile:.0f}H{left + tile:.0f}z"
        front.add(f'<g clip-path="url(#{clip})"><path d="{way}" fill="url(#{fade})"/></g>')
    for put in puts:
        front.add(put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height))


def product(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> None:
    """Things for sale: on a surface or a seamless sweep, in soft light, mirrored below where the surface shines."""
    pen = Pen(
        back,
        rng,
        HOURS["studio"] if scene.light.time in ("day", "studio") else settings.hour_of(scene),
        left="right" not in scene.light.side,
    )
    if scene.surface or not scene.setting:
        stage = (
            settings_rooms.table(pen, scene.surface, settings.ground_of(scene))
            if scene.surface
            else settings_rooms.studio(pen, settings.ground_of(scene), next(iter(scene.palette), ""))
        )
    else:
        stage = settings.draw(scene, pen)
    softbox(pen)
    near = Pen(front, rng, pen.hour, left=pen.left)
    for put in line(scene, maker, rng, front, 0.5 if scene.camera.shot != "close-up" else 0.6, stage.near):
        shadow(pen, put, stage)
        reflection(pen, put, max(stage.reflects, 0.12))
        front.add(put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height))
        if steams(scene):
            steam(near, put)


def softbox(pen: Pen) -> None:
    """The glow of a large lamp from the light's side."""
    x = pen.width * (0.08 if pen.left else 0.92)
    pen.halo(x, pen.height * 0.12, pen.height * 0.75, "#ffffff", 0.45)


def minimal(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> None:
    """One thing at its place, small; the rest of the canvas empty, in the asked colour."""
    pen = Pen(back, rng, HOURS["studio"], left="right" not in scene.light.side)
    ground = hexed(settings.ground_of(scene), "#f3f0ea")
    if not is_clear(scene):
        pen.rect(0, 0, back.width, back.height, ground)
    stage = Stage(shade=lighter(ground, -0.45))
    figures = figures_of(scene, maker, rng)
    side = min(front.width, front.height)
    x = {"left": 0.72, "right": 0.28}.get(scene.empty, 0.5)
    y = {"top": 0.74, "bottom": 0.3}.get(scene.empty, 0.5)
    spread = side * 0.26 / max(1, len(figures)) ** 0.4
    for index, (subject, figure) in enumerate(figures):
        at = subject.at or (x, y)
        wide, tall = _fit(figure, spread * subject.scale * 1.1, spread * subject.scale)
        shift = (index - (len(figures) - 1) / 2) * wide * 1.2 if not subject.at else 0
        middle = min(max(at[0] * front.width + shift, wide * 0.6), front.width - wide * 0.6)
        foot = min(max(at[1] * front.height + tall / 2, tall * 1.2), front.height - tall * 0.25)
        put = Put(figure, middle, foot, wide, tall)
        if not is_clear(scene):
            shadow(pen, put, stage)
        front.add(figure.at(middle - wide / 2, foot - tall, wide, tall))


def line(scene: Scene, maker: Maker, rng: random.Random, sheet: Sheet, share: float, foot: float) -> list[Put]:
    """Figures side by side on one foot line."""
    figures = [figure for _, figure in figures_of(scene, maker, rng)]
    sizes = [
        _fit(
            figure, sheet.width, sheet.height * share * min(1.0, max(0.45, figure.size / max(f.size for f in figures)))
        )
        for figure in figures
    ]
    gap = sum(wide for wide, _ in sizes) / max(1, len(sizes)) * 0.18
    whole = sum(wide for wide, _ in sizes) + gap * (len(sizes) - 1)
    times = min(1.0, sheet.width * 0.8 / max(1.0, whole))
    x = sheet.width / 2 - whole * times / 2
    puts = []
    for figure, (wide, tall) in zip(figures, sizes, strict=True):
        puts.append(Put(figure, x + wide * times / 2, sheet.height * foot, wide * times, tall * times))
        x += (wide + gap) * times
    return puts


def grid(scene: Scene, maker: Maker, rng: random.Random, sheet: Sheet, share: float) -> list[Put]:
    """Figures in the middle of the sheet, in rows when there are several."""
    figures = [figure for _, figure in figures_of(scene, maker, rng)]
    side = min(sheet.width, sheet.height) * share
    columns = max(1, round(len(figures) ** 0.5 + 0.3)) if len(figures) > 1 else 1
    rows = -(-len(figures) // columns) if figures else 0
    cell = side / max(columns, rows, 1)
    puts = []
    for index, figure in enumerate(figures):
        row, column = divmod(index, columns)
        own = min(columns, len(figures) - row * columns)
        x = sheet.width / 2 + (column - (own - 1) / 2) * cell * 1.08
        y = sheet.height / 2 + (row - (rows - 1) / 2) * cell * 1.08
        wide, tall = _fit(figure, cell, cell)
        puts.append(Put(figure, x, y + tall / 2, wide, tall))
    return puts


def platform(scene: Scene, back: Sheet, front: Sheet, maker: Maker, rng: random.Random) -> None:
    """Isometric: the subjects on a thick tile seen from above at 30 degrees."""
    pen = Pen(back, rng, HOURS["studio"])
    ground = hexed(scene.background) if rgb(scene.background) else rng.choice(_GROUNDS)
    pen.rect(0, 0, back.width, back.height, pen.down(((0, lighter(ground, 0.04)), (1, lighter(ground, -0.06)))))
    told = f"{scene.setting} {scene.surface}".lower()
    top = next((colour for word, colour in _TOPS.items() if word in told), "#8ccf6f" if told.strip() else "#f3f1ec")
    half = min(front.width * 0.44, front.height * 0.62)
    x, y = front.width / 2, front.height * 0.66
    near = Pen(front, rng, HOURS["studio"])
    _tile(near, x, y, half, top, ground)
    stage = Stage(shade=lighter(top, -0.5))
    figures = sorted((figure for _, figure in figures_of(scene, maker, rng)), key=lambda figure: -figure.size)
    for put in _tiles(figures, x, y, half):
        shadow(near, put, stage)
        front.add(put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height))


def _tile(pen: Pen, x: float, y: float, half: float, top: str, ground: str) -> None:
    """A slab with a grid, its middle at (x, y)."""
    thick = half * 0.16
    below = pen.glow(((0, lighter(ground, -0.35), 0.55), (1, lighter(ground, -0.3), 0)))
    pen.oval(x, y + half * 0.5 + thick * 1.6, half * 0.9, half * 0.3, below)
    for side, shade in ((-half, -0.16), (half, -0.26)):
        corners = ((x + side, y), (x, y + half * 0.5), (x, y + half * 0.5 + thick), (x + side, y + thick))
        pen.poly(corners, lighter(top, shade))
    lit = pen.down(((0, lighter(top, 0.05)), (1, top)))
    pen.poly(((x - half, y), (x, y - half * 0.5), (x + half, y), (x, y + half * 0.5)), lit)
    for part in (-0.25, 0.0, 0.25):
        lines = (
            f"M{x + half * (part + 0.5):.0f} {y + half * (part - 0.5) / 2:.0f}l{-half:.0f} {half / 2:.0f}"
            f"M{x + half * (-0.5 - part):.0f} {y + half * (part - 0.5) / 2:.0f}l{half:.0f} {half / 2:.0f}"
        )
        pen.path(lines, "none", 0.22, lighter(top, -0.12), 3)


def _tiles(figures: list[Figure], x: float, y: float, half: float) -> list[Put]:
    """Figures on the cells of a square grid in isometric view, those behind first."""
    per = max(1, math.ceil(len(figures) ** 0.5))
    largest = max((figure.size for figure in figures), default=1.0)
    puts = []
    for index, figure in enumerate(figures):
        row, column = divmod(index, per)
        across, down = (column + 0.5) / per - 0.5, (row + 0.5) / per - 0.5
        middle, foot = x + half * (across - down), y + half * (across + down) / 2 + half * 0.16 / per
        tall = half * (1.15 if per == 1 else 2.1 / per) * max(0.5, (figure.size / largest) ** 0.8)
        wide, tall = _fit(figure, half * (1.25 if per == 1 else 2.0 / per), tall)
        puts.append(Put(figure, middle, foot, wide, tall))
    return sorted(puts, key=lambda put: put.foot)


def _fit(figure: Figure, width: float, height: float) -> tuple[float, float]:
    scale = min(width / figure.width, height / figure.height)
    return figure.width * scale, figure.height * scale
