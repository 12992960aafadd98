"""Pictures in ink: colours as a few tones."""

from __future__ import annotations

import re

from pollux.engines.builtin.paint.colours import hexed
from pollux.engines.builtin.paint.layouts.theme import luminance

STYLES = ("noir", "ink", "pencil")
"""Styles of which comics and posters are drawn in ink."""
INKS = ((0.09, "#101010"), (0.26, "#474747"), (0.55, "#a9a9a6"), (2.0, "#f6f4ee"))
"""The tones of a picture in ink: up to which luminance each is taken."""
_COLOUR = re.compile(
    r'(?<=")(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|white|black|red|blue|green|yellow|orange|gray|grey|brown)(?=")'
)


def inked(markup: str) -> str:
    """The same shapes in four tones of ink."""

    def tone(match: re.Match[str]) -> str:
        light = luminance(hexed(match[1]))
        return next(ink for most, ink in INKS if light <= most)

    return _COLOUR.sub(tone, markup)


def rimmed(markup: str, wide: float) -> str:
    """The shapes with a light edge, to be put behind them; `wide` in the units of the innermost of them."""
    return f'<g stroke="{INKS[-1][1]}" stroke-width="{wide:.3f}" stroke-linejoin="round">{markup}</g>'
