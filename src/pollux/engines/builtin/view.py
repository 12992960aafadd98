"""What an answer is made from: the question, what was seen, what was said, and how to put it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pollux.engines.base import Prompt
from pollux.engines.builtin.conversation import Conversation
from pollux.engines.builtin.english import key
from pollux.engines.builtin.manner import Manner
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.understand import Question

HOW_TO_PLUG_IN = "A larger model may know: name one under [routes] in pollux.toml."


class Frames:
    """Chooses among ways of saying the same thing: always the first, or by a seed."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(f"wording {seed}") if seed is not None else None  # noqa: S311 - wording, not secrets

    @classmethod
    def of(cls, prompt: Prompt) -> Frames:
        """Fixed at temperature 0, and without a seed for the first candidate."""
        if prompt.config.temperature == 0:
            return cls()
        return cls(prompt.seed if prompt.seed is not None else prompt.candidate or None)

    def pick(self, *ways: str) -> str:
        """One of the ways."""
        return self._random.choice(ways) if self._random else ways[0]


def _nothing(_scene: Scene, _noun: str) -> Sequence[Thing]:
    return ()


@dataclass(frozen=True, slots=True)
class View:
    """One question and all there is to answer it from.

    `scenes` are the pictures the question means; `look` looks for things of a name in one of them.
    """

    question: Question
    manner: Manner
    scenes: Sequence[Scene]
    talk: Conversation
    meaning: Meaning
    frames: Frames
    look: Callable[[Scene, str], Sequence[Thing]] = _nothing

    def seen(self, noun: str) -> list[Thing]:
        """What goes by a name in the first picture, looked for now; lettering does not count."""
        return [one for one in self.look(self.scene, noun) if one.kind != "text"] if key(noun) else []

    @property
    def scene(self) -> Scene:
        """The first of the pictures."""
        return self.scenes[0]
