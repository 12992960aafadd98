"""The body of an upload's request: read once, as it comes; what nobody read is taken before the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from pollux.api.call import Gone
from pollux.api.visit import Visit
from pollux.errors import InvalidArgument
from pollux.services.turns import silence

DRAIN_BYTES = 32 * 1024 * 1024
DRAIN_SECONDS = 2.0


class Body:
    """The bytes that a visit brings."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._begun = False
        self._over = False

    async def chunks(self, idle: float | None = None) -> AsyncIterator[bytes]:
        """What comes; None: somebody else watches the time.

        Raises Gone when the caller hangs up before the end, DeadlineExceeded after `idle` seconds of silence,
        InvalidArgument for a coded body.
        """
        encoding = self._visit.headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            raise InvalidArgument(f"Content-Encoding {encoding[:40]} is not supported: send the file as it is.")
        while not self._over:
            try:
                async with asyncio.timeout(idle):
                    chunk = await self._next()
            except TimeoutError:
                raise silence(idle or 0.0) from None
            if chunk:
                yield chunk

    async def drain(self) -> None:
        """Takes what the caller still sends, within bounds, when the connection is closed with the answer.

        A connection that is closed on bytes nobody read is reset, and the caller never sees the answer (RFC 9112, 9.6).
        """
        if not self._closes() or (not self._begun and "expect" in self._visit.headers):
            return  # who expects "100 Continue" sends nothing before he is told to
        left = DRAIN_BYTES
        with suppress(Gone, TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while left > 0 and not self._over:
                    left -= len(await self._next())

    def _closes(self) -> bool:
        """Whether this is the connection's last request, which the server does not read on after."""
        words = self._visit.headers.get("connection", "").lower()
        return "close" in words or self._visit.scope["http_version"] == "1.0"

    async def _next(self) -> bytes:
        self._begun = True
        message = await self._visit.receive()
        if message["type"] == "http.disconnect":
            self._over = True
            raise Gone
        self._over = not message.get("more_body", False)
        chunk: bytes = message.get("body", b"")
        return chunk
