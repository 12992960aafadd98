"""Places without houses, built from simple shapes in layers that grow paler with distance."""

from __future__ import annotations

import math

from pollux.engines.builtin.paint.colours import lighter, mix
from pollux.engines.builtin.paint.pen import Pen, Stage, star
from pollux.engines.builtin.paint.sky import sky, stars


def meadow(pen: Pen, weather: str) -> Stage:
    """Rolling green hills with trees far off and flowers near; white ones where it snows."""
    if weather == "snow":
        return snow(pen, weather)
    return _hills(pen, weather, "#7db464", "#5a9e48", flowers=True)


def snow(pen: Pen, weather: str) -> Stage:
    """White hills with dark firs."""
    stage = _hills(pen, weather, "#dfe9f5", "#f4f8fd", flowers=False)
    return Stage(stage.near, stage.far, shade="#4a5f8a")


def autumn(pen: Pen, weather: str) -> Stage:
    """Hills in brown and gold."""
    return _hills(pen, weather, "#d9a24a", "#b9762f", flowers=False, crowns=("#d9692c", "#e0a02e", "#b8442a"))


def _hills(
    pen: Pen, weather: str, green: str, deep: str, *, flowers: bool, crowns: tuple[str, ...] = ("#3f8a4a", "#2f7442")
) -> Stage:
    h = pen.height
    sky(pen, 0.58, weather)
    pen.ridge(h * 0.56, h * 0.13, 4, pen.tone(mix(green, "#7f9fd0", 0.5), 0.5))
    tops = pen.ridge(h * 0.62, h * 0.08, 5, pen.tone(green, 0.28))
    for x, y in tops:
        for index in range(3):
            crown = crowns[index % len(crowns)]
            far_tree(
                pen,
                x + (index - 1) * 42 + pen.chance(-15, 15),
                y + 16,
                pen.chance(34, 62),
                pen.tone(crown, 0.25),
                pointed=not flowers,
                snowy=not flowers and crowns == ("#3f8a4a", "#2f7442"),
            )
    pen.ridge(h * 0.70, h * 0.05, 4, pen.down(((0, pen.tone(green)), (1, pen.tone(deep)))))
    top = pen.tone(lighter(green, 0.03))
    pen.ridge(h * 0.79, h * 0.03, 3, pen.down(((0, top), (0.35, pen.tone(deep)), (1, pen.tone(lighter(deep, -0.1))))))
    if flowers:
        tufts(pen, h * 0.8, lighter(deep, -0.05), ("#ffffff", "#ffd84d", "#f07fa8"))
    return Stage(0.9, 0.78)


def far_tree(
    pen: Pen, x: float, foot: float, high: float, colour: str, *, pointed: bool = False, snowy: bool = False
) -> None:
    """A small tree by its foot; a `snowy` one carries snow on its boughs."""
    pen.rect(x - high * 0.05, foot - high * 0.3, high * 0.1, high * 0.3, mix(colour, "#4a3020", 0.6))
    dark, lit = lighter(colour, -0.06), lighter(colour, 0.05)
    if pointed:
        for level in range(3):
            base, wide = foot - high * (0.18 + 0.24 * level), high * (0.32 - 0.07 * level)
            pen.poly(
                ((x - wide, base), (x, base - high * 0.42), (x + wide, base)),
                pen.down(((0, lit), (1, dark)), across=True),
            )
            if snowy:
                top = base - high * 0.42
                low = top + high * 0.2
                pen.poly(
                    ((x, top), (x + wide * 0.48, low), (x + wide * 0.15, low - high * 0.05), (x - wide * 0.1, low),
                     (x - wide * 0.28, low - high * 0.04), (x - wide * 0.48, low)),
                    pen.tone("#ffffff"), 0.92,
                )  # fmt: skip
        return
    for dx, dy, radius in ((-0.17, 0.42, 0.22), (0.18, 0.45, 0.22), (0, 0.66, 0.27)):
        pen.oval(x + dx * high, foot - dy * high, radius * high, radius * high, pen.down(((0, lit), (1, dark))))


