"""Tiny checkpoints, each built once a session, and one thread for each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny random checkpoint (`tests.engines.diffusers.checkpoints.MODELS`)."""
    torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
    pytest.importorskip("diffusers", reason="diffusers is not installed: make torch installs it")
    from tests.engines.diffusers.checkpoints import build

    torch.set_num_threads(1)
    home, built = tmp_path_factory.mktemp("diffusers"), dict[str, Path]()

    def get(name: str) -> Path:
        if name not in built:
            built[name] = build(name, home / name)
        return built[name]

    return get
