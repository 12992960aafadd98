"""Prompts that are read as a whole: several pictures brought together, comics, sketches to be finished, portraits."""

from __future__ import annotations

import re

from pollux.engines.builtin.edit import looks
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import PLACES, Quotes, bare, head, number

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_WHICH = re.compile(
    r"\b(?:(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|last|other)(?: provided| attached| reference)? "
    r"(?:image|picture|photo|one|photograph|drawing)|(?:image|picture|photo) (?:number |no\.? |#)?(?P<n>\d{1,2}))\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\bgroup (?:photo|picture|shot|portrait|selfie)|\bteam (?:photo|picture)|\b(?:all (?:of )?)?(?:these|those|"
    r"the|all|both) "
    r"(?:\w+ )?(?:people|persons|men|women|friends|faces|guys|kids|children|animals|pets)\b.{0,30}\b(?:together|"
    r"in one|side by side|next to each other|into one)",
    re.IGNORECASE,
)
_COLLAGE = re.compile(
    r"\bcollage\b|\bside[- ]by[- ]side\b|\bmood ?board\b|\bcontact sheet\b|\b(?:photo|image|"
    r"picture)?[- ]?grid\b|"
    r"\bbefore (?:and|&) after\b|\bnext to each other\b|\bmontage\b|\bstitch\b",
    re.IGNORECASE,
)
_SOURCE = r"(?:the |an? |my |this |her |his )?(?P<a>[^,.;]{2,80}?)"
_FROM = (
    r"(?:from|in|of) (?:the )?(?P<from>first|second|third|fourth|last|other) (?:image|picture|photo|one)|"
    r"(?:from|in|of) (?:image|picture|photo) (?P<num>\d{1,2})"
)
_PLACE = re.compile(
    rf"\b(?:put|place|add|insert|take|combine|move|paste|use|apply|overlay|print|set) {_SOURCE} (?:{_FROM})"
    r"(?: image| picture)?,?(?: and)?(?: then)?(?: (?:put|place|add|insert|paste|overlay|print|set) (?:it|them|her|"
    r"him))?"
    r" (?P<how>onto|on top of|on|into|in front of|in|next to|beside|with|over|behind|under|above)(?: the| a| an|"
    r" her| his| my| its)? (?P<at>[^.;]{2,90})",
    re.IGNORECASE,
)
_WEAR = re.compile(rf"\b(?:take|put|use) {_SOURCE} (?:{_FROM}).{{0,60}}\b(?:wear|dress|onto|on)\b", re.IGNORECASE)
_SETTING = re.compile(
    r"\b(?:on|in|at|onto|into|inside) (?:an? |the |some )?(?P<s>[a-z][a-z -]{2,60}?)"
    r"(?:,|\.|;|$| with | and | beside | next to | while | together| where )"
)
_NAMED = re.compile(
    r"\b(?:the|an?|my|this|her|his) (?P<w>[a-z]{2,20}(?: [a-z]{2,20})?) (?:from|in|of) (?:the )?(?:"
    r"(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|last|other)(?: provided| attached| reference)? "
    r"(?:image|picture|photo|one|photograph|drawing)|(?:image|picture|photo) (?:number |no\.? |#)?(?P<n>\d{1,2}))\b",
    re.IGNORECASE,
)
_POLISH = re.compile(r"\b(?:turn|transform|convert|make|finish|render|colou?r)\b.{0,60}\b(?:sketch|doodle|line art|"
                     r"line drawing|drawing|scribble)\b.{0,80}"
                     r"\b(?:into|to|in|as)\b", re.IGNORECASE)  # fmt: skip
