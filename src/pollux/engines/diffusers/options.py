"""What a diffusers engine is told: which model, where and in which numbers it computes, how it draws."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pollux.errors import ConfigurationError

Dtype = Literal["auto", "float32", "float16", "bfloat16"]
Offload = Literal["", "model", "sequential"]
Quantise = Literal["", "8bit", "4bit"]

DTYPES: tuple[Dtype, ...] = ("auto", "float32", "float16", "bfloat16")
OFFLOADS: tuple[Offload, ...] = ("", "model", "sequential")
QUANTISED: tuple[Quantise, ...] = ("", "8bit", "4bit")
LEAST_PIXELS = 64 * 64
OURS = frozenset(
    (
        "prompt",
        "image",
        "mask_image",
        "width",
        "height",
        "generator",
        "output_type",
        "callback_on_step_end",
        "num_images_per_prompt",
    )
)
"""Arguments of a pipeline that come from the request, and so cannot be given as `extra`."""
_DEVICE = re.compile(r"auto|cpu|mps|xpu|cuda(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Options:
    """One diffusion model: a folder in diffusers' layout, or its name on the Hugging Face hub.

    `pipeline` names the class of diffusers that is to run it, "" for the one that the model names itself;
    `revision` a branch, tag or commit on the hub, `variant` a kind of its files ("fp16").  `dtype` "auto" is
    bfloat16 on a GPU and float32 on a CPU.  `offload` keeps weights in the CPU's memory and moves them to the GPU
    when they are needed: a component at a time ("model"), or a layer at a time ("sequential": slow, least memory).
    `quantise` stores the large components' weights in so many bits (bitsandbytes, CUDA alone).  `compile`: the
    network of the steps goes through torch.compile, anew for every size.  `loras` are adapters, folders or hub
    names, with their weights.

    `steps` 0, `guidance` None and `most_pixels` 0 leave the pipeline's own.  `strength` (over 0, at most 1) is how far
    image-to-image leaves the given picture; pipelines that edit by instruction have none.  Canvases of more than
    `most_pixels` are drawn smaller and resampled.  `interim`: previews of the unfinished picture as thoughts.  `extra`
    is merged into every call of the pipeline.  `preload` loads the model when the server starts.

    Raises ConfigurationError, naming `place`.
    """

    model: str
    pipeline: str = ""
    revision: str = ""
    variant: str = ""
    dtype: Dtype = "auto"
    device: str = "auto"
    offload: Offload = ""
    quantise: Quantise = ""
    compile: bool = False
    loras: Mapping[str, float] = field(default_factory=dict)
    steps: int = 0
    guidance: float | None = None
    strength: float = 0.8
    negative_prompt: str = ""
    most_pixels: int = 0
    interim: bool = True
    preload: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: str = "[engine.diffusers]"

    def __post_init__(self) -> None:
        if not self.model:
            raise ConfigurationError(f"{self.place} model is missing: give a folder or a name on the hub.")
        self._one_of("dtype", self.dtype, DTYPES)
        self._one_of("offload", self.offload, OFFLOADS)
        self._one_of("quantise", self.quantise, QUANTISED)
        if not _DEVICE.fullmatch(self.device):
            message = (
                f'{self.place} device must be "auto", "cpu", "cuda", "cuda:N", "mps" or "xpu", not {self.device!r}.'
            )
            raise ConfigurationError(message)
        if self.steps < 0:
            raise ConfigurationError(f"{self.place} steps must be 0 (the pipeline's own) or more, not {self.steps}.")
        if self.guidance is not None and not math.isfinite(self.guidance):
            raise ConfigurationError(f"{self.place} guidance must be a number, not {self.guidance}.")
        if not 0 < self.strength <= 1:
            raise ConfigurationError(f"{self.place} strength must be over 0 and at most 1, not {self.strength:g}.")
        if self.most_pixels and self.most_pixels < LEAST_PIXELS:
            message = f"{self.place} most_pixels must be 0 (the model's own) or at least {LEAST_PIXELS}."
            raise ConfigurationError(message)
        for name in OURS & set(self.extra):
            raise ConfigurationError(f"{self.place} extra must not hold {name}: it comes from the request.")

    def _one_of(self, key: str, value: str, known: tuple[str, ...]) -> None:
        if value not in known:
            shown = ", ".join(repr(one) for one in known)
            raise ConfigurationError(f"{self.place} {key} must be one of {shown}, not {value!r}.")
