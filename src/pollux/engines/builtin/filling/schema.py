"""JSON Schema, walked: references resolved, alternatives sorted out, and the value that stands for "not shown"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pollux.engines.builtin.english import words
from pollux.errors import InvalidArgument

Node = Mapping[str, Any]
NOTHING = ("unknown", "other", "none", "n/a", "na", "not_applicable", "unspecified", "undefined", "null", "")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a schema: its node with references resolved, the path in the answer, the path in the schema."""

    node: Node
    path: tuple[str, ...]
    where: str
    required: bool = True

    @property
    def name(self) -> str:
        """The property's name; an array's element has its array's."""
        return next((part for part in reversed(self.path) if part != "[]"), "")

    @property
    def title(self) -> str:
        """The path as people write it: "items[].price"."""
        return ".".join(self.path).replace(".[]", "[]")


class Walker:
    """Goes down a schema.  `root` names the request's field in errors ("generationConfig.responseSchema")."""

    def __init__(self, schema: Node, root: str) -> None:
        self._schema = schema
        self._root = root

    def top(self) -> Spot:
        """The whole."""
        return Spot(self._resolved(self._schema, self._root), (), self._root)

    def child(self, parent: Spot, name: str) -> Spot:
        """A property of an object."""
        where = f"{parent.where}.properties.{name}"
        node = self._resolved(parent.node["properties"][name], where)
        return Spot(node, (*parent.path, name), where, name in parent.node.get("required", ()))

    def element(self, parent: Spot) -> Spot:
        """An array's element."""
        where = f"{parent.where}.items"
        return Spot(self._resolved(parent.node.get("items", {}), where), (*parent.path, "[]"), where)

    def _resolved(self, given: Any, where: str, depth: int = 0) -> Node:
        """The node with $ref followed, allOf merged, and anyOf reduced to its first real alternative."""
        node: Node = given if isinstance(given, Mapping) else {}
        if depth > 32:
            raise InvalidArgument(f"The schema at {where} refers to itself without end.", field=where)
        if "$ref" in node:
            target = self._follow(str(node["$ref"]), where)
            rest = {k: v for k, v in node.items() if k != "$ref"}
            return self._resolved({**target, **rest}, where, depth + 1)
        for joined in node.get("allOf", ()):
            node = {**self._resolved(joined, where, depth + 1), **{k: v for k, v in node.items() if k != "allOf"}}
        options = node.get("anyOf") or node.get("oneOf")
        if options:
            return self._alternative(node, options, where, depth)
        return node

    def _alternative(self, node: Node, options: Sequence[Any], where: str, depth: int) -> Node:
        plain = [self._resolved(option, where, depth + 1) for option in options]
        real = [option for option in plain if option.get("type") != "null"]
        rest = {k: v for k, v in node.items() if k not in ("anyOf", "oneOf")}
        chosen = {**(real[0] if real else {"type": "null"}), **rest}
        return {**chosen, "nullable": True} if len(real) < len(plain) else chosen

    def _follow(self, ref: str, where: str) -> Node:
        node: Any = self._schema
        for part in ref.removeprefix("#").strip("/").split("/") if ref.strip("#/") else ():
            key = part.replace("~1", "/").replace("~0", "~")
            node = node.get(key) if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping):
            raise InvalidArgument(f"The reference {ref!r} at {where} leads nowhere.", field=where)
        return node


def type_of(node: Node) -> str:
    """The type to fill in, lower case: of several the first that is not null; from the keywords where none is named."""
    kind = node.get("type")
    kinds = [str(one).lower() for one in (kind if isinstance(kind, list) else [kind] if kind else [])]
    real = [one for one in kinds if one != "null"]
    if real:
        return real[0]
    if kinds:
        return "null"
    if "enum" in node or "const" in node:
        values = node.get("enum", [node.get("const")])
        return "string" if all(isinstance(v, str) for v in values if v is not None) else "any"
    return "object" if "properties" in node else "array" if "items" in node else "string"


def nullable(node: Node) -> bool:
    """Whether null is an allowed value."""
    kind = node.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return (
        bool(node.get("nullable")) or any(str(one).lower() == "null" for one in kinds) or None in node.get("enum", [0])
    )


def names(node: Node) -> list[str]:
    """Property names in the order to write them: propertyOrdering first, then the schema's own order."""
    known = list(node.get("properties", {}))
    order = [name for name in node.get("propertyOrdering", ()) if name in known]
    return order + [name for name in known if name not in order]


def empty(node: Node) -> Any:
    """What stands for "not shown": null where allowed, an enum's "unknown" or "other", else the type's empty value."""
    if nullable(node):
        return None
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return next((v for v in node["enum"] if isinstance(v, str) and v.strip().lower() in NOTHING), "")
    return {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}, "null": None}.get(type_of(node), "")


def spoken(name: str) -> str:
    """A property's name as words: "invoiceNumber" and "invoice_number" give "invoice number"."""
    return " ".join(words(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ")))
