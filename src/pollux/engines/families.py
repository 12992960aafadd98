"""The one table of model families: which names belong together, how they count tokens, what they can be asked.

Names are matched by pattern, so that every generation, `-preview` and dated suffix finds its family.  Limits are the
ones Google publishes for the newest model of a family; `[models]` in pollux.toml changes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from pollux.wire.methods import (
    ASYNC_EMBED,
    BATCH_EMBED,
    BATCH_GENERATE,
    COUNT,
    EMBED,
    GENERATE,
    PREDICT,
    PREDICT_LONG,
    STREAM,
)

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Family:
    """Models that behave alike.

    `tokens` names the row of the token tables ("1.0", "1.5", "2", "3"), `pictures` that of the tables of made pictures
    ("flash", "pro", "imagen"; "" for models that make none).  `words_first`: of those that make pictures, the ones that
    write words unless pictures are asked for.  `needs` maps a method to the feature that
    must be built before it works: asking for it is 501 with that name.  `listed` are the concrete names that
    `models.list` shows; other names of the pattern work all the same.
    """

    title: str
    pattern: re.Pattern[str]
    tokens: str
    input_tokens: int
    output_tokens: int
    methods: tuple[str, ...] = (GENERATE, STREAM, COUNT, BATCH_GENERATE)
    needs: tuple[tuple[str, str], ...] = ()
    pictures: str = ""
    words_first: bool = False
    thinks: bool = False
    listed: tuple[str, ...] = ()

    @property
    def image_out(self) -> bool:
        """Whether pictures may be in an answer."""
        return bool(self.pictures)

    def missing(self, method: str) -> str | None:
        """The unbuilt feature behind a method, None when it works or is not of this family at all."""
        return dict(self.needs).get(method)


def _family(title: str, pattern: str, tokens: str, limits: tuple[int, int], **more: object) -> Family:
    return Family(title, re.compile(pattern), tokens, *limits, **more)  # type: ignore[arg-type]


_MILLION = 1_048_576
_EMBEDS = (EMBED, BATCH_EMBED, COUNT, ASYNC_EMBED)
_GENERATES = (GENERATE, STREAM, BATCH_GENERATE)
_G = r"gemini-(?:\d[\w.]*-)?"


def _unbuilt(feature: str, *methods: str) -> tuple[tuple[str, str], ...]:
    return tuple((method, feature) for method in methods)


def default_families() -> tuple[Family, ...]:
    """The table, first match wins: special uses before the general ones."""
    return (*_special(), *_general())


def _special() -> tuple[Family, ...]:
    """Models for one use."""
    return (
        _family(
            "Embeddings",
            r"(?:.*-)?embedding(?:-.*)?",
            "2",
            (2048, 1),
            methods=_EMBEDS,
            listed=("gemini-embedding-001", "text-embedding-004"),
        ),
        _family(
            "Imagen",
            r"imagen-.+",
            "2",
            (480, 8192),
            methods=(PREDICT,),
            pictures="imagen",
            listed=("imagen-4.0-generate-001", "imagen-4.0-fast-generate-001", "imagen-4.0-ultra-generate-001"),
        ),
        _family(
            "Veo",
            r"veo-.+",
            "2",
            (480, 8192),
            methods=(PREDICT_LONG,),
            listed=("veo-3.1-generate-preview", "veo-3.1-fast-generate-preview", "veo-2.0-generate-001"),
        ),
        _family(
            "Speech",
            _G + r".*(?:tts|native-audio|-live|live-).*",
            "2",
            (32_768, 16_384),
            needs=_unbuilt("Speech and Live models", *_GENERATES),
        ),
        _family(
            "Gemini Computer Use",
            r"gemini-.*computer-use.*",
            "2",
            (131_072, 65_536),
            needs=_unbuilt("Computer use", *_GENERATES),
        ),
        _family(
            "Gemini 3 Image",
            r"gemini-(?:[3-9]|[1-9]\d)[\w.]*-.*image.*",
            "3",
            (65_536, 32_768),
            pictures="pro",
            thinks=True,
            listed=("gemini-3-pro-image-preview",),
        ),
        _family(
            "Gemini Image",
            _G + r".*image.*",
            "2",
            (65_536, 32_768),
            pictures="flash",
            listed=("gemini-2.5-flash-image",),
        ),
    )


def _general() -> tuple[Family, ...]:
    """Models that read, see and write, newest first."""
    return (
        _family(
            "Gemini 3",
            r"gemini-(?:[3-9]|[1-9]\d)[\w.]*(?:-.+)?",
            "3",
            (_MILLION, 65_536),
            thinks=True,
            listed=("gemini-3-pro-preview", "gemini-3-flash-preview"),
        ),
        _family(
            "Gemini 2.5",
            r"gemini-2\.5(?:-.+)?",
            "2",
            (_MILLION, 65_536),
            thinks=True,
            listed=("gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"),
        ),
        _family(
            "Gemini 2.0",
            r"gemini-2(?:\.[0-4])?(?:-.+)?",
            "2",
            (_MILLION, 8192),
            listed=("gemini-2.0-flash", "gemini-2.0-flash-lite"),
        ),
        _family("Gemini 1.5 Pro", r"gemini-1\.5-pro(?:-.+)?", "1.5", (2_097_152, 8192), listed=("gemini-1.5-pro",)),
        _family("Gemini 1.5", r"gemini-1\.5(?:-.+)?", "1.5", (_MILLION, 8192), listed=("gemini-1.5-flash",)),
        _family("Gemini 1.0", r"gemini-(?:1(?:\.0)?-)?pro(?:-vision)?(?:-.+)?", "1.0", (30_720, 2048)),
        _family(
            "Gemini, newest",
            r"gemini-(?:pro|flash|flash-lite|exp)(?:-.+)?",
            "3",
            (_MILLION, 65_536),
            thinks=True,
            listed=("gemini-flash-latest", "gemini-flash-lite-latest"),
        ),
        _family("Gemini Robotics", r"gemini-robotics-.+", "2", (_MILLION, 65_536), thinks=True),
        _family("Gemma", r"gemma-.+", "3", (131_072, 8192)),
    )


def open_family(abilities: Set[str]) -> Family:
    """The family of a model that is none of Google's, under the name that a route gives it."""
    image_out = "image_out" in abilities
    methods = (*_GENERATES, COUNT, *((PREDICT,) if image_out else ()), *(_EMBEDS if "embeddings" in abilities else ()))
    return _family(
        "Open model",
        r".+",
        "3",
        (2**31 - 1, 2**31 - 1),  # its card says
        methods=tuple(dict.fromkeys(methods)),
        pictures="flash" if image_out else "",
        words_first="text" in abilities,
        thinks="think" in abilities,
    )


def find_family(families: Sequence[Family], name: str) -> Family | None:
    """The first family whose pattern fits the whole name; no name is longer than LONGEST_NAME."""
    if len(name) > LONGEST_NAME:  # names come from callers, and matching may take the square of their length
        return None
    return next((family for family in families if family.pattern.fullmatch(name)), None)
