"""Upstreams are asked whether they are there: who is gone costs no request, who is back is used again."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Any

import pytest

from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.pool import Pool
from pollux.errors import ConfigurationError, Unavailable
from tests.engines.openai.kit import asked, engine, text_of
from tests.engines.openai.stub import Stub, answering, saying


async def say(one: OpenAIEngine) -> str:
    return "".join([text_of(response) async for response in asked(one)])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def test_who_dies_is_left_alone_and_who_comes_back_is_used(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pollux.engines.openai")
    async with Stub(saying("x")) as mortal, Stub(saying("x")) as other:
        one = engine(mortal.url, other.url, retries=0, health_seconds=0.05)  # without retries a dead one would be seen
        first = one._asking.pool.all[0]
        assert await say(one) == "x"
        await until(lambda: len(mortal.probes) > 1 < len(other.probes))
        await mortal.die()
        await until(lambda: first.away)
        assert first.rests_until == math.inf
        for _ in range(6):
            assert await say(one) == "x"
        assert len(mortal.seen) + len(other.seen) == 7
        assert len(other.seen) >= 6
        before = len(mortal.seen)
        await mortal.live(mortal.port)
        await until(lambda: not first.away)
        for _ in range(6):
            assert await say(one) == "x"
        assert len(mortal.seen) - before >= 2
        assert first.failures == 0
        await one.close()
    told = [record.getMessage() for record in caplog.records if mortal.url in record.getMessage()]
    assert [line.rpartition(mortal.url)[2] for line in told] == [
        " does not answer; the others are asked.",
        " answers again.",
    ]


@pytest.mark.parametrize("status", [401, 404, 501])
async def test_a_server_that_is_ill_is_away_and_one_that_refuses_to_tell_is_not(status: int) -> None:
    async with Stub(saying("x")) as ill, Stub(saying("x")) as strict:
        ill.health, strict.health = 503, status
        one = engine(ill.url, strict.url, health_seconds=0.05, health_path="/health")
        await say(one)
        await until(lambda: len(ill.probes) > 1 < len(strict.probes))
        assert [upstream.away for upstream in one._asking.pool.all] == [True, False]
        assert set(ill.probes) == {"/health"}
        await one.close()


async def test_where_all_are_away_they_are_asked_all_the_same() -> None:
    async with Stub(saying("x")) as first, Stub(saying("x")) as second:
        first.health = second.health = 500
        one = engine(first.url, second.url, health_seconds=0.05)
        await say(one)
        await until(lambda: all(upstream.away for upstream in one._asking.pool.all))
        assert await say(one) == "x"
        await one.close()


async def test_one_server_is_never_asked_and_closing_ends_it() -> None:
    async with Stub(saying("x")) as alone, Stub(saying("x")) as first, Stub(saying("x")) as second:
        single = engine(alone.url, health_seconds=0.01)
        never = engine(first.url, second.url, health_seconds=0)
        for one in (single, never):
            await say(one)
        await asyncio.sleep(0.1)
        assert not alone.probes + first.probes + second.probes
        several = engine(first.url, second.url, health_seconds=0.01)
        await say(several)
        await until(lambda: bool(first.probes))
        for one in (single, never, several):
            await one.close()
        count = len(first.probes)
        await asyncio.sleep(0.1)
        assert len(first.probes) <= count + 1


async def test_a_single_server_that_fails_is_named_once_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with Stub(saying("x")) as alone:
        one = engine(alone.url, retries=0)
        await alone.die()
        for _ in range(3):
            with pytest.raises(Unavailable):
                await say(one)
        await alone.live(alone.port)
        assert await say(one) == "x"
        await one.close()
    assert [record.getMessage() for record in caplog.records if alone.url in record.getMessage()] == [
        f"[engine.openai]: {alone.url}: The model server cannot be reached."
    ]


async def test_what_requests_find_is_not_undone_by_a_list_of_models() -> None:
    async with Stub(answering(503)) as busy, Stub(saying("x")) as other:
        one = engine(busy.url, other.url, retries=1, health_seconds=0.05)
        for _ in range(2):
            await say(one)
        await until(lambda: len(busy.probes) > 2)
        rest = one._asking.pool.all[0]
        assert rest.failures == 1
        assert not rest.away
        assert rest.rests_until > 0
        await one.close()


def test_one_that_is_found_again_has_one_trial() -> None:
    pool = Pool(["http://a", "http://b"])
    one, two = pool.all
    pool.missed(one)
    pool.failed(one)
    assert one.rests_until == math.inf
    assert pool.choose() is two
    pool.found(one)
    with pool.asking(two):
        assert pool.choose() is one
        with pool.asking(one):  # the trial
            assert pool.choose() is two
    pool.answered(one)
    assert (one.failures, one.away) == (0, False)


@pytest.mark.parametrize("given", [{"health_seconds": -1.0}, {"health_seconds": math.nan}, {"health_path": "a b"}])
def test_options(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(given))):
        engine("http://a/v1", **given)
