"""Tiny checkpoints, each built once a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a family's tiny random checkpoint (`tests.engines.checkpoints.FAMILIES`)."""
    pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
    pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")
    from tests.engines.checkpoints import build

    home, built = tmp_path_factory.mktemp("checkpoints"), dict[str, Path]()

    def get(family: str) -> Path:
        if family not in built:
            built[family] = build(family, home / family)
        return built[family]

    return get


@pytest.fixture(scope="session")
def special(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a specialist's tiny random checkpoint (`checkpoints.FAMILIES`)."""
    torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
    pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")
    from tests.engines.specialists.checkpoints import build

    torch.set_num_threads(1)
    home, built = tmp_path_factory.mktemp("specialists"), dict[str, Path]()

    def get(family: str) -> Path:
        if family not in built:
            built[family] = build(family, home / family)
        return built[family]

    return get
