"""What is this?  The main subject, as exactly as the classifier is sure of it."""

from __future__ import annotations

import re

from pollux.engines.builtin import facts
from pollux.engines.builtin.answers.describe import noun_phrase
from pollux.engines.builtin.english import article, capital, key, listing, sentence
from pollux.engines.builtin.kinds import GENERAL, is_kind, plain_word
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, View

_BREED = re.compile(r"\b(?:breed|species|kind|type|sort|variety)\b", re.I)
_VAGUE = {
    "object",
    "thing",
    "item",
    "subject",
    "product",
    "image",
    "picture",
    "photo",
    "focus",
    "topic",
    "element",
    "this",
    "place",
}


def identify(view: View) -> str:
    """A name, or what the picture is when it has no single subject."""
    scene, main = view.scene, facts.subject(view.scene)
    asked = " ".join(word for word in key(view.question.subject) if word not in _VAGUE)
    if main is not None and main.family and not asked and _BREED.search(view.question.text):
        asked = main.family
    if main is None or scene.kind != "photograph":
        return sentence(f"{view.frames.pick('This is', 'It is')} {noun_phrase(scene)}")
    if asked and _asks_for_kind(view, asked):
        return _one_of(view, asked)
    if view.manner.form == "word":
        return capital((main.family or main.name).split()[-1]) + "."
    person = facts.people(scene)
    if person:
        return sentence(f"This is a photograph of {facts.subject_phrase(scene)}")
    if scene.lines:
        return sentence(f"This is {noun_phrase(scene)}")
    leads = ("It looks like", "This looks like") if main.score >= facts.LIKELY else ("It may be", "This may be")
    lead = view.frames.pick("This is", "It is") if main.sure else view.frames.pick(*leads)
    return sentence(f"{lead} {article(main.name)}{_family(main)}") + _doubt(view, main)


def _family(main: facts.Subject) -> str:
    return f", a kind of {main.family}" if main.family and main.sure and main.family not in main.name.lower() else ""


def _doubt(view: View, main: facts.Subject) -> str:
    if main.sure:
        return ""
    others = [label.name for label in view.scene.labels if label.name != main.name and label.score >= 0.05][:2]
    return f" It might also be {listing([article(name) for name in others], 'or')}." if others else " I am not sure."


def _asks_for_kind(view: View, asked: str) -> bool:
    noun = plain_word(asked.split()[-1])
    known = {label.family for label in view.scene.labels} | GENERAL
    return noun in known or bool(_BREED.search(view.question.text)) or is_kind(noun, known)


def _one_of(view: View, asked: str) -> str:
    """ "What breed of dog": the best label that is one; honestly none otherwise."""
    noun = plain_word(asked.split()[-1])
    fitting = [label for label in view.scene.labels if is_kind(noun, (label.name, *label.names, label.family))]
    if noun in ("breed", "specie", "kind", "type", "sort"):
        fitting = list(view.scene.labels)
    if not fitting or fitting[0].score < 0.05:
        return sentence(f"I see no {noun}: the picture is {noun_phrase(view.scene)}")
    best = fitting[0]
    main = facts.subject(view.scene)
    if main and main.name == main.family and not _BREED.search(view.question.text):
        kinds = [article(label.name) for label in fitting[:2] if label.score >= 0.1]
        more = f"; more exactly perhaps {listing(kinds, 'or')}" if kinds and view.manner.form != "word" else ""
        return sentence(f"{'It is' if main.sure else 'Most likely'} {article(main.name)}{more}")
    if view.manner.form == "word":
        return (
            capital((best.family if not _BREED.search(view.question.text) and best.family else best.name).split()[-1])
            + "."
        )
    sure = best.score >= (facts.EXACT if best.family else facts.SURE)
    exact = facts.Subject(best.name, best.family, best.score)
    rest = [label.name for label in fitting[1:3] if label.score >= 0.05]
    also = f" It might also be {listing([article(name) for name in rest], 'or')}." if rest and not sure else ""
    mass = sum(label.score for label in fitting)
    lead = "It is" if sure else "Most likely" if mass >= facts.SURE else "Perhaps"
    return sentence(f"{lead} {article(best.name)}{_family(exact)}") + also


def who(view: View) -> str:
    """Nobody is named; what is seen of them is told."""
    whom = "" if view.scene.kind == "document" else " who somebody is"
    return f"I cannot tell{whom}. {sentence(f'What I see is {noun_phrase(view.scene)}')} {HOW_TO_PLUG_IN}"
