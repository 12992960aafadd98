"""Towns: skylines by day and by night, streets, farms."""

from __future__ import annotations

from pollux.engines.builtin.paint.colours import lighter
from pollux.engines.builtin.paint.pen import Pen, Stage
from pollux.engines.builtin.paint.settings_nature import far_tree
from pollux.engines.builtin.paint.sky import sky

_FACADES = ("#c98a6b", "#d9b48a", "#9fb3c4", "#b5826f", "#e0cbb0", "#8fa39a")


def city(pen: Pen, weather: str) -> Stage:
    """A skyline behind a square of paving."""
    h = pen.height
    sky(pen, 0.7, weather)
    for far, base, low, high, colour in (
        (0.62, 0.74, 0.2, 0.46, "#7d93b8"),
        (0.34, 0.76, 0.14, 0.36, "#5d7198"),
        (0.08, 0.78, 0.08, 0.24, "#445577"),
    ):
        _row(pen, h * base, h * low, h * high, pen.tone(colour, far), far)
    ground = pen.tone("#b9b4ad")
    pen.rect(0, h * 0.77, pen.width, h, pen.down(((0, lighter(ground, -0.12)), (1, lighter(ground, 0.04)))))
    for index in range(-9, 19):
        x = pen.width * index / 9
        pen.path(
            f"M{pen.width / 2 + (x - pen.width / 2) * 0.7:.0f} "
            f"{h * 0.77:.0f}L{pen.width / 2 + (x - pen.width / 2) * 1.9:.0f} {h:.0f}",
            "none",
            0.35,
            lighter(ground, -0.12),
            3,
        )
    for part in (0.8, 0.86, 0.94):
        pen.rect(0, h * part, pen.width, 3, lighter(ground, -0.12), 0.35)
    return Stage(0.91, 0.82)


def _row(pen: Pen, foot: float, low: float, high: float, colour: str, far: float) -> None:
    x = -40.0
    glow = "#ffd98a" if pen.hour.dark or pen.hour.strength > 0.3 else "#e9f3fb"
    while x < pen.width + 20:
        wide, tall = pen.chance(60, 130), pen.chance(low, high)
        shade = lighter(colour, pen.chance(-0.04, 0.04))
        pen.rect(x, foot - tall, wide, tall + 30, pen.down(((0, lighter(shade, 0.04)), (1, lighter(shade, -0.03)))))
        if pen.chance(0, 1) < 0.3:
            pen.rect(x + wide * 0.46, foot - tall - 46, 5, 48, shade)
        elif pen.chance(0, 1) < 0.4:
            pen.rect(x + wide * 0.2, foot - tall - 18, wide * 0.5, 20, shade)
        size = 9 - 4 * far
        y = foot - tall + 16
        while y < foot - 8:
            at = x + 10
            while at < x + wide - 12:
                if pen.chance(0, 1) < (0.55 if pen.hour.dark else 0.75):
                    pen.rect(at, y, size, size * 1.35, glow, 0.85 if pen.hour.dark else 0.35)
                at += size * 2
            y += size * 2.6
        x += wide + pen.chance(-4, 16)


def street(pen: Pen, weather: str) -> Stage:
    """A street of old houses with lamps, seen along the pavement."""
    h, w = pen.height, pen.width
    sky(pen, 0.66, weather)
    x = -30.0
    count = 0
    while x < w:
        wide, tall = pen.chance(150, 220), h * pen.chance(0.36, 0.52)
        _house(pen, x, h * 0.72, wide, tall, pen.tone(_FACADES[count % len(_FACADES)], 0.12))
        x += wide + 3
        count += 1
    for part in (0.12, 0.5, 0.88):
        far_tree(pen, w * part, h * 0.745, 150, pen.tone("#4f8a4a", 0.05))
    walk = pen.tone("#c4bcb2")
    pen.rect(0, h * 0.72, w, h, pen.down(((0, lighter(walk, -0.06)), (1, walk))))
    pen.rect(0, h * 0.775, w, h, pen.down(((0, pen.tone("#5c6068")), (1, pen.tone("#4a4d56")))))
    pen.rect(0, h * 0.768, w, 9, pen.tone("#e4ddd2"))
    for index in range(round(w / 190) + 1):
        pen.poly(
            (
                (index * 190 + 20, h * 0.885),
                (index * 190 + 120, h * 0.885),
                (index * 190 + 112, h * 0.9),
                (index * 190 + 8, h * 0.9),
            ),
            pen.tone("#f2efe2"),
            0.85,
        )
    for part in (0.27, 0.73):
        _street_lamp(pen, w * part, h * 0.765)
    return Stage(0.93, 0.8)


