"""From the book in memory to the records, every few seconds: a request never waits for the database on its account."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from pollux.core.bill import Book, Row, Used
from pollux.stores.records import Records, UsageRecord

log = logging.getLogger(__name__)

SECONDS = 5.0
"""Between two writings; a process that is killed loses what came since the last one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def booked(book: Book, records: Records, seconds: float = SECONDS) -> AsyncIterator[None]:
    """While it lasts, what is in the book is written; at its end all of it is."""
    ended = asyncio.Event()
    running = asyncio.create_task(_keep(book, records, seconds, ended))
    try:
        yield
    finally:
        ended.set()
        await running  # a writing that has begun is not broken off: nobody would know whether it was done
        await _write(book, records)


async def _keep(book: Book, records: Records, seconds: float, ended: asyncio.Event) -> None:
    while not ended.is_set():
        await _write(book, records)
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)


async def _write(book: Book, records: Records) -> None:
    rows = book.take()
    if not rows:
        return
    try:
        await asyncio.to_thread(records.add_usage, [_record(row, used) for row, used in rows.items()])
    except Exception as error:  # whatever it is, it is tried again: no request fails for it, and this goes on
        book.put_back(rows)
        log.warning("usage waits to be written: %s", error)


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
