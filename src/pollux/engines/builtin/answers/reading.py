"""Reading: the text itself, its title, a summary, its language, codes, and values by their labels."""

from __future__ import annotations

import re
from collections import Counter

from pollux.engines.builtin import facts, pairs
from pollux.engines.builtin.answers.describe import noun_phrase
from pollux.engines.builtin.english import article, key, listing, quoted, sentence, sentences, words
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.view import View

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
        return f"I see no text besides {article(scene.codes[0].format)}, which holds {quoted(scene.codes[0].content)}."
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
    if sum(len(words(line.text)) for line in scene.lines) < 25:
        parts = [sentence(f"This is {noun_phrase(scene)}")]
        if scene.lines:
            parts.append(f"It reads: {facts.text_span(scene.lines)}.")
        return " ".join(parts)
    head = facts.title(scene)
    body = [line for line in gist(running_text(scene), 5 if view.manner.detailed else 3) if line not in head]
    if view.manner.form == "list":
        return "\n".join(f"- {one}" for one in body)
    lead = f"{sentence(noun_phrase(scene))} " if head else ""
    return lead + "Its main sentences: " + " ".join(body)


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
            else f"The {code.format} holds {quoted(code.content)}."
        )
    return listing([f"{article(code.format)} holds {quoted(code.content)}" for code in codes]).capitalize() + "."


def value(view: View) -> str | None:
    """The value asked for by name ("the total"); None when the text does not show it."""
    wanted = re.sub(r"^(?:time|day) (?=.*\b(?:open|clos))", "", view.question.subject)
    form = pairs.form_of(view.question.text if re.match(r"(?:when|how much)\b", view.question.text, re.I) else wanted)
    found = pairs.find(view.scene, wanted, view.meaning, form)
    if found is None:
        return None
    short = view.manner.brief or view.manner.form == "word"
    return found.value if short else _stated(wanted, found)


def _stated(wanted: str, found: pairs.Found) -> str:
    label = found.label if found.label in pairs.FORMS else wanted
    noun = {"phone": "phone number", "email": "e-mail address", "url": "web address"}.get(label, label)
    if len(key(noun)) > 4 or not key(noun) or not re.match(r"^[\w' -]+$", noun):
        return sentence(f"{found.label}: {found.value}")
    return sentence(f"The {noun} is {found.value}")


def best_line(view: View, least: float = 0.45) -> str:
    """The line of text nearest to the question, quoted; "" when none is near."""
    lines = [one for one in sentences(running_text(view.scene)) if len(words(one)) >= 2]
    index, score = view.meaning.best(view.question.text, lines[:200])
    return lines[index] if score >= least else ""
