"""Asking the built-in engine about pictures, as a request does."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

from blake3 import blake3
from PIL import Image

from pollux.engines.base import Prompt, Text, Turn
from pollux.engines.builtin.engine import BuiltinEngine
from pollux.media.handle import Media
from pollux.wire.content import Part
from pollux.wire.generate import GenerationConfig


def shown(image: Image.Image) -> Media:
    """The picture as PNG."""
    held = io.BytesIO()
    image.save(held, "PNG", compress_level=1)
    data = held.getvalue()
    return Media("image", "image/png", data, blake3(data).hexdigest(), *image.size, field="contents[0].parts[0]")


def ask(
    engine: BuiltinEngine, pictures: Sequence[Media], question: str, schema: dict[str, object] | None = None
) -> str:
    """The whole answer."""
    config = GenerationConfig(response_mime_type="application/json") if schema else GenerationConfig()
    prompt = Prompt("builtin", (Turn("user", (*pictures, Part(text=question))),), config=config, schema=schema)

    async def whole() -> str:
        return "".join([event.text async for event in engine.stream(prompt) if isinstance(event, Text)])

    return asyncio.run(whole())
