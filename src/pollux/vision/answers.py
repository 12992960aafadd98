"""A model's answer in words -> typed detections, and a list of what was wrong with it.

Understood is the documentation's form: a list of objects (or one object, or objects anywhere inside another value) with
`box_2d`, `point` or `mask`, and `label`; in a fence, with prose around it, cut short or slightly broken.  Nothing is
invented: an item that is not whole is left out and reported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pollux.vision.tolerant import Node, Problem, Problems, objects, plain, read_at

__all__ = ["Answer", "Detection", "Problem", "read"]

Box = tuple[float, float, float, float]
Point = tuple[float, float]

_FENCE = re.compile(r"```[ \t]*+([\w+-]*+)")
_SPACE = re.compile(r"\s*+")
_OPENING = re.compile(r"[\[{]")
_HOLDS_ITEM = re.compile(r"[\[{(]\s*+[\[{(\"'\w}\])/#]")
_SCORES = ("score", "confidence", "probability")
_FIRST_CHARACTERS = 200
_LONGEST_LABEL = 1000


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing in a picture.

    `box_2d` is (ymin, xmin, ymax, xmax) and `point` (y, x), both 0 to 1000 and in order; `mask` is the text of the
    picture (a data URL or bare base64) as it came, which `masks.decode` reads; `score` is 0 to 1; `others` holds the
    item's further fields; `offset` is where the item began in the answer.
    """

    label: str = ""
    box_2d: Box | None = None
    point: Point | None = None
    mask: str | None = field(default=None, repr=False)
    score: float | None = None
    others: Mapping[str, Any] = field(default_factory=dict)
    offset: int = 0

    def item(self) -> dict[str, Any]:
        """As the API writes it: a dictionary ready for JSON."""
        known: dict[str, Any] = {
            "box_2d": list(self.box_2d) if self.box_2d else None,
            "point": list(self.point) if self.point else None,
            "mask": self.mask,
            "label": self.label,
            "score": self.score,
        }
        return {k: v for k, v in known.items() if v is not None} | dict(self.others)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read.  `unlisted` counts the problems after the hundredth, which are not told one by one."""

    detections: tuple[Detection, ...]
    problems: tuple[Problem, ...] = ()
    unlisted: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing of the answer was lost."""
        return not self.unlisted and all(problem.kind in ("repaired", "suspect") for problem in self.problems)


def read(text: str) -> Answer:
    """The detections in a model's answer; never raises, and takes time in proportion to the text's length.

    Fences win over prose: where a fenced block holds an item, nothing outside of fences is read.
    """
    problems = Problems(text)
    nodes = [node for start in _fenced(text) for node in _values(text, start, problems)]
    if not _any_item(nodes):
        everywhere = Problems(text)
        all_nodes = list(_values(text, 0, everywhere, through=True))
        if _any_item(all_nodes) or not nodes:
            nodes, problems = all_nodes, everywhere
    found = [_detection(node, path, problems) for root in nodes for node, path in objects(root)]
    return Answer(tuple(d for d in found if d is not None), problems.listed(), problems.unlisted)


def _fenced(text: str) -> Iterator[int]:
    """Where the contents of each fence begin: every other mark opens one."""
    at, inside = 0, False
    while mark := _FENCE.search(text, at):
        inside = not inside
        if inside:
            yield mark.end()
        at = mark.end() if inside else mark.start() + 3


def _values(text: str, start: int, problems: Problems, *, through: bool = False) -> Iterator[Node]:
    """The lists and objects from `start` to the next fence, or `through` all of them, one after the other."""
    end = len(text) if through else text.find("```", start)
    end = len(text) if end < 0 else end
    first = _SPACE.match(text).end()  # type: ignore[union-attr]
    while (opening := _OPENING.search(text, start, end)) is not None:
        start = opening.start()
        if through and start != first and _HOLDS_ITEM.match(text, start) is None:
            start += 1  # a bracket of the prose
            continue
        own = Problems(text)
        node, start = read_at(text, start, own)
        if _any_item([node]) or not through or opening.start() == first:
            problems.extend(own)
            yield node
        # A mask holds no fence, yet a text may: the fence that was searched for can lie before where the value ended.
        if not through and start > end:
            end = text.find("```", start)
            end = len(text) if end < 0 else end


