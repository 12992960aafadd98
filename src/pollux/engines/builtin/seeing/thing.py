"""One thing in a picture.  Pure values; pixels of the upright picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pollux.engines.builtin.scene import Box

ThingKind = Literal["text", "face", "code", "shape", "object", "element", "chart", "table", "picture"]
"""What made it out: reading, the face finder, the code reader, flat colour, the object finder, a page's or screen's
elements, a chart's parts."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be pointed at.

    `names`: what it may be called, the most usual first ("banana", "fruit", "food"); `score` 0 to 1; `colour` its named
    colour, "" for none that rules; `text` the lettering it holds; `part_of` the index of the thing that it belongs to
    (the word of a line, the bar of a chart), -1 for none; `state` what is more to say ("checked", "value 41.5").
    """

    kind: ThingKind
    names: tuple[str, ...]
    box: Box
    score: float = 1.0
    colour: str = ""
    text: str = ""
    part_of: int = -1
    state: str = ""

    @property
    def name(self) -> str:
        """What it is usually called."""
        return self.names[0] if self.names else self.kind
