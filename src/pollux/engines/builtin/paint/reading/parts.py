"""Parts that a prompt lists: steps, sections, groups in brackets, a menu's dishes, a comic's panels."""

from __future__ import annotations

from pollux.engines.builtin.english import capital
from pollux.engines.builtin.paint.plan import Step
from pollux.engines.builtin.paint.reading import nouns, words
from pollux.engines.builtin.paint.reading.phrases import Know
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.tokens import Token, bag, tokenise

MOST = 12
MOST_ITEMS = 16
_LABELS = bag("step panel picture image page scene frame part day phase stage chapter slide photo section")
_ORDER = bag("first second third fourth fifth then next finally lastly last afterwards after")
_BULLETS = frozenset("-*•–·▪")
_MONEY = frozenset("$€£¥₹₩")
_LISTED = bag(
    "steps tips ingredients items sections stages facts features benefits parts reasons phases with include "
    "including includes dishes drinks following show showing are words types rules examples points starters "
    "mains desserts"
)  # fmt: skip


def steps(text: str, tokens: list[Token], know: Know | None = None) -> tuple[Step, ...]:
    """The parts of an infographic, in order: numbered, labelled, arrowed, in brackets, or listed behind a colon."""
    for reader in (_numbered, _labelled, _bulleted, _arrows):
        found = reader(text, tokens)
        if len(found) > 1:
            return tuple(_step(one, know) for one in found[:MOST])
    grouped = _groups(text, tokens, know)
    if grouped:
        return tuple(grouped[:MOST])
    found = _behind_colon(text, tokens)
    return tuple(_step(one, know) for one in found[:MOST]) if len(found) > 1 else ()


def told(text: str, tokens: list[Token]) -> list[str]:
    """The parts of a story or a guide as the prompt tells them: numbered, labelled, or "First ... Then ... Finally"."""
    for reader in (_numbered, _labelled, _bulleted, _arrows, _ordered):
        found = reader(text, tokens)
        if len(found) > 1:
            return found[:MOST]
    return []


def menu(tokens: list[Token]) -> tuple[Step, ...]:
    """A menu's sections: "Starters: soup 5, salad 6.50", each dish with a tab before its price."""
    sections: list[tuple[str, list[str]]] = []
    begin, title = 0, ""
    for index, token in [*enumerate(tokens), (len(tokens), None)]:
        heads = token is not None and token.low == ":"
        if heads:
            title, begin = _title_before(tokens, index), index + 1
            sections.append((title, []))
        ends = (
            token is None
            or token.kind == "line"
            or token.low in {",", ";", "|"}
            or (token.low == "and" and token.kind == "word")
        )
        if token is not None and token.low == "." and token.kind == "mark":
            ends = True
        if ends:
            dish = _dish(tokens[begin:index])
            if dish:
                sections = sections or [("", [])]
                sections[-1][1].append(dish)
            begin = index + 1
    priced = any("\t" in dish for _, dishes in sections for dish in dishes)
    kept = [(title, dishes) for title, dishes in sections if dishes and (priced or title)]
    if priced:
        kept = [(title, [dish for dish in dishes if "\t" in dish]) for title, dishes in kept]
    return tuple(Step(title, tuple(dishes[:MOST_ITEMS])) for title, dishes in kept[:MOST] if dishes)


def icon_for(text: str, know: Know | None) -> str:
    """The noun of a line that a drawing could stand for: its last known one, or its last noun."""
    own = [token for token in tokenise(text[:200]) if token.kind in {"word", "quote"}]
    found = [to_singular(token.low) for token in own if token.low not in words.FUNCTION | nouns.ABSTRACT | words.ORDERS
             and not words.is_adverb(token.low) and token.low not in words.ADJECTIVES | words.DETERMINERS]  # fmt: skip
    if know:
        return next((name for name in reversed(found) if know(name)), "")
    return found[-1] if found else ""


def _step(text: str, know: Know | None) -> Step:
    title, colon, rest = text.partition(":")
    if colon and rest.strip() and len(title) <= 60:
        return Step(capital(title.strip()), (capital(rest.strip()),), icon_for(rest, know) or icon_for(title, know))
    return Step(capital(text), (), icon_for(text, know))


