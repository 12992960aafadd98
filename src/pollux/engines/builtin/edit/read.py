"""From a prompt to the operations it asks for, in order.

Rules over short clauses: quotations are taken out first, whitespace is made single, and no rule has nested repetition,
so that the time grows with the text's length alone, however hostile it is.
"""

from __future__ import annotations

import re

from pollux.engines.builtin.edit import clauses, several
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import Quotes, unquoted
from pollux.engines.builtin.english import sentences

MOST_STEPS = 24
_CLAUSE = 500  # characters of a clause that are read

_VERBS = (
    "add|put|place|remove|delete|erase|take|get rid|change|make|turn|convert|transform|recolou?r|paint|colou?r|dye|"
    "replace|swap|switch|blur|crop|rotate|flip|mirror|resize|rescale|scale|enlarge|shrink|extend|expand|outpaint|"
    "increase|decrease|reduce|lower|raise|boost|brighten|darken|lighten|sharpen|denoise|desaturate|saturate|warm|cool|"
    "apply|give|write|insert|overlay|draw|round|keep|leave|preserve|cut|isolate|set|adjust|enhance|straighten|tilt|fade|"
    "tint|invert|combine|merge|create|use|render|colou?ri[sz]e|pixelate|cover|clean|styli[sz]e|frame|trim|arrange|"
    "stitch|drop|eliminate|sign|label|caption|let|ensure|pad|vignette|soften|smooth|zoom|stretch|ensure|redraw|print"
)
_BETWEEN = re.compile(
    rf"(?:[,;]? (?:and then|and also|and finally|and|then|but|plus|after that|afterwards)|[,;])"
    rf",? (?=(?:also |please |finally |then |only |just )?(?:{_VERBS})\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^| )(?:\(?\d{1,2}[.)]|step \d{1,2}[:.)]?|[-*•]) (?=[A-Za-z])", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:please|kindly|can you|could you|would you|will you|i want(?: you)? to|i want you|i would like(?: you)? to|"
    r"i'd like(?: you)? to|you should|let's|now|then|also|next|first|firstly|second|secondly|third|finally|lastly|"
    r"after that|hey|hi|just|and|so|ok|okay|help me|i need(?: you)? to|do this|as a next step)\b[,:]? ?",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"(?:using|with|from|based on|given|in|on|for|take|take the) (?:the |this |that |my |these |an? )?"
    r"(?:(?:provided|attached|given|uploaded|following|above|original|same|first|second) ){0,2}"
    r"(?:image|photo|photograph|picture|pic|screenshot|drawing|portrait)s?\b(?P<of> of [^,.]{1,90})?"
    r"(?:,| and(?= \w+ )| to (?=create|make))(?: please)? ?",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"(?:keep|leave|preserve|maintain|retain|ensure|make sure|do not|don't|never|without|nothing else|no other|match|"
    r"everything else|the rest|all other|it should|the (?:final|result|new|added|edited|output|logo|"
    r"change)\b.{0,40} should|"
    r"(?:make|making) (?:it|them) look (?:like (?:it|they)|natural|realistic|as if|seamless|believable|good)|"
    r"so that it|the (?:features|face|composition|style)\b|avoid|be careful|must)\b",
    re.IGNORECASE,
)
_NOT_KEEP = re.compile(r"(?:keep|leave|preserve) only\b|(?:keep|leave) (?:just|nothing but)\b|without (?:the |"
                       r"any )?background",
                       re.IGNORECASE)  # fmt: skip
_KEPT_THING = re.compile(
    r"(?:including|(?:keep|leave|preserve|ensure|make sure|retain|maintain|change|alter|touch|modify)(?: that)?) "
    r"(?:the |her |his |its |their |my )?(?P<what>[^,.;]{2,60})",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(
    r"\b(?:else|rest|original|everything|anything|other|lighting|light|composition|style|features?|details?|same|image|"
    r"photo|picture|colou?rs?|background|layout|quality|look|proportions?|sketch|perspective|shadows?|"
    r"nothing|exactly|it|change)\b",
    re.IGNORECASE,
)


def read(text: str, pictures: int) -> list[Step]:
    """The operations of a prompt with so many pictures; a clause that is no operation gives a step "unable"."""
    quotes = unquoted(text)
    flat = " ".join(quotes.text.split("\ue001"))
    whole = several.read(" ".join(flat.split()), quotes, pictures)
    if whole is not None:
        return whole[:MOST_STEPS]
    out: list[Step] = []
    for clause in _clauses(flat):
        if len(out) >= MOST_STEPS:
            break
        out += _of_clause(clause, quotes, pictures)
    return _without_noise(out)


def _clauses(text: str) -> list[str]:
    """The commands of a text: its sentences, cut where "and", "then" or a comma stands before another verb."""
    out: list[str] = []
    for sentence in sentences(_listed(text)):
        one = " ".join(sentence.split())
        one = _NUMBERED.sub("\n", one)
        for piece in one.split("\n"):
            piece = _GIVEN.sub("", _bare(piece), count=1)
            out += [cut[:_CLAUSE] for cut in _BETWEEN.split(piece) if cut and cut.strip(" ,.;:!")]
    return out


def _listed(text: str) -> str:
    """A numbered list with a line to each of its items."""
    return re.sub(r" (?=\d{1,2}[.)] [A-Za-z])|(?<=[.;,]) (?=(?:Step|step) \d)", "\n", text)


def _bare(clause: str) -> str:
    """A clause without its polite beginning and the words that name the picture."""
    clause = clause.strip(" ,.;:!?-")
    for _ in range(6):
        shorter = _LEAD.sub("", clause, count=1) if _LEAD.match(clause) else clause
        given = _GIVEN.match(shorter)
        shorter = shorter[given.end() :] if given else shorter
        if shorter == clause:
            break
        clause = shorter.strip(" ,.;:!")
    return clause


def _of_clause(clause: str, quotes: Quotes, pictures: int) -> list[Step]:
    clause = _bare(clause)
    if not re.search(r"\w", clause):
        return []
    made = clauses.step(clause, quotes, pictures) if not _KEEP.match(clause) or _NOT_KEEP.match(clause) else None
    if made is not None:
        return made
    if special := clauses.selective(clause, quotes):
        return [special]
    if _KEEP.match(clause):
        return _kept(clause)
    return [Step("unable", words=quotes.put_back(clause))]


def _kept(clause: str) -> list[Step]:
    """Things that are to stay as they are: "including the pillows"."""
    out = []
    for match in list(_KEPT_THING.finditer(clause))[:4]:
        what = re.split(r" (?:unchanged|completely|exactly|as|the same|remain|remains|stays?|looks?|should|is|are|"
                        r"on|and)\b",
                        match["what"])[0].strip()  # fmt: skip
        if what and not _ABSTRACT.search(what) and len(what.split()) <= 4:
            out.append(Step("keep", thing=what, words=clause))
    return out


def _without_noise(steps: list[Step]) -> list[Step]:
    """Remarks beside real orders ("it is for my website") are no failures; a sentence that merely describes is none."""
    around = [one for one in steps if one.how == "around"]
    if around:
        steps = [one for one in steps if one is around[0] or one.kind != "style" or one.to != around[0].to]
    real = [one for one in steps if one.kind not in ("unable", "keep")]
    if not real:
        return steps
    return [one for one in steps if one.kind != "unable" or clauses.is_order(one.words)]
