"""A model in this process: loaded when it is first wanted, whichever library and engine it is of."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

from pollux.errors import Cancelled, ConfigurationError, PolluxError, Unavailable

REST_SECONDS = 60.0
"""After loading failed, whoever asks is told why for so long before it is tried again."""
_LOOK = 0.2
"""Seconds between two looks whether a thread that waits is still wanted."""
_LOADING = threading.Lock()
"""Held while a model is loaded, so that they come one after another.  torch is changed for the whole process meanwhile
(the kind of new numbers, and whether they are made at all): of two models loaded at once one may come out empty."""

log = logging.getLogger(__name__)
T = TypeVar("T")


class Once(Generic[T]):
    """One model, loaded once, with a line in the log when that begins and another when it is done.

    `load` blocks, from seconds to minutes, and says in a ConfigurationError or in Unavailable what callers are to know:
    it is logged, and raised again for REST_SECONDS without another try.  Whatever else it raises is passed on as it is.
    `name` is what the log calls the model, `about` what it says of it beside: its kind, its numbers, its device.
    """

    def __init__(self, name: str, load: Callable[[], T], about: Callable[[T], str] = lambda _: "") -> None:
        self._name, self._load, self._about = name, load, about
        self._lock = threading.Lock()
        self._model: T | None = None
        self._closed = False
        self._failed: tuple[float, type[PolluxError], str] | None = None

    @contextmanager
    def use(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[T]:
        """The model, for this thread alone.

        Raises Cancelled where it is no longer wanted when its turn comes or before, what `load` says where it cannot be
        loaded, Unavailable after `close`.
        """
        while not self._lock.acquire(timeout=_LOOK):
            if cancelled():
                raise Cancelled
        try:
            if cancelled():
                raise Cancelled
            yield self._ready()
        finally:
            if self._closed:  # while it was loaded
                self._model = None
            self._lock.release()

    def get(self) -> T:
        """The model, for those who see to it themselves that one thread uses it.  Raises as `use` does."""
        with self.use() as model:
            return model

    def preload(self) -> None:
        """Begins to load it in a thread of its own; what goes wrong is in the log, and told to whoever asks."""

        def early() -> None:
            with suppress(PolluxError):
                self.get()

        threading.Thread(target=early, name="pollux-load", daemon=True).start()

    def close(self) -> None:
        """No more use, and nothing is waited for: the model goes with the last one who uses it."""
        self._closed = True
        self._model = None

    def _ready(self) -> T:
        if self._closed:
            raise Unavailable("The server is stopping.")
        model = self._model
        if model is None:
            model = self._model = self._loaded()
        return model

    def _loaded(self) -> T:
        begun = time.monotonic()
        if self._failed is not None:
            since, kind, message = self._failed
            if begun - since < REST_SECONDS:
                raise kind(message)
        log.info("loading %s", self._name)
        try:
            with _LOADING:
                model = self._load()
        except (ConfigurationError, Unavailable) as error:
            self._failed = time.monotonic(), type(error), error.message
            log.error("%s", error)
            log.debug("it failed so", exc_info=error)
            raise
        about = self._about(model)
        log.info("%s is loaded in %.1f s%s", self._name, time.monotonic() - begun, about and f": {about}")
        return model
