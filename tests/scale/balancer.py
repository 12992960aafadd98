"""A balancer of connections that follows /readyz, as a Kubernetes Service does: what a server's draining is for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import count

import httpx

LOOK_SECONDS = 0.2
"""Kubernetes needs seconds: the period of its probe, and the time until every node has heard."""


@contextlib.asynccontextmanager
async def balancer(ports: Sequence[int]) -> AsyncIterator[tuple[str, set[int]]]:
    """New connections go to servers that are ready, in turn; old ones stay where they are.

    Its address, and the ports that it takes for ready.
    """
    ready = set(ports)
    turn = count()

    async def watch(port: int) -> None:
        async with httpx.AsyncClient(timeout=2) as client:
            while True:
                try:
                    good = (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
                except httpx.HTTPError:
                    good = False
                (ready.add if good else ready.discard)(port)
                await asyncio.sleep(LOOK_SECONDS)

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                target.write(data)
                await target.drain()
        target.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = sorted(ready)
        try:
            out, back = await asyncio.open_connection("127.0.0.1", there[next(turn) % len(there)])
        except (OSError, ZeroDivisionError):
            writer.close()
            return
        with contextlib.suppress(asyncio.CancelledError):  # at the end
            await asyncio.gather(pump(reader, back), pump(out, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1024)
    watching = [asyncio.create_task(watch(port)) for port in ports]
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", ready
    finally:
        for task in watching:
            task.cancel()
        server.close()
