"""One clause of a prompt to one operation: rules tried in order, the narrowest first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pollux.engines.builtin.edit import looks, shades
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import PLACES, Quotes, bare, head, kinds, materials, plain

_ORDER = re.compile(
    r"(?:add|put|place|remove|delete|erase|take|get rid|change|make|turn|convert|transform|recolou?r|paint|colou?r|dye|"
    r"replace|swap|blur|crop|rotate|flip|mirror|resize|scale|extend|increase|decrease|reduce|brighten|darken|sharpen|"
    r"apply|give|write|insert|draw|combine|merge|create|generate|have|show|let|age|open|close|move|translate|animate)\b",
    re.IGNORECASE,
)
_PICTURE = (
    r"(?:the |this |my |whole |entire |it|that |first |second |third |fourth |last |other )*"
    r"(?:image|photo|photograph|picture|pic|it|this|everything|scene)(?: (?:number )?\d{1,2})?"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in lower case with its quotations as marks (`low`), and with them in place (`full`)."""

    low: str
    full: str
    quoted: tuple[str, ...]
    pictures: int


def step(text: str, quotes: Quotes, pictures: int) -> list[Step] | None:
    """The operations of one clause; None when no rule reads it."""
    one = Clause(text.lower(), quotes.put_back(text).lower(), tuple(quotes.within(text)), pictures)
    for rule in _RULES:
        found = rule(one)
        if found is not None:
            return [_worded(each, quotes.put_back(text)) for each in found]
    return None


def is_order(text: str) -> bool:
    """Whether a clause begins with a verb that asks for something."""
    return bool(_ORDER.match(text))


def selective(text: str, quotes: Quotes) -> Step | None:
    """ "Keep the cup in colour": all but one thing in black and white."""
    low = quotes.put_back(text).lower()
    match = re.match(r"(?:keep|leave|preserve) (?:only )?(.{2,60}?) (?:in (?:full )?colou?r|colou?red)\b", low)
    if match and not re.search(r"\bpicture|image|photo|everything", match[1]):
        return Step("style", thing=bare(match[1]), to="black and white", how="around", words=text)
    return None


def _worded(one: Step, words: str) -> Step:
    return Step(one.kind, one.thing, one.to, one.how, one.at, one.amount, one.pictures, words)


def _lettering(one: Clause) -> list[Step] | None:
    """Lettering to be set or taken away."""
    if re.match(r"(?:remove|delete|erase|take|get rid|clean|hide|eliminate|drop)\b", one.low) and re.search(
        r"\b(?:text|watermarks?|lettering|words|writing|captions?|letters|subtitles?|date ?stamps?|timestamps?)\b",
        one.low,
    ):
        return [Step("lettering off", thing=" ".join(one.quoted))]
    if (
        re.match(r"(?:replace|change)\b", one.low)
        and len(one.quoted) == 2
        and re.search(r"\b(?:with|to|by)\b", one.low)
    ):
        return [Step("letter", thing=one.quoted[0], to=one.quoted[1], how="instead")]
    if re.match(r"(?:replace|change|make|let|have|set|edit|update|rewrite)\b.{0,60}\b(?:text|words?|lettering|writing|"
                r"sign|title|caption|heading|label|letters|it)\b", one.low) and len(one.quoted) == 1 and re.search(
                    r"\b(?:to|with|by|say|read|into|saying|reading)\b", one.low):  # fmt: skip
        return [Step("letter", to=one.quoted[0], how="instead")]
    asked = re.match(
        r"(?:add|put|write|place|insert|overlay|set|print|draw|sign|label|caption|title|give|include)\b", one.low
    )
    if asked and one.quoted and not re.search(r"style of \ue000", one.low):
        rest = re.sub("\ue000\\d+", " ", one.low)
        return [Step("letter", to="\n".join(one.quoted), how=looks.corner(rest), at=_anchor(rest)[1], thing=rest)]
    said = re.match(r"(?:add|put|write|insert|overlay)(?: the| a)? (?:text|words?|caption|title|watermark|letters)"
                    r"(?: saying| reading| that says)?:? (?P<t>[^,]{1,120}?)"
                    r"(?P<p> (?:in|at|on|to|across|along|over) the .{2,60})?$", one.full)  # fmt: skip
    if said and not re.match(r"(?:in|at|on|to)\b", said["t"]):
        return [Step("letter", to=said["t"].strip(), how=looks.corner(said["p"] or ""), thing=said["p"] or "")]
    return None


