"""From tokens to an engine's events: letters without breaks, thinking, calls, stop sequences, counts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.base import Event, Logprobs, LogToken, Stop, Text, Thought, Usage
from pollux.engines.chat.calls import Calls
from pollux.engines.chat.tags import CLOSES, OPENS, Tags
from pollux.engines.transformers.batching import Ended
from pollux.engines.transformers.sampling import Chosen

BROKEN = "\ufffd"
_PATIENCE = 8
"""Tokens for which the rest of a letter is awaited: UTF-8 has at most four bytes, and a token at least one."""


@dataclass
class Spelling:
    """Tokens to text, piece by piece: together the pieces are what decoding all tokens at once gives.

    Only the last pieces are decoded anew with each token, the one before for the space that it may take away.
    """

    tokenizer: Any
    silent: frozenset[int] = frozenset()
    _ids: list[int] = field(default_factory=list)
    _said: int = 0  # tokens at the head of `_ids` that are out

    def feed(self, token: int) -> str:
        """What is certain by now."""
        if token in self.silent:
            return ""
        self._ids.append(token)
        return self._new(whole=len(self._ids) - self._said >= _PATIENCE)

    def flush(self) -> str:
        """The rest; half a letter is dropped."""
        return self._new(whole=True).rstrip(BROKEN)

    def _new(self, *, whole: bool) -> str:
        before, now = self.decode(self._ids[: self._said]), self.decode(self._ids)
        if len(now) <= len(before) or (now.endswith(BROKEN) and not whole):
            return ""
        self._ids = self._ids[self._said :]
        self._said = len(self._ids)
        return now[len(before) :]

    def decode(self, ids: list[int]) -> str:
        """The text of some tokens."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))


def silent(tokenizer: Any, ends: Iterable[int], *, marks: bool) -> frozenset[int]:
    """Tokens that are no text: the special ones, but for the tags of thinking; with `marks` those that end only."""
    shown = {tokenizer.convert_tokens_to_ids(tag) for tag in (OPENS, CLOSES)}
    if marks:
        names = (tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id)
        return frozenset(token for token in (*names, *ends) if token is not None)
    added = (number for number, token in tokenizer.added_tokens_decoder.items() if token.special)
    return frozenset({*tokenizer.all_special_ids, *added, *ends} - shown)


@dataclass
class Writer:
    """Writes one answer.  `schemas` are the parameters of the functions that may be called."""

    spelling: Spelling
    prompt_tokens: int
    thinking: bool = False
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bare: bool = False
    stops: tuple[str, ...] = ()
    measured: bool = False
    _tail: str = ""
    _tokens: int = 0
    _thoughts: int = 0

    def __post_init__(self) -> None:
        self._tags = Tags(opened=self.thinking)
        self._calls = Calls(self.schemas, self.bare)

    async def events(self, coming: AsyncGenerator[Chosen | Ended, None]) -> AsyncGenerator[Event, None]:
        """The events, the last a Stop.

        Usage comes first, for the prompt, and again before the last of the text: nothing behind a stop is read.
        """
        async with aclosing(coming) as said:
            async for one in said:
                if not self._tokens:
                    yield self._usage()
                if isinstance(one, Ended):
                    for event in self._end(one.reason):
                        yield event
                    return
                events = list(self._said(one))
                if self._stopped(events):
                    yield self._usage()
                    for event in (*events, Stop()):
                        yield event
                    return
                for event in events:
                    yield event

    def _said(self, one: Chosen) -> Iterator[Event]:
        self._tokens += 1
        yield from self._parted(self.spelling.feed(one.token))
        if self._tags.thinking:
            self._thoughts += 1
        elif self.measured:
            yield Logprobs((self._measure(one),))

    def _parted(self, text: str) -> Iterator[Event]:
        for event in self._tags.feed(text) if text else ():
            yield from (event,) if isinstance(event, Thought) else self._calls.feed(event.text)

    def _end(self, reason: str) -> Iterator[Event]:
        events = list(self._parted(self.spelling.flush()))
        for event in self._tags.flush():
            events += [event] if isinstance(event, Thought) else self._calls.feed(event.text)
        yield self._usage()
        yield from (*events, *self._calls.flush())
        if self._calls.problem is not None and reason == "STOP":
            yield Stop(*self._calls.problem)
        else:
            yield Stop(reason)

    def _stopped(self, events: list[Event]) -> bool:
        """Whether a stop sequence is complete; core cuts it off, with all that follows."""
        if not self.stops:
            return False
        text = self._tail + "".join(event.text for event in events if isinstance(event, Text))
        keep = max(map(len, self.stops)) - 1
        self._tail = text[len(text) - keep :] if keep else ""
        return any(stop in text for stop in self.stops)

    def _usage(self) -> Usage:
        return Usage(self.prompt_tokens, self._tokens - self._thoughts, self._thoughts)

    def _measure(self, one: Chosen) -> LogToken:
        def spelt(token: int) -> str:
            return self.spelling.decode([token])

        return LogToken(spelt(one.token), one.logprob, tuple((spelt(token), value) for token, value in one.top))
