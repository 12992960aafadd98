"""Where a field's value may come from: a scene, a row of a table, or plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pollux.engines.builtin import pairs
from pollux.engines.builtin.answers import choose, presence
from pollux.engines.builtin.english import key, proper_names, words
from pollux.engines.builtin.filling import facets, records
from pollux.engines.builtin.filling.schema import Node, spoken, type_of
from pollux.engines.builtin.filling.values import typed
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene

_REPLY = re.compile(r"(?:final |short |the )?(?:answer|response|reply|result|output|message)")
_ABOUT = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """A field to fill: its name as words, the names of what it is in, its description and its schema node."""

    name: str
    around: tuple[str, ...]
    description: str
    node: Node

    @property
    def wanted(self) -> str:
        """The name, with that of its object before it ("vendor name")."""
        return f"{self.around[-1]} {self.name}" if self.around and self.around[-1] not in self.name else self.name


class Source(Protocol):
    """Values by field; None where it has none."""

    def value(self, field: Field) -> Any:
        """A value in the field's type."""
        ...

    def values(self, field: Field) -> list[Any] | None:
        """Values for an array of plain things."""
        ...

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:
        """Sources for an array of objects with those properties."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table."""

    record: records.Record

    def value(self, field: Field) -> Any:
        """By name or synonym."""
        found = records.synonym(self.record, field.name)
        if found is None and re.fullmatch(records.SYNONYMS["percentage"], field.name) and "percentage" in self.record:
            found = self.record["percentage"]
        return None if isinstance(found, list) else typed(found, field.node)

    def values(self, field: Field) -> list[Any] | None:
        """Lists inside a record: boxes."""
        found = records.synonym(self.record, field.name)
        return found if isinstance(found, list) else None

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:  # noqa: ARG002
        """Lists of records inside a record: the dishes of a menu's section."""
        inner = self.record.get(field.name)
        return [Row(one) for one in inner if isinstance(one, dict)] if isinstance(inner, list) else ()


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text: of a prompt, a file."""

    text: str
    meaning: Meaning
    reply: str = ""

    def value(self, field: Field) -> Any:
        """By label, by form, or by what the description says; enums by meaning."""
        if field.node.get("enum"):
            options = [v for v in field.node["enum"] if isinstance(v, str)]
            fit = choose.among_texts(self.text, options, self.meaning) if options and self.text else None
            return fit.label if fit and fit.score >= 0.2 else None
        if self.reply and _REPLY.fullmatch(field.name):
            return typed(self.reply, field.node)
        table, lines = pairs.text_pairs(self.text), self.text.splitlines()
        found = pairs.search(table, lines, field.name, self.meaning) or self._described(table, lines, field)
        if found and found.score >= 0.8 and (value := typed(found.value, field.node)) is not None:
            return value
        if (
            re.fullmatch(r"(?:full |person |first |customer |user |author )?name|person|customer|author", field.name)
            and type_of(field.node) == "string"
        ):
            return typed(next(iter(proper_names(self.text)), None), field.node)
        return typed(said(self.text, field.name, type_of(field.node)), field.node)

    def _described(self, table: Sequence[pairs.Pair], lines: Sequence[str], field: Field) -> pairs.Found | None:
        return pairs.search(table, lines, field.description, self.meaning) if field.description else None

    def values(self, field: Field) -> list[Any] | None:
        """All values of a form ("emails", "dates"), or a listing in the text."""
        form = next((form for form in pairs.FORMS if form in field.name.replace("e mail", "email")), "")
        if form:
            return list(dict.fromkeys(pairs.matching(form, self.text.splitlines())))
        items = [
            re.sub(r"^\s*[-*•\d.)]+\s*", "", line).strip()
            for line in self.text.splitlines()
            if re.match(r"\s*(?:[-*•]|\d+[.)])\s", line)
        ]
        return items or None

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:  # noqa: ARG002
        """Plain text has no tables."""
        return ()


def said(text: str, name: str, kind: str) -> str | None:
    """What a sentence says of something: "my name is Ana", "the age of 30", "30 years old", "in Paris"."""
    last = re.escape(name.split()[-1]) if name else "$^"
    if match := re.search(
        rf"\b{re.escape(name)}s?\b(?:\s+(?:is|are|was|of|to|at|named|called|=|as))+\s+(?:the |an? "
        rf")?[\"']?([^,.;!?\n\"']+(?:\.\d+)?)",
        text,
        re.I,
    ):
        return match.group(1).strip()
    if kind in ("integer", "number"):
        unit = (
            re.search(rf"(-?\d[\d.,]*)\s*(?:{last}|years? old|degrees|percent|%)\b", text, re.I)
            if re.search(r"\bage\b|percent|temperature", name)
            else re.search(rf"(-?\d[\d.,]*)\s+{last}", text, re.I)
        )
        return unit.group(1) if unit else None
    return None


@dataclass(frozen=True, slots=True)
class Sight:
    """A scene, and the question it was shown with.  `reply` is the answer in words, for fields that want just that."""

    scene: Scene
    meaning: Meaning
    question: str = ""
    reply: str = ""

    def value(self, field: Field) -> Any:
        """By the field's type."""
        name, kind = field.name, type_of(field.node)
        if field.node.get("enum"):
            return self._option(field)
        if kind == "boolean":
            return self._yes(field)
        if _REPLY.fullmatch(name) and kind == "string":
            return typed(self.reply, field.node)
        if kind in ("integer", "number"):
            found = facets.amount(self.scene, name)
            if found is not None:
                return typed(found, field.node)
        elif kind == "string" and (text := facets.string(self.scene, field.wanted) or facets.string(self.scene, name)):
            return typed(text, field.node)
        return self._read(field) or self._described(field, kind)

    def _read(self, field: Field) -> Any:
        """The value printed beside a label of that name."""
        form = pairs.form_of(field.name)
        kind = type_of(field.node)
        if kind in ("integer", "number") and not form:
            form = "number"
        for wanted in dict.fromkeys((field.wanted, field.name)):
            found = pairs.find(self.scene, wanted, self.meaning, form)
            if found and found.score >= 0.62 and (value := typed(found.value, field.node)) is not None:
                return value
        if field.node.get("pattern"):
            return next((v for line in self.scene.lines if (v := typed(line.text, field.node)) is not None), None)
        return None

    def _described(self, field: Field, kind: str) -> Any:
        """By what the description says: a known fact or a label among its words."""
        about = " ".join(
            word
            for word in words(field.description)
            if word not in ("the", "a", "an", "of", "in", "image", "picture", "receipt")
        )
        if not about:
            return None
        if kind == "string" and (text := facets.string(self.scene, about)):
            return typed(text, field.node)
        if kind in ("integer", "number") and (number := facets.amount(self.scene, about)) is not None:
            return typed(number, field.node)
        found = pairs.find(self.scene, about, self.meaning)
        return typed(found.value, field.node) if found and found.score >= 0.7 else None

    def _option(self, field: Field) -> Any:
        options = [value for value in field.node["enum"] if isinstance(value, str)]
        plain = field.name
        known = facets.string(self.scene, plain)
        exact = next((one for one in options if known and key(one.replace("_", " ")) == key(known)), None)
        if exact:
            return exact
        if options and choose.is_yes_no(options):
            yes = self._yes(field)
            wanted = ("yes", "true", "present") if yes else ("no", "false", "absent") if yes is False else ()
            return next((one for one in options if one.strip().lower() in wanted), None)
        best = choose.rank(self.scene, options, self.meaning)[0] if options else None
        return best.label if best and best.score >= choose.FITS else None

    def _yes(self, field: Field) -> bool | None:
        if _REPLY.fullmatch(field.name) and self.question:
            return presence.judge(self.scene, presence.asked_of(self.question), self.meaning, (), self.question).yes
        return facets.whether(self.scene, field.name, self.meaning)

    def values(self, field: Field) -> list[Any] | None:
        """Facts by the list's name."""
        found = facets.strings(self.scene, field.name)
        if found is None and field.description:
            found = facets.strings(
                self.scene,
                " ".join(
                    w
                    for w in words(field.description)
                    if w not in ("list", "of", "the", "all", "in", "image", "picture")
                ),
            )
        if found is None and re.fullmatch(records.SYNONYMS["box_2d"], field.name):
            rows = records.table(self.scene, "", ["box 2d"])
            return rows[0].get("box_2d") if rows else None
        return found

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:
        """The table that fits."""
        return [Row(record) for record in records.table(self.scene, field.name, [spoken(name) for name in names])]
