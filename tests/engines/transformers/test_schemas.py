"""Schemas as they guide: closed where nothing is said, bounded, in their order, without what only describes."""

from __future__ import annotations

import json
from typing import Any

from pollux.engines.transformers.schemas import plain


def test_objects_are_closed_unless_they_are_made_of_several() -> None:
    closed = plain({"type": "object", "properties": {"a": {"type": "object", "properties": {}}}})
    assert closed["additionalProperties"] is False
    assert closed["properties"]["a"]["additionalProperties"] is False
    several: list[dict[str, Any]] = [
        {"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]},
        {"properties": {"a": {}}, "anyOf": [{"properties": {"b": {}}}]},
        {"items": {"properties": {"a": {}}, "$ref": "#"}},
    ]
    for schema in several:
        assert "additionalProperties" not in json.dumps(plain(schema))
    said = {"properties": {"a": {}}, "additionalProperties": {"type": "string"}}
    assert plain(said)["additionalProperties"] == {"type": "string"}


def test_what_is_required_but_not_named_may_come() -> None:
    assert plain({"properties": {"a": {}}, "required": ["b"]})["properties"] == {"a": {}, "b": {}}


def test_values_and_names_that_look_like_schemas_stay() -> None:
    values = [{"properties": {}, "title": "kept"}]
    found = plain({"type": "object", "properties": {"title": {"type": "string"}, "enum": {}}, "enum": values})
    assert found["enum"] == values
    assert found["properties"] == {"title": {"type": "string"}, "enum": {}}


def test_integers_are_bounded_and_bounds_that_nothing_reaches_go() -> None:
    assert plain({"type": "integer"}) == {"type": "integer", "minimum": 1 - 2**53, "maximum": 2**53 - 1}
    assert plain({"type": "integer", "minimum": 10**17}) == {"type": "integer", "minimum": 10**17}
    assert plain({"type": "number", "minimum": -1e300, "maximum": 1e300}) == {"type": "number"}
    assert plain({"type": "number", "minimum": 1e300}) == {"type": "number", "minimum": 1e300}
    assert plain({"type": "string", "maxLength": 2**63}) == {"type": "string"}


def test_descriptions_go_and_the_order_is_the_callers() -> None:
    schema = {
        "type": "object",
        "description": "told elsewhere",
        "properties": {"a": {"type": "string", "format": "enum", "default": {}}, "b": {"format": "date"}},
        "propertyOrdering": ["b", "a"],
    }
    found = plain(schema)
    assert list(found["properties"].items()) == [("b", {"format": "date"}), ("a", {"type": "string"})]
    assert found.keys() == {"type", "properties", "additionalProperties"}
