"""From a request for boxes, points or masks to what exactly is wanted: of which things, called what, in what form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pollux.engines.builtin.english import NUMBERS, sentences, singular, words
from pollux.engines.builtin.intents import PICTURE
from pollux.engines.builtin.seeing.notation import Form, Order, Unit, form_of, is_deep, order_of, unit_of

COLOUR = (
    r"(?:(?:dark|light|pale|bright)[ -])?(?:red|orange|yellow|green|blue|purple|violet|pink|magenta|brown|black|white|"
    r"gr[ae]y|beige|turquoise|cyan|teal|olive|lavender|golden|gold|silver)"
)
_EXTREMES: tuple[tuple[str, str], ...] = (
    ("largest", r"largest|biggest|greatest|tallest|widest"),
    ("smallest", r"smallest|tiniest|littlest|shortest"),
    ("left", r"left[- ]?most|furthest (?:to the )?left|far[- ]left"),
    ("right", r"right[- ]?most|furthest (?:to the )?right|far[- ]right"),
    ("top", r"top[- ]?most|upper[- ]?most|highest"),
    ("bottom", r"bottom[- ]?most|lower[- ]?most|lowest"),
    ("main", r"(?:main|primary|central|most (?:prominent|important)) (?=object|item|thing|subject)"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = rf"(?P<nth>{'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))"
_NUMBER = rf"(\d{{1,3}}|{'|'.join(NUMBERS[1:])})"
_AT_MOST = re.compile(
    rf"(?P<with>,?\s*\b(?:with|and|but|to)\s+|\.?\s*(?=limit|max))?\b(?:no more than|at most|not more than|up to|"
    rf"limit(?:ed)?(?: (?:it|them|the \w+))? to|max(?:imum)?(?: of)?|only the first|exactly)\s+{_NUMBER}\b"
    r"(?(with)(?:\s+(?:of (?:them|these)|objects?|items?|entries|results?|boxes|points))?)",
    re.I,
)
_WHERE = re.compile(
    r"\b(?:in|on|at|within|inside|from|across|of)\s+(?:the\s+)?(?P<v>upper|lower|top|bottom)?[- ]?"
    r"(?P<h>left|right|middle|cent(?:er|re))?(?:[- ]?hand)?[- ]?"
    r"(?P<n>half|side|part|corner|third|quarter|area|edge|region|section)?"
    rf"(?:\s+of\s+(?:the|this|that|my)\s+(?:{PICTURE}|it))?\b",
    re.I,
)
_BESIDE = re.compile(
    r"\b(?:(?:to\s+|on\s+)?(?:the\s+)?(?P<lr>left|right)(?:\s+side)?\s+(?:of|from)|(?P<ud>above|over|below|under(?:neath)?|"
    r"beneath)|(?P<in>inside|within|in|on)|(?P<by>next to|beside|near(?:est)?(?: to)?|close(?:st)? to))\s+"
    r"(?:the|this|that|a|an)\s+(?P<what>[^,.;]+)",
    re.I,
)
_TICK = re.compile(r"\b((?:un)?(?:ticked|checked)) box(?:es)?\b", re.I)
_LABELLING = re.compile(
    r"(?:,\s*)?(?:\band\s+)?\b(?:(?:label|name|call|tag|caption|number)\s+(?:the|each|every|all|them|it|those|both)\b"
    r"(?:\s+(?:of|the|these|them|box|boxes|item|items|object|objects|one|thing|things|entry|mask|masks|point|points|"
    r"shape|shapes|line|lines|button|buttons|person|people|face|faces|element|elements)\b)*"
    r"\s*(?:with|by|using|as|according to|after)?\s*(?P<a>[^.;\n]*)|"
    r"(?:use|using|with|put|giv(?:e|ing))\s+(?P<b>[^.;,\n]{2,60}?)\s+(?:as|for)\s+(?:the\s+|its\s+|their\s+|a\s+)?"
    r"[\"“']?labels?[\"”']?|(?:with|use|using)\s+(?:the\s+|its\s+|their\s+)?[\"“']labels?[\"”']\s+as\s+(?P<c>[^.;,)\n]+)|"
    r"[\"“']?labels?[\"”']?\s+(?:should be|must be|being|is|are|as|=)\s+(?P<d>[^.;)\n]+))",
    re.I,
)
_FORMAL = re.compile(
    r"\bjson\b|\bbox_[23]d\b|\bkeys?\b|\bnormali[sz]ed?\b|\bformat\b|\bfencing\b|\bintegers?\b|\bymin\b|\by0\b|\bxmin\b|"
    r"\bdescriptive labels?\b|\bnever return\b|\b(?:each|every) entry\b|\bbe precise\b|\bdo not "
    r"(?:include|return|explain)\b|"
    r"^\s*(?:return|output|respond|answer|reply)\b(?=.*\b(?:only|list|array|markdown|code)\b)|\[\s*[\"{y]",
    re.I,
)
_PLACES = (
    r"(?:bounding[- ]box(?:es)?|box(?:es)?|masks?|segmentations?|outlines?|contours?|polygons?|points?|coordinates|"
    r"positions?|locations?|rectangles?)"
)
_OF = re.compile(
    rf"\b{_PLACES}\s+(?:\([^)]*\)\s*)?(?:of|for|around|on|over|to|showing|containing|covering|matching)\s+(?P<what>.+)",
    re.I | re.S,
)
_VERB = re.compile(
    r"^(?:please |kindly |now |then |also |can you |could you |i want you to |you should )*"
    r"(?:detect|find|locali[sz]e|locate|segment(?: out)?|mask(?: out)?|outline|highlight|mark|box|"
    r"spot|identify|annotate|"
    r"recogni[sz]e|cut out|select|pick(?: out)?|circle|trace|extract|include|"
    r"point (?:to|at|out)|get (?:all )?(?:the )?points matching|show(?: me)?|give(?: me)?|list|get|return|output|"
    r"where(?:'s| is| are)|draw \w+(?: \w+)? around|put \w+(?: \w+)? around)\s+(?P<what>.+)",
    re.I | re.S,
)
_FILLER = re.compile(
    rf"^(?:(?:all|the|of|a|an|any|some|every|each|only|just|both|these|those|its|their|this|that|individual|different|"
    rf"separate|single|visible|prominent|main|key|important|notable|obvious|distinct|unique|various|present|other|more|2d|3d|"
    rf"as many|many|following|{'|'.join(NUMBERS[2:])}|\d{{1,3}})\s+)+",
    re.I,
)
_TAIL = re.compile(
    rf"\s*\b(?:(?:in|on|from|within|of|throughout)\s+(?:this|the|that|these|my|each|an?|your|both)(?:\s+(?:attached|given|"
    rf"provided|above|first|second|third|last))?\s+{PICTURE}s?|(?:as|in)\s+(?:a\s+)?(?:valid\s+)?json.*|here|"
    r"(?:you|that you|as you) can (?:see|find|identify|detect|spot).*|that (?:are|is) (?:visible|there|shown|present)|"
    r"(?:on|of|from|in) pages? [\d, -]+(?:(?:and|to) \d+)?|at \d+:\d\d(?::\d\d)?|visible|shown|there|"
    r"please|with (?:their |its |a |the )?(?:text )?(?:labels?|names?)|with box_2d.*|"
    r"(?:and|then)\s+(?:return|output|give|provide|list|tell|show|draw|include|respond|report|also|their|its|put)\b.*|"
    r",?\s*(?:return|output)(?:ing|ed)?\b.*|where each\b.*|"
    r"(?:using|with|as|by|in) (?:a |an |the )?(?:2d |3d )?(?:bounding )?(?:box|boxes|points|masks|"
    r"segmentation masks)\b.*|"
    r"(?:and|with) (?:their|its|the) (?:locations?|positions?|coordinates|bounding boxes|boxes|places)\b.*|"
    r"normali[sz]ed\b.*)\s*$",
    re.I | re.S,
)
_GENERAL_TEXT = (
    "object item thing element everything all anything prominent entity subject content result "
    "instance detail region area "
    "stuff list entry box mask point segmentation bounding coordinate position label location one "
    "them it they these those "
    "there 2d 3d each every box_2d segment name image picture photo json array include small big large tiny little"
)
GENERAL = frozenset(_GENERAL_TEXT.split())
EVERYTHING = "everything"
_KEYS_TEXT = "box_2d box_3d box label labels mask point points key name text_label bbox bounding_box json"
_KEYS = frozenset(_KEYS_TEXT.split())
_WHOLE_NOUNS = re.compile(r"\b(?:black and white|salt and pepper|drag and drop|terms and conditions)\b", re.I)


@dataclass(frozen=True, slots=True)
class Beside:
    """Next to what: `how` is left, right, above, below, inside, near or nearest."""

    how: str
    noun: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be pointed at.

    `nouns` what it is called, in the caller's words; none means everything that is prominent.  `quotes` the lettering
    meant.  `colours` any of these.  `region` a half ("left"), a corner ("top left") or a third ("left third").
    `extreme` "largest", "left", ...; `rank` which one counted from there, from 1, -1 the last, 0 when not counted;
    `most` how many, 0 for all.  `naming` how the caller wants labels to be made, "" by name.  `without` what not.
    `deep` when boxes in three dimensions are asked for, which a picture alone does not give.
    """

    form: Form = "boxes"
    nouns: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    region: str = ""
    beside: Beside | None = None
    extreme: str = ""
    rank: int = 0
    most: int = 0
    naming: str = ""
    without: Wanted | None = None
    deep: bool = False
    unit: Unit = "thousandths"
    order: Order = "yxyx"

    def speaks_of(self, *nouns: str) -> bool:
        """Whether one of these words (in the singular) is among what is asked for."""
        said = {singular(word) for noun in self.nouns for word in words(noun)}
        return bool(said & set(nouns))


