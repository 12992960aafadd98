"""Operations on real stores: who works, what is left when that one dies, what is kept and what is not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from pollux.core.admit import Caller, Permits
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.engines.base import Frame, Prompt
from pollux.engines.families import default_families
from pollux.engines.registry import Registry
from pollux.engines.scripted import ScriptedEngine, Step, Wait
from pollux.errors import InvalidArgument, NotFound, PermissionDenied, ResourceExhausted, Unavailable
from pollux.media import film as media_film
from pollux.media.limits import MediaLimits
from pollux.media.provenance.identity import make_identity
from pollux.media.provenance.stamp import Stamp
from pollux.media.resolve import resolve
from pollux.services.files import Files
from pollux.services.videos import OperationRecord, Videos, films
from pollux.stores.objects import Full
from pollux.wire import lenient
from pollux.wire.content import Blob, FileData
from pollux.wire.videos import PredictLongRunningRequest
from tests.core.kit import finish
from tests.services.kit import Clock, close, make_files

VEO = "veo-3.1-generate-preview"


def film(prompt: Prompt) -> Iterable[Step]:
    """Grey frames, more slowly where "slowly" is said."""
    assert prompt.reel is not None
    words = str(prompt.turns[0].pieces)
    for _ in range(prompt.reel.frames):
        if "slowly" in words:
            yield Wait(0.02)
        yield Frame(np.full((prompt.reel.height, prompt.reel.width, 3), 90, np.uint8))


def asked(prompt: str = "a lighthouse", **parameters: object) -> PredictLongRunningRequest:
    body = {"instances": [{"prompt": prompt}], "parameters": {"durationSeconds": 4, **parameters}}
    return lenient.convert(PredictLongRunningRequest, body)


def make_videos(folder: Path, jobs: int = 5) -> Videos:
    """Videos of a scripted engine, on stores in `folder` that several may share."""
    files = make_files(folder, project_bytes=50_000_000)
    registry = Registry(default_families(), {"scripted": ScriptedEngine(film)}, {}, default="scripted")

    async def resolved(_: Caller, part: Blob | FileData, field: str) -> object:
        return await resolve(part, field, MediaLimits())

    core = Core(registry, resolved, Permits(2, 2), finish())  # type: ignore[arg-type]
    return Videos(core, files, Stamp(make_identity, watermark=False, manifest=False), jobs)


@pytest.fixture
async def videos(tmp_path: Path) -> AsyncIterator[Videos]:
    made = make_videos(tmp_path)
    yield made
    await close(made.files)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of no frames: where what is in them does not matter."""

    class Film:
        def __init__(self, path: Path, *_: object) -> None:
            path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(12))

        def add(self, pixels: object) -> None: ...
        def close(self) -> None: ...
        def abandon(self) -> None: ...

    monkeypatch.setattr(media_film, "Film", Film)


async def until_ended(videos: Videos, record: OperationRecord) -> OperationRecord:
    """Works until that one has ended."""
    worker = asyncio.create_task(videos.work(videos.files.records.lock("videos")))
    try:
        return await ended(videos, record)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def ended(videos: Videos, record: OperationRecord) -> OperationRecord:
    return await reached(videos, record, lambda found: not found.live)


async def reached(
    videos: Videos, record: OperationRecord, wanted: Callable[[OperationRecord], bool]
) -> OperationRecord:
    for _ in range(3000):
        if wanted(found := await videos.get(record.project, record.id)):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{found} stays as it is")


async def names(files: Files) -> list[str]:
    return [file.id for file in await files.page("p", 10, None)]


async def ownerless(files: Files) -> int:
    """Blobs that nobody had."""
    return (await files.blobs.collect(timedelta(0))).blobs


async def test_a_prompt_longer_than_the_model_takes(videos: Videos) -> None:
    for prompt in ("a lighthouse " * 400, "x" * 900_000):
        with pytest.raises(InvalidArgument, match=r"at most 480 tokens"):
            await videos.create("p", VEO, asked(prompt))


