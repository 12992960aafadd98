"""Skies by time of day and weather: gradient, sun or moon, stars, clouds."""

from __future__ import annotations

from pollux.engines.builtin.paint.colours import mix
from pollux.engines.builtin.paint.pen import Pen, cloud, star


def sky(pen: Pen, horizon: float, weather: str = "", *, disc: bool = True) -> None:
    """Fills the sky down to `horizon` (a fraction of the height) and below it."""
    top, middle, low = pen.hour.sky
    if weather in ("rain", "storm", "fog", "snow"):
        grey = "#2c3040" if pen.hour.dark or weather == "storm" else "#aeb7c2"
        share = {"storm": 0.8, "fog": 0.75, "rain": 0.65, "snow": 0.5}[weather]
        top, middle, low = (mix(colour, grey, share) for colour in (top, middle, low))
        disc = disc and weather == "snow"
    high = pen.height * (horizon + 0.04)
    pen.rect(0, 0, pen.width, pen.height, low)
    pen.rect(0, 0, pen.width, high, pen.down(((0, top), (0.6, middle), (1, low))))
    if pen.hour.dark and weather in ("", "stars", "clouds"):
        stars(pen, high * 0.92, 110)
    elif weather == "stars":
        stars(pen, high * 0.7, 60)
    if disc and pen.disc:
        _disc(pen, high)
    if weather not in ("stars", "fog"):
        _clouds(pen, high, weather)


def stars(pen: Pen, high: float, count: int, colour: str = "#ffffff") -> None:
    """Stars down to a height, a few of them bright."""
    dots = []
    for index in range(round(count * pen.width / 1000)):
        x, y = pen.chance(0, pen.width), high * pen.chance(0, 1) ** 1.3
        size = pen.chance(0.8, 2.4)
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" opacity="{pen.chance(0.35, 1):.2f}"/>')
        if index % 17 == 0:
            dots.append(f'<path d="{star(x, y, pen.chance(7, 13), waist=0.16)}" opacity="0.9"/>')
    pen.sheet.add(f'<g fill="{colour}">{"".join(dots)}</g>')


def _disc(pen: Pen, high: float) -> None:
    low = pen.hour.light in ("#ffedb8", "#ffd0a0", "#ffe9c4")  # the sun stands low in the morning and the evening
    x = pen.width * (pen.chance(0.14, 0.26) if pen.left else pen.chance(0.74, 0.86))
    y = high * (pen.chance(0.72, 0.8) if low else pen.chance(0.2, 0.3))
    size = 46 if not low else 62
    if pen.hour.dark:
        pen.halo(x, y, 260, "#c9d6ff", 0.4)
        pen.oval(x, y, size, size, pen.down(((0, "#fffdf0"), (1, "#d5dcf3"))))
        for dx, dy, radius in ((-14, -10, 9), (12, 6, 13), (-6, 20, 6), (18, -18, 5)):
            pen.oval(x + dx, y + dy, radius, radius, "#b9c3e2", 0.55)
        return
    pen.halo(x, y, 420 if low else 300, pen.hour.light, 0.85)
    pen.oval(x, y, size, size, mix("#ffffff", pen.hour.light, 0.55))


def _clouds(pen: Pen, high: float, weather: str) -> None:
    count = {"": 3, "clouds": 7, "rain": 7, "storm": 9, "snow": 5, "stars": 0}.get(weather, 3)
    count = max(2, round(count * pen.width / 1200))
    white = "#ffffff" if weather in ("", "clouds") else "#7d8794" if weather != "storm" else "#3a3f52"
    fill = mix(white, pen.hour.sky[1], 0.5 if pen.hour.dark else 0.12)
    if pen.hour.strength > 0.2 and not pen.hour.dark:
        fill = mix(fill, pen.hour.sky[2], 0.45)
    for index in range(count):
        x = pen.width * (index + pen.chance(0.15, 0.85)) / count
        y = high * pen.chance(0.12, 0.55)
        size = pen.chance(45, 95) * (1.25 if weather in ("rain", "storm", "clouds") else 1)
        cloud(pen, x, y, size, fill, 0.35 if pen.hour.dark else 0.8)
