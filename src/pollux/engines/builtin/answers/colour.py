"""Colours: of the picture, of a part of it, of a shape."""

from __future__ import annotations

import re

from pollux.engines.builtin import facts
from pollux.engines.builtin.answers.presence import judge
from pollux.engines.builtin.english import capital, key, listing, plural, sentence
from pollux.engines.builtin.scene import Colour, Scene
from pollux.engines.builtin.view import View

_PLACES = ("top left", "top right", "bottom left", "bottom right", "top", "bottom", "left", "right", "centre")
_WHOLE = {
    "image",
    "picture",
    "photo",
    "it",
    "",
    "dominant",
    "main",
    "overall",
    "everything",
    "photograph",
    "used",
    "color",
    "colour",
}


def at_place(scene: Scene, where: str) -> list[Colour]:
    """Colours that dominate a ninth of the picture."""
    return [colour for colour in scene.colours if where in colour.places]


def place_asked(text: str) -> str:
    """The part of the picture that a text names, "" for none."""
    low = re.sub(r"\b(?:middle|center)\b", "centre", text.lower()).replace("-", " ")
    low = re.sub(r"\bupper\b", "top", re.sub(r"\blower\b", "bottom", low))
    return next((where for where in _PLACES if re.search(rf"\b{where}\b", low)), "")


def share(colour: Colour) -> str:
    """ "brown (62 %)"."""
    return f"{colour.name} ({max(1, round(100 * colour.share))} %)"


def answer(view: View) -> str:
    """Names of colours, with shares for the whole picture."""
    scene, question = view.scene, view.question
    if not scene.colours:
        return "I could not tell the colours of this picture."
    if found := _shape(scene, question.text):
        return _short(view, found[0]) or sentence(f"The {found[1]} {found[0]}") + _and_ground(scene, question.text)
    if "background" in question.text.lower():
        edge = _background(scene)
        return _short(view, edge) or sentence(f"The background is {edge}")
    if where := place_asked(question.text):
        names = [colour.name for colour in at_place(scene, where)] or [scene.colours[0].name]
        return _short(view, names[0]) or sentence(f"{capital(facts.at(where))} it is mostly {listing(names)}")
    return _whole(view)


def _and_ground(scene: Scene, text: str) -> str:
    return f" The background is {_background(scene)}." if "background" in text.lower() else ""


def _short(view: View, name: str) -> str:
    return capital(name) + "." if view.manner.form == "word" or view.manner.brief else ""


def _shape(scene: Scene, text: str) -> tuple[str, str] | None:
    """(colours, "circle is") of the shapes that are named."""
    asked = set(key(text))
    found = [shape for shape in scene.shapes if set(key(shape.name)) <= asked]
    if not found:
        return None
    noun = found[0].name if len(found) == 1 else plural(found[0].name)
    hues = listing(list(dict.fromkeys(shape.colour for shape in found)))
    return hues, f"{noun} {'is' if len(found) == 1 else 'are'}"


def _background(scene: Scene) -> str:
    if scene.background:
        return scene.background
    corners = ("top left", "top right", "bottom left", "bottom right")
    return max(scene.colours, key=lambda colour: (sum(c in colour.places for c in corners), colour.share)).name


def _whole(view: View) -> str:
    scene, thing = view.scene, view.question.subject
    main = [colour for colour in scene.colours if colour.share >= 0.03][:5] or list(scene.colours[:1])
    if short := _short(view, main[0].name):
        return short
    if view.manner.form == "list":
        return "\n".join(f"- {share(colour)}" for colour in main)
    rest = [word for word in key(thing) if word not in _WHOLE]
    lead = after = ""
    if rest:
        verdict = judge(scene, " ".join(rest), view.meaning)
        if verdict.yes is not True:
            lead = f"I cannot single out {_definite(thing)}. The picture as a whole: "
        else:
            after = f" That is the picture as a whole, for I cannot single out {_definite(thing)}."
    if scene.grayscale and len(main) > 1:
        return "The picture is in shades of grey, without colours."
    if len(main) == 1:
        return (
            lead
            + sentence(
                f"It is {main[0].name} all over" if main[0].share > 0.9 else f"The main colour is {share(main[0])}"
            )
            + after
        )
    asks_one = re.search(r"\bcolou?r\b", view.question.text, re.I) and not re.search(
        r"\bcolou?rs\b|palette", view.question.text, re.I
    )
    if asks_one:
        return lead + sentence(f"Mostly {main[0].name}; also {listing([c.name for c in main[1:4]])}") + after
    return lead + sentence(f"{'the' if lead else 'The'} main colours are {listing([share(c) for c in main])}") + after


def _definite(thing: str) -> str:
    """ "the cat", "its eyes"."""
    return thing if re.match(r"(?:the|its|his|her|their|my|your) ", thing) else f"the {thing}"
