"""Colours and pairs of fonts that go together, by manner: data for `theme`.  Chosen for Pollux."""

from __future__ import annotations

from typing import NamedTuple


class Palette(NamedTuple):
    """`ground` is the paper, `panel` what stands on it, `ink` the lettering, `accents` from the leading one on."""

    ground: str
    panel: str
    ink: str
    accents: tuple[str, ...]


class Pair(NamedTuple):
    """Fonts: of titles, of lines below them (usual and strong), and how far titles are spaced (em)."""

    title: str
    body: str
    strong: str
    tracking: float = 0.0


PALETTES: dict[str, tuple[Palette, ...]] = {
    "modern": (
        Palette("#f7f7f5", "#ffffff", "#16181d", ("#2f5bea", "#ff6b4a", "#12b886", "#f5b700", "#7950f2")),
        Palette("#0f172a", "#1b2742", "#f8fafc", ("#38bdf8", "#fbbf24", "#fb7185", "#34d399", "#a78bfa")),
        Palette("#fff4e8", "#ffffff", "#2b2118", ("#e4572e", "#17bebb", "#76b041", "#ffc914", "#2e282a")),
        Palette("#eaf2f0", "#ffffff", "#10312b", ("#0b7a75", "#f2545b", "#f3b61f", "#3d5a80", "#7b2d26")),
    ),
    "elegant": (
        Palette("#f8f4ec", "#fffdf8", "#33302b", ("#9a7b4f", "#6d7f69", "#b5838d", "#3d405b", "#c9ada7")),
        Palette("#f3f1ee", "#ffffff", "#27303a", ("#7d8f81", "#b08d57", "#a26769", "#3d5a73", "#d5c6b4")),
        Palette("#14213d", "#1d2d50", "#f7f1e3", ("#d4af6a", "#e7d8b1", "#9fb3c8", "#c08497", "#7ea172")),
    ),
    "luxury": (
        Palette("#121212", "#1d1b18", "#f4ead2", ("#d4af55", "#e9d8a6", "#a67c37", "#8c6d3f", "#f1e3bd")),
        Palette("#0e2a26", "#143a34", "#f3ead3", ("#d9b25f", "#e8d7a5", "#8fbfae", "#b08d57", "#f0e6c8")),
        Palette("#faf7f0", "#ffffff", "#1c1a17", ("#a8842c", "#1c1a17", "#6b5b3a", "#c9b27c", "#7a1f2b")),
    ),
    "playful": (
        Palette("#fff3c9", "#fffdf4", "#3a2a5e", ("#ff5d8f", "#3ec1d3", "#ff9a3c", "#7bc950", "#7f5af0")),
        Palette("#d9f2ff", "#ffffff", "#1d3557", ("#ff595e", "#ffb703", "#43aa5b", "#5e60ce", "#f783ac")),
        Palette("#ffe5ec", "#fffafb", "#472048", ("#f15bb5", "#00a6a6", "#f9a03f", "#6a4cff", "#70b77e")),
    ),
    "retro": (
        Palette("#f4e3c1", "#fbf1da", "#3b2418", ("#d1495b", "#00798c", "#edae49", "#5f7a3d", "#7d4e57")),
        Palette("#f2d8a7", "#fae9c6", "#2a2d34", ("#c8553d", "#588b8b", "#f28f3b", "#2d3047", "#8f2d56")),
        Palette("#123c46", "#1a4e5a", "#fbe8c8", ("#f2a541", "#e4572e", "#8ecdc8", "#f3d9a4", "#d66853")),
    ),
    "hand": (
        Palette("#fbf6ea", "#fffdf7", "#3b3a36", ("#c8694a", "#5f8d6b", "#e0a83c", "#557a95", "#9c5a78")),
        Palette("#f1f3e7", "#fdfdf7", "#2f3b2f", ("#6b8f3f", "#d08c3c", "#b2543c", "#3f7d7a", "#8a6b9c")),
    ),
    "nature": (
        Palette("#f2f5e9", "#fdfef8", "#22352b", ("#4f7d4a", "#d9892b", "#a44a3f", "#2f7f86", "#cdb64c")),
        Palette("#1f3a2e", "#29493b", "#f4f1de", ("#e9c46a", "#f4a261", "#a7c957", "#e76f51", "#8ab6a4")),
    ),
    "tech": (
        Palette("#0b1020", "#151d36", "#eef2ff", ("#22d3ee", "#a78bfa", "#f472b6", "#4ade80", "#facc15")),
        Palette("#f4f6fb", "#ffffff", "#0f172a", ("#4f46e5", "#06b6d4", "#f43f5e", "#10b981", "#f59e0b")),
    ),
    "noir": (
        Palette("#f3f1ea", "#ffffff", "#111111", ("#111111", "#3a3a3a", "#7a7a7a", "#b3261e", "#bdbdbd")),
    ),
    "bold": (
        Palette("#ffd23f", "#ffe486", "#1b1b1e", ("#d7263d", "#1b998b", "#2e294e", "#f46036", "#1b1b1e")),
        Palette("#ab1726", "#92111f", "#fff8f0", ("#ffd166", "#ffffff", "#1d3557", "#a8dadc", "#f1faee")),
        Palette("#1a1b41", "#26285c", "#ffffff", ("#ff4d6d", "#ffd60a", "#00bbf9", "#80ed99", "#f15bb5")),
    ),
    "festive": (
        Palette("#7a1420", "#8f1d2a", "#fff6e5", ("#f2c14e", "#e8e2d0", "#3f7d58", "#f78154", "#f6d9a8")),
        Palette("#163a2c", "#1f4a39", "#fff6e5", ("#e5b94e", "#d6453d", "#f3e6c8", "#83b692", "#f0a35e")),
    ),
}  # fmt: skip

