"""The API without a server: in this process, for its user, on the stores of this installation."""

from __future__ import annotations

import asyncio
import logging
import signal
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from pollux.api.batches import operation
from pollux.api.files import file_resource
from pollux.api.resources import model_resource
from pollux.app import Threads, at_work, batch_policy, make_core, make_files, make_stamp, make_worker
from pollux.backends import make_engines
from pollux.config import Settings
from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.core.run import fold
from pollux.services.batches import Batches, NewBatch
from pollux.services.files import FileRecord, Files
from pollux.services.intake import Intake, Wanted
from pollux.services.names import spoken_id
from pollux.services.videos import Videos
from pollux.stores.records import Records
from pollux.wire import lenient
from pollux.wire.generate import CountTokensRequest, GenerateContentRequest
from pollux.wire.methods import EMBED, GENERATE, STREAM
from pollux.wire.videos import PredictLongRunningRequest

OWNER = Caller()
"""Who asks: no key is needed."""


class Local:
    """The API without a server, in this process and for its user: no key is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._engines = make_engines(settings)
        self._threads = Threads()
        self._core = make_core(settings, self._engines, self._open_files, self._threads)
        self._settings = settings
        self._files: Files | None = None
        self._jobs: Batches | None = None
        self._seconds = settings.server.deadline_seconds

    async def generate(
        self, model: str, body: Mapping[str, Any], *, stream: bool
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """GenerateContentResponses: exactly one without `stream`."""
        request = lenient.convert(GenerateContentRequest, dict(body))
        deadline = Deadline.after(self._seconds)
        responses = self._core.generate(request, _bare(model), OWNER, deadline, STREAM if stream else GENERATE)
        if stream:
            async for response in responses:
                yield _builtins(response)
        else:
            yield _builtins(await fold(responses))

    async def count(self, model: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A CountTokensResponse."""
        request = lenient.convert(CountTokensRequest, dict(body))
        return _builtins(await self._core.count(request, _bare(model), OWNER, Deadline.after(self._seconds)))

    async def models(self) -> Sequence[Mapping[str, Any]]:
        """Every Model of the list."""
        return [_builtins(model_resource(served)) for served in self._core.registry.listed()]

    async def film(self, model: str, body: Mapping[str, Any]) -> AsyncGenerator[bytes, None]:
        """The bytes of an MP4 file, once it is made; no operation and no File of it are kept."""
        request = lenient.convert(PredictLongRunningRequest, dict(body))
        files = self._open_files()
        videos = Videos(self._core, files, make_stamp(self._settings, lambda: files.records))
        with tempfile.TemporaryDirectory(prefix="pollux-film-") as folder:
            path = Path(folder, "video.mp4")
            await videos.at_once(OWNER.project, _bare(model), request, path)
            yield await asyncio.to_thread(path.read_bytes)

    async def upload(
        self, chunks: AsyncIterator[bytes], size: int, name: str, display_name: str, mime_type: str
    ) -> Mapping[str, Any]:
        """A File made of what comes."""
        wanted = Wanted(name, display_name, mime_type, size)
        return self._shown(await Intake(self._open_files()).whole(OWNER.project, wanted, chunks, size))

    async def files(self, limit: int) -> Sequence[Mapping[str, Any]]:
        """The newest Files."""
        return [self._shown(record) for record in await self._open_files().page(OWNER.project, limit, None)]

    async def file(self, name: str) -> Mapping[str, Any]:
        """One File."""
        return self._shown(await self._open_files().get(OWNER.project, spoken_id(name)))

    async def delete_file(self, name: str) -> None:
        """Removes a File."""
        await self._open_files().delete(OWNER.project, spoken_id(name))

    async def download(self, name: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a generated File."""
        files = self._open_files()
        record = await files.readable(OWNER.project, spoken_id(name))
        async for chunk in files.read(record, 0, record.size):
            yield chunk

    async def create_batch(
        self, model: str, file: str, display_name: str, priority: int, *, embeddings: bool
    ) -> Mapping[str, Any]:
        """A batch job of an input file, as an Operation."""
        wanted = NewBatch(
            OWNER.project,
            _bare(model),
            EMBED if embeddings else GENERATE,
            display_name=display_name,
            priority=priority,
            input_file=spoken_id(file),
        )
        return _builtins(operation(await self._batches().create(wanted)))

    async def batches(self, limit: int) -> Sequence[Mapping[str, Any]]:
        """The newest jobs, without inline results."""
        return [_builtins(operation(record)) for record in await self._batches().page(OWNER.project, limit, None)]

    async def batch(self, name: str) -> Mapping[str, Any]:
        """One job, with its results when they are inline."""
        record = await self._batches().get(OWNER.project, _job_id(name))
        return _builtins(operation(record, await self._batches().results(record)))

    async def cancel_batch(self, name: str) -> None:
        """Stops a job; one that has ended stays as it is."""
        await self._batches().cancel(OWNER.project, _job_id(name))

    async def delete_batch(self, name: str) -> None:
        """Stops and forgets a job."""
        await self._batches().delete(OWNER.project, _job_id(name))

    @asynccontextmanager
    async def working(self, tell: Callable[[bool], None]) -> AsyncIterator[None]:
        """While it lasts, this process runs batch jobs unless another one leads; `tell` hears whether it does.

        That the configuration leaves jobs to another process ([batch] dispatcher "none", for servers beside a worker)
        does not count here: whoever calls this is that process.
        """
        batch = self._settings.batch
        if batch.dispatcher == "none":
            batch = msgspec.structs.replace(batch, dispatcher="local")
        settings = msgspec.structs.replace(self._settings, batch=batch)
        worker = make_worker(settings, self._core, self._batches())
        assert worker is not None
        worker.tell = tell
        async with at_work(self._open_files(), self._core.book, worker, settings.server.shutdown_seconds):
            yield

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
        await self._core.close()
        await self._threads.close()
        if self._files is not None:
            await self._files.close()
            self._files.records.close()

    def _open_files(self) -> Files:
        """The files of this installation, opened when they are first asked for."""
        if self._files is None:
            self._files = make_files(self._settings, Records.open(self._settings.store.database_url), self._threads)
        return self._files

    def _batches(self) -> Batches:
        if self._jobs is None:
            self._jobs = Batches(self._core, self._open_files(), batch_policy(self._settings))
        return self._jobs

    def _shown(self, record: FileRecord) -> Mapping[str, Any]:
        return _builtins(file_resource(record, self._open_files(), ""))


def work(settings: Settings, tell: Callable[[bool], None]) -> int:
    """Runs batch jobs until SIGINT or SIGTERM, then finishes the lines in hand; 0.  A second signal ends it at once.

    `tell` hears whether this process leads, or waits for another one.
    """
    from pollux.server import keep_heap  # noqa: PLC0415 - its libraries are for processes that stay

    keep_heap()
    logging.basicConfig(
        level=settings.server.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    asyncio.run(_work(settings, tell))
    return 0


async def _work(settings: Settings, tell: Callable[[bool], None]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopped.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    local = Local(settings)
    try:
        async with local.working(tell):
            await stopped.wait()
    finally:
        await local.close()


def _bare(model: str) -> str:
    return model.removeprefix("models/")


def _job_id(name: str) -> str:
    return name.removeprefix("batches/")


def _builtins(value: object) -> Mapping[str, Any]:
    """A wire value as plain JSON values (bytes as base64)."""
    plain = msgspec.json.decode(lenient.encode(value, pretty=False))
    assert isinstance(plain, dict)
    return plain
