"""Interiors: walls, floors, windows with their light, and what stands about; table tops and studios."""

from __future__ import annotations

from pollux.engines.builtin.paint.colours import from_lch, hexed, lighter, mix, rgb, to_lch
from pollux.engines.builtin.paint.pen import Pen, Stage, cloud

SURFACES = {  # word of the prompt: (colour, how)
    "concrete": ("#a9aaac", "stone"), "marble": ("#f1eeea", "marble"), "wood": ("#b07d4b", "wood"),
    "wooden": ("#b07d4b", "wood"), "oak": ("#c39a62", "wood"), "walnut": ("#6b4a32", "wood"),
    "slate": ("#4d545e", "stone"),     "stone": ("#a39c92", "stone"), "glass": ("#d6e8ee", "gloss"),
    "metal": ("#a6adb5", "gloss"),
    "steel": ("#a6adb5", "gloss"), "linen": ("#e9e1d3", "plain"), "sand": ("#e4cb98", "plain"),
    "tile": ("#dfe6ea", "gloss"),     "granite": ("#77777c", "stone"), "terrazzo": ("#ece7e0", "stone"),
    "velvet": ("#6b2140", "plain"),
    "grass": ("#6aa84f", "plain"), "snow": ("#f2f6fb", "plain"), "water": ("#5fb0cf", "gloss"),
}  # fmt: skip


def studio(pen: Pen, ground: str, accent: str = "") -> Stage:
    """A seamless sweep of paper: wall and floor meet in a soft curve, lit from the side."""
    h, w = pen.height, pen.width
    wall = hexed(ground, "#e9e6e1")
    light, chroma, hue = to_lch(rgb(wall) or (0, 0, 0))
    if light > 0.9 and chroma > 0.02:  # room for the lamp's glow in a pale colour
        wall = hexed(from_lch((0.9, chroma * 1.15, hue)))
    floor = lighter(wall, 0.03)
    pen.rect(
        0,
        0,
        w,
        h,
        pen.down(
            (
                (0, lighter(wall, -0.05)),
                (0.62, wall),
                (0.74, lighter(wall, -0.03)),
                (0.8, floor),
                (1, lighter(wall, -0.02)),
            )
        ),
    )
    x = w * (0.32 if pen.left else 0.68)
    pen.halo(x, h * 0.36, max(w, h) * 0.62, lighter(wall, 0.08), 0.6)
    if accent:
        pen.halo(w - x, h * 0.6, max(w, h) * 0.45, hexed(accent, accent), 0.28)
    pen.halo(w * 0.5, h * 0.9, w * 0.6, floor, 0.5)
    return Stage(0.82, 0.76, shade=lighter(wall, -0.5))


def table(pen: Pen, surface: str, wall: str) -> Stage:
    """A surface seen from a little above, before a wall out of focus."""
    h, w = pen.height, pen.width
    back = lighter(hexed(wall, "#d8d3cb"), -0.1)
    pen.rect(0, 0, w, h, pen.down(((0, lighter(back, -0.08)), (0.62, lighter(back, 0.03)), (1, back))))
    pen.halo(w * (0.25 if pen.left else 0.75), h * 0.22, w * 0.75, lighter(back, 0.15), 0.8)
    top = h * 0.6
    colour, how = next((SURFACES[word] for word in surface.lower().split() if word in SURFACES), ("#b98a5a", "wood"))
    if (told := rgb(surface)) and how != "wood":
        colour = mix(colour, told, 0.6)
    if "dark" in surface:
        colour = lighter(colour, -0.2)
    colour = pen.tone(colour)
    pen.rect(0, top, w, h - top, pen.down(((0, lighter(colour, -0.1)), (0.3, colour), (1, lighter(colour, 0.05)))))
    _surface(pen, top, colour, how)
    pen.rect(0, top - 2, w, 7, lighter(colour, 0.12), 0.6)
    pen.halo(
        w * (0.35 if pen.left else 0.65), h * 0.78, w * 0.5, "#ffffff", 0.25 if how in ("gloss", "marble") else 0.14
    )
    gloss = {"gloss": 0.4, "marble": 0.32, "stone": 0.2}.get(how, 0.08) + (0.15 if "polish" in surface else 0)
    return Stage(0.88, 0.68, reflects=gloss, shade=lighter(colour, -0.45))


