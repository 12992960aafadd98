"""From the words of a prompt to what is asked: questions in order, each with an intent and a subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pollux.engines.builtin.english import STOPWORDS, key, sentences, words
from pollux.engines.builtin.intents import PICTURE, PROTOTYPES, RULES, Intent
from pollux.engines.builtin.manner import Manner, manner
from pollux.engines.builtin.meaning import Meaning

_LONGEST = 8000  # characters of a prompt that are searched for questions
# Of 8 paraphrases of the prototypes 6 score above, 5 of them rightly; 8 prompts of chatter score at most 0.22.
_NEAR = 0.5

_SPLIT = re.compile(
    r"(?:,|;)?\s+(?:and|then|also|and then)\s+(?=(?:what|where\s+\w|how many|which|is there|are there|"
    r"who|describe|read|count|list|how much)\b)",
    re.I,
)
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?[a-h]\)|[-*•])\s+")
_ASKING = re.compile(
    r"\?\s*$|^(?:please\s+|now\s+|then\s+|also\s+|can you\s+|could you\s+)*(?:what|where|who|when|which|how|is|are|"
    r"does|"
    r"do|describe|read|count|list|name|tell|give|find|extract|identify|classify|transcribe|summari[sz]e|compare|explain|"
    r"detect|write|caption|generate|create|provide|show|translate|analy[sz]e|decode|scan|locate|draw|return|output)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"\s*\b(?:(?:are|is) (?:there|visible|shown|present)\b.*|(?:can|do|could) (?:you|we|i) "
    r"(?:see|find|count|spot|read)\b.*|"
    rf"(?:in|on|of|from|within) (?:this|the|that|these|my|each|both|your)(?: [\w-]+)? ?{PICTURE}s?\b.*|"
    r"visible|shown|here|"
    r"(?:does|do) (?:it|this|they|the \w+) (?:have|contain|show)\b.*|there)\s*$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:(?:there|any|some|an?|the|this|that|it|of|different|visible|you see|showing|show|shows|"
    r"contain|contains|have|has|see|all|its|is|are|been|being)\s+)+",
    re.IGNORECASE,
)
_OPTIONS = re.compile(
    r"(?:following|categories|classes|labels|options|one of|into|from|between|among|as(?: "
    r"either)?)\b[^:\[(\n]*[:\[(]?\s*(?P<list>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LITTLE = STOPWORDS - {"picture", "image", "photo", "photograph", "pic"}
_THERE = re.compile(
    r"^(?:is|are|was|were) there\b|^any\b|^(?:can|do) you (?:see|spot|find)\b|^does (?:it|this|the "
    r"\w+) (?:have|contain|show|include)\b",
    re.I,
)
_BOXED = re.compile(
    r"\breturn (?:\w+ ){0,3}(?:bounding[- ]box|boxes|masks|points)|\bbox_2d\b|\"point\"|\bbounding[- ]box", re.I
)
_POINTING_TEXT = "this that it these those one picture image photo first second third fourth last other next here now"
_POINTING = frozenset(_POINTING_TEXT.split())
_ORDINALS = (
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("1st", 1),
    ("2nd", 2),
    ("3rd", 3),
    ("last", -1),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question.  `subject` is what it is about ("faces", "the total"); `options` the labels to choose among;
    `quotes` what stood between quotation marks; `picture` the one picture meant, from 1, -1 the last, 0 all."""

    intent: Intent
    text: str
    subject: str = ""
    options: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    picture: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a prompt asks, and the manner of answering it wants."""

    questions: tuple[Question, ...]
    manner: Manner


def understand(text: str, system: str, pictures: int, meaning: Meaning) -> Asked:
    """The questions in a prompt about so many pictures; a bare picture is a wish for a description."""
    text, system = _bounded(text), _bounded(system)
    how, rest = manner(system, text) if text else manner(system)
    texts = list(split(rest)) or ([rest] if rest.strip() else ["Describe."])
    questions = tuple(_question(one, pictures, meaning) for one in texts)
    if any(one.intent is Intent.BOXES for one in questions) or (pictures and _shows_places(system, questions)):
        return Asked((_of_places(rest or text, questions),), how)
    return Asked(questions, how)


def _shows_places(system: str, questions: Sequence[Question]) -> bool:
    """Whether a system instruction wants boxes of whatever is asked for."""
    return bool(_BOXED.search(system)) and not any(one.intent in (Intent.PAINT, Intent.CREATE) for one in questions)


def _of_places(text: str, questions: Sequence[Question]) -> Question:
    """Boxes, points or masks: what stands around the request is about its form, so all of it is one question."""
    first = next((one for one in questions if one.intent is Intent.BOXES), questions[0])
    return Question(Intent.BOXES, text, first.subject, (), _quotes(text), _which(text))


def _bounded(text: str) -> str:
    """The beginning and the end of a text too long to be a question: instructions stand there."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}\n{text[-_LONGEST // 2 :]}"


def split(text: str) -> Iterable[str]:
    """The single questions of a text.  What is neither question nor request is background, unless it is all."""
    pieces = [_NUMBERED.sub("", one) for whole in sentences(text) for one in _SPLIT.split(whole)]
    pieces = [piece for piece in pieces if words(piece)]
    asking = [piece for piece in pieces if _ASKING.search(piece)]
    if len(asking) > 1 and not _OPTIONS.search(asking[0]):
        return asking[:8]
    return [text.strip()] if pieces else []


