"""What a question about a document or a video points at: pages, moments; and how long there is to look.

A page or a frame is looked at as a picture, so the question is put as one about a picture; `Look` is what was seen.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pollux.engines.builtin.english import listing
from pollux.engines.builtin.scene import Scene
from pollux.media.handle import Media

SHARE = 0.5
"""Of the time that a request has left, as much may be spent on looking at pages and frames; then the answer is made
from what was seen by then."""
LONGEST = 60.0
"""Seconds that are spent on looking at most, and without a deadline."""

_NUMBER = r"(?:no\.? ?|number |#)?(\d{1,4})"
_PAGES = re.compile(rf"\b(?:pages?|slides?|sheets?|pp?\.) ?{_NUMBER}(?:(?: ?(?:-|–|to|through) ?)(\d{{1,4}}))?", re.I)
_MORE = re.compile(r"(?:,| and| &|, and) ?(\d{1,4})\b", re.I)
_ORDINAL = re.compile(
    r"\b(first|second|third|fourth|fifth|last|final|front|cover|\d{1,3}(?:st|nd|rd|th)) (?:page|slide|sheet)\b", re.I
)
_ORDER = {"first": 1, "front": 1, "cover": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "final": -1}
_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:\.(\d{1,3}))?"
_SECONDS = r"(\d{1,6}(?:\.\d{1,3})?) ?(?:s|secs?|seconds?)\b"
_TIME = re.compile(rf"(?:{_CLOCK}|{_SECONDS})", re.I)
_ENDS = re.compile(r"\b(?:at|in|from|near|towards?|until) the (?:very )?(beginning|start|end|middle)\b", re.I)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)['‘][^'’]+['’](?!\w)")
_RANGE = re.compile(r"^ ?(?:-|–|to|and|until|till|through) ?(?:the )?$", re.I)
_WORK = re.compile(
    r"\b(?:(?:this|the|that|my|attached|uploaded|following|given|whole|entire|short|above) )+"
    r"(?:pdf|document|file|paper|report|video|clip|recording|movie|film|footage|animation|deck|presentation)s?"
    r"(?: (?:file|document|clip))?\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Look:
    """One document or video, looked at: a scene for each place, and what the places are called ("page 3", "00:05")."""

    media: Media
    scenes: Sequence[Scene]
    places: Sequence[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time for looking, on the monotonic clock."""

    end: float = field(default_factory=lambda: time.monotonic() + LONGEST)

    @classmethod
    def of(cls, deadline: float | None) -> Budget:
        """A share of what is left until a deadline."""
        now = time.monotonic()
        left = LONGEST if deadline is None else max(deadline - now, 0.0) * SHARE
        return cls(now + min(left, LONGEST))

    @property
    def left(self) -> float:
        """Seconds; 0 when all is spent."""
        return max(self.end - time.monotonic(), 0.0)


Cancelled = Callable[[], bool]


def pages_named(text: str, count: int) -> tuple[int, ...]:
    """The pages that a question names, from 1, in their order; numbers past the last page among them."""
    found: list[int] = []
    text = _QUOTED.sub("", text)
    for match in _PAGES.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(first, min(last, first + 999) + 1) if last >= first else [first, last]
        at = match.end()
        while more := _MORE.match(text, at):
            found.append(int(more[1]))
            at = more.end()
    for match in _ORDINAL.finditer(text):
        word = match[1].lower()
        number = _ORDER[word] if word in _ORDER else int(re.sub(r"\D", "", word))
        found.append(number if number > 0 else count)
    return tuple(dict.fromkeys(found))


def times_named(text: str, start: float, end: float) -> list[tuple[float, float]]:
    """The moments and stretches, in seconds, that a question names."""
    text = _QUOTED.sub("", text)
    marks = [(match.start(), match.end(), _value(match)) for match in _TIME.finditer(text)]
    out: list[tuple[float, float]] = []
    at = 0
    while at < len(marks):
        _, stop, value = marks[at]
        if at + 1 < len(marks) and _RANGE.match(text[stop : marks[at + 1][0]]) and marks[at + 1][2] > value:
            out.append((value, marks[at + 1][2]))
            at += 2
            continue
        before = text[: marks[at][0]].rstrip().lower()
        if before.endswith("first"):
            out.append((start, start + value))
        elif before.endswith("last"):
            out.append((max(start, end - value), end))
        else:
            out.append((value, value))
        at += 1
    for match in _ENDS.finditer(text):
        where = {"end": end, "middle": (start + end) / 2}.get(match[1].lower(), start)
        out.append((where, where))
    return out


def _value(match: re.Match[str]) -> float:
    hours, minutes, seconds, rest, plain = match.groups()
    if plain is not None:
        return float(plain)
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{rest or 0}")


def as_of_a_picture(text: str, kind: str) -> str:
    """The question as if it were about a picture: pages and moments taken out, "the video" called "the picture"."""
    quotes = _QUOTED.findall(text)
    text = _QUOTED.sub("\0", text)
    word = "document" if kind == "document" else "picture"
    if kind == "document":
        text = re.sub(rf"\b(?:the )?(?:{_PAGES.pattern})(?:(?:,| and| &) ?\d{{1,4}})*", "the page", text, flags=re.I)
        text = _ORDINAL.sub("page", text)
    else:
        text = re.sub(
            rf",? ?(?:\b(?:at|around|about|between|from|to|until|and|in|after|by) )*(?:the (?:first|last) )?"
            rf"(?:{_TIME.pattern})(?: (?:mark|into|in))?",
            "",
            text,
            flags=re.I,
        )
        text = _ENDS.sub("", text)
    text = re.sub(r" +([?.!,])", r"\1", _WORK.sub(f"the {word}", text)).strip(" ,")
    for quote in quotes:
        text = text.replace("\0", quote, 1)
    return text


def spoken(places: Sequence[str]) -> str:
    """ "page 1", "pages 1 to 3 and 7", "00:00, 00:02 and 00:04"."""
    numbers = [int(place.removeprefix("page ")) for place in places if place.startswith("page ")]
    if not numbers or len(numbers) < len(places):
        return listing(list(places))
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said: list[str] = []
    for run in runs:
        said += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    return f"page{'s' if len(set(numbers)) > 1 else ''} {listing(said)}"


def called(said: str, word: str) -> str:
    """ "The picture" called "the document" or "the video", outside quotes."""
    parts = re.split(r'("[^"]*"|“[^”]*”)', said)
    parts[::2] = [re.sub(r"\b([Tt]he) picture\b", rf"\1 {word}", part) for part in parts[::2]]
    return "".join(parts)
