"""A permit at the door: how many generate at once, how many may wait, how much one caller may ask."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pollux.core.deadline import Deadline, within
from pollux.engines.registry import Limits
from pollux.errors import ResourceExhausted, quota_failure

MINUTE = 60.0
TOKENS, REQUESTS = "generate_content_tokens_per_minute", "generate_content_requests_per_minute"


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
        self.waiting = waiting
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


NO_LIMITS = Limits()


class RateLimits:
    """Requests and tokens a minute: of keys that have limits, and of projects for models that have them.

    Not thread-safe: it lives on the loop.
    """

    MOST_KEYS = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, ...], _Bucket] = OrderedDict()

    def check(self, caller: Caller, model: str, limits: Limits = NO_LIMITS) -> None:
        """Takes a request from each minute it counts in.  Raises ResourceExhausted with QuotaFailure and RetryInfo."""
        taken = []
        for bucket, whose, metric in self._counted(caller, limits):
            if bucket.level < 1:
                self._refuse(bucket, whose, metric, model)
            if metric == REQUESTS:
                taken.append(bucket)
        for bucket in taken:
            bucket.level -= 1

    def spend(self, caller: Caller, amount: int, limits: Limits = NO_LIMITS) -> None:
        """Takes the tokens that a request turned out to cost."""
        for bucket, _, metric in self._counted(caller, limits):
            if metric == TOKENS:
                bucket.level -= amount

    def _counted(self, caller: Caller, limits: Limits) -> Iterator[tuple[_Bucket, str, str]]:
        """The minutes that a request counts in: whose, and of what."""
        if caller.tokens_per_minute:
            yield self._bucket((caller.key, TOKENS), caller.tokens_per_minute), "key", TOKENS
        if caller.requests_per_minute:
            yield self._bucket((caller.key, REQUESTS), caller.requests_per_minute), "key", REQUESTS
        for quota, metric in ((limits.tpm, TOKENS), (limits.rpm, REQUESTS)):
            if quota is not None:
                yield self._bucket((caller.project, quota.pattern, metric), quota.most), "project", metric

    def _bucket(self, key: tuple[str, ...], limit: int) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None or bucket.limit != limit:
            bucket = self._buckets[key] = _Bucket(limit, now)
            if len(self._buckets) > self.MOST_KEYS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        bucket.refill(now)
        return bucket

    @staticmethod
    def _refuse(bucket: _Bucket, whose: str, metric: str, model: str) -> None:
        wait = bucket.wait_for(1)
        text = f"You exceeded your {whose}'s quota of {bucket.limit} ({metric})"
        if whose == "project":
            text += f" for models/{model}"
        raise ResourceExhausted(
            f"{text}. Please retry in {wait:.1f}s.",
            retry_after=wait,
            details=[quota_failure(metric, bucket.limit, {"model": model})],
        )
