"""Uploads as they happen: what `uploads.advance` decides is done here, to the stores.

Bodies stream to `Blobs.append` and are never held.  No lock is held while a client is waited for, but one: an upload
has one writer at a time, and whoever comes later for the same upload takes over from one who waits for his client (a
connection that died without a word would otherwise hold it).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

from pollux.errors import AlreadyExists, NotFound, PermissionDenied, ResourceExhausted, Unavailable
from pollux.services import uploads
from pollux.services.files import Files, NewFile
from pollux.services.names import check_display, check_mime, new_id, new_secret, wanted_id
from pollux.services.turns import Turn, Turns, overtaken
from pollux.services.uploads import Abandon, Command, Session, State, Take
from pollux.stores.blobs import OffsetMismatch
from pollux.stores.records import FileRecord, UploadRecord
from pollux.stores.uploads_table import growing

MOST_SUMS = 2048
"""Unfinished checksums kept; an upload whose checksum is not kept is read once more at its end."""
TOUCHES = 10
"""How often, in the time after which a silent upload is forgotten, it is noted that one moves."""
AT_ONCE = 1024 * 1024
"""Bytes that are handed to the thread of a checksum together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the start of an upload says of the file; "" and None where it says nothing."""

    name: str = ""
    display_name: str = ""
    mime_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a request to an upload's address wants; `length` is of its body where it is known."""

    command: Command
    offset: int | None = None
    length: int | None = None


