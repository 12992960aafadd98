"""The manner an answer is wanted in: how long, in what form.  Read from the prompt, then obeyed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from pollux.engines.builtin.english import NUMBERS, capital, sentences

Form = Literal["prose", "word", "list", "json"]

_NUMBER = r"(\d+|" + "|".join(NUMBERS[1:]) + ")"
_LEAD = r"(?:please )?(?:(?:answer|reply|respond|return|output|keep it|give(?: me)?)\s+)?"
LANGUAGES = (
    "german|french|spanish|italian|portuguese|dutch|russian|chinese|japanese|korean|arabic|hindi|polish|turkish|"
    "swedish|danish|norwegian|finnish|greek|latin|ukrainian|czech"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "foreign",
        re.compile(
            rf"\b(?:please )?(?:answer|reply|respond|write|speak|talk)(?: only| always| to me)? in (?:{LANGUAGES})\b"
            r"(?: only| please)?[:,]?",
            re.I,
        ),
    ),
    (
        "word",
        re.compile(
            rf"{_LEAD}\b(?:in|with|using|as) (?:only )?(?:one|a single|1)[- ]word\b(?: only)?|\bone[- ]word answer\b",
            re.I,
        ),
    ),
    (
        "words",
        re.compile(
            rf"{_LEAD}\b(?:in|with|using|at most|no more than|under|up to|max(?:imum)?(?: of)?|"
            rf"within|fewer than|less than)(?: (?:at most|no more than|under|exactly|about|only|less "
            rf"than|fewer than))? {_NUMBER} words?(?: or (?:less|fewer))?",
            re.I,
        ),
    ),
    (
        "sentences",
        re.compile(
            rf"{_LEAD}\b(?:in|with|using|at most|no more than)(?: (?:at most|exactly|just|only|"
            rf"about))? (?:{_NUMBER}|an?|a single)(?: (?:short|brief|simple|full|complete))? "
            rf"sentences?\b",
            re.I,
        ),
    ),
    (
        "json",
        re.compile(
            rf"{_LEAD}\b(?:in|as|using|only|with)\b[^.?!]{{0,30}}?\bjson\b(?: format| object| "
            rf"array)?(?: only)?|\bjson (?:only|output|format)\b",
            re.I,
        ),
    ),
    (
        "list",
        re.compile(
            rf"{_LEAD}\b(?:as|in|using|with)(?: an?)?(?: \w+)? ?(?:list|bullets?|bullet points|"
            rf"bulleted list)\b(?: form(?:at)?)?|\bbullet(?:ed)? (?:points|list)\b",
            re.I,
        ),
    ),
    (
        "only",
        re.compile(
            r"\b(?:answer|reply|respond)(?: with)? (?:only )?the \w+(?: \w+)? (?:only|alone)\b|"
            r"\b(?:just|only) (?:answer|reply|respond|say|return|output) (?:with )?(?:yes or no|the "
            r"\w+)\b|\b(?:answer|reply|respond) (?:with )?(?:only |just )?(?:yes or no|yes/no)(?: "
            r"only)?",
            re.I,
        ),
    ),
    (
        "brief",
        re.compile(
            r"\b(?:please )?(?:be|keep it|answer|reply|respond)? ?(?:very "
            r")?(?:brief(?:ly)?|short(?:ly)?|concise(?:ly)?|succinct(?:ly)?|terse(?:ly)?|in short|"
            r"in brief)\b(?: (?:answers?|and to the point))?",
            re.I,
        ),
    ),
    (
        "detailed",
        re.compile(
            r"\b(?:in (?:great |full |as much )?detail|detailed(?:ly)?|thorough(?:ly)?|as much "
            r"detail as (?:you can|possible)|elaborate)\b",
            re.I,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How to answer: at most `words` words and `sentences` sentences (0: as many as it takes), in one form.

    `foreign` tells that another language than English is wanted, which this engine cannot give.
    """

    form: Form = "prose"
    words: int = 0
    sentences: int = 0
    brief: bool = False
    detailed: bool = False
    foreign: bool = False


def manner(*texts: str) -> tuple[Manner, str]:
    """The manner wanted by any of the texts (the last one wins), and the last text without what it said of manner."""
    wanted, rest = Manner(), ""
    for text in texts:
        rest = text
        for name, pattern in _PATTERNS:
            if match := pattern.search(rest):
                wanted = _with(wanted, name, next((g for g in match.groups() if g), ""))
                if name not in ("detailed",) and not _load_bearing(name, rest):
                    rest = (rest[: match.start()] + " " + rest[match.end() :]).strip(" ,;:\n")
    return wanted, re.sub(r"[ \t]{2,}", " ", re.sub(r"\s+([.?!,])", r"\1", rest)).strip()


def _load_bearing(name: str, text: str) -> bool:
    """ "A short caption" is still a request for a caption: its words stay."""
    if name == "only":
        return bool(re.search(r"\bthe \w+(?: \w+)? (?:only|alone)\b", text, re.I))
    return name == "brief" and bool(re.search(r"\b(?:short|brief|concise)\b (?!answer)[a-z]", text, re.I))


def _with(wanted: Manner, name: str, number: str) -> Manner:
    count = int(number) if number.isdigit() else NUMBERS.index(number.lower()) if number else 1
    match name:
        case "foreign":
            return replace(wanted, foreign=True)
        case "word":
            return replace(wanted, form="word")
        case "words":
            return replace(wanted, words=count)
        case "sentences":
            return replace(wanted, sentences=count)
        case "json":
            return replace(wanted, form="json")
        case "list":
            return replace(wanted, form="list")
        case "only":
            return replace(wanted, brief=True)
        case "brief":
            return replace(wanted, brief=True)
        case _:
            return replace(wanted, detailed=True)


def shaped(text: str, wanted: Manner) -> str:
    """The answer in the manner wanted: whole sentences are dropped first, then words are cut at the end."""
    if wanted.form == "list" and "\n" not in text and len(found := sentences(text)) > 1:
        text = "\n".join(f"- {one}" for one in found)
    if wanted.sentences:
        text = _first(text, wanted.sentences)
    elif wanted.brief and len(text) < 400:
        text = _first(text, 1)
    if wanted.words and len(text.split()) > wanted.words:
        text = _fewer(text, wanted.words)
    return text


def _first(text: str, count: int) -> str:
    found = sentences(text)
    return text if len(found) <= count else " ".join(capital(one) for one in found[:count])


def _fewer(text: str, count: int) -> str:
    kept: list[str] = []
    for one in sentences(text):
        if kept and len(" ".join([*kept, one]).split()) > count:
            break
        kept.append(one)
    cut = " ".join(kept).split()
    if len(cut) <= count:
        return " ".join(cut)
    cut = cut[:count]
    while len(cut) > 1 and cut[-1].lower().strip(",;:") in (
        "a",
        "an",
        "the",
        "and",
        "of",
        "with",
        "on",
        "in",
        "is",
        "or",
    ):
        cut.pop()
    return " ".join(cut).rstrip(",;:") + "."
