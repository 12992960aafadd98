"""A server with OpenAI's API that does what a test tells it to, right or wrong, and keeps what it got."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

JSON, SSE = "application/json", "text/event-stream"
STOP: Mapping[str, Any] = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
USAGE: Mapping[str, Any] = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}}
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Any

    def content(self, number: int = -1) -> list[dict[str, Any]]:
        """The content parts of one message."""
        found: list[dict[str, Any]] = self.body["messages"][number]["content"]
        return found

    def pictures(self) -> list[NDArray[np.uint8]]:
        """The pixels, RGB, of every picture of every message, decoded from their data URLs."""
        parts = [p for m in self.body["messages"] if isinstance(m["content"], list) for p in m["content"]]
        return [pixels(part) for part in parts if part["type"] == "image_url"]


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    filename: str
    kind: str
    data: bytes


def form(kind: str, body: bytes) -> list[Field]:
    """The fields in order, as RFC 7578 has them."""
    edge = b"--" + kind.partition("boundary=")[2].encode()
    first, *parts, last = body.split(edge)
    assert (first, last) == (b"", b"--\r\n")
    found = []
    for part in parts:
        assert part.startswith(b"\r\n")
        assert part.endswith(b"\r\n")
        head, _, data = part[2:-2].partition(b"\r\n\r\n")
        rows = dict(row.split(": ", 1) for row in head.decode().split("\r\n"))
        told = dict(re.findall(r'(\w+)="([^"]*)"', rows["content-disposition"]))
        found.append(Field(told["name"], told.get("filename", ""), rows.get("content-type", ""), data))
    return found


def pixels(part: Mapping[str, Any]) -> NDArray[np.uint8]:
    head, _, data = part["image_url"]["url"].partition(",")
    assert head in ("data:image/png;base64", "data:image/jpeg;base64")
    raw = np.frombuffer(base64.b64decode(data, validate=True), np.uint8)
    return decoded(raw)


def decoded(raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    bgr = cv2.imdecode(raw, cv2.IMREAD_COLOR)
    assert bgr is not None
    return np.asarray(bgr[..., ::-1], np.uint8)


@dataclass
class Wire:
    """The way back."""

    writer: asyncio.StreamWriter
    closed: bool = False

    async def head(self, status: int = 200, kind: str = SSE, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-type: {kind}", "transfer-encoding: chunked"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.raw(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def send(self, data: bytes) -> None:
        await self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    async def frames(self, *values: Mapping[str, Any]) -> None:
        for value in values:
            await self.send(b"data: " + json.dumps(value).encode() + b"\n\n")

    async def end(self) -> None:
        await self.raw(b"0\r\n\r\n")

    def kill(self) -> None:
        self.closed = True
        self.writer.transport.abort()


Play = Callable[[Wire], Awaitable[None]]


def saying(*texts: str, usage: bool = True) -> Play:
    """A good answer."""

    async def play(wire: Wire) -> None:
        await wire.head()
        await wire.frames({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
        await wire.frames(*map(delta, texts), STOP, *([USAGE] if usage else []))
        await wire.send(DONE)
        await wire.end()

    return play


def frames(*values: Mapping[str, Any]) -> Play:
    """These frames, then the end as it should be."""

    async def play(wire: Wire) -> None:
        await wire.head()
        await wire.frames(*values)
        await wire.send(DONE)
        await wire.end()

    return play


def delta(text: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}


def answering(status: int, body: bytes = b"{}", kind: str = JSON, **headers: str) -> Play:
    """One whole answer."""

    async def play(wire: Wire) -> None:
        await wire.head(status, kind, **headers)
        if body:
            await wire.send(body)
        await wire.end()

    return play


class Stub:
    """Runs on a free port; every POST takes the next play, the last one for ever; a GET is answered with `health`."""

    def __init__(self, *plays: Play) -> None:
        self.plays: Sequence[Play] = plays or (saying("hello"),)
        self.seen: list[Seen] = []
        self.connections = 0
        self.probes: list[str] = []
        self.health = 200
        self.left = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Stub:
        await self.live()
        return self

    async def live(self, port: int = 0) -> None:
        """Begins to listen."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port, limit=1 << 26)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"

    async def die(self) -> None:
        """Hangs up on everybody and listens no more, until it is told to `live` again."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.die()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        wire = Wire(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not wire.closed:
                await self._one(reader, wire)
        writer.close()
        self._tasks.discard(task)

    async def _one(self, reader: asyncio.StreamReader, wire: Wire) -> None:
        first, *rows = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (row.partition(":") for row in rows if row)}
        body = await reader.readexactly(int(headers["content-length"]))
        if first.startswith("GET "):
            self.probes.append(first.split()[1])
            await answering(self.health)(wire)
            return
        is_form = headers.get("content-type", "").startswith("multipart/form-data")
        read = form(headers["content-type"], body) if is_form else json.loads(body)
        self.seen.append(Seen(first.split()[1], headers, read))
        play = self.plays[min(len(self.seen), len(self.plays)) - 1]
        gone = asyncio.create_task(self._watch(reader, wire))
        try:
            await play(wire)
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)

    async def _watch(self, reader: asyncio.StreamReader, wire: Wire) -> None:
        """Notes that the client hung up while it was being answered."""
        while not reader.at_eof() and reader.exception() is None:  # noqa: ASYNC110 - streams tell no event
            await asyncio.sleep(0.01)
        wire.closed = True
        self.left.set()