async def test_a_video_is_a_file_of_its_operations_name(videos: Videos) -> None:
    begun = await videos.create("p", VEO, asked(aspectRatio="9:16"))
    assert (begun.state, begun.live, begun.files) == ("PENDING", True, ())
    done = await until_ended(videos, begun)
    assert (done.state, done.files, done.error, done.request) == ("SUCCEEDED", (begun.id,), None, b"")
    file = await videos.files.get("p", begun.id)
    assert (file.mime_type, file.state, file.source) == ("video/mp4", "ACTIVE", "GENERATED")
    assert (file.video_metadata, file.display_name) == ({"seconds": 4.0}, f"{VEO} video")
    assert [one.id for one in await videos.files.page("p", 10, None)] == [begun.id]
    assert await ownerless(videos.files) == 0


@pytest.mark.usefixtures("quick")
async def test_several_of_one_request(videos: Videos) -> None:
    begun = await videos.create("p", VEO, asked(sampleCount=3, seed=2**31 - 1))
    done = await until_ended(videos, begun)
    assert done.files == (begun.id, begun.id + "b", begun.id + "c")
    assert sorted(await names(videos.files)) == sorted(done.files)
    assert [one.seed for one in films(asked(sampleCount=2, seed=2**31 - 1))] == [2**31 - 1, -(2**31)]


@pytest.mark.usefixtures("quick")
async def test_others_see_nothing_of_it(videos: Videos) -> None:
    begun = await videos.create("p", VEO, asked())
    with pytest.raises(PermissionDenied):
        await videos.get("q", begun.id)
    await until_ended(videos, begun)
    with pytest.raises(PermissionDenied):
        await videos.files.get("q", begun.id)
    assert await videos.files.page("q", 10, None) == []
    for name, error in (("none", NotFound), ("../x", InvalidArgument)):
        with pytest.raises(error):
            await videos.get("p", name)


@pytest.mark.usefixtures("quick")
async def test_operations_are_forgotten_with_their_files(videos: Videos) -> None:
    old = await until_ended(videos, await videos.create("p", VEO, asked()))
    assert isinstance(videos.files.clock, Clock)
    videos.files.clock.turn(hours=47)
    await until_ended(videos, await videos.create("p", VEO, asked()))
    assert await videos.get("p", old.id) == old
    videos.files.clock.turn(hours=2)
    assert (await videos.files.sweep()).files == 1
    young = await until_ended(videos, await videos.create("p", VEO, asked()))
    with pytest.raises(NotFound, match="forgotten"):
        await videos.get("p", old.id)
    assert young.id in await names(videos.files)


async def test_so_many_at_once(videos: Videos) -> None:
    for _ in range(5):
        await videos.create("p", VEO, asked())
    with pytest.raises(ResourceExhausted, match="5 videos under way"):
        await videos.create("p", VEO, asked())
    await videos.create("q", VEO, asked())


@pytest.mark.usefixtures("quick")
async def test_who_stops_in_the_middle_leaves_it_to_the_next(tmp_path: Path) -> None:
    """Two servers on one store: the second waits for the lock, then makes the video anew, once."""
    first, second = make_videos(tmp_path), make_videos(tmp_path)
    begun = await first.create("p", VEO, asked("slowly, a lighthouse"))
    first_at_work = asyncio.create_task(first.work(first.files.records.lock("videos")))
    await reached(first, begun, lambda found: found.state == "RUNNING")
    second_at_work = asyncio.create_task(second.work(second.files.records.lock("videos")))
    await asyncio.sleep(0.3)
    assert await names(second.files) == []
    first_at_work.cancel()
    await asyncio.gather(first_at_work, return_exceptions=True)
    left = await second.get("p", begun.id)
    assert (left.state, left.files) == ("RUNNING", ())
    done = await ended(second, begun)
    assert (done.state, done.files) == ("SUCCEEDED", (begun.id,))
    second_at_work.cancel()
    await asyncio.gather(second_at_work, return_exceptions=True)
    assert await names(second.files) == [begun.id]
    assert await ownerless(second.files) == 0
    for one in (first, second):
        await close(one.files)


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.services.test_videos import make_videos

async def main():
    videos = make_videos(Path(sys.argv[1]))
    await videos.work(videos.files.records.lock("videos"))

