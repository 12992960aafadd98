"""Batch jobs in tables: the jobs, the segments that their input is cut into, and who may write their progress.

One process at a time leads the work.  It takes an epoch when it begins, and everything it writes is refused once
another process has taken the next one: a leader that was cut off and comes back cannot write twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, tuple_, update

from pollux.errors import FailedPrecondition, ResourceExhausted
from pollux.stores.database import Database
from pollux.stores.files_table import condemn_unless_shared
from pollux.stores.pieces_table import condemn_blob, require_blob
from pollux.stores.tables import BATCHES, BLOBS, COUNTERS, SEGMENTS

EPOCH = "batches"
LIVE = ("PENDING", "RUNNING")


class Deposed(FailedPrecondition):
    """Another process leads the batch work now."""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A job.  `id` is without "batches/", `model` without "models/"; `method` is that of the interactive request.

    state: PENDING, RUNNING, SUCCEEDED, FAILED, CANCELLED or EXPIRED; `requests` is known once it runs; `settled`: no
    worker has anything left to do for it, and `input_blob` is given back.
    """

    id: str
    project: str
    model: str
    method: str
    display_name: str
    priority: int
    inline: bool
    input_file: str
    input_blob: str | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    state: str = "PENDING"
    settled: bool = False
    requests: int = 0
    succeeded: int = 0
    failed: int = 0
    output_blob: str | None = None
    output_file: str = ""
    error: dict[str, Any] | None = None
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether it has not ended."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Segment:
    """Whole lines of a job's input: bytes [start, end), the first of them line `first_line`, from 1.

    `requests` of its lines are not empty.  `blob` is its output once it is done.
    """

    batch: str
    start: int
    end: int
    first_line: int
    requests: int
    blob: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of a segment: bytes [start, `end`) of it; the next line is number `next_line`."""

    blob: str
    end: int
    next_line: int
    succeeded: int
    failed: int


_NAMES = tuple(field.name for field in fields(BatchRecord))
_COLUMNS = [BATCHES.c[name] for name in _NAMES]
_SEGMENT = [SEGMENTS.c[field.name] for field in fields(Segment)]
_KEY_TYPES = (BATCHES.c.created_at.type, BATCHES.c.id.type)


class BatchVerbs(Database):
    """The verbs of batch jobs."""

    def add_batch(self, batch: BatchRecord, most: int) -> None:
        """Keep a new job.

        Raises ResourceExhausted when the project has `most` jobs that have not ended, NotFound when the input is gone.
        """
        with self._write() as connection:
            if connection.dialect.name == "postgresql":
                key = func.hashtextextended("batches:" + batch.project, 0)
                connection.execute(select(func.pg_advisory_xact_lock(key)))
            mine = (BATCHES.c.project == batch.project) & BATCHES.c.state.in_(LIVE)
            if (connection.scalar(select(func.count()).select_from(BATCHES).where(mine)) or 0) >= most:
                raise ResourceExhausted(
                    f"this project has {most} batch jobs that have not ended; wait for one, or cancel one",
                    retry_after=60.0,
                )
            assert batch.input_blob is not None
            require_blob(connection, batch.input_blob)
            connection.execute(insert(BATCHES).values({name: getattr(batch, name) for name in _NAMES}))

    def get_batch(self, batch_id: str) -> BatchRecord | None:
        """The job with this id, whatever its project."""
        with self._read() as connection:
            return _first(connection, select(*_COLUMNS).where(BATCHES.c.id == batch_id))

    def list_batches(
        self, project: str, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[BatchRecord]:
        """A page of a project's jobs, the newest first; `after` is (created_at, id) of the row before."""
        query = select(*_COLUMNS).where(BATCHES.c.project == project)
        if after is not None:
            query = query.where(tuple_(BATCHES.c.created_at, BATCHES.c.id) < tuple_(*after, types=_KEY_TYPES))
        with self._read() as connection:
            rows = connection.execute(query.order_by(BATCHES.c.created_at.desc(), BATCHES.c.id.desc()).limit(limit))
            return [BatchRecord(*row) for row in rows]

    def unsettled_batches(self, limit: int = 1000) -> Sequence[BatchRecord]:
        """Jobs with work left, the most urgent first, then the oldest."""
        query = select(*_COLUMNS).where(BATCHES.c.settled.is_(False))
        with self._read() as connection:
            order = (BATCHES.c.priority.desc(), BATCHES.c.created_at, BATCHES.c.id)
            return [BatchRecord(*row) for row in connection.execute(query.order_by(*order).limit(limit))]

    def stop_batch(self, batch_id: str, state: str, now: datetime) -> BatchRecord | None:
        """End a job as CANCELLED or EXPIRED, if it has not ended; the job as it is then, None when there is none."""
        with self._write() as connection:
            live = update(BATCHES).where(BATCHES.c.id == batch_id, BATCHES.c.state.in_(LIVE))
            connection.execute(live.values(state=state, updated_at=now, ended_at=now))
            return _first(connection, select(*_COLUMNS).where(BATCHES.c.id == batch_id))

    def delete_batch(self, batch_id: str, now: datetime) -> list[str]:
        """Forget a job and everything it has but its output file; the blobs that were condemned with it."""
        with self._write() as connection:
            row = _first(connection, select(*_COLUMNS).where(BATCHES.c.id == batch_id).with_for_update())
            if row is None:
                return []
            done = list(connection.scalars(select(SEGMENTS.c.blob).where(_of(batch_id), SEGMENTS.c.blob.is_not(None))))
            connection.execute(delete(SEGMENTS).where(_of(batch_id)))
            connection.execute(delete(BATCHES).where(BATCHES.c.id == batch_id))
            blobs = [*done, *filter(None, (row.output_blob, row.input_blob))]
            for blob in blobs:
                condemn_unless_shared(connection, blob, now)
        return blobs

    def next_epoch(self) -> int:
        """The epoch of a new leader."""
        with self._write() as connection:
            chosen = COUNTERS.c.name == EPOCH
            connection.execute(update(COUNTERS).where(chosen).values(value=COUNTERS.c.value + 1))
            return connection.scalar(select(COUNTERS.c.value).where(chosen)) or 0

    def add_segments(self, epoch: int, segments: Sequence[Segment]) -> None:
        """Segments of one job that is PENDING still; none when it was deleted.  Raises Deposed."""
        with self._leading(epoch) as connection:
            if not _held(connection, segments[0].batch):
                return
            rows = [{field.name: getattr(s, field.name) for field in fields(Segment)} for s in segments]
            connection.execute(insert(SEGMENTS), rows)

    def clear_segments(self, epoch: int, batch_id: str) -> None:
        """Forget what was cut of a PENDING job, by a worker that was killed over it.  Raises Deposed."""
        with self._leading(epoch) as connection:
            connection.execute(delete(SEGMENTS).where(_of(batch_id), SEGMENTS.c.blob.is_(None)))

    def begin_batch(self, epoch: int, batch_id: str, requests: int, now: datetime) -> bool:
        """PENDING -> RUNNING: all its segments are there.  False when it is not PENDING.  Raises Deposed."""
        with self._leading(epoch) as connection:
            chosen = update(BATCHES).where(BATCHES.c.id == batch_id, BATCHES.c.state == "PENDING")
            changed = chosen.values(state="RUNNING", requests=requests, updated_at=now)
            return connection.execute(changed).rowcount == 1

    def list_segments(self, batch_id: str, *, done: bool, after: int = -1, limit: int = 1000) -> Sequence[Segment]:
        """Segments of a job that are done, or that are not, in order, from behind the one that starts at `after`."""
        state = SEGMENTS.c.blob.is_not(None) if done else SEGMENTS.c.blob.is_(None)
        query = select(*_SEGMENT).where(_of(batch_id), state, SEGMENTS.c.start > after)
        with self._read() as connection:
            rows = connection.execute(query.order_by(SEGMENTS.c.start).limit(limit))
            return [Segment(*row) for row in rows]

    def done_bytes(self, batch_id: str) -> int:
        """The bytes of all outputs of a job's segments."""
        sizes = select(func.sum(BLOBS.c.size)).select_from(SEGMENTS.join(BLOBS, BLOBS.c.id == SEGMENTS.c.blob))
        with self._read() as connection:
            return int(connection.scalar(sizes.where(_of(batch_id))) or 0)  # PostgreSQL sums to Decimal

    def finish_segment(self, epoch: int, segment: Segment, done: Done, now: datetime) -> bool:
        """Name the output of a segment; what was not done of it becomes a segment of its own.

        False when the segment, or the job, is gone, or was finished already: the output is nobody's then.  Raises
        Deposed, and NotFound when a cleaner took the output.
        """
        count = done.succeeded + done.failed
        with self._leading(epoch) as connection:
            if not _held(connection, segment.batch):
                return False
            require_blob(connection, done.blob)
            here = (_of(segment.batch), SEGMENTS.c.start == segment.start, SEGMENTS.c.blob.is_(None))
            named = update(SEGMENTS).where(*here).values(blob=done.blob, end=done.end, requests=count)
            if connection.execute(named).rowcount != 1:
                return False
            if done.end < segment.end:
                rest = segment.requests - count
                values = {"start": done.end, "end": segment.end, "first_line": done.next_line, "requests": rest}
                connection.execute(insert(SEGMENTS).values(batch=segment.batch, **values))
            job = update(BATCHES).where(BATCHES.c.id == segment.batch)
            sums = {
                "succeeded": BATCHES.c.succeeded + done.succeeded,
                "failed": BATCHES.c.failed + done.failed,
                "updated_at": now,
            }
            connection.execute(job.values(sums))
        return True

    def settle_batch(self, epoch: int, batch_id: str, now: datetime, *, state: str = "", **changes: Any) -> list[str]:
        """Nothing is left to do: a job that has not ended gets its `state`, every job its output and counts.

        The segments go, and the input is given back; the blobs that were condemned with them.  Raises Deposed.
        """
        with self._leading(epoch) as connection:
            row = _first(connection, select(*_COLUMNS).where(BATCHES.c.id == batch_id).with_for_update())
            if row is None or row.settled:
                return [changes["output_blob"]] if changes.get("output_blob") else []
            if row.live:
                changes |= {"state": state, "ended_at": now}
            if changes.get("output_blob"):
                require_blob(connection, changes["output_blob"])
            changes |= {"settled": True, "input_blob": None, "updated_at": now}
            connection.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(changes))
            done = list(connection.scalars(select(SEGMENTS.c.blob).where(_of(batch_id), SEGMENTS.c.blob.is_not(None))))
            connection.execute(delete(SEGMENTS).where(_of(batch_id)))
            for blob in done:
                condemn_blob(connection, blob, now)
            if row.input_blob is not None:
                condemn_unless_shared(connection, row.input_blob, now)
        return [*done, *filter(None, (row.input_blob,))]

    @contextmanager
    def _leading(self, epoch: int) -> Iterator[Connection]:
        """A transaction of the leader.  Raises Deposed when there is a newer one."""
        with self._write() as connection:
            now = connection.scalar(select(COUNTERS.c.value).where(COUNTERS.c.name == EPOCH).with_for_update(read=True))
            if now != epoch:
                raise Deposed
            yield connection


def _of(batch_id: str) -> Any:
    return SEGMENTS.c.batch == batch_id


def _held(connection: Connection, batch_id: str) -> bool:
    """Whether the job is there.  It is locked before anything of it, as deleting does: else the two lock each other."""
    return connection.scalar(select(BATCHES.c.id).where(BATCHES.c.id == batch_id).with_for_update()) is not None


def _first(connection: Connection, query: Select[Any]) -> BatchRecord | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else BatchRecord(*row)
