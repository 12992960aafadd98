"""Colours that stay apart, the same for the same label."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

# Far apart in OKLab (a test says how far), neither pale nor dark; the first dozen are the bright ones.
_COLOURS = (
    *("ff3048", "19d94a", "2f6bff", "c83bff", "54d8fc", "fccc60", "fca8f0", "ff7a00", "8490fc", "e4009c", "00a48c"),
    *("c0e400", "844890", "9c4800", "7818e4", "547800", "006ca8", "f09078", "b49018", "3ccc94", "c06ce4", "b42454"),
    *("5454cc", "00a800"),
)
_FIRST = 12


def colours(labels: Iterable[str]) -> dict[str, Colour]:
    """A colour for each label, whatever their order: each label has its own among the first twelve.

    Where two of one picture would share it, the one later in the alphabet takes the next that is free; from the 25th
    label on colours come again.
    """
    taken: dict[int, str] = {}
    found: dict[str, Colour] = {}
    for label in sorted(set(labels)):
        hashed = zlib.crc32(label.encode("utf-8", "surrogatepass"))
        places = (hashed % _FIRST, *range(len(_COLOURS)))
        place = next((p for p in places if p not in taken), hashed % len(_COLOURS))
        taken.setdefault(place, label)
        found[label] = _colour(place)
    return found


def distinct(count: int) -> list[Colour]:
    """That many colours for things one by one, again from the first after the 24th."""
    return [_colour(n % len(_COLOURS)) for n in range(count)]


def ink(colour: Colour) -> Colour:
    """White where it is read well enough on a colour (WCAG's contrast of 3.4), else black."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (255, 255, 255) if 1.05 / (light + 0.05) >= 3.4 else (0, 0, 0)


def _colour(place: int) -> Colour:
    red, green, blue = bytes.fromhex(_COLOURS[place])
    return red, green, blue
