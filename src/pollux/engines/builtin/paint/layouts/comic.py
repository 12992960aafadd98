"""Comics: panels of painted scenes with gutters, captions, speech bubbles and sounds."""

from __future__ import annotations

from dataclasses import replace
from math import log

from pollux.engines.builtin.paint.effects import Put
from pollux.engines.builtin.paint.layouts import wording
from pollux.engines.builtin.paint.layouts.frames import star
from pollux.engines.builtin.paint.layouts.inks import STYLES, inked
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.staged import staged
from pollux.engines.builtin.paint.layouts.theme import exact, font_for, on
from pollux.engines.builtin.paint.plan import Camera, Lettering, Scene, Step
from pollux.engines.builtin.paint.type import Block, fit

SHAPE = 1.0  # width through height that a panel should have
SHOTS = ("wide", "medium", "portrait", "medium")
MOST = 12  # panels


def draw(page: Page) -> None:
    """A page of panels on the whole sheet."""
    unit, ink = page.unit, page.scene.style in STYLES
    paper = "#f6f4ee" if ink else "#fffdf6"
    page.fill(paper)
    inner = page.box.inset(2.2 * unit)
    title = wording.head(page.scene)
    if title is not None and title.role in ("title", "logo", "subtitle"):
        face = font_for(title, "anton" if ink else exact(title.text, "bangers"), page.theme.manner)
        face = "fredoka-bold" if face == "comic" else face
        head, inner = inner.rows(0.1, 0.9, gap=1.6 * unit)
        page.words(title.text, face, head.inset(unit, head.h * 0.1), "#141414", lines=1 if page.shape > 0.8 else 2)
    steps = page.scene.steps[:MOST] or tuple(Step("") for _ in range(3))
    cells = _cells(page, len(steps), inner)
    size = min(min(cell.w, cell.h) for cell in cells)
    for number, (step, cell) in enumerate(zip(steps, cells, strict=True)):
        _panel(page, step, number, cell, size, paper)


def _cells(page: Page, count: int, box: Box) -> list[Box]:
    """The panels' boxes, in rows; within a row their widths differ a little."""
    gap, random = 1.5 * page.unit, page.random("panels")

    def badness(down: int) -> float:
        across = count / down
        return abs(log((box.w / across) / (box.h / down) / SHAPE)) + 0.15 * (count % down > 0)

    down = min(range(1, count + 1), key=badness)
    base, more = divmod(count, down)
    counts = [base + (1 if n >= down - more else 0) for n in range(down)]
    out: list[Box] = []
    for row, across in zip(box.rows(*[1.0] * down, gap=gap), counts, strict=True):
        shares = [random.uniform(0.88, 1.14) for _ in range(across)] if across > 1 else [1.0]
        out += row.columns(*shares, gap=gap)
    return out


def _panel(page: Page, step: Step, number: int, cell: Box, size: float, paper: str) -> None:
    ink = page.scene.style in STYLES
    scene = _scene(page, step, number)
    said = [part for part in scene.lettering if part.role == "speech"]
    sounds = [part for part in scene.lettering if part.role in ("title", "label", "subtitle")]
    puts = staged(
        page,
        scene,
        cell,
        f"p{number}",
        look="flat" if ink else "colour",
        change=inked if ink else None,
        rim=page.scene.style == "noir",
    )
    if page.scene.style == "noir":
        _blinds(page, cell, number)
    thick = size * 0.013
    page.rect(cell, "none", edge="#101010", thick=thick)
    top = cell.y + thick
    if step.title:
        top = _caption(page, step.title, cell, size, paper)
    _speech(page, said, puts, Box(cell.x, top, cell.w, cell.foot - top), size, paper)
    for part in sounds:
        _sound(page, part.text, cell, size)


def _scene(page: Page, step: Step, number: int) -> Scene:
    """What a panel shows: its own scene, or the comic's seen from elsewhere; no nearer than leaves room for words."""
    own = step.scene
    if own is None:
        own = replace(page.scene, steps=(), lettering=(), camera=Camera(SHOTS[number % len(SHOTS)]))
    own = replace(own, layout="scene", style=page.scene.style)
    words = bool(step.title) or any(part.role == "speech" for part in own.lettering)
    if words and own.camera.shot in ("close-up", "macro", "portrait"):
        own = replace(own, camera=replace(own.camera, shot="medium"))
    if page.scene.style == "noir" and own.light.time == "day":
        own = replace(own, light=replace(own.light, time="night"))
    return own


def _caption(page: Page, text: str, cell: Box, size: float, paper: str) -> float:
    """The narrator's line in a box at the top; returns where it ends."""
    face = "typewriter" if page.scene.style == "noir" else "comic"
    pad = size * 0.028
    block = fit(text, face, cell.w * 0.86, cell.h * 0.22, most=size * 0.062, lines=4, leading=1.2)
    box = Box(cell.x, cell.y, block.width + 2.4 * pad, block.whole + 2.2 * pad)
    page.rect(box, paper if page.scene.style in STYLES else "#ffe9a8", edge="#101010", thick=size * 0.009)
    page.ink(block.path(cell.x + 1.2 * pad, cell.y + 1.1 * pad + block.over), "#141414")
    return box.foot


