"""Forms that marks and labels are put into, as SVG path data, and what room they leave inside."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

from pollux.engines.builtin.paint.layouts.page import Box

Points = list[tuple[float, float]]


def frame(name: str, x: float, y: float, radius: float) -> str:
    """The outline of a form around a middle: "circle", "oval", "square", "shield", "hexagon", "triangle", "diamond"."""
    if name in ("circle", "oval"):
        down = radius if name == "circle" else radius * 0.72
        return (
            f"M{x - radius:.2f} {y:.2f}A{radius:.2f} {down:.2f} 0 1 1 {x + radius:.2f} {y:.2f}"
            f"A{radius:.2f} {down:.2f} 0 1 1 {x - radius:.2f} {y:.2f}Z"
        )
    if name == "shield":
        w, h = radius * 0.9, radius
        return (
            f"M{x - w:.2f} {y - h * 0.86:.2f}Q{x:.2f} {y - h * 1.06:.2f} {x + w:.2f} {y - h * 0.86:.2f}"
            f"L{x + w:.2f} {y + h * 0.08:.2f}C{x + w:.2f} {y + h * 0.6:.2f} {x + w * 0.45:.2f} {y + h * 0.88:.2f} "
            f"{x:.2f} {y + h * 1.06:.2f}C{x - w * 0.45:.2f} {y + h * 0.88:.2f} {x - w:.2f} {y + h * 0.6:.2f} "
            f"{x - w:.2f} {y + h * 0.08:.2f}Z"
        )
    corners = {"square": (4, 45.0), "hexagon": (6, 0.0), "triangle": (3, -90.0), "diamond": (4, 0.0)}.get(
        name, (4, 45.0)
    )
    return polygon(x, y, radius, *corners)


def room(name: str, x: float, y: float, radius: float) -> Box:
    """A box inside the form that lettering may fill."""
    share, shift = {
        "circle": ((0.72, 0.66), 0.0), "oval": ((0.74, 0.46), 0.0), "square": ((0.6, 0.6), 0.0),
        "shield": ((0.7, 0.66), -0.1), "hexagon": ((0.6, 0.62), 0.0), "triangle": ((0.42, 0.34), 0.2),
        "diamond": ((0.5, 0.44), 0.0),
    }.get(name, ((0.6, 0.6), 0.0))  # fmt: skip
    w, h = radius * share[0], radius * share[1]
    return Box(x - w, y - h + radius * shift, 2 * w, 2 * h)


def polygon(x: float, y: float, radius: float, corners: int, turn: float = 0.0) -> str:
    """A regular polygon; `turn` is the angle of its first corner in degrees."""
    angles = [turn * pi / 180 + 2 * pi * n / corners for n in range(corners)]
    return joined([(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles])


def star(x: float, y: float, radius: float, points: int = 5, inner: float = 0.45) -> str:
    """A star with its first point upwards; `inner` is where its notches are, 0 to 1."""
    return joined([
        (x + r * sin(pi * n / points), y - r * cos(pi * n / points))
        for n in range(2 * points)
        for r in (radius if n % 2 == 0 else radius * inner,)
    ])  # fmt: skip


def rays(x: float, y: float, radius: float, count: int) -> str:
    """Every second sector of a sunburst."""
    out = []
    for n in range(count):
        a, b = (2 * pi * n) / count, (2 * pi * (n + 0.5)) / count
        out.append(
            joined([(x, y), (x + radius * cos(a), y + radius * sin(a)), (x + radius * cos(b), y + radius * sin(b))])
        )
    return "".join(out)


def ribbon(box: Box, notch: float) -> str:
    """A banner with notched ends."""
    return joined([
        (box.x, box.y), (box.right, box.y), (box.right - notch, box.cy), (box.right, box.foot), (box.x, box.foot),
        (box.x + notch, box.cy),
    ])  # fmt: skip


def arrow(x: float, y: float, to_x: float, to_y: float, thick: float) -> str:
    """An arrow with a head twice as wide as its shaft."""
    long = sqrt((to_x - x) ** 2 + (to_y - y) ** 2) or 1.0
    ux, uy = (to_x - x) / long, (to_y - y) / long
    head = min(long * 0.6, thick * 2.2)

    def at(along: float, across: float) -> tuple[float, float]:
        return x + ux * along - uy * across, y + uy * along + ux * across

    neck, half = long - head, thick / 2
    return joined([
        at(0, -half), at(neck, -half), at(neck, -thick * 1.25), at(long, 0), at(neck, thick * 1.25), at(neck, half),
        at(0, half),
    ])  # fmt: skip


def joined(points: Points) -> str:
    """Points as a closed path."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"
