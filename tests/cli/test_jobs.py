"""Waiting for jobs, with doors that behave badly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from pollux.cli import jobs
from pollux.cli.jobs import Counts
from pollux.cli.seam import Door, Json
from pollux.errors import ApiError, NotFound, PolluxError, Unavailable


def job(state: str, done: int = 0, failed: int = 0, total: int = 4, **more: Any) -> Json:
    stats = {
        "requestCount": str(total),
        "successfulRequestCount": str(done - failed),
        "failedRequestCount": str(failed),
    }
    ended = state not in ("PENDING", "RUNNING")
    about = {"state": f"JOB_STATE_{state}", "batchStats": stats, **more}
    return {"name": "batches/x", "metadata": about, "done": ended}


class Scripted:
    """A door that says one thing after the other of a job, and the last for ever."""

    def __init__(self, *said: Json | Exception) -> None:
        self._said = list(said)

    async def batch(self, name: str) -> Json:
        said = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        if isinstance(said, Exception):
            raise said
        return said


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LONGEST_PAUSE", 0.001)
    monkeypatch.setattr(jobs, "FIRST_PAUSE", 0.001)


async def wait(*said: Json | Exception, tell: Callable[[Counts], None] = lambda _: None) -> Json:
    return await jobs.wait(cast(Door, Scripted(*said)), "batches/x", tell)


async def test_a_server_that_goes_away_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Counts] = []
    away = Unavailable("no server answers")
    last = await wait(job("RUNNING", 1), away, away, job("RUNNING", 2, 1), job("SUCCEEDED", 4, 1), tell=heard.append)
    assert last["metadata"]["state"] == "JOB_STATE_SUCCEEDED"
    assert (heard[0].done, heard[-1]) == (1, Counts("JOB_STATE_SUCCEEDED", 4, 4, 1))
    assert capsys.readouterr().err.count("no server answers; waiting for it") == 1
    with pytest.raises(Unavailable):
        await wait(away)
    with pytest.raises(NotFound):
        await wait(job("RUNNING"), NotFound("deleted"))


async def test_what_was_finished_of_a_cancelled_job_comes_later() -> None:
    last = await wait(
        job("CANCELLED", 2), job("CANCELLED", 2), job("CANCELLED", 2, output={"responsesFile": "files/y"})
    )
    assert last["metadata"]["output"]
    assert "output" not in (await wait(job("CANCELLED", 2)))["metadata"]  # nobody runs jobs: not for ever


async def test_inline_results() -> None:
    output = {"inlinedResponses": {"inlinedResponses": [{"response": {}, "metadata": {"key": "é"}}, {"error": {}}]}}
    lines = [line async for line in jobs.results(cast(Door, None), job("SUCCEEDED", 2, output=output))]
    assert lines == ['{"response": {}, "metadata": {"key": "é"}}'.encode(), b'{"error": {}}']
    with pytest.raises(ApiError, match="RUNNING, 1 of 4 requests done"):
        await anext(jobs.results(cast(Door, None), job("RUNNING", 1)))


def test_commands_to_paste() -> None:
    assert jobs.Where().command("batch", "watch", "x") == "pollux batch watch x"
    where = jobs.Where(data_dir="my data")
    assert where.command("batch", "list") == "pollux batch list --data-dir 'my data'"


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")
    with pytest.raises(TypeError), jobs.replaced(path) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"before"]
    with jobs.replaced(path) as file:
        file.write(b"after")
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"after"]
    with pytest.raises(PolluxError, match="--out: cannot write"), jobs.replaced(tmp_path / "none" / "out"):
        pass


def test_lines_instead_of_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with jobs.bar("batches/x") as tell:
        tell(Counts("JOB_STATE_RUNNING", 4, 1, 1))
        tell(Counts("JOB_STATE_RUNNING", 4, 2, 1))  # too soon
    assert capsys.readouterr().err == "pollux: batches/x RUNNING: 1 of 4 done, 1 failed\n"
