"""What annotations of the tree are made of."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta


def meta(text: str, *, extra: dict[str, Any] | None = None, **limits: Any) -> Meta:
    """What a key means.  `extra`: "expected" (what it may be, in words), "secret" (kept out of messages),
    "hidden" (never shown), "networks" (CIDRs).
    """
    return Meta(description=text, extra=extra, **limits)


Count = Annotated[int, Meta(ge=1)]
Rate = Annotated[int, Meta(ge=1)] | None
Price = Annotated[float, Meta(ge=0, le=1e12)] | None
Share = Annotated[float, Meta(ge=0, le=1)] | None
