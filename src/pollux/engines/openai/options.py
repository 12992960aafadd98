"""What an openai engine is told: where its servers are, which model they have, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from pollux.engines.base import Ability
from pollux.errors import ConfigurationError
from pollux.vision.dialects import DIALECTS

Guide = Literal["response_format", "structured_outputs", "guided_json"]
"""How a schema reaches the server: OpenAI's way, vLLM's, or that of its older versions."""

ABILITIES: frozenset[Ability] = frozenset({"text", "image_in", "tools", "schema", "think", "logprobs"})
AUTO, NONE = "auto", "none"


@dataclass(frozen=True, slots=True)
class Options:
    """One model on one or more servers that are alike.

    `addresses` end where OpenAI's paths begin ("http://gpu:8000/v1").  `connect_seconds` bound a connection,
    `first_seconds` the wait for the answer's first byte, `idle_seconds` every later silence.  `retries` are further
    attempts before anything of an answer was passed on.  `frames` and `pages`: most pictures made of one video or
    document.  `extra` is merged into every request.  `dialect` says how the model writes boxes: a name of
    `vision.dialects`, "auto" (by the model's name) or "none".

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
    frames: int = 64
    pages: int = 100
    extra: Mapping[str, Any] = field(default_factory=dict)
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
        if "embeddings" in self.abilities and not self.embed_dims:
            raise ConfigurationError(f"{self.place} embed_dims is missing: give the length of the model's vectors.")
        if self.dialect not in (AUTO, NONE, *DIALECTS):
            known = ", ".join((AUTO, NONE, *DIALECTS))
            raise ConfigurationError(f"{self.place} dialect must be one of {known}, not {self.dialect!r}.")
