"""Scripted models, a role a name: gemini-2.5-mirror answers with what reached it, gemini-2.5-breaks breaks, ...

Whoever is asked for pictures is the painter, whoever is asked for a video the filmer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec
import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from pollux.engines.base import Call, Frame, Picture, Prompt, Ratings, Stop, Text, Thought
from pollux.engines.scripted import Script, Step, Wait, echo
from pollux.errors import ResourceExhausted, Unavailable
from pollux.media.handle import Media
from pollux.media.picture import decode
from pollux.wire.content import Part
from pollux.wire.generate import SafetyRating


class Troupe:
    """The script: the role that the model's last word names; every other model echoes."""

    def __init__(self) -> None:
        self._asked: set[str] = set()

    def __call__(self, prompt: Prompt) -> Iterable[Step]:
        """Plays a role."""
        if prompt.canvas is not None or prompt.reel is not None:
            return _paint(prompt) if prompt.reel is None else _film(prompt)
        role = prompt.model.rpartition("-")[2]
        return self._moody(prompt) if role == "moody" else ROLES.get(role, echo)(prompt)

    def _moody(self, prompt: Prompt) -> Iterable[Step]:
        """Refuses every question once."""
        text = str(prompt.turns[-1].pieces)
        if text in self._asked:
            yield from echo(prompt)
        else:
            self._asked.add(text)
            yield Unavailable("Ask again.")


def reflection(prompt: Prompt) -> dict[str, Any]:
    """All that reached the engine, as JSON values."""
    return {
        "model": prompt.model,
        "system": prompt.system,
        "turns": [{"role": turn.role, "pieces": [_piece(piece) for piece in turn.pieces]} for turn in prompt.turns],
        "config": msgspec.to_builtins(prompt.config),
        "tools": msgspec.to_builtins(prompt.tools),
        "tool_config": msgspec.to_builtins(prompt.tool_config),
        "safety": msgspec.to_builtins(prompt.safety),
        "schema": prompt.schema,
        "canvas": None if prompt.canvas is None else asdict(prompt.canvas),
        "sources": [source.uri for source in prompt.sources],
        "seed": prompt.seed,
        "candidate": prompt.candidate,
    }


def _piece(piece: Part | Media) -> dict[str, Any]:
    if isinstance(piece, Part):
        return dict(msgspec.to_builtins(piece))
    return {
        "media": piece.mime_type,
        "sha256": hashlib.sha256(piece.data).hexdigest(),
        "size": [piece.width, piece.height],
        "level": piece.level,
    }


def _mirror(prompt: Prompt) -> Iterable[Step]:
    yield Text(json.dumps(reflection(prompt)))


def _fill(prompt: Prompt) -> Iterable[Step]:
    """Thinks what reached it; answers with the least that its schema allows."""
    yield Thought(json.dumps(reflection(prompt)))
    schema = prompt.schema or {}
    value = _least(schema, schema.get("$defs", {}))
    yield Text(value if prompt.config.response_mime_type == "text/x.enum" else json.dumps(value))


