"""Secrets of this installation in a table: made once, shared by all servers on the same database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql

from pollux.stores.database import Database
from pollux.stores.tables import SECRETS


class SecretVerbs(Database):
    """Keys that answers and pictures are signed with."""

    def find_secret(self, name: str) -> bytes | None:
        """The secret of that name."""
        with self._read() as connection:
            return _find(connection, name)

    def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The secret of that name, made by `make` when there is none; of several that make it at once, one is kept."""
        found = self.find_secret(name)
        if found is not None:
            return found
        value = make()
        row = {"name": name, "value": value}
        with self._write() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.execute(insert_postgresql(SECRETS).values(row).on_conflict_do_nothing())
            elif _find(connection, name) is None:  # SQLite: the write lock is held
                connection.execute(insert(SECRETS).values(row))
            return _find(connection, name) or value


def _find(connection: Connection, name: str) -> bytes | None:
    value = connection.scalar(select(SECRETS.c.value).where(SECRETS.c.name == name))
    return None if value is None else bytes(value)
