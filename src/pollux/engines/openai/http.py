"""HTTP/1.1 to a few servers, as little of it as requests with JSON and streams of events need.

A request of this engine is small and its answer comes in many pieces, so that the general client's work for each would
be most of what Pollux costs: with httpx a short answer takes 1.9 ms of processor time, this way a quarter of it.  The
parser is httptools, which the door uses too.  Redirects, cookies and compression are neither wanted nor known.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit

import httptools

IDLE_SECONDS = 30.0
MOST_IDLE = 256
MOST_HEADERS = 64 << 10
STALE_SECONDS = 1.0
"""A kept connection that breaks within that time was closed before it was used again."""
HIGH = 256 << 10
"""Bytes that wait to be read before the server is made to wait."""


class BrokenError(Exception):
    """The connection broke, or what came is no HTTP.  `begun`: some of an answer had come."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__()
        self.begun = begun


class UnreachableError(Exception):
    """No connection could be made."""


@dataclass(frozen=True)
class Address:
    """Where a server is; `path` is what its paths begin with."""

    url: str

    @cached_property
    def parts(self) -> tuple[str, int, bool, str, str]:
        """Host, port, whether over TLS, the Host header's value, and the path."""
        split = urlsplit(self.url)
        secure = split.scheme == "https"
        port = split.port or (443 if secure else 80)
        return split.hostname or "", port, secure, split.netloc, split.path


class Connection(asyncio.Protocol):
    """One connection; one exchange at a time."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.idle_since = 0.0
        self.reusable = False
        self._transport: asyncio.Transport | None = None
        self._chunks: deque[bytes] = deque()
        self._waiting = 0
        self._size = 0
        self._paused = False
        self._head = self._complete = self._lost = self._broken = False
        self._reader: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)

    async def ask(self, data: bytes, seconds: float) -> None:
        """Sends a request.  Raises BrokenError, TimeoutError where it is not taken within so many seconds."""
        self.status, self.headers = 0, {}
        self._waiting = self._size = 0
        self._head = self._complete = self.reusable = False
        self._parser = httptools.HttpResponseParser(self)
        if self.lost or self._transport is None:
            raise BrokenError(begun=False)
        self._transport.write(data)
        if self._writable is not None:
            async with asyncio.timeout(seconds):
                await self._writable

    async def head(self) -> None:
        """Waits for the status and the headers.  Raises BrokenError."""
        while not self._head:
            await self._more()

    async def chunk(self) -> bytes | None:
        """The next bytes of the body, None at its end.  Raises BrokenError."""
        while not self._chunks:
            if self._complete:
                return None
            await self._more()
        data = b"".join(self._chunks)
        self._chunks.clear()
        self._waiting = 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return data

    def close(self) -> None:
        """Hangs up at once."""
        if self._transport is not None:
            with suppress(RuntimeError):  # its loop is closed, and the connection with it
                self._transport.abort()

    @property
    def lost(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._lost or self._transport is None or self._transport.is_closing()

    @property
    def done(self) -> bool:
        """Whether the answer has come whole and was read."""
        return self._complete and not self._chunks

    async def _more(self) -> None:
        if self._broken or self._lost:
            raise BrokenError(begun=self._size > 0)
        self._reader = asyncio.get_running_loop().create_future()
        try:
            await self._reader
        finally:
            self._reader = None

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        """More of an answer."""
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._broken = True
        if not self._head and self._size > MOST_HEADERS:
            self._broken = True
        if self._waiting > HIGH and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """The server ended: where it named no length, so did the body (RFC 9112, 6.3)."""
        if self._head and not {"content-length", "transfer-encoding"} & self.headers.keys():
            self._complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone, for whatever reason."""
        del exc
        self._lost = True
        self.resume_writing()
        self._wake()

    def pause_writing(self) -> None:
        """The server takes no more for now."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """It does again."""
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        if not self._head:  # not a trailer's
            self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The status and all headers are there."""
        if self._complete:  # nobody asked for a second answer
            self._broken, self.reusable = True, False
        elif (status := self._parser.get_status_code()) < 200:  # interim
            self.headers.clear()
        else:
            self.status = status
            self._head = True
            self.reusable = self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if self._complete:
            return
        self._chunks.append(body)
        self._waiting += len(body)

    def on_message_complete(self) -> None:
        """The answer's own end."""
        self._complete = self._head


class Http:
    """Connections, kept for the next request."""

    def __init__(self, connect_seconds: float, write_seconds: float) -> None:
        self._connect_seconds, self._write_seconds = connect_seconds, write_seconds
        self._idle: dict[Address, list[Connection]] = {}
        self._closed = False

    async def send(
        self, method: str, address: Address, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Connection:
        """A connection on which the request is under way; a path that begins with "/" is the host's, not the address's.

        Raises UnreachableError, BrokenError where it hangs up, TimeoutError where it takes no request.
        """
        _, _, _, name, prefix = address.parts
        target = path if path.startswith("/") else f"{prefix}/{path}"
        rows = [f"{method} {target} HTTP/1.1", f"host: {name}", f"content-length: {len(body)}"]
        rows += [f"{key}: {value}" for key, value in headers.items()]
        data = ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")
        kept = self._kept(address)
        if kept is not None:
            since = time.monotonic()
            try:
                return await self._asked(kept, data + body)
            except BrokenError as error:
                if error.begun or time.monotonic() - since > STALE_SECONDS:
                    raise
        # None was kept, or the server had closed the one that was.
        return await self._asked(await self._new(address), data + body)

    def give_back(self, address: Address, connection: Connection) -> None:
        """Keeps a connection whose answer was read to its end; hangs up on any other, and once closed on all."""
        kept = self._idle.setdefault(address, [])
        well = connection.done and connection.reusable and not connection.lost
        if well and len(kept) < MOST_IDLE and not self._closed:
            connection.idle_since = time.monotonic()
            kept.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Hangs up on all that are kept, and keeps none any more."""
        self._closed = True
        for kept in self._idle.values():
            for connection in kept:
                connection.close()
        self._idle.clear()

    def _kept(self, address: Address) -> Connection | None:
        """The one that was used last: the others grow old."""
        kept = self._idle.get(address, [])
        oldest = time.monotonic() - IDLE_SECONDS
        while kept and (kept[0].lost or kept[0].idle_since < oldest):
            kept.pop(0).close()
        while kept:
            connection = kept.pop()
            if connection.reusable and not connection.lost:
                return connection
            connection.close()
        return None

    async def _asked(self, connection: Connection, data: bytes) -> Connection:
        try:
            await connection.ask(data, self._write_seconds)
            await connection.head()
        except BaseException:
            connection.close()
            raise
        return connection

    async def _new(self, address: Address) -> Connection:
        host, port, secure, _, _ = address.parts
        loop = asyncio.get_running_loop()
        context = self._context if secure else None
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, connection = await loop.create_connection(Connection, host, port, ssl=context)
        except (OSError, TimeoutError):
            raise UnreachableError from None
        return connection

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """The usual authorities; SSL_CERT_FILE or SSL_CERT_DIR name others."""
        import httpx  # noqa: PLC0415 - for TLS alone

        return httpx.create_ssl_context()
