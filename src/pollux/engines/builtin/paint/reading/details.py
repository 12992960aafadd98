"""What is to be read and not to be seen: dates, times, prices, addresses, telephone numbers, names and their roles.

In a picture with lettering they are set as they stand; in any other they are no things to be drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pollux.engines.builtin.english import capital
from pollux.engines.builtin.paint.plan import Lettering
from pollux.engines.builtin.paint.reading.tokens import MOST_CHARACTERS, Token, bag

MOST = 8
SET_IN = frozenset({"poster", "card", "menu"})
"""Layouts in which details are set."""

_DAYS = (
    "mon(?:day)?s?|tue(?:s|sday)?s?|wed(?:nesday)?s?|thu(?:rs?|rsday)?s?|fri(?:day)?s?|sat(?:urday)?s?|sun(?:day)?s?"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_TIME = r"(?:\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b\.?|o'clock\b|h\b|uhr\b)|\d{1,2}:\d\d\b|\bnoon\b|\bmidnight\b)"
_DAY = rf"(?:\b(?:{_DAYS})\b|\b(?:this|next|every)\sweek(?:end)?(?:\sonly)?\b|\b(?:today|tonight|tomorrow)\b)"
_DATE = (
    rf"(?:\b(?:{_MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}}\b)?|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:{_MONTHS})\b(?:,?\s\d{{4}}\b)?|"
    rf"\b(?:{_MONTHS})\s\d{{4}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d\d)\b|\b\d{{4}}-\d\d-\d\d\b)"
)
_SPAN = rf"\d{{1,2}}(?=\s?(?:-|–|to|until)\s?{_TIME})"  # "8-10 pm"
_WHEN = re.compile(
    rf"(?:{_DATE}|{_DAY}|{_TIME}|{_SPAN})(?:(?:,?\s(?:at\s|from\s|the\s|on\s)?|\s?[-–]\s?|\s(?:to|until|till|and|&)\s)"
    rf"(?:{_DATE}|{_DAY}|{_TIME}|{_SPAN})){{0,6}}",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{2,20}){1,3}"
    r"|(?:https?://|www\.)[^\s,;\"'<>]{3,80}(?<![.,;:!?)])"
    r"|(?<![\w@.])[a-z0-9][\w-]{1,40}\.(?:com|org|net|io|dev|co\.uk|de|fr|es|it|eu|app|shop|info|biz|"
    r"ai)(?:/[^\s,;\"']{0,40})?\b"
    r"|(?<![\w@])@[A-Za-z_][\w.]{2,30}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:\b(?:phone|telephone|tel|mobile|cell|call|fax|whatsapp)\b(?:\s(?:number|us(?:\sat)?|is|at))?[.:]?\s?)?"
    r"(?<![\w.,/-])(?:\+\d{1,3}[\s-]?)?(?:\(\d{1,5}\)[\s-]?)?\d{2,5}(?:[\s-]\d{2,5}){1,5}(?![\w/%°-])"
    r"|\b(?:phone|telephone|tel|mobile|cell|call|fax)\b[.:]?\s(?:number\s)?\+?\d{3,15}\b",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b\d{1,5}\s(?:[A-Z][\w'’.-]{0,20}\s){1,4}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Square|Sq|Drive|Dr|Way|Court|Place|Plaza)\b\.?"
    r"(?:,\s[A-Z][\w'’-]{1,20}(?:\s[A-Z][\w'’-]{1,20}){0,2})?"
)
_COST = re.compile(
    r"\b(?:tickets?|entry|entrance|admission|price|cost|only|from)\b:?\s(?:(?:is|are|from|at|only|just|costs?)\s){0,2}"
    r"(?:(?:[$€£]\s?\d{1,6}(?:[.,]\d\d)?|\d{1,6}(?:[.,]\d\d)?\s?(?:[$€£]|dollars|euros|pounds|usd|eur)(?!\w))|free\b)"
    r"|\b(?:free|no)\s(?:entry|entrance|admission)\b"
    r"|\b(?:up\sto\s)?\d{1,2}\s?%\s(?:off|discount)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:\bat\s(?:the\s)?|\bvenue:?\s|\blocation:?\s|\bplace:?\s|\bwhere:\s)"
    r"(?=[A-Z])(?:[A-Z][\w'’&.-]{0,24}(?:\s(?:of|the|and|&|de|la)(?=\s[A-Z]))?\s?){1,6}(?<!\s)"
)
_THEN = re.compile(r",\s((?:[A-Z][\w'’.-]{1,24}\s?){1,4})(?<!\s)(?=[,.;\n]|$)")
"""A place behind a date: "June 14, Villa Rosa, Florence"."""
_NAME = r"[A-ZÀ-Þ][\w'’.-]{0,24}(?:\s(?:[A-ZÀ-Þ][\w'’.-]{0,24}|(?:van|von|der|den|del|de|da|di|la|bin|al|y)\b)){0,5}"
_CARD_NAME = re.compile(rf"\b(?:for|of|name:?|named?)\s(?:a\s\w+\s(?:named|called)\s)?(?P<name>{_NAME})")
_AWARD = re.compile(
    rf"\b(?P<what>(?:[Cc]ertificate|[Dd]iploma|[Aa]ward)(?:\sof\s\w{{1,20}})?)\s(?:awarded\s)?(?:for|to)\s(?P<name>{_NAME})"
    r"(?:,?\s(?P<why>for\s[^.,;\n]{1,80}))?"
)
_BUSINESS = re.compile(r"\b(?:business|visiting|name|calling)\scards?\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\s?(?:,|\(|-|–|—|\bwho is|\bworking as)\s?(?:(?:role|title|job|position|occupation):?\s)?(?:an?\s|the\s)?"
    r"(?P<role>[^\W\d_][\w&'’/ -]{1,50}?)(?=\s?(?:[,.;:()\n]|$|\s(?:at|with|of|from|and|phone|tel|email|e-mail|"
    r"in|on)\b))"
)
_FIRM = re.compile(rf"\b(?:at|of|from|company:?|firm:?)\s(?P<firm>{_NAME})")
_NO_ROLE = bag("with using modern minimal elegant and clean white black blue include including background style design")
_AUTHOR = re.compile(rf"\s{{0,2}}(?:,\s)?(?:by|from|said|—|–|-|―|~|attributed\sto)\s{{0,2}}(?P<name>{_NAME})")


def details(text: str, tokens: list[Token], layout: str) -> tuple[Lettering, ...]:
    """The details of a picture with lettering, in the text's order; their tokens are marked as used, in any layout.

    A business card's name is its title and the role below it the subtitle.
    """
    text = text[:MOST_CHARACTERS]
    found: list[tuple[int, Lettering]] = []
    if layout == "card" and _BUSINESS.search(text):
        found += _business(text, tokens)
    if layout == "card" and (award := _AWARD.search(text)):
        found += _award(award, tokens)
    for begin, end in sorted(_spans(text, layout), key=lambda span: span[0]):
        if not any(token.used for token in _within(tokens, begin, end)):
            _use(tokens, begin, end)
            said = _cleaned(text[begin:end])
            if said:
                found.append((begin, Lettering(said, "body")))
    if layout not in SET_IN:
        return ()
    return tuple(letter for _, letter in sorted(found, key=lambda one: one[0])[:MOST])


def attribution(text: str, tokens: list[Token]) -> Lettering | None:
    """Who a quotation is by: '"Less is more" by Mies van der Rohe'; its tokens are marked as used."""
    for token in tokens:
        if token.kind != "quote":
            continue
        found = _AUTHOR.match(text, token.end)
        if found:
            _use(tokens, found.start(), found.end())
            return Lettering(f"— {found['name'].strip(' .')}", "subtitle")
    return None


def is_business(text: str) -> bool:
    """Whether the words ask for a business card."""
    return _BUSINESS.search(text[:MOST_CHARACTERS]) is not None


def _spans(text: str, layout: str) -> Iterator[tuple[int, int]]:
    """Where details stand; places and costs only where they can be set."""
    named = (_CONTACT, _STREET, _WHEN, *((_COST, _PHONE, _PLACE) if layout in SET_IN - {"menu"} else (_PHONE,)))
    if layout == "menu":
        named = (_CONTACT, _STREET, _WHEN)
    for pattern in named:
        for match in pattern.finditer(text):
            if pattern is _WHEN and not _is_when(match.group(), layout):
                continue
            yield match.start(), match.end()
            end = match.end()
            while pattern is _WHEN and layout in SET_IN and (more := _THEN.match(text, end)):
                yield more.start(1), more.end(1)
                end = more.end(1)


def _is_when(said: str, layout: str) -> bool:
    """Whether it is a time at all: "sun" and "may" are more often other words."""
    if any(c.isdigit() for c in said):
        return True
    short = said.lower() in {
        "sun",
        "sat",
        "mon",
        "wed",
        "fri",
        "may",
        "today",
        "tonight",
        "tomorrow",
        "midnight",
        "noon",
    }
    return not short and layout in SET_IN


def _cleaned(said: str) -> str:
    """Without the word that leads in: "at The Blue Hall"."""
    said = re.sub(
        r"^(?:at|venue|location|place|where|on|only|call|phone|telephone|tel)\b:?\s", "", said.strip(" ,"), flags=re.I
    )
    return capital(" ".join(said.split())) if not _CONTACT.fullmatch(said) else said


def _business(text: str, tokens: list[Token]) -> list[tuple[int, Lettering]]:
    """Name, role and firm of a business card."""
    out: list[tuple[int, Lettering]] = []
    at = next((token.end for token in tokens if token.kind == "quote"), -1)
    name = _CARD_NAME.search(text)
    if at < 0 and name:
        out.append((name.start("name"), Lettering(name["name"].strip(" ."), "title")))
        _use(tokens, name.start("name"), name.end("name"))
        at = name.end("name")
    if at < 0:
        return out
    role = _ROLE.match(text, at)
    if role and not set(role["role"].lower().split()) & _NO_ROLE and not _CONTACT.search(role["role"]):
        out.append((role.start("role"), Lettering(_titled(role["role"].strip()), "subtitle")))
        _use(tokens, role.start("role"), role.end("role"))
        at = role.end("role")
    firm = _FIRM.search(text, at)
    if firm and firm.start() - at < 12:
        out.append((firm.start("firm"), Lettering(firm["firm"].strip(" ."), "body")))
        _use(tokens, firm.start("firm"), firm.end("firm"))
    return out


def _award(match: re.Match[str], tokens: list[Token]) -> list[tuple[int, Lettering]]:
    """What a certificate says: its title, whom it is for, and what for."""
    _use(tokens, match.start(), match.end())
    said = [
        (
            match.start("what"),
            Lettering(" ".join(word if word == "of" else capital(word) for word in match["what"].split()), "title"),
        )
    ]
    said.append((match.start("name"), Lettering(match["name"].strip(" ."), "subtitle")))
    if match["why"]:
        said.append((match.start("why"), Lettering(match["why"].strip(), "body")))
    return said


def _titled(role: str) -> str:
    return role if any(c.isupper() for c in role) else " ".join(capital(word) for word in role.split())


def _within(tokens: list[Token], begin: int, end: int) -> list[Token]:
    return [token for token in tokens if token.start < end and token.end > begin]


def _use(tokens: list[Token], begin: int, end: int) -> None:
    """Marks the words as read, with the "on" or "at" before them."""
    first = next((n for n, token in enumerate(tokens) if token.end > begin), len(tokens))
    for token in tokens[max(0, first - 1) : first]:
        if token.low in {"on", "at", "from", "is", "phone", "email", "date", "time"}:
            token.used = True
    for token in tokens[first:]:
        if token.start >= end:
            break
        token.used = True
