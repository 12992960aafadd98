"""JSON in, typed out, and back.

Reading is as forgiving as Google's parser is where the documentation relies on it: camelCase and
snake_case at any depth, one object for a list, integer enums, numbers in strings, both base64 alphabets; and, when the
strict parser refuses, single quotes, unquoted keys, trailing commas, comments and raw newlines in strings.  User data
(function arguments, property names, labels) is never touched.  Unknown fields are ignored; wrong types and unknown
enum values are refused with the field's path.  Where a message has a place for them, unknown fields are kept.
"""

from __future__ import annotations

import binascii
import math
import re
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
import pybase64
import pyjson5

from pollux.errors import InvalidArgument
from pollux.wire import lift
from pollux.wire.base import Wire
from pollux.wire.enums import Enum
from pollux.wire.lift import Lifted, settle
from pollux.wire.relay import Relayed
from pollux.wire.unread import FIELD, unread

W = TypeVar("W", bound=Wire)
Convert = Callable[[Any], Any]

MAX_DEPTH = 100
"""Deepest nesting of a body, as protobuf's own JSON parsers have it."""
MAX_BITS = 4096
"""Widest integer of a body; far beyond any field's range, and still printable in a message."""


MOST_ELEMENTS = 100_000
"""Longest list of a body: millions of empty objects fit into few bytes and would hold everyone up."""
MOST_PATH = 500
"""Characters of a path in a message."""


