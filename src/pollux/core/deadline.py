"""A request's deadline."""

from __future__ import annotations

import asyncio
import time
import types
from collections.abc import Awaitable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

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
    """Awaits `work` until the deadline.  Raises DeadlineExceeded, and cancels the work, when it passes.

    A timer is set only when the work waits for something: most of a request's steps do not.
    """
    step = work.__await__()
    try:
        waits_for = next(step)
    except StopIteration as done:
        return cast(T, done.value)
    try:
        async with asyncio.timeout(deadline.at - time.monotonic()) as scope:
            return await _resumed(step, waits_for)
    except TimeoutError:
        if not scope.expired():  # the work's own
            raise
        message = f"The request was not finished within its deadline of {deadline.seconds:g} seconds."
        raise DeadlineExceeded(message) from None


@types.coroutine
def _resumed(step: Generator[Any, Any, T], waits_for: Any) -> Generator[Any, Any, T]:
    """The rest of an awaitable that has begun, and waits for that."""
    while True:
        try:
            value = yield waits_for
        except BaseException as error:
            forward = partial(step.throw, error)
        else:
            forward = partial(step.send, value)
        try:
            waits_for = forward()
        except StopIteration as done:
            return cast(T, done.value)
