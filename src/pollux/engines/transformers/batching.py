"""One thread owns the model; requests join and leave between two tokens.

Every prompt is prefilled alone, as it came, and its row then joins a group that is stepped token by token (`forward`).
A row leaves at its end, when nobody listens any more, or when its memory cannot be had.  Nothing of an answer depends
on its neighbours but the last bits of floating-point sums.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from pollux.engines.transformers.forward import Forward, Group
from pollux.engines.transformers.pictures import Pictures, Seen
from pollux.engines.transformers.sampling import Chosen, Dice, choose
from pollux.errors import ApiError, Internal, ResourceExhausted, Unavailable

log = logging.getLogger(__name__)
STOPPING = "The server is stopping."
_JOIN_SECONDS = 10.0


@dataclass(slots=True)
class Job:
    """One answer to be written: tensors from the processor, how to choose, where to end.

    `inputs` and `pictures` are let go once they were read: they are megabytes a picture.
    """

    inputs: Mapping[str, Any]
    dice: Dice
    most: int
    ends: frozenset[int] = frozenset()
    pictures: Sequence[Seen] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a row: the wire's finishReason."""

    reason: str


Said = Chosen | Ended | ApiError


@dataclass(eq=False)
class Row:
    """A job under way, and where its tokens go."""

    job: Job
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Said] = field(default_factory=asyncio.Queue)
    gone: bool = False
    written: int = 0
    last: int = 0


class Ready(Protocol):
    """What a batcher steps."""

    @property
    def forward(self) -> Forward:
        """The model."""
        ...

    @property
    def pictures(self) -> Pictures:
        """Its encoded pictures."""
        ...


Model = TypeVar("Model", bound=Ready)


