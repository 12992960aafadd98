"""Servers restarted one after the other behind nginx, under load: how many requests fail?

    python -m tests.scale.rolling --servers 2 --rounds 3 --drain 2 [--plain | --follow]

--plain takes the rule for questions out of nginx's configuration: none is asked again at another server.
--follow puts a balancer that follows /readyz in the place of nginx.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.engines.openai.stub import DONE, STOP, USAGE, Wire, delta
from tests.scale.balancer import balancer
from tests.scale.cluster import FLASH, Cluster, cluster, stores

WORDS = 10
WHOLE = "".join(f"word{number} " for number in range(WORDS))
QUESTION = {"contents": [{"parts": [{"text": "go on"}]}]}
RULE = "proxy_next_upstream error timeout http_503 non_idempotent;"


@dataclass
class Report:
    """What happened: good answers by kind, what went wrong in words, and seconds of each stop."""

    good: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


async def slowly(wire: Wire) -> None:
    """An answer of about a second."""
    await wire.head()
    for number in range(WORDS):
        await wire.frames(delta(f"word{number} "))
        await asyncio.sleep(random.uniform(0.05, 0.15))
    await wire.frames(STOP, USAGE)
    await wire.send(DONE)
    await wire.end()


def texts(response: dict[str, Any]) -> str:
    parts = response["candidates"][0]["content"]["parts"]
    return "".join(part["text"] for part in parts)


async def stream(client: httpx.AsyncClient) -> None:
    """One stream, whole."""
    said = ""
    async with client.stream("POST", f"{FLASH}:streamGenerateContent?alt=sse", json=QUESTION) as answer:
        assert answer.status_code == 200, f"{answer.status_code} {(await answer.aread())[:200]!r}"
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                said += texts(json.loads(line[5:]))
    assert said == WHOLE, f"a stream ended with {said[-40:]!r}"


async def whole(client: httpx.AsyncClient) -> None:
    """One answer."""
    answer = await client.post(f"{FLASH}:generateContent", json=QUESTION)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:200]!r}"
    assert texts(answer.json()) == WHOLE


async def count(client: httpx.AsyncClient) -> None:
    """A question that is answered at once: often sent in the very moment in which a server closes."""
    answer = await client.post(f"{FLASH}:countTokens", json=QUESTION)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:200]!r}"


async def listing(client: httpx.AsyncClient) -> None:
    """Something short, that is read."""
    answer = await client.get("/v1beta/files")
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:200]!r}"
    await asyncio.sleep(0.05)


async def upload(client: httpx.AsyncClient) -> None:
    """A file, which must not be made twice: nginx asks for it once."""
    headers = {"X-Goog-Upload-Protocol": "raw", "Content-Type": "text/plain"}
    answer = await client.post("/upload/v1beta/files", content=b"some words\n", headers=headers)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:200]!r}"
    name = answer.json()["file"]["name"]
    answer = await client.delete(f"/v1beta/{name}")
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:200]!r}"


LOADS = {stream: 20, whole: 8, count: 8, listing: 2, upload: 1}


async def load(house: Cluster, url: str, report: Report, stopped: asyncio.Event) -> None:
    """Asks and asks, until it is told to stop; what is asked is then still answered."""

    async def keep(what: Any) -> None:
        while not stopped.is_set():
            began = time.monotonic()
            try:
                await what(client)
                report.good[what.__name__] += 1
            except (AssertionError, httpx.HTTPError) as error:
                report.failed.append(
                    f"{what.__name__}: {type(error).__name__} {error} after {time.monotonic() - began:.1f} s"
                )

    # Who keeps an idle connection for long may send on it in the moment in which the server's draining ends.
    limits = httpx.Limits(max_connections=None, keepalive_expiry=0.3)
    async with httpx.AsyncClient(base_url=url, headers=house.headers, timeout=60, limits=limits) as client:
        await asyncio.gather(*(keep(what) for what, count in LOADS.items() for _ in range(count)))


async def roll(house: Cluster, url: str, report: Report, rounds: int, ready: set[int] | None = None) -> None:
    """Every server in turn, while others stay; the next when the balancer knows that the last is `ready` again."""
    stopped = asyncio.Event()
    asking = asyncio.create_task(load(house, url, report, stopped))
    await asyncio.sleep(1.5)
    for _ in range(rounds):
        for server in house.servers:
            began = time.monotonic()
            report.statuses.append(await asyncio.to_thread(server.stop, signal.SIGTERM))
            report.stops.append(time.monotonic() - began)
            await asyncio.to_thread(server.start)
            while ready is not None and server.port not in ready:  # noqa: ASYNC110 - it tells no event
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
    stopped.set()
    await asking


def measure(
    folder: Path, *, servers: int = 2, rounds: int = 1, drain: float = 1.0, plain: bool = False, follow: bool = False
) -> Report:
    """All of it."""
    more = {"POLLUX_SERVER_DRAIN_SECONDS": str(drain), "POLLUX_BATCH": "none"}
    report = Report()

    def edit(text: str) -> str:
        assert text.count(RULE) == 1
        return text.replace(RULE, "") if plain else text

    with stores() as places, cluster(folder, places, servers, more, edit) as house:
        house.stub.plays = [slowly]
        asyncio.run(_through(house, report, rounds, follow=follow))
    return report


async def _through(house: Cluster, report: Report, rounds: int, *, follow: bool) -> None:
    if not follow:
        await roll(house, house.url, report, rounds)
        return
    async with balancer([server.port for server in house.servers]) as (url, ready):
        await roll(house, url, report, rounds, ready)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--drain", type=float, default=2.0)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--follow", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pollux-rolling-") as folder:
        report = measure(Path(folder), **vars(options))
    print(f"{options}: {sum(report.good.values())} good {dict(report.good)}, {len(report.failed)} failed")
    print(f"stops took {min(report.stops):.1f} to {max(report.stops):.1f} s, exit statuses {set(report.statuses)}")
    for text, count in Counter(report.failed).most_common(8):
        print(f"  {count} x {text}")


if __name__ == "__main__":
    main()
