"""Running the door: a socket, uvicorn, signals, and the lines a person pastes."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import math
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from pollux.errors import PolluxError

if TYPE_CHECKING:
    from pollux.app import App

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEEP_ALIVE_SECONDS = 75
"""An idle connection stays open longer than clients and balancers keep theirs (5 to 60 s): a request sent into one that
the server just closed would be lost."""


def run(app: App) -> int:
    """Serves until SIGINT or SIGTERM, then finishes what is in flight.  0 after a clean stop.

    After SIGTERM it goes on for [server] drain_seconds, in which load balancers see on /readyz that it leaves.

    Raises PolluxError when the address cannot be had.
    """
    server = app.settings.server
    listener = listen(server.host, server.port)
    keep_heap()
    logging.basicConfig(level=server.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        app.door,
        http=cast(type[Connection], partial(Connection, leaving=lambda: app.state.stopping)),
        ws="none",
        access_log=False,  # its lines would hold ?key=
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=round(server.shutdown_seconds),
    )
    _Server(config, app, listener).run([listener])
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.  Raises PolluxError with the remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PolluxError(f"cannot listen on {host}:{port}: {reason}; choose another with --host or --port") from None


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with what it leaves open: how long and how large the head of a request may be.

    Whoever opens connections and never finishes a head would otherwise hold them, and their memory, for ever.
    """

    head_seconds = 30.0
    most_head = 64 * 1024

    _in_head = True
    _unread = 0  # bytes since the last that were a body or ended a head: a head, trailers, or the length of a chunk
    _large = False
    _timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, leaving: Callable[[], bool] = lambda: False, **more: Any) -> None:
        """`leaving` tells whether the server is to end soon: each answer then closes its connection."""
        super().__init__(*args, **more)
        self._leaving = leaving

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head may take `head_seconds` from here."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes for the parser.  A later head may take `head_seconds` from its first byte, however many follow."""
        self._unread += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._unread > self.most_head:
            self._large = True
            self.send_400_response("")
        elif self._in_head and self._timer is None and self._idle():
            self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def on_headers_complete(self) -> None:
        """The parser is at the end of a head.  Raises ValueError, which the parser passes on, for one too large."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._large = size > self.most_head
        if self._large:
            raise ValueError
        self._unread, self._in_head = 0, False
        self._disarm()
        # For what ASGI cannot say: that a connection ends (`pollux.api.faults`).
        extensions: dict[str, Any] = cast(Any, self.scope).setdefault("extensions", {})
        extensions["pollux.transport"] = self.transport
        super().on_headers_complete()
        if self._leaving():
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A part of a body, which others limit."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """What comes next is another head."""
        self._in_head = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuses what cannot be read, or is too large; in the middle of an answer only the end can say so."""
        if not self._idle() and self.cycle.response_started:
            self.transport.close()
        elif not self._large:
            super().send_400_response(msg)
        else:
            text = f"The head of a request may have {self.most_head} bytes.".encode()
            head = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[431] + head % len(text) + text)
            self.transport.close()

    def _idle(self) -> bool:
        """Whether no request waits for its answer."""
        return self.cycle is None or self.cycle.response_complete

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Server(uvicorn.Server):
    """uvicorn, which says when it is ready and takes a signal for a clean stop (exit status 0)."""

    def __init__(self, config: uvicorn.Config, app: App, listener: socket.socket) -> None:
        super().__init__(config)
        self._app = app
        self._url = address(listener)
        self._drained = math.inf

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then prints the address and what to paste."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is loaded by now lives as long as the server: later collections skip it
        print(welcome(self._url, open_door=self._app.keys.open_door()), flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first SIGTERM only says that this server leaves, for `drain_seconds`; everything else is a stop."""
        drain = self._app.settings.server.drain_seconds
        if sig == signal.SIGTERM and drain and not self._app.state.stopping:
            self._app.state.stopping = True
            self._drained = time.monotonic() + drain
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether it is time to stop."""
        return await super().on_tick(counter) or time.monotonic() >= self._drained

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finishes what is in flight, then closes engines and stores."""
        self._app.state.stopping = True
        await super().shutdown(sockets)
        await self._app.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM ask for a stop; the second SIGINT does not wait.  They are not raised again."""
        kept = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


def welcome(url: str, *, open_door: bool) -> str:
    """One line with the address, then the lines to paste."""
    key = "any-key-will-do" if open_door else "YOUR_KEY"
    curl = (
        f"curl '{url}/v1beta/models/gemini-2.5-flash:generateContent' -H 'x-goog-api-key: {key}' "
        "-H 'Content-Type: application/json' "
        """-d '{"contents": [{"parts": [{"text": "What can you see?"}]}]}'"""
    )
    return f"""Pollux is ready at {url}

    export GOOGLE_GEMINI_BASE_URL={url}
    export GEMINI_API_KEY={key}

    {curl}
"""


def keep_heap() -> None:
    """Keeps glibc from giving the heap back after every large body: hundreds of page faults a request otherwise."""
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024)
    mallopt(M_TRIM_THRESHOLD, 256 * 1024 * 1024)
