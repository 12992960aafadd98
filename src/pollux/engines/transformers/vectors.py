"""Embedding models: texts to unit vectors, by the recipe that a checkpoint carries.

Checkpoints of sentence-transformers say in small files how their vectors are made, and are followed: which modules
(modules.json), how tokens are pooled (1_Pooling/config.json), a linear layer (2_Dense), what is put before a query or a
document (config_sentence_transformers.json), how much is read (sentence_bert_config.json).  Without these files: the
mean of the last layer's states, at unit length.  https://sbert.net/docs/package_reference/sentence_transformer/models.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pollux.engines.base import EmbedInput
from pollux.engines.transformers import loading
from pollux.engines.transformers.options import Options
from pollux.errors import ConfigurationError, InvalidArgument

Tensor = Any
Place = Mapping[str, Any]
"""What `loading.where` says."""
BATCH_TOKENS = 16_384
"""Most tokens, padding included, that go through the model at once."""
_LONGEST = 1 << 17
_CHARACTERS = 32
"""Characters of a text that are read for each token that may be used of it: what is behind would only be cut off."""

# A task's prompt goes by many names: those of EmbeddingGemma, nomic, Jina, E5 and Qwen3-Embedding, the closest first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "RETRIEVAL_QUERY": ("retrieval-query", "retrieval.query", "query", "search_query", "retrieval"),
    "RETRIEVAL_DOCUMENT": (
        "retrieval-document",
        "retrieval.passage",
        "document",
        "passage",
        "corpus",
        "search_document",
    ),
    "SEMANTIC_SIMILARITY": ("sts", "text-matching", "similarity"),
    "CLASSIFICATION": ("classification",),
    "CLUSTERING": ("clustering", "separation"),
    "QUESTION_ANSWERING": ("question answering", "question_answering", "query", "retrieval.query", "search_query"),
    "FACT_VERIFICATION": ("fact checking", "fact_verification", "query", "retrieval.query", "search_query"),
    "CODE_RETRIEVAL_QUERY": ("code retrieval", "code.query", "nl2code_query", "query", "retrieval.query"),
}
_NO_TITLE = "title: none"
"""EmbeddingGemma's prompt of a document names its title."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a checkpoint's files say; the default is for one that says nothing.

    `pooling`: modes of sentence-transformers, whose results are put side by side.  `dense`: folders of linear layers.
    `length`: most tokens of a text, 0 for what the model takes.  `prompts` by lower-case name; `usual` the name for
    no task in particular.  `counts_prompt`: whether the prompt's tokens are pooled too.
    """

    folder: str = ""
    pooling: tuple[str, ...] = ("mean_tokens",)
    counts_prompt: bool = True
    dense: tuple[str, ...] = ()
    normal: bool = True
    length: int = 0
    lower: bool = False
    prompts: Mapping[str, str] = field(default_factory=dict)
    usual: str = ""

    def prompt(self, task: str) -> str:
        """What goes before a text of a task (the wire's taskType)."""
        names = _NAMES.get(task)
        if names is None:
            return self.prompts.get(self.usual.lower(), "")
        return next((self.prompts[name] for name in names if name in self.prompts), "")


class Vectors:
    """One model.  It is loaded at the first call, and one call computes at a time: for a Lane."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._model = loading.once(options, _load)

    def preload(self) -> None:
        """Begins to load it ahead of time, in a thread of its own."""
        self._model.preload()

    def embed(self, inputs: Sequence[EmbedInput], dims: int | None = None) -> list[list[float]]:
        """One vector an input, in order, of unit length.  What is too long is cut, as the API does it.

        `dims`: the first so many numbers, at unit length again, which models trained for it (Matryoshka) allow.
        Raises InvalidArgument for more than the model has, Unavailable when it cannot be loaded.
        """
        with self._model.use() as model:
            wanted = dims or self._options.embed_dims or model.dims
            if not 1 <= wanted <= model.dims:
                message = f"outputDimensionality must be 1 to {model.dims} for this model, not {wanted}."
                raise InvalidArgument(message, field="outputDimensionality")
            return model.embed(inputs, wanted)

    def close(self) -> None:
        """Gives the model back."""
        self._model.close()


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as the model reads it; `skipped` of its tokens are a prompt that is not pooled."""

    tokens: tuple[int, ...]
    skipped: int


class _Model:
    def __init__(self, model: Any, tokenizer: Any, recipe: Recipe, dense: Sequence[Any], length: int) -> None:
        self._model, self._tokenizer, self._recipe, self._dense = model, tokenizer, recipe, dense
        self._length = length
        self._pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
        width = model.config.get_text_config().hidden_size * len(recipe.pooling)
        self.dims: int = dense[-1][0].out_features if dense else width

    def embed(self, inputs: Sequence[EmbedInput], dims: int) -> list[list[float]]:
        texts = [self._read(item) for item in inputs]
        out: list[list[float]] = [[] for _ in texts]
        for rows in _batches([len(text.tokens) for text in texts]):
            for row, vector in zip(rows, self._run([texts[row] for row in rows], dims), strict=True):
                out[row] = vector
        return out

    def _read(self, item: EmbedInput) -> _Text:
        prompt, text = self._recipe.prompt(item.task), item.text
        if item.title and _NO_TITLE in prompt:
            prompt = prompt.replace(_NO_TITLE, f"title: {item.title}")
        elif item.title:
            text = f"{item.title}\n{text}"
        whole = (prompt + text)[: self._length * _CHARACTERS].strip()
        whole = whole.lower() if self._recipe.lower else whole
        tokens = self._tokenizer(whole, truncation=True, max_length=self._length)["input_ids"]
        skipped = 0
        if prompt and not self._recipe.counts_prompt:
            begin = self._tokenizer(prompt.strip())["input_ids"]
            special = {self._tokenizer.sep_token_id, self._tokenizer.eos_token_id}
            skipped = len(begin) - (begin[-1] in special)
        return _Text(tuple(tokens), skipped)

    def _run(self, texts: Sequence[_Text], dims: int) -> list[list[float]]:
        import torch  # noqa: PLC0415

        longest = max(1, *(len(text.tokens) for text in texts))
        ids = torch.full((len(texts), longest), self._pad, dtype=torch.long)
        mask = torch.zeros_like(ids)
        counted = torch.zeros_like(ids)
        for row, text in enumerate(texts):
            size = len(text.tokens)
            ids[row, :size], mask[row, :size] = torch.tensor(text.tokens, dtype=torch.long), 1
            counted[row, min(text.skipped, max(size - 1, 0)) : size] = 1
        device = self._model.device
        with torch.inference_mode():
            states = self._model(input_ids=ids.to(device), attention_mask=mask.to(device)).last_hidden_state
            pooled = [pool(states, counted.to(device), mode) for mode in self._recipe.pooling]
            vectors = torch.cat(pooled, -1)
            for linear, activation in self._dense:
                vectors = activation(linear(vectors.to(linear.weight.dtype)))
            vectors = vectors.float()[:, :dims]
            if self._recipe.normal or dims < self.dims:
                vectors = torch.nn.functional.normalize(vectors, dim=-1)
        out: list[list[float]] = vectors.cpu().tolist()
        return out


def pool(states: Tensor, mask: Tensor, mode: str) -> Tensor:
    """(rows, width) of `states` (rows, tokens, width) where `mask` (rows, tokens) is 1, padding on the right.

    The modes are those of sentence-transformers' Pooling.
    """
    import torch  # noqa: PLC0415

    rows = torch.arange(len(states), device=states.device)
    if mode == "cls_token":
        return states[rows, mask.argmax(1)]
    if mode == "lasttoken":
        return states[rows, (mask.shape[1] - 1 - mask.flip(1).argmax(1))]
    if mode == "max_tokens":
        return states.masked_fill(mask[..., None] == 0, float("-inf")).amax(1)
    weights = mask[..., None].to(torch.float32)
    if mode == "weightedmean_tokens":  # later tokens count more (SGPT, arXiv 2202.08904)
        weights = weights * torch.arange(1, mask.shape[1] + 1, device=states.device)[None, :, None]
    total = weights.sum(1).clamp(min=1e-9)
    whole = (states.float() * weights).sum(1)
    return whole / (total.sqrt() if mode == "mean_sqrt_len_tokens" else total)


_MODES = ("cls_token", "max_tokens", "mean_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")
_SHORT = {"cls": "cls_token", "max": "max_tokens", "mean": "mean_tokens", "weightedmean": "weightedmean_tokens"}


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers, of alike length together, so that little of a batch is padding."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _load(options: Options) -> _Model:
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    place = loading.where(options)
    recipe = read_recipe(options, place)
    more = place | {"trust_remote_code": options.trust_remote_code}
    more |= {"subfolder": recipe.folder} if recipe.folder else {}
    config = transformers.AutoConfig.from_pretrained(options.model, **more)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model, **more)
    kind = transformers.AutoModelForTextEncoding if config.is_encoder_decoder else transformers.AutoModel
    device = loading.device_of(options.device)
    more |= {"attn_implementation": options.attention} if options.attention else {}
    more |= {"quantization_config": loading.quantised(options)} if options.quantise else {}
    more |= {"device_map": device} if device != "cpu" else {}
    dtype = options.dtype if options.dtype == "auto" else getattr(torch, options.dtype)
    model = kind.from_pretrained(options.model, dtype=dtype, **more).eval()
    dense = [_dense(options, place, folder, model) for folder in recipe.dense]
    lengths = (
        options.input_tokens or recipe.length,
        getattr(config.get_text_config(), "max_position_embeddings", None),
        tokenizer.model_max_length,
    )
    return _Model(model, tokenizer, recipe, dense, min([one for one in lengths if one], default=_LONGEST))


