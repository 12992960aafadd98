"""What a specialist is told: which model it is, where it computes, and what it keeps of what it finds."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, get_args

from pollux.errors import ConfigurationError

Kind = Literal["auto", "grounding-dino", "owlv2", "florence-2", "sam2"]
Dtype = Literal["auto", "float32", "float16", "bfloat16"]

FINDERS: frozenset[Kind] = frozenset({"grounding-dino", "owlv2", "florence-2"})
"""Give boxes for words."""
MASKERS: frozenset[Kind] = frozenset({"sam2"})
"""Give masks for boxes."""
MOST_BOXES = 5_000
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Options:
    """One specialist.

    `model` is a folder, or a name on the hub ("facebook/sam2.1-hiera-small"); `revision` a branch, tag or commit
    there.  `kind` is its family; "auto" reads it from a folder's config.json, or from the name.  `device`: "auto"
    (CUDA, then MPS, then CPU), "cpu", "mps", "cuda" or "cuda:N".  `dtype` "auto" is float32: such models are small, and
    coordinates suffer from less.  `threshold` is the least score of a box, 0 to 1; None is the family's own.  `nms`: of
    two boxes of one label whose IoU is above it the worse one goes; 1 keeps all.  At most `most` boxes are kept, the
    best ones.  `preload`: it is loaded when the server starts, not at its first request.

    Raises ConfigurationError, naming `place`.
    """

    model: str
    revision: str = ""
    kind: Kind = "auto"
    dtype: Dtype = "auto"
    device: str = "auto"
    threshold: float | None = None
    nms: float = 0.7
    most: int = 100
    preload: bool = False
    place: str = "[engine.specialist]"

    def __post_init__(self) -> None:
        if not self.model:
            message = f'{self.place} model is missing: give a name such as "facebook/sam2.1-hiera-small", or a folder.'
            raise ConfigurationError(message)
        for key, value, known in (("kind", self.kind, get_args(Kind)), ("dtype", self.dtype, get_args(Dtype))):
            if value not in known:
                raise ConfigurationError(f"{self.place} {key} must be one of {', '.join(known)}, not {value!r}.")
        if not _DEVICE.fullmatch(self.device):
            message = f"{self.place} device must be auto, cpu, mps, cuda or cuda:N, not {self.device!r}."
            raise ConfigurationError(message)
        for key, number in (("threshold", self.threshold), ("nms", self.nms)):
            if number is not None and not (math.isfinite(number) and 0 <= number <= 1):
                raise ConfigurationError(f"{self.place} {key} must be 0 to 1, not {number}.")
        if not 1 <= self.most <= MOST_BOXES:
            raise ConfigurationError(f"{self.place} most must be 1 to {MOST_BOXES}, not {self.most}.")
