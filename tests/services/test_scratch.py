"""Copies of blobs as files: how long they stay, and who may see them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pollux.errors import NotFound
from pollux.services.scratch import Scratch
from pollux.stores.blobs import Blobs
from pollux.stores.records import Records
from tests.services.kit import pieces


@pytest.fixture
async def blobs() -> AsyncIterator[Blobs]:
    records = Records.open("sqlite://")
    blobs = Blobs.open("memory://", records)
    yield blobs
    await blobs.close()
    records.close()


@pytest.fixture
async def scratch(tmp_path: Path) -> AsyncIterator[Scratch]:
    scratch = Scratch(tmp_path / "scratch", most=10)
    yield scratch
    scratch.close()
    assert not list((tmp_path / "scratch").glob("pollux-*"))


async def blob_of(blobs: Blobs, data: bytes) -> str:
    blob = await blobs.create()
    await blobs.append(blob, 0, pieces(data))
    return blob


async def test_copies_are_shared_and_for_the_owner_only(blobs: Blobs, scratch: Scratch) -> None:
    blob = await blob_of(blobs, b"12345")
    one, other = await asyncio.gather(scratch.copy(blobs, blob, 5), scratch.copy(blobs, blob, 5))
    assert one is other
    assert one.path.read_bytes() == b"12345"
    assert [path.stat().st_mode & 0o777 for path in (one.path, one.path.parent, scratch.parent)] == [
        0o600,
        0o700,
        0o700,
    ]


async def test_a_copy_in_use_makes_no_room(blobs: Blobs, scratch: Scratch) -> None:
    used = await scratch.copy(blobs, await blob_of(blobs, b"123456"), 6)
    idle = (await scratch.copy(blobs, await blob_of(blobs, b"abcd"), 4)).path
    more = await scratch.copy(blobs, await blob_of(blobs, b"ABCDEFGH"), 8)
    assert used.path.exists()
    assert not idle.exists()
    path = used.path
    del used
    await scratch.copy(blobs, await blob_of(blobs, b"12"), 2)
    assert not path.exists()
    assert more.path.exists()


class Slow(Blobs):
    """Chunks that come when they are let."""

    def __init__(self) -> None:
        self.more = asyncio.Event()
        self.over = asyncio.Event()

    async def read(self, blob: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        try:
            yield b"12"
            await self.more.wait()
            yield b"34"
        finally:
            self.over.set()


async def test_a_blob_that_goes_while_it_is_copied_is_not_found(scratch: Scratch) -> None:
    slow = Slow()
    caller = asyncio.create_task(scratch.copy(slow, "b", 4))
    await asyncio.sleep(0.05)
    scratch.drop("b")
    with pytest.raises(NotFound):
        await caller


async def test_copying_goes_on_while_anybody_waits(scratch: Scratch) -> None:
    slow = Slow()
    first, second = (asyncio.create_task(scratch.copy(slow, "b", 4)) for _ in range(2))
    await asyncio.sleep(0.05)
    first.cancel()
    await asyncio.sleep(0)
    slow.more.set()
    assert (await second).path.read_bytes() == b"1234"

    slow = Slow()
    only = asyncio.create_task(scratch.copy(slow, "c", 4))
    await asyncio.sleep(0.05)
    only.cancel()
    await slow.over.wait()
    assert scratch.blobs() == {"b"}


LIVING = """
import os, pathlib, sys
os.getpid = lambda: 1  # as in a container, where the process of every start has the same number
from pollux.services.scratch import Scratch
print(Scratch(pathlib.Path(sys.argv[1]))._home(), flush=True)
sys.stdin.read()
"""


def test_only_folders_of_the_dead_are_cleared(tmp_path: Path) -> None:
    mine = Scratch(tmp_path)
    home = mine._home()
    command = [sys.executable, "-c", LIVING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        (theirs / "copy").write_bytes(b"12345")
        Scratch(tmp_path).clear()
        assert home.is_dir()
        assert theirs.is_dir()
        other.kill()
    mine.clear()
    assert home.is_dir()
    assert not theirs.exists()
    mine.close()
