"""Words of a chat that are about an edit made before: undo it, more of it, the same for another picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.builtin.edit import shades
from pollux.engines.builtin.edit.read import read
from pollux.engines.builtin.edit.words import materials, number, plain
from pollux.media.handle import Media

_LEAD = r"\W*(?:(?:please|now|ok|okay|and|then|no|hm+|great|nice|thanks|can you|could you)\b\W*)*"
_UNDO = re.compile(
    rf"{_LEAD}(?:undo|revert|(?:go|change it|put it|turn it|take it|switch) back|take that back|"
    r"(?:restore|bring back|give me back|return to|show)(?: me)? (?:the )?(?:original|previous|last|earlier)|"
    r"reset)\b",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(r"\b(?:original|first (?:picture|image|photo|version)|beginning|start|reset)\b", re.IGNORECASE)
_MORE = re.compile(
    rf"{_LEAD}(?:make it |do it |do that |a |just a )*(?P<much>(?:little |tiny )?bit |little |touch |lot |much |even |"
    r"slightly |some )?(?:more|stronger|again|further)(?: please| of (?:that|it)| intense| so| strongly)?\W*",
    re.IGNORECASE,
)
_SAME = re.compile(
    rf"{_LEAD}(?:(?:do|apply|make|repeat) )?(?:exactly )?(?:the same|that|this|likewise|it)(?: thing| change| edit)? "
    r"(?:again )?(?:for|to|with|on) (?:the )?(?:(?P<nth>first|second|third|fourth|other|last|next)\b|(?:image|picture|"
    r"photo) (?P<n>\d{1,2}))",
    re.IGNORECASE,
)
_IT = re.compile(
    rf"{_LEAD}(?:make|turn|paint|colou?r|recolou?r|change) (?:it|them|that) (?:in|into|to )?(?P<look>[\w -]{{3,40}}?)"
    r"(?: instead| please| again)?\W*",
    re.IGNORECASE,
)
_SMALL = re.compile(r"\b(?:bit|little|touch|slightly|tiny)\b", re.IGNORECASE)
_NTH = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Follow:
    """What a short word means after edits: `text` to be done to `pictures`; an empty text gives the picture itself."""

    text: str
    pictures: tuple[Media, ...]


def follow(text: str, told: Sequence[str], given: Sequence[tuple[Media, ...]], made: Sequence[Media]) -> Follow | None:
    """The meaning of a text that leans on the edits before it; None for a text that stands for itself.

    `told` are the user's earlier texts, `given` the pictures of each turn that brought some, `made` all pictures of the
    chat in order, those of the answers included.
    """
    if _UNDO.match(text) and made:
        back = given[0][0] if _ORIGINAL.search(text) and given else made[-2] if len(made) > 1 else made[-1]
        return Follow("", (back,))
    before = next((one for one in reversed(told) if not _leans(one)), "")
    if not before or not made:
        return None
    more = _MORE.fullmatch(text)
    if more:
        return Follow(f"{before.rstrip(' .!')} a bit" if _SMALL.search(more["much"] or "") else before, (made[-1],))
    look = _look_of_it(text)
    if look:  # "make it yellow" after "make the cup green": the cup
        thing = next((one.thing for one in read(before, 1) if one.kind == "recolour" and one.thing), "")
        alone = len(told) > 0 and told[-1] == before and len(made) > 1 and len(given[-1:] and given[-1]) == 1
        source = made[-2] if alone else made[-1]  # a new colour in place of the last one, not over it
        return Follow(f"make the {thing} {look}", (source,)) if thing else None
    same = _SAME.match(text)
    if same and given and len(given[-1]) > 1:
        return Follow(before, (_meant(same, given[-1]),))
    return None


def _leans(text: str) -> bool:
    return any(one.match(text) for one in (_UNDO, _SAME)) or bool(_MORE.fullmatch(text) or _look_of_it(text))


def _look_of_it(text: str) -> str:
    """The colour or material that "it" is to have; "" for a text that asks for something else."""
    it = _IT.fullmatch(text)
    named = it and (shades.find(it["look"]) or materials(it["look"])) and not plain(it["look"], shades.NAMES)
    return it["look"] if it and named else ""


def _meant(same: re.Match[str], pictures: tuple[Media, ...]) -> Media:
    nth = (same["nth"] or "").lower()
    if nth in _NTH:
        at = _NTH.index(nth)
    elif same["n"]:
        at = number(same["n"]) - 1
    else:
        at = len(pictures) - 1 if nth == "last" else 1
    return pictures[min(max(at, 0), len(pictures) - 1)]
