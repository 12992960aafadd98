"""Which schemas ask for places."""

from __future__ import annotations

from typing import Any

import pytest

from pollux.engines.builtin.seeing.demand import Demand, demand

NUMBERS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}
TEXT: dict[str, Any] = {"type": "string"}


def listed(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


@pytest.mark.parametrize(
    ("schema", "asked"),
    [
        (None, Demand()),
        (listed(name=TEXT, price={"type": "number"}), Demand()),
        (listed(points={"type": "integer"}, label=TEXT), Demand()),
        (listed(box_2d=NUMBERS, label=TEXT), Demand(box=True)),
        ({"type": "object", "properties": {"found": listed(boundingBox=NUMBERS)}}, Demand(box=True)),
        (listed(box_2d=NUMBERS, mask=TEXT), Demand(box=True, mask=True)),
        (listed(point=NUMBERS, label={**TEXT, "enum": ["cat", "dog"]}), Demand(point=True, options=("cat", "dog"))),
        (listed(**{edge: {"type": "integer"} for edge in ("x0", "y0", "x1", "y1")}), Demand(box=True, from_zero=True)),
        ({"type": "array", "items": NUMBERS}, Demand(box=True)),
    ],
)
def test_demand(schema: dict[str, Any] | None, asked: Demand) -> None:
    found = demand(schema)
    assert (found.box, found.mask, found.point) == (asked.box, asked.mask, asked.point)
    assert (found.options, found.from_zero) == (asked.options, asked.from_zero)
