"""What the commands ask of the composition root: `pollux.app` has these names.

It is imported here and only here, when a command needs it: the server, the engines and the database stay out of
`pollux --help`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from pollux.config import Settings
    from pollux.engines.base import ModelCard
    from pollux.services.keys import Keys

Json: TypeAlias = Mapping[str, Any]


class Door(Protocol):
    """The API as the commands use it, in the wire's JSON (camelCase): in this process, or a server's over HTTP.

    Every method raises ApiError with one line.
    """

    def generate(self, model: str, body: Json, *, stream: bool) -> AsyncGenerator[Json, None]:
        """GenerateContentResponses: exactly one without `stream`."""
        ...

    async def count(self, model: str, body: Json) -> Json:
        """A CountTokensResponse."""
        ...

    async def models(self) -> Sequence[Json]:
        """Every Model of the list."""
        ...

    async def upload(
        self, chunks: AsyncIterator[bytes], size: int, name: str, display_name: str, mime_type: str
    ) -> Json:
        """A File made of `size` bytes; "" leaves the name, what it is called, the type to the API."""
        ...

    async def files(self, limit: int) -> Sequence[Json]:
        """The newest Files."""
        ...

    async def file(self, name: str) -> Json:
        """One File."""
        ...

    async def delete_file(self, name: str) -> None:
        """Remove a File."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


class Installation(Door, Protocol):
    """The API in this process, and what only who holds the stores can do."""

    async def clean(self, hours: float) -> Mapping[str, int]:
        """Remove what expired, and what nothing names if it is older than `hours`.

        How many: "files", "uploads", "blobs", "objects", "bytes".
        """
        ...

    async def check_stores(self) -> None:
        """Raises PolluxError when records or blobs cannot be used."""
        ...


class App(Protocol):
    """The composition root."""

    def serve(self, settings: Settings) -> int:
        """Run the server until it is stopped; the exit status."""
        ...

    def Local(self, settings: Settings) -> Installation:  # noqa: N802 (a class there)
        """The API without a server, in this process and for its user: no key is asked for."""
        ...

    def cards(self, settings: Settings) -> Mapping[str, Sequence[ModelCard]]:
        """What each engine can do here, by the engine's name.  No model is loaded for it."""
        ...

    def open_keys(self, settings: Settings) -> AbstractContextManager[Keys]:
        """The keys in the configured database, which is made when missing."""
        ...


def app() -> App:
    """The composition root, imported now."""
    from pollux import app as root  # noqa: PLC0415 (see above)

    return root
