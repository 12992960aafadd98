"""The how-to about routing: its configurations load and its engines are made, its flags are understood."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pollux import backends
from pollux.backends import make_engines
from pollux.config import load

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/how-to/routing.md").read_text("utf-8")
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


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_no_pattern_stands_behind_a_wider_one(page: Path) -> None:
    """The first pattern that matches wins, so "gemini-*" before "*embedding*" would leave it nothing of Google's."""
    for section in re.findall(r"(?m)^ *\[routes\].*\n((?: *[\"#].*\n)+)", page.read_text("utf-8")):
        patterns = re.findall(r'(?m)^ *"([^"]+)" = ', section)
        for place, pattern in enumerate(patterns):
            names = [pattern.replace("*", "x"), *(["gemini-embedding-001"] if pattern == "*embedding*" else [])]
            taken = [(name, wide) for name in names for wide in patterns[:place] if fnmatchcase(name, wide)]
            assert not taken
