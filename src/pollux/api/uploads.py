"""Uploads over HTTP: POST /upload/{v1,v1beta,v1alpha}/files, resumable, raw and multipart.

The address of a resumable upload carries a secret and needs no key.  Bodies stream to the stores and are never held.
Every answer has X-Goog-Upload-Status, errors of the caller's too; only where a client should simply send the same chunk
again (the server's own trouble) it is left out, for that is what makes the official clients do so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol

from pollux.api.body import Body
from pollux.api.call import Rooms
from pollux.api.files import file_resource, wanted_of
from pollux.api.multipart import Parts, boundary_of
from pollux.api.reply import send_json
from pollux.api.visit import Visit
from pollux.core.admit import Caller
from pollux.errors import ApiError, InvalidArgument
from pollux.services.files import FileRecord
from pollux.services.intake import Order, Upload, Wanted
from pollux.services.names import base_name
from pollux.services.uploads import Command, State, parse_command, parse_size, unknown
from pollux.wire import lenient
from pollux.wire.resources import CreateFileRequest, CreateFileResponse, Empty

GRANULARITY = 256 * 1024
MOST_METADATA = 1024 * 1024


class Spelled(bytes):
    """A header's name that stays as it is spelt: uvicorn writes every name in small letters."""

    def lower(self) -> bytes:
        """Itself."""
        return self


STATUS = Spelled(b"X-Goog-Upload-Status")  # very old Java clients compare it to the letter


class Knows(Protocol):
    """Who is asking: the door's guard, already bound to the request."""

    def caller(self) -> Caller:
        """Raises MissingApiKey, InvalidApiKey."""
        ...

    def given(self) -> bool:
        """Whether a key came along."""
        ...


async def serve(rooms: Rooms, visit: Visit, who: Knows, base: str) -> None:
    """Answers one request to an upload address.  Raises ApiError; `visit.extra` then has the headers that fit."""
    standing, body = _Standing(visit), Body(visit)
    try:
        secret = visit.query.get("upload_id")
        if secret is not None:
            file = await _go_on(rooms, visit, body, who, secret, standing)
        else:
            file = await _begin(rooms, visit, body, who, base, standing)
    except ApiError as error:
        if error.code < 500:
            standing.tell()
        await body.drain()
        raise
    standing.tell()
    await body.drain()
    value = Empty() if file is None else CreateFileResponse(file=file_resource(file, rooms.files, base))
    await send_json(visit.reply, value, pretty=visit.pretty, extra=visit.extra)