def _least(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _least(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _least(schema["anyOf"][0], defs)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _least(child, defs) for name, child in schema.get("properties", {}).items()}
    if kind == "array":
        return [_least(schema["items"], defs)] * max(1, schema.get("minItems", 0))
    return {"string": "a", "integer": 7, "number": 1.5, "boolean": True, "null": None}[kind]


def _think(prompt: Prompt) -> Iterable[Step]:
    yield Thought("First I look. ")
    yield Thought("Then I say it.")
    yield Text("It is ")
    yield Text("a cat.")


def _speak(prompt: Prompt) -> Iterable[Step]:
    for word in ("One ", "two ", "three ", "four ", "five"):
        yield Text(word)


def _break(prompt: Prompt) -> Iterable[Step]:
    yield Text("So far so ")
    yield Text("good, and then ")
    yield Wait(0.05)
    yield Unavailable("The model went away.")


def _refuse(prompt: Prompt) -> Iterable[Step]:
    yield ResourceExhausted("Too much today.", retry_after=7)


def _call(prompt: Prompt) -> Iterable[Step]:
    """Calls the first function with "Oslo"; once it has been answered, says what the answer was."""
    answers = [p.function_response for p in prompt.turns[-1].pieces if isinstance(p, Part) and p.function_response]
    if answers:
        yield Text("It said " + json.dumps([answer.response for answer in answers], sort_keys=True))
        return
    first = prompt.tools[0].function_declarations[0]
    yield Call(first.name, {"city_name": "Oslo"}, id="call-1")


def _slow(prompt: Prompt) -> Iterable[Step]:
    yield Text("I begin, ")
    yield Text("and then I take ")
    yield Wait(30)
    yield Text("my time.")


def _slow_start(prompt: Prompt) -> Iterable[Step]:
    yield Wait(30)
    yield Text("late")


def _harm(prompt: Prompt) -> Iterable[Step]:
    yield Ratings((SafetyRating(category="HARM_CATEGORY_DANGEROUS_CONTENT", probability="MEDIUM"),))
    yield Text("Something doubtful.")
    yield Stop()


COLOURS = {"red": (220, 30, 30), "green": (30, 160, 60), "blue": (30, 60, 220)}


def _paint(prompt: Prompt) -> Iterable[Step]:
    """Thinks what reached it, says what was said, and paints: the left half in the colour of the words, or in one that
    the words and the seed decide; the right half is that of the picture it is to keep, or grey.

    "Draw nothing" is refused, "in two parts" makes two pictures with words between.
    """
    canvas, words = prompt.canvas, str(_words(prompt))
    assert canvas is not None
    if "draw nothing" in words.lower():
        yield Stop("NO_IMAGE", "There is nothing to draw.")
        return
    yield Thought(json.dumps(reflection(prompt)))
    pictures = [piece for turn in reversed(prompt.turns) for piece in turn.pieces if isinstance(piece, Media)]
    ground = np.full((canvas.height, canvas.width, 3), 128, np.uint8)
    if pictures and canvas.kept:
        ground = decode(pictures[0])[:, :, :3].copy()
    for number in range(canvas.interim):
        yield Picture(np.full_like(ground, 60 * number), thought=True)
    yield from echo(prompt)
    yield Picture(_halved(ground, _colour(words, prompt.seed)), edited=bool(pictures))
    if "in two parts" in words:
        yield Text(" And then ")
        yield Picture(_halved(ground, COLOURS["red"]))


def _words(prompt: Prompt) -> str:
    return "".join(getattr(piece, "text", None) or "" for piece in prompt.turns[-1].pieces)


def _colour(words: str, seed: int | None) -> tuple[int, ...]:
    named = [colour for name, colour in COLOURS.items() if name in words]
    return named[0] if named else tuple(blake3(f"{words}{seed}".encode()).digest()[:3])


def _halved(ground: NDArray[np.uint8], colour: tuple[int, ...]) -> NDArray[np.uint8]:
    out = ground.copy()
    out[:, : (out.shape[1] + 1) // 2] = colour
    return out


def _film(prompt: Prompt) -> Iterable[Step]:
    """A still of the colour of the words that gets a little lighter."""
    reel = prompt.reel
    assert reel is not None
    if "film nothing" in _words(prompt).lower():
        yield Stop("STOP", "There is nothing to film.")
        return
    colour = np.array(_colour(_words(prompt), prompt.seed), np.uint8)
    for number in range(reel.frames):
        yield Frame(np.broadcast_to(colour // 2 + np.uint8(number // 2), (reel.height, reel.width, 3)).copy())


ROLES: dict[str, Script] = {
    "mirror": _mirror,
    "filler": _fill,
    "thinker": _think,
    "speaker": _speak,
    "breaks": _break,
    "refuses": _refuse,
    "caller": _call,
    "slow": _slow,
    "late": _slow_start,
    "harmful": _harm,
}
