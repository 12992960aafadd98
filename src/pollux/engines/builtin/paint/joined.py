"""A figure, and how another one belongs to it: worn, held, ridden, under it, behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]
_HAT_TEXT = "hat cap crown helmet beanie bonnet beret sombrero fedora headband tiara turban wreath hood wig mortarboard"
_HAT = frozenset(_HAT_TEXT.split())
_EYES = frozenset(["glasses", "sunglasses", "goggles", "monocle", "spectacles", "mask"])
_NECK_TEXT = "scarf tie bow bowtie necktie necklace medal ribbon collar bandana"
_NECK = frozenset(_NECK_TEXT.split())
_EARS = frozenset(["headphone", "headset", "earphone", "headphones", "earmuffs"])
_VESSELS = frozenset(("vase", "pot", "jar", "bottle", "glass", "flowerpot", "jug", "pitcher", "urn"))
_HIGH = frozenset(["umbrella", "balloon", "kite", "flag", "parasol", "lantern", "torch"])
_BEHIND = {  # what stands behind somebody on it: how far down its seat is, and its height by that of the sitter
    "bench-park": (0.5, 0.62), "chair": (0.6, 0.9), "seat": (0.62, 0.95), "couch-and-lamp": (0.66, 0.8),
    "throne": (0.66, 1.3), "swing": (0.73, 1.65), "windowsill": (0.86, 1.3), "stage": (0.78, 1.9), "bed": (0.62, 0.7),
    "rocking-chair": (0.6, 1.0), "stairs": (0.8, 1.4),
}  # fmt: skip
_HOT = ("campfire-logs", "fire")
_FLY_TEXT = (
    "eagle butterfly honeybee bat airplane helicopter balloon kite rocket dragon fairy flying-saucer parachute "
    "small-airplane lady-beetle ghost hot-air-balloon hummingbird"
)
FLY = frozenset(_FLY_TEXT.split())
"""What flies, where there is air above the ground."""
_LONG = ("bench-park", "couch-and-lamp", "stage", "bed")


@dataclass(frozen=True, slots=True)
class Figure:
    """Markup in a box from (0, 0) to (`width`, `height`).  `head` and `hand` are boxes within it, where things belong.

    `size` is the height that suits it beside others, where a person has 1; `entry` and `kind` are its drawing's.  A
    `bust` is cut off below, so that it belongs on the picture's lower edge or behind something; `legs` is how much of
    the height is below the hips of somebody who can sit; `parts` are the entries of what was joined to it.
    """

    markup: str
    width: float
    height: float
    head: Box
    hand: Box
    size: float = 1.0
    entry: str = ""
    kind: str = ""
    known: bool = True
    bust: bool = False
    legs: float = 0.0
    parts: tuple[str, ...] = ()

    def at(self, x: float, y: float, width: float, height: float, *, flip: bool = False) -> str:
        """The markup put into a box, as large as fits, in its middle and on its foot."""
        scale = min(width / self.width, height / self.height)
        left = x + (width - self.width * scale) / 2
        top = y + height - self.height * scale
        mirror = f"translate({self.width:.2f} 0)scale(-1 1)" if flip else ""
        return f'<g transform="translate({left:.2f} {top:.2f})scale({scale:.5f}){mirror}">{self.markup}</g>'


def joined(figure: Figure, other: Figure, relation: str, heads: set[str]) -> Figure:
    """Both as one figure; `heads` are the words of the other one's name, in the singular too."""
    if relation == "in" and other.entry in _HOT:
        relation = "beside"
    if relation == "wearing":
        return _worn(figure, other, heads)
    if relation in ("holding", "eating"):
        return _held(figure, other, heads)
    if relation in ("on", "riding") and other.entry in _BEHIND:
        return _seated(figure, other)
    if relation in ("on", "riding") and other.entry == "broom":
        side = max(other.width, other.height) * 1.2
        level = f'<g transform="translate({side / 2:.1f} {side * 0.17:.1f})rotate(42)translate({-other.width / 2:.1f} '
        level += f'{-other.height / 2:.1f})">{other.markup}</g>'
        other = replace(other, markup=level, width=side, height=side * 0.34)
    if relation == "riding" or other.entry == "broom":
        return _astride(figure, other)
    if relation == "on":
        wide = figure.width * (1.7 if other.kind.startswith("place") else 1.2)
        tall = wide * other.height / other.width
        if other.kind.startswith("plant"):
            wide, tall = wide * 1.6, tall * 1.6
        sink = tall * (
            0.5 if other.kind.startswith("plant") or other.height < 0.4 * other.width else 0.93
        )  # into a dish, onto a box
        box = (figure.width - wide) / 2, figure.height - tall + sink, wide, tall
        return replace(_beside(replace(figure, bust=False), other, box, before=False), bust=False)
    if relation == "in" and heads & _VESSELS:
        tall = figure.height * 0.85
        wide = min(figure.width * 0.9, tall * other.width / other.height)
        box = (figure.width - wide) / 2, figure.height * 0.66, wide, wide * other.height / other.width
        return replace(_beside(replace(figure, bust=False), other, box, before=True), bust=False)
    if relation == "in":
        wide = figure.width * 1.25
        tall = wide / (other.width / other.height)
        box = (figure.width - wide) / 2, figure.height - tall * 0.62, wide, tall
        return replace(_beside(replace(figure, bust=False), other, box, before=True), bust=False)
    if relation == "under" and other.height > 1.4 * other.width:  # a lamp post, a tree: it stands behind
        tall = figure.height * 1.75
        wide = tall * other.width / other.height
        return _beside(figure, other, (figure.width * 0.86, figure.height - tall, wide, tall), before=False)
    if relation == "under":
        wide = figure.width * 1.5
        tall = wide / (other.width / other.height)
        return _beside(figure, other, ((figure.width - wide) / 2, -tall * 0.72, wide, tall), before=False)
    if relation == "above":
        wide = figure.width * 1.1
        tall = wide / (other.width / other.height)
        return _beside(figure, other, ((figure.width - wide) / 2, figure.height * 1.12, wide, tall), before=False)
    share = min(1.6, max(0.35, other.size / figure.size))
    tall = figure.height * share
    wide = tall * other.width / other.height
    if relation == "left of":
        return _beside(figure, other, (-wide * 1.04, figure.height - tall, wide, tall), before=False)
    if relation == "beside" and other.entry in FLY:
        tall, wide = tall * 0.8, wide * 0.8
        return _beside(figure, other, (figure.width * 0.9, figure.height * 0.12, wide, tall), before=True)
    left = -wide * 0.55 if relation == "behind" else figure.width * 1.04
    return _beside(figure, other, (left, figure.height - tall, wide, tall), before=relation != "behind")


