"""What a noun means among the things of a picture: by sort, state, name, lettering, material, and last by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.builtin import pairs
from pollux.engines.builtin.english import key, words
from pollux.engines.builtin.kinds import GENERAL, is_kind, is_known
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing import lore
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import EVERYTHING
from pollux.engines.builtin.seeing.words import single_words, spans

NEAR = 0.7  # cosine: with MiniLM "cat" and "dog" are at 0.66, "sofa" and "couch" at 0.86
NEAR_KIND = 0.8  # and of a wider name: "smartphone" is at 0.75 to "phone", but "saucer" at 0.71 to "sauce"
MOST_LINES = 25  # of text that are shown one by one when everything is asked for; beyond, blocks
_PEOPLE = {
    "person", "people", "man", "woman", "child", "boy", "girl", "human", "someone", "kid", "adult", "lady", "guy",
}  # fmt: skip
_FACES = {"face", "head", "portrait"}
_TEXT = {"text", "writing", "lettering", "print", "inscription", "letter", "character", "handwriting"}
_UNITS = {"word": "word", "line": "line", "paragraph": "block", "block": "block", "sentence": "line", "phrase": "line"}
_LOOSE = {
    "circle": "ellipse", "round": "circle", "oval": "ellipse", "square": "rectangle", "box": "rectangle",
    "dot": "circle", "block": "rectangle", "disc": "circle", "ball": "circle", "diamond": "square",
}  # fmt: skip
_STATES = {
    "checked": "checked", "ticked": "checked", "selected": "checked", "enabled": "checked", "unchecked": "unchecked",
    "unticked": "unchecked", "unselected": "unchecked", "empty": "unchecked", "deselected": "unchecked",
}  # fmt: skip
_GENERIC = {"box", "option", "setting", "item", "entry", "choice", "thing"}
_PLAIN = {"shape", "figure", "polygon", "form"}
_ADDED = {
    "button", "link", "field", "menu", "icon", "label", "option", "tab", "sign", "entry", "row", "item", "text", "word",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to choose from; `pixels` may be missing, then words are placed by their lengths."""

    things: Sequence[Thing]
    scene: Scene
    meaning: Meaning
    pixels: Pixels | None = None


def prominent(sight: Sight) -> list[Thing]:
    """Everything worth pointing at: things, and lettering where it stands for itself."""
    things = [one for one in sight.things if one.kind != "text"]
    people = [one.box for one in things if one.kind == "object" and "person" in one.names]
    things = [one for one in things if one.kind != "face" or not any(covers(box, one.box) for box in people)]
    lines = lines_of(sight)
    if sight.scene.kind in ("document", "screenshot", "chart") or not things:
        if len(lines) <= MOST_LINES:
            things = [one for one in things if not _is_body(one, lines)]
        inside = [one.box for one in things if one.kind != "picture"]
        lines = [one for one in lines if not any(covers(box, one.box) for box in inside)]
        if len(lines) > MOST_LINES:
            whole = {one.part_of for one in lines if one.part_of >= 0}
            lines = [one for i, one in enumerate(sight.things) if i in whole] + [
                one for one in lines if one.part_of < 0
            ]
        return things + lines
    return things


def _is_body(one: Thing, lines: Sequence[Thing]) -> bool:
    """Whether a table without rules is most of what stands on its page, as on a receipt: then its lines are meant."""
    if one.kind != "table" or "list" not in one.names:
        return False
    return sum(covers(one.box, line.box) for line in lines) >= len(lines) / 2


def by_noun(sight: Sight, noun: str) -> list[Thing]:
    """The things that a noun means: by sort, by name, by lettering, by material, and last by meaning."""
    if noun == EVERYTHING:
        return prominent(sight)
    said = set(key(noun))
    if not said:
        return []
    things = [one for one in sight.things if one.kind != "text"]
    if _speaks_of_state(noun, things):
        return _by_state(sight, things, noun)
    if (units := said & set(_UNITS)) and said <= _TEXT | set(_UNITS):
        return _units(sight, _UNITS[min(units)])
    if said <= _TEXT:
        return lines_of(sight)
    if said & (_PEOPLE | _FACES):
        wide = not said & _FACES
        named = [one for one in things if one.kind != "face" and is_kind("person", one.names)] if wide else []
        return named or [one for one in things if one.kind == "face"]
    if said & {"code", "qr", "barcode"}:
        return [one for one in things if one.kind == "code" and ("qr" not in said or "QR" in one.name)]
    if said <= _PLAIN:
        return [one for one in things if one.kind == "shape" or "shape" in one.names]
    for test in (_by_state, _by_name, _by_vessel, _by_lettering, _by_form, _by_material, _by_meaning):
        if found := test(sight, things, noun):
            return found
    return []


