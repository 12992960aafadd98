"""Which engines there are: Google's by its own key alone, recordings of any."""

from __future__ import annotations

from pathlib import Path

import pytest

from pollux import config
from pollux.backends import make_engines
from pollux.engines.google import GoogleEngine
from pollux.engines.replay import Recorder, Replayer
from pollux.errors import ConfigurationError

GOOGLES = {"GOOGLE_API_KEY": "wrong", "GEMINI_API_KEY": "wrong", "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:8000"}


def settings(folder: Path, environ: dict[str, str] | None = None, **flags: object) -> config.Settings:
    return config.load(flags, environ or {}, folder)


def to_google(folder: Path, environ: dict[str, str]) -> config.Settings:
    return settings(folder, environ, model=["gemini-*=google"])


def test_google_by_its_own_key(tmp_path: Path) -> None:
    engines = make_engines(to_google(tmp_path, {"POLLUX_GOOGLE_API_KEY": "k"}))
    assert isinstance(engines["google"], GoogleEngine)
    assert "google" not in make_engines(settings(tmp_path, {"POLLUX_GOOGLE_API_KEY": "k"}))  # nobody asked for it


def test_google_never_by_the_keys_of_its_clients(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="POLLUX_GOOGLE_API_KEY"):
        make_engines(to_google(tmp_path, GOOGLES))


def test_every_engine_is_recorded_and_needed_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "tape"
    record = {"engine.replay.record": str(folder), "model": ["gemini-*=google"]}
    recorded = make_engines(config.load(record, {"POLLUX_GOOGLE_API_KEY": "k"}, tmp_path))
    assert {name: type(engine) for name, engine in recorded.items()} == {"builtin": Recorder, "google": Recorder}
    assert b'"k"' not in b"".join(path.read_bytes() for path in folder.iterdir())
    replay = {"engine.replay.replay": str(folder), "model": ["gemini-*=google"]}
    replayed = make_engines(config.load(replay, {}, tmp_path))  # without a key
    assert {name: type(engine) for name, engine in replayed.items()} == {"builtin": Replayer, "google": Replayer}
    for name, engine in recorded.items():
        assert list(replayed[name].cards()) == list(engine.cards())


def test_recording_and_replaying_exclude_each_other(tmp_path: Path) -> None:
    both = {"engine.replay.record": "a", "engine.replay.replay": "a"}
    with pytest.raises(ConfigurationError, match="exclude each other"):
        make_engines(config.load(both, {}, tmp_path))


def test_nothing_to_replay(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no recordings"):
        make_engines(config.load({"engine.replay.replay": "nothing"}, {}, tmp_path))
