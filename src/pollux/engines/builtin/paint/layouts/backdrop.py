"""Grounds for posters and cards: quiet shapes in the theme's colours, by manner."""

from __future__ import annotations

from math import cos, pi, sin

from pollux.engines.builtin.paint.colours import mix
from pollux.engines.builtin.paint.layouts.frames import polygon, rays, star
from pollux.engines.builtin.paint.layouts.page import Box, Page


def behind(page: Page, focus: Box, clear: tuple[Box, ...]) -> None:
    """Fills the sheet; what is drawn stands around `focus`, where the art comes, and leaves `clear` calm for words."""
    page.fill(page.theme.ground)
    drawer = {
        "retro": _sunburst, "bold": _burst, "playful": _confetti, "festive": _stars, "tech": _grid, "luxury": _deco,
        "elegant": _borders, "nature": _hills, "hand": _blobs, "noir": _stripes,
    }.get(page.theme.manner, _disc)  # fmt: skip
    drawer(page, focus, clear)


def _sunburst(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, far = page.theme, page.box.w + page.box.h
    page.path(rays(focus.cx, focus.cy, far, 18), mix(theme.ground, theme.accents[2], 0.22))
    radius = min(focus.w, focus.h) * 0.5
    page.circle(focus.cx, focus.cy, radius * 1.04, mix(theme.ground, theme.accents[2], 0.5))
    page.circle(focus.cx, focus.cy, radius * 0.94, theme.accents[0])
    page.circle(focus.cx, focus.cy, radius * 0.78, theme.panel)


def _disc(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, radius = page.theme, min(focus.w, focus.h) * 0.5
    page.circle(focus.cx, focus.cy, radius, mix(theme.ground, theme.accent, 0.2))
    page.circle(focus.cx, focus.cy, radius * 0.8, mix(theme.ground, theme.accent, 0.4))


def _burst(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, radius = page.theme, min(focus.w, focus.h) * 0.5
    page.path(rays(focus.cx, focus.cy, page.box.w + page.box.h, 14), mix(theme.ground, theme.ink, 0.06))
    page.path(star(focus.cx, focus.cy, radius * 1.02, 24, 0.9), mix(theme.ground, theme.ink, 0.14))


def _confetti(page: Page, focus: Box, clear: tuple[Box, ...]) -> None:
    theme, random, unit = page.theme, page.random("confetti"), page.unit
    side = min(focus.w, focus.h) * (1.04 if page.scene.subjects else 0.0)
    middle = Box(focus.cx - side / 2, focus.cy - side / 2, side, side)
    page.circle(focus.cx, focus.cy, side / 2, mix(theme.ground, "#ffffff", 0.55))
    for _ in range(170):
        x, y = random.random() * page.box.w, random.random() * page.box.h
        colour, size = random.choice(theme.accents), unit * random.uniform(0.7, 1.5)
        kind, turn = random.randrange(4), random.random() * 180
        if any(inside(part.inset(-2.5 * unit), x, y) for part in (*clear, middle)):
            continue
        if kind == 0:
            page.circle(x, y, size * 0.55, colour)
        elif kind == 1:
            page.path(star(x, y, size), colour)
        elif kind == 2:
            page.path(polygon(x, y, size * 0.8, 3, turn), colour)
        else:
            dx, dy = size * cos(turn), size * sin(turn)
            page.line(x - dx, y - dy, x + dx, y + dy, colour, size * 0.45)


def _stars(page: Page, focus: Box, clear: tuple[Box, ...]) -> None:
    theme, random, unit = page.theme, page.random("stars"), page.unit
    page.circle(focus.cx, focus.cy, min(focus.w, focus.h) * 0.52, mix(theme.ground, theme.ink, 0.08))
    for _ in range(60):
        x, y, size = random.random() * page.box.w, random.random() * page.box.h, unit * random.uniform(0.25, 1.1)
        if not any(inside(part.inset(-1.5 * unit), x, y) for part in clear):
            page.path(star(x, y, size, 4, 0.3), theme.accent, opacity=random.uniform(0.4, 0.9))
    edge(page, 2.4 * unit, theme.accent, 0.25 * unit)


def _grid(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, unit = page.theme, page.unit
    tint, step = mix(theme.ground, theme.accent, 0.13), unit * 7
    for n in range(1, int(page.box.w / step) + 1):
        page.line(n * step, 0, n * step, page.box.h, tint, unit * 0.12)
    for n in range(1, int(page.box.h / step) + 1):
        page.line(0, n * step, page.box.w, n * step, tint, unit * 0.12)
    radius = min(focus.w, focus.h) * 0.5
    for share, colour in ((1.0, theme.accents[1]), (0.86, theme.accents[0]), (0.72, theme.accents[2])):
        page.circle(focus.cx, focus.cy, radius * share, mix(theme.ground, colour, 0.18), edge=colour, thick=unit * 0.25)


def _deco(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, unit = page.theme, page.unit
    page.path(rays(focus.cx, focus.foot, page.box.w + page.box.h, 48), mix(theme.ground, theme.accent, 0.07))
    page.circle(focus.cx, focus.cy, min(focus.w, focus.h) * 0.5, mix(theme.ground, theme.accent, 0.14))
    edge(page, 2.5 * unit, theme.accent, 0.35 * unit)
    edge(page, 3.6 * unit, theme.accent, 0.12 * unit)


def _borders(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, unit = page.theme, page.unit
    page.rect(page.box.inset(3 * unit), theme.panel)
    edge(page, 3 * unit, theme.accent, 0.18 * unit)
    edge(page, 4 * unit, theme.accent, 0.09 * unit)
    page.circle(focus.cx, focus.cy, min(focus.w, focus.h) * 0.46, mix(theme.panel, theme.accent, 0.14))


def _hills(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, box = page.theme, page.box
    page.circle(focus.cx, focus.cy, min(focus.w, focus.h) * 0.48, mix(theme.ground, theme.accents[1], 0.28))
    for share, depth in ((0.16, 0.16), (0.11, 0.26), (0.06, 0.36)):
        y, bend = box.h * (1 - share), box.h * share * 0.7
        data = (
            f"M0 {y:.1f}C{box.w * 0.25:.1f} {y - bend:.1f} {box.w * (0.35 + share):.1f} {y + bend * 0.5:.1f} "
            f"{box.w * 0.6:.1f} {y - bend * 0.1:.1f}S{box.w * 0.9:.1f} {y - bend:.1f} {box.w:.1f} {y:.1f}"
            f"V{box.h:.1f}H0Z"
        )
        page.path(data, mix(theme.ground, theme.accent, depth * 0.7))


def _blobs(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, random = page.theme, page.random("blob")
    radius, points = min(focus.w, focus.h) * 0.5, list[tuple[float, float]]()
    for n in range(9):
        r = radius * random.uniform(0.88, 1.08)
        points.append((focus.cx + r * cos(2 * pi * n / 9), focus.cy + r * sin(2 * pi * n / 9)))
    page.path(smooth(points), mix(theme.ground, theme.accents[2], 0.3))
    edge(page, 2.6 * page.unit, theme.line, 0.2 * page.unit, round_=3 * page.unit)


def _stripes(page: Page, focus: Box, _: tuple[Box, ...]) -> None:
    theme, radius = page.theme, min(focus.w, focus.h) * 0.5
    page.circle(focus.cx, focus.cy, radius, theme.ink)
    for n in range(7):
        y = focus.cy + radius * (0.35 + n * 0.09)
        page.rect(Box(focus.cx - radius, y, 2 * radius, radius * (0.012 + n * 0.006)), theme.ground)


def edge(page: Page, inset: float, colour: str, thick: float, round_: float = 0.0) -> None:
    """A border around the sheet, that far inside it."""
    page.rect(page.box.inset(inset), "none", edge=colour, thick=thick, round_=round_)


def smooth(points: list[tuple[float, float]]) -> str:
    """A closed curve through the middles between points."""
    middles = [
        ((x + to_x) / 2, (y + to_y) / 2)
        for (x, y), (to_x, to_y) in zip(points, points[1:] + points[:1], strict=True)
    ]  # fmt: skip
    out = f"M{middles[-1][0]:.1f} {middles[-1][1]:.1f}"
    return (
        out
        + "".join(f"Q{p[0]:.1f} {p[1]:.1f} {m[0]:.1f} {m[1]:.1f}" for p, m in zip(points, middles, strict=True))
        + "Z"
    )


def inside(box: Box, x: float, y: float) -> bool:
    """Whether a point is in a box."""
    return box.x <= x <= box.right and box.y <= y <= box.foot
