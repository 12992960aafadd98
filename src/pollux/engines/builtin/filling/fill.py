"""A schema filled from a source: what is not shown becomes null or empty and is named; what forbids that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.builtin.filling.schema import Node, Spot, Walker, empty, names, nullable, spoken, type_of
from pollux.engines.builtin.filling.sources import Field, Source
from pollux.engines.builtin.filling.values import typed
from pollux.errors import InvalidArgument
from pollux.wire.schema import first_error

_DEEPEST = 24
_ABSENT = object()


@dataclass
class Filler:
    """Fills one schema; `missing` collects what was not shown, by its path in the answer."""

    walker: Walker
    missing: list[str] = field(default_factory=list)

    def whole(self, sources: Sequence[Source]) -> Any:
        """The whole answer; several sources (pictures) make several elements where the schema is a list of objects."""
        top = self.walker.top()
        if type_of(top.node) == "array" and len(sources) > 1 and _describes_pictures(self.walker.element(top)):
            element = self.walker.element(top)
            return self._sized([self._fill(element, source) for source in sources], top)
        return self._fill(top, sources[0])

    def telling(self, value: Any, source: Source, reply: str) -> Any:
        """The value; where nothing in it is known, its first text that may be any text says `reply` instead of nothing.

        A program that asked for a list and got an empty one would show its user nothing at all.
        """
        if _known(value):
            return value
        top = self.walker.top()
        element = self.walker.element(top) if type_of(top.node) == "array" else top
        if type_of(element.node) != "object" or not isinstance(value, list | dict):
            return value
        node = element.node.get("properties") or {}
        name = next((name for name in node if _any_text(self.walker.child(element, name).node)), "")
        if not name:
            return value
        try:
            row = value if isinstance(value, dict) else self._fill(element, source)
        except InvalidArgument:  # something else in it may not be empty
            return value
        told = {**row, name: reply}
        return told if isinstance(value, dict) else [told]

    def _fill(self, spot: Spot, source: Source) -> Any:
        if len(spot.path) > _DEEPEST:
            raise InvalidArgument(f"{spot.where[:200]} is nested too deeply to be filled.", field=spot.where[:200])
        if "const" in spot.node:
            return spot.node["const"]
        match type_of(spot.node):
            case "object" if spot.node.get("properties"):
                return self._object(spot, source)
            case "object":
                return {}
            case "array":
                return self._array(spot, source)
            case "null":
                return None
            case _:
                value = source.value(_field(spot))
                return self._absent(spot) if value is None else value

    def _object(self, spot: Spot, source: Source) -> Any:
        if nullable(spot.node) and spot.path and _seen_before(spot):
            return self._absent(spot)
        out = {}
        for name in names(spot.node):
            value = self._fill(self.walker.child(spot, name), source)
            if value is not _ABSENT:
                out[name] = value
        return out

    def _array(self, spot: Spot, source: Source) -> Any:
        element = self.walker.element(spot)
        if type_of(element.node) == "object" and element.node.get("properties"):
            rows = source.rows(_field(spot), names(element.node))
            values = [self._row(element, row) for row in rows[: spot.node.get("maxItems", len(rows))]]
        else:
            found = source.values(_field(spot)) or []
            values = [value for one in found if (value := typed(one, element.node)) is not None]
            if (
                element.node.get("enum")
                and not values
                and (one := source.value(_field(spot, element.node))) is not None
            ):
                values = [one]
        return self._sized(values, spot)

    def _row(self, element: Spot, row: Source) -> Any:
        return self._fill(element, row)

    def _sized(self, values: list[Any], spot: Spot) -> Any:
        if spot.node.get("uniqueItems"):
            values = [value for i, value in enumerate(values) if value not in values[:i]]
        values = values[: spot.node.get("maxItems", len(values))]
        return values if values and len(values) >= spot.node.get("minItems", 0) else self._absent(spot)

    def _absent(self, spot: Spot) -> Any:
        """What stands for "not shown" at this spot; left out where nothing may stand and nothing must."""
        value = empty(spot.node)
        self.missing.append(spot.title or "the whole answer")
        if first_error(_leaf(spot.node), value) is None:
            return value
        if not spot.required and spot.path and spot.path[-1] != "[]":
            return _ABSENT
        what = spot.title or "the answer"
        raise InvalidArgument(
            f"{spot.where}: {what} is not shown in what was given, and its schema allows no empty value; "
            "make it nullable or optional, or give its enum an 'unknown'.",
            field=spot.where,
        )


def _known(value: Any) -> bool:
    """Whether anything in it says something."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return bool(value) if inner is None else any(_known(one) for one in inner)


def _any_text(node: Node) -> bool:
    return type_of(node) == "string" and not {"enum", "const", "format", "pattern", "maxLength"} & node.keys()


def _leaf(node: Node) -> dict[str, Any]:
    """The node's own constraints, without what it contains."""
    kept = {
        k: v
        for k, v in node.items()
        if k not in ("properties", "items", "required", "$defs", "propertyOrdering", "nullable")
    }
    if node.get("nullable") and isinstance(kept.get("type"), str):
        kept["type"] = [kept["type"], "null"]
    if node.get("nullable") and "enum" in kept:
        kept["enum"] = [*kept["enum"], None]
    return kept


def _field(spot: Spot, node: Node | None = None) -> Field:
    around = tuple(spoken(part) for part in spot.path[:-1] if part != "[]")
    return Field(spoken(spot.name), around, str(spot.node.get("description", "")), spot.node if node is None else node)


def _seen_before(spot: Spot) -> bool:
    return spot.path.count(spot.path[-1]) > 1


def _describes_pictures(element: Spot) -> bool:
    """Whether an element is about a whole picture rather than a thing in it."""
    fields = {spoken(name) for name in names(element.node)}
    return not fields & {"box 2d", "price", "quantity", "bounding box", "bbox"}
