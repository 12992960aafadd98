"""Locks between processes: what only one may do at a time.  A lock ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from pollux.stores.database import Database

FIRST = 0x706F6C6C  # "poll": the advisory locks of Pollux begin with it


class Lock(Protocol):
    """One lock.  Blocks shortly: for a thread."""

    def take(self) -> bool:
        """Have it, if nobody else has; whether it is had now."""
        ...

    def held(self) -> bool:
        """Whether it is still had: a database that was restarted forgets."""
        ...

    def release(self) -> None:
        """Have it no more."""
        ...


class LockVerbs(Database):
    """Locks of this installation."""

    def lock(self, name: str) -> Lock:
        """The lock of that name: a file beside SQLite's, an advisory lock of PostgreSQL."""
        if self._engine.dialect.name == "postgresql":
            return _AdvisoryLock(self._engine, name)
        path = self._engine.url.database
        return _NoLock() if path in (None, "", ":memory:") else _FileLock(Path(f"{path}.{name}.lock"))


class _NoLock:
    """A database in memory has one process."""

    def take(self) -> bool:
        return True

    def held(self) -> bool:
        return True

    def release(self) -> None:
        pass


class _FileLock:
    """flock on a file, which stays: removing it would let two processes lock two files of one name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class _AdvisoryLock:
    """A session lock: the server gives it back when the connection ends."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._second = zlib.crc32(name.encode()) - 2**31  # two signed 32-bit numbers name a lock
        self._connection: Connection | None = None

    def take(self) -> bool:
        if self._connection is not None:
            return self.held()
        try:
            connection = self._engine.connect()
        except SQLAlchemyError:
            return False
        try:
            if connection.scalar(select(func.pg_try_advisory_lock(FIRST, self._second))):
                self._connection = connection
                return True
        except SQLAlchemyError:
            connection.invalidate()
        connection.close()
        return False

    def held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.scalar(select(1))
        except SQLAlchemyError:
            self._drop()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a server that only sees the connection end may take a moment
                self._connection.scalar(select(func.pg_advisory_unlock(FIRST, self._second)))
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # closed, not pooled: the lock goes with the session
            connection.close()
