"""The how-to about filling in: its configuration loads, and its route can do what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pollux import backends
from pollux.backends import make_engines
from pollux.config import load
from pollux.routing import chains

PAGE = (Path(__file__).parent.parent.parent / "docs/how-to/filling.md").read_text("utf-8")


def test_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda _: object())  # nothing of the extras is used before a request
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "pollux.toml").write_text(text, "utf-8")
    settings = load({}, {}, tmp_path)
    engines = make_engines(settings)
    (card,) = engines[chains(settings)["gemini-*"][0]].cards()
    assert card.abilities >= {"text", "boxes", "masks", "image_out", "embeddings"}


def test_the_models_of_the_table_are_told_by_their_names() -> None:
    from pollux.engines.specialists.loading import resolved
    from pollux.engines.specialists.options import Options

    names = re.findall(r"`([\w-]+/[\w.-]+\w)`", PAGE)
    assert len(names) >= 4
    for name in names:
        assert resolved(Options(name)).kind != "auto"