def tabletop(pen: Pen, stage: Stage) -> Stage:
    """A table in front of a room, for small things to stand upon."""
    h, w, top = pen.height, pen.width, pen.height * 0.7
    colour = pen.tone("#b98a5a")
    pen.rect(0, top, w, h - top, pen.down(((0, lighter(colour, -0.08)), (0.3, colour), (1, lighter(colour, 0.05)))))
    _surface(pen, top, colour, "wood")
    pen.rect(0, top - 2, w, 7, lighter(colour, 0.12), 0.6)
    return Stage(0.9, 0.76, shade=lighter(colour, -0.45), reflects=stage.reflects)


def _surface(pen: Pen, top: float, colour: str, how: str) -> None:
    h, w = pen.height, pen.width
    if how == "wood":
        for row, part in enumerate((0.0, 0.12, 0.3, 0.56, 1.0)[:-1]):
            y = top + (h - top) * part
            pen.rect(0, y, w, 2 + 3 * part, lighter(colour, -0.16), 0.7)
            for _ in range(round(9 * w / 1000)):
                x, length = pen.chance(-80, w), pen.chance(90, 300)
                at = y + (h - top) * pen.chance(0.02, 0.1 + 0.07 * row)
                pen.path(
                    f"M{x:.0f} {at:.0f}q{length / 2:.0f} {pen.chance(-9, 9):.0f} {length:.0f} 0",
                    "none",
                    0.22,
                    lighter(colour, -0.2),
                    1 + 2 * part,
                )
    elif how == "marble":
        for _ in range(round(9 * w / 1000)):
            x, y = pen.chance(0, w), pen.chance(top, h)
            pen.path(
                f"M{x:.0f} {y:.0f}q{pen.chance(40, 160):.0f} {pen.chance(-30, 30):.0f} "
                f"{pen.chance(150, 320):.0f} {pen.chance(-40, 60):.0f}",
                "none",
                0.35,
                "#a9a6a4",
                pen.chance(1, 4),
            )
    elif how == "stone":
        for _ in range(round(240 * w / 1000)):
            r = pen.chance(0.8, 3.4)
            pen.oval(
                pen.chance(0, w), pen.chance(top + 5, h), r * 1.6, r * 0.7, lighter(colour, pen.chance(-0.13, 0.1)), 0.5
            )


def room(pen: Pen, wall: str = "#dbe3df", floor: str = "#c29a6c") -> Stage:
    """A living room: window, picture, lamp and rug."""
    h, w = pen.height, pen.width
    _walls(pen, wall, floor)
    _window(pen, w * (0.1 if pen.left else 0.62), h * 0.1, w * 0.28, h * 0.38)
    x = w * (0.66 if pen.left else 0.14)
    pen.rect(x, h * 0.16, w * 0.2, h * 0.2, pen.tone("#8a6a4a"), round_=4)
    pen.rect(
        x + 9,
        h * 0.16 + 9,
        w * 0.2 - 18,
        h * 0.2 - 18,
        pen.down(
            (
                (0, pen.tone("#f5d9b5")),
                (0.55, pen.tone("#e89a6b")),
                (0.56, pen.tone("#5a7f8a")),
                (1, pen.tone("#2f5560")),
            )
        ),
    )
    pen.oval(w * 0.5, h * 0.88, w * 0.42, h * 0.085, pen.tone("#b9594f"), 0.9)
    pen.oval(w * 0.5, h * 0.88, w * 0.36, h * 0.07, pen.tone("#e9c9a4"), 0.55)
    _lamp(pen, w * (0.92 if pen.left else 0.08), h * 0.72)
    return Stage(0.9, 0.8, shade="#2b1c12")


