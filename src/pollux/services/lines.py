"""JSONL: a blob's bytes as lines, lines cut into segments, one line in, one line out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, NamedTuple

import msgspec

from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.core.run import fold
from pollux.errors import ApiError, InvalidArgument
from pollux.stores.batches_table import Segment
from pollux.wire import lenient
from pollux.wire.generate import EmbedContentRequest, GenerateContentRequest
from pollux.wire.methods import EMBED

MOST_LINES = 500
MOST_BYTES = 2**20
"""A segment ends with the line that makes it this long: what a crash costs at most, with little to keep for each."""


class Line(NamedTuple):
    """One line: its number from 1, the offset behind it, and its text without the line break; None when too long."""

    number: int
    end: int
    text: bytes | None

    @property
    def blank(self) -> bool:
        """Nothing but white space, which is no request."""
        return self.text is not None and not self.text.strip()


async def split(chunks: AsyncIterator[bytes], start: int, number: int, most: int) -> AsyncGenerator[list[Line], None]:
    """Lines of bytes that begin at offset `start` with line `number`, as they come.

    The text of those longer than `most` bytes is dropped.  Holds a chunk and one line.
    """
    at, rest, dropped = start, b"", 0
    async for chunk in chunks:
        first, *more = chunk.split(b"\n")
        texts = [rest + first, *more]
        rest = texts.pop()
        found = []
        for text in texts:
            at += dropped + len(text) + 1
            found.append(Line(number, at, None if dropped or len(text) > most else text))
            number, dropped = number + 1, 0
        if len(rest) > most:
            rest, dropped = b"", dropped + len(rest)
        if found:
            yield found
    if rest or dropped:
        yield [Line(number, at + dropped + len(rest), None if dropped else rest)]


async def cut(batch: str, lines: AsyncIterator[list[Line]]) -> AsyncGenerator[Segment, None]:
    """The lines of a whole input as segments.  Raises InvalidArgument for what is no JSONL, or holds no request.

    The first line that is not blank shows it: an array, a table or a picture has no object there.  A line further on
    that is none fails alone, when it runs.
    """
    start, first, requests, seen, end, number = 0, 1, 0, False, 0, 1
    async for found in lines:
        for line in found:
            end, number = line.end, line.number + 1
            if not line.blank:
                if not seen:
                    check_object(line)
                    seen = True
                requests += 1
            if requests >= MOST_LINES or end - start >= MOST_BYTES:
                yield Segment(batch, start, end, first, requests)
                start, first, requests = end, number, 0
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
        return Outcome(_encoded(value, "error", error.rpc_status()), False)

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
    out = {field: value[field] for field in ("key", "metadata") if field in value}
    out[name] = result
    return msgspec.json.encode(out) + b"\n"
