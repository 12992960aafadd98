"""Inline bytes, a file of ours or an address -> one judged Media."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from blake3 import blake3

from pollux.errors import InvalidArgument, Unimplemented
from pollux.media import picture
from pollux.media.fetch import Fetched, fetch
from pollux.media.handle import Kind, Media
from pollux.media.limits import MEBIBYTE, MediaLimits
from pollux.media.sniff import PICTURES, kind_of, normal, sniff
from pollux.wire.content import Blob, FileData


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of ours, as a lookup gives it."""

    data: bytes
    mime_type: str
    name: str = ""


Lookup = Callable[[str], Awaitable[Stored]]
"""File id ("abc123") -> the file; raises the API error that fits when there is none."""

Fetch = Callable[[str, str], Awaitable[Fetched]]
"""URL and field path -> its content."""

_OWN = re.compile(r"(?:^|/(?:v1|v1beta|v1alpha)/)files/([a-z0-9-]{1,40})(?::download)?(?:\?[^/]*)?$")
_YOUTUBE = re.compile(r"https?://(?:[a-z]+\.)?(?:youtube\.com|youtu\.be)/", re.IGNORECASE)
_THREAD_FROM = 8 * MEBIBYTE  # below, hashing and measuring cost less than a millisecond
_LATER: dict[Kind, str] = {
    "document": "Document understanding ({mime})",
    "video": "Video understanding ({mime})",
    "audio": "Audio understanding ({mime})",
    "text": "Text documents as media ({mime})",
}


async def resolve(
    part: Blob | FileData,
    field: str,
    limits: MediaLimits,
    *,
    lookup: Lookup | None = None,
    fetcher: Fetch | None = None,
    level: str = "",
) -> Media:
    """The Media behind `part`, whose path in the request is `field` ("contents[0].parts[1].inlineData").

    `lookup` finds files of ours; without it they are Unimplemented.  `fetcher` gets addresses; by default `fetch` under
    `limits.fetch`.  Raises InvalidArgument, Unimplemented, DeadlineExceeded or what `lookup` raises.
    """
    if isinstance(part, Blob):
        data, declared, name = part.data, part.mime_type, part.display_name
    else:
        uri = part.file_uri.strip()
        if own := own_file(uri):
            if lookup is None:
                raise Unimplemented(f"{field}: the Files API is not built yet. Send the bytes as inlineData.")
            stored = await lookup(own)
            data, declared, name = stored.data, stored.mime_type or part.mime_type, stored.name
        else:
            fetched = await _fetched(uri, f"{field}.fileUri", limits, fetcher)
            data, declared, name = fetched.data, part.mime_type or fetched.mime_type, part.display_name
    if len(data) >= _THREAD_FROM:
        return await asyncio.to_thread(judge, data, declared, field, limits, name=name, level=level)
    return judge(data, declared, field, limits, name=name, level=level)


def own_file(uri: str) -> str | None:
    """The id in "files/x" or in an address that ends like one of our files on any host and version, else None."""
    found = _OWN.search(uri)
    return found[1] if found else None


def judge(data: bytes, declared: str, field: str, limits: MediaLimits, *, name: str = "", level: str = "") -> Media:
    """Tell what `data` is, measure it and hash it.  The content outweighs the declared MIME type."""
    if not data:
        raise InvalidArgument(f"{field}: the media is empty. Send its bytes, base64-encoded.", field=field)
    mime = sniff(data, declared)
    kind = kind_of(mime)
    if kind == "image" and mime in PICTURES:
        if mime == normal(declared) != sniff(data):
            text = f"{field}: the bytes are not {mime}, as declared, nor any other known type."
            raise InvalidArgument(f"{text} Send the whole, undamaged file.", field=field)
        width, height, orientation = picture.inspect(data, mime, field, limits)
        digest = blake3(data).hexdigest()
        return Media("image", mime, data, digest, width, height, orientation, field, name, level)
    if kind is not None and kind in _LATER:
        feature = _LATER[kind].format(mime=mime[:100])
        raise Unimplemented(f"{field}: {feature} is not built yet. Send pictures: {', '.join(PICTURES)}.")
    said = mime[:100] or "of an unknown type"
    raise InvalidArgument(
        f"{field}: the media is {said}, which is not supported. Send {', '.join(PICTURES)}.", field=field
    )


async def _fetched(uri: str, field: str, limits: MediaLimits, fetcher: Fetch | None) -> Fetched:
    if not uri:
        raise InvalidArgument(f"{field}: the address is empty. Give an https:// address or a file's name.", field=field)
    if _YOUTUBE.match(uri):
        raise Unimplemented(f"{field}: Video understanding (YouTube addresses) is not built yet. Send pictures.")
    if fetcher is not None:
        return await fetcher(uri, field)
    return await fetch(uri, limits.fetch, field)
