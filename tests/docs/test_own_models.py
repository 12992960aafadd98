"""The page about models in process: its configuration is one that a server takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pollux import config
from pollux.backends import make_engines

PAGE = Path(__file__).parent.parent.parent / "docs/how-to/own-models.md"


def test_its_configuration_makes_engines(tmp_path: Path) -> None:
    for package in ("torch", "transformers"):
        pytest.importorskip(package, reason=f"{package} is not installed: make torch installs it")
    (block,) = re.findall(r"(?m)(?:^    [^\n]*\n|^\n)+(?=A section's own)", PAGE.read_text("utf-8"))
    told = block.replace("preload = true", "preload = false")  # the weights are not here
    assert told != block
    (tmp_path / "pollux.toml").write_text(re.sub(r"(?m)^    ", "", told), "utf-8")
    settings = config.load({}, {}, tmp_path)
    engines = make_engines(settings)
    cards = {name: engines[name].cards()[0] for name in ("qwen", "small", "vectors")}
    assert cards["vectors"].abilities == {"embeddings"}
    assert "image_in" in cards["qwen"].abilities
    assert settings.routes["gemini-*"].fallbacks == ("small",)
