"""Recordings in place of an engine: nothing is loaded, nobody is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from pollux.engines.base import EmbedInput, Event, ModelCard, Prompt
from pollux.engines.replay import events, likeness
from pollux.engines.replay.tape import Tape
from pollux.errors import FailedPrecondition, Internal, Unimplemented
from pollux.wire.generate import CountTokensResponse


class Replayer:
    """Answers from `tape` with the abilities that the recorded engine had; `timing`: at its pace too.

    A request that was never recorded is NotFound, naming what differs from the nearest that was.
    """

    def __init__(self, tape: Tape, cards: Sequence[ModelCard], *, timing: bool = False) -> None:
        self._tape, self._cards, self._timing = tape, tuple(cards), timing

    def cards(self) -> Sequence[ModelCard]:
        """Those of the recorded engine."""
        return self._cards

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """The recorded events, piece by piece, then the recorded error if there was one."""
        if prompt.reel is not None:
            raise Unimplemented(f"models/{prompt.model}: videos are not recorded; ask a server without --replay.")
        recording = await self._found({"kind": "generate", **likeness.of_prompt(prompt)})
        began = time.perf_counter()
        for row in recording["events"]:
            wait = row.pop("after", 0.0) - (time.perf_counter() - began)
            if self._timing and wait > 0:
                await asyncio.sleep(wait)
            try:
                packed = "Picture" in row  # unpacking takes a while
                event = await asyncio.to_thread(events.from_json, row) if packed else events.from_json(row)
            except (ValueError, KeyError, TypeError) as error:
                raise Internal(f"A recording of models/{prompt.model} is damaged: {error}") from None
            yield event
        if recording.get("error"):
            raise events.error_from_json(recording["error"])
        if not recording["whole"]:
            text = f"The reader of this recording of models/{prompt.model} left before its end: record it again."
            raise FailedPrecondition(text)

    def count_text(self, text: str) -> int | None:
        """The recorded engine's tokenizer is not here."""
        del text
        return None

    async def count(self, prompt: Prompt) -> CountTokensResponse:
        """A relay's recorded count."""
        recording = await self._found({"kind": "count", **likeness.of_prompt(prompt)})
        return msgspec.convert(recording["count"], CountTokensResponse)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """The recorded vectors."""
        recording = await self._found({"kind": "embed", **likeness.of_inputs(model, inputs, dims)})
        return [list(map(float, row)) for row in recording["vectors"]]

    async def close(self) -> None:
        """Nothing is held."""

    async def _found(self, asked: likeness.Json) -> Any:
        return await asyncio.to_thread(self._tape.find, asked)
