"""What is said of a document: from its pages, and which of them it stands on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pollux.engines.builtin.aim import Look, called, spoken
from pollux.engines.builtin.english import capital, key
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.leafing import pages, scroll
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import Question
from pollux.engines.builtin.view import HOW_TO_PLUG_IN
from pollux.media.handle import Media

Ask = Callable[[Question, Sequence[Scene]], str]
"""Answers a question from scenes."""

_HOW_MANY = re.compile(
    r"\bhow many (?:pages|slides|sheets)\b|\b(?:number of|count (?:the|its)) (?:pages|slides)\b", re.I
)
_HOW_LARGE = re.compile(r"\b(?:page|paper) (?:size|format|dimensions)\b|\bsize of the (?:page|paper)s?\b", re.I)
MOST_SUMMED = 6  # pages that are each summed up; more are taken together
_MISSED = re.compile(r"^I cannot find|^I (?:looked|see no)|\bcannot (?:find|answer|count|pick out)\b|\bfound none\b")
_PAPERS = ((595, 842, "A4"), (612, 792, "US Letter"), (420, 595, "A5"), (842, 1191, "A3"), (612, 1008, "US Legal"))


def of_itself(question: Question, media: Media) -> str | None:
    """What needs no look: how many pages, how large."""
    if _HOW_MANY.search(question.text):
        return f"The document has {pages(len(media.pages))}."
    if _HOW_LARGE.search(question.text):
        return _size(media)
    return None


def _size(media: Media) -> str:
    width, height = media.pages[0].width, media.pages[0].height
    short, long = sorted((width, height))
    name = next((f" ({n})" for w, h, n in _PAPERS if abs(w - short) < 4 and abs(h - long) < 4), "")
    same = all(abs(p.width - width) < 1 and abs(p.height - height) < 1 for p in media.pages)
    lead = "The pages measure" if same and len(media.pages) > 1 else "The first page measures"
    lead = "The page measures" if len(media.pages) == 1 else lead
    return f"{lead} {width * 25.4 / 72:.0f} x {height * 25.4 / 72:.0f} mm{name}."


def from_looks(question: Question, looks: Iterable[Look], count: int, ask: Ask) -> str:
    """The answer of the first look that has one, and where it was found; else what the first look says.

    What can be neither counted nor seen on a page may be said there in words: that is tried last.
    """
    seen: list[Look] = []
    notes: list[str] = []
    first = ""
    for look in looks:
        notes += [look.note] if look.note else []
        if look.scenes:
            seen.append(look)
            said = _said(question, look, ask)
            if not _missed(said):
                return _joined(notes, said, _source(question, said, seen, count))
            first = first or said
    for intent in (Intent.VALUE, Intent.OPEN):
        for look in seen if intent is not question.intent else ():
            said = _said(replace(question, intent=intent), look, ask)
            if not _missed(said):
                return _joined(notes, said, _source(question, said, seen, count))
    if seen:
        return _joined(notes, first, f"(I looked at {spoken(_places(seen))} of {count:,}.)")
    return " ".join(notes) or "I had no time to look at a page. Give the request more time, or name the page."


def _places(looks: Iterable[Look]) -> list[str]:
    return [place for look in looks for place in look.places]


def _said(question: Question, look: Look, ask: Ask) -> str:
    """The answer; a few pages are summed up one by one."""
    if question.intent is Intent.SUMMARISE and 1 < len(look.scenes) <= MOST_SUMMED:
        each = [ask(question, [scene]) for scene in look.scenes]
        said = "\n".join(f"{capital(place)}: {one}" for place, one in zip(look.places, each, strict=True))
    else:
        said = ask(question, shown(question, look))
    return called(said, "document")


def shown(question: Question, look: Look) -> list[Scene]:
    """One long page of those looked at; for a description of several, the first."""
    if question.intent in (Intent.DESCRIBE, Intent.CAPTION, Intent.ALT, Intent.KIND) and len(look.scenes) > 1:
        return [look.scenes[0]]
    return [scroll(look.scenes)]


def _missed(said: str) -> bool:
    return HOW_TO_PLUG_IN in said or bool(_MISSED.search(said))


def _joined(notes: Sequence[str], said: str, source: str) -> str:
    apart = "\n\n" if "\n" in said else " "
    return " ".join(notes) + (" " if notes else "") + (said + apart + source if source else said)


def _source(question: Question, said: str, looks: Sequence[Look], count: int) -> str:
    """On which page an answer stands: the one with most of its words that the question does not have."""
    places = _places(looks)
    if question.intent in (Intent.DESCRIBE, Intent.CAPTION, Intent.ALT, Intent.KIND):
        places = places[:1]
    fresh = set(key(said)) - set(key(question.text))
    hits = [len(fresh & set(key(scene.text))) for look in looks for scene in look.scenes]
    whole = question.intent in (Intent.READ, Intent.SUMMARISE)
    if not whole and len(places) > 1 and max(hits) > 0 and hits.count(max(hits)) == 1:
        found = places[hits.index(max(hits))]
        return f"(Found on {found}; I looked at {spoken(places)} of {count:,}.)"
    return f"(I looked at {spoken(places)} of {count:,}.)"
