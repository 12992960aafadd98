"""Batch jobs: created, looked at, listed, cancelled, deleted, and what became of their requests.

Inline requests are written as JSONL first, so there is one kind of job: lines of a blob.  Who runs the lines is
`services.worker`; here nothing is run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from pollux.core.generate import Core
from pollux.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied
from pollux.services.files import Files, now_utc
from pollux.services.names import check_display, check_id, new_id
from pollux.stores.records import BatchRecord as BatchRecord
from pollux.wire.methods import ASYNC_EMBED, BATCH_GENERATE, EMBED, GENERATE

CREATED_BY = {GENERATE: BATCH_GENERATE, EMBED: ASYNC_EMBED}
"""The method of a model that makes a job of requests of the interactive method."""
CHUNK = 256 * 1024
"""Bytes of inline requests that are written together."""


@dataclass(frozen=True, slots=True)
class BatchPolicy:
    """How long a job may take, how many a project may have at once, how much of its results an inline job shows.

    `pending`: a job is not begun before it is so old.
    """

    keep: timedelta = timedelta(hours=48)
    jobs: int = 100
    inline_bytes: int = 20 * 2**20
    line_bytes: int = 20 * 2**20
    pending: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A job that is to be: of a file, by its id, or of `requests`: JSON objects with `request` and maybe `metadata`."""

    project: str
    model: str
    method: str = GENERATE
    display_name: str = ""
    priority: int = 0
    requests: Sequence[Mapping[str, Any]] = ()
    input_file: str = ""


@dataclass
class Batches:
    """The jobs of every project.  `changed` is set when there is work for a worker of this process."""

    core: Core
    files: Files
    policy: BatchPolicy = field(default_factory=BatchPolicy)
    clock: Callable[[], datetime] = now_utc
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def create(self, new: NewBatch) -> BatchRecord:
        """A new job, PENDING.  Not idempotent, as documented.

        Raises InvalidArgument, NotFound (model or file), PermissionDenied, FailedPrecondition (a file that is not
        ACTIVE), ResourceExhausted (too many jobs).
        """
        served = self.core.registry.resolve(new.model)
        served.require(CREATED_BY[new.method])
        served.require(new.method)
        display = check_display(new.display_name, "batch.displayName")
        if new.input_file:
            file = await self.files.get(new.project, new.input_file)
            if file.state != "ACTIVE":
                raise FailedPrecondition(
                    f"files/{file.id} is {file.state}, not ACTIVE; wait for it, or upload it again."
                )
            blob = file.blob
        else:
            blob = await self._written(new.requests)
        now = self.clock()
        record = BatchRecord(
            id=new_id(),
            project=new.project,
            model=new.model,
            method=new.method,
            display_name=display,
            priority=new.priority,
            inline=not new.input_file,
            input_file=new.input_file,
            input_blob=blob,
            created_at=now,
            updated_at=now,
            expires_at=now + self.policy.keep,
            requests=len(new.requests),
        )
        try:
            await asyncio.to_thread(self.files.records.add_batch, record, self.policy.jobs)
        except BaseException:
            if record.inline:
                await asyncio.shield(self.files.blobs.delete(blob))
            raise
        self.changed.set()
        return record

    async def get(self, project: str, batch_id: str) -> BatchRecord:
        """A job of this project.  Raises NotFound, PermissionDenied."""
        found = await asyncio.to_thread(self.files.records.get_batch, check_id(batch_id, "batches"))
        if found is None:
            raise NotFound(f"There is no batch job batches/{batch_id}: it never was, or was deleted.")
        if found.project != project:
            raise PermissionDenied(f"You do not have permission to access the batch job {batch_id}.")
        return await self._timely(found)

    async def page(self, project: str, size: int, after: tuple[datetime, str] | None) -> Sequence[BatchRecord]:
        """Up to `size` jobs of a project, the newest first, beginning behind `after` (creation time, id)."""
        found = await asyncio.to_thread(self.files.records.list_batches, project, size, after)
        return [await self._timely(record) for record in found]

    async def cancel(self, project: str, batch_id: str) -> None:
        """Begin no line any more and stop those in hand; finished ones stay.  An ended job stays as it is."""
        await self.get(project, batch_id)  # whose it is, and whether its time is over already
        await asyncio.to_thread(self.files.records.stop_batch, batch_id, "CANCELLED", self.clock())
        self.changed.set()

    async def delete(self, project: str, batch_id: str) -> None:
        """Forget a job; a running one stops.  The file of its results stays."""
        await self.get(project, batch_id)
        blobs = await asyncio.to_thread(self.files.records.delete_batch, batch_id, self.clock())
        self.changed.set()
        for blob in blobs:
            await self.files.release(blob)

    async def results(self, record: BatchRecord) -> Sequence[msgspec.Raw]:
        """What became of an inline job's requests, in order: `response` or `error`, and `metadata` where it was given.

        Nothing while it has not ended.
        """
        if record.output_blob is None:
            return []
        data = b"".join([chunk async for chunk in self.files.blobs.read(record.output_blob)])
        return [msgspec.Raw(line) for line in data.splitlines()]

    async def _timely(self, record: BatchRecord) -> BatchRecord:
        """The job, EXPIRED when its time is over, even if no worker is there to see it."""
        now = self.clock()
        if not record.live or record.expires_at > now:
            return record
        stopped = await asyncio.to_thread(self.files.records.stop_batch, record.id, "EXPIRED", now)
        self.changed.set()
        return stopped or record

    async def _written(self, requests: Sequence[Mapping[str, Any]]) -> str:
        """Inline requests as a JSONL blob."""
        if not requests:
            raise InvalidArgument(
                "batch.inputConfig holds no requests: give requests.requests, or the fileName of a JSONL file.",
                field="batch.inputConfig",
            )
        blobs = self.files.blobs
        blob = await blobs.create()
        try:
            await blobs.append(blob, 0, _lines(requests))
            await blobs.seal(blob)
        except BaseException:
            await asyncio.shield(blobs.delete(blob))
            raise
        return blob


async def _lines(requests: Sequence[Mapping[str, Any]]) -> AsyncIterator[bytes]:
    """JSONL, many short lines at a time."""
    buffer = bytearray()
    for request in requests:
        buffer += msgspec.json.encode(request) + b"\n"
        if len(buffer) >= CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)
