"""The one place where made pictures become files: watermark, encoding, metadata, manifest."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pollux.media.provenance import manifest, metadata, png, watermark
from pollux.media.provenance.identity import Identity
from pollux.media.provenance.manifest import Origin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Stamp:
    """What every made picture gets; each can be switched off.  `identity` is asked for when the first is signed."""

    identity: Callable[[], Identity]
    watermark: bool = True
    manifest: bool = True

    def __call__(
        self,
        pixels: NDArray[np.uint8],
        origin: Origin,
        *,
        issuer: str = "",
        mime_type: str = "image/png",
        quality: int = 90,
    ) -> bytes:
        """A picture (height, width, 3 or 4; uint8 RGB or RGBA) as a PNG or JPEG file.

        `issuer` is written into a PNG (`png.ISSUER`); `quality` 1 to 100 is a JPEG's, on whose white ground alpha ends.
        """
        from pollux import __version__  # noqa: PLC0415 - beside its one use

        software = f"Pollux {__version__}"
        marked = self.mark(pixels, again=origin.edited)
        origin = replace(origin, watermarked=self.watermark)
        xmp = metadata.packet(origin.source, software) if self.manifest else ""
        if mime_type == "image/jpeg":
            data = _jpeg(marked, quality, xmp, software if self.manifest else "")
        else:
            texts = {"Software": software} if self.manifest else {}
            data = png.encode(marked, {png.ISSUER: issuer, **texts} if issuer else texts, xmp=xmp)
        return manifest.sign(data, mime_type, origin, self.identity()) if self.manifest else data

    def mark(self, pixels: NDArray[np.uint8], *, again: bool = False) -> NDArray[np.uint8]:
        """A picture, or a frame of a video, with the watermark; `again`: it may have one already."""
        return watermark.embed(pixels, again=again) if self.watermark else pixels

    def sign_file(self, path: Path, mime_type: str, origin: Origin) -> None:
        """A whole file of another kind gets its manifest, in place."""
        if self.manifest:
            origin = replace(origin, watermarked=self.watermark)
            path.write_bytes(manifest.sign(path.read_bytes(), mime_type, origin, self.identity()))


def _jpeg(pixels: NDArray[np.uint8], quality: int, xmp: str, software: str) -> bytes:
    from PIL import Image  # noqa: PLC0415 - heavy

    image = Image.fromarray(pixels)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, xmp=xmp.encode(), exif=metadata.exif(software) if software else b"")
    return out.getvalue()
