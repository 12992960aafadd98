"""What several servers share: keys, files, uploads, jobs; and what nginx must not get in the way of."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from pollux import samples
from tests.engines.openai.stub import DONE, STOP, USAGE, Wire, delta, pixels, saying
from tests.scale.cluster import FLASH, Cluster, Server, Stores, cli, cluster, configure, new_key, stores, wait_for

MIB = 1 << 20


@pytest.fixture(scope="module")
def places() -> Iterator[Stores]:
    with stores() as made:
        yield made


@pytest.fixture(scope="module")
def house(places: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three servers behind nginx.  The bucket is a mock of S3."""
    more = {"POLLUX_BATCH_PENDING_SECONDS": "0", "POLLUX_SERVER_DRAIN_SECONDS": "0", "POLLUX_BATCH_LINES": "2"}
    with cluster(tmp_path_factory.mktemp("house"), places, 3, more) as made:
        yield made


@pytest.fixture
def client(house: Cluster) -> Iterator[httpx.Client]:
    house.stub.plays = [saying("hello")]
    with httpx.Client(base_url=house.url, headers=house.headers, timeout=30) as made:
        yield made


def ask(text: str, **more: Any) -> dict[str, Any]:
    return {"contents": [{"parts": [{"text": text}, *more.get("parts", [])]}]}


def noise() -> bytes:
    """A picture of 12 MB, which nothing makes smaller."""
    import cv2
    import numpy as np

    pixels = np.random.default_rng(7).integers(0, 256, (2000, 2000, 3), np.uint8)
    return bytes(cv2.imencode(".png", pixels)[1])


def begin(client: httpx.Client, base: str, size: int, mime: str = "image/jpeg") -> str:
    """The address of a new resumable upload."""
    headers = {
        "X-Goog-Upload-Protocol": "resumable",
        "X-Goog-Upload-Command": "start",
        "X-Goog-Upload-Header-Content-Length": str(size),
        "X-Goog-Upload-Header-Content-Type": mime,
    }
    answer = client.post(f"{base}/upload/v1beta/files", json={}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.headers["x-goog-upload-url"]


def at(address: str, server: Server) -> str:
    """The same upload at another server."""
    return re.sub(r"^http://[^/]+", server.url, address)


def send(client: httpx.Client, address: str, command: str, offset: int = 0, data: bytes = b"") -> httpx.Response:
    headers = {"X-Goog-Upload-Command": command, "X-Goog-Upload-Offset": str(offset)}
    return client.post(address, content=data, headers=headers)


def test_without_a_key_nothing_is_open_and_many_may_migrate(places: Stores, tmp_path: Path) -> None:
    database, bucket = places.new()
    environ = configure(tmp_path, "http://127.0.0.1:9/v1", database, bucket, {"POLLUX_HOST": "0.0.0.0"})
    with ThreadPoolExecutor(2) as pool:  # each of them finds an empty database
        refused = list(pool.map(lambda _: cli(environ, "serve", "--port", "0", check=False), range(2)))
    assert [one.returncode for one in refused] == [2, 2], refused[0].stderr
    assert all("pollux keys create" in one.stderr for one in refused), refused[0].stderr
    new_key(database)
    server = Server(tmp_path, 0, environ)
    try:
        server.start()
    finally:
        server.kill()


def test_a_key_works_everywhere_at_once_and_nowhere_once_revoked(house: Cluster) -> None:
    key = {"x-goog-api-key": house.pollux("keys", "create", "second")}

    def statuses() -> list[int]:
        return [httpx.get(f"{one.url}/v1beta/models", headers=key).status_code for one in house.servers]

    assert statuses() == [200, 200, 200]
    house.pollux("keys", "revoke", "second")
    wait_for(lambda: statuses() == [400, 400, 400], 2)


def test_a_file_sent_to_one_is_seen_by_another(house: Cluster, client: httpx.Client) -> None:
    data = samples.read("sign")
    one, two, three = house.servers
    address = begin(client, one.url, len(data))
    file = send(client, at(address, one), "upload, finalize", 0, data).json()["file"]
    got = client.get(f"{three.url}/v1beta/{file['name']}").json()
    assert (got["state"], got["sha256Hash"]) == ("ACTIVE", file["sha256Hash"])
    part = {"fileData": {"fileUri": file["uri"], "mimeType": "image/jpeg"}}
    answer = client.post(f"{two.url}{FLASH}:generateContent", json=ask("What does it say?", parts=[part]))
    assert answer.json()["candidates"][0]["content"]["parts"][0]["text"] == "hello"
    sent = pixels({"image_url": {"url": "data:image/jpeg;base64," + base64.b64encode(data).decode()}})
    (seen,) = house.stub.seen[-1].pictures()
    assert (seen == sent).all()


def test_an_upload_goes_on_at_other_servers(house: Cluster, client: httpx.Client) -> None:
    data = bytes(range(256)) * (5 * MIB // 256)
    one, two, three = house.servers
    address = begin(client, house.url, len(data), "text/plain")
    assert address.startswith(house.url), "X-Forwarded-Host of a trusted proxy"
    assert send(client, at(address, one), "upload", 0, data[: 2 * MIB]).status_code == 200
    query = send(client, at(address, two), "query")
    assert query.headers["x-goog-upload-size-received"] == str(2 * MIB)
    assert send(client, at(address, two), "upload", 2 * MIB, data[2 * MIB : 3 * MIB]).status_code == 200
    done = send(client, at(address, three), "upload, finalize", 3 * MIB, data[3 * MIB :])
    assert done.json()["file"]["sizeBytes"] == str(len(data))


def test_a_large_upload_and_a_large_question_pass_nginx(house: Cluster, client: httpx.Client) -> None:
    data = bytes(40 * MIB)
    done = send(client, begin(client, house.url, len(data), "text/plain"), "upload, finalize", 0, data)
    assert done.json()["file"]["sizeBytes"] == str(len(data))
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(noise()).decode()}}
    answer = client.post(f"{FLASH}:generateContent", json=ask("what?", parts=[picture]))
    assert answer.status_code == 200, answer.text
    beyond = client.post(f"{FLASH}:countTokens", content=b" " * (64 * MIB + 1))
    assert beyond.json()["error"]["code"] in (400, 413), "said by Pollux, in JSON"


