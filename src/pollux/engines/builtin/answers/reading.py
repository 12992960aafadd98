"""Reading: the text itself, its title, a summary, its language, codes, and values by their labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pollux.engines.builtin import chart, facts, hours, pairs
from pollux.engines.builtin.answers.describe import describe, noun_phrase
from pollux.engines.builtin.english import article, capital, key, listing, quoted, sentence, sentences, words
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.view import View

_OURS_TEXT = (
    "what is the this that of to it how are you i tell write describe where who which there and my "
    "do they we has have are were there any serve sell "
    "give show read does can picture please for with from at name list make"
)
# Words that open a question about a picture in other languages and are none of English.
_ASKED_ELSEWHERE = frozenset(
    [
        "beschreibe",
        "beschreiben",
        "dieses",
        "diesem",
        "bild",
        "foto",
        "zeigt",
        "siehst",
        "wie",
        "viele",
        "décris",
        "décrire",
        "cette",
        "quelle",
        "quel",
        "combien",
        "esta",
        "imagen",
        "cuál",
        "cuántos",
        "qué",
        "describa",
        "descreva",
        "imagem",
        "quantas",
        "descrivi",
        "questa",
        "immagine",
        "quanti",
        "beschrijf",
        "deze",
        "afbeelding",
        "hoeveel",
    ]
) - {"wie", "foto"}
_OURS = frozenset(_OURS_TEXT.split())
_COMMON = 4  # sentences of a page from which on a word says little about any of them
_ENDING = re.compile(r"\b(?:until|till) (?:when|what)\b|\bhow late\b|\b(?:close|closes|shut|shuts|end|ends)\b")
_BEGINNING = re.compile(
    r"\b(?:from|since) (?:when|what)\b|\bhow early\b|\b(?:do|does|will)\b.*\b(?:opens?|starts?|begins?)\b"
)
_VERB = re.compile(r"\b(?:is|are|was|were|does|did|do|has|have|had|can|should|must)\b")

# The commonest little words of languages that share the Latin script.
_LITTLE = {
    "English": "the of and to in is that for it with as was on are be this by at from or not you your have no",
    "German": "der die das und ist nicht mit ein eine zu den von für auf im dem sich des auch wir sie werden bei",
    "French": "le la les de des et est un une dans que pour pas sur avec au du ce nous vous sont par plus",
    "Spanish": "el la los las de que y en un una es por con para del se no al lo su más como pero",
    "Italian": "il lo la gli di che e un una per non con del della sono è alla nel da più si come",
    "Portuguese": "o a os as de que e um uma em para com não do da no na por se mais como dos",
    "Dutch": "de het een van en is dat op te in voor met niet zijn aan er maar om ook bij naar",
}


def read(view: View) -> str:
    """All the text, as it stands; what was quoted in the question is looked for instead."""
    scene = view.scene
    if not scene.lines:
        return _nothing(scene)
    if view.manner.form == "list":
        return "\n".join(f"- {line.text}" for line in scene.lines)
    return flowing(scene)


def flowing(scene: Scene) -> str:
    """The text in reading order, a line a line, a blank line between blocks that a reader would part."""
    return scene.text


def _nothing(scene: Scene) -> str:
    if scene.codes:
        return (
            f"I see no text besides {article(facts.code_noun(scene.codes[0]))}, which holds "
            f"{quoted(scene.codes[0].content)}."
        )
    return "I looked for text and found none in the picture."


def title(view: View) -> str:
    """The heading, or that there is none."""
    head = facts.title(view.scene)
    if not head:
        return _nothing(view.scene)
    return head if view.manner.brief or view.manner.form == "word" else f"The title is {quoted(head)}."


def summarise(view: View) -> str:
    """The heading and the sentences that carry most of the text's own words."""
    scene = view.scene
    if sum(len(words(line.text)) for line in scene.lines) < 25 or facts.papers(scene) in ("receipt", "invoice"):
        if facts.papers(scene):
            return describe(view)
        parts = [sentence(f"This is {noun_phrase(scene)}")]
        if scene.lines:
            parts.append(f"It reads: {facts.text_span(scene.lines)}.")
        return " ".join(parts)
    head = facts.title(scene)
    if not re.search(r"[.!?](?:\s|$)", scene.text):  # lines that are no sentences: the points of a slide
        points = [line.text for line in scene.lines if line.text not in head][:8]
        listed = "\n".join(f"- {one}" for one in points)
        return listed if view.manner.form == "list" else f"{sentence(noun_phrase(scene))}\n{listed}"
    body = [line for line in gist(running_text(scene), 5 if view.manner.detailed else 3) if line not in head]
    if view.manner.form == "list":
        return "\n".join(f"- {one}" for one in body)
    lead = f"{sentence(noun_phrase(scene))} " if head else ""
    return lead + "In its own words: " + " ".join(body)


def running_text(scene: Scene) -> str:
    """Lines joined to paragraphs: hyphens at line ends undone, headings closed with a full stop."""
    out: list[str] = []
    for index, line in enumerate(scene.lines):
        fresh = not index or line.block != scene.lines[index - 1].block
        if fresh or not out:
            out.append(line.text)
        elif out[-1].endswith("-") and line.text[:1].islower():
            out[-1] = out[-1][:-1] + line.text
        else:
            out[-1] += " " + line.text
    return "\n".join(out)


