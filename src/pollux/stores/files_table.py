"""Files in a table: what the Files API knows of each, but for its bytes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from pollux.errors import AlreadyExists, ResourceExhausted
from pollux.stores.database import Database
from pollux.stores.pieces_table import condemn_blob, require_blob
from pollux.stores.tables import BATCHES, BLOBS, FILES, UPLOADS


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file.  `id` is without "files/" and unique over all projects; `size` in bytes; `sha256` in 64 hex digits.

    state: PROCESSING, ACTIVE or FAILED; source: UPLOADED, GENERATED or REGISTERED; no display name is "".
    """

    id: str
    project: str
    display_name: str
    mime_type: str
    size: int
    sha256: str
    blob: str
    state: str
    source: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    error: dict[str, Any] | None = None
    video_metadata: dict[str, Any] | None = None
    tokens: dict[str, Any] | None = None


_NAMES = tuple(field.name for field in fields(FileRecord))
_COLUMNS = [FILES.c[name] for name in _NAMES]
_IDENTITY = ("id", "project", "blob", "created_at")


class FileVerbs(Database):
    """The verbs of files."""

    def add_file(self, file: FileRecord, quota: int | None = None) -> None:
        """Keep a new file.

        Raises AlreadyExists when a file of any project has the id, ResourceExhausted when the bytes of the project
        would be more than `quota`, NotFound when the blob is gone.
        """
        with self._write() as connection:
            require_room(connection, file.project, file.size, quota)
            insert_file(connection, file)

    def get_file(self, file_id: str) -> FileRecord | None:
        """The file with this id, whatever its project and whether it expired or not."""
        with self._read() as connection:
            return _first(connection, select(*_COLUMNS).where(FILES.c.id == file_id))

    def named_blobs(self, blobs: Collection[str]) -> set[str]:
        """Those of the blobs that a file names."""
        with self._read() as connection:
            return set(connection.scalars(select(FILES.c.blob).where(FILES.c.blob.in_(blobs))))

    def update_file(self, file_id: str, *, expect: str | None = None, **changes: Any) -> FileRecord | None:
        """Change fields of a file (never id, project, blob or created_at), if its state is `expect`.

        The file as it is then, or None when there is no such file or its state is another.
        """
        assert changes, "nothing to change"
        assert set(changes) <= set(_NAMES) - set(_IDENTITY), "fields that never change, or no fields"
        chosen = update(FILES).where(FILES.c.id == file_id)
        if expect is not None:
            chosen = chosen.where(FILES.c.state == expect)
        with self._write() as connection:
            if connection.execute(chosen.values(changes)).rowcount != 1:
                return None
            return _first(connection, select(*_COLUMNS).where(FILES.c.id == file_id))

    def list_files(
        self, project: str, limit: int, after: tuple[datetime, str] | None = None, now: datetime | None = None
    ) -> list[FileRecord]:
        """A page of a project's files, the newest first, ties by id; `after` is (created_at, id) of the row before.

        With `now`, files that expired by then are left out.
        """
        query = select(*_COLUMNS).where(FILES.c.project == project)
        if after is not None:
            query = query.where(tuple_(FILES.c.created_at, FILES.c.id) < tuple_(*after, types=_KEY_TYPES))
        if now is not None:
            query = query.where(or_(FILES.c.expires_at.is_(None), FILES.c.expires_at > now))
        with self._read() as connection:
            return _all(connection, query.order_by(FILES.c.created_at.desc(), FILES.c.id.desc()).limit(limit))

    def delete_file(self, file_id: str, now: datetime) -> FileRecord | None:
        """Remove a file and condemn its bytes in one transaction; what it was, or None.

        Blobs.delete(blob) then removes the objects; when nobody comes so far, Blobs.collect does.
        """
        with self._write() as connection:
            found = _first(connection, select(*_COLUMNS).where(FILES.c.id == file_id).with_for_update())
            if found is not None:
                connection.execute(delete(FILES).where(FILES.c.id == file_id))
                condemn_unless_shared(connection, found.blob, now)
        return found

    def expired_files(self, now: datetime, limit: int = 1000) -> list[FileRecord]:
        """Files whose time is over, the longest over first."""
        query = select(*_COLUMNS).where(FILES.c.expires_at <= now).order_by(FILES.c.expires_at).limit(limit)
        with self._read() as connection:
            return _all(connection, query)

    def processing_files(self, limit: int = 1000) -> list[FileRecord]:
        """Files in PROCESSING, the oldest first: after a start, those that a killed server left there."""
        query = select(*_COLUMNS).where(FILES.c.state == "PROCESSING").order_by(FILES.c.created_at).limit(limit)
        with self._read() as connection:
            return _all(connection, query)

    def project_bytes(self, project: str) -> int:
        """The bytes of a project's files, and of its active uploads what was declared or, if more, is stored."""
        with self._read() as connection:
            return _project_bytes(connection, project)


