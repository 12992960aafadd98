"""Things that carry words: signs, boards and banners drawn for their words, and words on shirts, mugs and cakes."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.paint.colours import hexed, ink_on, lighter, rgb
from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.type import fit

Box = tuple[float, float, float, float]
TALL, WIDEST = 100.0, 190.0
_BOARD_TEXT = (
    "sign signboard billboard banner board chalkboard blackboard whiteboard placard plaque plate note tombstone screen "
    "marquee signpost storefront label letterboard book notebook cover poster newspaper paper letter card "
    "canvas ticket "
    "sheet wall"
)
BOARDS = frozenset(_BOARD_TEXT.split())
"""Things that are drawn here, for their words; anything else that carries words has its own drawing."""
_SPOTS: dict[str, Box] = {  # where words go: left, top, width, height as parts of the drawing
    "t-shirt": (0.27, 0.34, 0.46, 0.34), "coffee-mug": (0.16, 0.4, 0.46, 0.34), "birthday-cake": (0.1, 0.68, 0.8, 0.2),
    "chest": (0.3, 0.82, 0.4, 0.14), "shopping-bags": (0.16, 0.45, 0.5, 0.3), "balloon": (0.22, 0.14, 0.56, 0.3),
    "hot-air-balloon": (0.2, 0.2, 0.6, 0.25),
}  # fmt: skip
_USUAL: Box = (0.16, 0.42, 0.68, 0.28)
_CHALK, _SLATE, _NIGHT = "#f4f2e8", "#2f4a3f", "#14131d"
_TUBES = ("#ff4f9a", "#39d5ff", "#ffd23f")


def carried(scene: Scene) -> Scene:
    """The scene with its lettering on the things that carry it (`Lettering.on`); what nothing carries stays behind."""
    left = {one.on: one for one in scene.lettering if one.on}
    if not left:
        return scene

    def given(subject: Subject) -> Subject:
        subject = replace(subject, with_=tuple((how, given(one)) for how, one in subject.with_))
        found = left.pop(subject.name.rpartition(" ")[2], None)
        if found is None:
            return subject
        colours = (*subject.colours, f"ink {found.colour}") if found.colour else subject.colours
        return replace(subject, words=found.text, colours=colours)

    subjects = tuple(given(one) for one in scene.subjects)
    return replace(scene, subjects=subjects)


def is_board(subject: Subject) -> bool:
    """Whether a thing is drawn for the words on it."""
    return bool(subject.words) and subject.name.rpartition(" ")[2] in BOARDS


def board(subject: Subject) -> tuple[str, float, float]:
    """A sign with its words: markup, width and height; its name and what is said of it tell what it is made of."""
    told = set(" ".join((*subject.attributes, subject.name)).lower().split())
    words = subject.words
    tall = 62.0 if told & {"sign", "signboard", "banner", "billboard", "storefront", "marquee", "neon"} else TALL
    if told & {"book", "notebook", "cover", "poster", "tombstone", "letter"}:
        wide = 72.0
    else:
        longest = fit(words, "inter-bold", 10_000, tall * 0.4, lines=1).width if len(words) < 16 else WIDEST
        wide = min(WIDEST, max(96.0, longest + tall * 0.6))
    ink = next((one[4:] for one in subject.colours if one.startswith("ink ")), "")
    colours = [one for one in subject.colours if not one.startswith("ink ")]
    if "neon" in told:
        return _neon(words, wide, tall, ink or (colours[0] if colours else "")), wide, tall
    return _panel(words, told, colours, ink, wide, tall)


def across(words: str, colours: tuple[str, ...], entry: str, width: float, height: float) -> str:
    """Words on a drawing, edged so that they are readable on any colour."""
    x, y, wide, tall = _SPOTS.get(entry, _USUAL)
    ink = next((hexed(one[4:], "#ffffff") for one in colours if one.startswith("ink ")), "#ffffff")
    return _words(words, (x * width, y * height, wide * width, tall * height), "inter-bold", ink, edge=ink_on(ink))


def _words(text: str, box: Box, font: str, ink: str, *, edge: str = "") -> str:
    x, y, wide, tall = box
    block = fit(text, font, wide, tall, leading=1.15, align="middle")
    path = block.path(x + wide / 2, y + (tall - block.height) / 2)
    rim = f'<path d="{path}" fill="none" stroke="{edge}" stroke-width="{tall * 0.06:.2f}" stroke-linejoin="round"/>'
    return (rim if edge else "") + f'<path d="{path}" fill="{ink}"/>'


def _neon(text: str, wide: float, tall: float, colour: str) -> str:
    """Glowing tubes on a dark panel: the letters' outline again and again, wider and fainter, and a pale core."""
    glow = hexed(colour, _TUBES[0]) if rgb(colour) else _TUBES[sum(map(ord, text)) % len(_TUBES)]
    block = fit(text, "neon", wide * 0.82, tall * 0.56, align="middle")
    path = block.path(wide / 2, (tall - block.height) / 2)
    size = min(12.0, block.size * 0.26)
    tube = "".join(
        f'<path d="{path}" fill="none" stroke="{glow}" stroke-width="{size * times:.2f}" opacity="{see}" '
        'stroke-linejoin="round"/>'
        for times, see in ((2.6, 0.07), (1.8, 0.1), (1.2, 0.16), (0.7, 0.3))
    )
    frame = "".join(
        f'<rect x="6" y="6" width="{wide - 12:.1f}" height="{tall - 12:.1f}" rx="11" fill="none" stroke="{stroke}" '
        f'stroke-width="{thick}" opacity="{see}"/>'
        for stroke, thick, see in ((glow, 7, 0.14), (glow, 3.4, 0.4), (lighter(glow, 0.22), 1.4, 1))
    )
    return (
        f'<rect width="{wide:.1f}" height="{tall:.1f}" rx="15" fill="{_NIGHT}" opacity="0.88"/>{frame}{tube}'
        f'<path d="{path}" fill="{lighter(glow, 0.24)}"/>'
    )