_COLOUR_IN = re.compile(
    r"\bcolou?r(?:i[sz]e)?(?: in| up)? (?:this|the|my|that)(?: \w+)? (?:sketch|doodle|line art|line drawing|drawing|"
    r"scribble|colou?ring page)\b(?! (?:in|to|into) (?:black|gr[ae]y))"
)
_COMIC = re.compile(
    r"\b(?:comic|manga|storyboard)\b.{0,60}\b(?:panels?|strip|page|story)\b|\bpanel comic\b|\bstoryboard\b",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"\b(?:in profile|profile view|side view|back view|from behind|from the (?:back|side|left|right)|360|"
    r"three[- ]quarter view|"
    r"looking (?:left|right|up|down|back|away|to the)|turn (?:his|her|the|their) head|rear view|different angle|"
    r"another angle|facing (?:left|right))\b",
    re.IGNORECASE,
)
_STUDIO = re.compile(
    r"\b(?:studio (?:portrait|photo|shot|headshot)|headshot|passport (?:photo|picture)|linkedin|profile (?:picture|"
    r"photo))\b",
    re.IGNORECASE,
)


def read(text: str, quotes: Quotes, pictures: int) -> list[Step] | None:
    """The operations of a prompt that is read as a whole; None for all others."""
    flat = text.lower()[:3000]
    full = quotes.put_back(text)[:3000]
    if _COMIC.search(flat):
        return [_comic(full, quotes)]
    if _PROFILE.search(flat):
        return [Step("portrait", how="profile", to=_ground(flat), words=full)]
    if _STUDIO.search(flat):
        return [Step("portrait", to=_ground(flat), words=full)]
    if _COLOUR_IN.search(flat):
        return [Step("polish", to=full, words=full)]
    if _POLISH.search(flat) and not re.search(
        r"\b(?:photo|picture|image|photograph) (?:of .{2,40} )?(?:in)?to an? (?:pencil |ink )?(?:sketch|drawing)", flat
    ):
        match = re.search(r"\b(?:sketch|doodle|line art|line drawing|drawing|scribble)\b", flat)
        target = re.search(r"\b(?:into|to|as)\b", flat)
        if match and target and match.start() < target.start():
            return [Step("polish", to=full, words=full)]
    return _of_several(text, flat, full, pictures, quotes) if pictures > 1 else None


def _of_several(text: str, flat: str, full: str, pictures: int, quotes: Quotes) -> list[Step] | None:
    if _GROUP.search(flat):
        return [Step("group", to=_setting(flat), words=full)]
    if _COLLAGE.search(flat):
        row = "side" in flat or "before" in flat or "next to" in flat
        title = quotes.held[0] if quotes.held else ""
        return [Step("collage", to=title, how="row" if row else "grid", words=full)]
    look = _second_look(flat, full, pictures)
    if look:
        return [look]
    wear = _WEAR.search(text)
    if wear and re.search(r"\bwear|\bdress (?:her|him|the)\b|\bon the (?:woman|man|person|model|girl|boy)\b", flat):
        return [_worn(wear, text, full, pictures)]
    together = _together(text, flat, full, pictures)
    if together:
        return together
    placed = _PLACE.search(text)
    if placed:
        return [_placed(placed, full, pictures)]
    if re.search(r"\b(?:combine|merge|blend|mix|put together|bring together)\b", flat):
        people = re.search(r"\b(?:people|persons|men|women|faces|them together|family|friends)\b", flat)
        return [Step("group" if people else "collage", how="grid", to=_setting(flat), words=full)]
    return None


def _together(text: str, flat: str, full: str, pictures: int) -> list[Step] | None:
    """ "Place the woman of image 1 on a beach, with the cat of image 2": their things in a new setting."""
    found = _SETTING.search(flat)
    if not found or _WHICH.search(found["s"]) or head(bare(found["s"])) not in PLACES:
        return None
    named = [(_number(m["nth"], m["n"], pictures), bare(m["w"])) for m in _NAMED.finditer(text)]
    named = [(at, noun) for at, noun in dict.fromkeys(named) if at and noun]
    if not named:
        return None
    numbers, nouns = zip(*named, strict=True)
    return [Step("group", thing="|".join(nouns), to=found["s"].strip(), pictures=numbers, words=full)]


