"""A File's life: PROCESSING -> ACTIVE | FAILED -> expired, and who may see it.

A file belongs to a project.  It is born by `born` (whatever made it: an upload, a batch, a generated video), examined
once, used by requests while it is ACTIVE, and gone after its time, bytes and record, also when that time ended while no
server ran.  Every step is one transaction of the stores, so a killed server leaves a file in one state or the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from pollux.errors import ApiError, Cancelled, FailedPrecondition, Internal, NotFound, PermissionDenied, Unavailable
from pollux.media.places import Places
from pollux.media.resolve import Stored
from pollux.media.sniff import PICTURES
from pollux.services.examine import NOTHING, Content, Examiner, Facts, likely_type
from pollux.services.names import check_id, new_id
from pollux.services.scratch import Copy, Scratch
from pollux.stores.blobs import Blobs, Collected
from pollux.stores.records import FileRecord as FileRecord
from pollux.stores.records import Records

log = logging.getLogger("pollux.files")

GIGABYTE = 1024**3
HELD = 8 * 1024 * 1024
"""Bytes up to which a file is handed to the engines from memory; larger ones go as a path."""
PATIENCE = 5.0
"""Seconds that the end of an upload waits for the examination, which then goes on by itself."""
AT_ONCE = 4
"""Pictures looked into at the same time: a few milliseconds each, but they are held in memory."""
HEAD = 64 * 1024
"""Bytes of a file that tell its type."""


@dataclass(frozen=True, slots=True)
class FilePolicy:
    """How much is kept for how long; the defaults are those documented for the Files API.

    `keep` is a file's life, `keep_uploads` the silence after which an unfinished upload is forgotten, `uploads` how
    many of them a project may have.  Uploaded files can be downloaded with `allow_download`, generated ones always.
    """

    max_bytes: int = 2 * GIGABYTE
    project_bytes: int = 20 * GIGABYTE
    keep: timedelta = timedelta(hours=48)
    keep_uploads: timedelta = timedelta(hours=48)
    uploads: int = 1000
    allow_download: bool = False
    sweep_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is to be: `id` "" for any, `blob` sealed, `declared` the type that its maker names."""

    project: str
    blob: str
    size: int
    sha256: str
    id: str = ""
    display_name: str = ""
    declared: str = ""
    source: str = "UPLOADED"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed."""

    files: int
    uploads: int


def now_utc() -> datetime:
    """The clock."""
    return datetime.now(UTC)


@dataclass
class Files:
    """The files of every project.  One event loop; several processes may share the stores."""

    records: Records
    blobs: Blobs
    policy: FilePolicy = field(default_factory=FilePolicy)
    examiner: Examiner = field(default_factory=Examiner)
    scratch: Scratch = field(default_factory=Scratch)
    clock: Callable[[], datetime] = now_utc
    places: Places = field(default_factory=Places)
    _tasks: dict[str, asyncio.Task[FileRecord | None]] = field(default_factory=dict)
    _pictures: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def drafted(self, new: NewFile) -> FileRecord:
        """The record of a new file, not kept yet: PROCESSING, its type read from its first bytes."""
        head = await self._head(new.blob)
        now = self.clock()
        return FileRecord(
            id=new.id or new_id(),
            project=new.project,
            display_name=new.display_name,
            mime_type=likely_type(head, new.declared, new.display_name),
            size=new.size,
            sha256=new.sha256,
            blob=new.blob,
            state="PROCESSING",
            source=new.source,
            created_at=now,
            updated_at=now,
            expires_at=now + self.policy.keep,
        )

    async def born(self, new: NewFile) -> FileRecord:
        """Keep a new file and examine it.  Raises AlreadyExists, ResourceExhausted."""
        record = await self.drafted(new)
        await asyncio.to_thread(self.records.add_file, record, self.policy.project_bytes)
        return await self.examined(record)

    async def examined(self, record: FileRecord) -> FileRecord:
        """The file as it is after its examination, or still PROCESSING when that takes long."""
        task = self._examination(record)
        await asyncio.wait({task}, timeout=PATIENCE)
        return (task.result() or record) if task.done() and not task.cancelled() else record

    async def get(self, project: str, file_id: str) -> FileRecord:
        """A file of this project.  Raises NotFound, PermissionDenied."""
        found = await asyncio.to_thread(self.records.get_file, check_id(file_id))
        if found is None or self._over(found):
            raise NotFound(f"There is no file files/{file_id}: it never was, was deleted, or expired.")
        if found.project != project:
            raise PermissionDenied(f"You do not have permission to access the File {file_id} or it may not exist.")
        return found

    async def page(self, project: str, size: int, after: tuple[datetime, str] | None) -> Sequence[FileRecord]:
        """Up to `size` files of a project, the newest first, beginning behind `after` (creation time, id)."""
        return await asyncio.to_thread(self.records.list_files, project, size, after, self.clock())

    async def delete(self, project: str, file_id: str) -> None:
        """Remove a file, record and bytes.  Raises NotFound, PermissionDenied."""
        await self._remove(await self.get(project, file_id))

    async def lookup(self, project: str, file_id: str) -> Stored:
        """A file for a request: from memory when it is small, else where it lies.  Raises FailedPrecondition too."""
        record = await self.get(project, file_id)
        if record.state != "ACTIVE":
            said = f": {record.error['message']}" if record.error else "."
            raise FailedPrecondition(
                f"The File {file_id} is not in an ACTIVE state and usage is not allowed; it is {record.state}{said}"
            )
        content, keeper = await self._content(record)
        return Stored(content, record.mime_type, record.display_name, record.sha256, keeper)

    async def release(self, blob: str) -> None:
        """Remove bytes that somebody held until now, unless a file or a batch job holds them still."""
        with contextlib.suppress(FailedPrecondition):
            await self.blobs.delete(blob)
            self.scratch.drop(blob)

    async def readable(self, project: str, file_id: str) -> FileRecord:
        """A file whose bytes may be downloaded.  Raises PermissionDenied for uploaded ones, as Google has it."""
        record = await self.get(project, file_id)
        if not self.may_download(record):
            raise PermissionDenied(
                "Uploaded files cannot be downloaded, only generated ones ([files] allow_download lets them)."
            )
        return record

    def may_download(self, record: FileRecord) -> bool:
        """Generated files; uploaded ones where that is configured."""
        return record.source == "GENERATED" or self.policy.allow_download

    def read(self, record: FileRecord, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes [start, end) of a file."""
        return self.blobs.read(record.blob, start, end)

    async def sweep(self) -> Swept:
        """Remove what expired: files, and uploads that nobody went on with; and copies of what others removed."""
        now = self.clock()
        files = await asyncio.to_thread(self.records.expired_files, now)
        for file in files:
            await self._remove(file)
        silent = now - self.policy.keep_uploads
        uploads = await asyncio.to_thread(self.records.stale_uploads, silent)
        for upload in uploads:
            gone = await asyncio.to_thread(self.records.delete_upload, upload.id, now, silent)
            if gone is not None and gone.state != "final":
                await self.blobs.delete(upload.blob)
        if copied := self.scratch.blobs():
            for blob in copied - await asyncio.to_thread(self.records.named_blobs, copied):
                self.scratch.drop(blob)
        return Swept(len(files), len(uploads))

    async def gc(self, older_than: timedelta = timedelta(hours=1)) -> tuple[Swept, Collected]:
        """A sweep, then the removal of objects that no record names and of what killed servers left in scratch."""
        await asyncio.to_thread(self.scratch.clear)
        return await self.sweep(), await self.blobs.collect(older_than)

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """While it lasts, what expires is removed; at its start, what a killed server left unfinished is finished."""
        await asyncio.to_thread(self.scratch.clear)
        keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            tasks = [keeper, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.scratch.close()

    async def close(self) -> None:
        """Wait for what is being stored; temporary copies go.  The records stay open."""
        await self.blobs.close()
        self.scratch.close()

    async def _keep(self) -> None:
        while True:
            try:
                for record in await asyncio.to_thread(self.records.processing_files):
                    self._examination(record)
                while (swept := await self.sweep()).files or swept.uploads:
                    log.info("removed %d expired files and %d forgotten uploads", swept.files, swept.uploads)
            except Exception:
                log.exception("expired files could not be removed; trying again")
            await asyncio.sleep(self.policy.sweep_seconds)

    async def _remove(self, record: FileRecord) -> None:
        await asyncio.to_thread(self.records.delete_file, record.id, self.clock())
        await self.release(record.blob)

    def _over(self, record: FileRecord) -> bool:
        return record.expires_at is not None and record.expires_at <= self.clock()

    def _examination(self, record: FileRecord) -> asyncio.Task[FileRecord | None]:
        """One examination a file, however many ask."""
        task = self._tasks.get(record.id)
        if task is None:
            task = self._tasks[record.id] = asyncio.create_task(self._judge(record))
            task.add_done_callback(lambda _: self._tasks.pop(record.id, None))
        return task

    async def _judge(self, record: FileRecord) -> FileRecord | None:
        """Looks into a file and says what it is; the record after it, None when there is nothing to say (yet)."""
        facts, error = NOTHING, None
        try:
            facts = await self._facts(record)
        except (Unavailable, Cancelled) as failure:
            log.warning("files/%s stays PROCESSING and is examined again later: %s", record.id, failure.message)
            return None
        except ApiError as refusal:
            error = refusal.rpc_status()
        except Exception:
            log.exception("files/%s could not be examined", record.id)
            error = Internal().rpc_status()
        found = {
            "state": "FAILED" if error else "ACTIVE",
            "updated_at": self.clock(),
            "error": error,
            "video_metadata": None if facts.seconds is None else {"seconds": facts.seconds},
            "tokens": None if facts.pages is None else {"pages": facts.pages},
        }
        return await asyncio.to_thread(partial(self.records.update_file, record.id, expect="PROCESSING", **found))

    async def _facts(self, record: FileRecord) -> Facts:
        if not self.examiner.wants(record.mime_type):
            return NOTHING
        self.examiner.check_size(record.mime_type, record.size)
        if record.mime_type in PICTURES and record.size <= HELD:
            async with self._pictures:
                content, _ = await self._content(record)
                return await asyncio.to_thread(self.examiner.look, content, record.mime_type)
        async with self.places.place(record.project) as place:
            content, keeper = await self._content(record)
            facts = await place.run(partial(self.examiner.look, content, record.mime_type))
            del keeper  # held until here
            return facts

    async def _content(self, record: FileRecord) -> tuple[Content, Copy | None]:
        """The bytes, or a path; a copy is there as long as it is held."""
        if record.size <= HELD:
            return b"".join([chunk async for chunk in self.blobs.read(record.blob)]), None
        if path := await self.blobs.local_path(record.blob):
            return path, None
        copy = await self.scratch.copy(self.blobs, record.blob, record.size)
        return copy.path, copy

    async def _head(self, blob: str) -> bytes:
        return b"".join([chunk async for chunk in self.blobs.read(blob, 0, HEAD)])
