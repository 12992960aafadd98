"""From a request to a Prompt: roles, tools, schema, media resolved, abilities checked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Literal

from blake3 import blake3
from msgspec import structs

from pollux.core import canvas, checks
from pollux.core.signatures import Signer
from pollux.core.tokens import TABLES
from pollux.engines.asks import lacking
from pollux.engines.base import Prompt, Turn
from pollux.engines.registry import Served
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.media.provenance.png import ISSUER, texts
from pollux.media.timed import clipped
from pollux.wire.content import Blob, Content, FileData, Part, Resolution, VideoMetadata
from pollux.wire.generate import GenerateContentRequest, GenerationConfig

Resolve = Callable[[Blob | FileData, str], Awaitable[Media]]
"""(bytes or a reference, its path in the request) -> Media.  Raises InvalidArgument naming the path."""

MOST_IMAGES = 3_600


async def prepare(
    request: GenerateContentRequest,
    served: Served,
    resolve: Resolve,
    signer: Signer,
    most_images: int = MOST_IMAGES,
    deadline: float | None = None,
) -> Prompt:
    """Everything an engine may rely on; `deadline` is passed on to it.

    Raises InvalidArgument naming the field, or Unimplemented the feature.
    """
    config = request.generation_config or GenerationConfig()
    # Schemas may be large: checking them must not hold up everyone else.
    schemas = request.tools or config.response_schema is not None or config.response_json_schema is not None
    if schemas:
        schema = await asyncio.to_thread(_checked, request, config, served)
    else:
        schema = _checked(request, config, served)
    if _media_parts(request) > most_images:
        raise InvalidArgument(f"contents: at most {most_images} pictures may be given in a request.", field="contents")
    turns = []
    for i, content in enumerate(request.contents):
        field = f"contents[{i}]"
        turns.append(await _turn(content, field, config, served, resolve))
        signed = any(part.thought_signature or part.inline_data is not None for part in content.parts)
        if turns[-1].role == "model" and signed:  # in a thread: megabytes are hashed, and the key may have to be read
            await asyncio.to_thread(_check_signatures, content, field, signer)
    prompt = Prompt(
        model=served.name,
        turns=tuple(turns),
        system=_system(request.system_instruction),
        config=config,
        tools=request.tools,
        tool_config=request.tool_config,
        safety=request.safety_settings,
        schema=schema,
        seed=config.seed,
        deadline=deadline,
        canvas=canvas.settle(config, served, turns),
    )
    lacking(prompt, served.card)
    return prompt


def _checked(request: GenerateContentRequest, config: GenerationConfig, served: Served) -> dict[str, Any] | None:
    """Checks all but the turns; gives the schema of the answer."""
    checks.check_request(request)
    checks.check_config(config)
    checks.check_tools(request.tools, request.tool_config)
    checks.check_safety(request.safety_settings)
    _check_abilities(request, config, served)
    canvas.check(config, served)
    return checks.response_schema(config)


def _media_parts(request: GenerateContentRequest) -> int:
    return sum(
        len(part.function_response.parts)
        if part.function_response is not None
        else part.inline_data is not None or part.file_data is not None
        for content in request.contents
        for part in content.parts
    )


def _system(content: Content | None) -> str:
    if content is None:
        return ""
    texts = []
    for i, part in enumerate(content.parts):
        if part.text is None:
            field = f"systemInstruction.parts[{i}]"
            raise InvalidArgument(f"{field}: a system instruction is text only.", field=field)
        texts.append(part.text)
    return "\n".join(texts)


async def _turn(content: Content, field: str, config: GenerationConfig, served: Served, resolve: Resolve) -> Turn:
    role: Literal["user", "model"] = "model" if checks.check_role(content, field) == "model" else "user"
    if not content.parts:
        raise InvalidArgument(f"{field}.parts is empty: give at least one part.", field=f"{field}.parts")
    pieces: list[Part | Media] = []
    for i, part in enumerate(content.parts):
        place = f"{field}.parts[{i}]"
        checks.check_part(part, place)
        own = _part_level(part.media_resolution, place, served)
        if role == "model" and part.thought:  # shown to the caller; no part of the conversation
            continue
        if part.inline_data is not None:
            media = await resolve(part.inline_data, f"{place}.inlineData")
        elif part.file_data is not None:
            media = await resolve(part.file_data, f"{place}.fileData")
        else:
            pieces += await _with_results(part, place, config, resolve)
            continue
        _check_level(media, own, place)
        if part.video_metadata is not None and part.video_metadata != VideoMetadata():
            media = clipped(media, part.video_metadata, f"{place}.videoMetadata")
        pieces.append(replace(media, level=own or config.media_resolution))
    return Turn(role, tuple(pieces))


async def _with_results(part: Part, field: str, config: GenerationConfig, resolve: Resolve) -> list[Part | Media]:
    """The part; behind a functionResponse the media that are part of it, in whose place only names and types stay."""
    given = part.function_response
    if given is None or not given.parts:
        return [part]
    media, bare = [], []
    for k, one in enumerate(given.parts):
        place = f"{field}.functionResponse.parts[{k}]"
        if one.inline_data is not None:
            media.append(await resolve(one.inline_data, f"{place}.inlineData"))
            bare.append(structs.replace(one, inline_data=structs.replace(one.inline_data, data=b"")))
        elif one.file_data is not None:
            media.append(await resolve(one.file_data, f"{place}.fileData"))
            bare.append(one)
        else:
            raise InvalidArgument(f"{place} is empty: give inlineData or fileData.", field=place)
    response = structs.replace(given, parts=tuple(bare))
    return [
        structs.replace(part, function_response=response),
        *(replace(one, level=config.media_resolution) for one in media),
    ]


def _check_signatures(content: Content, field: str, signer: Signer) -> None:
    for i, part in enumerate(content.parts):
        if part.thought or part.file_data is not None:  # a signature holds the digest of bytes that stand in the turn
            continue
        data = part.inline_data.data if part.inline_data is not None else b""
        digest, issuer = (blake3(data).hexdigest(), texts(data).get(ISSUER, "")) if data else ("", "")
        signer.check(part.thought_signature, f"{field}.parts[{i}]", digest, issuer)


def _check_level(media: Media, own: str, field: str) -> None:
    """ULTRA_HIGH is for pictures only (media resolution page, the table of Gemini 3)."""
    if own == "MEDIA_RESOLUTION_ULTRA_HIGH" and media.kind in ("document", "video"):
        message = f"{field}.mediaResolution: {own} is for pictures; a {media.kind} takes up to MEDIA_RESOLUTION_HIGH."
        raise InvalidArgument(message, field=f"{field}.mediaResolution")


def _part_level(resolution: Resolution | None, field: str, served: Served) -> str:
    """A part's own media resolution; older families have none (media resolution page, "Version compatibility")."""
    if resolution is None or resolution.level in ("", "MEDIA_RESOLUTION_UNSPECIFIED"):
        return ""
    if not TABLES[served.family.tokens].per_part:
        message = f"{field}.mediaResolution: models/{served.name} takes generationConfig.mediaResolution only."
        raise InvalidArgument(message, field=f"{field}.mediaResolution")
    return resolution.level


