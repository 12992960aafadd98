"""Places by the water and in it."""

from __future__ import annotations

from pollux.engines.builtin.paint.colours import lighter, mix
from pollux.engines.builtin.paint.pen import Pen, Stage
from pollux.engines.builtin.paint.settings_nature import far_tree, tufts
from pollux.engines.builtin.paint.sky import sky


def beach(pen: Pen, weather: str) -> Stage:
    """Sky, sea and sand."""
    h, w = pen.height, pen.width
    sky(pen, 0.46, weather)
    _sea(pen, h * 0.46, h * 0.68)
    sand = pen.tone("#f3dca6")
    foam = (
        f"M-20 {h * 0.655:.0f}C{w * 0.25:.0f} {h * 0.70:.0f} {w * 0.45:.0f} {h * 0.625:.0f} "
        f"{w * 0.7:.0f} {h * 0.66:.0f}S{w * 0.95:.0f} {h * 0.68:.0f} {w + 20:.0f} {h * 0.65:.0f}V{h + 9:.0f}H-20z"
    )
    pen.path(foam, pen.tone("#ffffff"), 0.85)
    shore = (
        f"M-20 {h * 0.672:.0f}C{w * 0.25:.0f} {h * 0.715:.0f} {w * 0.45:.0f} {h * 0.642:.0f} "
        f"{w * 0.7:.0f} {h * 0.677:.0f}S{w * 0.95:.0f} {h * 0.697:.0f} {w + 20:.0f} {h * 0.667:.0f}V{h + 9:.0f}H-20z"
    )
    pen.path(shore, pen.down(((0, pen.tone("#d9b878")), (0.12, sand), (1, pen.tone("#e2bd7c")))))
    for _ in range(round(70 * w / 1000)):
        pen.oval(
            pen.chance(0, w), h * pen.chance(0.74, 1), pen.chance(1, 3.5), pen.chance(0.8, 2), pen.tone("#c49a5c"), 0.5
        )
    return Stage(0.88, 0.78, shade="#5a4526")


def sea(pen: Pen, weather: str) -> Stage:
    """Open water under the sky; things float on it."""
    sky(pen, 0.5, weather)
    _sea(pen, pen.height * 0.5, pen.height * 1.01)
    return Stage(0.78, 0.58, shade="#0c3350")


def cliff(pen: Pen, weather: str) -> Stage:
    """High above the sea, on rock with grass on it."""
    h, w = pen.height, pen.width
    sky(pen, 0.5, weather)
    _sea(pen, h * 0.5, h * 1.01)
    rock = pen.tone("#857b74")
    edge, side = (0.16, 1) if pen.left else (0.84, -1)

    def x(part: float) -> float:
        return w * (edge + side * part)

    base = (x(1.1), h * 1.05), (x(1.1), h * 0.76)
    top = (x(0.6), h * 0.75), (x(0.2), h * 0.765), (x(0.0), h * 0.79)
    face = (x(0.03), h * 0.83), (x(-0.02), h * 0.88), (x(0.05), h * 0.93), (x(0.02), h * 1.05)
    pen.poly((*base, *top, *face), pen.down(((0, lighter(rock, 0.05)), (0.7, rock), (1, lighter(rock, -0.12)))))
    for part, low in ((0.1, 0.86), (0.24, 0.9), (0.42, 0.88), (0.6, 0.92), (0.78, 0.87)):
        corners = (
            (x(part), h * low),
            (x(part + 0.06), h * (low - 0.02)),
            (x(part + 0.05), h * 1.03),
            (x(part), h * 1.03),
        )
        pen.poly(corners, lighter(rock, -0.1), 0.55)
    grass = (x(-0.01), h * 0.785), (x(0.03), h * 0.84), (x(0.12), h * 0.82), (x(0.3), h * 0.85), (x(0.5), h * 0.83)
    more = (x(0.72), h * 0.86), (x(1.1), h * 0.84)
    pen.poly((*base[1:], *top, *grass, *more), pen.down(((0, pen.tone("#8cc45f")), (1, pen.tone("#4f8a3f")))))
    return Stage(0.81, 0.77, shade="#20301c")


