"""Inference threads: events to the loop, errors, cancellation, the end."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any

import numpy as np
import pytest

from pollux.engines.base import Event, Frame, Text
from pollux.engines.lane import FRAMES_AHEAD, Lane
from pollux.errors import Cancelled, Internal, InvalidArgument, Unavailable


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    lane = Lane(1)
    yield lane
    lane.close()


async def texts(lane: Lane, make: Any) -> list[str]:
    return [event.text async for event in lane.iterate(make)]  # type: ignore[union-attr]


def endless(cancelled: Callable[[], bool]) -> Iterator[Event]:
    while not cancelled():
        yield Text("x")
        time.sleep(0.002)


async def test_events_come_in_order_off_the_loop(lane: Lane) -> None:
    def work(cancelled: Callable[[], bool]) -> Iterator[Event]:
        assert threading.current_thread().name.startswith("pollux-lane")
        yield from map(Text, "abc")

    assert await texts(lane, work) == ["a", "b", "c"]
    assert await lane.call(lambda a, b: a + b, 1, 2) == 3


@pytest.mark.parametrize(
    ("error", "seen"), [(InvalidArgument("x"), InvalidArgument), (ValueError("x"), Internal), (SystemExit(), Internal)]
)
async def test_errors_come_back(lane: Lane, error: BaseException, seen: type[Exception]) -> None:
    def work(cancelled: Callable[[], bool]) -> Iterator[Event]:
        yield Text("a")
        raise error

    events = lane.iterate(work)
    assert await anext(events) == Text("a")
    with pytest.raises(seen) as caught:
        await anext(events)
    assert caught.value is error or caught.value.__cause__ is error
    assert await texts(lane, lambda _: iter([Text("still")])) == ["still"]


async def test_closing_the_iterator_stops_the_work(lane: Lane) -> None:
    async with aclosing(lane.iterate(endless)) as events:  # type: ignore[type-var]
        await anext(events)
    assert await asyncio.wait_for(texts(lane, lambda _: iter([Text("free")])), 2) == ["free"]


async def test_what_calls_back_is_followed_too(lane: Lane) -> None:
    done = threading.Event()

    def work(cancelled: Callable[[], bool], put: Callable[[Event], None]) -> None:
        for letter in "ab":
            put(Text(letter))
        while not cancelled():
            time.sleep(0.002)
        put(Text("nobody takes this"))
        done.set()

    async with aclosing(lane.follow(work)) as events:  # type: ignore[type-var]
        assert [await anext(events), await anext(events)] == [Text("a"), Text("b")]
    assert await asyncio.to_thread(done.wait, 2)


async def test_work_that_a_closing_lane_cancels_is_no_callers_doing() -> None:
    lane = Lane(1)

    def work(cancelled: Callable[[], bool], put: Callable[[Event], None]) -> None:
        put(Text("a"))
        while not cancelled():
            time.sleep(0.002)
        raise Cancelled

    events = lane.follow(work)
    await anext(events)
    lane.close()
    with pytest.raises(Unavailable):
        await anext(events)


async def test_cancelled_while_waiting_is_never_begun(lane: Lane) -> None:
    begun = threading.Event()

    def second(cancelled: Callable[[], bool]) -> Iterator[Event]:
        begun.set()
        yield Text("no")

    async with aclosing(lane.iterate(endless)) as events:  # type: ignore[type-var]
        await anext(events)
        waiting = asyncio.create_task(texts(lane, second))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await lane.call(lambda: None)
    assert not begun.is_set()


async def test_closing_the_lane_ends_running_and_waiting_streams_as_errors() -> None:
    lane = Lane(1)
    running = asyncio.create_task(texts(lane, endless))
    waiting = asyncio.create_task(texts(lane, endless))
    await asyncio.sleep(0.02)
    lane.close()
    results = await asyncio.wait_for(asyncio.gather(running, waiting, return_exceptions=True), 2)
    assert [type(result) for result in results] == [Unavailable, Unavailable]
    with pytest.raises(Unavailable):
        await lane.call(print)
    with pytest.raises(Unavailable):
        await texts(lane, endless)


async def test_many_at_once() -> None:
    lane = Lane(4)

    def work(cancelled: Callable[[], bool]) -> Iterator[Event]:
        for i in range(50):
            yield Text(str(i))

    results = await asyncio.gather(*(texts(lane, work) for _ in range(20)))
    assert results == [[str(i) for i in range(50)]] * 20
    lane.close()


async def test_frames_are_made_only_so_far_ahead(lane: Lane) -> None:
    """A whole video of frames would be gigabytes; and who goes away sets the thread free."""
    made: list[int] = []

    def work(cancelled: Callable[[], bool]) -> Iterator[Event]:
        for number in range(100):
            made.append(number)
            yield Frame(np.zeros((2, 2, 3), np.uint8))

    async with aclosing(lane.iterate(work)) as events:  # type: ignore[type-var]
        await anext(events)
        await asyncio.sleep(0.1)
        assert len(made) <= FRAMES_AHEAD + 2
    assert await asyncio.wait_for(texts(lane, lambda _: iter([Text("free")])), 5) == ["free"]
    assert len([event async for event in lane.iterate(work)]) == 100
