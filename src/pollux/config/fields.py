"""Every key of the tree by its dotted name, and what its annotation says in words."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct
from msgspec import inspect as shapes

from pollux.config.tree import Settings

SHORT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "POLLUX_HOST": "server.host",
        "POLLUX_PORT": "server.port",
        "POLLUX_LOG_LEVEL": "server.log_level",
        "POLLUX_DATA_DIR": "store.data_dir",
        "POLLUX_DATABASE_URL": "store.database",
        "POLLUX_BLOBS_URL": "store.blobs",
        "POLLUX_BATCH": "batch.dispatcher",
        "POLLUX_SEARCH": "search.source",
        "POLLUX_GOOGLE_API_KEY": "engine.google.key",
    }
)


class Field(Struct, frozen=True):
    """One key: its annotation, the shape beneath, what it means, and what it may be.

    A `secret` is not repeated in messages, and URLs are shown without their passwords; what is `hidden` is never shown.
    """

    annotation: Any
    shape: shapes.Type
    text: str
    expected: str
    secret: bool = False
    hidden: bool = False
    networks: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the key holds a list (commas separate its items in the environment)."""
        return isinstance(self.shape, shapes.VarTupleType)


@functools.cache
def fields() -> Mapping[str, Field]:
    """Dotted key -> Field, for every key outside the tables [models] and [routes], in the order of the tree."""
    return MappingProxyType(dict(walk(Settings)))


def walk(section: type[Struct], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """The keys of a section and of the sections in it.  Settings' own fields are sections or tables, never keys."""
    shape = shapes.type_info(section)
    assert isinstance(shape, shapes.StructType)
    annotations = {item.name: item.type for item in msgspec.structs.fields(section)}
    for item in shape.fields:
        if isinstance(item.type, shapes.StructType):
            yield from walk(item.type.cls, f"{prefix}{item.name}.")
        elif section is not Settings:
            annotation = annotations[item.name]
            inner: shapes.Type = item.type
            marks: dict[str, Any] = {}
            if isinstance(inner, shapes.Metadata):
                marks, inner = inner.extra or {}, inner.type
            yield (
                prefix + item.name,
                Field(
                    annotation=annotation,
                    shape=inner,
                    text=_description(annotation),
                    expected=expected(item.type),
                    secret="secret" in marks,
                    hidden="hidden" in marks,
                    networks="networks" in marks,
                ),
            )


def variable(key: str) -> str:
    """The environment variable of a key, by the one rule."""
    return "POLLUX_" + key.replace(".", "_").upper()


def expected(shape: shapes.Type) -> str:
    """What a value of this shape may be, in words: the end of "X must be ..."."""
    match shape:
        case shapes.Metadata(type=inner, extra=extra):
            return (extra or {}).get("expected") or expected(inner)
        case shapes.IntType(ge=low, le=high):
            return "a whole number" + _range(low, high)
        case shapes.FloatType(gt=above, ge=low, le=high):
            return "a number" + _range(low, high, above)
        case shapes.BoolType():
            return "true or false"
        case shapes.LiteralType(values=values):
            return "one of " + ", ".join(str(value) or '""' for value in values)
        case shapes.VarTupleType(item_type=item):
            return f"a list, each item {expected(item)}"
        case shapes.UnionType(types=kinds):
            return expected(next(kind for kind in kinds if not isinstance(kind, shapes.NoneType)))
        case shapes.CustomType():
            return "a folder"
        case _:
            return "a text"


def _range(low: float | None, high: float | None, above: float | None = None) -> str:
    if above is not None:
        return f" above {above:g}" + (f" and at most {high:g}" if high is not None else "")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    return f" of at least {low:g}" if low is not None else ""


def _description(annotation: Any) -> str:
    metas = getattr(annotation, "__metadata__", ())
    return next((meta.description for meta in reversed(metas) if meta.description), "")
