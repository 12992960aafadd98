from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pollux import samples
from pollux.engines.builtin.classify import Classifier

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def picture(name: str) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(samples.read(name))).convert("RGB"))


@pytest.mark.parametrize(("name", "family"), [("cat", "cat"), ("coffee", "coffee")])
def test_photographs_are_named(classifier: Classifier, name: str, family: str) -> None:
    labels = classifier.classify(picture(name))
    assert labels[0].family == family
    assert labels[0].score > 0.3
    assert [label.score for label in labels] == sorted((label.score for label in labels), reverse=True)
    assert all(label.names[0] == label.name for label in labels)


def test_scores_are_one_distribution(classifier: Classifier) -> None:
    labels = classifier.classify(picture("cat"), top=1000)
    assert sum(label.score for label in labels) == pytest.approx(1, abs=1e-4)
    assert len({label.name for label in labels}) == len(labels) == 999


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (100, 30), (3000, 2000), (224, 224)])
def test_any_size_is_taken(classifier: Classifier, shape: tuple[int, int]) -> None:
    rgb = np.full((*shape, 3), 128, np.uint8)
    assert len(classifier.classify(rgb, top=3)) == 3


@pytest.mark.parametrize(
    "bad", [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 3), np.float32), np.zeros((0, 8, 3), np.uint8)]
)
def test_what_is_no_picture_is_refused(classifier: Classifier, bad: Pixels) -> None:
    with pytest.raises(ValueError, match="uint8"):
        classifier.classify(bad)


@pytest.mark.parametrize("side", ["left", "right"])
def test_activations_tell_where(classifier: Classifier, side: str) -> None:
    """A cat beside a grey field: the map of its class is stronger on the cat's side."""
    cat = picture("cat")
    field = np.full_like(cat, 127)
    rgb = np.concatenate([cat, field] if side == "left" else [field, cat], axis=1)
    index = next(i for i, label in enumerate(classifier.labels) if label.name == "tiger cat")
    (map_,) = classifier.activations(rgb, [index])
    half = map_.shape[1] // 2
    halves = {"left": map_[:, :half].max(), "right": map_[:, half:].max()}
    assert max(halves, key=lambda name: halves[name]) == side


def test_features_know_a_picture_from_another(classifier: Classifier) -> None:
    cat, mirrored, coffee = (
        vector / np.linalg.norm(vector)
        for vector in (classifier.features(p) for p in (picture("cat"), picture("cat")[:, ::-1], picture("coffee")))
    )
    assert cat @ mirrored > 0.8 > cat @ coffee


def test_nothing_is_loaded_before_it_is_needed() -> None:
    classifier = Classifier()
    assert len(classifier.labels) == 1000
    assert not classifier.loaded


@pytest.mark.parametrize(
    ("index", "name", "family"),
    [
        (0, "tench", "fish"), (134, "crane", "bird"), (207, "golden retriever", "dog"), (281, "tabby cat", "cat"),
        (397, "pufferfish", "fish"), (398, "abacus", "calculator"), (517, "construction crane", "machine"),
        (665, "moped", "motorcycle"), (872, "tripod", ""), (967, "espresso", "coffee"), (985, "daisy", "flower"),
        (999, "toilet paper", "toilet paper"),
    ],
)  # fmt: skip
def test_labels_stand_in_the_standard_order(classifier: Classifier, index: int, name: str, family: str) -> None:
    assert (classifier.labels[index].name, classifier.labels[index].family) == (name, family)


def test_the_table_is_whole(classifier: Classifier) -> None:
    names = [label.name for label in classifier.labels]
    assert all(names)
    assert [n for n in names if names.count(n) > 1] == ["sunglasses", "sunglasses"]
    assert {label.family for label in classifier.labels[151:269]} == {"dog"}