def wanted(text: str, system: str = "") -> Wanted:
    """What a prompt (and a system instruction that speaks of boxes) wants to be shown the place of."""
    text = _TICK.sub(r"\1 checkbox", text)
    whole = f"{text}\n{system}"
    base = Wanted(form=form_of(text, system), deep=is_deep(whole), unit=unit_of(whole), order=order_of(whole))
    most = _AT_MOST.search(whole)
    base = replace(base, most=_number(most.group(2)) if most else 0)
    text = _AT_MOST.sub(" ", text)
    naming, text = _naming(text)
    base = replace(base, naming=naming or _naming(system)[0])
    without, text = _without(text)
    return replace(_of_phrase(phrase(text), base), without=without)


def phrase(text: str) -> str:
    """The words of a prompt that say which things are meant; "" when none do."""
    pieces = [piece.strip() for piece in sentences(text) if words(piece)]
    found, read = "", set()  # what one pattern has read is not looked for in the same sentence's other words
    for pattern in (_OF, _VERB):
        for piece in sorted(pieces, key=lambda one: bool(_FORMAL.search(one))):
            match = pattern.search(" ".join(piece.split())) if piece not in read else None
            if match is None:
                continue
            if _nouns(kept := _bare(match["what"])) != ():
                return kept
            read.add(piece)
            found = found or (match["what"] if _only_places(kept) else "")
    if found:
        return _bare(found)
    rest = [piece for piece in pieces if piece not in read]
    if first := next((kept for piece in rest if _only_places(kept := _bare(piece))), ""):
        return first
    plain = [
        piece for piece in pieces if not _FORMAL.search(piece) and not _VERB.search(piece) and not _OF.search(piece)
    ]
    return _bare(plain[0]) if plain and len(plain[0].split()) <= 12 else ""


