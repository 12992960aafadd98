"""Media as content parts of a chat message: pages and frames become pictures, text files text, each where it stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pollux.errors import Cancelled, InvalidArgument
from pollux.media import document, timed
from pollux.media.handle import Media
from pollux.media.text import text_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = dict[str, Any]
Size = tuple[int, int]

PAGE_SIDE = {"MEDIA_RESOLUTION_LOW": 768, "MEDIA_RESOLUTION_HIGH": 1600}
USUAL_PAGE_SIDE = 1280
FRAME_SIDE = {"MEDIA_RESOLUTION_HIGH": 768}
USUAL_FRAME_SIDE = 512


class Show(Protocol):
    """How an engine's model gets pictures and sound: each method gives one content part."""

    def still(self, media: Media) -> tuple[Json, Size]:
        """A picture of the caller's, and its width and height as the model gets it."""
        ...

    def page(self, pixels: NDArray[np.uint8], media: Media) -> Json:
        """A page: (height, width, 3) uint8 RGB."""
        ...

    def frame(self, pixels: NDArray[np.uint8], media: Media) -> Json:
        """A frame of a video, of which there are many: (height, width, 3) uint8 RGB."""
        ...

    def sound(self, media: Media) -> Json:
        """A recording.  Raises InvalidArgument where the model takes none."""
        ...


@dataclass
class Expander:
    """Expands the media of one request; blocks, so it is for a thread.

    `frames` and `pages`: most pictures made of one video or document.  `sizes` are the width and height of each still
    picture that was made, in order.  Raises InvalidArgument naming the field, Cancelled as soon as `cancelled()` says
    so.
    """

    show: Show
    frames: int
    pages: int
    cancelled: Callable[[], bool] = lambda: False
    sizes: list[Size] = field(default_factory=list)

    def __call__(self, media: Media) -> Iterator[Json]:
        """The content parts of one piece of media."""
        if self.cancelled():
            raise Cancelled
        if media.kind == "image":
            part, size = self.show.still(media)
            self.sizes.append(size)
            yield part
        elif media.kind == "document":
            yield from self._document(media)
        elif media.kind == "video":
            yield from self._video(media)
        elif media.kind == "audio":
            yield self.show.sound(media)
        else:
            yield _text(f"{media.name}:\n{text_of(media)}" if media.name else text_of(media))

    def _document(self, media: Media) -> Iterator[Json]:
        count, most = len(media.pages), self.pages
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
            yield self.show.page(pixels, media)

    def _video(self, media: Media) -> Iterator[Json]:
        if media.clip is None:
            return
        times = timed.sample_times(media.clip)
        most = self.frames
        if len(times) > most:  # evenly over the whole clip
            times = [times[number * len(times) // most] for number in range(most)]
        side = FRAME_SIDE.get(media.level, USUAL_FRAME_SIDE)
        for seconds, pixels in timed.frames(media, times, side, self.cancelled):
            yield _text(f"The video at {timed.clock(seconds)}")
            yield self.show.frame(pixels, media)


def _text(text: str) -> Json:
    return {"type": "text", "text": text}
