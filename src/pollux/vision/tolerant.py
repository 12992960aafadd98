"""JSON as models write it: cut short, with loose commas, quotes and brackets; every repair is told with its place.

What is safe is repaired: commas too many or too few between values, single quotes, bare keys, comments, Python's
True/False/None and tuples, quotes inside a text, a bracket that is missing or one too many, and raw line breaks.  What
is not (a value that is no value, a key without one) marks the object around it as broken, and so does the end of the
text for every object still open: whoever reads takes whole objects only.

One pass from left to right, no recursion and no backtracking over more than white space: linear in the text's length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

MOST_DEPTH = 64
MOST_PROBLEMS = 100
MOST_DIGITS = 400

Kind = Literal["repaired", "dropped", "truncated", "suspect"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not as it should be, and where: `offset` in characters from 0, `line` and `column` from 1.

    "repaired": read all the same; "dropped": an item or a value was left out; "truncated": the text ends too early;
    "suspect": taken as it stands, and probably not meant so.
    """

    kind: Kind
    offset: int
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.text} ({self.kind})"


class Problems:
    """The list of problems of one text; after a hundred only their number is kept."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[tuple[Kind, int, str]] = []
        self._said: set[str] = set()
        self.unlisted = 0

    def once(self, kind: Kind, offset: int, text: str) -> None:
        """As `add`, for habits that fill a whole text: only the first place is told."""
        if text not in self._said:
            self._said.add(text)
            self.add(kind, offset, text)

    def add(self, kind: Kind, offset: int, text: str) -> None:
        """One more; `offset` in characters."""
        if len(self._found) >= MOST_PROBLEMS:
            self.unlisted += 1
        else:
            self._found.append((kind, offset, text))

    def extend(self, other: Problems) -> None:
        """All of another list about the same text."""
        for problem in other._found:
            self.add(*problem)
        self.unlisted += other.unlisted

    def listed(self) -> tuple[Problem, ...]:
        """In the order of the text."""
        lines = [0, *(m.end() for m in re.finditer("\n", self._text))] if self._found else []
        found = []
        for kind, offset, text in sorted(self._found, key=lambda problem: problem[1]):
            line = bisect_right(lines, offset)
            found.append(Problem(kind, offset, line, offset - lines[line - 1] + 1, text))
        return tuple(found)


@dataclass(slots=True, eq=False)
class Node:
    """A list or an object: `start` is its bracket's offset; `broken` when something in it could not be read."""

    start: int
    items: list[Any] = field(default_factory=list)
    fields: dict[str, Any] | None = None
    broken: bool = False
    open: bool = True
    key: str | None = None
    wants: str = "value"

    @property
    def whole(self) -> bool:
        """Closed, and nothing in it was lost."""
        return not self.open and not self.broken