class _Sum:
    """SHA-256 of the first `size` bytes of an upload, made in a thread beside the receiving and the storing."""

    def __init__(self) -> None:
        self.size = 0
        self._hasher = hashlib.sha256()
        self._held: list[bytes] = []
        self._weight = 0
        self._work: asyncio.Future[None] | None = None

    async def update(self, chunk: bytes) -> None:
        """The next bytes; waits only when the thread is behind."""
        self.size += len(chunk)
        self._held.append(chunk)
        self._weight += len(chunk)
        if self._weight >= AT_ONCE:
            await self._hand_over()

    async def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        await self.settle()
        return self._hasher.hexdigest()

    async def settle(self) -> None:
        """When nothing is held any more."""
        await self._hand_over()
        await self._hand_over()

    async def _hand_over(self) -> None:
        if self._work is not None:
            work, self._work = self._work, None
            await work
        if self._held:
            chunks, self._held, self._weight = self._held, [], 0
            self._work = asyncio.get_running_loop().run_in_executor(None, self._digest, chunks)

    def _digest(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self._hasher.update(chunk)


class Intake:
    """Starts uploads and finds them again."""

    def __init__(self, files: Files, idle_seconds: float = 120.0) -> None:
        self.files = files
        self.idle_seconds = idle_seconds
        self.turns = Turns()
        self._sums: OrderedDict[str, _Sum] = OrderedDict()

    async def start(self, project: str, wanted: Wanted) -> Upload:
        """A new upload.  Raises InvalidArgument, AlreadyExists for a taken name, ResourceExhausted."""
        files = self.files
        uploads.check_declared(wanted.size, files.policy.max_bytes)
        file_id = wanted_id(wanted.name) or new_id()
        display, mime = check_display(wanted.display_name), check_mime(wanted.mime_type)
        now = files.clock()
        blob = await files.blobs.create()
        record = UploadRecord(new_secret(), project, file_id, blob, wanted.size, mime, display, "active", now, now)
        try:
            policy = files.policy
            await asyncio.to_thread(files.records.add_upload, record, policy.project_bytes, policy.uploads)
        except BaseException:
            await files.blobs.delete(blob)
            raise
        return Upload(self, record, 0)

    async def find(self, upload_id: str) -> Upload:
        """An upload that was started.  Raises NotFound."""
        record = await asyncio.to_thread(self.files.records.get_upload, upload_id[:64]) if upload_id else None
        if record is None or record.id != upload_id:
            raise uploads.unknown()
        return Upload(self, record)

    async def whole(
        self, project: str, wanted: Wanted, body: AsyncIterator[bytes], length: int | None = None
    ) -> FileRecord:
        """A file from one body (the raw and multipart protocols); when it fails nothing stays."""
        upload = await self.start(project, wanted)
        try:
            made = await upload.obey(Order(Command.UPLOAD | Command.FINALIZE, 0, length), body)
        except BaseException:
            await asyncio.shield(upload.abandon())
            raise
        assert made is not None
        return made

    def sum_from(self, upload_id: str, stored: int) -> _Sum | None:
        """The checksum of an upload's first `stored` bytes, to go on with; None when it is not kept."""
        found = self._sums.pop(upload_id, None if stored else _Sum())
        if found is None or found.size != stored:
            return None
        self._sums[upload_id] = found  # the last used is the last to go
        if len(self._sums) > MOST_SUMS:
            self._sums.popitem(last=False)
        return found

    def drop_sum(self, upload_id: str) -> None:
        """It is not needed any more."""
        self._sums.pop(upload_id, None)


class Upload:
    """One upload, asked for by one request.  `state` and `stored` (bytes; None: not known) say how it stands."""

    def __init__(self, intake: Intake, record: UploadRecord, stored: int | None = None) -> None:
        self._intake = intake
        self._files = intake.files
        self.record = record
        self.state = State(record.state)
        self.stored = stored
        self._taken = 0

    @property
    def id(self) -> str:
        """The secret of its address."""
        return self.record.id

    def check_project(self, project: str) -> None:
        """Raises PermissionDenied for another project than the one that started it."""
        if project != self.record.project:
            raise PermissionDenied("This upload was started by another project.")

    async def obey(self, order: Order, body: AsyncIterator[bytes]) -> FileRecord | None:
        """Does what is asked; the file once it is finished.  Raises ApiError, and then nothing is lost."""
        if order.command == Command.QUERY:
            await self._look()
            return None
        async with self._intake.turns.take(self.id) as turn:
            await self._look()
            decision = uploads.advance(self._session(), order.command, order.offset, order.length, self.stored or 0)
            if isinstance(decision, Take):
                with self._there():
                    return await self._take(decision, order, turn, body)
            if isinstance(decision, Abandon):
                await self.abandon()
                return None
        if decision.state is State.FINAL:
            return await self._files.get(self.record.project, self.record.file_id)
        return None

    async def abandon(self) -> None:
        """Cancels: the bytes go."""
        records, now = self._files.records, self._files.clock()
        if await asyncio.to_thread(records.cancel_upload, self.id, now) is not None:
            await self._files.blobs.delete(self.record.blob)
        self._intake.drop_sum(self.id)
        self.state, self.stored = State.CANCELLED, 0

    async def _look(self) -> None:
        """How it stands now.  Raises NotFound when it is gone, or its file is."""
        self.record = (await self._intake.find(self.id)).record
        self.state = State(self.record.state)
        if self.state is State.ACTIVE:
            with self._there():
                self.stored = (await self._files.blobs.stat(self.record.blob)).size
        elif self.state is State.FINAL:
            self.stored = (await self._files.get(self.record.project, self.record.file_id)).size
        else:
            self.stored = 0

    @contextlib.contextmanager
    def _there(self) -> Iterator[None]:
        """Bytes that are gone were an upload's that was forgotten or cancelled meanwhile: raises its NotFound."""
        try:
            yield
        except NotFound:
            self.state, self.stored = State.CANCELLED, 0
            raise uploads.unknown() from None

    def _session(self) -> Session:
        return Session(self.state, self.record.declared_size, self._files.policy.max_bytes)

    async def _take(self, take: Take, order: Order, turn: Turn, body: AsyncIterator[bytes]) -> FileRecord | None:
        session = self._session()
        if self.record.declared_size is None:  # else it was counted at the start
            await self._check_room(max(0, (order.length or 0) - take.skip))
        if Command.UPLOAD in order.command:
            await self._store(take, session, turn, body)
        if not take.finalize:
            return None
        assert self.stored is not None
        uploads.check_end(session, self.stored)
        return await self._finish(self.stored)

    async def _check_room(self, more: int) -> None:
        """Refuses early what naming the bytes, or the end, would refuse: before a body is taken, before a seal."""
        quota = self._files.policy.project_bytes
        used = await asyncio.to_thread(self._files.records.project_bytes, self.record.project)
        if used + more > quota:
            raise ResourceExhausted(
                f"The files of this project have {used} of the {quota} bytes allowed; delete some first."
            )

    async def _fresh(
        self, take: Take, session: Session, turn: Turn, body: AsyncIterator[bytes], known: _Sum | None
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of a body that are not stored yet.  Raises InvalidArgument at the first byte too many."""
        skip, room = take.skip, take.room
        while (chunk := await turn.following(body, self._intake.idle_seconds)) is not None:
            await self._touch()
            if skip:
                dropped = min(skip, len(chunk))
                chunk, skip = chunk[dropped:], skip - dropped
            room -= len(chunk)
            if room < 0:
                raise uploads.too_many(session)
            if chunk:
                if known is not None:
                    await known.update(chunk)
                yield chunk

    async def _touch(self) -> None:
        """Notes now and then that the upload moves, for it may do so long before a piece is full and named."""
        files, now = self._files, self._files.clock()
        if now - self.record.updated_at >= files.policy.keep_uploads / TOUCHES:
            self.record = replace(self.record, updated_at=now)
            await asyncio.to_thread(files.records.touch_upload, self.id, now)

    async def _store(self, take: Take, session: Session, turn: Turn, body: AsyncIterator[bytes]) -> None:
        """Appends; whatever happens, `stored` is then what is stored."""
        files, blobs, blob = self._files, self._files.blobs, self.record.blob
        assert self.stored is not None
        within = growing(self.record, files.policy.project_bytes, files.clock)
        known = self._intake.sum_from(self.id, self.stored)
        async with aclosing(self._fresh(take, session, turn, body, known)) as fresh:
            first = await anext(fresh, None)
            if first is None:
                return
            before, self._taken = self.stored, len(first)
            try:
                self.stored = await blobs.append(blob, before, self._counted(first, fresh), within)
                if known is not None:
                    await known.settle()
                if self.stored != before + self._taken:  # never acknowledge what is not stored
                    raise Unavailable(f"Only {self.stored} bytes are stored: query, and go on from there.")
            except OffsetMismatch as mismatch:
                self.stored = mismatch.stored
                raise
            except Exception:
                with contextlib.suppress(Exception):
                    self.stored = (await blobs.stat(blob)).size
                raise

    async def _counted(self, first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        yield first
        async for chunk in rest:
            self._taken += len(chunk)
            yield chunk

    async def _finish(self, size: int) -> FileRecord:
        """Digest, seal, and in one transaction the upload is final and the file is there."""
        files, record = self._files, self.record
        await self._check_room(0)
        known = self._intake.sum_from(self.id, size)
        digest = await known.hexdigest() if known is not None else await self._digest()
        await files.blobs.seal(record.blob)
        new = NewFile(
            project=record.project,
            blob=record.blob,
            size=size,
            sha256=digest,
            id=record.file_id,
            display_name=record.display_name,
            declared=record.declared_mime,
        )
        draft = await files.drafted(new)
        try:
            finished = await asyncio.to_thread(files.records.finish_upload, self.id, draft, files.policy.project_bytes)
        except AlreadyExists:  # the name of an upload never changes, so this one is of no use
            await self.abandon()
            raise
        if not finished:
            raise overtaken()
        self.state = State.FINAL
        self._intake.drop_sum(self.id)
        return await files.examined(draft)

    async def _digest(self) -> str:
        """SHA-256 of what is stored, after a restart."""
        hasher = hashlib.sha256()
        async for chunk in self._files.blobs.read(self.record.blob):
            await asyncio.to_thread(hasher.update, chunk)
        return hasher.hexdigest()
