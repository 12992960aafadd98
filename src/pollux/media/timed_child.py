"""FFmpeg (by PyAV), asked from `timed` through `child`: runs in a process of its own, where it may hang or crash.

The container format is the one that the bytes were judged to have, never guessed again: FFmpeg also knows playlists and
scripts that lead to other files and addresses.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pollux.media.child import RefusedError, Source

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

FORMATS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/mpeg": "mpeg",
    "video/mp2t": "mpegts",
    "video/x-flv": "flv",
    "video/x-ms-wmv": "asf",
    "video/ogg": "ogg",
    "audio/mp4": "mov",
    "audio/mpeg": "mp3",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "audio/aac": "aac",
    "audio/aiff": "aiff",
    "audio/amr": "amr",
    "audio/webm": "matroska",
}
"""MIME type -> FFmpeg's demuxer."""
THREADS = 2
_ESTIMATED = ("mp3", "aac", "amr", "mpeg", "mpegts")  # their headers do not tell the duration
_FAR = 2.0  # seconds ahead from which seeking beats decoding on
_EARLY = 0.001  # seconds by which a frame's time may be rounded


def answer(question: dict[str, Any], source: Source) -> tuple[Any, list[bytes]]:
    """{"op": "inspect", "mime"} or {"op": "frames", "mime", "times": rising seconds, "max_side": pixels}."""
    import av  # noqa: PLC0415

    form = FORMATS[question["mime"]]
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            if form == "mov":
                _check_boxes(file)
            container = cast("InputContainer", av.open(file, format=form))
            if question["op"] == "inspect":
                return _inspect(container, form, question["mime"]), []
            return _frames(container, question["times"], question["max_side"])
    except RefusedError:
        raise
    except (av.FFmpegError, ValueError, EOFError, IndexError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RefusedError(f"it is truncated or damaged ({reason})") from None


def _check_boxes(file: BinaryIO) -> None:
    """The outermost boxes of an ISO file (ISO/IEC 14496-12, 4.2) must end where the file does."""
    end = file.seek(0, io.SEEK_END)
    at = 0
    while at < end:
        file.seek(at)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size == 0:  # to the end
            break
        if len(head) < 8 or size < 8 or at + size > end:
            raise RefusedError("it is truncated or damaged: its parts do not fit its size")
        at += size
    file.seek(0)


def _inspect(container: InputContainer, form: str, mime: str) -> dict[str, Any]:
    """Seconds, upright width and height in pixels (0 for sound), frames a second, and whether there is sound."""
    audio = bool(container.streams.audio)
    if mime.startswith("audio/") or not container.streams.video:
        if not audio:
            raise RefusedError("it holds neither pictures nor sound")
        next(container.decode(audio=0))
        return {"duration": _duration(container, form), "width": 0, "height": 0, "rate": 0.0, "audio": True}
    stream = container.streams.video[0]
    frame = next(container.decode(stream))
    width, height = _shown(frame)
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    if frame.rotation % 180:
        width, height = height, width
    seconds = _duration(container, form) or (1 / rate if rate else 0.04)
    return {"duration": seconds, "width": width, "height": height, "rate": round(rate, 3), "audio": audio}


def _duration(container: InputContainer, form: str) -> float:
    if form not in _ESTIMATED:
        if container.duration:
            return container.duration / 1_000_000
        known = [float(s.duration * s.time_base) for s in container.streams if s.duration and s.time_base]
        if known:
            return max(known)
    container.seek(0)
    first, last = math.inf, 0.0
    for packet in container.demux():
        if packet.pts is not None and packet.time_base:
            start = float(packet.pts * packet.time_base)
            first = min(first, start)
            last = max(last, start + float((packet.duration or 0) * packet.time_base))
    return max(last - first, 0.0) if first < math.inf else 0.0


def _shown(frame: VideoFrame) -> tuple[int, int]:
    """Width and height with square pixels, before turning."""
    ratio = float(frame.sample_aspect_ratio or 1) if hasattr(frame, "sample_aspect_ratio") else 1.0
    return max(1, round(frame.width * (ratio if 0.1 < ratio < 10 else 1.0))), frame.height


def _frames(container: InputContainer, times: list[float], max_side: int) -> tuple[Any, list[bytes]]:
    """([time, height, width, quarter turns] a frame, [RGB rows]); fewer than asked for where the clip ends early."""
    if not container.streams.video:
        raise RefusedError("it holds no pictures")
    stream = container.streams.video[0]
    stream.thread_type = "SLICE"  # threads by frames gain nothing on two cores and are known to lock up (PyAV #1861)
    stream.codec_context.thread_count = THREADS
    facts, blobs = [], []
    for at, frame in _at(container, stream, times):
        width, height = _shown(frame)
        scale = min(1.0, max_side / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        plane = frame.reformat(width=size[0], height=size[1], format="rgb24").planes[0]
        rows, length = bytes(plane), size[0] * 3
        if plane.line_size != length:
            rows = b"".join(rows[i : i + length] for i in range(0, plane.line_size * size[1], plane.line_size))
        facts.append([at, size[1], size[0], frame.rotation // 90 % 4])
        blobs.append(rows[: length * size[1]])
    return facts, blobs


def _at(container: InputContainer, stream: VideoStream, times: Iterable[float]) -> Iterator[tuple[float, VideoFrame]]:
    """(time asked for, the frame on show then)."""
    base = float((stream.start_time or 0) * (stream.time_base or 0))
    frames: Iterator[VideoFrame] = container.decode(stream)
    shown = ahead = next(frames, None)
    for time in times:
        if ahead is not None and time - (_time(ahead) - base) > _FAR:
            frames, ahead = _sought(container, stream, time, base)
            shown = ahead or shown
        while ahead is not None and _time(ahead) - base <= time + _EARLY:
            shown = ahead
            ahead = next(frames, None)
        if shown is not None:
            yield time, shown


def _sought(
    container: InputContainer, stream: VideoStream, time: float, base: float
) -> tuple[Iterator[VideoFrame], VideoFrame | None]:
    """Frames from a key frame at or before a time; formats without an index may land too late, and are tried again."""
    for back in (0.0, 5.0, math.inf):
        container.seek(int(max(0.0, time - back + base) * 1_000_000), backward=True)
        frames: Iterator[VideoFrame] = container.decode(stream)
        first = next((frame for frame in frames if frame.key_frame), None)
        if first is not None and _time(first) - base <= time + _EARLY:
            return frames, first
    container.seek(0)
    frames = container.decode(stream)
    return frames, next(frames, None)


def _time(frame: VideoFrame) -> float:
    return float(frame.time or 0.0)
