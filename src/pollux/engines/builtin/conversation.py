"""What was said and shown so far, put in order: the question, the pictures in view, what was told before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pollux.engines.base import Prompt, Turn
from pollux.media.handle import Media
from pollux.wire.content import FunctionResponse, Part

_CAPTION = re.compile(
    r"(?:the )?(?:\w+ )?(?:image|picture|photo|figure|screenshot|img)s? ?#?(?:\d+|[a-d])?[:.]?", re.IGNORECASE
)
_EARLIER = re.compile(
    r"\b(?:previous|earlier|before|all (?:the |these |of the )?(?:pictures|images|photos)|first one)\b"
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The prompt as a conversation.

    `question` is the text of the last user turn, `given` the text files among its parts.  `pictures` are in view: those
    of the last turn, else the latest shown before (`fresh` is False then).  `told` and `said` are earlier texts of user
    and model, oldest first.  `results` are function responses of the last turn, `other` the documents, videos and sound
    in view.
    """

    question: str
    system: str = ""
    pictures: tuple[Media, ...] = ()
    fresh: bool = True
    given: str = ""
    told: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    results: tuple[FunctionResponse, ...] = ()
    other: tuple[Media, ...] = ()

    @property
    def asked(self) -> str:
        """The question, or what the system instruction asks for when the user said nothing."""
        return self.question or self.system


def converse(prompt: Prompt) -> Conversation:
    """Puts a prompt's turns in order."""
    last = max((i for i, turn in enumerate(prompt.turns) if turn.role == "user"), default=-1)
    turn = prompt.turns[last] if last >= 0 else Turn("user", ())
    while last > 0 and not _text(turn) and not _results(turn) and prompt.turns[last - 1].role == "user":
        last -= 1  # a list of a text and a picture may come as two turns
        turn = Turn("user", (*prompt.turns[last].pieces, *turn.pieces))
    earlier = prompt.turns[: max(last, 0)]
    question, results = _text(turn), _results(turn)
    if not question and results:
        question = next((text for t in reversed(earlier) if t.role == "user" and (text := _text(t))), "")
    pictures, other = _media(turn, "image"), _other(turn)
    fresh = bool(pictures or other)
    shown = [some for t in earlier if t.role == "user" and (some := _media(t, "image"))]
    if shown and _EARLIER.search(question.lower()):
        pictures = tuple(media for some in shown for media in some) + pictures
    elif not fresh:
        latest = next((t for t in reversed(earlier) if t.role == "user" and (_media(t, "image") or _other(t))), turn)
        pictures, other = _media(latest, "image"), _other(latest)
    files = _media(turn, "text") or next((m for t in reversed(earlier) if (m := _media(t, "text"))), ())
    return Conversation(
        question=question,
        system=prompt.system.strip(),
        pictures=pictures,
        fresh=fresh,
        given="\n".join(media.data.decode("utf-8", "replace") for media in files),
        told=tuple(text for t in earlier if t.role == "user" and (text := _text(t))),
        said=tuple(text for t in earlier if t.role == "model" and (text := _text(t))),
        results=results,
        other=other,
    )


def _text(turn: Turn) -> str:
    texts = [p.text.strip() for p in turn.pieces if isinstance(p, Part) and p.text and not p.thought]
    if len(texts) > 1:  # "Image 1:" before a picture is its name, not a question
        texts = [text for text in texts if not _CAPTION.fullmatch(text)] or texts
    return "\n".join(texts)


def _media(turn: Turn, kind: str) -> tuple[Media, ...]:
    return tuple(piece for piece in turn.pieces if isinstance(piece, Media) and piece.kind == kind)


def _other(turn: Turn) -> tuple[Media, ...]:
    return tuple(p for p in turn.pieces if isinstance(p, Media) and p.kind not in ("image", "text"))


def _results(turn: Turn) -> tuple[FunctionResponse, ...]:
    return tuple(p.function_response for p in turn.pieces if isinstance(p, Part) and p.function_response is not None)
