"""Several upstreams: least load, in turn, around those that fail, and back to them."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from pollux.engines.openai.pool import FIRST_REST, LONGEST_REST, Pool
from tests.engines.openai.kit import asked, chunks, engine, text_of
from tests.engines.openai.stub import Stub, Wire, answering, saying


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_least_load_then_in_turn() -> None:
    pool = Pool(["http://a/", "http://b", "http://c"])
    one, two, three = pool.all
    assert one.address == "http://a"
    with ExitStack() as held:
        for wanted in (one, two, three, one, two):
            chosen = pool.choose()
            assert chosen is wanted
            held.enter_context(pool.asking(chosen))
        assert pool.choose() is three
    assert [upstream.active for upstream in pool.all] == [0, 0, 0]
    assert pool.choose() is three  # it was asked longest ago


def test_who_fails_rests_ever_longer_and_has_one_trial() -> None:
    clock = Clock()
    pool = Pool(["http://a", "http://b"], clock)
    one, two = pool.all
    pool.failed(one)
    assert pool.choose() is two
    with pool.asking(two):
        assert pool.choose() is two
        clock.now = 1.1
        assert pool.choose() is one
        with pool.asking(one):  # the trial
            assert pool.choose() is two
        pool.failed(one)
        clock.now = 2.2
        assert pool.choose() is two
        clock.now = 3.2
        assert pool.choose() is one
    pool.answered(one)
    assert (one.failures, one.rests_until) == (0, 0.0)
    for _ in range(100):
        clock.now = max(clock.now, one.rests_until)
        pool.failed(one)
    assert one.rests_until == clock.now + LONGEST_REST


def test_requests_that_fail_together_are_one_failure() -> None:
    clock = Clock()
    pool = Pool(["http://a", "http://b"], clock)
    for _ in range(20):
        pool.failed(pool.all[0])
    assert pool.all[0].rests_until == FIRST_REST


def test_long_answers_under_way_are_no_trial() -> None:
    clock = Clock()
    pool = Pool(["http://a", "http://b"], clock)
    one, two = pool.all
    with pool.asking(one), pool.asking(two), pool.asking(two):
        pool.failed(one)  # another request, which has ended
        clock.now = FIRST_REST
        assert pool.choose() is one
        with pool.asking(one):  # the trial
            assert pool.choose() is two
            pool.answered(one)
        assert pool.choose() is one


def test_where_all_rest_the_first_to_be_up_is_asked() -> None:
    clock = Clock()
    pool = Pool(["http://a", "http://b"], clock)
    one, two = pool.all
    pool.failed(one)
    clock.now = 0.5
    pool.failed(two)
    assert pool.choose() is one
    assert pool.choose([one]) is two
    assert not pool.fresh([])


async def test_another_server_answers_at_once() -> None:
    async with Stub(answering(503)) as ill, Stub(saying("well")) as well:
        found, error = await chunks(engine(ill.url, well.url, retries=1))
        assert error is None
        assert "".join(map(text_of, found)) == "well"
        assert (len(ill.seen), len(well.seen)) == (1, 1)


async def test_a_silent_server_is_left_for_another() -> None:
    async def silent(wire: Wire) -> None:
        await asyncio.sleep(5)

    async with Stub(silent) as stuck, Stub(saying("well")) as well:
        found, error = await chunks(engine(stuck.url, well.url, retries=2, first_seconds=0.3))
        assert error is None
        assert "".join(map(text_of, found)) == "well"
        await asyncio.wait_for(stuck.left.wait(), 3)


async def test_load_is_shared_and_the_dead_are_passed_by() -> None:
    async with Stub() as gone:
        dead = gone.url
    async with Stub(saying("x")) as first, Stub(saying("x")) as second:
        one = engine(dead, first.url, second.url, retries=2)
        for _ in range(6):
            said = [text_of(response) async for response in asked(one)]
            assert "".join(said) == "x"
        await one.close()
        assert sorted((len(first.seen), len(second.seen))) == [3, 3]
        assert one._asking.pool.all[0].failures == 1
