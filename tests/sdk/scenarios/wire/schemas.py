"""Answers that follow a schema, and reach the caller as objects."""

from __future__ import annotations

import enum
import json
from typing import Any

import pydantic
from google.genai import types

from tests.sdk.scenarios.kit import Here, detail, refused
from tests.sdk.scenarios.words import CAN, fills, needs, same, seen

FILLER = "gemini-2.5-filler"


class Size(enum.Enum):
    """Sizes."""

    SMALL = "small"
    LARGE = "large"


class Item(pydantic.BaseModel):
    """A line of a receipt."""

    item_name: str
    unitPrice: float  # noqa: N815 - both spellings must survive


class Receipt(pydantic.BaseModel):
    """A receipt."""

    shop: str
    items: list[Item]
    size: Size
    paid: bool
    note: str | None = None


def _ask(here: Here, schema: Any, mime_type: str = "application/json", **config: Any) -> types.GenerateContentResponse:
    needs("schema", "an answer that follows its schema")
    thinking = types.ThinkingConfig(include_thoughts=True)
    given = types.GenerateContentConfig(
        response_mime_type=mime_type, response_schema=schema, thinking_config=thinking, **config
    )
    return here.client.models.generate_content(model=FILLER, contents="Read it.", config=given)


def _arrived(answer: types.GenerateContentResponse) -> dict[str, Any]:
    """The schema as the engine got it."""
    assert answer.candidates
    assert answer.candidates[0].content
    parts = answer.candidates[0].content.parts or []
    return dict(seen("".join(part.text or "" for part in parts if part.thought))["schema"])


def pydantic_model(here: Here) -> None:
    answer = _ask(here, Receipt)
    assert isinstance(answer.parsed, Receipt), answer.parsed
    if "script" in CAN:
        same((answer.parsed.shop, answer.parsed.size, answer.parsed.paid), ("a", Size.SMALL, True))
        same([(item.item_name, item.unitPrice) for item in answer.parsed.items], [("a", 1.5)])
    same(sorted(_arrived(answer)["properties"]), ["items", "note", "paid", "shop", "size"])
    same(sorted(_arrived(answer)["required"]), ["items", "paid", "shop", "size"])


def list_of_models(here: Here) -> None:
    answer = _ask(here, list[Item])
    fills(answer.parsed, [Item(item_name="a", unitPrice=1.5)])


def schema_object(here: Here) -> None:
    schema = types.Schema(
        type=types.Type.OBJECT,
        properties={
            "max_items": types.Schema(type=types.Type.ARRAY, items=types.Schema(type=types.Type.INTEGER), min_items=2),
            "state": types.Schema(type=types.Type.STRING, enum=["open", "shut"], nullable=True),
        },
        required=["max_items"],
        property_ordering=["state", "max_items"],
    )
    answer = _ask(here, schema)
    fills(found := json.loads(answer.text or ""), {"max_items": [7, 7], "state": "open"})
    assert all(isinstance(item, int) for item in found["max_items"]), found
    assert len(found["max_items"]) > 1, found
    arrived = _arrived(answer)
    same(arrived["properties"]["max_items"], {"type": "array", "items": {"type": "integer"}, "minItems": 2})
    same(arrived["properties"]["state"]["type"], ["string", "null"])


def schema_as_a_dictionary(here: Here) -> None:
    schema = {"type": "OBJECT", "properties": {"colour": {"type": "STRING"}}, "required": ["colour"]}
    answer = _ask(here, schema)
    fills(answer.parsed, {"colour": "a"})


def json_schema(here: Here) -> None:
    schema = {
        "type": "object",
        "properties": {"min_length": {"type": "integer"}, "kind": {"$ref": "#/$defs/kind"}},
        "$defs": {"kind": {"type": "string", "enum": ["x", "y"]}},
        "required": ["min_length", "kind"],
        "additionalProperties": False,
    }
    answer = _ask(here, None, response_json_schema=schema)
    fills(json.loads(answer.text or ""), {"min_length": 7, "kind": "x"})
    same(_arrived(answer)["properties"]["min_length"], {"type": "integer"})


def json_schema_of_a_model(here: Here) -> None:
    answer = _ask(here, None, response_json_schema=Receipt.model_json_schema())
    fills(Receipt.model_validate_json(answer.text or "").size, Size.SMALL)


def enumeration(here: Here) -> None:
    answer = _ask(here, Size, "text/x.enum")
    fills(answer.parsed, Size.SMALL)
    assert isinstance(answer.parsed, Size)
    same(answer.text, answer.parsed.value)


def enumeration_in_json(here: Here) -> None:
    fills(_ask(here, Size).parsed, Size.SMALL)


def json_without_a_schema(here: Here) -> None:
    needs("schema", "an answer in JSON")
    answer = here.client.models.generate_content(
        model=FILLER, contents="a", config=types.GenerateContentConfig(response_mime_type="application/json")
    )
    fills(json.loads(answer.text or ""), {})


def streamed(here: Here) -> None:
    needs("schema", "an answer that follows its schema, in a stream")
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=Item)
    text = "".join(
        chunk.text or ""
        for chunk in here.client.models.generate_content_stream(model=FILLER, contents="a", config=config)
    )
    fills(Item.model_validate_json(text), Item(item_name="a", unitPrice=1.5))


def schema_without_json(here: Here) -> None:
    config = types.GenerateContentConfig(response_schema=Item)
    with refused(400, "INVALID_ARGUMENT", "responseMimeType"):
        here.client.models.generate_content(model=FILLER, contents="a", config=config)


def answer_against_its_schema(here: Here) -> None:
    needs("script", "an answer that does not follow its schema")
    schema = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER", "minimum": 100}}, "required": ["n"]}
    with refused(400, "INVALID_ARGUMENT") as caught:
        _ask(here, schema)
    (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
    same(violation["field"], "generationConfig.responseSchema.n")
