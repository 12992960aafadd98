"""What a request says beyond the types here: kept for servers that know more, and put back where it stood.

The other engines ignore it, as Google's parsers ignore what they do not know.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from pollux.wire.base import Wire
from pollux.wire.lift import settle

FIELD = "unread"
"""The field of a message that keeps what was not read of it."""

Rest = dict[Any, Any]
"""Unknown fields by name; for a known one, or the index of a list, the rest of what is in it (`Inner`)."""


class Inner(dict[Any, Any]):
    """The rest of something known."""


def unread(kind: type[Wire], value: Any) -> Inner | None:
    """The fields of parsed JSON that `kind`, or a message in it, does not know; None where it knows them all."""
    return _reader(kind)(value)


def put_back(tree: Any, rest: Mapping[Any, Any]) -> None:
    """Adds the rest to the builtins of the message that it was left of.  What has gone since takes its rest with it."""
    for key, more in rest.items():
        if not isinstance(more, Inner):
            tree[key] = more
        elif key in (tree if isinstance(tree, dict) else range(len(tree))):
            put_back(tree[key], more)


Reader = Callable[[Any], Inner | None]


@cache
def _reader(kind: type[Wire]) -> Reader:
    hints = typing.get_type_hints(kind, include_extras=True)
    table: dict[str, tuple[str, Reader | None]] = {}
    for info in msgspec.structs.fields(kind):
        if info.name != FIELD:
            table[info.encode_name] = table[info.name] = (info.encode_name, _of_hint(hints[info.name]))
    for alias, name in kind.aliases.items():
        table[alias] = table[name]

    def read(value: Any) -> Inner | None:
        rest = Inner()
        for key, element in value.items() if type(value) is dict else ():
            entry = table.get(key)
            if entry is None:
                rest[key] = settle(element)
            elif entry[1] is not None and element is not None and (more := entry[1](element)):
                rest[entry[0]] = more
        return rest or None

    return read


def _of_hint(hint: Any) -> Reader | None:
    """The reader of a field that holds messages; None for any other."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (hint,) = [one for one in typing.get_args(hint) if one is not type(None)]
    if isinstance(hint, type) and issubclass(hint, Wire):
        return lambda value: _reader(hint)(value)  # looked up at first use, because Schema holds Schemas
    if typing.get_origin(hint) is not tuple:
        return None
    inner = _of_hint(typing.get_args(hint)[0])
    if inner is None:
        return None

    def read(value: Any) -> Inner | None:
        found = enumerate(value if type(value) is list else [value])
        return Inner({index: more for index, one in found if (more := inner(one))}) or None

    return read
