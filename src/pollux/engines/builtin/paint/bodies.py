"""Bodies for drawings that show a head alone: animals get a small round one, people shoulders in clothes."""

from __future__ import annotations

import random
from dataclasses import replace

from pollux.engines.builtin.paint import svg
from pollux.engines.builtin.paint.art import Drawing, place
from pollux.engines.builtin.paint.colours import hexed, lighter, mix, rgb, to_lch
from pollux.engines.builtin.paint.joined import Box, Figure
from pollux.engines.builtin.paint.plan import Subject
from pollux.engines.builtin.paint.recolour import main_colour

Made = tuple[str, float, float, Box, Box]
"""Markup, width, height, the head's box, the hand's box."""

_HEADS_TEXT = (
    "panda bear polar-bear koala lion fox wolf frog raccoon hamster red-panda robot cat-face dog-face cow-face "
    "pig-face tiger-face rabbit-face mouse-face monkey-face"
)
_PEOPLE_TEXT = (
    "person man woman old-man old-woman older-person child girl boy baby man-beard woman-beard person-beard "
    "man-bald woman-bald person-bald man-curly-hair woman-curly-hair person-curly-hair man-red-hair "
    "woman-red-hair person-red-hair man-white-hair woman-white-hair person-white-hair man-blonde-hair "
    "woman-blonde-hair person-blonde-hair"
)
PEOPLE = frozenset(_PEOPLE_TEXT.split())
_LIMBS = {  # animals whose legs, or bellies, have other colours than their faces: (legs, belly, tail)
    "panda": ("#5b5483", "#e9e2f2", ""), "red-panda": ("#6b2b1a", "#7a3420", "#c9582a"),
    "fox": ("#5b3527", "#fbe9d9", "#f0813c"), "lion": ("#e0a03c", "#f6cf83", "#8a5730"),
    "raccoon": ("#4b4a52", "#cfcdd3", "#6d6c75"), "koala": ("#8d8b98", "#e6e4ea", ""),
    "wolf": ("#77777f", "#dcdce0", "#77777f"), "robot": ("#8f8fa8", "#c9c6de", ""), "frog": ("#3bb36a", "#d7f08c", ""),
}  # fmt: skip
FACES = {  # animals drawn from the side that have a drawing of their face too
    "cat": "cat-face", "dog": "dog-face", "tiger": "tiger-face", "rabbit": "rabbit-face", "cow": "cow-face",
    "pig": "pig-face", "monkey": "monkey-face", "mouse": "mouse-face",
}  # fmt: skip
MOODS = {  # how a cat looks; no other animal's face is drawn in several moods
    "happy": "grinning-cat-with-smiling-eyes", "laughing": "cat-with-tears-of-joy", "smiling": "grinning-cat",
    "loving": "smiling-cat-with-heart-eyes", "sad": "crying-cat", "crying": "crying-cat", "angry": "pouting-cat",
    "grumpy": "pouting-cat", "surprised": "weary-cat", "scared": "weary-cat", "smug": "cat-with-wry-smile",
}  # fmt: skip
HEADS = frozenset(_HEADS_TEXT.split()) | frozenset(MOODS.values())
_CLOTHES = ("#3f6f9f", "#b0533f", "#4f7f63", "#7a5a94", "#c08a3a", "#4a5568", "#a8485f")


def with_body(drawing: Drawing) -> Made:
    """A sitting animal: the drawn head on a round body with arms, feet and, where it has one, a tail."""
    fur = main_colour(drawing)
    legs, belly, tail = _LIMBS.get(drawing.name, (lighter(fur, -0.06), lighter(fur, 0.13), ""))
    wide, tall = 100.0, 100.0 / drawing.shape
    neck = tall * 0.84
    body = neck + 32
    own = f"b{drawing.name.replace('-', '')}{fur[1:]}"
    fills = (
        f'<radialGradient id="{own}a" cx="0.4" cy="0.3" r="0.8"><stop stop-color="{lighter(fur, 0.05)}"/>'
        f'<stop offset="1" stop-color="{lighter(fur, -0.12)}"/></radialGradient>'
        f'<radialGradient id="{own}b" cx="0.4" cy="0.3" r="0.8"><stop stop-color="{lighter(legs, 0.06)}"/>'
        f'<stop offset="1" stop-color="{lighter(legs, -0.09)}"/></radialGradient>'
    )
    parts = [f"<defs>{fills}</defs>"]
    if tail:
        parts.append(
            f'<path d="M72 {body + 22:.1f}c22 6 38 -6 34 -30c-2 -12 -14 -14 -18 -4c-4 12 -6 14 -18 14z" fill="{tail}"/>'
            f'<path d="M104 {body - 10:.1f}c-2 -10 -12 -11 -15 -4l3 6c5 -4 9 -4 12 -2z" fill="{lighter(tail, 0.16)}"/>'
        )
    parts += [
        f'<ellipse cx="28" cy="{body + 34:.1f}" rx="17" ry="11" fill="url(#{own}b)"/>',
        f'<ellipse cx="72" cy="{body + 34:.1f}" rx="17" ry="11" fill="url(#{own}b)"/>',
        f'<ellipse cx="50" cy="{body + 4:.1f}" rx="35" ry="39" fill="url(#{own}a)"/>',
        f'<ellipse cx="50" cy="{body + 10:.1f}" rx="23" ry="28" fill="{belly}" opacity="0.85"/>',
        place(drawing, 0, 0, wide, tall),
        f'<ellipse cx="21" cy="{body + 2:.1f}" rx="9.500" ry="19" transform="rotate(28 21 '
        f'{body + 2:.1f})" fill="url(#{own}b)"/>',
        f'<ellipse cx="79" cy="{body + 2:.1f}" rx="9.500" ry="19" transform="rotate(-28 79 '
        f'{body + 2:.1f})" fill="url(#{own}b)"/>',
    ]
    width = 110.0 if tail else 100.0
    return "".join(parts), width, body + 45, (4, tall * 0.06, 92, tall * 0.86), (48, body - 34, 48, 48)


