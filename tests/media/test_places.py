"""Places for work that takes long: whose turn it is, and what happens when callers go away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from pollux.media import child
from pollux.media.limits import MediaLimits
from pollux.media.places import Places
from pollux.media.resolve import resolve
from pollux.wire.content import Blob
from tests.media.files import pdf
from tests.media.samples import FIELD


@pytest.fixture
async def two() -> AsyncIterator[Places]:
    places = Places(2)
    yield places
    await places.close()


class Crowd:
    """Callers that take a place until they are told to go."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._done: list[asyncio.Event] = []
        self.came: list[str] = []

    async def comes(self, *names: str) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self._stay(name)) for name in names]
        await asyncio.sleep(0)
        return tasks

    async def goes(self, number: int) -> None:
        """The one who came in as number `number` leaves."""
        self._done[number].set()
        for _ in range(5):
            await asyncio.sleep(0)

    async def _stay(self, name: str) -> None:
        async with self._places.place(name[0]):
            self.came.append(name)
            self._done.append(asyncio.Event())
            await self._done[-1].wait()


async def test_a_late_project_is_before_the_rest_of_a_busy_one(two: Places) -> None:
    crowd = Crowd(two)
    await crowd.comes("a1", "a2", "a3", "a4", "a5", "b1", "c1", "b2")
    assert crowd.came == ["a1", "a2"]
    for number in range(8):
        await crowd.goes(number)
    assert crowd.came == ["a1", "a2", "b1", "a3", "c1", "b2", "a4", "a5"]


async def test_one_project_may_have_all_places_while_nobody_waits(two: Places) -> None:
    crowd = Crowd(two)
    await crowd.comes("a1", "a2")
    assert crowd.came == ["a1", "a2"]


async def test_who_goes_away_while_waiting_takes_no_place(two: Places) -> None:
    crowd = Crowd(two)
    *_, waiting, given, _ = await crowd.comes("a1", "a2", "b1", "b2", "c1")
    waiting.cancel()
    await asyncio.sleep(0)
    await crowd.goes(0)
    assert crowd.came == ["a1", "a2", "b2"]
    crowd._done[1].set()
    await asyncio.sleep(0)  # c1's turn is given now
    given.cancel()
    await crowd.goes(2)
    assert crowd.came == ["a1", "a2", "b2", "c1"]
    await crowd.comes("d1")
    assert crowd.came[-1] == "d1"


async def test_work_is_told_when_its_caller_goes_and_keeps_its_place_until_it_ends() -> None:
    places = Places(1)
    started, told, end = threading.Event(), threading.Event(), threading.Event()

    def work(cancelled: Callable[[], bool]) -> None:
        started.set()
        while not cancelled():
            end.wait(0.01)
        told.set()
        end.wait()

    caller = asyncio.create_task(places.run("a", work))
    await asyncio.to_thread(started.wait)
    caller.cancel()
    await asyncio.to_thread(told.wait)
    assert caller.cancelled()
    next_one = asyncio.create_task(places.run("a", lambda cancelled: end.is_set()))
    await asyncio.sleep(0.05)
    assert not next_one.done()
    end.set()
    assert await next_one
    await places.close()


async def test_a_document_is_given_up_when_its_caller_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_RUN", "import time; time.sleep(1000)")
    places = Places(1)
    paper = Blob("application/pdf", pdf([[]]))
    limits = MediaLimits(seconds=1000)
    caller = asyncio.create_task(resolve(paper, FIELD, limits, look=lambda work: places.run("a", work)))
    await asyncio.sleep(0.2)
    caller.cancel()
    assert await places.run("b", lambda cancelled: "b's turn") == "b's turn"
    await places.close()


async def test_closing_ends_the_work() -> None:
    places = Places(1)

    def work(cancelled: Callable[[], bool]) -> bool:
        while not cancelled():
            threading.Event().wait(0.01)
        return True

    caller = asyncio.create_task(places.run("a", work))
    await asyncio.sleep(0.05)
    await places.close()
    assert await caller
