"""A Core around an openai engine around a stub, and short ways to ask it."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.core.admit import Caller, Permits
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.core.run import fold
from pollux.engines.base import Engine
from pollux.engines.families import default_families
from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.options import Options
from pollux.engines.registry import Registry
from pollux.errors import ApiError
from pollux.media.limits import MediaLimits
from pollux.media.resolve import resolve
from pollux.wire import lenient
from pollux.wire.generate import GenerateContentRequest, GenerateContentResponse
from tests.core.kit import finish
from tests.engines.openai.stub import Play, Seen, Stub

KEY = "sk-very-secret-key"
HELLO: Mapping[str, Any] = {"contents": [{"parts": [{"text": "hello"}]}]}


def engine(*urls: str, model: str = "open-model", **options: Any) -> OpenAIEngine:
    quick = {"retries": 0, "connect_seconds": 2.0, "first_seconds": 3.0, "idle_seconds": 3.0, "key": KEY}
    return OpenAIEngine(Options(urls, model, **{**quick, **options}))


def core_of(one: Engine) -> Core:
    return Core(
        Registry(default_families(), {"up": one, "other": one}, {"open-*": "up"}, default="up"),
        lambda _, part, field: resolve(part, field, MediaLimits()),
        Permits(8, 8),
        finish(),
    )


def asked(
    one: Engine, body: Mapping[str, Any] = HELLO, *, model: str = "open-model", seconds: float = 20, **config: Any
) -> AsyncGenerator[GenerateContentResponse, None]:
    """The responses as they come; `config` is generationConfig."""
    whole = {**body, "generationConfig": config} if config else body
    request = lenient.convert(GenerateContentRequest, dict(whole))
    return core_of(one).generate(request, model, Caller(), Deadline.after(seconds))


async def chunks(
    one: Engine, body: Mapping[str, Any] = HELLO, *, model: str = "open-model", seconds: float = 20, **config: Any
) -> tuple[list[GenerateContentResponse], ApiError | None]:
    """What came, and how it ended."""
    out: list[GenerateContentResponse] = []
    try:
        async with aclosing(asked(one, body, model=model, seconds=seconds, **config)) as responses:
            async for response in responses:
                out.append(response)
    except ApiError as error:
        return out, error
    finally:
        await one.close()
    return out, None


async def ask(
    *plays: Play, body: Mapping[str, Any] = HELLO, asks_for: str = "open-model", **more: Any
) -> tuple[GenerateContentResponse, list[Seen]]:
    """One good answer as a whole, and what the stub got.

    `asks_for` is the model the caller names; `more` are the engine's options and generationConfig.
    """
    config = {name: more.pop(name) for name in list(more) if name not in _OPTIONS}
    async with Stub(*plays) as stub:
        found, error = await chunks(engine(stub.url, **more), body, model=asks_for, **config)
    if error is not None:
        raise error

    async def again() -> Any:
        for chunk in found:
            yield chunk

    return await fold(again()), stub.seen


_OPTIONS = frozenset(Options.__dataclass_fields__)


def picture(width: int = 60, height: int = 40, seed: int = 0) -> NDArray[np.uint8]:
    """Noise: any change of a pixel or of the order is seen."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def encoded(rgb: NDArray[np.uint8], kind: str = "png") -> bytes:
    return cv2.imencode(f".{kind}", rgb[..., ::-1])[1].tobytes()


def part(data: bytes, mime_type: str = "image/png") -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime_type, "data": base64.b64encode(data).decode()}}


def user(*parts: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [{"text": p} if isinstance(p, str) else p for p in parts]}]}


def text_of(response: GenerateContentResponse, *, thought: bool = False) -> str:
    content = response.candidates[0].content
    parts: Sequence[Any] = content.parts if content is not None else ()
    return "".join(p.text or "" for p in parts if p.thought == thought)
