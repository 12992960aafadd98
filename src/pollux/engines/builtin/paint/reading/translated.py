"""The lettering of a picture in another language, as far as a small dictionary goes."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.paint.plan import Scene, Step, Work
from pollux.engines.builtin.paint.reading.tokens import Token
from pollux.engines.builtin.paint.reading.tongues import NAMES, translate


def tongue(tokens: list[Token]) -> tuple[str, str] | None:
    """The language that a follow-up asks for: its name and its code ("" where there are no words for it)."""
    for index, token in enumerate(tokens):
        if token.low in NAMES and index and tokens[index - 1].low in {"in", "into", "to"}:
            return token.text, NAMES[token.low]
    return None


def translated(work: Work, name: str, code: str) -> Work:
    """All labels in another language, or a note where the small dictionary does not cover one of them."""
    missing: list[str] = []

    def put(text: str) -> str:
        found = translate(text, code) if code and text else text if not text else None
        if found is None:
            missing.append(text)
        return text if found is None else found

    def step(one: Step) -> Step:
        inner = (
            replace(one.scene, lettering=tuple(replace(x, text=put(x.text)) for x in one.scene.lettering))
            if one.scene
            else None
        )
        return replace(one, title=put(one.title), items=tuple(put(item) for item in one.items), scene=inner)

    def scene(one: Scene) -> Scene:
        chart = one.chart
        if chart:
            chart = replace(chart, data=tuple(replace(datum, label=put(datum.label)) for datum in chart.data))
        return replace(one, lettering=tuple(replace(x, text=put(x.text)) for x in one.lettering), chart=chart,
                       steps=tuple(step(x) for x in one.steps))  # fmt: skip

    scenes = tuple(scene(one) for one in work.scenes)
    if not missing:
        return replace(work, scenes=scenes, notes=())
    those = ", ".join(f'"{text[:40]}"' for text in dict.fromkeys(missing))[:200]
    note = (f"The built-in engine is no translator: it has no {name} for {those}. The lettering stays as it was; "
            "give the translated words and they are set.")  # fmt: skip
    return replace(work, notes=(note,))
