"""Answers as HTTP: JSON as Google prints it, errors as google.rpc.Status, streams that never end in silence."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from starlette.types import Send

from pollux.core.bill import Bill
from pollux.errors import ApiError, Internal, ResourceExhausted
from pollux.wire import lenient
from pollux.wire.generate import GenerateContentResponse

JSON_TYPE = "application/json; charset=UTF-8"
SSE_TYPE = "text/event-stream"
Headers = list[tuple[bytes, bytes]]
_LINE_ENDS = tuple((end.encode(), f"\\u{ord(end):04x}".encode()) for end in ("\x85", "\u2028", "\u2029"))


def error_body(error: ApiError) -> Mapping[str, Any]:
    """google.rpc.Status under "error", the first and only key (SDKs look for exactly that)."""
    status: dict[str, Any] = {"code": error.code, "message": error.message, "status": error.status}
    if error.details:
        status["details"] = list(error.details)
    return {"error": status}


def _headers(content_type: str, extra: Headers) -> Headers:
    return [
        (b"content-type", content_type.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"server", b"pollux"),
        *extra,
    ]


def bill_headers(bill: Bill, *, begun: bool = False) -> Headers:
    """What an answer cost, which is known at its end alone, and that another engine than the first one gave it.

    The engine's name stays in the log.
    """
    cost = [(b"x-pollux-cost", f"{bill.cost:.9f}".encode())] if bill.cost is not None and not begun else []
    return [*cost, (b"x-pollux-fallback", str(bill.fallback).encode())] if bill.fallback else cost


async def send_whole(send: Send, status: int, body: bytes, content_type: str, extra: Headers) -> None:
    """One complete answer."""
    headers = _headers(content_type, [(b"content-length", str(len(body)).encode()), *extra])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_json(send: Send, value: Any, *, pretty: bool, extra: Headers, status: int = 200) -> None:
    """A value as JSON.  Python's SDK takes 200 and nothing else for success."""
    await send_whole(send, status, lenient.encode(value, pretty=pretty), JSON_TYPE, extra)


async def send_error(send: Send, error: ApiError, *, pretty: bool, extra: Headers) -> None:
    """An error with its own status code."""
    if isinstance(error, ResourceExhausted):
        extra = [*extra, (b"retry-after", str(max(1, round(error.retry_after))).encode())]
    await send_json(send, error_body(error), pretty=pretty, extra=extra, status=error.code)


async def send_stream(
    send: Send,
    first: GenerateContentResponse,
    rest: AsyncGenerator[GenerateContentResponse, None],
    *,
    framing: Framing,
    extra: Headers,
) -> ApiError | None:
    """A stream whose first chunk is already known, so that early failures were honest errors.

    Gives the error that ended it, already told to the caller in the framing's own way.
    """
    content_type = SSE_TYPE if isinstance(framing, Sse) else JSON_TYPE
    headers = _headers(content_type, [(b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"), *extra])
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    failure: ApiError | None = None
    async with aclosing(rest):
        await _send_more(send, framing.first(first))
        try:
            async for response in rest:
                await _send_more(send, framing.chunk(response))
        except Exception as error:
            # Whatever broke, the caller must hear of it: a stream that just ends would look like success.
            failure = error if isinstance(error, ApiError) else Internal()
            failure.__cause__ = error.__cause__ if failure is error else error
            await _send_more(send, framing.error(failure))
    await send({"type": "http.response.body", "body": framing.end(), "more_body": False})
    return failure


async def _send_more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


class Sse:
    """Server-sent events, in the one form that every SDK reads: no comments, no event lines, no terminator."""

    def first(self, response: GenerateContentResponse) -> bytes:
        """The first event."""
        return self.chunk(response)

    def chunk(self, response: GenerateContentResponse) -> bytes:
        """One event."""
        return b"data: " + self._line(response) + b"\r\n\r\n"

    def error(self, error: ApiError) -> bytes:
        """An event, then a raw copy: the best common form of a mid-stream error."""
        body = self._line(error_body(error))
        return b"data: " + body + b"\r\n\r\n" + body + b"\r\n\r\n"

    def end(self) -> bytes:
        """Nothing ends a stream but its end."""
        return b""

    def _line(self, value: Any) -> bytes:
        """JSON without what some clients take for the end of a line (google-genai 1.x does, by str.splitlines)."""
        line = lenient.encode(value, pretty=False)
        for raw, escaped in _LINE_ENDS:
            line = line.replace(raw, escaped)
        return line


class Array:
    """A JSON array that grows, for callers who do not ask for `alt=sse`."""

    def __init__(self, *, pretty: bool) -> None:
        self._pretty = pretty

    def first(self, response: GenerateContentResponse) -> bytes:
        """The opening and the first element."""
        return b"[" + self._element(response)

    def chunk(self, response: GenerateContentResponse) -> bytes:
        """The next element."""
        return b",\r\n" + self._element(response)

    def error(self, error: ApiError) -> bytes:
        """An element that is an error."""
        return b",\r\n" + self._element(error_body(error))

    def end(self) -> bytes:
        """The closing, and nothing after it: google-generativeai takes even a line break there for a fault."""
        return b"]"

    def _element(self, value: Any) -> bytes:
        return lenient.encode(value, pretty=self._pretty).rstrip(b"\n")


Framing = Sse | Array
