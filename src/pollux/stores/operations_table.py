"""Long-running operations in a table: videos that are asked for, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from pollux.errors import ResourceExhausted
from pollux.stores.database import Database
from pollux.stores.tables import OPERATIONS


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """An operation.  `id` is without its collection, `model` without "models/".

    state: PENDING, RUNNING, SUCCEEDED or FAILED.  `request` is the body that it began with (JSON), empty once it has
    ended; `files` are the ids of what was made.
    """

    id: str
    project: str
    model: str
    request: bytes
    created_at: datetime
    updated_at: datetime
    state: str = "PENDING"
    files: tuple[str, ...] = ()
    error: dict[str, Any] | None = None

    @property
    def live(self) -> bool:
        """Whether it has not ended."""
        return self.state in ("PENDING", "RUNNING")


_COLUMNS = [OPERATIONS.c[field.name] for field in fields(OperationRecord)]
_LIVE = OPERATIONS.c.state.in_(("PENDING", "RUNNING"))


class OperationVerbs(Database):
    """The verbs of operations."""

    def add_operation(self, record: OperationRecord, most: int) -> None:
        """Keep a new one.  Raises ResourceExhausted when the project has `most` that have not ended."""
        with self._write() as connection:
            if connection.dialect.name == "postgresql":
                key = func.hashtextextended("operations:" + record.project, 0)
                connection.execute(select(func.pg_advisory_xact_lock(key)))
            live = select(func.count()).select_from(OPERATIONS).where(_LIVE, OPERATIONS.c.project == record.project)
            if (connection.scalar(live) or 0) >= most:
                raise ResourceExhausted(f"There are already {most} videos under way in this project; wait for one.")
            connection.execute(insert(OPERATIONS).values(_values(record)))

    def get_operation(self, operation_id: str) -> OperationRecord | None:
        """The operation of that id."""
        with self._read() as connection:
            row = connection.execute(select(*_COLUMNS).where(OPERATIONS.c.id == operation_id)).one_or_none()
        return None if row is None else _record(row)

    def next_operation(self) -> OperationRecord | None:
        """The oldest that has not ended."""
        wanted = select(*_COLUMNS).where(_LIVE).order_by(OPERATIONS.c.created_at, OPERATIONS.c.id).limit(1)
        with self._read() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else _record(row)

    def set_operation(self, operation_id: str, now: datetime, **values: Any) -> bool:
        """Change one that has not ended; whether there was one."""
        if "files" in values:
            values["files"] = list(values["files"])
        with self._write() as connection:
            changed = update(OPERATIONS).where(OPERATIONS.c.id == operation_id, _LIVE)
            return connection.execute(changed.values(updated_at=now, **values)).rowcount == 1

    def forget_operations(self, before: datetime) -> int:
        """Remove those that ended before then; how many."""
        with self._write() as connection:
            old = delete(OPERATIONS).where(~_LIVE, OPERATIONS.c.updated_at < before)
            return connection.execute(old).rowcount


def _values(record: OperationRecord) -> dict[str, Any]:
    values = {field.name: getattr(record, field.name) for field in fields(OperationRecord)}
    return {**values, "files": list(record.files)}


def _record(row: Any) -> OperationRecord:
    values = dict(zip((field.name for field in fields(OperationRecord)), row, strict=True))
    return OperationRecord(**{**values, "files": tuple(values["files"]), "request": bytes(values["request"])})
