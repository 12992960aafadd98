"""What scenarios of pictures share: the models, and what a response shows."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import PIL.Image
from google.genai import types

NANO = "gemini-2.5-flash-image"
PRO = "gemini-3-pro-image-preview"


def shown(answer: Any, *, thought: bool = False) -> list[PIL.Image.Image]:
    """The pictures of a response (those of its thinking with `thought`), saved and opened as the guide does it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for part in answer.parts or []:
            if bool(part.thought) is thought and (image := part.as_image()):
                path = Path(folder, "generated_image.png")
                image.save(str(path))
                found.append(opened(path.read_bytes()))
    return found


def opened(data: bytes) -> PIL.Image.Image:
    """A picture, decoded."""
    picture = PIL.Image.open(io.BytesIO(data))
    picture.load()
    return picture


def encoded(picture: PIL.Image.Image, kind: str = "png", **more: Any) -> Any:
    """A picture as a part (typed loosely, so that it goes into lists of anything)."""
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return types.Part.from_bytes(data=out.getvalue(), mime_type=f"image/{kind}")


def pixel(picture: PIL.Image.Image, x: int, y: int = 0) -> tuple[int, ...]:
    """Red, green and blue."""
    found = picture.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def tokens(answer: Any) -> dict[str, int]:
    """candidatesTokensDetails by modality."""
    rows = answer.usage_metadata.candidates_tokens_details or []
    return {row.modality.value: row.token_count for row in rows}
