"""What a request costs on its way through the openai engine, beside a request that needs no engine, in the same run.

    python bench/upstream.py [--seconds 3] [--connections 16] [--streams 500]

A stub of an OpenAI-compatible server runs in a process of its own and answers in four pieces; it checks that a picture
arrived byte for byte.  Before it stands Pollux as it is served: uvicorn, the door, core, the engine.  CPU time is
Pollux's process's own, by the operating system's account.  Then: how much later the first streamed word comes than from
the stub itself (median), and as many streams at once as asked for, each of them ten words in a second.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvicorn
from door import NothingEngine, a_jpeg, load

from pollux import config
from pollux.app import build
from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.options import Options
from pollux.server import keep_heap

TARGETS = {"text": 0.9, "picture": 4.0}
STREAM = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"


def piece(text: str, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


async def stub(scope: Any, receive: Any, send: Any) -> None:
    """Four pieces at once; ten over a second where the question is "slowly"."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    picture = base64.b64encode(a_jpeg()) if b"image_url" in body else b""
    status = 200 if not picture or picture in body else 400
    slowly = b"slowly" in body
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for _ in range(10 if slowly else 3):
        await send({"type": "http.response.body", "body": piece("word "), "more_body": True})
        await asyncio.sleep(0.1 if slowly else 0)
    await send({"type": "http.response.body", "body": piece("end", "stop") + b"data: [DONE]\n\n"})


def serve(kind: str, listener: socket.socket, pipe: Connection, folder: str, upstream: str) -> None:
    """A server process; answers "cpu" on the pipe with its CPU seconds so far."""
    keep_heap()
    app: Any = stub
    if kind == "stub":
        a_jpeg_once = a_jpeg()
        globals()["a_jpeg"] = lambda: a_jpeg_once
    else:
        (Path(folder) / "pollux.toml").touch()
        flags = {"store.data_dir": folder, "server.log_level": "warning", "limits.in_flight": 1000}
        engine = OpenAIEngine(Options((upstream,), "m")) if kind == "engine" else NothingEngine()
        app = build(config.load(flags, {}, Path(folder)), {"only": engine}).door
    settings = uvicorn.Config(app, http="httptools", ws="none", log_config=None, access_log=False, backlog=2048)
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


class Process:
    """A server in a process of its own."""

    def __init__(self, kind: str, folder: str, upstream: str = "") -> None:
        context = multiprocessing.get_context("spawn")
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port = listener.getsockname()[1]
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(kind, listener, theirs, folder, upstream))
        self._process.start()

    def cpu(self) -> float:
        self._pipe.send("cpu")
        return float(self._pipe.recv())

    def stop(self) -> None:
        self._pipe.send("stop")
        self._process.join(10)


async def stream(port: int, path: str, body: bytes) -> tuple[float, bytes]:
    """Seconds to the first word, and the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-goog-api-key: k\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    begun, got, first = time.perf_counter(), b"", 0.0
    writer.write(head.encode() + body)
    while chunk := await reader.read(1 << 16):
        got += chunk
        first = first or (time.perf_counter() - begun if b"word" in got else 0.0)
    writer.close()
    return first, got


async def first_words(port: int, path: str, body: bytes) -> float:
    return statistics.median([(await stream(port, path, body))[0] for _ in range(200)]) * 1000


async def crowd(port: int, count: int) -> tuple[int, float, float]:
    """Of so many streams at once those that came whole, the slowest first word in ms, and seconds for all."""
    body = json.dumps({"contents": [{"parts": [{"text": "slowly"}]}]}).encode()
    begun = time.perf_counter()
    found = await asyncio.gather(*(stream(port, STREAM, body) for _ in range(count)))
    whole = sum(got.count(b"word") == 10 and b'"STOP"' in got for _, got in found)
    return whole, max(first for first, _ in found) * 1000, time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--streams", type=int, default=500)
    options = parser.parse_args()
    jpeg = base64.b64encode(a_jpeg()).decode()
    picture = {"inlineData": {"mimeType": "image/jpeg", "data": jpeg}}
    bodies = {
        "text": json.dumps({"contents": [{"parts": [{"text": "x" * 100}]}]}).encode(),
        "picture": json.dumps({"contents": [{"parts": [picture, {"text": "What is this?"}]}]}).encode(),
    }
    theirs = json.dumps({"messages": [{"role": "user", "content": "x"}]}).encode()
    with tempfile.TemporaryDirectory() as folder:
        upstream = Process("stub", folder)
        engine = Process("engine", folder, f"http://127.0.0.1:{upstream.port}/v1")
        nothing = Process("nothing", folder)
        print(f"{'':10}{'no engine, CPU ms':>20}{'through it, CPU ms':>20}{'req/s':>8}{'target':>8}")
        for name, body in bodies.items():
            row = []
            for server in (nothing, engine):
                asyncio.run(load(server.port, body, 1.0, options.connections))  # warm
                before = server.cpu()
                count = asyncio.run(load(server.port, body, options.seconds, options.connections))
                row.append(((server.cpu() - before) / count * 1000, count / options.seconds))
            print(f"{name:10}{row[0][0]:20.3f}{row[1][0]:20.3f}{row[1][1]:8.0f}{TARGETS[name]:8.1f}")
        floor = asyncio.run(first_words(upstream.port, "/v1/chat/completions", theirs))
        ours = asyncio.run(first_words(engine.port, STREAM, bodies["text"]))
        print(f"first streamed word: {floor:.2f} ms from the stub, {ours - floor:+.2f} ms through Pollux (target +2)")
        whole, slowest, seconds = asyncio.run(crowd(engine.port, options.streams))
        print(
            f"{whole} of {options.streams} streams whole, slowest first word {slowest:.0f} ms, all in {seconds:.2f} s"
        )
        for server in (engine, nothing, upstream):
            server.stop()


if __name__ == "__main__":
    main()
