"""What a file is, told from its bytes once, when it has arrived."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pollux.errors import InvalidArgument, Unimplemented
from pollux.media.limits import MediaLimits
from pollux.media.resolve import judge
from pollux.media.sniff import PICTURES, kind_of, normal, sniff
from pollux.media.text import is_text

Content = bytes | Path
"""A small file's bytes, or where a larger one lies."""

UNKNOWN = "application/octet-stream"
_WORDS = {"jsonl": "application/jsonl", "md": "text/markdown", "csv": "text/csv", "text": "text/plain"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an examination found: seconds of a video or recording, pages of a document."""

    seconds: float | None = None
    pages: int | None = None


NOTHING = Facts()


@dataclass(frozen=True)
class Examiner:
    """Looks into pictures, documents, videos and sound.  Text and unknown types are taken as they come."""

    limits: MediaLimits = field(default_factory=MediaLimits)

    def wants(self, mime: str) -> bool:
        """Whether files of this type are looked into."""
        return mime in PICTURES or kind_of(mime) in ("document", "video", "audio")

    def check_size(self, mime: str, size: int) -> None:
        """Raises InvalidArgument for what is not worth reading: nothing at all, or a picture too large to decode."""
        if not size:
            raise InvalidArgument(f"The file is empty, which no {mime} is.")
        if mime in PICTURES and size > 4 * self.limits.max_pixels:
            raise InvalidArgument(f"The picture has {size:,} bytes, more than one of the largest allowed can need.")

    def look(self, content: Content, mime: str, cancelled: Callable[[], bool] | None = None) -> Facts:
        """The facts; takes its time, until `cancelled()` (Cancelled).

        Raises InvalidArgument for a file that is damaged or not what it claims to be, NotFound for one that was
        removed.
        """
        try:
            media = judge(content, mime, "file", self.limits, cancelled=cancelled)
        except Unimplemented:  # a reader that is not installed: requests say so when they need it
            return NOTHING
        return Facts(media.clip.duration if media.clip else None, len(media.pages) if media.pages else None)


def likely_type(head: bytes, declared: str, display_name: str = "") -> str:
    """The MIME type by the first bytes, else as declared (a bare word like "jsonl" too), else by the name's ending."""
    said = _spelled(normal(declared))
    text = is_text(head)
    if kind_of(said) == "text" and text:
        return said  # text that happens to begin like a picture or to mention a format stays what it is
    if found := sniff(head):
        return found
    if said and said != UNKNOWN:
        return said
    ending = _by_ending(display_name)
    return ending or ("text/plain" if text and head else said or UNKNOWN)


def _spelled(word: str) -> str:
    return word if "/" in word or not word else _by_ending("x." + word) or word


def _by_ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return _WORDS.get(ending) or _table().types_map[True].get("." + ending, "")


@cache
def _table() -> mimetypes.MimeTypes:
    return mimetypes.MimeTypes()
