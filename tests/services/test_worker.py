from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pollux.core.admit import Permits
from pollux.engines.base import Prompt, Text
from pollux.engines.scripted import ScriptedEngine, Step, Wait, echo
from pollux.errors import Unavailable
from pollux.services.batches import NewBatch
from pollux.services.files import FileRecord, NewFile
from pollux.services.worker import CHORES
from pollux.stores.blobs import Stat
from pollux.wire.methods import EMBED
from tests.services.jobs import MODEL, ask, jsonl, shop, text_of, working

NAMES = [f"line {number}" for number in range(1234)]


def slow(prompt: Prompt) -> Iterable[Step]:
    yield Wait(0.05)
    yield from echo(prompt)


def slow_when_asked(prompt: Prompt) -> Iterable[Step]:
    if "slow" in str(prompt.turns):
        yield Wait(60)
    yield from echo(prompt)


async def test_a_file_comes_back_line_for_line(tmp_path: Path) -> None:
    async with shop(tmp_path) as house, working(house):
        job = await house.settled(await house.job(jsonl(*NAMES)))
        assert (job.state, job.requests, job.succeeded, job.failed) == ("SUCCEEDED", 1234, 1234, 0)
        results = await house.results(job)
        assert [result["key"] for result in results] == NAMES
        assert [text_of(result) for result in results] == NAMES
        assert len({result["response"]["responseId"] for result in results}) == 1234


async def test_inline_requests_come_back_with_their_metadata(tmp_path: Path) -> None:
    async with shop(tmp_path) as house, working(house):
        job = await house.inline({"request": ask("a"), "metadata": {"key": "1"}}, {"request": ask("b")})
        results = await house.results(await house.settled(job))
        assert [text_of(result) for result in results] == ["a", "b"]
        assert [result.get("metadata") for result in results] == [{"key": "1"}, None]


async def test_a_bad_line_fails_alone(tmp_path: Path) -> None:
    lines = [
        jsonl("good"),
        b'{"key": "torn", "request": {"contents": [{"par\n',
        b"\n",
        b'{"key": "wrong", "request": {"contents": [{"role": "nobody", "parts": [{"text": "x"}]}]}}\n',
        b'{"key": "other", "request": {"model": "models/gemini-1.5-pro", "contents": []}}\n',
        b'{"contents": [{"parts": [{"text": "bare"}]}]}',
    ]
    async with shop(tmp_path) as house, working(house):
        job = await house.settled(await house.job(b"".join(lines)))
        assert (job.state, job.requests, job.succeeded, job.failed) == ("SUCCEEDED", 5, 2, 3)
        good, torn, wrong, other, bare = await house.results(job)
        assert (text_of(good), text_of(bare)) == ("good", "bare")
        assert torn["error"]["code"] == 3
        assert "Line 2" in torn["error"]["message"]
        assert wrong["key"] == "wrong"
        assert wrong["error"]["message"].startswith("Line 4: ")
        assert "models/gemini-2.5-flash" in other["error"]["message"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[1, 2]\n", "Line 1"),
        (b"\n\nkey;request\n1;2\n", "Line 3"),
        (b"\x00\x01\x02\xff\n", "Line 1"),
        (b" \n\n", "no requests"),
    ],
)
async def test_what_is_no_jsonl_fails_the_job(tmp_path: Path, data: bytes, said: str) -> None:
    async with shop(tmp_path) as house, working(house):
        job = await house.settled(await house.job(data))
        assert job.state == "FAILED"
        assert job.error is not None
        assert said in job.error["message"]
        assert house.engine.prompts == []


async def test_a_line_that_is_too_long_fails_alone(tmp_path: Path) -> None:
    async with shop(tmp_path, line_bytes=10_000) as house, working(house):
        job = await house.settled(await house.job(jsonl("a", "b" * 20_000, "c")))
        assert [set(result) - {"key"} for result in await house.results(job)] == [{"response"}, {"error"}, {"response"}]


