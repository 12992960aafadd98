"""A JSON Schema as decoding is guided by it: only what says something of the form, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pollux.engines.chat.functions import ordered

_FORMATS = frozenset(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"])
_DROPPED = frozenset(
    ("x-guidance", "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "title", "description", "default")
)
_MAPS = ("properties", "patternProperties", "$defs", "definitions")
_LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
_SAYS_TYPE = frozenset(("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"))
_ONE = ("items", "additionalProperties")
_LONG = 2**53 - 1  # what every JSON reader has exactly (RFC 8259, section 6)
_BEYOND = dict.fromkeys(("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"), 1e18) | dict.fromkeys(
    ("maxLength", "maxItems", "maxProperties"), 1 << 31
)


def plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema as it is guided by: in its order, without what says nothing of the form, closed and bounded.

    Integers without bounds have at most 16 digits: else a model may write digits for ever.
    """
    tidy: dict[str, Any] = _tidy(ordered(schema))
    closed: dict[str, Any] = tidy if _merges(tidy) else _closed(tidy)
    return closed


def _tidy(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    out = {key: value for key, value in node.items() if key not in _DROPPED}
    if out.get("format") not in _FORMATS:
        out.pop("format", None)  # an annotation: the API's own are int32, double and their like
    for name, beyond in _BEYOND.items():
        bound = out.get(name)
        if isinstance(bound, int | float) and abs(bound) >= beyond and (bound < 0) == ("inimum" in name):
            del out[name]  # no answer gets there
    if not out.keys() & _SAYS_TYPE:  # what names properties means objects
        out |= {"type": "object"} if "properties" in out else {"type": "array"} if "items" in out else {}
    if "integer" in _listed(out.get("type")) and not out.keys() & {"enum", "const", "multipleOf"}:
        low = {"minimum", "exclusiveMinimum"} & out.keys()
        high = {"maximum", "exclusiveMaximum"} & out.keys()
        given = [0, *(out[name] for name in low | high)]
        out |= {} if low or min(given) < -_LONG else {"minimum": -_LONG}
        out |= {} if high or max(given) > _LONG else {"maximum": _LONG}
    return _mapped(out, _tidy)


def _closed(node: Any) -> Any:
    """The same with additionalProperties false where properties are named and nothing was said."""
    if not isinstance(node, dict):
        return node
    out = dict(node)
    if isinstance(out.get("properties"), dict) and not out.keys() & {"additionalProperties", "patternProperties"}:
        missing = [name for name in _listed(out.get("required")) if name not in out["properties"]]
        out["properties"] = out["properties"] | {name: {} for name in missing}
        out["additionalProperties"] = False
    return _mapped(out, _closed)


def _merges(node: Any) -> bool:
    """Whether objects are made of several schemas, which must not be closed one by one."""
    if not isinstance(node, dict):
        return False
    if "allOf" in node or ("properties" in node and node.keys() & {"$ref", "anyOf", "oneOf"}):
        return True
    found: list[bool] = []
    _mapped(node, lambda child: found.append(_merges(child)))
    return any(found)


def _mapped(node: dict[str, Any], change: Any) -> dict[str, Any]:
    """The node with its subschemas changed; what merely looks like a schema (an enum's values) stays."""
    out = dict(node)
    for key in _ONE:
        if key in out:
            out[key] = change(out[key])
    for key in _LISTS:
        if isinstance(out.get(key), list):
            out[key] = [change(child) for child in out[key]]
    for key in _MAPS:
        if isinstance(out.get(key), dict):
            out[key] = {name: change(child) for name, child in out[key].items()}
    return out


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
