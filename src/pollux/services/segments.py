"""One segment of a batch job: its lines are read, asked and written, in order, a few at a time.

The same code runs in a server, in a worker of its own and in an actor on a cluster.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import sys
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

from pollux.core.generate import Core
from pollux.errors import ApiError, Internal, ResourceExhausted, Unavailable
from pollux.services.lines import Asker, Line, Outcome, split
from pollux.stores.batches_table import Done, Segment
from pollux.stores.blobs import Blobs

log = logging.getLogger("pollux.batch")

WINDOW = 4
"""Lines begun for each that runs: one slow line does not leave the others idle, while answers are short."""
BUFFER = 64 * 1024
"""Bytes of output handed on together; an answer of more is no short one."""
ATTEMPTS = 4
"""Times a line is asked when the model is busy or away."""
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class LinePolicy:
    """Lines of one job, of one project and of all at one engine at the same time (None: as many as of all); seconds for
    one line; its longest, in bytes.

    A segment that takes longer than `split_seconds` is finished where it is, and the rest becomes another one.
    """

    job_lines: int | None = 2
    project_lines: int | None = 2
    lines: int = sys.maxsize
    seconds: float = 600.0
    line_bytes: int = 20 * 2**20
    split_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Work:
    """A segment and what its job says of it: all that whoever runs it must know."""

    segment: Segment
    input_blob: str
    project: str
    model: str
    method: str


class Stop(enum.IntEnum):
    """How a segment is to end before its end."""

    FINISH = 1
    """Begin no line any more, and finish those in hand."""
    LEAVE = 2
    """Drop the lines in hand: they are done again later."""
    CANCEL = 3
    """Drop the lines in hand for good, and keep every line that is finished."""


class Brake:
    """Stops a segment from outside; what was asked last and goes furthest holds."""

    def __init__(self) -> None:
        self.asked: Stop | None = None
        self._listeners: list[Callable[[Stop], None]] = []

    def pull(self, stop: Stop) -> None:
        """End the segment this way."""
        if self.asked is None or stop > self.asked:
            self.asked = stop
            for listener in self._listeners:
                listener(stop)

    def listen(self, listener: Callable[[Stop], None]) -> None:
        """Be told, also of what was asked before."""
        self._listeners.append(listener)
        if self.asked is not None:
            listener(self.asked)


Limits = tuple[asyncio.Semaphore, asyncio.Semaphore, asyncio.Semaphore]
"""Of a job, of its project, and of all."""


class Slots:
    """How many lines of a job, of a project and of all at one engine run at once in this process.

    `lines` are those of engines with a number of their own.  A line's time begins when it has its turn, so it waits
    here and not for the permits of the core.
    """

    def __init__(self, policy: LinePolicy, lines: Mapping[str, int] | None = None) -> None:
        self.policy = policy
        self._lines = dict(lines or {})
        self._held: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @contextmanager
    def of(self, work: Work, engine: str) -> Iterator[Limits]:
        """The limits that a segment shares with the others of its job, of its project, and of its engine."""
        job, project, every = f"job/{work.segment.batch}", f"project/{work.project}/{engine}", f"engine/{engine}"
        most = self.most(engine)
        try:
            yield (
                self._take(job, self.of_job(engine)),
                self._take(project, self.policy.project_lines or most),
                self._take(every, most),
            )
        finally:
            self._give_back(job)
            self._give_back(project)
            self._give_back(every)

    def of_job(self, engine: str) -> int:
        """Lines of one job."""
        return self.policy.job_lines or self.most(engine)

    def most(self, engine: str) -> int:
        """Lines of all jobs at one engine."""
        return self._lines.get(engine, self.policy.lines)

    def _take(self, key: str, most: int) -> asyncio.Semaphore:
        found, users = self._held.get(key) or (asyncio.Semaphore(most), 0)
        self._held[key] = (found, users + 1)
        return found

    def _give_back(self, key: str) -> None:
        found, users = self._held.pop(key)
        if users > 1:
            self._held[key] = (found, users - 1)


@dataclass(frozen=True)
class Hall:
    """What running a segment takes.  `core` has permits of its own: batch never takes those of interactive requests."""

    core: Core
    blobs: Blobs
    slots: Slots


async def run_segment(hall: Hall, work: Work, brake: Brake) -> Done | None:
    """Runs a segment; None when nothing of it was done.  What is done rests in a sealed blob that nobody owns yet."""
    blob = await hall.blobs.create()
    try:
        run = _Run(hall, work, brake)
        async with aclosing(run.output()) as output:
            await hall.blobs.append(blob, 0, output)
        if run.end == work.segment.start:
            await hall.blobs.delete(blob)
            return None
        await hall.blobs.seal(blob)
    except BaseException:
        await asyncio.shield(hall.blobs.delete(blob))
        raise
    return Done(blob, run.end, run.next_line, run.succeeded, run.failed)


class _Run:
    """A segment under way."""

    def __init__(self, hall: Hall, work: Work, brake: Brake) -> None:
        segment = work.segment
        self._hall = hall
        self._work = work
        self._brake = brake
        self._asker = Asker(hall.core, segment.batch, work.project, work.model, work.method, hall.slots.policy.seconds)
        self._waiting: deque[tuple[asyncio.Task[Outcome], Line]] = deque()
        self.end, self.next_line = segment.start, segment.first_line
        self.succeeded = self.failed = 0
        self._whole = self._dropped = False
        self._engine = _engine_of(hall.core, work.model)
        self._most = hall.slots.of_job(self._engine)
        self._window = self._most  # answers that may wait for the one before them
        self._begun = 0  # the last line that an engine was asked: they begin in their order

    async def output(self) -> AsyncGenerator[bytes, None]:
        """The output as it comes, in the order of the lines."""
        self._brake.listen(self._stopped)
        buffer = bytearray()
        with self._hall.slots.of(self._work, self._engine) as limits:
            try:
                async for line in self._lines():
                    self._waiting.append((asyncio.create_task(self._answer(line, limits)), line))
                    while len(self._waiting) >= self._window:
                        buffer += await self._first()
                        if len(buffer) >= BUFFER:
                            yield bytes(buffer)
                            buffer.clear()
                while self._waiting:
                    buffer += await self._first()
                    if len(buffer) >= BUFFER:
                        yield bytes(buffer)
                        buffer.clear()
                if self._whole and not self._dropped:  # blank lines at the end are done too
                    self.end = self._work.segment.end
                yield bytes(buffer)
            finally:
                for task, _ in self._waiting:
                    task.cancel()

    async def _lines(self) -> AsyncGenerator[Line, None]:
        """The lines to begin, until the end, the brake, or the time to split."""
        segment, policy = self._work.segment, self._hall.slots.policy
        chunks = self._hall.blobs.read(self._work.input_blob, segment.start, segment.end)
        until = time.monotonic() + policy.split_seconds
        async with aclosing(split(chunks, segment.start, segment.first_line, policy.line_bytes)) as found:
            async for lines in found:
                if not lines and self._brake.asked is not None:  # in the midst of blank lines
                    return
                for line in lines:
                    begun = bool(self._waiting) or self.end > segment.start
                    if self._brake.asked is not None:
                        return
                    if begun and time.monotonic() > until:
                        self._stopped(Stop.FINISH)
                        return
                    yield line
        self._whole = True

    async def _first(self) -> bytes:
        """The line of the output for the line that waits longest; nothing when it was dropped."""
        task, line = self._waiting[0]
        if not task.done():
            await asyncio.wait({task})
        self._waiting.popleft()
        if task.cancelled():
            if self._brake.asked is Stop.CANCEL:  # it will never be done; those behind it may be
                self._passed(line)
                return b""
            self._dropped = True
            while self._waiting:
                self._waiting.popleft()[0].cancel()
            return b""
        outcome = task.result()
        self._passed(line)
        if outcome.succeeded:
            self.succeeded += 1
        else:
            self.failed += 1
        short = len(outcome.text) <= BUFFER
        self._window = min(self._window + 1, WINDOW * self._most) if short else self._most
        return outcome.text

    def _passed(self, line: Line) -> None:
        self.end, self.next_line = line.end, line.number + 1

    def _stopped(self, stop: Stop) -> None:
        for task, line in self._waiting:
            if stop is not Stop.FINISH or line.number > self._begun:
                task.cancel()

    async def _answer(self, line: Line, limits: Limits) -> Outcome:
        job, project, every = limits
        async with job, project, every:
            self._begun = line.number
            try:
                return await self._asked(line)
            except ApiError as error:
                return self._asker.failure(line, error)
            except BaseException as error:
                if _for_us(error):
                    raise
                log.exception("line %d of batches/%s failed", line.number, self._work.segment.batch)
                return self._asker.failure(line, Internal())

    async def _asked(self, line: Line) -> Outcome:
        """Asked again when the model is busy or away, with a longer pause each time."""
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._asker.answer(line)
            except (ResourceExhausted, Unavailable) as error:
                pause = error.retry_after if isinstance(error, ResourceExhausted) else 0.5 * 2**attempt
            await asyncio.sleep(min(pause, LONGEST_PAUSE))
        return await self._asker.answer(line)


def _engine_of(core: Core, model: str) -> str:
    """Who answers for the model; "" where it is none, which each line says."""
    try:
        return core.registry.resolve(model).engine_name
    except ApiError:
        return ""


def _for_us(error: BaseException) -> bool:
    """Whether it ends this task, or the program.  An engine may raise anything, as panics of native libraries are.

    A CancelledError may be of something that the engine waited for: taken for ours, its line would be passed over.
    """
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is None or task.cancelling() > 0
    return isinstance(error, KeyboardInterrupt | SystemExit)
