"""Questions about the plain shapes of a drawing: which shape, which colour, the largest, what is left of what."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import pi

from pollux.engines.builtin import facts
from pollux.engines.builtin.answers.choose import COLOURS
from pollux.engines.builtin.answers.presence import colour_name
from pollux.engines.builtin.english import article, capital, counted, key, listing, plural, sentence
from pollux.engines.builtin.scene import Scene, Shape
from pollux.engines.builtin.view import View

NOUNS = frozenset(
    {
        "circle", "square", "rectangle", "triangle", "ellipse", "oval", "star", "pentagon", "hexagon", "octagon",
        "line", "shape", "figure", "form", "dot", "disc", "ball", "box",
    }
)  # fmt: skip
_ANY = frozenset({"shape", "figure", "form", "one", "object", "thing", "element"})
_ALSO = {"oval": "ellipse", "dot": "circle", "disc": "circle", "ball": "circle", "box": "square"}
_FILLS = {"circle": pi / 4, "ellipse": pi / 4, "triangle": 0.5, "star": 0.45, "hexagon": 0.75, "octagon": 0.83}


def _area(shape: Shape) -> float:
    """About how many pixels it has: of its box, what such a shape fills."""
    return shape.box.width * shape.box.height * _FILLS.get(shape.name, 1.0)


_SIZES: tuple[tuple[str, Callable[[Shape], float]], ...] = (
    (r"larg(?:est|er)|big(?:gest|ger)|greatest", _area),
    (r"small(?:est|er)|tiniest", lambda s: -_area(s)),
    (r"tallest|highest shape", lambda s: s.box.height),
    (r"widest|longest", lambda s: s.box.width),
    (r"leftmost|(?:furthest|farthest|far) left|most left|first", lambda s: -s.box.centre[0]),
    (r"rightmost|(?:furthest|farthest|far) right|most right|last", lambda s: s.box.centre[0]),
    (r"topmost|uppermost|highest", lambda s: -s.box.centre[1]),
    (r"bottommost|lowest", lambda s: s.box.centre[1]),
)
_SIDES: tuple[tuple[str, str, Callable[[Shape, Shape], bool]], ...] = (
    ("to the left of", r"(?:to the |on the )?left (?:side )?of", lambda a, b: a.box.centre[0] < b.box.left),
    ("to the right of", r"(?:to the |on the )?right (?:side )?of", lambda a, b: a.box.centre[0] > b.box.right),
    ("above", r"above|over|on top of", lambda a, b: a.box.centre[1] < b.box.top),
    ("below", r"below|under(?:neath)?|beneath", lambda a, b: a.box.centre[1] > b.box.bottom),
)


def named(scene: Scene, text: str) -> list[Shape]:
    """The shapes that words mean ("the blue one", "the red circles"); none when no shape or colour is named."""
    asked = [_ALSO.get(word, word) for word in key(text)]
    colours = {colour_name(word) for word in asked}
    nouns = {word for word in asked if word in NOUNS and word not in _ANY}
    hues = colours & COLOURS
    if not nouns and not hues:
        return []
    return [s for s in scene.shapes if (not nouns or s.name in nouns) and (not hues or set(s.colour.split()) & hues)]


def answer(view: View) -> str | None:
    """The answer; None where no shape is asked about."""
    if not view.scene.shapes:
        return None
    text = view.question.text.lower()
    for work in (_between, _beside, _is_coloured, _extreme, _which_shape, _all):
        if (said := work(view, text)) is not None:
            return said
    return None


def _short(view: View) -> bool:
    return view.manner.brief or view.manner.form == "word"


def _the(shapes: Sequence[Shape]) -> str:
    return listing([f"the {facts.shape_noun(shape)}" for shape in shapes])


def _nothing(view: View, what: str) -> str:
    return "Nothing." if _short(view) else sentence(f"Nothing is {what}")


def _between(view: View, text: str) -> str | None:
    match = re.search(r"\bbetween (?:the )?(.+?) and (?:the )?([^?.]+)", text)
    ends = [named(view.scene, part) for part in match.groups()] if match else []
    if not all(len(end) == 1 for end in ends) or not ends:
        return None
    one, other = ends[0][0], ends[1][0]
    across = abs(one.box.centre[0] - other.box.centre[0]) > abs(one.box.centre[1] - other.box.centre[1])
    axis = 0 if across else 1
    low, high = sorted((one.box.centre[axis], other.box.centre[axis]))
    found = [s for s in view.scene.shapes if s not in (one, other) and low < s.box.centre[axis] < high]
    return sentence(_the(found)) if found else _nothing(view, f"between {_the([one, other])}")


def _beside(view: View, text: str) -> str | None:
    for side, pattern, is_so in _SIDES:
        match = re.search(rf"\b(?:{pattern}) (?:the |an? )?(?P<of>[^?.]+)", text)
        if not match:
            continue
        marks = named(view.scene, match["of"])
        if len(marks) != 1:
            return None
        (mark,) = marks
        before = text[: match.start()]
        found = [s for s in view.scene.shapes if s != mark and is_so(s, mark)]
        if re.match(r"(?:is|are)\b", before) and not re.match(r"(?:is|are) (?:there|anything)", before):
            subject = [s for s in named(view.scene, before) if s != mark]
            if not subject:
                return None
            right = all(s in found for s in subject)
            word = "Yes" if right else "No"
            return f"{word}." if _short(view) else f"{word}: {_stands(view, [*subject, mark])}."
        return sentence(_the(found)) if found else _nothing(view, f"{side} {_the([mark])}")
    return None


def _stands(view: View, shapes: Sequence[Shape]) -> str:
    return listing([f"the {facts.shape_noun(s)} is {facts.at(facts.place(s.box, view.scene))}" for s in shapes])


def _is_coloured(view: View, text: str) -> str | None:
    """ "Is the circle red?", "Are the circles red?"."""
    match = re.match(r"(?:is|are) (?:the|this|that|all(?: the)?) ([\w ]+?) (?:colou?red )?([a-z]+)\?*$", text.strip())
    if not match or colour_name(match[2]) not in COLOURS:
        return None
    subject, wanted = named(view.scene, match[1]), colour_name(match[2])
    if not subject:
        return None
    right = all(wanted in s.colour.split() for s in subject)
    if _short(view):
        return "Yes." if right else "No."
    noun = subject[0].name if len(subject) == 1 else plural(subject[0].name)
    hues = listing(list(dict.fromkeys(s.colour for s in subject)))
    return f"{'Yes' if right else 'No'}, the {noun} {'is' if len(subject) == 1 else 'are'} {hues}."


def _extreme(view: View, text: str) -> str | None:
    about = set(key(text))
    if not about & (NOUNS | _ANY) or re.match(r"how many\b", text):
        return None
    measure = next((measure for words, measure in _SIZES if re.search(rf"\b(?:{words})\b", text)), None)
    if measure is None:
        return None
    nouns = {_ALSO.get(word, word) for word in about & (NOUNS - _ANY)}
    among = [s for s in view.scene.shapes if not nouns or s.name in nouns]
    if not among:
        return None
    best = max(measure(s) for s in among)
    found = [s for s in among if measure(s) >= best - 0.02 * abs(best)]
    if re.search(r"\bcolou?r\b", text):
        return sentence(listing(list(dict.fromkeys(s.colour for s in found))))
    if len(found) > 1:
        return sentence(f"{capital(_the(found))} are equally so")
    return (
        sentence(capital(_the(found)))
        if _short(view)
        else sentence(f"{capital(_the(found))}, {facts.at(facts.place(found[0].box, view.scene))}")
    )


def _which_shape(view: View, text: str) -> str | None:
    """ "What shape is the blue one?", "What shape is it?"."""
    if not re.search(r"\b(?:what|which) (?:kind of |type of )?(?:geometric )?(?:shape|figure|form)\b(?!s)", text):
        return None
    rest = re.sub(r"\b(?:shape|figure|form)\b", " ", text)
    found = named(view.scene, rest) or (list(view.scene.shapes) if len(view.scene.shapes) == 1 else [])
    if not found:
        return None
    noun = f"{article(found[0].name)}" if len(found) == 1 else listing([article(s.name) for s in found])
    return capital(found[0].name) + "." if _short(view) else f"It is {noun}."


def _all(view: View, text: str) -> str | None:
    """ "What shapes are there?"."""
    if not re.search(r"\b(?:what|which|list|name)\b.{0,20}\b(?:shapes|figures|forms)\b", text) or "common" in text:
        return None
    if len(view.scene.shapes) > 12:
        return sentence(f"I see {counted(len(view.scene.shapes), 'shape')}: {facts.shapes_phrase(view.scene)}")
    return sentence(facts.shapes_phrase(view.scene))