def _house(pen: Pen, x: float, foot: float, wide: float, tall: float, colour: str) -> None:
    pen.rect(x, foot - tall, wide, tall + 4, pen.down(((0, lighter(colour, 0.04)), (1, lighter(colour, -0.05)))))
    roof = pen.tone("#7d4a3d", 0.1)
    pen.poly(
        (
            (x - 8, foot - tall),
            (x + wide * 0.14, foot - tall - 56),
            (x + wide * 0.86, foot - tall - 56),
            (x + wide + 8, foot - tall),
        ),
        pen.down(((0, lighter(roof, 0.05)), (1, lighter(roof, -0.06)))),
    )
    lit = pen.hour.dark or pen.hour.strength > 0.3
    glass = "#ffd98a" if lit else pen.tone("#6f93ad", 0.2)
    rows = max(1, int((tall - 110) // 92))
    for row in range(rows):
        for column in range(3):
            at, y = x + wide * (0.14 + 0.29 * column), foot - tall + 26 + row * 92
            pen.rect(at - 4, y - 4, wide * 0.16 + 8, 62, lighter(colour, 0.12), round_=3)
            pen.rect(at, y, wide * 0.16, 54, glass if not lit or pen.chance(0, 1) < 0.7 else "#33405a", round_=2)
            pen.rect(at, y + 24, wide * 0.16, 4, lighter(colour, 0.12))
    pen.rect(x + wide * 0.1, foot - 90, wide * 0.8, 90, pen.tone("#4a5a58", 0.1), round_=3)
    for index in range(6):
        pen.rect(
            x + wide * (0.06 + 0.147 * index),
            foot - 104,
            wide * 0.147,
            26,
            pen.tone(("#d9574a", "#f6efe2")[index % 2], 0.05),
            round_=4,
        )
    pen.rect(x + wide * 0.16, foot - 70, wide * 0.4, 58, glass, 0.9)
    pen.rect(x + wide * 0.64, foot - 76, wide * 0.18, 76, pen.tone("#7a4a32"), round_=3)


def _street_lamp(pen: Pen, x: float, foot: float) -> None:
    tall = pen.height * 0.34
    if pen.hour.dark or pen.hour.strength > 0.3:
        pen.halo(x, foot - tall, 210, "#ffdf9a", 0.8)
    pen.rect(x - 4, foot - tall, 8, tall, "#2a2d33")
    pen.rect(x - 13, foot - 18, 26, 18, "#2a2d33", round_=4)
    pen.poly(
        ((x - 15, foot - tall - 40), (x + 15, foot - tall - 40), (x + 10, foot - tall), (x - 10, foot - tall)),
        "#ffeebb",
    )
    pen.poly(((x - 20, foot - tall - 38), (x, foot - tall - 58), (x + 20, foot - tall - 38)), "#2a2d33")


def farm(pen: Pen, weather: str) -> Stage:
    """Fields in stripes, a barn and a fence."""
    h, w = pen.height, pen.width
    sky(pen, 0.56, weather)
    pen.ridge(h * 0.55, h * 0.07, 4, pen.tone("#8fae7f", 0.45))
    pen.ridge(h * 0.62, h * 0.05, 3, pen.tone("#d9c069", 0.2))
    x, y = w * (0.72 if pen.left else 0.12), h * 0.62
    red = pen.tone("#b5403a", 0.08)
    pen.rect(x, y - 96, 150, 104, pen.down(((0, lighter(red, 0.04)), (1, lighter(red, -0.06)))))
    pen.poly(
        ((x - 12, y - 92), (x + 22, y - 152), (x + 75, y - 176), (x + 128, y - 152), (x + 162, y - 92)),
        pen.tone("#5a3a38", 0.1),
    )
    pen.poly(((x, y - 96), (x + 30, y - 146), (x + 75, y - 166), (x + 120, y - 146), (x + 150, y - 96)), red)
    pen.rect(x + 48, y - 66, 54, 74, pen.tone("#f3ead9"))
    pen.path(f"M{x + 52:.0f} {y - 62:.0f}l46 66m0 -66l-46 66", "none", 1, red, 6)
    for index in range(3):
        far_tree(
            pen, w * (0.18 if pen.left else 0.62) + index * 62, h * 0.66, 130 - 22 * index, pen.tone("#4f8a4a", 0.15)
        )
    pen.ridge(h * 0.7, h * 0.03, 3, pen.down(((0, pen.tone("#a8bf5a")), (1, pen.tone("#7aa548")))))
    for index in range(round(w / 95) + 1):
        pen.rect(index * 95 + 20, h * 0.7, 13, 92, pen.tone("#f5efe2"), round_=4)
    for part in (0.718, 0.752):
        pen.rect(0, h * part, w, 12, pen.tone("#efe6d4"))
    pen.ridge(h * 0.8, h * 0.02, 3, pen.down(((0, pen.tone("#86b552")), (1, pen.tone("#55913f")))))
    return Stage(0.91, 0.83)
