"""Threads for looking into files, shared fairly by those who ask.

Documents and clips take long, and the stores need threads too, so this work has a few of its own.  A place that comes
free goes to whoever has the fewest, and among equals to who has waited longest for a turn.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")
Told = Callable[[], bool]
"""Whether the work is not wanted any more."""

PLACES = 2
"""Files that are looked into at the same time; each may need a process with `MediaLimits.memory`."""


class Place:
    """One thread, taken."""

    def __init__(self, threads: ThreadPoolExecutor, closed: Told) -> None:
        self._threads = threads
        self._closed = closed
        self.job: asyncio.Future[Any] | None = None

    async def run(self, work: Callable[[Told], T]) -> T:
        """`work(cancelled)` in the thread; it is told when the caller goes away."""
        gone = threading.Event()
        job = asyncio.get_running_loop().run_in_executor(self._threads, work, lambda: gone.is_set() or self._closed())
        self.job = job
        try:
            return await asyncio.shield(job)
        finally:
            gone.set()


class Places:
    """The places of one event loop."""

    def __init__(self, count: int = PLACES) -> None:
        self._free = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="pollux-look")
        self._closed = threading.Event()
        self._taken: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def place(self, who: str) -> AsyncIterator[Place]:
        """A place for `who` (a project), when it is their turn."""
        await self._turn(who)
        place = Place(self._threads, self._closed.is_set)
        try:
            yield place
        finally:
            if place.job is None or place.job.done():
                self._leave(who)
            else:  # its thread is not free before the work is over
                place.job.add_done_callback(lambda _: self._leave(who))

    async def run(self, who: str, work: Callable[[Told], T]) -> T:
        """`work(cancelled)` in a place for `who`."""
        async with self.place(who) as place:
            return await place.run(work)

    async def close(self) -> None:
        """Tells all work to end, and waits for it."""
        self._closed.set()
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    async def _turn(self, who: str) -> None:
        if self._free:
            self._free -= 1
            self._taken[who] += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given at that moment
                self._leave(who)
            else:
                self._waiting[who].remove(turn)
                if not self._waiting[who]:
                    del self._waiting[who]
            raise

    def _leave(self, who: str) -> None:
        self._taken[who] -= 1
        if not self._taken[who]:
            del self._taken[who]
        if not self._waiting:
            self._free += 1
            return
        chosen = min(self._waiting, key=lambda one: self._taken[one])
        turns = self._waiting.pop(chosen)
        turns.popleft().set_result(None)
        self._taken[chosen] += 1
        if turns:
            self._waiting[chosen] = turns