def _question(text: str, pictures: int, meaning: Meaning) -> Question:
    plain = re.sub(
        r"^(?:please|kindly|hi|hello|hey|ok|okay|now|then|can you|could you|would you|can you "
        r"please|i want you to|i need you to|let's)[, ]+",
        "",
        text.strip(),
        flags=re.I,
    )
    plain = re.sub(
        r"^(?:please |tell me |can you tell me |do you know )+(?=(?:what|where|who|which|how|is|are)\b)",
        "",
        plain,
        flags=re.I,
    )
    intent, subject = _intent(plain, pictures, meaning)
    options = choices(text) if intent is Intent.CHOOSE else ()
    if intent is Intent.CHOOSE and len(options) < 2:
        intent = Intent.IDENTIFY
    return Question(intent, text, trim(subject), options, _quotes(text), _which(text))


def _intent(text: str, pictures: int, meaning: Meaning) -> tuple[Intent, str]:
    low = " ".join(text.split())
    for rule in RULES:
        if pictures >= rule.pictures and (match := rule.pattern.search(low)):
            what = match.groupdict().get("what") or ""
            if rule.intent in (Intent.CHOOSE, Intent.DECODE, Intent.READ) and _THERE.search(low):
                continue
            return rule.intent, what
    if pictures:
        index, score = meaning.best(low, [sound for _, sound in PROTOTYPES])
        if score >= _NEAR:
            return PROTOTYPES[index][0], ""
    return Intent.OPEN, ""


def trim(subject: str) -> str:
    """The subject without what merely says "in the picture"."""
    subject = _TAIL.sub("", subject.strip(" ?.!,"))
    return _HEAD.sub("", subject + " ").strip(" ?.!,")


def choices(text: str) -> tuple[str, ...]:
    """The labels a prompt offers: "a cat, a dog or a bird", "one of: cat, dog", "[cat, dog]"."""
    text = re.sub(r'["“][^"”]{12,}["”]', " ", text).strip().rstrip(":")
    text = re.sub(r"^(?:what|which|who)\b[^,:?]*, (?=[^?]+ or )", "", text, flags=re.I)  # "what is cheaper, a or b"
    bracket = re.search(r"[\[(]([^\])]+,[^\])]+)[\])]", text)
    listed = _OPTIONS.search(text)
    if bracket:
        found = bracket.group(1)
    elif " or " in text or not listed:
        colon = re.search(r":\s*([^:?]+,[^:?]+)\??\s*$", text)
        match = colon or re.search(r"((?:[^,?.:;\n]+,\s*)*[^,?.:;\n]+?,?\s+or\s+[^,?.:;\n]+)\s*[?.]?\s*$", text.strip())
        found = match.group(1) if match else (listed.group("list") if listed else "")
    else:
        found = listed.group("list")
    parts = re.split(r"\s*(?:,|;|/|\n|\bor\b|\band\b)\s*", found)
    return tuple(dict.fromkeys(label for part in parts if (label := _label(part))))[:64]


def _label(text: str) -> str:
    text = re.sub(
        r"^.*\b(?:is|are|was|shows?|as|of|into|it|this)\s+(?:this |it |that |the )?(?:(?:image|"
        r"picture|photo|photograph)\s+)?(?:an? |the )?",
        "",
        text.strip(" \t.?!:\"'*-`"),
        flags=re.I,
    )
    text = re.sub(r"^(?:an?|the|either|mainly|more|showing|rather)\s+", "", text, flags=re.I).strip(" .?!:\"'`")
    return text if 0 < len(text.split()) <= 5 and any(word not in _LITTLE for word in words(text)) else ""


def _quotes(text: str) -> tuple[str, ...]:
    return tuple(
        m.group(1) or m.group(2) or m.group(3)
        for m in re.finditer(r'"([^"]+)"|“([^”]+)”|(?<!\w)[\'‘]([^\'’]+)[\'’](?!\w)', text)
    )


def _which(text: str) -> int:
    low = text.lower()
    if re.search(r"\w,? (?:and|to|with|than|vs) the (?:second|other|last|third|2nd)\b|\bbetween\b", low):
        return 0
    if match := re.search(rf"\b{PICTURE} (?:number )?#?([1-9])\b", low):
        return int(match.group(1))
    return next((n for word, n in _ORDINALS if re.search(rf"\b(?:the|this) {word} (?:one|{PICTURE})\b", low)), 0)


def elliptic(text: str) -> str:
    """The thing that a question without a verb names: "and the tester?" gives "tester"; "" for "and this one?"."""
    lead = r"(?:and|or|now|what about|how about)\b,? (?:the |an? |for |of |in )*"
    match = re.match(rf"{lead}(.+?)\s*\?*$", text.strip(), re.I)
    return match.group(1) if match and not _POINTING & set(words(match.group(1))) else ""


def topic(text: str) -> str:
    """What a prompt is about, in its own words."""
    about = re.search(
        r"\b(?:about|of|for|on|explain|describe|is|are|won|wrote|invented)\s+(?:the |an? )?((?:[\w'-]+\s*){1,5})",
        text,
        re.I,
    )
    phrase = about.group(1) if about else " ".join(words(text)[-4:])
    kept = re.split(r"\b(?:in|with|to|for|and|that|which|who|using|as)\b", phrase.strip(), maxsplit=1)[0].strip(" .?!")
    return kept if key(kept) else ""
