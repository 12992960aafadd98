"""What makes two requests the same to a recording, and where two that are not the same differ.

A request is the model, its turns, the configuration, tools, safety settings and seed, as JSON without an order of keys.
Media count by their digest.  Left out is what differs from run to run without being asked for anything else: deadlines,
thought signatures, thoughts that come back, what a search found, whether a stream was wanted; and the bytes of pictures
in the model's own turns, which carry a fresh manifest each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from blake3 import blake3
from msgspec import structs

from pollux.engines.base import EmbedInput, Prompt
from pollux.media.handle import Media
from pollux.wire.content import Content, Part

Json = dict[str, Any]
_SHOWN = 60
_ABSENT = "(nothing)"


def of_prompt(prompt: Prompt) -> Json:
    """The likeness of a prompt, in plain JSON."""
    if prompt.request is not None:
        request = structs.replace(
            prompt.request, model="", labels=None, contents=tuple(map(_content, prompt.request.contents))
        )
        return {"model": prompt.model, **_filled(_plain(request))}
    canvas = asdict(prompt.canvas) if prompt.canvas is not None else None
    out = {
        "model": prompt.model,
        "contents": [{"role": t.role, "parts": [_piece(p, t.role) for p in t.pieces]} for t in prompt.turns],
        "systemInstruction": prompt.system,
        "generationConfig": structs.replace(prompt.config, seed=None),
        "tools": prompt.tools,
        "toolConfig": prompt.tool_config,
        "safetySettings": prompt.safety,
        "seed": prompt.seed,
        "candidate": prompt.candidate or None,
        "canvas": canvas,
    }
    return _filled({name: _plain(value) for name, value in out.items()})


def of_inputs(model: str, inputs: Sequence[EmbedInput], dims: int | None) -> Json:
    """The likeness of texts to embed."""
    return {"model": model, "inputs": [asdict(item) for item in inputs], "outputDimensionality": dims}


def digest(likeness: Json) -> str:
    """32 hexadecimal digits, the same in every process."""
    text = json.dumps(likeness, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return blake3(text.encode()).hexdigest(16)


def differences(recorded: Any, asked: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, what is recorded, what is asked), for every leaf that differs."""
    if isinstance(recorded, Mapping) and isinstance(asked, Mapping):
        for key in sorted({*recorded, *asked}):
            yield from differences(recorded.get(key), asked.get(key), f"{path}.{key}" if path else key)
    elif isinstance(recorded, list) and isinstance(asked, list):
        for i in range(max(len(recorded), len(asked))):
            old, new = (rows[i] if i < len(rows) else None for rows in (recorded, asked))
            yield from differences(old, new, f"{path}[{i}]")
    elif recorded != asked or type(recorded) is not type(asked):
        yield path, _short(recorded), _short(asked)


def _filled(tree: Json) -> Json:
    """Without what says nothing: an empty configuration is none."""
    return {name: value for name, value in tree.items() if value not in (None, "", [], {})}


def _content(content: Content) -> Content:
    parts = [part for part in content.parts if not (content.role == "model" and part.thought)]
    role = "model" if content.role == "model" else "user"
    return structs.replace(content, role=role, parts=tuple(_part(part, role) for part in parts))


def _part(part: Part, role: str) -> Part:
    blob = part.inline_data
    if blob is not None and role == "model":
        blob = structs.replace(blob, data=b"")
    return structs.replace(part, thought_signature=b"", inline_data=blob)


def _piece(piece: Part | Media, role: str) -> Any:
    if isinstance(piece, Part):
        return _plain(_part(piece, role))
    out: Json = {"media": piece.mime_type, "level": piece.level}
    if role == "model":
        return out | {"size": [piece.width, piece.height]}
    clip = {"start": piece.clip.start, "end": piece.clip.end, "fps": piece.clip.fps} if piece.clip is not None else None
    return out | {"blake3": piece.digest, "clip": clip}


def _plain(value: Any) -> Any:
    """Wire values as JSON, bytes as their digest."""
    return _hashed(msgspec.to_builtins(value, builtin_types=(bytes,)))


def _hashed(value: Any) -> Any:
    if isinstance(value, bytes):
        return "blake3:" + blake3(value).hexdigest()
    if isinstance(value, dict):
        return {key: _hashed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hashed(item) for item in value]
    return value


def _short(value: Any) -> str:
    if value is None:
        return _ABSENT
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
