"""Where something is, for things whose place was seen: text, faces, codes, shapes, colours; and their boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pollux.engines.builtin import facts
from pollux.engines.builtin.answers.colour import place_asked
from pollux.engines.builtin.answers.presence import colour_name, judge
from pollux.engines.builtin.english import article, capital, counted, key, listing, quoted, sentence
from pollux.engines.builtin.filling import facets
from pollux.engines.builtin.kinds import is_kind
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, View

_WHICH = re.compile(
    r"^(?:and )?(?:which|what) (?:of the )?(?P<what>(?:check ?)?box(?:es)?|options?|buttons?|links?|"
    r"fields?|icons?|switch(?:es)?|"
    r"radio buttons?|elements?|toggles?) (?:is|are) (?P<how>(?:not )?(?:un)?(?:checked|ticked)|"
    r"(?:not )?(?:selected|chosen|enabled)|\w+)\??$",
    re.I,
)
_PICKED = re.compile(
    r"\b(?:which|what) (?:\w+ ){0,3}(?:is|are|was) (?:currently )?(?:selected|chosen|picked)\b",
    re.I,
)
_DEALT = re.compile(
    r"\b(?:bought|purchased|paid|issued|sold|ordered|spent)\b|\b(?:buy|purchase|pay|shop|order|spend)\b|"
    r"\b(?:is|was|does|did) (?:it|this|that)(?: \w+)? (?:come )?from\b",
    re.I,
)
_HOUSES = {"shop", "store", "cafe", "restaurant", "company", "firm", "office", "business", "merchant", "seller"}
_PEOPLE = {"person", "people", "face", "man", "woman", "child", "boy", "girl", "human", "head", "someone"}
ELEMENTS = {"button", "link", "field", "menu", "icon", "checkbox", "tab", "switch", "logo"}
_TEXT = {"text", "line", "word", "writing", "caption"}


def placed(scene: Scene) -> list[tuple[str, str, Box]]:
    """Everything that has a place: (sort, label, box)."""
    out = [("face", "face", face.box) for face in scene.faces]
    out += [("code", code.format, code.box) for code in scene.codes]
    out += [("shape", facts.shape_noun(shape), shape.box) for shape in scene.shapes]
    out += [("text", line.text, line.box) for line in scene.lines]
    return out


def matching(scene: Scene, asked: str, quotes: Iterable[str] = ()) -> list[tuple[str, str, Box]]:
    """The placed things that are asked for."""
    things = placed(scene)
    wanted = set(key(asked))
    if len(wanted) > 1:
        wanted -= ELEMENTS | {"label", "box", "option", "sign"}
    for text in quotes:
        things = [one for one in things if text.lower() in one[1].lower()]
    if quotes:
        return things
    if wanted & _PEOPLE:
        return [one for one in things if one[0] == "face"]
    if wanted & {"code", "qr", "barcode"}:
        return [one for one in things if one[0] == "code"]
    if wanted & {"shape", "figure"}:
        return [one for one in things if one[0] == "shape"]
    shapes = [
        one
        for one in things
        if one[0] == "shape" and wanted and (wanted <= set(key(one[1])) or is_kind(asked, (one[1],)))
    ]
    if shapes:
        return shapes
    if wanted & {"title", "heading", "headline", "header"}:
        head = facts.title(scene)
        return [one for one in things if one[0] == "text" and one[1] in head][:3]
    if wanted & _TEXT and not wanted - _TEXT - {"all"}:
        return [one for one in things if one[0] == "text"]
    return [one for one in things if one[0] == "text" and wanted and wanted <= set(key(one[1]))]


def where(view: View) -> str:
    """The place in words."""
    scene, asked = view.scene, view.question.subject
    if said := _dealt(view):
        return said
    found = [] if set(key(asked)) & ELEMENTS else matching(scene, asked, view.question.quotes)
    if found:
        return _places(view, found)
    colour = next(
        (c for c in scene.colours if colour_name(asked.split()[-1] if asked else "") == c.name.split()[-1]), None
    )
    if colour and colour.places:
        return sentence(f"{capital(colour.name)} is strongest {listing([facts.at(p) for p in colour.places[:3]])}")
    if seen := view.seen(asked):
        return _places(view, [(one.kind, _called(one), one.box) for one in seen])
    if found := matching(scene, asked, view.question.quotes):
        return _places(view, found)
    verdict = judge(scene, asked, view.meaning, view.question.quotes)
    if verdict.yes:
        because = f": {verdict.because}" if verdict.because else ""
        return f"It is in the picture{because}, but I cannot tell where: no part of it stands out. {HOW_TO_PLUG_IN}"
    if re.search(r"\b(?:taken|location|country|city|place|made)\b", asked):
        return f"I cannot tell where a picture was taken. {HOW_TO_PLUG_IN}"
    return sentence(f"I cannot find {_the(asked)} in the picture: {verdict.because}")


def _dealt(view: View) -> str | None:
    """Where a paper's business was done: whose paper it is, and the address that stands on it; None without a paper."""
    scene, asked = view.scene, view.question
    house = bool(_HOUSES & set(key(asked.subject)))
    if not (house or _DEALT.search(asked.text)) or not facts.papers(scene):
        return None
    name = "" if house else facets.string(scene, "merchant")
    parts = [part for part in (name, facets.string(scene, "address")) if part]
    return sentence(f"{'' if house else 'At '}{', '.join(parts)}") if parts else None


