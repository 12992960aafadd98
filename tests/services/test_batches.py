"""Batch jobs on real stores; nobody runs them here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from pollux.core.admit import Permits
from pollux.core.generate import Core
from pollux.engines.families import default_families
from pollux.engines.registry import Limits, Registry
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import (
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unimplemented,
)
from pollux.services.batches import Batches, BatchPolicy, NewBatch
from pollux.services.files import NewFile
from pollux.stores.records import BatchRecord, FileRecord
from pollux.wire.methods import EMBED
from tests.core.kit import finish
from tests.services.kit import Clock, close, make_files, pieces

FLASH = "gemini-2.5-flash"
HI = {"request": {"contents": [{"parts": [{"text": "hi"}]}]}, "metadata": {"key": "k"}}
INLINE = NewBatch("p", FLASH, requests=[HI])


@pytest_asyncio.fixture
async def batches(tmp_path: Path) -> AsyncIterator[Batches]:
    files = make_files(tmp_path)
    limits = {"gemini-2.0-*": Limits(methods=("generateContent",))}
    registry = Registry(default_families(), {"scripted": ScriptedEngine()}, {}, limits, default="scripted")

    async def resolve(*_: object) -> None:
        raise AssertionError("nothing is run here")

    core = Core(registry, resolve, Permits(1, 1), finish())  # type: ignore[arg-type]
    made = Batches(core, files, BatchPolicy(jobs=3), files.clock)
    yield made
    await close(files)


async def a_file(batches: Batches, data: bytes = b"{}\n", mime: str = "jsonl") -> FileRecord:
    blobs = batches.files.blobs
    blob = await blobs.create()
    await blobs.append(blob, 0, pieces(data))
    await blobs.seal(blob)
    return await batches.files.born(NewFile("p", blob, len(data), "0" * 64, declared=mime))


async def content(batches: Batches, blob: str | None) -> bytes:
    assert blob is not None
    return b"".join([chunk async for chunk in batches.files.blobs.read(blob)])


async def count_blobs(batches: Batches) -> int:
    """Blobs that nobody had."""
    return (await batches.files.blobs.collect(timedelta(0))).blobs


def turn(batches: Batches, **by: float) -> None:
    assert isinstance(batches.clock, Clock)
    batches.clock.turn(**by)


async def test_inline_requests_become_lines(batches: Batches) -> None:
    long = {"request": {"text": "x" * 300_000 + "\n\N{SNOWMAN}"}}
    made = await batches.create(NewBatch("p", FLASH, requests=[HI, long, HI], display_name="d", priority=5))
    assert made == await batches.get("p", made.id)
    lines = (await content(batches, made.input_blob)).split(b"\n")
    assert [json.loads(line) for line in lines[:-1]] == [HI, long, HI]
    assert lines[-1] == b""
    assert (made.state, made.requests, made.inline, made.priority, made.display_name) == ("PENDING", 3, True, 5, "d")
    assert made.expires_at - made.created_at == timedelta(hours=48)
    assert batches.changed.is_set()


async def test_a_job_of_a_file_shares_its_bytes(batches: Batches) -> None:
    """Whichever goes first, the other keeps them; the last takes them along."""
    file = await a_file(batches, b'{"request": {}}\n')
    first, second = [await batches.create(NewBatch("p", FLASH, input_file=file.id)) for _ in range(2)]
    assert (first.input_blob, first.input_file, first.inline) == (file.blob, file.id, False)
    await batches.delete("p", first.id)
    assert (await batches.files.get("p", file.id)).blob == file.blob
    await batches.files.delete("p", file.id)
    assert await content(batches, second.input_blob) == b'{"request": {}}\n'
    assert await count_blobs(batches) == 0
    await batches.delete("p", second.id)
    with pytest.raises(NotFound):
        await batches.files.blobs.stat(file.blob)


async def test_a_file_expires_under_its_job(batches: Batches) -> None:
    file = await a_file(batches)
    turn(batches, hours=1)
    job = await batches.create(NewBatch("p", FLASH, input_file=file.id))
    turn(batches, hours=47)
    assert (await batches.files.sweep()).files == 1
    assert await content(batches, job.input_blob) == b"{}\n"


async def test_what_is_refused(batches: Batches) -> None:
    broken = await a_file(batches, b"no picture", "image/png")
    theirs = await a_file(batches)
    cases: list[tuple[NewBatch, type[Exception]]] = [
        (NewBatch("p", FLASH), InvalidArgument),
        (NewBatch("p", FLASH, requests=[HI], display_name="x" * 513), InvalidArgument),
        (NewBatch("p", "gpt-99", requests=[HI]), NotFound),
        (NewBatch("p", FLASH, EMBED, requests=[HI]), NotFound),
        (NewBatch("p", "gemini-embedding-001", requests=[HI]), NotFound),
        (NewBatch("p", "gemini-2.0-flash", requests=[HI]), NotFound),  # configured without batch
        (NewBatch("p", "gemini-2.5-flash-preview-tts", requests=[HI]), Unimplemented),
        (NewBatch("p", FLASH, input_file="none"), NotFound),
        (NewBatch("p", FLASH, input_file=broken.id), FailedPrecondition),
        (NewBatch("q", FLASH, input_file=theirs.id), PermissionDenied),
    ]
    for new, error in cases:
        with pytest.raises(error):
            await batches.create(new)
    assert await batches.page("p", 10, None) == []
    assert await count_blobs(batches) == 0


async def test_too_many_jobs_leave_nothing_behind(batches: Batches) -> None:
    made = [await batches.create(INLINE) for _ in range(3)]
    for _ in range(2):
        with pytest.raises(ResourceExhausted):
            await batches.create(INLINE)
    assert await count_blobs(batches) == 0
    assert len(await asyncio.to_thread(batches.files.records.unsettled_batches)) == 3
    await batches.cancel("p", made[0].id)
    await batches.create(INLINE)


async def test_cancelled_and_expired(batches: Batches) -> None:
    cancelled, expired, listed = [await batches.create(INLINE) for _ in range(3)]
    batches.changed.clear()
    await batches.cancel("p", cancelled.id)
    assert batches.changed.is_set()
    turn(batches, hours=48)
    await batches.cancel("p", expired.id)  # too late
    states = {job.id: job.state for job in await batches.page("p", 10, None)}
    assert states == {cancelled.id: "CANCELLED", expired.id: "EXPIRED", listed.id: "EXPIRED"}
    assert (await batches.get("p", expired.id)).ended_at == batches.clock()


async def test_a_job_is_its_projects(batches: Batches) -> None:
    job = await batches.create(INLINE)
    for act in (batches.get, batches.cancel, batches.delete):
        with pytest.raises(PermissionDenied):
            await act("q", job.id)
        with pytest.raises(NotFound):
            await act("p", "none")
        with pytest.raises(InvalidArgument):
            await act("p", "../x")
    assert await batches.page("q", 10, None) == []
    assert [found.id for found in await batches.page("p", 10, None)] == [job.id]


async def finished(batches: Batches, lines: bytes) -> BatchRecord:
    """A job whose results are there, as a worker leaves it."""
    job = await batches.create(INLINE)
    blobs, records = batches.files.blobs, batches.files.records
    blob = await blobs.create()
    await blobs.append(blob, 0, pieces(lines))
    await blobs.seal(blob)
    released = records.settle_batch(records.next_epoch(), job.id, batches.clock(), state="SUCCEEDED", output_blob=blob)
    for name in released:
        await batches.files.release(name)
    return await batches.get("p", job.id)


async def test_results_come_back_as_they_were_written(batches: Batches) -> None:
    job = await finished(batches, b'{"response":{"a":1}}\n{"error":{"code":3}}\n')
    assert [bytes(line) for line in await batches.results(job)] == [b'{"response":{"a":1}}', b'{"error":{"code":3}}']
    assert await batches.results(await batches.create(INLINE)) == []
    await batches.delete("p", job.id)
    assert job.output_blob is not None
    with pytest.raises(NotFound):
        await batches.files.blobs.stat(job.output_blob)
    assert await count_blobs(batches) == 0
