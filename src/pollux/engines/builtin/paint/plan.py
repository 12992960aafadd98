"""The typed scene: what a prompt asks to be painted.  Values alone; `read` makes it of words, `render` draws it.

Names are lower case and in English.  Colours are names ("off-white", "matte black") or "#rrggbb"; `palette` knows what
they look like.  Positions are fractions of the picture, x to the right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layout = Literal[
    "scene", "sticker", "icon", "logo", "product", "minimal", "poster", "card", "menu", "infographic", "comic"
]
"""How the picture is built.  "scene": subjects in a setting; "minimal": one subject and much empty space."""

Style = Literal[
    "illustration", "photo", "flat", "kawaii", "watercolour", "pencil", "ink", "oil", "pixel", "isometric", "noir",
    "anatomical", "cartoon", "neon", "papercut", "lowpoly",
]  # fmt: skip

Face = Literal["sans", "serif", "slab", "script", "hand", "display", "mono", "comic", "pixel"]
"""Kinds of lettering."""

ChartKind = Literal["bar", "line", "pie", "timeline", "weather"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing to be seen: "two tiny red pandas wearing a bamboo hat" is name "red panda", count 2.

    `colours` and `attributes` ("tiny", "happy", "knitted", "ceramic", "steaming") are the prompt's own words, in order.
    `at` is where its middle is to be, None where the painter decides; `scale` is 1 for a usual size.  `with_` are
    things worn, held or beside it: (relation, thing), relation one of "wearing", "holding", "eating", "on", "in",
    "under", "beside", "behind", "above", "riding".  `words` stand on it: `signs.carried` puts lettering there.
    """

    name: str
    count: int = 1
    colours: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    at: tuple[float, float] | None = None
    scale: float = 1.0
    with_: tuple[tuple[str, Subject], ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Lettering:
    """Words to be set exactly as they stand.  `role`: "title", "subtitle", "body", "label", "logo", "item", "speech".

    `on` is the head noun of the subject that carries them ("sign", "t-shirt"), "" where the layout sets them.
    """

    text: str
    role: str = "title"
    face: Face | None = None
    bold: bool = False
    colour: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Datum:
    """One value of a chart: `unit` is what stands behind the number ("%", "°C", "million")."""

    label: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers that the prompt gives, to be drawn to scale."""

    kind: ChartKind
    data: tuple[Datum, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of an infographic, a menu's section, a panel or a picture of a series.

    `icon` is what stands for it, `items` are lines below its `title` (a menu's dish with "\\t" before the price).  A
    comic's panel has its `scene` (subjects, setting, light; speech as lettering of role "speech"), and its `title` is
    the narrator's line.
    """

    title: str
    items: tuple[str, ...] = ()
    icon: str = ""
    scene: Scene | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """`time`: "day", "dawn", "golden hour", "dusk", "night" or "studio"; `side`: where it comes from ("top left").

    `warmth` from -1 (cold) to 1 (warm) and `level` from -1 (darker) to 1 (brighter) shift what the time gives.
    """

    time: str = "day"
    side: str = "top left"
    soft: bool = False
    neon: bool = False
    warmth: float = 0.0
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class Camera:
    """`shot`: "close-up", "portrait", "medium", "wide", "macro"; `angle`: "eye", "low", "high", "top", "isometric"."""

    shot: str = "medium"
    angle: str = "eye"
    blur: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """All of a picture.  What a prompt leaves open has its default, and the painter decides by the seed.

    `setting` is a place ("beach", "forest", "city", "kitchen", "workshop", "space", "studio"; "" for none),
    `surface` what things stand on ("polished concrete"), `weather` "rain", "snow", "fog", "storm", "stars" or "clouds".
    `background` is a colour, "transparent", or "" for the setting's own.  `empty` is the side left free for text.
    `steps` are an infographic's parts, a comic's panels, a menu's sections.  `unknown` are nouns that no art was
    found for: they are drawn as labelled placeholders, and the answer's words say so.  `frame` is what a logo or
    icon is put into: "circle", "square", "shield", "hexagon", "triangle", "diamond", "oval" or "" for none.  `form`
    is the kind of a card: "certificate", "business card", "quote", "label", "invitation" or "" where its words are
    to tell.
    """

    layout: Layout = "scene"
    style: Style = "illustration"
    subjects: tuple[Subject, ...] = ()
    setting: str = ""
    surface: str = ""
    weather: str = ""
    light: Light = Light()
    camera: Camera = Camera()
    mood: str = ""
    palette: tuple[str, ...] = ()
    background: str = ""
    empty: str = ""
    lettering: tuple[Lettering, ...] = ()
    chart: Chart | None = None
    steps: tuple[Step, ...] = ()
    outline: bool = False
    frame: str = ""
    form: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What one prompt asks for: a picture, or several with words before each (a recipe, a story, steps).

    `captions[i]` goes before `scenes[i]` in the answer ("" for nothing); `closing` stands behind the last.  `notes` say
    in whole sentences what was not understood or cannot be done; they belong in the answer's words.
    """

    scenes: tuple[Scene, ...]
    captions: tuple[str, ...]
    closing: str = ""
    notes: tuple[str, ...] = ()
