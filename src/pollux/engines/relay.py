"""An engine that hands requests to another server of this API, instead of answering them itself.

Such an engine has the ability "relay".  It gets the caller's own request (`Prompt.request`), in which files of ours
have become inline bytes, and yields `Relayed` events: responses that go out as they came.  Core neither checks nor
counts nor assembles for it, because the other server does all of that, and knows features that this one does not.
"""

from __future__ import annotations

from typing import Protocol

from pollux.engines.base import Engine, Prompt
from pollux.wire.generate import CountTokensResponse


class Relay(Engine, Protocol):
    """What an engine with the ability "relay" can do besides."""

    async def count(self, prompt: Prompt) -> CountTokensResponse:
        """The tokens of `prompt.request`, as the other server counts them.  Raises ApiError."""
        ...
