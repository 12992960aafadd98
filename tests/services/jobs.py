"""Batch jobs on real stores, run by a real worker, answered by a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pollux.app import Threads, make_core
from pollux.config import Settings
from pollux.engines.scripted import ScriptedEngine
from pollux.services.batches import Batches, BatchPolicy, NewBatch
from pollux.services.files import Files, NewFile
from pollux.services.segments import Hall, LinePolicy, Slots
from pollux.services.worker import InProcess, Worker
from pollux.stores.records import BatchRecord
from tests.services import kit

MODEL = "gemini-2.5-flash"


def ask(text: str) -> dict[str, Any]:
    """A request."""
    return {"contents": [{"parts": [{"text": text}]}]}


def jsonl(*texts: str) -> bytes:
    """Lines whose key is their text."""
    return b"".join(json.dumps({"key": text, "request": ask(text)}).encode() + b"\n" for text in texts)


@dataclass
class Shop:
    """What tests hold."""

    files: Files
    batches: Batches
    hall: Hall
    engine: ScriptedEngine

    def worker(self) -> Worker:
        """One that works here."""
        return Worker(self.batches, InProcess(self.hall), self.files.records.lock("batch"))

    async def file(self, data: bytes, project: str = "default") -> str:
        """An uploaded file's id."""
        blob = await self.files.blobs.create()
        await self.files.blobs.append(blob, 0, kit.pieces(data))
        await self.files.blobs.seal(blob)
        new = NewFile(project, blob, len(data), "0" * 64, declared="application/jsonl")
        return (await self.files.born(new)).id

    async def job(self, data: bytes, **more: Any) -> BatchRecord:
        """A job of an input file."""
        return await self.batches.create(NewBatch("default", MODEL, input_file=await self.file(data), **more))

    async def inline(self, *requests: Mapping[str, Any], **more: Any) -> BatchRecord:
        """A job of inline requests."""
        return await self.batches.create(NewBatch("default", MODEL, requests=requests, **more))

    async def until(self, record: BatchRecord, true: Callable[[BatchRecord], bool]) -> BatchRecord:
        """The job once that is so."""
        async with asyncio.timeout(30):
            while not true(record := await self.batches.get("default", record.id)):  # noqa: ASYNC110 - of a database
                await asyncio.sleep(0.01)
        return record

    async def asked(self, count: int) -> None:
        """When the engine has been asked so often."""
        async with asyncio.timeout(10):
            while len(self.engine.prompts) < count:  # noqa: ASYNC110 - the engine tells nobody
                await asyncio.sleep(0.01)

    async def settled(self, record: BatchRecord) -> BatchRecord:
        """The job once nothing is left to do for it."""
        return await self.until(record, lambda now: now.settled)

    async def results(self, record: BatchRecord) -> Sequence[dict[str, Any]]:
        """The lines of its results."""
        if record.inline:
            return [json.loads(bytes(result)) for result in await self.batches.results(record)]
        file = await self.files.get("default", record.output_file)
        data = b"".join([chunk async for chunk in self.files.blobs.read(file.blob)])
        return [json.loads(line) for line in data.splitlines()]


def text_of(result: Mapping[str, Any]) -> str:
    """The text of a result's response."""
    return str(result["response"]["candidates"][0]["content"]["parts"][0]["text"])


@asynccontextmanager
async def shop(folder: Path, engine: ScriptedEngine | None = None, **policy: Any) -> AsyncIterator[Shop]:
    """Everything, without a worker."""
    engine = engine or ScriptedEngine()
    files, threads = kit.make_files(folder), Threads()
    core = make_core(Settings(), {"scripted": engine}, lambda: files, threads)
    lines = LinePolicy(**{name: policy.pop(name) for name in list(policy) if name in LinePolicy.__dataclass_fields__})
    batches = Batches(core, files, replace(BatchPolicy(), **policy), clock=files.clock)
    try:
        yield Shop(files, batches, Hall(core, files.blobs, Slots(lines)), engine)
    finally:
        await threads.close()
        await kit.close(files)


@asynccontextmanager
async def working(shop: Shop, seconds: float = 10.0) -> AsyncIterator[Worker]:
    """A worker, until the end of the block; lines in hand have so many seconds then."""
    worker = shop.worker()
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop(seconds)
        await task
