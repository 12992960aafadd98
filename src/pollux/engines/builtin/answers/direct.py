"""Facts that answer a question however it is worded: shapes, cells of tables, codes, who is who in a document."""

from __future__ import annotations

import re
from collections.abc import Callable

from pollux.engines.builtin import pairs, people_of
from pollux.engines.builtin.answers import figures, reading, tabular
from pollux.engines.builtin.english import key, listing, quoted, sentence, singular, words
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
_OF_CODES = frozenset({"number", "code", "digit", "value", "content", "link", "url", "address", "website", "encode"})
_ROLES: tuple[tuple[str, str, Callable[[Scene], str]], ...] = (
    (
        r"\b(?:customer|client|buyer|bill(?:ed)? to|invoiced to|recipient of (?:the|this) invoice|pays?|payer)\b",
        "billed to",
        people_of.buyer,
    ),
    (
        r"\b(?:issue[dr]?|seller|vendor|supplier|merchant|sold|provider|shop|store|restaurant|cafe|from whom)\b",
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
    if intent in _NOT or view.question.quotes:
        return None
    steps: list[Callable[[View], str | None]] = [_whole_table, _priced, tabular.answer, _role, _coded]
    if intent not in (Intent.CHOOSE, Intent.COUNT, Intent.TAGS):
        steps.insert(0, figures.answer)
    if intent is Intent.IDENTIFY:
        steps.append(reading.extreme)
    if intent is Intent.COUNT:
        steps.append(_stated_number)
    if intent is Intent.PRESENCE:
        steps = [figures.answer, tabular.compared]
    if intent in (Intent.COLOUR, Intent.CHOOSE, Intent.DECODE, Intent.AT):
        steps = [figures.answer] if intent in (Intent.COLOUR, Intent.AT) else []
    return next((said for step in steps if (said := step(view)) is not None), None)


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
