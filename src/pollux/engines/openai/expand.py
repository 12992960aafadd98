"""Media as content parts of a chat message: pictures as data URLs, pages and frames as pictures, text as text.

A picture's pixels reach the server as they came: a PNG or JPEG byte for byte, any other kind as a PNG, and only where
the media resolution says so made smaller.  One token of today's open models stands for some 32 x 32 pixels, so LOW and
MEDIUM are the tokens of the media resolution page (Gemini 3: 280 and 560) times 1024 pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pybase64 import b64encode

from pollux.engines.openai.options import Options
from pollux.errors import Cancelled, InvalidArgument
from pollux.media import document, picture, timed
from pollux.media.handle import Media
from pollux.media.text import text_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = dict[str, Any]

READABLE = ("image/png", "image/jpeg")
"""What every such server reads; llama.cpp, for one, reads no WebP."""
PIXELS = {"MEDIA_RESOLUTION_LOW": 280 * 1024, "MEDIA_RESOLUTION_MEDIUM": 560 * 1024}
PAGE_SIDE = {"MEDIA_RESOLUTION_LOW": 768, "MEDIA_RESOLUTION_HIGH": 1600}
USUAL_PAGE_SIDE = 1280
FRAME_SIDE = {"MEDIA_RESOLUTION_HIGH": 768}
USUAL_FRAME_SIDE = 512
FRAME_QUALITY = 92
"""Of a JPEG: a video's frames went through a lossy codec already, and there are many."""
_SOUND = {"audio/wav": "wav", "audio/mpeg": "mp3"}


@dataclass
class Expander:
    """Expands the media of one request; blocks, so it is for a thread.

    `sizes` are the width and height of each still picture that was made, in order.  Raises InvalidArgument naming the
    field, Cancelled as soon as `cancelled()` says so.
    """

    options: Options
    cancelled: Callable[[], bool] = lambda: False
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, media: Media) -> Iterator[Json]:
        """The content parts of one piece of media."""
        if self.cancelled():
            raise Cancelled
        if media.kind == "image":
            yield self._picture(media)
        elif media.kind == "document":
            yield from self._document(media)
        elif media.kind == "video":
            yield from self._video(media)
        elif media.kind == "audio":
            yield self._sound(media)
        else:
            yield _text(f"{media.name}:\n{text_of(media)}" if media.name else text_of(media))

    def _picture(self, media: Media) -> Json:
        most = PIXELS.get(media.level, 0)
        shrinks = bool(most) and media.width * media.height > most
        if media.mime_type in READABLE and media.orientation == 1 and not shrinks:
            self.sizes.append((media.width, media.height))
            return _image(media.mime_type, _bytes(media))
        if media.path is not None and not media.data:
            media = _with_data(media)
        side = math.sqrt(most / (media.width * media.height)) * max(media.width, media.height) if shrinks else None
        pixels = picture.decode(media, None if side is None else max(1, round(side)))
        self.sizes.append((pixels.shape[1], pixels.shape[0]))
        return _image("image/png", picture.encode_png(pixels))

    def _document(self, media: Media) -> Iterator[Json]:
        count, most = len(media.pages), self.options.pages
        if count > most:
            message = f"{media.field}: the document has {count} pages; this model takes {most}. Send it in parts."
            raise InvalidArgument(message, field=media.field)
        side = PAGE_SIDE.get(media.level, USUAL_PAGE_SIDE)
        name = f" of {media.name}" if media.name else ""
        for index, page in enumerate(media.pages):
            own = f", whose own text is:\n{page.text}" if page.text.strip() else ""
            yield _text(f"Page {index + 1} of {count}{name}{own}")
            pixels = document.page_picture(media, index, side, self.cancelled)
            self.sizes.append((pixels.shape[1], pixels.shape[0]))
            yield _image("image/png", picture.encode_png(pixels))

    def _video(self, media: Media) -> Iterator[Json]:
        if media.clip is None:
            return
        times = timed.sample_times(media.clip)
        most = self.options.frames
        if len(times) > most:  # evenly over the whole clip
            times = [times[number * len(times) // most] for number in range(most)]
        side = FRAME_SIDE.get(media.level, USUAL_FRAME_SIDE)
        for seconds, pixels in timed.frames(media, times, side, self.cancelled):
            yield _text(f"The video at {timed.clock(seconds)}")
            yield _image("image/jpeg", _jpeg(pixels))

    def _sound(self, media: Media) -> Json:
        kind = _SOUND.get(media.mime_type)
        if "audio_in" not in self.options.abilities:
            raise InvalidArgument(f"{media.field}: this model takes no sound.", field=media.field)
        if kind is None:
            message = f"{media.field}: this model takes sound as WAV or MP3, not {media.mime_type}."
            raise InvalidArgument(message, field=media.field)
        return {"type": "input_audio", "input_audio": {"data": b64encode(_bytes(media)).decode(), "format": kind}}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _image(mime_type: str, data: bytes) -> Json:
    return {"type": "image_url", "image_url": {"url": f"data:{mime_type};base64,{b64encode(data).decode()}"}}


def _bytes(media: Media) -> bytes:
    return media.data if media.data or media.path is None else media.path.read_bytes()


def _with_data(media: Media) -> Media:

    return replace(media, data=_bytes(media))


def _jpeg(pixels: NDArray[np.uint8]) -> bytes:
    import simplejpeg  # noqa: PLC0415

    return bytes(simplejpeg.encode_jpeg(pixels, FRAME_QUALITY, "RGB", "444"))
