"""How near two phrases are in meaning: whole words first, sentence embeddings behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from pollux.engines.builtin.english import key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to unit rows."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, each row of length one."""
        ...


class Meaning:
    """Similarity of phrases.  Loads nothing until asked; the embedder remembers what it embedded."""

    def __init__(self, make: Callable[[], Embedder]) -> None:
        self._make = make

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """Cosine similarity of the text with each of the others, -1 to 1; 1 where they share their telling words."""
        if not others:
            return []
        rows = self._make().embed([text, *others])
        own = key(text)
        nearness = rows[1:] @ rows[0]
        return [1.0 if own and key(other) == own else float(near) for other, near in zip(others, nearness, strict=True)]

    def best(self, text: str, others: Sequence[str]) -> tuple[int, float]:
        """Index and similarity of the nearest of the others; (-1, 0.0) when there are none."""
        scores = self.likeness(text, others)
        if not scores:
            return -1, 0.0
        index = max(range(len(scores)), key=scores.__getitem__)
        return index, scores[index]
