"""From flags, environment and file to Settings; a fault is one line naming the place, the key and the remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
import platformdirs

from pollux.config.engines import KINDS
from pollux.config.fields import SHORT_NAMES, fields, variable
from pollux.config.models import ModelOverride
from pollux.config.named import check_pattern, flagged, own_routes, route, sections
from pollux.config.tree import Settings
from pollux.config.values import Given, convert, quoted, section, table, unknown
from pollux.errors import ConfigurationError

FILE_NAME = "pollux.toml"
TABLES = ("models", "routes")

S = TypeVar("S", bound=msgspec.Struct)


def load(flags: Mapping[str, Any], environ: Mapping[str, str], cwd: Path) -> Settings:
    """The settings of this start.

    `flags` has dotted keys ("server.port"), and "config" for the file; None means not given.  Relative folders start
    from the place that names them: the file's folder, or `cwd`.  Raises ConfigurationError.
    """
    path = _find_file(flags.get("config"), environ.get("POLLUX_CONFIG"), cwd)
    tree = _read_toml(path) if path else {}
    models, written = (table(tree.pop(name, {}), name, path) for name in TABLES)
    named, routes = flagged(flags.get("model") or (), environ, cwd)
    named = sections(tree, path, environ) | named
    routes |= {pattern: route(pattern, raw, path) for pattern, raw in written.items() if pattern not in routes}
    given: dict[str, Given] = {}
    if path:
        given.update(_from_file(tree, "", path))
    given.update(_from_environment(environ, cwd))
    given.update(_from_flags(flags, cwd))
    built = _build(Settings, _nest({key: convert(item, fields()[key]) for key, item in given.items()}))
    return msgspec.structs.replace(
        built,
        models=MappingProxyType({pattern: _override(pattern, raw, path) for pattern, raw in models.items()}),
        routes=MappingProxyType(routes | own_routes(named, routes)),
        named=MappingProxyType(named),
        config_file=path,
        origins=MappingProxyType({key: item.place for key, item in given.items()}),
    )


def _override(pattern: str, raw: Any, path: Path | None) -> ModelOverride:
    spoken = f"models.{quoted(pattern)}"
    check_pattern(pattern, f"{path}: [{spoken}]")
    return section(ModelOverride, spoken, raw, path)


def _find_file(flag: Any, named: str | None, cwd: Path) -> Path | None:
    """The file to read: a named one must exist; else ./pollux.toml, then the user's, then none."""
    for name, place in ((flag, "--config"), (named, "POLLUX_CONFIG")):
        if name:
            path = cwd / Path(name).expanduser()
            if not path.is_file():
                raise ConfigurationError(f"{place}: there is no file {path}; name an existing configuration file")
            return path
    folders = (cwd, platformdirs.user_config_path("pollux", appauthor=False))
    return next((folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file()), None)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}; correct that line") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}; check its permissions") from None


def _from_file(tree: Mapping[str, Any], prefix: str, path: Path) -> Iterator[tuple[str, Given]]:
    known = {key.removeprefix(prefix).split(".")[0] for key in fields() if key.startswith(prefix)}
    for name, value in tree.items():
        key = prefix + name
        if key in fields():
            yield key, Given(value, f"{path}: {_spoken(key)}", path.parent)
        elif name in known:
            yield from _from_file(table(value, key, path), key + ".", path)
        else:
            more = {"": TABLES, "engine.": KINDS}.get(prefix, ())
            raise unknown(path, _spoken(key), name, {*known, *more})


def _from_environment(environ: Mapping[str, str], cwd: Path) -> Iterator[tuple[str, Given]]:
    by_rule = {variable(key): key for key in fields()}
    for name, key in [*by_rule.items(), *SHORT_NAMES.items()]:
        if text := environ.get(name, "").strip():
            yield key, Given(text, name, cwd, lax=True)


def _from_flags(flags: Mapping[str, Any], cwd: Path) -> Iterator[tuple[str, Given]]:
    for key, value in flags.items():
        if key not in ("config", "model") and value is not None:
            yield key, Given(value, "--" + key.rpartition(".")[2].replace("_", "-"), cwd, lax=True)


def _spoken(key: str) -> str:
    """The dotted key "server.port" as the file has it: "[server] port"."""
    section, _, name = key.rpartition(".")
    return f"[{section}] {name}" if section else name


def _nest(values: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": 1} -> {"a": {"b": 1}}."""
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *folders, name = key.split(".")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = value
    return tree


def _build(kind: type[S], tree: Mapping[str, Any]) -> S:
    """A section from converted values; what `tree` leaves out keeps its default."""
    kinds = {item.name: item.type for item in msgspec.structs.fields(kind)}
    return kind(**{name: _build(kinds[name], v) if isinstance(v, dict) else v for name, v in tree.items()})