def _background(one: Clause) -> list[Step] | None:
    low = one.full
    sky = re.match(r"(?:replace|change|swap|turn|exchange|make) the (?:whole )?sky (?:with|to|into|for|by|a|an|the) ?"
                   r"(?:an? |the )?(?P<s>.{3,80})$", low)  # fmt: skip
    if sky and plain(sky["s"], shades.NAMES):
        return [Step("background", thing="sky", to=sky["s"], how="sky")]
    if not re.search(r"\b(?:background|backdrop|cut ?out|isolate|transparent|bokeh)\b", low) and not re.match(
        r"(?:keep|leave) (?:only|just|nothing but)\b", low
    ):
        return None
    if (
        re.search(r"\b(?:background|backdrop)\b", low)
        and re.search(r"\b(?:blur|blurr\w+|bokeh|out of focus|defocus\w*)\b", low)
    ) or (re.search(r"\bbokeh\b", low)):
        return [Step("background", how="blur", amount=_strength(low))]
    away = re.match(
        r"(?:remove|delete|erase|get rid|take|cut|isolate|eliminate|drop|without|keep|leave|extract)\b", low
    )
    if re.search(r"\btransparent\b", low) or (away and not re.search(r"\bfrom the background\b", low)):
        only = re.match(
            r"(?:keep|leave) (?:only|just|nothing but) (?P<what>.{2,60})$|"
            r"(?:isolate|extract|cut out) (?P<cut>.{2,60}?)(?: (?:from|on|and|with)\b.*)?$",
            low,
        )
        what = bare((only["what"] or only["cut"]) if only else "")
        return [Step("background", thing="" if what in ("subject", "background") else what, how="remove")]
    toned = looks.tones(low)
    if toned and not re.search(r"\b(?:replace|new|swap|instead)\b", low) and not shades.find(low):
        return [Step("tone", thing="background", to=name, amount=amount) for name, amount in toned]
    styled = looks.style(low)
    if styled and not re.search(r"\b(?:replace|new|swap|instead)\b", low):
        return [Step("style", thing="background", to=styled)]
    new = re.search(
        r"\b(?:background|backdrop)\b.{0,30}?\b(?:with|to be|to|into|by|as|of|from)\b (?P<a>.{2,200})$|"
        r"\b(?:with|on|onto|against|in front of|to|into|add|use|give \w+) (?:an? |the |"
        r"some )?(?P<b>.{2,80}?) (?:background|backdrop)\b|"
        r"\bbackground (?P<c>[a-z# 0-9-]{2,40})$",
        low,
    )  # fmt: skip
    if new is None:
        return None
    what = (new["a"] or new["b"] or new["c"]).strip(" .")
    second = picture_number(low)
    return [
        Step(
            "background", to=re.sub(r"^(?:an?|the|be) ", "", what), how="replace", pictures=(second,) if second else ()
        )
    ]


def _geometry(one: Clause) -> list[Step] | None:
    found = looks.geometry(one.full)
    return [found] if found else None


def _style(one: Clause) -> list[Step] | None:
    found = looks.style(one.full)
    if found is None:
        return None
    part = re.search(r"\b(?:except|apart from|but not|other than)(?: for)? (?P<w>.{2,60})$", one.full)
    if part:
        return [Step("style", thing=bare(part["w"]), to=found, how="around")]
    only = re.match(rf"(?:make|turn|render|convert|transform|apply|give)(?: only| just)? (?P<w>.{{2,60}}?) (?:to|"
                    rf"into|in|as|look|"
                    rf"{re.escape(found)}|black|sepia|like|a |an )", one.full)  # fmt: skip
    thing = "" if not only or _is_picture(only["w"]) or only["w"] in ("to", "into", "in", "as") else bare(only["w"])
    return [Step("style", thing=thing if len(thing.split()) <= 3 else "", to=found)]


