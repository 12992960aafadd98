"""Colours in a phrase: which words are one, and what they look like by the painter's table."""

from __future__ import annotations

import re
from functools import lru_cache

from pollux.engines.builtin.edit.words import kinds
from pollux.engines.builtin.paint import colours

RGB = tuple[int, int, int]

_PLAIN = kinds(
    "red orange yellow green blue purple violet pink magenta brown black white gray grey beige cream "
    "turquoise cyan teal olive lavender gold golden silver navy maroon burgundy crimson scarlet coral "
    "peach mint lime emerald indigo lilac mauve blonde auburn tan khaki mustard charcoal ivory amber fuchsia aqua "
    "terracotta copper bronze ruby sapphire plum azure"
)
_CHANGED = kinds(
    "light dark pale pastel soft baby deep rich bright vivid hot electric neon muted dusty royal sky off "
    "navy forest midnight rose"
)
NAMES = _PLAIN | _CHANGED
THINGS = kinds("sky forest rose orange gold silver copper bronze plum peach coral cream sand")
_FOUND = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|[a-z]+")


@lru_cache(maxsize=256)
def find(phrase: str) -> tuple[str, RGB] | None:
    """The first colour in a phrase and how it is called there ("dark green"); None for none."""
    words = _FOUND.findall(phrase.lower()[:400])
    for index, word in enumerate(words):
        if word in _PLAIN or word.startswith("#"):
            before = words[index - 1] if index and words[index - 1] in _CHANGED else ""
            name = f"{before}-{word}" if before == "off" else f"{before} {word}".strip()
            rgb = colours.rgb(before if before in ("navy", "royal", "midnight") else name)
            return (name, rgb) if rgb else None
    return None


def hexed(rgb: RGB) -> str:
    """As "#rrggbb"."""
    return colours.hexed(rgb)
