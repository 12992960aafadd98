"""multipart/related (and form-data) as it streams by: metadata first, then one file, which is never held (RFC 2046)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

from pollux.errors import InvalidArgument

MOST_HEADERS = 16 * 1024
MOST_BETWEEN = 16 * 1024
"""Bytes before the first part, or between two, that belong to none."""
_BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))""", re.IGNORECASE)


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type declares.  Raises InvalidArgument."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/") or found is None:
        raise InvalidArgument("A multipart upload needs Content-Type: multipart/related; boundary=...")
    return (found[1] or found[2]).encode("latin-1")


class Parts:
    """The parts of a body, one after another; each must be read before the next."""

    def __init__(self, body: AsyncIterator[bytes], boundary: bytes) -> None:
        self._body = body
        self._mark = b"\r\n--" + boundary
        self._held = b"\r\n"  # the first boundary needs no line before it
        self._inside = False

    async def following(self) -> Mapping[str, str] | None:
        """The next part's headers, in lower case; None after the last part.  Raises InvalidArgument."""
        skipped = 0
        async for chunk in self._until_mark():
            skipped += len(chunk)
            if skipped > MOST_BETWEEN:
                raise InvalidArgument(
                    f"Over {MOST_BETWEEN} bytes of the multipart body come before a part: begin with its boundary."
                )
        while len(self._held) < 2:
            await self._more()
        if self._held.startswith(b"--"):
            return None
        head = await self._head()
        self._inside = True
        pairs = (line.partition(":") for line in head.decode("latin-1").split("\r\n"))
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    async def content(self) -> AsyncIterator[bytes]:
        """The bytes of the part that was announced."""
        async for chunk in self._until_mark():
            yield chunk
        self._inside = False
        self._held = self._mark + self._held  # for `following`

    async def whole(self, most: int) -> bytes:
        """A small part.  Raises InvalidArgument beyond `most` bytes."""
        found = bytearray()
        async for chunk in self.content():
            found += chunk
            if len(found) > most:
                raise InvalidArgument(f"The first part of a multipart upload is metadata, at most {most} bytes.")
        return bytes(found)

    async def _head(self) -> bytes:
        while b"\r\n\r\n" not in self._held:
            if len(self._held) > MOST_HEADERS:
                raise InvalidArgument("A part of the multipart body has no end of its headers.")
            await self._more()
        head, _, self._held = self._held.partition(b"\r\n\r\n")
        return head

    async def _until_mark(self) -> AsyncIterator[bytes]:
        """What comes before the next boundary, which is taken away."""
        while (at := self._held.find(self._mark)) < 0:
            safe = len(self._held) - len(self._mark) + 1
            if safe > 0:
                chunk, self._held = self._held[:safe], self._held[safe:]
                yield chunk
            await self._more()
        chunk, self._held = self._held[:at], self._held[at + len(self._mark) :]
        if chunk:
            yield chunk

    async def _more(self) -> None:
        chunk = await anext(self._body, None)
        if chunk is None:
            raise InvalidArgument("The multipart body ends before its closing boundary.")
        self._held += chunk
