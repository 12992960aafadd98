"""What the main model is asked when somebody else finds the boxes: which things are meant."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import structs

from pollux.engines.asks import BOX, words
from pollux.engines.base import Prompt, Turn
from pollux.engines.compose.rewrite import unmasked
from pollux.media.handle import Media
from pollux.wire.content import Part

MOST, LONGEST = 50, 80
"""Labels of one question, and letters of one label: detectors read a few hundred tokens."""
_ASK = (
    "A detector is to find things in the picture, for the request between the lines below. Which things does the "
    'request ask for? Answer with JSON alone: {"labels": ["...", "..."]}. Give a short English noun phrase in the '
    "singular for each kind of thing that is asked for and can be seen, and an empty list where none can be seen."
)
_ONLY = " Use only these labels, as they are written: "
_LINE = "-----"
_FENCE = re.compile(r"```[\w+-]*")


def question(prompt: Prompt, options: Sequence[str], constrained: bool) -> Prompt:
    """The conversation, with its last request as a question about itself.

    `options` are the labels that may be answered, none for any.  `constrained`: the model follows a schema.
    """
    at = max((n for n, turn in enumerate(prompt.turns) if turn.role == "user"), default=len(prompt.turns) - 1)
    asked = "\n".join(text for text in (prompt.system, words(prompt.turns[at])) if text.strip())
    ask = _ASK + (_ONLY + json.dumps(list(options), ensure_ascii=False) + "." if options else "")
    text = f"{ask}\n{_LINE}\n{_plain(asked)}\n{_LINE}"
    pieces = tuple(piece for piece in prompt.turns[at].pieces if isinstance(piece, Media))
    before = tuple(replace(turn, pieces=tuple(_quiet(piece) for piece in turn.pieces)) for turn in prompt.turns[:at])
    config = structs.replace(
        prompt.config,
        response_mime_type="application/json" if constrained else "",
        response_schema=None,
        response_json_schema=None,
        stop_sequences=(),
        response_logprobs=False,
        logprobs=None,
    )
    return replace(
        prompt,
        turns=(*before, Turn("user", (*pieces, Part(text=text)))),
        system="",
        config=config,
        tools=(),
        tool_config=None,
        schema=_schema(options) if constrained else None,
    )


def read(text: str, options: Sequence[str]) -> list[str] | None:
    """The labels of an answer, each once; None where it holds no list of texts."""
    value = _value(text)
    if isinstance(value, dict):
        value = value.get("labels", next((one for one in value.values() if isinstance(one, list)), None))
    if not isinstance(value, list):
        return None
    texts = [one if isinstance(one, str) else one.get("label") if isinstance(one, dict) else None for one in value]
    named = [" ".join(one.split())[:LONGEST].strip(" .") for one in texts if isinstance(one, str)]
    if value and not named:
        return None
    known = {one.casefold(): one for one in options}
    chosen = [known.get(one.casefold(), "") for one in named] if options else named
    return list({one.casefold(): one for one in chosen if one}.values())[:MOST]


def _schema(options: Sequence[str]) -> dict[str, Any]:
    label: dict[str, Any] = {"type": "string", "enum": list(options)} if options else {"type": "string"}
    labels = {"type": "array", "items": label, "maxItems": MOST}
    return {"type": "object", "properties": {"labels": labels}, "required": ["labels"]}


def _value(text: str) -> Any:
    """The first list or object that can be read."""
    text = _FENCE.sub("", text)
    decoder = json.JSONDecoder()
    for count, found in enumerate(re.finditer(r"[\[{]", text)):
        if count == MOST:
            break
        try:
            return decoder.raw_decode(text, found.start())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _plain(text: str) -> str:
    """The words without the form that they ask for: the name of a key makes models write boxes."""
    return unmasked(text).replace(BOX, "box")


def _quiet(piece: Part | Media) -> Part | Media:
    if isinstance(piece, Media) or not piece.text:
        return piece
    return structs.replace(piece, text=_plain(piece.text))
