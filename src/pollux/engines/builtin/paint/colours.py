"""Colours by name, small arithmetic on them, and drawings in other colours.

Arithmetic is in OKLCh (B. Ottosson, "A perceptual color space for image processing", 2020): lightness 0 to 1, chroma 0
to about 0.3, hue in degrees.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pollux.engines.builtin.english import words

RGB = tuple[int, int, int]
LCH = tuple[float, float, float]

_TABLE = """
black 16161a; white ffffff; gray 808080; grey 808080; silver c3c8d0; charcoal 36393f; slate 64748b; graphite 41444b;
ivory fffff0; cream fdf3dc; off-white faf7f0; offwhite faf7f0; eggshell f3ecdc; beige e8dcc4; sand dcc7a1; tan d2b48c;
taupe 8b7d72; khaki c3b091; red e0282e; crimson dc143c; scarlet ff2a1a; maroon 800020; burgundy 6d0f24; ruby b4123f;
cherry d2042d; brick b5493a; rust b7410e; salmon fa8072; coral ff7f6a; peach ffcba4; apricot fbceb1; pink ff8fb7;
rose f4577f; magenta e0218a; fuchsia e5259b; orange ff8c1a; tangerine f28500; amber ffbf00; gold e0ac2b; golden e3b23c;
mustard d9a520; yellow ffd92e; lemon fff44f; honey eba937; caramel c68e4e; brown 8a5430; chocolate 5f3820;
coffee 6f4e37; mocha 967059; copper b87333; bronze a97142; brass b5a642; terracotta cf6b4b; sienna a0522d;
umber 635147; ochre cc7722;
mahogany 6b2f23; walnut 6b4a32; oak c19a6b; wood b07d4b; wooden b07d4b; olive 808000; lime a4de2c; chartreuse b5e61d;
green 2fa84f; emerald 1fa971; jade 2aa876; forest 22663a; sage a3b899; mint a8e6cf; moss 6b7a3a; pistachio b5d99c;
avocado 7a8b3c; teal 12878a; turquoise 30c9c0; aqua 3fd6d6; cyan 22c7e6; blue 2f6fe0; azure 2f8ef0; sky 7cc4f5;
navy 1b2a52; indigo 3f3aa8; cobalt 1f4fb4; sapphire 1746a2; royal 3a55d9; ultramarine 2438b0; cerulean 2a8fc7;
denim 3d6490; periwinkle a9b0f2; lavender c3b1f0; lilac c8a2d8; violet 8a3fd1; purple 8038b8; plum 80396b;
mauve c59bc9; orchid d070d0; aubergine 4a2545; eggplant 4a2545; blush f6c9cb; champagne f0deba; pearl f2efe8;
bone e8e2d0; snow f8fbff; ash b6b8b3; steel 7f93a5; gunmetal 3b444b; platinum dcdde0; chrome c9d2da; iron 575b60;
marble eeecea; concrete a9a9a5; clay b9714f; ceramic eee7dc; porcelain f6f6f4; glass cfe7ef; ginger d47b33;
blond f0cf7c; blonde f0cf7c; brunette 5a3a26; auburn 8c3b22; cerise de3163; neon 39ff14; lapis 26619c; onyx 1c1d21;
jet 131317;
ebony 2b211d; midnight 141b3c; sunset f9844a; wine 722f37; mulberry 9b3d6e; watermelon f2545b; flamingo fc8eac
"""
_CHANGES: dict[str, tuple[float, float]] = {  # word: (added to lightness, factor on chroma)
    "light": (0.13, 0.75), "pale": (0.18, 0.5), "pastel": (0.15, 0.55), "soft": (0.08, 0.7), "baby": (0.16, 0.6),
    "dark": (-0.22, 0.9), "deep": (-0.13, 1.05), "rich": (-0.06, 1.15), "bright": (0.05, 1.2), "vivid": (0.02, 1.3),
    "hot": (0.0, 1.35), "electric": (0.04, 1.4), "neon": (0.1, 1.5), "muted": (0.0, 0.5), "dusty": (0.03, 0.5),
    "faded": (0.06, 0.5), "warm": (0.0, 1.1), "cool": (0.0, 0.95), "dull": (-0.02, 0.5), "matte": (0.0, 0.9),
    "glossy": (0.0, 1.05), "metallic": (0.0, 0.9), "shiny": (0.02, 1.05),
}  # fmt: skip


def rgb(name: str) -> RGB | None:
    """The colour that a name ("pale sea green", "matte black", "#ffcc00") stands for; None where it holds no colour."""
    if found := re.fullmatch(r"\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*", name):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    told = words(name.replace("off-white", "offwhite"))
    known = _named()
    told += [root for word in told if word.endswith("ish") for root in (word[:-3], word[:-4]) if root in known]
    bases = [word for word in told if word in known and word not in _CHANGES] or [
        word for word in told if word in known
    ]
    if not bases:
        return None
    base = bases[-1]
    if len(bases) > 1 and abs((to_lch(known[bases[-2]])[2] - to_lch(known[base])[2] + 180) % 360 - 180) < 75:
        base = bases[-2]  # "sky blue" is sky's blue, "forest green" the forest's
    lightness, chroma, hue = to_lch(known[base])
    for word in told:
        if word in _CHANGES and word != base:
            more, times = _CHANGES[word]
            room = 3.2 * (1 - lightness) if more > 0 else 1.0  # what is light already cannot grow much lighter
            lightness, chroma = lightness + more * room, chroma * times
    return from_lch((lightness, chroma, hue))


def hexed(colour: str | RGB, otherwise: str = "#808080") -> str:
    """A name or RGB as "#rrggbb"; `otherwise` where the name is no colour."""
    value = rgb(colour) if isinstance(colour, str) else colour
    return otherwise if value is None else f"#{value[0]:02x}{value[1]:02x}{value[2]:02x}"


def mix(one: str | RGB, other: str | RGB, share: float) -> str:
    """`share` of the other colour (0 to 1) in the one, as "#rrggbb"."""
    first, second = (rgb(hexed(colour)) or (0, 0, 0) for colour in (one, other))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return hexed((red, green, blue))


def lighter(colour: str | RGB, by: float) -> str:
    """The colour with `by` added to its lightness (negative: darker), as "#rrggbb"."""
    lightness, chroma, hue = to_lch(rgb(hexed(colour)) or (0, 0, 0))
    if by < 0 and 55 < hue < 112:  # yellow in the shade turns to orange, not to olive
        hue += 130 * by
    return hexed(from_lch((lightness + by, chroma, hue)))


def ink_on(ground: str | RGB) -> str:
    """Near-black or white: what reads better on the ground (WCAG 2.2's relative luminance)."""
    linear = [_linear(value / 255) for value in rgb(hexed(ground)) or (255, 255, 255)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else "#1b1b22"


def to_lch(colour: RGB) -> LCH:
    """sRGB to OKLCh."""
    red, green, blue = (_linear(value / 255) for value in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_lch(colour: LCH) -> RGB:
    """OKLCh to the nearest sRGB of the same lightness and hue: chroma is taken back until it fits."""
    lightness, chroma, hue = min(1.0, max(0.0, colour[0])), max(0.0, colour[1]), math.radians(colour[2])
    for _ in range(24):
        a, b = chroma * math.cos(hue), chroma * math.sin(hue)
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        linear = (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
        if all(-0.003 <= value <= 1.003 for value in linear):
            break
        chroma *= 0.88
    red, green, blue = (round(255 * _gamma(min(1.0, max(0.0, value)))) for value in linear)
    return red, green, blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


@lru_cache(maxsize=1)
def _named() -> dict[str, RGB]:
    out: dict[str, RGB] = {}
    for pair in _TABLE.replace("\n", " ").split(";"):
        name, digits = pair.split()
        out[name.replace("-", "")] = (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
    return out
