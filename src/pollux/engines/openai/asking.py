"""One request to an upstream: chosen, sent, read under time limits, tried again while nothing of it was passed on."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from pollux.engines.openai.faults import Fault, garbled, gone, refused, silent
from pollux.engines.openai.health import Health
from pollux.engines.openai.http import Address, BrokenError, Connection, Http, UnreachableError
from pollux.engines.openai.options import Options
from pollux.engines.openai.pool import Pool, Upstream
from pollux.errors import ApiError, Unavailable
from pollux.wire import hops

log = logging.getLogger("pollux.engines.openai")

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
LONGEST_ASKED_PAUSE = 30.0
"""Seconds of a Retry-After that are waited for here; the caller is told of longer ones."""
MOST_ERROR = 64 << 10
REST_SECONDS = 0.25
JSON, SSE = "application/json", "text/event-stream"


class Answer:
    """An upstream's answer that began well: its type, and its bytes as they come."""

    def __init__(self, connection: Connection, options: Options) -> None:
        self.type = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
        self._connection = connection
        self._seconds = options.first_seconds
        self._idle = options.idle_seconds

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Its bytes.  Raises Fault where it is silent for too long or breaks off."""
        while True:
            try:
                async with asyncio.timeout(self._seconds):
                    chunk = await self._connection.chunk()
            except TimeoutError:
                raise silent(self._seconds) from None
            except BrokenError:
                raise gone("broke off in the middle of its answer") from None
            if chunk is None:
                return
            self._seconds = self._idle
            yield chunk

    async def rest(self) -> None:
        """Takes what follows the answer's own end, so that its connection can be used again."""
        with suppress(TimeoutError, BrokenError):
            async with asyncio.timeout(REST_SECONDS):
                while await self._connection.chunk() is not None:
                    pass

    async def whole(self, most: int) -> bytes:
        """All of its bytes, at most `most`."""
        parts, size = [], 0
        async for chunk in self.chunks():
            parts.append(chunk)
            size += len(chunk)
            if size > most:
                raise garbled(f"it is longer than {most:,} bytes")
        return b"".join(parts)


Read = Callable[[Answer], AsyncGenerator[T, None]]


class Asking:
    """The connections of one engine."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._http = Http(options.connect_seconds, options.idle_seconds)
        self._closed = False
        self.pool = Pool(options.addresses)
        self._addresses = {upstream: Address(upstream.address) for upstream in self.pool.all}
        self._health = Health(options, self.pool, self._alive)

    async def ask(
        self, path: str, body: bytes, read: Read[T], deadline: float | None, wanted: str = JSON, kind: str = JSON
    ) -> AsyncGenerator[T, None]:
        """What `read` makes of the answer to a POST; `kind` is the body's type, `wanted` that of the answer.

        Before the first value failures are tried again, elsewhere or after a pause; a later one is raised.  Closing
        the iterator closes the connection, which is how these servers are told to stop.  Raises ApiError.
        """
        tried: list[Upstream] = []
        self._health.begin()
        while True:
            upstream = self.pool.choose(tried)
            tried.append(upstream)
            begun = False
            try:
                async with aclosing(self._attempt(upstream, path, body, read, self._headers(wanted, kind))) as values:
                    async for value in values:
                        begun = True
                        yield value
                return
            except Fault as fault:
                if fault.down:
                    self._tell(upstream, fault)
                    self.pool.failed(upstream)
                again = fault.again or (fault.elsewhere and self.pool.fresh(tried))
                if begun or not again or len(tried) > self._options.retries:
                    raise fault.error from None
                await self._pause(fault, tried, deadline)

    async def close(self) -> None:
        """Closes all connections."""
        self._closed = True
        self._health.close()
        self._http.close()

    async def _attempt(
        self, upstream: Upstream, path: str, body: bytes, read: Read[T], headers: Mapping[str, str]
    ) -> AsyncGenerator[T, None]:
        if self._closed:
            raise Fault(Unavailable("The server is stopping."))
        address = self._addresses[upstream]
        with self.pool.asking(upstream):
            connection = await self._sent(address, path, body, headers)
            try:
                if connection.status != 200:
                    raise await self._refusal(connection)
                if connection.headers.get("content-encoding", "identity") != "identity":
                    raise garbled("it is compressed, which was not asked for")
                self.pool.answered(upstream)
                async with aclosing(read(Answer(connection, self._options))) as values:
                    async for value in values:
                        yield value
            finally:
                self._http.give_back(address, connection)

    async def _sent(self, address: Address, path: str, body: bytes, headers: Mapping[str, str]) -> Connection:
        seconds = self._options.first_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._http.send("POST", address, path, body, headers)
        except TimeoutError:
            raise silent(seconds) from None
        except UnreachableError:
            raise gone("cannot be reached") from None
        except BrokenError:
            raise gone("hung up without an answer") from None

    async def _alive(self, upstream: Upstream) -> bool:
        """Whether it answers a GET at all: one that does not know the path, the method or the key is there too."""
        address = self._addresses[upstream]
        try:
            async with asyncio.timeout(self._options.connect_seconds):
                path = self._options.health_path
                connection = await self._http.send("GET", address, path, b"", self._headers())
                try:
                    while connection.status < 500 and await connection.chunk() is not None:
                        pass
                finally:
                    self._http.give_back(address, connection)
        except (TimeoutError, UnreachableError, BrokenError):
            return False
        return connection.status < 500 or connection.status == 501

    async def _refusal(self, connection: Connection) -> Fault:
        try:
            body = await Answer(connection, self._options).whole(MOST_ERROR)
        except Fault:  # the status is what counts
            body = b""
        return refused(connection.status, connection.headers, body, self._options.key)

    def _tell(self, upstream: Upstream, fault: Fault) -> None:
        """Says once in the log which server it was, for callers are not told addresses; of several `health` says it."""
        if len(self.pool.all) == 1 and not upstream.failures:
            log.warning("%s: %s: %s", self._options.place, upstream.address, fault.error.message)

    async def _pause(self, fault: Fault, tried: list[Upstream], deadline: float | None) -> None:
        """Waits before the next attempt.  Raises the fault's error where that would be in vain."""
        if self.pool.fresh(tried):
            return
        backoff = min(FIRST_PAUSE * 2 ** (len(tried) - 1), LONGEST_PAUSE)
        seconds = fault.after if fault.after is not None else backoff * random.uniform(0.5, 1.0)  # noqa: S311
        left = LONGEST_ASKED_PAUSE if deadline is None else min(deadline - time.monotonic(), LONGEST_ASKED_PAUSE)
        if seconds >= left:
            raise fault.error from None
        await asyncio.sleep(seconds)

    def _headers(self, wanted: str = JSON, kind: str = JSON) -> Mapping[str, str]:
        headers = {"content-type": kind, "accept": wanted, "accept-encoding": "identity", hops.HEADER: hops.onward()}
        if self._options.key:
            headers["authorization"] = f"Bearer {self._options.key}"
        return headers


async def one(values: AsyncGenerator[T, None]) -> T:
    """The only value of an `ask` that has one."""
    async with aclosing(values):
        async for value in values:
            return value
    raise ApiError  # `read` gives a value or raises


def read_json(most: int) -> Read[Any]:
    """A reader of one whole JSON answer of at most so many bytes, as bytes."""

    async def read(answer: Answer) -> AsyncGenerator[bytes, None]:
        if answer.type != JSON and not answer.type.endswith("+json"):
            raise garbled(f"it is {answer.type or 'of no type'}, not JSON")
        yield await answer.whole(most)

    return read
