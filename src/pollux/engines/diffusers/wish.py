"""What a prompt wants of a model that makes pictures and writes no words: words, pictures, perhaps a mask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.base import Prompt, Turn
from pollux.engines.wishes import Canvas
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.media.text import text_of

_WITHOUT = re.compile(r"\n\s*without:\s*(.+)\Z", re.IGNORECASE | re.DOTALL)
"""How a negative prompt stands among the words; Imagen's `negativePrompt` becomes such a line."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One picture that is wanted.

    `model` is the name the caller used.  `words` are the latest turn's; `story` are those of all turns since the
    picture was begun, for models that are told what a picture shows and not what is to be changed.  `pictures` are to
    be changed, or referred to: those of the latest turn, or the last one of the chat.  `given`: they are the caller's,
    not made by a model.  `negative` is what must not be in it.
    """

    model: str
    canvas: Canvas
    words: str
    story: str
    negative: str = ""
    pictures: tuple[Media, ...] = ()
    given: bool = False


def wish(prompt: Prompt) -> Wish:
    """Raises InvalidArgument where there are no words, where no picture is wanted, and for documents."""
    if prompt.canvas is None:
        name = "generationConfig.responseModalities"
        raise InvalidArgument(f"{name}: models/{prompt.model} makes pictures and writes no words.", field=name)
    told = [turn for turn in prompt.turns if turn.role == "user"]
    words, negative = _parted(_said(told[-1]) if told else "")
    if not words:
        raise InvalidArgument("contents: say what the picture is to show.", field="contents")
    first = max((i for i, turn in enumerate(told) if _pictures(turn)), default=0)
    story = [text for turn in told[first:-1] if (text := _parted(_said(turn))[0])]
    pictures, given = _in_view(prompt.turns)
    return Wish(
        model=prompt.model,
        canvas=prompt.canvas,
        words="\n".join(filter(None, (words, prompt.system))),
        story="\n".join(filter(None, (*story, words, prompt.system))),
        negative=negative,
        pictures=pictures,
        given=given,
    )


def _parted(said: str) -> tuple[str, str]:
    """What is wanted, and what is not."""
    found = _WITHOUT.search(said)
    return (said[: found.start()].strip(), found[1].strip()) if found else (said.strip(), "")


def _said(turn: Turn) -> str:
    texts = []
    for piece in turn.pieces:
        if not isinstance(piece, Media):
            texts.append(piece.text or "")
        elif piece.kind == "text":
            texts.append(text_of(piece))
        elif piece.kind != "image":
            raise InvalidArgument(
                f"{piece.field}: this model takes pictures and words, no {piece.kind}.", field=piece.field
            )
    return "\n".join(texts)


def _in_view(turns: Sequence[Turn]) -> tuple[tuple[Media, ...], bool]:
    """The pictures that the latest words are about, and whether they are the caller's."""
    for turn in reversed(turns):
        found = _pictures(turn)
        if found:
            return (found, True) if turn.role == "user" else (found[-1:], False)
    return (), False


def _pictures(turn: Turn) -> tuple[Media, ...]:
    return tuple(piece for piece in turn.pieces if isinstance(piece, Media) and piece.kind == "image")
