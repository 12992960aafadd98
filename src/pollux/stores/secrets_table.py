"""Secrets of this installation in a table: made once, shared by all servers on the same database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql

from pollux.stores.database import Database
from pollux.stores.tables import SECRETS


class SecretVerbs(Database):
    """Keys that answers and pictures are signed with."""

    def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The secret of that name, made by `make` when there is none; of several that make it at once, one is kept."""
        found = select(SECRETS.c.value).where(SECRETS.c.name == name)
        with self._read() as connection:
            value: bytes | None = connection.scalar(found)
        if value is not None:
            return bytes(value)
        row = {"name": name, "value": make()}
        with self._write() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.execute(insert_postgresql(SECRETS).values(row).on_conflict_do_nothing())
            elif connection.scalar(found) is None:  # SQLite: the write lock is held
                connection.execute(insert(SECRETS).values(row))
            return bytes(connection.scalar(found) or b"")
