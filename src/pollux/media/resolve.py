"""Inline bytes, a file of ours or an address -> one judged Media."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from blake3 import blake3

from pollux.errors import InvalidArgument, Unimplemented
from pollux.media import child, document, picture, text, timed
from pollux.media.fetch import Fetched, fetch
from pollux.media.handle import Media
from pollux.media.limits import MEBIBYTE, MediaLimits
from pollux.media.sniff import PICTURES, kind_of, normal, sniff
from pollux.wire.content import Blob, FileData


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of ours, as a lookup gives it: its bytes, or where they lie when they are too many to hold.

    `digest` says which bytes they are (needed with a path).  A path may be good only as long as `keeper` is held.
    """

    content: bytes | Path
    mime_type: str
    name: str = ""
    digest: str = ""
    keeper: object = None


Lookup = Callable[[str], Awaitable[Stored]]
"""File id ("abc123") -> the file; raises the API error that fits when there is none."""

Fetch = Callable[[str, str], Awaitable[Fetched]]
"""URL and field path -> its content."""

Look = Callable[[Callable[[Callable[[], bool]], Media]], Awaitable[Media]]
"""Does work that may take seconds in a thread; the work is told (True) when it is not wanted any more."""

_OWN = re.compile(r"(?:^|/(?:v1|v1beta|v1alpha)/)files/([a-z0-9-]{1,40})(?::download)?(?:\?[^/]*)?$")
_YOUTUBE = re.compile(r"https?://(?:[a-z]+\.)?(?:youtube\.com|youtu\.be)/", re.IGNORECASE)
_THREAD_FROM = 8 * MEBIBYTE  # below, hashing and measuring cost less than a millisecond
_HEAD = 64 * 1024  # bytes of a file on disk that tell what it is
_ALL = f"{', '.join(PICTURES)}, a PDF, a video, sound or text"


async def _in_thread(work: Callable[[Callable[[], bool]], Media]) -> Media:
    return await asyncio.to_thread(work, lambda: False)


async def resolve(
    part: Blob | FileData,
    field: str,
    limits: MediaLimits,
    *,
    lookup: Lookup | None = None,
    fetcher: Fetch | None = None,
    level: str = "",
    look: Look = _in_thread,
) -> Media:
    """The Media behind `part`, whose path in the request is `field` ("contents[0].parts[1].inlineData").

    `lookup` finds files of ours; without it they are Unimplemented.  `fetcher` gets addresses; by default `fetch`
    under `limits.fetch`.  `look` is for documents, clips and files on disk.  Raises InvalidArgument, Unimplemented,
    DeadlineExceeded or what `lookup` raises.
    """
    content: bytes | Path
    digest, keeper = "", None
    if isinstance(part, Blob):
        content, declared, name = part.data, part.mime_type, part.display_name
    else:
        uri = part.file_uri.strip()
        if own := own_file(uri):
            if lookup is None:
                raise Unimplemented(f"{field}: there are no files here. Send the bytes as inlineData.")
            stored = await lookup(own)
            content, declared, name = stored.content, stored.mime_type or part.mime_type, stored.name
            digest, keeper = stored.digest, stored.keeper
        else:
            fetched = await _fetched(uri, f"{field}.fileUri", limits, fetcher)
            content, declared, name = fetched.data, part.mime_type or fetched.mime_type, part.display_name
    work = partial(judge, content, declared, field, limits, name=name, level=level, digest=digest)
    if isinstance(content, bytes) and kind_of(sniff(content, declared)) == "image":
        return await asyncio.to_thread(work) if len(content) >= _THREAD_FROM else work()
    return replace(await look(lambda cancelled: work(cancelled=cancelled)), keeper=keeper)


def own_file(uri: str) -> str | None:
    """The id in "files/x" or in an address that ends like one of our files on any host and version, else None."""
    found = _OWN.search(uri)
    return found[1] if found else None


