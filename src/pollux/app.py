"""The composition root: the only file that names concrete stores and engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import entry_points
from typing import Any

import msgspec

from pollux.api.call import Rooms
from pollux.api.door import Door, DoorLimits
from pollux.api.files import file_resource
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
from pollux.media.handle import Media
from pollux.media.limits import FetchPolicy, MediaLimits
from pollux.media.resolve import resolve
from pollux.services.examine import Examiner
from pollux.services.files import FilePolicy, FileRecord, Files
from pollux.services.intake import Intake, Wanted
from pollux.services.keys import Keys, require_key_beyond_loopback
from pollux.services.names import spoken_id
from pollux.services.scratch import Scratch
from pollux.stores.blobs import Blobs
from pollux.stores.records import Records
from pollux.wire import lenient
from pollux.wire.content import Blob, FileData
from pollux.wire.generate import CountTokensRequest, GenerateContentRequest

EXAMINED_AT_ONCE = 2
"""Documents and clips of requests that are looked into at the same time."""


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
    files: Files
    door: Door
    state: State

    async def close(self) -> None:
        """Closes engines and stores."""
        for engine in self.engines.values():
            await engine.close()
        await self.files.close()
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
        files = make_files(settings, records)
        core = make_core(settings, engines, lambda: files)
    except BaseException:
        records.close()
        raise
    rooms = Rooms(core, files, Intake(files, settings.files.idle_seconds))
    limits = DoorLimits(settings.limits.request_bytes, settings.server.deadline_seconds)
    state = State()
    door = Door(rooms, _guard(settings, keys), limits, lambda: not state.stopping, files.kept)
    return App(settings, engines, core, keys, records, files, door, state)


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


def make_files(settings: Settings, records: Records) -> Files:
    """The files, in the configured places.  Raises ConfigurationError."""
    policy = FilePolicy(
        max_bytes=settings.files.max_bytes,
        project_bytes=settings.files.project_bytes,
        keep=timedelta(hours=settings.files.hours),
        keep_uploads=timedelta(hours=settings.files.upload_hours),
        allow_download=settings.files.allow_download,
    )
    blobs = Blobs.open(settings.store.blobs_url, records, sync=settings.store.sync)
    scratch = Scratch(settings.store.data_dir / "scratch")
    return Files(records, blobs, policy, Examiner(_media_limits(settings)), scratch)


def _media_limits(settings: Settings) -> MediaLimits:
    fetch = FetchPolicy(
        max_bytes=settings.fetch.max_bytes,
        seconds=settings.fetch.seconds,
        max_redirects=settings.fetch.redirects,
        allow_private=settings.fetch.allow_private,
    )
    return MediaLimits(settings.limits.max_pixels, settings.limits.max_side, fetch=fetch)


def make_core(settings: Settings, engines: Mapping[str, Engine], files: Callable[[], Files]) -> Core:
    """The one hall.  `files` is asked for when a request names a file."""
    limits = _media_limits(settings)
    places = asyncio.Semaphore(EXAMINED_AT_ONCE)

    async def resolved(caller: Caller, part: Blob | FileData, field: str) -> Media:
        return await resolve(
            part, field, limits, lookup=lambda name: files().lookup(caller.project, name), places=places
        )

    overrides = {
        pattern: Limits(model.input_token_limit, model.output_token_limit, model.methods)
        for pattern, model in settings.models.items()
    }
    default = "builtin" if "builtin" in engines else next(iter(engines))
    return Core(
        registry=Registry(default_families(), engines, settings.routes, overrides, default),
        resolve=resolved,
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
        public_url=server.public_url,
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
        self._core = make_core(settings, self._engines, self._open_files)
        self._settings = settings
        self._files: Files | None = None
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
        return _builtins(await self._core.count(request, _bare(model), Caller(), Deadline.after(self._seconds)))

    async def models(self) -> Sequence[Mapping[str, Any]]:
        """Every Model of the list."""
        return [_builtins(model_resource(served)) for served in self._core.registry.listed()]

    async def upload(
        self, chunks: AsyncIterator[bytes], size: int, name: str, display_name: str, mime_type: str
    ) -> Mapping[str, Any]:
        """A File made of what comes."""
        wanted = Wanted(name, display_name, mime_type, size)
        return self._shown(await Intake(self._open_files()).whole(Caller().project, wanted, chunks, size))

    async def files(self, limit: int) -> Sequence[Mapping[str, Any]]:
        """The newest Files."""
        return [self._shown(record) for record in await self._open_files().page(Caller().project, limit, None)]

    async def file(self, name: str) -> Mapping[str, Any]:
        """One File."""
        return self._shown(await self._open_files().get(Caller().project, spoken_id(name)))

    async def delete_file(self, name: str) -> None:
        """Removes a File."""
        await self._open_files().delete(Caller().project, spoken_id(name))

    async def clean(self, hours: float) -> Mapping[str, int]:
        """Removes what expired and what no record names, if it is older than that; how many of each, and the bytes."""
        swept, collected = await self._open_files().gc(timedelta(hours=hours))
        return {
            "files": swept.files,
            "uploads": swept.uploads,
            "blobs": collected.blobs,
            "objects": collected.objects,
            "bytes": collected.bytes,
        }

    async def check_stores(self) -> None:
        """Raises ApiError or ConfigurationError when records or blobs cannot be used."""
        await self._open_files().blobs.check()

    async def close(self) -> None:
        """Lets go of everything."""
        for engine in self._engines.values():
            await engine.close()
        if self._files is not None:
            await self._files.close()
            self._files.records.close()

    def _open_files(self) -> Files:
        """The files of this installation, opened when they are first asked for."""
        if self._files is None:
            self._files = make_files(self._settings, Records.open(self._settings.store.database_url))
        return self._files

    def _shown(self, record: FileRecord) -> Mapping[str, Any]:
        return _builtins(file_resource(record, self._open_files(), ""))


def _bare(model: str) -> str:
    return model.removeprefix("models/")


def _builtins(value: object) -> Mapping[str, Any]:
    """A wire value as plain JSON values (bytes as base64)."""
    plain = msgspec.json.decode(msgspec.json.encode(value))
    assert isinstance(plain, dict)
    return plain
