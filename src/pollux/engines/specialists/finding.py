"""A finder with a model: which one, and what of its boxes is kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

from pollux.engines.specialists.base import Cancelled, Found, Pixels
from pollux.engines.specialists.loading import held
from pollux.engines.specialists.options import Options
from pollux.vision.boxes import suppress


class Model(Protocol):
    """One family's way: everything that it sees above its threshold, boxes as they come."""

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> Iterable[Found]:
        """`labels` are given back as given."""
        ...


class ModelFinder:
    """A `Finder`; `options.kind` is one of FINDERS."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._held = held(options, load)

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> list[Found]:
        """Best first, within the picture, without doubles."""
        if not labels:
            return []
        with self._held.use(cancelled) as model:
            found = list(model.find(pixels, labels, cancelled))
        return kept(found, (pixels.shape[1], pixels.shape[0]), self._options)

    def close(self) -> None:
        """Gives the model back."""
        self._held.close()


def load(options: Options) -> Model:
    """The model of a family; blocks."""
    if options.kind == "owlv2":
        from pollux.engines.specialists.owlv2 import Owlv2  # noqa: PLC0415

        return Owlv2(options)
    if options.kind == "florence-2":
        from pollux.engines.specialists.florence import Florence  # noqa: PLC0415

        return Florence(options)
    from pollux.engines.specialists.grounding_dino import GroundingDino  # noqa: PLC0415

    return GroundingDino(options)


def kept(found: Sequence[Found], size: tuple[int, int], options: Options) -> list[Found]:
    """Boxes cut at the picture's edges; those without a pixel, worse doubles, and all after the best `most`, go."""
    width, height = size
    inside = []
    for one in found:
        if not all(math.isfinite(value) for value in (*one.box, one.score)):
            continue
        x0, y0, x1, y1 = one.box
        box = max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))
        if box[2] - box[0] >= 1 and box[3] - box[1] >= 1:
            inside.append(Found(box, one.label, one.score))
    inside = sorted(inside, key=lambda one: -one.score)
    if inside and options.nms < 1:
        boxes, scores = [one.box for one in inside], [one.score for one in inside]
        places = suppress(boxes, scores, threshold=options.nms, labels=[one.label for one in inside])
        inside = [inside[at] for at in places.tolist()]
    return inside[: options.most]
