"""What a request costs at the door, beside the bare ASGI floor of the same server in the same run.

    python bench/door.py [--seconds 4] [--connections 16]

Four servers run, one after the other, each in a process of its own with one worker, the same uvicorn, event loop and
HTTP parser: a bare ASGI application that reads the body and answers the same bytes (the floor), and Pollux with an
engine that does nothing.  Each gets 100 bytes of text and a 1 MB JPEG in base64.  CPU time is the server process's own,
by the operating system's account; nothing of Pollux is skipped: the picture is decoded from base64, hashed, sniffed,
sized and counted.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import json
import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from PIL import Image

from pollux import config
from pollux.app import build
from pollux.engines.base import EmbedInput, Event, ModelCard, Prompt, Text
from pollux.engines.scripted import ALL_ABILITIES
from pollux.server import keep_heap

PATH = "/v1beta/models/gemini-2.5-flash:generateContent"
TARGETS = {"text": 0.35, "picture": 0.9}


class NothingEngine:
    """Answers at once with one word."""

    def cards(self) -> Sequence[ModelCard]:
        return (ModelCard("nothing", ALL_ABILITIES, "Does nothing.", embed_dims=1),)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        yield Text("ok")

    def count_text(self, text: str) -> int | None:
        return None

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        return [[1.0] for _ in inputs]

    async def close(self) -> None:
        return None


async def floor(scope: Any, receive: Any, send: Any) -> None:
    """The bare floor: the body is read, an answer of the same size goes out."""
    if scope["type"] != "http":
        return
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    b"".join(chunks)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


ANSWER = json.dumps({"candidates": [{"content": {"parts": [{"text": "ok"}]}}], "pad": "x" * 420}).encode()


def serve(kind: str, listener: socket.socket, pipe: Connection, folder: str) -> None:
    """A server process; answers "cpu" on the pipe with its CPU seconds so far."""
    keep_heap()
    if kind == "floor":
        app: Any = floor
    else:
        flags = {"store.data_dir": folder, "server.log_level": "warning"}
        app = build(config.load(flags, {}, Path(folder)), {"nothing": NothingEngine()}).door
    settings = uvicorn.Config(app, http="httptools", ws="none", log_config=None, access_log=False)
    server = uvicorn.Server(settings)

    async def main() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, pipe.recv) == "cpu":
            times = os.times()
            pipe.send(times.user + times.system)
        server.should_exit = True
        await task

    with asyncio.Runner(loop_factory=settings.get_loop_factory()) as runner:
        runner.run(main())


@dataclass
class Result:
    rate: float
    cpu_ms: float


async def _client(host: str, port: int, request: bytes, until: float, counts: list[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:300]
        length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
        await reader.readexactly(length)
        counts[0] += 1
    writer.close()


async def load(port: int, body: bytes, seconds: float, connections: int) -> int:
    """Requests answered within `seconds`, over keep-alive connections."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-goog-api-key: k\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request, counts = head.encode() + body, [0]
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_client("127.0.0.1", port, request, until, counts) for _ in range(connections)))
    return counts[0]


def measure(kind: str, bodies: dict[str, bytes], seconds: float, connections: int, folder: str) -> dict[str, Result]:
    context = multiprocessing.get_context("spawn")
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(kind, listener, theirs, folder))
    process.start()
    port = listener.getsockname()[1]
    results = {}
    for name, body in bodies.items():
        asyncio.run(load(port, body, min(1.0, seconds), connections))  # warm
        ours.send("cpu")
        before = ours.recv()
        count = asyncio.run(load(port, body, seconds, connections))
        ours.send("cpu")
        results[name] = Result(count / seconds, (ours.recv() - before) / count * 1000)
    ours.send("stop")
    process.join(10)
    return results


def a_jpeg(size: int = 1_000_000) -> bytes:
    """A JPEG of about `size` bytes: noise, since noise does not compress."""
    rng = np.random.default_rng(7)
    made = b""
    for side in range(768, 2048, 16):
        out = io.BytesIO()
        Image.fromarray(rng.integers(0, 255, (side, side, 3), dtype=np.uint8)).save(out, "JPEG", quality=90)
        made = out.getvalue()
        if len(made) >= size:
            break
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    jpeg = a_jpeg()
    picture = {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(jpeg).decode()}}
    bodies = {
        "text": json.dumps({"contents": [{"parts": [{"text": "x" * 100}]}]}).encode(),
        "picture": json.dumps({"contents": [{"parts": [picture, {"text": "What is this?"}]}]}).encode(),
    }
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            row = {k: measure(k, bodies, options.seconds, options.connections, folder) for k in ("floor", "pollux")}
            rounds.append(row)
    print(f"{'':10}{'floor req/s':>12}{'pollux req/s':>14}{'floor CPU ms':>14}{'pollux CPU ms':>15}{'difference':>12}")
    for name in bodies:
        best = sorted(rounds, key=lambda r: r["pollux"][name].cpu_ms - r["floor"][name].cpu_ms)[len(rounds) // 2]
        low, high = best["floor"][name], best["pollux"][name]
        gap = high.cpu_ms - low.cpu_ms
        print(f"{name:10}{low.rate:12.0f}{high.rate:14.0f}{low.cpu_ms:14.3f}{high.cpu_ms:15.3f}{gap:+12.3f}")
    print(f"(JPEG of {len(jpeg):,} bytes; the median of {options.rounds} rounds; targets: text at most 0.35 ms CPU, ")
    print(" picture at most the floor + 0.9 ms)")


if __name__ == "__main__":
    main()
