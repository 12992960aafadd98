"""From the book to the records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from pollux.core.admit import Caller
from pollux.core.bill import Bill, Book
from pollux.errors import ConfigurationError, Unavailable
from pollux.services.usage import booked
from pollux.stores.records import Records, UsageRecord

DAY = 86_400.0 * 20_778  # 2026-11-21


async def test_what_is_booked_is_written_and_nothing_twice(tmp_path: Path) -> None:
    records, book = Records.open(f"sqlite:///{tmp_path}/pollux.db"), Book(lambda: DAY)
    async with booked(book, records, 0.05):
        book.note(Caller("web", "k"), "m", Bill(input_tokens=3, cost=0.5))
        await asyncio.sleep(0.3)
        assert [row.requests for row in records.usage("2026-11-21", "2026-11-21")] == [1]
        book.note(Caller("web", "k"), "m", Bill(input_tokens=3, cost=0.5))
    assert records.usage("2026-11-21", "2026-11-21") == [UsageRecord("2026-11-21", "web", "k", "m", 2, 6, 0, 0, 0, 1.0)]
    records.close()


@pytest.mark.parametrize("error", [Unavailable("locked"), ConfigurationError("cannot be opened"), OverflowError()])
async def test_what_cannot_be_written_waits(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records, book = Records.open(f"sqlite:///{tmp_path}/pollux.db"), Book(lambda: DAY)
    real, tried = records.add_usage, 0

    def add(rows: Sequence[UsageRecord]) -> None:
        nonlocal tried
        tried += 1
        if tried < 3:
            raise error
        real(rows)

    monkeypatch.setattr(records, "add_usage", add)
    async with booked(book, records, 0.02):
        book.note(Caller(), "m", Bill())
        await asyncio.sleep(0.3)
        assert tried == 3
        assert [row.requests for row in records.usage("2026-11-21", "2026-11-21")] == [1]
    records.close()
