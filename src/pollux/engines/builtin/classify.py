"""What a photograph shows, in the words of ImageNet: EfficientNet-Lite0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.runtime import Lazy, Model, weights_file
from pollux.engines.builtin.scene import Label

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 224  # what the model was trained on, in pixels
_MARGIN = 256  # the short side from which the centre is cut: the usual 224 / 0.875
_STRIDE = 32  # pixels of one place of the feature map
_LONGEST = 3.0  # sides further apart than 3:1 are squeezed: beyond it a view is mostly a strip of nothing
_NONE = np.zeros(0, np.int64)


class Classifier:
    """A thousand everyday things and animals; loaded at the first picture; any thread may call any method."""

    def __init__(self, threads: int = 2) -> None:
        self._model = Model("efficientnet-lite0-fp16.onnx", threads)
        self._table = Lazy(_load_labels)
        self._bias = Lazy(self._measure_bias)

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._model.loaded

    def load(self) -> None:
        """Load weights and names now rather than at the first picture."""
        self._model.load()
        self._table()

    @property
    def labels(self) -> tuple[Label, ...]:
        """All 1000 classes in the model's order, each with score 0; two are called "sunglasses"."""
        return self._table()

    def classify(self, rgb: Pixels, top: int = 5) -> tuple[Label, ...]:
        """The likeliest names of an upright picture (h, w, 3) uint8 RGB, best first.

        Scores are the mean of two looks: the whole picture in its own proportions, and its middle seen closer, which
        is how the model was trained.  Over all 1000 classes they sum to 1; classes with the same name are one.
        """
        _check(rgb)
        looks = [self._model.run(["probabilities"], pixels=view[None], wanted=_NONE)[0][0] for view in _views(rgb)]
        scores = np.mean(looks, axis=0)
        table, best = self._table(), dict[str, Label]()
        for index in np.argsort(-scores, kind="stable")[: top + 1]:
            label = table[index]
            score = float(scores[index]) + (best[label.name].score if label.name in best else 0.0)
            best[label.name] = Label(label.name, score, label.names, label.family)
        return tuple(sorted(best.values(), key=lambda label: -label.score)[:top])

    def features(self, rgb: Pixels) -> Floats:
        """What the model saw, before it chose words: (1280,) float32, 0 to 6, the mean over the whole picture."""
        _check(rgb)
        maps = self._model.run(["features"], pixels=_whole(rgb, SIDE)[None], wanted=_NONE)[0][0]
        return np.asarray(maps.mean(axis=(1, 2)), np.float32)

    def activations(self, rgb: Pixels, classes: Sequence[int], side: int = 448) -> Floats:
        """Where the picture speaks for each class (an index into `labels`): (len(classes), rows, columns) float32.

        The map covers the whole picture evenly; only differences within it mean something.  `side` squared is about
        the number of pixels looked at: one place for each 32 x 32 of them.
        """
        _check(rgb)
        wanted = np.asarray(classes, np.int64)
        (maps,) = self._model.run(["activations"], pixels=_whole(rgb, side)[None], wanted=wanted)
        return np.asarray(maps[0], np.float32)

    def evidence(self, rgb: Pixels, side: int = 448) -> Floats:
        """As `activations`, of all classes and comparable between them: (1000, rows, columns) float32.

        The softmax of the mean over any rectangle of places is what the model would say of that part of the picture.
        """
        return np.asarray(self.activations(rgb, range(len(self._table())), side) + self._bias()[:, None, None])

    def _measure_bias(self) -> Floats:
        """The constant of each class, up to one that all share: what one grey place says beyond its activations."""
        grey = np.full((1, _STRIDE, _STRIDE, 3), 127, np.uint8)
        wanted = np.arange(len(self._table()))
        said, heard = self._model.run(["probabilities", "activations"], pixels=grey, wanted=wanted)
        return np.asarray(np.log(said[0]) - heard[0, :, 0, 0], np.float32)


def _check(rgb: NDArray[Any]) -> None:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
        raise ValueError(f"expected a picture (h, w, 3) of uint8, got {rgb.shape} of {rgb.dtype}")


def _views(rgb: Pixels) -> tuple[Pixels, Pixels]:
    """The whole picture, and its middle."""
    height, width = rgb.shape[:2]
    scale = _MARGIN / min(height, width)
    limit = round(_MARGIN * _LONGEST)
    near = _resize(rgb, min(round(height * scale), limit), min(round(width * scale), limit))
    top, left = (near.shape[0] - SIDE) // 2, (near.shape[1] - SIDE) // 2
    return _whole(near, SIDE), np.ascontiguousarray(near[top : top + SIDE, left : left + SIDE])


def _whole(rgb: Pixels, side: int) -> Pixels:
    """The picture at about side x side pixels, in its own proportions, both sides in whole strides."""
    ratio = min(max(rgb.shape[1] / rgb.shape[0], 1 / _LONGEST), _LONGEST) ** 0.5
    height, width = (max(1, round(side * f / _STRIDE)) * _STRIDE for f in (1 / ratio, ratio))
    return _resize(rgb, height, width)


def _resize(rgb: Pixels, height: int, width: int) -> Pixels:
    import cv2  # noqa: PLC0415 - 30 MB, first needed when there is a picture

    shrinking = height * width < rgb.shape[0] * rgb.shape[1]
    how = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=how), np.uint8)


def _load_labels() -> tuple[Label, ...]:
    """`labels.tsv`: index, names with the most usual first, and a broader everyday word or nothing."""
    with weights_file("labels.tsv") as path:
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    split = [(tuple(names.split("; ")), family) for _, names, family in rows]
    return tuple(Label(names[0], 0.0, names, family) for names, family in split)
