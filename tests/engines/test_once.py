from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from pollux.engines.once import REST_SECONDS, Once
from pollux.errors import Cancelled, ConfigurationError, Unavailable


class Model:
    """What is loaded."""


class Crowd:
    """How many are inside, and how many were at most."""

    def __init__(self) -> None:
        self.inside = self.most = self.came = 0

    def enter(self) -> None:
        self.inside += 1
        self.came += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.002)
        self.inside -= 1


def test_loaded_once_and_used_by_one_at_a_time() -> None:
    loading, using = Crowd(), Crowd()

    def load() -> Model:
        loading.enter()
        return Model()

    once = Once("m", load)
    assert not loading.came

    def use(_: int) -> Model:
        with once.use() as model:
            using.enter()
            return model

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(40))) == {once.get()}
    assert (loading.came, using.came, using.most) == (1, 40, 1)


def test_models_are_loaded_one_after_another() -> None:
    loading = Crowd()
    several = [Once(f"m{number}", loading.enter) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Once.get, several))
    assert (loading.came, loading.most) == (8, 1)


def test_whoever_waits_may_leave() -> None:
    once = Once("m", Model)
    gone = threading.Event()

    def wait() -> None:
        with once.use(gone.is_set):
            pass

    with ThreadPoolExecutor(1) as pool, once.use():
        waiting = pool.submit(wait)
        time.sleep(0.05)
        assert not waiting.done()
        gone.set()
        with pytest.raises(Cancelled):
            waiting.result(5)
    with pytest.raises(Cancelled), once.use(lambda: True):
        pass


@pytest.mark.parametrize("kind", [Unavailable, ConfigurationError])
def test_a_failure_is_told_for_a_while_and_tried_again(
    kind: type[Unavailable | ConfigurationError], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    def load() -> Model:
        tried.append(1)
        if len(tried) == 1:
            raise kind("m is torn")
        return Model()

    once = Once("m", load)
    for _ in range(3):
        with pytest.raises(kind, match=r"^m is torn$"):
            once.get()
    assert len(tried) == 1
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [(logging.ERROR, "m is torn")]
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + REST_SECONDS + 1)
    assert once.get() is once.get()
    assert len(tried) == 2


def test_what_has_no_words_for_callers_is_passed_on_and_tried_again() -> None:
    tried: list[int] = []

    def load() -> Model:
        tried.append(1)
        raise MemoryError

    once = Once("m", load)
    for _ in range(2):
        with pytest.raises(MemoryError):
            once.get()
    assert len(tried) == 2


def test_the_log_says_what_is_loaded(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "pollux"):
        Once("acme/m", lambda: 7, lambda model: f"{model} numbers on cpu").get()
        Once("acme/n", Model).get()
    first, second, third, last = (one.getMessage() for one in caplog.records)
    assert (first, third) == ("loading acme/m", "loading acme/n")
    assert second.startswith("acme/m is loaded in ")
    assert second.endswith(" s: 7 numbers on cpu")
    assert last.startswith("acme/n is loaded in ")
    assert last.endswith(" s")


def test_loaded_ahead_of_time_whatever_comes_of_it() -> None:
    begun = threading.Event()

    def load() -> Model:
        begun.set()
        raise Unavailable("m is torn")

    once = Once("m", load)
    once.preload()
    assert begun.wait(5)
    with pytest.raises(Unavailable, match="torn"):
        once.get()


@pytest.mark.parametrize("used", [True, False])
def test_a_closed_model_goes_with_its_last_use(used: bool) -> None:
    once = Once("m", Model)
    left = weakref.ref(once.get())
    if used:
        with once.use() as model:
            once.close()
            assert left() is model
            del model
    else:
        once.close()
    gc.collect()
    assert left() is None
    with pytest.raises(Unavailable, match="stopping"):
        once.get()


def test_one_closed_while_it_is_loaded_is_not_kept() -> None:
    begun, go = threading.Event(), threading.Event()

    def load() -> Model:
        begun.set()
        assert go.wait(5)
        return Model()

    once = Once("m", load)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(once.get)
        assert begun.wait(5)
        once.close()
        go.set()
        left = weakref.ref(coming.result(5))
    del coming
    gc.collect()
    assert left() is None
