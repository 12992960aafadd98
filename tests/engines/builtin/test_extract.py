"""Schemas filled from scenes: right where shown, null or empty and named where not, refused where that is forbidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from pollux.engines.builtin.filling.values import iso_date
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.errors import InvalidArgument
from pollux.wire.generate import GenerationConfig
from tests.engines.builtin.answering import BLANK, CAT, QR, RECEIPT, SHAPES, Asker, asker, missing, said

JSON = GenerationConfig(response_mime_type="application/json")
TEXT, NUMBER, WHOLE, TRUTH = {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"type": "boolean"}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def many(items: Any, **limits: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **limits}


@pytest.fixture
def one() -> Iterator[Asker]:
    with asker() as made:
        yield made


def fill(one: Asker, schema: dict[str, Any], *scenes: Scene, text: str = "Extract") -> tuple[Any, str]:
    events = one.events(text, *scenes, schema=schema, config=JSON)
    value = json.loads(said(events))
    jsonschema.validate(value, schema)
    return value, missing(events)


def test_receipt(one: Asker) -> None:
    row = thing(description=TEXT, quantity=WHOLE, price=NUMBER)
    schema = thing(merchant=TEXT, date={**TEXT, "format": "date"}, totalAmount=NUMBER, tax=NUMBER, items=many(row))
    value, left = fill(one, schema, RECEIPT)
    assert value == {
        "merchant": "BLUE KETTLE",
        "date": "2026-03-14",
        "totalAmount": 12.87,
        "tax": 1.17,
        "items": [
            {"description": "Flat white", "quantity": 2, "price": 7.6},
            {"description": "Orange juice", "quantity": 1, "price": 4.1},
        ],
    }
    assert left == ""


@pytest.mark.parametrize(
    ("scene", "name", "node", "value"),
    [
        (CAT, "main_object", TEXT, "tabby cat"),
        (CAT, "caption", TEXT, "A photograph of a tabby cat."),
        (CAT, "has_text", TRUTH, False),
        (CAT, "is_animal", TRUTH, True),
        (CAT, "numberOfFaces", WHOLE, 0),
        (CAT, "dominant_color", TEXT, "brown"),
        (CAT, "animal", {"enum": ["dog", "cat"]}, "cat"),
        (CAT, "width", WHOLE, 451),
        (SHAPES, "shape_count", WHOLE, 3),
        (SHAPES, "shapes", many(thing(shape=TEXT, color=TEXT), maxItems=1), [{"shape": "circle", "color": "red"}]),
        (QR, "url", TEXT, "https://example.com/a"),
        (RECEIPT, "currency", TEXT, "EUR"),
        (RECEIPT, "payment_method", TEXT, "card"),
        (RECEIPT, "number", {**TEXT, "pattern": r"^\d{5}$"}, "00417"),
    ],
)
def test_fields(one: Asker, scene: Scene, name: str, node: dict[str, Any], value: Any) -> None:
    assert fill(one, thing(**{name: node}), scene) == ({name: value}, "")


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"type": ["string", "null"]}, None),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, None),
        (TEXT, ""),
        (NUMBER, 0),
        (many(TEXT), []),
        ({"type": "string", "enum": ["low", "high", "unknown"]}, "unknown"),
    ],
)
def test_what_is_not_shown_is_empty_and_named(one: Asker, node: dict[str, Any], value: Any) -> None:
    found, left = fill(one, thing(phone=node), BLANK)
    assert found == {"phone": value}
    assert left == "not shown in the picture: phone"


@pytest.mark.parametrize(
    "node",
    [
        {"type": "string", "minLength": 1},
        {"type": "string", "pattern": "^[0-9]{4}$"},
        {"type": "string", "enum": ["low", "high"]},
        {"type": "integer", "minimum": 5},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ],
)
def test_what_may_not_be_empty_is_refused_by_name(one: Asker, node: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        fill(one, thing(phone=node), BLANK)
    assert caught.value.field == "generationConfig.responseJsonSchema.properties.phone"
    optional = {**thing(phone=node), "required": []}
    assert fill(one, optional, BLANK)[0] == {}


def test_references_order_and_pictures(one: Asker) -> None:
    card = {**thing(kind=TEXT, caption=TEXT), "propertyOrdering": ["caption", "kind"]}
    schema = {"$defs": {"Card": card}, **many({"$ref": "#/$defs/Card"})}
    value, _ = fill(one, schema, CAT, QR)
    assert [list(each) for each in value] == [["caption", "kind"]] * 2
    assert value[0]["caption"] == "A photograph of a tabby cat."


def test_endless_schema_is_refused(one: Asker) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}
    with pytest.raises(InvalidArgument, match="too deeply"):
        fill(one, node, BLANK)


def test_words_are_a_source_too(one: Asker) -> None:
    schema = thing(name=TEXT, age=WHOLE, email=TEXT)
    value, _ = fill(one, schema, text="Extract: Ana Lopez is 30 years old, email ana@example.com")
    assert value == {"name": "Ana Lopez", "age": 30, "email": "ana@example.com"}


def test_enum_alone(one: Asker) -> None:
    config = GenerationConfig(response_mime_type="text/x.enum")
    schema = {"type": "string", "enum": ["dog", "cat", "bird"]}
    assert one.ask("What is it?", CAT, schema=schema, config=config) == "cat"


def test_json_without_a_schema(one: Asker) -> None:
    value = json.loads(one.ask("Extract the total, date and phone as JSON", RECEIPT))
    assert value == {"total": "12.87", "date": "2026-03-14", "phone": None}
    assert json.loads(one.ask("Describe", CAT, config=JSON))["caption"] == "a photograph of a tabby cat"


@pytest.mark.parametrize(
    ("text", "value"), [("1,234.50", 1234.5), ("1.234,50", 1234.5), ("€ 7", 7), ("12 %", 12), ("1 200", 1200)]
)
def test_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [("14.03.2026", "2026-03-14"), ("March 4, 2026", "2026-03-04"), ("03/04/2026", ""), ("31/12/2025", "2025-12-31")],
)
def test_dates(text: str, day: str) -> None:
    assert iso_date(text) == day
