"""From the book in memory to the records, every few seconds: a request never waits for the database on its account."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from pollux.core.bill import Book, Row, Used
from pollux.errors import Unavailable
from pollux.stores.records import Records, UsageRecord

log = logging.getLogger(__name__)

SECONDS = 5.0
"""Between two writings; a process that is killed loses what came since the last one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def booked(book: Book, records: Records, seconds: float = SECONDS) -> AsyncIterator[None]:
    """While it lasts, what is in the book is written; at its end all of it is."""
    running = asyncio.create_task(_keep(book, records, seconds))
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})
        await _write(book, records)


async def _keep(book: Book, records: Records, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        # A writing that has begun is not broken off: nobody would know whether it was done.
        await asyncio.shield(asyncio.ensure_future(_write(book, records)))


async def _write(book: Book, records: Records) -> None:
    rows = book.take()
    if not rows:
        return
    try:
        await asyncio.to_thread(records.add_usage, [_record(row, used) for row, used in rows.items()])
    except Unavailable as error:
        book.put_back(rows)
        log.warning("usage waits to be written: %s", error.message)


def _record(row: Row, used: Used) -> UsageRecord:
    day, project, key, model = row
    return UsageRecord(
        (_EPOCH + timedelta(days=day)).date().isoformat(),
        project,
        key,
        model,
        used.requests,
        used.input_tokens,
        used.cached_tokens,
        used.output_tokens,
        used.pictures,
        used.cost,
    )
