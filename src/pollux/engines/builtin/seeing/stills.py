"""Pages and frames as pictures of their own, for boxes in documents and videos."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pollux.engines.builtin.aim import Budget, pages_named, times_named
from pollux.engines.builtin.leafing import SIDE as PAGE_SIDE
from pollux.engines.builtin.watching import SIDE as FRAME_SIDE
from pollux.engines.builtin.watching import marks, spread
from pollux.media.document import page_picture
from pollux.media.handle import Media
from pollux.media.picture import encode_png
from pollux.media.timed import frames, sample_times

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PAGES = 8  # named in a prompt; without a name the first page is taken
MOST_FRAMES = 5  # at moments that are named; without one the first, the middle and the last

Still = tuple[dict[str, Any], Media]
"""What an entry says of where it is ({"page": 2}, {"time": "00:05"}), and the picture."""


def stills(work: Media, text: str, budget: Budget, cancelled: Callable[[], bool]) -> list[Still]:
    """The pages or frames that a prompt means; none of a recording of sound."""
    if work.kind == "document":
        return _pages(work, text, budget, cancelled)
    return _frames(work, text, budget, cancelled) if work.kind == "video" and work.clip else []


def _pages(work: Media, text: str, budget: Budget, cancelled: Callable[[], bool]) -> list[Still]:
    numbers = [n for n in pages_named(text, len(work.pages)) if 1 <= n <= len(work.pages)] or [1]
    out: list[Still] = []
    for number in numbers[:MOST_PAGES]:
        if out and not budget.left:
            break
        rgb = page_picture(work, number - 1, PAGE_SIDE, cancelled, budget.left + 1.0)
        out.append(({"page": number}, _picture(work, rgb, f"page {number}")))
    return out


def _frames(work: Media, text: str, budget: Budget, cancelled: Callable[[], bool]) -> list[Still]:
    assert work.clip is not None
    named = times_named(text, work.clip.start, work.clip.end)
    times = sorted({first for first, _ in named if first <= work.clip.end})[:MOST_FRAMES]
    times = times or spread(sample_times(work.clip), 3)
    shown = frames(work, times, FRAME_SIDE, cancelled, budget.left + 5.0)
    names = marks([at for at, _ in shown])
    return [({"time": name}, _picture(work, rgb, f"at {at:.3f}")) for name, (at, rgb) in zip(names, shown, strict=True)]


def _picture(work: Media, rgb: NDArray[np.uint8], place: str) -> Media:
    size = rgb.shape[1], rgb.shape[0]
    return Media("image", "image/png", encode_png(rgb), f"{work.digest}/{place}", *size, field=work.field)
