"""Layouts: pictures whose lettering matters, composed for any size and shape."""

from __future__ import annotations

from pollux.engines.builtin.paint.art import Art
from pollux.engines.builtin.paint.faces import missing as missing_in
from pollux.engines.builtin.paint.layouts import card, chart, comic, infographic, logo, menu, poster, wording
from pollux.engines.builtin.paint.layouts.page import Page
from pollux.engines.builtin.paint.layouts.theme import theme_of
from pollux.engines.builtin.paint.plan import Scene
from pollux.engines.builtin.paint.svg import Sheet


def draw(scene: Scene, sheet: Sheet, art: Art, seed: int) -> None:
    """Draws a scene whose layout is one of ours on the whole sheet; the same scene and seed give the same picture."""
    page = Page(sheet, art, scene, theme_of(scene, seed), seed)
    if scene.chart is not None:
        chart.draw(page, scene.chart)
        return
    {"logo": logo.draw, "card": card.draw, "menu": menu.draw, "infographic": infographic.draw, "comic": comic.draw}.get(
        scene.layout, poster.draw
    )(page)


def missing(scene: Scene) -> str:
    """The characters of a scene's lettering that no font has and that are therefore left out; "" usually."""
    return missing_in("".join(wording.all_of(scene)))