def _speech(page: Page, said: list[Lettering], puts: list[Put], room: Box, size: float, paper: str) -> None:
    """Bubbles below each other, in turn to the left and the right, each with a tail to who speaks."""
    speakers = sorted(puts, key=lambda put: -put.width * put.height)[: max(1, len(said))]
    speakers.sort(key=lambda put: put.x)
    y, pad = room.y + size * 0.035, size * 0.045
    high = min(room.h * 0.42, size * 0.4)
    for number, part in enumerate(said[:4]):
        who = speakers[number % len(speakers)] if speakers else None
        block = fit(
            part.text, exact(part.text, "comic"), room.w * (0.74 if len(said) == 1 else 0.62), high / len(said),
            most=size * 0.068, lines=6, leading=1.16, align="middle",
        )  # fmt: skip
        wide, tall = block.width + 2 * pad, block.whole + 1.7 * pad
        x = who.x if who is not None and len(said) == 1 else room.x + room.w * (0.3 if number % 2 == 0 else 0.7)
        x = min(max(x, room.x + wide / 2 + size * 0.03), room.right - wide / 2 - size * 0.03)
        _bubble(page, block, Box(x - wide / 2, y, wide, tall), who, size, paper)
        y += tall + size * 0.02


def _bubble(page: Page, block: Block, box: Box, who: Put | None, size: float, paper: str) -> None:
    edge, fill, tail = size * 0.009, "#ffffff" if paper != "#f6f4ee" else paper, ""
    if who is not None:
        to_x, to_y = who.x, max(who.foot - who.height - size * 0.005, box.foot + size * 0.03)
        to_y = min(to_y, box.foot + size * 0.2)
        base = min(max(to_x, box.x + box.w * 0.25), box.right - box.w * 0.25)
        half = min(size * 0.035, box.w * 0.1)
        foot = box.foot - edge * 2
        tail = (
            f"M{base - half:.2f} {foot:.2f}Q{base - half * 0.4:.2f} {(foot + to_y) / 2:.2f} "
            f"{base + (to_x - base) * 0.6:.2f} {to_y:.2f}"
            f"Q{base + half * 0.9:.2f} {(foot + to_y) / 2:.2f} {base + half:.2f} {foot:.2f}Z"
        )
    page.path(tail, fill, edge="#101010", thick=edge)
    page.rect(box, fill, round_=min(box.h * 0.5, size * 0.09), edge="#101010", thick=edge)
    page.path(tail, fill)
    page.ink(block.path(box.cx, box.cy - block.whole / 2 + block.over), "#141414")


def _sound(page: Page, text: str, cell: Box, size: float) -> None:
    """A sound on a burst, at the panel's lower right."""
    ink = page.scene.style in STYLES
    fill = "#f6f4ee" if ink else page.theme.accents[2]
    x, y, radius = cell.right - cell.w * 0.27, cell.foot - cell.h * 0.2, size * 0.24
    page.path(star(x, y, radius, 14, 0.72), fill, edge="#101010", thick=size * 0.01)
    face = "bangers" if text.upper() == text else "fredoka-bold"
    block = fit(text, face, radius * 1.3, radius * 0.7, lines=2, align="middle")
    page.ink(block.middle(x, y), on(fill, ("#141414",)))


def _blinds(page: Page, cell: Box, number: int) -> None:
    """Light through blinds: slanted bars of shadow over one side of the panel."""
    clip = page.sheet.define(
        f'<clipPath><rect x="{cell.x:.2f}" y="{cell.y:.2f}" width="{cell.w:.2f}" height="{cell.h:.2f}"/></clipPath>'
    )
    step, left, data = cell.h * 0.07, number % 2 == 0, ""
    x, to = (cell.x, cell.x + cell.w * 0.7) if left else (cell.right, cell.right - cell.w * 0.7)
    for n in range(9):
        y = cell.y + cell.h * 0.02 + n * step
        data += f"M{x:.1f} {y:.1f}L{to:.1f} {y + step * 1.9:.1f}v{step * 0.3:.1f}L{x:.1f} {y + step * 0.55:.1f}Z"
    stops = "".join(
        f'<stop offset="{at}" stop-color="#101010" stop-opacity="{much}"/>' for at, much in ((0, 0.75), (1, 0))
    )
    ends = f'gradientUnits="userSpaceOnUse" x1="{x:.1f}" y1="0" x2="{to:.1f}" y2="0"'
    shade = page.sheet.define(f"<linearGradient {ends}>{stops}</linearGradient>")
    page.sheet.add(f'<g clip-path="url(#{clip})"><path d="{data}" fill="url(#{shade})"/></g>')
