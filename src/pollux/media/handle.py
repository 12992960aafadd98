"""The Media handle: what the rest of the house knows of a picture, a document or a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "document", "video", "audio", "text"]


@dataclass(frozen=True, slots=True)
class Media:
    """One piece of media, judged and measured, not decoded.

    `mime_type` is what the bytes are, whatever the caller called them.  `width` and `height` are in pixels of the
    upright picture (EXIF orientation applied; 0 for kinds that have none).  `orientation` is the EXIF value, 1 to 8,
    that a decoder still has to apply.  `digest` is the BLAKE3 hash of `data` in hexadecimal.  `field` is the path of
    the part in the request, for error messages.  `level` is the media resolution in force for this part, already
    reduced from part and request ("MEDIA_RESOLUTION_HIGH" or the like, "" when unset).
    """

    kind: Kind
    mime_type: str
    data: bytes
    digest: str
    width: int = 0
    height: int = 0
    orientation: int = 1
    field: str = ""
    name: str = ""
    level: str = ""
