"""An engine whose answers are kept as they go by."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, cast

import msgspec

from pollux.engines.base import EmbedInput, Engine, Event, ModelCard, Picture, Prompt, Stop
from pollux.engines.relay import Relay
from pollux.engines.replay import events, likeness
from pollux.engines.replay.tape import Tape
from pollux.errors import ApiError
from pollux.wire.generate import CountTokensResponse

PASSING = (401, 403, 408, 429, 499, 500, 502, 503, 504)
"""Errors of the moment (a limit, an outage, a key): they are not what the request is answered with, and not kept."""
log = logging.getLogger("pollux.engines.replay")


class Recorder:
    """`engine`, named `name`, with every answer kept on `tape`.  Several may record into one folder at once."""

    def __init__(self, engine: Engine, tape: Tape, name: str) -> None:
        self._engine, self._tape, self._name = engine, tape, name
        tape.write_cards(name, engine.cards())

    def cards(self) -> Sequence[ModelCard]:
        """The engine's."""
        return self._engine.cards()

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """The engine's events, kept with their times.

        An answer whose reader leaves early is kept as cut: core does that at a stop sequence or a token limit, and
        will do it again at the same place in a replay.  Videos are not kept: they are too large.
        """
        kept: list[dict[str, Any]] = []
        error: ApiError | None = None
        whole = False
        began = time.perf_counter()
        answers = cast(Any, self._engine.stream(prompt))  # an async generator, as in core.run
        try:
            async with aclosing(answers):
                async for event in answers:
                    if prompt.reel is None:
                        after = round(time.perf_counter() - began, 4)
                        kept.append({"after": after, **await _written(event)})
                        whole = isinstance(event, Stop)
                    yield event
                whole = True
        except ApiError as failure:
            error, whole = failure, True
            raise
        finally:
            if prompt.reel is None:
                self._keep({"kind": "generate", **likeness.of_prompt(prompt)}, {"events": kept}, error, whole=whole)

    def count_text(self, text: str) -> int | None:
        """The engine's, which a replay does without: it counts by the tables then."""
        return self._engine.count_text(text)

    async def count(self, prompt: Prompt) -> CountTokensResponse:
        """A relay's count, kept."""
        answer = await cast(Relay, self._engine).count(prompt)
        self._keep({"kind": "count", **likeness.of_prompt(prompt)}, {"count": msgspec.to_builtins(answer)}, None)
        return answer

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """The engine's vectors, kept."""
        vectors = await self._engine.embed(model, inputs, dims)
        self._keep({"kind": "embed", **likeness.of_inputs(model, inputs, dims)}, {"vectors": vectors}, None)
        return vectors

    async def close(self) -> None:
        """Closes the engine."""
        await self._engine.close()

    def _keep(
        self, asked: likeness.Json, answer: Mapping[str, Any], error: ApiError | None, *, whole: bool = True
    ) -> None:
        if error is not None and error.code in PASSING:
            return
        failed = {"error": events.error_to_json(error)} if error is not None else {}
        try:
            self._tape.put(asked, {"engine": self._name, "whole": whole, **answer, **failed})
        except OSError as problem:  # the answer itself is good
            log.error("an answer of models/%s was not recorded: %s", asked["model"], problem.strerror)


async def _written(event: Event) -> dict[str, Any]:
    """Pixels are packed in a thread: those of a large picture take a second."""
    return await asyncio.to_thread(events.to_json, event) if isinstance(event, Picture) else events.to_json(event)
