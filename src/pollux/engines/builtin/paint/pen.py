"""What scenery is drawn with: shapes on a sheet, in the colours of a time of day and paler with distance."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.builtin.paint.colours import hexed, mix
from pollux.engines.builtin.paint.svg import Sheet

Stop = tuple[float, str] | tuple[float, str, float]
"""(where, 0 to 1; colour; opacity)."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day: the sky from top to horizon, the light's colour, what everything is tinted with and how much."""

    sky: tuple[str, str, str]
    light: str
    tint: str
    strength: float
    dark: bool = False


HOURS = {
    "day": Hour(("#3f8fe0", "#8cc6f2", "#e3f3fb"), "#fff6d8", "#fff4dc", 0.05),
    "dawn": Hour(("#6d86c9", "#f0b8b8", "#ffe3c2"), "#ffe9c4", "#ffc7b0", 0.22),
    "golden hour": Hour(("#5f7fc0", "#f7b267", "#ffe2a6"), "#ffedb8", "#ffa24d", 0.28),
    "dusk": Hour(("#2b2a63", "#9b4f96", "#ff9d72"), "#ffd0a0", "#6a3d8f", 0.38),
    "night": Hour(("#070b24", "#141c4a", "#33427f"), "#e9eeff", "#0f1745", 0.62, dark=True),
    "studio": Hour(("#dfe3ea", "#eceff3", "#f7f8fa"), "#ffffff", "#ffffff", 0.0),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where subjects go: the line `near` (fraction of the height) on which the nearest stand, `far` for those behind.

    `air` is for places without ground (sky, space, under water): things float and throw no shadow.
    """

    near: float = 0.86
    far: float = 0.72
    air: bool = False
    shade: str = "#10131f"
    reflects: float = 0.0


class Pen:
    """Draws on a sheet whose shorter side measures 1000.

    `left`: the light comes from there.  `flat`: bands of colour, no gradients.  `disc`: skies show the sun or the moon.
    """

    def __init__(
        self, sheet: Sheet, rng: random.Random, hour: Hour, *, left: bool = True, flat: bool = False, disc: bool = True
    ) -> None:
        self.sheet, self.rng, self.hour, self.left, self.flat = sheet, rng, hour, left, flat
        self.disc = disc
        self.width, self.height = sheet.width, sheet.height

    def tone(self, colour: str, far: float = 0.0) -> str:
        """A thing's own colour in this light; `far` (0 to 1) is how much air is before it."""
        lit = mix(colour, self.hour.tint, self.hour.strength)
        return mix(lit, self.hour.sky[2], far)

    def down(self, stops: Sequence[Stop], *, across: bool = False) -> str:
        """A gradient from top to bottom (or from left to right) as a fill."""
        if self.flat:
            stops = _bands(stops)
        way = 'x1="0" y1="0" x2="1" y2="0"' if across else 'x1="0" y1="0" x2="0" y2="1"'
        return f"url(#{self.sheet.define(f'<linearGradient {way}>{_stops(stops)}</linearGradient>')})"

    def glow(self, stops: Sequence[Stop]) -> str:
        """A gradient from the middle outwards as a fill."""
        return f"url(#{self.sheet.define(f'<radialGradient>{_stops(stops)}</radialGradient>')})"

    def path(self, way: str, fill: str, opacity: float = 1, stroke: str = "", width: float = 0) -> None:
        """A filled path; with `stroke`, a line `width` thick around it."""
        line = (
            f' stroke="{stroke}" stroke-width="{width:.1f}" stroke-linecap="round" stroke-linejoin="round"'
            if stroke
            else ""
        )
        self.sheet.add(f'<path d="{way}" fill="{fill}"{_see(opacity)}{line}/>')

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1, round_: float = 0
    ) -> None:
        """A rectangle."""
        self.sheet.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0, width):.1f}" '
            f'height="{max(0, height):.1f}" rx="{round_:.1f}" '
            f'fill="{fill}"{_see(opacity)}/>'
        )

    def oval(self, x: float, y: float, across: float, down: float, fill: str, opacity: float = 1) -> None:
        """An ellipse by its middle and half its sides."""
        self.sheet.add(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{across:.1f}" ry="{down:.1f}" fill="{fill}"{_see(opacity)}/>'
        )

    def halo(self, x: float, y: float, radius: float, colour: str, opacity: float = 0.8) -> None:
        """Light that fades outwards."""
        if self.flat and radius > 450:  # a wall's glow would be rings
            return
        if self.flat:
            for reach, share in ((0.7, 0.1), (0.45, 0.14), (0.28, 0.16)):
                self.oval(x, y, radius * reach, radius * reach, colour, opacity * share)
            return
        self.oval(
            x, y, radius, radius, self.glow(((0, colour, opacity), (0.35, colour, opacity * 0.45), (1, colour, 0)))
        )

    def poly(self, points: Sequence[tuple[float, float]], fill: str, opacity: float = 1) -> None:
        """A polygon."""
        self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z", fill, opacity)

    def ridge(
        self, base: float, rise: float, bumps: int, fill: str, *, sharp: bool = False
    ) -> list[tuple[float, float]]:
        """Land from edge to edge, its top near `base` and `rise` high: hills, or sharp peaks.  Its top points."""
        step = self.width / bumps
        points = []
        for index in range(-1, bumps + 2):
            high = self.rng.uniform(0.35, 1.0) if index % 2 == 0 else self.rng.uniform(-0.25, 0.25)
            points.append((index * step + self.rng.uniform(-0.2, 0.2) * step, base - rise * high))
        way = _straight(points) if sharp else _smooth(points)
        self.path(f"{way}L{self.width + 60:.1f} {self.height + 10:.1f}L-60 {self.height + 10:.1f}z", fill)
        return points

    def chance(self, low: float, high: float) -> float:
        """A number between."""
        return self.rng.uniform(low, high)


