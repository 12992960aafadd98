from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pollux.engines.specialists import florence, grounding_dino
from pollux.engines.specialists.base import Found
from pollux.engines.specialists.finding import ModelFinder, kept, load
from pollux.engines.specialists.make import make_specialist
from pollux.engines.specialists.options import Options
from pollux.errors import Cancelled, Unavailable

Special = Callable[[str], Path]
Pixels = NDArray[np.uint8]
LABELS = ["Cat", "red square", "dog"]


def never() -> bool:
    return False


def loaded(special: Special, family: Any, **more: Any) -> Any:
    return load(Options(str(special(family)), kind=family, device="cpu", **more))


def test_what_is_kept() -> None:
    found = [
        Found((10, 10, 50, 50), "cat", 0.5),
        Found((11, 10, 50, 50), "cat", 0.9),
        Found((10, 10, 50, 50), "dog", 0.4),
        Found((-20, 60, 30, 400), "cat", 0.3),
        Found((70, 70, 70.5, 90), "cat", 0.99),
        Found((200, 10, 300, 50), "cat", 0.99),
        Found((float("nan"), 0, 9, 9), "cat", 0.99),
    ]
    out = kept(found, (100, 80), Options("m"))
    assert [(one.box, one.label) for one in out] == [
        ((11, 10, 50, 50), "cat"),
        ((10, 10, 50, 50), "dog"),
        ((0, 60, 30, 80), "cat"),
    ]
    assert [one.score for one in kept(found, (100, 80), Options("m", nms=1, most=2))] == [0.9, 0.5]


@pytest.mark.parametrize("family", ["grounding-dino", "owlv2"])
@pytest.mark.parametrize("across", [False, True])
def test_boxes_and_scores_are_the_librarys(special: Special, noise: Pixels, family: str, across: bool) -> None:
    """Beside transformers' own post-processing, on upright and lying pictures."""
    pixels = np.ascontiguousarray(noise.swapaxes(0, 1)) if across else noise
    model = loaded(special, family, threshold=0.0)
    found = list(model.find(pixels, LABELS, never))
    theirs = _theirs(model, pixels, family)
    assert len(found) == len(theirs["scores"]) > 3
    np.testing.assert_allclose([one.box for one in found], theirs["boxes"], atol=1e-2)
    if family == "owlv2":
        np.testing.assert_allclose([one.score for one in found], theirs["scores"], atol=1e-5)
        assert [one.label for one in found] == [LABELS[at] for at in theirs["labels"]]
    assert {one.label for one in found} <= set(LABELS)


def _theirs(model: Any, pixels: Pixels, family: str) -> Any:
    import torch
    from PIL import Image

    texts = (
        "cat. red square. dog." if family == "grounding-dino" else [[f"a photo of a {one.lower()}" for one in LABELS]]
    )
    given = model._processor(text=texts, images=Image.fromarray(pixels), return_tensors="pt")
    with torch.inference_mode():
        out = model._model(**given)
    size = [pixels.shape[:2]]
    after = model._processor.post_process_grounded_object_detection
    if family == "owlv2":
        return after(out, threshold=0.0, target_sizes=size)[0]
    return after(out, given["input_ids"], threshold=0.0, target_sizes=size)[0]


def test_a_label_has_the_score_of_its_own_tokens(special: Special, noise: Pixels) -> None:
    """The order of the labels changes the sentence and with it the numbers, yet not which tokens are whose."""
    model = loaded(special, "grounding-dino", threshold=0.0)
    import torch

    text, spans = grounding_dino.sentence(LABELS)
    read = model._processor.tokenizer(text, return_offsets_mapping=True)
    offsets = read["offset_mapping"]
    each = torch.zeros(1, len(offsets))
    for at, (first, last) in enumerate(offsets):
        each[0, at] = float(text[first:last] in ("s", "sq", "square") or (spans[1][0] <= first < last <= spans[1][1]))
    scores = [float(grounding_dino._likeliest(each, offsets, span)) for span in spans]
    assert scores == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("family", ["grounding-dino", "owlv2", "florence-2"])