def with_bust(drawing: Drawing, subject: Subject, rng: random.Random) -> Made:
    """A person down to the chest, in clothes of the subject's colour."""
    wish = next((hexed(name) for name in subject.colours if rgb(name)), None)
    cloth = wish or rng.choice(_CLOTHES)
    if (
        any(word in " ".join(subject.attributes).lower() for word in ("wise", "humble", "weathered", "craftsman"))
        and not wish
    ):
        cloth = "#5d6470"
    tall = 100.0 / drawing.shape
    skin = _skin(drawing)
    neck = tall * 0.86
    own = f"p{cloth[1:]}"
    fills = (
        f'<defs><linearGradient id="{own}" x1="0" y1="0" x2="1" y2="1"><stop stop-color="{lighter(cloth, 0.07)}"/>'
        f'<stop offset="1" stop-color="{lighter(cloth, -0.1)}"/></linearGradient></defs>'
    )
    foot = neck + 72
    markup = (
        fills + f'<path d="M-18 {foot:.1f}C-18 {neck + 34:.1f} 0 {neck + 22:.1f} 34 {neck + 15:.1f}H66C100 '
        f"{neck + 22:.1f} 118 {neck + 34:.1f} "
        f'118 {foot:.1f}z" fill="url(#{own})"/>'
        f'<path d="M34 {neck - 14:.1f}H66V{neck + 14:.1f}C66 {neck + 30:.1f} 34 {neck + 30:.1f} 34 '
        f'{neck + 14:.1f}z" fill="{lighter(skin, -0.05)}"/>'
        f'<path d="M31 {neck + 14:.1f}C34 {neck + 36:.1f} 66 {neck + 36:.1f} 69 {neck + 14:.1f}" '
        f'fill="none" stroke="{lighter(cloth, 0.13)}" '
        f'stroke-width="5" stroke-linecap="round"/>'
        f'<path d="M6 {foot:.1f}C8 {foot - 18:.1f} 9 {foot - 28:.1f} 10 {foot - 34:.1f}M94 {foot:.1f}C92 '
        f"{foot - 18:.1f} 91 {foot - 28:.1f} 90 "
        f'{foot - 34:.1f}" fill="none" stroke="{lighter(cloth, -0.14)}" stroke-width="2.500" '
        f'stroke-linecap="round" opacity="0.7"/>' + place(drawing, 0, 0, 100, tall)
    )
    shifted = f'<g transform="translate(18 0)">{markup}</g>'
    return shifted, 136.0, foot, (18, 0, 100, tall), (74, neck + 20, 56, 54)


