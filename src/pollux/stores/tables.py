"""The tables of today, as the verbs see them.  How they came to be is in migrations.py."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from pollux.stores.database import Moment

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

SECRETS = Table(
    "secrets", TABLES, Column("name", String(32), primary_key=True), Column("value", LargeBinary, nullable=False)
)

OPERATIONS = Table(
    "operations",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("project", String(63), nullable=False),
    Column("model", String(200), nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("files", JSON, nullable=False),
    Column("error", JSON),
)

BLOBS = Table(
    "blobs",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("size", BigInteger, nullable=False),  # bytes, the sum of its pieces
    Column("sealed", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# One row an object of the blob store.  A row with `condemned_at` names an object that is to be removed; when no blob
# ever had it (an orphan that was found), `blob` is empty, and the row keeps an append that was slow from naming it.
PIECES = Table(
    "pieces",
    TABLES,
    Column("object", String(64), primary_key=True),
    Column("blob", String(32), nullable=False),
    Column("start", BigInteger, nullable=False),  # offset in the blob, bytes
    Column("size", Integer, nullable=False),  # bytes
    Column("condemned_at", Moment),
)

FILES = Table(
    "files",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("project", String(63), nullable=False),
    Column("display_name", String(512), nullable=False),
    Column("mime_type", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("blob", String(32), ForeignKey("blobs.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("source", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("error", JSON(none_as_null=True)),
    Column("video_metadata", JSON(none_as_null=True)),
    Column("tokens", JSON(none_as_null=True)),
)

UPLOADS = Table(
    "uploads",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("project", String(63), nullable=False),
    Column("file_id", String(64), nullable=False),
    Column("blob", String(32), nullable=False),
    Column("declared_size", BigInteger),
    Column("declared_mime", String(255), nullable=False),
    Column("display_name", String(512), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

# A batch job.  Its segments say what was done; `settled` when no worker has anything left to do for it.
BATCHES = Table(
    "batches",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("project", String(63), nullable=False),
    Column("model", String(200), nullable=False),
    Column("method", String(32), nullable=False),
    Column("display_name", String(512), nullable=False),
    Column("priority", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("inline", Boolean, nullable=False),
    Column("input_file", String(64), nullable=False),  # "" for inline requests
    Column("input_blob", String(32), ForeignKey("blobs.id")),  # held until the job is settled
    Column("requests", BigInteger, nullable=False),
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("output_blob", String(32), ForeignKey("blobs.id")),  # of an inline job
    Column("output_file", String(64), nullable=False),  # of a file job, "" until there is one
    Column("error", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("expires_at", Moment, nullable=False),
)

# Whole lines of a job's input, bytes [start, end): the unit of work.  Done, it has a blob: its output.
SEGMENTS = Table(
    "segments",
    TABLES,
    Column("batch", String(32), ForeignKey("batches.id"), primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("end", BigInteger, nullable=False),
    Column("first_line", BigInteger, nullable=False),  # number of its first line in the input, from 1
    Column("requests", Integer, nullable=False),
    Column("blob", String(32), ForeignKey("blobs.id")),
)

USAGE = Table(
    "usage",
    TABLES,
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
