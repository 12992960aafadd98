"""Words to be set in the picture: what is quoted, what is called or says something, a big letter."""

from __future__ import annotations

from pollux.engines.builtin.paint.plan import Face, Lettering
from pollux.engines.builtin.paint.reading import hues
from pollux.engines.builtin.paint.reading.looks_tables import FACES
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.tokens import Token, bag
from pollux.engines.builtin.paint.reading.words import DETERMINERS, is_adjective

MOST = 24
TEXTUAL = bag("logo poster card menu infographic comic sticker icon")
_CUES = {
    "by": "subtitle",
    "called": "title", "named": "title", "titled": "title", "entitled": "title", "says": "label", "saying": "label",
    "reads": "label", "reading": "label", "text": "title", "words": "title", "word": "title", "labeled": "label",
    "labelled": "label", "title": "title", "headline": "title", "heading": "title", "slogan": "subtitle",
    "tagline": "subtitle", "subtitle": "subtitle", "subheading": "subtitle", "caption": "body", "quote": "title",
    "lettering": "title", "message": "title", "phrase": "title", "written": "title", "label": "label", "sign": "label",
    "speech": "speech", "bubble": "speech", "exclaiming": "speech", "shouting": "speech", "spells": "title",
    "spelling": "title", "name": "title", "brand": "title", "inscription": "label", "inscribed": "label",
    "engraved": "label", "printed": "label", "letters": "title", "letter": "title", "number": "title", "say": "label",
    "read": "label", "footer": "body", "body": "body", "banner": "label", "logo": "title", "shouts": "speech",
    "exclaims": "speech", "thinking": "speech", "whispers": "speech", "asks": "speech", "replies": "speech",
    "line": "body", "lines": "body", "narrator": "body", "narration": "body",
    "initials": "title", "date": "body", "subhead": "subtitle", "button": "label",
}  # fmt: skip
_AFTER = bag("sign banner label logo text lettering title poster button badge headline")
_NAMING = bag(
    "title subtitle headline heading subheading subhead line lines caption tagline slogan strapline footer header text "
    "words quote message phrase inscription lettering motto narrator narration"
)
"""Names of words to be set: beside a quotation they are nothing to draw."""
_SPOKEN = frozenset(["says", "saying", "say"])
_STOPS = bag("with in on at and using that which featuring for above below under over surrounded by where while")
_NAMED = frozenset(["called", "named", "titled", "entitled"])
_BRANDS = bag(
    "shop cafe café bar restaurant company brand bakery band startup app game event festival concert bookshop "
    "business store agency studio hotel product team club school gym salon show film movie book podcast magazine "
    "conference brewery pizzeria diner boutique clinic farm winery logo poster"
)  # fmt: skip


def lettering(tokens: list[Token], layout: str) -> tuple[Lettering, ...]:
    """The words to set, in order, each once; their tokens are marked as used."""
    face, bold = _face(tokens), any(token.low in {"bold", "heavy", "chunky"} for token in tokens)
    out: dict[str, Lettering] = {}
    bare = layout in {"", "product", "minimal", "sticker"}
    before = (-9, "")  # the last quotation and its role: a list goes on with it
    for index, token in enumerate(tokens):
        if len(out) >= MOST:
            break
        text, role = _at(tokens, index, layout, before[1] if index - before[0] <= 3 else "")
        before = (index, role) if token.kind == "quote" else before
        if text and text not in out and (token.kind == "quote" or text.lower() not in {key.lower() for key in out}):
            role = _role(role, layout, out)
            on = _bearer(tokens, index) if bare else ""
            out[text] = Lettering(text, role, face, bold, _colour(tokens, index), on)
    return tuple(out.values())


def _bearer(tokens: list[Token], index: int) -> str:
    """What carries the words: the nearest thing before them that can, or one behind "on" or "across" after them."""
    for at in range(index, max(-1, index - 12), -1):
        if at < index and (tokens[at].kind == "quote" or tokens[at].low in _ENDS):
            break
        if name := _carrier(tokens[at]):
            return name
    for at in range(index + 1, min(len(tokens), index + 9)):
        if tokens[at].low in _ENDS:
            break
        if name := _carrier(tokens[at]):
            return name
    return ""


