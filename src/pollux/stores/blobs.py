"""Blobs: bytes that rest.  Append, read a range, seal, stat, delete; the same in a folder, in memory and in a bucket.

A blob is an ordered list of immutable objects, the pieces, named in its record (object stores know no append).  An
append puts a piece and then names it in one transaction: a crash at any moment leaves at most an object that no record
names, which `collect` removes; a record never names bytes that are not there.
"""

from __future__ import annotations

import asyncio
import io
import secrets
from bisect import bisect_right
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pollux.errors import InvalidArgument, NotFound, Unavailable
from pollux.stores.appending import MIB, ORPHAN_HOURS, PIECE, Append, Space
from pollux.stores.objects import Full, Objects
from pollux.stores.pieces_table import BlobRecord, OffsetMismatch, Piece, PieceVerbs, Sealed, Within, refuse

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["BlobFile", "Blobs", "Collected", "Full", "OffsetMismatch", "Sealed", "Stat", "Within"]


@dataclass(frozen=True, slots=True)
class Stat:
    """What is known of a blob without reading it: `size` in bytes."""

    size: int
    sealed: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Collected:
    """What a cleaning removed: objects and their bytes, and blobs that nobody had."""

    objects: int
    bytes: int
    blobs: int


class Blobs:
    """The blobs of an installation.  For one event loop; several processes may share records and place.

    Every method raises Unavailable, with the reason in one line, when the place or the database cannot answer (Full,
    which is an Unavailable, when there is no room).
    """

    def __init__(self, objects: Objects, records: PieceVerbs) -> None:
        self._objects = objects
        self._records = records
        self._space = Space()

    @classmethod
    def open(cls, url: str, records: PieceVerbs, *, sync: bool = True) -> Blobs:
        """The place by its URL: see Objects.open.  Raises ConfigurationError."""
        return cls(Objects.open(url, sync=sync), records)

    async def close(self) -> None:
        """Wait for what is being stored.  The records stay open: they are the caller's."""
        await self._space.settled()

    async def create(self) -> str:
        """The id of a new, empty blob: 26 small letters and digits that cannot be guessed."""
        blob = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
        await asyncio.to_thread(self._records.add_blob, blob, datetime.now(UTC))
        return blob

    async def append(self, blob: str, offset: int, chunks: AsyncIterable[bytes], within: Within | None = None) -> int:
        """Store everything that comes, from byte `offset` on, which must be where the blob ends; its new size.

        Raises OffsetMismatch (`.stored` says where it ends), Sealed, NotFound.  Of several appends at one offset
        exactly one wins.  When `chunks` raises, what came until then is stored and its error is raised; so it is when
        the caller is cancelled.  When storing fails, everything before is kept: `stat` tells how far.  So it is when
        `within`, asked in each transaction by which the blob grows, raises.  Holds at most two pieces of 4 MiB.
        """
        found = await asyncio.to_thread(self._records.find_blob, blob)
        refuse(found, blob, offset)
        last = await asyncio.to_thread(self._records.last_piece, blob) if offset else None
        with self._space:
            return await Append(self._records, self._objects, self._space, blob, offset, within).run(last, chunks)

    async def stat(self, blob: str) -> Stat:
        """Size and state.  Raises NotFound."""
        found = await self._find(blob)
        return Stat(found.size, found.sealed, found.created_at)

    async def read(self, blob: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes [start, end) in chunks of at most 1 MiB; `end` beyond the blob is its end.

        Raises, at the first chunk, NotFound and InvalidArgument (a range that is not within the blob).
        """
        for piece, first, behind in await self._plan(blob, start, end):
            # A bucket is asked once a piece, a folder once a chunk: there nothing is gained by reading ahead.
            step = PIECE if self._objects.folder is None else MIB
            for at in range(first, behind, step):
                data = await self._objects.get(piece.object, at, min(at + step, behind))
                for cut in range(0, len(data), MIB):
                    yield bytes(data[cut : cut + MIB])

    async def seal(self, blob: str) -> int:
        """Nothing can be appended from now on; the final size in bytes.  Raises NotFound."""
        size = await asyncio.to_thread(self._records.seal_blob, blob)
        if size is None:
            raise NotFound(f"there is no blob {blob}")
        return size

    async def delete(self, blob: str) -> None:
        """Remove a blob, first from the records, then its bytes; one that is gone, or half gone, is no fault.

        Raises FailedPrecondition while a file names it.  When the bytes cannot be removed now, `collect` does it later.
        """
        await asyncio.to_thread(self._records.delete_blob, blob, datetime.now(UTC))
        while pieces := await asyncio.to_thread(self._records.condemned_objects, blob):
            await self._remove(pieces)

    async def collect(self, older_than: timedelta) -> Collected:
        """Remove what nobody has: blobs that no file and no active upload names, objects that no blob names.

        Only what is older than that, which spares appends that go on some work; with 0 it is just as safe beside them.
        """
        now = datetime.now(UTC)
        before = now - older_than
        blobs = 0
        while found := await asyncio.to_thread(self._records.condemn_ownerless, before, now):
            blobs += found
        count = size = 0
        while pieces := await asyncio.to_thread(self._records.condemned_objects):
            await self._remove(pieces)
            count, size = count + len(pieces), size + sum(piece.size for piece in pieces)
        async for batch in self._objects.listed():
            old = {listed.name: listed.size for listed in batch if listed.modified_at <= before}
            orphans = await asyncio.to_thread(self._records.condemn_orphans, list(old), now)
            await self._objects.remove(orphans)
            count, size = count + len(orphans), size + sum(old[name] for name in orphans)
        staged, staged_size = await asyncio.to_thread(self._objects.remove_staged, before)
        await asyncio.to_thread(self._records.forget_orphans, now - timedelta(hours=ORPHAN_HOURS))
        return Collected(count + staged, size + staged_size, blobs)

    async def local_path(self, blob: str) -> Path | None:
        """The file itself, when a blob is one piece in a folder: to read, never to change.  Raises NotFound."""
        pieces = await self._plan(blob, 0, None)
        if self._objects.folder is None or len(pieces) != 1:
            return None
        return self._objects.folder / pieces[0][0].object

    async def file(self, blob: str) -> io.BufferedReader:
        """The blob as a binary file to seek and read in, for a thread: it fetches what is read, 1 MiB at a time.

        Raises NotFound; reading raises OSError.
        """
        pieces = [piece for piece, _, _ in await self._plan(blob, 0, None)]
        return io.BufferedReader(BlobFile(self._objects, pieces), MIB)

    async def check(self) -> None:
        """Put, read and remove one small object: what a doctor asks."""
        name, data = self._objects.new_name(), secrets.token_bytes(64)
        await self._objects.put(name, data)
        try:
            if bytes(await self._objects.get(name, 0, len(data))) != data:
                raise Unavailable("the blob store gives back other bytes than were put")
        finally:
            await self._objects.remove([name])

    async def _find(self, blob: str) -> BlobRecord:
        found = await asyncio.to_thread(self._records.find_blob, blob)
        if found is None:
            raise NotFound(f"there is no blob {blob}")
        return found

    async def _plan(self, blob: str, start: int, end: int | None) -> list[tuple[Piece, int, int]]:
        """Which bytes [first, behind) of which pieces make bytes [start, end) of a blob."""
        size = (await self._find(blob)).size
        end = size if end is None else min(end, size)
        if not 0 <= start <= end:
            raise InvalidArgument(f"the range from {start} to {end} is not within the {size} bytes")
        pieces = await asyncio.to_thread(self._records.list_pieces, blob, start, end)
        plan = [(piece, max(start, piece.start) - piece.start, min(end, piece.end) - piece.start) for piece in pieces]
        if sum(behind - first for _, first, behind in plan) != end - start:
            raise NotFound(f"the blob {blob} was removed or changed while it was read")
        return plan

    async def _remove(self, pieces: Sequence[Piece]) -> None:
        names = [piece.object for piece in pieces]
        await self._objects.remove(names)
        await asyncio.to_thread(self._records.forget_objects, names)


class BlobFile(io.RawIOBase):
    """Pieces as one seekable file, read-only.  Blocks: for a thread."""

    def __init__(self, objects: Objects, pieces: Sequence[Piece]) -> None:
        self._objects = objects
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._size = pieces[-1].end if pieces else 0
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there; the new position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a position before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The position."""
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        """Fill the buffer as far as the piece at the position goes; 0 at the end."""
        target = memoryview(buffer).cast("B")
        if self._at >= self._size or not target:
            return 0
        piece = self._pieces[bisect_right(self._starts, self._at) - 1]
        first = self._at - piece.start
        behind = min(piece.size, first + len(target))
        try:
            target[: behind - first] = self._objects.get_blocking(piece.object, first, behind)
        except (NotFound, Unavailable) as error:
            raise OSError(error.message) from error
        self._at += behind - first
        return behind - first
