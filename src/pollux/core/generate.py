"""The one hall: every door (unary, stream, batch, Live, the command line) asks this Core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pollux.core.admit import Caller, Permits, RateLimits
from pollux.core.deadline import Deadline, within
from pollux.core.film import Film, film_prompt, frames
from pollux.core.prepare import MOST_IMAGES, prepare
from pollux.core.relay import Passage
from pollux.core.run import Finish, Run
from pollux.core.search import MOST_SOURCES, Search, grounding, query_of, searches
from pollux.core.tokens import TokenCounter, details, total
from pollux.engines.base import EmbedInput, Prompt
from pollux.engines.registry import Registry, Served
from pollux.engines.wishes import Source
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.wire.content import Blob, FileData
from pollux.wire.generate import (
    ContentEmbedding,
    CountTokensRequest,
    CountTokensResponse,
    EmbedContentRequest,
    GenerateContentRequest,
    GenerateContentResponse,
    UsageMetadata,
)
from pollux.wire.methods import BATCH_EMBED, COUNT, EMBED, GENERATE, PREDICT_LONG, STREAM

if TYPE_CHECKING:
    from pollux.core.film import Pixels

ResolveFor = Callable[[Caller, Blob | FileData, str], Awaitable[Media]]
"""(who asks, bytes or a reference, its path in the request) -> Media: a file is seen within its project only."""
LONG_TEXT = 50_000
"""Characters from which counting leaves the loop for a thread."""
MOST_EMBEDDINGS = 100
"""Requests in one batchEmbedContents (embeddings reference)."""


@dataclass
class Core:
    """Prepares, counts, admits, asks the engine and assembles."""

    registry: Registry
    resolve: ResolveFor
    permits: Permits
    finish: Finish
    search: Search | None = None
    rates: RateLimits = field(default_factory=RateLimits)
    most_images: int = MOST_IMAGES

    async def generate(
        self,
        request: GenerateContentRequest,
        model: str,
        caller: Caller,
        deadline: Deadline,
        method: str = GENERATE,
        response_id: str = "",
    ) -> AsyncGenerator[GenerateContentResponse, None]:
        """Responses as they come; at least one.  Raises ApiError, before the first one where it can.

        Closing the iterator stops the engine and gives the permit back.  `response_id` is "" for a random one.
        """
        served = self.registry.resolve(model)
        served.require(method)
        self.rates.check(caller, model)
        async with self.permits.permit(deadline):
            if served.relays:
                async with aclosing(self._relayed(request, served, caller, deadline, method)) as relayed:
                    async for response in relayed:
                        yield response
                return
            prompt, counts = await self._prepared(request, served, caller, deadline)
            prompt, found = await self._searched(prompt, deadline)
            run = Run(served, prompt, counts, deadline, self.finish, response_id, found)
            try:
                for number in range(prompt.config.candidate_count or 1):
                    async with aclosing(run.candidate(number)) as responses:
                        async for response in responses:
                            yield response
            finally:
                self.rates.spend(caller, run.spent())

    async def _relayed(
        self, request: GenerateContentRequest, served: Served, caller: Caller, deadline: Deadline, method: str
    ) -> AsyncGenerator[GenerateContentResponse, None]:
        passage, resolve = Passage(served, deadline), partial(self.resolve, caller)
        try:
            async with aclosing(passage.responses(request, resolve, whole=method != STREAM)) as responses:
                async for response in responses:
                    yield response
        finally:
            self.rates.spend(caller, passage.tokens)

    async def _searched(self, prompt: Prompt, deadline: Deadline) -> tuple[Prompt, Mapping[str, Any] | None]:
        """The prompt with what google_search found, and groundingMetadata; None where the tool was not offered."""
        if not searches(prompt):
            return prompt, None
        query = query_of(prompt)
        sources: tuple[Source, ...] = ()
        if self.search is not None and query:
            sources = tuple(await within(deadline, self.search.find(query, MOST_SOURCES)))
        return replace(prompt, sources=sources), grounding(query, sources, configured=self.search is not None)

    async def count(
        self, request: CountTokensRequest, model: str, caller: Caller, deadline: Deadline
    ) -> CountTokensResponse:
        """Tokens of a prompt: the same code, so the same number as usageMetadata later."""
        served = self.registry.resolve(model)
        served.require(COUNT)
        whole = request.generate_content_request
        if whole is not None and request.contents:
            message = "Give contents or generateContentRequest, not both."
            raise InvalidArgument(message, field="generateContentRequest")
        if whole is None:
            whole = GenerateContentRequest(
                contents=request.contents,
                system_instruction=request.system_instruction,
                tools=request.tools,
                generation_config=request.generation_config,
            )
        if served.relays:
            return await Passage(served, deadline).count(whole, partial(self.resolve, caller))
        _, counts = await self._prepared(whole, served, caller, deadline)
        rows = details(counts)
        return CountTokensResponse(total_tokens=total(rows), prompt_tokens_details=rows)

    async def embed(
        self, requests: Sequence[EmbedContentRequest], model: str, caller: Caller, deadline: Deadline, *, batch: bool
    ) -> tuple[list[ContentEmbedding], UsageMetadata]:
        """One vector a request, in order."""
        served = self.registry.resolve(model)
        served.require(BATCH_EMBED if batch else EMBED)
        if not 1 <= len(requests) <= MOST_EMBEDDINGS:
            raise InvalidArgument(f"requests: give 1 to {MOST_EMBEDDINGS}, not {len(requests)}.", field="requests")
        self.rates.check(caller, model)
        inputs = [_embed_input(r, f"requests[{i}]." if batch else "", served) for i, r in enumerate(requests)]
        sizes = {r.output_dimensionality for r in requests}
        vectors: dict[int, list[float]] = {}
        async with self.permits.permit(deadline):
            for size in sizes:
                rows = [i for i, r in enumerate(requests) if r.output_dimensionality == size]
                made = await within(deadline, served.engine.embed(model, [inputs[i] for i in rows], size))
                vectors.update(zip(rows, made, strict=True))
        counter = TokenCounter(served.family.tokens, served.engine.count_text)
        tokens = sum(counter.text(item.text) for item in inputs)
        self.rates.spend(caller, tokens)
        usage = UsageMetadata(prompt_token_count=tokens, total_token_count=tokens)
        return [ContentEmbedding(values=tuple(vectors[i])) for i in range(len(requests))], usage

    async def film(self, film: Film, model: str, caller: Caller, deadline: Deadline) -> AsyncGenerator[Pixels, None]:
        """The frames of a video, (height, width, 3) uint8 RGB.  Raises ApiError.  Closing it stops the engine."""
        served = self.registry.resolve(model)
        served.require(PREDICT_LONG)
        async with self.permits.permit(deadline):
            prompt = await within(deadline, film_prompt(film, served, partial(self.resolve, caller)))
            async for pixels in frames(served, replace(prompt, deadline=deadline.at), deadline):
                yield pixels

    async def close(self) -> None:
        """Gives back what the search holds; engines are their owner's."""
        if self.search is not None:
            await self.search.close()

    async def _prepared(
        self, request: GenerateContentRequest, served: Served, caller: Caller, deadline: Deadline
    ) -> tuple[Prompt, dict[str, int]]:
        resolve, signer = partial(self.resolve, caller), self.finish.signer
        prompt = await within(deadline, prepare(request, served, resolve, signer, self.most_images))
        prompt = replace(prompt, deadline=deadline.at)
        counter = TokenCounter(served.family.tokens, served.engine.count_text)
        if _characters(prompt) > LONG_TEXT:
            counts = await asyncio.to_thread(counter.prompt, prompt)
        else:
            counts = counter.prompt(prompt)
        tokens = sum(counts.values())
        if tokens > served.input_tokens:
            raise InvalidArgument(
                f"The input token count ({tokens}) exceeds the maximum number of tokens allowed "
                f"({served.input_tokens}) for models/{served.name}.",
                field="contents",
            )
        return prompt, counts


