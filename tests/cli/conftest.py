from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pollux import local
from pollux.cli import doctor, door, keys, serve
from pollux.cli.main import main
from pollux.cli.seam import Json
from pollux.config import Settings
from pollux.engines.base import ModelCard
from pollux.errors import ApiError
from pollux.services.keys import Keys
from pollux.stores.records import Records
from pollux.testing import ScriptedEngine, running


class Recorder:
    """A composition root whose keys are real and whose door answers what a test tells it to."""

    def __init__(self) -> None:
        self.responses: list[Json] = [answer("It is a cat.")]
        self.error: ApiError | None = None
        self.asked: list[tuple[str, Json, bool]] = []
        self.settings: Settings | None = None
        self.closed = 0
        self.status = 0
        self.faults = False

    def local(self, settings: Settings) -> Recorder:
        self.settings = settings
        return self

    def serve(self, settings: Settings, *, faults: bool = False) -> int:
        self.settings, self.faults = settings, faults
        return self.status

    def cards(self, settings: Settings) -> Mapping[str, Sequence[ModelCard]]:
        return {"builtin": [ModelCard("eyes", frozenset({"text", "image_in"}))]}

    def at_once(self, settings: Settings, engines: Sequence[str]) -> Mapping[str, int]:
        return dict.fromkeys(engines, settings.limits.in_flight)

    @contextmanager
    def open_keys(self, settings: Settings) -> Iterator[Keys]:
        records = Records.open(settings.store.database_url)
        try:
            yield Keys(records)
        finally:
            records.close()

    async def generate(self, model: str, body: Json, *, stream: bool) -> AsyncGenerator[Json, None]:
        self.asked.append((model, body, stream))
        for response in self.responses:
            yield response
        if self.error:
            raise self.error

    async def count(self, model: str, body: Json) -> Json:
        size = len(body["contents"][0]["parts"][0]["inlineData"]["data"])
        return {"totalTokens": size, "promptTokensDetails": [{"modality": "IMAGE", "tokenCount": size}]}

    async def models(self) -> Sequence[Json]:
        return [
            {
                "name": "models/m-1",
                "inputTokenLimit": 1048576,
                "outputTokenLimit": 65536,
                "supportedGenerationMethods": ["generateContent", "countTokens"],
            }
        ]

    async def close(self) -> None:
        self.closed += 1


def answer(text: str, **candidate: Any) -> Json:
    """A response with one candidate."""
    return {"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "STOP", **candidate}]}


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Recorder:
    recorder = Recorder()
    for module in (doctor, keys, serve):
        monkeypatch.setattr(module, "app", lambda: recorder)
    monkeypatch.setattr(door, "local", recorder.local)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLLUX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return recorder


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(root: Recorder, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: (status, stdout, stderr)."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return status, *capsys.readouterr()

    return run_


class Cli:
    """Commands for one installation, answered by a script: in this process ("here"), or by a server ("there")."""

    def __init__(self, engine: ScriptedEngine, where: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        self.engine = engine
        self.where = where
        self.err = ""
        self._capsys = capsys

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """The command's output; `err` is what it said on stderr."""
        found = main([*arguments, *self.where])
        out, self.err = self._capsys.readouterr()
        assert found == status, self.err
        return out


@pytest.fixture(params=["here", "there"])
def cli(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Cli]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    engine = ScriptedEngine()
    monkeypatch.setattr(local, "make_engines", lambda _: {"scripted": engine})
    if request.param == "here":
        yield Cli(engine, ["--data-dir", str(tmp_path / "data")], capsys)
    else:
        with running(engine) as server:
            yield Cli(engine, ["--server", server.url], capsys)
