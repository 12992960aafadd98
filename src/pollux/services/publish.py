"""The end of a batch job: the outputs of its segments become one, a file to download or what an inline job shows."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from pollux.errors import AlreadyExists, ResourceExhausted
from pollux.services.files import Files, NewFile
from pollux.services.lines import split
from pollux.stores.records import BatchRecord, FileRecord

JSONL = "application/jsonl"
LONGEST = 2**40
"""No line of an output is too long for its reader."""


@dataclass
class _Written:
    """What was written: bytes, their SHA-256, and results that did not fit."""

    blob: str
    size: int = 0
    sha256: str = ""
    refused: int = 0


async def publish(files: Files, record: BatchRecord, inline_bytes: int) -> dict[str, Any]:
    """What the record of a job that has ended says of its results; {} when there are none.

    It may be done again after a crash: a file that was made then is the one.  Raises ResourceExhausted when the files
    of the project have no room for it.
    """
    if not record.inline and (made := await _made(files, record)) is not None:
        return {"output_file": made.id}
    if not record.inline:
        await _require_room(files, record)
    written = await _write(files, record, inline_bytes if record.inline else None)
    if not written.size:
        await files.blobs.delete(written.blob)
        return {}
    if record.inline:
        counts = {"succeeded": record.succeeded - written.refused, "failed": record.failed + written.refused}
        return {"output_blob": written.blob, **counts}
    new = NewFile(
        project=record.project,
        blob=written.blob,
        size=written.size,
        sha256=written.sha256,
        id=_name(record),
        display_name=(record.display_name or record.id)[:500] + " results",
        declared=JSONL,
        source="GENERATED",
    )
    try:
        return {"output_file": (await _born(files, new)).id}
    except BaseException:
        await asyncio.shield(files.release(written.blob))
        raise


async def _born(files: Files, new: NewFile) -> FileRecord:
    try:
        return await files.born(new)
    except AlreadyExists:  # an uploaded file has the name
        return await files.born(replace(new, id=""))


async def _require_room(files: Files, record: BatchRecord) -> None:
    """Raises ResourceExhausted before gigabytes are written for a project that has no room for them."""
    used, size = await asyncio.gather(
        asyncio.to_thread(files.records.project_bytes, record.project),
        asyncio.to_thread(files.records.done_bytes, record.id),
    )
    if size and used + size > files.policy.project_bytes:
        raise ResourceExhausted(
            f"its results are {size} bytes, and the project has {used} of its {files.policy.project_bytes}; "
            "delete some files",
            retry_after=60.0,
        )


def _name(record: BatchRecord) -> str:
    return f"batch-{record.id}"


async def _made(files: Files, record: BatchRecord) -> FileRecord | None:
    found = await asyncio.to_thread(files.records.get_file, _name(record))
    return found if found is not None and found.source == "GENERATED" and found.project == record.project else None


async def _write(files: Files, record: BatchRecord, most: int | None) -> _Written:
    """One sealed blob of all outputs."""
    written = _Written(await files.blobs.create())
    hasher = hashlib.sha256()
    source = _outputs(files, record.id)
    if most is not None:
        source = _bounded(source, most, written)

    async def counted() -> AsyncGenerator[bytes, None]:
        async for chunk in source:
            written.size += len(chunk)
            hasher.update(chunk)
            yield chunk

    try:
        await files.blobs.append(written.blob, 0, counted())
        await files.blobs.seal(written.blob)
    except BaseException:
        await asyncio.shield(files.blobs.delete(written.blob))
        raise
    written.sha256 = hasher.hexdigest()
    return written


async def _outputs(files: Files, batch_id: str) -> AsyncGenerator[bytes, None]:
    """The outputs of the segments that are done, in the order of the input."""
    after = -1
    while page := await asyncio.to_thread(files.records.list_segments, batch_id, done=True, after=after):
        for segment in page:
            assert segment.blob is not None
            async for chunk in files.blobs.read(segment.blob):
                yield chunk
        after = page[-1].start


async def _bounded(source: AsyncGenerator[bytes, None], most: int, written: _Written) -> AsyncGenerator[bytes, None]:
    """The results as long as they fit into `most` bytes; an error in place of each that does not."""
    room = most
    async for lines in split(source, 0, 1, LONGEST):
        for line in lines:
            text = line.text or b""
            if len(text) > room:
                text = _refused(text, most)
                written.refused += text is not line.text
            room -= len(text)
            yield text + b"\n"


def _refused(text: bytes, most: int) -> bytes:
    value = msgspec.json.decode(text)
    if "response" not in value:  # an error already, and short
        return text
    del value["response"]
    value["error"] = ResourceExhausted(
        f"The results of this job are more than the {most} bytes that an inline job shows ([batch] inline_bytes); "
        "send the requests as an input file, and the results come as a file.",
    ).rpc_status()
    return msgspec.json.encode(value)
