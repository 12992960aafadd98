"""A request for masks as a request for boxes: the mask taken out of the words and out of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from pollux.engines.asks import BOX, MASK, is_box, is_mask, key_of, words
from pollux.engines.base import Prompt, Turn
from pollux.media.handle import Media
from pollux.wire.content import Part

_QUOTED = r"""["'`]mask["'`]"""
# Every repetition is bounded, so that a text of any kind takes time in proportion to its length.
_S, _SS = r"\s{0,20}", r"\s{1,20}"
_VALUE = r"(?:\"[^\"]*\"|<[^<>]{0,200}>|\.\.\.)"
_ASIDE = r"\([^()]{0,200}\)"
_TOLD = re.compile(rf",{_S}{_QUOTED}{_S}:{_S}{_VALUE}|{_QUOTED}{_S}:{_S}{_VALUE}{_S},?{_S}", re.IGNORECASE)
"""A mask that was written: of an example, or of an earlier answer."""
_MADE = re.compile(rf',{_S}"[^"]{{1,80}}"{_S}:{_S}"data:image/png;base64,[^"]*"')
"""A mask as it went out, in whatever key the caller wanted."""
_SPEAKS = re.compile(r"mask|segment", re.IGNORECASE)
_AROUND = 240
"""Letters around such a word in which what is said of it stands: the rest of a long text is not gone through."""
_CUTS = tuple(
    (re.compile(pattern, re.IGNORECASE), by)
    for pattern, by in (
        # "the segmentation mask in key "mask","
        (
            rf",?{_S}(?:\band{_SS})?(?:\b(?:the|its|a|their|an){_SS})?(?:\b(?!box|key|in\b)[\w-]{{1,40}}{_SS}){{0,3}}"
            rf"\bmasks?{_SS}(?:{_ASIDE}{_S})?(?:in|under|as|at|with|for){_SS}(?:(?:the|a){_SS})?"
            rf"(?:key|field|property){_SS}{_QUOTED}(?:{_S}{_ASIDE})?",
            "",
        ),
        # "the keys "box_2d", "mask" and "label""
        (rf"{_S}(?:,{_S}(?:and\b)?|\band\b){_S}{_QUOTED}", ""),
        (rf"{_QUOTED}{_S}(?:,|\band\b){_S}", ""),
        # "(box_2d, mask, label)"
        (rf"(?<=box_2d),{_S}mask\b", ""),
        (rf"\bmask,{_S}(?=box_2d)", ""),
        (rf"\bsegmentation{_SS}masks\b", "bounding boxes"),
        (rf"\bsegmentation{_SS}mask\b", "bounding box"),
        (r"\bsegmenting\b", "detecting"),
        (r"\bsegment\b", "detect"),
        (r"\bsegmentation\b", "detection"),
    )
)
_FORM = (
    'Output a JSON list where each entry contains the 2D bounding box in the key "box_2d", as [ymin, xmin, ymax, xmax] '
    'normalized to 0-1000, and the text label in the key "label".'
)
_NO_MASKS = "Write no masks."
_OF_BOX = "[ymin, xmin, ymax, xmax], normalized to 0-1000"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    """What the caller calls a box and its mask."""

    box: str = BOX
    mask: str = MASK


def keys_of(prompt: Prompt) -> Keys:
    """By the caller's schema, or as the documentation does."""
    if prompt.schema is None:
        return Keys()
    return Keys(key_of(prompt.schema, BOX) or BOX, key_of(prompt.schema, MASK) or MASK)


def for_boxes(prompt: Prompt) -> Prompt:
    """The prompt that asks for the same things' boxes, in the key box_2d whatever the caller calls it."""
    turns = tuple(replace(turn, pieces=tuple(_unmasked(piece) for piece in turn.pieces)) for turn in prompt.turns)
    at = max((n for n, turn in enumerate(turns) if turn.role == "user"), default=-1)
    said = "\n".join([unmasked(prompt.system), *(words(turn) for turn in turns)])
    note = _NO_MASKS if BOX in said or prompt.schema is not None else f"{_FORM} {_NO_MASKS}"
    if at >= 0:
        last = Turn("user", (*turns[at].pieces, Part(text=note)))
        turns = (*turns[:at], last, *turns[at + 1 :])
    schema = None if prompt.schema is None else reduced(prompt.schema, keys_of(prompt))
    return replace(prompt, turns=turns, system=unmasked(prompt.system), schema=schema)


def forgetting(prompt: Prompt) -> Prompt:
    """The prompt without the masks in earlier answers: who did not make them reads nothing but letters in them."""
    turns = tuple(
        replace(turn, pieces=tuple(_unmade(piece) for piece in turn.pieces)) if turn.role == "model" else turn
        for turn in prompt.turns
    )
    return replace(prompt, turns=turns)


def unmasked(text: str) -> str:
    """The words without what they say of masks."""
    text = _TOLD.sub("", text)
    out, end = [], 0
    for start, stop in _spoken(text):
        part = text[start:stop]
        for pattern, by in _CUTS:
            part = pattern.sub(by, part)
        out += [text[end:start], part]
        end = stop
    return "".join([*out, text[end:]])


def _spoken(text: str) -> Iterator[tuple[int, int]]:
    """Where masks may be spoken of: places that do not touch, in order."""
    start = stop = -1
    for found in _SPEAKS.finditer(text):
        if stop >= 0 and found.start() - _AROUND > stop:
            yield start, stop
            stop = -1
        start = start if stop >= 0 else max(0, found.start() - _AROUND)
        stop = min(len(text), found.end() + _AROUND)
    if stop >= 0:
        yield start, stop


def _unmasked(piece: Part | Media) -> Part | Media:
    if isinstance(piece, Media) or not piece.text:
        return piece
    return structs.replace(piece, text=unmasked(piece.text))


def _unmade(piece: Part | Media) -> Part | Media:
    if isinstance(piece, Media) or not piece.text or "base64" not in piece.text:
        return piece
    return structs.replace(piece, text=_MADE.sub("", piece.text))


def reduced(schema: Mapping[str, Any], keys: Keys) -> Json:
    """The schema without masks beside boxes, and with every box under `box_2d`."""
    out: Json = {}
    for name, value in schema.items():
        if isinstance(value, Mapping):
            if name in ("properties", "$defs", "definitions"):
                out[name] = {key: reduced(one, keys) if isinstance(one, Mapping) else one for key, one in value.items()}
            else:
                out[name] = reduced(value, keys)
        elif isinstance(value, list | tuple) and name not in ("enum", "examples"):
            out[name] = [reduced(one, keys) if isinstance(one, Mapping) else one for one in value]
        else:
            out[name] = value
    names = out.get("properties")
    if isinstance(names, dict) and any(is_box(name, one) for name, one in names.items()):
        _take_out(out, names, keys)
    return out


def _take_out(node: Json, names: Json, keys: Keys) -> None:
    gone = {name for name, one in names.items() if is_mask(name, one)}

    def called(name: str) -> str:
        return BOX if name == keys.box else name

    node["properties"] = {called(name): one for name, one in names.items() if name not in gone}
    for listed in ("required", "propertyOrdering"):
        if isinstance(node.get(listed), list):
            node[listed] = [called(name) for name in node[listed] if name not in gone]
    if BOX in node["properties"]:
        box = dict(node["properties"][BOX])
        box.setdefault("description", _OF_BOX)
        node["properties"][BOX] = box
