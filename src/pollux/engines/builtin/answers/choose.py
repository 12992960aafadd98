"""Choosing among given labels: each is weighed against what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.builtin import facts
from pollux.engines.builtin.answers import presence
from pollux.engines.builtin.answers.describe import noun_phrase
from pollux.engines.builtin.english import article, capital, key, quoted, sentence
from pollux.engines.builtin.kinds import is_kind
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import topic
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, View

# On the ten samples 23 of 26 fitting labels score above, and 1 of 80 that have nothing to do with them.
FITS = 0.3
_COLOURS_TEXT = (
    "red orange yellow green blue purple violet pink brown black white grey gray beige turquoise cyan "
    "magenta gold silver"
)
COLOURS = frozenset(_COLOURS_TEXT.split())
_UNKNOWABLE = frozenset({"man", "woman", "boy", "girl", "male", "female", "masculine", "feminine", "young", "old"})
_YES = ({"yes", "no"}, {"true", "false"}, {"present", "absent"})


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a label fits, 0 to 1, and what was seen that it fits."""

    label: str
    score: float
    because: str = ""


def rank(scene: Scene, labels: Sequence[str], meaning: Meaning) -> list[Fit]:
    """The labels, best first."""
    seen = facts.evidence(scene)
    bare = [label.replace("_", " ").replace("-", " ") for label in labels]
    colours = {label.lower() for label in bare} & COLOURS
    if len(colours) > len(bare) / 2:
        fits = [_by_colour(scene, label, plain) for label, plain in zip(labels, bare, strict=True)]
    else:
        fits = [_by_evidence(scene, label, plain, seen, meaning) for label, plain in zip(labels, bare, strict=True)]
    return sorted(fits, key=lambda fit: -fit.score)


def _by_colour(scene: Scene, label: str, plain: str) -> Fit:
    shown = [shape for shape in scene.shapes if shape.colour == presence.colour_name(plain)]
    share = sum(c.share for c in scene.colours if c.name.split()[-1] == presence.colour_name(plain))
    return Fit(label, max(share, 0.9 if shown else 0.0), presence.colour_name(plain))


def _by_evidence(scene: Scene, label: str, plain: str, seen: Sequence[tuple[str, float]], meaning: Meaning) -> Fit:
    best = Fit(label, 0.0)
    if set(key(plain)) & _UNKNOWABLE:
        return best
    for lab in scene.labels:
        if is_kind(plain, (lab.name, *lab.names, lab.family)):
            best = Fit(label, min(1.0, best.score + lab.score), best.because or lab.name)
    near = meaning.likeness(plain, [phrase for phrase, _ in seen])
    for (phrase, weight), likeness in zip(seen, near, strict=True):
        score = weight if likeness >= 0.999 else weight * max(0.0, likeness) * 0.8
        if score > best.score:
            best = Fit(label, score, phrase)
    if scene.lines:
        best = max(best, _by_text(scene, label, plain, meaning), key=lambda fit: fit.score)
    return best


def _by_text(scene: Scene, label: str, plain: str, meaning: Meaning) -> Fit:
    text = scene.text.lower()
    if key(plain) and set(key(plain)) <= set(key(text)):
        return Fit(label, 0.75, "the text")
    likeness = meaning.likeness(plain, [" ".join(scene.text.split())[:400]])[0]
    return Fit(label, max(0.0, likeness) * 0.9, "the text")


def is_yes_no(labels: Sequence[str]) -> bool:
    """Whether the labels are yes and no in some spelling."""
    plain = {label.strip().lower() for label in labels}
    return any(pair <= plain for pair in _YES)


def choose(view: View) -> str:
    """The label that fits, and why; or honestly none."""
    labels = view.question.options
    if is_yes_no(labels):
        return presence.answer(view)
    best = rank(view.scene, labels, view.meaning)[0]
    if all(set(key(label)) & _UNKNOWABLE for label in labels):
        return f"I cannot tell. {_shown(view)} {HOW_TO_PLUG_IN}"
    if best.score < FITS:
        return f"None of these that I can see. {_shown(view)} {HOW_TO_PLUG_IN}"
    if view.manner.form == "word" or view.manner.brief:
        return best.label
    lower = best.label.lower()
    if lower in COLOURS:
        return f"{capital(best.label)}."
    name = (
        best.label if best.label != lower or lower in COLOURS else article(lower) if _countable(view, lower) else lower
    )
    why = facts.subject(view.scene)
    because = (
        f" I recognise {why.phrase}." if why and key(why.name) != key(lower) and view.scene.kind == "photograph" else ""
    )
    hedge = "Probably " if best.score < 0.5 else ""
    return sentence(hedge + name) + because


def _countable(view: View, label: str) -> bool:
    text = view.question.text.lower()
    return f"a {label}" in text or f"an {label}" in text


def _shown(view: View) -> str:
    return sentence(f"The picture is {noun_phrase(view.scene)}")


def among_texts(text: str, labels: Sequence[str], meaning: Meaning) -> Fit:
    """The label nearest in meaning to a text."""
    spelt = [label.replace("_", " ") for label in labels]
    scores = meaning.likeness(" ".join(text.split())[:600], spelt)
    if text.rstrip().endswith("?") and (about := topic(text)):
        scores = [0.3 * a + 0.7 * b for a, b in zip(scores, meaning.likeness(about, spelt), strict=True)]
    present = [0.9 if key(plain) and set(key(plain)) <= set(key(text)) else 0.0 for plain in spelt]
    best = max(range(len(labels)), key=lambda i: max(scores[i], present[i]))
    return Fit(labels[best], max(scores[best], present[best]), quoted(text, 80))
