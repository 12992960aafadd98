"""From the frames of a chat completion to an engine's events."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.base import Call, Event, Logprobs, LogToken, Stop, Thought, Usage
from pollux.engines.chat.tags import Tags
from pollux.engines.openai import frames
from pollux.engines.openai.asking import JSON, SSE, Answer
from pollux.engines.openai.faults import Fault, framed, garbled, gone
from pollux.errors import Internal

MOST_ANSWER = 64 << 20
MOST_CALLS = 1024
_REASONS: Mapping[str, str] = {
    "stop": "STOP",
    "eos": "STOP",
    "tool_calls": "STOP",
    "function_call": "STOP",
    "length": "MAX_TOKENS",
    "content_filter": "SAFETY",
    "malformed": "MALFORMED_FUNCTION_CALL",
}
_MALFORMED = "output that does not match the expected"
"""So llama.cpp's server says, with a 500, that what the model wrote began as a call and is none (common/chat.cpp)."""
_BROKEN = ("abort", "error", "cancelled", "timeout")
"""Reasons with which servers end an answer that is not whole."""


@dataclass
class _Called:
    """A call as it grows."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    whole: Mapping[str, Any] | None = None


@dataclass
class Reader:
    """Reads one answer.

    `functions` are the names that were declared; `key` is never shown in an error; `top` is how many tokens that might
    have stood at a place were asked for; `begun` is what the model had said already, where the request ends with that:
    llama.cpp's server goes on from it, and repeats it at the beginning of its first piece.
    """

    functions: frozenset[str] = frozenset()
    key: str = ""
    top: int = 0
    begun: str = ""
    _calls: dict[int, _Called] = field(default_factory=dict)
    _reason: str = ""
    _spoke: bool = False
    _usage: frames.Tokens | None = None
    _tags: Tags = field(default_factory=Tags)

    async def __call__(self, answer: Answer) -> AsyncGenerator[Event, None]:
        """The events, the last a Stop.  Raises Fault where the answer is not whole."""
        # Another attempt begins anew.
        self._calls, self._reason, self._usage, self._tags, self._spoke = {}, "", None, Tags(), False
        if answer.type == SSE:
            async with aclosing(self._streamed(answer)) as events:
                async for event in events:
                    yield event
        elif answer.type == JSON:  # the server does not stream, or puts an error into a 200
            frame = frames.decode(await answer.whole(MOST_ANSWER))
            for event in self._feed(frame):
                yield event
        else:
            raise garbled(f"it is {answer.type or 'of no type'}, not an event stream")
        if not self._reason:
            raise garbled("it ends without a finish reason")
        for event in self._end():
            yield event

    async def _streamed(self, answer: Answer) -> AsyncGenerator[Event, None]:
        try:
            async with aclosing(answer.chunks()) as chunks, aclosing(frames.events(chunks)) as coming:
                async for data in coming:
                    if data == frames.DONE:
                        await answer.rest()
                        return
                    for event in self._feed(frames.decode(data)):
                        yield event
        except Fault:
            if not self._reason:
                raise
            return  # it broke after the answer's own end: the answer is whole, only the count may be missing
        if not self._reason:
            raise gone("broke off in the middle of its answer")

    def _feed(self, frame: frames.Frame) -> Iterator[Event]:
        if frame.error is not None:
            if not self.functions or _MALFORMED not in str(frame.error):
                raise framed(frame.error, self.key)
            self._reason = "malformed"
            self._calls.clear()
        if frame.object == "error":
            raise framed({"message": frame.message, "code": frame.code}, self.key)
        self._usage = frame.usage or self._usage
        for choice in frame.choices or ():
            if choice.index == 0:
                yield from self._choice(choice)

    def _choice(self, choice: frames.Choice) -> Iterator[Event]:
        delta = choice.delta or choice.message
        if delta is not None:
            thought = delta.reasoning_content or delta.reasoning
            if thought:
                yield Thought(thought)
            text = delta.content or delta.refusal
            if text:
                yield from self._tags.feed(text if self._spoke else text.removeprefix(self.begun))
                self._spoke = True
            for call in delta.tool_calls or ():
                self._grow(call)
        if choice.logprobs is not None and choice.logprobs.content:
            yield Logprobs(tuple(_token(token, self.top) for token in choice.logprobs.content))
        if choice.finish_reason:
            if choice.finish_reason in _BROKEN:
                reason = choice.finish_reason
                raise Fault(Internal(f"The model server gave the answer up (finish_reason {reason})."), again=True)
            self._reason = choice.finish_reason

    def _grow(self, delta: frames.CallDelta) -> None:
        index = delta.index
        if index is None:  # told apart by nothing: every one with a name is a new one
            new = delta.function is not None and delta.function.name
            index = len(self._calls) if new or not self._calls else max(self._calls)
        call = self._calls.setdefault(index, _Called())
        if len(self._calls) > MOST_CALLS:
            raise garbled(f"it calls more than {MOST_CALLS} functions")
        call.id = delta.id or call.id
        if delta.function is None:
            return
        # Most servers send a name once, whole; one that repeats it with every piece means the same.
        call.name = delta.function.name or call.name
        arguments = delta.function.arguments
        if isinstance(arguments, dict):
            call.whole = arguments
        elif arguments:
            call.arguments.append(arguments)

    def _end(self) -> Iterator[Event]:
        yield from self._tags.flush()
        if self._usage is not None and _believable(self._usage):
            yield _usage(self._usage)
        reason, message = _REASONS.get(self._reason, "OTHER"), ""
        if reason == "MALFORMED_FUNCTION_CALL":
            message = "The model wrote a call that is none."
        if reason == "OTHER":
            message = f"The model server ended with {self._reason[:40]!r}."
        for _, call in sorted(self._calls.items()):
            arguments = call.whole if call.whole is not None else _arguments("".join(call.arguments))
            if arguments is None or not call.name:
                if reason == "STOP":
                    reason, message = "MALFORMED_FUNCTION_CALL", f"The model's call of {call.name[:128]!r} is no JSON."
                break
            if call.name not in self.functions:
                reason = "UNEXPECTED_TOOL_CALL"
                message = f"The model called {call.name[:128]!r}, which is not declared."
                break
            yield Call(call.name, arguments, call.id)
        yield Stop(reason, message)


def _arguments(text: str) -> Mapping[str, Any] | None:
    """The object; None for anything else.  A function without parameters may be called with nothing."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _believable(tokens: frames.Tokens) -> bool:
    """Whether the server says how long the prompt was, in numbers that this API has room for (int32)."""
    details = tokens.completion_tokens_details
    thought = details.reasoning_tokens if details is not None else 0
    numbers = (tokens.prompt_tokens, tokens.completion_tokens or 0, thought or 0)
    return all(number is not None and 0 <= number < 2**31 for number in numbers)


def _usage(tokens: frames.Tokens) -> Usage:
    """Where the thinking is not told apart it counts as answer: the total is right either way."""
    said = tokens.completion_tokens or 0
    details = tokens.completion_tokens_details
    thought = min(details.reasoning_tokens or 0, said) if details is not None else 0
    return Usage(tokens.prompt_tokens or 0, said - thought, thought)


def _token(token: frames.TokenLogprob, most: int) -> LogToken:
    top = (token.top_logprobs or [])[:most]
    return LogToken(token.token, token.logprob, tuple((one.token, one.logprob) for one in top))
