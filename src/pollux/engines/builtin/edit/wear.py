"""Things worn that the archive has no coloured drawing of: our own, as vectors in boxes of their own."""

from __future__ import annotations

from collections.abc import Callable

from pollux.engines.builtin.paint.colours import lighter

Drawn = tuple[str, float, str]  # an SVG document, its width through its height, the thing's name


def drawn(noun: str, phrase: str, colour: str) -> Drawn | None:
    """A worn thing in a colour ("" for its usual one); None for all that are not drawn here."""
    words = set(phrase.split())
    for nouns, kinds, make, usual, size, name in _DRAWN:
        if noun in nouns.split() and (not kinds or words & set(kinds.split())):
            wide, high = size
            body = make(colour or usual)
            markup = (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
                f'viewBox="0 0 {wide} {high}">{body}</svg>'
            )
            return markup, wide / high, name
    return None


def _shaded(name: str, colour: str, *, down: bool = False) -> str:
    """A gradient from light over the colour to dark, as a bent surface has."""
    way = 'x1="0" y1="0" x2="0.2" y2="1"' if down else 'x1="0" y1="0" x2="1" y2="0.15"'
    stops = ((0, lighter(colour, -0.05)), (0.32, lighter(colour, 0.13)), (0.62, colour), (1, lighter(colour, -0.17)))
    inner = "".join(f'<stop offset="{at}" stop-color="{shade}"/>' for at, shade in stops)
    return f'<linearGradient id="{name}" {way}>{inner}</linearGradient>'


def _wizard(colour: str) -> str:
    star = "M0-6 1.6-1.8 6-1.6 2.6 1.2 3.8 5.6 0 3-3.8 5.6-2.6 1.2-6-1.6-1.6-1.8Z"
    places = ((52, 62, 0.9), (70, 46, 0.7), (60, 30, 0.55), (76, 68, 0.6))
    stars = "".join(
        f'<path transform="translate({x} {y}) scale({s})" d="{star}" fill="#f6dc86"/>' for x, y, s in places
    )
    shades = _shaded("a", colour) + _shaded("b", lighter(colour, -0.04), down=True) + _shaded("c", "#e9bd4c")
    return f"""<defs>{shades}</defs>
    <path d="M4 95C14 83 38 79 62 79s46 4 54 15c3 8-24 15-56 15S-1 104 4 95Z" fill="url(#b)"/>
    <path d="M28 90C36 60 44 34 60 16 68 7 82 1 94 6c5 2 7 6 4 8-8 0-12 2-14 7 4 20 10 44 12 67-8 9-62 12-68 2Z"
      fill="url(#a)"/>
    <path d="M84 21c-5 1-12 4-18 10 5-9 14-19 27-19-5 2-8 5-9 9Z" fill="{lighter(colour, -0.2)}" opacity=".5"/>
    <path d="M31 80c12 8 50 8 63-2l2 10c-10 9-60 11-68 2Z" fill="url(#c)"/>{stars}
    <path d="M12 98c20 8 76 8 98-2" fill="none" stroke="{lighter(colour, 0.2)}" stroke-width="1.6" opacity=".5"/>"""


def _santa(colour: str) -> str:
    return f"""<defs>{_shaded("a", colour)}</defs>
    <path d="M16 76C20 40 44 10 72 10c22 0 36 16 38 36-6-8-14-10-20-6 6 10 8 24 8 36-20 10-64 10-82 0Z" fill="url(#a)"/>
    <path d="M72 10c-8 8-10 18-6 30" fill="none" stroke="#000" stroke-opacity=".16" stroke-width="3"/>
    <rect x="8" y="70" width="98" height="22" rx="11" fill="#f7f5f2"/>
    <path d="M12 86c26 8 66 8 90 0 4-2 4-6 2-9-2 3-10 7-48 7S14 81 10 78c-2 3-2 6 2 8Z" fill="#d9d6d4"/>
    <circle cx="108" cy="50" r="11" fill="#fbfaf8"/>
    <path d="M100 58a11 11 0 0 0 18-6c-4 6-11 8-18 6Z" fill="#d6d3d0"/>"""


def _party(colour: str) -> str:
    places = ((40, 42), (30, 66), (50, 64), (22, 88), (40, 86), (58, 88))
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="#ffe37a"/>' for x, y in places)
    return f"""<defs>{_shaded("a", colour)}</defs><path d="M40 12 72 96c-16 8-48 8-64 0Z" fill="url(#a)"/>{dots}
    <path d="M40 2l3 8 8-3-5 7 7 5-8 1 0 8-5-6-5 6 0-8-8-1 7-5-5-7 8 3Z" fill="{lighter(colour, 0.2)}"/>"""


