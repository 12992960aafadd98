"""What was drawn, in words: so that a caller knows what the painter understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pollux.engines.builtin.english import article, counted, listing

if TYPE_CHECKING:
    from pollux.engines.builtin.paint.plan import Scene, Subject

_STYLES = {
    "illustration": "an illustration",
    "photo": "a studio-like picture",
    "flat": "a flat drawing",
    "ink": "an ink drawing",
    "oil": "a picture in brush strokes",
    "pixel": "pixel art",
    "isometric": "an isometric drawing",
    "noir": "a noir drawing",
    "anatomical": "an old master's study sheet",
    "neon": "a neon drawing",
    "papercut": "a paper cut",
    "lowpoly": "a low-poly picture",
}
_LONGEST = 40


def account(scene: Scene) -> str:
    """One sentence: the kind of picture, what is in it, and where."""
    said = f"Here is {_kind(scene)}"
    things = [_thing(one) for one in scene.subjects[:6]]
    if things:
        said += f" of {listing(things)}" if scene.layout != "comic" else f" with {listing(things)}"
    if scene.setting and scene.layout in ("scene", "product"):
        said += f", set in {article(scene.setting)}" if scene.setting != "space" else ", set in space"
    words = [one.text for one in scene.lettering if one.text][:2]
    if words:
        said += ", with the words " + listing([f"“{_short(one)}”" for one in words])
    return f"{said}."


def _kind(scene: Scene) -> str:
    if scene.chart is not None:
        return f"{article(scene.chart.kind)} chart"
    if scene.layout == "comic":
        return f"a comic of {counted(len(scene.steps), 'panel')}" if scene.steps else "a comic"
    if scene.layout in ("scene", "minimal", "product"):
        style = _STYLES.get(scene.style, f"{article(scene.style)} picture")
        return "a product picture" if scene.layout == "product" else style
    return article(scene.layout)


def _thing(subject: Subject) -> str:
    words = " ".join((*subject.attributes[:2], *subject.colours[:1], subject.name))
    return counted(subject.count, words) if subject.count > 1 else article(words)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"
