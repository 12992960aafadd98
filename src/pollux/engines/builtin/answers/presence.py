"""Yes or no: is it there, is it such, does it say so; with an honest "not that I can see"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pollux.engines.builtin import facts, pairs
from pollux.engines.builtin.answers import count
from pollux.engines.builtin.answers.describe import noun_phrase
from pollux.engines.builtin.answers.reading import language_of
from pollux.engines.builtin.english import article, counted, key, listing, quoted, sentence, words
from pollux.engines.builtin.kinds import is_kind, plain_word
from pollux.engines.builtin.manner import LANGUAGES
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import trim
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, View

_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"photo(?:graph)?|snapshot", frozenset({"photograph"})),
    (r"screenshot|screen ?shot|screen ?grab|user interface|web ?page", frozenset({"screenshot"})),
    (r"document|page of text|scan", frozenset({"document"})),
    (r"chart|graph|plot|diagram", frozenset({"chart"})),
    (r"drawing|illustration|graphic|cartoon|clip ?art", frozenset({"drawing"})),
    (r"blank|empty", frozenset({"blank"})),
)
# "An error message" is 0.56 near "Wrong password. Try again."; of 14 things sought on nine pages the wrong lines were
# at most 0.49 near, but for "form signed" and a form's title.
WORDED = 0.53
_HOLDERS = frozenset({"sign", "label", "notice", "button", "poster", "page", "board", "sticker", "banner", "ticket"})
_PEOPLE = (
    r"person|people|someone|somebody|anyone|anybody|human(?: being)?s?|m[ae]n|wom[ae]n|child(?:ren)?|"
    r"boys?|girls?|faces?|kids?"
)
_COLOUR_WORDS = {
    "grey": "gray",
    "violet": "purple",
    "cyan": "turquoise",
    "golden": "yellow",
    "gold": "yellow",
    "silver": "gray",
}
_COLOURS = (
    r"red|orange|yellow|green|blue|purple|violet|pink|brown|black|white|gr[ae]y|beige|turquoise|cyan|magenta|golden"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, no, or not known (None), and the sentence that says what it rests on; `sure` of a no that was measured."""

    yes: bool | None
    because: str
    sure: bool = False


def colour_name(word: str) -> str:
    """The name this engine uses for a colour word."""
    return _COLOUR_WORDS.get(word.lower(), word.lower())


def judge(scene: Scene, asked: str, meaning: Meaning, quotes: tuple[str, ...] = (), question: str = "") -> Verdict:
    """Whether what is asked ("a cat", "any text", "black and white") is so."""
    low = " ".join(words(asked))
    if (spoken := _language(scene, question or asked)) is not None:
        return spoken
    whole = " ".join(words(question or asked))
    if (compared := _compared(scene, question, meaning)) is not None:
        return compared
    for test in (_says, _form, _kind, _text, _code, _people, _shape, _colour, _paper):
        verdict = test(scene, low, quotes, whole)
        if verdict is not None:
            return verdict
    return _thing(scene, asked, meaning)


def _language(scene: Scene, text: str) -> Verdict | None:
    """ "Is this text in English?"."""
    match = re.search(rf"\bin (english|{LANGUAGES})\b", text, re.I)
    name = language_of(scene.text) if match else ""
    return Verdict(name.lower() == match[1].lower(), f"the text is in {name}", sure=True) if match and name else None


def _compared(scene: Scene, question: str, meaning: Meaning) -> Verdict | None:
    """ "Is the total more than 20?"."""
    match = re.search(
        r"\b(?:is|was|are) (?:the )?(?P<what>[\w ]+?) (?P<how>more|greater|higher|over|above|less|"
        r"lower|under|below|fewer)(?: than)? [$€£]?(?P<n>\d[\d.,]*)",
        question,
        re.I,
    )
    found = pairs.find(scene, match["what"], meaning) if match else None
    value, limit = number(found.value) if found else None, number(match["n"]) if match else None
    if match is None or found is None or value is None or limit is None:
        return None
    above = match["how"].lower() in ("more", "greater", "higher", "over", "above")
    return Verdict(value > limit if above else value < limit, f"the {match['what']} is {found.value}", sure=True)


