"""Draws docs/gallery: prompts of our own, of the thirteen kinds of the image generation guide, with their pictures.

    python tools/make_gallery.py [--only NAME ...]

Six kinds are made of words, seven from shipped samples.  What is shown is what the API answers, words and pictures, in
this process and with the built-in engine; nothing is chosen among several tries.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from msgspec import structs

from pollux import samples
from pollux.config import Settings
from pollux.config.tree import Store
from pollux.local import Local

FOLDER = Path(__file__).parent.parent / "docs" / "gallery"
MODEL = "gemini-2.5-flash-image"
SIDE = 640
"""Longer side of the pictures in the page, pixels."""


@dataclass(frozen=True)
class Plate:
    """One kind: its name in the guide, our prompt, and the pictures that go with it (samples, or earlier plates)."""

    name: str
    kind: str
    prompt: str
    given: tuple[str, ...] = ()
    ratio: str = ""


PLATES = (
    Plate(
        "fox",
        "Photorealistic scenes",
        "A photorealistic wide shot of a red fox sitting beside a campfire in a pine forest at dusk, warm light from "
        "the fire, stars above, shallow depth of field, a calm mood.",
        ratio="3:2",
    ),
    Plate(
        "sticker",
        "Stylized illustrations and stickers",
        "A kawaii-style sticker of a smiling penguin wearing a red scarf and holding a cup of cocoa, bold outlines, "
        "cel-shading. The background must be transparent.",
    ),
    Plate(
        "poster",
        "Accurate text in images",
        'A retro poster with the title "Harbour Nights", the subtitle "Open-air cinema, 14 to 20 July" and the line '
        '"Free entry, bring a blanket", with a lighthouse and the moon, in deep blue and cream.',
        ratio="3:4",
    ),
    Plate(
        "product",
        "Product mockups and commercial photography",
        "A studio-lit product photograph of a dark green ceramic teapot on a polished marble surface, softbox "
        "lighting, slightly elevated angle, steam rising.",
    ),
    Plate(
        "space",
        "Minimalist and negative space design",
        "A minimalist composition with a single small yellow sailboat in the bottom-left of the frame on a vast, empty "
        "pale blue canvas, soft light.",
        ratio="16:9",
    ),
    Plate(
        "comic",
        "Sequential art",
        "Make a 3 panel comic in a noir style about a detective cat. Panel 1: the cat in a dark city street, caption "
        '"The night was long." Panel 2: the cat finds a fish, saying "Aha!" Panel 3: the cat asleep, '
        'caption "Case closed."',
        ratio="16:9",
    ),
    Plate(
        "hat",
        "Adding and removing elements",
        "Using the provided image of my cat, add a small party hat on its head and a red bow tie below its chin.",
        ("cat",),
    ),
    Plate(
        "cup",
        "Inpainting (semantic masking)",
        "Using the provided image, change only the cup to a deep blue. Keep everything else exactly the same.",
        ("coffee",),
    ),
    Plate(
        "swirl",
        "Style transfer",
        "Turn the provided photograph into a watercolour painting with soft edges and paper texture. Preserve the "
        "composition.",
        ("coffee",),
    ),
    Plate(
        "together",
        "Advanced composition",
        "Take the woman from the first image and place her on a beach at sunset, with the penguin of the second image "
        "beside her.",
        ("astronaut", "sticker"),
    ),
    Plate(
        "logo",
        "High-fidelity detail preservation",
        "Put the sticker from the second image onto the suit of the woman in the first image. Her face must remain "
        "unchanged.",
        ("astronaut", "sticker"),
    ),
    Plate(
        "sketch",
        "Bring something to life",
        "Turn this ink sketch into a clean, coloured illustration on a sky-blue background. Keep its lines.",
        ("drawn:An ink drawing of a house",),
    ),
    Plate(
        "portrait",
        "Character consistency",
        "A studio portrait of this woman against a plain grey background, warm light.",
        ("astronaut",),
    ),
)


def settings(folder: Path) -> Settings:
    """An installation of its own, thrown away after."""
    return structs.replace(Settings(), store=Store(data_dir=folder))


async def asked(local: Local, plate: Plate, given: Sequence[bytes]) -> tuple[str, list[bytes]]:
    """The words and pictures of one answer."""
    kinds = {b"\x89PNG": "image/png"}
    parts: list[dict[str, Any]] = [{"text": plate.prompt}]
    for data in given:
        mime = kinds.get(data[:4], "image/jpeg")
        parts.append({"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}})
    config: dict[str, Any] = {"imageConfig": {"aspectRatio": plate.ratio}} if plate.ratio else {}
    body = {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}
    words, pictures = "", []
    async for response in local.generate(MODEL, body, stream=False):
        for part in response["candidates"][0]["content"].get("parts", ()):
            words += part.get("text", "")
            if "inlineData" in part:
                pictures.append(base64.b64decode(part["inlineData"]["data"]))
    return " ".join(words.split()), pictures


def small(data: bytes) -> bytes:
    """A JPEG of at most SIDE pixels; what is transparent stands on a checkerboard."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    if pixels.shape[2] == 4:
        rows, columns = np.indices(pixels.shape[:2]) // 24
        board = np.repeat(np.where((rows + columns) % 2, 255, 225)[..., None], 3, 2)
        alpha = pixels[..., 3:] / 255
        pixels = (pixels[..., :3] * alpha + board * (1 - alpha)).astype(np.uint8)
    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    shown = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


async def main() -> int:
    """Draws the plates, and writes the page where none was left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="names of plates")
    only = parser.parse_args().only
    FOLDER.mkdir(exist_ok=True)
    page = [
        "# Gallery\n",
        "Prompts of our own, of the thirteen kinds of Google's image generation guide, as the built-in engine answers",
        "them: an illustrator with a set of drawings, and an editor of pixels. `python tools/make_gallery.py` makes",
        "this page; nothing was chosen among several tries.\n",
    ]
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        local = Local(settings(Path(folder)))
        for plate in PLATES:
            given = []
            for name in plate.given:
                if name.startswith("drawn:"):
                    _, drawn = await asked(local, Plate("", "", name.removeprefix("drawn:")), ())
                    made[name] = drawn[0]
                given.append(made[name] if name in made else samples.read(name))
            words, pictures = await asked(local, plate, given)
            made[plate.name] = pictures[0]
            if only and plate.name not in only:
                continue
            (FOLDER / f"{plate.name}.jpg").write_bytes(small(pictures[0]))
            page += [f"## {plate.kind}\n", f"> {plate.prompt}\n"]
            if plate.given:
                shown = []
                for number, data in enumerate(given, 1):
                    name = f"{plate.name}-given-{number}.jpg"
                    (FOLDER / name).write_bytes(small(data))
                    shown.append(f'<img src="{name}" height="160" alt="given picture {number}">')
                page += [" ".join(shown) + "\n"]
            page += [f'<img src="{plate.name}.jpg" height="420" alt="{plate.kind}">\n', f"{words}\n"]
            sys.stdout.write(f"{plate.name}: {words}\n")
        await local.close()
    if not only:
        (FOLDER / "README.md").write_text("\n".join(page), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
