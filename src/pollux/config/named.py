"""What the file and --model say of engines by name, and of who answers for which model."""

from __future__ import annotations

import reprlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from pollux.config.engines import KINDS, DiffusersModel, Named, OpenAIServer, Specialist, TransformersModel
from pollux.config.models import Route
from pollux.config.values import quoted, section, table
from pollux.errors import ConfigurationError

FLAG_KINDS = {"openai": "openai:ADDRESS#MODEL", "hf": "hf:MODEL", "diffusers": "diffusers:MODEL"}
"""What stands before the colon of --model NAME=KIND:..., and how the whole is written."""
RESERVED = frozenset({"", "builtin", "google", *KINDS, *FLAG_KINDS})
LONGEST_NAME = 200
_FOLDER = ("./", "../", "~", "/")


def sections(tree: dict[str, Any], path: Path | None, environ: Mapping[str, str]) -> dict[str, Named]:
    """Takes [engine.KIND."NAME"] of all kinds out of the tree of a file.  Raises ConfigurationError."""
    out: dict[str, Named] = {}
    kinds: dict[str, str] = {}
    engine = table(tree.get("engine", {}), "engine", path)
    for kind, struct in KINDS.items():
        for name, raw in table(engine.pop(kind, {}), f"engine.{kind}", path).items():
            spoken = f"engine.{kind}.{quoted(name)}"
            if name in struct.__struct_fields__ and not isinstance(raw, dict):
                raise ConfigurationError(
                    f"{path}: [engine.{kind}] {name}: every engine has a name; write the section as "
                    f'[engine.{kind}."NAME"]'
                )
            if name in RESERVED or not _nameable(name):
                raise ConfigurationError(
                    f"{path}: [{spoken}]: choose another name, of at most {LONGEST_NAME} letters and without a colon "
                    f"or a plus between spaces; taken are {', '.join(sorted(RESERVED - {''}))}"
                )
            if name in kinds:
                raise ConfigurationError(
                    f'{path}: [{spoken}]: the name is taken by [engine.{kinds[name]}."{name}"]; choose another'
                )
            kinds[name] = kind
            out[name] = _section(struct, spoken, table(raw, spoken, path), path, environ)
    return out


def _section(
    kind: type[Named], spoken: str, raw: Mapping[str, Any], path: Path | None, environ: Mapping[str, str]
) -> Named:
    if kind is not OpenAIServer:
        made = section(kind, spoken, raw, path)
        folder = path.parent if path is not None else Path()
        return structs.replace(made, model=_model(made.model, folder, f"{path}: [{spoken}] model"))
    given = dict(raw)
    if isinstance(given.get("address"), str):
        given["address"] = [given["address"]]
    server = section(OpenAIServer, spoken, given, path)
    if not server.api_key_env:
        return server
    if not environ.get(server.api_key_env):
        raise ConfigurationError(
            f"{path}: [{spoken}] api_key_env: the environment variable {server.api_key_env} is not set; set it"
        )
    return structs.replace(server, api_key=environ[server.api_key_env])


def _model(text: str, folder: Path, place: str) -> str:
    """A name on the hub as it is, a folder as an absolute path.  Raises ConfigurationError for one that is not there.

    A folder is what begins with a dot, a tilde or a slash, so that no name on the hub depends on where we are started.
    """
    if not text.startswith(_FOLDER) and text not in (".", ".."):
        return text
    found = (folder / Path(text).expanduser()).absolute()
    if not found.is_dir():
        raise ConfigurationError(
            f"{place}: there is no folder {found}; give one, or a name on the hub such as ORG/MODEL"
        )
    return str(found)


def _nameable(name: str) -> bool:
    """Whether an engine may be called so: routes write "NAME:MODEL", and " + " stands between engines (`routing`)."""
    return ":" not in name and " + " not in name and name.isprintable() and len(name) <= LONGEST_NAME


def check_pattern(pattern: str, place: str) -> None:
    """Raises ConfigurationError for a pattern that matches no name, because names stand there without "models/"."""
    if (bare := pattern.removeprefix("models/")) != pattern:
        raise ConfigurationError(f'{place}: write the name without "models/": {quoted(bare)}')


def flagged(given: Sequence[str], environ: Mapping[str, str], cwd: Path) -> tuple[dict[str, Named], dict[str, Route]]:
    """Of every --model NAME=ENGINE what it makes, if anything, and the route.  Raises ConfigurationError."""
    named: dict[str, Named] = {}
    routes: dict[str, Route] = {}
    for text in given:
        name, equals, target = text.partition("=")
        kind, colon, place = target.partition(":")
        if not name or not equals or not kind:
            raise ConfigurationError("--model must be NAME=ENGINE, such as NAME=openai:http://127.0.0.1:8001/v1#MODEL")
        if not _nameable(name):
            raise ConfigurationError(
                f"--model {reprlib.repr(name)}: give the model a name without a colon, as NAME=ENGINE"
            )
        check_pattern(name, f"--model {name}")
        if name in routes:
            raise ConfigurationError(f"--model {name} is given twice; give it once, and fallbacks in [routes]")
        if kind in FLAG_KINDS:
            if name in RESERVED:
                raise ConfigurationError(f"--model {name}: the name is taken; choose another")
            if not colon or not place:
                raise ConfigurationError(f"--model {name}: {kind} must be written {FLAG_KINDS[kind]}")
            named[name] = _flagged(name, kind, place, environ, cwd)
            target = name
        routes[name] = Route(engine=target)
    return named, routes


def _flagged(name: str, kind: str, place: str, environ: Mapping[str, str], cwd: Path) -> Named:
    if kind == "hf":
        return TransformersModel(model=_model(place, cwd, f"--model {name}"))
    if kind == "diffusers":
        return DiffusersModel(model=_model(place, cwd, f"--model {name}"))
    address, _, model = place.partition("#")
    if not address or not model:
        raise ConfigurationError(f"--model {name}: openai needs an address and a model: {FLAG_KINDS[kind]}")
    key = environ.get("POLLUX_OPENAI_API_KEY", "")
    return OpenAIServer(address=tuple(address.split(",")), model=model, api_key=key)


def route(pattern: str, raw: Any, path: Path | None) -> Route:
    """A value of [routes]: the name of an engine, or a table.  Raises ConfigurationError."""
    check_pattern(pattern, f"{path}: [routes] {quoted(pattern)}")
    if isinstance(raw, dict):
        made = section(Route, f"routes.{quoted(pattern)}", raw, path)
        if not made.engine:
            raise ConfigurationError(
                f'{path}: [routes] {quoted(pattern)} needs an engine; write {{engine = "NAME", ...}}'
            )
        return made
    if isinstance(raw, str) and raw:
        return Route(engine=raw)
    shown = reprlib.repr(raw)
    raise ConfigurationError(
        f"{path}: [routes] {quoted(pattern)} must be the name of an engine, or a table that holds one, not {shown}"
    )


def own_routes(named: Mapping[str, Named], taken: Collection[str]) -> dict[str, Route]:
    """An engine's own name is a model's name too, unless a route says otherwise; specialists are no models."""
    return {
        name: Route(engine=name)
        for name, options in named.items()
        if name not in taken and not isinstance(options, Specialist)
    }
