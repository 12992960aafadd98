"""Printed values to typed ones: numbers, dates, booleans, and the constraints a schema puts on them."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from pollux.engines.builtin import pairs
from pollux.engines.builtin.filling.schema import Node, nullable, type_of
from pollux.engines.builtin.printed import number

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TRUE, _FALSE = {"yes", "true", "y", "on", "1"}, {"no", "false", "n", "off", "0"}


def iso_date(text: str) -> str:
    """A printed date as YYYY-MM-DD; "" when it is none or its order of day and month is not certain."""
    low = text.lower()
    if match := re.search(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", low):
        return _iso(*map(int, match.groups()))
    if match := re.search(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b", low):
        first, second, year = map(int, match.groups())
        if first > 12 or first == second or "." in match.group():
            return _iso(year, second, first)
        return _iso(year, first, second) if second > 12 else ""
    names = "|".join(_MONTHS)
    if match := re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({names})\w*\.?,?\s+(\d{{4}})", low):
        return _iso(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    if match := re.search(rf"\b({names})\w*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", low):
        return _iso(int(match[3]), _MONTHS.index(match[1]) + 1, int(match[2]))
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def typed(value: Any, node: Node) -> Any:
    """The value in the node's type and within its constraints; None when it cannot be."""
    if value is None:
        return None
    if "enum" in node and value not in node["enum"]:
        value = next((one for one in node["enum"] if isinstance(one, str) and one.lower() == str(value).lower()), None)
    if value is None or ("const" in node and value != node["const"]):
        return None
    match type_of(node):
        case "integer":
            return _integer(value, node)
        case "number":
            return _within(_float(value), node)
        case "boolean":
            return _boolean(value)
        case "string":
            return value if "enum" in node else _string(value, node)
        case _:
            return value


def _float(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    found = float(value) if isinstance(value, (int, float)) else number(str(value))
    return None if found is None or not math.isfinite(found) else found


def _integer(value: Any, node: Node) -> int | None:
    found = _within(_float(value), node)
    return int(found) if found is not None and float(found).is_integer() else None


def _within(value: float | None, node: Node) -> float | int | None:
    if value is None:
        return None
    too_low = value < node.get("minimum", -math.inf) or value <= node.get("exclusiveMinimum", -math.inf)
    too_high = value > node.get("maximum", math.inf) or value >= node.get("exclusiveMaximum", math.inf)
    step = node.get("multipleOf")
    off = step is not None and abs(value / step - round(value / step)) > 1e-9
    return None if too_low or too_high or off else int(value) if value.is_integer() and abs(value) < 2**53 else value


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    low = str(value).strip().lower().rstrip(".")
    return True if low in _TRUE else False if low in _FALSE else None


def _string(value: Any, node: Node) -> str | None:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    form = node.get("format", "")
    if form == "date":
        text = iso_date(text)
    elif form == "date-time":
        text = f"{day}T00:00:00Z" if (day := iso_date(text)) else ""
    elif form in ("email", "uri", "url"):
        found = pairs.matching("url" if form != "email" else "email", [text])
        text = found[0] if found else ""
    longest = node.get("maxLength")
    if longest is not None and len(text) > longest:
        text = text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:") if " " in text[:longest] else text[:longest]
    if pattern := node.get("pattern"):
        text = _patterned(text, pattern)
    return text if text and len(text) >= node.get("minLength", 0) else None


def _patterned(text: str, pattern: str) -> str:
    """The part of the text that the pattern describes; "" for none, or for a pattern that is not one."""
    try:
        return (
            match.group()
            if len(text) < 20_000 and len(pattern) < 500 and (match := re.search(pattern.strip("^$"), text))
            else ""
        )
    except re.error:
        return ""


def allows_nothing(node: Node) -> bool:
    """Whether the empty string is a valid value of a string node."""
    return nullable(node) or (
        type_of(node) == "string" and not node.get("minLength") and not node.get("pattern") and "enum" not in node
    )
