"""Loading and losing: one line says what is wrong, memory that ends ends one request, closing gives all back."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pollux.engines import once
from pollux.engines.base import EmbedInput
from pollux.engines.transformers import loading
from pollux.engines.transformers.forward import Forward
from pollux.engines.transformers.options import Options
from pollux.errors import ConfigurationError, Internal, ResourceExhausted, Unavailable
from tests.engines.openai.kit import user
from tests.engines.transformers.kit import engine, together, words

Checkpoint = Callable[[str], Path]
SOME: dict[str, Any] = {"maxOutputTokens": 6}


async def test_it_is_loaded_once_and_says_so(checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture) -> None:
    one = engine(checkpoint("qwen3"))
    with caplog.at_level(logging.INFO, logger="pollux"):
        assert not caplog.records
        await together(one, [user("a"), user("b")], **SOME)
    begun, done = [record.getMessage() for record in caplog.records]
    assert begun == f"loading {checkpoint('qwen3')}"
    assert "loaded in" in done
    assert "torch.float32 on cpu" in done
    await one.close()


async def test_who_leaves_meanwhile_stops_nobody(checkpoint: Checkpoint) -> None:
    one = engine(checkpoint("qwen3"))
    first, second = (asyncio.create_task(words(one, "cat", **SOME)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second
    with pytest.raises(asyncio.CancelledError):
        await first
    await one.close()


def hub(kind: str) -> Any:
    """An error as the hub's library raises it."""
    import httpx
    from huggingface_hub import errors

    request = httpx.Request("GET", "https://huggingface.co/a/b")
    if kind == "offline":
        return errors.LocalEntryNotFoundError("cannot find it")
    name = {"gated": "GatedRepoError", "missing": "RepositoryNotFoundError"}[kind]
    return getattr(errors, name)("401", response=httpx.Response(401, request=request))


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("gated", "a/b is gated: accept its terms on huggingface.co, and set HF_TOKEN"),
        ("missing", "a/b is not on the hub, or HF_TOKEN may not read it"),
        ("offline", r"a/b is not on this machine and the hub cannot be reached: download it \(hf download a/b\)"),
    ],
)
async def test_the_hub_s_refusals(kind: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import transformers

    tries = list[int]()

    def refuse(*_: Any, **__: Any) -> Any:
        tries.append(1)
        try:
            raise hub(kind)
        except Exception as error:
            raise OSError("We couldn't connect to the hub.\nCheck your connection.") from error

    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", refuse)
    one = engine("a/b")
    for _ in range(2):
        with pytest.raises(Unavailable, match=message) as caught:
            await words(one, "x")
        assert "\n" not in caught.value.message
    assert len(tries) == 1  # not at every request
    monkeypatch.setattr(once, "REST_SECONDS", 0.0)
    with pytest.raises(Unavailable, match=message):
        await words(one, "x")
    assert len(tries) == 2
    await one.close()


async def test_a_folder_that_is_none(tmp_path: Path) -> None:
    one = engine(tmp_path / "nothing")
    with pytest.raises(Unavailable, match="is no folder"):
        await words(one, "x")
    await one.close()
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "t5", "is_encoder_decoder": True}))
    two = engine(tmp_path)
    with pytest.raises(Unavailable, match="encoder-decoder"):
        await words(two, "x")
    await two.close()


