"""What open models write for boxes and points, and Gemini's form of it.

Every family has its own words, order of axes and scale.  Sources: the model cards and, where they say no numbers, the
processors that the models come with:

- qwen2: `<|object_ref_start|>cat<|object_ref_end|><|box_start|>(x0,y0),(x1,y1)<|box_end|>`, 0 to 1000 (Qwen2-VL; the
  marks may have been taken out by the server)
- qwen2.5: JSON `bbox_2d` [x0, y0, x1, y1] and `point_2d` [x, y], pixels of the picture as its processor resized it
- qwen3: the same keys, 0 to 1000
- paligemma: `<locY0><locX0><locY1><locX1> cat ; ...`, thousand twenty-thirds (big_vision, pp/proj/paligemma); sixteen
  `<seg...>` behind them are a mask in a learned code (`codes`)
- florence: `cat<loc_x0><loc_y0><loc_x1><loc_y1>...`, the middle of one of 1000 bins
- molmo: `<point x="" y="" alt="cat">` and `<points x1="" y1="" ...>`, per cent
- internvl: `<ref>cat</ref><box>[[x0, y0, x1, y1], ...]</box>`, 0 to 1000
- llava: `[x0, y0, x1, y1]` of LLaVA-1.5, 0 to 1 of the picture padded to a square (issue 606 of haotian-liu/LLaVA)
- kosmos: `<phrase>cat</phrase><object><patch_index_A><patch_index_B></object>`, two of 32 x 32 cells
- gemma: Gemini's own form

Where nothing else is said the numbers are shares of the picture that was sent: a picture that is squeezed to a square
(PaliGemma, Florence-2, Kosmos-2) or cut into tiles (InternVL, Molmo) keeps them.  A resize is undone for Qwen2.5-VL,
the margins of a square for LLaVA-1.5.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pollux.vision.boxes import SCALE, Size
from pollux.vision.masks import encode_map

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Decoder = Callable[[Sequence[int]], NDArray[np.uint8]]
    """From sixteen codewords to a probability map (`codes.MaskDecoder`)."""

Item = dict[str, Any]
Numbers = tuple[float, ...]

LAST_PALIGEMMA, BINS_FLORENCE, CELLS_KOSMOS = 1023, 1000, 32
SEGMENTS, WORDS, CODES = 16, 128, "codes"
QWEN_FACTOR, QWEN_LEAST, QWEN_MOST = 28, 56 * 56, 14 * 14 * 4 * 16384
"""Qwen2.5-VL's processor: sides are multiples of 28 pixels, areas between these (its preprocessor_config.json)."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_KEYED = re.compile(
    rf'"(bbox_2d|box_2d|bbox|point_2d|point)"(\s*:\s*)\[((?:\s*{_NUMBER}\s*,){{1,3}}\s*{_NUMBER}\s*)\]', re.IGNORECASE
)
# What must be there comes first in every pattern, so that reading takes time in proportion to the text.
_QWEN2 = re.compile(r"(?:<\|box_start\|>)?\((\d{1,4}),\s{0,9}(\d{1,4})\),\s{0,9}\((\d{1,4}),\s{0,9}(\d{1,4})\)")
_QWEN2_MARK = re.compile(r"<\|(?:object_ref_start|object_ref_end|box_end|im_end)\|>")
_PALIGEMMA = re.compile(r"((?:<loc\d{4}>){4})((?:<seg\d{3}>)*)([^<;]*)")
_FLORENCE = re.compile(r"(?:<loc_\d{1,4}>){4,}")
_MOLMO = re.compile(r"<points?\b([^<>]*)>([^<>]*)")
_ATTRIBUTE = re.compile(r"""\b([a-z]+\d*)\s*=\s*["']([^"']*)["']""")
_INTERNVL = re.compile(r"<ref>([^<>]*)</ref>|<box>\s*(\[[\d\s,.\[\]]*\])\s*</box>")
_SHARE = r"([01]?\.\d{1,4}|[01])"
_LLAVA = re.compile(rf"\[{_SHARE},\s?{_SHARE},\s?{_SHARE},\s?{_SHARE}\]")
_KOSMOS = re.compile(
    r"<phrase>([^<>]*)</phrase>|<object>((?:<patch_index_\d{4}>|</delimiter_of_multi_objects/>)*)</object>"
)
_PATCHES = re.compile(r"<patch_index_(\d{4})><patch_index_(\d{4})>")
_INTEGER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One family's way.

    `pattern` finds it in the lower-case name of a model.  `items` reads its answer (text, the picture's width and
    height) as Gemini's items, nothing where there is none.  `ask` is what a model that is asked in words is told
    besides them, of things with these labels; `task` is what a model of fixed tasks is asked instead of them, for boxes
    or for masks.  `keyed`: it writes JSON, whose numbers alone are exchanged.  `absolute`: it speaks of pixels.
    `marks`: it needs its special tokens in the text, which servers take out by default.
    """

    pattern: str
    items: Callable[[str, Size], Iterator[Item]]
    ask: Callable[[Sequence[str]], str] = field(default=lambda _: "")
    task: Callable[[Sequence[str], bool], str] | None = None
    keyed: bool = False
    absolute: bool = False
    marks: bool = False
    scale: Callable[[Size], tuple[float, float]] = field(default=lambda _: (SCALE, SCALE))


def dialect_of(model: str) -> str:
    """The dialect of a model by its name ("Qwen/Qwen2.5-VL-7B-Instruct"); "" for one that is not known."""
    name = model.lower()
    return next((key for key, one in DIALECTS.items() if re.search(one.pattern, name)), "")


def to_gemini(
    text: str,
    dialect: str,
    size: Size,
    *,
    fence: bool = True,
    labels: Sequence[str] = (),
    decoder: Decoder | None = None,
) -> str:
    """The answer with every box as `box_2d` and every point as `point`, 0 to 1000, y first.

    `size` is the upright picture's as the model's server got it.  An answer in JSON keeps all else that it says; of
    another one a JSON list of what was found is left, in a fence unless `fence` is False.  An answer in which nothing
    is found comes back as it was, or, where a model of fixed tasks is to give JSON, as an empty list.  `labels` are
    what was asked for: what is found without a name is the only one of them.  `decoder` makes masks of codewords.
    """
    one = DIALECTS[dialect]
    if one.keyed:
        width, height = one.scale(size)
        return _KEYED.sub(lambda found: _exchanged(found, width, height), text)
    items = [_finished(item, labels, decoder) for item in one.items(text, size)]
    if not items and (fence or one.task is None):
        return text
    written = json.dumps(items, ensure_ascii=False)
    return f"```json\n{written}\n```" if fence else written


def _finished(item: Item, labels: Sequence[str], decoder: Decoder | None) -> Item:
    """The item with its mask, and with a label where only one can be meant."""
    label = item["label"] or (labels[0] if len(labels) == 1 else "")
    codes = item.pop(CODES, ())
    if not codes or decoder is None:
        return item | {"label": label}
    return {"box_2d": item["box_2d"], "mask": encode_map(decoder(codes)), "label": label}


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
        y0, x0, y1, x1 = (int(bin_) / LAST_PALIGEMMA for bin_ in _INTEGER.findall(found[1]))
        codes = [int(code) for code in _INTEGER.findall(found[2])]
        item: Item = {"box_2d": _box((x0, y0, x1, y1)), "label": found[3].strip()}
        # Half a code is no mask; 128 words are all that its book has.
        yield item | {CODES: codes} if len(codes) == SEGMENTS and max(codes) < WORDS else item


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


def _llava(text: str, size: Size) -> Iterator[Item]:
    """The margins stand on both sides of the shorter one."""
    width, height = size
    side = max(width, height)
    left, top = (side - width) / 2, (side - height) / 2
    for found in _LLAVA.finditer(text):
        x0, y0, x1, y1 = (float(number) * side for number in found.groups())
        shares = ((x0 - left) / width, (y0 - top) / height, (x1 - left) / width, (y1 - top) / height)
        yield {"box_2d": _box(shares), "label": ""}


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


def _asked_of_qwen(way: str, unit: str) -> Callable[[Sequence[str]], str]:
    """As the cookbooks ask (spatial_understanding of Qwen2.5-VL, 2d_grounding of Qwen3-VL)."""

    def ask(labels: Sequence[str]) -> str:
        named = f" {way.format(', '.join(labels))}" if labels else ""
        return (
            'Where box_2d is asked for, write every box in JSON as "bbox_2d": [x1, y1, x2, y2] instead, and every '
            f'point as "point_2d": [x, y], {unit}, each with its "label".{named}'
        )

    return ask


def _asked_of_qwen2(labels: Sequence[str]) -> str:
    named = f": {', '.join(labels)}" if labels else ""
    return f"Where box_2d is asked for, name each thing and write its box after it, as you were trained to{named}."


def _asked_of_internvl(labels: Sequence[str]) -> str:
    """As its data are (chat data format page, "Grounding / Detection Data")."""
    asks = "".join(
        f" Please provide the bounding box coordinate of the region this sentence describes: <ref>{one}</ref>"
        for one in labels
    )
    form = "Where box_2d is asked for, write each thing as <ref>its name</ref><box>[[x1, y1, x2, y2]]</box> instead, "
    every = " Please detect and label all objects in the following image and mark their positions."
    return f"{form}normalized to 0 to 1000.{asks or every}"


def _task_of_paligemma(labels: Sequence[str], masks: bool) -> str:
    """Its processors add the line end (prompt page of PaliGemma)."""
    return f"{'segment' if masks else 'detect'} {' ; '.join(labels) or 'object'}"


def _task_of_florence(labels: Sequence[str], masks: bool) -> str:
    """One task a request: open vocabulary takes one thing, phrase grounding the phrases of a caption."""
    del masks
    if not labels:
        return "<OD>"
    if len(labels) == 1:
        return f"<OPEN_VOCABULARY_DETECTION>{labels[0]}"
    return f"<CAPTION_TO_PHRASE_GROUNDING>{'. '.join(labels)}."


def _task_of_molmo(labels: Sequence[str], masks: bool) -> str:
    del masks
    return f"Point to the {', '.join(labels)}." if labels else "Point to each object."


def _task_of_llava(labels: Sequence[str], masks: bool) -> str:
    """As its data ask: of one thing a request."""
    del masks
    said = ", ".join(labels) or "the main object"
    return f"Please provide the bounding box coordinate of the region this sentence describes: {said}."


def _task_of_kosmos(labels: Sequence[str], masks: bool) -> str:
    """It grounds one phrase, or the phrases of what it says itself."""
    del masks
    return (
        f"<grounding><phrase> {labels[0]}</phrase>"
        if len(labels) == 1
        else "<grounding> Describe this image in detail:"
    )


DIALECTS: Mapping[str, Dialect] = {
    "qwen2": Dialect(r"qwen2-vl", _qwen2, _asked_of_qwen2, marks=True),
    "qwen2.5": Dialect(
        r"qwen-?2\.?5-?(vl|omni)|qwen2_5_vl",
        _none,
        _asked_of_qwen(
            "Outline the position of each of these and output all the coordinates in JSON format: {}.",
            "in pixels of the picture",
        ),
        keyed=True,
        absolute=True,
        scale=resized_by_qwen,
    ),
    "qwen3": Dialect(
        r"qwen-?3(\.\d+)?-?(vl|omni)|qwen3_vl",
        _none,
        _asked_of_qwen(
            'Locate every instance that belongs to the following categories: "{}". Report bbox coordinates in JSON '
            "format.",
            "relative to the picture, 0 to 1000",
        ),
        keyed=True,
    ),
    "paligemma": Dialect(r"paligemma", _paligemma, task=_task_of_paligemma),
    "florence": Dialect(r"florence-?2", _florence, task=_task_of_florence, marks=True),
    "molmo": Dialect(r"molmo(?!-?2|-?point)", _molmo, task=_task_of_molmo),
    "internvl": Dialect(r"intern_?-?vl", _internvl, _asked_of_internvl, marks=True),
    "llava": Dialect(r"llava-?v?1\.5", _llava, task=_task_of_llava),
    "kosmos": Dialect(r"kosmos-2(?!\.5)", _kosmos, task=_task_of_kosmos, marks=True),
}
"""By name.  Gemma is none of them: it writes Gemini's form itself."""
