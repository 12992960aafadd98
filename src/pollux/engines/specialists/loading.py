"""A specialist's model: of which family it is, and how it is loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pollux.engines.once import Once
from pollux.engines.specialists.options import FINDERS, MASKERS, Kind, Options
from pollux.engines.transformers.loading import device_of, once, where
from pollux.errors import ConfigurationError

T = TypeVar("T")
_KINDS: dict[str, Kind] = {
    "grounding-dino": "grounding-dino",
    "mm-grounding-dino": "grounding-dino",
    "owlv2": "owlv2",
    "florence2": "florence-2",
    "sam2": "sam2",
    "sam2_video": "sam2",
}
"""Families by the model_type of a config.json; the checkpoints of SAM 2 call themselves after its video model."""


def held(options: Options, load: Callable[[Options], T]) -> Once[T]:
    """A specialist's model, which is being loaded at once where the options say so; `load` may raise anything."""
    model = once(options, load)
    if options.preload:
        model.preload()
    return model


def resolved(options: Options) -> Options:
    """The options with the family that "auto" means: by a folder's config.json, or by the name on the hub.

    Nothing is fetched for it.  Raises ConfigurationError where neither says it.
    """
    if options.kind != "auto":
        return options
    config = Path(options.model) / "config.json"
    told = ""
    if config.is_file():
        try:
            told = str(json.loads(config.read_text("utf-8")).get("model_type", ""))
        except (OSError, ValueError, AttributeError):
            raise ConfigurationError(f"{options.place} model: {config} cannot be read.") from None
        kind = _KINDS.get(told)
    else:
        name = options.model.lower().replace("_", "-")
        kind = next((kind for kind in (*sorted(FINDERS), *sorted(MASKERS)) if kind in name), None)
    if kind is None:
        known = ", ".join((*sorted(FINDERS), *sorted(MASKERS)))
        what = f"{options.model!r} is a {told}" if told else f"what {options.model!r} is cannot be told"
        raise ConfigurationError(f"{options.place} model: {what}; give a model of, or set kind to, one of {known}.")
    return replace(options, kind=kind)


def pretrained(options: Options, kind: Any) -> Any:
    """What a class of transformers makes of the checkpoint."""
    return kind.from_pretrained(options.model, **where(options))


def ready(options: Options, kind: Any) -> Any:
    """A model of a class of transformers: on its device, in its precision, for answering only."""
    model = kind.from_pretrained(options.model, dtype=dtype(options), **where(options))
    return model.to(device_of(options.device)).eval()


def dtype(options: Options) -> Any:
    """The torch.dtype of the weights."""
    import torch  # noqa: PLC0415

    return getattr(torch, "float32" if options.dtype == "auto" else options.dtype)