# One token a match.  Possessive quantifiers: a text of any size is passed once.  A quote ends a text unless a word
# follows it on the same line, for models forget to escape quotes.
_ENDS = r"(?=[ \t\r]*+(?:[,:\]})\n\"'{\[]|//|```|\Z)|\s++[,:\]})])"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s\ufeff\u200b]++)
  | (?P<comment>//[^\n]*+|\#[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))
  | (?P<fence>```)
  | (?P<mark>[\[\]{{}}(),:])
  | "(?P<double>(?:[^"\\]++|\\.|"(?!{_ENDS}))*+)(?P<end2>"|\\?\Z)
  | '(?P<single>(?:[^'\\]++|\\.|'(?!{_ENDS}))*+)(?P<end1>'|\\?\Z)
  | (?P<word>[\w$+.][\w$.+-]*+|-[\w$.+-]*+)
  | (?P<junk>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None, "undefined": None}
_NOT_FINITE = frozenset(("NaN", "Infinity", "-Infinity", "nan", "inf", "-inf", "+Infinity"))
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_OPENERS, _CLOSERS = {"[": "]", "(": "]", "{": "}"}, {"]": "]", ")": "]", "}": "}"}
# A closing bracket too many, in the middle of an object: the next key follows.
_KEY_FOLLOWS = re.compile(r"\s*+,\s*+(?:\"[^\"\n]{1,40}+\"|'[^'\n]{1,40}+'|\w{1,40}+)\s*+:")


def unescape(text: str) -> str:
    """A JSON text's escapes undone; unknown ones lose their backslash, half a surrogate pair becomes U+FFFD."""
    if "\\" in text:
        text = _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else _PLAIN.get(m[1], m[1]), text)
    if text.isascii():
        return text
    text = _SURROGATES.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _LONE.sub("\ufffd", text)


class Reader:
    """Reads one list or object; `stop` is where it ends."""

    def __init__(self, text: str, start: int, problems: Problems) -> None:
        self._text, self._problems = text, problems
        self._stack: list[Node] = []
        self._root: Node | None = None
        self.stop = start

    def read(self) -> Node:
        """The value that begins at the start, whole or as far as it goes."""
        at = self.stop
        while self._root is None or self._stack:
            token = _TOKEN.match(self._text, at)
            if token is None or token.lastgroup == "fence":
                self._cut(at)
                break
            self._take(token)
            at = max(token.end(), self.stop)
            self.stop = at
        assert self._root is not None
        return self._root

    def _take(self, token: re.Match[str]) -> None:
        at, kind = token.start(), token.lastgroup
        if kind == "mark":
            self._mark(token[0], at, token.end())
        elif kind in ("end2", "end1"):
            quoted = token["double"] if kind == "end2" else token["single"]
            if token[kind] not in ("'", '"'):
                self._stack[-1].broken = True  # the end of the text, told by `_cut`
                return
            if kind == "end1" or '"' in quoted.replace('\\"', ""):
                self._problems.once("repaired", at, "quotes that JSON does not allow")
            self._text_value(unescape(quoted), at)
        elif kind == "word":
            self._word(token[0], at)
        elif kind == "junk":
            self._break(at, f"unexpected {token[0]!r}")

    def _say(self, kind: Kind, at: int, text: str) -> None:
        self._problems.add(kind, at, text)

    def _break(self, at: int, why: str) -> None:
        """Something in the innermost value cannot be read: said once for each."""
        node = self._stack[-1]
        if not node.broken:
            self._say("dropped", at, why)
        node.broken = True

    def _mark(self, mark: str, at: int, end: int) -> None:
        if mark in _OPENERS:
            self._open(mark, at)
        elif mark in _CLOSERS:
            self._close(_CLOSERS[mark], at, end)
        elif mark == ",":
            self._comma(at)
        else:
            self._colon(at)

    def _open(self, mark: str, at: int) -> None:
        node = Node(at, fields={} if mark == "{" else None, wants="key" if mark == "{" else "value")
        if self._root is None:
            self._root = node
        else:
            top = self._stack[-1]
            if mark == "{" and top.fields and top.wants in ("key", "comma") and self._in_list():
                self._say("repaired", at, "'}' is missing before this")
                self._leave()
                self._stack[-1].wants = "value"
            if len(self._stack) >= MOST_DEPTH:
                self._say("dropped", at, f"more than {MOST_DEPTH} brackets deep; nothing after this is read")
                self._end_all(len(self._text))
                return
            self._value(node, at)
        self._stack.append(node)

    def _in_list(self) -> bool:
        return len(self._stack) > 1 and self._stack[-2].fields is None

    def _leave(self) -> None:
        node = self._stack.pop()
        if node.fields is not None and node.wants in ("colon", "value"):
            self._say("dropped", node.start, f"the key {node.key!r:.60} has no value")
            node.broken = True
        node.open = False

    def _close(self, closer: str, at: int, end: int) -> None:
        closes_object = closer == "}"
        top = self._stack[-1]
        if (top.fields is not None) == closes_object:
            self._leave()
            return
        if not any((node.fields is not None) == closes_object for node in self._stack) or (
            top.fields is not None and _KEY_FOLLOWS.match(self._text, end)
        ):
            self._say("repaired", at, f"'{closer}' closes nothing")
            return
        missing = "'}'" if top.fields is not None else "']'"
        self._say("repaired", at, f"{missing} is missing before this")
        while (self._stack[-1].fields is not None) != closes_object:
            self._leave()
        self._leave()

    def _comma(self, at: int) -> None:
        top = self._stack[-1]
        if top.fields is not None and top.wants in ("colon", "value"):
            self._break(at, f"the key {top.key!r:.60} has no value")
            top.wants = "comma"
        if top.wants == "comma":
            top.wants = "value" if top.fields is None else "key"
        else:
            self._problems.once("repaired", at, "a comma too many")

    def _colon(self, at: int) -> None:
        top = self._stack[-1]
        if top.fields is not None and top.wants == "colon":
            top.wants = "value"
        elif top.fields is None and len(self._stack) > 1 and top.items and isinstance(top.items[-1], str):
            self._list_ran_on(top, at)
        else:
            self._break(at, "unexpected ':'")

    def _list_ran_on(self, top: Node, at: int) -> None:
        """`[1, 2, 3, 4, "label": ...`: the list should have been closed before what proves to be a key."""
        parent = self._stack[-2]
        if parent.fields is None:
            self._break(at, "unexpected ':'")
            return
        self._say("repaired", at, f"']' is missing before the key {top.items[-1]!r:.60}")
        parent.key, parent.wants = top.items.pop(), "value"
        self._leave()

    def _text_value(self, text: str, at: int) -> None:
        top = self._stack[-1]
        if top.fields is not None and top.wants in ("key", "comma"):
            if top.wants == "comma":
                self._problems.once("repaired", at, "a comma is missing before this")
            top.key, top.wants = text, "colon"
        else:
            self._value(text, at)

    def _word(self, word: str, at: int) -> None:
        top = self._stack[-1]
        if top.fields is not None and top.wants in ("key", "comma"):
            self._problems.once("repaired", at, "a key without quotes")
            self._text_value(word, at)
        elif word in _WORDS:
            self._value(_WORDS[word], at)
        elif word in _NOT_FINITE:
            self._value(float(word.replace("Infinity", "inf")), at)
        elif len(word) <= MOST_DIGITS and _NUMBER.fullmatch(word):
            whole = word.lstrip("+-").isdigit()
            self._value(int(word) if whole else float(word), at)
        else:
            self._break(at, f"{word[:40]!r} is no value")
            self._value(None, at)

    def _value(self, value: Any, at: int) -> None:
        top = self._stack[-1]
        if top.fields is None:
            if top.wants == "comma":
                self._problems.once("repaired", at, "a comma is missing before this")
            top.items.append(value)
        elif top.wants == "value" and top.key is not None:
            if top.key in top.fields:
                self._say("suspect", at, f"the key {top.key!r:.60} stands twice; the last counts")
            top.fields[top.key] = value
        else:
            self._break(at, "a value without a key")
            if isinstance(value, Node):
                top.items.append(value)
            return
        top.wants = "comma"

    def _end_all(self, at: int) -> None:
        self.stop = at
        for node in self._stack:
            node.broken = True
        self._stack.clear()

    def _cut(self, at: int) -> None:
        """The text (or its fence) ends while brackets are open: what is in them and whole stays."""
        top = self._stack[-1]
        if all(node.fields is None for node in self._stack) and (not top.items or isinstance(top.items[-1], Node)):
            self._say("truncated", at, "the list is not closed")
        else:
            self._say("truncated", at, "the text ends inside an item")
        self._end_all(at)


def read_at(text: str, start: int, problems: Problems) -> tuple[Node, int]:
    """The list or object whose bracket stands at `start`, and the offset after it."""
    reader = Reader(text, start, problems)
    return reader.read(), reader.stop


def objects(root: Node) -> Iterator[tuple[Node, str]]:
    """Every object below (and with) a value, outermost first, in the order of the text, with its path ("[3].mask")."""
    waiting: list[tuple[Any, str]] = [(root, "")]
    while waiting:
        value, path = waiting.pop()
        if not isinstance(value, Node):
            continue
        if value.fields is not None:
            yield value, path
        inner = [(v, f"{path}.{k[:40]}") for k, v in (value.fields or {}).items()]
        inner += [(v, f"{path}[{n}]") for n, v in enumerate(value.items)]
        waiting.extend(reversed(inner))


def plain(value: Any) -> Any:
    """Nodes as lists and dictionaries, at most `MOST_DEPTH` deep as they were read."""
    if not isinstance(value, Node):
        return value
    if value.fields is None:
        return [plain(item) for item in value.items]
    return {key: plain(item) for key, item in value.fields.items()}
