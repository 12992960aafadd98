"""One segment, and what stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pollux.core.admit import Permits
from pollux.engines.base import Prompt
from pollux.engines.scripted import ScriptedEngine, Step, Wait, echo
from pollux.services.segments import Brake, Slots, Stop, Work, run_segment
from pollux.stores.batches_table import Segment
from tests.services.jobs import MODEL, jsonl, shop
from tests.services.kit import pieces


def slow(prompt: Prompt) -> Iterable[Step]:
    yield Wait(0.3)
    yield from echo(prompt)


@pytest.mark.parametrize(("stop", "done"), [(Stop.FINISH, 2), (Stop.LEAVE, None)])
async def test_a_stop_ends_with_the_lines_in_hand(tmp_path: Path, stop: Stop, done: int | None) -> None:
    """Two lines are asked, six more wait for their turn: these are not waited for."""
    data = jsonl(*"abcdefgh")
    async with shop(tmp_path, ScriptedEngine(slow), job_lines=2) as house:
        blob = await house.hall.blobs.create()
        await house.hall.blobs.append(blob, 0, pieces(data))
        await house.hall.blobs.seal(blob)
        work, brake = Work(Segment("job", 0, len(data), 1, 8), blob, "default", MODEL, "generateContent"), Brake()
        running = asyncio.create_task(run_segment(house.hall, work, brake))
        await house.asked(2)
        brake.pull(stop)
        found = await running
        assert (found.succeeded if found else None) == done
        assert len(house.engine.prompts) == 2
        if found:
            assert (found.end, found.next_line) == (len(jsonl("a", "b")), 3)


@pytest.mark.parametrize(("lines", "most"), [({}, 2), ({"scripted": 5}, 5)])
async def test_lines_at_once_are_those_of_their_engine(tmp_path: Path, lines: dict[str, int], most: int) -> None:
    data = jsonl(*"abcdefgh")
    async with shop(tmp_path, ScriptedEngine(slow), job_lines=None, project_lines=None, lines=2) as house:
        core = replace(house.hall.core, permits=Permits(100, 0))
        hall = replace(house.hall, core=core, slots=Slots(house.hall.slots.policy, lines))
        blob = await hall.blobs.create()
        await hall.blobs.append(blob, 0, pieces(data))
        await hall.blobs.seal(blob)
        work, brake = Work(Segment("job", 0, len(data), 1, 8), blob, "default", MODEL, "generateContent"), Brake()
        running = asyncio.create_task(run_segment(hall, work, brake))
        await asyncio.sleep(0.2)  # each line takes 0.3 seconds
        assert len(house.engine.prompts) == most
        brake.pull(Stop.LEAVE)
        await running
