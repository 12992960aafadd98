"""Drawings with their names, for `train_namer.py`: emoji, icons and clip art of open sets, as small pictures.

    npm install --ignore-scripts emojibase-data@17.0.0 @fontsource/noto-emoji @lobehub/fluent-emoji-3d \
        @iconify-json/{noto,noto-v1,...}                        (the sets of EMOJI, FLAGS, ICONS and COLOURED below)
    pip install skia-python opencv-python-headless
    python tools/namer_art.py node_modules art.npz --symbola Symbola.ttf        (of Debian's fonts-symbola)
        [--only twemoji | --clipart /usr/share/openclipart/svg]                 (of Debian's openclipart-svg)

The last two render other drawings under the same classes, to test with: not trained on.  What the clip art shows was
looked at one by one: `tests/quality/clipart.tsv`.
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
from namer_words import BROADER, ICON_NAMES, MERGED, SAME
from numpy.typing import NDArray

SIDE = 80  # pixels of a drawing
MARGIN = 4
DRAWN = 160  # pixels at which it is rendered, before its empty border is cut off
EMOJI = (
    "noto", "noto-v1", "fluent-emoji-flat", "fluent-emoji", "fluent-emoji-high-contrast", "fxemoji", "emojione",
    "emojione-monotone", "streamline-emojis",
)  # fmt: skip
FLAGS = ("flag", "flagpack", "circle-flags", "cif")  # by country code
ICONS = ("mdi", "tabler", "lucide", "ph", "bi", "material-symbols", "ion", "ri")  # these decide what is a class
COLOURED = (  # these, and more icons, join the classes that there are
    "flat-color-icons", "fluent-color", "streamline-kameleon-color", "streamline-ultimate-color",
    "streamline-plump-color", "streamline-flex-color", "streamline-color", "streamline-freehand-color", "icon-park",
    "fa6-solid", "mingcute", "healthicons", "temaki", "game-icons", "meteocons",
)  # fmt: skip
CLIPART = Path(__file__).resolve().parents[1] / "tests/quality/clipart.tsv"
SOLID = "fluent-emoji-3d"  # not of Iconify: pictures named by code points
FONTS = {"noto-emoji-font": "@fontsource/noto-emoji/files/noto-emoji-*-400-normal.woff", "symbola": ""}
LEAST_SETS = 4  # sets that must draw an icon of that name
STYLE = re.compile(
    r"(?:-(?:outlined?|filled?|fill|line|rounded|sharp|bold|light|thin|duotone|twotone|regular|solid|variant|duo|flat|"
    r"24px|negative|(?:1[0-9]|2[0-9]|3[0-9]|4[0-9])))+$"
)
NUMBERED = re.compile(r"-\d$")  # of coloured sets: another drawing of the same thing
NO_ICON = re.compile(
    r"^(?:brand|logo|alpha|numeric|number|letter|hexagon-|square-|circle-|box-)|-logo$|^\d+$|^.$|-off$"
)


@dataclass
class Class:
    """One thing that is drawn, its names with the most usual first, and whether its mirror image is the same thing."""

    names: list[str]
    art: list[tuple[str, str]] = field(default_factory=list)  # (set, icon)

    @property
    def turns(self) -> bool:
        """Whether left and right, and letters, do not matter."""
        return not re.search(
            r"left|right|clock|thirty|flag|button|keycap|arrow|east|west|circled|input|squared|abc|sign|ideograph|note|moon",
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
    out: list[tuple[Class, set[str]]] = []
    for one in data:
        label, sub = one["label"], subgroups.get(one.get("subgroup", -1), "")
        if "group" not in one or one["group"] == 2 or label.startswith(("family:", "couple with heart:", "kiss:")):
            continue
        if label.endswith(": facing right"):  # the same, mirrored
            keys = next(keys for known, keys in out if squash(label.split(":")[0]) in keys)
            keys.add(squash(one["hexcode"]))
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
        word = NUMBERED.sub("", icon)
        found = next((codes[plain_code(c)] for c in points.get(icon, []) if plain_code(c) in codes), None)
        found = found or known.get(squash(icon)) or known.get(squash(word))
        found = found or known.get(squash(word.removeprefix("flag-for-")) + "flag")
        if found is not None and (name, icon) not in found.art:
            found.art.append((name, icon))
            count += 1
    return count


def join_flags(name: str, names: list[str], known: dict[str, Class]) -> int:
    """Adds a set's flags, named by country code, to the classes; how many."""
    codes = {plain_code(key): one for key, one in known.items()}
    count = 0
    for icon in names:
        parts = re.fullmatch(r"([a-z])([a-z])(-4x3)?", icon)
        found = codes.get("".join(f"{ord(c) - 97 + 0x1F1E6:x}" for c in parts.group(1, 2))) if parts else None
        if found is not None:
            found.art.append((name, icon))
            count += 1
    return count


