"""The answer to a request for places: which pictures are meant, what is shown of each, and the JSON that is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pollux.engines.builtin.english import listing as spoken
from pollux.engines.builtin.filling.schema import Walker, names, type_of
from pollux.engines.builtin.filling.schema import spoken as as_words
from pollux.engines.builtin.filling.sources import Field, Source
from pollux.engines.builtin.seeing import form
from pollux.engines.builtin.seeing.demand import Demand
from pollux.engines.builtin.seeing.notation import placing
from pollux.engines.builtin.seeing.show import Picture, Placed, Show, Shown, entries
from pollux.engines.builtin.seeing.wanted import Wanted, wanted

THERE = re.compile(
    r"(?:is )?(?:present|found|visible|detected|exists?|there|shown)|(?:object |is )?(?:present|found|detected)"
)
FLAT_ONLY = "A single picture does not tell depth, so I give no boxes in three dimensions; ask for box_2d."


@dataclass(frozen=True, slots=True)
class Answer:
    """What was wanted, and what is shown of each picture with where that picture is ({"page": 2})."""

    wanted: Wanted
    demand: Demand
    shown: Sequence[tuple[Mapping[str, Any], Sequence[Shown]]]

    @property
    def every(self) -> list[Shown]:
        """Of all pictures."""
        return [one for _, some in self.shown for one in some]

    @property
    def text(self) -> str:
        """A JSON list; of several pictures each entry says which one it is of."""
        out: list[dict[str, Any]] = []
        for place, some in self.shown:
            out += [{**entry, **place} for entry in entries(some, self.wanted)]
        return form.listing(out)

    @property
    def note(self) -> str:
        """What has to be said beside the JSON."""
        if self.wanted.deep:
            return FLAT_ONLY
        if self.every:
            return ""
        what = spoken([*self.wanted.nouns, *(f'"{one}"' for one in self.wanted.quotes)], "or")
        return f"found no {what}" if what else "found nothing of that kind"

    def sources(self) -> list[Placed]:
        """Each thing as the source of a schema's fields."""
        return [
            Placed(one, self.wanted, self.demand, int(place.get("image") or place.get("page") or 1))
            for place, some in self.shown
            for one in some
        ]

    def rows(self, fields: Sequence[str]) -> Sequence[Source] | None:
        """Rows for an array of objects with those fields; None for an array that is not of places."""
        if not self.demand.places or any(placing(as_words(name)) for name in fields):
            priced = any(re.search(r"\b(?:price|quantity|qty|amount)\b", as_words(name)) for name in fields)
            return None if priced and not any(one.thing.kind == "table" for one in self.every) else self.sources()
        return None


def answer(
    show: Show, asked: tuple[str, str], demand: Demand, pictures: Sequence[tuple[Mapping[str, Any], Picture]]
) -> Answer:
    """Looks for what a prompt (its text and the system instruction) wants to see the place of."""
    want = wanted(*asked)
    if demand.places:
        told = placing_of(demand)
        want = replace(
            want, form="masks" if demand.mask else "points" if demand.point and not demand.box else want.form,
            unit=told.unit if told.unit != "thousandths" else want.unit,
            order=told.order if told.order != "yxyx" else want.order,
        )  # fmt: skip
    if want.deep:
        return Answer(want, demand, [])
    return Answer(want, demand, [(place, show.shown(picture, want, demand)) for place, picture in pictures])


def placing_of(demand: Demand) -> Wanted:
    """What a schema's descriptions say of units and order."""
    return wanted("", demand.about)


@dataclass(frozen=True, slots=True)
class Within:
    """A source for a schema that is about one thing: the thing's own facts, then those of the picture."""

    first: Placed
    then: Source

    def value(self, field: Field) -> Any:
        """A value in the field's type."""
        if type_of(field.node) == "boolean" and THERE.fullmatch(field.name):
            return True
        found = self.first.value(field)
        return self.then.value(field) if found is None else found

    def values(self, field: Field) -> list[Any] | None:
        """Values for an array of plain things."""
        return self.first.values(field) or self.then.values(field)

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:
        """Sources for an array of objects."""
        return self.then.rows(field, names)


@dataclass(frozen=True, slots=True)
class Among:
    """A source for a schema with a list of things in it: the list from what is shown, all else from the picture."""

    shown: Callable[[Sequence[str]], Sequence[Source] | None]
    then: Source

    def value(self, field: Field) -> Any:
        """A value in the field's type; how many there are by what is shown."""
        count = re.fullmatch(r"(?:total |object |item )?(?:count|number)(?: of \w+)?|total", field.name)
        if count and type_of(field.node) in ("integer", "number"):
            return len(self.shown(("box",)) or ())
        if type_of(field.node) == "boolean" and THERE.fullmatch(field.name):
            return bool(self.shown(("box",)))
        return self.then.value(field)

    def values(self, field: Field) -> list[Any] | None:
        """Boxes or points alone, one a thing; else the picture's."""
        element = field.node.get("items") or {}
        if type_of(field.node) == "array" and type_of(element) == "array":
            return [one.values(replace(field, name="box 2d")) for one in self.shown(("box",)) or ()]
        return self.then.values(field)

    def rows(self, field: Field, names: Sequence[str]) -> Sequence[Source]:
        """What is shown, where the fields are of places."""
        found = self.shown(names)
        return self.then.rows(field, names) if found is None else found


def sources(given: Answer, picture: Source, schema: Mapping[str, Any]) -> list[Source]:
    """What a schema about places is filled from."""
    top = Walker(schema, "").top()
    placed = given.sources()
    if type_of(top.node) == "object" and placed and any(_is_place(top.node, name) for name in names(top.node)):
        return [Within(placed[0], picture)]
    return [Among(given.rows, picture)]


def _is_place(node: Mapping[str, Any], name: str) -> bool:
    inner = node["properties"][name]
    listed = type_of(inner) == "array" and type_of(inner.get("items") or {}) in ("object", "array")
    return placing(as_words(name)) and not listed


def stream(given: Answer) -> Iterator[str]:
    """The text of the answer, entry by entry."""
    if given.wanted.deep:
        yield FLAT_ONLY
        return
    yield from given.text.splitlines(keepends=True)