def _second_look(flat: str, full: str, pictures: int) -> Step | None:
    """ "In the colours of the second picture", "apply the texture of image 2", "in the style of the second image"."""
    match = re.search(r"\b(?P<what>palette|colou?rs?(?: scheme| palette| grading)?|tones?|mood|look|style|texture|"
                      r"pattern|material|fabric)\b"
                      r".{0,30}?\b(?:of|from|in|as|like)\b.{0,20}", flat)  # fmt: skip
    if not match:
        return None
    which = _which(flat[match.start() :], pictures)
    if not which:
        return None
    if re.match(r"texture|pattern|material|fabric", match["what"]):
        at = re.search(
            r"\b(?:to|onto|on) (?:the |my |her |his )?(?P<w>[a-z ]{2,40}?)(?: (?:in|of|from) .{0,40})?[.]?$", flat
        )
        on = bare(re.sub(r"\b(?:first|image|picture|photo|one|\d)\b", "", at["w"])) if at else ""
        return Step("texture", thing=on, pictures=(which,), words=full)
    return Step("palette", pictures=(which,), how="style" if match["what"] == "style" else "", words=full)


def _placed(match: re.Match[str], full: str, pictures: int) -> Step:
    source = _number(match["from"], match["num"], pictures)
    at = match["at"]
    onto = _which(at, pictures) or next((i for i in range(1, pictures + 1) if i != source), 1)
    where = bare(
        re.split(r"\b(?:in|of|from) (?:the )?(?:first|second|third|last|other|image|picture|photo)\b", at.lower())[0]
    )
    thing = re.sub(r"^(?:only|just) ", "", match["a"].lower())
    how = match["how"].lower()
    if re.search(r"\bbackground\b", where) or (
        how in ("in", "into", "with") and re.fullmatch(r"(?:first|second|third|other|image|picture|photo|\d| )*", where)
    ):
        how, where = "scene", ""
    return Step("place", thing=bare(thing), how=how, at=where, pictures=(source, onto), words=full)


def _worn(match: re.Match[str], text: str, full: str, pictures: int) -> Step:
    source = _number(match["from"], match["num"], pictures)
    rest = text[match.end("a") :]
    others = [_number(m["nth"], m["n"], pictures) for m in _WHICH.finditer(rest)]
    onto = next((n for n in others if n != source), 2 if source == 1 else 1)
    return Step("place", thing=bare(match["a"]), how="worn", at="person", pictures=(source, onto), words=full)


def _comic(full: str, quotes: Quotes) -> Step:
    low = full.lower()
    style = next(
        (
            name
            for name, pattern in looks.STYLES
            if name in ("ink", "sketch", "pop art", "watercolour") and re.search(pattern, low)
        ),
        "cartoon",
    )
    return Step(
        "comic", to=style, how="\n".join(quotes.held[:12]), amount=float(min(looks.panels(low) or 3, 9)), words=full
    )


def _ground(text: str) -> str:
    """The ground a portrait stands against; white where none is named."""
    match = re.search(
        r"\b(?:against|on|with|in front of) (?:an? )?(?:plain |solid |pure |"
        r"clean )?(?P<g>[a-z -]{3,20}?)(?: background| backdrop|,|\.|$| in | looking)",
        text,
    )
    return match["g"].strip() if match else "white"


def _setting(text: str) -> str:
    match = re.search(r"\b(?:in front of|in|on|at) (?:an? |the )?(?P<s>beach|park|office|forest|city|kitchen|"
                      r"restaurant|garden|studio|mountains?|street|school|stage|desert|space)\b|"
                      r"\b(?P<o>office|beach|park|forest|city|studio|stage)\b", text)  # fmt: skip
    return (match["s"] or match["o"]) if match else ""


def _which(text: str, pictures: int) -> int:
    match = _WHICH.search(text)
    return _number(match["nth"], match["n"], pictures) if match else 0


def _number(nth: str | None, digits: str | None, pictures: int) -> int:
    """The number of a picture from 1, within those there are; 0 for none."""
    if nth:
        low = nth.lower()
        found = pictures if low == "last" else 2 if low == "other" else _ORDINALS.index(low) + 1
    else:
        found = number(digits) if digits else 0
    return found if 1 <= found <= pictures else 0
