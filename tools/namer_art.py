"""Drawings with their names, for `train_namer.py`: emoji and icons of openly licensed sets, as small pictures.

    npm install --ignore-scripts emojibase-data @iconify-json/{noto,noto-v1,fxemoji,fluent-emoji,fluent-emoji-flat,
        fluent-emoji-high-contrast,flat-color-icons,fluent-color,mdi,tabler,lucide,ph,bi,material-symbols,ion,ri}
    pip install skia-python opencv-python-headless
    python tools/namer_art.py node_modules art.npz [--only twemoji]

`--only` renders another set under the same classes: drawings that were not trained on, to test with.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 80  # pixels of a drawing
MARGIN = 4
DRAWN = 160  # pixels at which it is rendered, before its empty border is cut off
EMOJI = ("noto", "noto-v1", "fluent-emoji-flat", "fluent-emoji", "fluent-emoji-high-contrast", "fxemoji")
ICONS = ("mdi", "tabler", "lucide", "ph", "bi", "material-symbols", "ion", "ri")
COLOURED = ("flat-color-icons", "fluent-color")
LEAST_SETS = 4  # sets that must draw an icon of that name
STYLE = re.compile(
    r"(?:-(?:outlined?|filled?|fill|line|rounded|sharp|bold|light|thin|duotone|twotone|regular|solid|variant|"
    r"(?:1[0-9]|2[0-9]|3[0-9]|4[0-9])))+$"
)
NO_ICON = re.compile(
    r"^(?:brand|logo|alpha|numeric|number|letter|hexagon-|square-|circle-|box-)|-logo$|^\d+$|^.$|-off$"
)
SAME = {
    "magnify": "search", "magnifying-glass": "search", "cog": "settings", "gear": "settings", "account": "user",
    "person": "user", "delete": "trash", "bin": "trash", "delete-bin": "trash", "trash-can": "trash", "email": "mail",
    "envelope": "mail", "close": "x", "check-mark": "check", "checkmark": "check", "pencil": "edit", "create": "edit",
    "house": "home", "home": "home", "location": "map-pin", "map-marker": "map-pin", "location-on": "map-pin",
    "picture": "image", "photo": "image", "add": "plus", "remove": "minus", "view": "eye", "visibility": "eye",
    "notifications": "bell", "favorite": "heart", "like": "thumb-up", "dislike": "thumb-down", "group": "users",
    "people": "users", "chart-bar": "bar-chart", "basket": "shopping-basket", "cart": "shopping-cart",
}  # fmt: skip
ICON_NAMES = {  # what people call them, where the sets' own name is not that
    "x": ("close", "cross", "x"), "check": ("check mark", "check", "tick"), "mail": ("envelope", "mail", "email"),
    "user": ("person", "user", "account"), "users": ("people", "users", "group"),
    "image": ("picture", "image", "photo"),
    "search": ("magnifying glass", "search"), "settings": ("gear", "settings", "cog"), "trash": ("trash can", "delete",
    "bin"), "edit": ("pencil", "edit"), "map-pin": ("map pin", "location", "place"), "menu": ("menu", "hamburger menu"),
    "home": ("house", "home"), "plus": ("plus", "add"), "thumb-up": ("thumbs up", "like"),
    "thumb-down": ("thumbs down", "dislike"),
}  # fmt: skip
MERGED = {  # an icon that shows what an emoji shows
    "search": "magnifying glass tilted left", "settings": "gear", "trash": "wastebasket", "mail": "envelope",
    "edit": "pencil", "home": "house", "check": "check mark", "x": "cross mark", "heart": "red heart",
    "thumb-up": "thumbs up", "thumb-down": "thumbs down", "sun": "sun", "lightbulb": "light bulb", "bulb": "light bulb",
    "lock": "locked", "lock-open": "unlocked", "car": "automobile", "coffee": "hot beverage", "plane": "airplane",
    "pin": "pushpin", "flower": "tulip", "apple": "red apple", "umbrella": "umbrella", "phone": "telephone receiver",
    "bug": "bug", "globe": "globe with meridians", "map-pin": "round pushpin", "users": "busts in silhouette",
    "user": "bust in silhouette", "eye": "eye", "cake": "birthday cake", "balloon": "balloon", "pizza": "pizza",
    "shirt": "t-shirt", "flag": "triangular flag", "train": "train", "camera": "camera", "key": "key", "bell": "bell",
}  # fmt: skip
BROADER = {  # emoji subgroups as everyday words
    "food-fruit": ("fruit", "food"), "food-vegetable": ("vegetable", "food"), "food-prepared": ("food",),
    "food-asian": ("food",), "food-sweet": ("sweet", "dessert", "food"), "drink": ("drink",),
    "dishware": ("tableware",),
    "animal-mammal": ("mammal", "animal"), "animal-bird": ("bird", "animal"),
    "animal-amphibian": ("amphibian", "animal"),
    "animal-reptile": ("reptile", "animal"), "animal-marine": ("sea animal", "animal"),
    "animal-bug": ("insect", "animal"),
    "plant-flower": ("flower", "plant"), "plant-other": ("plant",), "face-smiling": ("smiley", "face", "emoji"),
    "transport-ground": ("vehicle",), "transport-water": ("boat", "vehicle"), "transport-air": ("aircraft", "vehicle"),
    "place-building": ("building",), "clothing": ("clothing",), "musical-instrument": ("musical instrument",),
    "sport": ("sport",), "tool": ("tool",), "book-paper": ("paper",), "money": ("money",), "computer": ("computer",),
    "phone": ("phone",), "office": ("office supplies",), "household": ("household item",), "arrow": ("arrow", "symbol"),
    "zodiac": ("zodiac sign", "symbol"), "country-flag": ("flag",), "flag": ("flag",), "subdivision-flag": ("flag",),
    "time": ("time",), "heart": ("heart", "symbol"), "light-video": (), "award-medal": ("medal", "award"),
    "monkey-face": ("monkey", "animal"), "cat-face": ("cat", "face"), "alphanum": ("symbol",), "keycap": ("symbol",),
    "geometric": ("shape",), "person-sport": ("person",), "person-activity": ("person",), "person-role": ("person",),
    "person-gesture": ("person",), "person": ("person",), "person-fantasy": ("person",), "person-resting": ("person",),
    "body-parts": ("body part",), "music": ("music",), "lock": ("lock",), "transport-sign": ("sign", "symbol"),
    "av-symbol": ("symbol",), "game": ("game",), "warning": ("sign", "symbol"), "religion": ("symbol",),
    "hand-fingers-open": ("hand",), "hand-fingers-partial": ("hand",), "hand-single-finger": ("hand",),
    "hand-fingers-closed": ("hand",), "hands": ("hands",), "hand-prop": ("hand",), "sky-weather": (),
    "other-symbol": ("symbol",), "family": ("family", "people"), "emotion": ("symbol",), "punctuation": ("symbol",),
}  # fmt: skip


@dataclass
class Class:
    """One thing that is drawn, its names with the most usual first, and whether its mirror image is the same thing."""

    names: list[str]
    art: list[tuple[str, str]] = field(default_factory=list)  # (set, icon)

    @property
    def turns(self) -> bool:
        """Whether left and right, and letters, do not matter."""
        return not re.search(
            r"left|right|clock|thirty|flag|button|keycap|arrow|east|west|circled|input|squared|abc|sign|ideograph|note",
            " ".join(self.names[:1]),
        )


def squash(name: str) -> str:
    """A name as a key: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("&", "and").replace("’", ""))


