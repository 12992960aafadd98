"""Permits, rate limits, deadlines, cancellation: who may come in, for how long, and what stops with them."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import Any

import pytest

from pollux.core.admit import Caller, Permits, RateLimits
from pollux.core.deadline import Deadline, within
from pollux.engines.base import Text
from pollux.engines.scripted import Wait
from pollux.errors import ApiError, DeadlineExceeded, InvalidArgument, ResourceExhausted, Unimplemented
from pollux.wire import lenient
from pollux.wire.generate import GenerateContentRequest
from tests.core.kit import HELLO, MODEL, ask, embed, make_core, playing

SLOW = (Text("a "), Wait(30), Text("b"))


def detail(error: ApiError, kind: str) -> Any:
    return next(d for d in error.details if d["@type"].endswith(kind))


async def test_beyond_the_line_is_429_with_retry_info() -> None:
    core = make_core(playing(*SLOW), running=1, waiting=1)
    tasks = [asyncio.create_task(ask(core)) for _ in range(2)]
    await asyncio.sleep(0.02)
    with pytest.raises(ResourceExhausted) as caught:
        await ask(core)
    assert float(detail(caught.value, "RetryInfo")["retryDelay"].removesuffix("s")) > 0
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_cancellation_gives_permits_back_and_stops_the_engine() -> None:
    engine = playing(*SLOW)
    core = make_core(engine, running=1, waiting=5)
    tasks = [asyncio.create_task(ask(core)) for _ in range(4)]
    await asyncio.sleep(0.02)
    assert len(engine.prompts) == 1
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert engine.closed == 1
    engine.script = lambda _: [Text("now")]
    await asyncio.wait_for(ask(core), 1)


async def test_closing_the_iterator_stops_the_engine() -> None:
    engine = playing(Text("one two three "), *SLOW)
    request = lenient.convert(GenerateContentRequest, HELLO)
    core = make_core(engine, running=1, waiting=0)
    async with aclosing(core.generate(request, MODEL, Caller(), Deadline.after(9))) as responses:
        await anext(responses)
    assert engine.closed == 1
    engine.script = lambda _: [Text("now")]
    await asyncio.wait_for(ask(core), 1)


async def test_the_deadline_holds_for_the_engine_and_in_the_line() -> None:
    core = make_core(playing(*SLOW), running=1, waiting=5)
    began = time.monotonic()
    results = await asyncio.gather(*(ask(core, seconds=0.2) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, DeadlineExceeded) for result in results)
    assert time.monotonic() - began < 10


async def test_a_deadline_is_not_blamed_for_the_works_own_timeout() -> None:
    async def broken() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await within(Deadline.after(5), broken())
    with pytest.raises(DeadlineExceeded, match=r"0\.01 seconds"):
        await within(Deadline.after(0.01), asyncio.sleep(1))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_requests_a_minute() -> None:
    clock = Clock()
    rates, caller = RateLimits(clock), Caller(key="k", requests_per_minute=2)
    rates.check(caller, "m")
    rates.check(caller, "m")
    with pytest.raises(ResourceExhausted) as caught:
        rates.check(caller, "m")
    assert detail(caught.value, "RetryInfo")["retryDelay"] == "30s"
    violation = detail(caught.value, "QuotaFailure")["violations"][0]
    assert (violation["quotaValue"], violation["quotaDimensions"]) == ("2", {"model": "m"})
    rates.check(Caller(key="other", requests_per_minute=2), "m")
    rates.check(Caller(key="free"), "m")
    clock.now = 29.9
    with pytest.raises(ResourceExhausted):
        rates.check(caller, "m")
    clock.now = 30.1
    rates.check(caller, "m")
    clock.now = 10_000
    rates.check(caller, "m")
    rates.check(caller, "m")
    with pytest.raises(ResourceExhausted):
        rates.check(caller, "m")


def test_tokens_a_minute_are_taken_afterwards() -> None:
    clock = Clock()
    rates, caller = RateLimits(clock), Caller(key="k", tokens_per_minute=60)
    rates.check(caller, "m")
    rates.spend(caller, 90)
    with pytest.raises(ResourceExhausted) as caught:
        rates.check(caller, "m")
    assert caught.value.retry_after == pytest.approx(31)
    clock.now = 31
    rates.check(caller, "m")


def test_a_busy_key_is_not_forgotten_for_idle_ones() -> None:
    rates, caller = RateLimits(Clock()), Caller(key="busy", requests_per_minute=10)
    for i in range(RateLimits.MOST_KEYS):
        if i % 2000 == 0:
            rates.check(caller, "m")
        rates.check(Caller(key=f"k{i}", requests_per_minute=1), "m")
    for _ in range(5):
        rates.check(caller, "m")
    with pytest.raises(ResourceExhausted):
        rates.check(caller, "m")


async def test_a_failed_request_is_paid_for_and_the_permit_is_back() -> None:
    rates = RateLimits(Clock())
    core = make_core(playing(Text("abcd " * 100), RuntimeError("broken")), running=1, waiting=0, rates=rates)
    request = lenient.convert(GenerateContentRequest, HELLO)
    caller = Caller(key="k", tokens_per_minute=50)
    with pytest.raises(RuntimeError):
        [r async for r in core.generate(request, MODEL, caller, Deadline.after(5))]
    with pytest.raises(ResourceExhausted):
        [r async for r in core.generate(request, MODEL, caller, Deadline.after(5))]


async def test_permits_let_so_many_run() -> None:
    permits, inside, most = Permits(2, 10), 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with permits.permit(Deadline.after(5)):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(12)))
    assert (most, inside) == (2, 0)


async def test_embeddings() -> None:
    core = make_core(playing())
    bodies = [{"content": {"parts": {"text": "a" * n}}, "outputDimensionality": d} for n, d in ((1, 4), (2, 3), (3, 4))]
    assert await embed(core, bodies) == [(0, 1, 0, 0), (0, 0, 1), (0, 0, 0, 1)]


@pytest.mark.parametrize(
    ("bodies", "field"),
    [
        ([], "requests"),
        ([{"content": {"parts": {"text": "a"}}}] * 101, "requests"),
        ([{}], "requests[0].content"),
        ([{"content": {"parts": {"text": " "}}}], "requests[0].content"),
        ([{"content": {"parts": {"inlineData": {}}}}], "requests[0].content"),
        ([{"content": {"parts": {"text": "a"}}, "model": "models/other"}], "requests[0].model"),
        ([{"content": {"parts": {"text": "a"}}, "outputDimensionality": 5}], "requests[0].outputDimensionality"),
        ([{"content": {"parts": {"text": "a"}}, "outputDimensionality": 0}], "requests[0].outputDimensionality"),
    ],
)
async def test_embeddings_refused(bodies: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await embed(make_core(playing()), bodies)
    assert caught.value.field == field


async def test_methods_a_family_has_not() -> None:
    with pytest.raises(ApiError, match="embedContent"):
        await embed(make_core(playing()), [{"content": {"parts": {"text": "a"}}}], MODEL, batch=False)
    with pytest.raises(Unimplemented, match="Speech"):
        await ask(playing(), model="gemini-2.5-flash-preview-tts")
