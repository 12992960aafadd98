"""How the tables came to be: numbered steps, each run once, in order, in one transaction.

A step that was released is never edited; a change is a new step.  Steps describe their tables themselves, so that they
do not move when the tables of today do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from pollux.errors import ConfigurationError

Step: TypeAlias = Callable[[Connection], None]

APPLIED = Table(
    "migrations",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", BigInteger, nullable=False),  # microseconds since 1970, UTC
)


def _keys(connection: Connection) -> None:
    """1: API keys, and the counters that tell other processes that something changed."""
    tables = MetaData()
    Table(
        "keys",
        tables,
        Column("id", String(32), primary_key=True),
        Column("name", String(64), nullable=False),
        Column("project", String(63), nullable=False),
        Column("hash", String(64), nullable=False, unique=True),
        Column("prefix", String(16), nullable=False),
        Column("rpm", Integer),
        Column("tpm", Integer),
        Column("created_at", BigInteger, nullable=False),
        Column("revoked_at", BigInteger),
    )
    counters = Table(
        "counters", tables, Column("name", String(32), primary_key=True), Column("value", BigInteger, nullable=False)
    )
    tables.create_all(connection)
    connection.execute(insert(counters).values(name="keys", value=0))


def _files(connection: Connection) -> None:
    """2: blobs and their pieces, files, and the uploads that make them."""
    tables = MetaData()
    Table(
        "blobs",
        tables,
        Column("id", String(32), primary_key=True),
        Column("size", BigInteger, nullable=False),
        Column("sealed", Boolean, nullable=False),
        Column("created_at", BigInteger, nullable=False, index=True),
    )
    pieces = Table(
        "pieces",
        tables,
        Column("object", String(64), primary_key=True),
        Column("blob", String(32), nullable=False),
        Column("start", BigInteger, nullable=False),
        Column("size", Integer, nullable=False),
        Column("condemned_at", BigInteger),
    )
    Index("pieces_by_blob", pieces.c.blob, pieces.c.start)
    marked = pieces.c.condemned_at.is_not(None)
    Index("pieces_condemned", pieces.c.condemned_at, sqlite_where=marked, postgresql_where=marked)
    _files_and_uploads(tables)
    tables.create_all(connection)


def _files_and_uploads(tables: MetaData) -> None:
    files = Table(
        "files",
        tables,
        Column("id", String(64), primary_key=True),
        Column("project", String(63), nullable=False),
        Column("display_name", String(512), nullable=False),
        Column("mime_type", String(255), nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("blob", String(32), ForeignKey("blobs.id"), nullable=False, index=True),
        Column("state", String(16), nullable=False),
        Column("source", String(16), nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, index=True),
        Column("error", JSON),
        Column("video_metadata", JSON),
        Column("tokens", JSON),
    )
    Index("files_newest_first", files.c.project, files.c.created_at, files.c.id)
    Index("files_sizes", files.c.project, files.c.size)  # the sum of a project, from the index alone
    processing = files.c.state == "PROCESSING"
    Index("files_processing", files.c.created_at, sqlite_where=processing, postgresql_where=processing)
    uploads = Table(
        "uploads",
        tables,
        Column("id", String(64), primary_key=True),
        Column("project", String(63), nullable=False),
        Column("file_id", String(64), nullable=False),
        Column("blob", String(32), nullable=False, index=True),
        Column("declared_size", BigInteger),
        Column("declared_mime", String(255), nullable=False),
        Column("display_name", String(512), nullable=False),
        Column("state", String(16), nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False, index=True),
    )
    Index("uploads_of_project", uploads.c.project, uploads.c.state)


def _batches(connection: Connection) -> None:
    """3: batch jobs and their segments; the counter is the epoch of whoever leads the work."""
    tables = MetaData()
    Table("blobs", tables, Column("id", String(32), primary_key=True))  # made by step 2; named by foreign keys
    batches = Table(
        "batches",
        tables,
        Column("id", String(32), primary_key=True),
        Column("project", String(63), nullable=False),
        Column("model", String(200), nullable=False),
        Column("method", String(32), nullable=False),
        Column("display_name", String(512), nullable=False),
        Column("priority", BigInteger, nullable=False),
        Column("state", String(16), nullable=False),
        Column("settled", Boolean, nullable=False),
        Column("inline", Boolean, nullable=False),
        Column("input_file", String(64), nullable=False),
        Column("input_blob", String(32), ForeignKey("blobs.id"), index=True),
        Column("requests", BigInteger, nullable=False),
        Column("succeeded", BigInteger, nullable=False),
        Column("failed", BigInteger, nullable=False),
        Column("output_blob", String(32), ForeignKey("blobs.id"), index=True),
        Column("output_file", String(64), nullable=False),
        Column("error", JSON),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
        Column("ended_at", BigInteger),
        Column("expires_at", BigInteger, nullable=False),
    )
    Index("batches_newest_first", batches.c.project, batches.c.created_at, batches.c.id)
    unsettled = batches.c.settled.is_(False)
    Index("batches_unsettled", batches.c.created_at, sqlite_where=unsettled, postgresql_where=unsettled)
    segments = Table(
        "segments",
        tables,
        Column("batch", String(32), ForeignKey("batches.id"), primary_key=True),
        Column("start", BigInteger, primary_key=True),
        Column("end", BigInteger, nullable=False),
        Column("first_line", BigInteger, nullable=False),
        Column("requests", Integer, nullable=False),
        Column("blob", String(32), ForeignKey("blobs.id"), index=True),
    )
    undone = segments.c.blob.is_(None)
    Index("segments_open", segments.c.batch, segments.c.start, sqlite_where=undone, postgresql_where=undone)
    tables.create_all(connection)
    counters = Table("counters", MetaData(), Column("name", String(32)), Column("value", BigInteger))
    connection.execute(insert(counters).values(name="batches", value=0))


def _secrets(connection: Connection) -> None:
    """4: keys that signatures are made with."""
    tables = MetaData()
    name, value = Column("name", String(32), primary_key=True), Column("value", LargeBinary, nullable=False)
    Table("secrets", tables, name, value)
    tables.create_all(connection)


def _operations(connection: Connection) -> None:
    """5: videos under way."""
    tables = MetaData()
    operations = Table(
        "operations",
        tables,
        Column("id", String(32), primary_key=True),
        Column("project", String(63), nullable=False),
        Column("model", String(200), nullable=False),
        Column("request", LargeBinary, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
        Column("state", String(16), nullable=False),
        Column("files", JSON, nullable=False),
        Column("error", JSON),
    )
    Index("operations_by_state", operations.c.state, operations.c.created_at)
    tables.create_all(connection)


def _usage(connection: Connection) -> None:
    """6: what was used, by day, project, key and model."""
    tables = MetaData()
    Table(
        "usage",
        tables,
        Column("day", String(10), primary_key=True),
        Column("project", String(63), primary_key=True),
        Column("key", String(32), primary_key=True),
        Column("model", String(200), primary_key=True),
        Column("requests", BigInteger, nullable=False),
        Column("input_tokens", BigInteger, nullable=False),
        Column("cached_tokens", BigInteger, nullable=False),
        Column("output_tokens", BigInteger, nullable=False),
        Column("pictures", BigInteger, nullable=False),
        Column("cost", Double, nullable=False),
    )
    tables.create_all(connection)


STEPS: tuple[Step, ...] = (_keys, _files, _batches, _secrets, _operations, _usage)


def migrate(connection: Connection) -> None:
    """Bring the database up to this version, inside the caller's transaction (which must hold the write lock).

    Raises ConfigurationError when the database was written by a newer Pollux.
    """
    APPLIED.create(connection, checkfirst=True)
    done = set(connection.scalars(select(APPLIED.c.number)))
    if done and max(done) > len(STEPS):
        raise ConfigurationError(
            f"the database has tables of a newer Pollux (step {max(done)}, this one knows {len(STEPS)}); "
            "upgrade Pollux, or choose another --data-dir"
        )
    for number, step in enumerate(STEPS, start=1):
        if number not in done:
            step(connection)
            connection.execute(insert(APPLIED).values(number=number, applied_at=time.time_ns() // 1000))