def join_files(modules: Path, known: dict[str, Class]) -> int:
    """Adds the solid drawings, files named by code points, to the classes; how many."""
    codes = {plain_code(key): one for key, one in known.items()}
    count = 0
    for path in sorted((modules / "@lobehub/fluent-emoji-3d/assets").glob("*.webp")):
        found = codes.get(plain_code(squash(path.stem)))
        if found is not None:
            found.art.append((SOLID, str(path)))
            count += 1
    return count


def join_font(name: str, files: list[Path], known: dict[str, Class]) -> int:
    """Adds a font's drawings of single code points to the classes; how many."""
    import skia  # noqa: PLC0415

    faces = [(path, skia.Typeface.MakeFromFile(str(path))) for path in files]
    count = 0
    for key, one in known.items():
        code = plain_code(key)
        if not re.fullmatch(r"(?:1f[0-9a-f]{3}|2[0-9a-f]{3})", code) or any(a[0] == name for a in one.art):
            continue
        path = next((path for path, face in faces if face.unicharToGlyph(int(code, 16))), None)
        if path is not None:
            one.art.append((name, f"{path}|{code}"))
            count += 1
    return count


def icons(modules: Path, known: dict[str, Class]) -> list[Class]:
    """Icons that several sets draw under one name; those that show an emoji's thing join its class."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in (*ICONS, *COLOURED):
        for icon in sorted(IconSet(modules, name).icons, key=len):
            plain = STYLE.sub("", icon)
            plain = NUMBERED.sub("", plain) if name in COLOURED else plain
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


def classes(modules: Path, symbola: Path | None) -> list[Class]:
    """Every class with the drawings it has in the sets."""
    listed = emoji(modules)
    known = by_key(listed)
    for name in EMOJI:
        print(name, join_emoji(modules, name, known))
    for name in FLAGS:
        print(name, join_flags(name, list(IconSet(modules, name).icons), known))
    print(SOLID, join_files(modules, known))
    for name, pattern in FONTS.items():
        files = sorted(modules.glob(pattern)) if pattern else [symbola] if symbola else []
        print(name, join_font(name, files, known))
    more = icons(modules, known)
    return [one for one, _ in listed if one.art] + more


def drawn(task: tuple[str, str]) -> NDArray[np.uint8]:
    """DRAWN x DRAWN or larger RGBA of ("svg", text), ("file", path) or ("glyph", "font file|code point")."""
    import skia  # noqa: PLC0415 - in the workers

    kind, what = task
    if kind == "file":
        return np.asarray(skia.Image.open(what).toarray(colorType=skia.kRGBA_8888_ColorType))
    surface = skia.Surface(DRAWN, DRAWN)
    surface.getCanvas().clear(0)
    if kind == "svg":
        drawing = skia.SVGDOM.MakeFromStream(skia.MemoryStream(what.encode(), True))
        if drawing is not None:
            drawing.setContainerSize(skia.Size(DRAWN, DRAWN))
            drawing.render(surface.getCanvas())
    else:
        path, code = what.rsplit("|", 1)
        font = skia.Font(skia.Typeface.MakeFromFile(path), DRAWN * 0.7)
        surface.getCanvas().drawString(chr(int(code, 16)), 0.05 * DRAWN, 0.75 * DRAWN, font, skia.Paint(AntiAlias=True))
    return np.asarray(surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType))


def render(task: tuple[str, str]) -> NDArray[np.uint8] | None:
    """SIDE x SIDE RGBA (straight alpha), the drawing's own extent filling it but for MARGIN; None when empty."""
    rgba = drawn(task)
    ys, xs = np.nonzero(rgba[..., 3] > 20)
    if len(ys) < 30:
        return None
    cut = rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.float32)
    cut[..., :3] *= cut[..., 3:] / 255
    scale = (SIDE - 2 * MARGIN) / max(cut.shape[:2])
    size = max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale))
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    small[..., :3] = small[..., :3] * 255 / np.maximum(small[..., 3:], 1)
    out = np.zeros((SIDE, SIDE, 4), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    out[top : top + size[1], left : left + size[0]] = np.clip(small, 0, 255)
    return out


def drawings(modules: Path, listed: list[Class], only: str) -> Iterator[tuple[int, str, tuple[str, str]]]:
    """(class, set, what `drawn` takes)."""
    names = sorted({name for one in listed for name, _ in one.art} - {SOLID, *FONTS})
    sets = {name: IconSet(modules, name) for name in names}
    for index, one in enumerate(listed):
        for name, icon in one.art:
            if not only or name == only:
                kind = "file" if name == SOLID else "glyph" if name in FONTS else "svg"
                yield index, name, (kind, sets[name].svg(icon) if kind == "svg" else icon)


def clipart(folder: Path, listed: list[Class]) -> Iterator[tuple[int, str, tuple[str, str]]]:
    """(class, "openclipart", what `drawn` takes): the listed files of Debian's openclipart-svg."""
    known = {one.names[0]: n for n, one in enumerate(listed)}
    for line in CLIPART.read_text("utf-8").splitlines():
        name, file = line.split("\t")
        yield known[name], "openclipart", ("svg", framed((folder / file).read_text("utf-8", "replace")))


def framed(svg: str) -> str:
    """An SVG that fills what it is drawn in: with a view box, and without a size of its own."""
    head = re.search(r"<svg\b[^>]*>", svg, re.DOTALL)
    if head is None:
        return svg
    size = [re.search(rf"""\s{key}\s*=\s*["']\s*([\d.]+)(\w*)""", head[0]) for key in ("width", "height")]
    tag = re.sub(r"""\s(?:width|height)\s*=\s*(["']).*?\1""", " ", head[0], flags=re.DOTALL)
    if "viewBox" not in tag and all(size):
        units = {"pt": 1.25, "mm": 3.543, "cm": 35.43, "in": 90.0}
        sides = [float(one[1]) * units.get(one[2], 1.0) for one in size if one]
        tag = f'{tag[:-1].rstrip("/")} viewBox="0 0 {sides[0]} {sides[1]}">'
    return svg[: head.start()] + tag + svg[head.end() :]


def main() -> None:
    """Writes the drawings, their classes and sets, and the classes' names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--symbola", type=Path, help="Symbola.ttf, of Debian's fonts-symbola")
    parser.add_argument("--only", default="")
    parser.add_argument("--clipart", type=Path)
    args = parser.parse_args()
    listed = classes(args.modules, args.symbola)
    if args.only:
        known = {squash(one.names[0]): one for one in listed}
        full = by_key([(known.get(squash(c.names[0]), Class(c.names)), keys) for c, keys in emoji(args.modules)])
        print(args.only, join_emoji(args.modules, args.only, full))
    rows = list(clipart(args.clipart, listed) if args.clipart else drawings(args.modules, listed, args.only))
    with ProcessPoolExecutor(2) as pool:
        pictures = list(pool.map(render, [task for _, _, task in rows], chunksize=64))
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