def _embed_input(request: EmbedContentRequest, prefix: str, served: Served) -> EmbedInput:
    """One request's text.  Raises InvalidArgument for media, nothing, too many dimensions, or not the path's model."""
    model, size, most = served.name, request.output_dimensionality, served.card.embed_dims
    if size is not None and not 1 <= size <= most:
        field = f"{prefix}outputDimensionality"
        message = f"{field} must be 1 to {most}, the most that models/{model} has here, not {size}."
        raise InvalidArgument(message, field=field)
    if request.model and request.model.removeprefix("models/") != model:
        message = f"{prefix}model must be the model of the address, models/{model}."
        raise InvalidArgument(message, field=f"{prefix}model")
    texts = [part.text for part in request.content.parts] if request.content is not None else []
    if any(text is None for text in texts):
        message = f"{prefix}content: models/{model} embeds text only."
        raise InvalidArgument(message, field=f"{prefix}content")
    text = "\n".join(filter(None, texts))
    if not text.strip():
        raise InvalidArgument(f"{prefix}content holds no text to embed.", field=f"{prefix}content")
    return EmbedInput(text, task=request.task_type, title=request.title)


def _characters(prompt: Prompt) -> int:
    pieces = [piece for turn in prompt.turns for piece in turn.pieces]
    written = sum(len(getattr(piece, "text", None) or "") for piece in pieces)
    files = [piece for piece in pieces if isinstance(piece, Media)]
    pages = sum(len(page.text) for file in files for page in file.pages)
    return len(prompt.system) + written + pages + sum(len(file.data) for file in files if file.kind == "text")
