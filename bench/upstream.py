"""What a request costs on its way to an OpenAI-compatible server: through Pollux, and through LiteLLM's proxy.

    python bench/upstream.py [--seconds 3] [--connections 16] [--streams 500]

A stub of such a server runs in a process of its own; it answers in pieces, or whole where no stream is asked for, and
decodes every picture it gets to count those that are the caller's, byte for byte.  Before it stand, one after the
other, Pollux as it is served (uvicorn, the door, core, the engine), Pollux with an engine that does nothing, and
LiteLLM's proxy with one worker (python tools/install_litellm.py; without it its column is left out).  All get the same
requests in Gemini's form.  CPU time is the process's own, by the operating system's account.  Then: how much later the
first streamed word comes than from the stub itself (median), as many streams at once as asked for, each of them ten
words in a second, and memory.  The ratio is LiteLLM's figure by Pollux's.

A picture is sent in both spellings that the API knows: inlineData, which the official SDKs write, and inline_data.
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
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
import uvicorn
from door import NothingEngine, a_jpeg, load

from pollux import config
from pollux.app import build
from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.options import Options
from pollux.server import keep_heap

LITELLM = Path(__file__).resolve().parents[1] / ".venvs" / "litellm"
TARGETS = {"text": 0.9, "picture, inlineData": 4.0, "picture, inline_data": 4.0}
MODEL = "gemini-2.5-flash"
STREAM = f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse"
FIRST_WORDS = 200
START_SECONDS = 120
MIB = 1 << 20


@dataclass
class Stub:
    """Answers four pieces at once; ten over a second where the question is "slowly"; GET tells what came."""

    jpeg: bytes = field(default_factory=a_jpeg)
    requests: int = 0
    pictures: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] == "GET":
            seen = json.dumps([self.requests, self.pictures]).encode()
            self.requests = self.pictures = 0
            await _whole(send, seen)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        asked = json.loads(body)
        self.requests += 1
        self.pictures += any(self._is_ours(part) for m in asked["messages"] for part in m["content"])
        if not asked.get("stream"):
            message = {"role": "assistant", "content": "word word word end"}
            answer = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
            await _whole(send, json.dumps({"id": "x", "object": "chat.completion", "model": "m", **answer}).encode())
            return
        slowly = b"slowly" in body
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(10 if slowly else 3):
            await send({"type": "http.response.body", "body": _piece("word "), "more_body": True})
            await asyncio.sleep(0.1 if slowly else 0)
        await send({"type": "http.response.body", "body": _piece("end", "stop") + b"data: [DONE]\n\n"})

    def _is_ours(self, part: Any) -> bool:
        if not isinstance(part, dict) or part.get("type") != "image_url":
            return False
        return base64.b64decode(part["image_url"]["url"].partition(",")[2]) == self.jpeg


def _piece(text: str, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n"


async def _whole(send: Any, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(kind: str, listener: socket.socket, pipe: Connection, folder: str, upstream: str) -> None:
    """A server process, until something comes through the pipe."""
    keep_heap()
    if kind == "stub":
        app: Any = Stub()
    else:
        (Path(folder) / "pollux.toml").touch()
        flags = {"store.data_dir": folder, "server.log_level": "warning", "limits.in_flight": 1000}
        engine = OpenAIEngine(Options((upstream,), "m")) if kind == "engine" else NothingEngine()
        app = build(config.load(flags, {}, Path(folder)), {"only": engine}).door
    settings = uvicorn.Config(app, http="httptools", ws="none", log_config=None, access_log=False, backlog=2048)
    server = uvicorn.Server(settings)

    async def main() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        server.should_exit = True
        await task

    with asyncio.Runner(loop_factory=settings.get_loop_factory()) as runner:
        runner.run(main())


@dataclass
class Server:
    """A server in a process of its own."""

    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> float:
        """MiB in use."""
        return float(self.process.memory_info().rss) / MIB


@contextmanager
def ours(kind: str, folder: str, upstream: str = "") -> Iterator[Server]:
    context = multiprocessing.get_context("spawn")
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    mine, theirs = context.Pipe()
    process = context.Process(target=serve, args=(kind, listener, theirs, folder, upstream))
    process.start()
    try:
        yield Server(listener.getsockname()[1], psutil.Process(process.pid))
    finally:
        mine.send("stop")
        process.join(10)


@contextmanager
def litellm(folder: str, upstream: str) -> Iterator[Server]:
    """LiteLLM's proxy without telemetry, without a key to check, and with the prices that come with it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chosen = {"model": "openai/m", "api_base": upstream, "api_key": "k"}
    models = [{"model_name": MODEL, "litellm_params": chosen}]
    (Path(folder) / "litellm.yaml").write_text(json.dumps({"model_list": models}))  # JSON is YAML
    variables = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
        "LITELLM_TELEMETRY": "False",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "CRITICAL",
    }
    program = LITELLM / ("Scripts" if os.name == "nt" else "bin") / "litellm"
    flags = ["--config", "litellm.yaml", "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
    with (
        (Path(folder) / "litellm.log").open("wb") as log,
        subprocess.Popen([str(program), *flags], cwd=folder, env=variables, stdout=log, stderr=log) as process,
    ):
        try:
            _until_up(port, process, Path(folder) / "litellm.log")
            yield Server(port, psutil.Process(process.pid))
        finally:
            process.terminate()


def _until_up(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/liveliness", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"LiteLLM's proxy does not start:\n{log.read_text('utf-8')[-2000:]}")


def litellm_version() -> str:
    """ "" where it is not installed."""
    found = [path.name for path in LITELLM.glob("[Ll]ib/**/site-packages/litellm-*.dist-info")]
    return found[0].split("-")[1].removesuffix(".dist") if found else ""


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
    """Median milliseconds, of streams one after the other."""
    return statistics.median([(await stream(port, path, body))[0] for _ in range(FIRST_WORDS)]) * 1000


async def crowd(port: int, count: int) -> tuple[int, float, float]:
    """Of so many streams at once those that came whole, the slowest first word in ms, and seconds for all."""
    body = json.dumps({"contents": [{"parts": [{"text": "slowly"}]}]}).encode()
    begun = time.perf_counter()
    found = await asyncio.gather(*(stream(port, STREAM, body) for _ in range(count)))
    whole = sum(got.count(b"word") == 10 and b'"STOP"' in got for _, got in found)
    return whole, max(first for first, _ in found) * 1000, time.perf_counter() - begun


def bodies() -> dict[str, bytes]:
    data = base64.b64encode(a_jpeg()).decode()
    camel = {"inlineData": {"mimeType": "image/jpeg", "data": data}}
    snake = {"inline_data": {"mime_type": "image/jpeg", "data": data}}
    question = {"text": "What is this?"}
    parts = {
        "text": [{"text": "x" * 100}],
        "picture, inlineData": [camel, question],
        "picture, inline_data": [snake, question],
    }
    return {name: json.dumps({"contents": [{"role": "user", "parts": row}]}).encode() for name, row in parts.items()}


@dataclass
class Found:
    """Of one server: CPU ms a request and requests a second by body, pictures that arrived, and the rest."""

    cpu: dict[str, float] = field(default_factory=dict)
    rate: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, str] = field(default_factory=dict)
    first: float = 0.0
    streams: tuple[int, float, float] = (0, 0.0, 0.0)
    memory: tuple[float, float] = (0.0, 0.0)


def measure(server: Server, asked: dict[str, bytes], options: argparse.Namespace, seen: Callable[[], Any]) -> Found:
    found = Found()
    for name, body in asked.items():
        asyncio.run(load(server.port, body, 1.0, options.connections))  # warm
        seen()
        before = server.cpu()
        count = asyncio.run(load(server.port, body, options.seconds, options.connections))
        found.cpu[name] = (server.cpu() - before) / count * 1000
        found.rate[name] = count / options.seconds
        requests, pictures = seen()
        found.arrived[name] = f"{pictures} of {requests}"
    rests = server.memory()
    found.first = asyncio.run(first_words(server.port, STREAM, asked["text"]))
    found.streams = asyncio.run(crowd(server.port, options.streams))
    found.memory = (rests, server.memory())
    return found


def report(nothing: Found, pollux: Found, other: Found | None, version: str, floor: float) -> None:
    print(f"{'':30}{'no engine':>12}{'Pollux':>14}{f'LiteLLM {version}' if other else '':>18}{'ratio':>9}{'target':>9}")
    found = [pollux, *([other] if other else [])]

    def row(name: str, form: str, of: Callable[[Found], float], target: float = 0, *, bare: bool = False) -> None:
        values = [of(one) for one in found]
        cells = [f"{of(nothing):{form}}" if bare else "", *(f"{value:{form}}" for value in values), ""]
        ratio = f"{values[1] / values[0]:.2g} x" if other and values[0] > 0 else ""
        print(f"{name:30}{cells[0]:>12}{cells[1]:>14}{cells[2]:>18}{ratio:>9}{f'<= {target:g}' if target else '':>9}")

    for name, target in TARGETS.items():
        row(f"{name}: CPU ms", ".2f", lambda one, name=name: one.cpu[name], target, bare=True)  # type: ignore[misc]
        row("  requests a second", ".0f", lambda one, name=name: one.rate[name], bare=True)  # type: ignore[misc]
        if name != "text":
            rows = [one.arrived[name] for one in found] + [""]
            print(f"{'  pictures that arrived':30}{rows[0]:>26}{rows[1]:>18}")
    row("first streamed word: ms more", ".2f", lambda one: one.first - floor, 2)
    row("streams that came whole", ".0f", lambda one: one.streams[0])
    row("  slowest first word: ms", ".0f", lambda one: one.streams[1])
    row("  all of them: s", ".2f", lambda one: one.streams[2])
    row("memory before them: MiB", ".0f", lambda one: one.memory[0])
    row("memory after them: MiB", ".0f", lambda one: one.memory[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--streams", type=int, default=500)
    options = parser.parse_args()
    asked, version = bodies(), litellm_version()
    theirs = json.dumps({"stream": True, "messages": [{"role": "user", "content": "x"}]}).encode()
    with tempfile.TemporaryDirectory() as folder, ours("stub", folder) as stub:
        address = f"http://127.0.0.1:{stub.port}"

        def seen() -> Any:
            with urlopen(address) as answer:
                return json.load(answer)

        seen()
        floor = asyncio.run(first_words(stub.port, "/v1/chat/completions", theirs))
        with ours("nothing", folder) as server:
            nothing = measure(server, asked, options, seen)
        with ours("engine", folder, f"{address}/v1") as server:
            pollux = measure(server, asked, options, seen)
        other = None
        if version:
            with litellm(folder, f"{address}/v1") as server:
                other = measure(server, asked, options, seen)
    report(nothing, pollux, other, version, floor)
    if not version:
        print("LiteLLM is not installed: python tools/install_litellm.py, to measure beside it.")


if __name__ == "__main__":
    main()