def _bare(text: str) -> str:
    text = re.sub(r"\([^)]*\)", " ", text)
    if (listed := re.match(r"([^:]*):\s*(\S.*)", text)) and _nouns(
        re.sub(r"\b(?:for|of|around)\b", " ", listed[1])
    ) == ():
        text = listed[2]  # "the following objects: bread, banana"
    text = re.split(r"[.;:\n]\s|[;:]\s*$", text + " ")[0].strip(" .!?,")
    before = ""
    while before != text:
        before = text
        text = _TAIL.sub("", text).strip(" .!?,")
    return " ".join(text.split())


def _only_places(text: str) -> bool:
    """Whether a phrase says which ones, though not what they are: "the third from the left"."""
    where = any(any(match.group("v", "h", "n")) for match in _WHERE.finditer(text))
    return bool(where or re.search(_ORDINAL, text, re.I) or re.search(COLOUR, text, re.I)) or any(
        re.search(pattern, text, re.I) for _, pattern in _EXTREMES
    )


def _of_phrase(text: str, base: Wanted) -> Wanted:
    """A phrase taken apart: quotes, order, extremes, place, colour; what is left are nouns."""
    quotes = tuple(q for m in re.finditer(r'"([^"]+)"|“([^”]+)”|(?<!\w)[\'‘]([^\'’]+)[\'’](?!\w)', text)
                   if (q := next(g for g in m.groups() if g)).lower() not in _KEYS)  # fmt: skip
    text = re.sub(r'"[^"]*"|“[^”]*”|(?<!\w)[\'‘][^\'’]+[\'’](?!\w)', " ", text)
    rank, side, text = _ranked(text)
    extreme, text = _extreme(text)
    most = base.most
    if (extreme or rank) and (few := re.match(rf"\s*(?:the )?{_NUMBER}\b", text, re.I)):
        most = _number(few.group(1))
    beside, text = _beside(text)
    region, text = _region(text)
    shades = tuple(dict.fromkeys(match.lower() for match in re.findall(rf"\b{COLOUR}\b", text, re.I)))
    text = re.sub(
        rf"\b(?:and |or )?{COLOUR}(?:[- ]colou?red)?\b(?:\s*(?:,|and|or)(?=\s+{COLOUR}\b))?", " ", text, flags=re.I
    )
    return replace(
        base, nouns=_nouns(text) or (), quotes=quotes, colours=shades, region=region, beside=beside,
        extreme=side or extreme, rank=rank, most=most,
    )  # fmt: skip


