"""A list of colours that is the whole picture's: ", in deep blue and cream", "colours: teal and peach"."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading import hues
from pollux.engines.builtin.paint.reading.tokens import Token, bag

_GRAPHIC = bag("poster logo card menu infographic")
"""Layouts of ink and paper: "a poster of a fox in orange and mint" names the inks."""
_LEADS = bag("colors colours palette scheme tones shades hues")

_BEHIND = bag("with on for featuring that which")


def scheme(tokens: list[Token], spans: list[tuple[int, int]], layout: str) -> tuple[str, ...]:
    """The colours of such lists, in order, each once; their tokens are marked as used.

    A list has two colours or more and nothing behind it that they could describe.  Behind "in" it is the picture's
    after a comma or in a graphic layout, else it is the last thing's: "a man in red and black".
    """
    out: dict[str, None] = {}
    for begin, end in spans:
        for index in range(begin, end - 1):
            told = tokens[index].low in _LEADS
            inked = tokens[index].low == "in" and (
                layout in _GRAPHIC or (index > begin and tokens[index - 1].low == ",")
            )
            if tokens[index].used or not (told or inked):
                continue
            start = index + 1 + (told and tokens[index + 1].low in {":", "of"})
            stop, found, strong = _run(tokens, start, end)
            closed = stop >= end or tokens[stop].kind in {"mark", "line"} or tokens[stop].low in _BEHIND
            if len(found) > 1 and closed and (strong or told or layout in _GRAPHIC):
                out |= dict.fromkeys(found)
                for token in tokens[index:stop]:
                    token.used = True
    return tuple(out)


def _run(tokens: list[Token], index: int, end: int) -> tuple[int, list[str], bool]:
    """Where the list of colours at `index` ends, its colours, and whether one of them can be nothing but a colour."""
    found: list[str] = []
    strong, stop = False, index
    while index < end:
        length, name = hues.at(tokens, index, end, weak=True)
        if not length:
            break
        strong = strong or name not in hues.WEAK | hues.FOODS
        found.append(name)
        stop = index = index + length
        while index < end and tokens[index].low in {",", "and", "&"}:
            index += 1
        if index == stop:
            break
    return stop, found, strong
