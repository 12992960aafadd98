"""Perception: a picture's bytes to its Scene, once.

This file is light: the libraries that look (OpenCV, onnxruntime, RapidOCR, zxing-cpp) load with the first picture.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.seeing.thing import Thing
from pollux.errors import Cancelled
from pollux.media.handle import Media

if TYPE_CHECKING:
    from pollux.engines.builtin.eyes import Eyes

_PATIENCE = 0.05  # seconds between looks at `cancelled` while another thread perceives the same picture


def _never() -> bool:
    return False


@dataclass(slots=True)
class _Entry:
    """What is known of one picture; the lock is held while somebody looks at it.  `found` by who found it."""

    lock: Lock = field(default_factory=Lock)
    scene: Scene | None = None
    found: dict[str, tuple[Thing, ...]] = field(default_factory=dict)


class Perceiver:
    """Scenes, and the things found in them, by the digest of their bytes: a second question costs nothing.

    Any thread may ask.  Two threads that ask about the same picture share one look.  At most `entries` pictures are
    remembered, the least recently asked about are forgotten; scenes are values of a few kilobytes, no pixels are kept.
    """

    def __init__(self, threads: int = 2, entries: int = 256) -> None:
        self._threads = threads
        self._most = max(1, entries)
        self._lock = Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._eyes: Eyes | None = None

    def perceive(self, media: Media, *, reading: bool, cancelled: Callable[[], bool] = _never) -> Scene:
        """The scene of one picture.

        With `reading` all text is read; without, only where a cheap look says that there is some.  A scene that was
        made without reading is completed, not made again.  Raises InvalidArgument naming `media.field` for a picture
        that cannot be decoded, Cancelled as soon as `cancelled()` says so between two stages.
        """
        return self.recall(media.digest, lambda: media, reading=reading, cancelled=cancelled)

    def recall(
        self, digest: str, make: Callable[[], Media], *, reading: bool, cancelled: Callable[[], bool] = _never
    ) -> Scene:
        """As `perceive`, of a picture that is only made when its scene is not known: a page, a frame."""
        with self._held(digest, cancelled) as entry:
            if entry.scene is None or (reading and not entry.scene.text_read):
                entry.scene = self.eyes().see(make(), reading=reading, cancelled=cancelled, known=entry.scene)
            return entry.scene

    def recollect(
        self, digest: str, what: str, make: Callable[[], tuple[Thing, ...]], *, cancelled: Callable[[], bool] = _never
    ) -> tuple[Thing, ...]:
        """The things that were found in a picture under a name; `make` looks for them the first time."""
        with self._held(digest, cancelled) as entry:
            if what not in entry.found:
                entry.found[what] = make()
            return entry.found[what]

    @contextmanager
    def _held(self, digest: str, cancelled: Callable[[], bool]) -> Iterator[_Entry]:
        entry = self._entry(digest)
        while not entry.lock.acquire(timeout=_PATIENCE):
            if cancelled():
                raise Cancelled
        try:
            yield entry
        finally:
            entry.lock.release()

    def _entry(self, digest: str) -> _Entry:
        with self._lock:
            entry = self._entries.setdefault(digest, _Entry())
            self._entries.move_to_end(digest)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
            return entry

    def eyes(self) -> Eyes:
        """The models; they load with the first call."""
        with self._lock:
            if self._eyes is None:
                from pollux.engines.builtin.eyes import Eyes  # noqa: PLC0415

                self._eyes = Eyes(self._threads)
            return self._eyes
