"""What open models write for boxes and points, and Gemini's form of it.

Every family has its own words, order of axes and scale.  Sources: the model cards and, where they say no numbers, the
processors that the models come with:

- qwen2: `<|object_ref_start|>cat<|object_ref_end|><|box_start|>(x0,y0),(x1,y1)<|box_end|>`, 0 to 1000 (Qwen2-VL; the
  marks may have been taken out by the server)
- qwen2.5: JSON `bbox_2d` [x0, y0, x1, y1] and `point_2d` [x, y], pixels of the picture as its processor resized it
- qwen3: the same keys, 0 to 1000
- paligemma: `<locY0><locX0><locY1><locX1> cat ; ...`, four of 1024 bins; `<seg...>` are masks in a learned code
- florence: `cat<loc_x0><loc_y0><loc_x1><loc_y1>...`, the middle of one of 1000 bins
- molmo: `<point x="" y="" alt="cat">` and `<points x1="" y1="" ...>`, per cent
- internvl: `<ref>cat</ref><box>[[x0, y0, x1, y1], ...]</box>`, 0 to 1000
- kosmos: `<phrase>cat</phrase><object><patch_index_A><patch_index_B></object>`, two of 32 x 32 cells
- gemma: Gemini's own form

A learned mask code is not read: there is no mask in what comes out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pollux.vision.boxes import SCALE, Size

Item = dict[str, Any]
Numbers = tuple[float, ...]

BINS_PALIGEMMA, BINS_FLORENCE, CELLS_KOSMOS = 1024, 1000, 32
QWEN_FACTOR, QWEN_LEAST, QWEN_MOST = 28, 56 * 56, 14 * 14 * 4 * 16384
"""Qwen2.5-VL's processor: sides are multiples of 28 pixels, areas between these (its preprocessor_config.json)."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_KEYED = re.compile(
    rf'"(bbox_2d|box_2d|bbox|point_2d|point)"(\s*:\s*)\[((?:\s*{_NUMBER}\s*,){{1,3}}\s*{_NUMBER}\s*)\]', re.IGNORECASE
)
# What must be there comes first in every pattern, so that reading takes time in proportion to the text.
_QWEN2 = re.compile(r"(?:<\|box_start\|>)?\((\d{1,4}),\s{0,9}(\d{1,4})\),\s{0,9}\((\d{1,4}),\s{0,9}(\d{1,4})\)")
_QWEN2_MARK = re.compile(r"<\|(?:object_ref_start|object_ref_end|box_end|im_end)\|>")
_PALIGEMMA = re.compile(r"((?:<loc\d{4}>){4})(?:<seg\d{3}>)*([^<;]*)")
_FLORENCE = re.compile(r"(?:<loc_\d{1,4}>){4,}")
_MOLMO = re.compile(r"<points?\b([^<>]*)>([^<>]*)")
_ATTRIBUTE = re.compile(r"""\b([a-z]+\d*)\s*=\s*["']([^"']*)["']""")
_INTERNVL = re.compile(r"<ref>([^<>]*)</ref>|<box>\s*(\[[\d\s,.\[\]]*\])\s*</box>")
_KOSMOS = re.compile(
    r"<phrase>([^<>]*)</phrase>|<object>((?:<patch_index_\d{4}>|</delimiter_of_multi_objects/>)*)</object>"
)
_PATCHES = re.compile(r"<patch_index_(\d{4})><patch_index_(\d{4})>")
_INTEGER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One family's way.

    `pattern` finds it in the lower-case name of a model.  `items` reads its answer (text, the picture's width and
    height) as Gemini's items, nothing where there is none.  `ask` is how boxes are asked for.  `keyed`: it writes JSON,
    whose numbers alone are exchanged.  `absolute`: it speaks of pixels.  `marks`: it needs its special tokens in the
    text, which servers take out by default.
    """

    pattern: str
    items: Callable[[str, Size], Iterator[Item]]
    ask: str
    keyed: bool = False
    absolute: bool = False
    marks: bool = False
    scale: Callable[[Size], tuple[float, float]] = field(default=lambda _: (SCALE, SCALE))


def dialect_of(model: str) -> str:
    """The dialect of a model by its name ("Qwen/Qwen2.5-VL-7B-Instruct"); "" for one that is not known."""
    name = model.lower()
    return next((key for key, one in DIALECTS.items() if re.search(one.pattern, name)), "")


def to_gemini(text: str, dialect: str, size: Size, *, fence: bool = True) -> str:
    """The answer with every box as `box_2d` and every point as `point`, 0 to 1000, y first.

    `size` is the upright picture's as the model's server got it.  An answer in JSON keeps all else that it says; of
    another one a JSON list of what was found is left, in a fence unless `fence` is False.  An answer in which nothing
    is found comes back as it was.
    """
    one = DIALECTS[dialect]
    if one.keyed:
        width, height = one.scale(size)
        return _KEYED.sub(lambda found: _exchanged(found, width, height), text)
    items = list(one.items(text, size))
    if not items:
        return text
    written = json.dumps(items, ensure_ascii=False)
    return f"```json\n{written}\n```" if fence else written


def resized_by_qwen(size: Size) -> tuple[int, int]:
    """Width and height that Qwen2.5-VL's processor makes of a picture: multiples of 28, the area within its bounds."""
    width, height = size
    new = [max(QWEN_FACTOR, round(side / QWEN_FACTOR) * QWEN_FACTOR) for side in size]
    if new[0] * new[1] > QWEN_MOST:
        ratio = math.sqrt(width * height / QWEN_MOST)
        new = [max(QWEN_FACTOR, math.floor(side / ratio / QWEN_FACTOR) * QWEN_FACTOR) for side in size]
    elif new[0] * new[1] < QWEN_LEAST:
        ratio = math.sqrt(QWEN_LEAST / (width * height))
        new = [math.ceil(side * ratio / QWEN_FACTOR) * QWEN_FACTOR for side in size]
    return new[0], new[1]