_KEY_TYPES = (FILES.c.created_at.type, FILES.c.id.type)


def insert_file(connection: Connection, file: FileRecord) -> None:
    """Within a transaction: add a file.  Raises AlreadyExists, NotFound (its blob)."""
    require_blob(connection, file.blob)
    require_free(connection, file.id)
    try:
        connection.execute(insert(FILES).values({name: getattr(file, name) for name in _NAMES}))
    except IntegrityError:  # another transaction's file, since we looked
        raise _taken(file.id) from None


def require_free(connection: Connection, file_id: str) -> None:
    """Within a transaction: raise AlreadyExists when a file has this id."""
    if connection.scalar(select(FILES.c.id).where(FILES.c.id == file_id)) is not None:
        raise _taken(file_id)


def require_room(connection: Connection, project: str, size: int, quota: int | None) -> None:
    """Within a transaction: raise ResourceExhausted when `size` more bytes would be more than `quota`.

    The askers of one project take turns: SQLite has one writer, and PostgreSQL a lock by that name.
    """
    if quota is None:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("quota:" + project, 0))))
    used = _project_bytes(connection, project)
    if used + size > quota:
        raise ResourceExhausted(
            f"the files of this project would be {used + size} bytes, more than its {quota}; delete some first",
            retry_after=60.0,
        )


def condemn_unless_shared(connection: Connection, blob: str, now: datetime) -> None:
    """Within a transaction: condemn a blob that no file and no batch job names."""
    filed = select(FILES.c.id).where(FILES.c.blob == blob).limit(1)
    batched = select(BATCHES.c.id).where(or_(BATCHES.c.input_blob == blob, BATCHES.c.output_blob == blob)).limit(1)
    if connection.scalar(filed) is None and connection.scalar(batched) is None:
        condemn_blob(connection, blob, now)


def _project_bytes(connection: Connection, project: str) -> int:
    kept = connection.scalar(select(func.sum(FILES.c.size)).where(FILES.c.project == project)) or 0
    declared, stored = func.coalesce(UPLOADS.c.declared_size, 0), func.coalesce(BLOBS.c.size, 0)
    coming = connection.scalar(
        select(func.sum(case((declared > stored, declared), else_=stored)))
        .select_from(UPLOADS.outerjoin(BLOBS, BLOBS.c.id == UPLOADS.c.blob))
        .where(UPLOADS.c.project == project, UPLOADS.c.state == "active")
    )
    return int(kept) + int(coming or 0)  # PostgreSQL sums to Decimal


def _taken(file_id: str) -> AlreadyExists:
    return AlreadyExists(f"files/{file_id} already exists; choose another name, or leave it out")


def _first(connection: Connection, query: Select[Any]) -> FileRecord | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else FileRecord(*row)


def _all(connection: Connection, query: Select[Any]) -> list[FileRecord]:
    rows: Sequence[Any] = connection.execute(query).all()
    return [FileRecord(*row) for row in rows]
