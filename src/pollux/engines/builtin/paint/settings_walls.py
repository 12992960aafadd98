"""Walls seen straight on, with what hangs on them: things float before them as they do in the air."""

from __future__ import annotations

from pollux.engines.builtin.paint.colours import lighter, mix
from pollux.engines.builtin.paint.pen import Pen, Stage

_ROW = 46.0  # height of a brick with its joint


def bricks(pen: Pen, *, hung: bool = False) -> Stage:
    """A wall of bricks in courses, every second one shifted by half a brick; `hung` where nothing stands before it."""
    h, w = pen.height, pen.width
    joint, clay = ("#4a3838", "#93584b") if pen.hour.dark else ("#b9aca2", "#a8553f")
    pen.rect(0, 0, w, h, pen.tone(joint))
    wide, row = _ROW * 2.2, 0
    while row * _ROW < h:
        x = -wide / 2 if row % 2 else 0.0
        while x < w:
            shade = lighter(clay, pen.chance(-0.05, 0.05))
            pen.rect(x + 3, row * _ROW + 3, wide - 6, _ROW - 6, pen.tone(shade), round_=3)
            x += wide
        row += 1
    _lit(pen)
    if not hung:
        pen.rect(0, h * 0.8, w, h * 0.2, pen.tone("#8d8a86"))
        pen.rect(0, h * 0.8, w, 10, pen.tone("#6f6c69"))
    return Stage(0.88, 0.8, air=hung, shade=mix(joint, "#000000", 0.4))


def _lit(pen: Pen) -> None:
    """Light from one side and darker corners."""
    h, w = pen.height, pen.width
    pen.halo(w * (0.3 if pen.left else 0.7), h * 0.34, max(w, h) * 0.7, "#ffffff", 0.1 if pen.hour.dark else 0.2)
    pen.rect(0, 0, w, h, pen.down(((0, "#000000", 0.22), (0.4, "#000000", 0), (1, "#000000", 0.28))))
