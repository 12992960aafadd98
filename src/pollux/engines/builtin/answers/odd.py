"""What changed from one drawing to the next, and where; which picture of several is the odd one out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from pollux.engines.builtin import facts
from pollux.engines.builtin.boxes import overlap
from pollux.engines.builtin.english import article, plural, sentence
from pollux.engines.builtin.scene import Scene, Shape
from pollux.engines.builtin.view import View

ODD = re.compile(
    r"\bodd (?:one|picture|image|man|ball) ?out\b|\bodd one\b|\bnot (?:belong|fit|match)\b|"
    r"n['’]t (?:belong|fit|match)\b|"
    r"\b(?:unlike|differs? from|different (?:from|to|than)) (?:all )?(?:the )?(?:others?|rest)\b"
)
SAME_PLACE = 0.3  # overlap (IoU) of two shapes that stand at the same place


def changes(a: Scene, b: Scene) -> list[str]:
    """How the shapes of two drawings of one size differ, a clause for each."""
    if (a.width, a.height) != (b.width, b.height) or not (a.shapes or b.shapes):
        return []
    left, right, out = list(a.shapes), list(b.shapes), []
    for one in a.shapes:
        other = max(right, key=lambda each: overlap(one.box, each.box), default=None)
        if other is None or overlap(one.box, other.box) < SAME_PLACE:
            continue
        left.remove(one)
        right.remove(other)
        if facts.shape_noun(one) != facts.shape_noun(other):
            out.append(f"the {_at(one, a)} became {article(facts.shape_noun(other))}")
    for one in list(left):
        moved = next((each for each in right if facts.shape_noun(each) == facts.shape_noun(one)), None)
        if moved is not None:
            left.remove(one)
            right.remove(moved)
            out.append(f"the {_at(one, a)} moved {facts.at(facts.place(moved.box, b))}")
    out += [f"the {_at(one, a)} is gone" for one in left]
    return out + [f"{article(_at(one, b))} is new" for one in right]


def _at(shape: Shape, scene: Scene) -> str:
    return f"{facts.shape_noun(shape)} {facts.at(facts.place(shape.box, scene))}"


def _main(scene: Scene) -> str:
    found = facts.subject(scene)
    return (found.family or found.name) if found else ""


# What tells pictures apart, from what a person would name first.
_TRAITS: tuple[Callable[[Scene], object], ...] = (
    lambda scene: scene.kind,
    facts.kind_noun,
    _main,
    lambda scene: bool(scene.faces),
    lambda scene: tuple(sorted(shape.name for shape in scene.shapes)),
    lambda scene: tuple(sorted(shape.colour for shape in scene.shapes)),
    lambda scene: bool(scene.lines),
    lambda scene: bool(scene.codes),
    lambda scene: scene.grayscale,
    lambda scene: scene.background,
    lambda scene: scene.colours[0].name if scene.colours else "",
)


def odd_one(scenes: Sequence[Scene]) -> int | None:
    """The picture that alone differs in something in which all others agree; None where none does, or fewer than 3."""
    found = ((_alone([trait(scene) for scene in scenes])) for trait in _TRAITS)
    return next((index for index in found if index is not None), None)


def _alone(values: Sequence[object]) -> int | None:
    """Which of three and more values differs from all others, which are equal; None where none does."""
    counts = Counter(values)
    if len(values) < 3 or len(counts) != 2 or min(counts.values()) != 1:
        return None
    return values.index(min(counts, key=counts.__getitem__))


def among(view: View) -> str | None:
    """The shape of one drawing that differs from all its others in form, else in colour; None where none does."""
    if len(view.scenes) != 1 or not ODD.search(view.question.text.lower()):
        return None
    shapes = view.scene.shapes
    for by_form in (True, False):
        values = [shape.name if by_form else shape.colour for shape in shapes]
        if (index := _alone(values)) is not None:
            other = values[1 if index == 0 else 0]
            kind = plural(other) if by_form else other
            return sentence(f"The {_at(shapes[index], view.scene)}: the others are {kind}")
    return None
