"""From what was written to typed values; a fault is one line naming the place, the key and the remedy."""

from __future__ import annotations

import difflib
import functools
import json
import reprlib
from collections.abc import Collection, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import inspect as shapes

from pollux.config.fields import Field, walk
from pollux.errors import ConfigurationError

S = TypeVar("S", bound=msgspec.Struct)


class Given(msgspec.Struct, frozen=True):
    """A value as it was written: how to speak of its place, and the folder relative paths start from.

    `lax`: it comes from the environment or a flag, where numbers and lists may be written as text.
    """

    value: Any
    place: str
    folder: Path
    lax: bool = False


def convert(given: Given, known: Field) -> Any:
    """The value of a key.  Raises ConfigurationError."""
    value = given.value
    if given.lax and known.is_list and isinstance(value, str):
        value = [item.strip() for item in value.split(",") if item.strip()]
    if isinstance(known.shape, shapes.LiteralType) and isinstance(value, str):
        value = value.lower()
    try:
        result = msgspec.convert(value, known.annotation, strict=not given.lax, dec_hook=_to_path)
        if known.networks:
            _ = [ip_network(text, strict=False) for text in result]
    except ValueError:  # msgspec.ValidationError is one
        shown = "" if known.secret else f", not {reprlib.repr(value)}"
        raise ConfigurationError(f"{given.place} must be {known.expected}{shown}") from None
    return given.folder / result.expanduser() if isinstance(result, Path) else result


def _to_path(kind: type, value: Any) -> Path:
    if kind is Path and isinstance(value, (str, Path)) and str(value).strip():
        return Path(value)
    raise ValueError(value)


def section(kind: type[S], name: str, raw: Any, path: Path | None) -> S:
    """A section that a table of the file holds under `name`.  Raises ConfigurationError."""
    known, folder = keys(kind), path.parent if path is not None else Path()
    values: dict[str, Any] = {}
    for key, value in table(raw, name, path).items():
        if key not in known and not key.isidentifier() and name.endswith('"'):  # [models.gemini-2.5-pro]
            meaning = f'[{name[:-1]}.{key}"]'
            raise ConfigurationError(f"{path}: [{name}] {key}: a name with a dot stands in quotes: {meaning}")
        if key not in known:
            raise unknown(path, f"[{name}] {key}", key, known)
        values[key] = convert(Given(value, f"{path}: [{name}] {key}", folder), known[key])
    return kind(**values)


@functools.cache
def keys(kind: type[msgspec.Struct]) -> Mapping[str, Field]:
    """The keys of a section that may stand there many times."""
    return dict(walk(kind))


def table(value: Any, key: str, path: Path | None) -> dict[str, Any]:
    """A value that must be a table.  Raises ConfigurationError."""
    if isinstance(value, dict):
        return value
    raise ConfigurationError(f"{path}: {key} must be a table, not {reprlib.repr(value)}; write it as [{key}]")


def quoted(name: str) -> str:
    """A name of the file as it stands there, in one line."""
    return f'"{name}"' if name.isprintable() else json.dumps(name)


def unknown(path: Path | None, spoken: str, name: str, known: Collection[str]) -> ConfigurationError:
    """A key that is none, and the one that was meant."""
    return ConfigurationError(f"{path}: unknown key {spoken}; {meant(name, known)}")


def meant(name: str, known: Collection[str]) -> str:
    """The one of `known` that was meant, or all of them."""
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]}?" if close else "known here: " + ", ".join(sorted(known))
