"""How a layout looks: its colours, checked for contrast, and its fonts, chosen by the words of the scene."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from pollux.engines.builtin.paint.colours import hexed, mix, rgb
from pollux.engines.builtin.paint.faces import CAPITALS, FACES
from pollux.engines.builtin.paint.layouts.palettes import MANNERS, PAIRS, PALETTES, Palette
from pollux.engines.builtin.paint.plan import Face, Lettering, Scene

BODY, LARGE = 4.5, 3.0
"""Least contrast of lettering with its ground, usual and large (WCAG 2.2, success criterion 1.4.3)."""
STEPS = 24
OWN: dict[str, tuple[str, str, str]] = {
    "pixel": ("pixel", "pixel", "pixel"),
    "neon": ("neon", "neon", "neon"),
    "pencil": ("caveat", "patrick", "patrick"),
}
"""Styles with lettering of their own: title, body, strong."""
SHOUTED = {"pacifico": "slab-bold", "vibes": "cinzel", "caveat": "patrick", "garamond-italic": "cinzel"}
"""Fonts whose capitals are made to begin words, and what all capitals are set in."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as "#rrggbb" and names of fonts.

    `ground` is the paper and `panel` what lies on it; `ink` is readable on both.  `accents` are at least four, each
    with the contrast to the ground that large lettering needs.  `manner` is one of the keys of PAIRS.
    """

    manner: str
    ground: str
    panel: str
    ink: str
    accents: tuple[str, ...]
    title: str
    body: str
    strong: str
    tracking: float

    @property
    def accent(self) -> str:
        """The leading colour."""
        return self.accents[0]

    @property
    def soft(self) -> str:
        """The ink, paler, for what is said by the way; still readable on the ground."""
        return readable(mix(self.ink, self.ground, 0.32), self.ground, BODY)

    @property
    def line(self) -> str:
        """For rules and borders."""
        return mix(self.ink, self.ground, 0.75)

    @property
    def dark(self) -> bool:
        """Whether light letters stand on a dark ground."""
        return luminance(self.ground) < luminance(self.ink)


def theme_of(scene: Scene, seed: int) -> Theme:
    """What a scene's own words ask for; what they leave open is decided by the seed."""
    random = Random(f"theme {seed}")  # noqa: S311
    manner = manner_of(scene)
    pair = random.choice(PAIRS[manner])
    palettes = PALETTES["tech"][:1] if scene.style == "neon" or scene.light.neon else PALETTES[manner]
    colours = _own(scene) or random.choice(palettes)
    title, body, strong = pair.title, pair.body, pair.strong
    if scene.style in OWN:
        title, body, strong = OWN[scene.style]
    asked = next((part for part in scene.lettering if part.face or part.bold), None)
    if asked is not None and asked.face:
        body, strong = FACES[asked.face] if asked.face not in ("script", "display") else (body, strong)
        title = _face(asked.face, manner, bold=asked.bold or asked.role in ("title", "logo"))
    ink = readable(readable(colours.ink, colours.ground, 7.0), colours.panel, BODY)
    accents = tuple(readable(colour, colours.ground, LARGE) for colour in colours.accents)
    return Theme(manner, colours.ground, colours.panel, ink, accents, title, body, strong, pair.tracking)


def manner_of(scene: Scene) -> str:
    """The manner that most of the scene's words speak for; the mood's words count three times."""
    told = [*_words(" ".join((scene.mood, *scene.palette)))] * 3
    told += _words(" ".join((scene.style, scene.setting, *(s.name for s in scene.subjects))))
    told += [word for s in scene.subjects for attribute in s.attributes for word in _words(attribute)]
    told += [word for part in scene.lettering for word in _words(part.text)]
    told += [word for step in scene.steps for word in _words(step.title)]
    usual = {"comic": "noir" if scene.style == "noir" else "playful", "infographic": "playful"}
    best, most = usual.get(scene.layout, "modern") if scene.chart is None else "modern", 0
    for manner, words in MANNERS:
        known = set(words.split())
        count = sum(word in known for word in told)
        if count > most:
            best, most = manner, count
    if scene.layout == "infographic" and scene.chart is None and best in ("bold", "noir"):
        return "playful"  # what explains is friendly
    return best