def _check_abilities(request: GenerateContentRequest, config: GenerationConfig, served: Served) -> None:
    abilities = served.card.abilities
    if "AUDIO" in config.response_modalities:
        raise checks.unbuilt("Speech output (responseModalities AUDIO)")
    if "VIDEO" in config.response_modalities:
        raise checks.unbuilt("Video output (responseModalities VIDEO)")
    if "IMAGE" in config.response_modalities and not served.family.image_out:
        field = "generationConfig.responseModalities"
        raise InvalidArgument(f"{field}: models/{served.name} answers in text only.", field=field)
    if (config.response_logprobs or config.logprobs is not None) and "logprobs" not in abilities:
        field = "generationConfig.responseLogprobs"
        raise InvalidArgument(f"{field}: models/{served.name} gives no log probabilities.", field=field)
    for needed, given, field in (
        ("image_in", _media_parts(request) > 0, "contents"),
        ("tools", any(tool.function_declarations for tool in request.tools), "tools"),
        ("schema", config.response_schema is not None or config.response_json_schema is not None, checks.CONFIG),
    ):
        if given and needed not in abilities:
            what = {"image_in": "takes no media", "tools": "calls no functions", "schema": "follows no schema"}[needed]
            raise InvalidArgument(f"{field}: models/{served.name} {what}.", field=field)
