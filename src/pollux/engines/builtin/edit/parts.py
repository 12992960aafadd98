"""What can be put into a picture: drawings of the painter's archive, things worn, painted settings, lettering."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pollux.engines.builtin.edit import shades, wear
from pollux.engines.builtin.edit.board import Floats, as_floats
from pollux.engines.builtin.edit.recolour import recolour
from pollux.engines.builtin.edit.words import bare, head, kinds, materials, number
from pollux.engines.builtin.english import article
from pollux.engines.builtin.paint import art, svg
from pollux.engines.builtin.paint import type as setting_of_type
from pollux.engines.builtin.paint.recolour import recoloured
from pollux.engines.builtin.pixels import Pixels

SIDE = 1400  # pixels: drawings are made at most so large
_SIZES = kinds("small tiny little big large huge giant some several few many mini")
_FACES = {"sans": "inter-bold", "serif": "garamond-bold", "script": "pacifico", "hand": "caveat", "mono": "mono-bold",
          "pixel": "pixel", "comic": "bangers", "slab": "slab-bold", "display": "anton"}  # fmt: skip


def thing(phrase: str, wide: int, high: int, seed: int) -> tuple[Pixels, str] | None:
    """A drawing of what a phrase names, RGBA, as large as fits the box, and its name; None where there is none.

    Colours and materials of the phrase are put on it.
    """
    wide, high = min(max(8, wide), SIDE), min(max(8, high), SIDE)
    colour = shades.find(phrase)
    made = wear.drawn(head(bare(phrase)), bare(phrase), shades.hexed(colour[1]) if colour else "")
    if made is not None:
        markup, shape, name = made
        size = _within(shape, wide, high)
        pixels = svg.raster(markup, *size)
    else:
        found = _found(phrase)
        if found is None:
            return None
        if colour:
            found = recoloured(found, [colour[0]])
        size = _within(found.shape, wide, high)
        sheet = svg.Sheet(*size)
        tint = shades.hexed(colour[1]) if colour else "#2b2b30"
        sheet.add(art.place(found, 0, 0, *size, colour=tint if found.look == "line" else ""))
        pixels, name = svg.raster(sheet.markup(), *size), called(phrase)
    return _made_of(pixels, materials(phrase), seed), name


def called(phrase: str) -> str:
    """The noun of a phrase in the singular; "sunglasses" and the like stay as they are."""
    last = (bare(phrase).split() or [""])[-1]
    return last if last.endswith(("glasses", "goggles", "trousers", "jeans", "shades")) else head(bare(phrase))


def _found(phrase: str) -> art.Drawing | None:
    """The archive's drawing, by the noun in the singular: "butterflies" is a feeling there."""
    told = [word for word in bare(phrase).split() if not number(word) and word not in _SIZES]
    if not told:
        return None
    name = " ".join([*told[:-1], called(phrase)])
    return art.load().find(name)


def many(phrase: str) -> int:
    """How many things a phrase asks for: "three birds" 3, "some stars" 5, "a bird" 1; at most 12."""
    words = bare(phrase).split()
    said = next((n for word in phrase.lower().split()[:3] if (n := number(word)) > 1), 0)
    if said:
        return min(said, 12)
    plural = (
        bool(words) and words[-1] != head(words[-1]) and not words[-1].endswith(("glasses", "ss", "jeans", "goggles"))
    )
    return 5 if plural else 1


def setting(text: str, wide: int, high: int, seed: int) -> Pixels | None:
    """A place without anything in it, painted; None for words that name no place."""
    from pollux.engines.builtin.paint.reading.reader import read  # noqa: PLC0415 - the painter loads when it is wanted
    from pollux.engines.builtin.paint.render import render  # noqa: PLC0415

    scenes = read(f"A person in {article(text[:300])}").scenes
    if not scenes:
        return None
    style = scenes[0].style if scenes[0].style in ("photo", "illustration") else "illustration"
    scene = replace(scenes[0], layout="scene", style=style, subjects=(), lettering=(), steps=(), chart=None, unknown=())
    if not scene.setting and not scene.background and not scene.weather:
        return None
    painted = render(scene, wide, high, seed)
    return np.ascontiguousarray(painted[..., :3])


def lettering(
    text: str, wide: int, high: int, rgb: shades.RGB, face: str = "sans", outline: shades.RGB | None = None
) -> Pixels:
    """Words set as large as the box allows, RGBA of just their size with room for the outline."""
    block = setting_of_type.fit(text, _FACES.get(face, "inter-bold"), wide * 0.96, high * 0.9, align="middle", lines=4)
    pad = max(2.0, block.size * 0.12)
    width, height = max(2, round(block.width + 2 * pad)), max(2, round(block.whole + 2 * pad))
    sheet = svg.Sheet(width, height)
    path = block.path(width / 2, pad + block.over)
    if outline is not None:
        stroke = max(1.0, block.size * 0.1)
        sheet.add(
            f'<path d="{path}" fill="none" stroke="{shades.hexed(outline)}" '
            f'stroke-width="{stroke:.2f}" stroke-linejoin="round"/>'
        )
    sheet.add(f'<path d="{path}" fill="{shades.hexed(rgb)}"/>')
    return svg.raster(sheet.markup(), width, height)


def turned(rgba: Pixels, angle: float) -> Pixels:
    """A drawing turned clockwise, its canvas grown to hold it."""
    if abs(angle) < 0.5:
        return rgba
    high, wide = rgba.shape[:2]
    c, s = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    width, height = round(wide * c + high * s), round(wide * s + high * c)
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), -angle, 1.0)
    matrix[0, 2] += (width - wide) / 2
    matrix[1, 2] += (height - high) / 2
    flat = rgba.astype(np.float32)
    flat[..., :3] *= flat[..., 3:] / 255
    out = cv2.warpAffine(flat, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return unmultiplied(np.asarray(out, np.float32))


def resized(rgba: Pixels, wide: int, high: int) -> Pixels:
    """A cut-out at another size, without dark rims."""
    flat = rgba.astype(np.float32)
    flat[..., :3] *= flat[..., 3:] / 255
    way = cv2.INTER_AREA if wide * high < rgba.shape[0] * rgba.shape[1] else cv2.INTER_CUBIC
    return unmultiplied(np.asarray(cv2.resize(flat, (max(1, wide), max(1, high)), interpolation=way), np.float32))


def unmultiplied(flat: Floats) -> Pixels:
    """Premultiplied floats as RGBA."""
    alpha = np.clip(flat[..., 3:], 0, 255)
    colour = flat[..., :3] * 255 / np.maximum(alpha, 1e-3)
    return np.asarray(np.clip(np.concatenate([colour, alpha], axis=2) + 0.5, 0, 255), np.uint8)


def _within(shape: float, wide: int, high: int) -> tuple[int, int]:
    scale = min(wide / shape, high)
    return max(4, round(scale * shape)), max(4, round(scale))


def _made_of(rgba: Pixels, named: list[str], seed: int) -> Pixels:
    """The drawing with a material's grain on it, its colours kept unless the material has its own."""
    if not named:
        return rgba
    mask = as_floats(rgba[..., 3] / 255)
    out, _ = recolour(np.ascontiguousarray(rgba[..., :3]), mask, None, named[0], seed, keep=True)
    return np.dstack([out, rgba[..., 3]])
