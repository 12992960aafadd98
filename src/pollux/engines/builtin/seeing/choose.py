"""Of the things found, those that are wanted.  What nothing fits gives nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pollux.engines.builtin import pairs
from pollux.engines.builtin.answers.presence import colour_name
from pollux.engines.builtin.english import key, plural, singular, words
from pollux.engines.builtin.kinds import is_kind, is_known
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing import lore
from pollux.engines.builtin.seeing.find import overlap
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import EVERYTHING, Beside, Wanted
from pollux.engines.builtin.seeing.words import single_words, spans

NEAR = 0.7  # cosine: with MiniLM "cat" and "dog" are at 0.66, "sofa" and "couch" at 0.86
MOST_LINES = 25  # of text that are shown one by one when everything is asked for; beyond, blocks
_PEOPLE = {
    "person",
    "people",
    "man",
    "woman",
    "child",
    "boy",
    "girl",
    "human",
    "someone",
    "kid",
    "adult",
    "lady",
    "guy",
}
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
_PLAIN = {"shape", "figure", "polygon", "form"}
_ADDED = {
    "button",
    "link",
    "field",
    "menu",
    "icon",
    "label",
    "option",
    "tab",
    "sign",
    "entry",
    "row",
    "item",
    "text",
    "word",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to choose from; `pixels` may be missing, then words are placed by their lengths."""

    things: Sequence[Thing]
    scene: Scene
    meaning: Meaning
    pixels: Pixels | None = None


def chosen(sight: Sight, wanted: Wanted) -> list[Thing]:
    """The things wanted, in the order they were found, or by rank where one is asked for."""
    found = _named(sight, wanted)
    if wanted.colours:
        found = [one for one in found if any(is_coloured(one, shade) for shade in wanted.colours)]
    if wanted.region:
        found = [one for one in found if stands_in(one.box, sight.scene, wanted.region)]
    if wanted.beside:
        found = _beside(sight, found, wanted.beside)
    if wanted.without:
        out = {one.box for one in chosen(sight, wanted.without)}
        found = [one for one in found if one.box not in out]
    found = _once(found)
    return _ranked(found, wanted)


def _named(sight: Sight, wanted: Wanted) -> list[Thing]:
    if wanted.quotes:
        return _lettered(sight, wanted)
    if not wanted.nouns:
        if wanted.colours:  # a colour is said of things and of print alike
            plain = [one for one in sight.things if one.kind != "text"]
            return plain or _lines(sight)
        return prominent(sight)
    found = [one for noun in wanted.nouns for one in by_noun(sight, noun)]
    rank = {id(one): i for i, one in enumerate(sight.things)}
    return sorted(found, key=lambda one: rank.get(id(one), len(rank)))


def prominent(sight: Sight) -> list[Thing]:
    """Everything worth pointing at: things, and lettering where it stands for itself."""
    things = [one for one in sight.things if one.kind != "text"]
    people = [one.box for one in things if one.kind == "object" and "person" in one.names]
    things = [one for one in things if one.kind != "face" or not any(_holds(box, one.box) for box in people)]
    lines = _lines(sight)
    if sight.scene.kind in ("document", "screenshot", "chart") or not things:
        inside = [one.box for one in things if one.kind != "picture"]
        lines = [one for one in lines if not any(_holds(box, one.box) for box in inside)]
        if len(lines) > MOST_LINES:
            whole = {one.part_of for one in lines if one.part_of >= 0}
            lines = [one for i, one in enumerate(sight.things) if i in whole] + [
                one for one in lines if one.part_of < 0
            ]
        return things + lines
    return things


def by_noun(sight: Sight, noun: str) -> list[Thing]:
    """The things that a noun means: by sort, by name, by lettering, by material, and last by meaning."""
    if noun == EVERYTHING:
        return prominent(sight)
    said = set(key(noun))
    if not said:
        return []
    things = [one for one in sight.things if one.kind != "text"]
    if (units := said & set(_UNITS)) and said <= _TEXT | set(_UNITS):
        return _units(sight, _UNITS[min(units)])
    if said <= _TEXT:
        return _lines(sight)
    if said & (_PEOPLE | _FACES):
        wide = not said & _FACES
        named = [one for one in things if one.kind != "face" and is_kind("person", one.names)] if wide else []
        return named or [one for one in things if one.kind == "face"]
    if said & {"code", "qr", "barcode"}:
        return [one for one in things if one.kind == "code" and ("qr" not in said or "QR" in one.name)]
    if said <= _PLAIN:
        return [one for one in things if one.kind == "shape" or "shape" in one.names]
    for test in (_by_state, _by_name, _by_lettering, _by_form, _by_material, _by_meaning):
        if found := test(sight, things, noun):
            return found
    return []


