"""A Core around a scripted engine, and short ways to ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pollux.core.admit import Caller, Permits, RateLimits
from pollux.core.deadline import Deadline
from pollux.core.generate import Core
from pollux.core.run import Finish, fold
from pollux.core.search import Search
from pollux.core.signatures import Signer
from pollux.engines.base import Event
from pollux.engines.families import default_families
from pollux.engines.registry import Registry
from pollux.engines.scripted import ScriptedEngine, Wait
from pollux.media.limits import MediaLimits
from pollux.media.provenance.identity import make_identity
from pollux.media.provenance.stamp import Stamp
from pollux.media.resolve import resolve
from pollux.wire import lenient
from pollux.wire.generate import (
    CountTokensRequest,
    EmbedContentRequest,
    GenerateContentRequest,
    GenerateContentResponse,
)

MODEL = "gemini-2.5-flash"
HELLO: Mapping[str, Any] = {"contents": [{"parts": [{"text": "hello"}]}]}


def playing(*events: Event | Wait | Exception) -> ScriptedEngine:
    """An engine that always plays these."""
    return ScriptedEngine(lambda _: events)


def finish() -> Finish:
    """Answers signed with a key of no secrecy; pictures are plain PNG files."""
    return Finish(Signer(lambda: b"0123456789abcdef"), Stamp(make_identity, watermark=False, manifest=False))


def make_core(
    engine: ScriptedEngine,
    running: int = 4,
    waiting: int = 4,
    rates: RateLimits | None = None,
    search: Search | None = None,
    routes: Mapping[str, str] | None = None,
) -> Core:
    return Core(
        Registry(default_families(), {"scripted": engine}, routes or {}, default="scripted"),
        lambda _, part, field: resolve(part, field, MediaLimits()),
        Permits(running, waiting),
        finish(),
        search,
        rates or RateLimits(),
        most_images=30,
    )


async def stream(
    engine: ScriptedEngine | Core,
    body: Mapping[str, Any] = HELLO,
    *,
    model: str = MODEL,
    seconds: float = 10,
    **config: Any,
) -> list[GenerateContentResponse]:
    """Every chunk; `config` is generationConfig."""
    core = engine if isinstance(engine, Core) else make_core(engine)
    whole = {**body, "generationConfig": config} if config else body
    request = lenient.convert(GenerateContentRequest, whole)
    return [chunk async for chunk in core.generate(request, model, Caller(), Deadline.after(seconds))]


async def ask(engine: ScriptedEngine | Core, body: Mapping[str, Any] = HELLO, **more: Any) -> GenerateContentResponse:
    """All chunks as one response."""
    chunks = await stream(engine, body, **more)

    async def again() -> Any:
        for chunk in chunks:
            yield chunk

    return await fold(again())


async def count(engine: ScriptedEngine, body: Mapping[str, Any], model: str = MODEL) -> Any:
    request = lenient.convert(CountTokensRequest, body)
    return await make_core(engine).count(request, model, Caller(), Deadline.after(10))


async def embed(
    core: Core, bodies: Sequence[Mapping[str, Any]], model: str = "text-embedding-004", *, batch: bool = True
) -> list[tuple[float, ...]]:
    requests = [lenient.convert(EmbedContentRequest, body) for body in bodies]
    vectors, _ = await core.embed(requests, model, Caller(), Deadline.after(10), batch=batch)
    return [vector.values for vector in vectors]


def texts(response: GenerateContentResponse, candidate: int = 0, *, thought: bool = False) -> str:
    """The text of one candidate, thoughts or the rest."""
    found = [c for c in response.candidates if c.index == candidate]
    parts = [p for c in found if c.content is not None for p in c.content.parts]
    return "".join(part.text or "" for part in parts if part.thought == thought)
