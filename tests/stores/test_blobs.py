from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from pollux.errors import FailedPrecondition, InvalidArgument, NotFound, ResourceExhausted
from pollux.stores import appending
from pollux.stores.blobs import Blobs, Collected, OffsetMismatch, Sealed
from pollux.stores.records import Records
from tests.stores.test_files import a_file

NOTHING = Collected(0, 0, 0)


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


async def chunked(data: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def whole(blobs: Blobs, blob: str, start: int = 0, end: int | None = None) -> bytes:
    chunks = [chunk async for chunk in blobs.read(blob, start, end)]
    assert all(0 < len(chunk) <= 2**20 for chunk in chunks)
    return b"".join(chunks)


async def names(blobs: Blobs) -> set[str]:
    return {listed.name async for batch in blobs._objects.listed() for listed in batch}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "PIECE", 300_000)
    monkeypatch.setattr(appending, "SMALL", 1_000)


async def test_what_went_in_comes_out(blobs: Blobs) -> None:
    data = noise(1_000_001)
    blob = await blobs.create()
    assert await blobs.append(blob, 0, chunked(data[:700_000])) == 700_000
    assert await blobs.append(blob, 700_000, chunked(data[700_000:])) == len(data)
    assert await blobs.seal(blob) == len(data)
    stat = await blobs.stat(blob)
    assert (stat.size, stat.sealed) == (len(data), True)
    assert abs(datetime.now(UTC) - stat.created_at) < timedelta(minutes=1)
    assert await whole(blobs, blob) == data
    for start, end in [(0, 1), (299_999, 300_001), (5, 999_999), (len(data), None), (400_000, 400_000), (7, 9**9)]:
        assert await whole(blobs, blob, start, end) == data[start:end]


async def test_an_empty_blob_is_a_blob(blobs: Blobs) -> None:
    blob = await blobs.create()
    assert await blobs.append(blob, 0, chunked(b"")) == 0
    assert await blobs.seal(blob) == 0
    assert await whole(blobs, blob) == b""
    assert (await blobs.file(blob)).read() == b""
    assert await names(blobs) == set()


async def test_ids_are_unguessable_and_plain(blobs: Blobs) -> None:
    ids = {await blobs.create() for _ in range(20)}
    assert len(ids) == 20
    assert all(len(blob) == 26 and blob.isalnum() and blob == blob.lower() for blob in ids)


@pytest.mark.parametrize(("offset", "stored"), [(0, 10), (9, 10), (11, 10), (-1, 10)])
async def test_a_wrong_offset_changes_nothing(blobs: Blobs, offset: int, stored: int) -> None:
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(b"x" * 10))
    with pytest.raises(OffsetMismatch) as caught:
        await blobs.append(blob, offset, chunked(b"y"))
    assert caught.value.stored == stored
    assert await whole(blobs, blob) == b"x" * 10


async def test_of_many_appends_at_one_offset_one_wins_and_the_others_leave_nothing(blobs: Blobs) -> None:
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(noise(5000)))
    bodies = [noise(900_000, seed) for seed in range(4)]
    results = await asyncio.gather(
        *(blobs.append(blob, 5000, chunked(body)) for body in bodies), return_exceptions=True
    )
    won = [number for number, result in enumerate(results) if result == 905_000]
    assert len(won) == 1
    assert all(isinstance(result, OffsetMismatch) for number, result in enumerate(results) if number not in won)
    assert await whole(blobs, blob, 5000) == bodies[won[0]]
    await blobs.close()
    pieces = blobs._records.list_pieces(blob, 0, 905_000)
    assert await names(blobs) == {piece.object for piece in pieces}


async def test_a_source_that_fails_keeps_what_came(blobs: Blobs) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for chunk in chunked(noise(700_001)):
            yield chunk
        raise ConnectionResetError("gone")

    blob = await blobs.create()
    with pytest.raises(ConnectionResetError):
        await blobs.append(blob, 0, broken())
    assert await whole(blobs, blob) == noise(700_001)


async def test_a_cancelled_append_keeps_what_came(blobs: Blobs) -> None:
    sent = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        async for chunk in chunked(noise(700_001)):
            yield chunk
        sent.set()
        await asyncio.sleep(60)

    blob = await blobs.create()
    task = asyncio.create_task(blobs.append(blob, 0, stuck()))
    await sent.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await whole(blobs, blob) == noise(700_001)