def _held(figure: Figure, other: Figure, words: set[str]) -> Figure:
    x, y, width, height = figure.hand
    if other.kind == "musical-instrument":
        x, width, y, height = figure.width * 0.12, figure.width * 0.8, y - height * 0.15, height * 1.25
    if words & _HIGH:
        x, width = figure.width * 0.8, figure.width * 0.6
        y, height = figure.head[1] - figure.height * 0.08, y + height - figure.head[1]
    return _beside(figure, other, (x, y, width, height), before=True)


def _seated(figure: Figure, other: Figure) -> Figure:
    """Before what one sits or stands on: the hips on its seat, the legs hanging down."""
    seat, share = _BEHIND[other.entry]
    hips = figure.height * (1 - figure.legs * 0.85)
    wish = figure.width * 1.25 * other.height / other.width
    tall = max(figure.height * share, wish / (1.9 if other.entry in _LONG else 1))
    stretch = max(1.0, wish / tall)  # a bench for many is long, not high
    wide = tall * other.width / other.height * stretch
    if stretch > 1:
        markup = f'<g transform="scale({stretch:.4f} 1)">{other.markup}</g>'
        other = replace(other, markup=markup, width=other.width * stretch)
    box = (figure.width - wide) / 2, hips - tall * seat, wide, tall
    return replace(_beside(replace(figure, bust=False), other, box, before=False), bust=False)


