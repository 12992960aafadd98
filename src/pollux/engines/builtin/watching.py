"""A video, moment by moment: a few frames, spread over the part that is meant or taken where the question says.

Frames are looked at from coarse to fine, so that when the budget is spent what was seen is spread all the same.  A
frame that hardly differs from one already looked at is not looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pollux.engines.builtin.aim import Budget, Cancelled, Look, times_named
from pollux.engines.builtin.scene import Scene
from pollux.media.handle import Clip, Media
from pollux.media.timed import clock, frames, sample_times

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pollux.engines.builtin.perceive import Perceiver

    Pixels = NDArray[np.uint8]

SIDE = 1024  # pixels: the longer side of a frame that is looked at
SPREAD = 8  # frames of a whole clip
IN_A_STRETCH = 5  # frames of a stretch that the question names
GRID = 48  # pixels: frames are compared at this size
LEAST_SHAPE = 0.1  # of the largest shape's area
ALIKE = 10  # grey levels: the most that a cell of the grid may differ


@dataclass(frozen=True, slots=True)
class Watching:
    """One video being watched for one prompt."""

    media: Media
    perceiver: Callable[[], Perceiver]
    budget: Budget
    cancelled: Cancelled

    @property
    def clip(self) -> Clip:
        """What is known of it."""
        assert self.media.clip is not None
        return self.media.clip

    def look(self, question: str, reading: str) -> Look:
        """Frames where the question points, else all over; with `reading` "always" or "perhaps" their text is read."""
        times, note = self._times(question)
        if not times:
            return Look(self.media, (), (), note)
        shown = frames(self.media, times, SIDE, self.cancelled, self.budget.left + 5.0)
        scenes: dict[int, Scene] = {}
        grids: dict[int, Pixels] = {}
        for index in coarse_to_fine(len(shown)):
            if scenes and not self.budget.left:
                break
            at, rgb = shown[index]
            grids[index] = grid(rgb)
            same = next((i for i in scenes if alike(grids[i], grids[index])), None)
            scenes[index] = scenes[same] if same is not None else self._see(at, rgb, reading)
        seen = sorted(scenes)
        return Look(self.media, [scenes[i] for i in seen], marks([shown[i][0] for i in seen]), note)

    def _times(self, question: str) -> tuple[list[float], str]:
        clip = self.clip
        named = times_named(question, clip.start, clip.end)
        if not named:
            return spread(sample_times(clip), SPREAD), ""
        out: list[float] = []
        for first, last in named:
            if first <= clip.end and last >= clip.start:
                out += between(max(first, clip.start), min(last, clip.end), IN_A_STRETCH)
        late = [clock(first) for first, _ in named if first > clip.end]
        note = f"The video ends at {clock(clip.end)}, before {late[0]}." if late else ""
        return sorted(set(out)), note

    def _see(self, at: float, rgb: Pixels, reading: str) -> Scene:
        from pollux.media.picture import encode_png  # noqa: PLC0415

        def picture() -> Media:
            size = rgb.shape[1], rgb.shape[0]
            return Media("image", "image/png", encode_png(rgb), digest, *size, field=self.media.field)

        digest = f"{self.media.digest}/at {at:.3f}"
        scene = self.perceiver().recall(digest, picture, reading=reading == "always", cancelled=self.cancelled)
        bare = scene.kind == "photograph" and not scene.text_suspected
        if reading == "perhaps" and not scene.text_read and not bare:
            scene = self.perceiver().recall(digest, picture, reading=True, cancelled=self.cancelled)
        return steady(scene)


def steady(scene: Scene) -> Scene:
    """The scene without the specks that compression leaves around moving things."""
    largest = max((form.box.width * form.box.height for form in scene.shapes), default=0.0)
    kept = tuple(form for form in scene.shapes if form.box.width * form.box.height >= LEAST_SHAPE * largest)
    return replace(scene, shapes=kept)


def spread(times: Sequence[float], count: int) -> list[float]:
    """So many of the times, evenly, the first and the last among them."""
    if len(times) <= count:
        return list(times)
    return [times[round(i * (len(times) - 1) / (count - 1))] for i in range(count)]


def between(first: float, last: float, count: int) -> list[float]:
    """So many moments from first to last, at most two a second."""
    count = min(count, int((last - first) * 2) + 1)
    return [first + (last - first) * i / max(count - 1, 1) for i in range(count)]


def coarse_to_fine(count: int) -> list[int]:
    """0 to count - 1: the first, the last, the middle, the quarters and so on."""
    order = [0, count - 1] if count > 1 else list(range(count))
    step = count - 1
    while len(order) < count:
        step = max(1, step // 2)
        order += [i for i in range(step, count - 1, step) if i not in order]
    return order


def marks(times: Sequence[float]) -> list[str]:
    """MM:SS, with tenths where two of them would be the same."""
    whole = [clock(at) for at in times]
    if len(set(whole)) == len(whole):
        return whole
    return [f"{text}.{int(at * 10 + 1e-6) % 10}" for text, at in zip(whole, times, strict=True)]


def grid(rgb: Pixels) -> Pixels:
    """A tiny grey version."""
    import cv2  # noqa: PLC0415

    small: Pixels = cv2.resize(rgb, (GRID, GRID), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return small


def alike(one: Pixels, other: Pixels) -> bool:
    """Whether two grids show the same."""
    import numpy as np  # noqa: PLC0415

    return bool(np.abs(one.astype(np.int16) - other).max() <= ALIKE)