def _tone(one: Clause) -> list[Step] | None:
    """Brightness and the like, of all or of a thing."""
    found = looks.tones(one.full)
    if not found:
        return None
    thing = looks.toned_thing(one.full)
    return [Step("tone", thing=thing, to=name, amount=amount) for name, amount in found]


def _remove(one: Clause) -> list[Step] | None:
    match = re.match(
        r"(?:remove|delete|erase|eliminate|get rid of|drop|take (?:out|away|off)|clean up|cut out|hide|crop out|"
        r"edit out)"
        r"(?: only| just)? (?P<w>.{2,80}?)(?: from (?:the |this |my |his |her |its )?.{2,40})?$|"
        r"take (?P<v>.{2,60}?) (?:out|away|off)\b.{0,40}$|make (?P<u>.{2,60}?) (?:disappear|vanish|go away)$",
        one.full,
    )
    if not match:
        return None
    what = match["w"] or match["v"] or match["u"]
    parts = re.split(r"\band\b(?: the)?|,", what)
    return [Step("remove", thing=bare(part)) for part in parts if bare(part)] or None


def _recolour(one: Clause) -> list[Step] | None:
    """ "Change the X to Y": a new colour or material for it, or another thing in its place."""
    if re.search(r"black[- ](?:and|&)[- ]white", one.full):
        return None
    match = re.match(
        r"(?:change|make|turn|paint|recolou?r|colou?r|dye|tint|convert|transform|swap|switch|replace|give|set)"
        r"(?: only| just)? (?P<x>.{2,70}?)(?: from [a-z -]{2,24}?)? "
        r"(?P<link>to be|to look|to|into|with|for|by|be|as|look like|out of)"
        r"(?: an?| the| some| made of| made from| of)? (?P<y>.{2,120})$",
        one.full,
    )
    x, y = (match["x"], match["y"]) if match else _tail(one.full)
    x = re.sub(r"(?:'s|’s)? colou?r$| colou?r of$", "", x)
    x = re.sub(r"^(?:the |only the )?colou?r of ", "", x)
    y = _CLAIMS.split(y)[0].strip()
    has, rest = bool(shades.find(y) or materials(y)), plain(y, shades.NAMES)
    alike = head(bare(x)) == head(rest) if rest else False
    if not x or not y or (looks.style(f"into {y}") and not alike):
        return None
    if _is_picture(x):
        return [Step("tone", to="tint", how=y)] if has and not rest else None
    if has and (not rest or alike or head(rest) in ("one", "version", "paint")):
        return [Step("recolour", thing=bare(x), to=y)]
    if match and rest and re.match(r"change|turn|convert|transform|swap|switch|replace", one.full):
        return [Step("swap", thing=bare(x), to=y)]
    return None


_CLAIMS = re.compile(r"[,;] (?:while|keeping|but|so|and keep|making)\b| (?:while|keeping|without|so that)\b")


def _tail(text: str) -> tuple[str, str]:
    """ "make the cup dark blue": the words at the end that are colours, materials and looks; and those before."""
    match = re.match(r"(?:change|make|turn|paint|recolou?r|colou?r|dye|tint|give)(?: only| just)? ", text)
    said = text[match.end() :].split()[:14] if match else []
    at = len(said)
    while at > 0 and not plain(said[at - 1], shades.NAMES):
        if said[at - 1] in shades.THINGS and at > 1 and said[at - 2] in ("the", "my", "this", "a", "entire", "whole"):
            break  # "make the sky pink", but "make the car sky blue"
        at -= 1
    front, back = " ".join(said[:at]), " ".join(said[at:])
    return (front, back) if shades.find(back) or materials(back) else ("", "")


