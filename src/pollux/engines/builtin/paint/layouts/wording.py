"""What a scene says, by role."""

from __future__ import annotations

from pollux.engines.builtin.paint.plan import Lettering, Scene

HEADS = ("logo", "title")


def head(scene: Scene) -> Lettering | None:
    """The main words: the first logo or title, else the first lettering that is not small print."""
    for roles in (HEADS, ("subtitle",), ("label",), ("body", "item", "speech")):
        for part in scene.lettering:
            if part.role in roles:
                return part
    return None


def rest(scene: Scene) -> tuple[Lettering, ...]:
    """All lettering but the head, in the prompt's order."""
    first = head(scene)
    return tuple(part for part in scene.lettering if part is not first)


def of(scene: Scene, *roles: str) -> tuple[Lettering, ...]:
    """The lettering of some roles, the head excepted."""
    return tuple(part for part in rest(scene) if part.role in roles)


def all_of(scene: Scene) -> tuple[str, ...]:
    """Every text that a layout sets."""
    out = [part.text for part in scene.lettering]
    for step in scene.steps:
        out += [step.title, *step.items]
        if step.scene is not None:
            out += all_of(step.scene)
    if scene.chart is not None:
        out += [scene.chart.title, *(part for datum in scene.chart.data for part in (datum.label, datum.unit))]
    return tuple(text for text in out if text)
