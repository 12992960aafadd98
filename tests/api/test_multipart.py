"""Multipart bodies, part by part."""

from __future__ import annotations

import pytest

from pollux.api.multipart import MOST_BETWEEN, Parts
from pollux.errors import InvalidArgument
from tests.services.kit import pieces

PART = b"--b\r\nContent-Type: text/plain\r\n\r\n"


@pytest.mark.parametrize("size", [0, 10, MOST_BETWEEN - 2])
async def test_a_preamble_is_skipped(size: int) -> None:
    parts = Parts(pieces(b"x" * size, b"\r\n" + PART + b"data\r\n--b--"), b"b")
    assert (await parts.following() or {})["content-type"] == "text/plain"
    assert await parts.whole(4) == b"data"
    assert await parts.following() is None


@pytest.mark.parametrize("before", [b"", PART])
async def test_bytes_of_no_part_are_bounded(before: bytes) -> None:
    """Before the first part, and what is skipped of a part that nobody reads."""
    parts = Parts(pieces(before, *[b"x" * 1000] * 20, b"\r\n" + PART + b"\r\n--b--"), b"b")
    if before:
        await parts.following()
    with pytest.raises(InvalidArgument, match="begin with its boundary"):
        await parts.following()


@pytest.mark.parametrize("tail", [b"x" * 70_000, b"a: b\r\n" * 9000])
async def test_headers_are_bounded(tail: bytes) -> None:
    with pytest.raises(InvalidArgument, match="no end of its headers"):
        await Parts(pieces(b"--b\r\n", tail, tail), b"b").following()
