"""Two or more pictures side by side: what differs, what they share, which one it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pollux.engines.builtin import facts, pairs
from pollux.engines.builtin.answers.choose import FITS, rank
from pollux.engines.builtin.answers.describe import noun_phrase
from pollux.engines.builtin.answers.odd import ODD, changes, odd_one
from pollux.engines.builtin.answers.presence import judge
from pollux.engines.builtin.english import article, capital, counted, key, listing, numeral, quoted, sentence
from pollux.engines.builtin.kinds import groups
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import trim
from pollux.engines.builtin.view import View

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def name(index: int) -> str:
    """ "the first picture"."""
    return f"the {ORDINALS[index]}" if index < len(ORDINALS) else f"picture {index + 1}"


def compare(view: View) -> str:
    """Chooses among the three ways of comparing."""
    low = view.question.text.lower()
    if len(view.scenes) < 2:
        return sentence(f"There is only one picture to look at: {noun_phrase(view.scene)}")
    if ODD.search(low) and len(view.scenes) > 2:
        return _odd(view)
    if re.search(r"\bwhich\b", low) and not re.search(r"\bdiffer", low):
        return _which(view, low)
    if _identical(view):
        return f"{'Both' if len(view.scenes) == 2 else 'All'} pictures are the same file, so there is no difference."
    if re.search(r"\bin common\b|\bsimilarit|\balike\b|\bshare\b", low):
        return _common(view)
    if re.match(r"(?:are|is|do|does)\b", low):
        return _same(view)
    return _different(view)


def _identical(view: View) -> bool:
    return len(view.talk.pictures) > 1 and len({media.digest for media in view.talk.pictures}) == 1


def shared(scenes: Sequence[Scene]) -> list[str]:
    """What all the scenes have in common, as ends of "both ..."."""
    out: list[str] = []
    first = scenes[0]
    names = [_names(scene) for scene in scenes]
    common = set.intersection(*names)
    mains = [facts.subject(scene) for scene in scenes]
    if common and all(mains):
        best = next((m.name for m in mains if m and m.name in common), "") or min(
            common, key=lambda one: (one in ("animal",), len(one))
        )
        out.append(f"show {_a(best)}")
    if len({scene.kind for scene in scenes}) == 1:
        out.append(f"are {_plural_kind(first)}")
    if all(scene.faces for scene in scenes):
        out.append("show people")
    if all(scene.lines for scene in scenes):
        out.append("contain text" + _common_words(scenes))
    if all(scene.codes for scene in scenes):
        out.append("carry a code")
    hues = set.intersection(*(set(facts.colours(scene, 0.1)) for scene in scenes))
    if hues:
        out.append(f"have much {listing([c for c in facts.colours(first, 0.1) if c in hues])} in them")
    return out


def _names(scene: Scene) -> set[str]:
    main = facts.subject(scene)
    known = {main.name, main.family} - {""} if main else set()
    return known | set(groups(known))


def _a(noun: str) -> str:
    return article(noun) if noun not in ("food", "clothing", "tableware", "furniture") else noun


def _plural_kind(scene: Scene) -> str:
    return {"photograph": "photographs", "document": "documents", "code": "codes", "blank": "blank"}.get(
        scene.kind, scene.kind + "s"
    )


def _common_words(scenes: Sequence[Scene]) -> str:
    words = set.intersection(*({w for w in key(scene.text) if len(w) > 3} for scene in scenes))
    found = [word for word in dict.fromkeys(key(scenes[0].text)) if word in words][:4]
    return f" with the {'word' if len(found) == 1 else 'words'} {listing([quoted(w) for w in found])}" if found else ""


def _common(view: View) -> str:
    found = shared(view.scenes)
    all_of = "Both" if len(view.scenes) == 2 else f"All {numeral(len(view.scenes))}"
    each = "; ".join(f"{name(i)} is {noun_phrase(s)}" for i, s in enumerate(view.scenes))
    if not found:
        return sentence(f"I see nothing that they have in common: {each}")
    return sentence(f"{all_of} {listing(found)}") + " " + sentence(capital(each))


def _same(view: View) -> str:
    if re.search(r"\bdiffer", view.question.text.lower()):
        return "Yes. " + _different(view)
    subjects = [facts.subject(scene) for scene in view.scenes]
    known = [main.name for main in subjects if main]
    families = {main.family or main.name for main in subjects if main}
    if len(known) == len(subjects) and len(families) == 1:
        exact = len(set(known)) == 1
        return sentence(
            f"The same kind of thing, but not the same picture: both show {_a(known[0] if exact else families.pop())}"
        )
    return "No. " + _different(view)


def _odd(view: View) -> str:
    index = odd_one(view.scenes)
    if index is None:
        return f"I see none that stands out alone. {_each(view)}"
    if view.manner.form == "word" or view.manner.brief:
        return _one(view, index)
    other = noun_phrase(view.scenes[1 if index == 0 else 0])
    return sentence(f"{name(index)}: it is {noun_phrase(view.scenes[index])}, and the others are like {other}")


def _different(view: View) -> str:
    seen = changes(*view.scenes) if len(view.scenes) == 2 else []
    if seen:
        return sentence(capital("; ".join(seen)))
    parts = [sentence(f"{name(i)} is {noun_phrase(scene)}") for i, scene in enumerate(view.scenes)]
    if len(view.scenes) == 2:
        parts += _details(*view.scenes)
    return " ".join(parts)


def _details(a: Scene, b: Scene) -> list[str]:
    out = []
    left, right = facts.palette(a), facts.palette(b)
    if left and right and left != right:
        out.append(f"The first is {left}, the second {right}.")
    if bool(a.lines) != bool(b.lines):
        out.append(f"Only {name(0 if a.lines else 1)} contains text.")
    elif a.lines and a.text != b.text:
        out += _text_change(a, b)
    if len(a.faces) != len(b.faces):
        out.append(f"The first shows {counted(len(a.faces), 'face')}, the second {numeral(len(b.faces))}.")
    if not out and (a.width, a.height) != (b.width, b.height):
        out.append(f"They measure {a.width} by {a.height} and {b.width} by {b.height} pixels.")
    return out


def _text_change(a: Scene, b: Scene) -> list[str]:
    mine, theirs = [line.text for line in a.lines], [line.text for line in b.lines]
    only_a, only_b = [t for t in mine if t not in theirs], [t for t in theirs if t not in mine]
    if len(only_a) + len(only_b) > 6 or len(only_a) == len(mine):
        return [f"The first has {counted(len(mine), 'line')} of text, the second {numeral(len(theirs))}."]
    parts = []
    if only_a:
        parts.append(f"only the first says {listing([quoted(t) for t in only_a])}")
    if only_b:
        parts.append(f"only the second says {listing([quoted(t) for t in only_b])}")
    return [sentence("; ".join(parts))]


def _total(scene: Scene) -> float:
    return number(pairs.exactly(scene, "total")) or 0.0


_MEASURES = (
    (r"(?:higher|highest|larger|largest|bigger|biggest|greater|greatest) (?:total|amount|sum)", lambda s: _total(s)),
    (r"(?:lower|lowest|smaller|smallest) (?:total|amount|sum)", lambda s: -_total(s)),
    (r"more text|most text|more words|longest text", lambda s: sum(len(line.text) for line in s.lines)),
    (r"brighte(?:r|st)|lighte(?:r|st)", lambda s: s.brightness),
    (r"darke(?:r|st)", lambda s: -s.brightness),
    (r"large(?:r|st)|bigge(?:r|st)|more pixels|highe(?:r|st) resolution", lambda s: s.width * s.height),
    (r"smalle(?:r|st)", lambda s: -s.width * s.height),
    (r"more people|most people|more faces|most faces", lambda s: len(s.faces)),
    (r"sharpe(?:r|st)", lambda s: s.sharpness),
    (r"blurrie(?:r|st)", lambda s: -s.sharpness),
)


def _which(view: View, low: str) -> str:
    for pattern, measure in _MEASURES:
        if re.search(pattern, low):
            values = [measure(scene) for scene in view.scenes]
            best = max(range(len(values)), key=values.__getitem__)
            if values.count(values[best]) > 1:
                return "They are equal in that."
            return _one(view, best)
    what = re.search(
        r"\b(?:shows?|contains?|has|have|depicts?|is|are|with|of|includes?|features?|"
        r"displays?)\s+(?!(?:the|these|them|this)\s+(?:picture|image|photo|two)?)(.+)$",
        low.rstrip("?. "),
    )
    asked = trim(what.group(1) if what else re.sub(r"^.*\bwhich\b(?: one| of (?:the|these|them))?(?: \w+)?", "", low))
    hits = [i for i, scene in enumerate(view.scenes) if judge(scene, asked, view.meaning, view.question.quotes).yes]
    if len(hits) == 1:
        return _one(view, hits[0])
    if hits:
        return sentence(f"{listing([name(i) for i in hits])} do")
    fits = [rank(scene, [asked], view.meaning)[0].score for scene in view.scenes]
    best = max(range(len(fits)), key=fits.__getitem__)
    return (
        _one(view, best, "Most likely ") if fits[best] >= FITS else f"None of them, as far as I can see. {_each(view)}"
    )


def _one(view: View, index: int, lead: str = "") -> str:
    if view.manner.form == "word" or view.manner.brief:
        return capital(ORDINALS[index]) + "." if index < len(ORDINALS) else f"{index + 1}."
    return sentence(f"{lead}{name(index)}: it is {noun_phrase(view.scenes[index])}")


def _each(view: View) -> str:
    return " ".join(sentence(f"{name(i)} is {noun_phrase(s)}") for i, s in enumerate(view.scenes))
