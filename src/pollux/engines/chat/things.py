"""Which things the caller's words name, for models that are asked by a task's fixed phrase and not in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pollux.engines.asks import LABEL, nodes
from pollux.engines.builtin.english import singular
from pollux.engines.builtin.seeing.wanted import wanted

MOST_WORDS = 5
_COLON = re.compile(r"^\s*(\w+)\s*:", re.MULTILINE)
_LEADING = re.compile(r"^(?:of|for|in|on|around|each|every|all|any|the|an?)\s+", re.IGNORECASE)
_VAGUE = re.compile(r"(?:everything|anything|objects?|items?|things?|elements?|boxes|masks?|labels?)$", re.IGNORECASE)


def things(text: str, schema: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """What is to be found, in the singular: of "Detect all cats and the red car" cat and red car.

    The labels that a schema allows win.  () where nothing is named ("all prominent items").
    """
    allowed = _allowed(schema)
    if allowed:
        return allowed
    found = wanted(_COLON.sub(r"\1", text))
    names = [name for noun in found.nouns if (name := _bare(noun))]
    if len(names) == 1:
        place = f" on the {found.region}" if found.region else ""
        names = [" ".join((*found.colours[:1], names[0])) + place]
    return tuple(dict.fromkeys(names))


def _bare(noun: str) -> str:
    while (shorter := _LEADING.sub("", noun)) != noun:
        noun = shorter
    words = noun.split()
    if not words or len(words) > MOST_WORDS or _VAGUE.search(noun):
        return ""
    return " ".join((*words[:-1], singular(words[-1])))


def _allowed(schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_enums(schema))) if schema is not None else ()


def _enums(schema: Mapping[str, Any]) -> Iterator[str]:
    for node in nodes(schema):
        names = node.get("properties")
        label = names.get(LABEL) if isinstance(names, Mapping) else None
        if isinstance(label, Mapping) and isinstance(label.get("enum"), list):
            yield from (one for one in label["enum"] if isinstance(one, str))
