"""How the picture is built: the layout, and what each layout needs beside its subjects."""

from __future__ import annotations

from typing import cast

from pollux.engines.builtin.english import capital
from pollux.engines.builtin.paint.plan import Layout, Lettering
from pollux.engines.builtin.paint.reading import looks_tables as tables
from pollux.engines.builtin.paint.reading.looks import Looks
from pollux.engines.builtin.paint.reading.things import Cast
from pollux.engines.builtin.paint.reading.tokens import Table, Token, bag

PRODUCT = Table((("yes",
    "product photo|product photograph|product shot|product mockup|product photography|product image|packshot|"
    "commercial photograph|commercial photography|e commerce|mockup of|advertising photo|product render|product "
    "picture|product mock|commercial shot"),))  # fmt: skip
MINIMAL = Table((("yes",
    "minimalist composition|negative space|minimal composition|empty space|copy space|lots of space|space for "
    "text|room for text|minimalist background|minimalist wallpaper|minimal wallpaper|minimalist scene|minimalist "
    "photo|minimalist image"),))  # fmt: skip
_EARLY = Table(
    (
        ("", "playing card|credit card|memory card|card game|trading card|sim card|menu bar|comic con"),
        ("sticker", "sticker|stickers|sticker sheet"),
        ("icon", "app icon|icon|icons|icon set"),
        ("logo", "logo|logos|emblem"),
        ("comic", "comic strip|comic panel|panel comic|storyboard|comic page|comic|manga page|photo comic|panels"),
        ("card", "ticket|concert ticket|voucher|coupon"),
        ("menu", "menu|price list|pricelist|list of prices"),
        (
            "infographic",
            "infographic|flowchart|pie chart|bar chart|line chart|bar graph|line graph|diagram|timeline|weather "
            "chart|weather forecast|cheat sheet|chart|graph|histogram|donut chart",
        ),
        (
            "card",
            "card|greeting card|birthday card|business card|invitation|postcard|thank you card|christmas card|save the "
            "date|quote|gift card|wedding card|certificate|valentine card|holiday card",
        ),
        (
            "poster",
            "poster|flyer|banner|instagram post|social media post|facebook post|linkedin post|instagram story|"
            "youtube thumbnail|facebook cover|advert|promo|ad|advertisement|book cover|album cover|"
            "magazine cover|movie poster|thumbnail|leaflet",
        ),
    )
)
_OCCASIONS = Table(
    (
        ("Happy Birthday", "birthday"),
        ("Merry Christmas", "christmas|xmas"),
        ("Thank You", "thank you"),
        ("Happy New Year", "new year|new year's"),
        ("Happy Valentine's Day", "valentine|valentines|valentine's"),
        ("Get Well Soon", "get well"),
        ("Congratulations", "congratulations|graduation"),
        ("Save the Date", "save the date"),
        ("Happy Easter", "easter"),
        ("Happy Halloween", "halloween"),
        ("Happy Anniversary", "anniversary"),
        ("Welcome", "welcome"),
        ("Happy Mother's Day", "mother's day|mothers day|mother"),
        ("Happy Diwali", "diwali"),
        ("Happy Father's Day", "father's day|fathers day"),
        ("Happy Thanksgiving", "thanksgiving"),
        ("Wedding", "wedding"),
    )
)
ABOUT = bag(
    "explaining explains explain about titled on teaching showing shows illustrating visualizing comparing "
    "compares covering summarizing describing"
)  # fmt: skip


def layout_of(tokens: list[Token], look: Looks, early: int) -> str:
    """The layout that the words name.  `early`: where the first sentences end; a layout word later is a thing."""
    begin = next((index for index, token in enumerate(tokens) if token.kind in {"word", "number"}), 0)
    of = begin
    while of < early and tokens[of].low not in {
        "of",
        "holding",
        "wearing",
        "about",
        "showing",
        "for",
        "with",
        "explaining",
    }:
        of += 1
    named = _EARLY.first(tokens, begin, of) or _asked(tokens)
    if named:
        return named
    if PRODUCT.first(tokens):
        return "product"
    return "minimal" if look.roomy or MINIMAL.first(tokens) else ""


def _asked(tokens: list[Token]) -> str:
    """ "... as a sticker", "for a poster", "make it an icon": said after the subject."""
    for index, _, meaning in _EARLY.all(tokens):
        before = [token.low for token in tokens[max(0, index - 4) : index]]
        listed = (
            index and tokens[index - 1].low == "," and index + 1 < len(tokens) and tokens[index + 1].low in {",", "."}
        )
        if listed:
            return meaning
        if {"as", "design", "create", "make", "into", "generate"} & set(before) and {"a", "an", "the", "it"} & set(
            before
        ):
            return meaning
    return ""


