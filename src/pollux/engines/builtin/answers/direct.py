"""Facts that answer a question however it is worded: shapes, cells of tables, codes, who is who in a document."""

from __future__ import annotations

import re
from collections.abc import Callable

from pollux.engines.builtin import facts, pairs, people_of
from pollux.engines.builtin.answers import count, elements, figures, reading, tabular, where
from pollux.engines.builtin.answers.colour import place_asked
from pollux.engines.builtin.english import counted, key, listing, quoted, sentence, singular, words
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.tables import tables
from pollux.engines.builtin.view import View

# Questions about the whole picture, its text or its making are answered as such.
_NOT = frozenset(
    {
        Intent.DESCRIBE, Intent.CAPTION, Intent.ALT, Intent.READ, Intent.TITLE, Intent.SUMMARISE, Intent.LANGUAGE,
        Intent.SIZE, Intent.KIND, Intent.BOXES, Intent.PAINT, Intent.CREATE, Intent.TRANSLATE, Intent.COMPARE,
    }
)  # fmt: skip
_COMPARING = re.compile(
    r"\b(?:(cheaper|less|lower|smaller|fewer|younger|earlier)|more|higher|dearer|bigger|larger|older|greater|later)\b",
    re.I,
)
_OF_CODES = frozenset({"number", "code", "digit", "value", "content", "link", "url", "address", "website", "encode"})
_ROLES: tuple[tuple[str, str, Callable[[Scene], str]], ...] = (
    (
        r"\b(?:customer|client|buyer|bill(?:ed)? to|invoiced to|recipient of (?:the|this) invoice|payer)\b",
        "billed to",
        people_of.buyer,
    ),
    (
        r"\b(?:issue[dr]?|(?:i|we) (?:have to |need to |must |should )?pay|seller|vendor|supplier|merchant|sold|"
        r"provider|should (?:i|we) pay|shop|store|restaurant|cafe|from whom)\b",
        "issued by",
        people_of.issuer,
    ),
    (r"\b(?:addressed|addressee|recipient|written to|letter to|receiver)\b", "addressed to", people_of.addressee),
    (r"\b(?:wrote|written by|sent|signed|author|sender|letter from|signs)\b", "from", people_of.signer),
    (r"\b(?:company|employer|firm|organi[sz]ation|works? for|business)\b(?! card)", "works for", people_of.company),
    (r"\b(?:jobs?|role|position|title|profession|occupation|do for a living)\b", "job", people_of.role),
    (r"\bwhose\b|\bname\b|\bwho is (?:this|it|she|he)\b", "name", people_of.holder),
)


def answer(view: View) -> str | None:
    """The first fact that surely answers; None when none does."""
    intent = view.question.intent
    if intent in _NOT:
        return None
    if said := elements.answer(view):
        return said
    if view.question.quotes:
        return None
    steps: list[Callable[[View], str | None]] = [_whole_table, _priced, tabular.answer, _role, _coded]
    if intent not in (Intent.CHOOSE, Intent.COUNT, Intent.TAGS):
        steps.insert(0, figures.answer)
    if intent is Intent.IDENTIFY:
        steps.append(reading.extreme)
    if intent is Intent.COUNT:
        steps.append(_stated_number)
    if intent is Intent.PRESENCE:
        steps = [_is_at, figures.answer, tabular.compared, _more]
    if intent is Intent.CHOOSE:
        return _either(view)
    if intent in (Intent.COLOUR, Intent.DECODE, Intent.AT):
        steps = [figures.answer] if intent is not Intent.DECODE else []
    return next((said for step in steps if (said := step(view)) is not None), None)


def _is_at(view: View) -> str | None:
    """ "Is the QR code at the bottom?"."""
    match = re.match(r"is (?:the|this|that) (.+?) (?:at|on|in|to) the ([\w -]+?)(?: (?:side|corner|part|of .*))?\??$",
                     view.question.text.strip(), re.I)  # fmt: skip
    spot = place_asked(match[2]) if match else ""
    found = where.matching(view.scene, match[1]) if match and spot else []
    if not found:
        return None
    right = any(where.stands(box, view.scene, spot) for _, _, box in found)
    if _short(view):
        return "Yes." if right else "No."
    at = facts.at(facts.place(found[0][2], view.scene))
    return f"{'Yes' if right else 'No'}, it is {at}."


