"""One request under way: asking the engine, sending chunks, adding up what it costs."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from pollux.core.assemble import Assembler, Finished
from pollux.core.canvas import output, picture_tokens, shows_thoughts
from pollux.core.deadline import Deadline, within
from pollux.core.signatures import Signer
from pollux.core.tokens import TokenCounter, details, total
from pollux.engines.base import Event, ModelCard, Picture, Prompt, Stop
from pollux.engines.registry import Served
from pollux.media.provenance.manifest import ALGORITHMIC, COMPOSITE, ENHANCED, TRAINED, Origin
from pollux.wire.content import Content, Part
from pollux.wire.generate import Candidate, GenerateContentResponse, ModalityTokenCount, PromptFeedback, UsageMetadata
from pollux.wire.relay import Relayed, fold_relayed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encode(Protocol):
    """Makes a file of a picture."""

    def __call__(
        self, pixels: NDArray[np.uint8], origin: Origin, *, issuer: str, mime_type: str, quality: int
    ) -> bytes:
        """A file that says where it comes from, and, if it is a PNG, who issued its signature ("" without one)."""
        ...


@dataclass(frozen=True, slots=True)
class Finish:
    """What every answer gets besides the engine's events."""

    signer: Signer
    encode: Encode


class Run:
    """One request: its engine, its prompt, its token counts by modality."""

    def __init__(
        self,
        served: Served,
        prompt: Prompt,
        counts: Mapping[str, int],
        deadline: Deadline,
        finish: Finish,
        response_id: str = "",
        grounding: Mapping[str, Any] | None = None,
    ) -> None:
        self._served = served
        self._prompt = prompt
        self._deadline = deadline
        self._finish = finish
        self._grounding = grounding
        self._shows_thoughts = shows_thoughts(prompt.config, served)
        self._signs = served.family.thinks or self._shows_thoughts
        self._counter = TokenCounter(served.family.tokens, served.engine.count_text)
        self._details = details(counts)
        self._id = response_id or secrets.token_urlsafe(16)
        self._answers: list[Assembler] = []
        self._ended: UsageMetadata | None = None  # what all added up to at the end of the last candidate

    async def candidate(self, number: int) -> AsyncGenerator[GenerateContentResponse, None]:
        """The chunks of one candidate; the last, never without text where there is any, ends and adds up."""
        prompt = self._prompt
        if number:
            prompt = replace(prompt, candidate=number, seed=nth_seed(prompt.seed, number))
        card, signer = self._served.card, self._finish.signer
        answer = Assembler(
            prompt, self._counter.text, signer, self._shows_thoughts, self._signs, keeps_limit=card.keeps_limit
        )
        answer.grounding = self._grounding
        self._answers.append(answer)
        self._ended = None
        parts: list[Part] = []
        # Engines' streams are async generators; the protocol promises only an iterator, so closing is asked for here.
        events = cast(Any, self._served.engine.stream(prompt) if not self._bars_pictures() else _nothing())
        async with aclosing(events):
            while not answer.done:
                event = await self._next(events)
                if event is None:
                    break
                parts += answer.feed(await self._encoded(event) if isinstance(event, Picture) else event)
                if not answer.done:
                    ready, parts = _keep_last(parts)
                    if ready:
                        yield self._response(answer.candidate(ready, last=False), self._usage(final=False))
        if prompt.schema is None:
            parts += answer.finish()
        else:  # validating may take a while
            parts += await asyncio.to_thread(answer.finish)
        if answer.blocked:
            parts = []
        self._ended = self._usage(final=True)
        if answer.prompt_blocked:
            feedback = PromptFeedback(block_reason="SAFETY", safety_ratings=answer.prompt_ratings)
            yield self._response(None, self._ended, feedback)
        else:
            yield self._response(answer.candidate(_merge(parts), last=True), self._ended)

    def _bars_pictures(self) -> bool:
        """Pictures alone are not made with search (image generation guide, "Grounding with Google Search", notes)."""
        canvas = self._prompt.canvas
        return canvas is not None and not canvas.text and self._grounding is not None

    def spent(self) -> tuple[UsageMetadata, int]:
        """Tokens so far, of prompt and answers; finished pictures."""
        return self._ended or self._usage(final=True), sum(answer.pictures for answer in self._answers)

    async def _next(self, events: AsyncIterator[Event]) -> Event | None:
        try:
            return await within(self._deadline, anext(events))
        except StopAsyncIteration:
            return None

    async def _encoded(self, picture: Picture) -> Finished:
        """In a thread: encoding, marking and signing take a while."""
        issuer = self._finish.signer.issuer if self._signs and not picture.thought else ""
        origin = origin_of(self._served.card, edited=picture.edited)
        kind, quality = output(self._prompt.config)
        work = partial(self._finish.encode, picture.pixels, origin, issuer=issuer, mime_type=kind, quality=quality)
        data = await within(self._deadline, asyncio.to_thread(work))
        return Finished(data, kind, picture.thought)

    def _response(
        self, candidate: Candidate | None, usage: UsageMetadata, feedback: PromptFeedback | None = None
    ) -> GenerateContentResponse:
        return GenerateContentResponse(
            candidates=() if candidate is None else (candidate,),
            prompt_feedback=feedback,
            usage_metadata=usage,
            model_version=self._served.name,
            response_id=self._id,
        )

    def _usage(self, *, final: bool) -> UsageMetadata:
        """Usage so far; before the end only the prompt is known, and counting every chunk would be quadratic."""
        own = self._answers[0].usage if self._answers else None
        prompt_tokens = own.prompt_tokens if own is not None else total(self._details)
        shares = _shares(self._details, prompt_tokens)
        if not final:
            return UsageMetadata(
                prompt_token_count=prompt_tokens,
                total_token_count=prompt_tokens,
                prompt_tokens_details=shares,
            )
        counts = self._answer_counts()
        answers = sum(counts.values())
        thoughts = sum(answer.thought_tokens() for answer in self._answers)
        return UsageMetadata(
            prompt_token_count=prompt_tokens,
            candidates_token_count=answers,
            thoughts_token_count=thoughts,
            total_token_count=prompt_tokens + answers + thoughts,
            prompt_tokens_details=shares,
            candidates_tokens_details=details(counts) if answers else (),
        )

    def _answer_counts(self) -> dict[str, int]:
        canvas = self._prompt.canvas
        each = picture_tokens(self._served.family.pictures, canvas) if canvas is not None else 0
        return {
            "TEXT": sum(answer.answer_tokens() for answer in self._answers),
            "IMAGE": each * sum(answer.pictures for answer in self._answers),
        }


