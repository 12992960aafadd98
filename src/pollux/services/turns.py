"""One writer an upload: whoever comes later takes over from one who waits for his client."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from pollux.errors import DeadlineExceeded, FailedPrecondition


class Turn:
    """The right to write to an upload, until somebody else comes for it."""

    def __init__(self) -> None:
        self._over = False
        self._waiting: asyncio.Timeout | None = None

    def end(self) -> None:
        """Somebody else came: who waits for his client waits no longer."""
        self._over = True
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    async def following(self, body: AsyncIterator[bytes], seconds: float) -> bytes | None:
        """The next bytes, None at their end.  Raises DeadlineExceeded after `seconds` of silence."""
        if self._over:
            raise overtaken()
        try:
            async with asyncio.timeout(seconds) as self._waiting:
                return await anext(body, None)
        except TimeoutError:
            if self._over:
                raise overtaken() from None
            raise silence(seconds) from None
        finally:
            self._waiting = None


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: Turn | None = None
    inside: int = 0


class Turns:
    """One writer an upload; the newest wins."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    @contextlib.asynccontextmanager
    async def take(self, key: str) -> AsyncIterator[Turn]:
        """A turn, as soon as the one before has put away what it has."""
        line = self._lines.setdefault(key, _Line())
        if line.newest is not None:
            line.newest.end()
        turn = line.newest = Turn()
        line.inside += 1
        try:
            async with line.lock:
                yield turn
        finally:
            line.inside -= 1
            if not line.inside:
                del self._lines[key]


def silence(seconds: float) -> DeadlineExceeded:
    """The refusal to wait longer for a client."""
    return DeadlineExceeded(f"No byte came for {seconds:g} seconds; a resumable upload can be continued.")


def overtaken() -> FailedPrecondition:
    """The refusal of whoever came earlier."""
    return FailedPrecondition("Another request went on with this upload: query it.")
