from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pollux.engines.specialists import loading
from pollux.engines.specialists.loading import Held
from pollux.engines.specialists.options import Options
from pollux.engines.transformers.loading import REST_SECONDS
from pollux.errors import Cancelled, Unavailable


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded here needs no torch."""
    monkeypatch.setattr(loading, "check_installed", lambda place: None)


def test_loaded_once_and_used_by_one_at_a_time() -> None:
    made: list[str] = []
    inside, most = 0, 0

    def load(options: Options) -> str:
        made.append(options.model)
        return "model"

    held: Held[str] = Held(Options("m"), load)
    assert not made

    def use(_: int) -> str:
        nonlocal inside, most
        with held.use() as model:
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1
            return model

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(40))) == {"model"}
    assert (made, most) == (["m"], 1)


def test_whoever_waits_may_leave() -> None:
    held: Held[str] = Held(Options("m"), lambda _: "model")
    gone = threading.Event()

    def wait() -> None:
        with held.use(gone.is_set):
            pass

    with ThreadPoolExecutor(1) as pool, held.use():
        waiting = pool.submit(wait)
        time.sleep(0.05)
        assert not waiting.done()
        gone.set()
        with pytest.raises(Cancelled):
            waiting.result(5)
    with pytest.raises(Cancelled), held.use(lambda: True):
        pass


def test_a_failure_is_told_for_a_while_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("huggingface_hub", reason="transformers is not installed: make torch installs it")
    tried: list[int] = []

    def load(_: Options) -> str:
        tried.append(1)
        if len(tried) == 1:
            raise OSError("torn\nfile")
        return "model"

    held: Held[str] = Held(Options("acme/m"), load)
    for _ in range(3):
        with pytest.raises(Unavailable, match=r"^acme/m cannot be loaded: torn file$"), held.use():
            pass
    assert len(tried) == 1
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + REST_SECONDS + 1)
    with held.use() as model:
        assert model == "model"


def test_loaded_at_the_start() -> None:
    loaded = threading.Event()

    def load(_: Options) -> str:
        loaded.set()
        return "model"

    held: Held[str] = Held(Options("m", preload=True), load)
    assert loaded.wait(5)
    held.close()
    with pytest.raises(Unavailable, match="stopping"), held.use():
        pass


def test_a_model_in_use_goes_with_its_last_use() -> None:
    held: Held[list[int]] = Held(Options("m"), lambda _: [1])
    with held.use() as model:
        held.close()
        assert model == [1]
    assert held._model is None


def test_callers_are_not_told_where_a_folder_lies(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub", reason="transformers is not installed: make torch installs it")

    def load(options: Options) -> str:
        raise OSError(f"{options.model}/model.safetensors is torn")

    held: Held[str] = Held(Options(str(tmp_path)), load)
    with pytest.raises(Unavailable, match=f"^{tmp_path.name} cannot be loaded: {tmp_path.name}/model"), held.use():
        pass
