"""Video and sound: measured, clipped, sampled; truncated, corrupt and disguised ones."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageDraw

from pollux.errors import InvalidArgument, Unimplemented
from pollux.media import timed
from pollux.media.handle import Clip, Media
from pollux.media.limits import MediaLimits
from pollux.media.resolve import judge
from pollux.media.timed import clipped, clock, frame_count, frames, sample_times
from pollux.wire.content import VideoMetadata
from tests.media.files import sounds, video, videos, wav
from tests.media.samples import FIELD, LIMITS


def clip_of(media: Media) -> Clip:
    assert media.clip is not None
    return media.clip


@pytest.mark.parametrize("mime", videos())
def test_videos(mime: str) -> None:
    media = judge(videos()[mime], "", FIELD, LIMITS)
    assert (media.kind, media.mime_type, media.width, media.height) == ("video", mime, 320, 180)
    clip = clip_of(media)
    assert clip.duration == clip.end == pytest.approx(4, abs=0.1)
    assert clip.frame_rate == (25 if mime == "video/mpeg" else 10)
    assert clip.audio == (mime in ("video/webm", "video/x-matroska", "video/mp2t"))
    assert frame_count(clip) == 4


@pytest.mark.parametrize("mime", videos())
def test_frames_show_their_moment(mime: str) -> None:
    media = judge(videos()[mime], "", FIELD, LIMITS)
    times = [0.0, 0.5, 1.0, 3.5]
    found = frames(media, times)
    assert [time for time, _ in found] == times
    assert [where(rgb) for _, rgb in found] == [pytest.approx(20 + 40 * time, abs=4) for time in times]


def where(rgb: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """The red disc's column."""
    red = (rgb[..., 0] > 150) & (rgb[..., 1] < 110)
    return float(np.argwhere(red)[:, 1].mean())


@pytest.mark.parametrize("form", ["mp4", "mpegts", "matroska"])
def test_seeking_and_walking_find_the_same(form: str) -> None:
    media = judge(video(seconds=30, draw=drifting, form=form), "", FIELD, LIMITS)
    every = dict(frames(media, sample_times(clip_of(media)), 100))
    for seed in range(5):
        times = sorted(random.Random(seed).sample(range(30), 4))
        for time, rgb in frames(media, times, 100):
            assert rgb.shape == (56, 100, 3)
            assert np.array_equal(rgb, every[time])


def drifting(draw: ImageDraw.ImageDraw, seconds: float) -> None:
    draw.rectangle((10 * seconds, 20, 10 * seconds + 20, 160), fill=(30, 60, 210))


def test_times_past_the_end_show_the_last_frame() -> None:
    media = judge(video(), "", FIELD, LIMITS)
    (_, last), (_, later) = frames(media, [3.9, 60.0])
    assert np.array_equal(last, later)


@pytest.mark.parametrize("mime", sounds())
def test_sounds(mime: str) -> None:
    media = judge(sounds()[mime], "", FIELD, LIMITS)
    assert (media.kind, media.mime_type, media.width, media.height) == ("audio", mime, 0, 0)
    assert clip_of(media).audio
    assert clip_of(media).length == pytest.approx(3, abs=0.1)


def test_from_a_file(tmp_path: Path) -> None:
    for data in (video(), wav()):
        place = tmp_path / "a file"
        place.write_bytes(data)
        media = judge(place, "", FIELD, LIMITS, digest="d")
        assert (media.data, media.path, media.digest) == (b"", place, "d")
        assert media.clip == judge(data, "", FIELD, LIMITS).clip


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (VideoMetadata(fps=2), (0, 10, 2, 20)),
        (VideoMetadata(fps=0.5), (0, 10, 0.5, 5)),
        (VideoMetadata(fps=24), (0, 10, 24, 240)),
        (VideoMetadata(start_offset="2s"), (2, 10, 1, 8)),
        (VideoMetadata(start_offset="2.5s", end_offset="4s"), (2.5, 4, 1, 2)),
        (VideoMetadata(end_offset="0.1s"), (0, 0.1, 1, 1)),
        (VideoMetadata(end_offset="100s"), (0, 10, 1, 10)),
    ],
)
def test_clipping(metadata: VideoMetadata, expected: tuple[float, float, float, int]) -> None:
    clip = clip_of(clipped(TEN, metadata, "p.videoMetadata"))
    assert (clip.start, clip.end, clip.fps, frame_count(clip)) == expected
    times = sample_times(clip)
    assert times[0] == clip.start
    assert times[-1] < clip.end