def windowsill(pen: Pen) -> Stage:
    """A large window seen from inside, its sill and its curtains."""
    h, w = pen.height, pen.width
    _walls(pen, "#e6dccb", "#c29a6c")
    _window(pen, w * 0.14, h * 0.07, w * 0.72, h * 0.64)
    for side in (0.0, 0.86):
        x = w * side
        for fold in range(4):
            wide = w * 0.14 / 4
            shade = pen.tone(("#c9806a", "#d9957d")[fold % 2])
            pen.rect(x + fold * wide, 0, wide + 1, h * 0.78, pen.down(((0, shade), (1, lighter(shade, -0.07)))))
    top = h * 0.74
    sill = pen.tone("#f4eee2")
    pen.rect(0, top, w, h * 0.17, pen.down(((0, lighter(sill, -0.05)), (1, sill))))
    pen.rect(0, h * 0.91, w, h * 0.03, lighter(sill, -0.12))
    pen.rect(0, h * 0.94, w, h * 0.06, pen.tone("#d3c4ab"))
    return Stage(0.86, 0.79, shade="#6b5a48", reflects=0.05)


def kitchen(pen: Pen) -> Stage:
    """A counter, tiles, cupboards, a window; subjects stand on the counter's near table."""
    h, w = pen.height, pen.width
    _walls(pen, "#e8efe9", "#c9a97c")
    tile = pen.tone("#f7faf8")
    for row in range(4):
        for column in range(round(w / 90) + 1):
            pen.rect(column * 90 + 3, h * 0.3 + row * 62, 84, 56, tile, 0.75, 5)
    _window(pen, w * 0.36, h * 0.07, w * 0.28, h * 0.28)
    for x in (0.0, 0.18, 0.68, 0.86):
        pen.rect(
            w * x + 5, -6, w * 0.17, h * 0.24, pen.down(((0, pen.tone("#6f9a8d")), (1, pen.tone("#5a8477")))), round_=7
        )
        pen.rect(w * x + 24, 14, w * 0.17 - 38, h * 0.24 - 40, pen.tone("#7fa99c"), round_=5)
        pen.oval(w * (x + 0.15), h * 0.2, 6, 6, pen.tone("#e8cf93"))
    for x, tall, colour in ((0.07, 60, "#d9704f"), (0.13, 46, "#e8b04a"), (0.88, 66, "#f2efe8"), (0.94, 50, "#3f7f92")):
        pen.rect(
            w * x - 21,
            h * 0.545 - tall,
            42,
            tall,
            pen.down(((0, pen.tone(lighter(colour, 0.05))), (1, pen.tone(colour))), across=True),
            round_=8,
        )
        pen.rect(w * x - 17, h * 0.545 - tall - 9, 34, 11, pen.tone("#8a6a4a"), round_=4)
    pen.rect(0, h * 0.545, w, h * 0.03, pen.tone("#e9dcc6"))
    pen.rect(0, h * 0.575, w, h, pen.tone("#5f8a7d"))
    top = h * 0.66
    pen.rect(0, top, w, h, pen.down(((0, pen.tone("#a87444")), (0.2, pen.tone("#c08b58")), (1, pen.tone("#d9a873")))))
    _surface(pen, top, pen.tone("#c08b58"), "wood")
    return Stage(0.9, 0.79, shade="#3a2412", reflects=0.06)