asyncio.run(main())
"""


async def test_a_killed_server_loses_its_lock(videos: Videos, tmp_path: Path) -> None:
    begun = await videos.create("p", VEO, asked("slowly, a lighthouse"))
    root = Path(__file__).parents[2]
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(tmp_path), cwd=root)
    try:
        await reached(videos, begun, lambda found: found.state == "RUNNING")
        assert not videos.files.records.lock("videos").take(), "two would work"
    finally:
        server.kill()
        await server.wait()
    done = await until_ended(videos, begun)
    assert (done.state, done.files) == ("SUCCEEDED", (begun.id,))


@pytest.mark.usefixtures("quick")
async def test_what_was_made_before_the_end_is_not_made_again(videos: Videos) -> None:
    """Killed between keeping the first of two videos and the second."""
    begun = await videos.create("p", VEO, asked(sampleCount=2))
    await videos._video(begun, 0)
    kept = await videos.files.get("p", begun.id)
    done = await until_ended(videos, begun)
    assert done.files == (begun.id, begun.id + "b")
    assert await videos.files.get("p", begun.id) == kept


@pytest.mark.usefixtures("quick")
async def test_a_full_disk_leaves_nothing(videos: Videos, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said in the operation, which ends; no file, no bytes, no temporary folder; the next one is made."""

    async def full(*_: object) -> int:
        raise Full("No space is left in [store] blobs; free some.")

    begun = await videos.create("p", VEO, asked())
    with monkeypatch.context() as patch:
        patch.setattr(videos.files.blobs, "append", full)
        done = await until_ended(videos, begun)
    assert (done.state, done.files) == ("FAILED", ())
    assert done.error is not None
    assert "space" in done.error["message"]
    assert await names(videos.files) == []
    assert await ownerless(videos.files) == 0
    assert (await until_ended(videos, await videos.create("p", VEO, asked()))).state == "SUCCEEDED"


async def test_a_full_temporary_folder_is_said(videos: Videos, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Film:
        def __init__(self, path: Path, *_: object) -> None:
            path.write_bytes(b"begun")

        def add(self, pixels: object) -> None:
            raise OSError(28, "No space left on device")

        def close(self) -> None: ...
        def abandon(self) -> None: ...

    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr(media_film, "Film", Film)
    done = await until_ended(videos, await videos.create("p", VEO, asked()))
    assert done.error is not None
    assert (done.state, done.error["code"]) == ("FAILED", 14)
    assert "space" in done.error["message"]
    assert list(scratch.iterdir()) == []
    assert await names(videos.files) == []


@pytest.mark.usefixtures("quick")
async def test_a_store_that_is_away_for_a_while_fails_no_operation(
    videos: Videos, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, asked_for = videos.files.blobs.append, []

    async def away(*given: object) -> int:
        asked_for.append(1)
        if len(asked_for) == 1:
            raise Unavailable("The store does not answer.")
        return await append(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(videos.files.blobs, "append", away)
    monkeypatch.setattr("pollux.services.videos.TICK", 0.05)
    done = await until_ended(videos, await videos.create("p", VEO, asked()))
    assert (done.state, len(asked_for)) == ("SUCCEEDED", 2)
    assert await ownerless(videos.files) == 0


@pytest.mark.usefixtures("quick")
async def test_a_busy_server_makes_it_later(videos: Videos, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests have every permit, and the line is full."""
    monkeypatch.setattr("pollux.services.videos.TICK", 0.1)
    permits = videos.core.permits = Permits(1, 0)
    begun = await videos.create("p", VEO, asked())
    async with permits.permit(Deadline.after(60)):
        worker = asyncio.create_task(until_ended(videos, begun))
        await reached(videos, begun, lambda found: found.state == "RUNNING")
        await asyncio.sleep(0.2)
    assert (await worker).state == "SUCCEEDED"


@pytest.mark.usefixtures("quick")
async def test_a_failed_operation_keeps_none_of_its_videos(videos: Videos) -> None:
    """The second of two does not fit into the project's bytes any more."""
    begun = await videos.create("p", VEO, asked(sampleCount=2))
    videos.files.policy = replace(videos.files.policy, project_bytes=40)
    done = await until_ended(videos, begun)
    assert done.error is not None
    assert (done.state, done.error["code"], done.files) == ("FAILED", 8, ())
    assert await names(videos.files) == []
    assert await ownerless(videos.files) == 0
