"""What a response schema says of places: whether it has boxes, masks or points, and which labels it allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pollux.engines.builtin.filling.schema import spoken, type_of

_BOX = re.compile(
    r"(?:(?:object |2d |detected )?bounding )?box(?:es)?(?: 2d)?|bbox(?:es)?|bounding rect(?:angle)?|"
    r"rect(?:angle)?|bounds"
)
_MASK = re.compile(r"(?:segmentation |object |binary )?mask(?: png| base64| image)?|segmentation")
_POINT = re.compile(r"point(?: 2d)?|points|keypoint|cent(?:er|re)(?: point)?|coordinates?")
_EDGES = re.compile(r"[xy] ?(?:min|max|[012])")
_LABEL = re.compile(r"(?:text |object |item |class )?(?:label|name|class|category|type|kind|object|title)")
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Demand:
    """Places that a schema asks for.  `options` are the labels that it allows; `from_zero` is x0, y0, x1, y1."""

    box: bool = False
    mask: bool = False
    point: bool = False
    options: tuple[str, ...] = ()
    from_zero: bool = False
    about: str = ""

    @property
    def places(self) -> bool:
        """Whether any place is asked for."""
        return self.box or self.mask or self.point


def demand(schema: Mapping[str, Any] | None) -> Demand:
    """What a plain JSON Schema asks for, wherever in it."""
    if schema is None:
        return Demand()
    found = [(spoken(name), node, beside) for name, node, beside in _properties(schema, 0)]
    edges = {name for name, _, _ in found if _EDGES.fullmatch(name)}
    box = len(edges) >= 4 or _is_boxes(schema) or any(_BOX.fullmatch(name) and _holds(node) for name, node, _ in found)
    mask = any(_MASK.fullmatch(name) and type_of(node) == "string" for name, node, _ in found)
    point = any(_POINT.fullmatch(name) and _is_numbers(node) for name, node, _ in found)
    options = next((tuple(v for v in node["enum"] if isinstance(v, str)) for name, node, beside in found
                    if _LABEL.fullmatch(name) and node.get("enum") and beside), ())  # fmt: skip
    about = " ".join(str(node.get("description", "")) for _, node, _ in found)
    return Demand(box, mask, point, options if box or mask or point else (), "x0" in edges or "x 0" in edges, about)


def _holds(node: Mapping[str, Any]) -> bool:
    return "$ref" in node or "anyOf" in node or "allOf" in node or type_of(node) in ("array", "object", "string")


def _is_boxes(node: Mapping[str, Any]) -> bool:
    """A bare list of boxes: numbers in lists in a list."""
    return type_of(node) == "array" and _is_numbers(node.get("items") or {})


def _is_numbers(node: Mapping[str, Any]) -> bool:
    return type_of(node) == "array" and type_of(node.get("items") or {}) in ("integer", "number")


def _properties(node: Any, depth: int) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """(name, node, whether a place stands beside it) of every property, in order."""
    if depth > _DEEPEST or not isinstance(node, Mapping):
        return
    inner = node.get("properties")
    if isinstance(inner, Mapping):
        beside = any(re.search(r"box|mask|point|rect|bound|x_?min|coord", str(name), re.I) for name in inner)
        for name, one in inner.items():
            if isinstance(one, Mapping):
                yield str(name), one, beside
                yield from _properties(one, depth + 1)
    for name in ("items", "additionalProperties"):
        yield from _properties(node.get(name), depth + 1)
    for name in ("anyOf", "oneOf", "allOf"):
        for one in node.get(name) or ():
            yield from _properties(one, depth + 1)
    for one in (node.get("$defs") or {}).values():
        yield from _properties(one, depth + 1)
