"""What nobody should send to the built-in painter and editor: each is answered, soon, with a picture of its size."""

from __future__ import annotations

import base64
import io
import time
from typing import Any

import httpx
import PIL.Image
import pytest

from pollux.testing import RunningServer

SECONDS = 60
"""Within which each is answered, on a machine that has other work too; what is quadratic takes minutes."""
PROMPTS = {
    "control characters": "Draw a cat\x00\x07\x1b[31m\u202e\ufeff named \ufffe",
    "markup": 'Draw a poster that says "</text><script>alert(1)</script>&amp; ]]>"',
    "100,000 characters": "Draw a cat " + "and a dog " * 10_000,
    "a word of 100,000 letters": "Draw " + "a" * 99_995,
    "many words of no language": "Draw "
    + " ".join(f"xq{chr(97 + n % 26)}vwz{chr(97 + n // 26 % 26)}j" for n in range(6000)),
    "line breaks": "Draw " + "\n" * 40_000 + "cat",
    "brackets": "Draw " + "(" * 40_000 + "cat",
    "quotation marks": "Draw " + '"' * 40_000,
    "a thing with a thing": "Draw " + "a cat with " * 4_000,
    "a large number": "Draw 99999999999999999999 cats",
    "numbers that are none": "Draw a cat with -1 legs, 1e309 eyes and NaN tails",
    "blank": "  ",
}


def ask(server: RunningServer, *parts: dict[str, Any], seconds: float = SECONDS) -> list[dict[str, Any]]:
    body = {"contents": [{"parts": list(parts)}], "generationConfig": {"responseModalities": ["IMAGE"]}}
    url = f"{server.url}/v1beta/models/gemini-2.5-flash-image:generateContent?key=k"
    answer = httpx.post(url, json=body, timeout=seconds)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["candidates"][0]["content"]["parts"]
    return found


def size(part: dict[str, Any]) -> tuple[int, int]:
    with PIL.Image.open(io.BytesIO(base64.b64decode(part["inlineData"]["data"]))) as picture:
        picture.load()
        return picture.size


@pytest.mark.parametrize("what", PROMPTS)
def test_prompts(seeing: RunningServer, what: str) -> None:
    began = time.monotonic()
    (part,) = ask(seeing, {"text": PROMPTS[what]})
    assert size(part) == (1024, 1024)
    assert time.monotonic() - began < SECONDS


def saved(picture: PIL.Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def pictures() -> dict[str, bytes]:
    palette = PIL.Image.new("P", (60, 50), 1)
    palette.putpalette([255, 0, 0, 0, 160, 0])
    frames = [PIL.Image.new("RGB", (60, 50), colour) for colour in ("green", "red", "blue")]
    return {
        "one pixel": saved(PIL.Image.new("RGB", (1, 1), "red"), "png"),
        "6000 x 50": saved(PIL.Image.new("RGB", (6000, 50), "green"), "png"),
        "CMYK": saved(PIL.Image.new("CMYK", (60, 50), (0, 255, 255, 0)), "jpeg"),
        "palette, transparent": saved(palette, "png", transparency=0),
        "moving": saved(frames[0], "gif", save_all=True, append_images=frames[1:]),
        "16 bits": saved(PIL.Image.new("I;16", (60, 50), 0x8000), "png"),
    }


@pytest.mark.parametrize("what", pictures())
def test_pictures(seeing: RunningServer, what: str) -> None:
    data = pictures()[what]
    with PIL.Image.open(io.BytesIO(data)) as given:
        expected = given.size
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}}
    for words in ("Make it black and white", "Remove the cat", "Add a hat", "Make the red thing blue"):
        (part,) = ask(seeing, picture, {"text": words})
        assert size(part) == expected, words
