"""Which engines this installation has: by its configuration, those that [routes] name, and recordings of them.

No engine loads a model, or asks anybody anything, when it is made, but those whose section says `preload`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib.metadata import entry_points
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from msgspec import structs

from pollux.config import (
    DiffusersModel,
    Named,
    OpenAIServer,
    Settings,
    Specialist,
    TransformersModel,
    kind_of,
)
from pollux.engines.base import Ability, Engine
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.diffusers.options import Options as DiffusersOptions
from pollux.engines.google import GoogleEngine
from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.options import ABILITIES
from pollux.engines.openai.options import Options as OpenAIOptions
from pollux.engines.replay import Recorder, Replayer, Tape
from pollux.engines.specialists.base import Finder, Masker
from pollux.engines.specialists.loading import resolved
from pollux.engines.specialists.options import FINDERS
from pollux.engines.specialists.options import Options as SpecialistOptions
from pollux.engines.transformers.options import ABILITIES as CHAT
from pollux.engines.transformers.options import Options as TransformersOptions
from pollux.errors import ConfigurationError
from pollux.routing import Installed, composed

T = TypeVar("T", OpenAIOptions, TransformersOptions, DiffusersOptions, SpecialistOptions)

VECTORS: frozenset[Ability] = frozenset({"embeddings"})
NEEDS: Mapping[type[Named], tuple[str, tuple[str, ...]]] = {
    TransformersModel: ("transformers", ("torch", "transformers", "accelerate", "llguidance")),
    DiffusersModel: ("diffusers", ("torch", "diffusers", "transformers", "accelerate")),
    Specialist: ("transformers", ("torch", "transformers")),
}
"""Kinds of engines -> the extra, and the packages in it that must be there."""


def make_engines(settings: Settings, *, preload: bool = True) -> dict[str, Engine]:
    """The built-in engine and those that are configured; or recordings of them.  Raises ConfigurationError.

    Without `preload` none is loaded, whatever its section says.
    """
    kept = settings.engine.replay
    if kept.record is not None and kept.replay is not None:
        raise ConfigurationError("--record and --replay ([engine.replay]) exclude each other: give one.")
    if kept.replay is not None:
        tape = Tape(kept.replay)
        return {name: Replayer(tape, cards, timing=kept.timing) for name, cards in tape.cards().items()}
    engines = _live(settings if preload else structs.replace(settings, named=_lazy(settings.named)))
    if kept.record is not None:
        tape = Tape(kept.record)
        return {name: Recorder(engine, tape, name) for name, engine in engines.items()}
    return engines


def _live(settings: Settings) -> dict[str, Engine]:
    options = settings.engine.builtin
    builtin = BuiltinEngine(threads=options.threads, cache=options.cache)
    engines: dict[str, Engine] = {"builtin": builtin}
    specialists: dict[str, Named] = {}
    for name, named in settings.named.items():
        if isinstance(named, Specialist):
            _options(SpecialistOptions, named, place=_checked(name, named))  # wrong ones are told now, used or not
            specialists[name] = named
        else:
            engines[name] = _named(name, named, settings)
    found: Mapping[str, Callable[[], Engine]] = {"google": lambda: _google(settings), **_installed()}

    def specialist(name: str, role: str) -> Finder | Masker:
        return builtin.helper if name == "builtin" else _specialist(name, specialists[name], role)

    installed = Installed(engines, found, specialist, frozenset({"builtin", *specialists}))
    return engines | composed(settings, installed)


def _lazy(named: Mapping[str, Named]) -> dict[str, Named]:
    return {
        name: structs.replace(one, preload=False) if hasattr(one, "preload") else one for name, one in named.items()
    }


def _installed() -> dict[str, Callable[[], Engine]]:
    """Engines of other packages, made without options."""
    return {entry.name: lambda entry=entry: entry.load()() for entry in entry_points(group="pollux.engines")}  # type: ignore[misc]


def _named(name: str, named: Named, settings: Settings) -> Engine:
    """One engine of a section.  Raises ConfigurationError."""
    place = _checked(name, named)
    if isinstance(named, OpenAIServer):
        for address in named.address:
            _refuse_itself(address, settings, f"{place} address")
        return OpenAIEngine(openai_options(named, place))
    if isinstance(named, TransformersModel):
        from pollux.engines.transformers.engine import TransformersEngine  # noqa: PLC0415 - only where it is wanted

        return TransformersEngine(transformers_options(named, place))
    from pollux.engines.diffusers.engine import DiffusersEngine  # noqa: PLC0415

    return DiffusersEngine(_options(DiffusersOptions, named, place=place))


def _specialist(name: str, named: Named, role: str) -> Finder | Masker:
    """Who finds boxes, or makes masks.  Raises ConfigurationError."""
    from pollux.engines.specialists.make import make_specialist  # noqa: PLC0415 - only where it is wanted

    options = resolved(_options(SpecialistOptions, named, place=_checked(name, named)))
    if (options.kind in FINDERS) != (role == "boxes"):
        does = "finds boxes" if options.kind in FINDERS else "makes masks"
        raise ConfigurationError(f"{options.place} kind {options.kind} {does}: it cannot be the {role} of a route.")
    return make_specialist(options)


def _checked(name: str, named: Named) -> str:
    """How to speak of the section.  Raises ConfigurationError where a package is missing."""
    place = f'[engine.{kind_of(named)}."{name}"]'
    extra, packages = NEEDS.get(type(named), ("", ()))
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise ConfigurationError(f'{place} needs {", ".join(missing)}: pip install "pollux[{extra}]".')
    return place


def _google(settings: Settings) -> Engine:
    options = settings.engine.google
    if not options.key:
        raise ConfigurationError(
            "[engine.google] key is not set: give a key of the Gemini API as POLLUX_GOOGLE_API_KEY."
        )
    _refuse_itself(options.address, settings, "[engine.google] address")
    return GoogleEngine(options.key, options.address)


def openai_options(server: OpenAIServer, place: str) -> OpenAIOptions:
    """What an openai engine is told.  Raises ConfigurationError."""
    only = VECTORS if server.embed_dims else ABILITIES
    abilities = only if server.abilities is None else frozenset(server.abilities)
    return _options(
        OpenAIOptions, server, addresses=server.address, key=server.api_key, abilities=abilities, place=place
    )


def transformers_options(model: TransformersModel, place: str) -> TransformersOptions:
    """What a transformers engine is told.  Raises ConfigurationError."""
    only = VECTORS if model.kind == "embedding" else CHAT
    abilities = only if model.abilities is None else frozenset(model.abilities)
    folder = Path(model.model)
    name = model.name or (folder.name if folder.is_absolute() else "")  # where it lies is nobody's business
    return _options(TransformersOptions, model, name=name, abilities=abilities, place=place)


def _options(kind: type[T], named: Named, **own: Any) -> T:
    """The keys that section and options share, and `own`.  Raises ConfigurationError."""
    names = {one.name for one in fields(kind)}
    given = {key: value for key, value in structs.asdict(named).items() if key in names and key not in own}
    return kind(**given, **own)


def _refuse_itself(address: str, settings: Settings, place: str) -> None:
    """Raises ConfigurationError for this very server's address: each request would come back, until none is left."""
    server = settings.server
    public = urlsplit(server.public_url)
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:  # the engine says what is wrong with it
        return
    here = host == server.host.lower() or _is_loopback(host)
    known = public.port or {"https": 443}.get(public.scheme, 80)
    if (here and port == server.port) or (public.hostname and (host, port) == (public.hostname.lower(), known)):
        raise ConfigurationError(
            f"{place}: {host} port {port} is this very server, and would ask itself for ever; "
            "give another server's, or listen on another --port."
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False