def _says(scene: Scene, low: str, quotes: tuple[str, ...], whole: str) -> Verdict | None:
    match = re.search(r"\b(?:says?|reads?|mentions?|(?:the )?words?|contains? the words?)\s+(?P<what>.+)$", whole)
    wanted = quotes[0] if quotes else match["what"] if match and "code" not in low else ""
    wanted = (
        re.sub(r"^(?:the |of )*(?:words? |text |name |number )?|(?: in| on| any ?where).*$", "", wanted)
        if not quotes
        else wanted
    )
    if not wanted or wanted in ("text", "any text", "words"):
        return None
    line = next((one.text for one in scene.lines if _plain(wanted) in _plain(one.text)), "")
    if line:
        exact = _plain(line) == _plain(wanted)
        return Verdict(True, f"it says {quoted(line)}" if not exact else "it says so")
    if _plain(wanted) in _plain(scene.text):
        return Verdict(True, f"it says {quoted(wanted)}")
    if scene.lines:
        return Verdict(False, f"I read {facts.text_span(scene.lines, 100)} there, but not {quoted(wanted)}")
    return Verdict(False, "I found no text in the picture")


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", "", text).lower()


def _form(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    if re.search(r"\bblack and white\b|\bgr[ae]y ?scale\b|\bmonochrome\b", low) and "photo of" not in low:
        return Verdict(
            scene.grayscale,
            "it has no colours" if scene.grayscale else f"it is in colour, {facts.palette(scene)}",
            sure=True,
        )
    if re.search(r"\bin colou?r\b|\bcolou?rful\b", low):
        return Verdict(
            not scene.grayscale,
            "it has no colours" if scene.grayscale else f"its colours are {facts.palette(scene)}",
            sure=True,
        )
    if re.search(
        r"\blandscape (?:format|orientation|mode)|\b(?:portrait|landscape|square)$|\bportrait "
        r"(?:format|orientation|mode)",
        low,
    ):
        form = "square" if scene.width == scene.height else "landscape" if scene.width > scene.height else "portrait"
        return Verdict(form in low, f"it is {scene.width} pixels wide and {scene.height} high", sure=True)
    if re.search(r"\b(?:blurr?y|blurred|out of focus|sharp|in focus)\b", low):
        sharp = scene.sharpness >= 0.15
        return Verdict(
            sharp == bool(re.search(r"sharp|in focus", low)), "its edges are sharp" if sharp else "its edges are soft"
        )
    if re.search(r"\b(?:dark|bright|light|night|underexposed|overexposed)$", low):
        dark = bool(re.search(r"dark|night|under", low))
        is_so = scene.brightness < 0.35 if dark else scene.brightness > 0.6
        return Verdict(is_so, f"its average brightness is {round(scene.brightness * 100)} of 100", sure=True)
    return None


def _kind(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    for pattern, kinds in _KINDS:
        if re.fullmatch(rf"(?:an? |the )?(?:real |black and white |colour )?(?:{pattern})(?: of.*)?s?", low):
            of = re.search(r"\bof (?:an? |the )?(.+)$", low)
            if of and scene.kind in kinds & {"photograph", "drawing", "chart"}:
                return None
            return Verdict(scene.kind in kinds, f"it is {article(facts.kind_noun(scene))}", scene.kind_confidence > 0.7)
    return None


def _text(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    if not re.search(r"\b(?:text|writing|words?|letters|written|readable|legible|caption|lettering)\b", low):
        return None
    if not scene.lines:
        return Verdict(False, "I looked for text and found none" if scene.text_read else "a quick look found none")
    return Verdict(True, f"it reads {facts.text_span(scene.lines, 100)}")


def _code(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    if not re.search(r"\b(?:qr|bar ?codes?|qr ?codes?|code)\b", low):
        return None
    wanted = [c for c in scene.codes if "qr" not in low or "qr" in c.format.lower()]
    if wanted:
        return Verdict(
            True,
            f"{article(facts.code_noun(wanted[0]))} {facts.at(facts.place(wanted[0].box, scene))} "
            f"holds {quoted(wanted[0].content)}",
        )
    return Verdict(False, "I found none that I could decode")


def _people(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    if not re.fullmatch(
        rf"(?:an? |any |the |some |more than one |multiple )*(?:{_PEOPLE})(?:'s)?(?: there| visible)?", low
    ):
        return None
    if scene.faces:
        return Verdict(True, f"I see {counted(len(scene.faces), 'face')}")
    if any(label.family == "person" and label.score >= facts.LIKELY for label in scene.labels):
        return Verdict(True, f"I recognise {article(scene.labels[0].name)}, though no face")
    return Verdict(False, "I look for faces and see none, so someone turned away could escape me")


def _shape(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    result = (
        count.tally(scene, low)
        if re.search(r"\b(?:circle|square|rectangle|triangle|ellipse|oval|star|hexagon|pentagon)s?\b", low)
        else None
    )
    if result is None:
        return None
    number, noun = result
    return Verdict(
        number > 0,
        f"I see {counted(number, noun)}" if number else f"I find {facts.shapes_phrase(scene) or 'no plain shapes'}",
    )


def _colour(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    match = re.fullmatch(
        rf"(?:mostly |mainly |any |some |the colou?r |anything |something )*(?P<c>{_COLOURS})(?: colou?r(?:ed)?)?", low
    )
    if not match:
        return None
    name = colour_name(match["c"])
    found = next((c for c in scene.colours if c.name.split()[-1] == name), None)
    if found and found.share >= 0.01:
        where = f", most of all {facts.at(found.places[0])}" if found.places and found.share < 0.6 else ""
        return Verdict(True, f"about {max(1, round(found.share * 100))} % of it is {found.name}{where}")
    return Verdict(False, f"its colours are {facts.palette(scene)}")


def _paper(scene: Scene, low: str, _quotes: tuple[str, ...], _whole: str) -> Verdict | None:
    match = re.fullmatch(
        r"(?:an? |the )?(invoice|receipt|menu|letter|ticket|form|certificate|business card|timetable)", low
    )
    if not match or (scene.kind == "photograph" and not scene.lines):
        return None
    sort = facts.papers(scene)
    return Verdict(
        sort == match[1], f"its words are those of {article(sort)}" if sort else f"it is {noun_phrase(scene)}"
    )


def _thing(scene: Scene, asked: str, meaning: Meaning) -> Verdict:
    noun = re.sub(r"^(?:(?:an?|the|any|some|more|of)\s+)+", "", asked.strip(), flags=re.I)
    noun = re.sub(r"^(?:photo(?:graph)?|picture|image|drawing) of (?:an? |the )?", "", noun)
    noun = re.sub(r"^(?:cup|glass|mug|plate|bowl|bottle|piece|slice|kind|type|sort|pair) of (?:an? )?", "", noun)
    matching = [label for label in scene.labels if is_kind(noun, (label.name, *label.names, label.family))]
    score = sum(label.score for label in matching)
    if not matching and scene.labels and noun:
        names = [label.name for label in scene.labels[:3]]
        index, near = meaning.best(plain_word(noun), names)
        if near >= 0.65 and scene.labels[index].score >= facts.LIKELY:
            return Verdict(None, f"I recognise {article(scene.labels[index].name)}")
    if matching and score >= facts.LIKELY:
        return _recognised(scene, noun, matching[0].name)
    if (
        (head := key(noun)[-1:])
        and len(key(noun)) > 1
        and any(is_kind(head[0], (n.name, *n.names, n.family)) for n in scene.labels[:1])
    ):
        return Verdict(None, f"I recognise {_main(scene)}, and cannot judge whether it is {article(noun)}")
    if matching and score >= facts.FAINT:
        return Verdict(None, f"it could be {article(matching[0].name)}, but I am not sure")
    plain = not re.search(r"\b(?:on|in|of|with|at|from)\b", noun)
    if scene.lines and plain and len(key(noun)) > 1 and key(noun)[-1:] == key(facts.papers(scene))[-1:]:
        return Verdict(None, f"it is {noun_phrase(scene)}, and I cannot judge whether it is {article(noun)}")
    if (told := set(key(noun)) - _HOLDERS) and told < set(key(noun)) and told <= set(key(scene.text)):
        return Verdict(None, f"the text says {quoted(scene.text, 60)}")
    line = next((one.text for one in scene.lines if key(noun) and set(key(noun)) <= set(key(one.text))), "")
    if line:
        return Verdict(True, f"the text says {quoted(line)}")
    if (worded := _worded(scene, noun, meaning)) is not None:
        return worded
    return Verdict(False, seen(scene))


def _worded(scene: Scene, noun: str, meaning: Meaning) -> Verdict | None:
    """Something that a line of text may be: "Wrong password" is an error message."""
    if scene.kind == "photograph" or not key(noun):
        return None
    found = [line.text for line in scene.lines if len(words(line.text)) > 1][:100]
    index, near = meaning.best(noun, found)
    return Verdict(None, f"the text says {quoted(found[index])}") if near >= WORDED else None


def seen(scene: Scene) -> str:
    """What is said when something sought was not found."""
    only = ", and I recognise only the main thing in it" if scene.kind == "photograph" else ""
    return f"what I see is {noun_phrase(scene)}{only}"


def _recognised(scene: Scene, noun: str, name: str) -> Verdict:
    main = facts.subject(scene)
    name = main.name if main and is_kind(noun, (main.name, main.family)) else name
    return Verdict(True, "" if key(noun) == key(name) else f"I recognise {article(name)}")


def _main(scene: Scene) -> str:
    main = facts.subject(scene)
    return article(main.name) if main else noun_phrase(scene)


def _any_of(view: View) -> Verdict:
    """ "Any food or drink?" is yes when either is there."""
    question = view.question
    parts = re.split(r"\s+or\s+", question.subject) if not question.quotes else [question.subject]
    verdicts = [judge(view.scene, part, view.meaning, question.quotes, question.text) for part in parts]
    return next((one for one in verdicts if one.yes), verdicts[0])


def _of_quality(text: str) -> bool:
    """Whether a question is about how something is ("is the cat happy"), not whether it is there."""
    there = (
        r"\b(?:there|see|spot|any|contains?|shows?|have|has|includes?|depicts?|say|visible)\b|^\W*(?:is|"
        r"are|was) (?:it|this|that|these|they) (?:an?|the|my|some)\b"
    )
    return not re.search(there, text, re.I)


def answer(view: View) -> str:
    """Yes or no first, then why."""
    question = view.question
    verdict = _any_of(view)
    if not verdict.yes and not verdict.sure and (found := _found(view)):
        verdict = found
    if view.manner.form == "word" or view.manner.brief:
        return "Yes." if verdict.yes else "Unsure." if verdict.yes is None else "No."
    if verdict.yes:
        lead = view.frames.pick("Yes", "Yes, it seems so") if not verdict.because else "Yes"
        return sentence(f"{lead}: {verdict.because}" if verdict.because else lead)
    if verdict.yes is False and _of_quality(question.text) and verdict.because.startswith("what I see"):
        return sentence(f"I cannot tell: what I see is {noun_phrase(view.scene)}") + f" {HOW_TO_PLUG_IN}"
    if verdict.yes is None and "cannot judge" in verdict.because:
        return sentence(verdict.because)
    if verdict.yes is None and verdict.because.startswith("the text says") and _of_quality(question.text):
        return sentence(f"I cannot judge that; {verdict.because}")
    if verdict.yes is None:
        return sentence(f"Possibly: {verdict.because}")
    if verdict.sure:
        return sentence(f"No: {verdict.because}")
    lead = view.frames.pick("Not that I can see", "No, not that I can see")
    return sentence(f"{lead}: {verdict.because}")


def _found(view: View) -> Verdict | None:
    """Something that the first look does not name, found when it is looked for."""
    seen = [one for part in re.split(r"\s+or\s+", view.question.subject) for one in view.seen(part)]
    seen = [one for one in seen if one.kind in ("object", "element", "chart", "table")]
    if not seen or _of_quality(view.question.text):
        return None
    spots = list(dict.fromkeys(facts.at(facts.place(one.box, view.scene)) for one in seen))
    what = article(seen[0].name) if len(seen) == 1 else counted(len(seen), seen[0].name)
    return Verdict(True, f"I see {what} {listing(spots[:4])}")


def asked_of(question: str) -> str:
    """What a yes/no question asks about: "Is there a cat in the picture?" gives "cat"."""
    return trim(
        re.sub(
            r"^(?:is|are|was|were|does|do|has|have|can you see)\s+(?:it|this|that|they|there|the "
            r"(?:image|picture|photo))?\s*",
            "",
            question.strip(),
            flags=re.I,
        )
    )
