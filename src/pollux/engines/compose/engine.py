"""The engine: a main model, and those who do what it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from pollux.engines.asks import asks_for_boxes, asks_for_masks
from pollux.engines.base import (
    Ability,
    EmbedInput,
    Engine,
    Event,
    Logprobs,
    ModelCard,
    Prompt,
    Stop,
    Text,
    Usage,
)
from pollux.engines.compose import items, labels
from pollux.engines.compose.layout import Layout, layout
from pollux.engines.compose.rewrite import Keys, for_boxes, forgetting, keys_of
from pollux.engines.compose.sight import Sight, subject, subjects
from pollux.engines.lane import Lane
from pollux.engines.specialists.base import Finder, Masker
from pollux.errors import Internal, InvalidArgument
from pollux.media.handle import Media

Other = tuple[Engine, ModelCard]
THREADS = 4
"""For decoding pictures and for specialists, which have one model each and take turns."""


@dataclass
class _Said:
    """What the main model answered: its words, and what came with them."""

    texts: list[str] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    stop: Stop | None = None

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def tail(self) -> Iterator[Event]:
        """The end of the answer: the tokens of all questions, then why it ended."""
        if self.usage:
            counts = ((one.prompt_tokens, one.candidate_tokens, one.thought_tokens) for one in self.usage)
            yield Usage(*(sum(column) for column in zip(*counts, strict=True)))
        if self.stop is not None:
            yield self.stop


class Composed:
    """Answers with `main`; boxes, masks, pictures and vectors that it has not come from others, where they are given.

    Boxes and masks are of the last turn that has pictures: of its only one where the main model writes the boxes, else
    of all, and then each thing says of which ("image", from 1).  They come whole, at the end.
    """

    def __init__(
        self,
        main: Engine,
        card: ModelCard,
        *,
        boxes: Finder | None = None,
        masks: Masker | None = None,
        image_out: Other | None = None,
        embeddings: Other | None = None,
    ) -> None:
        self._main, self._able = main, card.abilities
        self._finder = None if "boxes" in card.abilities else boxes
        self._masker = None if "masks" in card.abilities else masks
        self._painter = None if "image_out" in card.abilities else image_out
        self._embedder = None if "embeddings" in card.abilities else embeddings
        self._lane = Lane(THREADS)
        self._card = _union(card, self._finder, self._masker, self._painter, self._embedder)

    def cards(self) -> Sequence[ModelCard]:
        """The one model, with all that it can do now."""
        return (self._card,)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Answers one candidate; closing it stops the main model and the specialists."""
        async with aclosing(self._answer(prompt)) as events:
            async for event in events:
                yield event

    def count_text(self, text: str) -> int | None:
        """By the main model's tokenizer."""
        return self._main.count_text(text)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """One vector an input."""
        engine = self._embedder[0] if self._embedder is not None else self._main
        return await engine.embed(model, inputs, dims)

    async def close(self) -> None:
        """Closes the main engine and the specialists; other engines are closed by whoever made them."""
        self._lane.close()
        for one in (self._finder, self._masker):
            if one is not None:
                one.close()
        await self._main.close()

    def _answer(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        if prompt.canvas is not None and self._painter is not None:
            return _passed(self._painter[0].stream(prompt))
        if prompt.canvas is not None or prompt.reel is not None:
            return _passed(self._main.stream(prompt))
        masked = asks_for_masks(prompt)
        if masked and self._masker is None:  # the main model makes them
            return _passed(self._main.stream(prompt))
        if self._finder is not None and (masked or asks_for_boxes(prompt)):
            shown = subjects(prompt) if prompt.schema is None else [subject(prompt)]
            return self._found(prompt, shown, masked=masked)
        if masked:
            return self._cut_out(prompt, subject(prompt))
        return _passed(self._main.stream(prompt if self._masker is None else forgetting(prompt)))

    async def _cut_out(self, prompt: Prompt, media: Media) -> AsyncGenerator[Event, None]:
        """The main model writes boxes, and the masker cuts out what they hold."""
        said, keys = _Said(), keys_of(prompt)
        asked = await asyncio.to_thread(for_boxes, prompt)  # a text may be long
        async with aclosing(_heard(self._main, asked, said)) as events:
            async for event in events:
                yield event
        if said.texts:

            def make(cancelled: Callable[[], bool]) -> Iterator[Event]:
                yield Text(self._with_masks(said.text, keys, Sight(media, cancelled)))

            async with aclosing(_passed(self._lane.iterate(make))) as made:
                async for event in made:
                    yield event
        for event in said.tail():
            yield event

    def _with_masks(self, text: str, keys: Keys, sight: Sight) -> str:
        """The answer, each of its boxes with a mask; words without boxes stay as they are."""
        told = items.told(text)
        if told is None:
            return text
        found = told.items()
        if found:
            assert self._masker is not None
            boxes = [box for one in found if (box := items.box_of(one)) is not None]
            for item, mask in zip(found, sight.masks(self._masker, boxes), strict=True):
                items.masked(item, mask, keys)
        items.renamed(told.value, keys)
        return told.text()

    async def _found(self, prompt: Prompt, shown: Sequence[Media], *, masked: bool) -> AsyncGenerator[Event, None]:
        """The main model says what is meant, and the finder where it is."""
        if "text" not in self._able:
            message = f"contents: models/{prompt.model} reads no words, so nobody can say which boxes are wanted."
            raise InvalidArgument(message, field="contents")
        said, form = _Said(), layout(prompt.schema)
        asked = await asyncio.to_thread(labels.question, prompt, form.options, "schema" in self._able)
        async with aclosing(_heard(self._main, asked, said)) as events:
            async for event in events:
                yield event
        wanted = labels.read(said.text, form.options)
        if wanted is not None:

            def make(cancelled: Callable[[], bool]) -> Iterator[Event]:
                rows: list[items.Item] = []
                for number, media in enumerate(shown, 1):
                    found = self._placed(wanted, form, Sight(media, cancelled), masked=masked)
                    rows += found if len(shown) == 1 else [{**row, "image": number} for row in found]
                yield Text(items.written(form.whole(rows)))

            async with aclosing(_passed(self._lane.iterate(make))) as made:
                async for event in made:
                    yield event
        elif said.stop is None or said.stop.reason == "STOP":
            if prompt.schema is not None or not said.text.strip():
                raise Internal(f"models/{prompt.model} did not say which things are to be found. Ask again.")
            yield Text(said.text)
        for event in said.tail():
            yield event

    def _placed(self, wanted: Sequence[str], form: Layout, sight: Sight, *, masked: bool) -> list[items.Item]:
        """The things of one picture."""
        assert self._finder is not None
        found = sight.find(self._finder, wanted)[: form.most or None]
        boxes = [box for box, *_ in found]
        masks: list[str | None] = [None] * len(found)
        if masked:
            assert self._masker is not None
            masks = list(sight.masks(self._masker, boxes))
        return [form.item(box, label, score, mask) for (box, label, score), mask in zip(found, masks, strict=True)]


def _union(
    card: ModelCard, boxes: Finder | None, masks: Masker | None, image_out: Other | None, embeddings: Other | None
) -> ModelCard:
    filled: dict[Ability, object] = {
        "boxes": boxes, "masks": masks, "image_out": image_out, "embeddings": embeddings,
    }  # fmt: skip
    abilities = card.abilities | {name for name, who in filled.items() if who is not None}
    out = replace(card, abilities=abilities)
    if image_out is not None:
        out = replace(out, trained=image_out[1].trained)
    return out if embeddings is None else replace(out, embed_dims=embeddings[1].embed_dims)


async def _passed(events: AsyncIterator[Event]) -> AsyncGenerator[Event, None]:
    """The same events, whose source is closed as soon as this is: that is what stops an engine."""
    try:
        async for event in events:
            yield event
    finally:
        close = getattr(events, "aclose", None)  # not every iterator can be closed
        if close is not None:
            await close()


async def _heard(engine: Engine, prompt: Prompt, said: _Said) -> AsyncGenerator[Event, None]:
    """What may go out at once; words, their probabilities, usage and end are kept back."""
    async with aclosing(_passed(engine.stream(prompt))) as events:
        async for event in events:
            if isinstance(event, Text):
                said.texts.append(event.text)
            elif isinstance(event, Usage):
                said.usage.append(event)
            elif isinstance(event, Stop):
                said.stop = event
            elif not isinstance(event, Logprobs):  # of words that are exchanged
                yield event
