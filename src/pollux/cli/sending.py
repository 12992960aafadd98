"""A resumable upload to a server, as the official clients do it: start, chunks, finalize; after a break, query."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from pollux.errors import ApiError, Unavailable

CHUNK = 8 * 1024 * 1024
TRIES = 6
"""How often a chunk is sent before the upload is given up; waits of 0.5, 1, 2 ... seconds lie between."""


async def send(
    http: httpx.AsyncClient, start: str, file: Mapping[str, Any], size: int, chunks: AsyncIterator[bytes]
) -> httpx.Response:
    """Uploads `size` bytes; the last answer, good or bad.  Raises httpx.HTTPError, Unavailable."""
    headers = {
        "X-Goog-Upload-Protocol": "resumable",
        "X-Goog-Upload-Command": "start",
        "X-Goog-Upload-Header-Content-Length": str(size),
    }
    answer = await http.post(start, json={"file": file}, headers=headers)
    address = answer.headers.get("x-goog-upload-url", "")
    if answer.is_error or not address:
        return answer
    offset = 0
    async for chunk in _regular(chunks):
        end = offset + len(chunk)
        answer = await _send_one(http, address, chunk, offset, last=end >= size)
        if answer.is_error or end >= size:
            return answer
        offset = end
    if offset == size == 0:
        return await _send_one(http, address, b"", 0, last=True)
    raise ApiError(f"the file became shorter while it was sent: {offset} of {size} bytes")


async def _send_one(http: httpx.AsyncClient, address: str, chunk: bytes, offset: int, *, last: bool) -> httpx.Response:
    """One chunk, as often as it takes; what the server has already is not sent again."""
    sent = 0
    for attempt in range(TRIES):
        headers = {
            "X-Goog-Upload-Command": "upload, finalize" if last else "upload",
            "X-Goog-Upload-Offset": str(offset + sent),
        }
        try:
            answer = await http.post(address, content=chunk[sent:], headers=headers)
            if answer.status_code < 500:
                return answer
        except httpx.TransportError:
            if attempt == TRIES - 1:
                raise
        await asyncio.sleep(0.5 * 2**attempt)
        sent = await _stored(http, address, offset, len(chunk)) or 0
    raise Unavailable(f"the server did not take the bytes at {offset} in {TRIES} attempts; try again later")


async def _stored(http: httpx.AsyncClient, address: str, offset: int, size: int) -> int | None:
    """Bytes of the chunk that the server has; None when it does not say."""
    try:
        answer = await http.post(address, headers={"X-Goog-Upload-Command": "query"})
    except httpx.TransportError:
        return None
    told = answer.headers.get("x-goog-upload-size-received", "")
    return min(max(int(told) - offset, 0), size) if told.isdecimal() else None


async def _regular(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of CHUNK."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)
