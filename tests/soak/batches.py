"""A batch job under kill -9: the server dies at random moments; every key must come out exactly once, in order.

python -m tests.soak.batches --kills 100 --lines 20000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.soak.uploads import KEY, Server, free_port

MODEL = "gemini-2.5-flash"


@dataclass
class Report:
    """What happened."""

    kills: int
    lives_after: int
    seconds: float
    keys: int
    objects: int


def lines(count: int) -> Iterator[bytes]:
    """The input: keys k0, k1, ..."""
    for number in range(count):
        request = {"contents": [{"parts": [{"text": f"say {number}"}]}]}
        yield json.dumps({"key": f"k{number}", "request": request}).encode() + b"\n"


def create(url: str, data: bytes) -> str:
    """Uploads the input and makes a job of it; its name."""
    headers = {**KEY, "X-Goog-Upload-Protocol": "raw", "Content-Type": "application/jsonl"}
    file = httpx.post(f"{url}/upload/v1beta/files", content=data, headers=headers, timeout=60).json()["file"]
    body = {"batch": {"displayName": "soak", "inputConfig": {"fileName": file["name"]}}}
    answer = httpx.post(f"{url}/v1beta/models/{MODEL}:batchGenerateContent", json=body, headers=KEY, timeout=60)
    answer.raise_for_status()
    return str(answer.json()["name"])


def look(url: str, name: str) -> dict[str, Any]:
    """The job as the API shows it."""
    answer = httpx.get(f"{url}/v1beta/{name}", headers=KEY, timeout=60)
    answer.raise_for_status()
    return dict(answer.json())


def finished(url: str, name: str, seconds: float) -> dict[str, Any]:
    """The job once it is done."""
    until = time.monotonic() + seconds
    while not (job := look(url, name))["done"]:
        assert time.monotonic() < until, job
        time.sleep(0.1)
    return job


def check(url: str, job: dict[str, Any], count: int) -> int:
    """Every key once, in order, with its own answer, and the counts right; how many keys."""
    assert job["metadata"]["state"] == "JOB_STATE_SUCCEEDED", job
    stats = job["metadata"]["batchStats"]
    assert (stats["requestCount"], stats["successfulRequestCount"]) == (str(count), str(count)), stats
    file = job["response"]["responsesFile"]
    answer = httpx.get(f"{url}/download/v1beta/{file}:download?alt=media", headers=KEY, timeout=60)
    results = [json.loads(line) for line in answer.raise_for_status().content.splitlines()]
    assert [result["key"] for result in results] == [f"k{number}" for number in range(count)]
    for number, result in enumerate(results):
        text = result["response"]["candidates"][0]["content"]["parts"][0]["text"]
        assert text == f"say {number}", (number, text)
    return len(results)


def soak(folder: Path, kills: int, count: int, seed: int, say: bool = False) -> Report:
    """Runs one job, killing the server so many times."""
    rng = random.Random(seed)
    port = free_port()
    program = ("-m", "tests.soak.serving", str(port), str(folder / "data"), "0.05")
    server = Server(folder / "data", port, program=program)
    began = time.monotonic()
    server.start()
    name = create(server.url, b"".join(lines(count)))
    killed = 0
    while killed < kills:
        time.sleep(rng.uniform(0.0, 2.0))
        server.kill()
        killed += 1
        server.start()
        job = look(server.url, name)
        if say:
            print(f"{killed} kills, {job['metadata']['batchStats']['successfulRequestCount']} done", flush=True)
        if job["done"] and killed < kills:
            break
    lives = kills - killed
    job = finished(server.url, name, 600)
    keys = check(server.url, job, count)
    server.stop()
    objects = sum(path.is_file() for path in (folder / "data" / "blobs").rglob("*"))
    return Report(killed, lives, time.monotonic() - began, keys, objects)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = soak(Path(folder), options.kills, options.lines, options.seed, say=True)
    print(
        f"{report.kills} kills (job done with {report.lives_after} to go), {report.keys} keys once and in order, "
        f"{report.seconds:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