TEN = Media("video", "video/mp4", b"", "", clip=Clip(10.0, 25.0, False, 0.0, 10.0))


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        (VideoMetadata(fps=-1), "fps"),
        (VideoMetadata(fps=24.1), "fps"),
        (VideoMetadata(fps=float("nan")), "fps"),
        (VideoMetadata(start_offset="1"), "startOffset"),
        (VideoMetadata(start_offset="-1s"), "startOffset"),
        (VideoMetadata(start_offset="1m"), "startOffset"),
        (VideoMetadata(start_offset="10s"), "startOffset"),
        (VideoMetadata(start_offset="10000s"), "startOffset"),
        (VideoMetadata(end_offset="00:05"), "endOffset"),
        (VideoMetadata(end_offset="0s"), "endOffset"),
        (VideoMetadata(start_offset="4s", end_offset="4s"), "endOffset"),
    ],
)
def test_refused_clipping(metadata: VideoMetadata, field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        clipped(TEN, metadata, "p.videoMetadata")
    assert caught.value.field == f"p.videoMetadata.{field}"


def test_clipping_goes_with_videos() -> None:
    with pytest.raises(InvalidArgument, match="goes with a video, not with audio/wav"):
        clipped(judge(wav(), "", FIELD, LIMITS), VideoMetadata(fps=1), "p.videoMetadata")


@pytest.mark.parametrize(
    ("length", "fps", "count"), [(0.01, 1, 1), (1.0, 1, 1), (1.05, 1, 1), (1.2, 1, 2), (60, 1, 60), (3, 0.1, 1)]
)
def test_number_of_frames(length: float, fps: float, count: int) -> None:
    assert (
        frame_count(Clip(length, end=length, fps=fps)) == len(sample_times(Clip(length, end=length, fps=fps))) == count
    )


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (5.9, "00:05"), (65, "01:05"), (3600, "1:00:00")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_pictures_have_square_pixels_and_stand_upright() -> None:
    # the display matrix in a track header turns by a quarter (ISO/IEC 14496-12, 8.3.2)
    data = video()
    at = data.index(b"tkhd") + 4 + 40
    turned = [0, 1 << 16, 0, -(1 << 16), 0, 0, 180 << 16, 0, 1 << 30]
    data = data[:at] + b"".join((v & 0xFFFFFFFF).to_bytes(4, "big") for v in turned) + data[at + 36 :]
    media = judge(data, "", FIELD, LIMITS)
    assert (media.width, media.height) == (180, 320)
    ((_, rgb),) = frames(media, [0.0])
    assert rgb.shape == (320, 180, 3)
    row = np.argwhere((rgb[..., 0] > 150) & (rgb[..., 1] < 110))[:, 0].mean()
    assert row == pytest.approx(20, abs=4)  # turned clockwise: what was on the left is at the top


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x1aE\xdf\xa3webm", "the video cannot be used: it is truncated or damaged"),
        (b"fLaC", "the audio cannot be used: it is truncated or damaged"),
        (wav()[:40], "the WAV is truncated or damaged"),
        (wav()[:-1], "the WAV is truncated"),
        (wav(0), "it lasts no time"),
        (video()[:-100], "truncated or damaged"),
    ],
)
def test_refused(data: bytes, why: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        judge(data, "", FIELD, LIMITS)
    assert why in caught.value.message
    assert caught.value.field == FIELD


@pytest.mark.parametrize("mime", ["video/mp4", "video/webm", "video/mp2t", "audio/mpeg", "audio/ogg", "audio/wav"])
def test_truncations_and_flips(mime: str) -> None:
    whole = {**videos(), **sounds()}[mime]
    rng = np.random.default_rng(len(mime))
    broken = [whole[: len(whole) * part // 8] for part in range(1, 8)]
    for _ in range(12):
        data = bytearray(whole)
        for at in rng.integers(12, len(whole), 8):
            data[at] ^= 1 << rng.integers(8)
        broken.append(bytes(data))
    assert all(survives(data, mime) in (True, False) for data in broken)
    assert survives(whole, mime)


def survives(data: bytes, mime: str) -> bool:
    """Whether it is media; anything but that or InvalidArgument in one line fails the test."""
    try:
        media = judge(data, mime, FIELD, LIMITS)
        if media.kind == "video":
            frames(media, [0.0, 1.5], 64, seconds=10)
    except InvalidArgument as error:
        return "\n" in error.message
    return True


@pytest.mark.parametrize("mime", ["video/mp4", "video/x-msvideo", "audio/mpeg"])
@pytest.mark.parametrize(
    "script", [b"#EXTM3U\n#EXTINF:1,\n{}\n", b"ffconcat version 1.0\nfile '{}'\n", b"v=0\nc=IN IP4 127.0.0.1\n"]
)
def test_playlists_lead_nowhere(mime: str, script: bytes, tmp_path: Path) -> None:
    place = tmp_path / "a.mp4"
    place.write_bytes(video())
    with pytest.raises(InvalidArgument):
        judge(script.replace(b"{}", str(place).encode()), mime, FIELD, LIMITS)


def test_too_many_pixels() -> None:
    with pytest.raises(InvalidArgument, match="320 x 180 pixels, more than the 1,000 allowed"):
        judge(video(), "", FIELD, MediaLimits(max_pixels=1000))


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed, "has_av", lambda: False)
    for data in (videos()["video/mp4"], sounds()["audio/flac"]):
        with pytest.raises(Unimplemented, match=r"pip install 'pollux\[video\]'"):
            judge(data, "", FIELD, LIMITS)
    assert judge(wav(), "", FIELD, LIMITS).kind == "audio"


def test_a_container_of_sound_alone_is_sound() -> None:
    media = judge(sounds()["audio/mp4"].replace(b"ftypM4A ", b"ftypisom"), "video/mp4", FIELD, LIMITS)
    assert (media.kind, media.mime_type) == ("audio", "video/mp4")
    assert replace(clip_of(media), duration=0, end=0) == Clip(0, audio=True)
