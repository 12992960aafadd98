"""Frames to an MP4 file: AV1 by SVT-AV1, a free encoder that PyAV's wheels hold (their x264 and x265 are GPL)."""

from __future__ import annotations

import os
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pollux.errors import FailedPrecondition

if TYPE_CHECKING:
    import numpy as np
    from av import VideoStream
    from numpy.typing import NDArray

MIME_TYPE = "video/mp4"
_CODEC = "libsvtav1"
_OPTIONS = {"preset": "10", "crf": "32", "svtav1-params": "lp=2"}
"""Fast, and good enough that gradients show no bands; at most two threads."""


def require_encoder() -> None:
    """Raises FailedPrecondition where videos cannot be encoded."""
    if find_spec("av") is None:
        raise FailedPrecondition("Videos need PyAV, which is not installed here: pip install 'pollux[video]'.")


class Film:
    """An MP4 file that is being written: `add` frames, then `close`.  For one thread at a time."""

    def __init__(self, path: Path, width: int, height: int, fps: int, title: str) -> None:
        os.environ.setdefault("SVT_LOG", "1")  # the encoder prints its whole configuration otherwise
        import av  # noqa: PLC0415 - heavy

        self._av = av
        self._file = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._file.metadata["comment"] = title
        self._stream: VideoStream = self._file.add_stream(_CODEC, rate=fps, options=_OPTIONS)  # type: ignore[assignment]
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.time_base = Fraction(1, fps)
        self._count = 0

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """The next frame: (height, width, 3) uint8 RGB."""
        frame = self._av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = self._count
        self._count += 1
        for packet in self._stream.encode(frame):
            self._file.mux(packet)

    def close(self) -> None:
        """Writes what is left; the file is whole."""
        for packet in self._stream.encode():
            self._file.mux(packet)
        self._file.close()

    def abandon(self) -> None:
        """Closes the file, which is then of no use."""
        self._file.close()