def _scene(one: Clause) -> list[Step] | None:
    """ "A picture of my cat eating a banana in a restaurant": the thing of the picture in a new setting."""
    match = re.match(
        r"(?:(?:create|make|generate|show|give|draw|put|place|imagine|"
        r"have)(?: me)? )?(?:(?:an? )?(?:new )?(?:[a-z]{4,14} ){0,2}"
        r"(?:picture|image|photo|photograph|scene|shot) (?:of|with|where) )(?:my|this|the|that|"
        r"our) (?P<who>[a-z]{2,20})(?P<rest> .{3,200})$",
        one.full,
    )
    if not match:
        return None
    rest = match["rest"]
    out = []
    setting = re.search(r"\b(?:in|at|on|inside) (?:an? |the |some )(?P<s>.{3,120})$", rest)
    if setting:
        out.append(Step("background", thing=bare(match["who"]), to=setting["s"], how="replace"))
    held = re.search(
        r"\b(?P<how>eating|holding|wearing|with|carrying|drinking) (?P<w>(?:an? |some |the )?.{2,40}?)(?: (?:in|at|"
        r"on|under|while|and)\b|,|$)",
        rest,
    )
    if held:
        how = {"wearing": "on", "eating": "eating", "drinking": "eating"}.get(held["how"], "holding")
        out.append(Step("add", to=held["w"], how=how, at=bare(match["who"])))
    return out or None


def _add(one: Clause) -> list[Step] | None:
    match = re.match(
        r"(?:add|put|place|insert|draw|give|include|paste|attach|let there be|dress|drop|set|overlay|scatter|"
        r"print)(?: only| just)? "
        r"(?P<w>.{2,160})$",
        one.full,
    )
    if not match:
        return None
    what = match["w"]
    given = re.match(
        r"(?P<who>(?:the |my |this |its |his )?[a-z]{2,14}|him|her|it|them) (?P<w>(?:an?|some|two|three) .{2,100}|"
        r"[a-z ]{3,30}(?:s|hair)(?: and .{2,60})?)$",
        what,
    )
    if one.full.startswith("give ") and given and head(bare(given["w"])) in _OWN_PARTS and shades.find(given["w"]):
        return [Step("recolour", thing=head(bare(given["w"])), to=given["w"])]
    if one.full.startswith(("give ", "dress ")) and given:
        return [Step("add", to=part, how="on", at=bare(given["who"])) for part in _items(given["w"])]
    moved = _MOVED.match(what)
    if moved and head(bare(moved["s"])) in PLACES:
        return [Step("background", to=moved["s"], how="replace")]
    number = picture_number(one.full)
    steps: list[Step] = []
    waiting: list[str] = []
    for piece in _items(what):  # things with a place of their own each, or several with one place after the last
        front, at, how = _split(piece)
        if not bare(front):
            return None
        waiting.append(front.strip())
        if at or how:
            steps += [Step("add", to=part, how=how, at=at, pictures=(number,) if number else ()) for part in waiting]
            waiting = []
    return steps + [Step("add", to=part, pictures=(number,) if number else ()) for part in waiting]


def _wearing(one: Clause) -> list[Step] | None:
    """ "Make the cat wear sunglasses", "let her hold the cup of the second image", "dress him in a scarf"."""
    match = re.match(
        r"(?:make|have|let|show|give me|dress|put) (?P<who>(?:the |my |this |our )?[a-z]{2,14}(?: [a-z]{2,14})?|"
        r"him|her|it|them) (?:(?P<how>wear|hold|carry|eat|drink)(?:ing|ting)?|in(?= an? [a-z ]{0,20}(?:hat|cap|scarf|"
        r"crown|helmet))) (?P<w>.{2,100})$",
        one.full,
    )
    if not match:
        return None
    how = {"hold": "holding", "carry": "holding", "eat": "eating", "drink": "eating"}.get(match["how"] or "", "on")
    number = picture_number(one.full)
    if number:
        thing = re.split(r" (?:of|from|in) (?:the )?(?:\w+ )?(?:image|picture|photo)", match["w"])[0]
        thing = re.sub(r"^(?:an?|the|her|his|their|its|my) ", "", thing)
        onto = 2 if number == 1 else 1
        return [Step("place", thing=thing, how=how, at=bare(match["who"]), pictures=(number, onto))]
    return [Step("add", to=part, how=how, at=bare(match["who"])) for part in _items(match["w"])]


def _items(phrase: str) -> list[str]:
    """ "a crown and a scarf" as two."""
    return [part.strip(" ,") for part in re.split(_MORE, phrase) if part.strip(" ,")]


