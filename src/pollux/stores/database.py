"""A database behind the tables: SQLite in one file by default, PostgreSQL for several machines.

SQLite runs in WAL mode: readers never wait for the writer, and several processes share one file.  Every transaction
that writes takes the write lock at its start, so that none fails half-way for having read first.  On PostgreSQL a
transaction locks the rows it changes (READ COMMITTED); verbs that read before they write say how that is safe.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import URL, BigInteger, Connection, Dialect, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from pollux.errors import ConfigurationError, Unavailable
from pollux.stores import postgresql
from pollux.stores.migrations import migrate

BUSY_SECONDS = 5.0
OPEN_SECONDS = 15.0
MIGRATION_LOCK = 0x706F6C6C7578  # "pollux": pg_advisory_xact_lock's key while tables are made


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


class Database:
    """Transactions on one database.  Safe to share between threads.

    Everything raises Unavailable, with the reason in one line, when the database cannot answer (locked, full,
    damaged, not reached).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        # SQLite has one writer at a time.  Threads of this process take turns here, where they are woken at once;
        # SQLite's own waiting (for other processes) sleeps in growing steps.
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str) -> Self:
        """Open sqlite:///FILE (sqlite:// lives in memory) or postgresql://USER@HOST/NAME, and run the migrations.

        A new SQLite folder is readable by its owner only, and so is the file.  Raises ConfigurationError when the
        place cannot be used, Unavailable when another process holds the database for too long.
        """
        engine = _engine(url)
        opened = cls(engine)
        try:
            opened._retry(opened._prepare)
        except BaseException:
            engine.dispose()
            raise
        return opened

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self._write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
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
        with self._guard(), self._turn, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _translated(error, self._engine.url) from error
        except PoolTimeout as error:
            raise Unavailable(f"the database {_label(self._engine.url)} has no free connection; try again") from error


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError("[store] database is not a URL; write sqlite:////folder/pollux.db") from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite(parsed)
    if parsed.drivername in ("postgresql", "postgres"):
        return postgresql.open_engine(parsed, BUSY_SECONDS)
    raise ConfigurationError(
        f"[store] database: {parsed.drivername} is not supported; use sqlite:///FILE or postgresql://USER@HOST/NAME"
    )


def _sqlite(url: URL) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _make_private(Path(str(url.database)))
    engine = create_engine(
        url,
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
# The first characters of a SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES = {
    "53100": "cannot be written, the disk is full; free some space",
    "533": "has no free connection; raise max_connections or try again",
    "25006": "is read-only; point [store] database at the primary",
    "57P": "is shutting down or starting; try again",
}
_AWAY = ("", "08", "28", "3D")  # not reached, or no such user, password or database
_LOCKED_STATES = ("55P03", "40001", "40P01")


def _translated(error: DBAPIError, url: URL) -> Unavailable | ConfigurationError:
    if url.drivername.startswith("postgresql"):
        return _translated_postgresql(error, url)
    path = url.database or ""
    name = Path(path).name  # callers of the API are told it, and where it lies is not for them
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in _UNUSABLE:
        return ConfigurationError(f"the database {path} {_UNUSABLE[code]}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _Locked(f"the database {name} is locked by another process; try again")
    return Unavailable(f"the database {name} {_REASONS.get(code, f'failed: {error.orig}')}")


def _translated_postgresql(error: DBAPIError, url: URL) -> Unavailable | ConfigurationError:
    label, state, text = _label(url), postgresql.state_of(error.orig), postgresql.text_of(error.orig)
    if state == "42501":
        return ConfigurationError(
            f"the database {label} does not let this user make tables; grant CREATE on its schema"
        )
    if state in _LOCKED_STATES:
        return _Locked(f"the database {label} is locked by another process; try again")
    for prefix, reason in _STATES.items():
        if state.startswith(prefix):
            return Unavailable(f"the database {label} {reason}")
    if state[:2] in _AWAY:
        return Unavailable(f"the database {label} cannot be reached: {text[:200]}")
    return Unavailable(f"the database {label} failed: {text[:200]}")


def _label(url: URL) -> str:
    """What people call the database: never its password."""
    return f"{url.host or 'localhost'}/{url.database}" if url.drivername.startswith("postgresql") else str(url.database)
