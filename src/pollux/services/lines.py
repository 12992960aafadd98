"""JSONL: a blob's bytes as lines, lines cut into segments, one line in, one line out."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, NamedTuple

import msgspec

from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.core.run import fold
from pollux.errors import ApiError, Internal, InvalidArgument
from pollux.stores.batches_table import Segment
from pollux.wire import lenient
from pollux.wire.generate import EmbedContentRequest, GenerateContentRequest
from pollux.wire.lift import settle
from pollux.wire.methods import EMBED

MOST_LINES = 4000
LEAST_BYTES, MOST_BYTES = 64 * 1024, 4 * 2**20
PARTS = 64
"""A segment ends with the line that makes it long: small ones keep a cluster busy, large ones cost less."""
MANY = 4096
"""Lines in a chunk from which it is taken in steps of `STEP` bytes, so that millions of short ones hold up nobody."""
STEP = 32 * 1024
ECHOED = ("key", "metadata")
"""Fields of a line that come back with its result."""


class Line(NamedTuple):
    """One line: its number from 1, the offset behind it, and its text without the line break; None when too long."""

    number: int
    end: int
    text: bytes | None


async def split(chunks: AsyncIterator[bytes], start: int, number: int, most: int) -> AsyncGenerator[list[Line], None]:
    """Lines of bytes that begin at offset `start` with line `number`, as they come; blank ones are only counted.

    The text of those longer than `most` bytes is dropped.  Holds a chunk and one line.
    """
    at, rest, dropped = start, b"", 0
    async for chunk in chunks:
        step = len(chunk) if chunk.count(b"\n") <= MANY else STEP
        for cut_at in range(0, len(chunk), step):
            first, *more = chunk[cut_at : cut_at + step].split(b"\n")
            texts = [rest + first, *more]
            rest = texts.pop()
            found = []
            for text in texts:
                at += dropped + len(text) + 1
                if dropped or len(text) > most:
                    found.append(Line(number, at, None))
                elif text and not text.isspace():
                    found.append(Line(number, at, text))
                number, dropped = number + 1, 0
            if len(rest) > most:
                rest, dropped = b"", dropped + len(rest)
            yield found
            if step < len(chunk):
                await asyncio.sleep(0)
    if dropped or (rest and not rest.isspace()):
        yield [Line(number, at + dropped + len(rest), None if dropped else rest)]


async def cut(batch: str, lines: AsyncIterator[list[Line]], size: int) -> AsyncGenerator[Segment, None]:
    """The lines of a whole input of `size` bytes as segments.

    Raises InvalidArgument for what is no JSONL, or holds no request.
    The first line that is not blank shows it: an array, a table or a picture has no object there.  A line further on
    that is none fails alone, when it runs.
    """
    start, first, requests, seen, end = 0, 1, 0, False, 0
    most = min(MOST_BYTES, max(LEAST_BYTES, size // PARTS))
    async for found in lines:
        for line in found:
            if not seen:
                check_object(line)
                seen = True
            end, requests = line.end, requests + 1
            if requests >= MOST_LINES or end - start >= most:
                yield Segment(batch, start, end, first, requests)
                start, first, requests = end, line.number + 1, 0
    if not seen:
        raise InvalidArgument("The input file holds no requests: each line is to be a JSON object with a request.")
    if requests:
        yield Segment(batch, start, end, first, requests)


def check_object(line: Line) -> dict[str, Any]:
    """A line's JSON object.  Raises InvalidArgument naming the line."""
    if line.text is None:
        raise InvalidArgument(f"Line {line.number} is longer than a line may be ([batch] line_bytes).")
    try:
        value = lenient.loads(line.text)
    except InvalidArgument as error:
        raise InvalidArgument(f"Line {line.number} is not JSON: {error.message}") from None
    if not isinstance(value, dict):
        raise InvalidArgument(f"Line {line.number} is JSON, but not an object with a request.")
    try:
        for field in ECHOED:  # long strings may stand in them as they came
            if field in value:
                value[field] = settle(value[field])
    except UnicodeDecodeError:
        raise InvalidArgument(f"Line {line.number} is not UTF-8.") from None
    return value


class Outcome(NamedTuple):
    """What became of a line: the line of the output, with its line break."""

    text: bytes
    succeeded: bool


class Asker:
    """Lines of one job, asked of the one hall."""

    def __init__(self, core: Core, job: str, project: str, model: str, method: str, seconds: float) -> None:
        self._core = core
        self._job = job
        self._model = model
        self._caller = Caller(project)
        self._ask = self._embed if method == EMBED else self._generate
        self._seconds = seconds

    async def answer(self, line: Line) -> Outcome:
        """The line's response.  Raises ApiError."""
        value = check_object(line)
        request = value.get("request", value)
        try:
            self._check_model(request)
            response = await self._ask(request, line.number)
        except InvalidArgument as error:
            error.message = f"Line {line.number}: {error.message}"
            raise
        return Outcome(_encoded(value, "response", response), True)

    def failure(self, line: Line, error: ApiError) -> Outcome:
        """The line that says why there is no response."""
        try:
            value = check_object(line)
        except ApiError:
            value = {}
        try:
            return Outcome(_encoded(value, "error", error.rpc_status()), False)
        except (TypeError, ValueError):  # an engine's message that is no text
            return Outcome(_encoded(value, "error", Internal().rpc_status()), False)

    def _check_model(self, request: Any) -> None:
        model = request.get("model") if isinstance(request, dict) else None
        if isinstance(model, str) and model.removeprefix("models/") != self._model:
            message = f"request.model is {model[:80]!r}, but the job's model is models/{self._model}; leave it out."
            raise InvalidArgument(message, field="request.model")

    async def _generate(self, request: Any, number: int) -> Any:
        typed = lenient.convert(GenerateContentRequest, request)
        deadline = Deadline.after(self._seconds)
        response_id = response_id_of(self._job, number)
        return await fold(self._core.generate(typed, self._model, self._caller, deadline, response_id=response_id))

    async def _embed(self, request: Any, number: int) -> Any:  # noqa: ARG002 - embeddings have no id
        typed = lenient.convert(EmbedContentRequest, request)
        deadline = Deadline.after(self._seconds)
        (vector,), usage = await self._core.embed([typed], self._model, self._caller, deadline, batch=False)
        return {"embedding": vector, "tokenCount": str(usage.prompt_token_count)}


def response_id_of(job: str, number: int) -> str:
    """The responseId of a line: 22 characters, the same whoever runs it and however often."""
    digest = hashlib.blake2b(f"{job}/{number}".encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _encoded(value: Mapping[str, Any], name: str, result: Any) -> bytes:
    out = {field: value[field] for field in ECHOED if field in value}
    out[name] = msgspec.Raw(lenient.encode(result, pretty=False))
    return msgspec.json.encode(out) + b"\n"