def _nouns(text: str) -> tuple[str, ...]:
    """The things named: "all the cups and plates" gives ("cups", "plates"); nothing for "all objects"."""
    held = [match.group() for match in _WHOLE_NOUNS.finditer(text)]
    for index, one in enumerate(held):
        text = text.replace(one, f"held{index}")
    parts = re.split(r"\s*(?:,|&|/|;|\+|\band\b|\bor\b|\bas well as\b)\s*", text)
    out: list[str] = []
    for part in parts:
        part = _FILLER.sub("", _TAIL.sub("", " " + part.strip(" .!?,'\"")).strip() + " ").strip()
        part = re.sub(
            r"\b(?:which|that|who)\s+(?:are|is|can be|have|has)\b.*$|^(?:of|that|are|is|which)\s+", "", part
        ).strip()
        kept = [word for word in part.split() if singular(word.lower().strip("'\".,")) not in GENERAL]
        kept = kept if set(map(singular, words(" ".join(kept)))) - {"the", "of", "a", "an", "that", "are", "is"} else []
        if kept or (part and len(parts) > 1):  # "everything and the text"
            out.append(" ".join(kept) or EVERYTHING)
    out = [] if set(out) == {EVERYTHING} else out
    for index, one in enumerate(held):
        out = [noun.replace(f"held{index}", one) for noun in out]
    return tuple(dict.fromkeys(out))


