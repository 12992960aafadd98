"""Encoded pictures, kept: what a vision tower made of a picture is the same for every question about it.

Only the model's thread uses them; others may ask whether one is there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1 << 20
_PARTS = ("pooler_output", "deepstack_features")
"""What models read of an encoded picture: transformers' own generate keeps the same two."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of a prompt: `key` is the hash of its pixels and of how they are processed; `inputs` does that."""

    key: str
    inputs: Callable[[], Mapping[str, Any]]


class Pictures:
    """The last used ones, up to so many megabytes."""

    def __init__(self, megabytes: int, encode: Callable[[Mapping[str, Any]], Any]) -> None:
        self._room = megabytes * MEGABYTE
        self._encode = encode
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._bytes = 0

    def features(self, pictures: Sequence[Seen]) -> Any:
        """The features of all of them, in order, as the model's forward pass takes them."""
        return _joined([self._one(picture) for picture in pictures])

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def clear(self) -> None:
        """Forgets all."""
        self._kept.clear()
        self._bytes = 0

    def _one(self, picture: Seen) -> Any:
        found = self._kept.get(picture.key)
        if found is not None:
            self._kept.move_to_end(picture.key)
            return found
        made = self._encode(picture.inputs())
        lean = type(made)(**{name: made[name] for name in _PARTS if made.get(name) is not None})
        size = sum(tensor.nbytes for tensor in _tensors(lean.values()))
        if size <= self._room:
            self._kept[picture.key] = lean
            self._bytes += size
        while self._bytes > self._room:
            _, old = self._kept.popitem(last=False)
            self._bytes -= sum(tensor.nbytes for tensor in _tensors(old.values()))
        return lean


def _joined(outputs: list[Any]) -> Any:
    """Of several pictures one output: rows of tensors, items of lists, and layer by layer where there are layers."""
    if len(outputs) == 1:
        return outputs[0]
    first = outputs[0]
    joined = {"pooler_output": _cat([one["pooler_output"] for one in outputs])}
    if first.get("deepstack_features") is not None:
        layers = zip(*(one["deepstack_features"] for one in outputs), strict=True)
        joined["deepstack_features"] = [_cat(list(layer)) for layer in layers]
    return type(first)(**joined)


def _cat(parts: list[Any]) -> Any:
    import torch  # noqa: PLC0415

    if torch.is_tensor(parts[0]):
        return torch.cat(parts)
    return [item for part in parts for item in part]


def _tensors(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if hasattr(value, "nbytes"):
            yield value
        elif isinstance(value, list | tuple):
            yield from _tensors(value)
