"""Lines of bytes, however they are cut."""

from __future__ import annotations

import asyncio

import pytest

from pollux.services.lines import MANY, Line, cut, split
from tests.services.kit import pieces

DATA = b"a\n\n  \r\nbb\r\n" + b"c" * 50 + b"\n\t\nd"
LINES = [Line(1, 2, b"a"), Line(4, 11, b"bb\r"), Line(5, 62, None), Line(7, 65, b"d")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_blank_lines_are_counted_and_long_ones_dropped(size: int) -> None:
    chunks = [DATA[at : at + size] for at in range(0, len(DATA), size)]
    assert [line async for found in split(pieces(*chunks), 0, 1, 20) for line in found] == LINES


async def test_many_blank_lines_are_no_work_and_hold_up_nobody() -> None:
    """Others have their turn within one chunk, and a line behind a million blank ones is its own segment."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    blank = b"\n" * (100 * MANY)
    found = split(pieces(blank + b"{}\n" + blank), 0, 1, 20)
    segments = [(s.end, s.first_line, s.requests) async for s in cut("job", found, 2 * len(blank) + 3)]
    task.cancel()
    assert turns > 10
    assert segments == [(len(blank) + 3, 1, 1)]
