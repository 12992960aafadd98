"""Arguments of a function call, from the words of a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.builtin import pairs
from pollux.engines.builtin.english import NAME, key, proper_names, words
from pollux.engines.builtin.filling.schema import type_of
from pollux.engines.builtin.filling.sources import Field, Source, said
from pollux.engines.builtin.filling.values import typed
from pollux.engines.builtin.meaning import Meaning

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WHEN = re.compile(
    rf"\b(?:today|tonight|tomorrow|yesterday|(?:next|this|last) (?:week|month|year|weekend|{_WEEKDAY})|{_WEEKDAY})\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:location|city|place|town|country|address|destination|origin|region|where|venue|state|area)\b"
)
_PERSON = re.compile(
    r"\b(?:name|person|user|recipient|contact|customer|to|attendee|participant|artist|author|people)s?\b"
)
_TEXTY = re.compile(
    r"\b(?:query|search|question|text|message|prompt|content|body|input|topic|term|keywords?|note|"
    r"title|subject|song|item|product|description)\b"
)
_TIMELY = re.compile(r"\b(?:date|day|when|time|hour|start|end)\b")
_ON, _OFF = (
    re.compile(r"\b(?:on|enable|start|activate|open|with|yes|true)\b", re.I),
    re.compile(r"\b(?:off|disable|stop|deactivate|close|without|no|not|don't|false)\b", re.I),
)


@dataclass
class Words:
    """A source of arguments.  Each name or number of the text is given out once; `behind` is asked when words fail."""

    text: str
    meaning: Meaning
    behind: Source | None = None
    only: str = ""
    must: frozenset[str] = frozenset()
    _used: list[str] = field(default_factory=list)

    def value(self, field: Field) -> Any:
        """The argument, None when the text does not say it."""
        value = self.behind.value(field) if self.behind is not None else None
        if value is not None:
            return value
        found = self._from_words(field)
        value = typed(found, field.node)
        if isinstance(found, str) and value is not None:
            self._used.append(found)
        return value

    def _from_words(self, field: Field) -> Any:
        if field.node.get("enum"):
            return self._option([v for v in field.node["enum"] if isinstance(v, str)], field)
        match type_of(field.node):
            case "integer" | "number":
                return self._number(field)
            case "boolean":
                return self._switch(field)
            case _:
                return self._string(field)

    def _option(self, options: Sequence[str], field: Field) -> str | None:
        mine = set(key(self.text)) | set(words(self.text))
        named = [one for one in options if key(one) and set(key(one.replace("_", " "))) <= mine]
        if named:
            return named[0]
        index, score = self.meaning.best(self.text, [f"{field.name} {one.replace('_', ' ')}" for one in options])
        return options[index] if score >= 0.4 or (field.name in self.must and options) else None

    def _number(self, field: Field) -> str | None:
        text = re.sub(r"\b\d{4}-\d\d-\d\d\b", " ", self.text)
        if close := said(text, field.name, "number"):
            return close
        last = field.name.split()[-1] if field.name else ""
        near = (
            re.search(
                rf"\b{re.escape(last)}s?\b\D{{0,20}}?(-?\d[\d.,]*)|(-?\d[\d.,]*)\s*%?\s*{re.escape(last)}", text, re.I
            )
            if last
            else None
        )
        if near:
            return near.group(1) or near.group(2)
        left = [n for n in re.findall(r"(?<![\w.])-?\d[\d.,]*\d|(?<![\w.])-?\d", text) if n not in self._used]
        return left[0] if left else None

    def _switch(self, field: Field) -> bool | None:
        about = [one for one in re.split(r",|\band\b|\bbut\b", self.text) if set(key(field.name)) & set(key(one))] or [
            self.text
        ]
        if _OFF.search(about[0]):
            return False
        return True if _ON.search(about[0]) or about[0] is not self.text else None

    def _string(self, field: Field) -> str | None:
        name, about = field.name, f"{field.name} {field.description}".lower()
        for form in ("email", "url", "phone"):
            if form in name.replace("e mail", "email"):
                return next(iter(pairs.matching(form, [self.text])), None)
        if self.only:
            return self.only
        quotes = [m[1] or m[2] for m in re.finditer(r'"([^"]+)"|“([^”]+)”', self.text)]
        quotes = [one for one in quotes if one not in self._used]
        if _TIMELY.search(name) and (when := self._when(name)):
            return when
        if quotes and not _PLACE.search(name):
            return str(quotes[0])
        if _PLACE.search(about) and not _TEXTY.fullmatch(name):
            return self._place(name)
        if stated := said(self.text, name, "string"):
            return stated
        if _TEXTY.search(name):
            whole = self.text if re.search(r"query|question|prompt|input|text", name) else None
            return self._topic() or next(iter(self.names()), whole)
        if _PERSON.search(about):
            return next(iter(self.names()), None)
        if name.endswith("currency") or "currency" in name:
            return next((c for c in re.findall(r"\b[A-Z]{3}\b", self.text) if c not in self._used), None)
        return None if _TIMELY.search(name) else next(iter(self.names()), None)

    def _when(self, name: str) -> str | None:
        forms = ("time", "date") if re.search(r"time|hour", name) and "date" not in name else ("date",)
        for form in forms:
            if found := [one for one in pairs.matching(form, [self.text]) if one not in self._used]:
                return found[0]
        match = _WHEN.search(self.text)
        return match.group() if match and forms == ("date",) else None

    def _place(self, name: str) -> str | None:
        lead = (
            "from"
            if re.search(r"origin|from|start|departure", name)
            else "to|for"
            if re.search(r"destination|to\b|arrival", name)
            else "in|at|for|near|to|of|from|around"
        )
        match = re.search(rf"\b(?:{lead}) ({NAME})", self.text)
        if match and match.group(1) not in self._used:
            return match.group(1).rstrip(".")
        if name in ("origin", "destination") or re.search(r"origin|destination", name):
            return None
        low = re.search(
            r"\b(?:in|at|near) (?:the )?([a-z][\w-]+(?: [a-z][\w-]+)?)\s*(?:[?.!,]|$|today|tomorrow|right now)",
            self.text,
        )
        return next(iter(self.names()), None) or (low.group(1) if low and not _WHEN.search(low.group(1)) else None)

    def names(self) -> list[str]:
        """Proper names in the text that were not given out yet."""
        return [one for one in proper_names(self.text) if one not in self._used and not _WHEN.fullmatch(one)]

    def _topic(self) -> str | None:
        for lead in (
            r"about|called|titled|named|saying|that says|regarding",
            r"for|on|of|to buy|play|search|find|order|add",
        ):
            match = re.search(
                rf"\b(?:{lead})\s+(?:the |an? |some )?(.+?)(?:\s+(?:in|at|on|to|by)\s+(?:my|the)\b.*)?[.?!]*$",
                self.text,
                re.I,
            )
            if match and not re.match(r"\d", match.group(1)):
                return match.group(1).strip()
        return None

    def values(self, field: Field) -> list[Any] | None:
        """A listing: quoted strings, values of a form, proper names."""
        form = next((form for form in pairs.FORMS if form in field.name.replace("e mail", "email")), "")
        if form and (found := pairs.matching(form, [self.text])):
            return list(found)
        quotes = re.findall(r'"([^"]+)"', self.text)
        if quotes:
            return list(quotes)
        if type_of(field.node.get("items", {})) in ("integer", "number"):
            return re.findall(r"-?\d+(?:\.\d+)?", self.text)
        listed = self.names()
        if listed:
            return listed
        return self.behind.values(field) if self.behind is not None else None

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:
        """Tables are only in pictures."""
        return self.behind.rows(field, names) if self.behind is not None else ()


def places(text: str) -> Iterable[str]:
    """Places named side by side: "in Paris and London" gives both."""
    match = re.search(rf"\b(?:in|for|at|of) ({NAME}(?:, {NAME})*,? (?:and|&) {NAME})", text)
    return [one.strip() for one in re.split(r",| and | & ", match.group(1)) if one.strip()] if match else []