def _more(view: View) -> str | None:
    """ "Are there more circles than squares?"."""
    match = re.search(r"\b(more|fewer|less) ([\w ]+?) than ([\w ]+)", view.question.text, re.I)
    sides = [count.tally(view.scene, match[i]) for i in (2, 3)] if match else []
    if match is None or sides[0] is None or sides[1] is None:
        return None
    (one, name), (other, second) = sides[0], sides[1]
    right = one > other if match[1].lower() == "more" else one < other
    return f"{'Yes' if right else 'No'}: I count {counted(one, name)} and {counted(other, second)}."


def _either(view: View) -> str | None:
    """ "What is cheaper, the soup or the bread?"."""
    match = _COMPARING.search(view.question.text)
    listed = tabular.valued(view.scene) if match and len(view.question.options) > 1 else []
    found = []
    for option in view.question.options if listed else ():
        fits = [one for one in listed if set(key(option)) and set(key(option)) <= set(key(one[0]))]
        found += fits[:1]
    if match is None or len(found) < len(view.question.options) or not found:
        return None
    best = (min if match.group(1) else max)(found, key=lambda one: one[1])
    others = listing([f"{name} {shown}" for name, _, shown in found if name != best[0]])
    return best[0] if _short(view) else sentence(f"{best[0]}: {best[2]}, against {others}")


def _whole_table(view: View) -> str | None:
    """The table in Markdown, when that is asked for."""
    if not re.search(r"\bmark ?down\b", view.question.text, re.I):
        return None
    found = [table for table in tables(view.scene) if table.header]
    return tabular.markdown(found[0]) if found else None


def _priced(view: View) -> str | None:
    """ "List all dishes and prices"."""
    low = view.question.text.lower()
    if not re.search(r"\b(?:list|show|give|name|what are)\b.*\b(?:prices|costs)\b", low):
        return None
    found = [f"{item['name']} ({item['price']})" for item in pairs.items(view.scene)]
    if len(found) < 2:
        return None
    return "\n".join(f"- {one}" for one in found) if view.manner.form == "list" else sentence(listing(found))


def _short(view: View) -> bool:
    return view.manner.brief or view.manner.form == "word"


def _role(view: View) -> str | None:
    """Who is behind a document."""
    if view.question.intent not in (Intent.WHO, Intent.VALUE, Intent.IDENTIFY, Intent.OPEN):
        return None
    if re.search(
        r"\b(?:number|date|total|address|phone|e-?mail|much|many|when|where|colou?r)\b", view.question.text, re.I
    ):
        return None
    for pattern, _, fact in _ROLES:
        if re.search(pattern, view.question.text, re.I) and (found := fact(view.scene)):
            return found if _short(view) else sentence(found)
    return None


def _coded(view: View) -> str | None:
    """What a code holds, for "the number" of a bar code and "the link" on a poster."""
    asked = set(key(view.question.text))
    codes = view.scene.codes
    if not codes or not asked & _OF_CODES or view.question.intent is Intent.COUNT:
        return None
    if view.scene.kind != "code" and not asked & {"qr", "code", "barcode", "link", "url", "website"}:
        return None
    return reading.decode(view)


def _stated_number(view: View) -> str | None:
    """ "How many loaves of bread?", where the text says "2 loaves of bread"."""
    asked = [singular(word) for word in words(view.question.subject)]
    nouns = list(key(view.question.subject))
    if not nouns or nouns[0] in ("line", "word", "letter", "page", "person", "face", "number", "picture"):
        return None
    for line in view.scene.lines:
        told = [singular(word) for word in words(line.text)]
        for index, word in enumerate(told[:-1]):
            if word.isdigit() and nouns[0] in told[index + 1 : index + 3] and set(nouns) <= set(told) | set(asked[1:]):
                if not set(nouns[1:]) <= set(told):
                    continue
                return word if _short(view) else sentence(f"{word}: it says {quoted(line.text)}")
    return None
