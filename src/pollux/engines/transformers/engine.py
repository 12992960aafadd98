"""The engine: one open model in this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing

from pollux.engines.base import EmbedInput, Event, ModelCard, Prompt
from pollux.engines.chat.boxes import dialect_by
from pollux.engines.lane import Lane
from pollux.engines.transformers import about
from pollux.engines.transformers.batching import Batcher
from pollux.engines.transformers.loading import Loaded, check_installed, load, once
from pollux.engines.transformers.options import Options
from pollux.engines.transformers.prompting import Asked, Prompter
from pollux.engines.transformers.vectors import Vectors
from pollux.engines.transformers.writing import Spelling, Writer, silent
from pollux.errors import Unimplemented

THREADS = 4
"""For decoding media and preparing prompts."""


class TransformersEngine:
    """Answers with a model of Hugging Face transformers; it is loaded at the first request, or at once (`preload`)."""

    def __init__(self, options: Options) -> None:
        """Raises ConfigurationError where a library is missing."""
        check_installed(options.place)
        self._options = options
        self._lane = Lane(THREADS)
        self._model = once(options, load, lambda loaded: loaded.about)
        self._batcher = Batcher(self._model.get, options.batch)
        self._prompter: Prompter | None = None
        self._lock = threading.Lock()
        self._counter = about.Counter(options)
        self._card = about.card(options)
        self._vectors = Vectors(options) if options.kind == "embedding" else None
        if options.preload and self._vectors is not None:
            self._vectors.preload()
        elif options.preload:
            self._batcher.start()

    def cards(self) -> Sequence[ModelCard]:
        """The one model, as its options and, where it is on this machine, its configuration say."""
        return (self._card,)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Answers one candidate; closing it frees the model at the next token."""
        if self._vectors is not None:
            raise Unimplemented("This model makes embeddings alone.")
        if prompt.reel is not None or prompt.canvas is not None:
            raise Unimplemented("This model makes words, no pictures or videos.")
        loaded = await asyncio.wrap_future(self._batcher.start())
        asked = await self._asked(loaded, prompt)
        shown = Spelling(loaded.speller, silent(loaded.speller, loaded.ends, marks=asked.marks))
        writer = Writer(
            shown,
            asked.prompt_tokens,
            asked.thinking,
            asked.schemas,
            asked.bare,
            prompt.config.stop_sequences,
            asked.job.dice.sampling.alternatives >= 0,
        )
        events = writer.events(self._batcher.write(asked.job))
        async with aclosing(asked.wording.applied(events, prompt)) as answer:
            async for event in answer:
                yield event

    def count_text(self, text: str) -> int | None:
        """Tokens by the model's tokenizer, None while that is not on this machine."""
        return self._counter.count(text)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """One vector an input, of `dims` dimensions, where the model is one for embeddings."""
        if self._vectors is None:
            raise Unimplemented(f"models/{model} makes no embeddings.")
        return await self._lane.call(self._vectors.embed, inputs, dims)

    async def close(self) -> None:
        """Ends all answers and frees the model's memory."""
        self._lane.close()
        self._prompter = None
        self._model.close()
        await asyncio.to_thread(self._batcher.close)
        if self._vectors is not None:
            self._vectors.close()

    async def _asked(self, loaded: Loaded, prompt: Prompt) -> Asked:
        gone = threading.Event()
        try:
            return await self._lane.call(self._prepare, loaded, prompt, gone.is_set)
        finally:
            gone.set()

    def _prepare(self, loaded: Loaded, prompt: Prompt, cancelled: Callable[[], bool]) -> Asked:
        with self._lock:
            if self._prompter is None:
                self._prompter = Prompter(loaded, self._options, dialect_by(self._options.dialect, self._options.model))
        return self._prompter.asked(prompt, cancelled)
