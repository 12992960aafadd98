"""Pictures and sound as OpenAI's API takes them: data URLs.

A picture's pixels reach the server as they came: a PNG or JPEG byte for byte, any other kind as a PNG, and only where
the media resolution says so made smaller.  One token of today's open models stands for some 32 x 32 pixels, so LOW and
MEDIUM are the tokens of the media resolution page (Gemini 3: 280 and 560) times 1024 pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pybase64 import b64encode

from pollux.errors import InvalidArgument
from pollux.media import picture
from pollux.media.handle import Media

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = dict[str, Any]

READABLE = ("image/png", "image/jpeg")
"""What every such server reads; llama.cpp, for one, reads no WebP."""
PIXELS = {"MEDIA_RESOLUTION_LOW": 280 * 1024, "MEDIA_RESOLUTION_MEDIUM": 560 * 1024}
FRAME_QUALITY = 92
"""Of a JPEG: a video's frames went through a lossy codec already, and there are many."""
_SOUND = {"audio/wav": "wav", "audio/mpeg": "mp3"}


@dataclass(frozen=True, slots=True)
class DataUrls:
    """`chat.expand.Show` in data URLs; `hears`: the model takes sound."""

    hears: bool = False

    def still(self, media: Media) -> tuple[Json, tuple[int, int]]:
        """A picture of the caller's, as it came where that can be."""
        most = PIXELS.get(media.level, 0)
        shrinks = bool(most) and media.width * media.height > most
        if media.mime_type in READABLE and media.orientation == 1 and not shrinks:
            return _image(media.mime_type, _bytes(media)), (media.width, media.height)
        if media.path is not None and not media.data:
            media = replace(media, data=_bytes(media))
        side = math.sqrt(most / (media.width * media.height)) * max(media.width, media.height) if shrinks else None
        pixels = picture.decode(media, None if side is None else max(1, round(side)))
        return _image("image/png", picture.encode_png(pixels)), (pixels.shape[1], pixels.shape[0])

    def page(self, pixels: NDArray[np.uint8], media: Media) -> Json:
        """A page, without loss."""
        del media
        return _image("image/png", picture.encode_png(pixels))

    def frame(self, pixels: NDArray[np.uint8], media: Media) -> Json:
        """A frame, as a JPEG."""
        del media
        return _image("image/jpeg", _jpeg(pixels))

    def sound(self, media: Media) -> Json:
        """A recording as it came."""
        kind = _SOUND.get(media.mime_type)
        if not self.hears:
            raise InvalidArgument(f"{media.field}: this model takes no sound.", field=media.field)
        if kind is None:
            message = f"{media.field}: this model takes sound as WAV or MP3, not {media.mime_type}."
            raise InvalidArgument(message, field=media.field)
        return {"type": "input_audio", "input_audio": {"data": b64encode(_bytes(media)).decode(), "format": kind}}


def _image(mime_type: str, data: bytes) -> Json:
    return {"type": "image_url", "image_url": {"url": f"data:{mime_type};base64,{b64encode(data).decode()}"}}


def _bytes(media: Media) -> bytes:
    return media.data if media.data or media.path is None else media.path.read_bytes()


def _jpeg(pixels: NDArray[np.uint8]) -> bytes:
    import simplejpeg  # noqa: PLC0415

    return bytes(simplejpeg.encode_jpeg(pixels, FRAME_QUALITY, "RGB", "444"))
