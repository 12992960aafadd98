"""Around the things on a stage: shadows, reflections, steam, and what falls from the sky."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pollux.engines.builtin.paint.joined import Figure
from pollux.engines.builtin.paint.pen import Pen, Stage


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
    far: bool = False  # in the background, which a lens that is open wide does not draw sharp


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


def weather(pen: Pen, kind: str) -> None:
    """What falls from the sky or hangs in the air: "rain", "storm", "snow", "fog"; nothing for other words."""
    h, w = pen.height, pen.width
    if kind in ("rain", "storm"):
        drops = "".join(
            f"M{x:.0f} {y:.0f}l-9 34"
            for x, y in ((pen.chance(0, w * 1.1), pen.chance(-30, h)) for _ in range(round(170 * w / 1000)))
        )
        pen.path(drops, "none", 0.5, "#dbe9f7", 2.6)
        for _ in range(round(22 * w / 1000)):
            pen.oval(pen.chance(0, w), h * pen.chance(0.8, 1), pen.chance(8, 22), 3, "#ffffff", 0.25)
    if kind == "storm":
        x = w * pen.chance(0.15, 0.85)
        bolt = (
            f"M{x:.0f} {h * 0.1:.0f}l-44 {h * 0.17:.0f}h40l-56 {h * 0.2:.0f}l126 "
            f"{-h * 0.24:.0f}h-46l52 {-h * 0.13:.0f}z"
        )
        pen.halo(x, h * 0.2, 260, "#fff3b0", 0.5)
        pen.path(bolt, "#fff6c4")
    if kind == "snow":
        for _ in range(round(150 * w / 1000)):
            r = pen.chance(1.6, 7)
            pen.oval(pen.chance(0, w), pen.chance(0, h), r, r, "#ffffff", pen.chance(0.5, 0.95))
    if kind == "fog":
        for part in (0.45, 0.6, 0.75, 0.9):
            pen.oval(
                w * pen.chance(0.2, 0.8),
                h * part,
                w * 0.8,
                h * 0.09,
                pen.glow(((0, "#ffffff", 0.6), (1, "#ffffff", 0))),
            )
