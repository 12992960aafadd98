"""Embedding models: the same vectors as by sentence-transformers' formulas, worked out here one text at a time."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.engines.base import EmbedInput, Prompt
from pollux.engines.transformers import vectors
from pollux.engines.transformers.engine import TransformersEngine
from pollux.engines.transformers.options import Options
from pollux.engines.transformers.vectors import Vectors
from pollux.errors import InvalidArgument, Unavailable, Unimplemented

torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
transformers = pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")

Checkpoint = Callable[[str], Path]
TEXTS = ("a red square", "A blue circle stands left of it; the cat sat on the mat.", "x", "the dog " * 9)


def states(folder: Path, text: str, length: int = 4096) -> np.ndarray[Any, Any]:
    """The last layer's states of one text, (tokens, width)."""
    model = transformers.AutoModel.from_pretrained(folder).eval()
    tokens = transformers.AutoTokenizer.from_pretrained(folder)(
        text, return_tensors="pt", truncation=True, max_length=length
    )
    with torch.no_grad():
        found: np.ndarray[Any, Any] = (
            model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
            .last_hidden_state[0]
            .double()
            .numpy()
        )
    return found


def unit(vector: Any) -> Any:
    return vector / np.linalg.norm(vector)


def altered(source: Path, folder: Path, **files: Any) -> Path:
    """A copy of a checkpoint with other small files; None leaves one out."""
    for path in source.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(path.name + ".json")
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def embed(folder: Path, *texts: str, task: str = "", title: str = "", dims: int | None = None) -> np.ndarray[Any, Any]:
    made = Vectors(Options(str(folder), kind="embedding")).embed([EmbedInput(t, task, title) for t in texts], dims)
    return np.array(made)


def test_mean_pooling_is_the_mean_at_unit_length_whoever_else_is_in_the_batch(checkpoint: Checkpoint) -> None:
    folder = checkpoint("bert")
    found = embed(folder, *TEXTS)
    for text, vector in zip(TEXTS, found, strict=True):
        np.testing.assert_allclose(vector, unit(states(folder, text, 32).mean(0)), atol=1e-5)
    assert found @ found.T == pytest.approx(found @ found.T)
    assert found[0] @ found[1] < 0.999


def test_the_last_token_behind_a_prompt_for_queries(checkpoint: Checkpoint) -> None:
    folder = checkpoint("qwen3_embedding")
    prompt = json.loads((folder / "config_sentence_transformers.json").read_text())["prompts"]["query"]
    for task, before in {
        "RETRIEVAL_QUERY": prompt,
        "QUESTION_ANSWERING": prompt,
        "RETRIEVAL_DOCUMENT": "",
        "": "",
    }.items():
        found = embed(folder, *TEXTS, task=task)
        for text, vector in zip(TEXTS, found, strict=True):
            np.testing.assert_allclose(vector, unit(states(folder, (before + text).strip())[-1]), atol=1e-5)


MODES = {
    "cls_token": lambda s: s[0],
    "max_tokens": lambda s: s.max(0),
    "mean_sqrt_len_tokens": lambda s: s.sum(0) / math.sqrt(len(s)),
    "weightedmean_tokens": lambda s: (s * np.arange(1, len(s) + 1)[:, None]).sum(0) / sum(range(1, len(s) + 1)),
    "lasttoken": lambda s: s[-1],
}


@pytest.mark.parametrize("mode", MODES)
def test_every_way_of_pooling(checkpoint: Checkpoint, tmp_path: Path, mode: str) -> None:
    modules = json.loads((checkpoint("bert") / "modules.json").read_text())[:2]  # and nothing is normalised
    pooling = {"pooling_mode_mean_tokens": False, "pooling_mode_" + mode: True}
    folder = altered(checkpoint("bert"), tmp_path, modules=modules, **{"1_Pooling__config": pooling})
    for text, vector in zip(TEXTS, embed(folder, *TEXTS), strict=True):
        np.testing.assert_allclose(vector, MODES[mode](states(folder, text, 32)), rtol=1e-4, atol=1e-5)


