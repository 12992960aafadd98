"""Thinking that stands in the answer, between the tags in which models write it."""

from __future__ import annotations

from collections.abc import Iterator

from pollux.engines.base import Text, Thought

OPENS, CLOSES = "<think>", "</think>"


class Tags:
    """Parts thinking from answer as it comes: an answer that begins with <think> is thinking up to </think>.

    Nothing else is looked for, so that an answer may speak of the tags.  `opened`: the prompt ended with <think>.
    """

    def __init__(self, *, opened: bool = False) -> None:
        self._held = ""
        self._state = "thinking" if opened else "beginning"
        self._fresh = opened  # line ends after a tag belong to the tag

    @property
    def thinking(self) -> bool:
        """Whether what comes next is thinking."""
        return self._state == "thinking"

    def feed(self, text: str) -> Iterator[Text | Thought]:
        """What is certain by now."""
        self._held += text
        if self._state == "beginning":
            yield from self._begin()
        if self._state == "thinking":
            self._strip()
            yield from self._think()
        if self._state == "answering":
            self._strip()
            yield from self.flush()

    def flush(self) -> Iterator[Text | Thought]:
        """What was held back, at the end."""
        held, self._held = self._held, ""
        if held:
            yield Thought(held) if self._state == "thinking" else Text(held)

    def _strip(self) -> None:
        if self._fresh:
            self._held = self._held.lstrip("\n")
            self._fresh = not self._held

    def _begin(self) -> Iterator[Text | Thought]:
        start = self._held.lstrip()
        if start.startswith(OPENS):
            self._held, self._state = start[len(OPENS) :], "thinking"
            self._fresh = True
        elif not OPENS.startswith(start):
            self._state = "answering"
        yield from ()

    def _think(self) -> Iterator[Text | Thought]:
        thought, closes, answer = self._held.partition(CLOSES)
        if closes:
            self._held, self._state = answer, "answering"
            self._fresh = True
        else:
            kept = next((n for n in range(len(CLOSES) - 1, 0, -1) if thought.endswith(CLOSES[:n])), 0)
            cut = len(thought) - kept
            thought, self._held = thought[:cut], thought[cut:]
        if thought:
            yield Thought(thought)
