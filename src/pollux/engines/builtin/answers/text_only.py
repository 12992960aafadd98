"""Prompts without a picture: what can be worked out or was told is answered, the rest is honestly declined."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pollux.engines.builtin import pairs
from pollux.engines.builtin.answers import choose, reading, sums
from pollux.engines.builtin.english import article, capital, key, quoted, sentence, sentences, words
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, View

HELLO = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b[\s!,.]*(?:there|"
    r"everyone)?[\s!,.]*(?:how are you(?: today)?\??)?$",
    re.I,
)
_SELF = re.compile(
    r"\bwho are you\b|\bwhat are you\b|\bwhat can you do\b|\bwhat(?:'s| is) your name\b|\bwhich "
    r"model\b|\bhow can you help\b|\bintroduce yourself\b",
    re.I,
)
_THANKS = re.compile(r"^(?:thanks?|thank you|cheers|great|ok(?:ay)?|bye|goodbye)\b[^?]{0,30}$", re.I)
_FACT = re.compile(
    r"\b(?:is|are|am|was|were|have|has|had|live|lives|like|likes|love|loves|work|works|called|named|'m|'re|'ve)\b", re.I
)
_WRITTEN = re.compile(
    r"\b(poem|haiku|story|joke|song|essay|code|function|script|program|email|letter|blog|article|slogan|tweet|post|"
    r"recipe|limerick|lyrics|dialogue|speech)\b",
    re.IGNORECASE,
)
_OF_PICTURES = frozenset(
    {
        Intent.DESCRIBE,
        Intent.CAPTION,
        Intent.READ,
        Intent.IDENTIFY,
        Intent.ALT,
        Intent.COUNT,
        Intent.COLOUR,
        Intent.WHERE,
        Intent.BOXES,
        Intent.COMPARE,
        Intent.TAGS,
        Intent.AT,
        Intent.KIND,
    }
)
ABLE = (
    "describe pictures, read their text, find values in documents, decode codes, compare pictures and fill JSON schemas"
)
# Four questions after a told fact score 0.50 to 0.64 with it, four about something else at most 0.17.
NEAR = 0.42


def answer(view: View) -> str:
    """A true short reply to words alone."""
    text = view.question.text.strip()
    if HELLO.match(text):
        return f"{view.frames.pick('Hello!', 'Hi!')} Show me a picture and ask about it."
    if _THANKS.match(text):
        return view.frames.pick("You are welcome.", "Glad to help.")
    if _SELF.search(text):
        return f"I am Pollux's built-in engine. I {ABLE}; with words alone I can do little. {HOW_TO_PLUG_IN}"
    if (done := sums.sure(text)) is not None:
        return done
    return _from_words(view, text) or decline(view)


def _from_words(view: View, text: str) -> str | None:
    """From text given in the prompt, in a file, or earlier."""
    if view.question.intent in (Intent.CREATE, Intent.TRANSLATE, Intent.PAINT):
        return None
    if view.question.intent is Intent.CHOOSE and len(view.question.options) > 1 and (body := _body(text)):
        fit = choose.among_texts(body, view.question.options, view.meaning)
        return sentence(capital(fit.label))
    source = view.talk.given or _body(text)
    if source and view.question.intent is Intent.SUMMARISE:
        return " ".join(reading.gist(source, 2))
    if source and view.question.intent is Intent.LANGUAGE and (name := reading.language_of(source)):
        return f"The text is in {name}."
    if source and (found := _found(view, source)):
        return found
    if _is_statement(text):
        return f"Noted: {quoted(text, 120)}"
    return recall(view)


def _body(text: str) -> str:
    """The text that a prompt brings along: in quotes, after a colon, or below its first line."""
    quotes = re.search(r'"([^"]{12,})"|“([^”]{12,})”', text, re.DOTALL)
    if quotes:
        return quotes.group(1) or quotes.group(2)
    first, _, rest = text.partition("\n")
    if len(words(rest)) > 3:
        return rest if not rest.strip().endswith("?") else "\n".join(text.splitlines()[:-1])
    _, colon, tail = first.partition(": ")
    if colon and len(words(tail)) > 3:
        return tail
    said = [one for one in sentences(text) if not one.endswith("?")]
    return " ".join(said) if said and len(sentences(text)) > len(said) and not _asks(said[0]) else ""


def _asks(text: str) -> bool:
    return bool(re.match(r"(?:please|write|tell|give|explain|describe|list|translate|create|make)\b", text, re.I))


def _found(view: View, source: str) -> str | None:
    question = _ask(view.question.text)
    lines = source.splitlines()
    wanted = view.question.subject or question
    found = pairs.search(pairs.text_pairs(source), lines, wanted, view.meaning)
    if found and found.score >= 0.8:
        return sentence(f"{found.label}: {found.value}")
    return _nearest(view, question, sentences(source), 0.38)


def _ask(text: str) -> str:
    asked = [one for one in sentences(text) if one.endswith("?")]
    return asked[-1] if asked else text.partition(":")[0]


def _nearest(view: View, question: str, lines: Sequence[str], least: float) -> str | None:
    kept = [line for line in lines if line.strip() and not line.endswith("?") and line != question][:400]
    index, score = view.meaning.best(question, kept)
    return sentence(kept[index]) if score >= least else None


def _is_statement(text: str) -> bool:
    personal = re.match(r"(?:my|i|i'm|i've|we|our|remember|note|the)\b", text, re.I)
    return bool(personal and _FACT.search(text)) and not text.rstrip().endswith("?") and len(text) < 300


def recall(view: View) -> str | None:
    """What the user said earlier that the question is about."""
    text = view.question.text
    facts = [one for told in view.talk.told for one in sentences(told) if not one.endswith("?") and not _asks(one)]
    asked = set(key(text)) - {"my"}
    best = max(facts, key=lambda one: len(asked & set(key(one))), default="")
    if best and asked and asked <= set(key(best)):
        return f"You told me: {quoted(best)}"
    near = _nearest(view, text, facts, NEAR)
    return f"You told me: {quoted(near)}" if near else None


def decline(view: View) -> str:
    """What is missing, named after what was asked."""
    text, intent = view.question.text, view.question.intent
    if intent is Intent.PAINT:
        return f"This model answers in text only, so I cannot make or change pictures. {HOW_TO_PLUG_IN}"
    if intent in _OF_PICTURES and re.search(r"\b(?:images?|pictures?|photos?|this|it|see)\b", text, re.I):
        return f"There is no picture in this conversation yet. Send one, and I will {_will(view)}."
    if intent is Intent.TRANSLATE:
        said = "I cannot translate"
    elif intent is Intent.CREATE and (kind := _WRITTEN.search(text)):
        about = re.search(r"\babout ([^.?!]{2,60})", text)
        said = f"I cannot write {_some(kind.group(1).lower())}{f' about {about.group(1)}' if about else ''}"
    else:
        said = f"I cannot answer {quoted(text, 80)}"
    return f"{said}: the built-in engine looks at pictures and knows nothing of the world. {HOW_TO_PLUG_IN}"


def _some(kind: str) -> str:
    return kind if kind in ("code", "lyrics") else article(kind)


def _will(view: View) -> str:
    return {Intent.READ: "read it", Intent.CAPTION: "caption it", Intent.COMPARE: "compare"}.get(
        view.question.intent, "look at it"
    )