def read_recipe(options: Options, place: Place) -> Recipe:
    """What the checkpoint's files say.  Raises ConfigurationError for a module that is not known here."""
    modules = _read(options, place, "modules.json")
    config = _read(options, place, "config_sentence_transformers.json") or {}
    prompts = {name.lower(): text for name, text in (config.get("prompts") or {}).items() if isinstance(text, str)}
    usual = config.get("default_prompt_name") or ""
    if not isinstance(modules, list):
        return Recipe(prompts=prompts, usual=usual)
    found: dict[str, list[str]] = {}
    for one in modules:
        found.setdefault(str(one.get("type")).rsplit(".", 1)[-1], []).append(str(one.get("path") or ""))
    unknown = found.keys() - {"Transformer", "Pooling", "Dense", "Normalize"}
    if unknown or not {"Transformer", "Pooling"} <= found.keys():
        what = ", ".join(sorted(unknown)) or "no Transformer or no Pooling"
        message = f"{options.place} {options.model} cannot be run: its modules.json names {what}."
        raise ConfigurationError(message)
    folder = found["Transformer"][0]
    reading = _read(options, place, "sentence_bert_config.json", folder) or {}
    pooling = _read(options, place, "config.json", found["Pooling"][0]) or {}
    return Recipe(
        folder=folder,
        pooling=_modes(pooling, options),
        counts_prompt=pooling.get("include_prompt", True),
        dense=tuple(found.get("Dense", ())),
        normal="Normalize" in found,
        length=reading.get("max_seq_length") or 0,
        lower=bool(reading.get("do_lower_case")),
        prompts=prompts,
        usual=usual,
    )