def judge(
    source: bytes | Path,
    declared: str,
    field: str,
    limits: MediaLimits,
    *,
    name: str = "",
    level: str = "",
    digest: str = "",
    cancelled: Callable[[], bool] | None = None,
) -> Media:
    """Tell what it is, measure it and hash it.  The content outweighs the declared MIME type.

    A path is for files too large to hold: documents, videos and sound stay there (`digest` is then the caller's word
    for what they hold), pictures and text are read.  Blocks for 60 ms and more for documents, videos and sound, until
    `cancelled()` says so (Cancelled).  Raises InvalidArgument, NotFound for a path whose file was removed.
    """
    try:
        return _judged(
            source, declared, limits, Media("text", "", b"", digest, field=field, name=name, level=level), cancelled
        )
    except FileNotFoundError:
        raise child.gone(field) from None


def _judged(
    source: bytes | Path, declared: str, limits: MediaLimits, media: Media, cancelled: Callable[[], bool] | None
) -> Media:
    field = media.field
    head = _head(source)
    if not head:
        raise InvalidArgument(f"{field}: the media is empty. Send its bytes, base64-encoded.", field=field)
    mime = _mime(head, declared)
    kind = kind_of(mime)
    media = replace(media, kind=kind or "text", mime_type=mime)
    if kind == "image" and mime in PICTURES:
        return _picture(media, _whole(source, 4 * limits.max_pixels, field), declared, limits)
    if kind == "text" and mime not in text.RICH:
        data = text.decode(_whole(source, 4 * limits.max_text, field), declared, field, limits).encode()
        return replace(media, data=data, digest=blake3(data).hexdigest())
    if kind == "document" or mime in timed.KNOWN:
        if isinstance(source, Path):
            media = replace(media, path=source)
        else:
            media = replace(media, data=source, digest=blake3(source).hexdigest())
        if kind == "document":
            return replace(media, pages=document.inspect_pdf(source, field, limits, cancelled))
        return _timed(media, source, limits, cancelled)
    said = mime[:100] or "of an unknown type"
    raise InvalidArgument(f"{field}: the media is {said}, which is not supported. Send {_ALL}.", field=field)


def _picture(media: Media, data: bytes, declared: str, limits: MediaLimits) -> Media:
    mime, field = media.mime_type, media.field
    if mime == normal(declared) != sniff(data):
        message = f"{field}: the bytes are not {mime}, as declared, nor any other known type."
        raise InvalidArgument(f"{message} Send the whole, undamaged file.", field=field)
    width, height, orientation = picture.inspect(data, mime, field, limits)
    digest = blake3(data).hexdigest()
    return replace(media, data=data, digest=digest, width=width, height=height, orientation=orientation)


def _timed(media: Media, source: bytes | Path, limits: MediaLimits, cancelled: Callable[[], bool] | None) -> Media:
    """A video without pictures in it is sound."""
    clip, width, height = timed.inspect(source, media.mime_type, media.field, limits, cancelled)
    return replace(media, kind="video" if width else "audio", clip=clip, width=width, height=height)


def _head(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    with source.open("rb") as file:
        return file.read(_HEAD)


def _whole(source: bytes | Path, most: int, field: str) -> bytes:
    """All bytes.  Raises InvalidArgument for a file that would be too large anyway, before it is read."""
    if isinstance(source, bytes):
        return source
    if (size := source.stat().st_size) > most:
        raise InvalidArgument(f"{field}: the file has {size:,} bytes; of its kind {most:,} can be read.", field=field)
    return source.read_bytes()


def _mime(head: bytes, declared: str) -> str:
    """What it is; text that mentions a format ("%PDF-") or begins like one ("ID3") stays the text it is said to be."""
    mime = sniff(head, declared)
    if kind_of(declared) == "text" != kind_of(mime) and not head.startswith(b"%PDF-") and text.is_text(head):
        return normal(declared)
    return mime


async def _fetched(uri: str, field: str, limits: MediaLimits, fetcher: Fetch | None) -> Fetched:
    if not uri:
        raise InvalidArgument(f"{field}: the address is empty. Give an https:// address or a file's name.", field=field)
    if _YOUTUBE.match(uri):
        raise Unimplemented(f"{field}: Video understanding (YouTube addresses) is not built yet. Send the video.")
    if fetcher is not None:
        return await fetcher(uri, field)
    return await fetch(uri, limits.fetch, field)
