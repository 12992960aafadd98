"""Video and sound: duration, which part is meant, and frames at given times.

WAV is measured here; everything else by FFmpeg through PyAV (extra `pollux[video]`) in a child process, see `child`.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pollux.errors import InvalidArgument, Unimplemented
from pollux.media import child
from pollux.media.handle import Clip, Media
from pollux.media.limits import MediaLimits
from pollux.media.timed_child import FORMATS
from pollux.wire.content import VideoMetadata

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MOST_FPS = 24.0
WAV = "audio/wav"
KNOWN = (*FORMATS, WAV)
"""The video and audio that can be read."""
_MODULE = "timed_child"
_DURATION = re.compile(r"(-?\d{1,12}(?:\.\d{1,9})?)s")
_AT_ONCE = 200 * 1024 * 1024  # bytes of pixels that one child gives back at most


def has_av() -> bool:
    """Whether the extra `pollux[video]` is installed."""
    return importlib.util.find_spec("av") is not None


def inspect(
    source: child.Source, mime: str, field: str, limits: MediaLimits, cancelled: Callable[[], bool] | None = None
) -> tuple[Clip, int, int]:
    """The whole clip, and the width and height in pixels of its upright frames (0 for sound).

    Raises InvalidArgument naming `field` for what is truncated, corrupt, empty or too large, DeadlineExceeded after
    `limits.seconds`, Unimplemented where PyAV is needed and absent, Cancelled as soon as `cancelled()` says so,
    NotFound for a path whose file was removed.
    """
    if mime == WAV:
        seconds = _wav_seconds(source, field)
        return Clip(seconds, audio=True, end=seconds), 0, 0
    bounds = child.Bounds(limits.seconds, limits.memory)
    facts = _ask({"op": "inspect", "mime": mime}, source, mime, field, bounds, cancelled).facts
    width, height, seconds = facts["width"], facts["height"], round(facts["duration"], 6)
    if width * height > limits.max_pixels:
        text = f"{field}: the video is {width:,} x {height:,} pixels, more than the {limits.max_pixels:,} allowed."
        raise InvalidArgument(f"{text} Make it smaller.", field=field)
    if not 0 < seconds < math.inf:
        raise InvalidArgument(f"{field}: {_name(mime)} is empty: it lasts no time.", field=field)
    return Clip(seconds, facts["rate"], facts["audio"], 0.0, seconds), width, height


def clipped(media: Media, metadata: VideoMetadata, field: str) -> Media:
    """The media with `videoMetadata`, whose path in the request is `field`, applied: offsets and frames a second.

    An end after the clip's own is the clip's own.  Raises InvalidArgument naming the field at fault.
    """
    clip = media.clip
    if media.kind != "video" or clip is None:
        raise InvalidArgument(f"{field} goes with a video, not with {media.mime_type}.", field=field)
    start, end = 0.0, clip.duration
    if metadata.start_offset:
        start = _seconds(metadata.start_offset, f"{field}.startOffset")
    if metadata.end_offset:
        end = min(_seconds(metadata.end_offset, f"{field}.endOffset"), end)
    if start >= clip.duration:
        place = f"{field}.startOffset"
        raise InvalidArgument(f"{place}: the video ends at {clip.duration:g} s, before {start:g} s.", field=place)
    if start >= end:
        place = f"{field}.endOffset"
        raise InvalidArgument(f"{place} must come after startOffset ({start:g} s).", field=place)
    fps = metadata.fps or 1.0
    if not 0 < fps <= MOST_FPS:
        place = f"{field}.fps"
        raise InvalidArgument(f"{place} must be more than 0 and at most {MOST_FPS:g}, not {fps:g}.", field=place)
    return replace(media, clip=replace(clip, start=start, end=end, fps=fps))


def frame_count(clip: Clip) -> int:
    """How many frames the clip is made of at its rate: at least one.

    A rest of less than a tenth of an interval has none of its own: sound often ends a moment after the pictures.
    """
    return max(1, math.ceil(clip.length * clip.fps - 0.1))


def sample_times(clip: Clip) -> list[float]:
    """The seconds, from the start of the whole, at which the clip's frames are taken."""
    return [clip.start + number / clip.fps for number in range(frame_count(clip))]


