"""The composition root: the only file that names concrete stores and engines."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from typing import Any

import msgspec

from pollux.api.door import Door, DoorLimits
from pollux.api.guard import Guard, Policy
from pollux.api.resources import model_resource
from pollux.config import Settings
from pollux.core.admit import Caller, Permits
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.core.run import fold
from pollux.engines.base import Engine, ModelCard
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.families import default_families
from pollux.engines.registry import Limits, Registry
from pollux.errors import ConfigurationError
from pollux.media.limits import FetchPolicy, MediaLimits
from pollux.media.resolve import resolve
from pollux.services.keys import Keys, require_key_beyond_loopback
from pollux.stores.records import Records
from pollux.wire import lenient
from pollux.wire.generate import CountTokensRequest, GenerateContentRequest


@dataclass
class State:
    """What changes while a server runs."""

    stopping: bool = False


@dataclass(frozen=True)
class App:
    """Everything a server holds.  `close` gives it back."""

    settings: Settings
    engines: Mapping[str, Engine]
    core: Core
    keys: Keys
    records: Records
    door: Door
    state: State

    async def close(self) -> None:
        """Closes engines and stores."""
        for engine in self.engines.values():
            await engine.close()
        self.records.close()


def build(settings: Settings, engines: Mapping[str, Engine] | None = None) -> App:
    """A server's parts by its settings; `engines` replace the configured ones (tests do that).

    Raises ConfigurationError.
    """
    records = Records.open(settings.store.database_url)
    try:
        keys = Keys(records)
        require_key_beyond_loopback(keys, settings.server.host)
        engines = make_engines(settings) if engines is None else engines
        core = make_core(settings, engines)
    except BaseException:
        records.close()
        raise
    limits = DoorLimits(settings.limits.request_bytes, settings.server.deadline_seconds)
    state = State()
    door = Door(core, _guard(settings, keys), limits, lambda: not state.stopping)
    return App(settings, engines, core, keys, records, door, state)


def make_engines(settings: Settings) -> dict[str, Engine]:
    """The built-in engine, and those that [routes] name.  No model is loaded for it.  Raises ConfigurationError."""
    options = settings.engine.builtin
    engines: dict[str, Engine] = {"builtin": BuiltinEngine(threads=options.threads, cache=options.cache)}
    found = {entry.name: entry for entry in entry_points(group="pollux.engines")}
    for target in settings.routes.values():
        name = target.partition(":")[0]
        if name in engines:
            continue
        if name not in found:
            known = ", ".join(sorted(found))
            raise ConfigurationError(f"[routes]: there is no engine {name!r}; installed are {known}.")
        try:
            engines[name] = found[name].load()()
        except Exception as error:
            raise ConfigurationError(f"[routes]: engine {name!r} cannot be made: {error!r}") from error
    return engines


def make_core(settings: Settings, engines: Mapping[str, Engine]) -> Core:
    """The one hall."""
    fetch = FetchPolicy(
        max_bytes=settings.fetch.max_bytes,
        seconds=settings.fetch.seconds,
        max_redirects=settings.fetch.redirects,
        allow_private=settings.fetch.allow_private,
    )
    media = MediaLimits(settings.limits.max_pixels, settings.limits.max_side, fetch)
    overrides = {
        pattern: Limits(model.input_token_limit, model.output_token_limit, model.methods)
        for pattern, model in settings.models.items()
    }
    default = "builtin" if "builtin" in engines else next(iter(engines))
    return Core(
        registry=Registry(default_families(), engines, settings.routes, overrides, default),
        resolve=partial(resolve, limits=media),
        permits=Permits(settings.limits.in_flight, settings.limits.queue),
        most_images=settings.limits.images_per_request,
    )


def _guard(settings: Settings, keys: Keys) -> Guard:
    server = settings.server
    policy = Policy(
        bind=server.host,
        hosts=frozenset(name.lower() for name in (*server.allowed_hosts, server.host)),
        origins=frozenset(origin.lower() for origin in server.cors_origins),
        proxies=server.proxy_networks(),
        default_rpm=settings.limits.rpm,
        default_tpm=settings.limits.tpm,
    )
    return Guard(policy, keys)


def serve(settings: Settings) -> int:
    """Runs the server until it is stopped; the exit status."""
    from pollux.server import run  # noqa: PLC0415 - the server's libraries are for `serve` alone

    return run(build(settings))


@contextmanager
def open_keys(settings: Settings) -> Iterator[Keys]:
    """The keys in the configured database, which is made when missing."""
    records = Records.open(settings.store.database_url)
    try:
        yield Keys(records)
    finally:
        records.close()


def cards(settings: Settings) -> Mapping[str, Sequence[ModelCard]]:
    """What each engine can do here, by the engine's name.  No model is loaded for it."""
    return {name: engine.cards() for name, engine in make_engines(settings).items()}


class Local:
    """The API without a server, in this process and for its user: no key is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._engines = make_engines(settings)
        self._core = make_core(settings, self._engines)
        self._seconds = settings.server.deadline_seconds

    async def generate(
        self, model: str, body: Mapping[str, Any], *, stream: bool
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """GenerateContentResponses: exactly one without `stream`."""
        request = lenient.convert(GenerateContentRequest, dict(body))
        responses = self._core.generate(request, _bare(model), Caller(), Deadline.after(self._seconds))
        if stream:
            async for response in responses:
                yield _builtins(response)
        else:
            yield _builtins(await fold(responses))

    async def count(self, model: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A CountTokensResponse."""
        request = lenient.convert(CountTokensRequest, dict(body))
        return _builtins(await self._core.count(request, _bare(model), Deadline.after(self._seconds)))

    async def models(self) -> Sequence[Mapping[str, Any]]:
        """Every Model of the list."""
        return [_builtins(model_resource(served)) for served in self._core.registry.listed()]

    async def close(self) -> None:
        """Lets go of everything."""
        for engine in self._engines.values():
            await engine.close()


def _bare(model: str) -> str:
    return model.removeprefix("models/")


def _builtins(value: object) -> Mapping[str, Any]:
    """A wire value as plain JSON values (bytes as base64)."""
    plain = msgspec.to_builtins(value)
    assert isinstance(plain, dict)
    return plain