def _sea(pen: Pen, top: float, foot: float) -> None:
    deep, pale = pen.tone("#1d6fa5"), pen.tone("#5fc4d6")
    pen.rect(
        0, top, pen.width, foot - top + 40, pen.down(((0, mix(deep, pen.hour.sky[2], 0.25)), (0.35, deep), (1, pale)))
    )
    x = pen.width * (0.2 if pen.left else 0.8)
    for row in range(16):
        part = (row + 0.5) / 16
        y = top + (foot - top) * part**1.4
        for _ in range(4):
            length = (18 + 90 * part) * pen.chance(0.6, 1.4)
            at = pen.chance(0, pen.width)
            pen.path(
                f"M{at:.0f} {y:.1f}q{length / 2:.0f} {-3 - 8 * part:.0f} {length:.0f} 0q{-length / 2:.0f} "
                f"{1 + 2 * part:.0f} {-length:.0f} 0z",
                "#ffffff",
                0.22,
            )
        glint = 30 + 100 * part
        pen.oval(
            x + pen.chance(-1, 1) * glint * 0.4, y, glint * pen.chance(0.4, 0.9), 1.5 + 3 * part, pen.hour.light, 0.4
        )


def lake(pen: Pen, weather: str) -> Stage:
    """Still water before hills, with a near shore."""
    h, w = pen.height, pen.width
    sky(pen, 0.5, weather)
    pen.ridge(h * 0.5, h * 0.2, 4, pen.tone("#6c86a8", 0.45), sharp=True)
    tops = pen.ridge(h * 0.55, h * 0.06, 6, pen.tone("#4d7d5c", 0.25))
    for x, y in tops:
        for index in range(4):
            far_tree(pen, x + (index - 1.5) * 34, y + 22, pen.chance(50, 90), pen.tone("#35694a", 0.2), pointed=True)
    _sea(pen, h * 0.56, h * 0.8)
    pen.path(
        f"M-20 {h * 0.8:.0f}Q{w * 0.4:.0f} {h * 0.75:.0f} {w + 20:.0f} {h * 0.81:.0f}V{h + 9:.0f}H-20z",
        pen.down(((0, pen.tone("#7fae5a")), (1, pen.tone("#4c7f3f")))),
    )
    tufts(pen, h * 0.81, "#3c7a3c", ("#ffffff", "#ffd84d"))
    return Stage(0.9, 0.82)


def underwater(pen: Pen, _weather: str) -> Stage:
    """Blue depth with rays from above, sand and weed below."""
    h, w = pen.height, pen.width
    pen.rect(0, 0, w, h, pen.down(((0, "#7fe0ec"), (0.35, "#2a9cc9"), (1, "#0c3f78"))))
    for _ in range(7):
        x, wide = pen.chance(0, w), pen.chance(30, 90)
        pen.poly(
            ((x, -10), (x + wide, -10), (x + wide * 2.4 - 120, h * 0.9), (x - wide - 120, h * 0.9)), "#eaffff", 0.09
        )
    pen.ridge(h * 0.84, h * 0.06, 4, "#1f6f96")
    pen.ridge(h * 0.92, h * 0.04, 3, pen.down(((0, "#e9d6a2"), (1, "#b89a63"))))
    for index in range(round(16 * w / 1000)):
        x = w * (index + pen.chance(0, 1)) / round(16 * w / 1000)
        if 0.3 < x / w < 0.7:
            continue
        tall, sway = pen.chance(90, 260), pen.chance(-25, 25)
        colour = ("#2fa36b", "#1e8a63", "#d35f8d", "#e08a4a")[index % 4]
        pen.path(
            f"M{x:.0f} {h * 0.96:.0f}q{sway:.0f} {-tall * 0.4:.0f} 0 {-tall * 0.6:.0f}t{sway:.0f} {-tall * 0.4:.0f}",
            "none",
            0.9,
            colour,
            pen.chance(8, 16),
        )
    for _ in range(36):
        r = pen.chance(2, 11)
        x, y = pen.chance(0, w), pen.chance(0, h * 0.9)
        pen.oval(x, y, r, r, "#dffcff", 0.25)
        pen.oval(x - r * 0.3, y - r * 0.3, r * 0.3, r * 0.3, "#ffffff", 0.6)
    return Stage(0.62, 0.4, air=True)
