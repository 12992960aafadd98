"""Sums of what was used, on each kind of database."""

from __future__ import annotations

import threading
from dataclasses import replace

from pollux.stores.records import Records, UsageRecord

ONE_KEYS = ("2026-11-21", "web", "k1", "gemini-2.5-flash")
ONE = UsageRecord(*ONE_KEYS, 1, 10, 4, 5, 1, 0.25)


def test_sums_grow(records: Records) -> None:
    other = replace(ONE, model="größe", cost=0.0)
    records.add_usage([])
    records.add_usage([ONE, other])
    records.add_usage([ONE])
    found = records.usage("2026-11-21", "2026-11-21")
    assert found == [
        replace(ONE, requests=2, input_tokens=20, cached_tokens=8, output_tokens=10, pictures=2, cost=0.5),
        other,
    ]


def test_days_are_told_apart(records: Records) -> None:
    days = ["2025-12-31", "2026-01-01", "2026-01-02"]
    records.add_usage([replace(ONE, day=day) for day in reversed(days)])
    assert [row.day for row in records.usage("2025-12-31", "2026-01-01")] == days[:2]
    assert records.usage("2026-02-01", "2026-03-01") == []


def test_several_add_at_once(records: Records) -> None:
    rows = [replace(ONE, model=f"m{i}") for i in range(5)]

    def add() -> None:
        for i in range(5):
            records.add_usage(rows if i % 2 else rows[::-1])

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.requests for row in records.usage(ONE.day, ONE.day)] == [20] * 5
