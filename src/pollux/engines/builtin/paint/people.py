"""Which drawing stands for a person: by age, hair, beard and sex in the words, and the tone of skin."""

from __future__ import annotations

import random
from collections.abc import Sequence

_MAN_TEXT = "man male gentleman guy father dad husband grandfather grandpa boyfriend"
_MAN = frozenset(_MAN_TEXT.split())
_WOMAN_TEXT = "woman female lady mother mom mum wife grandmother grandma girlfriend"
_WOMAN = frozenset(_WOMAN_TEXT.split())
_PERSON_TEXT = (
    "person someone human adult potter ceramicist craftsman artisan sculptor weaver fisherman sailor librarian "
    "neighbor neighbour model musician writer poet philosopher customer guest tourist traveler traveller hiker "
    "monk master"
)
_PERSON = frozenset(_PERSON_TEXT.split())
_OLD_TEXT = "old elderly aged senior older grandfather grandmother grandpa grandma weathered ancient wrinkled"
_OLD = frozenset(_OLD_TEXT.split())
_YOUNG = {
    "boy": "boy",
    "girl": "girl",
    "child": "child",
    "kid": "child",
    "toddler": "child",
    "baby": "baby",
    "infant": "baby",
}
_HAIR = (  # words, whatever stands between them as a space, and the archive's hair
    ("bald", "bald"), ("curly", "curly-hair"), ("afro", "curly-hair"), ("redhead", "red-hair"),
    ("red hair", "red-hair"),
    ("ginger", "red-hair"), ("auburn", "red-hair"), ("white hair", "white-hair"), ("gray hair", "white-hair"),
    ("grey hair", "white-hair"), ("blond", "blonde-hair"), ("beard", "beard"),
)  # fmt: skip
_TONES = {
    "african": "dark", "nigerian": "dark", "kenyan": "dark", "indian": "medium", "mexican": "medium",
    "latino": "medium", "latina": "medium", "hispanic": "medium", "arab": "medium", "asian": "light",
    "japanese": "light", "chinese": "light", "korean": "light", "european": "light", "caucasian": "light",

    "tanned": "medium",     "dark-skinned": "dark", "brown-skinned": "medium", "light-skinned": "light",
    "fair-skinned": "light",
}  # fmt: skip


def person_entry(name: str, attributes: Sequence[str]) -> str:
    """The archive's entry for a person whom words describe by looks ("elderly Japanese man"); "" for other subjects."""
    words = name.lower().split()
    told = {word for phrase in (*attributes, name) for word in phrase.lower().replace(",", " ").split()}
    if not words or not (words[-1] in _MAN | _WOMAN | _PERSON or words[-1] in _YOUNG):
        return ""
    if words[-1] in _YOUNG:
        return _YOUNG[words[-1]]
    sex = "man" if told & _MAN else "woman" if told & _WOMAN else "person"
    if told & _OLD:
        return {"man": "old-man", "woman": "old-woman", "person": "older-person"}[sex]
    whole = " ".join((*attributes, name)).lower().replace("-", " ")
    hair = next((entry for phrase, entry in _HAIR if phrase in whole), "")
    return f"{sex}-{hair}" if hair else sex


def tone_of(told: str, rng: random.Random, otherwise: str = "") -> str:
    """The tone of skin that the words ask for, else `otherwise`, else any."""
    asked = next((tone for word, tone in _TONES.items() if word in told.split()), "")
    chance = rng.choice(("light", "medium", "dark"))
    return asked or otherwise or chance