def _called(one: Thing) -> str:
    return f"{quoted(one.text, 40)} {one.name}" if one.kind == "element" and one.text else one.name


def which(view: View) -> str | None:
    """ "Which box is ticked?", "which button is red?": what is written on it; None where no such thing is found."""
    match = _WHICH.search(view.question.text)
    if not match or match["what"].lower().startswith("option"):
        return None
    what = re.sub(r"^box(?:es)?$", "checkbox", match["what"].lower())
    how = re.sub(r"^not (?:checked|ticked|selected|chosen|enabled)$", "unchecked", match["how"].lower())
    found = [one for one in view.seen(f"{how} {what}") if one.kind == "element"]
    if not found:
        others = [one for one in view.seen(what) if one.kind == "element"]
        none = f"None that I can see: there is {listing([_called(one) for one in others[:8]])}"
        return sentence(none) if others else None
    said = [
        quoted(one.text, 60) if one.text else f"the one {facts.at(facts.place(one.box, view.scene))}" for one in found
    ]
    return sentence(listing(said))


def picked(view: View) -> str | None:
    """ "Which option is selected?": of radio buttons the chosen one, of drop-down lists what they show.

    Where a group of the name asked for has neither, what is ticked or switched on; None where nothing is.
    """
    match = _PICKED.search(view.question.text)
    if not match or view.scene.kind == "photograph":
        return None
    for noun in ("selected radio button", "selected switch", "selected checkbox"):
        found = [one for one in view.seen(noun) if one.kind == "element" and one.text]
        lists = [one for one in view.seen("dropdown") if one.text] if "radio" in noun else []
        said = [quoted(one.text, 60) for one in found] + [
            f"{quoted(one.text, 60)} in the drop-down list" for one in lists
        ]
        if said:
            return sentence(listing(said))
    return None


def what_is_at(view: View) -> str | None:
    """What stands at a named place of the picture; None when nothing with a place does."""
    scene, spot = view.scene, place_asked(view.question.subject)
    text = view.question.text.lower()
    things = [one for one in placed(scene) if stands(one[2], scene, spot)]
    sorts = [sort for sort in ("shape", "text", "face", "code") if sort in text]
    things = [one for one in things if one[0] in sorts] if sorts else things
    if not things:
        return None
    lines = [label for sort, label, _ in things if sort == "text"]
    names = [article(label) for sort, label, _ in things if sort != "text"]
    names += [f"the text {quoted(' / '.join(lines), 200)}"] if lines else []
    return sentence(f"{capital(facts.at(spot))} I see {listing(names)}")


def stands(box: Box, scene: Scene, spot: str) -> bool:
    """Whether a box has its centre in that ninth of the picture; for a corner, in that quarter."""
    where = facts.place(box, scene)
    if " " not in spot:
        return where == spot or spot in where.split()
    x, y = box.centre
    row = "top" if y < scene.height / 2 else "bottom"
    return f"{row} {'left' if x < scene.width / 2 else 'right'}" == spot


def _the(asked: str) -> str:
    return f"the {asked}" if asked and not asked.startswith(("the ", "a ", "an ", "my ", "your ")) else asked or "it"


def _places(view: View, found: list[tuple[str, str, Box]]) -> str:
    scene = view.scene
    spots = [facts.place(box, scene) for _, _, box in found]
    if view.manner.form == "word":
        return capital(spots[0]) + "."
    sort, label, _ = found[0]
    if len(found) == 1:
        name = {"face": "The face", "text": f"The text {quoted(label, 60)}"}.get(sort, f"The {label}")
        return sentence(f"{name} is {facts.at(spots[0])}")
    if sort == "text":
        edge = Box(
            *(
                f(getattr(b, s) for _, _, b in found)
                for f, s in ((min, "left"), (min, "top"), (max, "right"), (max, "bottom"))
            )
        )
        return sentence(f"The text ({counted(len(found), 'line')}) {_extent(edge, scene)}")
    parts = [f"{facts.at(spot)}" for spot in dict.fromkeys(spots)]
    noun = sort if len({one[1] for one in found}) > 1 else label
    return sentence(f"{capital(counted(len(found), noun))}: {listing(parts)}")


def _extent(box: Box, scene: Scene) -> str:
    if box.width * box.height > 0.45 * scene.width * scene.height:
        return "fills most of the picture"
    return f"is {facts.at(facts.place(box, scene))}"
