"""The Media handle: what the rest of the house knows of a picture, a document or a clip."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["image", "document", "video", "audio", "text"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document: size in points (1/72 inch) as it is shown, and its own text ("" for a scanned page)."""

    width: float
    height: float
    text: str = dataclasses.field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of a page that stand together, with their place in points from its upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Clip:
    """What a video or a sound recording is, and which part of it is meant.

    `duration` is of the whole, `start` and `end` bound the part (0 <= start < end <= duration), all in seconds.
    `frame_rate` is as recorded (0 for sound), `fps` how many frames a second are to be looked at.
    """

    duration: float
    frame_rate: float = 0.0
    audio: bool = False
    start: float = 0.0
    end: float = 0.0
    fps: float = 1.0

    @property
    def length(self) -> float:
        """Seconds of the part that is meant."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Media:
    """One piece of media, judged and measured, not decoded.

    `mime_type` is what the bytes are, whatever the caller called them.  `width` and `height` are in pixels of the
    upright picture (EXIF orientation applied; 0 for kinds that have none).  `orientation` is the EXIF value, 1 to 8,
    that a decoder still has to apply.  `digest` is the BLAKE3 hash of `data` in hexadecimal.  `field` is the path of
    the part in the request, for error messages.  `level` is the media resolution in force for this part, already
    reduced from part and request ("MEDIA_RESOLUTION_HIGH" or the like, "" when unset).

    `path` names a file that holds the bytes where they are too many to keep; `data` is then empty, and `digest` is
    the caller's.  The file may be a copy, which is there as long as anything holds `keeper`.  Documents have
    `pages`; videos and sound have a `clip`.  Text has been decoded: `data` is UTF-8.
    """

    kind: Kind
    mime_type: str
    data: bytes = dataclasses.field(repr=False)
    digest: str
    width: int = 0
    height: int = 0
    orientation: int = 1
    field: str = ""
    name: str = ""
    level: str = ""
    path: Path | None = None
    keeper: object = dataclasses.field(default=None, repr=False, compare=False)
    pages: tuple[Page, ...] = dataclasses.field(default=(), repr=False)
    clip: Clip | None = None