def frame(tokens: list[Token], layout: str) -> str:
    """The form that a logo or an icon is put into."""
    return tables.FRAMES.first(tokens) if layout in {"logo", "icon", "sticker"} else ""


def titled(layout: str, tokens: list[Token], cast_: Cast, letters: tuple[Lettering, ...]) -> tuple[Lettering, ...]:
    """The lettering, with a title of the prompt's own words where the layout needs one and none was given."""
    if layout not in {"poster", "card", "menu", "infographic"} or any(one.role in {"title", "logo"} for one in letters):
        return letters
    title = ""
    if layout == "card" or (layout == "poster" and not cast_.purpose):
        title = _OCCASIONS.first(tokens)
        who = _name_after(tokens)
        if title == "Wedding" and who:
            return (Lettering(who, "title"), Lettering(title, "subtitle"), *letters)
        title = f"{title}, {who}!" if title and who else title
    title = title or _topic(tokens, cast_) or ("Menu" if layout == "menu" else "")
    return tuple([Lettering(title, "title")] * bool(title)) + letters


def _topic(tokens: list[Token], cast_: Cast) -> str:
    """What an infographic explains or a poster is for, as a title."""
    for index, token in enumerate(tokens):
        if token.low in ABOUT or (token.low in {"of", "for", ":"} and index and tokens[index - 1].low in _HEADS):
            stop = index + 1
            while (
                stop < min(len(tokens), index + 9)
                and tokens[stop].kind in {"word", "number"}
                and tokens[stop].low not in _ENDS
                and not tokens[stop].used
            ):
                stop += 1
            words = tokens[index + 1 : stop]
            while words and words[0].low in {"a", "an", "the", "how", "my", "our"} and (words[0].low != "how"):
                words = words[1:]
            if words and words[0].low in {"next", "coming"}:
                place = _place_after(tokens, stop)
                return f"{place}: {' '.join(word.text for word in words)}" if place else ""
            if token.low == ":" and not _heads_list(tokens, stop):
                continue
            if words and words[0].kind == "word":
                return capital(" ".join(word.text for word in words))
    if cast_.purpose:
        return cast_.purpose[0].phrase.name.title()
    named = [thing.phrase for thing in cast_.things[:1] if thing.phrase.definite or thing.phrase.article]
    return capital(named[0].name) if named and cast_.layout == "infographic" else ""


def _heads_list(tokens: list[Token], index: int) -> bool:
    """Whether a list follows: "Infographic: benefits of walking - ..."."""
    own = [token.low for token in tokens[index : index + 2]]
    return bool(own) and own[0] in {":", "-", "–"} and own[1:] != [">"]


def _place_after(tokens: list[Token], index: int) -> str:
    """ "... in San Francisco": the name after "in"."""
    if index >= len(tokens) or tokens[index].low not in {"in", "for", "at"}:
        return ""
    out = []
    for token in tokens[index + 1 : index + 5]:
        if token.kind != "word" or not token.text[:1].isupper():
            break
        out.append(token.text)
    return " ".join(out)


_HEADS = bag("infographic chart graph diagram timeline poster flyer banner invitation menu forecast cover guide")
_ENDS = bag(
    "as with in on that which where using showing and if for by has include including featuring between from "
    "under at"
)  # fmt: skip


def _name_after(tokens: list[Token]) -> str:
    """ "for Anna": the name after "for" or "to"."""
    for index, token in enumerate(tokens[:-1]):
        after = tokens[index + 1]
        if (
            token.low in {"for", "to", "dear"}
            and after.kind == "word"
            and after.text[:1].isupper()
            and after.text[1:].islower()
        ):
            if after.owner:
                return after.text[:-2]
            more = tokens[index + 2 : index + 4]
            pair = len(more) == 2 and more[0].low in {"&", "and"} and more[1].text[:1].isupper()
            return f"{after.text} {'&' if more[0].low == '&' else 'and'} {more[1].text}" if pair else after.text
    return ""


def claimed(tokens: list[Token], layout: str) -> None:
    """Marks what a layout's words and frame take: "thank you", "for Anna and Tom", "in a hexagon"."""
    if layout in {"card", "poster"}:
        for index, length, _ in _OCCASIONS.all(tokens):
            for token in tokens[index : index + length] if length > 1 else ():
                token.used = True
    if layout == "card" and (who := _name_after(tokens)):
        for token in tokens:
            token.used = token.used or (token.kind == "word" and token.text in who.split() and token.text[:1].isupper())
    if layout in {"logo", "icon", "sticker"}:
        for index, length, _ in tables.FRAMES.all(tokens):
            if length > 1 or (index and tokens[index - 1].low in {"a", "an", "in", "inside", "within"}):
                for token in tokens[index : index + length]:
                    token.used = True


def as_layout(name: str) -> Layout:
    """A layout's name as the plan's type."""
    return cast(Layout, name or "scene")