def restaurant(pen: Pen) -> Stage:
    """Evening: panelled wall, hanging lamps, bottles, a white tablecloth in front."""
    h, w = pen.height, pen.width
    pen.rect(0, 0, w, h, pen.down(((0, "#2a1720"), (0.6, "#5a2c31"), (1, "#3a1c22"))))
    for index in range(round(w / 160) + 1):
        pen.rect(index * 160 + 14, h * 0.08, 132, h * 0.42, "#6f3a3a", 0.5, 6)
        pen.rect(index * 160 + 24, h * 0.1, 112, h * 0.38, "#4a2429", 0.7, 4)
    x = w * (0.64 if pen.left else 0.08)
    pen.rect(x, h * 0.14, w * 0.28, h * 0.26, pen.down(((0, "#131a3c"), (1, "#33427f"))), round_=8)
    for _ in range(26):
        r = pen.chance(0.8, 2.6)
        pen.oval(x + w * 0.28 * pen.chance(0.04, 0.96), h * pen.chance(0.15, 0.39), r, r, "#ffffff", pen.chance(0.5, 1))
    pen.path(
        f"M{x:.0f} {h * 0.27:.0f}h{w * 0.28:.0f}M{x + w * 0.14:.0f} {h * 0.14:.0f}v{h * 0.26:.0f}",
        "none",
        1,
        "#8a5a3a",
        7,
    )
    for part in (0.2, 0.5, 0.8):
        y = h * pen.chance(0.13, 0.19)
        pen.path(f"M{w * part:.0f} 0V{y:.0f}", "none", 1, "#1a0e12", 4)
        pen.halo(w * part, y + 30, 260, "#ffd28a", 0.55)
        pen.path(f"M{w * part - 42:.0f} {y + 26:.0f}q42 -58 84 0z", pen.down(((0, "#e0a24a"), (1, "#9a5a24"))))
        pen.oval(w * part, y + 28, 17, 12, "#fff3cf")
    pen.rect(0, h * 0.52, w, h * 0.05, "#3a1b1e")
    for index in range(round(w / 62)):
        tall, colour = pen.chance(50, 84), ("#2f5a44", "#6b2434", "#8a6a2c", "#2c4a63")[index % 4]
        at = index * 62 + 18
        pen.rect(at, h * 0.525 - tall * 0.6, 24, tall * 0.6, colour, 0.9, 6)
        pen.rect(at + 8, h * 0.525 - tall, 8, tall * 0.5, colour, 0.9, 3)
    top = h * 0.68
    pen.path(
        f"M-10 {top:.0f}H{w + 10:.0f}V{h + 9:.0f}H-10z", pen.down(((0, "#d9c9b8"), (0.2, "#fbf5ec"), (1, "#e0cdbd")))
    )
    for index in range(9):
        pen.path(
            f"M{w * index / 8:.0f} {h * 0.93:.0f}q{pen.chance(-30, 30):.0f} 40 {pen.chance(-12, 12):.0f} {h * 0.1:.0f}",
            "none",
            0.35,
            "#b49c8a",
            5,
        )
    candle = w * (0.1 if pen.left else 0.9)
    pen.halo(candle, h * 0.6, 190, "#ffcf7a", 0.75)
    pen.rect(candle - 11, h * 0.63, 22, h * 0.11, "#fbf1da", round_=4)
    pen.path(f"M{candle:.0f} {h * 0.585:.0f}q15 22 0 38q-15 -16 0 -38z", "#ffb13b")
    return Stage(0.88, 0.78, shade="#4a2a1c", reflects=0.08)


def workshop(pen: Pen) -> Stage:
    """Shelves with pots, a window with the late sun, a wooden bench."""
    h, w = pen.height, pen.width
    _walls(pen, "#b98f6c", "#6f4b30")
    _window(pen, w * (0.05 if pen.left else 0.63), h * 0.08, w * 0.32, h * 0.42)
    x = w * (0.46 if pen.left else 0.05)
    for row in range(3):
        y = h * (0.19 + 0.15 * row)
        pen.rect(x, y, w * 0.5, 13, pen.tone("#6b4426"), round_=3)
        pen.rect(x, y + 13, w * 0.5, 9, "#2a160a", 0.25)
        for index in range(5):
            at = x + w * 0.5 * (index + 0.5) / 5
            _pot(
                pen,
                at + pen.chance(-10, 10),
                y,
                pen.chance(44, 82),
                ("#c9744a", "#d9c2a0", "#7f9a9a", "#a85a3a", "#e8dcc4")[(index + row) % 5],
            )
    top = h * 0.7
    pen.rect(0, top, w, h, pen.down(((0, pen.tone("#6f4526")), (0.25, pen.tone("#8a5a34")), (1, pen.tone("#a06d42")))))
    _surface(pen, top, pen.tone("#8a5a34"), "wood")
    return Stage(0.92, 0.8, shade="#2a160a")


