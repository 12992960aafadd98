"""Numbers as they are printed."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"-?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)|-?\d[\d.,]*")


def number(text: str) -> float | None:
    """The first number of a text: "1,234.50", "1.234,50", "€ 7" and "12 %" are understood."""
    match = _DIGITS.search(text)
    if not match:
        return None
    digits = re.sub(r"[' ]", "", match.group()).rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        tail = digits[last + 1 :]
        mark = digits[last]
        grouping = len(tail) == 3 and (digits.count(mark) > 1 or mark == ",")
        whole = re.sub(r"[.,]", "", digits[:last])
        digits = whole + tail if grouping else f"{whole}.{tail}"
    return float(digits) if digits not in ("", "-") else None
