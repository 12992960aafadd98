"""What a transformers engine is told: which model, where it computes and in what precision, and what it can do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pollux.engines.base import Ability
from pollux.engines.chat.boxes import AUTO, NONE
from pollux.errors import ConfigurationError
from pollux.vision.dialects import DIALECTS

Dtype = Literal["auto", "float32", "bfloat16", "float16"]
Quantise = Literal["", "4bit", "8bit"]
Kind = Literal["chat", "embedding"]

ABILITIES: frozenset[Ability] = frozenset({"text", "image_in", "tools", "schema", "think", "logprobs"})
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Options:
    """One model.

    `model` is a name on the hub ("Qwen/Qwen3-VL-8B-Instruct") or a folder; `name` what its card calls it ("": the
    same); `revision` a branch, tag or commit on the hub.  `device`: "auto" (CUDA, then MPS, then CPU), "cpu", "mps",
    "cuda" or "cuda:N".  `dtype` "auto" is the checkpoint's own.  `quantise` needs bitsandbytes, and CUDA.  `attention`
    is transformers' attn_implementation ("": its choice).  `compile`: the forward pass goes through torch.compile,
    which pays from a few hundred answers on.  `batch`: most answers written at once.  `input_tokens`, `output_tokens`
    and `embed_dims`: 0 takes them from the model's configuration.  `dialect` says how the model writes boxes: a name
    of `vision.dialects`, "auto" (by the model's name) or "none"; `mask_decoder` are the weights that make masks of what
    PaliGemma writes (`vision.codes`).  `frames` and `pages`: most pictures made of one video
    or document.  `cache`: megabytes of encoded pictures that are kept.  `preload`: it is loaded when the server
    starts, not at its first request.  `trust_remote_code`: Python from the model's repository may run here.

    Raises ConfigurationError, naming `place`.
    """

    model: str
    name: str = ""
    revision: str = ""
    kind: Kind = "chat"
    dtype: Dtype = "auto"
    device: str = AUTO
    quantise: Quantise = ""
    attention: str = ""
    compile: bool = False
    batch: int = 8
    abilities: frozenset[Ability] = ABILITIES
    input_tokens: int = 0
    output_tokens: int = 0
    embed_dims: int = 0
    dialect: str = AUTO
    mask_decoder: Path | None = None
    frames: int = 64
    pages: int = 100
    cache: int = 256
    preload: bool = False
    trust_remote_code: bool = False
    place: str = "[engine.transformers]"

    def __post_init__(self) -> None:
        if not self.model:
            message = f'{self.place} model is missing: give a name such as "Qwen/Qwen3-VL-8B-Instruct", or a folder.'
            raise ConfigurationError(message)
        for field, values in (("kind", Kind), ("dtype", Dtype), ("quantise", Quantise)):
            self._one_of(field, get_args(values))
        self._one_of("dialect", (AUTO, NONE, *DIALECTS))
        if not _DEVICE.fullmatch(self.device):
            message = f"{self.place} device must be auto, cpu, mps, cuda or cuda:N, not {self.device!r}."
            raise ConfigurationError(message)
        for field, least in (("batch", 1), ("frames", 1), ("pages", 1), ("cache", 0), ("input_tokens", 0)):
            if getattr(self, field) < least:
                raise ConfigurationError(f"{self.place} {field} must be {least} or more, not {getattr(self, field)}.")

    def _one_of(self, field: str, values: tuple[str, ...]) -> None:
        value = getattr(self, field)
        if value not in values:
            known = ", ".join(one or '""' for one in values)
            raise ConfigurationError(f"{self.place} {field} must be one of {known}, not {value!r}.")
