"""files.get, list, delete, create and download: request -> value."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from email.utils import format_datetime
from urllib.parse import quote

from pollux.api.call import Call, Rooms
from pollux.api.pages import page_size, row_before, token_of
from pollux.api.visit import Header, Visit
from pollux.errors import FailedPrecondition, InvalidArgument
from pollux.services.files import FileRecord, Files
from pollux.services.intake import Wanted
from pollux.services.names import spoken_id
from pollux.wire.resources import (
    CreateFileRequest,
    CreateFileResponse,
    Empty,
    File,
    FileMetadata,
    FileVideoMetadata,
    ListFilesResponse,
    Status,
    timestamp,
)

FILES_PER_PAGE = 10
MOST_FILES_PER_PAGE = 100
"""files.list reference: "Maximum is 100. If unspecified, defaults to 10"."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def get_file(rooms: Rooms, call: Call) -> File:
    """One file, unwrapped."""
    return file_resource(
        await rooms.files.get(call.caller.project, spoken_id(call.target.name)), rooms.files, call.base
    )


async def list_files(rooms: Rooms, call: Call) -> ListFilesResponse:
    """A page of the project's files, the newest first."""
    size = page_size(call.query, FILES_PER_PAGE, MOST_FILES_PER_PAGE)
    found = await rooms.files.page(call.caller.project, size + 1, row_before(call.query))
    shown = found[:size]
    return ListFilesResponse(
        files=tuple(file_resource(record, rooms.files, call.base) for record in shown),
        next_page_token=token_of(shown[-1].created_at, shown[-1].id) if len(found) > size else "",
    )


async def delete_file(rooms: Rooms, call: Call) -> Empty:
    """Removes a file."""
    await rooms.files.delete(call.caller.project, spoken_id(call.target.name))
    return Empty()


async def create_file(rooms: Rooms, call: Call) -> CreateFileResponse:
    """A file of which only the metadata is sent: it has no bytes (metadata-only `media.upload`)."""
    wanted = wanted_of(call.decode(CreateFileRequest).file)
    if wanted.size:
        raise InvalidArgument(
            "file.sizeBytes: no bytes come this way; start an upload at /upload/v1beta/files.", field="file.sizeBytes"
        )
    record = await rooms.intake.whole(call.caller.project, wanted, _nothing())
    return CreateFileResponse(file=file_resource(record, rooms.files, call.base))


def wanted_of(file: FileMetadata | None) -> Wanted:
    """What the metadata asks for.  Raises InvalidArgument for a negative size."""
    if file is None:
        return Wanted()
    if file.size_bytes is not None and file.size_bytes < 0:
        raise InvalidArgument("file.sizeBytes must be 0 or more.", field="file.sizeBytes")
    return Wanted(file.name, file.display_name, file.mime_type, file.size_bytes)


async def download(files: Files, project: str, name: str, visit: Visit) -> None:
    """A file's bytes, whole or one range of them.  Raises PermissionDenied for what may not be downloaded."""
    record = await files.readable(project, spoken_id(name))
    if record.state != "ACTIVE":
        raise FailedPrecondition(f"The File {record.id} is {record.state}: there is nothing to download.")
    status, start, end = 200, 0, record.size
    headers: list[Header] = [
        (b"content-type", _header_text(record.mime_type)),
        (b"x-content-type-options", b"nosniff"),
        (b"content-disposition", _disposition(record)),
        (b"etag", f'"{record.sha256}"'.encode()),
        (b"accept-ranges", b"bytes"),
        (b"last-modified", format_datetime(record.created_at, usegmt=True).encode()),
        (b"server", b"pollux"),
        *visit.extra,
    ]
    asked = _asked_range(visit, record)
    if asked is not None:
        start, end = asked
        status = 206 if start < end else 416
        shown = f"bytes {start}-{end - 1}/{record.size}" if start < end else f"bytes */{record.size}"
        headers.append((b"content-range", shown.encode()))
    headers.append((b"content-length", str(end - start).encode()))
    await visit.reply({"type": "http.response.start", "status": status, "headers": headers})
    if visit.method != "HEAD" and start < end:
        async for chunk in files.read(record, start, end):
            await visit.reply({"type": "http.response.body", "body": chunk, "more_body": True})
    await visit.reply({"type": "http.response.body", "body": b"", "more_body": False})


def file_resource(record: FileRecord, files: Files, base: str) -> File:
    """A file as the wire shows it; `base` is the server's address as the caller knows it, if any.

    sha256Hash is base64 of the 64 hexadecimal digits, as Google's answers have it.
    """
    uri = f"{base}/v1beta/files/{record.id}" if base else f"files/{record.id}"
    seconds = (record.video_metadata or {}).get("seconds")
    error = record.error
    return File(
        name=f"files/{record.id}",
        display_name=record.display_name,
        mime_type=record.mime_type,
        size_bytes=str(record.size),
        create_time=timestamp(record.created_at),
        update_time=timestamp(record.updated_at),
        expiration_time=timestamp(record.expires_at) if record.expires_at else "",
        sha256_hash=base64.b64encode(record.sha256.encode()).decode(),
        uri=uri,
        download_uri=f"{uri}:download?alt=media" if files.may_download(record) else "",
        state=record.state,
        source=record.source,
        video_metadata=FileVideoMetadata(video_duration=f"{seconds:.9f}".rstrip("0").rstrip(".") + "s")
        if seconds is not None
        else None,
        error=Status(code=error["code"], message=error["message"]) if error else None,
    )


def _asked_range(visit: Visit, record: FileRecord) -> tuple[int, int] | None:
    """The one range asked for, as [start, end); empty when it lies outside; None for the whole (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(visit.headers.get("range", "").replace(" ", "").lower())
    if found is None or not (found[1] or found[2]):
        return None
    condition = visit.headers.get("if-range")
    if condition and condition.strip('"') != record.sha256:
        return None
    if not found[1]:  # the last so many bytes
        start = max(0, record.size - int(found[2]))
        return start, record.size
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    end = min(record.size, int(found[2]) + 1) if found[2] else record.size
    return (start, end) if start < end else (0, 0)


def _disposition(record: FileRecord) -> bytes:
    """Saved, never shown: a browser must not run what somebody uploaded."""
    name = record.display_name or record.id
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}".encode()


def _header_text(text: str) -> bytes:
    return re.sub(r"[^\x20-\x7e]", "", text).encode("ascii")


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield
