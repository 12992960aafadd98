"""One HTTP exchange: what came, how to answer, how it went."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from pollux.api.call import wants_pretty

Header = tuple[bytes, bytes]


@dataclass
class Visit:
    """A request on its way through the door.  `extra` are headers of the answer, of errors too."""

    scope: Scope
    receive: Receive
    send: Send
    headers: Headers
    query: QueryParams
    extra: list[Header] = field(default_factory=list)
    status: int = 0

    @classmethod
    def of(cls, scope: Scope, receive: Receive, send: Send) -> Visit:
        """A visit as ASGI announces it."""
        return cls(scope, receive, send, Headers(scope=scope), QueryParams(scope["query_string"]))

    @property
    def pretty(self) -> bool:
        """Whether JSON goes out with line breaks."""
        return wants_pretty(self.query)

    @property
    def method(self) -> str:
        """GET, POST, ..."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The path, percent-decoded."""
        return str(self.scope["path"])

    @property
    def peer(self) -> str | None:
        """The address at the other end of the connection."""
        client = self.scope.get("client")
        return client[0] if client else None

    async def reply(self, message: object) -> None:
        """Sends one ASGI message, remembering the status."""
        assert isinstance(message, dict)
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send(message)