async def test_embeddings(tmp_path: Path) -> None:
    line = {"key": "k", "request": {"content": {"parts": [{"text": "abc"}]}, "outputDimensionality": 3}}
    async with shop(tmp_path) as house, working(house):
        file = await house.file(json.dumps(line).encode())
        job = await house.batches.create(NewBatch("default", "gemini-embedding-001", EMBED, input_file=file))
        (result,) = await house.results(await house.settled(job))
        assert result["response"]["embedding"]["values"] == [1.0, 0.0, 0.0]
        assert int(result["response"]["tokenCount"]) > 0


async def test_cancel_keeps_what_is_finished_and_stops_the_rest(tmp_path: Path) -> None:
    names = ["one", "two", "slow three", "four"] + [f"more {n}" for n in range(100)]
    async with shop(tmp_path, ScriptedEngine(slow_when_asked)) as house, working(house):
        job = await house.job(jsonl(*names))
        await house.asked(6)
        await house.batches.cancel("default", job.id)
        assert (await house.batches.get("default", job.id)).state == "CANCELLED"
        job = await house.settled(job)
        assert job.state == "CANCELLED"
        keys = [result["key"] for result in await house.results(job)]
        assert keys[:3] == ["one", "two", "four"]
        assert job.succeeded == len(keys)
        assert house.engine.closed == 1


async def test_a_stopped_worker_finishes_lines_in_hand_and_another_goes_on(tmp_path: Path) -> None:
    async with shop(tmp_path, ScriptedEngine(slow)) as house:
        async with working(house):
            job = await house.job(jsonl(*NAMES[:60]))
            await house.until(job, lambda now: now.state == "RUNNING")
            await asyncio.sleep(0.3)
        halfway = await house.batches.get("default", job.id)
        assert 0 < halfway.succeeded == len(house.engine.prompts) < 60
        async with working(house):
            job = await house.settled(job)
        assert [result["key"] for result in await house.results(job)] == NAMES[:60]
        assert len(house.engine.prompts) == 60, "none was asked twice"


async def test_lines_left_in_hand_are_done_again(tmp_path: Path) -> None:
    async with shop(tmp_path, ScriptedEngine(slow_when_asked)) as house:
        async with working(house, seconds=0):
            job = await house.job(jsonl("a", "slow b", "c"))
            await house.asked(3)
        assert (await house.batches.get("default", job.id)).succeeded == 1
        house.engine.script = echo
        async with working(house):
            job = await house.settled(job)
        assert [text_of(result) for result in await house.results(job)] == ["a", "slow b", "c"]


async def test_a_long_segment_is_split(tmp_path: Path) -> None:
    async with shop(tmp_path, ScriptedEngine(slow), split_seconds=0.1) as house, working(house):
        job = await house.job(jsonl(*NAMES[:30]))
        await house.until(job, lambda now: 0 < now.succeeded < 30)
        job = await house.settled(job)
        assert [result["key"] for result in await house.results(job)] == NAMES[:30]


async def test_a_busy_model_is_asked_again(tmp_path: Path) -> None:
    left = [2]

    def busy(prompt: Prompt) -> Iterable[Step]:
        if left[0]:
            left[0] -= 1
            yield Unavailable("not now")
        yield Text("here")

    async with shop(tmp_path, ScriptedEngine(busy)) as house, working(house):
        (result,) = await house.results(await house.settled(await house.job(jsonl("a"))))
        assert text_of(result) == "here"


async def test_a_job_expires_without_results(tmp_path: Path) -> None:
    async with shop(tmp_path, ScriptedEngine(slow)) as house, working(house):
        job = await house.job(jsonl(*NAMES))
        await house.until(job, lambda now: now.succeeded > 0)
        house.files.clock.turn(hours=49)  # type: ignore[attr-defined]
        job = await house.settled(job)
        assert (job.state, job.output_file) == ("EXPIRED", "")


