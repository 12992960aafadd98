"""A search in a folder of documents: a full-text index (SQLite's FTS5, ranked by BM25), in memory, kept up to date.

Read are text files, Markdown, HTML, CSV, JSON and PDF.  The folder is the owner's: what is in it can be asked about by
everybody who may use this server.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from pollux.engines.wishes import Source
from pollux.errors import ApiError, Unavailable
from pollux.media.document import inspect_pdf
from pollux.media.limits import MediaLimits

SUFFIXES = frozenset((".txt", ".md", ".rst", ".html", ".htm", ".csv", ".tsv", ".json", ".jsonl", ".log", ".pdf"))
PASSAGE = 1_000
"""Characters of a passage, about."""
LARGEST = 20 << 20
"""Bytes from which a file is passed over."""
MOST_FILES = 20_000
MOST_BYTES = 1 << 30
"""Of all files together: the index is in memory."""
FRESH_SECONDS = 5.0
"""How long the folder is not looked at again."""
_WORD = re.compile(r"\w{2,40}")
_MOST_WORDS = 32
_UNSEEN = re.compile(r"(script|style)\b", re.IGNORECASE)
_TAG = re.compile(r"[/!?a-z][^<>]{0,2000}>", re.IGNORECASE)
_TITLE = re.compile(r"\s*#+\s+(.{1,200})")
_HTML_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_HEAD = 20_000
"""Characters at the beginning in which an HTML file's title is looked for."""
_COMMON = (
    "the a an of in on at to for and or is are was were be as by with from this that it its what which who how when "
    "where why do does did can could would should will please me my your our create make draw show picture image "
    "generate visualize add into about"
)
_STOPS = frozenset(_COMMON.split())
"""Words that say nothing of what is looked for."""


@dataclass
class FolderSearch:
    """Passages of the files below `folder`.  Safe to share between tasks."""

    folder: Path
    _index: sqlite3.Connection | None = None
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    _looked: float = 0.0
    _closed: threading.Event = field(default_factory=threading.Event)
    # A thread of its own: reading a large folder takes minutes, and those who wait for it must not hold the threads
    # that everything else needs.
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "pollux-search"))

    async def find(self, query: str, most: int) -> Sequence[Source]:
        """The passages that share most with the query, at most one of a file.  Raises Unavailable."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._find, query, most)

    async def close(self) -> None:
        """Forgets the index; reading the folder ends with the file that is being read."""
        self._closed.set()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._forget)
        self._thread.shutdown(wait=False)

    def _forget(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
            self._seen.clear()

    def _find(self, query: str, most: int) -> list[Source]:
        words = [word for word in _WORD.findall(query.lower()) if word not in _STOPS][:_MOST_WORDS]
        if not words:
            return []
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        rows = self._fresh().execute(
            "SELECT name, title, passage FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (asked, 8 * most)
        )
        best: dict[str, Source] = {}
        for name, title, passage in rows:
            best.setdefault(name, Source(name, title, passage))
        return list(best.values())[:most]

    def _fresh(self) -> sqlite3.Connection:
        """The index, with what changed since it was last looked at."""
        if self._index is None:
            self._index = sqlite3.connect(":memory:", check_same_thread=False)
            tokens = "porter unicode61 remove_diacritics 2"
            self._index.execute(
                f"CREATE VIRTUAL TABLE passages USING fts5(name UNINDEXED, title, passage, tokenize='{tokens}')"
            )
            self._looked = 0.0
        if time.monotonic() - self._looked < FRESH_SECONDS and self._looked:
            return self._index
        now = self._files()
        for name in [name for name, mark in self._seen.items() if now.get(name) != mark]:
            self._index.execute("DELETE FROM passages WHERE name = ?", (name,))
            del self._seen[name]
        for name, mark in now.items():
            if self._closed.is_set():
                raise Unavailable("The server is stopping.")
            if name not in self._seen:
                rows = ((name, title, passage) for title, passage in self._passages(name))
                self._index.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)
                self._seen[name] = mark
        self._looked = time.monotonic()
        return self._index

    def _files(self) -> dict[str, tuple[int, int]]:
        """Name within the folder -> size and time, of what can be read; not of hidden, linked or large files."""
        if not self.folder.is_dir():
            raise Unavailable(f"[search] source: there is no folder {self.folder.name} to search in.")
        found: dict[str, tuple[int, int]] = {}
        room = MOST_BYTES
        for place, folders, names in os.walk(self.folder):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for name in sorted(names):
                path = Path(place, name)
                if path.suffix.lower() not in SUFFIXES or name.startswith("."):
                    continue
                try:
                    known, mark = path.relative_to(self.folder).as_posix(), path.lstat()
                    known.encode()  # a name that is no text cannot be spoken of
                except (OSError, UnicodeEncodeError):
                    continue
                if S_ISREG(mark.st_mode) and mark.st_size <= min(LARGEST, room):
                    found[known] = (mark.st_size, mark.st_mtime_ns)
                    room -= mark.st_size
                if len(found) == MOST_FILES:
                    return found
        return found

    def _passages(self, name: str) -> Iterator[tuple[str, str]]:
        """Title and text of each passage; nothing of a file that cannot be read."""
        path = self.folder / name
        try:
            text = _pdf(path) if path.suffix.lower() == ".pdf" else path.read_text("utf-8", "replace")
        except (OSError, ApiError):
            return
        page = path.suffix.lower() in (".html", ".htm")
        head = _HTML_TITLE.search(text[:_HEAD]) if page else _TITLE.match(text)
        title = html.unescape(" ".join(head[1].split())) if head is not None else path.stem
        text = html.unescape(plain(text)) if page else text.encode("utf-8", "replace").decode()
        for passage in cut(text):
            yield title, passage


def plain(page: str) -> str:
    """The text of an HTML page, without tags, scripts and styles.  Takes time in proportion to its length."""
    first, *pieces = page.split("<")
    out, unseen = [first], ""
    for piece in pieces:
        if unseen:
            if piece[: len(unseen) + 1].lower() != f"/{unseen}":
                continue
            unseen = ""
        tag = _TAG.match(piece)
        if tag is None:
            out.append("<" + piece)
        else:
            begun = _UNSEEN.match(piece)
            unseen = begun[1].lower() if begun is not None else ""
            out.append(" " if unseen else " " + piece[tag.end() :])
    return "".join(out)


def cut(text: str) -> Iterator[str]:
    """A text in passages of whole paragraphs, or of words where a paragraph is long."""
    passage = ""
    for paragraph in re.split(r"\n\s*\n", text):
        clean, begin = " ".join(paragraph.split()), 0
        while len(clean) - begin > PASSAGE:
            at = clean.rfind(" ", begin + 1, begin + PASSAGE)
            at = begin + PASSAGE if at < 0 else at
            if passage:
                yield passage
                passage = ""
            yield clean[begin:at]
            begin = at + (clean[at] == " ")
        clean = clean[begin:]
        if passage and len(passage) + len(clean) > PASSAGE:
            yield passage
            passage = ""
        passage = f"{passage}\n{clean}".strip()
    if passage:
        yield passage


def _pdf(path: Path) -> str:
    pages = inspect_pdf(path, path.name, MediaLimits())
    return "\n\n".join(page.text for page in pages)


def has_full_text() -> bool:
    """Whether this Python's SQLite can index text."""
    with closing(sqlite3.connect(":memory:")) as connection:
        return bool(connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
