"""Builds paint/art/drawings.bin, the drawings of the built-in painter, from openly licensed sets.

    npm install --ignore-scripts emojibase-data@17.0.0 @iconify-json/{fluent-emoji@1.2.7,fluent-emoji-flat@1.2.6,
        noto@1.2.9,flat-color-icons@1.2.3,game-icons@1.2.4,mdi@1.2.3}
    python tools/make_art.py node_modules

About two minutes of one core, most of it to measure each drawing's ink.  The same packages give the same file.
paint/art.py describes the layout; NOTICE names the sets' authors and licences; art_names.py holds synonyms of our own.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from art_names import OURS
from art_ours import DRAWN
from numpy.typing import NDArray

from pollux.engines.builtin.english import singular
from pollux.engines.builtin.paint.art import MAGIC, TONES
from pollux.engines.builtin.paint.svg import NAMESPACES, raster

TARGET = Path(__file__).parent.parent / "src/pollux/engines/builtin/paint/art/drawings.bin"
KEPT_TONES = ("light", "medium", "dark")  # of people; hands and families are kept in yellow alone
MEASURED = 160  # pixels at which ink is measured
DICTIONARY = 32_000  # bytes that deflate can look back upon
NO_THING = re.compile(r"^(?:brand|logo|alpha|numeric|number|letter)|-logo$|^\d+$|^.$|-(?:off|outline|variant)(?:-|$)")
TONED = re.compile(rf"^(.*)-({'|'.join(TONES)})(?:-skin-tone)?$")
HEADS = frozenset(  # groups whose labels' last words are good names ("red apple" is an apple)
    [
        "food-fruit",
        "food-vegetable",
        "food-prepared",
        "food-asian",
        "food-marine",
        "food-sweet",
        "drink",
        "dishware",
        "animal-mammal",
        "animal-bird",
        "animal-amphibian",
        "animal-reptile",
        "animal-marine",
        "animal-bug",
        "plant-flower",
        "plant-other",
        "place-building",
        "place-geographic",
        "place-map",
        "transport-ground",
        "transport-water",
        "transport-air",
        "clothing",
        "musical-instrument",
        "sport",
        "game",
        "tool",
        "household",
        "book-paper",
        "phone",
        "computer",
        "light-video",
        "writing",
        "office",
        "medical",
        "science",
        "other-object",
        "person-role",
        "person-fantasy",
        "event",
        "award-medal",
        "sky-weather",
        "money",
        "mail",
        "lock",
        "arts-crafts",
        "time",
        "sound",
        "music",
        "hotel",
    ]
)


@dataclass
class Made:
    """One drawing before it is packed."""

    key: str
    kind: str
    markup: str
    side: float
    box: tuple[float, float, float, float] = (0, 0, 0, 0)


@dataclass
class Phrases:
    """What each phrase means; the lower rank wins, the first of equals stays."""

    ranks: dict[str, tuple[int, str]] = field(default_factory=dict)

    def put(self, phrase: str, entry: str, rank: int) -> None:
        """Proposes an entry for a phrase."""
        phrase = " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", phrase.lower()))
        if phrase and (phrase not in self.ranks or rank < self.ranks[phrase][0]):
            self.ranks[phrase] = rank, entry

    def hidden(self, phrase: str) -> bool:
        """Whether a search word is the plural of a better name: "bicycles" of the sign that forbids them."""
        one = " ".join((*phrase.split()[:-1], singular(phrase.split()[-1])))
        rank = self.ranks[phrase][0]
        return one != phrase and rank >= 5 and self.ranks.get(one, (99, ""))[0] < rank


def icons(modules: Path, name: str) -> tuple[dict[str, str], float]:
    """The bodies of an Iconify set, and the side of its square."""
    data = json.loads((modules / "@iconify-json" / name / "icons.json").read_text("utf-8"))
    shown = {key: icon["body"] for key, icon in data["icons"].items() if not icon.get("hidden")}
    for key, alias in data.get("aliases", {}).items():
        if alias.get("hFlip") and alias["parent"] in shown:
            shown[key] = f'<g transform="translate({data["width"]} 0)scale(-1 1)">{shown[alias["parent"]]}</g>'
    return shown, float(data.get("height", 16))


def clean(markup: str, side: float) -> str:
    """Markup as LunaSVG draws it best: no filters (a blurred shine becomes a fainter one), short ids and numbers."""
    blurred: dict[str, float] = {}
    for name, body in re.findall(r'<filter id="([^"]+)".*?>(.*?)</filter>', markup, re.DOTALL):
        if "operator" not in body and (found := re.search(r'stdDeviation="([\d.]+)', body)):
            blurred[name] = float(found[1])

    def fainter(match: re.Match[str]) -> str:
        spread = blurred.get(match[1], 0)
        return "" if spread < 0.15 else f' opacity="{0.7 if spread < 0.4 else 0.45}"'

    markup = re.sub(r' filter="url\(#([^)"]+)\)"', fainter, markup)
    markup = re.sub(r"<filter .*?</filter>", "", markup, flags=re.DOTALL)
    markup = re.sub(r"<(animate|set)\b[^>]*?(/>|>.*?</\1>)", "", markup, flags=re.DOTALL)
    digits = 2 if side <= 48 else 1
    markup = re.sub(rf"(\.\d{{{digits}}})\d+", r"\1", markup)
    for count, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', markup))):
        markup = re.sub(rf'(\bid="|url\(#|href="#){re.escape(name)}(?=["\)])', rf"\g<1>{count:x}", markup)
    return markup


def measure(made: Made) -> tuple[float, float, float, float]:
    """x, y, width and height of what is drawn, to about a hundredth of the whole."""
    svg = f'<svg {NAMESPACES} width="{made.side:g}" height="{made.side:g}" color="#000">{made.markup}</svg>'
    ink: NDArray[np.bool_] = raster(svg, MEASURED, MEASURED)[..., 3] > 24
    if not ink.any():
        return (0, 0, 0, 0)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    unit = made.side / MEASURED
    x, y = float(columns[0]) * unit, float(rows[0]) * unit
    return x, y, (float(columns[-1]) + 1) * unit - x, (float(rows[-1]) + 1) * unit - y


def brands(modules: Path, name: str) -> frozenset[str]:
    """The icons of a set that are companies' marks: "steam" is no mark to somebody who wants his tea hot."""
    data = json.loads((modules / "@iconify-json" / name / "metadata.json").read_text("utf-8"))
    return frozenset(icon for group, icons in data.get("categories", {}).items() if "Brand" in group for icon in icons)