class IconSet:
    """One icon set of Iconify."""

    def __init__(self, modules: Path, name: str) -> None:
        data = json.loads((modules / "@iconify-json" / name / "icons.json").read_text("utf-8"))
        self.icons: dict[str, Any] = data["icons"]
        self.size = data.get("width", 16), data.get("height", 16)

    def svg(self, icon: str, colour: str = "#000") -> str:
        """The drawing as SVG."""
        one = self.icons[icon]
        size = one.get("width", self.size[0]), one.get("height", self.size[1])
        box = f"{one.get('left', 0)} {one.get('top', 0)} {size[0]} {size[1]}"
        body = one["body"].replace("currentColor", colour)
        spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        return f'<svg {spaces} viewBox="{box}">{body}</svg>'


def emoji(modules: Path) -> list[tuple[Class, set[str]]]:
    """A class for each emoji without skin tones, and the squashed names by which sets may call it."""
    base = modules / "emojibase-data/en"
    data = json.loads((base / "data.json").read_text("utf-8"))
    messages = json.loads((base / "messages.json").read_text("utf-8"))
    subgroups = {one["order"]: one["key"] for one in messages["subgroups"]}
    codes = [json.loads((base / f"shortcodes/{n}.json").read_text("utf-8")) for n in ("github", "iamcal", "emojibase")]
    out = []
    for one in data:
        label, sub = one["label"], subgroups.get(one.get("subgroup", -1), "")
        if "group" not in one or one["group"] == 2 or label.startswith(("family:", "couple with heart:", "kiss:")):
            continue
        name = label.removeprefix("flag: ") + " flag" if label.startswith("flag: ") else label
        name = name.lower() if not label.startswith("flag: ") else name
        broader = BROADER.get(sub, ("face", "emoji") if sub.startswith("face-") else ())
        names = [name, *broader, *(tag for tag in one.get("tags", ()) if len(tag) > 2)]
        keys = {squash(label), squash(name), squash(label.replace("flag: ", "flag-for-"))}
        for table in codes:
            found = table.get(one["hexcode"], [])
            keys |= {squash(code) for code in ([found] if isinstance(found, str) else found) if len(code) > 3}
        keys |= {squash(one["hexcode"])}
        out.append((Class(list(dict.fromkeys(names))), keys))
    return out


def by_key(classes: list[tuple[Class, set[str]]]) -> dict[str, Class]:
    """Classes by any of their keys; a key that is the name itself wins."""
    out: dict[str, Class] = {}
    for one, keys in classes:
        for key in keys:
            out.setdefault(key, one)
    for one, _ in classes:
        out[squash(one.names[0])] = one
    return out


