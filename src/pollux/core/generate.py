"""The one hall: every door (unary, stream, batch, Live, the command line) asks this Core."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, aclosing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pollux.core.admit import NO_LIMITS, Caller, Permits, RateLimits
from pollux.core.bill import Bill, Book
from pollux.core.deadline import Deadline, within
from pollux.core.fallback import Health, chain_of, goes_on, require_able, twins
from pollux.core.film import Film, film_prompt, frames
from pollux.core.prepare import MOST_IMAGES, prepare
from pollux.core.relay import Passage
from pollux.core.run import Finish, Run
from pollux.core.search import MOST_SOURCES, Search, grounding, query_of, searches
from pollux.core.tokens import TokenCounter, details, total
from pollux.engines.base import EmbedInput, Prompt
from pollux.engines.registry import Limits, Quota, Registry, Served
from pollux.engines.wishes import Source
from pollux.errors import ApiError, InvalidArgument
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

log = logging.getLogger("pollux.fallback")
ResolveFor = Callable[[Caller, Blob | FileData, str], Awaitable[Media]]
"""(who asks, bytes or a reference, its path in the request) -> Media: a file is seen within its project only."""
_Watched = Callable[[], AbstractContextManager[Callable[[], None]]]
LONG_TEXT = 50_000
"""Characters from which counting leaves the loop for a thread."""
MOST_EMBEDDINGS = 100
"""Requests in one batchEmbedContents (embeddings reference)."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request on its way, and its bill."""

    request: GenerateContentRequest
    caller: Caller
    deadline: Deadline
    method: str
    response_id: str
    bill: Bill


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
    gates: Mapping[str, Permits] = field(default_factory=dict)
    """Of engines by name; the others share `permits`."""
    health: Health = field(default_factory=Health)
    book: Book = field(default_factory=Book)
    batch: bool = False
    """Batch lines: at their own price, and without the limits of models, which are those of interactive requests."""
    shared: dict[str, Permits] = field(default_factory=dict)
    """Permits of models with a limit of their own, by the pattern of their names."""

    async def generate(
        self,
        request: GenerateContentRequest,
        model: str,
        caller: Caller,
        deadline: Deadline,
        method: str = GENERATE,
        response_id: str = "",
        bill: Bill | None = None,
    ) -> AsyncGenerator[GenerateContentResponse, None]:
        """Responses as they come; at least one.  Raises ApiError, before the first one where it can.

        Closing the iterator stops the engine and gives the permit back.  `response_id` is "" for a random one; `bill`
        is filled in.
        """
        served = self.registry.resolve(model)
        served.require(method)
        bill = bill or Bill()
        with self._counted(served, caller, bill) as limits:
            asked = _Asked(request, caller, deadline, method, response_id, bill)
            chain = chain_of(served, method)
            answers = self._answer(served, asked) if len(chain) == 1 else self._chained(chain, asked)
            async with self._shared(limits.in_flight, deadline), aclosing(answers) as responses:
                async for response in responses:
                    bill.answered = True
                    yield response

    @contextmanager
    def _counted(self, served: Served, caller: Caller, bill: Bill) -> Iterator[Limits]:
        """Within the minutes of key and model; at its end what was used is counted."""
        limits = NO_LIMITS if self.batch else served.limits
        self.rates.check(caller, served.name, limits)
        try:
            yield limits
        finally:
            self.rates.spend(caller, bill.total_tokens, limits)
            if bill.answered:
                self.book.note(caller, served.name, bill)

    def _shared(self, quota: Quota | None, deadline: Deadline) -> AbstractAsyncContextManager[None]:
        """A permit of the models that share a limit, where there is one."""
        if quota is None:
            return nullcontext()
        if quota.pattern not in self.shared:
            self.shared[quota.pattern] = Permits(quota.most, self.permits.waiting)
        return self.shared[quota.pattern].permit(deadline)

    def _gate(self, served: Served) -> Permits:
        return self.gates.get(served.engine_name, self.permits)

    async def _chained(self, chain: Sequence[Served], asked: _Asked) -> AsyncGenerator[GenerateContentResponse, None]:
        """The answer of the first engine that has one.  Raises ApiError: the first engine's own where it was asked."""
        failures: dict[str, ApiError] = {}
        for link in self.health.order(chain):
            begun = False
            try:
                async with aclosing(self._answer(link, asked, chain.index(link), self.health)) as responses:
                    async for response in responses:
                        if not begun and link is not chain[0]:
                            log.info("models/%s is answered by %s", link.name, link.engine_name)
                        begun = True
                        yield response
            except ApiError as error:
                if begun or not goes_on(error, link, chain, asked.deadline):
                    raise
                failures[link.engine_name] = error
            else:
                return
        raise failures.get(chain[0].engine_name) or next(iter(failures.values()))

    def _answer(
        self, served: Served, asked: _Asked, fallback: int = 0, health: Health | None = None
    ) -> AsyncGenerator[GenerateContentResponse, None]:
        """One engine's answer, with a permit of it; `health` hears how it went."""
        asked.bill.engine, asked.bill.fallback = served.engine_name, fallback
        ways = self._relayed if served.relays else self._made
        return ways(served, asked, partial(_watched, health, served, asked.deadline))

    async def _made(
        self, served: Served, asked: _Asked, watched: _Watched
    ) -> AsyncGenerator[GenerateContentResponse, None]:
        deadline, bill = asked.deadline, asked.bill
        async with self._gate(served).permit(deadline):
            prompt, counts = await self._prepared(asked.request, served, asked.caller, deadline)
            if bill.fallback:
                require_able(prompt, served.card)
            prompt, found = await self._searched(prompt, deadline)
            run = Run(served, prompt, counts, deadline, self.finish, asked.response_id, found)
            try:
                with watched() as answered:
                    for number in range(prompt.config.candidate_count or 1):
                        async with aclosing(run.candidate(number)) as responses:
                            async for response in responses:
                                answered()
                                yield response
            finally:
                bill.charge(*run.spent(), served.limits, batch=self.batch)

    async def _relayed(
        self, served: Served, asked: _Asked, watched: _Watched
    ) -> AsyncGenerator[GenerateContentResponse, None]:
        passage, resolve = Passage(served, asked.deadline), partial(self.resolve, asked.caller)
        async with self._gate(served).permit(asked.deadline):
            prompt = await passage.prompt(asked.request, resolve, whole=asked.method != STREAM)
            try:
                with watched() as answered:
                    async with aclosing(passage.responses(prompt)) as responses:
                        async for response in responses:
                            answered()
                            yield response
            finally:
                asked.bill.charge(passage.usage, passage.pictures, served.limits, batch=self.batch)

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
        self,
        requests: Sequence[EmbedContentRequest],
        model: str,
        caller: Caller,
        deadline: Deadline,
        *,
        batch: bool,
        bill: Bill | None = None,
    ) -> tuple[list[ContentEmbedding], UsageMetadata]:
        """One vector a request, in order; `bill` is filled in.  Raises ApiError."""
        served = self.registry.resolve(model)
        served.require(BATCH_EMBED if batch else EMBED)
        if not 1 <= len(requests) <= MOST_EMBEDDINGS:
            raise InvalidArgument(f"requests: give 1 to {MOST_EMBEDDINGS}, not {len(requests)}.", field="requests")
        bill = bill or Bill()
        with self._counted(served, caller, bill) as limits:
            inputs = [_embed_input(r, f"requests[{i}]." if batch else "", served) for i, r in enumerate(requests)]
            sizes = [request.output_dimensionality for request in requests]
            async with self._shared(limits.in_flight, deadline):
                vectors = await self._embedded(served, inputs, sizes, deadline, bill)
            counter = TokenCounter(served.family.tokens, served.engine.count_text)
            tokens = sum(counter.text(item.text) for item in inputs)
            usage = UsageMetadata(prompt_token_count=tokens, total_token_count=tokens)
            bill.charge(usage, 0, served.limits, batch=self.batch)
            bill.answered = True
        return [ContentEmbedding(values=tuple(vector)) for vector in vectors], usage

    async def _embedded(
        self, served: Served, inputs: Sequence[EmbedInput], sizes: Sequence[int | None], deadline: Deadline, bill: Bill
    ) -> list[list[float]]:
        """The vectors of the inputs, each of its size; another engine may make them with the same model."""
        chain = twins(served)
        failures: dict[str, ApiError] = {}
        for link in self.health.order(chain):
            bill.engine, bill.fallback = link.engine_name, chain.index(link)
            vectors: dict[int, list[float]] = {}
            try:
                async with self._gate(link).permit(deadline):
                    with self.health.asking(link, deadline) as answered:
                        for size in set(sizes):
                            rows = [i for i, one in enumerate(sizes) if one == size]
                            some = [inputs[i] for i in rows]
                            made = await within(deadline, link.engine.embed(served.name, some, size))
                            vectors.update(zip(rows, made, strict=True))
                        answered()
            except ApiError as error:
                if not goes_on(error, link, chain, deadline):
                    raise
                failures[link.engine_name] = error
            else:
                return [vectors[i] for i in range(len(inputs))]
        raise failures.get(served.engine_name) or next(iter(failures.values()))

    async def film(self, film: Film, model: str, caller: Caller, deadline: Deadline) -> AsyncGenerator[Pixels, None]:
        """The frames of a video, (height, width, 3) uint8 RGB.  Raises ApiError.  Closing it stops the engine."""
        served = self.registry.resolve(model)
        served.require(PREDICT_LONG)
        async with self._gate(served).permit(deadline):
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
        prompt = await within(deadline, prepare(request, served, resolve, signer, self.most_images, deadline.at))
        counter = TokenCounter(served.family.tokens, served.engine.count_text)
        if _characters(prompt) > LONG_TEXT:
            counts = await asyncio.to_thread(counter.prompt, prompt)
        else:
            counts = counter.prompt(prompt)
        tokens = counts["TEXT"] if served.card.keeps_limit else sum(counts.values())  # its pictures are not our tables'
        if tokens > served.input_tokens:
            raise InvalidArgument(
                f"The input token count ({tokens}) exceeds the maximum number of tokens allowed "
                f"({served.input_tokens}) for models/{served.name}.",
                field="contents",
            )
        return prompt, counts


def _watched(health: Health | None, served: Served, deadline: Deadline) -> AbstractContextManager[Callable[[], None]]:
    """Around what the engine itself does: what goes wrong before that is not its fault."""
    return nullcontext(_nobody) if health is None else health.asking(served, deadline)


def _nobody() -> None:
    """Nobody asks."""


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
