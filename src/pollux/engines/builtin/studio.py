"""Pictures out: whether a prompt asks for one, and whether it is drawn anew, drawn again with a change, or edited."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from blake3 import blake3

from pollux.engines.base import Event, Picture, Prompt, Text
from pollux.engines.builtin.conversation import Conversation
from pollux.engines.builtin.drawn import account
from pollux.engines.wishes import Canvas
from pollux.errors import Cancelled
from pollux.media.handle import Media

if TYPE_CHECKING:
    from pollux.engines.builtin.edit.chat import Follow
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
_UNDO = re.compile(
    r"\W*(?:please\s)?(?:undo|go back|revert|as (?:it was )?before|back to the (?:previous|last|first))\b", re.I
)
_OTHER = re.compile(
    r"\W*(?:(?:now|please|ok|okay|no|hmm|i do(?:n't| not) like (?:it|this|that))\b\W*)*"
    r"(?:another (?:one|version|try|variation)|one more(?: time)?|try (?:it )?again|again|redo|regenerate|once more|"
    r"(?:a |something )?different(?: one| version)?|do it again|(?:give|show) me another(?: one)?)\W*$",
    re.I,
)
_DESCRIBES = re.compile(
    r"\W*(?:an?|two|three|four|five|\d+|photo|picture|image|poster|logo|portrait|painting|drawing|sticker|icon)\s"
    r"(?!(?:bit|little|few|lot|more|of them)\b)",
    re.I,
)
"""What describes a picture by itself, where it is no change of the last one."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is to be drawn, and the text that decides its chance: the one that it began with."""

    work: Work
    root: str


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
        drawing = None if anew or not shown.media or shown.edited else self._again(text)
        if drawing is None and shown.media and not anew:
            follow = self._followed(text)
            if follow is not None:
                text, shown = follow.text, replace(shown, media=follow.pictures)
            yield from self._edited(text, shown, self.prompt.canvas)
        else:
            yield from self._drawn(drawing or _Drawing(self._read(text), text), self.prompt.canvas)

    def _followed(self, text: str) -> Follow | None:
        """What a short word means after an edit: undo it, more of it, the same for another picture."""
        from pollux.engines.builtin.edit.chat import follow  # noqa: PLC0415 - for chats alone

        given = [_pictures(turn.pieces) for turn in self.prompt.turns if turn.role == "user"]
        made = [one for turn in self.prompt.turns for one in _pictures(turn.pieces)]
        return follow(text, self.talk.told, [some for some in given if some], made)

    def _read(self, text: str) -> Work:
        from pollux.engines.builtin.paint import art, reading  # noqa: PLC0415 - heavy

        know = art.load().knows
        work = reading.read(text, system=self.talk.system, know=know)
        found = "\n".join(source.text for source in self.prompt.sources)
        return reading.grounded(work, text, found, know) if found.strip() else work

    def _again(self, text: str) -> _Drawing | None:
        """What was drawn before, by the earlier texts, with this one's change; None where that cannot be told."""
        from pollux.engines.builtin.paint.reading import is_drawing  # noqa: PLC0415 - heavy

        drawn: list[_Drawing] = []
        for told in (*self.talk.told[-_MOST_TURNS:], text):
            if told is not text and not is_drawing(told):
                continue
            if not drawn or _ANEW.match(told):
                drawn.append(_Drawing(self._read(told), told))
            elif _UNDO.match(told):
                drawn = drawn[:-1] or drawn
            elif _OTHER.match(told):
                drawn.append(_Drawing(drawn[-1].work, f"{drawn[-1].root}\0{told}"))
            elif (changed := self._changed(drawn[-1].work, told)) is not None:
                drawn.append(_Drawing(changed, drawn[-1].root))
            elif _DESCRIBES.match(told):
                drawn.append(_Drawing(self._read(told), told))
            else:
                return None  # the editor's: what is in view is no longer what was drawn
        return drawn[-1] if drawn else None

    def _changed(self, work: Work, text: str) -> Work | None:
        from pollux.engines.builtin.paint import art  # noqa: PLC0415 - heavy
        from pollux.engines.builtin.paint.reading import revise  # noqa: PLC0415 - heavy

        return revise(work, text, know=art.load().knows)

    def _drawn(self, drawing: _Drawing, canvas: Canvas) -> Iterator[Event]:
        from pollux.engines.builtin.paint.layouts import missing  # noqa: PLC0415 - heavy
        from pollux.engines.builtin.paint.render import render, stages  # noqa: PLC0415 - heavy

        work, seed = drawing.work, self._seed(drawing.root)
        for number, (scene, caption) in enumerate(zip(work.scenes, work.captions, strict=True)):
            if self.cancelled():
                raise Cancelled
            if not number and canvas.interim:
                factor = min(1.0, INTERIM_SIDE / max(canvas.width, canvas.height))
                size = max(1, round(canvas.width * factor)), max(1, round(canvas.height * factor))
                for pixels in stages(scene, *size, seed, canvas.interim):
                    yield Picture(pixels, thought=True)
            words = caption or ("" if number else account(scene))
            yield Text(f"{words}\n\n" if words else "")
            yield Picture(render(scene, canvas.width, canvas.height, seed + number))
        lost = "".join(dict.fromkeys("".join(missing(scene) for scene in work.scenes)))
        yield Text(_closing(work, lost))

    def _edited(self, text: str, shown: _Shown, canvas: Canvas) -> Iterator[Event]:
        from pollux.engines.builtin.edit.eyes import Eyes  # noqa: PLC0415 - heavy
        from pollux.engines.builtin.edit.work import edit  # noqa: PLC0415 - heavy
        from pollux.media.picture import decode  # noqa: PLC0415 - heavy

        pictures = [decode(media) for media in shown.media]
        if not text:
            yield Text("I went back to the earlier picture.\n\n")
            yield Picture(pictures[0], edited=True)
            return
        done = edit(
            text,
            pictures,
            width=canvas.width,
            height=canvas.height,
            kept=canvas.kept,
            seed=self._seed("\0".join((*self.talk.told, text))),
            see=Eyes(self.perceiver(), self.meaning, shown.media, self.cancelled),
            cancelled=self.cancelled,
        )
        yield Text(f"{done.said}\n\n")
        yield Picture(done.pixels, edited=True)

    def _seed(self, root: str) -> int:
        """The caller's, or one that the text decides, so that a prompt has its picture and a change keeps the rest."""
        if self.prompt.seed is not None:
            return self.prompt.seed % 2**32  # numpy takes no negative seed
        return int.from_bytes(blake3(root.encode()).digest()[:3], "big") + self.prompt.candidate


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


def _closing(work: Work, lost: str) -> str:
    """What is said behind the last picture; `lost` are characters that no font has."""
    notes = list(work.notes)
    if lost:
        notes.append(f"No font at hand has {' '.join(lost[:20])}: such characters are left out of the lettering.")
    return "\n\n".join(one for one in (work.closing, " ".join(dict.fromkeys(notes))) if one)
