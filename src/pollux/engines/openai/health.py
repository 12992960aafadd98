"""Several upstreams are asked from time to time whether they are there, so that no caller's request has to find out.

One that does not answer is left alone for as long as it does not.  One that answers again is half open: a single
request is its trial (`pool`).  What callers' requests find (503, silence) is the pool's own business: a server may list
its models and yet not answer.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from pollux.engines.openai.options import Options
from pollux.engines.openai.pool import Pool, Upstream

log = logging.getLogger("pollux.engines.openai")


class Health:
    """Asks each upstream about every `health_seconds`, each at times of its own; `alive` asks one."""

    def __init__(self, options: Options, pool: Pool, alive: Callable[[Upstream], Awaitable[bool]]) -> None:
        self._seconds = options.health_seconds if len(pool.all) > 1 else 0.0
        self._place = options.place
        self._pool = pool
        self._alive = alive
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """With the first request, so that a server which nobody uses asks nobody."""
        loop = asyncio.get_running_loop()
        if self._seconds and self._loop is not loop:
            self._loop = loop
            self._tasks = [loop.create_task(self._watch(one)) for one in self._pool.all]

    def close(self) -> None:
        """Asks no more."""
        for task in self._tasks:
            with suppress(RuntimeError):  # its loop is closed, and the task with it
                task.cancel()
        self._tasks, self._loop = [], None

    async def _watch(self, one: Upstream) -> None:
        await asyncio.sleep(random.uniform(0.0, self._seconds))  # noqa: S311
        while True:
            self._note(one, well=await self._alive(one))
            await asyncio.sleep(self._seconds * random.uniform(0.75, 1.25))  # noqa: S311

    def _note(self, one: Upstream, *, well: bool) -> None:
        if well and one.away:
            log.info("%s: %s answers again.", self._place, one.address)
            self._pool.found(one)
        elif not well:
            if not one.away:
                log.warning("%s: %s does not answer; the others are asked.", self._place, one.address)
            self._pool.missed(one)
