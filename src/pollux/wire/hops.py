"""How many servers of this kind a request has come through: one that is sent in a circle must come to an end."""

from __future__ import annotations

from contextvars import ContextVar

from pollux.errors import FailedPrecondition

HEADER = "x-pollux-hop"
MOST = 4
"""Servers in a row; one behind another is usual, and a circle soon has more."""
_COME: ContextVar[int] = ContextVar("hops", default=0)


def arrived(header: str) -> None:
    """Notes, for the task that answers a request, what its header says.  Raises FailedPrecondition in a circle."""
    hops = int(header) if header.isascii() and header.isdecimal() and len(header) < 4 else 0
    if hops >= MOST:
        raise FailedPrecondition(
            f"The request has come through {hops} servers of Pollux ({HEADER}), so it seems to go in a circle: "
            "[engine.google] address or the address of an [engine.openai] section leads back here."
        )
    _COME.set(hops)


def onward() -> str:
    """The header's value for a server that is asked on behalf of this request."""
    return str(_COME.get() + 1)
