"""Boxes and enums in an answer: what the model is told, and how what it writes becomes what the API says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import structs

from pollux.engines.asks import asks_for_boxes, asks_for_masks, speaks_of_boxes, words
from pollux.engines.base import Call, Event, Prompt, Stop, Text, Turn
from pollux.engines.chat.things import things
from pollux.errors import ConfigurationError, InvalidArgument
from pollux.media.handle import Media
from pollux.vision.codes import MaskDecoder
from pollux.vision.dialects import DIALECTS, dialect_of, to_gemini
from pollux.wire.content import Part

AUTO, NONE = "auto", "none"
ENUM = "text/x.enum"
CODED = "paligemma"
"""The dialect that writes masks in codewords."""


def dialect_by(wanted: str, model: str) -> str:
    """The name of a model's dialect, "" for none; `wanted` is the option: "auto" goes by the model's name."""
    found = dialect_of(model) if wanted == AUTO else wanted
    return "" if found == NONE else found


def decoder_of(path: Path | None, dialect: str, place: str) -> MaskDecoder | None:
    """What makes masks of a model's codewords.  Raises ConfigurationError where it writes none."""
    if path is None:
        return None
    if dialect != CODED:
        raise ConfigurationError(f"{place} mask_decoder is for PaliGemma, which this model's dialect is not.")
    if not path.is_file():
        raise ConfigurationError(f"{place} mask_decoder: there is no file {path}.")
    return MaskDecoder(path)


@dataclass(frozen=True, slots=True)
class Wording:
    """How one answer is asked for and written: nothing special, or in a dialect, of stills of these sizes.

    `sizes` are widths and heights.  `labels` are the things that the caller names.
    """

    dialect: str = ""
    sizes: tuple[tuple[int, int], ...] = ()
    labels: tuple[str, ...] = ()
    decoder: MaskDecoder | None = None

    @classmethod
    def of(cls, prompt: Prompt, dialect: str, decoder: MaskDecoder | None = None) -> Wording:
        """Before the pictures are known."""
        one = DIALECTS.get(dialect)
        if one is None:
            return cls()
        wants = asks_for_boxes(prompt) or asks_for_masks(prompt) if one.task is not None else speaks_of_boxes(prompt)
        if not wants:
            return cls()
        last = [turn for turn in prompt.turns if turn.role == "user"][-1:]
        said = "\n".join(filter(None, (prompt.system, *map(words, last))))
        return cls(dialect, (), things(said, prompt.schema), decoder)

    @property
    def note(self) -> str:
        """What the model is told besides."""
        return DIALECTS[self.dialect].ask(self.labels) if self.dialect else ""

    def asked(self, prompt: Prompt) -> Prompt:
        """What the model is asked: for one of fixed tasks the task, about the latest pictures; else what was given."""
        task = DIALECTS[self.dialect].task if self.dialect else None
        if task is None:
            return prompt
        media: list[Media] = []
        for turn in prompt.turns:
            media = [piece for piece in turn.pieces if isinstance(piece, Media)] or media
        text = task(self.labels, self.decoder is not None and asks_for_masks(prompt))
        config = structs.replace(
            prompt.config, response_mime_type="", response_schema=None, response_json_schema=None, stop_sequences=()
        )
        turns = (Turn("user", (*media, Part(text=text))),)
        return replace(prompt, turns=turns, system="", config=config, schema=None, tools=(), tool_config=None)

    @property
    def marks(self) -> bool:
        """Whether the model's special tokens must stay in its text."""
        return bool(self.dialect) and DIALECTS[self.dialect].marks

    def seen(self, sizes: list[tuple[int, int]]) -> Wording:
        """With the pictures.  Raises InvalidArgument where pixels could be of any of several."""
        if not self.dialect or not sizes:
            return Wording()
        one = DIALECTS[self.dialect]
        if one.absolute and len({one.scale(size) for size in sizes}) > 1:
            message = "contents: this model writes boxes in pixels and does not say of which picture: send one picture."
            raise InvalidArgument(message, field="contents")
        return replace(self, sizes=tuple(sizes))

    async def applied(self, events: AsyncGenerator[Event, None], prompt: Prompt) -> AsyncGenerator[Event, None]:
        """The events; where the text must be exchanged as a whole, it comes at the end."""
        enum = prompt.schema is not None and prompt.config.response_mime_type == ENUM
        held: list[str] = []
        async with aclosing(events) as coming:
            async for event in coming:
                if isinstance(event, Text) and (enum or self.dialect):
                    held.append(event.text)
                    continue
                if held and isinstance(event, Call | Stop):
                    text, held = "".join(held), []
                    yield Text(_chosen(text, prompt.schema or {}) if enum else await self._in_gemini(text, prompt))
                yield event

    async def _in_gemini(self, text: str, prompt: Prompt) -> str:
        plain = prompt.schema is None and prompt.config.response_mime_type != "application/json"
        work = partial(to_gemini, text, self.dialect, self.sizes[-1], fence=plain, labels=self.labels)
        if self.decoder is None:
            return work()
        return await asyncio.to_thread(work, decoder=self.decoder)  # it computes


def _chosen(text: str, schema: Mapping[str, Any]) -> str:
    """The value of an enum: where a schema is answered in JSON, so in quotes, the API wants it bare."""
    if text in schema.get("enum", ()):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return value if isinstance(value, str) else text.strip()