class Batcher(Generic[Model]):
    """The thread, and its door.  `load` runs in it; `most` rows are written at once."""

    def __init__(self, load: Callable[[], Model], most: int) -> None:
        self._load, self._most = load, most
        self._waiting: deque[Row] = deque()
        self._groups: list[Group[Row]] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._model: Future[Model] = Future()

    def start(self) -> Future[Model]:
        """Begins to load, unless that was begun; the future has the model, or what went wrong."""
        with self._changed:
            if self._closed:
                raise Unavailable(STOPPING)
            if self._thread is None:
                self._model = Future()
                self._model.set_running_or_notify_cancel()  # whoever stops waiting does not stop the others' loading
                self._thread = threading.Thread(target=self._work, name="pollux-model", daemon=True)
                self._thread.start()
            return self._model

    async def write(self, job: Job) -> AsyncGenerator[Chosen | Ended, None]:
        """The tokens as they are chosen, the last an Ended.  Closing it frees the row.  Raises ApiError."""
        row = Row(job, asyncio.get_running_loop())
        with self._changed:
            if self._closed:
                raise Unavailable(STOPPING)
            self._waiting.append(row)
            self._changed.notify()
        try:
            while True:
                said = await row.queue.get()
                if isinstance(said, ApiError):
                    raise said
                yield said
                if isinstance(said, Ended):
                    return
        finally:
            row.gone = True

    def close(self) -> None:
        """Ends all answers and gives the model back; waits for the token in hand."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)

    def _work(self) -> None:
        try:
            model = self._load()
        except BaseException as error:
            with self._changed:
                self._thread = None  # the next start begins anew
            self._model.set_exception(error)
            return
        self._model.set_result(model)
        while self._await_work():
            try:
                self._turn(model)
            except Exception:
                log.exception("the model's thread failed; every answer in hand is given up")
                self._fail([row for group in self._groups for row in group.rows], Internal())
                self._groups.clear()
        rows = [*self._waiting, *(row for group in self._groups for row in group.rows)]
        self._fail(rows, Unavailable(STOPPING))
        self._groups.clear()
        self._waiting.clear()
        model.pictures.clear()
        self._model = Future()
        del model
        _free()

    def _await_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting or self._groups)
            return not self._closed

    def _turn(self, model: Model) -> None:
        """Rows that wait are let in, then every group goes on by one token."""
        while self._waiting and sum(len(group.rows) for group in self._groups) < self._most:
            row = self._waiting.popleft()
            if not row.gone:
                self._admit(model, row)
        for group in list(self._groups):
            self._step(model, group)

    def _admit(self, model: Model, row: Row) -> None:
        job = row.job
        try:
            features = model.pictures.features(job.pictures) if job.pictures else None
            logits, group = model.forward.prefill(job.inputs, features)
            job.inputs, job.pictures = {}, ()
            group.rows = [row]
            self._heed(group, choose(logits, [job.dice]))
        except Exception as error:
            self._fail([row], _told(error))
            return
        if not group.rows:
            return
        host = next((one for one in self._groups if one.takes(group)), None)
        if host is None:
            self._groups.append(group)
            return
        try:
            host.join(group)
        except Exception as error:  # half joined, the rows of both are lost
            self._fail([*host.rows, row], _told(error))
            self._groups.remove(host)

    def _step(self, model: Model, group: Group[Row]) -> None:
        here = [number for number, row in enumerate(group.rows) if not row.gone]
        try:
            if here:
                group.keep(here)
                logits = model.forward.step(group, [row.last for row in group.rows])
                self._heed(group, choose(logits, [row.job.dice for row in group.rows]))
        except Exception as error:
            self._fail(group.rows, _told(error))
            group.rows = []
        if not here or not group.rows:
            self._groups.remove(group)

    def _heed(self, group: Group[Row], chosen: Sequence[Chosen | ApiError]) -> None:
        """Passes each row its token; rows that end leave the group."""
        told: list[tuple[Row, list[Said]]] = []
        staying = []
        for number, (row, one) in enumerate(zip(group.rows, chosen, strict=True)):
            if isinstance(one, ApiError):
                told.append((row, [one]))
                continue
            row.last, row.written = one.token, row.written + 1
            ended = _end(row)
            told.append((row, [*([] if one.token in row.job.ends else [one]), *([ended] if ended else [])]))
            if not ended:
                staying.append(number)
        _deliver(told)
        if not staying:
            group.rows = []
        elif len(staying) < len(group.rows):
            group.keep(staying)

    def _fail(self, rows: Sequence[Row], error: ApiError) -> None:
        _deliver([(row, [error]) for row in rows])


def _end(row: Row) -> Ended | None:
    matcher = row.job.dice.matcher
    if row.last in row.job.ends or (matcher is not None and matcher.over):
        return Ended("STOP")
    return Ended("MAX_TOKENS") if row.written >= row.job.most else None


def _deliver(told: Sequence[tuple[Row, list[Said]]]) -> None:
    """Puts what is said into the queues, one call for each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Row, list[Said]]]] = {}
    for row, said in told:
        by_loop.setdefault(row.loop, []).append((row, said))
    for loop, some in by_loop.items():
        try:
            loop.call_soon_threadsafe(_put, some)
        except RuntimeError:  # the loop is closed: nobody listens any more
            for row, _ in some:
                row.gone = True


def _put(told: Sequence[tuple[Row, list[Said]]]) -> None:
    for row, said in told:
        for one in said:
            row.queue.put_nowait(one)


def _told(error: Exception) -> ApiError:
    """What the caller is told; memory that is short is given back first."""
    import torch  # noqa: PLC0415

    if isinstance(error, ApiError):
        return error
    short = isinstance(error, torch.OutOfMemoryError | MemoryError) or "allocate memory" in str(error)
    if short:
        error.__traceback__ = None  # it holds the tensors of the failed pass
        _free()
        log.warning("the model's device is out of memory; the request is refused")
        return ResourceExhausted("The model's device is out of memory for this request. Retry later, or send less.")
    log.error("the model failed: %s", error, exc_info=error)
    return Internal("The model failed on this request; the server's log says how.")


def _free() -> None:
    import torch  # noqa: PLC0415

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()
