"""What the commands ask of the composition root, `pollux.app`, and of `pollux.local`, the API without a server.

They are imported here and only here, when a command needs them: the server, the engines and the database stay out of
`pollux --help`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from pollux.config import Settings
    from pollux.engines.base import ModelCard
    from pollux.media.handle import Media
    from pollux.media.picture import Pixels
    from pollux.services.keys import Keys
    from pollux.stores.records import UsageRecord

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

    def film(self, model: str, body: Json) -> AsyncGenerator[bytes, None]:
        """The bytes of an MP4 file, once it is made: the first video of a PredictLongRunningRequest."""
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

    def download(self, name: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a generated File."""
        ...

    async def create_batch(self, model: str, file: str, display_name: str, priority: int, *, embeddings: bool) -> Json:
        """A batch job of an input File, as an Operation."""
        ...

    async def batches(self, limit: int) -> Sequence[Json]:
        """The newest batch jobs, without inline results."""
        ...

    async def batch(self, name: str) -> Json:
        """One batch job."""
        ...

    async def cancel_batch(self, name: str) -> None:
        """Stop a job; one that has ended stays as it is."""
        ...

    async def delete_batch(self, name: str) -> None:
        """Stop and forget a job."""
        ...

    def working(self, tell: Callable[[bool], None]) -> AbstractAsyncContextManager[None]:
        """While it lasts, jobs are run: by this process when there is no server and no other process does.

        `tell` hears whether this one leads; of a server, nothing.
        """
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

    def serve(self, settings: Settings, *, faults: bool = False) -> int:
        """Run the server until it is stopped; the exit status.  `faults`: it may be asked to fail."""
        ...

    def cards(self, settings: Settings) -> Mapping[str, Sequence[ModelCard]]:
        """What each engine can do here, by the engine's name.  No model is loaded for it."""
        ...

    def at_once(self, settings: Settings, engines: Sequence[str]) -> Mapping[str, int]:
        """How many requests each engine gets at the same time."""
        ...

    def certificates(self, settings: Settings) -> bytes | None:
        """The certificates that made pictures are signed with, PEM; None before the first picture."""
        ...

    def usage(self, settings: Settings, since: str, until: str) -> tuple[list[UsageRecord], Mapping[str, str]]:
        """What was used from one day to another ("2026-11-21"), and the names of keys by their ids."""
        ...

    def open_keys(self, settings: Settings) -> AbstractContextManager[Keys]:
        """The keys in the configured database, which is made when missing."""
        ...


def app() -> App:
    """The composition root, imported now."""
    from pollux import app as root  # noqa: PLC0415 (see above)

    return root


def local(settings: Settings) -> Installation:
    """The API without a server, in this process and for its user: no key is asked for."""
    from pollux.local import Local  # noqa: PLC0415 (see above)

    return Local(settings)


def work(settings: Settings, tell: Callable[[bool], None]) -> int:
    """Run batch jobs until a signal; the exit status.  `tell` hears whether this process leads."""
    from pollux import local as room  # noqa: PLC0415 (see above)

    return room.work(settings, tell)


def picture_type(head: bytes) -> str:
    """The MIME type of a picture that can be read, by its first bytes; "" for anything else."""
    from pollux.media.sniff import PICTURES, sniff  # noqa: PLC0415 (see above)

    found = sniff(head)
    return found if found in PICTURES else ""


def picture(data: bytes, name: str) -> Media:
    """A picture, measured and not decoded.  Raises InvalidArgument that begins with `name`."""
    from pollux.media.handle import Media  # noqa: PLC0415 (see above)
    from pollux.media.limits import MediaLimits  # noqa: PLC0415
    from pollux.media.picture import inspect  # noqa: PLC0415
    from pollux.media.sniff import sniff  # noqa: PLC0415

    mime_type = sniff(data)
    width, height, orientation = inspect(data, mime_type, name, MediaLimits())
    return Media("image", mime_type, data, "", width, height, orientation, name)


def decoded(media: Media, max_side: int | None = None) -> Pixels:
    """Its pixels: RGB, upright.  Raises InvalidArgument that begins with the picture's name."""
    from pollux.media.picture import decode  # noqa: PLC0415 (see above)

    return decode(media, max_side)


def png(rgb: Pixels) -> bytes:
    """Pixels as a file."""
    from pollux.media.picture import encode_png  # noqa: PLC0415 (see above)

    return encode_png(rgb)
