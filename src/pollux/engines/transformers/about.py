"""What can be said of a model without loading it: from its options, and from files of it that are on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pollux.engines.base import Ability, ModelCard
from pollux.engines.transformers.options import ABILITIES, Options

USUAL_WINDOW = 131_072
"""Tokens, where no configuration says."""


def card(options: Options) -> ModelCard:
    """The model's card.  Without its configuration at hand, limits are USUAL_WINDOW and abilities the options'."""
    config = configuration(options)
    window = options.input_tokens or window_of(config) or USUAL_WINDOW
    abilities: frozenset[Ability] = frozenset({"embeddings"}) if options.kind == "embedding" else options.abilities
    if config and options.abilities == ABILITIES and not _sees(config):
        abilities -= {"image_in"}
    if options.mask_decoder is not None:
        abilities |= {"masks"}
    return ModelCard(
        options.name or options.model,
        abilities,
        "A model of Hugging Face transformers, in this process.",
        window,
        options.output_tokens or window,
        (options.embed_dims or _get(config, "hidden_size") or 0) if options.kind == "embedding" else 0,
        keeps_limit=True,
    )


def configuration(options: Options) -> dict[str, Any]:
    """The model's config.json, empty where it is not on this machine."""
    path = local(options, "config.json")
    try:
        found = json.loads(path.read_text("utf-8")) if path is not None else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def window_of(config: dict[str, Any]) -> int:
    """The longest sequence of tokens, 0 where it does not say."""
    value = _get(config, "max_position_embeddings")
    return value if isinstance(value, int) else 0


def local(options: Options, name: str) -> Path | None:
    """A file of the model, where it is on this machine: in its folder, or in the hub's cache."""
    folder = Path(options.model)
    if folder.is_dir():
        return folder / name if (folder / name).is_file() else None
    try:
        from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415
        from huggingface_hub.errors import HFValidationError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        found = try_to_load_from_cache(options.model, name, revision=options.revision or None)
    except HFValidationError:  # no name that the hub could have
        return None
    return Path(found) if isinstance(found, str) else None


class Counter:
    """Counts tokens with the model's tokenizer alone, which is quickly read."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._tokenizer: Any = None

    def count(self, text: str) -> int | None:
        """Tokens of a text, without those of a template; None while no tokenizer.json on this machine can be read."""
        if self._tokenizer is None:
            path = local(self._options, "tokenizer.json")
            if path is None:
                return None
            from tokenizers import Tokenizer  # noqa: PLC0415

            try:
                made = Tokenizer.from_file(str(path))
            except Exception:  # it raises nothing more exact; what is wrong is said when the model is loaded
                return None
            made.no_truncation()
            self._tokenizer = made
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _sees(config: dict[str, Any]) -> bool:
    """Whether it has eyes: a part for pictures, or an architecture that is for more than text."""
    named = any(isinstance(one, str) and "ForCausalLM" not in one for one in config.get("architectures") or ())
    return named or any("vision" in key or "image" in key for key in config)


def _get(config: dict[str, Any], name: str) -> Any:
    """A value of the text model, which stands in a part of its own where there are several."""
    inner = [config.get(part) for part in ("text_config", "llm_config", "language_config")]
    places = [part for part in inner if isinstance(part, dict)]
    return next((place[name] for place in (*places, config) if name in place), None)
