"""generateContent, countTokens and embeddings: request -> value."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from pollux.api.call import Call, Rooms
from pollux.core.run import fold
from pollux.wire.generate import (
    BatchEmbedContentsRequest,
    BatchEmbedContentsResponse,
    CountTokensRequest,
    CountTokensResponse,
    EmbedContentRequest,
    EmbedContentResponse,
    GenerateContentRequest,
    GenerateContentResponse,
)
from pollux.wire.methods import STREAM


def stream(rooms: Rooms, call: Call) -> AsyncGenerator[GenerateContentResponse, None]:
    """The responses as they come."""
    request = call.decode(GenerateContentRequest)
    return rooms.core.generate(request, call.target.name, call.caller, call.deadline, STREAM, bill=call.bill)


async def unary(rooms: Rooms, call: Call) -> GenerateContentResponse:
    """All of them as one."""
    request = call.decode(GenerateContentRequest)
    return await fold(rooms.core.generate(request, call.target.name, call.caller, call.deadline, bill=call.bill))


async def count(rooms: Rooms, call: Call) -> CountTokensResponse:
    """What a prompt costs."""
    return await rooms.core.count(call.decode(CountTokensRequest), call.target.name, call.caller, call.deadline)


async def embed(rooms: Rooms, call: Call) -> EmbedContentResponse:
    """One vector."""
    request = call.decode(EmbedContentRequest)
    vectors, usage = await rooms.core.embed(
        [request], call.target.name, call.caller, call.deadline, batch=False, bill=call.bill
    )
    return EmbedContentResponse(embedding=vectors[0], usage_metadata=usage)


async def embed_batch(rooms: Rooms, call: Call) -> BatchEmbedContentsResponse:
    """A vector a request; the SDKs use this one for a single input too."""
    requests = call.decode(BatchEmbedContentsRequest).requests
    vectors, usage = await rooms.core.embed(
        requests, call.target.name, call.caller, call.deadline, batch=True, bill=call.bill
    )
    return BatchEmbedContentsResponse(embeddings=tuple(vectors), usage_metadata=usage)