def _pot(pen: Pen, x: float, foot: float, tall: float, colour: str) -> None:
    wide = tall * pen.chance(0.3, 0.48)
    shape = (
        f"M{x - wide * 0.5:.0f} {foot:.0f}C{x - wide * 1.2:.0f} {foot - tall * 0.4:.0f} {x - wide:.0f} "
        f"{foot - tall * 0.75:.0f} {x - wide * 0.45:.0f} "
        f"{foot - tall * 0.85:.0f}V{foot - tall:.0f}H{x + wide * 0.45:.0f}V{foot - tall * 0.85:.0f}"
        f"C{x + wide:.0f} {foot - tall * 0.75:.0f} {x + wide * 1.2:.0f} "
        f"{foot - tall * 0.4:.0f} {x + wide * 0.5:.0f} {foot:.0f}z"
    )
    colour = pen.tone(colour)
    pen.path(shape, pen.down(((0, lighter(colour, 0.07)), (0.4, colour), (1, lighter(colour, -0.15))), across=True))


def showroom(pen: Pen, wall: str = "#e9ebee") -> Stage:
    """White walls, strips of light, a polished floor."""
    h, w = pen.height, pen.width
    pen.rect(0, 0, w, h * 0.68, pen.down(((0, lighter(wall, -0.1)), (1, lighter(wall, 0.02)))))
    for index in range(3):
        x = w * (0.14 + 0.29 * index)
        pen.halo(x + w * 0.07, h * 0.1, 260, "#ffffff", 0.9)
        pen.poly(((x, 0), (x + w * 0.14, 0), (x + w * 0.11, h * 0.05), (x + w * 0.03, h * 0.05)), "#ffffff")
    pen.rect(
        0,
        h * 0.66,
        w,
        h,
        pen.down(((0, lighter(wall, -0.18)), (0.15, lighter(wall, -0.06)), (1, lighter(wall, -0.13)))),
    )
    pen.oval(w * 0.5, h * 0.86, w * 0.44, h * 0.085, "#ffffff", 0.3)
    return Stage(0.87, 0.78, reflects=0.3, shade="#3a3f4a")


def library(pen: Pen) -> Stage:
    """Shelves of books from floor to ceiling."""
    h, w = pen.height, pen.width
    _walls(pen, "#7a5234", "#8a5f3a")
    for row in range(5):
        y = h * (0.14 + 0.13 * row)
        pen.rect(0, y - h * 0.118, w, h * 0.118, pen.tone("#3f2718"))
        x = 6.0
        while x < w - 10:
            thick, tall = pen.chance(14, 30), h * pen.chance(0.075, 0.108)
            colour = pen.rng.choice(
                ("#9c3b33", "#2f5a6b", "#c49a4a", "#46634a", "#6b4a7a", "#d8c7a2", "#28405f", "#a8623a")
            )
            pen.rect(
                x,
                y - tall,
                thick,
                tall,
                pen.down(((0, pen.tone(lighter(colour, 0.05))), (1, pen.tone(lighter(colour, -0.06)))), across=True),
                round_=2,
            )
            pen.rect(x + 3, y - tall * 0.82, thick - 6, 4, pen.tone("#e8cf93"), 0.7)
            x += thick + pen.chance(1, 4)
        pen.rect(0, y, w, 12, pen.tone("#8a5f3a"))
    pen.rect(0, h * 0.68, w, h, pen.down(((0, pen.tone("#6f4526")), (1, pen.tone("#a06d42")))))
    pen.halo(w * 0.5, h * 0.4, w * 0.6, "#ffd9a0", 0.3)
    return Stage(0.9, 0.8, shade="#2a160a")