def squash(name: str) -> str:
    """A name as a key: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("&", "and"))


def emoji(modules: Path, phrases: Phrases) -> Iterator[Made]:
    """The emoji: Fluent with shading and flat, Noto where Fluent has none."""
    meta = json.loads((modules / "emojibase-data/meta/groups.json").read_text("utf-8"))
    data = json.loads((modules / "emojibase-data/en/data.json").read_text("utf-8"))
    data = sorted((one for one in data if "order" in one and one["group"] != 2), key=lambda one: one["order"])
    by_name = {squash(one["label"]): one for one in data}
    tags = Counter(tag for one in data for tag in one.get("tags", ()))
    seen: dict[str, str] = {}
    for letter, name in (("c", "fluent-emoji"), ("f", "fluent-emoji-flat"), ("c", "noto")):
        drawn, side = icons(modules, name)
        for icon in sorted(drawn):
            toned = TONED.match(icon)
            entry, tone = (toned[1], toned[2]) if toned and toned[1] in drawn else (icon, "")
            known = by_name.get(squash(entry))
            if name == "noto" and (entry in seen or not known or tone):
                continue
            kind = meta["subgroups"][str(known["subgroup"])] if known else guess(entry)
            toned_too = kind.startswith("person") and f"{entry}-dark" in drawn
            if tone not in KEPT_TONES if toned_too else tone:
                continue
            seen.setdefault(entry, kind)
            yield Made(f"{letter}/{entry}{'+' + tone if tone else ''}", seen[entry], clean(drawn[icon], side), side)
    for entry in seen:
        phrases.put(entry.replace("-", " "), entry, 1)
    by_squash = {squash(entry): entry for entry in seen}
    for one in data:
        if entry := by_squash.get(squash(one["label"]), ""):
            name_emoji(one, entry, seen[entry], tags, phrases)


def name_emoji(one: dict[str, Any], entry: str, kind: str, tags: Counter[str], phrases: Phrases) -> None:
    """Proposes an emoji's label, its head noun and its search words."""
    label = re.sub(r"[:,“”]", " ", one["label"])
    phrases.put(label, entry, 1)
    if kind in HEADS and " " in label:
        phrases.put(label.rsplit(" ", 1)[1], entry, 3)
    for tag in one.get("tags", ()):
        if kind in HEADS or kind.startswith("person"):  # "floor" is none of the face that laughs upon it
            phrases.put(tag, entry, 5 if tags[tag] <= 2 and kind in HEADS else 8)


