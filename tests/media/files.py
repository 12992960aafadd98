"""PDFs, videos and sound made here: a few lines of PDF by hand, moving shapes through PyAV, a tone as WAV."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw

Words = tuple[float, float, float, str]
"""x and y in points from the lower left corner, size in points, text."""


def pdf(
    pages: Sequence[Sequence[Words]], size: tuple[float, float] = (595, 842), extra: str = "", **more: bytes
) -> bytes:
    """A PDF of text; `extra` goes into every page, `more` names trailer entries."""
    bodies: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for words in pages:
        lines = [f"BT /F1 {pt} Tf {x} {y} Td ({escaped(text)}) Tj ET" for x, y, pt, text in words]
        content = zlib.compress("\n".join(lines).encode("latin-1"))
        bodies.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content))
        box = f"[0 0 {size[0]} {size[1]}]"
        fonts = "/Resources << /Font << /F1 3 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox {box} {fonts} /Contents {len(bodies)} 0 R {extra} >>"
        bodies.append(page.encode())
        kids.append(f"{len(bodies)} 0 R")
    bodies[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return assembled(bodies, b"".join(b"/%s %s " % (name.encode(), value) for name, value in more.items()))


def assembled(bodies: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects 1, 2, ... with their table."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def scanned(texts: Sequence[str]) -> bytes:
    """A PDF whose pages are pictures of text."""
    pages = []
    for text in texts:
        page = Image.new("RGB", (1240, 1754), "white")
        ImageDraw.Draw(page).text((120, 150), text, fill="black", font_size=48)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


Draw = Callable[[ImageDraw.ImageDraw, float], None]
"""Draws what is on show at so many seconds."""


def disc(draw: ImageDraw.ImageDraw, seconds: float) -> None:
    """A red disc that goes from the left to the right, 40 pixels a second."""
    x = 20 + 40 * seconds
    draw.ellipse((x - 15, 75, x + 15, 105), fill=(220, 30, 30))


def video(
    seconds: float = 4.0,
    rate: int = 10,
    size: tuple[int, int] = (320, 180),
    form: str = "mp4",
    codec: str = "mpeg4",
    draw: Draw = disc,
    tone: bool = False,
    **options: str,
) -> bytes:
    """A video of a drawing."""
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=options) as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = *size, "yuv420p", 4_000_000
        sound: Any = container.add_stream("aac" if form != "webm" else "libopus", rate=48000) if tone else None
        for number in range(round(seconds * rate)):
            image = Image.new("RGB", size, (240, 240, 240))
            draw(ImageDraw.Draw(image), number / rate)
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound is not None:
            _sing(container, sound, seconds)
    return out.getvalue()


def _sing(container: Any, stream: Any, seconds: float) -> None:
    rate, step = 48000, 960
    for at in range(0, round(seconds * rate), step):
        wave_ = np.sin(2 * math.pi * 440 * np.arange(at, at + step) / rate).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(wave_[None, :], format="fltp", layout="mono")
        frame.rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def sound(form: str, codec: str, seconds: float = 3.0) -> bytes:
    """A tone."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream: Any = container.add_stream(codec, rate=48000)
        stream.layout = "mono"
        resampler = av.AudioResampler(
            format=stream.format, layout="mono", rate=48000, frame_size=stream.frame_size or 960
        )
        tone = np.sin(2 * math.pi * 440 * np.arange(round(seconds * 48000)) / 48000).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(tone[None, :], format="fltp", layout="mono")
        frame.rate, frame.pts, frame.time_base = 48000, 0, Fraction(1, 48000)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode())
    return out.getvalue()


def wav(seconds: float = 2.5, rate: int = 8000) -> bytes:
    """A tone, 16 bits, mono."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        count = round(seconds * rate)
        file.writeframes(struct.pack(f"<{count}h", *(round(9000 * math.sin(i / 3)) for i in range(count))))
    return out.getvalue()


@cache
def videos() -> dict[str, bytes]:
    """Four seconds of a disc in every container that can be written here."""
    return {
        "video/mp4": video(),
        "video/quicktime": video(form="mov"),
        "video/webm": video(form="webm", codec="libvpx-vp9", tone=True),
        "video/x-matroska": video(form="matroska", tone=True),
        "video/x-msvideo": video(form="avi"),
        "video/mpeg": video(form="mpeg", codec="mpeg2video", rate=25),
        "video/mp2t": video(form="mpegts", tone=True),
        "video/x-flv": video(form="flv", codec="flv"),
        "video/x-ms-wmv": video(form="asf", codec="wmv2"),
        "video/3gpp": video(form="3gp"),
    }


@cache
def sounds() -> dict[str, bytes]:
    """Three seconds of a tone."""
    return {
        "audio/mpeg": sound("mp3", "libmp3lame"),
        "audio/flac": sound("flac", "flac"),
        "audio/ogg": sound("ogg", "libopus"),
        "audio/aac": sound("adts", "aac"),
        "audio/mp4": sound("ipod", "aac"),
        "audio/aiff": sound("aiff", "pcm_s16be"),
        "audio/wav": wav(3.0),
    }