def _any_item(nodes: list[Node]) -> bool:
    return any(_kind_of(key) for root in nodes for node, _ in objects(root) for key in node.fields or ())


def _kind_of(key: str) -> str:
    """ "box_2d" of "box_2d", "Box2D" and "box-2d"; "" for a key that means nothing here."""
    short = re.sub(r"[\s_-]", "", key[:_FIRST_CHARACTERS]).lower()
    return {"box2d": "box_2d", "point": "point", "mask": "mask"}.get(short, "")


def _detection(node: Node, path: str, problems: Problems) -> Detection | None:
    fields = node.fields or {}
    shapes = {kind: (key, fields[key]) for key in fields if (kind := _kind_of(key))}
    if not shapes:
        return None
    what = f"item at {path or 'the top'}"
    if not node.whole:
        problems.add("dropped", node.start, f"{what}: not whole")
        return None
    reader = _Fields(node, what, problems)
    box = reader.numbers("box_2d", shapes.get("box_2d"), 4)
    point = reader.numbers("point", shapes.get("point"), 2)
    mask = reader.mask(shapes.get("mask"))
    if box is None and point is None:
        problems.add("dropped", node.start, f"{what}: no box_2d and no point that can be used")
        return None
    score = next((s for key in _SCORES if (s := _finite(fields.get(key))) is not None and 0 <= s <= 1), None)
    used = {"label", *(key for key, _ in shapes.values())}
    used |= {key for key in _SCORES if score is not None and _finite(fields.get(key)) == score}
    others = {key: _jsonable(plain(value)) for key, value in fields.items() if key not in used}
    label = reader.label(fields.get("label"))
    return Detection(label, cast("Box | None", box), cast("Point | None", point), mask, score, others, node.start)


@dataclass(frozen=True, slots=True)
class _Fields:
    """One item's fields, made right where that is safe."""

    node: Node
    what: str
    problems: Problems

    def say(self, kind: Any, text: str) -> None:
        self.problems.add(kind, self.node.start, f"{self.what}: {text}")

    def label(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value[:_LONGEST_LABEL]
        if isinstance(value, (int, float)):
            return str(value)
        self.say("dropped", "label is no text")
        return ""

    def numbers(self, name: str, given: tuple[str, Any] | None, count: int) -> tuple[float, ...] | None:
        if given is None or given[1] is None:
            return None
        node = given[1]
        items = node.items if isinstance(node, Node) and node.fields is None else []
        if len(items) == 1 and isinstance(items[0], Node):
            return self.numbers(name, (given[0], items[0]), count)
        values = [_finite(item) for item in items]
        if len(items) != count or None in values or not node.whole:
            self.say("dropped", f"{name} is not {count} finite numbers")
            return None
        return self._in_order(name, [v for v in values if v is not None], items)

    def _in_order(self, name: str, values: list[float], items: list[Any]) -> tuple[float, ...]:
        if any(isinstance(item, str) for item in items):
            self.say("repaired", f"the numbers of {name} were texts")
        clipped = [min(max(value, 0), 1000) for value in values]
        if clipped != values:
            self.say("repaired", f"{name} reached out of 0 to 1000 and was clipped")
        if any(isinstance(value, float) and not value.is_integer() for value in values) and max(values) <= 1:
            self.say("suspect", f"{name} looks like a scale of 0 to 1, not of 0 to 1000")
        if len(clipped) == 2:
            return tuple(clipped)
        y0, x0, y1, x1 = clipped
        if y0 > y1 or x0 > x1:
            self.say("repaired", f"the corners of {name} were swapped")
        return min(y0, y1), min(x0, x1), max(y0, y1), max(x0, x1)

    def mask(self, given: tuple[str, Any] | None) -> str | None:
        if given is None or given[1] is None:
            return None
        if isinstance(given[1], str) and given[1]:
            return given[1]
        self.say("dropped", "mask is no text")
        return None


def _finite(value: Any) -> float | None:
    """The number, also of a text; None for what is none."""
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e15 or not math.isfinite(value):
        return None
    return value


def _jsonable(value: Any) -> Any:
    """NaN and infinity as None: JSON has no word for them.  As deep as the reader allows, so at most 64."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    return value