async def test_inline_results_beyond_their_limit_name_the_remedy(tmp_path: Path) -> None:
    async with shop(tmp_path, inline_bytes=3000) as house, working(house):
        job = await house.inline({"request": ask("small")}, {"request": ask("x" * 4000)}, {"request": ask("small")})
        job = await house.settled(job)
        first, second, third = await house.results(job)
        assert (text_of(first), text_of(third)) == ("small", "small")
        assert "input file" in second["error"]["message"]
        assert (job.succeeded, job.failed) == (2, 1)


async def test_a_job_may_be_kept_pending(tmp_path: Path) -> None:
    async with shop(tmp_path, pending=timedelta(hours=1)) as house, working(house):
        job = await house.inline({"request": ask("a")})
        await asyncio.sleep(0.3)
        assert (await house.batches.get("default", job.id)).state == "PENDING"
        house.files.clock.turn(hours=2)  # type: ignore[attr-defined]
        assert (await house.settled(job)).state == "SUCCEEDED"


async def test_the_most_urgent_job_runs_first(tmp_path: Path) -> None:
    async with shop(tmp_path, ScriptedEngine(slow), job_lines=20, project_lines=20) as house:
        low = await house.job(jsonl(*(f"low {n}" for n in range(600))))
        high = await house.job(jsonl("high"), priority=5)
        async with working(house):
            await house.settled(high)
            await house.settled(low)
        texts = [str(prompt.turns[-1]) for prompt in house.engine.prompts]
        assert next(i for i, text in enumerate(texts) if "high" in text) < 500


async def test_nothing_stays_behind(tmp_path: Path) -> None:
    async with shop(tmp_path) as house, working(house):
        file_job = await house.settled(await house.job(jsonl(*NAMES)))
        inline_job = await house.settled(await house.inline({"request": ask("a")}))
        await house.batches.delete("default", file_job.id)
        await house.batches.delete("default", inline_job.id)
        for file in await house.files.page("default", 10, None):
            await house.files.delete("default", file.id)
        assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
        assert (await house.files.gc(timedelta(0)))[1].objects == 0


async def test_a_deleted_input_file_does_not_stop_the_job(tmp_path: Path) -> None:
    async with shop(tmp_path) as house:
        job = await house.job(jsonl("a", "b"))
        await house.files.delete("default", job.input_file)
        async with working(house):
            job = await house.settled(job)
        assert [text_of(result) for result in await house.results(job)] == ["a", "b"]
        assert (await house.files.gc(timedelta(0)))[1].blobs == 0


async def test_long_strings_named_data_come_back(tmp_path: Path) -> None:
    """The parser takes such strings out of a line."""
    key = {"data": "x" * 200_000}
    line = json.dumps({"key": key, "request": ask("b")}).encode() + b"\n"
    torn = b'{"key": {"data": "' + b"\xff" * 200_000 + b'"}, "request": {}}\n'
    async with shop(tmp_path) as house, working(house):
        job = await house.settled(await house.job(jsonl("a") + line + torn + jsonl("c")))
        results = await house.results(job)
        assert (job.state, job.succeeded, job.failed) == ("SUCCEEDED", 3, 1)
        assert [result.get("key") for result in results] == ["a", key, None, "c"]


@pytest.mark.parametrize("odd", [asyncio.CancelledError, GeneratorExit, BaseException])
async def test_whatever_an_engine_raises_fails_its_line_alone(tmp_path: Path, odd: type[BaseException]) -> None:
    def script(prompt: Prompt) -> Iterable[Step]:
        if "line 3'" in str(prompt.turns):
            raise odd
        yield from echo(prompt)

    async with shop(tmp_path, ScriptedEngine(script)) as house, working(house):
        job = await house.settled(await house.job(jsonl(*NAMES[:30])))
        assert (job.state, job.requests, job.succeeded, job.failed) == ("SUCCEEDED", 30, 29, 1)
        results = await house.results(job)
        assert [result["key"] for result in results] == NAMES[:30]
        assert results[3]["error"]["code"] == 13


