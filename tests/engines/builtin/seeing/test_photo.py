from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pollux import samples
from pollux.engines.builtin.boxes import overlap
from pollux.engines.builtin.classify import Classifier
from pollux.engines.builtin.faces import FaceFinder
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.photo import find_objects
from pollux.engines.builtin.seeing.thing import Thing
from pollux.errors import Cancelled

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def picture(name: str) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(samples.read(name))).convert("RGB"))


def scene(pixels: Pixels, *, faces: bool = False) -> Scene:
    found = FaceFinder().faces(pixels) if faces else ()
    return Scene(pixels.shape[1], pixels.shape[0], "photograph", 1.0, faces=found)


def find(
    pixels: Pixels, classifier: Classifier, words: Sequence[str] = (), meaning: Meaning | None = None
) -> list[Thing]:
    return find_objects(pixels, scene(pixels), words, classifier=classifier, meaning=meaning)


def test_a_cat_fills_most_of_its_picture(classifier: Classifier) -> None:
    cat = picture("cat")
    (thing,) = find(cat, classifier)
    assert thing.name == "cat"
    assert {"animal", "pet"} <= set(thing.names)
    height, width = cat.shape[:2]
    assert overlap(thing.box, Box(0, 0, 0.88 * width, height)) > 0.8


def test_two_kinds_stand_where_they_are(classifier: Classifier) -> None:
    cat, coffee = picture("cat"), picture("coffee")
    size = (min(cat.shape[1], coffee.shape[1]), min(cat.shape[0], coffee.shape[0]))
    both = np.concatenate([np.asarray(Image.fromarray(p).resize(size)) for p in (cat, coffee)], axis=1)
    things = {thing.name: thing.box.centre[0] for thing in find(both, classifier)}
    assert things["cat"] < size[0] < things["coffee"]


def test_two_of_a_kind_are_two_things(classifier: Classifier) -> None:
    cat = picture("cat")
    wall = np.full((cat.shape[0], cat.shape[1] // 3, 3), 90, np.uint8)
    left, right = sorted(find(np.concatenate([cat, wall, cat], axis=1), classifier), key=lambda thing: thing.box.left)
    assert (left.names[0], right.names[0]) == ("cat", "cat")
    assert left.box.right < right.box.left


def test_a_person_reaches_from_the_hair_to_the_lower_edge(classifier: Classifier) -> None:
    pixels = picture("astronaut")
    person = find_objects(pixels, scene(pixels, faces=True), classifier=classifier)[0]
    height, width = pixels.shape[:2]
    assert person.name == "person"
    assert overlap(person.box, Box(0.04 * width, 0.025 * height, 0.71 * width, height)) > 0.7


@pytest.mark.parametrize("seed", range(3))
def test_noise_and_an_empty_sky_are_nothing(classifier: Classifier, seed: int) -> None:
    rng = np.random.default_rng(seed)
    above, below = rng.integers(0, 255, (2, 3))
    height = np.linspace(0, 1, 400)[:, None, None]
    sky = (above * (1 - height) + below * height) * np.ones((1, 600, 1)) + rng.normal(0, 6, (400, 600, 3))
    assert find(np.clip(sky, 0, 255).astype(np.uint8), classifier) == []
    assert find(rng.integers(0, 255, (300, 400, 3)).astype(np.uint8), classifier) == []


def test_the_same_picture_gives_the_same_things(classifier: Classifier) -> None:
    assert find(picture("coffee"), classifier) == find(picture("coffee"), classifier)


def test_boxes_are_in_the_pixels_that_were_given(classifier: Classifier) -> None:
    sign = Image.open(io.BytesIO(samples.read("sign"))).convert("RGB")
    small = find(np.asarray(sign), classifier)[0]
    large = find(np.asarray(sign.resize((sign.width * 3, sign.height * 3))), classifier)[0]
    box = Box(small.box.left * 3, small.box.top * 3, small.box.right * 3, small.box.bottom * 3)
    assert small.name == large.name
    assert overlap(box, large.box) > 0.85


class Near:
    """Knows one strange word, which means what "coffee" does."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        close = [text in ("coffee", "caffeination") for text in texts]
        return np.stack([np.where(one, [1, 0], [0, 1]) for one in close]).astype(np.float32)


@pytest.mark.parametrize("word", ["coffee", "espresso", "drinks", "caffeination"])
def test_what_is_asked_for_is_taken_on_less_evidence(classifier: Classifier, word: str) -> None:
    """A small picture of coffee in the corner of one of a cat; of the word "caffeination" only embeddings know."""
    cat = np.asarray(Image.fromarray(picture("cat")).resize((900, 600))).copy()
    cat[:200, :300] = np.asarray(Image.fromarray(picture("coffee")).resize((300, 200)))
    plain, asked = find(cat, classifier), find(cat, classifier, (word,), Meaning(Near))
    assert [thing.name for thing in plain] == ["cat"]
    (coffee,) = (thing for thing in asked if "coffee" in thing.names)
    assert coffee.box.right < 320
    assert coffee.box.bottom < 220


def test_cancelled_between_stages(classifier: Classifier) -> None:
    pixels = picture("cat")
    with pytest.raises(Cancelled):
        find_objects(pixels, scene(pixels), classifier=classifier, cancelled=lambda: True)
