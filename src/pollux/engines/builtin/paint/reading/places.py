"""Places in the frame: "on the left", "in the bottom-right corner"."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading.looks_tables import PLACE_TAIL, PLACES
from pollux.engines.builtin.paint.reading.tokens import Token


def place_at(tokens: list[Token], index: int, end: int) -> tuple[str, int] | None:
    """A place in the frame ("on the left", "in the bottom-right corner of the frame") and where its words end."""
    at = index
    while at < min(end - 1, index + 3) and tokens[at].low in {"in", "at", "on", "to", "near", "towards", "the"}:
        found = PLACES.at(tokens, at)
        if found and not _in_front_of(tokens, index):
            return found[1], _after_place(tokens, at + found[0], end)
        at += 1
    found = PLACES.at(tokens, at) if not _in_front_of(tokens, index) else None
    return (found[1], _after_place(tokens, at + found[0], end)) if found else None


def _in_front_of(tokens: list[Token], index: int) -> bool:
    """Whether "in front of the house" begins here: no place in the frame, but one before something."""
    return [token.low for token in tokens[index : index + 3]] == ["in", "front", "of"]


def _after_place(tokens: list[Token], index: int, end: int) -> int:
    """Where a place's own words end: "bottom right corner of the frame"."""
    stop = index
    for at in range(index, min(end, index + 5)):
        if tokens[at].low not in PLACE_TAIL or tokens[at].kind != "word":
            break
        if tokens[at].low in {"of", "the", "in", "at", "on"}:
            rest = [token.low for token in tokens[at + 1 : at + 3]]
            if not any(word in PLACE_TAIL and word not in {"the", "of", "in", "on", "at"} for word in rest[:2]):
                break
        stop = at + 1
    return stop
