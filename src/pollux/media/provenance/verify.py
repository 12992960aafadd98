"""What a picture itself can prove about where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pollux.media.provenance import metadata, watermark
from pollux.media.provenance.manifest import Claim, read, signed_with
from pollux.media.provenance.watermark import Trace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Evidence:
    """The three kinds of it.  `claim` is None without a manifest; `own` whether this installation's key signed it.

    `trace` is None where there are no pixels to look at.  `source` and `software` are words in the file: anybody can
    write or remove them.
    """

    claim: Claim | None
    own: bool
    trace: Trace | None
    source: str
    software: str

    @property
    def proven(self) -> bool:
        """Whether it is certain that this installation made the file, and that nothing in it was changed since."""
        return self.claim is not None and self.claim.sound and self.own

    @property
    def marked(self) -> bool:
        """Whether the pixels carry the watermark of Pollux."""
        return self.trace is not None and self.trace.found


def examine(data: bytes, mime_type: str, pixels: NDArray[np.uint8] | None, certificates: bytes | None) -> Evidence:
    """Reads the manifest, looks for the watermark in `pixels` (height, width, 3; uint8 RGB), and reads the words.

    `certificates` are those of this installation (`Identity.certificates`), None where it has none yet.
    """
    claim = read(data, mime_type)
    own = claim is not None and certificates is not None and signed_with(data, mime_type, claim, certificates)
    trace = watermark.detect(pixels) if pixels is not None else None
    return Evidence(claim, own, trace, metadata.source_of(data), metadata.software_of(data))
