"""One segment, and what stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from pollux.engines.base import Prompt
from pollux.engines.scripted import ScriptedEngine, Step, Wait, echo
from pollux.services.segments import Brake, Stop, Work, run_segment
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
