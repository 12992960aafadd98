"""What a model of an engine can do: data on a card, never guessed.  `pollux.engines.base` hands it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ability = Literal[
    "text",
    "image_in",
    "image_out",
    "video_out",
    "boxes",
    "masks",
    "tools",
    "schema",
    "embeddings",
    "audio_in",
    "think",
    "logprobs",
    "relay",
]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What one model of an engine is and can do.  Limits are in tokens; `embed_dims` is 0 without embeddings.

    "relay": it passes requests on to another server of this API (`engines.relay.Relay`).
    `trained`: its pictures come from what it learned of samples, not from rules; their manifests say which.
    `keeps_limit`: it ends at maxOutputTokens itself, by a count that is better than ours.
    """

    name: str
    abilities: frozenset[Ability]
    description: str = ""
    input_tokens: int = 1_048_576
    output_tokens: int = 65_536
    embed_dims: int = 0
    trained: bool = True
    keeps_limit: bool = False
