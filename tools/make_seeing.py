"""Draws docs/seeing: what the built-in engine finds in the shipped samples, asked for in different words.

python tools/make_seeing.py
"""

from __future__ import annotations

import asyncio
import base64
import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from pollux import config, samples
from pollux.local import Local
from pollux.vision import draw
from pollux.vision.answers import read

HERE = Path(__file__).parent.parent / "docs" / "seeing"
SIDE = 720
ASKED = {
    "astronaut": "Give the segmentation masks for the person and the helmet.",
    "bar-code": "Detect the bar code. box_2d",
    "cat": "Give the segmentation masks for the cat.",
    "chart": "Detect all bars with bounding boxes.",
    "coffee": "Detect all of the prominent items in the image. box_2d",
    "page": "Detect the blocks of text. box_2d",
    "qr-code": "Detect the QR code. box_2d",
    "receipt": "Detect every price. box_2d",
    "rotated-notice": "Detect the lines of text. box_2d",
    "screenshot": "Detect the buttons, the fields and the checkboxes. box_2d",
    "shapes": "Give the segmentation masks for everything but the square.",
    "sign": "Detect the words. box_2d",
}


async def draw_all() -> None:
    """Asks about every sample, and draws the answers."""
    HERE.mkdir(exist_ok=True)
    rows = ["# What the built-in engine sees", ""]
    rows += [
        "Made by `tools/make_seeing.py` from the samples that Pollux ships; nothing is left out or touched up.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        local = Local(config.load({"store.data_dir": folder}, {}, Path(folder)))
        for name, words in ASKED.items():
            data = samples.read(name)
            text = await _answer(local, data, samples.get(name).mime_type, words)
            with Image.open(io.BytesIO(data)) as opened:
                picture = ImageOps.exif_transpose(opened).convert("RGB")
            shown = Image.fromarray(draw.overlay(picture, read(text))).convert("RGB")
            shown.thumbnail((SIDE, SIDE))
            shown.save(HERE / f"{name}.jpg", quality=85)
            rows += [f"**{words}**", "", f"![{samples.get(name).caption}]({name}.jpg)", ""]
        await local.close()
    (HERE / "README.md").write_text("\n".join(rows))


async def _answer(local: Local, data: bytes, mime: str, words: str) -> str:
    blob = {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}
    body: dict[str, Any] = {"contents": [{"parts": [blob, {"text": words}]}]}
    async for response in local.generate("gemini-2.5-flash", body, stream=False):
        return str(response["candidates"][0]["content"]["parts"][0]["text"])
    raise AssertionError("no answer")


if __name__ == "__main__":
    asyncio.run(draw_all())