def codepoints(modules: Path, name: str) -> dict[str, list[str]]:
    """Icon -> code points, where the set tells."""
    path = modules / "@iconify-json" / name / "chars.json"
    out: dict[str, list[str]] = defaultdict(list)
    if path.exists():
        for code, icon in json.loads(path.read_text("utf-8")).items():
            out[icon].append(squash(code))
    return out


def plain_code(key: str) -> str:
    """A code point sequence without variation selectors."""
    return key.replace("fe0f", "")


def join_emoji(modules: Path, name: str, known: dict[str, Class]) -> int:
    """Adds a set's drawings to the classes; how many."""
    codes = {plain_code(key): one for key, one in known.items()}
    count = 0
    points = codepoints(modules, name)
    for icon in IconSet(modules, name).icons:
        if re.search(r"skin-tone|-low$", icon):
            continue
        found = next((codes[plain_code(c)] for c in points.get(icon, []) if plain_code(c) in codes), None)
        found = found or known.get(squash(icon)) or known.get(squash(icon.removeprefix("flag-for-")) + "flag")
        if found is not None and (name, icon) not in found.art:
            found.art.append((name, icon))
            count += 1
    return count


def icons(modules: Path, known: dict[str, Class]) -> list[Class]:
    """Icons that several sets draw under one name; those that show an emoji's thing join its class."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in (*ICONS, *COLOURED):
        for icon in sorted(IconSet(modules, name).icons, key=len):
            plain = STYLE.sub("", icon)
            plain = SAME.get(plain, plain)
            if NO_ICON.search(plain) or sum(one[0] == name for one in found[plain]) >= 2:
                continue
            found[plain].append((name, icon))
    out = []
    for plain, art in sorted(found.items()):
        words = " ".join(plain.split("-"))
        one = known.get(squash(MERGED.get(plain, words)))
        if one is not None and len({s for s, _ in art}) >= 2:
            one.names += [n for n in ICON_NAMES.get(plain, (words,)) if n not in one.names]
            one.art += art
        elif len({s for s, _ in art} & set(ICONS)) >= LEAST_SETS:
            out.append(Class([*ICON_NAMES.get(plain, (words,)), "icon"], art))
    return out


def classes(modules: Path, sets: tuple[str, ...] = EMOJI) -> list[Class]:
    """Every class with the drawings it has in the sets."""
    listed = emoji(modules)
    known = by_key(listed)
    for name in sets:
        print(name, join_emoji(modules, name, known))
    more = icons(modules, known)
    return [one for one, _ in listed if one.art] + more


def render(svg: str) -> NDArray[np.uint8] | None:
    """SIDE x SIDE RGBA (straight alpha), the drawing's own extent filling it but for MARGIN; None when empty."""
    import skia  # noqa: PLC0415 - in the workers

    drawing = skia.SVGDOM.MakeFromStream(skia.MemoryStream(svg.encode(), True))
    if drawing is None:
        return None
    drawing.setContainerSize(skia.Size(DRAWN, DRAWN))
    surface = skia.Surface(DRAWN, DRAWN)
    surface.getCanvas().clear(0)
    drawing.render(surface.getCanvas())
    rgba = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    ys, xs = np.nonzero(rgba[..., 3] > 20)
    if len(ys) < 30:
        return None
    cut = rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.float32)
    cut[..., :3] *= cut[..., 3:] / 255
    scale = (SIDE - 2 * MARGIN) / max(cut.shape[:2])
    size = max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale))
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    small[..., :3] /= np.maximum(small[..., 3:], 1) / 255
    out = np.zeros((SIDE, SIDE, 4), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    out[top : top + size[1], left : left + size[0]] = np.clip(small, 0, 255)
    return out


def drawings(modules: Path, listed: list[Class], only: str) -> Iterator[tuple[int, str, str]]:
    """(class, set, SVG)."""
    sets = {name: IconSet(modules, name) for name in sorted({name for one in listed for name, _ in one.art})}
    for index, one in enumerate(listed):
        for name, icon in one.art:
            if not only or name == only:
                yield index, name, sets[name].svg(icon)


def main() -> None:
    """Writes the drawings, their classes and sets, and the classes' names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    listed = classes(args.modules)
    if args.only:
        known = {squash(one.names[0]): one for one in listed}
        full = by_key([(known.get(squash(c.names[0]), Class(c.names)), keys) for c, keys in emoji(args.modules)])
        print(args.only, join_emoji(args.modules, args.only, full))
    rows = list(drawings(args.modules, listed, args.only))
    with ProcessPoolExecutor(2) as pool:
        pictures = list(pool.map(render, [svg for _, _, svg in rows], chunksize=64))
    kept = [n for n, picture in enumerate(pictures) if picture is not None]
    print(len(listed), "classes", len(kept), "of", len(rows), "drawings")
    np.savez(
        args.out,
        pictures=np.stack([picture for picture in pictures if picture is not None]),
        classes=np.array([rows[n][0] for n in kept]),
        sets=np.array([rows[n][1] for n in kept]),
        names=np.array(["\t".join(one.names) for one in listed]),
        turns=np.array([one.turns for one in listed]),
    )


if __name__ == "__main__":
    main()
