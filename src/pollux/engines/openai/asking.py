"""One request to an upstream: chosen, sent, read under time limits, tried again while nothing of it was passed on."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, TypeVar

import httpx

from pollux.engines.openai.faults import Fault, garbled, gone, refused, silent
from pollux.engines.openai.options import Options
from pollux.engines.openai.pool import Pool, Upstream
from pollux.errors import ApiError, Unavailable

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
LONGEST_ASKED_PAUSE = 30.0
"""Seconds of a Retry-After that are waited for here; the caller is told of longer ones."""
MOST_ERROR = 64 << 10
REST_SECONDS = 0.25
JSON, SSE = "application/json", "text/event-stream"


class Answer:
    """An upstream's answer that began well: its type, and its bytes as they come."""

    def __init__(self, response: httpx.Response, options: Options) -> None:
        self.type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self._chunks = response.aiter_bytes()
        self._seconds = options.first_seconds
        self._idle = options.idle_seconds

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Its bytes.  Raises Fault where it is silent for too long or breaks off."""
        while True:
            try:
                async with asyncio.timeout(self._seconds):
                    chunk = await anext(self._chunks)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise silent(self._seconds) from None
            except httpx.HTTPError:
                raise gone("broke off in the middle of its answer") from None
            self._seconds = self._idle
            yield chunk

    async def rest(self) -> None:
        """Takes what follows the answer's own end, so that its connection can be used again."""
        with suppress(TimeoutError, httpx.HTTPError):
            async with asyncio.timeout(REST_SECONDS):
                async for _ in self._chunks:
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

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._closed = False
        self.pool = Pool(options.addresses)

    async def ask(
        self, path: str, body: bytes, read: Read[T], deadline: float | None, wanted: str = JSON
    ) -> AsyncGenerator[T, None]:
        """What `read` makes of the answer to a POST of JSON.

        Before the first value failures are tried again, elsewhere or after a pause; a later one is raised.  Closing
        the iterator closes the connection, which is how these servers are told to stop.  Raises ApiError.
        """
        tried: list[Upstream] = []
        while True:
            upstream = self.pool.choose(tried)
            tried.append(upstream)
            begun = False
            try:
                async with aclosing(self._attempt(upstream, path, body, read, wanted)) as values:
                    async for value in values:
                        begun = True
                        yield value
                return
            except Fault as fault:
                if fault.down:
                    self.pool.failed(upstream)
                if begun or not fault.again or len(tried) > self._options.retries:
                    raise fault.error from None
                await self._pause(fault, tried, deadline)

    async def close(self) -> None:
        """Closes all connections."""
        self._closed = True
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _attempt(
        self, upstream: Upstream, path: str, body: bytes, read: Read[T], wanted: str
    ) -> AsyncGenerator[T, None]:
        with self.pool.asking(upstream):
            request = self._http().build_request(
                "POST", f"{upstream.address}/{path}", content=body, headers=self._headers(wanted)
            )
            response = await self._sent(request)
            try:
                if response.status_code != 200:
                    raise await self._refusal(response)
                self.pool.answered(upstream)
                async with aclosing(read(Answer(response, self._options))) as values:
                    async for value in values:
                        yield value
            finally:
                await response.aclose()

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        seconds = self._options.first_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._http().send(request, stream=True)
        except TimeoutError:
            raise silent(seconds) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise gone("cannot be reached") from None
        except httpx.TimeoutException:
            raise silent(self._options.idle_seconds) from None
        except httpx.HTTPError:
            raise gone("hung up without an answer") from None

    async def _refusal(self, response: httpx.Response) -> Fault:
        try:
            body = await Answer(response, self._options).whole(MOST_ERROR)
        except Fault:  # the status is what counts
            body = b""
        return refused(response.status_code, response.headers, body, self._options.key)

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

    def _headers(self, wanted: str) -> Mapping[str, str]:
        headers = {"content-type": JSON, "accept": wanted, "accept-encoding": "identity"}
        if self._options.key:
            headers["authorization"] = f"Bearer {self._options.key}"
        return headers

    def _http(self) -> httpx.AsyncClient:
        if self._closed:
            raise Unavailable("The server is stopping.")
        if self._client is None:
            options = self._options
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=256, keepalive_expiry=30.0)
            times = httpx.Timeout(None, connect=options.connect_seconds, write=options.idle_seconds)
            self._client = httpx.AsyncClient(
                timeout=times, limits=limits, trust_env=False, follow_redirects=False, transport=self._transport
            )
        return self._client


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