def _speaks_of_state(noun: str, things: list[Thing]) -> bool:
    """Whether something of a screen is asked for by how it is set, and there is something that can be set."""
    said = words(noun)
    rest = [word for word in key(noun) if word not in _STATES]
    stated = [one for one in things if one.state in _STATES.values()]
    return any(word in _STATES for word in said) and any(not rest or is_kind(rest[-1], one.names) for one in stated)


def _by_state(_sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    """What is ticked, or is not: "the checked boxes"."""
    said = words(noun)
    state = next((state for word, state in _STATES.items() if word in said), "")
    found = [one for one in things if state and one.state == state]
    rest = [word for word in key(noun) if word not in _STATES]
    if rest and (of_kind := _exactly(rest[-1], [one for one in found if is_kind(rest[-1], one.names)])):
        return [one for one in of_kind if set(rest[:-1]) <= set(key(f"{one.text} {' '.join(one.names)}"))]
    return [one for one in found if set(rest) - _GENERIC <= set(key(f"{one.text} {' '.join(one.names)}"))]


def _exactly(noun: str, found: list[Thing]) -> list[Thing]:
    """Of a screen's elements those that are called just so, where some are: a "button" before a "radio button"."""
    if any(one.kind != "element" for one in found):
        return found
    return [one for one in found if any(key(name) == key(noun) for name in one.names)] or found


def _by_name(_sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    exact = [one for one in things if is_kind(noun, one.names)]
    if exact:
        return _exactly(noun, exact)
    asked = key(noun)
    head, rest = asked[-1], set(asked[:-1])
    if not rest:
        return [one for one in things if one.kind == "shape" and is_kind(_LOOSE.get(head, head), one.names)]
    of_head = _exactly(head, [one for one in things if is_kind(head, one.names)])  # "the save button"
    exact = [one for one in of_head if rest <= set(key(f"{one.text} {one.colour} {one.state} {' '.join(one.names)}"))]
    return exact or [one for one in of_head if one.kind == "object"]  # a "coffee cup" is shown as the cup that it is


def _by_vessel(_sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    """What is seen with its contents and called after them: an espresso is a coffee cup too."""
    return [one for one in things if one.kind == "object" and lore.is_served_in(one.names, noun)]


def _by_lettering(sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    asked = set(key(noun))
    asked = asked - _ADDED if len(asked) > 1 and asked - _ADDED else asked
    if asked & {"title", "heading", "headline", "header"}:
        return [one for one in lines_of(sight) if "title" in one.names]
    held = [one for one in things if one.text and asked <= set(key(one.text))]
    lines = [one for one in lines_of(sight) if asked <= set(key(one.text))]
    if "word" in key(noun) and (said := re.sub(r"\b(?:the|words?)\b", " ", noun).strip()):
        exact = [one for line in lines for one in spans(single_words([line], sight.pixels, sight.scene), said)]
        return exact or lines
    return held or lines


def _by_form(sight: Sight, _things: list[Thing], noun: str) -> list[Thing]:
    """Lettering of a form: dates, prices, numbers, e-mail addresses."""
    form = pairs.form_of(" ".join(key(noun)))
    if not form:
        return []
    lines = lines_of(sight)
    out: list[Thing] = []
    for line in lines:
        for value in pairs.matching(form, [line.text]):
            out += spans(single_words([line], sight.pixels, sight.scene), value)[:1]
    return out


def _by_material(_sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    what = lore.material(noun)
    if not what:
        return []
    made = [one for one in things if one.kind == "object" and lore.is_made_of(one.names, what)]
    return made or [one for one in things if one.kind == "shape" and one.colour in lore.SHADES.get(what, ())]


def _by_meaning(sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    """Nothing for a word whose kind is known: what is no dog must not become one for being near a cat."""
    if is_known(noun):
        return []
    named = [one for one in things if one.kind in ("object", "element", "chart", "picture") and one.names]
    names = list(dict.fromkeys(name for one in named for name in one.names if name not in GENERAL))
    near = dict(zip(names, sight.meaning.likeness(noun, names), strict=True))
    return [
        one for one in named
        if any(near.get(name, 0.0) >= (NEAR if name == one.name else NEAR_KIND) for name in one.names)
    ]  # fmt: skip


def lines_of(sight: Sight) -> list[Thing]:
    """The lines of text."""
    return [one for one in sight.things if one.kind == "text" and "line" in one.names]


def _units(sight: Sight, unit: str) -> list[Thing]:
    lines = lines_of(sight)
    if unit == "word":
        return single_words(lines, sight.pixels, sight.scene)
    if unit == "line":
        return lines
    loose = [one for one in lines if one.part_of < 0]
    return [one for one in sight.things if one.kind == "text" and "block" in one.names] + loose


def covers(box: Box, inner: Box) -> bool:
    """Whether a box holds the middle of a smaller one."""
    x, y = inner.centre
    smaller = inner.width * inner.height <= box.width * box.height
    return smaller and box.left <= x <= box.right and box.top <= y <= box.bottom
