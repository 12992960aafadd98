"""A picture of facts with what a search found: its numbers as a chart, else its sentences as the parts."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.english import capital, sentences
from pollux.engines.builtin.paint.plan import Step, Work
from pollux.engines.builtin.paint.reading.parts import icon_for
from pollux.engines.builtin.paint.reading.phrases import Know
from pollux.engines.builtin.paint.reading.reader import read

MOST = 5  # sentences that are set
LONGEST = 160  # characters of one
FOUND = "The facts are those that the search found."


def grounded(work: Work, text: str, found: str, know: Know | None) -> Work:
    """The Work of `text`, with the passages a search found where it is an infographic or shows nothing without them."""
    scene = work.scenes[0]
    bare = not scene.subjects and not scene.setting and not scene.lettering
    if len(work.scenes) > 1 or scene.chart or not (scene.layout == "infographic" or bare):
        return work
    both = read(f"{text}\n{found}", know=know)
    if both.scenes[0].chart:
        first = replace(both.scenes[0], lettering=scene.lettering or both.scenes[0].lettering)
        return replace(both, scenes=(first,), captions=("",), notes=(*both.notes, FOUND))
    told = [one for one in sentences(found) if 8 < len(one) <= LONGEST][:MOST]
    if not told:
        return work
    steps = tuple(Step(capital(one), (), icon_for(one, know)) for one in told)
    facts = replace(scene, layout="infographic", style="flat", steps=steps, subjects=(), unknown=())
    return Work((facts,), ("",), notes=(FOUND,))
