"""What only a folder can show: crashes, a full disk, files on disk, memory."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pollux.errors import ConfigurationError, Unavailable
from pollux.stores import appending, objects
from pollux.stores.blobs import Blobs, Collected, Full
from pollux.stores.objects import Objects
from pollux.stores.pieces_table import Piece
from pollux.stores.records import Records
from tests.stores.test_blobs import chunked, names, noise, whole
from tests.stores.test_files import a_file

MIB = 2**20

WRITER = """
import asyncio, sys
from pollux.stores import appending
from pollux.stores.blobs import Blobs
from pollux.stores.records import Records
from tests.stores.test_blobs import noise
appending.PIECE, appending.SMALL = 50_000, 1_000

async def endless(offset):
    for seed in range(offset // 10_000, 10**9):
        yield noise(10_000, seed)
        await asyncio.sleep(0)

async def main(database, place, blob):
    records = Records.open(database)
    blobs = Blobs.open(place, records)
    stored = (await blobs.stat(blob)).size
    print("ready", flush=True)
    await blobs.append(blob, stored, endless(stored))

asyncio.run(main(*sys.argv[1:]))
"""


async def test_killed_at_any_moment_what_is_named_is_there(tmp_path: Path, disk: Records, folder: Blobs) -> None:
    blob = await folder.create()
    disk.add_file(a_file("one", blob=blob))
    command = [sys.executable, "-c", WRITER, f"sqlite:///{tmp_path}/pollux.db", (tmp_path / "blobs").as_uri(), blob]
    for number in range(8):
        process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)  # noqa: ASYNC220
        assert process.stdout is not None
        await asyncio.to_thread(process.stdout.readline)
        await asyncio.sleep(0.03 + 0.017 * number)
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.communicate)
        size = (await folder.stat(blob)).size
        assert size % 50_000 == 0
        found = await whole(folder, blob)
        assert found == b"".join(noise(10_000, seed) for seed in range(size // 10_000))
    assert size > 100_000
    await folder.collect(timedelta(0))
    left = {
        path.relative_to(tmp_path / "blobs").as_posix() for path in (tmp_path / "blobs").rglob("*") if path.is_file()
    }
    assert left == {piece.object for piece in disk.list_pieces(blob, 0, size)}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 2 MiB."""
    place = tmp_path / "tiny"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


async def test_a_full_disk_is_one_clear_line_and_nothing_half(tiny_disk: Path, disk: Records) -> None:
    blobs = Blobs.open(tiny_disk.as_uri(), disk)
    blob = await blobs.create()
    await blobs.append(blob, 0, chunked(noise(MIB)))
    with pytest.raises(Full, match="the disk is full; free some space") as caught:
        await blobs.append(blob, MIB, chunked(noise(3 * MIB)))
    assert "\n" not in caught.value.message
    assert await whole(blobs, blob) == noise(MIB)
    assert len(await names(blobs)) == 1
    assert await blobs.append(blob, MIB, chunked(b"some room is left")) == MIB + 17


async def test_a_database_that_fails_names_nothing(
    disk: Records, folder: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Unavailable("the database cannot be written, the disk is full")

    blob = await folder.create()
    disk.add_file(a_file("one", blob=blob))
    monkeypatch.setattr(disk, "extend_blob", full)
    with pytest.raises(Unavailable, match="disk is full"):
        await folder.append(blob, 0, chunked(noise(1000)))
    assert (await folder.stat(blob)).size == 0
    assert await folder.collect(timedelta(0)) == Collected(1, 1000, 0)


async def test_a_cleaner_in_between_makes_the_append_fail_not_the_blob(
    disk: Records, folder: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = await folder.create()
    disk.add_file(a_file("one", blob=blob))
    extend = disk.extend_blob

    def cleaned(*given: Any) -> None:
        assert asyncio.run(folder.collect(timedelta(0))).objects == 1
        extend(*given)

    monkeypatch.setattr(disk, "extend_blob", cleaned)
    with pytest.raises(Unavailable, match="send them again"):
        await folder.append(blob, 0, chunked(noise(1000)))
    monkeypatch.undo()
    assert (await folder.stat(blob)).size == 0
    assert await folder.append(blob, 0, chunked(noise(1000))) == 1000
    assert await whole(folder, blob) == noise(1000)


async def test_every_object_is_on_disk_before_it_is_named(
    disk: Records, folder: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real, extend = objects._fsync, disk.extend_blob

    def noted(path: Path) -> None:
        real(path)
        synced.append(path.name)

    def checked(blob: str, stored: int, pieces: list[Piece], *rest: Any) -> None:
        for piece in pieces:
            fan, _, name = piece.object.partition("/")
            assert synced.index(name) < len(synced) - 1 - synced[::-1].index(fan)  # the file, then its folder
            assert "blobs" in synced
        extend(blob, stored, pieces, *rest)

    monkeypatch.setattr(objects, "_fsync", noted)
    monkeypatch.setattr(disk, "extend_blob", checked)
    monkeypatch.setattr(appending, "SMALL", 100_000)
    monkeypatch.setattr(appending, "PIECE", 100_000)
    blob = await folder.create()
    assert await folder.append(blob, 0, chunked(noise(950_000))) == 950_000


async def test_one_piece_is_a_file(tmp_path: Path, folder: Blobs) -> None:
    blob, long = await folder.create(), await folder.create()
    await folder.append(blob, 0, chunked(b"abc"))
    await folder.append(long, 0, chunked(bytes(9 * MIB), MIB))
    path = await folder.local_path(blob)
    assert path is not None
    assert path.read_bytes() == b"abc"
    assert await folder.local_path(long) is None
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700


async def test_an_append_holds_two_pieces_at_most(folder: Blobs) -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def feed(chunks: int) -> AsyncIterator[bytes]:
        for _ in range(chunks):
            yield chunk

    chunk, peak, stop = bytes(65536), [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.002):
            peak[0] = max(peak[0], resident())

    blob = await folder.create()
    await folder.append(blob, 0, feed(64))
    base = resident()
    watcher = threading.Thread(target=watch)
    watcher.start()
    assert await folder.append(blob, 64 * 65536, feed(4096)) == 260 * MIB
    stop.set()
    watcher.join()
    assert peak[0] - base < 32 * MIB


async def test_many_appends_share_their_memory(folder: Blobs) -> None:
    space = folder._space
    for many, piece in [(1, 4 * MIB), (16, 4 * MIB), (32, 2 * MIB), (200, 128 * MIB // 400), (10_000, 256 * 1024)]:
        space.appends = many
        assert space.piece() == piece


async def test_remnants_of_killed_puts_are_removed(tmp_path: Path, folder: Blobs) -> None:
    remnant = tmp_path / "blobs" / "ab" / ("ab" + 30 * "0" + "#1")
    remnant.parent.mkdir()
    remnant.write_bytes(b"half")
    (remnant.parent / "notes.txt").write_text("somebody's")
    assert await folder.collect(timedelta(hours=1)) == Collected(0, 0, 0)
    assert await folder.collect(timedelta(0)) == Collected(1, 4, 0)
    assert [path.name for path in remnant.parent.iterdir()] == ["notes.txt"]


async def test_names_of_orphans_are_forgotten_in_the_end(disk: Records) -> None:
    now = datetime.now(UTC)
    assert disk.condemn_orphans(["00/a", "00/b"], now) == ["00/a", "00/b"]
    assert disk.condemn_orphans(["00/a", "00/c"], now) == ["00/c"]
    disk.forget_orphans(now + timedelta(seconds=1))
    assert disk.condemn_orphans(["00/a"], now) == ["00/a"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://user:hush@host/x", "ftp scheme is not supported"),
        ("/plain/path", "no scheme is not supported"),
        ("file:///dev/null/x", "cannot use /dev/null/x: Not a directory"),
        ("s3://", "cannot be used"),
    ],
)
def test_a_place_that_cannot_be_used_is_refused(url: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        Objects.open(url)
    assert "\n" not in caught.value.message
    assert "hush" not in caught.value.message
