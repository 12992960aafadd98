"""Which engines there are: Google's by its own key alone, recordings of any."""

from __future__ import annotations

from pathlib import Path

import pytest

from pollux import backends, config
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


@pytest.mark.parametrize("kind", ["transformers", "diffusers", "specialist"])
def test_a_package_that_is_missing_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: None if name == "torch" else object())
    (tmp_path / "pollux.toml").write_text(f'[engine.{kind}.mine]\nmodel = "org/model"\n')
    extra = "diffusers" if kind == "diffusers" else "transformers"
    with pytest.raises(ConfigurationError) as caught:
        make_engines(settings(tmp_path))
    assert caught.value.message == f'[engine.{kind}."mine"] needs torch: pip install "pollux[{extra}]".'


def test_options_of_engines_are_checked_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())
    for section, message in (
        ("[engine.transformers.x]\n", r'\[engine.transformers."x"\] model is missing'),
        ('[engine.diffusers.x]\nmodel = "m"\ndevice = "tpu"', r'\[engine.diffusers."x"\] device must be'),
        ('[engine.specialist.x]\nkind = "sam2"', r'\[engine.specialist."x"\] model is missing'),
        ('[engine.openai.x]\nmodel = "m"', r'\[engine.openai."x"\] address is missing'),
    ):
        (tmp_path / "pollux.toml").write_text(section)
        with pytest.raises(ConfigurationError, match=message):
            make_engines(settings(tmp_path))


def test_a_specialist_does_what_its_kind_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())
    sections = (
        '[engine.specialist.sam]\nmodel = "m"\nkind = "sam2"\n[engine.specialist.dino]\nmodel = "m"\nkind = "owlv2"\n'
    )
    path = tmp_path / "pollux.toml"
    path.write_text(sections + '[routes]\n"a" = {engine = "builtin", boxes = "sam"}')
    with pytest.raises(ConfigurationError, match="kind sam2 makes masks: it cannot be the boxes of a route"):
        make_engines(settings(tmp_path))
    path.write_text(sections + '[routes]\n"a" = {engine = "builtin", boxes = "dino", masks = "sam"}')
    assert "builtin + boxes=dino + masks=sam" in make_engines(settings(tmp_path))


def test_names_of_engines_are_no_paths(tmp_path: Path) -> None:
    flags = {"engine.replay.record": "tape", "model": ["org/../m=openai:http://127.0.0.1:1/v1#m"]}
    made = make_engines(config.load(flags, {}, tmp_path))
    again = make_engines(config.load({"engine.replay.replay": "tape"}, {}, tmp_path))
    assert set(made) == set(again) == {"builtin", "org/../m"}
    assert {path.parent.name for path in tmp_path.rglob("*.json")} == {"tape"}


def test_specialists_without_a_kind_and_the_built_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())
    section = '[engine.specialist.dino]\nmodel = "IDEA-Research/grounding-dino-tiny"\n[engine.openai.qwen]\n'
    section += 'model = "m"\naddress = "http://127.0.0.1:9/v1"\n[routes]\n'
    path = tmp_path / "pollux.toml"
    path.write_text(section + '"a" = {engine = "qwen", boxes = "dino", masks = "builtin"}')
    made = make_engines(settings(tmp_path))["qwen + boxes=dino + masks=builtin"]
    assert made.cards()[0].abilities >= {"boxes", "masks"}
    path.write_text(section + '"a" = {engine = "qwen", masks = "dino"}')
    with pytest.raises(ConfigurationError, match="kind grounding-dino finds boxes: it cannot be the masks"):
        make_engines(settings(tmp_path))


def test_a_folder_is_called_by_its_last_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())
    (tmp_path / "tiny").mkdir()
    cards = {
        name: made.cards()[0].name for name, made in make_engines(settings(tmp_path, model=["a=hf:./tiny"])).items()
    }
    assert cards["a"] == "tiny"