def _exchanged(found: re.Match[str], width: float, height: float) -> str:
    key, colon, values = found[1].lower(), found[2], [float(value) for value in found[3].split(",")]
    point = key.startswith("point")
    if len(values) != (2 if point else 4):
        return found[0]
    if point:
        return f'"point"{colon}{_point(values[0] / width, values[1] / height)}'
    x0, y0, x1, y1 = values
    return f'"box_2d"{colon}{_box((x0 / width, y0 / height, x1 / width, y1 / height))}'


def _box(shares: Sequence[float]) -> list[int]:
    """`box_2d` of x0, y0, x1, y1 as shares of the sides; corners put right, what is outside clipped."""
    x0, y0, x1, y1 = (round(min(max(share, 0.0), 1.0) * SCALE) for share in shares)
    return [min(y0, y1), min(x0, x1), max(y0, y1), max(x0, x1)]


def _point(x: float, y: float) -> list[int]:
    return [round(min(max(share, 0.0), 1.0) * SCALE) for share in (y, x)]


def _none(text: str, size: Size) -> Iterator[Item]:
    """For those that write JSON."""
    del text, size
    yield from ()


def _qwen2(text: str, size: Size) -> Iterator[Item]:
    del size
    label, end = "", 0
    for found in _QWEN2.finditer(text):
        before = _QWEN2_MARK.split(text[end : found.start()])
        label = next((words for part in reversed(before) if (words := part.strip(" \n,;:"))), label)
        end = found.end()
        yield {"box_2d": _box([int(found[n]) / SCALE for n in (1, 2, 3, 4)]), "label": label}


def _paligemma(text: str, size: Size) -> Iterator[Item]:
    del size
    for found in _PALIGEMMA.finditer(text):
        y0, x0, y1, x1 = (int(bin_) / BINS_PALIGEMMA for bin_ in _INTEGER.findall(found[1]))
        yield {"box_2d": _box((x0, y0, x1, y1)), "label": found[2].strip()}


