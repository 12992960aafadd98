"""Marks that the archive lacks, drawn for Pollux, and other words under which it has what is meant."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.paint.art import Art, Drawing, Look

_OTHER = """
sun: sunlight, sunshine, sunny, light, clear, hot, evaporation; high voltage: energy, electricity, power;
bubbles: oxygen, o2; round pushpin: location, place, venue; calendar: date; alarm clock: time; sun behind small
cloud: partly cloudy, mostly sunny; cloud: cloudy, overcast, condensation; sun behind large cloud: mostly
cloudy; sun behind rain cloud: showers; cloud with rain: drizzle, rainy, light rain, precipitation; cloud with
lightning and rain: stormy, storm; wind face: windy; fog: foggy; cloud with snow: snowy; snowflake: cold; coat:
raincoat, jacket, sweater, light jacket, hoodie, layers; t-shirt: tee; running shoe: sneakers; seedling:
nutrients; potted plant: soil, plant; sugar: glucose; carbon dioxide: co2; money bag: money; light bulb: idea;
chart increasing: growth; bar chart: results; microscope: research; people: team; direct hit: goal; rocket:
launch; locked: security; speech balloon: message; pot of food: boil; bowl with spoon: stir, mix; cooking: bake;
fork and knife with plate: serve; kitchen knife: chop; fork and knife: eat; water wave: collection; leaf
fluttering in wind: chloroplast
"""
"""The archive's word, then what else it is called."""
_BEAN = (
    '<g transform="rotate(32 50 50)"><path fill-rule="evenodd" '
    'd="M50 4C74 4 90 24 90 50C90 76 74 96 50 96C26 96 10 76 10 50'
    "C10 24 26 4 50 4ZM55.5 6C41 17 38 32 46 46C55 60 57 76 43.5 94.5L49.5 95.5C64 78 63 60 54 45C46 31 47 19 61 7.2Z"
    '"/></g>'
)
_SUGAR = "".join(
    f'<g transform="translate({x} {y})"><path fill="#ffffff" d="M0 14L24 4L48 14L24 24Z"/>'
    '<path fill="#e3e8f0" d="M0 14L24 24V54L0 44Z"/><path fill="#cdd5e2" d="M48 14L24 24V54L48 44Z"/>'
    '<path fill="none" stroke="#a9b4c6" stroke-width="1.6" stroke-linejoin="round" '
    'd="M0 14L24 4L48 14V44L24 54L0 44ZM0 14L24 24L48 14M24 24V54"/></g>'
    for x, y in ((26, 2), (1, 42), (51, 42))
)
_GAS = (
    '<path stroke="#8a94a6" stroke-width="7" d="M20 43H80M20 57H80"/>'
    '<circle cx="20" cy="50" r="18" fill="#e5484d"/><circle cx="80" cy="50" r="18" fill="#e5484d"/>'
    '<circle cx="50" cy="50" r="21" fill="#3d4656"/><circle cx="44" cy="43" r="5" fill="#ffffff" opacity=".45"/>'
    '<circle cx="15" cy="44" r="4.500" fill="#ffffff" opacity=".5"/>'
    '<circle cx="75" cy="44" r="4.500" fill="#ffffff" opacity=".5"/>'
)
_PEAKS = (
    '<path fill-rule="evenodd" '
    'd="M0 84L36 20L52 48L64 30L100 84ZM24 41.500L31 47L36 41L42 48L48.500 42L50 44.600L42.500 51.500'
    'L36 45L31 51L22.500 44.200ZM57 40.500L60 44L64 39L69 45L72 42L74 45L69 49.500L64 43.500L60 48.500L55 43.500Z"/>'
)
_OWN: dict[str, Drawing] = {
    "coffee bean": Drawing("coffee-bean", "icon", "line", _BEAN, 8.0, 5.0, 84.0, 90.0),
    "mountain mark": Drawing("mountain-mark", "icon", "line", _PEAKS, 0.0, 20.0, 100.0, 64.0),
    "sugar": Drawing("sugar", "food", "colour", _SUGAR, 0.0, 5.0, 100.0, 92.0),
    "carbon dioxide": Drawing("carbon-dioxide", "icon", "colour", _GAS, 2.0, 29.0, 96.0, 42.0),
}
CALLED = {
    other.strip(): word.strip()
    for entry in _OTHER.replace("\n", " ").split(";")
    for word, _, others in (entry.partition(":"),)
    for other in others.split(",")
}
_COLOURED = {"coffee bean": "#6b4226"}


def find(art: Art, name: str, look: Look) -> Drawing | None:
    """A thing's drawing: ours, or the archive's, also under the other word for it."""
    told = " ".join(name.lower().split())
    word = CALLED.get(told, told)
    own = _own(f"{word} mark" if look == "line" else word)
    own = own or _own(word)
    if own is not None:
        return own
    found = art.find(word, look)
    if found is not None and found.left:
        if word != told:
            return replace(found, left=())  # what is meant, whatever the archive calls it
        for start in range(1, len(told.split())):  # "light jacket": the part that the other words know
            tail = " ".join(told.split()[start:])
            if tail in CALLED:
                return _own(CALLED[tail]) or art.find(CALLED[tail], look)
    return found


def _own(word: str) -> Drawing | None:
    if word in _OWN:
        return _OWN[word]
    return _OWN[word[:-1]] if word.endswith("s") and word[:-1] in _OWN else None


def usual(drawing: Drawing) -> str:
    """The colour that a silhouette is drawn in where no other is asked for; "" for drawings with colours."""
    return _COLOURED.get(drawing.name.replace("-", " "), "#4a4a52") if drawing.look == "line" else ""
