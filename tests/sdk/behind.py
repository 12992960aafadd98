"""Real engines on tiny random checkpoints, where the suite otherwise has its scripted models.

POLLUX_BEHIND=openai pytest tests/sdk        the openai engine, in front of `transformers serve`
POLLUX_BEHIND=upstream pytest tests/sdk      the openai engine, in front of servers that run already
POLLUX_BEHIND=transformers pytest tests/sdk  the transformers engine
POLLUX_BEHIND=diffusers pytest tests/sdk     the diffusers engine for pictures

Those servers are POLLUX_UPSTREAM=http://HOST:PORT/v1#MODEL, which must see, call functions and follow schemas, and
POLLUX_UPSTREAM_VECTORS=http://HOST:PORT/v1#MODEL for embeddings: two of llama.cpp's, say.

What a scenario expects of a script is then not expected; `scenarios.words` says what is.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from pollux.engines.base import Ability, Call, EmbedInput, Engine, Event, ModelCard, Prompt, Stop, Text, Thought
from pollux.engines.compose.engine import Composed
from pollux.engines.openai.engine import OpenAIEngine
from pollux.engines.openai.options import Options
from tests.sdk.actors import reflection

VECTORS: frozenset[Ability] = frozenset({"embeddings"})
CHOSEN = os.environ.get("POLLUX_BEHIND", "")
LIBRARIES = ("ignore::DeprecationWarning", "ignore::FutureWarning")
"""torch and diffusers warn of what they themselves still use."""
LONGEST = 24
"""Tokens of an answer that says no limit: a random model seldom comes to an end."""
SERVE_SECONDS = 90.0


class Overseen:
    """An engine as it is, to which two of the troupe's roles are given besides its own.

    Whoever asks a "mirror" has the engine answer, and is told what reached it instead of what it said; a "filler"
    thinks what reached it, and answers itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.prompts: list[Prompt] = []

    def cards(self) -> Sequence[ModelCard]:
        """The engine's."""
        return self._engine.cards()

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """The engine's, with what the roles add."""
        self.prompts.append(prompt)
        role, seen = prompt.model.rpartition("-")[2], json.dumps(reflection(prompt))
        if role == "filler":
            yield Thought(seen)
        async with aclosing(cast(Any, self._engine.stream(_bounded(prompt, role)))) as events:
            async for event in events:
                if role != "mirror":
                    yield event
                elif isinstance(event, Stop):
                    yield Text(seen)
                    yield Stop() if event.reason == "MAX_TOKENS" else event
                elif not isinstance(event, Text | Thought | Call):
                    yield event

    def count_text(self, text: str) -> int | None:
        """The engine's."""
        return self._engine.count_text(text)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """The engine's."""
        return await self._engine.embed(model, inputs, dims)

    async def close(self) -> None:
        """The engine's."""
        await self._engine.close()


def _bounded(prompt: Prompt, role: str) -> Prompt:
    """Soon over, where what is said does not matter or no end is asked for."""
    given = prompt.config.max_output_tokens or 0
    calling = prompt.tool_config.function_calling_config if prompt.tool_config is not None else None
    demanded = calling is not None and calling.mode == "ANY"
    if prompt.canvas is not None or prompt.config.response_mime_type == "application/json" or demanded:
        return prompt
    if 0 < given <= LONGEST or (given and role != "mirror"):
        return prompt
    return replace(prompt, config=msgspec.structs.replace(prompt.config, max_output_tokens=LONGEST))


@contextmanager
def engines(name: str, folder: Path) -> Iterator[Callable[[], Overseen]]:
    """What makes an engine of this name, for each server one; `folder` is for checkpoints."""
    if name != "upstream":
        torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
        torch.set_num_threads(1)
    with KINDS[name](folder) as make:
        yield lambda: Overseen(make())


@contextmanager
def _openai(folder: Path) -> Iterator[Callable[[], Engine]]:
    for name in ("fastapi", "openai"):
        pytest.importorskip(name, reason=f"{name} is not installed: make torch installs it, for transformers serve")
    with serving(_checkpoint("llava", folder)) as (url, model):
        options = Options((url,), model, omit=("top_k", "stop"), dialect="none")
        yield lambda: OpenAIEngine(options)