def _modes(pooling: Mapping[str, Any], options: Options) -> tuple[str, ...]:
    """In the order in which sentence-transformers puts them side by side."""
    named = pooling.get("pooling_mode")
    modes = (
        [named] if isinstance(named, str) else named or [one for one in _MODES if pooling.get("pooling_mode_" + one)]
    )
    found = tuple(_SHORT.get(one, one) for one in modes) or ("mean_tokens",)
    for one in found:
        if one not in _MODES:
            raise ConfigurationError(f"{options.place} {options.model} pools by {one!r}, which is not known here.")
    return found


def _dense(options: Options, place: Place, folder: str, model: Any) -> tuple[Any, Any]:
    """(linear layer, activation) of a Dense module."""
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    config = _read(options, place, "config.json", folder) or {}
    weights = _path(options, place, "model.safetensors", folder)
    kind = str(config.get("activation_function", "Identity")).rsplit(".", 1)[-1]
    activation = getattr(torch.nn, kind, None)
    if weights is None or activation is None or not issubclass(activation, torch.nn.Module):
        message = (
            f"{options.place} {options.model}: {folder} has no model.safetensors, or an unknown activation {kind}."
        )
        raise ConfigurationError(message)
    linear = torch.nn.Linear(config["in_features"], config["out_features"], bias=config.get("bias", True))
    linear.load_state_dict({name.removeprefix("linear."): one for name, one in load_file(weights).items()})
    return linear.to(model.device), activation()


def _read(options: Options, place: Place, name: str, folder: str = "") -> Any:
    """A JSON file of the checkpoint, None where it has none."""
    path = _path(options, place, name, folder)
    return json.loads(Path(path).read_text(encoding="utf-8")) if path is not None else None


def _path(options: Options, place: Place, name: str, folder: str) -> str | None:
    from transformers.utils import cached_file  # noqa: PLC0415

    found: str | None = cached_file(
        options.model,
        name,
        subfolder=folder,
        _raise_exceptions_for_missing_entries=False,
        **place,
    )
    return found
