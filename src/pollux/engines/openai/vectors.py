"""Embeddings by OpenAI's endpoint."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from pollux.engines.base import EmbedInput
from pollux.engines.openai.asking import Asking, one, read_json
from pollux.engines.openai.options import Options
from pollux.errors import Internal

PATH = "embeddings"
MOST_ANSWER = 256 << 20


class _Vector(Struct):
    embedding: list[float]
    index: int | None = None


class _Vectors(Struct):
    data: list[_Vector]


async def embed(asking: Asking, options: Options, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
    """One vector an input, in order.  A title is put before its text; task types have no counterpart and are left out.

    Of a server that ignores `dimensions` (llama.cpp's) they are the first so many numbers, at unit length again, which
    models trained for it (Matryoshka) allow.  Raises ApiError, also where the vectors are not those that were wanted.
    """
    asked: dict[str, Any] = {
        "model": options.model,
        "input": [f"{item.title}\n{item.text}" if item.title else item.text for item in inputs],
        "encoding_format": "float",
    }
    if dims is not None and dims != options.embed_dims:
        asked["dimensions"] = dims
    body = msgspec.json.encode(asked | dict(options.extra))
    data = await one(asking.ask(PATH, body, read_json(MOST_ANSWER), None))
    try:
        found = msgspec.json.decode(data, type=_Vectors).data
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Internal("The model server's answer cannot be used: it holds no embeddings.") from None
    if all(row.index is not None for row in found):
        found.sort(key=lambda row: row.index or 0)
    wanted = dims or options.embed_dims
    if wanted < options.embed_dims:
        for row in found:
            if len(row.embedding) == options.embed_dims:
                row.embedding = _shorter(row.embedding, wanted)
    sound = all(len(row.embedding) == wanted and all(map(math.isfinite, row.embedding)) for row in found)
    if len(found) != len(inputs) or not sound:
        message = (
            f"The model server gave {len(found)} vectors for {len(inputs)} texts, or not of {wanted} numbers each."
        )
        raise Internal(message)
    return [row.embedding for row in found]


def _shorter(vector: list[float], dims: int) -> list[float]:
    length = math.hypot(*vector[:dims])
    return [x / length for x in vector[:dims]] if length else vector[:dims]
