"""From a typed scene to pixels: the one entry of the painter."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.paint import (
    art,
    compose,
    layouts,
    settings,
    signs,
    still,
    styles_graphic,
    styles_paint,
    svg,
)
from pollux.engines.builtin.paint.art import Art, Look, Near
from pollux.engines.builtin.paint.figure import Maker
from pollux.engines.builtin.paint.layers import Layers, Pixels, blurred, over, pixels, saturated, vignette
from pollux.engines.builtin.paint.placeholder import placeholder
from pollux.engines.builtin.paint.plan import Light, Scene, Style
from pollux.engines.builtin.paint.svg import Sheet

UNIT = 1000.0  # the shorter side of a sheet
SEEDS = 2**32  # the wire's are signed, numpy takes no negative one
SET = ("logo", "poster", "card", "menu", "infographic", "comic")  # layouts whose lettering rules
_FLAT = ("flat", "papercut", "lowpoly", "ink", "isometric")
_STYLES: dict[Style, Callable[[Layers, int], Pixels]] = {
    "photo": styles_graphic.photo, "cartoon": styles_graphic.cartoon, "pixel": styles_graphic.pixel,
    "noir": styles_graphic.noir, "neon": styles_graphic.neon, "papercut": styles_graphic.papercut,
    "lowpoly": styles_graphic.lowpoly, "watercolour": styles_paint.watercolour, "oil": styles_paint.oil,
    "pencil": styles_paint.pencil, "ink": styles_paint.ink, "anatomical": styles_paint.anatomical,
}  # fmt: skip


def render(
    scene: Scene, width: int, height: int, seed: int = 0, *, archive: Art | None = None, near: Near | None = None
) -> Pixels:
    """A scene's picture: (height, width, 3) uint8 RGB, or RGBA where its background is to be transparent.

    The same scene, size and seed give the same pixels; `near` finds drawings by meaning.
    """
    archive, seed = archive or art.load(), seed % SEEDS
    unit = UNIT / min(width, height)
    if scene.chart is not None or scene.layout in SET:
        sheet = Sheet(width * unit, height * unit)
        layouts.draw(scene, sheet, archive, seed)
        picture = svg.raster(sheet.markup(), width, height)
        return picture if compose.is_clear(scene) else np.ascontiguousarray(picture[..., :3])
    layers = _drawn(scene, width, height, seed, archive, near)
    return _graded(_finished(scene, layers, seed), scene.light)


def stages(
    scene: Scene, width: int, height: int, seed: int = 0, most: int = 2, *, archive: Art | None = None
) -> list[Pixels]:
    """At most `most` interim pictures, as a painter would show them: a pencil sketch, then the colours laid in."""
    archive, seed = archive or art.load(), seed % SEEDS
    if most < 1:
        return []
    if scene.chart is not None or scene.layout in SET:
        whole = render(scene, width, height, seed, archive=archive)[..., :3]
        layers = Layers(np.ascontiguousarray(whole), np.zeros((height, width, 4), np.uint8))
    else:
        layers = _drawn(
            replace(scene, background="" if compose.is_clear(scene) else scene.background),
            width,
            height,
            seed,
            archive,
            None,
        )
    sketch = styles_paint.pencil(layers, seed)
    laid = blurred(saturated(layers.flat(), 0.8), min(width, height) * 0.012)
    return [sketch, laid][:most]


def layered(scene: Scene, width: int, height: int, seed: int = 0, *, archive: Art | None = None) -> Layers:
    """A scene before its style: the setting, and the things in it."""
    return _drawn(scene, width, height, seed, archive or art.load(), None)


def _drawn(scene: Scene, width: int, height: int, seed: int, archive: Art, near: Near | None) -> Layers:
    """The setting and the subjects, before the style."""
    scene = signs.carried(scene)
    unit = UNIT / min(width, height)
    back, front = Sheet(width * unit, height * unit), Sheet(width * unit, height * unit)
    look: Look = "flat" if scene.style in _FLAT or scene.layout == "icon" else "colour"
    cute = scene.style == "kawaii" or scene.layout == "sticker"
    whole = scene.layout == "scene" and scene.camera.shot in ("medium", "wide") and compose.shows_ground(scene)
    rng = random.Random(seed)  # noqa: S311 - variety, no secret
    maker = Maker(archive, look, near, placeholder, cute, whole, tone=rng.choice(("light", "medium", "dark")))
    if scene.layout == "scene" and scene.style == "isometric":
        still.platform(scene, back, front, maker, rng)
    elif scene.layout == "scene":
        compose.compose(scene, back, front, maker, rng)
    else:
        {"sticker": still.sticker, "icon": still.icon, "product": still.product}.get(scene.layout, still.minimal)(
            scene, back, front, maker, rng
        )
    ground = svg.raster(back.markup(), width, height)
    return Layers(pixels(cv2.cvtColor(ground, cv2.COLOR_RGBA2RGB)), svg.raster(front.markup(), width, height))


def _finished(scene: Scene, layers: Layers, seed: int) -> Pixels:
    """The layers in the scene's style."""
    if scene.layout == "sticker" or (scene.outline and scene.layout != "icon"):
        layers = Layers(layers.back, cut_out(layers.front))
    if compose.is_clear(scene):
        if scene.style in _STYLES and scene.layout != "sticker":
            return np.dstack(
                [_STYLES[scene.style](Layers(np.full_like(layers.back, 255), layers.front), seed), layers.front[..., 3]]
            )
        return layers.front
    hour = settings.hour_of(scene) if scene.layout == "scene" and scene.setting else None
    if hour is not None and hour.strength > 0.1 and scene.style not in ("noir", "ink", "pencil", "anatomical"):
        strength = hour.strength * (0.15 if settings.is_inside(scene) else 0.5)
        layers = Layers(layers.back, _lit(layers.front, hour.tint, strength))
    if scene.style in _STYLES and scene.layout not in ("sticker", "icon"):
        if scene.style == "photo" and scene.layout == "minimal":
            return styles_graphic.photo(layers, seed, depth=0.001)
        return _STYLES[scene.style](layers, seed)
    if scene.style == "kawaii" and scene.layout == "scene":
        return over(saturated(blurred(layers.back, min(layers.back.shape[:2]) * 0.004), 1.1), cut_out(layers.front))
    if scene.camera.blur or scene.style == "photo":
        layers = Layers(blurred(layers.back, min(layers.back.shape[:2]) * 0.008), layers.front)
    return layers.flat() if scene.style in _FLAT or not scene.setting else vignette(layers.flat(), 0.1)


