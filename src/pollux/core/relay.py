"""The path of requests that another server of this API answers: what goes there, and what comes back, as it was.

Only references to files of ours are changed on the way: the other server cannot see them, so their bytes go inline.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec import structs

from pollux.core.deadline import Deadline, within
from pollux.core.prepare import Resolve
from pollux.engines.base import Prompt
from pollux.engines.registry import Served
from pollux.engines.relay import Relay
from pollux.errors import Internal, InvalidArgument
from pollux.media.handle import Media
from pollux.media.resolve import own_file
from pollux.wire.content import Blob, Content, FunctionResponsePart, Part
from pollux.wire.generate import CountTokensResponse, GenerateContentRequest, GenerateContentResponse, UsageMetadata
from pollux.wire.relay import Relayed

MOST_INLINE = 100 << 20
"""Bytes of all files of ours in one request; the other server has its own limit, at most this."""
_GOOGLES = "https://generativelanguage.googleapis.com/"
"""Files there are Google's, though their addresses end as ours do."""


@dataclass
class Passage:
    """One request on its way through; `usage` is what the other server charged so far."""

    served: Served
    deadline: Deadline
    usage: UsageMetadata = field(default_factory=UsageMetadata)
    pictures: int = 0

    async def responses(self, prompt: Prompt) -> AsyncGenerator[GenerateContentResponse, None]:
        """The other server's responses.  Raises ApiError.  Closing it closes the connection."""
        events = cast(Any, self.served.engine.stream(prompt))  # an async generator, as in `core.run`
        async with aclosing(events):
            while True:
                try:
                    event = await within(self.deadline, anext(events))
                except StopAsyncIteration:
                    return
                if not isinstance(event, Relayed):
                    raise Internal(f"models/{self.served.name}: a relay cannot give {type(event).__name__}.")
                if event.usage_metadata is not None:
                    self.usage = event.usage_metadata
                self.pictures += _pictures(event)
                yield event

    async def count(self, request: GenerateContentRequest, resolve: Resolve) -> CountTokensResponse:
        """What the other server counts.  Raises ApiError."""
        prompt = await self.prompt(request, resolve, whole=True)
        return await within(self.deadline, cast(Relay, self.served.engine).count(prompt))

    async def prompt(self, request: GenerateContentRequest, resolve: Resolve, *, whole: bool) -> Prompt:
        """What the other server is asked: `whole` says that nobody waits for pieces.  Raises ApiError."""
        inlined = await within(self.deadline, _inlined(request, resolve))
        seed = request.generation_config.seed if request.generation_config is not None else None
        return Prompt(self.served.name, (), seed=seed, deadline=self.deadline.at, request=inlined, whole=whole)


def _pictures(response: Relayed) -> int:
    """Pictures that are no thoughts."""
    contents = [candidate.content for candidate in response.candidates if candidate.content is not None]
    blobs = [part.inline_data for content in contents for part in content.parts if not part.thought]
    return sum(blob is not None and blob.mime_type.startswith("image/") for blob in blobs)


async def _inlined(request: GenerateContentRequest, resolve: Resolve) -> GenerateContentRequest:
    """The request with the bytes of our files in it.  Raises InvalidArgument, and what `resolve` raises."""
    room = [MOST_INLINE]
    contents = []
    for i, content in enumerate(request.contents):
        contents.append(await _content(content, f"contents[{i}]", resolve, room))
    return structs.replace(request, contents=tuple(contents))


async def _content(content: Content, field: str, resolve: Resolve, room: list[int]) -> Content:
    parts = [await _part(part, f"{field}.parts[{j}]", resolve, room) for j, part in enumerate(content.parts)]
    return structs.replace(content, parts=tuple(parts))


async def _part(part: Part, field: str, resolve: Resolve, room: list[int]) -> Part:
    given = part.function_response
    if given is not None and given.parts:
        inner = [
            await _holder(one, f"{field}.functionResponse.parts[{k}]", resolve, room)
            for k, one in enumerate(given.parts)
        ]
        part = structs.replace(part, function_response=structs.replace(given, parts=tuple(inner)))
    return cast(Part, await _holder(part, field, resolve, room))


async def _holder(
    one: Part | FunctionResponsePart, field: str, resolve: Resolve, room: list[int]
) -> Part | FunctionResponsePart:
    """A part whose file, if it is ours, has become bytes."""
    uri = one.file_data.file_uri.strip() if one.file_data is not None else ""
    if one.file_data is None or own_file(uri) is None or uri.startswith(_GOOGLES):
        return one
    media = await resolve(one.file_data, f"{field}.fileData")
    data = await _bytes(media, room[0])
    room[0] -= len(data)
    return structs.replace(one, file_data=None, inline_data=Blob(mime_type=media.mime_type, data=data))


async def _bytes(media: Media, most: int) -> bytes:
    size = media.path.stat().st_size if media.path is not None else len(media.data)
    if size > most:
        message = f"{media.field}: files go inline to the server behind this model, at most {MOST_INLINE:,} bytes."
        raise InvalidArgument(message, field=media.field)
    return media.data if media.path is None else await asyncio.to_thread(media.path.read_bytes)