def _astride(figure: Figure, other: Figure) -> Figure:
    """Upon a thin thing with both feet, astride what has a back, inside of what has windows."""
    if other.height < 0.5 * other.width and other.kind == "sport":
        wide = max(figure.width * 1.25, figure.height * 0.9)
        tall = wide * other.height / other.width
        box = (figure.width - wide) / 2, figure.height - tall * 0.36, wide, tall
        return replace(_beside(replace(figure, bust=False), other, box, before=False), bust=False)
    wide = figure.width * (1.9 if figure.bust or figure.legs else 1.45)
    tall = wide * other.height / other.width
    top = figure.height * (1 - figure.legs) - tall * 0.42 if figure.legs else figure.height - tall * 0.36
    box = (figure.width - wide) / 2, top, wide, tall
    return replace(_beside(replace(figure, bust=False), other, box, before=True), bust=False)


def _worn(figure: Figure, other: Figure, words: set[str]) -> Figure:
    x, y, wide, tall = figure.head
    if words & _EYES or words & _EARS:
        width = wide * (0.86 if words & _EYES else 1.16)
        height = width * other.height / other.width
        down = y + tall * 0.52 - height / 2 if words & _EYES else y + tall * 0.42 - height / 2
        return _beside(figure, other, (x + (wide - width) / 2, down, width, height), before=True)
    if words & _HAT:
        share = 1.12 if words & {"hat", "sombrero", "fedora"} else 0.92
        width = wide * share * (0.72 if other.size < 0.3 else 1)
        width = min(width, 0.42 * figure.height * other.width / other.height)
        height = width * other.height / other.width
        return _beside(figure, other, (x + (wide - width) / 2, y + tall * 0.2 - height, width, height), before=True)
    if words & _NECK:
        width = wide * (0.8 if "scarf" in words else 0.62)
        height = width * other.height / other.width
        top = y + tall * (0.84 if "scarf" in words else 0.96)
        return _beside(figure, other, (x + (wide - width) / 2, top, width, height), before=True)
    if figure.bust or {figure.entry, other.entry} == {"knight", "armor"}:
        return figure  # the clothes are drawn already
    left, top = figure.width * 0.2, y + tall * 0.98
    return _beside(
        figure, other, (left, top, figure.width * 0.6, max(figure.height * 0.3, figure.height - top)), before=True
    )


def _beside(figure: Figure, other: Figure, box: Box, *, before: bool) -> Figure:
    """Both as one figure: `other` in a box of the first one's measure, before or behind it."""
    x, y, width, height = box
    scale = min(width / other.width, height / other.height)
    width_, height_ = other.width * scale, other.height * scale
    x, y = x + (width - width_) / 2, y + (height - height_)
    put = f'<g transform="translate({x:.2f} {y:.2f})scale({scale:.5f})">{other.markup}</g>'
    left, top = min(0.0, x), min(0.0, y)
    right, foot = max(figure.width, x + width_), max(figure.height, y + height_)
    if figure.bust:
        foot = figure.height  # the picture's edge cuts off what it holds as it cuts off the chest
    both = figure.markup + put if before else put + figure.markup

    def moved(one: Box) -> Box:
        return one[0] - left, one[1] - top, one[2], one[3]

    grown = (foot - top) / figure.height
    return replace(
        figure,
        markup=f'<g transform="translate({-left:.2f} {-top:.2f})">{both}</g>',
        width=right - left,
        height=foot - top,
        head=moved(figure.head),
        hand=moved(figure.hand),
        size=figure.size * min(1.8, grown),
        parts=(*figure.parts, other.entry),
    )
