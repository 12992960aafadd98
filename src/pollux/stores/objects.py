"""Objects: immutable bytes under a name, in a folder, in memory or in a bucket; through obstore, with our errors.

What `put` and then `settle` answered is on disk, name and bytes: obstore writes beside and renames, but does not call
fsync in a folder (its 0.12 cannot be asked to), so `settle` does.  A bucket's answer is its promise.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, MemoryStore, from_url

from pollux.errors import ConfigurationError, NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import RetryConfig

SCHEMES = ("file", "memory", "s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl")
BATCH = 1000  # names removed at once: what S3 takes in one request
NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
STAGED = re.compile(r"[0-9a-f]{32}#\d+")  # what obstore writes in a folder before it renames; its listing hides them

_FAILURES = (BaseError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Listed:
    """An object that is there: `size` in bytes."""

    name: str
    size: int
    modified_at: datetime


class Objects:
    """A place of objects.  Every method raises Unavailable, with the reason in one line, when the place fails."""

    def __init__(self, store: obstore.store.ObjectStore, label: str, folder: Path | None, *, sync: bool = True) -> None:
        self._store = store
        self._label = label
        self.folder = folder
        self._sync = sync
        self._settled: set[Path] = set()  # folders whose own entry is on disk

    @classmethod
    def open(cls, url: str, *, sync: bool = True) -> Objects:
        """file:///FOLDER (made if missing, for its owner only), memory://, s3://BUCKET/PREFIX, gs://..., az://...

        Without `sync` a folder's objects survive a killed server, but not a power cut.

        Keys and endpoints of buckets come from their usual environment variables (AWS_*, GOOGLE_*, AZURE_*).  Nothing
        is sent yet.  Raises ConfigurationError.
        """
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES:
            raise ConfigurationError(
                f"[store] blobs: {parts.scheme or 'no'} scheme is not supported; "
                "use file:///FOLDER, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX"
            )
        if parts.scheme == "memory":
            return cls(MemoryStore(), "memory", None)
        if parts.scheme == "file":
            folder = _make_private(Path(unquote(parts.path)))
            return cls(LocalStore(folder), str(folder), folder, sync=sync)
        label = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"  # never what stands before an @ or behind a ?
        patience: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}
        try:
            store = from_url(url, retry_config=patience)  # options of the client would undo AWS_ALLOW_HTTP and its like
        except _FAILURES as error:
            raise ConfigurationError(f"[store] blobs: {label} cannot be used: {_line(error)}") from None
        return cls(store, label, None)

    @staticmethod
    def new_name(folder: str | None = None) -> str:
        """A name that no object has, in one of 256 folders (two hexadecimal digits)."""
        name = secrets.token_hex(16)
        return f"{folder or name[:2]}/{name}"

    async def put(self, name: str, data: bytes | Sequence[bytearray | memoryview]) -> None:
        """Put one object, of bytes or of parts (which are not copied), whole or not at all."""
        try:
            await obstore.put_async(self._store, name, data, use_multipart=False)
        except _FAILURES as error:
            raise self._unavailable(error) from error

    def settle(self, names: Collection[str]) -> None:
        """Wait until objects that were put survive a power cut.  Blocks: call it in a thread."""
        if self.folder is None:
            return
        paths = [self.folder / name for name in names]
        try:
            if not self._sync:
                for path in paths:
                    path.stat()
                return
            for path in paths:
                _fsync(path)
            for fan in {path.parent for path in paths}:
                _fsync(fan)
                if fan not in self._settled:
                    _fsync(self.folder)
                    self._settled.add(fan)
        except FileNotFoundError:
            raise Unavailable("a cleaner took these bytes for orphans; send them again") from None
        except OSError as error:
            raise self._unavailable(error) from error

    async def get(self, name: str, start: int, end: int) -> memoryview:
        """Bytes [start, end) of an object, all of them.  Raises NotFound when it is gone."""
        try:
            data = memoryview(await obstore.get_range_async(self._store, name, start=start, end=end))
        except _FAILURES as error:
            raise self._lost(name, error) from error
        return self._whole(name, data, end - start)

    def get_blocking(self, name: str, start: int, end: int) -> memoryview:
        """The same for a thread that may wait."""
        try:
            data = memoryview(obstore.get_range(self._store, name, start=start, end=end))
        except _FAILURES as error:
            raise self._lost(name, error) from error
        return self._whole(name, data, end - start)

    async def remove(self, names: Collection[str]) -> None:
        """Remove objects; those that are gone already are no fault."""
        left = list(names)
        for batch in (left[at : at + BATCH] for at in range(0, len(left), BATCH)):
            try:
                await obstore.delete_async(self._store, batch)
            except FileNotFoundError:
                for name in batch:  # a folder stops at the first that is gone
                    await self._remove_one(name)
            except _FAILURES as error:
                raise self._unavailable(error) from error

    async def listed(self) -> AsyncIterator[list[Listed]]:
        """Every object there is, in batches of at most 1,000; only names that `new_name` makes."""
        try:
            async for batch in obstore.list(self._store, chunk_size=BATCH):
                yield [
                    Listed(meta["path"], meta["size"], meta["last_modified"].astimezone(UTC))
                    for meta in batch
                    if NAME.fullmatch(meta["path"])
                ]
        except _FAILURES as error:
            raise self._unavailable(error) from error

    def remove_staged(self, before: datetime) -> tuple[int, int]:
        """In a folder: remove what puts that were killed half-way left; (how many, bytes).  Blocks."""
        count = size = 0
        for path in self._staged():
            with suppress(OSError):  # renamed or removed since
                found = path.stat()
                if datetime.fromtimestamp(found.st_mtime, UTC) < before:
                    path.unlink()
                    count, size = count + 1, size + found.st_size
        return count, size

    def _staged(self) -> Iterator[Path]:
        if self.folder is None:
            return
        for fan in self.folder.glob("[0-9a-f][0-9a-f]"):
            yield from (path for path in fan.glob("*#*") if STAGED.fullmatch(path.name))

    async def _remove_one(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return
        except _FAILURES as error:
            raise self._unavailable(error) from error

    def _whole(self, name: str, data: memoryview, size: int) -> memoryview:
        if len(data) != size:
            raise Unavailable(f"the object {name} in {self._label} is damaged: it ends too early")
        return data

    def _lost(self, name: str, error: Exception) -> NotFound | Unavailable:
        if isinstance(error, FileNotFoundError):
            return NotFound(f"the object {name} is not in {self._label}")
        return self._unavailable(error)

    def _unavailable(self, error: Exception) -> Unavailable:
        text = str(error)
        if "os error 28)" in text or "os error 122)" in text or getattr(error, "errno", None) in (28, 122):
            return Full(f"nothing can be stored in {self._label}, the disk is full; free some space")
        if isinstance(error, PermissionDeniedError | UnauthenticatedError | PermissionError):
            return Unavailable(f"the blob store {self._label} refuses access; check its permissions or keys")
        return Unavailable(f"the blob store {self._label} failed: {_line(error)}")


class Full(Unavailable):
    """There is no room for more bytes."""


def _make_private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise ConfigurationError(
            f"[store] blobs: cannot use {folder}: {error.strerror}; choose a writable folder"
        ) from None
    return folder.resolve()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(error: Exception) -> str:
    """The first line of an error, without obstore's debugging pages."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
