"""One HTTP call as the handlers see it: where it goes, who asks, what it says.  And reading it under its limits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive

from pollux.core.admit import Caller
from pollux.core.bill import Bill
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.errors import InvalidArgument
from pollux.services.batches import Batches
from pollux.services.files import Files
from pollux.services.intake import Intake
from pollux.services.videos import Videos
from pollux.wire import lenient
from pollux.wire.base import Wire

T = TypeVar("T")
W = TypeVar("W", bound=Wire)

_VERSION = re.compile(r"^/*(?:v1|v1beta|v1alpha)(?=/|$)")
_MEDIA = re.compile(
    r"""(?P<prefix>(?:/[A-Za-z0-9._~-]+)*?) (?:/+(?:v1|v1beta|v1alpha))? /+(?P<door>upload|download)
    (?:/+(?:v1|v1beta|v1alpha))? /+(?P<rest>files(?:[/:].*)?)""",
    re.VERBOSE,
)


class Gone(Exception):
    """The caller hung up."""


@dataclass(frozen=True, slots=True)
class Target:
    """A path, taken apart: "models", "gemini-2.5-flash", "generateContent" of /v1beta/models/gemini-2.5-flash:..."""

    collection: str
    name: str
    verb: str
    prefix: str = ""

    @classmethod
    def parse(cls, path: str) -> Target:
        """The model is everything before the last colon, the verb after it; versions are one surface.

        Uploads ("upload/files") and downloads may stand behind a prefix, and between two versions (old JS clients).
        """
        prefix, collection = "", ""
        rest = _VERSION.sub("", path, count=1).strip("/")
        if (media := _MEDIA.fullmatch(path.rstrip("/"))) is not None:
            prefix, rest = media["prefix"], media["rest"]
            collection = "upload/" if media["door"] == "upload" else ""
        resource, colon, verb = rest.rpartition(":")
        if not colon or "/" in verb:  # the colon of an address inside the path is none
            resource, verb = rest, ""
        first, _, name = resource.partition("/")
        return cls(collection + first, name, verb, prefix)


@dataclass(frozen=True)
class Rooms:
    """What stands behind the door."""

    core: Core
    files: Files
    intake: Intake
    batches: Batches
    videos: Videos


@dataclass(slots=True)
class Call:
    """A request that was let in.  Decoding gives the body's memory back: it is no longer needed while a model works."""

    target: Target
    query: QueryParams
    headers: Headers
    body: bytes
    caller: Caller
    deadline: Deadline
    base: str = ""
    """The server's own address as the caller knows it: "https://host/prefix"."""
    bill: Bill = field(default_factory=Bill)

    def decode(self, kind: type[W]) -> W:
        """The body as a wire type.  Raises InvalidArgument naming the field."""
        body, self.body = self.body, b""
        return lenient.decode(kind, body)


def wants_pretty(query: Mapping[str, str]) -> bool:
    """Pretty unless `prettyPrint=false`, as Google prints."""
    value = query.get("prettyPrint") or query.get("$prettyPrint") or query.get("pretty_print") or "true"
    return value.lower() not in ("false", "0")


def deadline_of(headers: Headers, most: float) -> Deadline:
    """The server's longest time, or less when the caller says so (X-Server-Timeout, seconds)."""
    given = headers.get("x-server-timeout", "")
    try:
        seconds = float(given) if given else most
    except ValueError:
        seconds = most
    if not seconds > 0:
        seconds = most
    return Deadline.after(min(seconds, most))


async def read_body(receive: Receive, headers: Headers, most: int) -> bytes:
    """The whole body.  Raises InvalidArgument beyond `most` bytes, before reading on."""
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding != "identity":
        raise InvalidArgument(f"Content-Encoding {encoding[:40]} is not supported: send the body as it is.")
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(most: int) -> InvalidArgument:
    return InvalidArgument(f"Request payload size exceeds the limit: {most} bytes ([limits] request_bytes).")


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Awaits `work`; when the caller hangs up, the work is cancelled and Gone is raised."""
    task = asyncio.current_task()
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if task is not None:
            task.cancel()

    watcher = asyncio.create_task(watch())
    try:
        return await work
    except asyncio.CancelledError:
        if gone and task is not None:
            task.uncancel()
            raise Gone from None
        raise
    finally:
        watcher.cancel()
