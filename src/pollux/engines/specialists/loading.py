"""A specialist's model: loaded when it is first used, used by one thread at a time."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from pollux.engines.specialists.base import Cancelled
from pollux.engines.specialists.options import FINDERS, MASKERS, Kind, Options
from pollux.engines.transformers.loading import REST_SECONDS, check_installed, device_of, reason_of, where
from pollux.engines.turns import LOADING
from pollux.errors import ApiError, ConfigurationError, Unavailable
from pollux.errors import Cancelled as Stopped

T = TypeVar("T")
log = logging.getLogger(__name__)
_LOOK = 0.2
"""Seconds between two looks whether a thread that waits is still wanted."""
_KINDS: dict[str, Kind] = {
    "grounding-dino": "grounding-dino",
    "mm-grounding-dino": "grounding-dino",
    "owlv2": "owlv2",
    "florence2": "florence-2",
    "sam2": "sam2",
    "sam2_video": "sam2",
}
"""Families by the model_type of a config.json; the checkpoints of SAM 2 call themselves after its video model."""


class Held(Generic[T]):
    """One model; `load` blocks, and may raise anything."""

    def __init__(self, options: Options, load: Callable[[Options], T]) -> None:
        self._options, self._load = options, load
        self._lock = threading.Lock()
        self._model: T | None = None
        self._closed = False
        self._failed, self._rests = "", 0.0
        if options.preload:
            threading.Thread(target=self._early, name="pollux-specialist", daemon=True).start()

    @contextmanager
    def use(self, cancelled: Cancelled = lambda: False) -> Iterator[T]:
        """The model, for this thread alone.  Raises Cancelled while it waits, Unavailable where it cannot be loaded."""
        while not self._lock.acquire(timeout=_LOOK):
            if cancelled():
                raise Stopped
        try:
            if cancelled():
                raise Stopped
            yield self._ready()
        finally:
            if self._closed:
                self._model = None
            self._lock.release()

    def close(self) -> None:
        """No more use; the model goes with the last one."""
        self._closed = True
        if self._lock.acquire(blocking=False):
            self._model = None
            self._lock.release()

    def _early(self) -> None:
        try:
            with self.use():
                pass
        except ApiError:
            pass  # it is in the log, and told to whoever asks

    def _ready(self) -> T:
        if self._closed:
            raise Unavailable("The server is stopping.")
        if self._model is None:
            if time.monotonic() < self._rests:
                raise Unavailable(self._failed)
            self._model = self._loaded()
        return self._model

    def _loaded(self) -> T:
        options, begun = self._options, time.monotonic()
        log.info("loading %s", options.model)
        try:
            check_installed(options.place)
            with LOADING:
                model = self._load(options)
        except Exception as error:  # of the hub, of a file, of a model's own code
            self._failed, self._rests = reason_of(error, options), time.monotonic() + REST_SECONDS
            log.error("%s model: %s", options.place, self._failed)
            log.debug("it failed so", exc_info=error)
            raise Unavailable(self._failed) from error
        log.info("%s is loaded in %.1f s", options.model, time.monotonic() - begun)
        return model


def resolved(options: Options) -> Options:
    """The options with the family that "auto" means: by a folder's config.json, or by the name on the hub.

    Nothing is fetched for it.  Raises ConfigurationError where neither says it.
    """
    if options.kind != "auto":
        return options
    config = Path(options.model) / "config.json"
    told = ""
    if config.is_file():
        try:
            told = str(json.loads(config.read_text("utf-8")).get("model_type", ""))
        except (OSError, ValueError, AttributeError):
            raise ConfigurationError(f"{options.place} model: {config} cannot be read.") from None
        kind = _KINDS.get(told)
    else:
        name = options.model.lower().replace("_", "-")
        kind = next((kind for kind in (*sorted(FINDERS), *sorted(MASKERS)) if kind in name), None)
    if kind is None:
        known = ", ".join((*sorted(FINDERS), *sorted(MASKERS)))
        what = f"{options.model!r} is a {told}" if told else f"what {options.model!r} is cannot be told"
        raise ConfigurationError(f"{options.place} model: {what}; give a model of, or set kind to, one of {known}.")
    return replace(options, kind=kind)


def pretrained(options: Options, kind: Any) -> Any:
    """What a class of transformers makes of the checkpoint."""
    return kind.from_pretrained(options.model, **where(options))


def ready(options: Options, kind: Any) -> Any:
    """A model of a class of transformers: on its device, in its precision, for answering only."""
    model = kind.from_pretrained(options.model, dtype=dtype(options), **where(options))
    return model.to(device_of(options.device)).eval()


def dtype(options: Options) -> Any:
    """The torch.dtype of the weights."""
    import torch  # noqa: PLC0415

    return getattr(torch, "float32" if options.dtype == "auto" else options.dtype)