def _cut(text: str, tokens: list[Token], begin: int, end: int) -> str:
    """The text between two tokens, without the marks around it."""
    while begin < end and tokens[begin].kind in {"line", "mark"} and tokens[begin].low not in "$€£":
        begin += 1
    while begin < end and ((tokens[end - 1].kind in {"line", "mark"} and tokens[end - 1].low not in ")%°!?€")
                           or tokens[end - 1].low == "and"):  # fmt: skip
        end -= 1
    return " ".join(text[tokens[begin].start : tokens[end - 1].end].split())[:300] if begin < end else ""


def _between(text: str, tokens: list[Token], marks: list[tuple[int, int]]) -> list[str]:
    """The texts behind marks (first token, tokens), each up to the next one or the end of its paragraph."""
    out: list[str] = []
    for n, (index, length) in enumerate(marks[:MOST]):
        last = n + 1 == len(marks)
        stop = len(tokens) if last else marks[n + 1][0]
        if last:
            stop = next(
                (at for at in range(index + length, stop) if tokens[at].kind == "line" or tokens[at].low == "."), stop
            )
        part = _cut(text, tokens, index + length, stop)
        if part:
            out.append(part)
    return out


def _numbered(text: str, tokens: list[Token]) -> list[str]:
    """ "1. Boil water 2) Add tea": numbers that count up from one, with a mark behind."""
    marks: list[tuple[int, int]] = []
    for index, token in enumerate(tokens[:-1]):
        named = index > 0 and tokens[index - 1].low in _LABELS
        next_one = token.kind == "number" and token.text == str(len(marks) + 1) and not named
        if next_one and tokens[index + 1].low in {".", ")", ":"}:
            marks.append((index, 2))
    return _between(text, tokens, marks)


def _labelled(text: str, tokens: list[Token]) -> list[str]:
    """ "Step 1: ...", "Panel one: ..."."""
    marks: list[tuple[int, int]] = []
    for index, token in enumerate(tokens[:-2]):
        counted = tokens[index + 1].kind == "number" or tokens[index + 1].low in words.COUNTS
        if token.low in _LABELS and counted and tokens[index + 2].low in {":", "-", "–", ".", ",", "shows", "is", ")"}:
            marks.append((index, 3))
    return _between(text, tokens, marks)


def _bulleted(text: str, tokens: list[Token]) -> list[str]:
    marks = [
        (index, 1)
        for index, token in enumerate(tokens)
        if token.low in _BULLETS and token.kind == "mark" and index and tokens[index - 1].kind == "line"
    ]
    return _between(text, tokens, marks)


def _arrows(text: str, tokens: list[Token]) -> list[str]:
    """ "egg → caterpillar → butterfly"."""
    marks = [index for index, token in enumerate(tokens) if token.low in {"→", "⇒", "➜"} or
             (token.low == ">" and index and tokens[index - 1].low == "-")]  # fmt: skip
    if not marks:
        return []
    begin = next((at + 1 for at in range(marks[0] - 1, -1, -1) if tokens[at].low in {":", ".", "of", "from"}), 0)
    ends = [*marks, next((at for at in range(marks[-1], len(tokens)) if tokens[at].low == "."), len(tokens))]
    out = []
    for end in ends[: MOST + 1]:
        out.append(_cut(text, tokens, begin, end))
        begin = end + 1
    return [part for part in out if part]


def _ordered(text: str, tokens: list[Token]) -> list[str]:
    """ "First, ... Then ... Finally, ..."."""
    starts = [
        index
        for index, token in enumerate(tokens)
        if token.low in _ORDER
        and token.kind == "word"
        and (not index or tokens[index - 1].low in {".", ",", ";", "and", ":", "!"} or tokens[index - 1].kind == "line")
    ]
    return _between(text, tokens, [(index, 1) for index in starts])


def _groups(text: str, tokens: list[Token], know: Know | None) -> list[Step]:
    """ "the ingredients (sunlight, water, CO2)": a title with its items in brackets."""
    out: list[Step] = []
    opened = -1
    for index, token in enumerate(tokens):
        if token.low == "(" and index:
            opened = index
        elif token.low == ")" and opened > 0:
            title = _title_before(tokens, opened)
            items = _items(text, tokens, opened + 1, index)
            if title and items:
                out.append(
                    Step(
                        capital(title), tuple(items), next((i for i in (icon_for(one, know) for one in items) if i), "")
                    )
                )
            opened = -1
    return out