def _graded(picture: Pixels, light: Light) -> Pixels:
    """The picture brighter or darker, warmer or colder, as the light's `level` and `warmth` say."""
    if not light.level and not light.warmth:
        return picture
    levels = np.arange(256, dtype=np.float32)
    shifts = (24 * light.warmth, 5 * light.warmth, -24 * light.warmth)
    lift = 2.0 ** (-0.7 * light.level)
    tables = [np.clip(255 * (levels / 255) ** lift + shift * np.sin(np.pi * levels / 255), 0, 255) for shift in shifts]
    table = np.dstack([one.astype(np.uint8) for one in tables])
    colours = cv2.LUT(np.ascontiguousarray(picture[..., :3]), table.reshape(1, 256, 3))
    return pixels(colours if picture.shape[2] == 3 else np.dstack([colours, picture[..., 3]]))


def cut_out(front: Pixels) -> Pixels:
    """A sticker: a bold dark outline around the figure, and a white rim around that."""
    side = min(front.shape[:2])
    solid = (front[..., 3] > 140).astype(np.uint8) * 255
    reach = cv2.distanceTransform(cv2.bitwise_not(solid), cv2.DIST_L2, 5)
    bold, rim = side * 0.009, side * 0.03
    dark = np.clip((bold - reach + 0.5) * 255, 0, 255).astype(np.uint8)
    white = np.clip((rim - reach + 0.5) * 255, 0, 255).astype(np.uint8)
    edge = np.clip((rim + max(1.5, side * 0.0022) - reach) * 70, 0, 70).astype(np.uint8)
    picture = np.full((*solid.shape, 3), 90, np.uint8)
    picture = over(picture, np.dstack([np.full_like(picture, 255), white]))
    picture = over(picture, np.dstack([np.full_like(picture, (52, 36, 46)), dark]))
    picture = over(
        picture,
        np.dstack([np.ascontiguousarray(front[..., :3]), np.where(solid > 0, front[..., 3], 0).astype(np.uint8)]),
    )
    return cast(Pixels, np.dstack([picture, cv2.max(white, edge)]))


def _lit(front: Pixels, tint: str, strength: float) -> Pixels:
    """Figures in the light of the hour."""
    colour = tuple(int(tint[at : at + 2], 16) for at in (1, 3, 5))
    shades = [
        np.clip(
            np.arange(256) * (1 - strength) + np.arange(256) * (value / 255) * strength * 0.8 + value * strength * 0.25,
            0,
            255,
        ).astype(np.uint8)
        for value in colour
    ]
    table = np.dstack([*shades, np.arange(256, dtype=np.uint8)])
    return cast(Pixels, cv2.LUT(front, table.reshape(1, 256, 4)))