def _stops(stops: Sequence[Stop]) -> str:
    out = []
    for where, colour, *see in stops:
        opacity = f' stop-opacity="{see[0]:.3g}"' if see else ""
        out.append(f'<stop offset="{where:.3g}" stop-color="{hexed(colour, colour)}"{opacity}/>')
    return "".join(out)


def _bands(stops: Sequence[Stop]) -> list[Stop]:
    """A gradient as a few flat bands: two halves, or five bands where it has more than two stops."""
    first, last = str(stops[0][1]), str(stops[-1][1])
    if len(stops) < 3:
        middle = mix(hexed(first, first), hexed(last, last), 0.4)
        return [(0, middle), (1, middle)]
    out: list[Stop] = []
    for index in range(5):
        at = (index + 0.5) / 5
        after = next((stop for stop in stops if stop[0] >= at), stops[-1])
        before = [stop for stop in stops if stop[0] <= at] or [stops[0]]
        part = (at - before[-1][0]) / max(1e-6, after[0] - before[-1][0])
        colour = mix(hexed(before[-1][1], before[-1][1]), hexed(after[1], after[1]), min(1.0, max(0.0, part)))
        out += [(index / 5, colour), ((index + 1) / 5 - 0.001, colour)]
    return out


def _see(opacity: float) -> str:
    return f' opacity="{opacity:.3g}"' if opacity < 1 else ""


def _straight(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """A curve through all points (Catmull-Rom as cubic Bezier)."""
    way = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for index in range(len(points) - 1):
        before, start = points[max(0, index - 1)], points[index]
        end, after = points[index + 1], points[min(len(points) - 1, index + 2)]
        one = start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6
        two = end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6
        way += f"C{one[0]:.1f} {one[1]:.1f} {two[0]:.1f} {two[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    return way


def cloud(pen: Pen, x: float, y: float, size: float, fill: str, opacity: float = 0.9) -> None:
    """A heap cloud on a flat foot."""
    parts = (
        (0, 0, 0.5),
        (-0.55, 0.13, 0.33),
        (0.55, 0.1, 0.38),
        (-0.95, 0.24, 0.2),
        (0.98, 0.22, 0.22),
        (0.2, -0.18, 0.36),
    )
    shapes = "".join(
        f'<circle cx="{x + dx * size:.1f}" cy="{y + dy * size:.1f}" r="{r * size:.1f}"/>' for dx, dy, r in parts
    )
    foot = (
        f'<rect x="{x - 1.1 * size:.1f}" y="{y + 0.12 * size:.1f}" width="{2.25 * size:.1f}" '
        f'height="{0.34 * size:.1f}" rx="{0.17 * size:.1f}"/>'
    )
    pen.sheet.add(f'<g fill="{fill}" opacity="{opacity:.3g}">{shapes}{foot}</g>')


def star(x: float, y: float, radius: float, turn: float = 0.0, points: int = 4, waist: float = 0.32) -> str:
    """The outline of a star."""
    corners = []
    for index in range(points * 2):
        reach = radius if index % 2 == 0 else radius * waist
        angle = turn + math.pi * index / points - math.pi / 2
        corners.append(f"{x + reach * math.cos(angle):.1f} {y + reach * math.sin(angle):.1f}")
    return "M" + "L".join(corners) + "z"
