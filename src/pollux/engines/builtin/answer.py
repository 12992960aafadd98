"""Scene and intent to an answer: one table of who answers what, and what is said when nobody can."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pollux.engines.builtin import facts
from pollux.engines.builtin.answers import (
    choose,
    colour,
    compare,
    count,
    describe,
    direct,
    identify,
    odd,
    presence,
    reading,
    text_only,
    where,
)
from pollux.engines.builtin.english import capital, quoted, sentence, words
from pollux.engines.builtin.filling import facets
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.manner import shaped
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import Question
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, View

_ANSWERS: dict[Intent, Callable[[View], str | None]] = {
    Intent.DESCRIBE: describe.describe,
    Intent.CAPTION: describe.caption,
    Intent.ALT: describe.alt_text,
    Intent.TAGS: describe.tags,
    Intent.KIND: describe.kind,
    Intent.SIZE: describe.size,
    Intent.READ: reading.read,
    Intent.TITLE: reading.title,
    Intent.SUMMARISE: reading.summarise,
    Intent.LANGUAGE: reading.language,
    Intent.DECODE: reading.decode,
    Intent.VALUE: lambda view: (
        where.which(view) or _each_value(view) or reading.value(view) or where.picked(view) or _known(view)
    ),
    Intent.CHOOSE: choose.choose,
    Intent.COUNT: count.count,
    Intent.COLOUR: colour.answer,
    Intent.WHERE: where.where,
    Intent.PRESENCE: presence.answer,
    Intent.IDENTIFY: identify.identify,
    Intent.WHO: lambda view: (reading.who(view) or _known(view) if view.scene.lines else None) or identify.who(view),
    Intent.AT: where.what_is_at,
}
_OVER_ALL: dict[Intent, Callable[[View], str]] = {Intent.COMPARE: compare.compare}

# Intents that need the letters in the picture, whatever the cheap look says.
_READS = frozenset({Intent.READ, Intent.TITLE, Intent.SUMMARISE, Intent.LANGUAGE, Intent.TRANSLATE})
_LETTERS = re.compile(
    r"\b(?:text|words?|lines?|letters?|numbers?|say|says|read|written|title|heading|sign|label|mention|receipt|invoice|document|"
    r"page|total|date|price)\b",
    re.IGNORECASE,
)
# Questions whose words are kept as the answer: no shortening of what stands in the picture.
_WHOLE = frozenset({Intent.READ, Intent.DECODE})


def needs_reading(questions: Sequence[Question], schema: Mapping[str, Any] | None = None) -> str:
    """ "always" where the letters are asked for, "perhaps" where they may help, "" where perception decides."""
    asked = [q for q in questions if q.intent not in (Intent.CAPTION, Intent.DESCRIBE, Intent.ALT)]
    if any(q.intent in _READS or q.quotes or _LETTERS.search(q.text) for q in asked):
        return "always"
    return (
        "perhaps"
        if schema is not None or any(q.intent in (Intent.VALUE, Intent.OPEN, Intent.WHO) for q in asked)
        else ""
    )


def respond(view: View) -> str:
    """The answer to one question, in the manner wanted."""
    if not view.scenes:
        text = text_only.answer(view)
    elif view.question.intent in _OVER_ALL:
        text = _OVER_ALL[view.question.intent](view)
    else:
        text = _over_pictures(view)
    if len(view.scenes) > 1 and view.question.intent not in _OVER_ALL:
        return text  # each picture's answer is in shape already
    return _shaped(view, text)


def _shaped(view: View, text: str) -> str:
    return text if view.question.intent in _WHOLE else shaped(text, view.manner)


def _over_pictures(view: View) -> str:
    """One picture: its answer.  Several: each its own, or one when they agree."""
    picked = _picked(view)
    if len(picked) == 1 or view.question.intent in (Intent.PAINT, Intent.CREATE):
        return _single(replace(view, scenes=picked[:1]))
    if view.question.intent is Intent.COUNT and re.match(r"(?:image|picture|photo)s?\b", view.question.subject):
        return _single(view)
    said = [_shaped(view, _single(replace(view, scenes=[scene]))) for scene in picked]
    if len(set(said)) == 1:
        return said[0]
    return "\n".join(f"Picture {i}: {text}" for i, text in enumerate(said, 1))


def _picked(view: View) -> Sequence[Scene]:
    """The one picture meant by "the second image", else all."""
    number = view.question.picture
    if number and abs(number) <= len(view.scenes):
        return [view.scenes[number - 1 if number > 0 else number]]
    return view.scenes


def _single(view: View) -> str:
    handler = _ANSWERS.get(view.question.intent)
    answer = odd.among(view) or direct.answer(view) or (handler(view) if handler else None)
    return answer if answer is not None else _beyond(view)


def _each_value(view: View) -> str | None:
    """Several values asked for at once ("the email and phone number"), when all are there."""
    parts = [part for part in re.split(r",|\band\b", view.question.subject) if part.strip()]
    if len(parts) < 2:
        return None
    asked = [replace(view, question=replace(view.question, text=part, subject=part.strip())) for part in parts]
    said = [reading.value(one) or _known(one) for one in asked]
    return " ".join(one for one in said if one) if all(said) else None


def _known(view: View) -> str | None:
    """A fact of the scene that goes by the name asked for ("the shop", "the address")."""
    noun = re.split(r"\b(?:is|are|was|were|does|did|do|has|have)\b", view.question.subject)[0].strip()
    found = facets.string(view.scene, " ".join(words(noun)))
    if not found:
        return None
    return found if view.manner.brief or view.manner.form == "word" else sentence(f"The {noun} is {found}")


def _beyond(view: View) -> str:
    """What this engine cannot do or does not know: the nearest words in the picture, or what it did see."""
    intent, scene = view.question.intent, view.scene
    seen = describe.noun_phrase(scene)
    match intent:
        case Intent.PAINT:
            return (
                f"This model answers in text only, so I cannot make or change pictures. "
                f"{sentence(f'What I see is {seen}')} {HOW_TO_PLUG_IN}"
            )
        case Intent.TRANSLATE if scene.lines:
            return f"I cannot translate. The text reads {facts.text_span(scene.lines, 300)}. {HOW_TO_PLUG_IN}"
        case Intent.CREATE | Intent.TRANSLATE:
            return (
                f"{sentence(_cannot(view, 'make that up' if intent is Intent.CREATE else 'translate'))} "
                f"{sentence(f'What I see is {seen}')} {HOW_TO_PLUG_IN}"
            )
    if text_only.HELLO.match(view.question.text):
        return f"Hello! {sentence(f'What I see is {seen}')}"
    if said := reading.times(view):
        return said
    if line := reading.best_line(view):
        return sentence(
            f"{view.frames.pick('The text that comes nearest is', 'Nearest to that, it says')} {quoted(line, 240)}"
        )
    if told := text_only.recall(view):
        return told
    missing = "I cannot find that in the text" if intent is Intent.VALUE and scene.lines else "I cannot tell that"
    return f"{sentence(missing)} {sentence(f'What I see is {seen}')} {HOW_TO_PLUG_IN}"


def _cannot(view: View, what: str) -> str:
    return view.frames.pick(f"I cannot {what}", f"{capital('this engine')} cannot {what}")
