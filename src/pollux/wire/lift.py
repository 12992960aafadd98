"""Long strings, lifted out of a body before it is parsed.

A JSON parser looks at every byte of a string and copies it; for a megabyte of base64 that is most of what a request
costs.  Here the ends of strings are found by memchr, long ones are taken out whole, and the parser sees a short
stand-in.  The result is the same as that of the parser alone, but for the values of "data", which stay views of the
body (`Lifted`) until somebody asks for text: only strings without escapes are lifted, and a body that does not parse
strictly with its stand-ins is parsed again without.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

LONG = 65_536
MOST_STRINGS = 2_000  # strings looked at before giving up: many short ones are the parser's business

KEY = "data"

_QUOTE, _BACKSLASH = b'"', b"\\"


class Lifted:
    """A long string that still lies in its body; its bytes are not known to be UTF-8."""

    __slots__ = ("view",)

    def __init__(self, view: memoryview) -> None:
        self.view = view

    def text(self) -> str:
        """The string.  Raises UnicodeDecodeError."""
        return str(self.view, "utf-8")


def settle(value: Any) -> Any:
    """User data with every Lifted in it turned to text, in place."""
    if isinstance(value, Lifted):
        return value.text()
    stack = [value]
    while stack:
        node = stack.pop()
        items: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, child in items:
            if isinstance(child, Lifted):
                node[key] = child.text()
            elif isinstance(child, dict | list):
                stack.append(child)
    return value


def loads(body: bytes) -> tuple[Any, bytes]:
    """Strict JSON: (the value, the text that the parser saw).

    Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError as msgspec does.
    """
    if len(body) > LONG:
        spans = _long_strings(body)
        if spans:
            try:
                return _with_stand_ins(body, spans)
            except (msgspec.DecodeError, UnicodeDecodeError):
                pass
    return msgspec.json.decode(body), body


def _long_strings(body: bytes) -> list[tuple[int, int]]:
    """(start, end) of the content of each long string without escapes, quotes excluded."""
    spans = []
    at = 0
    for _ in range(MOST_STRINGS):
        start = body.find(_QUOTE, at) + 1
        if not start:
            break
        end = _end_of_string(body, start)
        if end < 0:
            break
        if end - start > LONG and body.find(_BACKSLASH, start, end) < 0:
            spans.append((start, end))
        at = end + 1
    return spans


def _end_of_string(body: bytes, start: int) -> int:
    """The closing quote: the first one before which stands an even number of backslashes; -1 when there is none."""
    end = body.find(_QUOTE, start)
    while end > start and body[end - 1] == _BACKSLASH[0]:
        first = end - 1
        while first > start and body[first - 1] == _BACKSLASH[0]:
            first -= 1
        if (end - first) % 2 == 0:
            break
        end = body.find(_QUOTE, end + 1)
    return end


def _with_stand_ins(body: bytes, spans: list[tuple[int, int]]) -> tuple[Any, bytes]:
    nonce = secrets.token_hex(12)  # nobody can send a text that is taken for a stand-in
    view = memoryview(body)
    pieces: list[bytes | memoryview] = []
    found: dict[str, memoryview] = {}
    at = 0
    for number, (start, end) in enumerate(spans):
        stand_in = f"{nonce}{number}"
        found[stand_in] = view[start:end]
        pieces += (view[at:start], stand_in.encode())
        at = end
    pieces.append(view[at:])
    short = b"".join(pieces)
    root = msgspec.json.decode(short)
    _put_back(root, found)
    # A long key, or a body that is one string: nothing that an API call has, so the parser may take its time.
    return (msgspec.json.decode(body), body) if found else (root, short)


def _put_back(root: Any, found: dict[str, memoryview]) -> None:
    """Replaces every stand-in among the values of the tree by what it stands for, and forgets it."""
    stack = [root]
    while stack and found:
        node = stack.pop()
        items: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            if type(value) is str:
                if value in found:
                    view = found.pop(value)
                    node[key] = Lifted(view) if key == KEY else str(view, "utf-8")
            elif isinstance(value, dict | list):
                stack.append(value)