class Fault(Exception):
    """A field that cannot be read; grows its path while it passes upwards."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: list[str] = []

    def under(self, segment: str) -> Fault:
        """The same fault, one level further up."""
        self.path.append(segment)
        return self

    @property
    def field(self) -> str:
        """The whole path: "contents[0].parts[1].text"."""
        whole = "".join(reversed(self.path)).removeprefix(".")
        return whole if len(whole) <= MOST_PATH else whole[:MOST_PATH] + "..."  # property names are the caller's


def decode(kind: type[W], body: bytes) -> W:
    """Reads a request body.  Raises InvalidArgument naming the field, or the place of a syntax error."""
    return convert(kind, loads(body))


def convert(kind: type[W], value: Any) -> W:
    """Turns parsed JSON into a wire type.  Raises InvalidArgument naming the field."""
    try:
        return typing.cast(W, _message(kind)(value))
    except Fault as fault:
        where = f" at '{fault.field}'" if fault.field else ""
        raise InvalidArgument(f"Invalid value{where}: {fault.reason}", field=fault.field or None) from None
    except RecursionError:
        raise InvalidArgument("Invalid JSON payload received: nested too deeply.") from None
    except UnicodeDecodeError:  # of a lifted string
        raise InvalidArgument("Invalid JSON payload received: the body is not UTF-8.") from None


def encode(value: Any, *, pretty: bool = True) -> bytes:
    """JSON as Google prints it: two-space indentation, or compact.  Bytes become standard padded base64."""
    data = bytes(value.document) if isinstance(value, Relayed) else msgspec.json.encode(value)
    return msgspec.json.format(data, indent=2) + b"\n" if pretty else data


def loads(body: bytes) -> Any:
    """Parses JSON, strictly first (fast), then leniently.  An empty body is an empty object."""
    if not body or body.isspace():
        return {}
    try:
        value, parsed = lift.loads(body)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError) as strict:
        return _bounded(_loads_leniently(body, str(strict)))
    return value if parsed.count(b"[") + parsed.count(b"{") <= MAX_DEPTH else _bounded(value)


def _bounded(value: Any) -> Any:
    """The value, known to be no deeper than MAX_DEPTH and without giant integers; not recursive itself."""
    level, depth = [value], 0
    while level:
        if depth > MAX_DEPTH:
            raise _too_deep()
        if any(type(item) is int and item.bit_length() > MAX_BITS for item in level):
            raise InvalidArgument("Invalid JSON payload received: a number is too large.")
        inner = [item.values() if type(item) is dict else item for item in level if type(item) in (dict, list)]
        level = [item for items in inner for item in items]
        depth += 1
    return value


def _too_deep() -> InvalidArgument:
    return InvalidArgument(f"Invalid JSON payload received: nested deeper than {MAX_DEPTH} levels.")


# Possessive, and with an unclosed string or comment reaching to the end, so that no body is looked at twice.
_STRING = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)' + r"|'(?:[^'\\]++|\\.)*+(?:'|\\?\Z)" + r"|//[^\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:(\r?\n)|.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")


def _escape_controls(match: re.Match[str]) -> str:
    """Raw control characters inside a string become escapes; comments stay as they are."""
    found = match.group()
    if found[0] == "/":
        return " "
    # A backslash before a raw newline is a line continuation; spelling the newline out would keep a stray backslash.
    found = _ESCAPE.sub(lambda escape: "" if escape[1] else escape[0], found)
    return _CONTROL.sub(lambda c: f"\\u{ord(c.group()):04x}", found)


def _loads_leniently(body: bytes, strict_message: str) -> Any:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidArgument("Invalid JSON payload received: the body is not UTF-8.") from None
    try:
        return pyjson5.decode(_STRING.sub(_escape_controls, text), maxdepth=MAX_DEPTH, some=False)
    except (pyjson5.Json5Exception, RecursionError, ValueError):
        raise InvalidArgument(f"Invalid JSON payload received. {strict_message}") from None


def decode_base64(value: str | memoryview) -> bytes:
    """Standard or URL-safe alphabet, padded or not, line breaks allowed.  Raises Fault."""
    try:
        return pybase64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        pass
    try:
        text = (
            (value.encode("ascii") if isinstance(value, str) else bytes(value))
            .translate(_URL_SAFE, b" \t\r\n")
            .rstrip(b"=")
        )
        if len(text) % 4 == 1:
            raise Fault("Base64 decoding failed: the text ends in mid-group.")
        return pybase64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Fault("Base64 decoding failed.") from None


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
MOST_DIGITS = 40
"""Digits of an integer in a string; longer ones are leading zeros or out of every range."""

_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _text(value: Any) -> str:
    if type(value) is not str:
        if isinstance(value, Lifted):
            return value.text()
        raise Fault(f"a string is expected, not {_name(value)}.")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise Fault(f"true or false is expected, not {_name(value)}.")
    return value


def _number(value: Any) -> float:
    if type(value) is str:
        if not _NUMBER.fullmatch(value):
            raise Fault(f"a number is expected, not the string {_short(value)}.")
        value = float(value)
    if type(value) not in (int, float):
        raise Fault(f"a number is expected, not {_name(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Fault("a finite number is expected.")
    return number


def _integer(low: int, high: int) -> Convert:
    def convert_integer(value: Any) -> int:
        number = value
        if type(number) is not int:
            as_float = _number(value)
            whole = type(value) is str and value.lstrip("+-").isdecimal() and len(value) <= MOST_DIGITS
            number = int(value) if whole else int(as_float)
            if not whole and number != as_float:
                raise Fault(f"an integer is expected, not {_short(str(value))}.")
        if not low <= number <= high:
            raise Fault(f"the integer {_short(str(number))} is out of range.")
        return number

    return convert_integer


def _bytes(value: Any) -> bytes:
    return decode_base64(value.view if isinstance(value, Lifted) else _text(value))


def _object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Fault(f"an object is expected, not {_name(value)}.")
    return value


def _user_object(value: Any) -> Any:
    return settle(_object(value))


def _enumeration(enum: Enum) -> Convert:
    def convert_enum(value: Any) -> str:
        name = enum.parse(value)
        if name is None:
            raise Fault(
                f"{_short(str(value))} is not a {enum.title}; use one of {', '.join(filter(None, enum.names))}."
            )
        return name

    return convert_enum


def _list(item: Convert) -> Convert:
    def convert_list(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            return (item(value),)  # one object for a list
        if len(value) > MOST_ELEMENTS:
            raise Fault(f"a list of at most {MOST_ELEMENTS} elements is expected.")
        out = []
        try:
            for element in value:
                out.append(item(element))
        except Fault as fault:
            raise fault.under(f"[{len(out)}]") from None
        return tuple(out)

    return convert_list


def _map(item: Convert) -> Convert:
    def convert_map(value: Any) -> dict[str, Any]:
        out = {}
        for key, element in _object(value).items():
            try:
                out[key] = item(element)
            except Fault as fault:
                raise fault.under(f".{key}") from None
        return out

    return convert_map


@cache
def _message(kind: type[Wire]) -> Convert:
    """The reader of one wire type: a table from every spelling of a field to (attribute, reader)."""
    hints = typing.get_type_hints(kind, include_extras=True)
    table: dict[str, tuple[str, Convert | None]] = {}
    keeps = FIELD in kind.__struct_fields__
    for info in msgspec.structs.fields(kind):
        if info.name == FIELD:
            continue
        entry = (info.name, _lazy(hints[info.name]))
        table[info.encode_name] = table[info.name] = entry
    for alias, name in kind.aliases.items():
        table[alias] = table[name]

    def convert_message(value: Any) -> Any:
        if type(value) is not dict:
            raise Fault(f"an object is expected, not {_name(value)}.")
        known: dict[str, Any] = {}
        for key, element in value.items():
            entry = table.get(key)
            if entry is None or element is None:  # unknown fields are ignored, null is unset
                continue
            name, reader = entry
            try:
                known[name] = reader(element)  # type: ignore[misc]
            except Fault as fault:
                raise fault.under(f".{key}") from None
        if keeps and (rest := unread(kind, value)):
            known[FIELD] = rest
        return kind(**known)

    return convert_message


def _lazy(hint: Any) -> Convert:
    """The reader of a field; messages are looked up at first use, because Schema holds Schemas."""
    base = _strip_optional(hint)
    if isinstance(base, type) and issubclass(base, Wire):
        return lambda value: _message(base)(value)
    origin, arguments = typing.get_origin(base), typing.get_args(base)
    if origin is Annotated:
        return _annotated(arguments)
    if origin is tuple:
        return _list(_lazy(arguments[0]))
    if origin is dict:
        return _user_object if arguments[1] is Any else _map(_lazy(arguments[1]))
    return _PLAIN[base]


def _annotated(arguments: tuple[Any, ...]) -> Convert:
    base, note = arguments[0], arguments[1]
    if isinstance(note, Enum):
        return _enumeration(note)
    if base is int:
        return _integer(note.ge, note.le)
    raise TypeError(f"no reader for {arguments}")


def _strip_optional(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (hint,) = [a for a in typing.get_args(hint) if a is not type(None)]
    return hint


_PLAIN: dict[Any, Convert] = {
    str: _text,
    bool: _boolean,
    float: _number,
    int: _integer(-(2**63), 2**63 - 1),
    bytes: _bytes,
    Any: settle,
}


def _name(value: Any) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a string",
        Lifted: "a string",
        bool: "a boolean",
        type(None): "null",
    }
    return names.get(type(value), "a number")


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
