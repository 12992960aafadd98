"""What was used, in a table: sums by day, project, key and model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pollux.stores.database import Database
from pollux.stores.tables import USAGE


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """Sums of one day ("2026-11-21", UTC), project, key (its id, "" without one) and model.

    `cost` is in the currency of the configured prices; cached tokens are part of those of the input.
    """

    day: str
    project: str
    key: str
    model: str
    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    pictures: int = 0
    cost: float = 0.0


_COLUMNS = [USAGE.c[field.name] for field in fields(UsageRecord)]
_KEYS = ("day", "project", "key", "model")
_SUMS = tuple(field.name for field in fields(UsageRecord) if field.name not in _KEYS)


class UsageVerbs(Database):
    """The verbs of usage."""

    def add_usage(self, records: Sequence[UsageRecord]) -> None:
        """Adds to the sums, all in one transaction; several processes may add to the same rows."""
        rows = [{field.name: getattr(record, field.name) for field in fields(UsageRecord)} for record in records]
        rows.sort(key=lambda row: tuple(row[name] for name in _KEYS))  # always in one order: no deadlocks
        if not rows:
            return
        with self._write() as connection:
            insert: Any = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
            added = insert(USAGE)
            sums = {name: USAGE.c[name] + added.excluded[name] for name in _SUMS}
            connection.execute(added.on_conflict_do_update(index_elements=_KEYS, set_=sums), rows)

    def usage(self, since: str, until: str) -> list[UsageRecord]:
        """Every row of the days from `since` to `until`, both included, in their order."""
        wanted = select(*_COLUMNS).where(USAGE.c.day.between(since, until)).order_by(*(USAGE.c[key] for key in _KEYS))
        with self._read() as connection:
            return [UsageRecord(*row) for row in connection.execute(wanted)]
