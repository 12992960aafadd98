"""An engine around a tiny checkpoint, on one thread of the CPU, and short ways to ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from pollux.core.run import fold
from pollux.engines.transformers.engine import TransformersEngine
from pollux.engines.transformers.options import Options
from pollux.wire.generate import GenerateContentResponse
from tests.engines.openai.kit import asked, text_of, user

Body = Mapping[str, Any]


def engine(folder: Path | str, **options: Any) -> TransformersEngine:
    return TransformersEngine(Options(str(folder), **{"dtype": "float32", "device": "cpu", **options}))


async def answer(one: TransformersEngine, body: Body, **config: Any) -> GenerateContentResponse:
    """The whole answer; the engine stays open."""
    async with aclosing(asked(one, body, **config)) as responses:
        return await fold(responses)


async def words(one: TransformersEngine, body: Body | str, **config: Any) -> str:
    return text_of(await answer(one, user(body) if isinstance(body, str) else body, **config))


async def together(one: TransformersEngine, bodies: list[Body], **config: Any) -> list[str]:
    """The answers to several at once."""
    return list(await asyncio.gather(*(words(one, body, **config) for body in bodies)))


def reason(response: GenerateContentResponse) -> str:
    return response.candidates[0].finish_reason
