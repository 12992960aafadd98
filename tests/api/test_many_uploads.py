"""Many uploads at once, slow ones among them, and how much memory they take."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from pollux.testing import RunningServer, ScriptedEngine, running

KEY = {"x-goog-api-key": "k"}
MANY = 200


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running(ScriptedEngine(), {"files.idle_seconds": 5}) as server:
        yield server


async def start(http: httpx.AsyncClient, size: int) -> str:
    headers = {**KEY, "X-Goog-Upload-Command": "start", "X-Goog-Upload-Header-Content-Length": str(size)}
    answer = await http.post("/upload/v1beta/files", headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["x-goog-upload-url"])


async def upload(http: httpx.AsyncClient, data: bytes, chunk: int) -> None:
    """A file in chunks, checked."""
    url = await start(http, len(data))
    for at in range(0, len(data), chunk):
        last = at + chunk >= len(data)
        headers = {"X-Goog-Upload-Command": "upload, finalize" if last else "upload", "X-Goog-Upload-Offset": str(at)}
        answer = await http.post(url, headers=headers, content=data[at : at + chunk])
        assert answer.status_code == 200, answer.text
    digest = base64.b64decode(answer.json()["file"]["sha256Hash"]).decode()
    assert digest == hashlib.sha256(data).hexdigest()


def head(server: RunningServer, url: str, size: int) -> bytes:
    """The first chunk's request, without its body."""
    return (
        f"POST {url.removeprefix(server.url)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
        "X-Goog-Upload-Command: upload\r\nX-Goog-Upload-Offset: 0\r\n\r\n"
    ).encode()


def client(server: RunningServer) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=MANY + 10)
    return httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits)


async def test_two_hundred_at_once(server: RunningServer) -> None:
    chance = random.Random(3)
    async with client(server) as http:
        files = [chance.randbytes(chance.randrange(300_000)) for _ in range(MANY)]
        await asyncio.gather(*(upload(http, data, 100_000) for data in files if data))


async def test_slow_clients_hold_nobody_up(server: RunningServer) -> None:
    """Twenty clients send a byte now and then; others upload and list as quickly as ever."""
    async with client(server) as http:
        stop = asyncio.Event()

        async def drip() -> AsyncIterator[bytes]:
            for _ in range(900):
                yield b"."
                if stop.is_set():
                    break
                await asyncio.sleep(0.1)

        async def slow() -> httpx.Response:
            headers = {"X-Goog-Upload-Command": "upload", "X-Goog-Upload-Offset": "0"}
            return await http.post(await start(http, 1000), headers=headers, content=drip())

        tasks = [asyncio.create_task(slow()) for _ in range(20)]
        await asyncio.sleep(0.3)
        for _ in range(5):
            began = time.perf_counter()
            await upload(http, b"x" * 1_000_000, 1_000_000)
            assert (await http.get("/v1beta/files", headers=KEY)).status_code == 200
            assert time.perf_counter() - began < 10
        assert not any(task.done() for task in tasks)
        stop.set()
        answers = await asyncio.gather(*tasks)
        assert all(answer.headers["x-goog-upload-status"] == "active" for answer in answers)
        assert all(int(answer.headers["x-goog-upload-size-received"]) > 2 for answer in answers)


async def test_a_client_that_falls_silent_is_let_go(server: RunningServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    async with client(server) as http:
        url = await start(http, 100)
        writer.write(head(server, url, 100) + b"x" * 10)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        assert answer.startswith(b"HTTP/1.1 504 ")
        writer.close()
        told = await http.post(url, headers={"X-Goog-Upload-Command": "query"})
        assert told.headers["x-goog-upload-size-received"] == "10"


async def test_a_connection_that_breaks_keeps_what_came(server: RunningServer) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    async with client(server) as http:
        data = random.Random(5).randbytes(3_000_000)
        url = await start(http, len(data))
        path = url.removeprefix(server.url)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\nX-Goog-Upload-Command: upload\r\n"
        )
        writer.write(f"{head}X-Goog-Upload-Offset: 0\r\n\r\n".encode() + data[:2_000_000])
        await writer.drain()
        writer.close()
        received = 0
        for _ in range(100):
            told = await http.post(url, headers={"X-Goog-Upload-Command": "query"})
            received = int(told.headers["x-goog-upload-size-received"])
            if received:
                break
            await asyncio.sleep(0.05)
        assert 0 < received <= 2_000_000
        headers = {"X-Goog-Upload-Command": "upload, finalize", "X-Goog-Upload-Offset": str(received)}
        answer = await http.post(url, headers=headers, content=data[received:])
        digest = base64.b64decode(answer.json()["file"]["sha256Hash"]).decode()
        assert digest == hashlib.sha256(data).hexdigest()
