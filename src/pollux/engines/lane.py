"""Inference threads: blocking work off the loop, events back onto it, cancellation all the way down."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from pollux.engines.base import Event, Frame
from pollux.errors import ApiError, Cancelled, Internal, Unavailable

FRAMES_AHEAD = 8
"""Frames of a video that may wait to be taken: each is megabytes, and drawing one is faster than encoding it."""
_LOOK = 0.2
"""Seconds between two looks whether a thread that waits is still wanted."""

T = TypeVar("T")
Make = Callable[[Callable[[], bool]], Iterator[Event]]
Work = Callable[[Callable[[], bool], Callable[[Event], None]], None]


class _End:
    """Closes a stream of events; carries what went wrong, if anything did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Lane:
    """A small pool of threads that run an engine's blocking code."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pollux-lane")
        self._closed = threading.Event()

    async def call(self, function: Callable[..., T], *arguments: object) -> T:
        """Runs one blocking call."""
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: function(*arguments))

    def iterate(self, make: Make) -> AsyncIterator[Event]:
        """Runs a generator of events in a thread; `make` receives `cancelled()`.

        Closing the iterator makes `cancelled()` true; a generator not yet begun is never begun.  The thread is not
        waited for: it stops at its next look.  Frames are made only so far ahead of whoever takes them.
        """

        def work(cancelled: Callable[[], bool], put: Callable[[Event], None]) -> None:
            for event in make(cancelled):
                put(event)
                if cancelled():
                    break

        return self.follow(work)

    async def follow(self, work: Work) -> AsyncIterator[Event]:
        """The same for what calls back instead of yielding: `work` receives `cancelled()` and `put(event)`."""
        self._check_open()
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Event | _End] = asyncio.Queue()
        gone, room = threading.Event(), threading.Semaphore(FRAMES_AHEAD)

        def cancelled() -> bool:
            return gone.is_set() or self._closed.is_set()

        def send(item: Event | _End) -> None:
            try:
                loop.call_soon_threadsafe(queue.put_nowait, item)
            except RuntimeError:  # the loop is closed: nobody listens any more
                gone.set()

        def put(event: Event) -> None:
            while isinstance(event, Frame) and not room.acquire(timeout=_LOOK) and not cancelled():
                pass
            if not cancelled():
                send(event)

        def run() -> None:
            error: BaseException | None = None
            try:
                if not cancelled():
                    work(cancelled, put)
            except BaseException as caught:
                error = caught
            if (error is None or isinstance(error, Cancelled)) and self._closed.is_set():
                error = Unavailable("The server is stopping.")  # half an answer must not look like a whole one
            send(_End(error))

        def begun_or_dropped(future: Future[None]) -> None:
            if future.cancelled():
                send(_End(Unavailable("The server is stopping.")))

        future = self._pool.submit(run)
        future.add_done_callback(begun_or_dropped)
        try:
            while True:
                item = await queue.get()
                if isinstance(item, _End):
                    if item.error is not None:
                        raise item.error if isinstance(item.error, ApiError) else Internal() from item.error
                    return
                if isinstance(item, Frame):
                    room.release()
                yield item
        finally:
            gone.set()
            room.release()  # a thread that waits for room looks at once
            future.cancel()

    def close(self) -> None:
        """Stops what runs at its next look; refuses new work."""
        self._closed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise Unavailable("The server is stopping.")
