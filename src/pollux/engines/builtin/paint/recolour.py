"""A drawing in another colour or material: its main colour is found on its pixels and moved; the rest stays as it is.

The green leaf of an apple, a cat's eyes and a car's tyres keep their colours: only what is near the main colour in hue
(or, for a drawing without colour, what is as grey as most of it) is moved, light parts staying lighter than dark ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pollux.engines.builtin.paint import colours, svg
from pollux.engines.builtin.paint.art import Drawing
from pollux.engines.builtin.paint.colours import LCH

GREY = 0.045  # chroma below which a colour counts as grey
WHITEST = 0.945  # lightness of a white thing's middle tone: above it no shading would be seen
NEAR = 78.0  # degrees of hue that go with the main colour
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_MATERIALS: dict[str, tuple[str, float]] = {  # word: (colour, contrast of light and dark)
    "gold": ("gold", 1.25), "golden": ("gold", 1.25), "silver": ("silver", 1.3), "chrome": ("chrome", 1.5),
    "metal": ("steel", 1.3), "steel": ("steel", 1.3), "copper": ("copper", 1.25), "bronze": ("bronze", 1.2),
    "wooden": ("wood", 0.9), "wood": ("wood", 0.9), "marble": ("marble", 0.5), "stone": ("#9b978f", 0.8),
    "clay": ("clay", 0.8), "terracotta": ("terracotta", 0.8), "porcelain": ("porcelain", 0.5),
    "paper": ("#f2ead9", 0.5),     "chocolate": ("chocolate", 0.9), "ice": ("#bfe6f7", 0.9),
    "crystal": ("#bfdcf5", 1.2), "jade": ("jade", 0.9),
    "leather": ("#8a5230", 0.9), "bamboo": ("#d3b06a", 0.8), "concrete": ("concrete", 0.6), "brass": ("brass", 1.2),
}  # fmt: skip
_CONTRAST = {"matte": 0.75, "matt": 0.75, "glossy": 1.25, "shiny": 1.25, "metallic": 1.35, "polished": 1.2}


@dataclass(frozen=True, slots=True)
class _Main:
    lightness: float
    chroma: float
    hue: float
    grey: bool


def recoloured(drawing: Drawing, told: Iterable[str], attributes: Iterable[str] = ()) -> Drawing:
    """The drawing in the first colour told, else of the first material among the attributes, else unchanged."""
    qualities = [word for phrase in (*told, *attributes) for word in phrase.lower().replace("-", " ").split()]
    contrast = next((_CONTRAST[word] for word in qualities if word in _CONTRAST), 0.0)
    wish = next((colour for name in told if (colour := colours.rgb(name))), None)
    if wish is None:
        material = next((_MATERIALS[word] for word in qualities if word in _MATERIALS), None)
        if material is None:
            return drawing
        wish, contrast = colours.rgb(material[0]), contrast or material[1]
    if wish is None:
        return drawing
    if drawing.look == "line":
        return replace(
            drawing, markup=f'<g fill="{colours.hexed(wish)}" color="{colours.hexed(wish)}">{drawing.markup}</g>'
        )
    main, (lightness, chroma, hue) = _main(drawing), colours.to_lch(wish)
    target = min(lightness, WHITEST), chroma, hue

    def changed(match: re.Match[str]) -> str:
        old = colours.to_lch(colours.rgb(match[0]) or (0, 0, 0))
        return colours.hexed(colours.from_lch(_moved(old, main, target, contrast or 1.0)))

    mark = f"q{colours.hexed(wish)[1:]}{round(contrast * 100)}"
    markup = _COLOUR.sub(changed, re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{mark}", drawing.markup))
    return replace(drawing, markup=markup)


def main_colour(drawing: Drawing) -> str:
    """The colour that fills most of the drawing, as "#rrggbb"."""
    main = _main(drawing)
    return colours.hexed(colours.from_lch((main.lightness, main.chroma, main.hue)))


def _moved(old: LCH, main: _Main, target: LCH, contrast: float) -> LCH:
    lightness, chroma, hue = old
    turn = (hue - main.hue + 180) % 360 - 180
    if main.grey:
        if chroma > 2 * GREY or abs(lightness - main.lightness) > 0.5:
            return old
    elif chroma < GREY * 0.6 or abs(turn) > NEAR:
        return old
    room = min(target[0], 1 - target[0]) + 0.12  # near black and white there is less room for light and shade
    reach = contrast * min(1.0, room / 0.32)
    if target[0] < 0.4 and lightness > main.lightness:
        reach *= 2.4  # on dark things it is the lights that show the form
    moved = target[0] + (lightness - main.lightness) * reach
    strength = 1.0 if main.grey else min(1.25, max(0.35, chroma / max(main.chroma, 1e-3)))
    small = 0.0 if main.grey else turn * 0.2
    return min(0.985, max(0.07, moved)), target[1] * strength, target[2] + small


def _main(drawing: Drawing) -> _Main:
    """The colour that fills most of the drawing, found on a small picture of it."""
    import numpy as np  # noqa: PLC0415

    box = f"{drawing.x} {drawing.y} {drawing.width} {drawing.height}"
    pixels = svg.raster(f'<svg {svg.NAMESPACES} viewBox="{box}" width="40" height="40">{drawing.markup}</svg>', 40, 40)
    solid = pixels[pixels[..., 3] > 200][:, :3]
    found = np.array([colours.to_lch((int(r), int(g), int(b))) for r, g, b in solid[::2]] or [(0.5, 0.0, 0.0)])
    vivid = found[found[:, 1] > GREY]
    if len(vivid) < 0.3 * len(found):
        rest = found[found[:, 1] <= GREY]
        return _Main(float(np.median(rest[:, 0])), 0.0, 0.0, True)
    bins = np.bincount((vivid[:, 2] // 15).astype(int) % 24, weights=vivid[:, 1], minlength=24)
    smooth = bins + 0.6 * (np.roll(bins, 1) + np.roll(bins, -1))
    hue = float(smooth.argmax() * 15 + 7.5)
    near = vivid[np.abs((vivid[:, 2] - hue + 180) % 360 - 180) < 35]
    return _Main(float(np.median(near[:, 0])), float(np.median(near[:, 1])), hue, False)