def font_for(part: Lettering, usual: str, manner: str = "modern") -> str:
    """The font of one piece of lettering: what it asks for, else `usual`; none that would change its capitals."""
    chosen = _face(part.face, manner, bold=part.bold or part.role in ("title", "logo")) if part.face else usual
    return exact(part.text, chosen)


def exact(text: str, name: str) -> str:
    """The font, or a like one where it would turn small letters into capitals, or join capitals like a script."""
    if name in CAPITALS and text.upper() != text:
        return {"bebas": "oswald", "cinzel": "didone"}.get(name, "comic")
    if text.upper() == text and any(letter.isalpha() for letter in text):
        return SHOUTED.get(name, name)
    return name


def _face(face: Face, manner: str, *, bold: bool) -> str:
    if face == "sans" and bold:
        return {"tech": "grotesk-bold", "bold": "poppins-bold", "playful": "fredoka-bold"}.get(manner, "poppins-bold")
    if face == "script":
        return "vibes" if manner in ("elegant", "luxury", "festive") and not bold else "pacifico"
    if face == "display":
        return {"retro": "shrikhand", "playful": "fredoka-bold", "luxury": "poiret", "tech": "grotesk-bold"}.get(
            manner, "anton" if bold else "didone"
        )
    return FACES[face][bold]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9][a-z0-9-]*", text.lower())


def _own(scene: Scene) -> Palette | None:
    """The palette that a scene names, put into order; None where it names none."""
    named = [code for name in scene.palette if (code := code_of(name))]
    ground = code_of(scene.background) if scene.background not in ("", "transparent") else ""
    if not named and not ground:
        return None
    if not ground:
        by_light = sorted(named, key=luminance)
        light, dark = by_light[-1], by_light[0]
        wide = luminance(light) > 0.55
        ground = light if wide else dark if luminance(dark) < 0.05 and len(named) > 2 else mix(light, "#ffffff", 0.9)
    rest = [code for code in named if code != ground]
    dark = "#141414" if luminance(ground) > 0.2 else "#ffffff"
    best = max(rest, key=lambda code: contrast(code, ground), default=dark)
    ink = best if contrast(best, ground) >= LARGE else dark
    colourful = [code for code in rest if code != ink] or rest or [ink]
    fill = [*colourful, *([ink] if ink not in colourful else [])]
    while len(fill) < 5:
        fill.append(mix(fill[len(fill) % len(colourful)], ink if len(fill) % 2 else ground, 0.3))
    panel = mix(ground, "#ffffff", 0.55) if luminance(ground) > 0.4 else mix(ground, "#ffffff", 0.08)
    return Palette(ground, panel, ink, tuple(fill))


def code_of(name: str) -> str:
    """A colour's "#rrggbb" by its name; "" for words that name none."""
    return hexed(name, "")


def luminance(code: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    linear = [
        v / 12.92 if (v := part / 255) <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for part in rgb(code) or (0, 0, 0)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str, least: float = BODY) -> str:
    """The colour, moved towards black or white as little as it takes to have that contrast with the ground."""
    if contrast(colour, ground) >= least:
        return colour
    own = "#ffffff" if luminance(colour) >= luminance(ground) else "#000000"
    end = (
        own if contrast(own, ground) >= least else max(("#000000", "#ffffff"), key=lambda code: contrast(code, ground))
    )
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        half = (low + high) / 2
        low, high = (low, half) if contrast(mix(colour, end, half), ground) >= least else (half, high)
    return mix(colour, end, high)


def on(ground: str, colours: Sequence[str] = (), least: float = BODY) -> str:
    """The first of the colours that is readable on a ground, else black or white."""
    for colour in colours:
        if contrast(colour, ground) >= least:
            return colour
    return max(("#141414", "#ffffff"), key=lambda code: contrast(code, ground))
