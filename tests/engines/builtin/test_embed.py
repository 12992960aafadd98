from __future__ import annotations

import hashlib
import threading
from importlib import resources

import numpy as np
import pytest

from pollux.engines.builtin.embed import SentenceEmbedder
from pollux.errors import InvalidArgument


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def test_rows_are_unit_vectors_in_the_order_asked(embedder: SentenceEmbedder) -> None:
    texts = ["a much longer sentence about ships at sea", "cat", "", "cat"]
    rows = embedder.embed(texts)
    assert rows.shape == (4, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(rows[1], rows[3])
    assert embedder.embed(["cat"])[0] == pytest.approx(rows[1], abs=1e-6)
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("a kitten asleep on the sofa", "a cat", "a fire engine"),
        ("how many people are there?", "count the persons", "read the text aloud"),
        ("total amount due", "the sum to pay", "the colour of the sky"),
        ("an automobile", "a car", "a cathedral"),
    ],
)
def test_meaning_counts_rather_than_letters(embedder: SentenceEmbedder, text: str, near: str, far: str) -> None:
    a, b, c = embedder.embed([text, near, far])
    assert a @ b > a @ c + 0.15


def test_reference_values_of_the_original_model(embedder: SentenceEmbedder) -> None:
    """The first numbers of three vectors by transformers 5 and torch 2.13 on the original float32 weights."""
    expected = {
        "This is an example sentence": [0.0677, 0.0635, 0.0487, 0.0793, 0.0374, 0.0027],
        "A tripod stands in the field.": [0.0094, 0.0773, -0.0239, -0.0857, 0.0688, 0.0424],
        "naïve café 東京 42": [0.0590, 0.0153, 0.0409, -0.0069, -0.0360, 0.0251],
    }
    assert embedder.embed(list(expected))[:, :6] == pytest.approx(np.array(list(expected.values())), abs=0.008)


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    long, short = "word " * 120, "a small dog"
    alone, together = SentenceEmbedder().embed([short])[0], SentenceEmbedder().embed([long, short])[1]
    assert alone == pytest.approx(together, abs=1e-5)


def test_text_beyond_the_limit_is_ignored(embedder: SentenceEmbedder) -> None:
    rows = embedder.embed(["cat " * 254, "cat " * 254 + "and a fire engine", "cat " * 253 + "engine"])
    assert rows[0] == pytest.approx(rows[1], abs=1e-5)
    assert rows[0] != pytest.approx(rows[2], abs=1e-5)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Hello, world!", 4),
        ("unbelievable", 1),
        ("東京", 2),
        ("[CLS] [SEP]", 2),
        ("z" * 400, 100),
        ("\ud800", 1),
        ("word " * 10_000, 10_000),
        ("word\n" * 10_000, 10_000),
        ("z" * 100_000, 25_000),
    ],
)
def test_counting_never_loads_the_weights(text: str, count: int) -> None:
    embedder = SentenceEmbedder()
    assert embedder.count_tokens(text) == count
    assert not embedder.loaded


@pytest.mark.parametrize("dims", [1, 128, 384])
def test_truncation_renormalises(embedder: SentenceEmbedder, dims: int) -> None:
    rows = embedder.embed(["one", "two"])
    short = embedder.truncate(rows, dims)
    assert short.shape == (2, dims)
    assert np.linalg.norm(short, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.sign(short) == pytest.approx(np.sign(rows[:, :dims]))


@pytest.mark.parametrize("dims", [0, -1, 385])
def test_more_dimensions_than_the_model_has_are_refused(embedder: SentenceEmbedder, dims: int) -> None:
    with pytest.raises(InvalidArgument, match="384"):
        embedder.truncate(embedder.embed(["one"]), dims)


def test_threads_share_one_embedder() -> None:
    embedder, texts = SentenceEmbedder(), [f"sentence number {i}" for i in range(8)]
    found: dict[int, np.ndarray] = {}

    def work(index: int) -> None:
        found[index] = embedder.embed(texts[index : index + 4])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = embedder.embed(texts)
    for index, part in found.items():
        assert part == pytest.approx(rows[index : index + 4], abs=1e-5)


def test_the_cache_forgets(embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pollux.engines.builtin.embed._REMEMBERED", 3)
    fresh = SentenceEmbedder()
    fresh.embed([f"text {i}" for i in range(5)])
    fresh.embed(["x" * 300])
    assert len(fresh._cache) == 3


def test_the_readme_tells_which_files_these_are() -> None:
    folder = resources.files("pollux.engines.builtin") / "weights"
    readme = (folder / "README.md").read_text("utf-8")
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.endswith((".onnx", ".json"))}
    assert len(files) == 4
    for name, data in files.items():
        assert f"`{name}`" in readme
        assert hashlib.sha256(data).hexdigest() in readme
    assert sum(map(len, files.values())) < 39e6
