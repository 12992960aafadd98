"""Records: what must survive a restart, in tables.  SQLAlchemy Core; SQLite, one file in the data folder.

The verbs are synchronous and short (well under a millisecond); services keep what hot paths need in memory.  SQLite
runs in WAL mode: readers never wait for the writer, and several processes share one file.  Every transaction that
writes takes the write lock at its start, so that none fails half-way for having read first.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from pollux.errors import ConfigurationError, Unavailable
from pollux.stores.migrations import migrate

BUSY_SECONDS = 5.0
OPEN_SECONDS = 15.0


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970 UTC: the same on every database, and sortable."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Datetime to microseconds."""
        return None if value is None else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Microseconds to datetime."""
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


class _Locked(Unavailable):
    """The database is locked by another process."""


TABLES = MetaData()
KEYS = Table(
    "keys",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("project", String(63), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("prefix", String(16), nullable=False),
    Column("rpm", Integer),
    Column("tpm", Integer),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
COUNTERS = Table("counters", TABLES, Column("name", String(32), primary_key=True), Column("value", BigInteger))


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


class Records:
    """The tables behind small verbs.  Safe to share between threads.

    Every verb raises Unavailable, with the reason in one line, when the database cannot answer (locked, full, damaged).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    @classmethod
    def open(cls, url: str) -> Records:
        """Open `url` (sqlite:///FILE; sqlite:// lives in memory), make what is missing, run the migrations.

        A new folder is readable by its owner only, and so is the file.  Raises ConfigurationError when the place
        cannot be used, Unavailable when another process holds the database for too long.
        """
        engine = _engine(url)
        records = cls(engine)
        try:
            records._retry(records._prepare)
        except BaseException:
            engine.dispose()
            raise
        return records

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

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

    def _prepare(self) -> None:
        with self._guard(), self._writer.begin() as connection:
            migrate(connection)

    def _retry(self, work: Callable[[], None]) -> None:
        """Two processes that create one database at once: switching it to WAL fails there and then, without waiting."""
        deadline = time.monotonic() + OPEN_SECONDS
        while True:
            try:
                work()
            except _Locked:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._guard(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._guard(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _translated(error, self._engine.url.database) from error


def _touch(connection: Connection, name: str) -> None:
    connection.execute(update(COUNTERS).where(COUNTERS.c.name == name).values(value=COUNTERS.c.value + 1))


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError("[store] database is not a URL; write sqlite:////folder/pollux.db") from None
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ConfigurationError(f"[store] database: {parsed.drivername} is not supported yet; use sqlite:///FILE")
    in_memory = parsed.database in (None, "", ":memory:")
    if not in_memory:
        _make_private(Path(str(parsed.database)))
    engine = create_engine(
        parsed,
        poolclass=QueuePool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        **({"pool_size": 1, "max_overflow": 0} if in_memory else {}),  # memory belongs to its one connection
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _make_private(path: Path) -> None:
    """Create folder (0700) and file (0600) where missing; WAL and shared-memory files take the mode of the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigurationError(
            f"cannot use {path}: {error.strerror}; choose a writable folder with --data-dir"
        ) from None


def _on_connect(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun below, not by the driver, which would leave table definitions outside of them.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # an answered change is on disk; writes are rare


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# Extended result codes keep the primary code in the low byte: https://sqlite.org/rescode.html
_REASONS = {
    sqlite3.SQLITE_FULL: "cannot be written, the disk is full; free some space",
    sqlite3.SQLITE_READONLY: "is read-only; check the permissions of the file and its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check the disk",
}
_UNUSABLE = {
    sqlite3.SQLITE_NOTADB: "is not a database; move it away or choose another --data-dir",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup or move it away",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the permissions of the file and its folder",
}


def _translated(error: DBAPIError, path: str | None) -> Unavailable | ConfigurationError:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in _UNUSABLE:
        return ConfigurationError(f"the database {path} {_UNUSABLE[code]}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _Locked(f"the database {path} is locked by another process; try again")
    return Unavailable(f"the database {path} {_REASONS.get(code, f'failed: {error.orig}')}")
