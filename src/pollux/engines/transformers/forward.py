"""The forward pass: a prompt alone, then one token at a time for a group of rows.

Inputs are put together as transformers' own generate does it (`prepare_inputs_for_generation`, positions and features
first), so that whatever a family needs, from three-dimensional positions to masks for pictures, it gets.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pollux.engines.transformers import caches

Tensor = Any
Row = TypeVar("Row")
SPAN, SHORT = 4, 2048
"""Rows share a group where the longer is at most SPAN times the shorter, or SHORT tokens: padding takes memory."""


@dataclass
class Group(Generic[Row]):
    """Rows that are stepped together.

    `positions` are those of the next token, (..., rows, 1), None for models that take none; `pads` says how many
    columns at each row's left are padding, of `length`.
    """

    rows: list[Row]
    cache: Any
    positions: Tensor | None
    pads: list[int]
    length: int

    def takes(self, other: Group[Row]) -> bool:
        """Whether `other` may join."""
        low, high = sorted((self.length, other.length))
        return (high <= SHORT or high <= SPAN * low) and caches.joinable(self.cache) and caches.joinable(other.cache)

    def join(self, other: Group[Row]) -> None:
        """Takes the rows of `other`, which is used up."""
        import torch  # noqa: PLC0415

        self.cache = caches.join(self.cache, other.cache, (self.length, other.length))
        if self.positions is not None:
            self.positions = torch.cat((self.positions, other.positions), dim=-2)
        whole = max(self.length, other.length)
        self.pads = [pad + whole - group.length for group in (self, other) for pad in group.pads]
        self.rows, self.length = [*self.rows, *other.rows], whole

    def keep(self, rows: list[int]) -> None:
        """Leaves only these rows, and no column that is padding in all of them."""
        if len(rows) < len(self.rows):
            caches.keep(self.cache, rows)
            if self.positions is not None:
                self.positions = self.positions[..., rows, :]
            self.rows, self.pads = [self.rows[row] for row in rows], [self.pads[row] for row in rows]
        spare = min(self.pads)
        if spare:
            caches.cut(self.cache, spare, self.length)
            self.pads, self.length = [pad - spare for pad in self.pads], self.length - spare


class Forward:
    """A model as the batcher calls it; `step` may be a compiled one."""

    def __init__(self, model: Any, step: Callable[..., Any] | None = None) -> None:
        self._model = model
        self._step = model if step is None else step
        known = self._known = set(inspect.signature(model.forward).parameters)
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in known else {}
        self._positions = "position_ids" in known
        self._encodes: Any = getattr(getattr(model, "base_model", None), "get_image_features", None)
        self._takes_features = "mm_encoder_outputs" in known and self._encodes is not None

    @property
    def width(self) -> int:
        """How many logits it gives."""
        return int(self._model.config.get_text_config(decoder=True).vocab_size)

    @property
    def takes_features(self) -> bool:
        """Whether pictures can be encoded apart from the prompt."""
        return self._takes_features

    def encode(self, inputs: Mapping[str, Any]) -> Any:
        """The features of one picture, from what its processor made of it."""
        import torch  # noqa: PLC0415

        names = set(inspect.signature(self._encodes).parameters)
        given = {name: value for name, value in self._placed(inputs).items() if name in names}
        with torch.inference_mode():
            return self._encodes(**given, return_dict=True)

    def prefill(self, inputs: Mapping[str, Any], features: Any = None) -> tuple[Tensor, Group[Any]]:
        """(the next token's logits, (1, vocabulary) in float32, and a group of one row, which the caller names).

        `features` are those of all the prompt's pictures, where they were encoded apart.
        """
        import torch  # noqa: PLC0415
        from transformers import DynamicCache  # noqa: PLC0415

        spare = {"token_type_ids"} - self._known | ({"pixel_values"} if features is not None else set())
        given = self._placed({name: value for name, value in inputs.items() if name not in spare})
        ids = given.pop("input_ids")
        given.setdefault("attention_mask", torch.ones_like(ids))
        cache = DynamicCache(config=self._model.config.get_text_config(decoder=True))
        positions = None
        with torch.inference_mode():
            if self._positions:
                positions = self._model._prepare_position_ids_for_generation(
                    ids, {"input_ids": ids, "past_key_values": cache, **given}
                )
            given["attention_mask"] = None  # nothing is padded
            if features is not None:
                for name in inspect.signature(self._encodes).parameters:
                    given.pop(name, None)
                given["mm_encoder_outputs"] = {"image": features}
            out = self._run(self._model, ids, cache, positions, is_first_iteration=True, **given)
            following = None if positions is None else positions[..., -1:] + 1
        return out, Group([None], cache, following, [0], ids.shape[-1])

    def step(self, group: Group[Any], tokens: Sequence[int]) -> Tensor:
        """The logits that follow the rows' last tokens, (rows, vocabulary) in float32."""
        import torch  # noqa: PLC0415

        device = self._model.device
        ids = torch.tensor(tokens, device=device)[:, None]
        group.length += 1
        mask = None
        with torch.inference_mode():
            if any(group.pads):
                columns = torch.arange(group.length, device=device)[None]
                mask = (columns >= torch.tensor(group.pads, device=device)[:, None]).long()
            out = self._run(self._step, ids, group.cache, group.positions, attention_mask=mask)
            if group.positions is not None:
                group.positions = group.positions + 1
        return out

    def _run(self, call: Callable[..., Any], ids: Tensor, cache: Any, positions: Tensor | None, **given: Any) -> Tensor:
        if positions is not None:
            given["position_ids"] = positions
        ready = self._model.prepare_inputs_for_generation(ids, past_key_values=cache, use_cache=True, **given)
        ready.pop("is_first_iteration", None)
        return call(**ready, **self._last_only, return_dict=True).logits[:, -1].float()

    def _placed(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """On the model's device; pictures in its precision."""
        import torch  # noqa: PLC0415

        device, dtype = self._model.device, self._model.dtype
        return {
            name: value.to(device, dtype if value.is_floating_point() else None) if torch.is_tensor(value) else value
            for name, value in inputs.items()
        }