class _Standing:
    """How the upload stands, for the headers of whatever answer it becomes."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.upload: Upload | None = None

    def tell(self) -> None:
        """Adds the headers.  Without an upload there is nothing more to send: "final"."""
        state = self.upload.state if self.upload is not None else State.FINAL
        self._visit.extra.append((STATUS, state.value.encode()))
        if self.upload is not None and self.upload.stored is not None:
            self._visit.extra.append((b"X-Goog-Upload-Size-Received", str(self.upload.stored).encode()))


async def _go_on(
    rooms: Rooms, visit: Visit, body: Body, who: Knows, secret: str, standing: _Standing
) -> FileRecord | None:
    """A chunk, a query, a cancellation."""
    upload = await rooms.intake.find(secret)
    if who.given():  # none is needed; but one of another project is a mistake that must be heard of
        upload.check_project(who.caller().project)
    standing.upload = upload
    command = parse_command(visit.headers.get("x-goog-upload-command") or "")
    offset = parse_size(visit.headers.get("x-goog-upload-offset"), "X-Goog-Upload-Offset")
    return await upload.obey(Order(command, offset, _length(visit)), body.chunks())


async def _begin(
    rooms: Rooms, visit: Visit, body: Body, who: Knows, base: str, standing: _Standing
) -> FileRecord | None:
    caller = who.caller()
    protocol = _protocol(visit)
    if protocol == "multipart":
        return await _multipart(rooms, visit, body, caller)
    wanted = _from_headers(visit)
    if protocol == "raw":
        mime = wanted.mime_type or visit.headers.get("content-type", "")
        whole = replace(wanted, mime_type=mime, size=wanted.size if wanted.size is not None else _length(visit))
        return await rooms.intake.whole(caller.project, whole, body.chunks(), _length(visit))
    command = parse_command(visit.headers.get("x-goog-upload-command") or "start")
    if Command.START not in command:
        raise unknown()
    if Command.FINALIZE in command:
        return await rooms.intake.whole(caller.project, wanted, body.chunks(), _length(visit))
    metadata = lenient.decode(CreateFileRequest, await _small(body.chunks(rooms.intake.idle_seconds)))
    standing.upload = await rooms.intake.start(caller.project, _joined(wanted, wanted_of(metadata.file)))
    url = f"{base}/upload/v1beta/files?upload_id={standing.upload.id}&upload_protocol=resumable".encode()
    visit.extra += [
        (b"x-goog-upload-url", url),  # in small letters: the asynchronous Python client knows no other spelling
        (b"x-goog-upload-control-url", url),
        (b"x-goog-upload-chunk-granularity", str(GRANULARITY).encode()),
    ]
    return None


async def _multipart(rooms: Rooms, visit: Visit, body: Body, caller: Caller) -> FileRecord:
    parts = Parts(body.chunks(rooms.intake.idle_seconds), boundary_of(visit.headers.get("content-type", "")))
    if await parts.following() is None:
        raise InvalidArgument("A multipart upload has two parts: metadata, then the file.")
    metadata = lenient.decode(CreateFileRequest, await parts.whole(MOST_METADATA))
    heads = await parts.following()
    if heads is None:
        raise InvalidArgument("The multipart body has metadata, but no file.")
    wanted = _joined(Wanted(), wanted_of(metadata.file))
    if not wanted.mime_type:
        wanted = replace(wanted, mime_type=heads.get("content-type", ""))
    return await rooms.intake.whole(caller.project, wanted, parts.content())


def _protocol(visit: Visit) -> str:
    """resumable, raw or multipart; without a word of it, a start (some clients lose the headers)."""
    query = {"media": "raw", "multipart": "multipart", "resumable": "resumable", "": ""}
    kind = visit.query.get("uploadType") or visit.query.get("upload_protocol") or ""
    given = (visit.headers.get("x-goog-upload-protocol") or query.get(kind, kind)).strip().lower()
    if given not in ("", "resumable", "raw", "multipart"):
        raise InvalidArgument("X-Goog-Upload-Protocol must be resumable, raw or multipart.")
    if not given and visit.headers.get("content-type", "").lower().startswith("multipart/"):
        return "multipart"
    return given or "resumable"


def _from_headers(visit: Visit) -> Wanted:
    headers = visit.headers
    field = "X-Goog-Upload-Header-Content-Length"
    return Wanted(
        display_name=base_name(headers.get("x-goog-upload-file-name", "")),
        mime_type=headers.get("x-goog-upload-header-content-type") or headers.get("x-goog-upload-content-type", ""),
        size=parse_size(headers.get(field), field),
    )


def _joined(headers: Wanted, body: Wanted) -> Wanted:
    """The headers say size and type, the body names; each where the other is silent."""
    return Wanted(
        name=body.name,
        display_name=body.display_name or headers.display_name,
        mime_type=headers.mime_type or body.mime_type,
        size=headers.size if headers.size is not None else body.size,
    )


def _length(visit: Visit) -> int | None:
    """The body's length, None when it is sent in chunks.  Raises InvalidArgument."""
    if "transfer-encoding" in visit.headers:
        return None
    return parse_size(visit.headers.get("content-length"), "Content-Length") or 0


async def _small(body: AsyncIterator[bytes]) -> bytes:
    found = bytearray()
    async for chunk in body:
        found += chunk
        if len(found) > MOST_METADATA:
            raise InvalidArgument(f"The metadata of a file may have {MOST_METADATA} bytes. Send the file afterwards.")
    return bytes(found)