def _walls(pen: Pen, wall: str, floor: str) -> None:
    h, w = pen.height, pen.width
    wall, floor = pen.tone(wall), pen.tone(floor)
    pen.rect(0, 0, w, h * 0.72, pen.down(((0, lighter(wall, -0.05)), (1, lighter(wall, 0.02)))))
    pen.halo(w * (0.24 if pen.left else 0.76), h * 0.28, w * 0.62, pen.hour.light, 0.5 if not pen.hour.dark else 0.12)
    pen.rect(0, h * 0.7, w, h, pen.down(((0, lighter(floor, -0.09)), (1, lighter(floor, 0.03)))))
    for index in range(-9, 19):
        x = w * index / 9
        pen.path(
            f"M{w / 2 + (x - w / 2) * 0.62:.0f} {h * 0.72:.0f}L{w / 2 + (x - w / 2) * 1.7:.0f} {h:.0f}",
            "none",
            0.3,
            lighter(floor, -0.12),
            3,
        )
    pen.rect(0, h * 0.69, w, h * 0.03, lighter(wall, 0.08))


def _window(pen: Pen, x: float, y: float, wide: float, tall: float) -> None:
    top, middle, low = pen.hour.sky
    frame = pen.tone("#fbf6ec")
    pen.rect(x - 13, y - 13, wide + 26, tall + 26, frame, round_=6)
    pen.rect(x, y, wide, tall, pen.down(((0, top), (0.55, middle), (1, low))))
    if not pen.hour.dark:
        clip = pen.sheet.define(
            f'<clipPath><rect x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{tall:.0f}"/></clipPath>'
        )
        pen.sheet.add(f'<g clip-path="url(#{clip})">')
        cloud(pen, x + wide * 0.3, y + tall * 0.3, wide * 0.16, "#ffffff", 0.75)
        pen.oval(x + wide * 0.75, y + tall * 1.08, wide * 0.5, tall * 0.24, pen.tone("#7fb069"))
        pen.oval(x + wide * 0.2, y + tall * 1.1, wide * 0.5, tall * 0.2, pen.tone("#5f9a55"))
        pen.sheet.add("</g>")
    pen.path(f"M{x + wide / 2:.0f} {y:.0f}v{tall:.0f}M{x:.0f} {y + tall * 0.45:.0f}h{wide:.0f}", "none", 1, frame, 11)
    pen.rect(x - 24, y + tall + 9, wide + 48, 17, lighter(frame, -0.04), round_=4)
    if not pen.hour.dark:
        slant = pen.width * (0.2 if pen.left else -0.2)
        floor = pen.height * 0.74
        pen.poly(
            (
                (x + slant, floor),
                (x + wide + slant, floor),
                (x + wide + slant * 2.1, pen.height),
                (x + slant * 2.1 - 40, pen.height),
            ),
            pen.hour.light,
            0.26,
        )


def _lamp(pen: Pen, x: float, foot: float) -> None:
    h = pen.height
    if pen.hour.strength > 0.2:
        pen.halo(x, foot - h * 0.34, 250, "#ffd79a", 0.8)
    pen.rect(x - 3, foot - h * 0.3, 6, h * 0.3, pen.tone("#3f3a38"))
    pen.oval(x, foot, 34, 8, pen.tone("#3f3a38"))
    pen.path(
        f"M{x - 52:.0f} {foot - h * 0.28:.0f}L{x - 30:.0f} "
        f"{foot - h * 0.39:.0f}H{x + 30:.0f}L{x + 52:.0f} {foot - h * 0.28:.0f}z",
        pen.down(((0, "#fff1cf"), (1, "#f0c987"))),
    )
