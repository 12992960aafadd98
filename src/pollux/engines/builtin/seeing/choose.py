"""Of the things found, those that are wanted.  What nothing fits gives nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from pollux.engines.builtin.answers.presence import colour_name
from pollux.engines.builtin.boxes import gap, overlap
from pollux.engines.builtin.english import plural, singular
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.nouns import Sight, by_noun, covers, lines_of, prominent
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.wanted import Beside, Wanted
from pollux.engines.builtin.seeing.words import single_words, spans

_SHADES = {
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "gray", "beige",
    "turquoise", "magenta", "teal", "olive", "lavender",
}  # fmt: skip


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
            return plain or lines_of(sight)
        return prominent(sight)
    found = [one for noun in wanted.nouns for one in by_noun(sight, noun)]
    rank = {id(one): i for i, one in enumerate(sight.things)}
    return sorted(found, key=lambda one: rank.get(id(one), len(rank)))


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
        lines = [one for one in lines_of(sight) if plain in _plain(one.text)]
        exact = [one for line in lines for one in spans(single_words([line], sight.pixels, sight.scene), quote)]
        out += (
            exact
            or lines
            or [one for one in sight.things if one.kind != "text" and one.text and plain in _plain(one.text)]
        )
    return out


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


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
        return sorted(others, key=lambda one: min(gap(one.box, anchor.box) for anchor in there))[:1]
    return [one for one in others if any(_stands(one.box, anchor.box, beside.how) for anchor in there)]


def _stands(box: Box, anchor: Box, how: str) -> bool:
    (x, y), (ax, ay) = box.centre, anchor.centre
    return {
        "left": x < min(ax, anchor.left + 0.25 * anchor.width),
        "right": x > max(ax, anchor.right - 0.25 * anchor.width),
        "above": y < min(ay, anchor.top + 0.25 * anchor.height),
        "below": y > max(ay, anchor.bottom - 0.25 * anchor.height),
        "inside": covers(anchor, box),
        "near": gap(box, anchor) < 0.6 * max(anchor.width, anchor.height),
    }[how]


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
