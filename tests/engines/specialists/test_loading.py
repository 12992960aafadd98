from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pollux.engines.specialists.loading import held
from pollux.engines.specialists.options import Options
from pollux.engines.transformers import loading
from pollux.errors import Unavailable


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded here needs no torch."""
    monkeypatch.setattr(loading, "check_installed", lambda place: None)


def test_loaded_at_the_start_where_the_options_say_so() -> None:
    asked, loaded = threading.Event(), threading.Event()
    lazy = held(Options("m"), lambda _: asked.set())
    held(Options("m", preload=True), lambda _: loaded.set())
    assert loaded.wait(5)
    assert not asked.is_set()
    lazy.get()
    assert asked.is_set()


def test_callers_are_not_told_where_a_folder_lies(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub", reason="transformers is not installed: make torch installs it")

    def load(options: Options) -> str:
        raise OSError(f"{options.model}/model.safetensors is\ntorn")

    model = held(Options(str(tmp_path)), load)
    said = rf"^{tmp_path.name} cannot be loaded: {tmp_path.name}/model.safetensors is torn$"
    with pytest.raises(Unavailable, match=said), model.use():
        pass
