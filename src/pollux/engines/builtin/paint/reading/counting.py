"""How many there are to be, in a follow-up."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading import words
from pollux.engines.builtin.paint.reading.tokens import Token


def how_many(tokens: list[Token]) -> int:
    """ "two of them", "make it three": how many there are to be; 0 where the words say nothing of that."""
    for index, token in enumerate(tokens[:6]):
        count = words.COUNTS.get(token.low, 0) or (
            int(token.text) if token.text.isdecimal() and len(token.text) < 3 else 0
        )
        rest = [one.low for one in tokens[index + 1 : index + 3]]
        before = [one.low for one in tokens[:index]]
        if count and (rest == ["of", "them"] or (not rest and before[-2:] in (["make", "it"], ["make", "them"]))):
            return min(30, count)
    return 0
