"""Which engines this installation has: by its configuration, those that [routes] name, and recordings of them.

No engine loads a model, or asks anybody anything, when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from msgspec import structs

from pollux.config import OpenAIServer, Settings
from pollux.engines.base import Ability, Engine
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.google import GoogleEngine
from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.options import ABILITIES, Options
from pollux.engines.replay import Recorder, Replayer, Tape
from pollux.errors import ConfigurationError

_OPENAI_OWN = ("address", "api_key", "api_key_env", "abilities")
"""Keys of [engine.openai] that the engine knows by another name, or not at all."""


def make_engines(settings: Settings) -> dict[str, Engine]:
    """The built-in engine and those that [routes] name; or recordings of them.  Raises ConfigurationError."""
    kept = settings.engine.replay
    if kept.record is not None and kept.replay is not None:
        raise ConfigurationError("--record and --replay ([engine.replay]) exclude each other: give one.")
    if kept.replay is not None:
        tape = Tape(kept.replay)
        return {name: Replayer(tape, cards, timing=kept.timing) for name, cards in tape.cards().items()}
    engines = _live(settings)
    if kept.record is not None:
        tape = Tape(kept.record)
        return {name: Recorder(engine, tape, name) for name, engine in engines.items()}
    return engines


def _live(settings: Settings) -> dict[str, Engine]:
    options = settings.engine.builtin
    engines: dict[str, Engine] = {"builtin": BuiltinEngine(threads=options.threads, cache=options.cache)}
    engines |= {name: OpenAIEngine(_openai(name, server)) for name, server in settings.openai.items()}
    found: Mapping[str, Callable[[], Engine]] = {"google": lambda: _google(settings), **_installed()}
    for target in settings.routes.values():
        name = target.partition(":")[0]
        if name in engines:
            continue
        if name not in found:
            known = ", ".join(sorted(found))
            raise ConfigurationError(f"[routes]: there is no engine {name!r}; installed are {known}.")
        try:
            engines[name] = found[name]()
        except ConfigurationError:
            raise
        except Exception as error:
            raise ConfigurationError(f"[routes]: engine {name!r} cannot be made: {error!r}") from error
    return engines


def _installed() -> dict[str, Callable[[], Engine]]:
    """Engines of other packages, made without options."""
    return {entry.name: lambda entry=entry: entry.load()() for entry in entry_points(group="pollux.engines")}  # type: ignore[misc]


def _google(settings: Settings) -> Engine:
    options = settings.engine.google
    if not options.key:
        raise ConfigurationError(
            "[engine.google] key is not set: give a key of the Gemini API as POLLUX_GOOGLE_API_KEY."
        )
    return GoogleEngine(options.key, options.address)


def _openai(name: str, server: OpenAIServer) -> Options:
    """What the engine is told.  Raises ConfigurationError."""
    given = {key: value for key, value in structs.asdict(server).items() if key not in _OPENAI_OWN}
    only: frozenset[Ability] = frozenset({"embeddings"}) if server.embed_dims else ABILITIES
    abilities: frozenset[Ability] = only if server.abilities is None else frozenset(server.abilities)
    place = f'[engine.openai."{name}"]'
    return Options(addresses=server.address, key=server.api_key, abilities=abilities, place=place, **given)
