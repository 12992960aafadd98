"""What a request asks to be shown: boxes, masks; and what is said where a model cannot.

The one place that knows the documentation's words for them (image understanding page, "Object detection" and
"Segmentation"): `box_2d`, and the segmentation mask in the key "mask"; or a response schema with such fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pollux.engines.base import ModelCard, Prompt, Turn
from pollux.errors import InvalidArgument
from pollux.media.handle import Media

BOX, MASK, LABEL = "box_2d", "mask", "label"
Json = Mapping[str, Any]

_WANTS = (
    r"\b(?:give|output|return|respond|answer|reply|produce|provide|generate|create|draw|predict|list|compute|find|get|"
    r"want|need|(?:would|['’]d)\s+like|extract|write|add|include|detect|show\s+me)\b"
    r"(?:(?!\b(?:whether|if|why|how|what|who)\b)[^.?!\n]){0,120}"
)
"""A wish for something, and no question about it ("I need to know whether ...")."""
_TITLED = r"\A\s*(?:the\s+)?{}\s+(?:of|for)\b(?![^.?!\n]*\b(?:is|are|was|were|has|have|can)\b)"
"""The same without a verb: "Segmentation masks of the cups, please."."""
_MASKS, _BOXES = r"segmentation\s+masks?", r"bounding[\s-]box(?:es)?"
_MASKED = re.compile(
    rf"""{_WANTS}\b{_MASKS}\b | {_TITLED.format(_MASKS)} | \bkey\s+["'`]mask["'`] | ["'`]mask["'`]\s*:\s*["'<] |
    box_2d.{{0,200}}["'`]mask["'`] | ["'`]mask["'`].{{0,200}}box_2d | box_2d,\s*mask\b | \bmask,\s*box_2d""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_BOXED = re.compile(rf"box_2d | {_WANTS}\b{_BOXES}\b | {_TITLED.format(_BOXES)}", re.IGNORECASE | re.VERBOSE)
_MASK_NAME = re.compile(r"(?:(?:segmentation|object|instance|binary|png)_?)?mask(?:_?(?:png|base64|image|data|url))?")
_BOX_NAME = re.compile(r"box_?2d|b_?box(?:_?2d)?|(?:\w+_)?bounding_?box(?:_?2d)?|box")
_DEEPEST = 32


def stills(prompt: Prompt) -> bool:
    """Whether there is anything to point at: a picture or a page."""
    pieces = (piece for turn in prompt.turns for piece in turn.pieces)
    return any(isinstance(piece, Media) and piece.kind in ("image", "document") for piece in pieces)


def words(turn: Turn) -> str:
    """What a turn says, media apart."""
    return "\n".join(getattr(piece, "text", None) or "" for piece in turn.pieces)


def speaks_of_boxes(prompt: Prompt) -> bool:
    """Whether Gemini's boxes are spoken of anywhere in the conversation, so that they must be understood."""
    said = (prompt.system, *(words(turn) for turn in prompt.turns))
    return stills(prompt) and (any(BOX in text for text in said) or BOX in json.dumps(prompt.schema))


def asks_for_boxes(prompt: Prompt) -> bool:
    """Whether this answer is to hold boxes.  A schema decides where there is one."""
    if not stills(prompt):
        return False
    if prompt.schema is not None:
        return bool(key_of(prompt.schema, BOX))
    return any(_says(text, "box", _BOXED) for text in _asked(prompt))


def asks_for_masks(prompt: Prompt) -> bool:
    """Whether this answer is to hold masks.  A schema decides where there is one."""
    if not stills(prompt):
        return False
    if prompt.schema is not None:
        return bool(key_of(prompt.schema, MASK))
    return any(_says(text, "mask", _MASKED) for text in _asked(prompt))


def lacking(prompt: Prompt, card: ModelCard) -> None:
    """Raises InvalidArgument where masks are asked of a model that makes none.

    Boxes are not refused: models that were not told to have them often write them all the same, and masks they do not.
    """
    able = "masks" in card.abilities or "relay" in card.abilities
    if able or prompt.canvas is not None or prompt.reel is not None or not asks_for_masks(prompt):
        return
    message = (
        f"contents: models/{prompt.model} makes no segmentation masks. Ask for box_2d alone, or name who makes them in "
        f'pollux.toml: [routes] "{prompt.model}" = {{ engine = "...", masks = "..." }}.'
    )
    raise InvalidArgument(message, field="contents")


def key_of(schema: Json, what: str) -> str:
    """The name of the property that holds a box (`BOX`) or a mask (`MASK`) somewhere in a JSON Schema; "" for none.

    A name alone is not enough: a box is a list, and a mask a text beside a box.
    """
    for node in nodes(schema):
        names = node.get("properties")
        if isinstance(names, Mapping):
            box = next((name for name, one in names.items() if is_box(name, one)), "")
            if what == BOX and box:
                return str(box)
            mask = next((name for name, one in names.items() if box and is_mask(name, one)), "")
            if what == MASK and mask:
                return str(mask)
    return ""


def is_box(name: str, node: Any) -> bool:
    """Whether a property is a box: so named, and a list of numbers."""
    if not isinstance(node, Mapping) or _BOX_NAME.fullmatch(plain(name)) is None:
        return False
    items = node.get("items")
    return _type(node) == "array" and (not isinstance(items, Mapping) or _type(items) in ("", "integer", "number"))


def is_mask(name: str, node: Any) -> bool:
    """Whether a property is a mask: so named, and a text."""
    return isinstance(node, Mapping) and _MASK_NAME.fullmatch(plain(name)) is not None and _type(node) == "string"


def plain(name: str) -> str:
    """ "bounding_box" of "boundingBox" and "Bounding-Box"."""
    return re.sub(r"[\s-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:80])).lower()


def nodes(schema: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every schema in a schema, outermost first."""
    if depth > _DEEPEST or not isinstance(schema, Mapping):
        return
    yield dict(schema)
    for key in ("properties", "$defs", "definitions"):
        inner = schema.get(key)
        for one in inner.values() if isinstance(inner, Mapping) else ():
            yield from nodes(one, depth + 1)
    for key in ("items", "additionalProperties"):
        yield from nodes(schema.get(key), depth + 1)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        inner = schema.get(key)
        for one in inner if isinstance(inner, list | tuple) else ():
            yield from nodes(one, depth + 1)


def _says(text: str, word: str, pattern: re.Pattern[str]) -> bool:
    """Whether the pattern, which needs the word, is in a text; most texts, however long, have not even the word."""
    return word in text.lower() and pattern.search(text) is not None


def _asked(prompt: Prompt) -> tuple[str, ...]:
    """What the answer is to do: the last thing the user said, and the system instruction."""
    last = next((turn for turn in reversed(prompt.turns) if turn.role == "user" and words(turn).strip()), None)
    return (prompt.system, words(last) if last else "")


def _type(node: Json) -> str:
    """The type of a schema, null apart."""
    kind = node.get("type")
    if isinstance(kind, list | tuple):
        kind = next((one for one in kind if one != "null"), "")
    if not kind and isinstance(node.get("anyOf"), list):
        return next((_type(one) for one in node["anyOf"] if isinstance(one, Mapping) and _type(one) != "null"), "")
    return str(kind or "").lower()
