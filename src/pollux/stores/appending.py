"""One append: bytes come in, pieces are put, and what was put is named.

Three things go on at once: a piece is gathered, the one before it is put, and those put before that are made to survive
a power cut and named, several in one transaction (which, like a folder's fsync, costs much the same for one as for
eight), but not much later than a second.  At most two pieces are in memory.  With many appends at once the pieces get
smaller, so that all of them together stay within a budget; an upload of a byte a second holds just its bytes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from pollux.errors import ApiError, NotFound, Unavailable
from pollux.stores.objects import Full, Objects
from pollux.stores.pieces_table import Condemned, Piece, PieceVerbs, Within, refuse

MIB = 2**20
PIECE = 4 * MIB  # the largest piece: two are in memory
LARGE = 64 * 1024  # chunks of this size are put as they came; smaller ones, each an object of its own, are joined
SMALL = 256 * 1024  # the smallest that appends are held to; a last piece under it is joined by what comes next
BUDGET = 128 * MIB  # of all appends together
TOGETHER = 4  # pieces that are named in one transaction, where so many come within a second
NAMED_AFTER = 1.0  # seconds after which a piece that was put is named, however few there are
UNNAMED = 8  # pieces that were put and wait for their names, until the next one has to wait
ORPHAN_HOURS = 24  # how long the name of a removed orphan is kept, so that a slow append cannot name it


class Space:
    """Shares the budget among the appends that go on, and knows what they have on its way."""

    def __init__(self) -> None:
        self.appends = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Space:
        self.appends += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.appends -= 1

    def piece(self) -> int:
        """How large a piece may be now, in bytes."""
        return max(SMALL, min(PIECE, BUDGET // (2 * max(1, self.appends))))

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run it to its end, whether its append stays or leaves."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def settled(self) -> None:
        """When nothing is on its way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also when the append that would raise it has left


