"""One thread for all of torch, for tests run beside others; the library's own deprecations are its own affair."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:(transformers|torch)"))


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")
    torch.set_num_threads(1)
    assert transformers.AutoModelForImageTextToText
    assert transformers.AutoProcessor
    gc.collect()
    gc.freeze()  # an engine that closes collects: what the libraries hold need not be looked at a hundred times
    yield
    gc.unfreeze()