def _carrier(token: Token) -> str:
    one = to_singular(token.low)
    if token.kind != "word" or one not in _BEARERS:
        return ""
    return "t-shirt" if one == "shirt" and token.glued else one


_ENDS = frozenset(".!?;\n")
_BEARERS = bag(
    "sign signboard signpost billboard banner board chalkboard blackboard whiteboard placard plaque plate tombstone "
    "gravestone marquee storefront shirt t-shirt tshirt hoodie sweater mug cup cake book notebook bag box "
    "bottle can jar "
    "hat cap flag balloon door scroll envelope screen newspaper wall label package van truck bus boat ship"
)
_WORDED = bag("words headline slogan phrase")
_SET = bag("written printed painted engraved embroidered spelled stitched on across in")
"""What stands behind words that are on something: '"Happy 30th" written on it'."""


def _at(tokens: list[Token], index: int, layout: str, listed_role: str) -> tuple[str, str]:
    """The text that begins at a token, with its role; ("", "") for none."""
    token = tokens[index]
    if token.kind == "quote":
        cue = _cue(tokens, index) or listed_role
        after = tokens[index + 1].low if index + 1 < len(tokens) else ""
        listed = after in {"(", ":"} and layout in {"infographic", ""}
        cue = cue or ("label" if after in _SET and _bearer(tokens, index) else "")
        if (cue or layout in TEXTUAL or after in _AFTER) and not listed and not _work_of_art(tokens, index):
            token.used = True
            _named(tokens, index)
            if index and tokens[index - 1].low in {"reads", "read", "says", "say", "saying", "reading", "spells"}:
                tokens[index - 1].used = True
            for one in tokens[index + 1 : index + 2]:
                one.used = one.used or one.low in _SET - {"on", "across", "in"}
            return token.text, cue or "title"
    elif token.low in {"letter", "number", "word", "initials", "letters", "numeral"} and index + 1 < len(tokens):
        told = tokens[index + 1]
        if (told.kind == "number" or told.text.isupper()) and len(told.text) <= 12:
            told.used = token.used = True
            return told.text, "title"
    elif index + 1 < len(tokens) and (
        (token.low in _WORDED and tokens[index + 1].text[:1].isupper())
        or token.low in _NAMED | _SPOKEN | {"text", "reading"}
        or (_author(tokens, index, layout) and not token.used)
    ):
        return _unquoted(tokens, index, layout)
    return "", ""


def _named(tokens: list[Token], index: int) -> None:
    """Marks what names a quotation as used, with its article and adjectives: 'the small subtitle "..."'."""
    at = index - 1
    while at >= 0 and tokens[at].low in {":", "reading", "saying", "that", "says", "reads"}:
        at -= 1
    if at < 0 or tokens[at].low not in _NAMING:
        return
    for token in tokens[at:index]:
        token.used = True
    while at and (tokens[at - 1].low in DETERMINERS or is_adjective(tokens[at - 1].low)):
        at -= 1
        tokens[at].used = True
        if tokens[at].low in DETERMINERS:
            break


