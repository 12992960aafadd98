"""The messages of a chat completion as servers send them, and the frames of a stream of them.

Types are held to: a number where a text belongs is a fault, never half an answer.  Fields that are not known are
ignored; null and absent are the same.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import msgspec
from msgspec import Struct

from pollux.engines.openai.faults import garbled

MOST_FRAME = 4 << 20
DONE = b"[DONE]"


class FunctionDelta(Struct):
    """More of a call: its name, its arguments as JSON text (some servers: the object itself)."""

    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class CallDelta(Struct):
    """More of one of the calls, told apart by `index`."""

    index: int | None = None
    id: str | None = None
    function: FunctionDelta | None = None


class Delta(Struct):
    """More of the answer; the thinking has two names."""

    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None
    tool_calls: list[CallDelta] | None = None


class TopLogprob(Struct):
    """A token that might have stood there."""

    token: str
    logprob: float


class TokenLogprob(Struct):
    """A token that stands there."""

    token: str
    logprob: float
    top_logprobs: list[TopLogprob] | None = None


class Logprobs(Struct):
    """The tokens of a delta's content."""

    content: list[TokenLogprob] | None = None


class Choice(Struct):
    """One answer: `delta` in a stream, `message` of a server that does not stream."""

    index: int = 0
    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class CompletionDetails(Struct):
    """What the answer's tokens went into."""

    reasoning_tokens: int | None = None


class Tokens(Struct):
    """Usage."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    completion_tokens_details: CompletionDetails | None = None


class Frame(Struct):
    """One event of a stream, or a whole completion."""

    choices: list[Choice] | None = None
    usage: Tokens | None = None
    error: Any = None
    object: str | None = None
    message: str | None = None
    code: Any = None


_FRAME = msgspec.json.Decoder(Frame)


def decode(data: bytes) -> Frame:
    """A frame.  Raises Fault for what is none."""
    try:
        return _FRAME.decode(data)
    except msgspec.ValidationError as error:
        raise garbled(f"a field has the wrong type ({error})") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise garbled("it is not JSON") from None


async def events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The data of each server-sent event, whatever pieces it comes in (HTML standard, 9.2.6).

    Lines end with LF, CRLF or CR; comments and other fields are passed over.  A last event may lack its blank line, not
    the end of its own.  Raises Fault for one that is too long.
    """
    waiting = b""
    data: list[bytes] = []
    size = 0
    async for chunk in chunks:
        lines = (waiting + chunk).splitlines(keepends=True)
        # A CR at the very end may be half of a CRLF.
        waiting = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        for line in lines:
            body = line.rstrip(b"\r\n")
            if not body:
                if data:
                    yield b"\n".join(data)
                data, size = [], 0
            elif body.startswith(b"data:"):
                data.append(body[5:].removeprefix(b" "))
                size += len(body)
        if size + len(waiting) > MOST_FRAME:
            raise garbled(f"an event is longer than {MOST_FRAME:,} bytes")
    if waiting.rstrip(b"\r") == b"data: " + DONE:
        data.append(DONE)
    if data:
        yield b"\n".join(data)
