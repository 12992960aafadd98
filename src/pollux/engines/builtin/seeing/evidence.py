"""What the classifier sees where: the evidence of each family of classes over a photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.classify import Classifier
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Label

Floats = NDArray[np.float32]
Members = NDArray[np.int64]  # indices of classes

FINE = 448  # pixels: where small things show
COARSE = 224  # pixels: what the model was trained on; where whole things show
WINDOW = 5  # places of the fine map: a view of 160 pixels and what lies around it


@dataclass(frozen=True, slots=True)
class Families:
    """The classes by the word that people use for them: `members[i]` are the classes of `names[i]`."""

    names: tuple[str, ...]
    members: tuple[Members, ...]
    order: Members
    starts: Members

    def sums(self, values: Floats) -> Floats:
        """Of values by class, along the first axis, those by family."""
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))


def families(labels: Sequence[Label]) -> Families:
    """The families of the classifier's labels; a class without a family is one of its own."""
    words = [label.family or label.name for label in labels]
    names = sorted(set(words))
    place = {name: i for i, name in enumerate(names)}
    number = np.array([place[word] for word in words])
    members = tuple(np.flatnonzero(number == i) for i in range(len(names)))
    order = np.concatenate(members)
    return Families(tuple(names), members, order, np.searchsorted(number[order], np.arange(len(names))))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photograph's evidence by class and place: coarse and fine, and the best of all windows by family."""

    coarse: Floats
    fine: Floats
    windows: Floats  # families x rows x columns

    @classmethod
    def of(cls, classifier: Classifier, kin: Families, picture: Pixels) -> Evidence:
        """Two looks of the classifier."""
        fine = classifier.evidence(picture, FINE)
        return cls(classifier.evidence(picture, COARSE), fine, kin.sums(softmax(window_means(fine, WINDOW))))

    def heat(self, members: Members) -> Floats:
        """Where a family shows, 0 to 1, on the fine map: the mean of what both looks say."""
        weights = softmax(self.fine)[members].max(axis=(1, 2))
        weights /= weights.sum()
        maps = [_levelled(np.tensordot(weights, one[members], 1)) for one in (self.coarse, self.fine)]
        both = (_grown(maps[0], maps[1].shape) + maps[1]) / 2
        return np.asarray(both / max(float(both.max()), 1e-6), np.float32)


def middle(picture: Pixels) -> Pixels:
    """The square in the middle, 7/8 of the shorter side: how the classifier was trained to look."""
    height, width = picture.shape[:2]
    side = max(1, min(height, width) * 7 // 8)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(picture[top : top + side, left : left + side])


def softmax(values: Floats) -> Floats:
    """Along the first axis."""
    raised = np.exp(values - values.max(axis=0))
    return np.asarray(raised / raised.sum(axis=0), np.float32)


def window_means(maps: Floats, side: int) -> Floats:
    """Means over all windows of side x side places, fewer where the map is smaller."""
    rows, columns = min(side, maps.shape[1]), min(side, maps.shape[2])
    sums = np.zeros((maps.shape[0], maps.shape[1] + 1, maps.shape[2] + 1), np.float64)
    sums[:, 1:, 1:] = maps.cumsum(1, np.float64).cumsum(2)
    total = (
        sums[:, rows:, columns:] - sums[:, :-rows, columns:] - sums[:, rows:, :-columns] + sums[:, :-rows, :-columns]
    )
    return np.asarray(total / (rows * columns), np.float32)


def _levelled(heat: Floats) -> Floats:
    """0 at what a fifth of the places stay below, 1 at the mean of the hottest."""
    low = np.percentile(heat, 20)
    top = np.sort(heat, axis=None)[-max(2, heat.size // 60) :].mean()
    return np.asarray(np.clip((heat - low) / (top - low + 1e-6), 0, 1), np.float32)


def _grown(heat: Floats, shape: Sequence[int]) -> Floats:
    import cv2  # noqa: PLC0415 - 30 MB, first needed when there is a picture

    return np.asarray(cv2.resize(heat, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)