def test_modes_side_by_side_and_a_linear_layer(checkpoint: Checkpoint, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    modules = json.loads((checkpoint("bert") / "modules.json").read_text())
    modules.insert(2, {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    pooling = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}
    dense = {
        "in_features": 64,
        "out_features": 8,
        "bias": True,
        "activation_function": "torch.nn.modules.activation.Tanh",
    }
    (tmp_path / "2_Dense").mkdir()
    files = {"1_Pooling__config": pooling, "2_Dense__config": dense}
    folder = altered(checkpoint("bert"), tmp_path, modules=modules, **files)
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(8, 64)).astype(np.float32), rng.normal(size=8).astype(np.float32)
    save_file(
        {"linear.weight": torch.from_numpy(weight), "linear.bias": torch.from_numpy(bias)},
        folder / "2_Dense/model.safetensors",
    )
    for text, vector in zip(TEXTS, embed(folder, *TEXTS), strict=True):
        one = states(folder, text, 32)
        expected = unit(np.tanh(weight @ np.concatenate([one[0], one.mean(0)]) + bias))
        np.testing.assert_allclose(vector, expected, atol=1e-5)


def test_the_first_dimensions_at_unit_length_again(checkpoint: Checkpoint) -> None:
    whole, short = embed(checkpoint("bert"), *TEXTS), embed(checkpoint("bert"), *TEXTS, dims=7)
    assert short.shape == (len(TEXTS), 7)
    np.testing.assert_allclose(short, [unit(row[:7]) for row in whole], atol=1e-5)
    with pytest.raises(InvalidArgument, match="1 to 32"):
        embed(checkpoint("bert"), "a", dims=33)


def test_what_is_too_long_is_cut(checkpoint: Checkpoint) -> None:
    long = "the cat sat on the mat " * 4000
    found = embed(checkpoint("bert"), long, long + " and then some", "the cat")
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    np.testing.assert_allclose(found[0], unit(states(checkpoint("bert"), long, 32).mean(0)), atol=1e-5)
    assert not np.allclose(found[0], found[2])


def test_without_small_files_it_is_the_mean(checkpoint: Checkpoint, tmp_path: Path) -> None:
    names = ("modules", "config_sentence_transformers", "sentence_bert_config", "1_Pooling__config")
    folder = altered(checkpoint("qwen3_embedding"), tmp_path, **dict.fromkeys(names))
    for text, vector in zip(TEXTS, embed(folder, *TEXTS, task="RETRIEVAL_QUERY"), strict=True):
        np.testing.assert_allclose(vector, unit(states(folder, text.strip()).mean(0)), atol=1e-5)


def test_titles_and_prompts_as_embedding_gemma_has_them(checkpoint: Checkpoint, tmp_path: Path) -> None:
    prompts = {"document": "title: none | text: ", "STS": "task: sentence similarity | query: "}
    config = {"prompts": prompts, "default_prompt_name": "STS"}
    folder = altered(checkpoint("qwen3_embedding"), tmp_path, config_sentence_transformers=config)
    expected = {
        ("RETRIEVAL_DOCUMENT", "Cats"): "title: Cats | text: a mat",
        ("RETRIEVAL_DOCUMENT", ""): "title: none | text: a mat",
        ("SEMANTIC_SIMILARITY", ""): "task: sentence similarity | query: a mat",
        ("TASK_TYPE_UNSPECIFIED", ""): "task: sentence similarity | query: a mat",
        ("CLUSTERING", "Cats"): "Cats\na mat",
    }
    for (task, title), text in expected.items():
        found = embed(folder, "a mat", task=task, title=title)[0]
        np.testing.assert_allclose(found, unit(states(folder, text)[-1]), atol=1e-5)


def test_a_prompt_that_is_not_pooled(checkpoint: Checkpoint, tmp_path: Path) -> None:
    files = {
        "1_Pooling__config": {"pooling_mode_mean_tokens": True, "include_prompt": False},
        "config_sentence_transformers": {"prompts": {"query": "find the dog: "}},
    }
    folder = altered(checkpoint("bert"), tmp_path, **files)
    words = transformers.AutoTokenizer.from_pretrained(folder)
    skipped = len(words("find the dog:")["input_ids"]) - 1  # [SEP] is none of the prompt's
    found = embed(folder, "a red square", task="RETRIEVAL_QUERY")[0]
    np.testing.assert_allclose(found, unit(states(folder, "find the dog: a red square")[skipped:].mean(0)), atol=1e-5)


def test_many_texts_keep_their_order_across_batches(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "BATCH_TOKENS", 40)
    texts = [f"the cat {i} sat on {'the mat ' * (i % 5)}" for i in range(40)]
    found = embed(checkpoint("bert"), *texts)
    np.testing.assert_allclose(
        found[[3, 17, 39]], [embed(checkpoint("bert"), texts[i])[0] for i in (3, 17, 39)], atol=1e-5
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"1_Pooling__config": {"pooling_mode": "guess"}}, "guess"),
        ({"modules": [{"path": "", "type": "sentence_transformers.models.WordEmbeddings"}]}, "WordEmbeddings"),
    ],
)
def test_what_cannot_be_followed_is_said(
    checkpoint: Checkpoint, tmp_path: Path, files: dict[str, Any], words: str
) -> None:
    with pytest.raises(Unavailable, match=words) as caught:
        embed(altered(checkpoint("bert"), tmp_path, **files), "a")
    assert str(tmp_path) not in caught.value.message  # where it lies is nobody's business


def test_a_folder_that_is_missing_is_named() -> None:
    with pytest.raises(Unavailable, match=r"^model is no folder"):
        embed(Path("/nowhere/model"), "a")


async def test_the_engine_embeds_and_says_that_it_can(checkpoint: Checkpoint) -> None:
    folder = checkpoint("bert")
    engine = TransformersEngine(Options(str(folder), kind="embedding", device="cpu"))
    (card,) = engine.cards()
    assert (card.abilities, card.embed_dims) == (frozenset({"embeddings"}), 32)
    found = await engine.embed(card.name, [EmbedInput(text) for text in TEXTS], 8)
    np.testing.assert_allclose(found, embed(folder, *TEXTS, dims=8), atol=1e-6)
    with pytest.raises(Unimplemented):
        await anext(aiter(engine.stream(Prompt("m", ()))))
    await engine.close()


async def test_a_chat_model_does_not(checkpoint: Checkpoint) -> None:
    engine = TransformersEngine(Options(str(checkpoint("qwen3")), device="cpu"))
    with pytest.raises(Unimplemented, match="makes no embeddings"):
        await engine.embed("m", [EmbedInput("a")], None)
    await engine.close()
