"""Parts of a screen or form that are named: is this box ticked, what colour is that button, is there a field at all."""

from __future__ import annotations

import re

from pollux.engines.builtin import facts
from pollux.engines.builtin.english import article, capital, counted, key, listing, quoted, sentence
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.view import View

_ON = r"ticked|checked|selected|chosen|enabled|activated|active|switched on|turned on|on"
_OFF = r"unticked|unchecked|unselected|deselected|disabled|switched off|turned off|off"
_STATE = re.compile(
    rf"^(?:is|are|was|has|have) (?:the )?(?P<what>.+?)(?: (?:box|check ?box|option|switch|toggle|radio button))?"
    rf"(?: been)? (?P<how>{_ON}|{_OFF})\W*$",
    re.I,
)
_HUE = re.compile(
    r"\bcolou?r (?:is|has|are) (?:the )?(?P<what>.+?) (?P<sort>button|field|link|icon|switch)\b"
    r"|\bcolou?r (?:is|has) the (?P<other>button|link|icon)\b",
    re.I,
)
_THERE = re.compile(
    r"^(?:is|are) there (?:an? |any |some )?(?P<what>(?:text |input |text input |search )?(?:fields?|boxes|box)|"
    r"inputs?|buttons?|check ?box(?:es)?|radio buttons?|switch(?:es)?|toggles?|links?|drop ?downs?)"
    r"(?: (?:in|on) (?:the|this) \w+)?\W*$",
    re.I,
)
_STATED = ("checkbox", "switch", "radio button")


def answer(view: View) -> str | None:
    """What is so about an element; None where the question is about none or no such element is found."""
    if view.scene.kind not in ("screenshot", "document", "drawing"):
        return None
    return _state(view) or _hue(view) or _there(view)


def _short(view: View) -> bool:
    return view.manner.form == "word" or view.manner.brief


def _named(view: View, sort: str, what: str) -> Thing | None:
    """The element of a sort with a label."""
    wanted = key(view.question.quotes[0] if view.question.quotes else what)
    if not wanted:
        return None
    return next((one for one in view.seen(sort) if one.kind == "element" and key(one.text) == wanted), None)


def _state(view: View) -> str | None:
    """ "Is "Remember me" ticked?"."""
    match = _STATE.search(view.question.text.strip())
    found = next((one for sort in _STATED if (one := _named(view, sort, match["what"]))), None) if match else None
    if match is None or found is None or found.state not in ("checked", "unchecked"):
        return None
    on = found.state == "checked"
    true = on == bool(re.fullmatch(_ON, match["how"], re.I))
    if _short(view):
        return "Yes." if true else "No."
    said = {"switch": ("switched on", "switched off"), "radio button": ("selected", "not selected")}
    how = said.get(found.name, ("ticked", "not ticked"))[not on]
    return sentence(f"{'Yes' if true else 'No'}: the {found.name} {quoted(found.text, 60)} is {how}")


def _hue(view: View) -> str | None:
    """ "What colour is the Save button?"."""
    match = _HUE.search(view.question.text)
    if match is None:
        return None
    sort = (match["sort"] or match["other"]).lower()
    only = view.seen(sort)
    found = _named(view, sort, match["what"] or "") or (only[0] if len(only) == 1 and match["other"] else None)
    if found is None or not found.colour:
        return None
    if _short(view):
        return capital(found.colour) + "."
    return sentence(f"The {quoted(found.text, 60) + ' ' if found.text else ''}{sort} is {found.colour}")


def _there(view: View) -> str | None:
    """ "Is there a text field?": of what is drawn, whatever the lettering says."""
    match = _THERE.search(view.question.text.strip())
    if match is None or view.scene.kind == "drawing":
        return None
    noun = re.sub(r"^check ?box", "checkbox", match["what"].lower())
    found = [one for one in view.seen(noun) if one.kind == "element"]
    if _short(view):
        return "Yes." if found else "No."
    if not found:
        return sentence(f"Not that I can see: I find no {noun} on it")
    spots = list(dict.fromkeys(facts.at(facts.place(one.box, view.scene)) for one in found))
    what = article(found[0].name) if len(found) == 1 else counted(len(found), found[0].name)
    return sentence(f"Yes: I see {what} {listing(spots[:4])}")