_OWN_PARTS = kinds("hair eye lip skin shirt suit jacket dress coat")
_MORE = r",? and (?=(?:an?|some|two|three|four|five) )|,? and (?=[a-z ]{3,24}$)|, (?=(?:an?|some) )"
_MOVED = re.compile(
    r"(?:it|him|her|them|me|us|this|the (?:subject|person|man|woman|cat|dog)|my \w{2,14}) "
    r"(?:on|in|at|into|onto|inside) (?:an? |the )?(?P<s>[a-z ,-]{3,80})$"
)
_PLACE = re.compile(
    r" (?P<how>on top of|next to|in front of|to the (?:left|right) of|in the (?:upper|lower|top|bottom)[- ](?:left|"
    r"right)|"
    r"(?:on(?:to)?|below|under|around|over|at|near) (?:the |its |his |her |their )?(?:head|face|nose|eyes?|shoulder|"
    r"neck|chest|chin|mouth)|in(?:to)? (?:the |its |his |her )?"
    r"(?:hands?|sky|air|background|foreground|corner)|onto|on|in|into|at|beside|behind|above|over|under|below|near|"
    r"around|across|to)\b"
)


def _split(what: str) -> tuple[str, str, str]:
    """What is added, next to what, and how: "a hat on the cat's head" is ("a hat", "the cat's head", "on")."""
    match = _PLACE.search(" " + what)
    if not match:
        return what, "", ""
    front, how, rest = what[: max(match.start(), 0)], match["how"], (" " + what)[match.end() :].strip()
    words = how.split()
    body = ("head", "face", "nose", "eye", "eyes", "shoulder", "neck", "chest", "chin", "mouth", "hand", "hands")
    if words[-1] in body:
        owner = re.search(r"\bof (?:the |my |this )?([a-z ]{2,40})", rest)
        return front, f"{bare(owner[1]) if owner else ''} {words[-1]}".strip(), words[0].removesuffix("to")
    if words[-1] in ("sky", "air", "background", "foreground", "corner") or (
        " the " in f" {how} " and words[-1] not in ("of",)
    ):
        return front, "", how + (" " + rest if looks.corner(rest) else "")
    return front, bare(rest), {"onto": "on", "into": "in"}.get(how, how)


def _anchor(text: str) -> tuple[str, str]:
    """(how, at) of lettering that belongs to a thing: "on the shirt"."""
    match = re.search(
        r"\b(on|onto|above|below|under|over) (?:the |my |his |her |its )?(?P<at>[a-z ]{3,30}?)(?: in\b.*| with\b.*)?$",
        text,
    )
    if not match or looks.corner(match.group()) or _is_picture(match["at"]) or "background" in match["at"]:
        return "", ""
    return match[1], bare(match["at"])


def picture_number(text: str) -> int:
    """The picture that a clause names, from 1; 0 for none."""
    names = ("first", "second", "third", "fourth", "fifth", "sixth")
    match = re.search(r"\b(first|second|third|fourth|fifth|sixth|last)(?: \w+)? (?:image|picture|photo|one)\b|"
                      r"\b(?:image|picture|photo) (?:number |no\.? |#)?(\d{1,2})\b", text)  # fmt: skip
    if not match:
        return 0
    if match[2]:
        return int(match[2])
    return names.index(match[1]) + 1 if match[1] in names else -1


def _is_picture(phrase: str) -> bool:
    return bool(re.fullmatch(rf"(?:{_PICTURE})(?:'s)?(?: (?:colou?rs?|of .{{2,60}}))?", phrase.strip()))


def _strength(text: str) -> float | None:
    found = looks.amount(text)
    if found is not None:
        return found
    if re.search(r"\b(?:slight\w*|a bit|a little|subtl\w+|gent\w+|soft\w*|light\w*)\b", text):
        return 0.4
    return 1.0 if re.search(r"\b(?:strong\w*|heav\w+|very|much|a lot|intens\w+|completely)\b", text) else None


_RULES: tuple[Callable[[Clause], list[Step] | None], ...] = (
    _lettering, _background, _geometry, _remove, _wearing, _recolour, _style, _tone, _scene, _add,
)  # fmt: skip
