"""The engine: one model on any server, or several servers, with OpenAI's API."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import msgspec

from pollux.engines.base import EmbedInput, Event, ModelCard, Prompt
from pollux.engines.chat.boxes import Wording, decoder_of, dialect_by
from pollux.engines.chat.expand import Expander
from pollux.engines.chat.functions import declared
from pollux.engines.chat.messages import messages
from pollux.engines.lane import Lane
from pollux.engines.openai import vectors
from pollux.engines.openai.asking import SSE, Asking
from pollux.engines.openai.body import body
from pollux.engines.openai.options import Options
from pollux.engines.openai.pictures import paint
from pollux.engines.openai.reading import Reader
from pollux.engines.openai.show import DataUrls
from pollux.errors import Internal, InvalidArgument, Unimplemented
from pollux.media import picture
from pollux.media.handle import Media

PATH = "chat/completions"
THREADS = 4
"""For decoding and encoding media; a PDF or a video takes long, and holds up no one else's pictures."""


@dataclass
class _Asked:
    """A request as it goes out, how its answer is written, and what of that the model had said before."""

    data: bytes
    wording: Wording
    begun: str


class OpenAIEngine:
    """Answers with a model on OpenAI-compatible servers."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._asking = Asking(options)
        self._lane = Lane(THREADS)
        self._show = DataUrls("audio_in" in options.abilities)
        self._dialect = dialect_by(options.dialect, options.model)
        self._decoder = decoder_of(options.mask_decoder, self._dialect, options.place)
        self._card = ModelCard(
            options.model,
            options.abilities | (set() if self._decoder is None else {"masks"}),
            "A model on an OpenAI-compatible server.",
            options.input_tokens,
            options.output_tokens,
            options.embed_dims,
            keeps_limit="max_tokens" not in options.omit,
        )

    def cards(self) -> Sequence[ModelCard]:
        """The one model."""
        return (self._card,)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Answers one candidate; closing it closes the connection, and so stops the server."""
        if prompt.reel is not None:
            raise Unimplemented("This model makes no videos.")
        if prompt.canvas is not None:
            async with aclosing(paint(self._asking, self._options, prompt)) as pictures:
                async for picture in pictures:
                    yield picture
            return
        asked = await self._asked(prompt)
        names = frozenset(one.name for one in declared(prompt))
        reader = Reader(names, self._options.key, prompt.config.logprobs or 0, asked.begun)
        events = self._asking.ask(PATH, asked.data, reader, prompt.deadline, SSE)
        begun = False
        try:
            async with aclosing(asked.wording.applied(events, prompt)) as answer:
                async for event in answer:
                    begun = True
                    yield event
        except (Internal, InvalidArgument):
            if not begun:  # what was sent byte for byte may be no picture, and that is the caller's to know
                await self._lane.call(_decode_all, prompt)
            raise

    def count_text(self, text: str) -> int | None:
        """No tokenizer is here: the server's own count comes with its answer."""
        del text
        return None

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """One vector an input, of `dims` dimensions."""
        if "embeddings" not in self._options.abilities:
            raise Unimplemented(f"models/{model} makes no embeddings.")
        return await vectors.embed(self._asking, self._options, inputs, dims)

    async def close(self) -> None:
        """Closes all connections."""
        self._lane.close()
        await self._asking.close()

    async def _asked(self, prompt: Prompt) -> _Asked:
        """In a thread where there is media, which is decoded and encoded."""
        if not _media(prompt):
            return self._written(prompt, lambda: False)
        gone = threading.Event()
        try:
            return await self._lane.call(self._written, prompt, gone.is_set)
        finally:
            gone.set()

    def _written(self, prompt: Prompt, cancelled: Callable[[], bool]) -> _Asked:
        expander = Expander(self._show, self._options.frames, self._options.pages, cancelled)
        wording = Wording.of(prompt, self._dialect, self._decoder)
        prompt = wording.asked(prompt)
        talk = messages(prompt, expander, wording.note)
        whole = body(prompt, self._options, talk)
        if wording.marks:
            whole.setdefault("skip_special_tokens", False)
        begun = talk[-1]["content"] if talk and talk[-1]["role"] == "assistant" else ""
        return _Asked(msgspec.json.encode(whole), wording.seen(expander.sizes), begun)


def _media(prompt: Prompt) -> list[Media]:
    return [piece for turn in prompt.turns for piece in turn.pieces if isinstance(piece, Media)]


def _decode_all(prompt: Prompt) -> None:
    """Raises InvalidArgument naming a picture that is broken inside."""
    for media in _media(prompt):
        if media.kind == "image":
            picture.decode(media)