def _brimmed(colour: str) -> str:
    return f"""<defs>{_shaded("a", colour)}{_shaded("b", lighter(colour, -0.03), down=True)}</defs>
    <path d="M2 50c14 6 30 10 44 10h58c16 0 30-4 44-10-2 18-32 28-73 28S4 68 2 50Z" fill="url(#b)"/>
    <path d="M40 64C42 30 46 8 58 6c8-1 10 4 17 4s9-5 17-4c12 2 16 24 18 58-20 8-50 8-70 0Z" fill="url(#a)"/>
    <path d="M40.5 52c20 8 49 8 69 0l.8 12c-22 8-49 8-70.500 0Z" fill="{lighter(colour, -0.26)}"/>"""


def _beanie(colour: str) -> str:
    ribs = "".join(
        f'<path d="M{x} 70v24" stroke="#000" stroke-opacity=".13" stroke-width="2.5"/>' for x in range(12, 104, 7)
    )
    return f"""<defs>{_shaded("a", colour)}{_shaded("b", lighter(colour, 0.05))}</defs>
    <circle cx="55" cy="14" r="13" fill="{lighter(colour, 0.24)}"/>
    <path d="M8 74C8 40 26 20 55 20s47 20 47 54Z" fill="url(#a)"/>
    <rect x="3" y="68" width="104" height="27" rx="10" fill="url(#b)"/>{ribs}"""


def _halo(colour: str) -> str:
    ring = '<ellipse cx="60" cy="20" rx="52" ry="14" fill="none"'
    return (
        f'{ring} stroke="{colour}" stroke-opacity=".3" stroke-width="12"/>'
        f'{ring} stroke="{colour}" stroke-width="6"/>{ring} stroke="{lighter(colour, 0.12)}" stroke-width="2"/>'
    )


def _moustache(colour: str) -> str:
    return f"""<defs>{_shaded("a", colour, down=True)}</defs>
    <path d="M60 12C52 2 36 2 28 12 20 22 10 24 2 18c4 16 22 22 38 18 10-2 17-7 20-12 3 5 10 10 20 12 16 4 34-2
      38-18-8 6-18 4-26-6C84 2 68 2 60 12Z" fill="url(#a)"/>"""


def _bow(colour: str) -> str:
    return f"""<defs>{_shaded("a", colour, down=True)}</defs>
    <path d="M56 24C42 8 18 2 6 6c-4 14-4 36 0 50 14 4 36-4 50-18Z" fill="url(#a)"/>
    <path d="M64 24C78 8 102 2 114 6c4 14 4 36 0 50-14 4-36-4-50-18Z" fill="url(#a)"/>
    <rect x="49" y="18" width="22" height="27" rx="7" fill="{lighter(colour, 0.05)}"/>
    <path d="M50 30C38 26 24 26 16 30M70 30c12-4 26-4 34 0" fill="none" stroke="{lighter(colour, -0.2)}"
      stroke-width="2" opacity=".6"/>"""


_Row = tuple[str, str, Callable[[str], str], str, tuple[int, int], str]
_DRAWN: tuple[_Row, ...] = (
    ("hat", "wizard witch magician pointy sorcerer", _wizard, "#5a3fa0", (120, 112), "wizard hat"),
    ("hat", "santa christmas xmas elf", _santa, "#c8232c", (120, 96), "Santa hat"),
    ("hat", "party birthday", _party, "#e8467c", (80, 104), "party hat"),
    ("hat", "cowboy western straw sun", _brimmed, "#a9713f", (150, 80), "hat"),
    ("fedora sombrero", "", _brimmed, "#6d5a48", (150, 80), "hat"),
    ("hat", "winter wool woolly knitted bobble", _beanie, "#2f7f8c", (110, 96), "woolly hat"),
    ("beanie", "", _beanie, "#2f7f8c", (110, 96), "beanie"),
    ("halo", "", _halo, "#ffd75a", (120, 40), "halo"),
    ("moustache mustache", "", _moustache, "#3a2618", (120, 40), "moustache"),
    ("tie", "bow", _bow, "#b3202c", (120, 62), "bow tie"),
    ("bowtie", "", _bow, "#b3202c", (120, 62), "bow tie"),
)
"""Nouns, words of which one has to stand by (none: always), how it is drawn, its usual colour, its box, its name."""