def frames(
    media: Media,
    times: Sequence[float],
    max_side: int = 768,
    cancelled: Callable[[], bool] | None = None,
    seconds: float = 60.0,
) -> list[tuple[float, Pixels]]:
    """(seconds, uint8 RGB of height x width x 3, upright) for each of the rising `times`.

    The longer side is at most `max_side` pixels; nothing is enlarged.  Where the video ends early there are fewer.
    Raises as `inspect` does, and Cancelled as soon as `cancelled()` says so.
    """
    import numpy as np  # noqa: PLC0415

    out: list[tuple[float, Pixels]] = []
    step = max(1, _AT_ONCE // (max_side * max_side * 3))
    for at in range(0, len(times), step):
        question = {"op": "frames", "mime": media.mime_type, "times": list(times[at : at + step]), "max_side": max_side}
        source = media.path or media.data
        found = _ask(question, source, media.mime_type, media.field, child.Bounds(seconds), cancelled)
        for (time, height, width, turns), blob in zip(found.facts, found.blobs, strict=True):
            pixels = np.frombuffer(blob, np.uint8).reshape(height, width, 3)
            out.append((time, np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels))
    return out


def clock(seconds: float) -> str:
    """A time as people and the API write it: "MM:SS", or "H:MM:SS" from an hour on."""
    minutes, rest = divmod(int(seconds + 1e-6), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _seconds(text: str, field: str) -> float:
    """A protobuf duration ("1.5s")."""
    found = _DURATION.fullmatch(text)
    value = float(found[1]) if found else -1.0
    if value < 0:
        raise InvalidArgument(f'{field} must be seconds like "1.5s" and not negative, not {text[:40]!r}.', field=field)
    return value


def _name(mime: str) -> str:
    return "the video" if mime.startswith("video/") else "the audio"


def _ask(
    question: dict[str, object],
    source: child.Source,
    mime: str,
    field: str,
    bounds: child.Bounds,
    cancelled: Callable[[], bool] | None,
) -> child.Answer:
    if not has_av():
        raise Unimplemented(f"{field}: {mime} needs PyAV on this server: pip install 'pollux[video]'.")
    try:
        return child.ask(_MODULE, question, source, bounds, cancelled)
    except (child.DamagedError, child.GoneError, TimeoutError) as error:
        raise child.explained(error, _name(mime), field, bounds) from None


def _wav_seconds(source: child.Source, field: str) -> float:
    """Seconds of a WAV file from its chunks (Multimedia Programming Interface and Data Specifications 1.0)."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _checked(_walk(file.read(1 << 16), source.stat().st_size), field)
    return _checked(_walk(source, len(source)), field)


def _walk(head: bytes, size: int) -> float | str:
    """Seconds, or what is wrong; `size` is the whole file's in bytes."""
    at, rate = 12, 0
    while at + 8 <= len(head):
        name, length = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
        if name == b"fmt " and length >= 16:
            rate = int.from_bytes(head[at + 16 : at + 20], "little")  # bytes a second
        if name == b"data":
            there = size - at - 8
            length = there if length in (0, 0xFFFFFFFF) else length  # written as a stream
            if not rate:
                return "damaged: it does not say its rate"
            return length / rate if length <= there else "truncated: it ends before its data does"
        at += 8 + length + length % 2
    return "truncated or damaged: it holds no data"


def _checked(found: float | str, field: str) -> float:
    if isinstance(found, str):
        text = f"{field}: the audio cannot be used: the WAV is {found}. Send the whole, undamaged file."
        raise InvalidArgument(text, field=field)
    if found <= 0:
        raise InvalidArgument(f"{field}: the audio is empty: it lasts no time.", field=field)
    return round(found, 6)
