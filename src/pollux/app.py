"""The composition root: the only file that names concrete stores; the engines are those of `pollux.backends`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from secrets import token_bytes

from msgspec import structs
from starlette.types import ASGIApp

from pollux.api.call import Rooms
from pollux.api.door import Door, DoorLimits
from pollux.api.faults import Faults
from pollux.api.guard import Guard, Policy
from pollux.backends import make_engines
from pollux.config import Settings, usable_cpus
from pollux.core.admit import Caller, Permits, RateLimits
from pollux.core.bill import Book
from pollux.core.folder import FolderSearch
from pollux.core.generate import Core
from pollux.core.run import Finish
from pollux.core.search import Search
from pollux.core.searxng import SearxngSearch
from pollux.core.signatures import Signer
from pollux.engines.base import Engine, ModelCard
from pollux.engines.families import default_families
from pollux.engines.registry import Registry
from pollux.errors import ConfigurationError
from pollux.media.fetch import fetch, system_resolver
from pollux.media.handle import Media
from pollux.media.limits import FetchPolicy, MediaLimits
from pollux.media.places import Places
from pollux.media.provenance.identity import Identity, checked, make_identity
from pollux.media.provenance.stamp import Stamp
from pollux.media.resolve import resolve
from pollux.routing import base_of, batch_lines, chains, in_flight, limits_of
from pollux.services.batches import Batches, BatchPolicy
from pollux.services.examine import Examiner
from pollux.services.files import FilePolicy, Files
from pollux.services.intake import Intake
from pollux.services.keys import Keys, require_key_beyond_loopback
from pollux.services.ray import OnRay, require_cluster
from pollux.services.scratch import Scratch
from pollux.services.segments import Hall, LinePolicy, Slots
from pollux.services.usage import booked
from pollux.services.videos import Videos
from pollux.services.worker import Dispatcher, InProcess, Worker
from pollux.stores.blobs import Blobs
from pollux.stores.records import Records, UsageRecord
from pollux.wire.content import Blob, FileData

RESOLVERS = 8
"""Names of hosts that are looked up at the same time; a dead name server holds up each for half a minute."""


@dataclass
class State:
    """What changes while a server runs."""

    stopping: bool = False


@dataclass(frozen=True)
class Threads:
    """Threads for work that may take long: the stores' own, which are the event loop's, stay free for them."""

    places: Places = field(default_factory=Places)
    names: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(RESOLVERS, "pollux-names"))

    async def close(self) -> None:
        """What is looked into is given up; a name that is being looked up is not waited for."""
        self.names.shutdown(wait=False, cancel_futures=True)
        await self.places.close()


@dataclass(frozen=True)
class App:
    """Everything a server holds.  `close` gives it back."""

    settings: Settings
    engines: Mapping[str, Engine]
    core: Core
    keys: Keys
    records: Records
    files: Files
    door: ASGIApp
    state: State
    threads: Threads

    async def close(self) -> None:
        """Closes engines and stores."""
        for engine in self.engines.values():
            await engine.close()
        await self.core.close()
        await self.threads.close()
        await self.files.close()
        self.records.close()


def build(settings: Settings, engines: Mapping[str, Engine] | None = None, *, faults: bool = False) -> App:
    """A server's parts by its settings; `engines` replace the configured ones (tests do that).

    `faults`: it fails when a request, or [faults], asks it to.  Raises ConfigurationError.
    """
    records, threads = Records.open(settings.store.database_url), Threads()
    try:
        keys = Keys(records)
        require_key_beyond_loopback(keys, settings.server.host)
        engines = make_engines(settings) if engines is None else engines
        files = make_files(settings, records, threads)
        core = make_core(settings, engines, lambda: files, threads)
    except BaseException:
        records.close()
        raise
    batches = Batches(core, files, batch_policy(settings))
    videos = Videos(core, files, make_stamp(settings, lambda: records))
    rooms = Rooms(core, files, Intake(files, settings.files.idle_seconds), batches, videos)
    limits = DoorLimits(settings.limits.request_bytes, settings.server.deadline_seconds)
    state = State()
    worker = make_worker(settings, core, batches)
    alive = partial(at_work, files, core.book, worker, settings.server.shutdown_seconds, videos)
    door: ASGIApp = Door(rooms, _guard(settings, keys), limits, lambda: not state.stopping, alive)
    if faults:
        door = Faults(door, settings.faults.rates, settings.faults.seed, settings.server.deadline_seconds)
    return App(settings, engines, core, keys, records, files, door, state, threads)


def make_files(settings: Settings, records: Records, threads: Threads) -> Files:
    """The files, in the configured places.  Raises ConfigurationError."""
    policy = FilePolicy(
        max_bytes=settings.files.max_bytes,
        project_bytes=settings.files.project_bytes,
        keep=timedelta(hours=settings.files.hours),
        keep_uploads=timedelta(hours=settings.files.upload_hours),
        uploads=settings.files.uploads,
        allow_download=settings.files.allow_download,
    )
    blobs = Blobs.open(settings.store.blobs_url, records, sync=settings.store.sync)
    scratch = Scratch(settings.store.data_dir / "scratch")
    return Files(records, blobs, policy, Examiner(_media_limits(settings)), scratch, places=threads.places)


def batch_policy(settings: Settings) -> BatchPolicy:
    """What jobs are held to."""
    batch = settings.batch
    return BatchPolicy(
        timedelta(hours=batch.hours),
        batch.jobs,
        batch.inline_bytes,
        batch.line_bytes,
        timedelta(seconds=batch.pending_seconds),
    )


def make_worker(settings: Settings, core: Core, batches: Batches) -> Worker | None:
    """Whoever runs batch jobs here; None when another process does.  Raises ConfigurationError."""
    if settings.batch.dispatcher == "none":
        return None
    files = batches.files
    return Worker(batches, _make_dispatcher(settings, core, files.blobs), files.records.lock("batch"))


def _make_dispatcher(settings: Settings, core: Core, blobs: Blobs) -> Dispatcher:
    batch = settings.batch
    if not batch.dispatcher.startswith("ray"):
        return InProcess(make_hall(settings, core, blobs))
    require_cluster(settings)
    store = structs.replace(settings.store, data_dir=settings.store.data_dir.absolute())
    make = partial(open_hall, structs.replace(settings, store=store))
    return OnRay(make, "" if batch.dispatcher == "ray" else batch.dispatcher, actors=batch.actors)


@asynccontextmanager
async def open_hall(
    settings: Settings, engines: Callable[[Settings], Mapping[str, Engine]] | None = None
) -> AsyncIterator[Hall]:
    """What running lines takes, opened from nothing but the settings: what an actor on a cluster does.

    `engines` makes others than the configured ones.  Raises ConfigurationError, Unavailable.
    """
    async with AsyncExitStack() as stack:
        records, threads = Records.open(settings.store.database_url), Threads()
        stack.callback(records.close)
        made = (engines or make_engines)(settings)
        for engine in made.values():
            stack.push_async_callback(engine.close)
        files = make_files(settings, records, threads)
        stack.push_async_callback(files.close)
        stack.push_async_callback(threads.close)
        core = make_core(settings, made, lambda: files, threads)
        stack.push_async_callback(core.close)
        await stack.enter_async_context(booked(core.book, records))
        yield make_hall(settings, core, files.blobs)


def make_hall(settings: Settings, core: Core, blobs: Blobs) -> Hall:
    """What running lines takes: the same core, with permits of its own and no rates, so that each has its own line."""
    batch = settings.batch
    policy = LinePolicy(
        job_lines=batch.job_lines,
        project_lines=batch.project_lines,
        lines=batch.lines or max(2, usable_cpus()),
        seconds=batch.line_seconds,
        line_bytes=batch.line_bytes,
    )
    own = (
        {}
        if batch.lines
        else {name: batch_lines(most) for name, most in in_flight(settings, core.registry.engines).items()}
    )
    # The slots are the permits of lines: they wait there, and no more than those come to the core.
    alone = replace(core, permits=Permits(sys.maxsize, 0), gates={}, rates=RateLimits(), batch=True)
    return Hall(alone, blobs, Slots(policy, own))


@asynccontextmanager
async def at_work(
    files: Files, book: Book, worker: Worker | None, seconds: float, videos: Videos | None = None
) -> AsyncIterator[None]:
    """While it lasts, files and books are kept, jobs run, videos are made; at its end, lines in hand have so long."""
    async with files.kept(), booked(book, files.records):
        running = asyncio.create_task(worker.run()) if worker is not None else None
        filming = asyncio.create_task(videos.work(files.records.lock("videos"))) if videos is not None else None
        try:
            yield
        finally:
            if filming is not None:
                filming.cancel()
                await asyncio.wait({filming})
            if worker is not None and running is not None:
                worker.stop(seconds)
                await running


def _media_limits(settings: Settings) -> MediaLimits:
    fetch = FetchPolicy(
        max_bytes=settings.fetch.max_bytes,
        seconds=settings.fetch.seconds,
        max_redirects=settings.fetch.redirects,
        allow_private=settings.fetch.allow_private,
    )
    return MediaLimits(settings.limits.max_pixels, settings.limits.max_side, fetch=fetch)


def make_core(settings: Settings, engines: Mapping[str, Engine], files: Callable[[], Files], threads: Threads) -> Core:
    """The one hall.  `files` is asked for when a request names a file."""
    limits = _media_limits(settings)
    resolver = partial(system_resolver, threads=threads.names)

    async def resolved(caller: Caller, part: Blob | FileData, field: str) -> Media:
        return await resolve(
            part,
            field,
            limits,
            lookup=lambda name: files().lookup(caller.project, name),
            fetcher=lambda url, place: fetch(url, limits.fetch, place, resolver),
            look=lambda work: threads.places.run(caller.project, work),
        )

    overrides = {pattern: limits_of(pattern, model) for pattern, model in settings.models.items()}
    queue, gates, shared = settings.limits.queue, dict[str, Permits](), dict[str, Permits]()
    for name, most in in_flight(settings, engines).items():  # an engine has one line, whatever others do for it
        gates[name] = shared.setdefault(base_of(name), Permits(most, queue))
    default = "builtin" if "builtin" in engines else next(iter(engines))
    key = cache(lambda: files().records.secret("signatures", partial(token_bytes, 32)))
    return Core(
        registry=Registry(default_families(), engines, chains(settings), overrides, default),
        resolve=resolved,
        permits=Permits(settings.limits.in_flight, queue),
        gates=gates,
        finish=Finish(Signer(key), make_stamp(settings, lambda: files().records)),
        search=make_search(settings.search.source),
        most_images=settings.limits.images_per_request,
    )


def make_search(source: str) -> Search | None:
    """What stands behind google_search: "none", "folder:PATH" or "searxng:URL".  Raises ConfigurationError."""
    kind, _, place = source.partition(":")
    if source == "none":
        return None
    if kind == "folder" and place:
        folder = Path(place).expanduser().absolute()
        if not folder.is_dir():
            raise ConfigurationError(f"[search] source: there is no folder {place}.")
        return FolderSearch(folder)
    if kind == "searxng" and place.startswith(("http://", "https://")):
        return SearxngSearch(place)
    raise ConfigurationError("[search] source must be none, folder:PATH or searxng:URL.")


def make_stamp(settings: Settings, records: Callable[[], Records]) -> Stamp:
    """What made pictures get.  The signing key is read or made when the first is signed."""
    options = settings.provenance
    return Stamp(cache(lambda: identity_of(settings, records())), options.watermark, options.manifest)


def identity_of(settings: Settings, records: Records) -> Identity:
    """The key and certificates of [provenance] identity, or those of this installation, made once and kept.

    Raises ConfigurationError, Unavailable.
    """
    path = settings.provenance.identity
    if path is None:
        return Identity.unpack(records.secret("provenance", lambda: make_identity().pack()))
    try:
        return checked(Identity.unpack(path.read_bytes()), f"[provenance] identity: {path}")
    except OSError as error:
        raise ConfigurationError(f"[provenance] identity: {path}: {error.strerror}.") from None


def certificates(settings: Settings) -> bytes | None:
    """The certificates that made pictures are signed with, PEM, the signer's first; None before the first picture.

    Makes nothing.  Raises ConfigurationError, Unavailable.
    """
    store = settings.store
    if settings.provenance.identity is None and not store.database and not (store.data_dir / "pollux.db").exists():
        return None
    records = Records.open(store.database_url)
    try:
        known = settings.provenance.identity is not None or records.find_secret("provenance") is not None
        return identity_of(settings, records).certificates if known else None
    finally:
        records.close()


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


def serve(settings: Settings, *, faults: bool = False) -> int:
    """Runs the server until it is stopped; the exit status.  `faults`: it may be asked to fail."""
    from pollux.server import run  # noqa: PLC0415 - the server's libraries are for `serve` alone

    return run(build(settings, faults=faults))


@contextmanager
def open_keys(settings: Settings) -> Iterator[Keys]:
    """The keys in the configured database, which is made when missing."""
    records = Records.open(settings.store.database_url)
    try:
        yield Keys(records)
    finally:
        records.close()


def usage(settings: Settings, since: str, until: str) -> tuple[list[UsageRecord], Mapping[str, str]]:
    """What was used from one day to another ("2026-11-21", both included), and the names of keys by their ids."""
    records = Records.open(settings.store.database_url)
    try:
        return records.usage(since, until), {key.id: key.name for key in records.list_keys()}
    finally:
        records.close()


def at_once(settings: Settings, engines: Sequence[str]) -> Mapping[str, int]:
    """How many requests each engine gets at the same time."""
    return dict.fromkeys(engines, settings.limits.in_flight) | in_flight(settings, engines)


def cards(settings: Settings) -> Mapping[str, Sequence[ModelCard]]:
    """What each engine can do here, by the engine's name.  No model is loaded for it."""
    return {name: engine.cards() for name, engine in make_engines(settings, preload=False).items()}