async def test_tiny_appends_are_joined(blobs: Blobs) -> None:
    data = noise(3_000)
    blob = await blobs.create()
    for at in range(0, len(data), 100):
        await blobs.append(blob, at, chunked(data[at : at + 100]))
        await blobs.append(blob, at + 100, chunked(b""))
    assert await whole(blobs, blob) == data
    pieces = blobs._records.list_pieces(blob, 0, len(data))
    assert [piece.size for piece in pieces] == [1000, 1000, 1000]
    assert await names(blobs) == {piece.object for piece in pieces}


async def test_sealed_means_sealed(blobs: Blobs) -> None:
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(b"abc"))
    assert [await blobs.seal(blob), await blobs.seal(blob)] == [3, 3]
    with pytest.raises(Sealed):
        await blobs.append(blob, 3, chunked(b"d"))
    assert await whole(blobs, blob) == b"abc"


async def test_the_growing_can_be_refused(blobs: Blobs) -> None:
    sizes: list[int] = []
    sent = 0

    def within(_: Connection, size: int) -> None:
        if sum(sizes) + size > 2_000_000:
            raise ResourceExhausted("enough")
        sizes.append(size)

    async def long() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 70_000
            yield bytes(70_000)

    blob = await blobs.create()
    with pytest.raises(ResourceExhausted, match="enough"):
        await blobs.append(blob, 0, long(), within)
    assert (await blobs.stat(blob)).size == sum(sizes)
    assert sent < 20_000_000  # what cannot be stored is not taken either
    await blobs.close()
    assert await names(blobs) == {piece.object for piece in blobs._records.list_pieces(blob, 0, 2_000_000)}


async def test_deleted_means_gone_with_its_objects(blobs: Blobs) -> None:
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(noise(700_000)))
    assert len(await names(blobs)) == 3
    await blobs.delete(blob)
    await blobs.delete(blob)
    assert await names(blobs) == set()
    assert blobs._records.condemned_objects() == []
    for verb in (blobs.stat(blob), blobs.seal(blob), whole(blobs, blob), blobs.append(blob, 0, chunked(b"x"))):
        with pytest.raises(NotFound):
            await verb


async def test_a_blob_that_a_file_names_is_not_deleted(blobs: Blobs, records: Records) -> None:
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(b"kept"))
    records.add_file(a_file("one", blob=blob))
    with pytest.raises(FailedPrecondition, match="delete it first"):
        await blobs.delete(blob)
    assert await blobs.collect(timedelta(0)) == NOTHING
    assert await whole(blobs, blob) == b"kept"
    records.delete_file("one", datetime.now(UTC))
    assert await blobs.collect(timedelta(0)) == Collected(1, 4, 0)  # as after a crash before the bytes were removed
    assert await names(blobs) == set()


async def test_collect_removes_what_nobody_has_and_only_that(blobs: Blobs, records: Records) -> None:
    kept, left = await blobs.create(), await blobs.create()
    for blob in (kept, left):
        await blobs.append(blob, 0, chunked(noise(10_000)))
    records.add_file(a_file("one", blob=kept))
    await blobs._objects.put(blobs._objects.new_name(), b"orphan")
    assert await blobs.collect(timedelta(hours=1)) == NOTHING
    assert await blobs.collect(timedelta(0)) == Collected(2, 10_006, 1)
    assert await blobs.collect(timedelta(0)) == NOTHING
    assert await whole(blobs, kept) == noise(10_000)


async def test_a_file_to_seek_in(blobs: Blobs) -> None:
    data = noise(1_000_000)
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(data))
    with await blobs.file(blob) as opened:
        twin = io.BytesIO(data)
        steps = random.Random(1)
        for _ in range(50):
            offset, size = steps.randrange(1_100_000), steps.randrange(400_000)
            assert opened.seek(offset) == twin.seek(offset)
            assert await asyncio.to_thread(opened.read, size) == twin.read(size)
        assert opened.seek(-5, io.SEEK_END) == 999_995
        assert opened.read() == data[-5:]


async def test_ranges_beyond_the_blob_are_refused(blobs: Blobs) -> None:
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(b"abc"))
    for start, end in [(4, None), (-1, 2), (2, 1)]:
        with pytest.raises(InvalidArgument, match="is not within the 3 bytes"):
            await whole(blobs, blob, start, end)


async def test_the_doctor_finds_it_well(blobs: Blobs) -> None:
    await blobs.check()
    assert await names(blobs) == set()