def _unquoted(tokens: list[Token], index: int, layout: str) -> tuple[str, str]:
    """ "a bakery called Blue Moon", "a card that says Happy Birthday Anna"."""
    low = tokens[index].low
    first = tokens[index + 1]
    if first.kind != "word" or (low == "text" and not first.text[:1].isupper()):
        return "", ""
    if low in {"called", "named"} and not _branded(tokens, index):
        for at in range(index, min(len(tokens), index + 4)):  # "a dog named Max": a name is nothing to draw
            tokens[at].used = at == index or tokens[at].text[:1].isupper()
            if not tokens[at].used:
                break
        return "", ""
    if low in _NAMED and layout not in TEXTUAL and not _branded(tokens, index):
        return "", ""
    named = low not in _SPOKEN
    stop = index + 1
    while stop < min(len(tokens), index + 9) and tokens[stop].kind in {"word", "number"}:
        if tokens[stop].low in _STOPS and not tokens[stop].text[:1].isupper() and stop > index + 1:
            more = stop + 1 < len(tokens) and tokens[stop + 1].text[:1].isupper()
            if not (named and more and tokens[stop].low in {"and", "in", "on", "at"}):
                break
        elif (
            named
            and stop > index + 1
            and not tokens[stop].text[:1].isupper()
            and tokens[stop].low not in {"of", "the", "&"}
        ):
            break
        stop += 1
    if named and not first.text[:1].isupper() and first.low != "the":
        return "", ""
    for token in tokens[index + 1 : stop]:
        token.used = True
    joined = _joined(tokens[index + 1 : stop])
    mark = tokens[stop].low if stop < len(tokens) and tokens[stop].low in {"!", "?"} else ""
    return joined + mark, _CUES.get(low, "title")


def _author(tokens: list[Token], index: int, layout: str) -> bool:
    """ "The Last Lighthouse" by Jane Doe."""
    return tokens[index].low == "by" and bool(index) and tokens[index - 1].kind == "quote" and layout == "poster"


def _joined(own: list[Token]) -> str:
    """The tokens' text again, hyphens included."""
    return "".join((("-" if token.glued else " ") if at else "") + token.text for at, token in enumerate(own))


def _branded(tokens: list[Token], index: int) -> bool:
    return any(token.low in _BRANDS for token in tokens[max(0, index - 4) : index])


def _cue(tokens: list[Token], index: int) -> str:
    """The role that the nearest cue before a quotation gives it."""
    for at in range(index - 1, max(-1, index - 9), -1):
        if tokens[at].kind == "line" or (tokens[at].kind == "mark" and tokens[at].low in ".!?;"):
            return ""
        if tokens[at].kind == "quote":
            return ""
        if tokens[at].low in {"line", "lines"} and at < index - 1 and tokens[index - 1].low != ":":
            continue  # "a line drawing of ..."
        if tokens[at].low in _CUES:
            role = _CUES[tokens[at].low]
            near = {token.low for token in tokens[max(0, at - 3) : index]}
            return (
                "speech"
                if near & {"bubble", "speech", "balloon"}
                else "subtitle"
                if near & {"tagline", "slogan", "subtitle"}
                else role
            )
    return ""


def _work_of_art(tokens: list[Token], index: int) -> bool:
    """ "Vincent van Gogh's 'Starry Night'" is a style and no lettering."""
    return index > 0 and (
        tokens[index - 1].owner or any(token.low in {"style", "like"} for token in tokens[max(0, index - 2) : index])
    )


def _role(role: str, layout: str, before: dict[str, Lettering]) -> str:
    taken = {one.role for one in before.values()}
    if layout == "logo":
        return "logo" if "logo" not in taken and role != "subtitle" else "subtitle"
    if layout == "comic" and role in {"label", "title"} and role != "title":
        return "speech"
    if role == "label" and layout in {"card", "poster", "sticker"} and "title" not in taken:
        return "title"
    if role == "title" and "title" in taken:
        return "subtitle" if "subtitle" not in taken else "body"
    return role


def _face(tokens: list[Token]) -> Face | None:
    found = FACES.first(tokens)
    faces: tuple[Face, ...] = ("sans", "serif", "slab", "script", "hand", "display", "mono", "comic", "pixel")
    return next((face for face in faces if face == found), None)


def _colour(tokens: list[Token], index: int) -> str:
    """The colour of the letters: "in red letters", "gold text"."""
    for at in range(max(0, index - 10), min(len(tokens), index + 10)):
        length, name = hues.at(tokens, at, len(tokens))
        if length and at + length < len(tokens):
            for after in tokens[at + length : at + length + 3]:
                if after.low in {"text", "letters", "lettering", "font", "typography", "type"}:
                    return name
                if after.kind != "word" or after.low in {"and", "with", "background"}:
                    break
    return ""