def _florence(text: str, size: Size) -> Iterator[Item]:
    del size
    end = 0
    for found in _FLORENCE.finditer(text):
        label = text[end : found.start()].rpartition(">")[2].strip()
        end = found.end()
        shares = [(int(bin_) + 0.5) / BINS_FLORENCE for bin_ in _INTEGER.findall(found[0])]
        for at in range(0, len(shares) - 3, 4):
            yield {"box_2d": _box(shares[at : at + 4]), "label": label}


def _molmo(text: str, size: Size) -> Iterator[Item]:
    del size
    for found in _MOLMO.finditer(text):
        values = dict(_ATTRIBUTE.findall(found[1]))
        label = (values.get("alt") or found[2]).strip()
        for name, x in values.items():
            y = values.get("y" + name[1:]) if name[0] == "x" else None
            if y is not None and re.fullmatch(_NUMBER, x) and re.fullmatch(_NUMBER, y):
                yield {"point": _point(float(x) / 100, float(y) / 100), "label": label}


def _internvl(text: str, size: Size) -> Iterator[Item]:
    del size
    label = ""
    for found in _INTERNVL.finditer(text):
        label = label if found[1] is None else found[1].strip()
        values = [float(number) / SCALE for number in re.findall(_NUMBER, found[2] or "")]
        for at in range(0, len(values) - 3, 4):
            yield {"box_2d": _box(values[at : at + 4]), "label": label}


def _kosmos(text: str, size: Size) -> Iterator[Item]:
    del size
    label = ""
    for found in _KOSMOS.finditer(text):
        label = label if found[1] is None else found[1].strip()
        for first, last in _PATCHES.findall(found[2] or ""):
            yield {"box_2d": _box(_cells(int(first), int(last))), "label": label}


def _cells(first: int, last: int) -> Numbers:
    """From the middle of the first cell to that of the last; along an axis where they are one, the whole cell."""
    (y0, x0), (y1, x1) = divmod(first, CELLS_KOSMOS), divmod(last, CELLS_KOSMOS)
    inset = 0.0 if x0 == x1 or y0 == y1 else 0.5
    far = 1.0 if not inset else 0.5
    return tuple(v / CELLS_KOSMOS for v in (x0 + inset, y0 + inset, x1 + far, y1 + far))


_QWEN_ASK = (
    'Where box_2d is asked for, write every box in JSON as "bbox_2d": [x1, y1, x2, y2] instead, and every point as '
    '"point_2d": [x, y], {unit}, each with its "label".'
)

DIALECTS: Mapping[str, Dialect] = {
    "qwen2": Dialect(
        r"qwen2-vl",
        _qwen2,
        "Where box_2d is asked for, name each thing and write its box after it, as you were trained to.",
        marks=True,
    ),
    "qwen2.5": Dialect(
        r"qwen-?2\.?5-?(vl|omni)|qwen2_5_vl",
        _none,
        _QWEN_ASK.format(unit="in pixels of the picture"),
        keyed=True,
        absolute=True,
        scale=resized_by_qwen,
    ),
    "qwen3": Dialect(
        r"qwen-?3(\.\d+)?-?(vl|omni)|qwen3_vl",
        _none,
        _QWEN_ASK.format(unit="relative to the picture, 0 to 1000"),
        keyed=True,
    ),
    "paligemma": Dialect(r"paligemma", _paligemma, ""),
    "florence": Dialect(r"florence-?2", _florence, "", marks=True),
    "molmo": Dialect(r"molmo(?!-?2)", _molmo, "Point to each thing that is asked for."),
    "internvl": Dialect(
        r"intern_?-?vl",
        _internvl,
        "Where box_2d is asked for, write each thing as <ref>its name</ref><box>[[x1, y1, x2, y2]]</box> instead, "
        "normalized to 0 to 1000.",
        marks=True,
    ),
    "kosmos": Dialect(r"kosmos-2(?!\.5)", _kosmos, "", marks=True),
}
"""By name.  Gemma is none of them: it writes Gemini's form itself."""