@pytest.mark.parametrize("kind", ["chat", "embedding"])
async def test_without_the_hub_nobody_waits(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One look whether the hub is there; the library alone would try six times for each of a model's files."""
    import httpx
    import huggingface_hub
    from huggingface_hub import constants
    from huggingface_hub.utils import _http as http

    asked = list[str]()

    def unreachable(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        raise httpx.ConnectError("no route")

    client = httpx.Client(transport=httpx.MockTransport(unreachable))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for place in (huggingface_hub, http):
        monkeypatch.setattr(place, "get_session", lambda: client)
    one = engine("nobody/has-this", kind=kind)
    with pytest.raises(Unavailable, match="not on this machine and the hub cannot be reached: download it"):
        await (words(one, "x") if kind == "chat" else one.embed("m", [EmbedInput("x")], None))
    assert asked
    assert not any("has-this" in url for url in asked)
    await one.close()


def _bare(folder: Path) -> None:
    for file in folder.glob("tokenizer*"):
        file.unlink()


def _torn(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{", encoding="utf-8")


def _wider(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "intermediate_size": 64}), encoding="utf-8")


def _pipeline(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "model_index.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("family", "change", "message"),
    [
        ("qwen3", _bare, "has no tokenizer that knows a letter"),
        ("qwen3", _torn, "cannot be loaded"),
        ("qwen3", _wider, "its weights are of other sizes than its config.json says"),
        ("qwen3", _pipeline, "is a pipeline of diffusers"),
        ("bert", lambda _: None, r"has no weights for cls\S+ and \d more: it is not a whole model that writes"),
    ],
)
async def test_what_would_answer_nonsense_is_not_loaded(
    family: str, change: Callable[[Path], None], message: str, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(checkpoint(family), tmp_path / "broken"))
    change(folder)
    one = engine(folder)
    with pytest.raises(Unavailable, match=message) as caught:
        await words(one, "x")
    assert str(tmp_path) not in caught.value.message
    await one.close()


def test_long_words_of_a_library_end_with_a_sentence() -> None:
    said = loading.reason_of(OSError("It is so. " * 40), Options("a/b"))
    assert said.endswith("It is so.")
    assert len(said) < 350


def test_what_must_be_installed(monkeypatch: pytest.MonkeyPatch, checkpoint: Checkpoint) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda name: None if name in ("torch", "bitsandbytes") else object())
    with pytest.raises(ConfigurationError, match=r'needs torch: pip install "pollux\[transformers\]"'):
        engine(checkpoint("qwen3"))
    with pytest.raises(ConfigurationError, match="bitsandbytes"):
        loading.quantised(Options("m", quantise="4bit"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": ""}, "model is missing"),
        ({"device": "gpu"}, "device must be auto, cpu, mps, cuda or cuda:N, not 'gpu'"),
        ({"dtype": "int3"}, "dtype must be one of"),
        ({"quantise": "3bit"}, 'quantise must be one of "", 4bit, 8bit'),
        ({"batch": 0}, "batch must be 1 or more"),
        ({"dialect": "klingon"}, "dialect must be one of"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Options(**{"model": "m", **options})


def test_a_card_without_the_model(checkpoint: Checkpoint) -> None:
    """Limits and abilities are read off the folder; nothing is loaded."""
    card = engine(checkpoint("qwen3_vl"), name="mine").cards()[0]
    assert (card.name, card.input_tokens, card.output_tokens) == ("mine", 4096, 4096)
    assert "image_in" in card.abilities
    assert engine("nobody/has-this").cards()[0].input_tokens == 131_072
    assert engine("nobody/has-this", input_tokens=9, output_tokens=5).cards()[0].output_tokens == 5


async def test_tokens_are_counted_by_the_model_s_tokenizer(checkpoint: Checkpoint) -> None:
    import transformers

    one = engine(checkpoint("gemma3"))
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint("gemma3"))
    text = "A red square stands left of a blue circle. 日本語"
    assert one.count_text(text) == len(tokenizer(text, add_special_tokens=False)["input_ids"])
    assert engine("nobody/has-this").count_text(text) is None
    await one.close()


async def test_memory_that_ends(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    one = engine(checkpoint("qwen3"))
    before = await words(one, "cat", **SOME)
    prefill, step = Forward.prefill, Forward.step

    def full(*_: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB.")

    monkeypatch.setattr(Forward, "prefill", lambda *a: full() if a[1]["input_ids"].shape[1] > 60 else prefill(*a))
    long, short = await asyncio.gather(
        words(one, "cat " * 60, **SOME), words(one, "cat", **SOME), return_exceptions=True
    )
    assert isinstance(long, ResourceExhausted)
    assert "out of memory" in long.message
    assert short == before  # who came beside it feels nothing
    monkeypatch.setattr(Forward, "step", full)
    with pytest.raises(ResourceExhausted):
        await words(one, "cat", **SOME)
    monkeypatch.setattr(Forward, "step", step)
    assert await words(one, "cat", **SOME) == before
    await one.close()


async def test_a_model_that_fails(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    one = engine(checkpoint("qwen3"))
    before = await words(one, "cat", **SOME)

    def broken(*_: Any) -> Any:
        raise RuntimeError("shapes do not match: /secret/place")

    with monkeypatch.context() as patch:
        patch.setattr(Forward, "step", broken)
        with pytest.raises(Internal) as caught:
            await words(one, "cat", **SOME)
    assert "secret" not in caught.value.message
    assert await words(one, "cat", **SOME) == before
    await one.close()


async def test_closing(checkpoint: Checkpoint) -> None:
    one = engine(checkpoint("qwen3"))
    task = asyncio.create_task(words(one, "cat", maxOutputTokens=4000))
    model = weakref.ref((await asyncio.wrap_future(one._batcher.start())).forward._model)
    await asyncio.sleep(0.2)
    await one.close()
    with pytest.raises(Unavailable, match="stopping"):
        await task
    del task
    gc.collect()
    assert model() is None  # its memory is free
    with pytest.raises(Unavailable, match="stopping"):
        await words(one, "cat")
