"""How the tables came to be: numbered steps, each run once, in order, in one transaction.

A step that was released is never edited; a change is a new step.  Steps describe their tables themselves, so that they
do not move when the tables of today do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, String, Table, insert, select

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


STEPS: tuple[Step, ...] = (_keys,)


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
