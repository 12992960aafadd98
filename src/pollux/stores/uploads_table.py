"""Uploads in a table: sessions that were started, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from pollux.errors import ResourceExhausted
from pollux.stores.database import Database
from pollux.stores.files_table import (
    FileRecord,
    condemn_unless_shared,
    insert_file,
    require_free,
    require_room,
)
from pollux.stores.pieces_table import Within, require_blob
from pollux.stores.tables import UPLOADS


@dataclass(frozen=True, slots=True)
class UploadRecord:
    """An upload: `id` is its secret, `file_id` the name that its file will have; state: active, final or cancelled.

    `declared_size` in bytes, None when it was not declared; a type that was not declared is "".
    """

    id: str
    project: str
    file_id: str
    blob: str
    declared_size: int | None
    declared_mime: str
    display_name: str
    state: str
    created_at: datetime
    updated_at: datetime


_NAMES = tuple(field.name for field in fields(UploadRecord))
_COLUMNS = [UPLOADS.c[name] for name in _NAMES]


class UploadVerbs(Database):
    """The verbs of uploads."""

    def add_upload(self, upload: UploadRecord, quota: int | None = None, most: int | None = None) -> None:
        """Keep a new upload.

        Raises AlreadyExists when a file has its file_id (several uploads may want one name: the first to finish has
        it), ResourceExhausted when the declared bytes would be more than `quota` or the project has `most` active
        uploads, NotFound when the blob is gone.
        """
        with self._write() as connection:
            require_room(connection, upload.project, upload.declared_size or 0, quota)
            _require_place(connection, upload.project, most)
            require_blob(connection, upload.blob)
            require_free(connection, upload.file_id)
            connection.execute(insert(UPLOADS).values({name: getattr(upload, name) for name in _NAMES}))

    def get_upload(self, upload_id: str) -> UploadRecord | None:
        """The upload with this id, whatever its state."""
        with self._read() as connection:
            return _find(connection, upload_id)

    def touch_upload(self, upload_id: str, now: datetime) -> bool:
        """Note that an upload goes on; False when it is not active."""
        with self._write() as connection:
            chosen = update(UPLOADS).where(UPLOADS.c.id == upload_id, UPLOADS.c.state == "active")
            return connection.execute(chosen.values(updated_at=now)).rowcount == 1

    def finish_upload(self, upload_id: str, file: FileRecord, quota: int | None = None) -> bool:
        """In one transaction the upload becomes final and its file is there; False when it was not active any more.

        Raises what add_file raises; then the upload stays active.
        """
        with self._write() as connection:
            found = _find(connection, upload_id)
            if found is None or not _leave(connection, upload_id, "final", file.updated_at):
                return False
            require_room(connection, file.project, file.size, quota)
            insert_file(connection, file)
            return True

    def cancel_upload(self, upload_id: str, now: datetime) -> UploadRecord | None:
        """In one transaction the upload becomes cancelled and its bytes are condemned; None when it was not active.

        Blobs.delete(blob) then removes the objects.
        """
        with self._write() as connection:
            if not _leave(connection, upload_id, "cancelled", now):
                return None
            found = _find(connection, upload_id)
            assert found is not None
            condemn_unless_shared(connection, found.blob, now)
            return found

    def stale_uploads(self, before: datetime, limit: int = 1000) -> list[UploadRecord]:
        """Uploads of any state that were last heard of before that time, the longest silent first."""
        query = select(*_COLUMNS).where(UPLOADS.c.updated_at < before).order_by(UPLOADS.c.updated_at).limit(limit)
        with self._read() as connection:
            return [UploadRecord(*row) for row in connection.execute(query)]

    def delete_upload(self, upload_id: str, now: datetime, before: datetime | None = None) -> UploadRecord | None:
        """Forget an upload (if it was last heard of `before` that time); what it was, or None.

        The bytes of one that made no file are condemned.
        """
        with self._write() as connection:
            found = _find(connection, upload_id, hold=True)
            if found is not None and before is not None and found.updated_at >= before:
                return None
            if found is not None:
                connection.execute(delete(UPLOADS).where(UPLOADS.c.id == upload_id))
                condemn_unless_shared(connection, found.blob, now)
        return found


def growing(upload: UploadRecord, quota: int, clock: Callable[[], datetime]) -> Within:
    """What an upload's bytes are asked when they are named: whether the project has room; and that the upload goes on.

    Raises ResourceExhausted.  A declared size needs no room: add_upload counted it.
    """

    def within(connection: Connection, size: int) -> None:
        here = (UPLOADS.c.id == upload.id) & (UPLOADS.c.state == "active")
        connection.execute(update(UPLOADS).where(here).values(updated_at=clock()))
        if upload.declared_size is None:
            require_room(connection, upload.project, size, quota)

    return within


def _require_place(connection: Connection, project: str, most: int | None) -> None:
    """Raise ResourceExhausted when a project has `most` active uploads; after require_room, where askers take turns."""
    if most is None:
        return
    mine = (UPLOADS.c.project == project) & (UPLOADS.c.state == "active")
    if (connection.scalar(select(func.count()).select_from(UPLOADS).where(mine)) or 0) >= most:
        raise ResourceExhausted(
            f"the project has {most} unfinished uploads, which is all it may have ([files] uploads); "
            "finish or cancel some first",
            retry_after=60.0,
        )


def _leave(connection: Connection, upload_id: str, state: str, now: datetime) -> bool:
    """From active to another state: one of many callers wins."""
    chosen = update(UPLOADS).where(UPLOADS.c.id == upload_id, UPLOADS.c.state == "active")
    return connection.execute(chosen.values(state=state, updated_at=now)).rowcount == 1


def _find(connection: Connection, upload_id: str, *, hold: bool = False) -> UploadRecord | None:
    query = select(*_COLUMNS).where(UPLOADS.c.id == upload_id)
    row = connection.execute(query.with_for_update() if hold else query).one_or_none()
    return None if row is None else UploadRecord(*row)
