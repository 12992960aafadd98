"""The fonts of the built-in painter: openly licensed ones, cut down to the letters it can need.

    npm install --ignore-scripts @expo-google-fonts/{inter,poppins,space-grotesk,oswald,eb-garamond,dm-serif-display,
        cinzel,roboto-slab,special-elite,pacifico,great-vibes,patrick-hand,caveat,bebas-neue,anton,fredoka,
        shrikhand,poiret-one,tilt-neon,jetbrains-mono,bangers,comic-neue,jersey-15}
    pip install fonttools
    python tools/make_fonts.py node_modules src/pollux/engines/builtin/paint/fonts

Fonts with a Reserved Font Name are left out where that name is their own: a subset may not bear it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

FONTS = {  # our name: (package, the file in it)
    "inter": ("inter", "400Regular/Inter_400Regular"),
    "inter-bold": ("inter", "700Bold/Inter_700Bold"),
    "poppins": ("poppins", "500Medium/Poppins_500Medium"),
    "poppins-bold": ("poppins", "700Bold/Poppins_700Bold"),
    "grotesk-bold": ("space-grotesk", "700Bold/SpaceGrotesk_700Bold"),
    "oswald": ("oswald", "500Medium/Oswald_500Medium"),
    "garamond": ("eb-garamond", "500Medium/EBGaramond_500Medium"),
    "garamond-bold": ("eb-garamond", "700Bold/EBGaramond_700Bold"),
    "garamond-italic": ("eb-garamond", "500Medium_Italic/EBGaramond_500Medium_Italic"),
    "didone": ("dm-serif-display", "400Regular/DMSerifDisplay_400Regular"),
    "cinzel": ("cinzel", "600SemiBold/Cinzel_600SemiBold"),
    "slab": ("roboto-slab", "400Regular/RobotoSlab_400Regular"),
    "slab-bold": ("roboto-slab", "800ExtraBold/RobotoSlab_800ExtraBold"),
    "typewriter": ("special-elite", "400Regular/SpecialElite_400Regular"),
    "pacifico": ("pacifico", "400Regular/Pacifico_400Regular"),
    "vibes": ("great-vibes", "400Regular/GreatVibes_400Regular"),
    "patrick": ("patrick-hand", "400Regular/PatrickHand_400Regular"),
    "caveat": ("caveat", "700Bold/Caveat_700Bold"),
    "bebas": ("bebas-neue", "400Regular/BebasNeue_400Regular"),
    "anton": ("anton", "400Regular/Anton_400Regular"),
    "fredoka": ("fredoka", "500Medium/Fredoka_500Medium"),
    "fredoka-bold": ("fredoka", "700Bold/Fredoka_700Bold"),
    "shrikhand": ("shrikhand", "400Regular/Shrikhand_400Regular"),
    "poiret": ("poiret-one", "400Regular/PoiretOne_400Regular"),
    "neon": ("tilt-neon", "400Regular/TiltNeon_400Regular"),
    "mono": ("jetbrains-mono", "400Regular/JetBrainsMono_400Regular"),
    "mono-bold": ("jetbrains-mono", "700Bold/JetBrainsMono_700Bold"),
    "bangers": ("bangers", "400Regular/Bangers_400Regular"),
    "comic": ("comic-neue", "700Bold/ComicNeue_700Bold"),
    "pixel": ("jersey-15", "400Regular/Jersey15_400Regular"),
}
PLAIN = ("typewriter", "vibes", "caveat", "pacifico", "comic", "shrikhand", "neon", "poiret", "bangers")
"""Those with Western letters only; other words are set in one of the others."""
APACHE = ("roboto-slab", "special-elite")
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x1CD, 0x1DC), (0x1FA, 0x21B), (0x2C6, 0x2DD), (0x300, 0x304),
    (0x306, 0x30C), (0x31B, 0x31B), (0x323, 0x328), (0x384, 0x3CE), (0x400, 0x45F), (0x490, 0x493), (0x4B0, 0x4B1),
    (0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9), (0x2010, 0x2027), (0x2030, 0x203A), (0x2044, 0x2044),
    (0x2070, 0x208E), (0x20A0, 0x20BF), (0x2113, 0x2122), (0x2150, 0x215E), (0x2190, 0x2199), (0x2202, 0x2265),
    (0x25A0, 0x25CF), (0x2600, 0x2606), (0x2660, 0x2667), (0x2713, 0x2717),
)  # fmt: skip
"""Latin with all accents, Greek, Cyrillic, punctuation, currencies, fractions, arrows and a few signs."""
WESTERN = ((0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x2013, 0x2026), (0x20AC, 0x20AC))
FEATURES = ["kern", "mark", "mkmk", "liga", "clig", "calt", "ccmp", "locl", "lnum", "tnum", "pnum"]


def main() -> None:
    """Writes each font, the licences and prints the sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, (package, file) in FONTS.items():
        path = args.out / f"{name}.ttf"
        source = args.modules / "@expo-google-fonts" / package / f"{file}.ttf"
        subset(source, path, WESTERN if name in PLAIN else RANGES)
        total += path.stat().st_size
        print(f"{name:16} {path.stat().st_size:7}")
    (args.out / "LICENSE-fonts").write_text(licences(args.modules / "@expo-google-fonts"), "utf-8")
    print(f"{'total':16} {total:7}")


def subset(source: Path, target: Path, ranges: tuple[tuple[int, int], ...]) -> None:
    """Keeps the letters of `ranges`, kerning and what shaping needs; drops hints and names of glyphs."""
    from fontTools import subset as cut  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    options: Any = cut.Options()
    options.hinting, options.glyph_names, options.notdef_outline = False, False, True
    options.layout_features, options.name_IDs, options.drop_tables = FEATURES, [0, 1, 2, 5, 13, 14], ["DSIG", "STAT"]
    font = TTFont(source, recalcTimestamp=False)  # the same bytes each time
    cutter = cut.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    cutter.subset(font)
    font.save(target)


def licences(packages: Path) -> str:
    """Whose each font is, then the one text under which nearly all of them stand."""
    lines, text = ["The fonts in this folder are subsets made by tools/make_fonts.py.", ""], ""
    for package in dict.fromkeys(package for package, _ in FONTS.values()):
        whole = (packages / package / "LICENSE_FONT").read_text("utf-8")
        names = ", ".join(f"{name}.ttf" for name, (owner, _) in FONTS.items() if owner == package)
        if package in APACHE:
            lines += [f"{names}: Apache License, Version 2.0 (the text is Pollux's own LICENSE).", ""]
            continue
        head, mark, rest = whole.partition("This Font Software is licensed under the SIL Open Font License")
        lines += [
            f"{names}: SIL Open Font License 1.1 (below).",
            *(f"  {line}" for line in head.split("\n") if line),
            "",
        ]
        text = text or mark + rest
    return "\n".join([*lines, "-" * 60, "", text.strip(), ""])


if __name__ == "__main__":
    main()
