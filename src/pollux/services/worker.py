"""The worker: runs the segments of batch jobs, one process at a time, and survives being killed at any moment.

What is done is in the records: the segments of a job, and which of them have an output.  A worker takes the lock, then
an epoch; it cuts the input of new jobs, has segments run by a dispatcher, names each output in one transaction, and
publishes.  What a dead worker left unnamed is run again; nothing is named twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from pollux.errors import ApiError, Internal, InvalidArgument, NotFound, ResourceExhausted, Unavailable
from pollux.services.batches import Batches
from pollux.services.lines import cut, split
from pollux.services.publish import publish
from pollux.services.segments import Brake, Hall, Stop, Work, run_segment
from pollux.stores.batches_table import Deposed, Done, Segment
from pollux.stores.locks import Lock
from pollux.stores.records import BatchRecord

log = logging.getLogger("pollux.batch")

TICK = 1.0
"""Seconds between two looks at what other processes changed."""
TOGETHER = 1000
"""Segments that are kept in one transaction."""
CHORES = 4
"""Jobs that are cut or settled at once: each holds a line of its input, or pieces of its results."""
PATIENCE = 5
"""Failures in a row after which a job is given up, unless a store is away or full: that is waited for."""


class Dispatcher(Protocol):
    """Who runs segments: this process, or a cluster."""

    @property
    def capacity(self) -> int:
        """How many segments may be in hand."""
        ...

    @property
    def job_capacity(self) -> int:
        """How many of them of one job."""
        ...

    async def run(self, work: Work, brake: Brake) -> Done | None:
        """Runs one; None when nothing of it was done."""
        ...

    async def close(self) -> None:
        """Gives back what it holds."""
        ...


@dataclass
class InProcess:
    """Segments run in this process, on this loop.  Two of a job: one is stored while the other runs."""

    hall: Hall
    capacity: int = 8
    job_capacity: int = 2

    async def run(self, work: Work, brake: Brake) -> Done | None:
        """Runs one here."""
        return await run_segment(self.hall, work, brake)

    async def close(self) -> None:
        """Nothing is held."""


@dataclass
class _Job:
    """What this worker has in hand of a job."""

    record: BatchRecord
    segments: dict[int, tuple[asyncio.Task[None], Brake]] = field(default_factory=dict)
    chore: asyncio.Task[None] | None = None  # cutting or settling: nothing runs beside it
    served: float = 0.0  # when a segment of it was begun last
    failures: int = 0  # in a row, and those of them that count
    counted: int = 0
    later: float = 0.0  # not before, on the monotonic clock

    @property
    def idle(self) -> bool:
        """Nothing of it is in hand."""
        return not self.segments and self.chore is None


class Worker:
    """Leads the batch work when nobody else does."""

    def __init__(self, batches: Batches, dispatcher: Dispatcher, lock: Lock) -> None:
        self._batches = batches
        self._files = batches.files
        self._records = batches.files.records
        self._dispatcher = dispatcher
        self._lock = lock
        self._jobs: dict[str, _Job] = {}
        self._epoch = 0
        self._stopping = asyncio.Event()
        self._deposed = False
        self._grace = 0.0
        self.leading = False
        self.tell: Callable[[bool], None] = lambda _: None
        """Hears that this worker leads, and that another one does."""

    async def run(self) -> None:
        """Until `stop`: waits for its turn, then leads."""
        while not self._stopping.is_set():
            try:
                if await asyncio.to_thread(self._lock.take):
                    await self._lead()
                else:
                    self.tell(False)
            except (Deposed, Unavailable) as error:
                log.warning("batch work is interrupted: %s", error.message)
            except Exception:
                log.exception("batch work is interrupted")
            finally:
                await self._drop()
                self.leading = False
                await asyncio.to_thread(self._lock.release)
            await self._pause(TICK)
        await self._dispatcher.close()

    def stop(self, seconds: float) -> None:
        """Ends `run`: lines in hand are finished, and those that take longer than so many seconds are done again."""
        self._grace = seconds
        self._stopping.set()
        self._batches.changed.set()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _lead(self) -> None:
        self._epoch = await asyncio.to_thread(self._records.next_epoch)
        self._deposed, self.leading = False, True
        self.tell(True)
        log.debug("leads the batch work, epoch %d", self._epoch)
        while not self._stopping.is_set():
            self._batches.changed.clear()
            if self._deposed or not await asyncio.to_thread(self._lock.held):
                raise Deposed
            await self._look()
            await self._fill()
            await self._wait()
        self._brake(Stop.FINISH)
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=self._grace)

    async def _wait(self) -> None:
        """Until something is done, something changed here, or it is time to look for what changed elsewhere."""
        changed = asyncio.create_task(self._batches.changed.wait())
        try:
            await asyncio.wait({changed, *self._tasks()}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()

    def _tasks(self) -> list[asyncio.Task[None]]:
        chores = [job.chore for job in self._jobs.values() if job.chore is not None]
        return chores + [task for job in self._jobs.values() for task, _ in job.segments.values()]

    def _brake(self, stop: Stop) -> None:
        for job in self._jobs.values():
            for _, brake in job.segments.values():
                brake.pull(stop)

    async def _drop(self) -> None:
        """Leaves everything in hand; what is done of it is kept."""
        self._brake(Stop.LEAVE)
        for job in self._jobs.values():
            if job.chore is not None:
                job.chore.cancel()
        await asyncio.gather(*self._tasks(), return_exceptions=True)
        self._jobs.clear()

    async def _look(self) -> None:
        """What the records say now: new jobs, jobs that ended, jobs whose time is over."""
        now = self._batches.clock()
        records = {}
        for record in await asyncio.to_thread(self._records.unsettled_batches):
            if record.live and record.expires_at <= now:
                await asyncio.to_thread(self._records.stop_batch, record.id, "EXPIRED", now)
            records[record.id] = record
        for name, job in self._jobs.items():
            # One that is not there was deleted, its chore settled it, or a thousand others are more urgent.
            found = records.pop(name, None) or await asyncio.to_thread(self._records.get_batch, name)
            job.record = found or replace(job.record, state="CANCELLED", settled=True)
            if not job.record.live:
                for _, brake in job.segments.values():
                    brake.pull(Stop.CANCEL)
        self._jobs = {name: job for name, job in self._jobs.items() if not (job.record.settled and job.idle)}
        self._jobs |= {name: _Job(record) for name, record in records.items()}

    async def _fill(self) -> None:
        """Begins what can be begun: chores first, then segments of the most urgent jobs, projects taking turns."""
        now = time.monotonic()
        ready = [
            job for job in self._jobs.values() if job.later <= now and not job.record.settled and job.chore is None
        ]
        chores = Counter(job.record.project for job in self._jobs.values() if job.chore is not None)
        for job in sorted(ready, key=lambda j: (-j.record.priority, chores[j.record.project])):
            if job.record.state == "PENDING":
                if job.record.created_at + self._batches.policy.pending <= self._batches.clock():
                    self._chore(job, self._cut)
            elif not job.record.live and not job.segments:
                self._chore(job, self._settle)
        most = self._dispatcher.job_capacity
        running = [job for job in ready if job.record.state == "RUNNING" and len(job.segments) < most]
        while running and self._in_hand() < self._dispatcher.capacity:
            projects = Counter({job.record.project: 0 for job in running})
            for job in self._jobs.values():
                projects[job.record.project] += len(job.segments)
            job = min(running, key=lambda j: self._turn(j, projects))
            segment = await self._next(job)
            if segment is not None:
                self._begin(job, segment)
                if len(job.segments) >= most:
                    running.remove(job)
                continue
            running.remove(job)
            if not job.segments:
                self._chore(job, self._settle)

    def _in_hand(self) -> int:
        return sum(len(job.segments) for job in self._jobs.values())

    @staticmethod
    def _turn(job: _Job, projects: Counter[str]) -> tuple[Any, ...]:
        record = job.record
        return (-record.priority, projects[record.project], len(job.segments), job.served, record.created_at, record.id)

    async def _next(self, job: _Job) -> Segment | None:
        """An open segment that is not in hand."""
        most = len(job.segments) + 1
        found = await asyncio.to_thread(self._records.list_segments, job.record.id, done=False, limit=most)
        return next((segment for segment in found if segment.start not in job.segments), None)

    def _begin(self, job: _Job, segment: Segment) -> None:
        brake = Brake()
        task = asyncio.create_task(self._segment(job, segment, brake))
        job.segments[segment.start] = (task, brake)
        job.served = time.monotonic()

    def _chore(self, job: _Job, work: Callable[[BatchRecord], Coroutine[Any, Any, None]]) -> None:
        if sum(other.chore is not None for other in self._jobs.values()) >= CHORES:
            return  # one that ends wakes the leader

        async def do() -> None:
            try:
                await work(job.record)
                job.failures = job.counted = 0
            except Exception as error:
                await self._failed(job, error)
            finally:
                job.chore = None

        job.chore = asyncio.create_task(do())

    async def _segment(self, job: _Job, segment: Segment, brake: Brake) -> None:
        record = job.record
        assert record.input_blob is not None
        work = Work(segment, record.input_blob, record.project, record.model, record.method)
        try:
            done = await self._dispatcher.run(work, brake)
            if done is not None:
                await self._name(segment, done)
            job.failures = job.counted = 0
        except Exception as error:
            await self._failed(job, error)
        finally:
            del job.segments[segment.start]

    async def _name(self, segment: Segment, done: Done) -> None:
        named = False
        try:
            now = self._batches.clock()
            named = await asyncio.to_thread(self._records.finish_segment, self._epoch, segment, done, now)
        except Unavailable:  # it may have been named all the same
            raise
        except ApiError:
            await self._files.blobs.delete(done.blob)
            raise
        if not named:
            await self._files.blobs.delete(done.blob)

    async def _failed(self, job: _Job, error: Exception) -> None:
        """Something was not done: it is tried again after a while, not for ever."""
        if isinstance(error, Deposed):
            self._deposed = True
            return
        job.failures += 1
        job.counted += not isinstance(error, Unavailable | ResourceExhausted)
        job.later = time.monotonic() + min(60.0, 0.5 * 2 ** min(job.failures + 1, 8))
        name = f"batches/{job.record.id}"
        if isinstance(error, ApiError):
            log.warning("%s is tried again: %s", name, error.message)
        else:
            log.error("%s is tried again", name, exc_info=error)
        if job.counted >= PATIENCE:
            said = error if isinstance(error, ApiError) else Internal()
            try:
                await self._end(job.record, "FAILED", said.rpc_status())
            except Exception:
                log.exception("%s could not be ended", name)

    async def _cut(self, record: BatchRecord) -> None:
        """PENDING -> RUNNING with all its segments, or FAILED when the input is no JSONL."""
        assert record.input_blob is not None
        await asyncio.to_thread(self._records.clear_segments, self._epoch, record.id)
        chunks = self._files.blobs.read(record.input_blob)
        requests, together = 0, []
        try:
            size = (await self._files.blobs.stat(record.input_blob)).size
            found = split(chunks, 0, 1, self._batches.policy.line_bytes)
            async with aclosing(found) as lines, aclosing(cut(record.id, lines, size)) as segments:
                async for segment in segments:
                    requests += segment.requests
                    together.append(segment)
                    if len(together) >= TOGETHER:
                        await asyncio.to_thread(self._records.add_segments, self._epoch, together)
                        together = []
        except (InvalidArgument, NotFound) as error:
            await self._end(record, "FAILED", error.rpc_status())
            return
        if together:
            await asyncio.to_thread(self._records.add_segments, self._epoch, together)
        now = self._batches.clock()
        await asyncio.to_thread(self._records.begin_batch, self._epoch, record.id, requests, now)

    async def _settle(self, record: BatchRecord) -> None:
        """Nothing is left to run."""
        await self._end(record, "SUCCEEDED", None)

    async def _end(self, record: BatchRecord, state: str, error: dict[str, Any] | None) -> None:
        """What is done is published, but for expired jobs (Batch API, "Monitoring"); a live job gets this state.

        A job that is given up shows no results either: part of them in a file of that name could pass for the whole.
        """
        found = await asyncio.to_thread(self._records.get_batch, record.id)
        if found is None:
            return
        changes: dict[str, Any] = {}
        if found.state != "EXPIRED" and not (found.live and state == "FAILED"):
            changes = await publish(self._files, found, self._batches.policy.inline_bytes)
        if error is not None:
            changes["error"] = error
        now = self._batches.clock()
        settle = partial(self._records.settle_batch, self._epoch, found.id, now, state=state, **changes)
        for blob in await asyncio.to_thread(settle):
            await self._files.release(blob)