def gist(text: str, count: int) -> list[str]:
    """The sentences with the most frequent words of the text, in their order."""
    found = [one for one in sentences(text) if len(one.split()) >= 5 and one[-1:] in ".!?"] or sentences(text)
    common = Counter(word for one in found for word in key(one) if len(word) > 2)
    worth = [
        sum(common[w] for w in set(key(one))) / (8 + len(one.split())) * (1.25 if not i else 1)
        for i, one in enumerate(found)
    ]
    best = sorted(sorted(range(len(found)), key=lambda i: -worth[i])[:count])
    return [found[i] for i in best]


def is_foreign(text: str) -> bool:
    """Whether a question is in another language than English: none of our little words, some of theirs."""
    seen = words(text)
    if any(word in _ASKED_ELSEWHERE for word in seen):
        return True
    if len(seen) < 3 or any(word in _OURS for word in seen):
        return False
    return language_of(text) not in ("English", "") or any(ord(ch) > 127 and ch.isalpha() for ch in text)


def language_of(text: str) -> str:
    """The language by its little words or its script; "" when they do not say."""
    if not text.strip():
        return ""
    for name, script in (
        ("Japanese", r"[\u3040-\u30ff]"),
        ("Korean", r"[\uac00-\ud7af]"),
        ("Chinese", r"[\u4e00-\u9fff]"),
    ):
        if len(re.findall(script, text)) >= 2:
            return name
    for name, script in (
        ("Russian", r"[\u0400-\u04ff]"),
        ("Arabic", r"[\u0600-\u06ff]"),
        ("Greek", r"[\u0370-\u03ff]"),
        ("Hindi", r"[\u0900-\u097f]"),
    ):
        if len(re.findall(script, text)) > len(text) / 3:
            return name
    seen = words(text)
    hits = {name: sum(word in little.split() for word in seen) for name, little in _LITTLE.items()}
    best = max(hits, key=lambda name: hits[name])
    return best if hits[best] >= max(1, len(seen) / 20) else ""


def language(view: View) -> str:
    """The language of the text."""
    if not view.scene.lines:
        return _nothing(view.scene)
    name = language_of(view.scene.text)
    if not name:
        return f"There is too little text to tell its language: {facts.text_span(view.scene.lines, 120)}."
    return name if view.manner.form == "word" else f"The text is in {name}."


def decode(view: View) -> str:
    """What codes hold."""
    codes = view.scene.codes
    if not codes:
        return "I found no QR code or bar code that I could decode."
    if len(codes) == 1:
        code = codes[0]
        return (
            code.content
            if view.manner.brief or view.manner.form == "word"
            else f"The {facts.code_noun(code)} holds {quoted(code.content)}."
        )
    return (
        listing([f"{article(facts.code_noun(code))} holds {quoted(code.content)}" for code in codes]).capitalize() + "."
    )


def value(view: View) -> str | None:
    """The value asked for by name ("the total"); None when the text does not show it."""
    question, scene = view.question, view.scene
    if said := _nth(view) or extreme(view) or _hours(view) or _plotted(view):
        return said
    wanted = _VERB.split(question.subject)[0].strip() or question.subject
    form = pairs.form_of(question.text if re.match(r"(?:when|how much)\b", question.text, re.I) else wanted)
    found = pairs.find(scene, wanted, view.meaning, form)
    if found is None or found.score < (0.6 if len(key(wanted)) < 4 else 0.75):
        return None
    return found.value if _short(view) else _stated(wanted, found)


def _nth(view: View) -> str | None:
    """The first line, the last word and the like."""
    match = re.search(
        r"\b(first|second|third|fourth|fifth|last)\b(?: \w+)? (line|word|sentence|paragraph)\b",
        view.question.text,
        re.I,
    )
    if not match or not view.scene.lines:
        return None
    whole = running_text(view.scene)
    parts = {"line": [line.text for line in view.scene.lines], "word": whole.split(), "sentence": sentences(whole)}
    found = parts.get(match[2].lower(), whole.split("\n"))
    index = (
        ("first", "second", "third", "fourth", "fifth").index(match[1].lower()) if match[1].lower() != "last" else -1
    )
    return found[index] if index < len(found) else None


def _short(view: View) -> bool:
    return view.manner.brief or view.manner.form == "word"


def extreme(view: View) -> str | None:
    """The dearest, cheapest, highest, lowest of what is listed with a number."""
    low = view.question.text.lower()
    match = re.search(
        r"\b(?:(most|highest|largest|biggest|greatest|best|maximum|peak|most expensive)|(least|"
        r"fewest|lowest|smallest|cheapest|minimum|worst))\b",
        low,
    )
    listed = [(p.label, p.value, p.shown) for p in chart.points(view.scene)]
    listed = listed or [(i["name"], number(i["price"]) or 0.0, i["price"]) for i in pairs.items(view.scene)]
    if (
        not match
        or len(listed) < 2
        or re.search(r"\b(?:between|increases?|decreases?|differ\w*|chang\w*|colou?r|text|line|title|prominent)\b", low)
    ):
        return None
    name, _, shown = (max if match.group(1) else min)(listed, key=lambda one: one[1])
    return name if _short(view) else sentence(f"{name}, with {shown}")


