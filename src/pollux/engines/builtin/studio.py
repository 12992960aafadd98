"""Pictures out: whether a prompt asks for one, and whether it is drawn anew, drawn again with a change, or edited."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blake3 import blake3

from pollux.engines.base import Event, Picture, Prompt, Text
from pollux.engines.builtin.conversation import Conversation
from pollux.engines.builtin.drawn import account
from pollux.engines.wishes import Canvas
from pollux.errors import Cancelled
from pollux.media.handle import Media

if TYPE_CHECKING:
    from pollux.engines.builtin.meaning import Meaning
    from pollux.engines.builtin.paint.plan import Work
    from pollux.engines.builtin.perceive import Perceiver

INTERIM_SIDE = 1024
"""Pixels of an interim picture's longer side: it shows the plan, not the detail."""
_MOST_TURNS = 20
_ANEW = re.compile(
    r"\W*(?:(?:now|please|then|next|ok|okay|great|also|instead)\b\W*)*(?:create|generate|draw|paint|design|make|produce)\s"
    r"(?:me\s|us\s)?(?:an?|another|some|one|two|three|four|\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The pictures in view: the caller's of the latest turn, or the last that was shown or made before."""

    media: tuple[Media, ...]
    fresh: bool
    edited: bool


@dataclass(frozen=True, slots=True)
class Studio:
    """The painter and the editor, for one prompt."""

    prompt: Prompt
    talk: Conversation
    perceiver: Callable[[], Perceiver]
    meaning: Meaning
    cancelled: Callable[[], bool]

    @property
    def wanted(self) -> bool:
        """Whether a picture is to be made: where words may be said, only when the text does not ask for words alone."""
        from pollux.engines.builtin.paint.reading import is_drawing  # noqa: PLC0415 - for prompts that can have one

        canvas = self.prompt.canvas
        return canvas is not None and (not canvas.text or is_drawing(self.talk.asked))

    def events(self) -> Iterator[Event]:
        """The words and the pictures."""
        assert self.prompt.canvas is not None
        shown, text = _shown(self.prompt), self.talk.asked
        if shown.fresh:
            yield from self._edited(text, shown, self.prompt.canvas)
            return
        anew = _ANEW.match(text) is not None
        work = None if anew or not shown.media or shown.edited else self._again(text)
        if work is None and shown.media and not anew:
            yield from self._edited(text, shown, self.prompt.canvas)
        else:
            yield from self._drawn(work or self._read(text), self.prompt.canvas)

    def _read(self, text: str) -> Work:
        from pollux.engines.builtin.paint import art, reading  # noqa: PLC0415 - heavy

        archive = art.load()
        found = "\n".join(source.text for source in self.prompt.sources)
        return reading.read(f"{text}\n{found}" if found else text, system=self.talk.system, know=archive.knows)

    def _again(self, text: str) -> Work | None:
        """What was drawn before, by the earlier texts, with this one's change; None where it is no such change."""
        from pollux.engines.builtin.paint.reading import is_drawing, revise  # noqa: PLC0415 - heavy

        work: Work | None = None
        for told in self.talk.told[-_MOST_TURNS:]:
            if is_drawing(told):
                work = (revise(work, told) if work is not None else None) or self._read(told)
        return revise(work, text) if work is not None else None

    def _drawn(self, work: Work, canvas: Canvas) -> Iterator[Event]:
        from pollux.engines.builtin.paint.render import render, stages  # noqa: PLC0415 - heavy

        seed = self._seed()
        for number, (scene, caption) in enumerate(zip(work.scenes, work.captions, strict=True)):
            if self.cancelled():
                raise Cancelled
            if not number and canvas.interim:
                factor = min(1.0, INTERIM_SIDE / max(canvas.width, canvas.height))
                size = max(1, round(canvas.width * factor)), max(1, round(canvas.height * factor))
                for pixels in stages(scene, *size, seed, canvas.interim):
                    yield Picture(pixels, thought=True)
            yield Text(caption or ("" if number else f"{account(scene)}\n\n"))
            yield Picture(render(scene, canvas.width, canvas.height, seed + number))
        yield Text(_closing(work))

    def _edited(self, text: str, shown: _Shown, canvas: Canvas) -> Iterator[Event]:
        from pollux.engines.builtin.edit.eyes import Eyes  # noqa: PLC0415 - heavy
        from pollux.engines.builtin.edit.work import edit  # noqa: PLC0415 - heavy
        from pollux.media.picture import decode  # noqa: PLC0415 - heavy

        pictures = [decode(media) for media in shown.media]
        done = edit(
            text,
            pictures,
            width=canvas.width,
            height=canvas.height,
            kept=canvas.kept,
            seed=self._seed(),
            see=Eyes(self.perceiver(), self.meaning, shown.media, self.cancelled),
            cancelled=self.cancelled,
        )
        yield Text(f"{done.said}\n\n")
        yield Picture(done.pixels, edited=True)

    def _seed(self) -> int:
        """The caller's, or one that the text decides, so that a prompt has its picture."""
        if self.prompt.seed is not None:
            return self.prompt.seed
        words = "\0".join((*self.talk.told, self.talk.asked))
        return int.from_bytes(blake3(words.encode()).digest()[:3], "big") + self.prompt.candidate


def _shown(prompt: Prompt) -> _Shown:
    last = max((i for i, turn in enumerate(prompt.turns) if turn.role == "user"), default=-1)
    by_user = False
    for i, turn in enumerate(prompt.turns):
        by_user |= turn.role == "user" and i < last and bool(_pictures(turn.pieces))
    for i in range(last, -1, -1):
        turn = prompt.turns[i]
        media = _pictures(turn.pieces)
        if media:
            chosen = media if turn.role == "user" else media[-1:]
            return _Shown(chosen, i == last, by_user)
    return _Shown((), fresh=False, edited=by_user)


def _pictures(pieces: Sequence[object]) -> tuple[Media, ...]:
    return tuple(piece for piece in pieces if isinstance(piece, Media) and piece.kind == "image")


def _closing(work: Work) -> str:
    return "\n\n".join(one for one in (work.closing, " ".join(work.notes)) if one)