PAIRS: dict[str, tuple[Pair, ...]] = {
    "modern": (
        Pair("poppins-bold", "inter", "inter-bold", -0.01),
        Pair("grotesk-bold", "inter", "inter-bold", -0.02),
    ),
    "elegant": (Pair("didone", "garamond", "garamond-bold"), Pair("garamond-italic", "garamond", "garamond-bold")),
    "luxury": (Pair("didone", "garamond", "garamond-bold", 0.02), Pair("poiret", "garamond", "garamond-bold", 0.04)),
    "playful": (Pair("fredoka-bold", "fredoka", "fredoka-bold"),),
    "retro": (Pair("shrikhand", "slab", "slab-bold"), Pair("pacifico", "slab", "slab-bold")),
    "hand": (Pair("caveat", "patrick", "patrick"), Pair("patrick", "patrick", "patrick")),
    "nature": (Pair("slab-bold", "slab", "slab-bold"), Pair("pacifico", "poppins", "poppins-bold")),
    "tech": (Pair("grotesk-bold", "mono", "mono-bold", -0.01), Pair("grotesk-bold", "inter", "inter-bold", -0.01)),
    "noir": (Pair("anton", "typewriter", "oswald"),),
    "bold": (
        Pair("anton", "oswald", "oswald"),
        Pair("bebas", "oswald", "oswald", 0.02),
        Pair("poppins-bold", "poppins", "poppins-bold", -0.02),
    ),
    "festive": (Pair("pacifico", "garamond", "garamond-bold"), Pair("didone", "garamond", "garamond-bold")),
}

MANNERS: tuple[tuple[str, str], ...] = (  # most words decide, in doubt the first
    ("noir", "noir gritty detective"),
    (
        "playful",
        "playful kid kids child children birthday cartoon cute kawaii fun funny toy colorful colourful vibrant "
        "candy school cheerful happy whimsical party baby cookbook grader silly",
    ),
    ("festive", "christmas xmas holiday holidays festive winter santa hanukkah diwali easter yuletide"),
    (
        "elegant",
        "elegant elegance wedding romantic classy refined graceful anniversary bridal marriage certificate "
        "diploma delicate graduation vows formal invited gala",
    ),
    (
        "luxury",
        "luxury luxurious premium jewelry jewellery gold golden perfume deco upscale exclusive michelin fancy "
        "royal gala wine champagne",
    ),
    (
        "retro",
        "retro vintage 50s 60s 70s 80s jazz diner nostalgic swing americana classic circus rodeo vinyl funk disco",
    ),
    (
        "hand",
        "hand handmade hand-drawn handwritten sketch sketchy handcrafted crafted rustic cozy cosy homemade chalk "
        "doodle pencil watercolour watercolor crayon bakery",
    ),
    (
        "nature",
        "organic nature natural eco green plant plants garden farm forest earth tea herbal vegan botanical "
        "farmers sustainable leaf honey hiking",
    ),
    (
        "tech",
        "tech technology ai robot robots digital data software startup cyber futuristic hackathon space code "
        "coding neon gaming game developer developers science cloud",
    ),
    (
        "bold",
        "sale bold loud energetic rock festival concert punk discount sport sports fitness marathon opening action",
    ),
    ("modern", "modern minimal minimalist minimalistic clean simple sleek"),
)
