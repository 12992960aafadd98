"""How the built-in models come to life: on first use, once, in few threads, with memory handed back."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import resources
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

_QUIET = 3  # onnxruntime's severity "error": it warns about shapes it merely cannot infer


class Lazy(Generic[T]):
    """A value made at its first use, by one thread while the others wait; a failure is tried again next time."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    @property
    def ready(self) -> bool:
        """Whether the value has been made."""
        return bool(self._made)

    def __call__(self) -> T:
        """The value."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]


def weights_file(name: str) -> AbstractContextManager[Path]:
    """A file of `weights/` as a path on disk, valid inside the context."""
    return resources.as_file(resources.files(__package__) / "weights" / name)


class Model:
    """One ONNX file of `weights/`, loaded when it is first run; any number of threads may run it at the same time."""

    def __init__(self, name: str, threads: int) -> None:
        self._session = Lazy(lambda: _open(name, threads))

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._session.ready

    def load(self) -> None:
        """Load the weights now rather than at the first question."""
        self._session()

    def run(self, outputs: Sequence[str], **inputs: NDArray[Any]) -> list[NDArray[np.float32]]:
        """The named outputs for named inputs."""
        found: list[NDArray[np.float32]] = self._session().run(list(outputs), inputs)
        return found


def open_session(path: Path, threads: int) -> Any:
    """An onnxruntime session of a file; `threads` is how many one run uses."""
    import onnxruntime  # noqa: PLC0415 - 20 MB, and not every request needs a model

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _QUIET
    # an explicit count also keeps onnxruntime from pinning threads, which containers refuse
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # the arena never shrinks: one long batch would be paid for until the process ends
    options.enable_cpu_mem_arena = False
    # waiting threads sleep instead of burning the core that the server answers on
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return_memory()
    return session


def _open(name: str, threads: int) -> Any:
    with weights_file(name) as path:
        return open_session(path, threads)


def return_memory() -> None:
    """Give freed heap back to the system: loading frees twice what it keeps, and glibc would hold on to it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none, and needs none
        if trim is not None:
            trim(0)