async def test_a_job_behind_a_thousand_more_urgent_ones_loses_nothing(tmp_path: Path) -> None:
    async with shop(tmp_path, ScriptedEngine(slow)) as house, working(house):
        job = await house.job(jsonl(*NAMES[:60]))
        await house.until(job, lambda now: now.succeeded > 0)
        records, now = house.files.records, house.batches.clock()
        urgent = replace(job, state="PENDING", created_at=now + timedelta(hours=1), priority=1)
        others = [replace(urgent, id=f"urgent-{n}", project=f"p{n}") for n in range(1000)]
        for other in others:
            records.add_batch(other, 1)
        job = await house.until(job, lambda now: now.succeeded == 60)
        for other in others:
            records.delete_batch(other.id, now)
        job = await house.settled(job)
        assert [result["key"] for result in await house.results(job)] == NAMES[:60]


async def test_results_wait_for_room_and_leave_nothing_behind(tmp_path: Path) -> None:
    async with shop(tmp_path) as house:
        job = await house.job(jsonl("a", "b"))
        policy, used = house.files.policy, house.files.records.project_bytes("default")
        house.files.policy = replace(policy, project_bytes=used + 10)
        async with working(house):
            await house.until(job, lambda now: now.succeeded == 2)
            await asyncio.sleep(0.2)
            assert (await house.batches.get("default", job.id)).live
            house.files.policy = policy
            job = await house.settled(job)
        assert [text_of(result) for result in await house.results(job)] == ["a", "b"]
        assert (await house.files.gc(timedelta(0)))[1].blobs == 0


async def test_a_refused_file_of_results_leaves_no_bytes(tmp_path: Path) -> None:
    async with shop(tmp_path) as house:
        job = await house.job(jsonl("a"))

        async def born(new: NewFile) -> FileRecord:
            raise Unavailable(f"no {new.id}")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(house.files, "born", born)
            async with working(house):
                await house.until(job, lambda now: now.succeeded == 1)
                await asyncio.sleep(0.3)
        assert (await house.files.gc(timedelta(0)))[1].blobs == 0


async def test_a_line_that_waits_for_its_turn_is_not_late(tmp_path: Path) -> None:
    """Six projects share two places; each line may take 1 s, takes 0.3 s, and the last ones wait for longer."""

    def script(prompt: Prompt) -> Iterable[Step]:
        yield Wait(0.3)
        yield from echo(prompt)

    async with shop(tmp_path, ScriptedEngine(script), lines=2, seconds=1.0) as house:
        core = replace(house.hall.core, permits=Permits(2, 1000))
        house.hall = replace(house.hall, core=core)
        asks = [{"request": ask(text)} for text in "ab"]
        news = [NewBatch(f"p{number}", MODEL, requests=asks) for number in range(6)]
        jobs = [await house.batches.create(new) for new in news]
        async with working(house), asyncio.timeout(30):
            for job in jobs:
                while not (now := await house.batches.get(job.project, job.id)).settled:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                assert (now.succeeded, now.failed) == (2, 0)


async def test_few_inputs_are_cut_at_once(tmp_path: Path) -> None:
    """Each holds a line, which may be long."""
    reading = most = 0
    async with shop(tmp_path) as house:
        jobs = [await house.inline({"request": ask(str(number))}) for number in range(12)]
        stat = house.files.blobs.stat

        async def counted(blob: str) -> Stat:
            nonlocal reading, most
            reading += 1
            most = max(most, reading)
            await asyncio.sleep(0.05)
            reading -= 1
            return await stat(blob)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(house.files.blobs, "stat", counted)
            async with working(house):
                states = [(await house.settled(job)).state for job in jobs]
    assert states == ["SUCCEEDED"] * 12
    assert most == CHORES