class _Gathered:
    """What is to be a piece, in parts: copying it together would take as much time as all of receiving it."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[bytearray | memoryview] = []

    def add(self, chunk: memoryview) -> None:
        self.size += len(chunk)
        if len(chunk) >= LARGE:
            self.parts.append(chunk)
        elif self.parts and isinstance(last := self.parts[-1], bytearray):
            last += chunk
        else:
            self.parts.append(bytearray(chunk))


class Append:
    """The end of one blob while it grows.  For one task."""

    def __init__(
        self, records: PieceVerbs, objects: Objects, space: Space, blob: str, stored: int, within: Within | None = None
    ) -> None:
        self._records = records
        self._objects = objects
        self._space = space
        self._blob = blob
        self._within = within
        self._stored = stored  # what the record names
        self._start = stored  # where what is gathered begins
        self._gathered = _Gathered()
        self._replaced: Piece | None = None
        self._unnamed: list[Piece] = []
        self._since = 0.0  # when the first of them began to be put, in seconds since 1970
        self._putting: asyncio.Task[None] | None = None
        self._naming: asyncio.Task[None] | None = None
        self._failed = False
        self._ending = False
        self._folder = objects.new_name()[:2]  # one for all pieces of an append: one folder to fsync

    async def run(self, last: Piece | None, chunks: AsyncIterable[bytes]) -> int:
        """Take everything; the size of the blob then.

        When `chunks` fails (or this task is cancelled) what came so far is stored, then its error goes on.
        """
        if last is not None and last.size < SMALL:
            # Joined instead of left alone: however small the chunks that come, pieces are not.
            self._gathered.add(await self._joined(last))
            self._start, self._replaced = last.start, last
        try:
            async for chunk in chunks:
                await self._take(memoryview(chunk))
        except BaseException:
            if not self._failed:
                with suppress(Exception):  # the first error is the one to tell; what is not stored is sent again
                    await self._finish()
            raise
        await self._finish()
        return self._stored

    async def _joined(self, last: Piece) -> memoryview:
        try:
            return await self._objects.get(last.object, 0, last.size)
        except NotFound:
            refuse(await asyncio.to_thread(self._records.find_blob, self._blob), self._blob, self._stored)
            raise

    async def _take(self, chunk: memoryview) -> None:
        while chunk:
            room = self._space.piece() - self._gathered.size
            if room <= 0:
                await self._send()
                continue
            self._gathered.add(chunk[:room])
            chunk = chunk[room:]
        if self._gathered.size >= self._space.piece():
            await self._send()

    async def _finish(self) -> None:
        """Store what is left.  A cancelled caller leaves, the storing goes on."""
        self._ending = True
        self._name_now()
        if self._start + self._gathered.size == self._stored:
            self._gathered = _Gathered()  # nothing came: what was to be joined stays as it is
        if self._gathered.size:
            await self._send()
        await self._done(self._putting)
        await self._done(self._naming)

    async def _send(self) -> None:
        """Begin to put what is gathered, once the piece before it is put."""
        await self._done(self._putting)
        if self._failed:  # the names were refused: what comes after them is not wanted
            await self._done(self._naming)
        gathered, self._gathered = self._gathered, _Gathered()
        self._putting = self._space.spawn(self._put(gathered, self._start))
        self._start += gathered.size

    async def _done(self, task: asyncio.Task[None] | None) -> None:
        if task is not None:
            await asyncio.shield(task)

    async def _put(self, gathered: _Gathered, start: int) -> None:
        if len(self._unnamed) >= UNNAMED:
            await self._done(self._naming)
        piece = Piece(self._objects.new_name(self._folder), start, gathered.size)
        began = time.time()
        try:
            await self._put_object(piece.object, gathered.parts)
        except BaseException:
            self._failed = True
            self._name_now()  # everything before is kept
            raise
        if self._failed:  # meanwhile the pieces before it were refused
            await self._discard([piece])
            return
        self._since = self._since if self._unnamed else began
        self._unnamed.append(piece)
        if self._ending or len(self._unnamed) >= TOGETHER:
            self._name_now()
        elif len(self._unnamed) == 1:
            self._name_later()

    def _name_later(self) -> None:
        asyncio.get_running_loop().call_later(NAMED_AFTER, self._name_now)

    def _name_now(self) -> None:
        """Begin to name what was put, if that is not going on."""
        if self._unnamed and (self._naming is None or self._naming.done()):
            self._naming = self._space.spawn(self._name_all())

    async def _put_object(self, name: str, data: Sequence[bytearray | memoryview]) -> None:
        try:
            await self._objects.put(name, data)
        except Full:
            raise
        except Unavailable:
            if self._objects.folder is None:
                raise  # a bucket was asked several times already
            await self._objects.put(name, data)  # a cleaner may have taken what was being written for a remnant

    async def _name_all(self) -> None:
        enough = 1
        while len(self._unnamed) >= enough:
            pieces, since, replaced = self._unnamed, self._since, self._replaced
            self._unnamed, self._replaced = [], None
            try:
                await asyncio.to_thread(self._name, pieces, replaced, since)
            except BaseException as error:
                self._failed = True
                behind, self._unnamed = self._unnamed, []
                if isinstance(error, ApiError) and not isinstance(error, Unavailable):  # refused, so surely not named
                    await self._discard([*pieces, *behind])
                raise
            self._stored = pieces[-1].end
            enough = 1 if self._ending or self._failed else TOGETHER
            if replaced is not None:
                await self._discard([replaced], forget=True)
        if self._unnamed:
            self._name_later()

    def _name(self, pieces: Sequence[Piece], replaced: Piece | None, since: float) -> None:
        """The one transaction.  Any error of the database here may have come after it was done, so the objects stay."""
        self._objects.settle([piece.object for piece in pieces])
        try:
            if time.time() - since > ORPHAN_HOURS * 3600 / 2:  # a laptop that slept: a cleaner may have come and gone
                raise Condemned
            self._records.extend_blob(self._blob, self._stored, pieces, replaced, datetime.now(UTC), self._within)
        except Condemned:
            raise Unavailable("a cleaner took these bytes for orphans; send them again") from None

    async def _discard(self, pieces: Sequence[Piece], *, forget: bool = False) -> None:
        names = [piece.object for piece in pieces]
        with suppress(Unavailable):  # orphans then, or condemned ones, and a cleaner's
            await self._objects.remove(names)
            if forget:
                await asyncio.to_thread(self._records.forget_objects, names)
