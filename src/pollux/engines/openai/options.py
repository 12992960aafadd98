"""What an openai engine is told: where its servers are, which model they have, and what it can do."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pollux.engines.base import Ability
from pollux.engines.chat.boxes import AUTO, NONE
from pollux.errors import ConfigurationError
from pollux.vision.dialects import DIALECTS

Guide = Literal["response_format", "structured_outputs", "guided_json"]
"""How a schema reaches the server: OpenAI's way, vLLM's, or that of its older versions."""

ABILITIES: frozenset[Ability] = frozenset({"text", "image_in", "tools", "schema", "think", "logprobs"})
_SIZE = re.compile(r"[1-9]\d{0,4}x[1-9]\d{0,4}")


@dataclass(frozen=True, slots=True)
class Options:
    """One model on one or more servers that are alike.

    `addresses` end where OpenAI's paths begin ("http://gpu:8000/v1").  `connect_seconds` bound a connection,
    `first_seconds` the wait for the answer's first byte, `idle_seconds` every later silence.  `retries` are further
    attempts before anything of an answer was passed on.  `frames` and `pages`: most pictures made of one video or
    document.  `extra` is merged into every request, and what `omit` names is left out
    of it, for servers that refuse fields they do not know.  `dialect` says how the model writes boxes: a name of
    `vision.dialects`, "auto" (by the model's name) or "none".  `mask_decoder` are the weights that make masks of what
    PaliGemma writes (`vision.codes`).  `sizes` are those of the pictures that the server makes
    ("1024x1536"); without them any multiples of 16.  Of several addresses each is asked for `health_path`
    (what follows the address; one that begins with "/" follows its host) about every `health_seconds`; 0 asks never.

    Raises ConfigurationError, naming `place`.
    """

    addresses: tuple[str, ...]
    model: str
    key: str = field(default="", repr=False)
    abilities: frozenset[Ability] = ABILITIES
    input_tokens: int = 131_072
    output_tokens: int = 65_536
    embed_dims: int = 0
    connect_seconds: float = 5.0
    first_seconds: float = 300.0
    idle_seconds: float = 60.0
    retries: int = 2
    guide: Guide = "response_format"
    dialect: str = AUTO
    mask_decoder: Path | None = None
    frames: int = 64
    pages: int = 100
    sizes: tuple[str, ...] = ()
    health_seconds: float = 10.0
    health_path: str = "models"
    extra: Mapping[str, Any] = field(default_factory=dict)
    omit: tuple[str, ...] = ()
    place: str = "[engine.openai]"

    def __post_init__(self) -> None:
        if not self.addresses:
            raise ConfigurationError(f'{self.place} address is missing: give one such as "http://127.0.0.1:8001/v1".')
        for address in self.addresses:
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                message = f'{self.place} address must be an http(s) address such as "http://127.0.0.1:8001/v1".'
                raise ConfigurationError(message)
            if not address.isascii() or not address.isprintable() or " " in address:
                raise ConfigurationError(f"{self.place} address must be of printable ASCII; write others as %XX.")
            if parts.username or parts.password:
                message = f"{self.place} address must hold no user or password: name the key with api_key_env."
                raise ConfigurationError(message)
        if not self.key.isascii() or not (self.key + "x").isprintable():
            raise ConfigurationError(f"{self.place} api_key must be one line of printable ASCII.")
        if not self.model:
            raise ConfigurationError(f"{self.place} model is missing: give the name the server knows it by.")
        if not all(_SIZE.fullmatch(size) for size in self.sizes):
            raise ConfigurationError(f'{self.place} sizes must be widths and heights such as "1024x1536".')
        if not 0 <= self.health_seconds < math.inf:
            raise ConfigurationError(f"{self.place} health_seconds must be 0 (never) or more seconds.")
        if not (self.health_path.isascii() and self.health_path.isprintable()) or " " in self.health_path:
            raise ConfigurationError(f'{self.place} health_path must be a path of printable ASCII such as "models".')
        if "embeddings" in self.abilities and not self.embed_dims:
            raise ConfigurationError(f"{self.place} embed_dims is missing: give the length of the model's vectors.")
        if self.dialect not in (AUTO, NONE, *DIALECTS):
            known = ", ".join((AUTO, NONE, *DIALECTS))
            raise ConfigurationError(f"{self.place} dialect must be one of {known}, not {self.dialect!r}.")