def _ranked(text: str) -> tuple[int, str, str]:
    """(which one, counted from where, the rest): "the third circle from the left", "second largest"."""
    match = re.search(
        rf"\b{_ORDINAL}\b(?P<what>[\w\s-]*?)\b(?:from|on|counting from)\s+(?:the\s+)?(?P<side>left|right|top|bottom)\b",
        text,
        re.I,
    )
    if match:
        return _nth(match["nth"]), match["side"].lower(), text[: match.start()] + match["what"] + text[match.end() :]
    match = re.search(rf"\b{_ORDINAL}[- ](?=(?:{'|'.join(p for _, p in _EXTREMES[:6])})\b)", text, re.I)
    if match:
        return _nth(match["nth"]), "", text[: match.start()] + text[match.end() :]
    match = re.search(rf"\b{_ORDINAL}\b(?=\s+(?!half|quarter)\w)", text, re.I)
    if match:
        return _nth(match["nth"]), "reading", text[: match.start()] + text[match.end() :]
    return 0, "", text


def _nth(word: str) -> int:
    low = word.lower()
    return -1 if low == "last" else _ORDINALS.index(low) + 1 if low in _ORDINALS else int(re.sub(r"\D", "", low))


def _extreme(text: str) -> tuple[str, str]:
    for name, pattern in _EXTREMES:
        if match := re.search(rf"\b(?:{pattern})", text, re.I):
            return name, text[: match.start()] + text[match.end() :]
    return "", text


def _region(text: str) -> tuple[str, str]:
    for match in _WHERE.finditer(text):
        up = {"upper": "top", "lower": "bottom"}.get((match["v"] or "").lower(), (match["v"] or "").lower())
        side = (match["h"] or "").lower().replace("middle", "centre").replace("center", "centre")
        if not up and not side:
            continue
        name = f"{up} {side}".strip()
        if (match["n"] or "").lower() == "third" and name in ("top", "bottom", "left", "right"):
            name += " third"
        return name, text[: match.start()] + text[match.end() :]
    return "", text


def _beside(text: str) -> tuple[Beside | None, str]:
    match = _BESIDE.search(text)
    if not match or _WHERE.fullmatch(match.group().strip()) or re.search(rf"{PICTURE}s?$", match["what"].strip(), re.I):
        return None, text
    if match["in"] and _WHERE.match(match.group()) and _region(match.group())[0]:
        return None, text
    ud = (match["ud"] or "").lower()
    how = (match["lr"] or "").lower() or ({"above": "above", "over": "above"}.get(ud, "below") if ud else "")
    by = (match["by"] or "").lower()
    how = how or ("nearest" if "est" in by else "near" if by else "inside")
    return Beside(how, match["what"].strip()), text[: match.start()] + text[match.end() :]


def _naming(text: str) -> tuple[str, str]:
    """(how labels are to be made, the text without that)."""
    if re.search(r"\bname them according to\b|\bunique characteristic", text, re.I):
        return "unique", text
    for match in _LABELLING.finditer(text):
        how = next((group for group in match.groups() if group), "").strip(" ,.\"'“”")
        how = re.split(r"\s+and (?:give|return|output|show|draw|provide|list|mark|put)\b", how)[0]
        if re.match(r"(?:and )?number\b", match.group().strip(" ,"), re.I):
            return "number", text[: match.start()] + " " + how + text[match.end() :]
        if how and not re.search(r"\bin (?:the )?key\b|\bdescriptive\b|\bbox_2d\b", how, re.I):
            return how, text[: match.start()] + " " + text[match.end() :]
    return "", text


def _without(text: str) -> tuple[Wanted | None, str]:
    match = re.search(
        r"[(,]?\s*\b(?:except(?: for)?|excluding|but not|(?<=everything )but|(?<=all )but|"
        r"ignor(?:e|ing)|other than|apart from|without|leave out|do not include|"
        r"don't include)\s+(?P<what>[^.;()\n]+)\)?",
        text, re.I,
    )  # fmt: skip
    if not match or re.search(r"\b(?:json|markdown|fenc|explan|text around|labels?|masks?)\b", match["what"], re.I):
        return None, text
    return _of_phrase(_bare(match["what"]), Wanted()), text[: match.start()] + " " + text[match.end() :]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS.index(word.lower())
