"""PDF pages: their sizes, their own text and where it stands, and their pictures.

Everything is done by PDFium in a child process (see `child`), so functions here block for 60 ms and more, may be called
from any thread, and leave no state behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pollux.errors import InvalidArgument
from pollux.media import child
from pollux.media.handle import Media, Page, Run
from pollux.media.limits import MediaLimits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MAX_SIDE = 4096
"""Pixels: no page is drawn larger."""
_MODULE = "document_child"


def inspect_pdf(
    source: child.Source, field: str, limits: MediaLimits, cancelled: Callable[[], bool] | None = None
) -> tuple[Page, ...]:
    """Every page's size and native text.

    Raises InvalidArgument naming `field` for a PDF that is encrypted, damaged, empty, too long (`limits.max_pages`,
    `limits.max_text`) or that PDFium cannot read within `limits.memory`; DeadlineExceeded after `limits.seconds`;
    Cancelled as soon as `cancelled()` says so; NotFound for a path whose file was removed.
    """
    question = {"op": "inspect", "max_pages": limits.max_pages, "max_text": limits.max_text}
    bounds = child.Bounds(limits.seconds, limits.memory)
    found = _ask(question, source, field, bounds, cancelled)
    return tuple(Page(width, height, text) for width, height, text in found.facts)


def page_text(media: Media, index: int) -> str:
    """The native text of a page, counted from 0; "" for a scanned one."""
    return _page(media, index).text


def page_lines(
    media: Media, indices: Sequence[int], cancelled: Callable[[], bool] | None = None
) -> list[tuple[Run, ...]]:
    """The native text of pages in runs, in the order of the file, each with its place."""
    for index in indices:
        _page(media, index)
    found = _ask({"op": "lines", "pages": list(indices)}, _source(media), media.field, child.Bounds(), cancelled)
    return [tuple(Run(*run) for run in page) for page in found.facts]


def page_picture(
    media: Media, index: int, max_side: int = 1600, cancelled: Callable[[], bool] | None = None, seconds: float = 30.0
) -> Pixels:
    """A page as uint8 RGB, height x width x 3, its longer side `max_side` pixels (at most 4096), on white."""
    import numpy as np  # noqa: PLC0415

    _page(media, index)
    question = {"op": "picture", "page": index, "max_side": max(1, min(max_side, MAX_SIDE))}
    found = _ask(question, _source(media), media.field, child.Bounds(seconds), cancelled)
    height, width = found.facts
    return np.frombuffer(found.blobs[0], np.uint8).reshape(height, width, 3)


def _page(media: Media, index: int) -> Page:
    if not 0 <= index < len(media.pages):
        count = len(media.pages)
        raise InvalidArgument(f"{media.field}: there is no page {index + 1}; there are {count}.", field=media.field)
    return media.pages[index]


def _source(media: Media) -> child.Source:
    return media.path or media.data


def _ask(
    question: dict[str, object],
    source: child.Source,
    field: str,
    bounds: child.Bounds,
    cancelled: Callable[[], bool] | None = None,
) -> child.Answer:
    try:
        return child.ask(_MODULE, question, source, bounds, cancelled)
    except (child.DamagedError, child.GoneError, TimeoutError) as error:
        raise child.explained(error, "the PDF", field, bounds) from None