def guess(entry: str) -> str:
    """The group of an emoji that the lists call otherwise."""
    return "person" if re.search(r"man|woman|person", entry) else "other"


def plain(modules: Path, phrases: Phrases) -> Iterator[Made]:
    """Icons: flat ones in colour, and silhouettes."""
    for name, letter, kind, rank in (
        ("flat-color-icons", "f", "icon", 4),
        ("game-icons", "s", "silhouette", 6),
        ("mdi", "s", "icon", 7),
    ):
        drawn, side = icons(modules, name)
        for icon in sorted(drawn.keys() - brands(modules, name)):
            if NO_THING.search(icon) or (name == "mdi" and icon.count("-") > 1):
                continue
            entry = f"{name.split('-')[0]}-{icon}"
            yield Made(f"{letter}/{entry}", kind, clean(drawn[icon], side), side)
            words = re.sub(r"-(?:alt|filled|solid|\d)$", "", icon).replace("-", " ")
            phrases.put(words, entry, rank)
            phrases.put(f"icon {words}", entry, 7 if name == "mdi" else rank + 2)


def packed(drawings: Iterable[Made], phrases: dict[str, str]) -> bytes:
    """The archive."""
    ordered = sorted(drawings, key=lambda made: made.key)
    step = max(1, len(ordered) // 400)
    shared = "".join(made.markup[-300:] + made.markup[:120] for made in ordered[::step]).encode()[-DICTIONARY:]
    lines, body = [], bytearray()
    for made in ordered:
        pack = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, shared)
        blob = pack.compress(made.markup.encode()) + pack.flush()
        box = "\t".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in made.box)
        lines.append(f"{made.key}\t{made.kind}\t{box}\t{len(body)}\t{len(blob)}")
        body += blob
    known = [f"{phrase}\t{entry}" for phrase, entry in sorted(phrases.items())]
    index = zlib.compress("\n\n".join(("\n".join(lines), "\n".join(known))).encode(), 9)
    return MAGIC + struct.pack("<II", len(shared), len(index)) + shared + index + bytes(body)


def main() -> None:
    """Reads the sets, measures, packs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=Path, help="the folder node_modules")
    modules: Path = parser.parse_args().modules
    phrases = Phrases()
    drawings = [*emoji(modules, phrases), *plain(modules, phrases)]
    for name, (kind, markup) in DRAWN.items():
        drawings.insert(0, Made(f"c/{name}", kind, clean(" ".join(markup.split()), 100), 100))
        phrases.put(name.replace("-", " "), name, 0)
    with ProcessPoolExecutor() as pool:
        for made, box in zip(drawings, pool.map(measure, drawings, chunksize=64), strict=True):
            made.box = box
    kept = {made.key: made for made in reversed(drawings) if made.box[2] > 0 and made.box[3] > 0}
    entries = {key.partition("/")[2].partition("+")[0] for key in kept}
    for phrase, entry in OURS.items():
        if entry not in entries:
            raise SystemExit(f"art_names: {phrase!r} means {entry!r}, which no set draws")
        phrases.put(phrase, entry, 0)
    meant = {
        phrase: entry for phrase, (_, entry) in phrases.ranks.items() if entry in entries and not phrases.hidden(phrase)
    }
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(packed(kept.values(), meant))
    print(f"{len(kept)} drawings, {len(meant)} phrases, {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
