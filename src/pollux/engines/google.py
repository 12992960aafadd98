"""Google itself behind the door: requests go to the Gemini API as they are, and answers come back as they came.

The key and the address are this engine's own ([engine.google], POLLUX_GOOGLE_API_KEY).  Variables that begin with
GOOGLE_ or GEMINI_ are never read: on a machine that uses Pollux they name this very server.

Nothing is tried again: the official SDKs have their own rules for that, and would multiply ours.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, get_args
from urllib.parse import quote

import httpx
import msgspec
from msgspec import structs

from pollux.engines.base import Ability, EmbedInput, Event, ModelCard, Prompt
from pollux.engines.refusals import refusal, status_of
from pollux.errors import ApiError, Internal, Unavailable, Unimplemented
from pollux.wire import hops
from pollux.wire.generate import BatchEmbedContentsResponse, CountTokensResponse, GenerateContentRequest
from pollux.wire.relay import Relayed, relayed
from pollux.wire.unread import put_back

ADDRESS = "https://generativelanguage.googleapis.com"
CONNECT_SECONDS = 10.0
MOST_ANSWER = 512 << 20
"""Bytes of one answer, or of one event of a stream: pictures of 4K in base64 take tens of millions."""
MOST_ERROR = 1 << 20
NAME = "Google"

_ABILITIES: frozenset[Ability] = frozenset(get_args(Ability)) - {"video_out"}
T = TypeVar("T")
log = logging.getLogger("pollux.engines.google")


class GoogleEngine:
    """Passes requests on to `address` with `key`; `transport` is for tests."""

    def __init__(self, key: str, address: str = ADDRESS, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._key = key
        self._base = address.rstrip("/") + "/v1beta/models/"
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._card = ModelCard("gemini", _ABILITIES, "Google's own, over its API.", embed_dims=3072)

    def cards(self) -> Sequence[ModelCard]:
        """One for all models; which of them exist is Google's to say."""
        return (self._card,)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Google's responses as they come; one where the caller waits for the whole."""
        body = _body(prompt)
        if prompt.whole:
            yield _document(await self._whole(prompt.model, "generateContent", body, prompt.deadline))
            return
        ends: dict[int, bool] = {}
        async with self._asked(prompt.model, "streamGenerateContent?alt=sse", body, prompt.deadline) as response:
            async for event in _events(response):
                if b'"error"' in event[:64] and status_of(event) is not None:
                    raise self._refused(response, event)
                chunk = _document(event)
                _note_ends(ends, chunk)
                yield chunk
        if not ends or not all(ends.values()):
            raise _cut()

    def count_text(self, text: str) -> int | None:
        """Google's tokenizer is not here; `count` asks for its numbers."""
        del text
        return None

    async def count(self, prompt: Prompt) -> CountTokensResponse:
        """Google's own count of `prompt.request`."""
        inner = {"model": f"models/{prompt.model}", **msgspec.json.decode(_body(prompt))}
        body = msgspec.json.encode({"generateContentRequest": inner})
        answer = await self._whole(prompt.model, "countTokens", body, prompt.deadline)
        return _typed(answer, CountTokensResponse)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """Google's vectors."""
        requests = [_embedding(model, item, dims) for item in inputs]
        body = msgspec.json.encode({"requests": requests})
        answer = _typed(await self._whole(model, "batchEmbedContents", body, None), BatchEmbedContentsResponse)
        if len(answer.embeddings) != len(inputs):
            raise _garbled(f"{len(answer.embeddings)} embeddings for {len(inputs)} inputs")
        return [list(one.values) for one in answer.embeddings]

    async def close(self) -> None:
        """Closes connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _whole(self, model: str, verb: str, body: bytes, deadline: float | None) -> bytes:
        async with self._asked(model, verb, body, deadline) as response:
            return await _read(response, MOST_ANSWER)

    @asynccontextmanager
    async def _asked(
        self, model: str, verb: str, body: bytes, deadline: float | None
    ) -> AsyncGenerator[httpx.Response, None]:
        """An answer that began well.  Raises ApiError; leaving early closes the connection."""
        if self._client is None:
            # No time limit of our own but for connecting: the caller's deadline ends everything else.
            times, limits = httpx.Timeout(None, connect=CONNECT_SECONDS), httpx.Limits(max_connections=None)
            self._client = httpx.AsyncClient(timeout=times, limits=limits, transport=self._transport)
        headers = {"content-type": "application/json", "x-goog-api-key": self._key, "user-agent": "pollux"}
        headers[hops.HEADER] = hops.onward()
        if deadline is not None:
            headers["x-server-timeout"] = str(max(1, math.ceil(deadline - time.monotonic())))
        url = self._base + quote(model) + ":" + verb
        try:
            async with self._client.stream("POST", url, content=body, headers=headers) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._refused(response, await _read(response, MOST_ERROR))
                yield response
        except httpx.ConnectError:
            raise Unavailable(f"{NAME} cannot be reached: [engine.google] address, or the network.") from None
        except httpx.ConnectTimeout:
            raise Unavailable(f"{NAME} cannot be reached within {CONNECT_SECONDS:g} seconds.") from None
        except httpx.HTTPError as error:
            raise _cut(type(error).__name__) from None

    def _refused(self, response: httpx.Response, body: bytes) -> ApiError:
        error = refusal(NAME, response.status_code, response.headers, body, secret=self._key)
        if any(detail.get("reason") == "API_KEY_INVALID" for detail in error.details):
            log.warning("Google refuses the key of this server: set POLLUX_GOOGLE_API_KEY to one that is good.")
        return error


def _request(prompt: Prompt) -> GenerateContentRequest:
    if prompt.request is None:
        raise Unimplemented(f"models/{prompt.model}: videos and Imagen's predict are not passed on to {NAME}.")
    return prompt.request


def _body(prompt: Prompt) -> bytes:
    """The request as it came, what is not known here included."""
    request = _request(prompt)
    if request.unread is None:
        return msgspec.json.encode(request)
    tree = msgspec.to_builtins(structs.replace(request, unread=None))
    put_back(tree, request.unread)
    return msgspec.json.encode(tree)


def _embedding(model: str, item: EmbedInput, dims: int | None) -> dict[str, Any]:
    out: dict[str, Any] = {"model": f"models/{model}", "content": {"parts": [{"text": item.text}]}}
    more = {"taskType": item.task, "title": item.title, "outputDimensionality": dims}
    return out | {name: value for name, value in more.items() if value}


async def _read(response: httpx.Response, most: int) -> bytes:
    parts, size = [], 0
    async for chunk in response.aiter_bytes():
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            raise _garbled(f"more than {most:,} bytes")
    return b"".join(parts)


async def _events(response: httpx.Response) -> AsyncIterator[bytes]:
    """The data of server-sent events; whatever else stands there is an error in plain JSON, or nothing.

    Lines end in line feeds here: Unicode's other separators may stand inside a JSON string.
    """
    rest, data, other = bytearray(), bytearray(), bytearray()
    seen = 0
    async for chunk in response.aiter_bytes():
        rest += chunk
        if len(rest) > MOST_ANSWER:
            raise _garbled(f"an event of more than {MOST_ANSWER:,} bytes")
        while (end := rest.find(b"\n", seen)) >= 0:
            line = bytes(rest[:end]).rstrip(b"\r")
            del rest[: end + 1]
            seen = 0
            if line.startswith(b"data:"):
                data += line[5:].strip()
            elif line and not line.startswith((b":", b"event:", b"id:", b"retry:")):
                other += line
            elif not line and data:
                yield bytes(data)
                data.clear()
        seen = len(rest)
        await asyncio.sleep(0)  # a fast upstream must not keep the loop from everyone else
    last = bytes(data) or bytes(other + rest)
    if last.strip():
        yield last


def _document(body: bytes) -> Relayed:
    try:
        return relayed(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _garbled("no JSON object") from None


def _typed(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.convert(msgspec.json.decode(body), kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _garbled(f"no {kind.__name__}") from None


def _note_ends(ends: dict[int, bool], chunk: Relayed) -> None:
    """Which candidates have said why they ended; a prompt that was blocked has none, and has ended."""
    if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason:
        ends[0] = True
    for candidate in chunk.candidates:
        ends[candidate.index or 0] = ends.get(candidate.index or 0, False) or bool(candidate.finish_reason)


def _cut(how: str = "") -> Unavailable:
    return Unavailable(f"{NAME}'s answer broke off before its end{f' ({how})' if how else ''}. Please retry.")


def _garbled(what: str) -> Internal:
    return Internal(f"{NAME}'s answer cannot be read: {what}.")
