"""The API's Schema as plain JSON Schema, and a validator that hostile schemas cannot stall.

Gemini's Schema is an OpenAPI 3.0 subset (contract, section 5.3): upper-case types, `nullable`, `propertyOrdering`.
`responseJsonSchema` and `parametersJsonSchema` are JSON Schema already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jsonschema
import regex
from jsonschema.exceptions import SchemaError, ValidationError

from pollux.errors import InvalidArgument
from pollux.wire.content import Schema

MAX_SCHEMA_NODES = 5_000
PATTERN_SECONDS = 0.1

_KEPT = {
    "title": "title",
    "description": "description",
    "pattern": "pattern",
    "min_items": "minItems",
    "max_items": "maxItems",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_properties": "minProperties",
    "max_properties": "maxProperties",
    "minimum": "minimum",
    "maximum": "maximum",
    "default": "default",
}


def to_json_schema(schema: Schema) -> dict[str, Any]:
    """Schema as JSON Schema.  `propertyOrdering` and `format` stay as keywords that validators ignore."""
    out: dict[str, Any] = {}
    for attribute, keyword in _KEPT.items():
        value = getattr(schema, attribute)
        if value not in (None, ""):
            out[keyword] = value
    if schema.format and schema.format != "enum":
        out["format"] = schema.format
    if schema.type not in ("", "TYPE_UNSPECIFIED"):
        name = schema.type.lower()
        out["type"] = [name, "null"] if schema.nullable and name != "null" else name
    if schema.enum:
        # Enum values are strings on the wire; for numbers they must be read as numbers to be of any use.
        values = [_enum_value(schema.type, text) for text in schema.enum]
        out["enum"] = [*values, None] if schema.nullable else values
    if schema.ref:
        out["$ref"] = schema.ref.replace("#/defs/", "#/$defs/")
    _add_children(schema, out)
    return out


def _add_children(schema: Schema, out: dict[str, Any]) -> None:
    if schema.items is not None:
        out["items"] = to_json_schema(schema.items)
    if schema.properties is not None:
        out["properties"] = {name: to_json_schema(child) for name, child in schema.properties.items()}
        out.setdefault("type", "object")
    if schema.required:
        out["required"] = list(schema.required)
    if schema.property_ordering:
        out["propertyOrdering"] = list(schema.property_ordering)
    if schema.any_of:
        options: list[dict[str, Any]] = [to_json_schema(child) for child in schema.any_of]
        out["anyOf"] = [*options, {"type": "null"}] if schema.nullable and not schema.type else options
    if schema.defs:
        out["$defs"] = {name: to_json_schema(child) for name, child in schema.defs.items()}
    if schema.additional_properties is not None:
        out["additionalProperties"] = schema.additional_properties


def _enum_value(kind: str, text: str) -> Any:
    try:
        return {"INTEGER": int, "NUMBER": float}.get(kind, str)(text)
    except ValueError:
        return text


def check_schema(schema: Any, field: str) -> dict[str, Any]:
    """A caller's JSON Schema, known to be usable: well formed, bounded, references local and resolvable.

    Raises InvalidArgument naming `field`.
    """
    if not isinstance(schema, dict):
        raise InvalidArgument(f"{field} must be a JSON Schema object.", field=field)
    for count, node in enumerate(_nodes(schema)):
        if count > MAX_SCHEMA_NODES:
            raise InvalidArgument(f"{field} is too large: at most {MAX_SCHEMA_NODES} nodes.", field=field)
        _check_node(schema, node, field)
    try:
        jsonschema.Draft202012Validator.check_schema(schema, format_checker=jsonschema.FormatChecker(formats=()))
    except SchemaError as error:
        place = "".join(f".{step}" for step in error.absolute_path)
        raise InvalidArgument(f"{field}{place}: {_short(error.message)}", field=field + place) from None
    except RecursionError:
        raise InvalidArgument(f"{field} is nested too deeply.", field=field) from None
    return schema


def _check_node(root: dict[str, Any], node: dict[str, Any], field: str) -> None:
    pattern = node.get("pattern")
    if isinstance(pattern, str):
        try:
            regex.compile(pattern)
        except regex.error as error:
            raise InvalidArgument(
                f"{field}: the pattern {_short(pattern)!r} is invalid: {error}.", field=field
            ) from None
    reference = node.get("$ref")
    if isinstance(reference, str):
        chain = {reference}
        target: Any = node
        while isinstance(target, dict) and isinstance(target.get("$ref"), str):
            target = resolve_ref(root, target["$ref"], field)
            following = target.get("$ref") if isinstance(target, dict) else None
            if following in chain:
                raise InvalidArgument(f"{field}: $ref {_short(reference)!r} refers to itself.", field=field)
            chain.add(str(following))


def resolve_ref(root: Mapping[str, Any], reference: str, field: str = "schema") -> Any:
    """What a local reference ("#", "#/$defs/Name") stands for.  Raises InvalidArgument when it is nothing."""
    if not reference.startswith("#"):
        raise InvalidArgument(f"{field}: $ref {_short(reference)!r} must be local (start with #).", field=field)
    target: Any = root
    for step in filter(None, reference[1:].split("/")):
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(target, Mapping) or key not in target:
            raise InvalidArgument(f"{field}: $ref {_short(reference)!r} points nowhere.", field=field)
        target = target[key]
    return target


def first_error(schema: Mapping[str, Any], value: Any) -> tuple[str, str] | None:
    """(path in the value, what is wrong) of the first violation, None when `value` validates."""
    error = next(iter(_VALIDATOR(dict(schema)).iter_errors(value)), None)
    if error is None:
        return None
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return path, _short(error.message)


def pattern_found(pattern: str, text: str) -> bool:
    """Whether a caller's pattern occurs in a text; a pattern that takes too long does not."""
    try:
        return regex.search(pattern, text, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        return False


def _pattern_keyword(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not pattern_found(pattern, instance):
        yield ValidationError(f"{_short(instance)!r} does not match {_short(pattern)!r}")


def _additional(_: Any, rule: Any, instance: Any, schema: Any) -> Iterable[ValidationError]:
    """additionalProperties without patternProperties, whose patterns would run unbounded."""
    if isinstance(instance, dict) and rule is False:
        for name in instance.keys() - schema.get("properties", {}).keys():
            yield ValidationError(f"{name!r} is not allowed")


_VALIDATOR = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {
        "pattern": _pattern_keyword,
        "patternProperties": None,
        "additionalProperties": _additional,
        "unevaluatedProperties": None,
    },
)


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a schema, the schema itself first; not recursive, so depth cannot hurt."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157] + "..."