def test_a_stream_is_not_held_up(house: Cluster, client: httpx.Client) -> None:
    heard = threading.Event()

    async def play(wire: Wire) -> None:
        await wire.head()
        await wire.frames(delta("one "), delta("two "))
        heard_it = await asyncio.to_thread(heard.wait, 10)
        await wire.frames(delta("three" if heard_it else "nobody heard"), STOP, USAGE)
        await wire.send(DONE)
        await wire.end()

    house.stub.plays = [play]
    with client.stream("POST", f"{FLASH}:streamGenerateContent?alt=sse", json=ask("count")) as answer:
        texts = []
        for line in answer.iter_lines():
            if line.startswith("data:"):
                parts = json.loads(line[5:])["candidates"][0]["content"]["parts"]
                texts.append("".join(part["text"] for part in parts))
                heard.set()
    assert "".join(texts) == "one two three"


def test_who_hangs_up_at_nginx_stops_the_model(house: Cluster, client: httpx.Client) -> None:
    house.stub.left.clear()

    async def play(wire: Wire) -> None:
        await wire.head()
        await wire.frames(delta("begun "), delta("and "))
        while not wire.closed:  # noqa: ASYNC110 - streams tell no event
            await asyncio.sleep(0.02)

    house.stub.plays = [play]
    with client.stream("POST", f"{FLASH}:streamGenerateContent?alt=sse", json=ask("go on")) as answer:
        next(answer.iter_lines())
    wait_for(house.stub.left.is_set, 5)


def batch(client: httpx.Client, texts: list[str]) -> str:
    """A job of an uploaded file; its name."""
    lines = "".join(json.dumps({"key": text, "request": ask(text)}) + "\n" for text in texts).encode()
    base = str(client.base_url).rstrip("/")
    done = send(client, begin(client, base, len(lines), "application/jsonl"), "upload, finalize", 0, lines)
    body = {"batch": {"displayName": "job", "inputConfig": {"fileName": done.json()["file"]["name"]}}}
    answer = client.post(f"{FLASH}:batchGenerateContent", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["name"])


def test_a_job_outlives_the_server_that_runs_it(house: Cluster, client: httpx.Client) -> None:
    """Killed in the middle: another server goes on; every line once, in order.  Its result comes in ranges."""

    async def play(wire: Wire) -> None:
        await asyncio.sleep(0.1)
        await saying("done")(wire)

    house.stub.plays = [play]
    texts = [f"line {number}" for number in range(60)]
    name, before = batch(client, texts), len(house.stub.seen)
    wait_for(lambda: len(house.stub.seen) > before + 6)
    house.servers[0].kill()  # it was the first, and leads
    try:
        wait_for(lambda: client.get(f"/v1beta/{name}").json().get("done", False), 40)
        job = client.get(f"/v1beta/{name}").json()
        file = job["response"]["responsesFile"]
        whole = client.get(f"/download/v1beta/{file}:download?alt=media").content
        results = [json.loads(line) for line in whole.splitlines()]
        assert [result["key"] for result in results] == texts
        assert all("response" in result for result in results)
        part = client.get(f"/download/v1beta/{file}:download?alt=media", headers={"Range": "bytes=10-29"})
        assert (part.status_code, part.content) == (206, whole[10:30])
        assert part.headers["content-range"] == f"bytes 10-29/{len(whole)}"
    finally:
        house.servers[0].start()
