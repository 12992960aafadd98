"""The engine: one model on any server, or several servers, with OpenAI's API."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import msgspec

from pollux.engines.base import EmbedInput, Event, ModelCard, Prompt, Stop, Text, Usage
from pollux.engines.lane import Lane
from pollux.engines.openai import vectors
from pollux.engines.openai.asking import SSE, Asking
from pollux.engines.openai.body import ENUM, body, declared
from pollux.engines.openai.expand import Expander
from pollux.engines.openai.messages import messages
from pollux.engines.openai.options import AUTO, NONE, Options
from pollux.engines.openai.pictures import paint
from pollux.engines.openai.reading import Reader
from pollux.errors import InvalidArgument, Unimplemented
from pollux.media.handle import Media
from pollux.vision.dialects import DIALECTS, dialect_of, to_gemini

PATH = "chat/completions"
THREADS = 4
"""For decoding and encoding media; a PDF or a video takes long, and holds up no one else's pictures."""


@dataclass
class _Asked:
    """A request as it goes out, and how its answer is to be written: nothing, or a dialect and the picture's size."""

    data: bytes
    dialect: str = ""
    sizes: list[tuple[int, int]] = field(default_factory=list)


class OpenAIEngine:
    """Answers with a model on OpenAI-compatible servers."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._asking = Asking(options)
        self._lane = Lane(THREADS)
        found = dialect_of(options.model) if options.dialect == AUTO else options.dialect
        self._dialect = "" if found == NONE else found
        self._card = ModelCard(
            options.model,
            options.abilities,
            "A model on an OpenAI-compatible server.",
            options.input_tokens,
            options.output_tokens,
            options.embed_dims,
            keeps_limit=True,
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
        reader = Reader(frozenset(one.name for one in declared(prompt)), self._options.key)
        events = self._asking.ask(PATH, asked.data, reader, prompt.deadline, SSE)
        async with aclosing(_rewritten(events, prompt, asked)) as answer:
            async for event in answer:
                yield event

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
        if not any(isinstance(piece, Media) for turn in prompt.turns for piece in turn.pieces):
            return self._written(prompt, lambda: False)
        gone = threading.Event()
        try:
            return await self._lane.call(self._written, prompt, gone.is_set)
        finally:
            gone.set()

    def _written(self, prompt: Prompt, cancelled: Callable[[], bool]) -> _Asked:
        expander = Expander(self._options, cancelled)
        dialect = self._dialect if _asks_for_boxes(prompt) else ""
        note = DIALECTS[dialect].ask if dialect else ""
        whole = body(prompt, self._options, messages(prompt, expander, note))
        if dialect and DIALECTS[dialect].marks:
            whole.setdefault("skip_special_tokens", False)
        if dialect and not expander.sizes:
            dialect = ""
        if dialect and DIALECTS[dialect].absolute and len({DIALECTS[dialect].scale(s) for s in expander.sizes}) > 1:
            message = "contents: this model writes boxes in pixels and does not say of which picture: send one picture."
            raise InvalidArgument(message, field="contents")
        return _Asked(msgspec.json.encode(whole), dialect, expander.sizes)


def _asks_for_boxes(prompt: Prompt) -> bool:
    """Whether Gemini's boxes are spoken of, by the caller or in the schema, where there is a still picture."""
    pieces = [piece for turn in prompt.turns for piece in turn.pieces]
    if not any(isinstance(piece, Media) and piece.kind in ("image", "document") for piece in pieces):
        return False
    said = [getattr(piece, "text", None) or "" for piece in pieces]
    return any("box_2d" in text for text in (prompt.system, *said)) or "box_2d" in json.dumps(prompt.schema)


async def _rewritten(events: AsyncGenerator[Event, None], prompt: Prompt, asked: _Asked) -> AsyncGenerator[Event, None]:
    """The events; where the text must be exchanged as a whole, it comes at the end."""
    enum = prompt.schema is not None and prompt.config.response_mime_type == ENUM
    held: list[str] = []
    async with aclosing(events) as coming:
        async for event in coming:
            if isinstance(event, Text) and (enum or asked.dialect):
                held.append(event.text)
                continue
            if held and isinstance(event, Usage | Stop):
                text, held = "".join(held), []
                yield Text(_chosen(text) if enum else _in_gemini(text, prompt, asked))
            yield event


def _chosen(text: str) -> str:
    """The value of an enum: a schema is answered in JSON, so in quotes, and the API wants it bare."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return value if isinstance(value, str) else text.strip()


def _in_gemini(text: str, prompt: Prompt, asked: _Asked) -> str:
    plain = prompt.schema is None and prompt.config.response_mime_type != "application/json"
    return to_gemini(text, asked.dialect, asked.sizes[-1], fence=plain)