def _shares(rows: tuple[ModalityTokenCount, ...], tokens: int) -> tuple[ModalityTokenCount, ...]:
    """The prompt's modalities where they make up its tokens; an engine's own count is not told apart by them."""
    if total(rows) == tokens:
        return rows
    return (ModalityTokenCount(modality=rows[0].modality, token_count=tokens),) if len(rows) == 1 else ()


def nth_seed(seed: int | None, number: int) -> int | None:
    """The seed of the answer of that number, from 0: of 32 bits as the caller's is, even behind the largest."""
    return None if seed is None else (seed + number + 2**31) % 2**32 - 2**31


def origin_of(card: ModelCard, *, edited: bool) -> Origin:
    """What is said of a picture of this model."""
    if card.trained:
        return Origin(card.name, edited, COMPOSITE if edited else TRAINED)
    return Origin(card.name, edited, ENHANCED if edited else ALGORITHMIC)


async def _nothing() -> AsyncIterator[Event]:
    yield Stop("NO_IMAGE", "No picture is made with google_search in image-only mode: ask for TEXT and IMAGE.")


def _keep_last(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """(what may go out, what waits for the end): the last chunk must not be empty, or chats drop the whole turn.

    Of a text only its last word waits, so that nothing is late.  Thoughts never wait.
    """
    if not parts or parts[-1].thought:
        return parts, []
    *ready, last = _merge(parts)
    if not _plain(last):
        return ready, [last]
    text = last.text or ""
    cut = text.rstrip().rfind(" ") + 1 or len(text) - 1
    if cut <= 0 or len(text) - cut > 40:
        cut = len(text) - 1
    if cut <= 0 or text[:cut].isspace():
        return ready, [last]
    first = Part(text=text[:cut], thought_signature=last.thought_signature)
    return [*ready, first], [Part(text=text[cut:])]


def _merge(parts: Iterable[Part]) -> list[Part]:
    """Neighbouring texts of one kind become one part; a signature begins a part of its own."""
    out: list[Part] = []
    for part in parts:
        last = out[-1] if out else None
        joins = last is not None and _plain(last) and _plain(part) and last.thought == part.thought
        if last is not None and joins and not part.thought_signature:
            text = (last.text or "") + (part.text or "")
            out[-1] = Part(text=text, thought=last.thought, thought_signature=last.thought_signature)
        else:
            out.append(part)
    return out


def _plain(part: Part) -> bool:
    return part.text is not None and part.part_metadata is None


async def fold(responses: AsyncIterator[GenerateContentResponse]) -> GenerateContentResponse:
    """All chunks as one response: the unary answer."""
    chunks = [response async for response in responses]
    if len(chunks) == 1:
        return chunks[0]
    relayed = [chunk for chunk in chunks if isinstance(chunk, Relayed)]
    if relayed:
        return fold_relayed(relayed)
    merged: dict[int, tuple[list[Part], Candidate]] = {}
    for chunk in chunks:
        for candidate in chunk.candidates:
            parts, _ = merged.setdefault(candidate.index or 0, ([], candidate))
            parts.extend(candidate.content.parts if candidate.content is not None else ())
            merged[candidate.index or 0] = (parts, candidate)
    last = chunks[-1]
    if last.prompt_feedback is not None:  # refused: what was said before that is not shown
        merged = {}
    return GenerateContentResponse(
        candidates=tuple(_whole(parts, candidate) for _, (parts, candidate) in sorted(merged.items())),
        prompt_feedback=last.prompt_feedback,
        usage_metadata=last.usage_metadata,
        model_version=last.model_version,
        response_id=last.response_id,
    )


def _whole(parts: list[Part], last: Candidate) -> Candidate:
    if any(rating.blocked for rating in last.safety_ratings):
        parts = []
    return Candidate(
        content=Content(parts=tuple(_merge(parts)), role="model"),
        index=last.index,
        finish_reason=last.finish_reason,
        finish_message=last.finish_message,
        safety_ratings=last.safety_ratings,
        citation_metadata=last.citation_metadata,
        grounding_metadata=last.grounding_metadata,
        avg_logprobs=last.avg_logprobs,
        logprobs_result=last.logprobs_result,
    )