def _by_state(_sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    """What is ticked, or is not: "the checked boxes"."""
    said = words(noun)
    state = next((state for word, state in _STATES.items() if word in said), "")
    found = [one for one in things if state and one.state == state]
    rest = set(key(noun)) - set(_STATES) - {"box"}
    return [one for one in found if rest <= set(key(f"{one.text} {' '.join(one.names)}"))]


def _by_name(_sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    exact = [one for one in things if is_kind(noun, one.names)]
    if exact:
        return exact
    asked = key(noun)
    head, rest = asked[-1], set(asked[:-1])
    if not rest:
        return [one for one in things if one.kind == "shape" and is_kind(_LOOSE.get(head, head), one.names)]
    of_head = [one for one in things if is_kind(head, one.names)]  # "the save button", "the checked box"
    exact = [one for one in of_head if rest <= set(key(f"{one.text} {one.colour} {one.state} {' '.join(one.names)}"))]
    return exact or [one for one in of_head if one.kind == "object"]  # a "coffee cup" is shown as the cup that it is


def _by_lettering(sight: Sight, things: list[Thing], noun: str) -> list[Thing]:
    asked = set(key(noun))
    asked = asked - _ADDED if len(asked) > 1 and asked - _ADDED else asked
    if asked & {"title", "heading", "headline", "header"}:
        return [one for one in _lines(sight) if "title" in one.names]
    held = [one for one in things if one.text and asked <= set(key(one.text))]
    lines = [one for one in _lines(sight) if asked <= set(key(one.text))]
    if "word" in key(noun) and (said := re.sub(r"\b(?:the|words?)\b", " ", noun).strip()):
        exact = [one for line in lines for one in spans(single_words([line], sight.pixels, sight.scene), said)]
        return exact or lines
    return held or lines


def _by_form(sight: Sight, _things: list[Thing], noun: str) -> list[Thing]:
    """Lettering of a form: dates, prices, numbers, e-mail addresses."""
    form = pairs.form_of(" ".join(key(noun)))
    if not form:
        return []
    lines = _lines(sight)
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
    names = list(dict.fromkeys(one.name for one in named))
    near = dict(zip(names, sight.meaning.likeness(noun, names), strict=True))
    return [one for one in named if near[one.name] >= NEAR]


def _lettered(sight: Sight, wanted: Wanted) -> list[Thing]:
    """Where quoted lettering stands: the thing that holds it when one is named, else the very words."""
    out: list[Thing] = []
    sorts = [one for noun in wanted.nouns for one in by_noun(sight, noun)]
    whole = wanted.speaks_of("line", "paragraph", "block", "sentence")
    for quote in wanted.quotes:
        plain = _plain(quote)
        held = [one for one in sorts if one.text and plain in _plain(one.text)]
        if held and (whole or any(one.kind != "text" for one in held)):
            out += held
            continue
        lines = [one for one in _lines(sight) if plain in _plain(one.text)]
        exact = [one for line in lines for one in spans(single_words([line], sight.pixels, sight.scene), quote)]
        out += (
            exact
            or lines
            or [one for one in sight.things if one.kind != "text" and one.text and plain in _plain(one.text)]
        )
    return out


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _lines(sight: Sight) -> list[Thing]:
    return [one for one in sight.things if one.kind == "text" and "line" in one.names]


def _units(sight: Sight, unit: str) -> list[Thing]:
    lines = _lines(sight)
    if unit == "word":
        return single_words(lines, sight.pixels, sight.scene)
    if unit == "line":
        return lines
    loose = [one for one in lines if one.part_of < 0]
    return [one for one in sight.things if one.kind == "text" and "block" in one.names] + loose


def is_coloured(thing: Thing, shade: str) -> bool:
    """Whether a thing has a colour: "green" also means light and dark green, "dark green" only that."""
    said = [colour_name(word) for word in shade.replace("-", " ").split()]
    own = [colour_name(word) for word in thing.colour.split()]
    if thing.kind not in ("text", "element", "chart"):
        own += [colour_name(word) for name in thing.names[:1] for word in name.lower().split()]
    said = [word for word in said if word not in ("bright", "pale")]
    return bool(own) and all(word in own for word in said)


def stands_in(box: Box, scene: Scene, region: str) -> bool:
    """Whether a box has its centre in a half, a quarter or a third of the picture; "centre" is the middle ninth."""
    x, y = box.centre[0] / scene.width, box.centre[1] / scene.height
    said = region.split()
    part = 1 / 3 if "third" in said or "centre" in said else 1 / 2
    test = {"left": x < part, "right": x > 1 - part, "top": y < part, "bottom": y > 1 - part}
    sides = [word for word in said if word in test]
    if "centre" in said:
        middle = (1 / 3 <= x <= 2 / 3, 1 / 3 <= y <= 2 / 3)
        across = {"left", "right"} & set(sides)
        return (all(middle) if not sides else middle[1] if across else middle[0]) and all(test[side] for side in sides)
    return all(test[side] for side in sides)


def _beside(sight: Sight, found: list[Thing], beside: Beside) -> list[Thing]:
    """Those that stand so to what is named; of two things with that name, to any."""
    there = chosen(replace(sight), Wanted(nouns=(beside.noun,))) if beside.noun else []
    shade = next((word for word in beside.noun.split() if colour_name(word) in _SHADES), "")
    if shade:
        rest = " ".join(word for word in beside.noun.split() if word != shade)
        there = there or [one for one in by_noun(sight, rest) if is_coloured(one, shade)]
    if not there:
        return found if beside.how == "inside" else []
    own = {one.box for one in there}
    others = [one for one in found if one.box not in own]
    if beside.how == "nearest":
        return sorted(others, key=lambda one: min(_gap(one.box, anchor.box) for anchor in there))[:1]
    return [one for one in others if any(_stands(one.box, anchor.box, beside.how) for anchor in there)]


_SHADES = frozenset(
    [
        "red",
        "orange",
        "yellow",
        "green",
        "blue",
        "purple",
        "pink",
        "brown",
        "black",
        "white",
        "gray",
        "beige",
        "turquoise",
        "magenta",
        "teal",
        "olive",
        "lavender",
    ]
)


def _stands(box: Box, anchor: Box, how: str) -> bool:
    (x, y), (ax, ay) = box.centre, anchor.centre
    return {
        "left": x < min(ax, anchor.left + 0.25 * anchor.width),
        "right": x > max(ax, anchor.right - 0.25 * anchor.width),
        "above": y < min(ay, anchor.top + 0.25 * anchor.height),
        "below": y > max(ay, anchor.bottom - 0.25 * anchor.height),
        "inside": _holds(anchor, box),
        "near": _gap(box, anchor) < 0.6 * max(anchor.width, anchor.height),
    }[how]


def _gap(box: Box, other: Box) -> float:
    """Pixels between two boxes, along the longer way round a corner; 0 where they meet."""
    return max(other.left - box.right, box.left - other.right, other.top - box.bottom, box.top - other.bottom, 0.0)


def _holds(box: Box, inner: Box) -> bool:
    x, y = inner.centre
    smaller = inner.width * inner.height <= box.width * box.height
    return smaller and box.left <= x <= box.right and box.top <= y <= box.bottom


def _once(found: list[Thing]) -> list[Thing]:
    out: list[Thing] = []
    for one in found:
        if not any(one is other or (one.kind == other.kind and overlap(one.box, other.box) > 0.9) for other in out):
            out.append(one)
    return out


def _ranked(found: list[Thing], wanted: Wanted) -> list[Thing]:
    if wanted.extreme or wanted.rank:
        ordered = sorted(found, key=lambda one: _measure(one, wanted.extreme))
        if wanted.extreme == "reading":
            ordered = reading_order(found)
        if wanted.rank:
            at = wanted.rank - 1 if wanted.rank > 0 else len(ordered) - 1
            few = max(1, wanted.most) if wanted.extreme == "reading" and wanted.rank == 1 else 1
            return ordered[at : at + few] if 0 <= at < len(ordered) else []
        return ordered[: wanted.most or 1]
    if wanted.most and len(found) > wanted.most:
        if all(one.kind == "text" for one in found):
            return found[: wanted.most]
        best = sorted(found, key=lambda one: _measure(one, "main"))[: wanted.most]
        return [one for one in found if any(one is other for other in best)]
    return found


def _measure(one: Thing, extreme: str) -> float:
    area = one.box.width * one.box.height
    x, y = one.box.centre
    values = {"largest": -area, "smallest": area, "left": x, "right": -x, "top": y, "bottom": -y}
    return values.get(extreme, -one.score * math.sqrt(area))


def reading_order(found: Sequence[Thing]) -> list[Thing]:
    """Row by row from the top, each row from the left; a row is what stands at one height."""
    rows: list[list[Thing]] = []
    for one in sorted(found, key=lambda one: one.box.centre[1]):
        last = rows[-1] if rows else []
        top, bottom = (last[0].box.top, last[0].box.bottom) if last else (0.0, 0.0)
        shared = min(bottom, one.box.bottom) - max(top, one.box.top)
        if last and shared > 0.5 * min(bottom - top, one.box.height):
            last.append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda one: one.box.left)]


def label_nouns(options: Sequence[str]) -> dict[str, str]:
    """Options of a label as the nouns to look for: "TRAFFIC_LIGHT" asks for traffic lights."""
    return {option: plural(singular(option.replace("_", " ").lower())) for option in options}
