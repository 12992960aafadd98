"""A request's deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from pollux.errors import DeadlineExceeded

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a request must be finished: `at` on the monotonic clock, `seconds` as it was given."""

    at: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds, seconds)


async def within(deadline: Deadline, work: Awaitable[T]) -> T:
    """Awaits `work` until the deadline.  Raises DeadlineExceeded, and cancels the work, when it passes."""
    left = deadline.at - time.monotonic()
    try:
        async with asyncio.timeout(left) as scope:
            return await work
    except TimeoutError:
        if not scope.expired():  # the work's own
            raise
        message = f"The request was not finished within its deadline of {deadline.seconds:g} seconds."
        raise DeadlineExceeded(message) from None
