"""A permit at the door: how many generate at once, how many may wait, how much one caller may ask."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pollux.core.deadline import Deadline, within
from pollux.errors import ResourceExhausted, quota_failure

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the project, the key's id, and the key's own limits (None: unlimited)."""

    project: str = "default"
    key: str = ""
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


class Permits:
    """At most `running` at once and `waiting` in line; whoever comes later is told when to come back."""

    def __init__(self, running: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(running)
        self._running = running
        self._limit = running + waiting
        self._inside = 0
        self._seconds = 1.0  # a moving average of how long a permit is held

    @asynccontextmanager
    async def permit(self, deadline: Deadline) -> AsyncIterator[None]:
        """Holds one permit.  Raises ResourceExhausted, with RetryInfo, when the line is full, or DeadlineExceeded."""
        if self._inside >= self._limit:
            wait = self._seconds * self._inside / self._running
            raise ResourceExhausted(
                f"The server is busy: {self._inside} requests are running or waiting. Please retry.",
                retry_after=round(min(max(wait, 0.1), 60.0), 1),
            )
        self._inside += 1
        try:
            if self._free.locked():
                await within(deadline, self._free.acquire())
            else:
                await self._free.acquire()  # at once: a timer would cost more than it
            began = time.monotonic()
            try:
                yield
            finally:
                self._free.release()
                self._seconds += 0.1 * (time.monotonic() - began - self._seconds)
        finally:
            self._inside -= 1


class _Bucket:
    """A token bucket that fills `limit` a minute and may go below zero (usage is known only afterwards)."""

    def __init__(self, limit: int, now: float) -> None:
        self.limit = limit
        self.level = float(limit)
        self.at = now

    def refill(self, now: float) -> None:
        self.level = min(self.limit, self.level + (now - self.at) * self.limit / MINUTE)
        self.at = now

    def wait_for(self, amount: float) -> float:
        """Seconds until `amount` is there; 0 when it is."""
        return max(0.0, (amount - self.level) * MINUTE / self.limit)


class RateLimits:
    """Requests and tokens a minute, for each key that has limits.  Not thread-safe: it lives on the loop."""

    MOST_KEYS = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def check(self, caller: Caller, model: str) -> None:
        """Takes one request from the caller's minute.  Raises ResourceExhausted with QuotaFailure and RetryInfo."""
        tokens = self._bucket(caller, "tokens", caller.tokens_per_minute)
        if tokens is not None and tokens.level < 1:
            self._refuse(tokens, tokens.wait_for(1), "generate_content_tokens_per_minute", model)
        requests = self._bucket(caller, "requests", caller.requests_per_minute)
        if requests is not None:
            if requests.level < 1:
                self._refuse(requests, requests.wait_for(1), "generate_content_requests_per_minute", model)
            requests.level -= 1

    def spend(self, caller: Caller, amount: int) -> None:
        """Takes the tokens that a request turned out to cost."""
        tokens = self._bucket(caller, "tokens", caller.tokens_per_minute)
        if tokens is not None:
            tokens.level -= amount

    def _bucket(self, caller: Caller, what: str, limit: int | None) -> _Bucket | None:
        if not limit:
            return None
        now = self._clock()
        key = (caller.key, what)
        bucket = self._buckets.get(key)
        if bucket is None or bucket.limit != limit:
            bucket = self._buckets[key] = _Bucket(limit, now)
            if len(self._buckets) > self.MOST_KEYS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        bucket.refill(now)
        return bucket

    @staticmethod
    def _refuse(bucket: _Bucket, wait: float, metric: str, model: str) -> None:
        raise ResourceExhausted(
            f"You exceeded your key's quota of {bucket.limit} ({metric}). Please retry in {wait:.1f}s.",
            retry_after=wait,
            details=[quota_failure(metric, bucket.limit, {"model": model})],
        )
