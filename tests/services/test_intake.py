"""Uploads on real stores: broken connections, restarts, two who send at once."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pollux.errors import (
    AlreadyExists,
    ApiError,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
)
from pollux.services.files import FileRecord, Files
from pollux.services.intake import Intake, Order, Upload, Wanted
from pollux.services.uploads import Command, State
from tests.services.kit import Clock, close, make_files, pieces, stored

UPLOAD, END = Command.UPLOAD, Command.UPLOAD | Command.FINALIZE
DATA = bytes(i * 7 % 251 for i in range(100_000))


class HungUp(Exception):
    """What a body raises when its client is gone."""


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Files]:
    files = make_files(tmp_path, max_bytes=1_000_000, project_bytes=2_000_000)
    yield files
    await close(files)


@pytest.fixture
def intake(files: Files) -> Intake:
    return Intake(files, idle_seconds=5)


async def obey(upload: Upload, command: Command, offset: int | None, *body: bytes) -> object:
    return await upload.obey(Order(command, offset, sum(map(len, body))), pieces(*body))


async def broken(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise HungUp


async def test_chunks_become_a_file(files: Files, intake: Intake) -> None:
    upload = await intake.start("p", Wanted("files/mine", "Mine", "text/plain", len(DATA)))
    assert await obey(upload, UPLOAD, 0, DATA[:10], DATA[10:5000]) is None
    assert (upload.state, upload.stored) == (State.ACTIVE, 5000)
    file = await upload.obey(Order(END, 5000, len(DATA) - 5000), pieces(DATA[5000:]))
    assert file is not None
    assert (file.id, file.display_name, file.mime_type, file.size) == ("mine", "Mine", "text/plain", len(DATA))
    assert (file.state, file.sha256) == ("ACTIVE", hashlib.sha256(DATA).hexdigest())
    assert b"".join([chunk async for chunk in files.read(file, 0, file.size)]) == DATA


@pytest.mark.parametrize("cut", [0, 1, 4096, 99_999])
async def test_a_dropped_connection_is_taken_up_after_a_restart(files: Files, intake: Intake, cut: int) -> None:
    upload = await intake.start("p", Wanted(size=len(DATA)))
    if cut:
        with pytest.raises(HungUp):
            await upload.obey(Order(END, 0, len(DATA)), broken(DATA[:cut]))
    later = await Intake(files).find(upload.id)  # another process: no checksum in memory
    await obey(later, Command.QUERY, None)
    assert (later.state, later.stored) == (State.ACTIVE, cut)
    file = await later.obey(Order(END, cut, len(DATA) - cut), pieces(DATA[cut:]))
    assert file is not None
    assert file.sha256 == hashlib.sha256(DATA).hexdigest()


async def test_chunks_sent_again(intake: Intake) -> None:
    upload = await intake.start("p", Wanted(size=9))
    await obey(upload, UPLOAD, 0, b"abcd")
    await obey(upload, UPLOAD, 0, b"abcd")
    await obey(upload, UPLOAD, 2, b"cd", b"ef")
    assert upload.stored == 6
    first = await obey(upload, END, 6, b"ghi")
    assert await obey(upload, END, 6, b"ghi") == first
    assert await obey(upload, Command.FINALIZE, None) == first


@pytest.mark.parametrize("sizes", [(65_536, 8 << 20), (8 << 20, 65_536, 8 << 20), (100, 1 << 20, 100, 100)])
async def test_chunks_of_any_sizes(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    files = make_files(tmp_path)
    upload = await Intake(files).start("p", Wanted(size=sum(sizes)))
    data = random.Random(1).randbytes(sum(sizes))
    for number, size in enumerate(sizes):
        at = sum(sizes[:number])
        last = at + size == len(data)
        file = await obey(upload, END if last else UPLOAD, at, data[at : at + size])
        assert last or upload.stored == at + size
    assert isinstance(file, FileRecord)
    assert b"".join([chunk async for chunk in files.read(file, 0, file.size)]) == data
    await close(files)


async def test_the_checksum_survives_a_failed_chunk(files: Files, intake: Intake) -> None:
    """Bytes that were hashed and not stored must not count."""
    upload = await intake.start("p", Wanted())
    await obey(upload, UPLOAD, 0, b"12345678")
    other = await Intake(files).find(upload.id)
    await obey(other, UPLOAD, 8, b"abcdefgh")  # a second server: the first one's checksum is out of date
    with pytest.raises(InvalidArgument):
        await obey(upload, UPLOAD, 20, b"?")
    file = await upload.obey(Order(Command.FINALIZE), pieces())
    assert file is not None
    assert file.sha256 == hashlib.sha256(b"12345678abcdefgh").hexdigest()


async def test_whoever_comes_later_takes_over(files: Files, intake: Intake) -> None:
    """A connection that died without a word does not hold its upload."""
    upload = await intake.start("p", Wanted(size=8))

    async def silent() -> AsyncIterator[bytes]:
        yield b"abc"
        await asyncio.sleep(60)

    first = asyncio.create_task((await intake.find(upload.id)).obey(Order(UPLOAD, 0, 8), silent()))
    await asyncio.sleep(0.1)
    file = await asyncio.wait_for(upload.obey(Order(END, 0, 8), pieces(b"abcdefgh")), 3)
    assert file is not None
    assert file.sha256 == hashlib.sha256(b"abcdefgh").hexdigest()
    with pytest.raises(FailedPrecondition, match="Another request"):
        await first


async def test_silence_ends_a_request_not_the_upload(files: Files) -> None:
    intake = Intake(files, idle_seconds=0.1)
    upload = await intake.start("p", Wanted(size=8))

    async def silent() -> AsyncIterator[bytes]:
        yield b"abc"
        await asyncio.sleep(60)

    with pytest.raises(DeadlineExceeded):
        await upload.obey(Order(UPLOAD, 0, 8), silent())
    assert await stored(files, intake, upload.id) == b"abc"
    assert await obey(upload, END, 3, b"defgh") is not None


async def test_cancelling(files: Files, intake: Intake) -> None:
    upload = await intake.start("p", Wanted(size=8))
    await obey(upload, UPLOAD, 0, b"abc")
    await obey(upload, Command.CANCEL, None)
    assert upload.state is State.CANCELLED
    with pytest.raises(FailedPrecondition):
        await obey(upload, UPLOAD, 3, b"d")
    with pytest.raises(NotFound):
        await files.blobs.stat(upload.record.blob)


async def test_too_many_bytes_change_nothing(files: Files, intake: Intake) -> None:
    upload = await intake.start("p", Wanted(size=4))
    for order in (Order(END, 0, 5), Order(END, 0, None)):
        with pytest.raises(InvalidArgument, match="more bytes"):
            await upload.obey(order, pieces(b"abcde"))
        assert (upload.state, upload.stored) == (State.ACTIVE, 0)
    assert await obey(upload, END, 0, b"abcd") is not None


async def test_the_first_to_finish_has_the_name(files: Files, intake: Intake) -> None:
    one, two = [await intake.start("p", Wanted("files/same")) for _ in range(2)]
    assert await obey(one, END, 0, b"1") is not None
    with pytest.raises(AlreadyExists):
        await obey(two, END, 0, b"2")
    assert (two.state, two.stored) == (State.CANCELLED, 0)
    with pytest.raises(NotFound):
        await files.blobs.stat(two.record.blob)
    with pytest.raises(AlreadyExists):
        await intake.start("another", Wanted("files/same"))


async def test_limits(intake: Intake) -> None:
    with pytest.raises(InvalidArgument, match="max_bytes"):
        await intake.start("p", Wanted(size=1_000_001))
    await intake.start("p", Wanted(size=1_000_000))
    await intake.start("p", Wanted(size=1_000_000))
    with pytest.raises(ResourceExhausted):
        await intake.start("p", Wanted(size=1))
    undeclared = await intake.start("p", Wanted())
    with pytest.raises(ResourceExhausted):
        await obey(undeclared, UPLOAD, 0, b"x")
    await intake.start("other", Wanted(size=1_000_000))


async def test_undeclared_bodies_at_once_stay_within_the_quota(files: Files, intake: Intake) -> None:
    """All of them begin while there is room for each."""
    begun = asyncio.Barrier(5)

    async def body() -> AsyncIterator[bytes]:
        await begun.wait()
        yield bytes(900_000)

    sent = [(await intake.start("p", Wanted())).obey(Order(UPLOAD, 0), body()) for _ in range(5)]
    refused = [error for error in await asyncio.gather(*sent, return_exceptions=True) if error is not None]
    assert len(refused) == 3
    for error in refused:
        assert isinstance(error, ResourceExhausted)
        assert "delete some first" in error.message
    assert files.records.project_bytes("p") == 1_800_000


async def test_an_end_beyond_the_quota_is_refused_before_the_seal(files: Files, intake: Intake) -> None:
    upload = await intake.start("p", Wanted(size=3))
    await obey(upload, UPLOAD, 0, b"ab")
    policy = files.policy
    files.policy = replace(policy, project_bytes=2)
    with pytest.raises(ResourceExhausted):
        await obey(upload, END, 2, b"c")
    assert upload.stored == 3
    assert not (await files.blobs.stat(upload.record.blob)).sealed
    files.policy = policy
    assert await obey(upload, END, 2, b"c") is not None


async def test_a_project_has_so_many_unfinished_uploads(files: Files, intake: Intake) -> None:
    files.policy = replace(files.policy, uploads=3)
    first, *_ = [await intake.start("p", Wanted()) for _ in range(3)]
    with pytest.raises(ResourceExhausted, match=r"3 unfinished uploads.*\[files\] uploads.*finish or cancel"):
        await intake.start("p", Wanted())
    await intake.start("q", Wanted())
    await obey(first, Command.CANCEL, None)
    await intake.start("p", Wanted())


async def test_whole_bodies_leave_nothing_when_they_fail(files: Files, intake: Intake) -> None:
    file = await intake.whole("p", Wanted("a", mime_type="text/plain"), pieces(b"a", b"b"))
    assert (file.id, file.size) == ("a", 2)
    with pytest.raises(HungUp):
        await intake.whole("p", Wanted("b"), broken(b"a"))
    _, collected = await files.gc(timedelta(0))
    assert collected.objects == collected.blobs == 0
    assert [record.id for record in await files.page("p", 9, None)] == ["a"]


async def test_uploads_belong_to_their_project(intake: Intake) -> None:
    upload = await intake.start("p", Wanted())
    upload.check_project("p")
    with pytest.raises(PermissionDenied):
        upload.check_project("q")


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "a" * 100, "../x"])
async def test_unknown_uploads(intake: Intake, secret: str) -> None:
    with pytest.raises(NotFound):
        await intake.find(secret)


async def test_forgotten_uploads_go(files: Files, intake: Intake) -> None:
    assert isinstance(files.clock, Clock)
    upload = await intake.start("p", Wanted())
    await obey(upload, UPLOAD, 0, b"abc")
    files.clock.turn(hours=47)
    assert (await files.sweep()).uploads == 0
    await obey(upload, UPLOAD, 3, b"def")  # hours later
    files.clock.turn(hours=47)
    assert (await files.sweep()).uploads == 0
    files.clock.turn(hours=2)
    assert (await files.sweep()).uploads == 1
    with pytest.raises(ApiError):
        await obey(upload, UPLOAD, 6, b"x")
    assert await asyncio.to_thread(files.records.condemned_objects) == []


async def test_an_upload_that_moves_slowly_is_not_forgotten(files: Files, intake: Intake) -> None:
    """One request for days, and not a single whole piece in it."""
    clock = files.clock
    assert isinstance(clock, Clock)

    async def slow() -> AsyncIterator[bytes]:
        for byte in (b"a", b"b", b"c", b"d"):
            yield byte
            clock.turn(hours=30)
            await files.sweep()

    upload = await intake.start("p", Wanted(size=4))
    assert await upload.obey(Order(END, 0, 4), slow()) is not None


async def test_bytes_of_an_upload_that_is_gone(files: Files, intake: Intake) -> None:
    upload = await intake.start("p", Wanted(size=4))

    async def forgotten() -> AsyncIterator[bytes]:
        yield b"ab"
        await asyncio.to_thread(files.records.delete_upload, upload.id, files.clock())
        yield b"cd"

    with pytest.raises(NotFound, match="There is no such upload"):
        await upload.obey(Order(END, 0, 4), forgotten())
    assert (upload.state, upload.stored) == (State.CANCELLED, 0)


async def test_two_ends_at_once_make_one_file(files: Files, intake: Intake) -> None:
    upload = await intake.start("p", Wanted(size=8))
    ends = [(await intake.find(upload.id)).obey(Order(END, 0, 8), pieces(b"abcd", b"efgh")) for _ in range(8)]
    results = await asyncio.gather(*ends, return_exceptions=True)
    made = {result.id for result in results if isinstance(result, FileRecord)}
    assert made == {upload.record.file_id}
    assert all(isinstance(result, FileRecord | FailedPrecondition) for result in results)
    assert [record.id for record in await files.page("p", 9, None)] == [upload.record.file_id]
