"""How many: only of what was really counted one by one."""

from __future__ import annotations

import re

from pollux.engines.builtin import chart, facts
from pollux.engines.builtin.english import capital, counted, key, plural, quoted, sentence, singular, words
from pollux.engines.builtin.pairs import items
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.view import View

_PEOPLE = {
    "person",
    "people",
    "face",
    "human",
    "man",
    "woman",
    "child",
    "boy",
    "girl",
    "guy",
    "lady",
    "kid",
    "adult",
    "head",
}
_SHAPES = {
    "circle",
    "square",
    "rectangle",
    "triangle",
    "ellipse",
    "oval",
    "star",
    "pentagon",
    "hexagon",
    "diamond",
    "shape",
    "figure",
    "polygon",
}


def tally(scene: Scene, noun: str, quotes: tuple[str, ...] = ()) -> tuple[int, str] | None:
    """How many of something, and the noun for it; None when this engine does not count such things."""
    asked = key(noun) or tuple(singular(word) for word in words(noun))
    if quotes and re.search(r"\b(?:time|word|often|occur|appear|letter)", noun + " time"):
        return _occurrences(scene, quotes[0])
    if not asked:
        return None
    last = set(asked)
    if last & _PEOPLE:
        return len(scene.faces), "face"
    if last & _SHAPES:
        return _shapes(scene, asked)
    if last & {"code", "barcode", "qr"}:
        wanted = [c for c in scene.codes if "qr" not in last or "qr" in c.format.lower()]
        bars = (
            [c for c in scene.codes if "qr" not in c.format.lower()] if "barcode" in last or "bar" in last else wanted
        )
        return len(bars), "QR code" if "qr" in last else "bar code" if bars is not wanted else "code"
    if last & {"colour", "color"}:
        return len([c for c in scene.colours if c.share >= 0.03]), "main colour"
    if "word" in last:
        return sum(len(line.text.split()) for line in scene.lines), "word"
    if last & {"letter", "character"}:
        return sum(ch.isalnum() for line in scene.lines for ch in line.text), "letter or digit"
    if "line" in last:
        return len(scene.lines), "line of text"
    if last & {"paragraph", "block", "section"}:
        return len({line.block for line in scene.lines}), "block of text"
    if "digit" in last:
        return sum(ch.isdigit() for ch in scene.text or "".join(code.content for code in scene.codes)), "digit"
    if "number" in last:
        return len(re.findall(r"\d+(?:[.,:]\d+)*", scene.text)), "number"
    return None


def _occurrences(scene: Scene, word: str) -> tuple[int, str]:
    return len(
        re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", scene.text, re.IGNORECASE)
    ), f"place where {quoted(word)} stands"


def _shapes(scene: Scene, asked: tuple[str, ...]) -> tuple[int, str]:
    wanted = [word for word in asked if word not in ("shape", "figure", "polygon", "object")]
    found = [s for s in scene.shapes if all(word in key(facts.shape_noun(s)) for word in wanted)]
    return len(found), " ".join(asked)


def count(view: View) -> str:
    """The number first; then, where it is needed, what was counted."""
    if unlike := re.search(r"^(.+?) (?:are|is|that are) (?:not|n't|no) (.+)$", view.question.subject):
        every, those = (tally(view.scene, part) for part in (unlike[1], f"{unlike[2]} {unlike[1]}"))
        return (
            _uncountable(view, unlike[1])
            if every is None or those is None
            else _say(view, every[0] - those[0], f"non-{unlike[2]} {every[1]}")
        )
    noun = re.split(r"\b(?:does|do|did|are|is|were|was|can|has|have|will)\b", view.question.subject)[0].strip()
    if re.match(rf"(?:{'image|picture|photo|screenshot'})s?\b", noun) and "in " not in noun:
        return _say(view, len(view.talk.pictures), "picture")
    asked = key(noun)
    result = tally(view.scene, noun, view.question.quotes)
    if (
        result is None
        and asked
        and (rows := items(view.scene))
        and set(asked) & {"item", "product", "article", "dish", "position"}
    ):
        result = len(rows), "item"
    if result is not None:
        return _say(view, *result)
    if found := view.seen(noun):
        name = found[0].name if len({one.name for one in found}) == 1 else " ".join(asked)
        return _say(view, len(found), name)
    return _plotted(view) or _uncountable(view, noun)


def _say(view: View, number: int, noun: str) -> str:
    if view.manner.form == "word" or view.manner.brief:
        return str(number)
    if noun == "face" and not set(key(view.question.subject)) & {"face", "head"}:
        return f"I count {counted(number, 'person')} whose face I can see." if number else _no_people()
    verb = view.frames.pick("I count", "I can see", "I find")
    if noun.startswith("place where"):
        return capital(
            f"{quoted(view.question.quotes[0])} stands there "
            f"{'once' if number == 1 else f'{number} times' if number else 'nowhere'}."
        )
    return f"{verb} {counted(number, noun) if number < 13 else f'{number} {plural(noun)}'}."


def _no_people() -> str:
    return "I see no face in the picture, and I count people by their faces."


def _uncountable(view: View, noun: str) -> str:
    main = facts.subject(view.scene) if view.scenes else None
    lead = f"I cannot count {plural(singular(noun)) if ' ' not in noun and noun else noun or 'that'}"
    can = "I count faces, lines and words of text, codes, plain shapes and things that I recognise"
    if main and facts.subject_phrase(view.scene) and _same(noun, (main.name, main.family)):
        return f"At least one: the picture shows {main.phrase}. {can} one by one."
    return f"{lead}. {can}."


def _plotted(view: View) -> str | None:
    """How many a chart says there were."""
    asked = set(words(view.question.text))
    found = next((p for p in chart.points(view.scene) if chart.is_named(p.label, asked)), None)
    return sentence(f"{found.label}: {found.value:g}") if found else None


def _same(noun: str, names: tuple[str, ...]) -> bool:
    asked = set(key(noun))
    return any(asked & set(key(name)) for name in names if name)
