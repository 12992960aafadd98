"""Nouns that are verbs behind somebody: "children building a sandcastle", "a girl painting the fence"."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading import nouns, words
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.tokens import Token


def does(tokens: list[Token], index: int, end: int) -> bool:
    """Whether the word at `index`, behind a noun, is such a verb: what is done to follows with its article.

    Behind somebody a bare noun will do ("children building sandcastles"); a "brick building" is none.
    """
    if tokens[index].low not in words.DOINGS or not index or index + 1 >= end:
        return False
    after = tokens[index + 1]
    if after.low in words.DETERMINERS or after.low in words.COUNTS or after.kind == "number":
        return True
    bare = after.kind == "word" and after.low not in words.FUNCTION and after.low not in words.COPULAS
    return bare and bool(nouns.trade(to_singular(tokens[index - 1].low)))
