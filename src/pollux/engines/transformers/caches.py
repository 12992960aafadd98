"""What a model remembers of its rows: key-value caches put side by side, taken apart and cut.

A row is prefilled alone, so its cache is its own; to be stepped together, caches are joined along the batch, the
shorter padded with zeros on the left, where the attention mask hides them.  States of linear attention have no length
and need no padding.  Tensors of keys and values are (rows, heads, tokens, dims).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Cache = Any
Layer = Any
Tensor = Any


def joinable(cache: Cache) -> bool:
    """Whether all its layers are of kinds that this module knows; rows with others are stepped alone."""
    from transformers import cache_utils as kinds  # noqa: PLC0415

    known = {
        kinds.DynamicLayer,
        kinds.DynamicSlidingWindowLayer,
        kinds.LinearAttentionLayer,
        kinds.LinearAttentionAndFullAttentionLayer,
        kinds.LinearAttentionAndSlidingWindowAttentionLayer,
        kinds.DummyLayer,
    }
    return type(cache) is kinds.DynamicCache and all(type(layer) in known for layer in cache.layers)


def join(first: Cache, second: Cache, lengths: tuple[int, int]) -> Cache:
    """`first`, with the rows of `second` behind its own; `lengths` are the tokens in each, padding included."""
    whole = max(lengths)
    for one, other in zip(first.layers, second.layers, strict=True):
        if _has_keys(one):
            size = max(one.keys.shape[-2], other.keys.shape[-2])
            one.keys = _cat(_padded(one.keys, size), _padded(other.keys, size))
            one.values = _cat(_padded(one.values, size), _padded(other.values, size))
        if hasattr(one, "cumulative_length"):
            one.cumulative_length = whole
        for name in ("conv_states", "recurrent_states"):
            states, more = getattr(one, name, {}), getattr(other, name, {})
            for key, state in states.items():
                if state is not None:
                    states[key] = _cat(state, more[key])
    return first


def keep(cache: Cache, rows: list[int]) -> None:
    """Leaves only these rows, in this order."""
    _each(cache, lambda tensor: tensor[rows])


def cut(cache: Cache, columns: int, length: int) -> None:
    """Takes so many of the oldest of `length` tokens away: those that are padding in every row."""
    left = length - columns
    for layer in cache.layers:
        if _has_keys(layer) and layer.keys.shape[-2] > left:
            layer.keys = layer.keys[..., -left:, :].contiguous()
            layer.values = layer.values[..., -left:, :].contiguous()
        if hasattr(layer, "cumulative_length"):
            layer.cumulative_length = left


def _each(cache: Cache, change: Callable[[Tensor], Tensor]) -> None:
    for layer in cache.layers:
        if _has_keys(layer):
            layer.keys, layer.values = change(layer.keys), change(layer.values)
        for name in ("conv_states", "recurrent_states"):
            states = getattr(layer, name, {})
            for key, state in states.items():
                if state is not None:
                    states[key] = change(state)


def _has_keys(layer: Layer) -> bool:
    keys = getattr(layer, "keys", None)
    return keys is not None and keys.numel() > 0


def _padded(tensor: Tensor, size: int) -> Tensor:
    import torch  # noqa: PLC0415

    return torch.nn.functional.pad(tensor, (0, 0, size - tensor.shape[-2], 0))


def _cat(one: Tensor, other: Tensor) -> Tensor:
    import torch  # noqa: PLC0415

    return torch.cat((one, other))
