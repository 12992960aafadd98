"""The how-to about routing: its configurations load and its engines are made, its flags are understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pollux import backends
from pollux.backends import make_engines
from pollux.config import load

PAGE = (Path(__file__).parent.parent.parent / "docs/how-to/routing.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
FLAGS = re.findall(r'`--model "([^"]+)"`', PAGE)


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 4
    assert len(FLAGS) >= 4


@pytest.mark.parametrize("text", BLOCKS, ids=[block.split("\n", 1)[0] for block in BLOCKS])
def test_a_configuration(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())  # nothing of the extras is used before a request
    (tmp_path / "pollux.toml").write_text(text, "utf-8")
    settings = load({}, {"POLLUX_GOOGLE_API_KEY": "k"}, tmp_path)
    engines = make_engines(settings)
    for route in settings.routes.values():
        assert {route.engine, *route.fallbacks} <= set(engines)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag(flag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())
    settings = load({"model": [flag]}, {"POLLUX_GOOGLE_API_KEY": "k"}, tmp_path)
    assert flag.partition("=")[0] in settings.routes
    make_engines(settings)