@pytest.mark.parametrize("shape", [(3, 2000, 3), (2000, 3, 3)])
def test_ribbons_are_looked_at(special: Special, family: Any, shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8)
    with_model = ModelFinder(Options(str(special(family)), kind=family, device="cpu", threshold=0.0))
    assert all(one.box[2] <= shape[1] and one.box[3] <= shape[0] for one in with_model.find(pixels, LABELS, never))


def test_a_margin_moves_nothing(noise: Pixels) -> None:
    assert grounding_dino.broad(noise) is noise
    broad = grounding_dino.broad(noise[:1])
    assert broad.shape == (8, 120, 3)
    assert np.array_equal(broad[:1], noise[:1])
    assert not broad[1:].any()


def test_sentences() -> None:
    assert grounding_dino.sentence(["A Cat.", "St. Bernard  dog", "..."])[0] == "a cat. st bernard dog. object."
    text, spans = grounding_dino.sentence(["cat", "red car"])
    assert [text[start:end] for start, end in spans] == ["cat", "red car"]


def test_many_labels_are_asked_in_groups(special: Special, noise: Pixels) -> None:
    model = loaded(special, "grounding-dino", threshold=0.0)
    labels = [f"thing number {n} of the long list" for n in range(50)]
    groups = list(model._sentences(labels))
    assert [one for group in groups for one in group] == labels
    assert len(groups) > 1
    asked = 0

    def after_one() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    with pytest.raises(Cancelled):
        list(model.find(noise, labels, after_one))


def test_long_and_foreign_labels(special: Special, noise: Pixels) -> None:
    labels = ["x" * 80, "猫", "!?", "a. b. c."]
    for family in ("grounding-dino", "owlv2", "florence-2"):
        finder = make_specialist(Options(str(special(family)), device="cpu", most=3))
        assert isinstance(finder, ModelFinder)
        found = finder.find(noise, labels, never)
        assert len(found) <= 3
        assert {one.label for one in found} <= set(labels)


def test_florence_reads_its_own_words(special: Special, noise: Pixels, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights are random, so what it would say is put into its mouth; all else is as it runs."""
    model = loaded(special, "florence-2")
    boxes = [(0, 100, 499, 999), (500, 500, 599, 599), (1, 1, 9, 9)]
    first, second, third = ("".join(f"<loc_{value}>" for value in box) for box in boxes)
    said = f"</s><s>red squares{first}{second}bird{third}</s>"
    ids = model._processor.tokenizer(said, add_special_tokens=False, return_tensors="pt")["input_ids"]
    asked: list[str] = []

    def generate(**given: Any) -> Any:
        asked.append(model._processor.tokenizer.decode(given["input_ids"][0]))
        return ids

    monkeypatch.setattr(model._model, "generate", generate)
    found = list(model.find(noise, ["red square", "<cat>"], never))
    assert "Locate the phrases in the caption: red square. cat>." in asked[0]
    assert [one.label for one in found] == ["red square", "red square"]
    np.testing.assert_allclose(found[0].box, (0, 9, 60, 90), atol=0.15)


def test_phrases_and_labels() -> None:
    labels = ["red car", "car", "dog"]
    assert [florence.asked(one, labels) for one in ("Car", "a red car", "dogs.", "bird", "")] == [
        "car", "red car", "dog", "", "",
    ]  # fmt: skip


def test_florence_stops_in_the_middle(special: Special, noise: Pixels) -> None:
    model = loaded(special, "florence-2")
    model._model.generation_config.forced_eos_token_id = None
    asked = 0

    def soon() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(Cancelled):
        list(model.find(noise, ["cat"], soon))
    assert asked <= 6


def test_a_model_that_is_not_there(tmp_path: Path, noise: Pixels) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")
    finder = ModelFinder(Options(str(tmp_path), kind="owlv2", place='[engine.specialist."dino"]'))
    for _ in range(2):  # tried once, then told again
        with pytest.raises(Unavailable, match="cannot be loaded"):
            finder.find(noise, ["cat"], never)
    assert finder.find(noise, [], never) == []


def test_after_the_end(special: Special, noise: Pixels) -> None:
    finder = ModelFinder(Options(str(special("owlv2")), kind="owlv2", device="cpu"))
    finder.find(noise, ["cat"], never)
    finder.close()
    finder.close()
    with pytest.raises(Unavailable, match="stopping"):
        finder.find(noise, ["cat"], never)
