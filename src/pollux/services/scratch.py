"""Copies of large blobs as plain files, for readers that need a path (video, PDF); the least used go first."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pollux.errors import NotFound
from pollux.stores.blobs import Blobs

try:
    import fcntl
except ImportError:  # not on this system: nothing tells whether another process lives, so nothing of others is cleared
    fcntl = None  # type: ignore[assignment]

PREFIX = "pollux-"
LOCK = "lock"
"""A file that is locked: in a folder as long as its process lives, beside the folders while they come and go."""


class Copy:
    """A file with the bytes of a blob.  While anything holds this object, the file goes only when the blob does."""

    path: Path


@dataclass
class _Entry:
    task: asyncio.Task[Path]
    size: int
    copy: weakref.ref[Copy]

    def in_use(self) -> bool:
        return self.copy() is not None


@dataclass
class Scratch:
    """A folder of this process, inside `parent`; up to `most` bytes, and more while more is in use."""

    parent: Path = field(default_factory=lambda: Path(tempfile.gettempdir()) / "pollux-scratch")
    most: int = 8 * 1024**3
    _folder: Path | None = None
    _lock: int | None = None
    _making: threading.Lock = field(default_factory=threading.Lock)
    _entries: OrderedDict[str, _Entry] = field(default_factory=OrderedDict)

    async def copy(self, blobs: Blobs, blob: str, size: int) -> Copy:
        """A copy of `blob`, to be held while it is used; several callers share it.  Raises NotFound."""
        entry = self._entries.get(blob)
        copy = (entry and entry.copy()) or Copy()
        if entry is None:
            self._make_room(size)
            task = asyncio.create_task(self._copy(blobs, blob))
            task.add_done_callback(lambda done: self._forget_failed(blob, done))
            entry = self._entries[blob] = _Entry(task, size, weakref.ref(copy))
        entry.copy = weakref.ref(copy)
        self._entries.move_to_end(blob)
        try:
            await asyncio.wait({entry.task})
        except asyncio.CancelledError:
            del copy
            if not entry.in_use() and self._entries.get(blob) is entry:
                self.drop(blob)  # nobody waits for it any more
            raise
        if entry.task.cancelled():
            raise NotFound("The file was deleted while it was read.")
        copy.path = entry.task.result()
        return copy

    def blobs(self) -> set[str]:
        """What there are copies of."""
        return set(self._entries)

    def drop(self, blob: str) -> None:
        """The blob is gone: so is its copy.  Who has it open keeps the bytes until he closes it."""
        entry = self._entries.pop(blob, None)
        if entry is not None:
            entry.task.cancel()
            if self._folder is not None:
                (self._folder / blob).unlink(missing_ok=True)

    def clear(self) -> None:
        """What processes that were killed have left goes.  Blocks."""
        if fcntl is None or not self.parent.is_dir():
            return
        with _locked(self.parent / LOCK):
            for folder in self.parent.glob(PREFIX + "*"):
                with contextlib.suppress(FileNotFoundError):  # its process closed it at that moment
                    lock = _taken(folder / LOCK)
                    if lock is not None:
                        shutil.rmtree(folder, ignore_errors=True)
                        os.close(lock)

    def close(self) -> None:
        """Everything goes."""
        for blob in list(self._entries):
            self.drop(blob)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _make_room(self, size: int) -> None:
        for blob, entry in list(self._entries.items()):
            if sum(other.size for other in self._entries.values()) + size <= self.most:
                return
            if not entry.in_use():
                self.drop(blob)

    def _forget_failed(self, blob: str, task: asyncio.Task[Path]) -> None:
        if (task.cancelled() or task.exception()) and blob in self._entries and self._entries[blob].task is task:
            del self._entries[blob]

    async def _copy(self, blobs: Blobs, blob: str) -> Path:
        path = await asyncio.to_thread(self._home) / blob
        try:
            with await asyncio.to_thread(_create, path) as file:
                async for chunk in blobs.read(blob):
                    await asyncio.to_thread(file.write, chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _home(self) -> Path:
        with self._making:
            if self._folder is None:
                self.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with _locked(self.parent / LOCK):
                    self._folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self.parent))
                    self._lock = _taken(self._folder / LOCK)
            return self._folder


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _taken(path: Path) -> int | None:
    """The lock, held until it is closed or its process ends, however that ends; None when it is another's."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (AttributeError, OSError):
        os.close(lock)
        return None
    return lock


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with contextlib.suppress(AttributeError, OSError):  # without locks, or where the disk has none: as it comes
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
