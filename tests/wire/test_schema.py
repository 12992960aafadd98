"""Schemas: Gemini's as JSON Schema, and validation that no schema can stall."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pollux.errors import InvalidArgument
from pollux.wire import lenient
from pollux.wire.content import Schema
from pollux.wire.schema import MAX_SCHEMA_NODES, check_schema, first_error, resolve_ref, to_json_schema

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def converted(value: dict[str, Any]) -> dict[str, Any]:
    return check_schema(to_json_schema(lenient.convert(Schema, value)), "f")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"type": "STRING"}, {"type": "string"}),
        ({"type": "STRING", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "NULL", "nullable": True}, {"type": "null"}),
        ({"type": "STRING", "format": "enum", "enum": ["a"]}, {"type": "string", "enum": ["a"]}),
        ({"type": "STRING", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"type": "INTEGER", "enum": ["1", "x"]}, {"type": "integer", "enum": [1, "x"]}),
        ({"type": "NUMBER", "minimum": 0, "maximum": "0.5"}, {"type": "number", "minimum": 0, "maximum": 0.5}),
        ({"type": "ARRAY", "items": {"type": "NULL"}}, {"type": "array", "items": {"type": "null"}}),
        ({"minItems": "0", "maxItems": 3}, {"minItems": 0, "maxItems": 3}),
        ({"properties": {"a": {}}, "required": "a"}, {"type": "object", "properties": {"a": {}}, "required": ["a"]}),
        ({"anyOf": [{"type": "STRING"}], "nullable": True}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ({"$ref": "#/$defs/A", "defs": {"A": {}}}, {"$ref": "#/$defs/A", "$defs": {"A": {}}}),
        ({"ref": "#/defs/A", "$defs": {"A": {}}}, {"$ref": "#/$defs/A", "$defs": {"A": {}}}),
        ({"type": "OBJECT", "additionalProperties": False}, {"type": "object", "additionalProperties": False}),
        (
            {"type": "OBJECT", "additional_properties": {"type": "STRING"}},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ),
        ({"type": "OBJECT", "propertyOrdering": ["b"]}, {"type": "object", "propertyOrdering": ["b"]}),
    ],
)  # fmt: skip
def test_conversion(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert converted(given) == expected


@pytest.mark.parametrize(
    ("schema", "value", "path"),
    [
        ({"type": "object", "required": ["a"]}, {}, ""),
        ({"properties": {"a": {"items": {"type": "integer"}}}}, {"a": [1, "x"]}, ".a[1]"),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"a": 1, "b": 2}, ""),
        ({"additionalProperties": {"type": "string"}}, {"b": 2}, ".b"),
        ({"pattern": "^a+$"}, "b", ""),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"type": "string"}}}, 1, ""),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/anyOf/0"}]}, 1, ""),
        ({"properties": {"a/b": {"type": "string"}, "c": {"$ref": "#/properties/a~1b"}}}, {"c": 1}, ".c"),
        ({"properties": {"a b": {"type": "string"}, "c": {"$ref": "#/properties/a%20b"}}}, {"c": 1}, ".c"),
        ({"type": "array", "uniqueItems": True}, [1, 1], ""),
    ],
)
def test_the_first_error_has_its_path(schema: dict[str, Any], value: Any, path: str) -> None:
    found = first_error(check_schema(schema, "f"), value)
    assert found is not None
    assert found[0] == path


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"properties": {"n": {"type": "integer"}, "next": {"$ref": "#"}}}, {"n": 1, "next": {"n": 2, "next": {}}}),
        ({"patternProperties": {"(a+)+$": False}}, {"aaaa": 1}),
        ({"$id": "http://[::1", "$schema": DRAFT_7, "type": "string"}, "a"),
        ({"$dynamicRef": "http://example.com/x"}, "a"),
        ({"properties": {"$id": {"type": "string"}}}, {"$id": "a"}),
        ({"format": "date-time"}, "no date"),
        ({}, None),
    ],
)
def test_what_validates(schema: dict[str, Any], value: Any) -> None:
    assert first_error(check_schema(schema, "f"), value) is None


@pytest.mark.parametrize(
    "schema",
    [
        [],
        "x",
        {"type": "nothing"},
        {"type": 5},
        {"minLength": -1},
        {"required": "a"},
        {"pattern": "("},
        {"pattern": "(" * 3000 + ")" * 3000},
        {"pattern": "a{99999999999999999999}"},
        {"pattern": "a" * 1_000_000},
        {"$ref": "#"},
        {"$ref": "#anchor", "anchor": {}},
        {"$ref": "#/default", "default": {"type": 5}},
        {"$ref": "#/$defs", "$defs": {}},
        {"$ref": "#/properties/a/anyOf", "properties": {"a": {"anyOf": [{}]}}},
        {"$ref": "#/anyOf/7", "anyOf": [{}]},
        {"$ref": "http://example.com/schema"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"properties": {f"p{i}": {} for i in range(MAX_SCHEMA_NODES)}},
    ],
)  # fmt: skip
def test_unusable_schemas_are_refused_by_name(schema: Any) -> None:
    with pytest.raises(InvalidArgument) as caught:
        check_schema(schema, "tools[0].parameters")
    assert (caught.value.field or "").startswith("tools[0].parameters")
    assert len(caught.value.message) < 1000


CHAIN = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(4000)} | {"d4000": {}}


def doubling(depth: int) -> dict[str, Any]:
    defs: dict[str, Any] = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": {**defs, f"d{depth}": {"type": "string"}}}


HOSTILE = r"^(a|aa|b)+$"  # tries every way to cut SLOW
SLOW = "a" * 60 + "!"
SLOWS = [SLOW] * 1000


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"anyOf": [{"$ref": "#"}]}, 1),
        ({"not": {"$ref": "#"}}, 1),
        (doubling(40), "x"),
        ({"pattern": HOSTILE}, SLOW),
        ({"items": {"pattern": HOSTILE}}, SLOWS),
        ({"items": {"not": {"pattern": HOSTILE}}}, SLOWS),
        ({"items": {"$schema": DRAFT_7, "not": {"pattern": HOSTILE}}}, SLOWS),
        ({"pattern": "(?R)"}, "aaa"),
        ({"multipleOf": 0.1}, 10**400),
        ({"$defs": CHAIN, "$ref": "#/$defs/d0"}, 1),
    ],
)  # fmt: skip
def test_hostile_schemas_are_answered_in_time(schema: dict[str, Any], value: Any) -> None:
    began = time.thread_time()
    assert first_error(check_schema(schema, "f"), value) is not None
    assert time.thread_time() - began < 6


def test_a_long_chain_of_references_is_checked_once() -> None:
    began = time.thread_time()
    check_schema({"$defs": CHAIN}, "f")
    assert time.thread_time() - began < 6


def test_references_resolve_within_schemas_only() -> None:
    root = {"$defs": {"A": {"items": {"type": "string"}}}, "default": {"items": {}}}
    assert resolve_ref(root, "#") is root
    assert resolve_ref(root, "#/$defs/A/items") == {"type": "string"}
    for reference in ("#/default/items", "#/", "#/$defs/A/items/type", "#//$defs/A"):
        with pytest.raises(InvalidArgument, match="points nowhere"):
            resolve_ref(root, reference)
