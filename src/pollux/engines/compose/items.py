"""An answer's JSON: found in the model's words, changed, and put back."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pollux.engines.asks import BOX
from pollux.engines.compose.rewrite import Keys
from pollux.vision import answers

Item = dict[str, Any]
_FENCED = re.compile(r"```[\w+-]*[ \t]*\n(.*?)```", re.DOTALL)
_OPENING = re.compile(r"[\[{]")
_MOST_STARTS = 100
"""Brackets of prose that are tried as the beginning of the list."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: its JSON, and the words around it."""

    value: Any
    before: str = ""
    after: str = ""

    def items(self) -> list[Item]:
        """Every object in it that has a box, in the order of the text; the very objects."""
        return [one for one in objects(self.value) if box_of(one) is not None]

    def text(self) -> str:
        """As text: a list one entry a line.

        Alone it has no fence: the documentation's code for masks takes only the opening one off.  Half a surrogate
        pair, which JSON can name and UTF-8 cannot, becomes a question mark.
        """
        return (self.before + written(self.value) + self.after).encode("utf-8", "replace").decode("utf-8")


def told(text: str) -> Told | None:
    """The JSON that holds boxes, or that is the whole answer; None where there is none.

    JSON that is broken is read as far as it is safe (`vision.answers`), and then only what was read is left of it.
    """
    whole = _loaded(text)
    if whole is not None:
        return Told(whole)
    for found in _FENCED.finditer(text):
        value = _loaded(found[1])
        if value is not None:
            before, after = text[: found.start(1)], text[found.end(1) :]
            alone = not text[: found.start()].strip() and not text[found.end() :].strip()
            return Told(value) if alone else Told(value, before, "\n" + after)
    read = [one for one in answers.read(text).detections if one.box_2d is not None]
    for found in islice(_OPENING.finditer(text), _MOST_STARTS):
        try:
            value, end = json.JSONDecoder(parse_constant=_refused).raw_decode(text, found.start())
        except (ValueError, RecursionError):
            continue
        torn = text[: found.start()].rstrip().endswith(("[", ",", "{", '":'))  # out of a list that is broken
        if not torn and len(Told(value).items()) >= max(1, len(read)):
            return Told(value, text[: found.start()], text[end:])
    return Told([one.item() for one in read]) if read else None


def objects(value: Any) -> Iterator[Item]:
    """Every object in a JSON value, in order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(reversed(list(one.values())))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def box_of(item: Item) -> Sequence[float] | None:
    """The item's box_2d, None for what is no box."""
    box = item.get(BOX)
    if not isinstance(box, list) or len(box) != 4:
        return None
    good = all(
        isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e9 and math.isfinite(n) for n in box
    )
    return box if good else None


def masked(item: Item, mask: str, keys: Keys) -> None:
    """Puts the mask behind the box, where the documentation has it; one that the model wrote itself goes."""
    rest = {name: value for name, value in item.items() if name != keys.mask}
    item.clear()
    for name, value in rest.items():
        item[name] = value
        if name == BOX:
            item[keys.mask] = mask


def renamed(value: Any, keys: Keys) -> None:
    """Boxes under the caller's name again."""
    if keys.box == BOX:
        return
    for one in objects(value):
        if BOX in one:
            pairs = [(keys.box if name == BOX else name, inner) for name, inner in one.items()]
            one.clear()
            one.update(pairs)


def written(value: Any) -> str:
    """JSON; a list has one entry a line."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def _loaded(text: str) -> Any:
    """The list or object that a text is; None for any other text."""
    try:
        value = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list | dict) else None


def _refused(word: str) -> Any:
    raise ValueError(word)
