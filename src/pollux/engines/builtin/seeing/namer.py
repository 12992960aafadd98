"""What drawn things are called: emoji, icons, clip art.  A small network trained by `tools/train_namer.py`.

A class is as likely as the view is near its direction and near the nearest of eight drawings of it, both in the graph.
What it knows, from what, and where it fails: `docs/models/namer.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.runtime import Lazy, Model, weights_file

SIDE = 64  # pixels of the pictures that it takes
FILL = 0.9  # of their side: what the thing's longer side fills
_SCALE = 24.0  # from likeness to probability, as it was trained; of an unseen set's names the mean is then right
_AT_ONCE = 64


class Namer:
    """Names of drawn things among some two thousand; loaded at the first use; any thread may call it."""

    def __init__(self, threads: int = 2) -> None:
        self._model = Model("namer-int8.onnx", threads)
        self._names = Lazy(_load)

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Each class's names, most usual first; broader words and what people search it by come after."""
        return self._names()

    def name(self, views: Sequence[Pixels]) -> list[tuple[tuple[str, ...], float]]:
        """The names of the thing in each 64 x 64 RGB view, and a probability (0 to 1)."""
        out: list[tuple[tuple[str, ...], float]] = []
        for start in range(0, len(views), _AT_ONCE):
            (likeness,) = self._model.run(["likeness"], pixels=np.stack(views[start : start + _AT_ONCE]))
            power = np.exp(_SCALE * (likeness - likeness.max(axis=1, keepdims=True)))
            chance = power.max(axis=1) / power.sum(axis=1)
            best = likeness.argmax(axis=1)
            out += [(self.names[int(i)], float(p)) for i, p in zip(best, chance, strict=True)]
        return out


@lru_cache(maxsize=1)
def namer() -> Namer:
    """The one that all pictures share."""
    return Namer()


def _load() -> tuple[tuple[str, ...], ...]:
    with weights_file("namer.tsv") as path:
        return tuple(tuple(line.split("; ")) for line in path.read_text("utf-8").splitlines())