def standing(drawing: Drawing, subject: Subject, rng: random.Random) -> Figure:
    """A person from head to foot with a large head, as the drawings' other figures have: in a dress or in trousers."""
    cloth = next((hexed(name) for name in subject.colours if rgb(name)), None) or rng.choice(_CLOTHES)
    legs = rng.choice(("#3b4a63", "#4a4038", "#5a6b7f", "#2f4858"))
    skin, tall = _skin(drawing), 100.0 / drawing.shape
    young = drawing.name in ("child", "girl", "boy", "baby")
    dress = rng.random() < 0.6 and drawing.name.startswith(("woman", "girl", "old-woman"))
    neck = tall * 0.9
    hips = neck + (42 if young else 56)
    foot = hips + (22 if drawing.name == "baby" else 30 if young else 46)
    own = f"s{cloth[1:]}"
    fills = (
        f'<defs><linearGradient id="{own}"><stop stop-color="{lighter(cloth, 0.06)}"/><stop offset="1" '
        f'stop-color="{lighter(cloth, -0.09)}"/></linearGradient></defs>'
    )
    below = skin if dress else legs
    limbs = "".join(
        f'<rect x="{x}" y="{hips - 8:.1f}" width="15" height="{foot - hips + 4:.1f}" rx="6" fill="{shade}"/>'
        f'<path d="M{x - 3} {foot:.1f}c0-9 5-11 11-11s10 3 10 11z" fill="#3a2f36"/>'
        for x, shade in ((33, lighter(below, -0.03)), (52, lighter(below, -0.07)))
    )
    arms = "".join(
        f'<path d="M{50 + side * 20} {neck + 12:.1f}Q{50 + side * 36} {neck + 24:.1f} {50 + side * 33} '
        f'{hips - 12:.1f}" fill="none" stroke="{lighter(cloth, -0.05)}" stroke-width="13" stroke-linecap="round"/>'
        f'<circle cx="{50 + side * 33}" cy="{hips - 6:.1f}" r="6.500" fill="{skin}"/>'
        for side in (-1, 1)
    )
    wide, low = (34, hips + (foot - hips) * 0.35) if dress else (25, hips)
    body = (
        f'<path d="M30 {neck + 6:.1f}q20 -10 40 0L{50 + wide} {low - 3:.1f}q{-wide} 9 {-2 * wide} 0z" '
        f'fill="url(#{own})"/><rect x="42" y="{neck - 12:.1f}" width="16" height="18" rx="7" '
        f'fill="{lighter(skin, -0.06)}"/>'
    )
    markup = fills + limbs + arms + body + place(drawing, 4, 0, 92, tall * 0.92)
    size = 0.5 if drawing.name == "baby" else 0.75 if young else 1.0
    return Figure(
        markup, 100, foot, (4, 0, 92, tall * 0.9), (66, hips - 34, 40, 40), size, drawing.name, drawing.kind,
        legs=(foot - hips) / foot,
    )  # fmt: skip


def with_legs(figure: Figure, drawing: Drawing) -> Figure:
    """Somebody whose drawing ends at the chest, with the rest below it in the colours of the clothes."""
    box = f"{drawing.x} {drawing.y} {drawing.width} {drawing.height}"
    frame = f'{svg.NAMESPACES} viewBox="{box}" width="40" height="40" preserveAspectRatio="none"'
    small = svg.raster(f"<svg {frame}>{drawing.markup}</svg>", 40, 40)
    row = small[36]
    solid = [column for column in range(40) if row[column, 3] > 200]
    if not solid:
        return figure
    red, green, blue, _ = (int(value) for value in row[solid[len(solid) // 5]])
    cloth = f"#{red:02x}{green:02x}{blue:02x}"
    left, right = (value / 40 * figure.width for value in (solid[0], solid[-1] + 1))
    middle, wide, y = (left + right) / 2, right - left, figure.height - 1.5
    hips, foot = y + wide * 0.2, y + wide * 0.58
    legs = "".join(
        f'<rect x="{middle + side * wide * 0.19 - wide * 0.12:.1f}" y="{hips - 6:.1f}" width="{wide * 0.24:.1f}" '
        f'height="{foot - hips + 2:.1f}" rx="{wide * 0.08:.1f}" fill="{lighter(cloth, -0.07)}"/>'
        f'<path d="M{middle + side * wide * 0.2 - wide * 0.17:.1f} {foot:.1f}c0-{wide * 0.14:.1f} '
        f"{wide * 0.08:.1f}-{wide * 0.17:.1f} {wide * 0.17:.1f}-{wide * 0.17:.1f}s{wide * 0.17:.1f} "
        f'{wide * 0.04:.1f} {wide * 0.17:.1f} {wide * 0.17:.1f}z" fill="{lighter(cloth, -0.22)}"/>'
        for side in (-1, 1)
    )
    trunk = (
        f'<path d="M{left:.1f} {y:.1f}H{right:.1f}C{right:.1f} {hips:.1f} {middle + wide * 0.36:.1f} {hips:.1f} '
        f"{middle + wide * 0.34:.1f} {hips:.1f}H{middle - wide * 0.34:.1f}C{middle - wide * 0.36:.1f} {hips:.1f} "
        f'{left:.1f} {hips:.1f} {left:.1f} {y:.1f}z" fill="{cloth}"/>'
    )
    return replace(figure, markup=legs + trunk + figure.markup, height=foot, bust=False, legs=(foot - hips) / foot)


def _skin(drawing: Drawing) -> str:
    """The skin's colour: the main colour where it is one, else a usual one."""
    found = main_colour(drawing)
    lightness, chroma, hue = to_lch(rgb(found) or (0, 0, 0))
    return found if 25 < hue < 95 and chroma > 0.03 and lightness > 0.35 else mix("#e8b48c", "#c98a62", 0.3)
