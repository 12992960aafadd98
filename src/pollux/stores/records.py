"""Records: what must survive a restart, in tables.  SQLAlchemy Core; SQLite by default, PostgreSQL for many machines.

The verbs are synchronous and short (well under a millisecond on SQLite); services keep what hot paths need in memory
and call the others through asyncio.to_thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from pollux.stores.batches_table import BatchRecord, BatchVerbs
from pollux.stores.files_table import FileRecord, FileVerbs
from pollux.stores.locks import LockVerbs
from pollux.stores.operations_table import OperationRecord, OperationVerbs
from pollux.stores.pieces_table import PieceVerbs
from pollux.stores.secrets_table import SecretVerbs
from pollux.stores.tables import COUNTERS, KEYS
from pollux.stores.uploads_table import UploadRecord, UploadVerbs
from pollux.stores.usage_table import UsageRecord, UsageVerbs

__all__ = ["BatchRecord", "FileRecord", "Key", "OperationRecord", "Records", "UploadRecord", "UsageRecord"]


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as it is kept: never the secret, only its hash and the few characters people recognise it by.

    rpm and tpm are requests and tokens a minute; None leaves it to the configured default.
    """

    id: str
    name: str
    project: str
    hash: str
    prefix: str
    rpm: int | None
    tpm: int | None
    created_at: datetime
    revoked_at: datetime | None = None


_KEY_COLUMNS = [KEYS.c[name] for name in Key.__dataclass_fields__]


class Records(PieceVerbs, FileVerbs, UploadVerbs, BatchVerbs, LockVerbs, SecretVerbs, OperationVerbs, UsageVerbs):
    """The tables behind small verbs, here those of keys.  Safe to share between threads.

    Every verb raises Unavailable, with the reason in one line, when the database cannot answer (locked, full, damaged).
    """

    def add_key(self, key: Key) -> None:
        """Keep a new key."""
        with self._write() as connection:
            connection.execute(insert(KEYS).values({name: getattr(key, name) for name in Key.__dataclass_fields__}))
            _touch(connection, "keys")

    def find_key(self, digest: str) -> Key | None:
        """The key whose secret has this hash, revoked or not."""
        with self._read() as connection:
            row = connection.execute(select(*_KEY_COLUMNS).where(KEYS.c.hash == digest)).one_or_none()
        return None if row is None else Key(*row)

    def list_keys(self) -> list[Key]:
        """Every key ever made, the oldest first; revoked ones have `revoked_at`."""
        with self._read() as connection:
            rows = connection.execute(select(*_KEY_COLUMNS).order_by(KEYS.c.created_at, KEYS.c.id)).all()
        return [Key(*row) for row in rows]

    def revoke_key(self, key_id: str, now: datetime) -> bool:
        """Mark a key as revoked; False when there is no such key or it already was."""
        with self._write() as connection:
            live = update(KEYS).where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None))
            changed = connection.execute(live.values(revoked_at=now)).rowcount == 1
            if changed:
                _touch(connection, "keys")
        return changed

    def count_keys(self) -> int:
        """How many keys were ever made, revoked ones too."""
        with self._read() as connection:
            return connection.scalar(select(func.count()).select_from(KEYS)) or 0

    def keys_revision(self) -> int:
        """A number that grows with every change to the keys, whichever process makes it."""
        with self._read() as connection:
            return connection.scalar(select(COUNTERS.c.value).where(COUNTERS.c.name == "keys")) or 0


def _touch(connection: Connection, name: str) -> None:
    connection.execute(update(COUNTERS).where(COUNTERS.c.name == name).values(value=COUNTERS.c.value + 1))
