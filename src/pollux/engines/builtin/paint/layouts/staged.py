"""Painted scenes inside a layout: a comic's panels, what is behind a poster's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from pollux.engines.builtin.paint import compose
from pollux.engines.builtin.paint.art import Look
from pollux.engines.builtin.paint.effects import Put
from pollux.engines.builtin.paint.figure import Maker
from pollux.engines.builtin.paint.joined import Figure
from pollux.engines.builtin.paint.layouts.inks import rimmed
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.placeholder import placeholder
from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.svg import Sheet

SIDE = 1000.0  # of the shorter side of the sheet that a scene is composed on
EDGE = 15.0  # of a figure's rim, both sides together
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_OUTER = re.compile(r"^<svg[^>]*>|</svg>$")


class Cast(Maker):
    """Makes the same subject alike each time, so that it is the same one in every panel."""

    def figure(self, subject: Subject, rng: Random) -> Figure:  # noqa: ARG002 - the subject decides, not chance
        """One figure of a subject."""
        return super().figure(subject, Random(subject.name))  # noqa: S311


def staged(
    page: Page,
    scene: Scene,
    box: Box,
    name: str,
    *,
    look: Look = "colour",
    change: Callable[[str], str] | None = None,
    rim: bool = False,
) -> list[Put]:
    """Composes a scene in a box of the page; `name` makes its ids its own, `change` is done to its markup,
    `rim` draws a light edge around the figures.

    Returns:
        the figures, in units of the page.
    """
    unit = SIDE / min(box.w, box.h)
    back, front = Sheet(box.w * unit, box.h * unit), Sheet(box.w * unit, box.h * unit)
    puts = compose.compose(scene, back, front, Cast(page.art, look, None, placeholder), page.random(f"stage {name}"))
    markup = _own(back, f"{name}b") + "|" + _own(front, f"{name}f")
    if change is not None:
        markup = change(markup)
    behind, _, before = markup.partition("|")
    markup = behind + (_halo(puts) if rim else "") + before
    hole = f'<clipPath><rect x="{box.x:.2f}" y="{box.y:.2f}" width="{box.w:.2f}" height="{box.h:.2f}"/></clipPath>'
    clip = page.sheet.define(hole)
    move = f"translate({box.x:.2f} {box.y:.2f})scale({1 / unit:.6f})"
    page.sheet.add(f'<g clip-path="url(#{clip})"><g transform="{move}">{markup}</g></g>')
    return [
        replace(
            put, x=box.x + put.x / unit, foot=box.y + put.foot / unit, width=put.width / unit, height=put.height / unit
        )
        for put in puts
    ]  # fmt: skip


def _own(sheet: Sheet, name: str) -> str:
    return _ID.sub(rf"\g<1>{name}_", _OUTER.sub("", sheet.markup()))


def _halo(puts: list[Put]) -> str:
    """A light edge that sets figures off from a dark ground."""
    out = ""
    for put in puts:
        wide = EDGE / min(put.width / put.figure.width, put.height / put.figure.height)
        figure = put.figure.at(put.x - put.width / 2, put.foot - put.height, put.width, put.height, flip=put.flip)
        out += rimmed(figure, wide)
    return out
