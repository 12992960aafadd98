"""What there is no drawing of: the main thing gets a labelled placeholder, anything else is left out and named."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.paint.plan import Scene, Step, Subject
from pollux.engines.builtin.paint.reading.phrases import Know

_WORDED = frozenset({"poster", "card", "menu", "infographic", "logo"})
"""Layouts that say with words what they have no drawing of."""
_SOMEBODY = frozenset({"man", "woman", "child", "person"})


def spared(scene: Scene, know: Know | None) -> tuple[Scene, tuple[str, ...]]:
    """The scene without what cannot be drawn, its `unknown` the names that placeholders stand for; the names left out.

    Without `know` everything can be drawn.
    """
    if know is None:
        return replace(scene, unknown=()), ()
    left: dict[str, None] = {}
    bearers = frozenset(one.on for one in scene.lettering if one.on)

    def known(subject: Subject) -> bool:
        head = subject.name.rpartition(" ")[2]
        return bool(know(subject.name) or know(head) or _SOMEBODY.intersection(subject.attributes) or head in bearers)

    def own(subject: Subject) -> Subject:
        kept = []
        for how, one in subject.with_:
            if known(one):
                kept.append((how, own(one)))
            else:
                left[one.name] = None
        return replace(subject, with_=tuple(kept))

    some = any(known(one) for one in scene.subjects) or (scene.layout in _WORDED and bool(scene.lettering))
    subjects = []
    for n, one in enumerate(scene.subjects):
        if known(one) or not some or (not n and one.count == 1 and scene.layout not in _WORDED):
            subjects.append(own(one))
        else:
            left[one.name] = None
    steps = []
    for step in scene.steps:
        inner: Step = step
        if step.scene is not None:
            drawn, more = spared(step.scene, know)
            inner, left = replace(step, scene=drawn), left | dict.fromkeys(more)
        steps.append(inner)
    missing = {one.name for one in subjects if not known(one)}
    missing |= {name for step in steps if step.scene for name in step.scene.unknown}
    names = tuple(
        dict.fromkeys(name for name in (*[one.name for one in subjects], *sorted(missing)) if name in missing)
    )
    return replace(scene, subjects=tuple(subjects), steps=tuple(steps), unknown=names), tuple(left)
