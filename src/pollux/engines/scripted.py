"""A scripted engine: answers and faults by script, for Pollux's tests and for its users'."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass

from pollux.engines.base import Ability, EmbedInput, Event, ModelCard, Prompt, Text


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause of so many seconds, as a slow model makes it."""

    seconds: float


Step = Event | Wait | Exception
Script = Callable[[Prompt], Iterable[Step]]

ALL_ABILITIES: frozenset[Ability] = frozenset(
    ("text", "image_in", "image_out", "video_out", "boxes", "masks", "tools", "schema", "embeddings", "think")
)


def echo(prompt: Prompt) -> Iterable[Step]:
    """The default script: the text of the last turn, back."""
    pieces = prompt.turns[-1].pieces if prompt.turns else ()
    yield Text("".join(getattr(piece, "text", None) or "" for piece in pieces) or "(no text)")


class ScriptedEngine:
    """Plays a script: events go out, a Wait waits, an exception is raised at that point.

    Every prompt is kept in `prompts`; `closed` counts streams that were abandoned before their end.
    """

    def __init__(self, script: Script = echo, *, abilities: frozenset[Ability] = ALL_ABILITIES) -> None:
        self.script = script
        self.prompts: list[Prompt] = []
        self.embedded: list[EmbedInput] = []
        self.closed = 0
        self._card = ModelCard("scripted", abilities, "Plays a script.", embed_dims=4)

    def cards(self) -> Sequence[ModelCard]:
        """One model."""
        return (self._card,)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Plays the script for this prompt."""
        self.prompts.append(prompt)
        finished = False
        try:
            for step in self.script(prompt):
                if isinstance(step, Wait):
                    await asyncio.sleep(step.seconds)
                elif isinstance(step, Exception):
                    finished = True
                    raise step
                else:
                    yield step
            finished = True
        finally:
            self.closed += not finished

    def count_text(self, text: str) -> int | None:
        """No tokenizer: the documented rule counts."""
        del text
        return None

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """A unit vector made of each text's length."""
        del model
        self.embedded.extend(inputs)
        width = dims or self._card.embed_dims
        return [[1.0 if i == len(item.text) % width else 0.0 for i in range(width)] for item in inputs]

    async def close(self) -> None:
        """Nothing is held."""
