"""One operation on a picture, as words ask for it: values alone, read by `read`, done by `work`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "recolour", "swap", "remove", "lettering off", "add", "letter", "background", "crop", "turn", "flip", "resize",
    "extend", "border", "round", "tone", "style", "palette", "texture", "place", "group", "collage", "comic", "polish",
    "portrait", "keep", "unable",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One operation.

    `thing`: what it is done to, "" for the whole picture.  `to`: what it becomes, or what is added: a colour and
    material ("brown leather"), a setting, a style, lettering.  `how`: the sort within the kind ("blur", "left", "on").
    `at`: what the added thing stands next to.  `amount`: a share (0.3 is 30 per cent) or degrees or pixels, None where
    none is said.  `pictures`: numbers of the prompt's pictures that are named, from 1.  `words`: the clause itself.
    """

    kind: Kind
    thing: str = ""
    to: str = ""
    how: str = ""
    at: str = ""
    amount: float | None = None
    pictures: tuple[int, ...] = ()
    words: str = ""
