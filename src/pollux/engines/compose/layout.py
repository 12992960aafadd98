"""Where the caller's schema wants boxes that a specialist found, and under which names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pollux.engines.asks import BOX, LABEL, MASK, is_box, is_mask, plain
from pollux.errors import InvalidArgument

FIELD = "generationConfig.responseSchema"
_LABEL = re.compile(r"(?:\w+_)?(?:label|name|class|category|object|item|title|type)")
_SCORE = re.compile(r"(?:\w+_)?(?:score|confidence|probability)")
_REMEDY = "Ask for a list of objects with box_2d and label alone, or route to a model that writes boxes itself."
_DEEPEST = 16
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """A list of objects, inside objects under the names of `path`; "" leaves a value out.

    `options` are the labels that are allowed, none for any; at most `most` items, 0 for any number.
    """

    path: tuple[str, ...] = ()
    box: str = BOX
    mask: str = MASK
    label: str = LABEL
    score: str = ""
    options: tuple[str, ...] = ()
    most: int = 0

    def item(self, box: Sequence[int], label: str, score: float, mask: str | None) -> dict[str, Any]:
        """One thing, in the documentation's order."""
        values = {self.box: list(box), self.mask: mask, self.label: label, self.score: round(score, 4)}
        return {name: value for name, value in values.items() if name and value is not None}

    def whole(self, items: Sequence[Any]) -> Any:
        """The answer around the items."""
        value: Any = list(items)
        for name in reversed(self.path):
            value = {name: value}
        return value


def layout(schema: Json | None) -> Layout:
    """Raises InvalidArgument for a schema that wants more than boxes, labels, scores and masks."""
    if schema is None:
        return Layout()
    path: list[str] = []
    node = _resolved(schema, schema)
    while node.get("type") == "object" and not any(is_box(*pair) for pair in _properties(node)):
        inner = {name: _resolved(one, schema) for name, one in _properties(node)}
        lists = [name for name, one in inner.items() if _holds_boxes(one, schema)]
        others = [name for name in node.get("required") or () if name not in lists[:1]]
        if not lists or others or len(path) >= _DEEPEST:
            raise _refusal(f"the field {others[0]!r} is no box or label" if others else "no list of boxes is in it")
        path.append(lists[0])
        node = inner[lists[0]]
    if node.get("type") != "array":
        raise _refusal("how many things there are is known only when they are found")
    items = _resolved(node.get("items") or {}, schema)
    most = node.get("maxItems")
    return _of_item(items, tuple(path), int(most) if isinstance(most, int | float) else 0, schema)


def _of_item(node: Json, path: tuple[str, ...], most: int, root: Json) -> Layout:
    pairs = [(name, _resolved(one, root)) for name, one in _properties(node)]
    box = next((name for name, one in pairs if is_box(name, one)), "")
    if not box:
        raise _refusal("its list holds no box_2d")
    mask = next((name for name, one in pairs if is_mask(name, one)), "")
    texts = [(name, one) for name, one in pairs if one.get("type") == "string" and name != mask]
    label = next((name for name, _ in texts if name.lower() == LABEL), "")
    label = label or next((name for name, _ in texts if _LABEL.fullmatch(plain(name))), "")
    score = next((name for name, one in pairs if _SCORE.fullmatch(plain(name)) and one.get("type") == "number"), "")
    for name in node.get("required") or ():
        if name not in (box, mask, label, score):
            raise _refusal(f"the field {name!r} is no box or label")
    options = next((one.get("enum") for name, one in texts if name == label), None) or ()
    return Layout(path, box, mask, label, score, tuple(one for one in options if isinstance(one, str)), most)


def _holds_boxes(node: Json, root: Json) -> bool:
    if node.get("type") == "array":
        return any(is_box(*pair) for pair in _properties(_resolved(node.get("items") or {}, root)))
    return node.get("type") == "object" and any(
        _holds_boxes(_resolved(one, root), root) for _, one in _properties(node)
    )


def _properties(node: Json) -> list[tuple[str, Json]]:
    names = node.get("properties")
    return (
        [(name, one) for name, one in names.items() if isinstance(one, Mapping)] if isinstance(names, Mapping) else []
    )


def _resolved(node: Json, root: Json) -> Json:
    """A schema behind its references, its type a single word."""
    for _ in range(_DEEPEST):
        place = node.get("$ref")
        if isinstance(place, str) and place.startswith("#/"):
            target: Any = root
            for step in place[2:].split("/"):
                target = target.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(target, Mapping) else None
            node = target if isinstance(target, Mapping) else {}
            continue
        options = node.get("anyOf")
        real = [one for one in options or () if isinstance(one, Mapping) and one.get("type") != "null"]
        if len(real) != 1:
            break
        node = real[0]
    kind = node.get("type")
    if isinstance(kind, list):
        return {**node, "type": next((one for one in kind if one != "null"), "")}
    return node


def _refusal(why: str) -> InvalidArgument:
    message = f"{FIELD}: boxes come from a detector here, which fills no other fields: {why}. {_REMEDY}"
    return InvalidArgument(message, field=FIELD)
