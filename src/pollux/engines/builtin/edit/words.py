"""The editor's words: colours and materials in a phrase, phrases made bare, numbers, and what quotes hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pollux.engines.builtin.english import NUMBERS, singular

LONGEST = 6000  # characters of a prompt that are read
_MARK = "\ue000"  # a private character stands before the number of a quotation taken out of a text
_QUOTED = re.compile(r'"([^"]{1,300})"|“([^”]{1,300})”|‘([^’]{1,300})’|(?<!\w)\'([^\']{1,300})\'(?!\w)')
_HELD = re.compile(_MARK + r"(\d{1,3})")


def kinds(text: str) -> frozenset[str]:
    """The words of a list as a set."""
    return frozenset(text.split())


MATERIALS = {
    "leather": "leather", "suede": "leather", "wood": "wood", "wooden": "wood", "oak": "wood", "walnut": "wood",
    "mahogany": "wood", "gold": "gold", "golden": "gold", "gilded": "gold", "brass": "gold", "silver": "silver",
    "chrome": "silver", "steel": "silver", "metal": "silver", "metallic": "silver", "aluminium": "silver",
    "aluminum": "silver", "copper": "copper", "bronze": "copper", "marble": "marble", "stone": "stone",
    "concrete": "stone", "granite": "stone", "denim": "denim", "velvet": "velvet", "satin": "velvet", "silk": "velvet",
    "knitted": "knit", "knit": "knit", "wool": "knit", "woollen": "knit", "woolen": "knit",
}  # fmt: skip
"""Words for materials, and which of the editor's textures stands for them."""

_SKIPPED = kinds(
    "a an the this that these those my our your his her its their some any only just very please entire "
    "whole all of both existing current same such provided given attached original image picture photo "
    "photograph scene"
)
_LOOKS = kinds(
    "vintage modern classic retro shiny glossy matte mat bright dark light pale deep vivid "
    "vibrant rich soft new old antique rustic elegant luxurious polished worn plain solid neon pastel "
    "tone toned coloured colored colour color hue shade version one style material made fabric cloth kind "
    "type texture textured finish paint painted look looking more slightly warm cool cold royal navy sky "
    "hot"
)

PLACES = kinds(
    "beach forest wood city park office kitchen restaurant cafe space moon mountain desert street garden jungle snow "
    "sea ocean castle library stage stadium farm field meadow island lake river room studio workshop shop school sunset"
)
"""Words for places that things can be set in."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """A text whose quotations are taken out, each a mark, so that no rule reads their words as orders."""

    text: str
    held: tuple[str, ...]

    def put_back(self, text: str) -> str:
        """The marks as the words they stand for, without quotation marks."""
        return _HELD.sub(lambda m: self.held[int(m[1])] if int(m[1]) < len(self.held) else "", text)

    def within(self, text: str) -> list[str]:
        """The quotations of a piece of the text, in order."""
        return [self.held[int(m[1])] for m in _HELD.finditer(text) if int(m[1]) < len(self.held)]


def unquoted(text: str) -> Quotes:
    """Takes quotations out of a text, at most 100 of them; quotation marks around all of it are dropped."""
    text = text[:LONGEST].replace(_MARK, "").strip()
    whole = re.fullmatch(r'["“]([^"”]*)["”]\.?', text)
    text = whole[1] if whole else text
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        if len(held) >= 100:
            return match[0]
        held.append(next(group for group in match.groups() if group is not None))
        return f"{_MARK}{len(held) - 1}"

    return Quotes(_QUOTED.sub(hold, text), tuple(held))


def bare(phrase: str) -> str:
    """A phrase in lower case without articles, fillers and stray marks: "the cat's hat" gives "cat hat"."""
    low = re.sub(r"['’]s\b", "", phrase.lower())
    return " ".join(word for word in re.findall(r"[\w#-]+", low) if word not in _SKIPPED)


def head(phrase: str) -> str:
    """The noun of a phrase: its last word before "of", "on", "with" and the like, in the singular."""
    front = re.split(r"\b(?:of|on|in|with|at|from|under|behind|near|next)\b", phrase)[0].split() or phrase.split()
    return singular(front[-1]) if front else ""


def materials(phrase: str) -> list[str]:
    """The textures that a phrase names, in order."""
    return [MATERIALS[word] for word in re.findall(r"[a-z]+", phrase.lower()) if word in MATERIALS]


def plain(phrase: str, colours: frozenset[str]) -> str:
    """What a phrase says besides colours, materials and looks: "vintage brown leather sofa" gives "sofa"."""
    kept = [w for w in re.findall(r"[a-z#0-9-]+", bare(phrase).replace("-", " "))
            if w not in colours and w not in MATERIALS and w not in _LOOKS]  # fmt: skip
    return " ".join(kept)


def number(word: str) -> int:
    """The number that digits or a word say, 0 for none."""
    if word.isdigit():
        return int(word[:6])
    return NUMBERS.index(word) if word in NUMBERS else 0
