"""Copies of large blobs as plain files, for readers that need a path (video, PDF); the least used go first."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pollux.stores.blobs import Blobs

PREFIX = "pollux-"


@dataclass
class Scratch:
    """A folder of this process: inside `parent` (None: the system's), up to `most` bytes and at least one copy."""

    parent: Path | None = None
    most: int = 8 * 1024**3
    _folder: Path | None = None
    _copies: OrderedDict[str, tuple[asyncio.Task[Path], int]] = field(default_factory=OrderedDict)

    async def path(self, blobs: Blobs, blob: str, size: int) -> Path:
        """A file with the bytes of `blob`; several callers share one copy."""
        if blob not in self._copies:
            self._make_room(size)
            task = asyncio.create_task(self._copy(blobs, blob))
            task.add_done_callback(lambda done: self._forget_failed(blob, done))
            self._copies[blob] = (task, size)
        self._copies.move_to_end(blob)
        return await asyncio.shield(self._copies[blob][0])

    def drop(self, blob: str) -> None:
        """The blob is gone: so is its copy.  Who reads it keeps the bytes until he closes it."""
        task, _ = self._copies.pop(blob, (None, 0))
        if task is not None:
            task.cancel()
            if self._folder is not None:
                (self._folder / blob).unlink(missing_ok=True)

    def clear(self) -> None:
        """What processes that were killed have left goes.  Blocks."""
        if self.parent is not None and self.parent.is_dir():
            _clear_the_dead(self.parent)

    def close(self) -> None:
        """Everything goes."""
        for blob in list(self._copies):
            self.drop(blob)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _make_room(self, size: int) -> None:
        while self._copies and sum(held for _, held in self._copies.values()) + size > self.most:
            self.drop(next(iter(self._copies)))

    def _forget_failed(self, blob: str, task: asyncio.Task[Path]) -> None:
        if (task.cancelled() or task.exception()) and blob in self._copies and self._copies[blob][0] is task:
            del self._copies[blob]

    async def _copy(self, blobs: Blobs, blob: str) -> Path:
        path = await asyncio.to_thread(self._home) / blob
        try:
            with await asyncio.to_thread(path.open, "wb") as file:
                async for chunk in blobs.read(blob):
                    await asyncio.to_thread(_write, file, chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _home(self) -> Path:
        if self._folder is None:
            if self.parent is not None:
                self.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=self.parent))
        return self._folder


def _write(file: BinaryIO, chunk: bytes) -> None:
    file.write(chunk)


def _clear_the_dead(parent: Path) -> None:
    """Folders of processes that were killed."""
    for folder in parent.glob(PREFIX + "*"):
        with contextlib.suppress(ValueError, PermissionError):
            number = int(folder.name.split("-")[1])
            try:
                os.kill(number, 0)
            except ProcessLookupError:
                shutil.rmtree(folder, ignore_errors=True)
