"""The API's Schema as plain JSON Schema, and a validator that hostile schemas cannot stall.

Gemini's Schema is an OpenAPI 3.0 subset: upper-case types, `nullable`, `propertyOrdering`.
`responseJsonSchema` and `parametersJsonSchema` are JSON Schema already.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import jsonschema
import regex
from jsonschema.exceptions import SchemaError, ValidationError

from pollux.errors import InvalidArgument
from pollux.wire import lenient
from pollux.wire.content import Schema

MAX_SCHEMA_NODES = 5_000
MAX_PATTERN_CHARACTERS = 20_000
"""Of all patterns of a schema together: compiling takes microseconds a character."""
PATTERN_SECONDS = 0.1
VALIDATION_SECONDS = 1.0

# Keywords whose value is a schema, a list of schemas, a map of schemas: what a reference may step through.
_ONE = frozenset(("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else"))
_LISTS = frozenset(("anyOf", "allOf", "oneOf", "prefixItems"))
_MAPS = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
# They would move references, or exchange this validator for another one; local references need none of them.
_DROPPED = frozenset(("$schema", "$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$vocabulary"))

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
    more = schema.additional_properties
    if more is not None:
        out["additionalProperties"] = to_json_schema(lenient.convert(Schema, more)) if isinstance(more, dict) else more


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
    characters = 0
    sound: set[str] = set()
    for count, node in enumerate(_nodes(schema)):
        if count >= MAX_SCHEMA_NODES:
            raise InvalidArgument(f"{field} is too large: at most {MAX_SCHEMA_NODES} nodes.", field=field)
        characters += _check_pattern(node.get("pattern"), field)
        if characters > MAX_PATTERN_CHARACTERS:
            message = f"{field}: its patterns are too long: at most {MAX_PATTERN_CHARACTERS} characters together."
            raise InvalidArgument(message, field=field)
        _check_ref(schema, node.get("$ref"), sound, field)
    try:
        jsonschema.Draft202012Validator.check_schema(schema, format_checker=jsonschema.FormatChecker(formats=()))
    except SchemaError as error:
        place = "".join(f".{step}" for step in error.absolute_path)
        raise InvalidArgument(f"{field}{place}: {_short(error.message)}", field=field + place) from None
    except RecursionError:
        raise InvalidArgument(f"{field} is nested too deeply.", field=field) from None
    return schema


def schema_size(schema: Mapping[str, Any]) -> int:
    """How many objects a schema holds, itself included."""
    return sum(1 for _ in _nodes(schema))


def _check_pattern(pattern: Any, field: str) -> int:
    """The pattern's length, 0 where there is none."""
    if not isinstance(pattern, str):
        return 0
    if len(pattern) <= MAX_PATTERN_CHARACTERS:
        try:
            regex.compile(pattern)
        except (regex.error, RecursionError, OverflowError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            message = f"{field}: the pattern {_short(pattern)!r} is invalid: {reason}."
            raise InvalidArgument(message, field=field) from None
    return len(pattern)


def _check_ref(root: dict[str, Any], reference: Any, sound: set[str], field: str) -> None:
    """Follows a reference to its end; `sound` are those that were followed before."""
    chain: set[str] = set()
    while isinstance(reference, str) and reference not in sound:
        if reference in chain:
            raise InvalidArgument(f"{field}: $ref {_short(reference)!r} refers to itself.", field=field)
        chain.add(reference)
        target = resolve_ref(root, reference, field)
        reference = target.get("$ref") if isinstance(target, dict) else None
    sound |= chain


def resolve_ref(root: Mapping[str, Any], reference: str, field: str = "schema") -> Any:
    """The schema that a local reference ("#", "#/$defs/Name") stands for.  Raises InvalidArgument when it is none."""
    head, *steps = reference.split("/")
    if head != "#":
        raise InvalidArgument(f"{field}: $ref {_short(reference)!r} must be local (start with #/).", field=field)
    target: Any = root
    inside = False  # a list or map of schemas, whose next step is an index or a name
    for quoted in steps:
        step = unquote(quoted).replace("~1", "/").replace("~0", "~")
        if not inside and step not in _ONE | _LISTS | _MAPS:
            target = None
        target = _child(target, step)
        inside = not inside and step in _LISTS | _MAPS
    if inside or not isinstance(target, dict | bool):
        raise InvalidArgument(f"{field}: $ref {_short(reference)!r} points nowhere.", field=field)
    return target


def _child(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and len(step) < 6 and int(step) < len(value):
        return value[int(step)]
    return None


def first_error(schema: Mapping[str, Any], value: Any) -> tuple[str, str] | None:
    """(path in the value, what is wrong) of the first violation, None when `value` validates."""
    try:
        error = next(iter(_validator(_bare(schema)).iter_errors(value)), None)
    except (_TooMuch, RecursionError):
        return "", "the schema takes too long to check"
    except OverflowError:
        return "", "a number is too large"
    if error is None:
        return None
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return path, _short(error.message)


def pattern_found(pattern: str, text: str, seconds: float = PATTERN_SECONDS) -> bool:
    """Whether a caller's pattern occurs in a text; a pattern that takes too long does not."""
    try:
        return regex.search(pattern, text, timeout=seconds) is not None
    except TimeoutError:
        return False


class _TooMuch(Exception):
    """A schema that is still being checked after VALIDATION_SECONDS."""


class _Watched:
    """The keywords that can run away, `$ref` and `pattern`, under one clock."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._until = time.monotonic() + VALIDATION_SECONDS

    def ref(self, validator: Any, reference: str, instance: Any, _: Any) -> Iterable[ValidationError]:
        self._left()
        found: Iterable[ValidationError] = validator.descend(instance, resolve_ref(self._root, reference))
        return found

    def pattern(self, _: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
        seconds = min(PATTERN_SECONDS, self._left())
        if isinstance(instance, str) and not pattern_found(pattern, instance, seconds):
            yield ValidationError(f"{_short(instance)!r} does not match {_short(pattern)!r}")

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise _TooMuch
        return left


def _additional(validator: Any, rule: Any, instance: Any, schema: Any) -> Iterable[ValidationError]:
    """additionalProperties without patternProperties, whose patterns would run unbounded."""
    if not isinstance(instance, dict):
        return
    for name in instance.keys() - schema.get("properties", {}).keys():
        if rule is False:
            yield ValidationError(f"{_short(name)!r} is not allowed")
        else:
            yield from validator.descend(instance[name], rule, path=name)


def _ignored(*_: Any) -> Iterable[ValidationError]:
    return ()


_VALIDATOR = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {
        "format": _ignored,
        "patternProperties": _ignored,
        "additionalProperties": _additional,
        "unevaluatedProperties": _ignored,
    },
)


def _validator(schema: dict[str, Any]) -> Any:
    """A validator of one value: with a clock where something could run away, the common one where nothing can."""
    if not any("$ref" in node or "pattern" in node for node in _nodes(schema)):
        return _VALIDATOR(schema)
    watched = _Watched(schema)
    return jsonschema.validators.extend(_VALIDATOR, {"$ref": watched.ref, "pattern": watched.pattern})(schema)


def _bare(schema: Any) -> Any:
    """A copy without the keywords of `_DROPPED` (properties of those names are no strings, and stay)."""
    if isinstance(schema, Mapping):
        return {k: _bare(v) for k, v in schema.items() if k not in _DROPPED or isinstance(v, Mapping | bool)}
    return [_bare(item) for item in schema] if isinstance(schema, list) else schema


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
