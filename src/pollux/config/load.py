"""From flags, environment and file to Settings; a fault is one line naming the place, the key and the remedy."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
import platformdirs
from msgspec import inspect as shapes

from pollux.config.fields import SHORT_NAMES, Field, fields, variable, walk
from pollux.config.tree import ModelOverride, OpenAIServer, Settings
from pollux.errors import ConfigurationError

FILE_NAME = "pollux.toml"
TABLES = ("models", "routes")

S = TypeVar("S", bound=msgspec.Struct)


class Given(msgspec.Struct, frozen=True):
    """A value as it was written: how to speak of its place, and the folder relative paths start from.

    `lax`: it comes from the environment or a flag, where numbers and lists may be written as text.
    """

    value: Any
    place: str
    folder: Path
    lax: bool = False


def load(flags: Mapping[str, Any], environ: Mapping[str, str], cwd: Path) -> Settings:
    """The settings of this start.

    `flags` has dotted keys ("server.port"), and "config" for the file; None means not given.  Relative folders start
    from the place that names them: the file's folder, or `cwd`.  Raises ConfigurationError.
    """
    path = _find_file(flags.get("config"), environ.get("POLLUX_CONFIG"), cwd)
    tree = _read_toml(path) if path else {}
    models, routes = (_table(tree.pop(name, {}), name, path) for name in TABLES)
    servers = _table(_table(tree.get("engine", {}), "engine", path).pop("openai", {}), "engine.openai", path)
    openai = {name: _server(name, raw, path, environ) for name, raw in servers.items()}
    flagged = _models(flags.get("model") or (), environ)
    openai |= {name: target for name, target in flagged.items() if isinstance(target, OpenAIServer)}
    to = {name: name if isinstance(target, OpenAIServer) else target for name, target in flagged.items()}
    given: dict[str, Given] = {}
    if path:
        given.update(_from_file(tree, "", path))
    given.update(_from_environment(environ, cwd))
    given.update(_from_flags(flags, cwd))
    built = _build(Settings, _nest({key: _convert(item, fields()[key]) for key, item in given.items()}))
    return msgspec.structs.replace(
        built,
        models=MappingProxyType(
            {pattern: _section(ModelOverride, f'models."{pattern}"', raw, path) for pattern, raw in models.items()}
        ),
        routes=MappingProxyType(
            to
            | {pattern: _route(pattern, raw, path) for pattern, raw in routes.items() if pattern not in to}
            | {name: name for name in openai if name not in to and name not in routes}
        ),
        openai=MappingProxyType(openai),
        config_file=path,
        origins=MappingProxyType({key: item.place for key, item in given.items()}),
    )


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
            yield from _from_file(_table(value, key, path), key + ".", path)
        else:
            raise _unknown(path, _spoken(key), name, known if prefix else {*known, *TABLES})


def _from_environment(environ: Mapping[str, str], cwd: Path) -> Iterator[tuple[str, Given]]:
    by_rule = {variable(key): key for key in fields()}
    for name, key in [*by_rule.items(), *SHORT_NAMES.items()]:
        if text := environ.get(name, "").strip():
            yield key, Given(text, name, cwd, lax=True)


def _from_flags(flags: Mapping[str, Any], cwd: Path) -> Iterator[tuple[str, Given]]:
    for key, value in flags.items():
        if key not in ("config", "model") and value is not None:
            yield key, Given(value, "--" + key.rpartition(".")[2].replace("_", "-"), cwd, lax=True)


def _convert(given: Given, known: Field) -> Any:
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
        shown = "" if known.secret else f", not {value!r}"
        raise ConfigurationError(f"{given.place} must be {known.expected}{shown}") from None
    return given.folder / result.expanduser() if isinstance(result, Path) else result


def _to_path(kind: type, value: Any) -> Path:
    if kind is Path and isinstance(value, (str, Path)) and str(value).strip():
        return Path(value)
    raise ValueError(value)


def _section(kind: type[S], section: str, raw: Any, path: Path | None) -> S:
    known = dict(walk(kind))
    values: dict[str, Any] = {}
    for name, value in _table(raw, section, path).items():
        if name not in known:
            raise _unknown(path, f"[{section}] {name}", name, set(known))
        values[name] = _convert(Given(value, f"{path}: [{section}] {name}", Path()), known[name])
    return kind(**values)


def _server(name: str, raw: Any, path: Path | None, environ: Mapping[str, str]) -> OpenAIServer:
    """One model of [engine.openai], with its key."""
    section = f'engine.openai."{name}"'
    if name in ("", "builtin", "google") or ":" in name:
        raise ConfigurationError(f"{path}: [{section}]: choose another name, without a colon")
    table = dict(_table(raw, section, path))
    if isinstance(table.get("address"), str):
        table["address"] = [table["address"]]
    server = _section(OpenAIServer, section, table, path)
    if not server.api_key_env:
        return server
    if not environ.get(server.api_key_env):
        raise ConfigurationError(
            f"{path}: [{section}] api_key_env: the environment variable {server.api_key_env} is not set; set it"
        )
    return msgspec.structs.replace(server, api_key=environ[server.api_key_env])


def _models(given: Sequence[str], environ: Mapping[str, str]) -> dict[str, OpenAIServer | str]:
    """Of every --model NAME=ENGINE the name, and the server of openai:ADDRESS#MODEL or else the engine's name."""
    out: dict[str, OpenAIServer | str] = {}
    for text in given:
        name, equals, target = text.partition("=")
        kind, colon, place = target.partition(":")
        if not name or not equals or not kind or (":" in name):
            raise ConfigurationError("--model must be NAME=ENGINE, such as NAME=openai:http://127.0.0.1:8001/v1#MODEL")
        if kind != "openai":
            out[name] = target
            continue
        address, _, model = place.partition("#")
        if not colon or not address or not model:
            raise ConfigurationError(f"--model {name}: openai needs an address and a model: openai:ADDRESS#MODEL")
        key = environ.get("POLLUX_OPENAI_API_KEY", "")
        out[name] = OpenAIServer(address=tuple(address.split(",")), model=model, api_key=key)
    return out


def _route(pattern: str, raw: Any, path: Path | None) -> str:
    if isinstance(raw, str) and raw:
        return raw
    raise ConfigurationError(f'{path}: [routes] "{pattern}" must be the name of an engine, not {raw!r}')


def _table(value: Any, key: str, path: Path | None) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise ConfigurationError(f"{path}: {key} must be a table, not {value!r}; write it as [{key}]")


def _unknown(path: Path | None, spoken: str, name: str, known: set[str]) -> ConfigurationError:
    close = difflib.get_close_matches(name, known, 1)
    remedy = f"did you mean {close[0]}?" if close else "known here: " + ", ".join(sorted(known))
    return ConfigurationError(f"{path}: unknown key {spoken}; {remedy}")


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
