"""Batch jobs as commands see them: waited for with a bar, and their results as lines of JSONL."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pollux.cli import show
from pollux.cli.seam import Door, Json
from pollux.errors import ApiError, DeadlineExceeded, PolluxError, Unavailable

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two looks at a job: a short one is over soon, a long one is not asked after all the time."""
LOOKS = 20
"""How often a cancelled job is looked at until what was finished of it is there."""
EVERY = 30.0
"""Seconds between two lines about a job where there is no terminal for a bar."""


class Counts(NamedTuple):
    """How far a job is; `total` is 0 while its lines are not counted."""

    state: str
    total: int
    done: int
    failed: int


def counts(job: Json) -> Counts:
    """What an Operation says."""
    stats = job["metadata"]["batchStats"]
    answered, failed = (int(stats.get(f"{name}RequestCount", 0)) for name in ("successful", "failed"))
    return Counts(job["metadata"]["state"], int(stats.get("requestCount", 0)), answered + failed, failed)


def bare(state: str) -> str:
    """A state without the word that every state begins with."""
    return state.removeprefix("JOB_STATE_")


@dataclass(frozen=True)
class Where:
    """The options that say which installation is meant."""

    server: str | None = None
    config: str | None = None
    data_dir: str | None = None

    def command(self, *words: str) -> str:
        """A command for the same place, to paste."""
        for flag, value in (("--server", self.server), ("--config", self.config), ("--data-dir", self.data_dir)):
            words += (flag, value) if value else ()
        return shlex.join(("pollux", *words))


def teller() -> Callable[[bool], None]:
    """Hears who runs the jobs, and says it when that is another process."""
    said: list[bool] = []

    def tell(leads: bool) -> None:
        if said[-1:] != [leads]:
            said.append(leads)
            if not leads:
                show.remark("another process runs the batch jobs of this installation; waiting for it")

    return tell


@contextmanager
def bar(what: str) -> Iterator[Callable[[Counts], None]]:
    """A bar with rate and time left on a terminal, a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _lines(what)
        return
    from rich import progress  # noqa: PLC0415 (not needed by most commands)
    from rich.console import Console  # noqa: PLC0415

    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[note]}", markup=False),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), speed_estimate_period=60) as bars:
        tasks: list[progress.TaskID] = []

        def tell(now: Counts) -> None:
            total = now.total or None
            if not tasks:  # what was done before says nothing of the rate
                tasks.append(bars.add_task(what, total=total, completed=now.done, note=""))
            speed = bars.tasks[0].speed
            notes = (f"{speed:.1f}/s" if speed else "", f"{now.failed} failed" if now.failed else "")
            said = f"{what} {bare(now.state)}"
            bars.update(
                tasks[0], total=total, completed=now.done, description=said, note="  ".join(filter(None, notes))
            )

        yield tell


def _lines(what: str) -> Callable[[Counts], None]:
    later = 0.0
    before: Counts | None = None

    def tell(now: Counts) -> None:
        nonlocal later, before
        if now != before and time.monotonic() >= later:
            show.remark(f"{what} {bare(now.state)}: {now.done} of {now.total or '?'} done, {now.failed} failed")
            later, before = time.monotonic() + EVERY, now

    return tell


async def wait(door: Door, name: str, tell: Callable[[Counts], None]) -> Json:
    """The job once it has ended and its results are there.  A server that is away meanwhile is waited for.

    Raises NotFound, and what asking the first time may raise.
    """
    pause, away, looks = FIRST_PAUSE, False, LOOKS
    job = await door.batch(name)
    while True:
        tell(counts(job))
        if job["done"]:
            looks -= 1
            if _published(job) or not looks:
                return job
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        try:
            job = await door.batch(name)
            away = False
        except (Unavailable, DeadlineExceeded) as error:
            if not away:
                show.remark(f"{error.message}; waiting for it, and {name} goes on meanwhile or after")
            away = True


def _published(job: Json) -> bool:
    """What was finished of a cancelled job comes a moment after its state."""
    now = counts(job)
    return bare(now.state) != "CANCELLED" or not now.done or "output" in job["metadata"]


async def watch(door: Door, name: str, where: Where) -> Json:
    """`wait` with a bar; an interruption says how to go on."""
    with bar(name) as tell:
        try:
            return await wait(door, name, tell)
        except asyncio.CancelledError:
            left = (
                "goes on" if where.server else "keeps what is done, requests in hand too unless you press Ctrl+C again"
            )
            show.remark(f"{name} {left}; watch it with `{where.command('batch', 'watch', name)}`")
            raise


async def results(door: Door, job: Json) -> AsyncGenerator[bytes, None]:
    """The lines of a job's results, JSON each, without line breaks.  Raises ApiError when there are none."""
    name, now = job["name"], counts(job)
    if not job["done"]:
        raise ApiError(
            f"{name} is {bare(now.state)}, {now.done} of {now.total or '?'} requests done; "
            f"the results come when it has ended: `pollux batch watch {name}`"
        )
    output = job["metadata"].get("output")
    if output is None:
        reason = job.get("error", {}).get("message", "")
        raise ApiError(f"{name} has no results, it is {bare(now.state)}" + (f": {reason}" if reason else ""))
    if "responsesFile" in output:
        rest = b""
        async for chunk in door.download(output["responsesFile"]):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line
        if rest:
            yield rest
        return
    key = "inlinedResponses" if "inlinedResponses" in output else "inlinedEmbedContentResponses"
    for result in output[key]["inlinedResponses"]:
        yield json.dumps(result, ensure_ascii=False).encode()


@contextmanager
def replaced(path: Path, flag: str = "--out") -> Iterator[BinaryIO]:
    """A file written beside `path`, which it becomes when it is whole.  Raises PolluxError naming `flag`."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise PolluxError(f"{flag}: cannot write {path}: {error.strerror}; choose another file") from None
    finally:
        part.unlink(missing_ok=True)


def check_out(path: Path | None, flag: str = "--out") -> None:
    """Before anything is begun.  Raises PolluxError."""
    if path is not None and not path.parent.is_dir():
        raise PolluxError(f"{flag}: there is no folder {path.parent}; make it first")
    if path is not None and path.is_dir():
        raise PolluxError(f"{flag}: {path} is a folder; name a file in it")
