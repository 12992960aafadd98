"""One prompt about documents, videos or sound: each question aimed, looked into and answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pollux.engines.builtin.aim import Budget, Cancelled, as_of_a_picture
from pollux.engines.builtin.answer import needs_reading
from pollux.engines.builtin.answers import of_moments, of_pages
from pollux.engines.builtin.english import listing
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.leafing import Leafing, pages, scroll
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import Asked, Question
from pollux.engines.builtin.watching import Watching, spread
from pollux.media.handle import Media

if TYPE_CHECKING:
    from pollux.engines.builtin.perceive import Perceiver

MOST_FRAMES = 3  # of a video that stands beside pictures or fills a schema

Ask = Callable[[Question, Sequence[Scene]], str]
"""Answers a question from scenes."""
Take = Callable[[str], Asked]
"""Understands a question about one picture."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """The documents, videos and recordings of one prompt, and all that is needed to look at them."""

    works: Sequence[Media]
    perceiver: Callable[[], Perceiver]
    meaning: Meaning
    budget: Budget
    cancelled: Cancelled

    def reply(self, text: str, work: Media, take: Take, ask: Ask) -> str:
        """The answer to one question about one of the works."""
        if work.kind == "audio":
            return of_moments.of_sound(work)
        question = take(as_of_a_picture(text, work.kind)).questions[0]
        aimed = replace(question, text=text)
        if work.kind == "document":
            return of_pages.of_itself(aimed, work) or of_pages.from_looks(
                question, self._leafing(work).rounds(text, [question.intent]), len(work.pages), ask
            )
        if known := of_moments.of_itself(aimed, work):
            return known
        look = self._watching(work).look(text, self._reading(question))
        return of_moments.from_look(aimed, look, lambda _, scenes: ask(question, scenes))

    def scenes(self, text: str) -> list[Scene]:
        """A long page for each document and a few frames of each video, those with text first.

        For schemas, functions, and beside pictures.
        """
        out: list[Scene] = []
        for work in self.works:
            if work.kind == "document":
                seen = [s for look in self._leafing(work).rounds(text, [Intent.VALUE], True) for s in look.scenes]
                out += [scroll(seen)] if seen else []
            elif work.kind == "video":
                look = self._watching(work).look(text, "always")
                few = [look.scenes[int(i)] for i in spread(range(len(look.scenes)), MOST_FRAMES)]
                out += sorted(few, key=lambda scene: -len(scene.lines))
        return out

    def account(self) -> str:
        """What there is, for the thoughts."""
        return f"There is {listing([named(work) for work in self.works])}." if self.works else ""

    def _leafing(self, work: Media) -> Leafing:
        return Leafing(work, self.perceiver, self.meaning, self.budget, self.cancelled)

    def _watching(self, work: Media) -> Watching:
        return Watching(work, self.perceiver, self.budget, self.cancelled)

    @staticmethod
    def _reading(question: Question) -> str:
        """Text in frames is read where a question may need it, and for what changes."""
        return needs_reading([question]) or "perhaps"


def named(work: Media) -> str:
    """ "a document of 3 pages"."""
    if work.kind == "document":
        return f"a document of {pages(len(work.pages))}"
    seconds = work.clip.duration if work.clip else 0.0
    what = "a video" if work.kind == "video" else "a sound recording"
    return f"{what} of {of_moments.lasting(seconds)}"