def tufts(pen: Pen, top: float, green: str, petals: tuple[str, ...]) -> None:
    """Grass and flowers, larger the nearer they are."""
    for index in range(round(46 * pen.width / 1000)):
        y = top + (pen.height - top) * pen.chance(0.05, 1)
        near = (y - top) / (pen.height - top)
        x, size = pen.chance(0, pen.width), 7 + 17 * near
        blades = "".join(
            f"M{x + dx * size:.1f} {y:.1f}q{lean * size * 0.3:.1f} {-size * 0.7:.1f} "
            f"{lean * size * 0.7:.1f} {-size:.1f}"
            for dx, lean in ((-0.2, -0.6), (0, 0.1), (0.2, 0.7))
        )
        pen.path(blades, "none", 0.7, pen.tone(green), size * 0.11)
        if index % 2 == 0:
            colour = pen.tone(petals[index // 2 % len(petals)])
            r = size * 0.2
            for turn in range(5):
                angle = turn * 1.2566
                pen.oval(x + r * 1.1 * math.cos(angle), y - size + r * 1.1 * math.sin(angle), r, r, colour)
            pen.oval(x, y - size, r * 0.8, r * 0.8, pen.tone("#f2b632"))


def _glade(pen: Pen) -> Stage:
    """A clearing at night: the wood around it, the sky open above."""
    h, w = pen.height, pen.width
    sky(pen, 0.66, "stars")
    for base, low, high, far, count in ((0.66, 130, 210, 0.35, 22), (0.72, 200, 300, 0.12, 14)):
        pen.ridge(h * base, h * 0.02, 5, pen.tone("#3f6b48", far))
        many = round(count * w / 1000)
        for index in range(many):
            x = w * (index + pen.chance(0, 1)) / many
            edge = min(1.0, abs(x / w - 0.5) * 2.2)
            far_tree(pen, x, h * (base + 0.015), pen.chance(low, high) * (0.55 + 0.6 * edge),
                     pen.tone("#2a5f42", far), pointed=True)  # fmt: skip
    _near_ground(pen, h * 0.76, ("#6fa556", "#3b6f37"), snowy=False)
    tufts(pen, h * 0.8, "#2e6a33", ("#ffffff", "#e6d8ff", "#ffd84d"))
    return Stage(0.9, 0.79, shade="#0f2416")


def _near_ground(pen: Pen, base: float, greens: tuple[str, str], *, snowy: bool) -> None:
    """Grass before everything, or snow with blue shades."""
    lit, deep = ("#fbfdff", "#cfdeee") if snowy else greens
    pen.ridge(base, pen.height * 0.03, 3, pen.down(((0, pen.tone(lit)), (1, pen.tone(deep)))))


def mountains(pen: Pen, weather: str) -> Stage:
    """Snow-capped peaks above a valley of firs."""
    h = pen.height
    sky(pen, 0.6, weather)
    pen.ridge(h * 0.52, h * 0.24, 6, pen.tone("#7b8fb5", 0.55), sharp=True)
    for x, y in pen.ridge(
        h * 0.60, h * 0.36, 4, pen.down(((0, pen.tone("#5d6f94", 0.15)), (1, pen.tone("#54708a", 0.35)))), sharp=True
    ):
        if y < h * 0.46:
            cap = h * 0.075
            pen.poly(
                (
                    (x, y - 1),
                    (x + cap * 0.7, y + cap * 1.05),
                    (x + cap * 0.32, y + cap * 0.8),
                    (x + cap * 0.1, y + cap * 1.3),
                    (x - cap * 0.25, y + cap * 0.85),
                    (x - cap * 0.62, y + cap * 1.1),
                ),
                pen.tone("#ffffff"),
                0.95,
            )
    snowy = weather == "snow"
    pen.ridge(h * 0.68, h * 0.06, 5, pen.tone("#c9d8e8" if snowy else "#3f6b58", 0.3))
    for index in range(round(26 * pen.width / 1000)):
        x = pen.width * (index + pen.chance(0, 1)) / round(26 * pen.width / 1000)
        far_tree(
            pen, x, h * pen.chance(0.7, 0.75), pen.chance(70, 120), pen.tone("#2f6b4c", 0.1), pointed=True, snowy=snowy
        )
    _near_ground(pen, h * 0.77, ("#6fa556", "#3f7a3d"), snowy=snowy)
    if not snowy:
        tufts(pen, h * 0.8, "#3c7a3c", ("#ffffff", "#b59cf0", "#ffd84d"))
    return Stage(0.9, 0.8)


def desert(pen: Pen, weather: str) -> Stage:
    """Dunes, and rocks far off."""
    h = pen.height
    sky(pen, 0.58, weather)
    pen.ridge(h * 0.57, h * 0.12, 5, pen.tone("#c98a6a", 0.45), sharp=True)
    pen.ridge(h * 0.64, h * 0.1, 3, pen.down(((0, pen.tone("#f0bf78")), (1, pen.tone("#d99a55")))))
    pen.ridge(h * 0.72, h * 0.06, 2, pen.down(((0, pen.tone("#f7cf8c")), (1, pen.tone("#dba05a")))))
    pen.ridge(h * 0.8, h * 0.04, 2, pen.down(((0, pen.tone("#fbdca0")), (1, pen.tone("#d8994f")))))
    return Stage(0.9, 0.8, shade="#6b3f1d")


def forest(pen: Pen, weather: str) -> Stage:
    """Rows of trunks in green light, a clearing before them; firs below the sky where the stars are to be seen."""
    if weather == "stars":
        return _glade(pen)
    h, w = pen.height, pen.width
    low = pen.tone("#dde8f2" if weather == "snow" else "#cfe8b0")
    sky(pen, 0.7, weather, disc=False)
    pen.rect(
        0,
        0,
        w,
        h,
        pen.down(((0, pen.tone("#a9bccf" if weather == "snow" else "#8fc08a")), (0.55, low), (1, low))),
        0.9 if not pen.hour.dark else 0.55,
    )
    pen.halo(w * (0.3 if pen.left else 0.7), h * 0.28, 520, pen.hour.light, 0.75)
    for row, (far, base, thick) in enumerate(((0.62, 0.68, 15), (0.4, 0.72, 24), (0.15, 0.77, 38))):
        bark = pen.tone("#5b4231", far)
        leaf = pen.tone("#dfe9f3" if weather == "snow" else "#2f7a41", far)
        pen.ridge(h * base, h * 0.02, 5, pen.tone("#e4edf6" if weather == "snow" else "#5f9a4a", far))
        count = round((13, 9, 6)[row] * w / 1000) + 1
        for index in range(count):
            x = w * (index + pen.chance(0.1, 0.9)) / count
            if row == 2 and 0.3 < x / w < 0.7:
                continue
            pen.poly(
                (
                    (x - thick * 0.5, -10),
                    (x + thick * 0.4, -10),
                    (x + thick * 0.8, h * base + 20),
                    (x - thick * 0.8, h * base + 20),
                ),
                pen.down(((0, lighter(bark, 0.06)), (1, lighter(bark, -0.06))), across=True),
            )
        for index in range(count * 2):
            x, size = w * (index + pen.chance(0, 1)) / (count * 2), pen.chance(60, 130) * (0.7 + 0.3 * row)
            pen.oval(
                x, h * pen.chance(-0.04, 0.1 - 0.02 * row), size, size * 0.8, lighter(leaf, pen.chance(-0.04, 0.05))
            )
    for index in range(4):
        x = w * (0.1 + 0.22 * index) if pen.left else w * (0.9 - 0.22 * index)
        slant = 260 if pen.left else -260
        pen.poly(
            ((x, -10), (x + 70, -10), (x + 70 + slant, h * 0.85), (x - 30 + slant, h * 0.85)), pen.hour.light, 0.12
        )
    snowy = weather == "snow"
    _near_ground(pen, h * 0.79, ("#79b353", "#3b7136"), snowy=snowy)
    if not snowy:
        tufts(pen, h * 0.81, "#2e6a33", ("#ffffff", "#e6d8ff", "#ffd84d"))
    return Stage(0.9, 0.81, shade="#12301b")


def space(pen: Pen, _weather: str) -> Stage:
    """Stars, nebulae and a planet's edge."""
    h, w = pen.height, pen.width
    pen.rect(0, 0, w, h, pen.down(((0, "#0a0a24"), (0.5, "#151541"), (1, "#2a1550"))))
    for colour in ("#7a3fd0", "#2f6fe0", "#e0559a", "#2aa8b8"):
        pen.halo(pen.chance(0, w), pen.chance(0, h), pen.chance(280, 520), colour, 0.34)
    stars(pen, h, 230)
    x, y, r = w * (0.86 if pen.left else 0.14), h * 0.16, 86
    pen.oval(x, y, r, r, pen.down(((0, "#f7c98b"), (0.5, "#d97f5a"), (1, "#6e2f5a")), across=not pen.left))
    pen.sheet.add(
        f'<g transform="rotate(-18 {x:.0f} {y:.0f})"><ellipse cx="{x:.0f}" cy="{y:.0f}" '
        f'rx="{r * 1.7:.0f}" ry="{r * 0.36:.0f}" fill="none" stroke="#f4dcb0" stroke-width="7" opacity="0.65"/></g>'
    )
    return Stage(0.62, 0.4, air=True)


def moon(pen: Pen, _weather: str) -> Stage:
    """Grey ground with craters under the stars."""
    h, w = pen.height, pen.width
    pen.rect(0, 0, w, h, pen.down(((0, "#05060f"), (1, "#1a2040"))))
    stars(pen, h * 0.7, 180)
    x, y = w * (0.2 if pen.left else 0.8), h * 0.22
    pen.halo(x, y, 210, "#7fb8ff", 0.4)
    pen.oval(x, y, 78, 78, pen.down(((0, "#8fd0ff"), (0.6, "#2f7fd0"), (1, "#123a7a"))))
    pen.ridge(h * 0.66, h * 0.06, 5, "#5d6070")
    pen.ridge(h * 0.74, h * 0.03, 3, pen.down(((0, "#c9ccd6"), (1, "#767a88"))))
    for _ in range(16):
        part = pen.chance(0.1, 1)
        r = 12 + 50 * part * pen.chance(0.4, 1)
        cx, cy = pen.chance(0, w), h * (0.76 + 0.24 * part)
        pen.oval(cx, cy, r, r * 0.3, "#5f6372", 0.8)
        pen.oval(cx, cy + r * 0.06, r * 0.9, r * 0.24, "#8d91a0")
    return Stage(0.9, 0.8, shade="#0a0c18")


def cave(pen: Pen, _weather: str) -> Stage:
    """Dark rock around an opening full of light."""
    h, w = pen.height, pen.width
    pen.rect(0, 0, w, h, pen.down(((0, "#1d1a24"), (0.7, "#3a3340"), (1, "#54495a"))))
    x = w * (0.36 if pen.left else 0.64)
    pen.halo(x, h * 0.38, h * 0.62, "#9fd0e8", 0.55)
    for size, colour in ((0.34, "#5a7f9a"), (0.29, "#8fc0d6"), (0.23, "#d9f0f5")):
        pen.oval(x, h * 0.42, h * size * 0.9, h * size, colour)
    for part, deep in ((0.05, 0.3), (0.16, 0.18), (0.3, 0.1), (0.5, 0.07), (0.68, 0.13), (0.82, 0.2), (0.95, 0.34)):
        wide = w * pen.chance(0.05, 0.08)
        tip = h * deep * pen.chance(0.9, 1.3)
        pen.poly(((w * part - wide, -5), (w * part + wide, -5), (w * part + wide * 0.1, tip)), "#16131c")
    pen.ridge(h * 0.74, h * 0.05, 6, "#3d3542", sharp=True)
    pen.ridge(h * 0.8, h * 0.03, 4, pen.down(((0, "#6d5f6c"), (1, "#3a313c"))))
    for part, tall in ((0.04, 0.2), (0.13, 0.11), (0.9, 0.16), (0.98, 0.24)):
        pen.poly(((w * part - 46, h * 0.86), (w * part, h * (0.86 - tall)), (w * part + 46, h * 0.86)), "#2a242f")
    return Stage(0.9, 0.8, shade="#0a0810")


def clouds(pen: Pen, weather: str) -> Stage:
    """High in the sky, among clouds."""
    sky(pen, 0.98, weather or "clouds")
    return Stage(0.6, 0.4, air=True)


def sparkle(pen: Pen, count: int, colour: str = "#fff7c8") -> None:
    """Small four-pointed lights."""
    for _ in range(count):
        pen.path(
            star(pen.chance(0, pen.width), pen.chance(0, pen.height * 0.8), pen.chance(6, 16), waist=0.18),
            colour,
            pen.chance(0.4, 0.95),
        )