def _title_before(tokens: list[Token], index: int) -> str:
    """The words right before a bracket or a colon that are its title."""
    if index and tokens[index - 1].kind == "quote":
        return tokens[index - 1].text
    own: list[Token] = []
    for at in range(index - 1, max(-1, index - 5), -1):
        if tokens[at].kind != "word" or tokens[at].low in words.FUNCTION | words.DETERMINERS | words.ORDERS:
            break
        own.append(tokens[at])
    return capital(" ".join(token.text for token in reversed(own)))


def _items(text: str, tokens: list[Token], begin: int, end: int) -> list[str]:
    """What stands between commas, each with a capital."""
    out: list[str] = []
    at = begin
    for index in range(begin, end + 1):
        if (
            index == end
            or tokens[index].low in {",", ";", "|"}
            or (tokens[index].low == "and" and tokens[index].kind == "word")
        ):
            part = _cut(text, tokens, at, index)
            if part and len(out) < MOST_ITEMS:
                out.append(capital(part))
            at = index + 1
    return out


def _behind_colon(text: str, tokens: list[Token]) -> list[str]:
    """ "5 tips: sleep well, eat fruit, walk": the longest list behind a colon or a word like "including"."""
    best: list[str] = []
    begin = -1
    for index in range(len(tokens) + 1):
        token = tokens[index] if index < len(tokens) else None
        if token and (token.low == ":" or token.low in {"including", "showing", "include"} or _dashed(tokens, index)):
            begin = index + 1
        elif begin >= 0 and (token is None or token.kind == "line" or token.low in {".", "!", "?"}):
            short = [part for part in _items(text, tokens, begin, index) if len(part.split()) <= 8]
            best = short if len(short) > max(1, len(best)) else best
            begin = -1
    return best


def _dashed(tokens: list[Token], index: int) -> bool:
    """ "benefits - one, two": a dash with room on both sides is a colon."""
    own = tokens[index]
    apart = (
        index > 0
        and index + 1 < len(tokens)
        and tokens[index - 1].end < own.start
        and own.end < tokens[index + 1].start
    )
    return own.kind == "mark" and own.low in "-–—" and apart


def _dish(own: list[Token]) -> str:
    """ "tomato soup $5" as "Tomato soup\\t$5"; "" for what is no dish."""
    at = next((n for n in range(len(own) - 1, -1, -1) if own[n].kind == "number"), -1)
    kept = [
        token
        for token in own
        if (token.kind in {"word", "quote"} or token.low in "&+")
        and token.low not in {"for", "at", "costs", "is", "with"} - {"with"}
    ]
    if at < 0:
        name = " ".join(token.text for token in kept)
        return capital(name) if 0 < len(kept) <= 5 else ""
    before = own[: at - 1] if at and own[at - 1].low in _MONEY else own[:at]
    before = [token for token in before[_lead(before) :] if token in kept]
    if not before:
        return ""
    return f"{capital(' '.join(token.text for token in before[-6:]))}\t{_price(own, at)}"


def _lead(before: list[Token]) -> int:
    """Where the dish's name begins behind "a menu for a restaurant called Bella Roma with"."""
    start = 0
    for n, token in enumerate(before):
        spoken = before[:n]
        if (
            token.low in _SERVED
            or token.kind == "quote"
            or token.used
            or (
                token.low in {"with", "of"}
                and any(one.low in _HOUSES or one.kind == "quote" or one.used for one in spoken)
            )
        ):
            start = n + 1
    return start


def _price(own: list[Token], at: int) -> str:
    """The number with its currency, as it was written: "$12", "12 €"."""
    if at and own[at - 1].low in _MONEY:
        return f"{own[at - 1].text}{own[at].text}"
    after = own[at + 1].low if at + 1 < len(own) else ""
    sign = after if after in _MONEY else _CURRENCIES.get(after, "")
    if not sign:
        return own[at].text
    return f"{sign}{own[at].text}" if sign in "$£¥" else f"{own[at].text} {sign}"


_SERVED = bag("menu dishes include including includes has serving serves offering offers featuring menus")
_HOUSES = bag("menu restaurant cafe café bar diner bistro pizzeria pub bakery trattoria shop house kitchen list")
_CURRENCIES = {"euro": "€", "euros": "€", "eur": "€", "dollar": "$", "dollars": "$", "usd": "$", "bucks": "$",
    "pound": "£", "pounds": "£", "gbp": "£", "yen": "¥", "rupees": "₹", "chf": "CHF", "francs": "CHF", "kr": "kr",
    "zł": "zł", "pln": "zł"}  # fmt: skip