@contextmanager
def _upstream(folder: Path) -> Iterator[Callable[[], Engine]]:
    del folder
    address, model = _named("POLLUX_UPSTREAM")
    vectors = _named("POLLUX_UPSTREAM_VECTORS")
    dims = _dims(*vectors)

    def made() -> Engine:
        main = OpenAIEngine(Options((address,), model, dialect="none"))
        embedder = OpenAIEngine(Options((vectors[0],), vectors[1], abilities=VECTORS, embed_dims=dims))
        return _Pair(main, main.cards()[0], embeddings=(embedder, embedder.cards()[0]))

    yield made


class _Pair(Composed):
    """Closes both: they are its own."""

    async def close(self) -> None:
        await super().close()
        if self._embedder is not None:
            await self._embedder[0].close()


def _named(variable: str) -> tuple[str, str]:
    address, _, model = os.environ.get(variable, "").partition("#")
    assert model, f"{variable} must be http://HOST:PORT/v1#MODEL."
    return address, model


def _dims(address: str, model: str) -> int:
    answer = httpx.post(f"{address}/embeddings", json={"model": model, "input": "a"}, timeout=60)
    return len(answer.raise_for_status().json()["data"][0]["embedding"])


@contextmanager
def _transformers(folder: Path) -> Iterator[Callable[[], Engine]]:
    from pollux.engines.transformers.engine import TransformersEngine
    from pollux.engines.transformers.options import Options as Told
    from tests.engines.checkpoints import build

    chat = Told(str(_checkpoint("llava", folder)), device="cpu", dialect="none", input_tokens=131_072)
    vectors = Told(str(build("bert", folder / "bert")), kind="embedding", device="cpu", abilities=VECTORS)

    def made() -> Engine:
        main, embedder = TransformersEngine(chat), TransformersEngine(vectors)
        (card,), (other,) = main.cards(), embedder.cards()
        return Composed(main, card, embeddings=(embedder, other))

    yield made


@contextmanager
def _diffusers(folder: Path) -> Iterator[Callable[[], Engine]]:
    pytest.importorskip("diffusers", reason="diffusers is not installed: make torch installs it")
    from pollux.engines.diffusers.engine import DiffusersEngine
    from pollux.engines.diffusers.options import Options as Told
    from tests.engines.diffusers.checkpoints import build

    told = Told(str(build("kontext", folder / "kontext")), device="cpu", steps=4, most_pixels=64 * 64)
    yield lambda: DiffusersEngine(told)


KINDS: Mapping[str, Any] = {
    "openai": _openai,
    "upstream": _upstream,
    "transformers": _transformers,
    "diffusers": _diffusers,
}


def _checkpoint(family: str, folder: Path) -> Path:
    """A checkpoint that says something before it may end, and writes no half letters.

    Bytes that are no UTF-8 are what a random model writes, and what the stream of `transformers serve` breaks at.
    """
    from tests.engines.checkpoints import build

    home = build(family, folder / family)
    words = json.loads((home / "tokenizer.json").read_text())["model"]["vocab"]
    path = home / "generation_config.json"
    config = json.loads(path.read_text())
    config |= {"suppress_tokens": [i for word, i in words.items() if word.startswith("<0x")], "min_new_tokens": 4}
    path.write_text(json.dumps(config))
    return home


@contextmanager
def serving(checkpoint: Path) -> Iterator[tuple[str, str]]:
    """`transformers serve` with a checkpoint: (address, the model's name there)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = checkpoint.parent / "hub"
    (home / "hub").mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [str(Path(sys.executable).parent / "transformers"), "serve", str(checkpoint)]
    log = checkpoint.parent / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(server, f"http://127.0.0.1:{port}/health", log)
        yield f"http://127.0.0.1:{port}/v1", str(checkpoint)
    finally:
        server.terminate()
        server.wait(20)


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + SERVE_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(f"transformers serve did not begin:\n{log.read_text(errors='replace')[-3000:]}")