def _panel(
    text: str, told: set[str], colours: list[str], ink: str, wide: float, tall: float
) -> tuple[str, float, float]:
    """A board of wood, chalk, paper, stone or metal, on posts where such a sign has some."""
    chalk = bool(told & {"chalkboard", "blackboard"})
    wooden = bool(told & {"wooden", "wood", "rustic", "signpost"}) or (
        "sign" in told and not told & {"metal", "road", "street", "exit", "shop", "store", "cardboard", "protest"}
    )
    stone, book = bool(told & {"tombstone", "plaque"}), bool(told & {"book", "notebook"})
    usual = (
        _SLATE if chalk else "#a0a3a6" if stone else "#3c6e9f" if book else "#c3945c"
        if wooden else "#d9b98c" if "cardboard" in told else "#fbfaf5"
    )  # fmt: skip
    fill = hexed(colours[0], usual) if colours and rgb(colours[0]) else usual
    edge = "#8a5f36" if chalk or wooden else lighter(fill, -0.18)
    shade = hexed(ink, "") if ink and rgb(ink) else _CHALK if chalk else ink_on(fill) if not wooden else "#3b2413"
    font = (
        "patrick" if chalk or told & {"note", "handwritten", "cardboard"} else "slab-bold" if wooden else "inter-bold"
    )
    top = 0.0
    posts = ""
    if told & {"billboard", "signpost"} or (wooden and not told & {"hanging", "held"}):
        foot, thick = tall + tall * 0.5, wide * 0.045
        for x in (wide * 0.22, wide * 0.78) if "billboard" in told else (wide * 0.5,):
            posts += (
                f'<rect x="{x - thick / 2:.1f}" y="{tall * 0.5:.1f}" width="{thick:.1f}" '
                f'height="{foot - tall * 0.5:.1f}" fill="{lighter(edge, -0.06)}"/>'
            )
        top = tall * 0.5
    round_ = tall * 0.4 if "tombstone" in told else 3.0
    out = posts + (
        f'<rect x="1.5" y="1.5" width="{wide - 3:.1f}" height="{tall - 3:.1f}" rx="{round_:.1f}" fill="{fill}" '
        f'stroke="{edge}" stroke-width="{4 if chalk or wooden else 2}"/>'
    )
    if wooden:
        out += "".join(
            f'<path d="M5 {tall * part:.1f}H{wide - 5:.1f}" stroke="{edge}" stroke-width="1.2" opacity="0.5"/>'
            for part in (0.33, 0.66)
        )
    if book:
        out += f'<rect x="1.5" y="1.5" width="8" height="{tall - 3:.1f}" rx="3" fill="{lighter(fill, -0.12)}"/>'
    box = (wide * 0.1 + (6 if book else 0), tall * 0.16, wide * 0.8 - (6 if book else 0), tall * 0.68)
    return out + _words(text, box, font, shade), wide, tall + top