def _plotted(view: View) -> str | None:
    asked = set(words(view.question.text))
    found = next((p for p in chart.points(view.scene) if chart.is_named(p.label, asked)), None)
    return (found.shown if _short(view) else sentence(f"{found.label}: {found.shown}")) if found else None


def times(view: View) -> str | None:
    """Entries of days and times for a question about one day, or that it is not among them."""
    day = hours.day_asked(view.question.text)
    found = hours.entries(view.scene) if day else []
    if not found:
        return None
    today = hours.on(day, found)
    return sentence("; ".join(today) if today else f"{capital(day)} is not among the times named: {'; '.join(found)}")


def _hours(view: View) -> str | None:
    """Entries of days and times, those of one day when it is named."""
    low = view.question.text.lower()
    if not re.search(
        r"\b(?:hours|open|opens|opened|closed?|closes|allowed|forbidden|parking|schedule|timetable)\b", low
    ):
        return None
    found = hours.entries(view.scene)
    day = hours.day_asked(low)
    found = hours.on(day, found) if day else found
    side = 1 if _ENDING.search(low) else 0 if _BEGINNING.search(low) else None
    if side is not None and found and all(hours.ends(entry) for entry in found):
        word = ("from", "until")[side]
        said = [(span[side], entry) for entry in found if (span := hours.ends(entry))]
        if _short(view) and len(said) == 1:
            return said[0][0]
        return sentence("; ".join(capital(f"{word} {time} ({entry})") for time, entry in said))
    return sentence("; ".join(found)) if found else None


def _stated(wanted: str, found: pairs.Found) -> str:
    label = found.label if found.label in pairs.FORMS else wanted
    noun = {"phone": "phone number", "email": "e-mail address", "url": "web address"}.get(label, label)
    if (
        pairs.exactness(wanted, found.label) < 1
        and set(key(wanted)) < set(key(found.label))
        and len(found.label.split()) <= 3
        and not re.search(r"\d", found.label)
    ):
        noun = found.label.lower()
    noun = re.sub(r"^(?:her|his|their|its|your|my|our) ", "", noun)
    value = " ".join(found.value.split())
    if re.search(r"\b[A-Z][a-z]", noun[:1].lower() + noun[1:]) or re.match(r"[A-Z][a-z]", noun):
        return sentence(f"{found.label}: {value}")  # a name takes no article
    if not 0 < len(key(noun)) <= 4 or not re.match(r"^[\w' -]+$", noun):
        return sentence(f"{found.label}: {value}")
    return sentence(f"The {noun} {'are' if noun.endswith('s') and not noun.endswith('ss') else 'is'} {value}")


def who(view: View) -> str | None:
    """The name beside a label like "sender"; None when the text has none."""
    wanted = _VERB.sub(" ", view.question.subject).strip()
    found = pairs.find(view.scene, wanted, view.meaning, "") if key(wanted) else None
    return _stated(wanted, found) if found and found.score >= 0.8 and not re.search(r"\d", found.value) else None


def best_line(view: View, least: float = 0.45) -> str:
    """What the text says nearest to the question: a sentence where there are some, else a line; "" for nothing."""
    prose = [one for one in sentences(running_text(view.scene)) if len(words(one)) >= 2]
    is_prose = sum(one[-1:] in ".!?" for one in prose) >= 4
    found = prose if is_prose else [line.text for line in view.scene.lines if len(words(line.text)) >= 2]
    found = list(dict.fromkeys(found))[:240]
    if len(found) > 1:  # a heading says what a page is about, not what it says
        found = [one for one in found if one != facts.title(view.scene)]
    index, score = nearest(view.meaning, view.question.text, found)
    if score < least:
        return ""
    best = found[index]
    return f"{best}: {found[index + 1]}" if is_prose and best[-1:] not in ".!?" and found[index + 1 :] else best


def nearest(meaning: Meaning, question: str, lines: Sequence[str]) -> tuple[int, float]:
    """Index and nearness of the line that a question is about: likeness in meaning, and the stems they share."""
    bags = [{word[:5] for word in key(line)} for line in lines]
    common = Counter(stem for bag in bags for stem in bag)
    worth = {stem: 1 / common[stem] for stem in {word[:5] for word in key(question)} if common[stem]}
    whole = max(0.5, sum(worth.values()))
    telling = " ".join(word for word in words(question) if common[word[:5]] <= _COMMON)
    near = meaning.likeness(question, lines)
    if set(key(telling)) and len(lines) > 10:
        near = [(a + b) / 2 for a, b in zip(near, meaning.likeness(telling, lines), strict=True)]
    scores = [
        score + 0.22 * sum(worth.get(stem, 0.0) for stem in bag) / whole for score, bag in zip(near, bags, strict=True)
    ]
    best = max(range(len(scores)), key=scores.__getitem__, default=-1)
    return best, scores[best] if scores else 0.0
