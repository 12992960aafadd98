"""How much media the house takes in, and from where."""

from __future__ import annotations

from dataclasses import dataclass, field

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Where an address in `fileData.fileUri` may lead, and for how long.

    `max_bytes` bounds one body, `seconds` the whole journey with its redirects.  `allow_private` lets every address
    be reached; `allow_hosts` are lower-case host names that may resolve to private addresses.  `ports` are the only
    ones contacted (None: any).  `ca_file` is a PEM file of further certificate authorities ("": none).
    """

    max_bytes: int = 20 * MEBIBYTE
    seconds: float = 30.0
    max_redirects: int = 5
    allow_private: bool = False
    allow_hosts: frozenset[str] = frozenset()
    ports: frozenset[int] | None = None
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """How large media may be.

    `max_pixels` and `max_side` (pixels) guard against pictures that are small on the wire and huge in memory.
    `max_pages` and `max_text` (characters) bound a document.  `seconds` and `memory` (bytes) bound the process that
    looks into a document, a video or a sound recording.
    """

    max_pixels: int = 100_000_000
    max_side: int = 65_535
    max_pages: int = 1000
    max_text: int = 8_000_000
    seconds: float = 30.0
    memory: int = 2048 * MEBIBYTE
    fetch: FetchPolicy = field(default_factory=FetchPolicy)
