"""A prompt as tokens and sentences, and tables of phrases to be found among them.

Everything here is linear in the text's length: prompts come from callers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 50_000
MOST_QUOTED = 400  # characters: more between quotation marks is no lettering

# Double quotation marks of any kind, single ones only where they cannot be apostrophes, words, numbers, marks.
_TOKEN = re.compile(
    rf"""
      "(?P<q1>[^"]{{1,{MOST_QUOTED}}})" | “(?P<q2>[^”“"]{{1,{MOST_QUOTED}}})[”"] | «(?P<q3>[^»«]{{1,{MOST_QUOTED}}})»
    | „(?P<q4>[^“”"„]{{1,{MOST_QUOTED}}})[“”"] | 「(?P<q5>[^」「]{{1,{MOST_QUOTED}}})」
    | (?<![^\W_])'(?P<q6>(?:[^'\n]|'(?=[^\W_])){{1,200}})'(?![^\W_])
    | (?<![^\W_])‘(?P<q7>(?:[^’‘\n]|’(?=[^\W_])){{1,200}})’(?![^\W_])
    | (?P<hex>\#[0-9a-fA-F]{{6}}(?![0-9a-fA-F]))
    | (?P<number>\d+(?:[.,]\d+)*)
    | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
    | (?P<line>\n)
    | (?P<mark>[^\w\s]|_)
    """,
    re.VERBOSE,
)


def bag(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


_CONTRACTED = bag("it's he's she's that's there's here's what's let's who's")


@dataclass(slots=True)
class Token:
    """One word, number, mark or quotation.  `low` is what tables look for; `glued` tells of a hyphen before it."""

    text: str
    low: str
    kind: str  # "word", "number", "quote", "line", "mark", "hex"
    start: int
    end: int
    glued: bool = False
    owner: bool = False  # "plant's"
    used: bool = False  # a table has read it: it is no part of a subject's name


def tokenise(text: str) -> list[Token]:
    """The tokens of a prompt; hyphens inside words are taken out and remembered."""
    out: list[Token] = []
    hyphen = -1
    for match in _TOKEN.finditer(text[:MOST_CHARACTERS]):
        kind = match.lastgroup or "mark"
        if kind[0] == "q":
            kind, body = "quote", (match.group(match.lastgroup or "") or "").strip()
        else:
            body = match.group()
        if kind == "mark" and body in "-‐‑–" and out and out[-1].end == match.start():
            after = text[match.end() : match.end() + 1]
            if after.isalnum() and out[-1].kind in {"word", "number"} and body != "–":
                hyphen = match.end()
                continue
        low = body.lower().replace("’", "'")
        owner = kind == "word" and low.endswith("'s") and low not in _CONTRACTED
        low = low[:-2] if owner else low
        out.append(Token(body, low, kind, match.start(), match.end(), match.start() == hyphen, owner))
    return out


def sentences(tokens: list[Token]) -> list[tuple[int, int]]:
    """Where sentences begin and end: at . ! ? ; and line ends."""
    out: list[tuple[int, int]] = []
    begin = 0
    for index, token in enumerate(tokens):
        if token.kind == "line" or (token.kind == "mark" and token.low in ".!?;。！？"):
            if index > begin:
                out.append((begin, index))
            begin = index + 1
    if begin < len(tokens):
        out.append((begin, len(tokens)))
    return out


class Table:
    """Phrases and what they mean: looked up by their first word, the longest first."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """`rows`: (meaning, "phrase|phrase|...")."""
        self._by: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for meaning, phrases in rows:
            for phrase in phrases.split("|"):
                words = tuple(phrase.split())
                self._by.setdefault(words[0], []).append((words, meaning))
        for found in self._by.values():
            found.sort(key=lambda row: -len(row[0]))

    def at(self, tokens: list[Token], index: int) -> tuple[int, str] | None:
        """How many tokens the longest phrase at `index` has and what it means."""
        for words, meaning in self._by.get(tokens[index].low, ()):
            stop = index + len(words)
            if stop <= len(tokens) and all(
                tokens[index + n].low == word and tokens[index + n].kind != "quote" for n, word in enumerate(words)
            ):
                return len(words), meaning
        return None

    def words(self) -> frozenset[str]:
        """Every word of every phrase."""
        return frozenset(word for rows in self._by.values() for row in rows for word in row[0])

    def get(self, words: list[str]) -> str:
        """What exactly these words mean, or ""."""
        return (
            next((meaning for phrase, meaning in self._by.get(words[0], ()) if list(phrase) == words), "")
            if words
            else ""
        )

    def all(self, tokens: list[Token], begin: int = 0, end: int | None = None) -> Iterator[tuple[int, int, str]]:
        """(index, number of tokens, meaning) of every phrase, without overlaps."""
        index, end = begin, len(tokens) if end is None else end
        while index < end:
            found = self.at(tokens, index) if tokens[index].low in self._by else None
            if found and index + found[0] <= end:
                yield index, *found
                index += found[0]
            else:
                index += 1

    def first(self, tokens: list[Token], begin: int = 0, end: int | None = None) -> str:
        """What the first phrase means, or ""."""
        return next((meaning for _, _, meaning in self.all(tokens, begin, end)), "")
