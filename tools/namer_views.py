"""Drawings as they may look once they were found: the examples that `train_namer.py` learns from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64  # pixels of an example
SINGLE = 0.5  # how often a drawing in black only is taken, to 1 of the others
HUES = ("red", "black", "white", "orange", "yellow", "green", "blue", "purple", "brown", "pink", "grey", "light")
Pixels = NDArray[np.uint8]


class Art:
    """The drawings, by class."""

    def __init__(self, path: Path) -> None:
        data = np.load(path)
        self.pictures, self.classes, self.sets = data["pictures"], data["classes"], data["sets"]
        self.names = [str(one).split("\t") for one in data["names"]]
        self.turns = data["turns"]
        self.single = np.array([is_single(one) for one in self.pictures])
        self.hued = hued([one[0] for one in self.names])
        usual = np.array([one[0].split()[0] in HUES[:3] for one in self.names])
        told = ~self.single | (~self.hued | usual)[self.classes]  # in black, a heart is the red one and no other
        lone = np.bincount(self.classes[told], minlength=len(self.names)) == 0
        order = np.argsort(self.classes, kind="stable")
        order = order[(told | lone[self.classes])[order]]
        self.members = np.split(order, np.flatnonzero(np.diff(self.classes[order])) + 1)

    def example(self, row: int, rng: np.random.Generator) -> Pixels:
        """The drawing of a row as it may look once it was found: SIDE x SIDE RGB."""
        one = self.classes[row]
        return example(self.pictures[row], bool(self.turns[one]), bool(self.hued[one]), rng)


def hued(names: list[str]) -> NDArray[np.bool_]:
    """Which names are told from others by a colour alone."""
    plain = [" ".join(word for word in name.split() if word not in HUES) for name in names]
    twins = {one for one in plain if plain.count(one) > 1}
    return np.array([p in twins and p != n for p, n in zip(plain, names, strict=True)])


def example(rgba: Pixels, turns: bool, hued: bool, rng: np.random.Generator) -> Pixels:
    """A drawing turned, stretched, mirrored, recoloured, on a ground, spoilt; `hued`: its colours tell what it is."""
    side = rgba.shape[0]
    scale = SIDE / side * rng.uniform(0.88, 1.1)
    wide, high = scale * rng.uniform(0.88, 1.12), scale * rng.uniform(0.92, 1.08)
    if turns and rng.random() < 0.35:
        wide = -wide
    angle = np.radians(rng.normal(0, 7) if rng.random() < 0.6 else 0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([wide, high])
    shift = SIDE / 2 + rng.normal(0, 1.2, 2) - turn @ [side / 2, side / 2]
    plain = rgba.astype(np.float32)
    plain[..., :3] *= plain[..., 3:] / 255
    moved = cv2.warpAffine(plain, np.column_stack([turn, shift]), (SIDE, SIDE), flags=cv2.INTER_AREA)
    cover = moved[..., 3:] / 255
    colour = moved[..., :3] if hued else recoloured(moved[..., :3], cover, rng)
    ground = ground_of(rng)
    if is_single(rgba):
        tone, under = rng.uniform(0, 255, 3), ground.mean(axis=(0, 1))
        tone = tone if rng.random() < 0.5 else np.full(3, rng.choice([20, 60, 240]))
        if abs(tone.mean() - under.mean()) <= 60:
            tone = tone * 0.2 if under.mean() > 128 else 255 - tone * 0.2
        colour = cover * tone
    elif rng.random() < 0.12:  # an outline, as some sets have
        ring = cv2.dilate(cover, np.ones((3, 3))).reshape(SIDE, SIDE, 1)
        ground = ground * (1 - ring) + ring * rng.uniform(0, 60)
    out = np.clip(ground * (1 - cover) + colour, 0, 255).astype(np.uint8)
    return spoilt(out, rng)


def is_single(rgba: Pixels) -> bool:
    """Whether the drawing is in black only."""
    return int(rgba[..., :3][rgba[..., 3] > 128].max(initial=0)) < 40


def recoloured(colour: NDArray[Any], cover: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Other lightness, contrast, saturation and a little other hue; `colour` is premultiplied by `cover`."""
    matrix = np.eye(3) + rng.normal(0, 0.07, (3, 3))
    if rng.random() < 0.18:
        matrix = np.eye(3) + rng.normal(0, 0.3, (3, 3))
    keep = rng.uniform(0.6, 1.2) if rng.random() > 0.07 else 0.0
    gray = np.full((3, 3), 1 / 3)
    matrix = (keep * np.eye(3) + (1 - keep) * gray) @ matrix * rng.uniform(0.85, 1.15)
    if rng.random() < 0.15:  # fewer tones, as flat drawings have
        step = rng.uniform(30, 80)
        colour = np.round(colour / step) * step
    return np.clip(colour @ matrix.T + cover * rng.normal(0, 12), 0, 255 * cover)


def ground_of(rng: np.random.Generator) -> NDArray[Any]:
    """What it lies on: mostly plain, some gradients and textures."""
    kind = rng.random()
    first = np.full(3, 255.0) if kind < 0.35 else rng.uniform(0, 255, 3)
    if 0.35 < kind < 0.5:
        first = np.full(3, rng.uniform(0, 255))
    ground = np.broadcast_to(first, (SIDE, SIDE, 3)).astype(np.float64)
    if kind > 0.75:
        ramp = np.linspace(0, 1, SIDE)[:, None, None] if rng.random() < 0.5 else np.linspace(0, 1, SIDE)[None, :, None]
        ground = ground * (1 - ramp) + rng.uniform(0, 255, 3) * ramp
    if kind > 0.92:
        rough = rng.normal(0, 18, (8, 8, 1)).astype(np.float32)
        ground = ground + cv2.resize(rough, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)[..., None]
    return ground


def spoilt(out: Pixels, rng: np.random.Generator) -> Pixels:
    """Small and large again, blurred, noisy, compressed: each sometimes."""
    if rng.random() < 0.4:
        less = int(rng.integers(18, SIDE))
        small = cv2.resize(out, (less, less), interpolation=cv2.INTER_AREA)
        out = np.asarray(cv2.resize(small, (SIDE, SIDE)), np.uint8)
    if rng.random() < 0.12:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2)), np.uint8)
    if rng.random() < 0.12:
        noise = rng.normal(0, rng.uniform(2, 12), out.shape)
        out = np.clip(out + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        _, data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))])
        out = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return out


def batches(art: Art, size: int, seed: int, out: Any) -> None:
    """Examples without end: classes evenly, within a class drawings in one colour less often than others."""
    rng = np.random.default_rng(seed)
    weights = [np.where(art.single[rows], SINGLE, 1.0) for rows in art.members]
    chances = [one / one.sum() for one in weights]
    while True:
        wanted = rng.integers(0, len(art.members), size)
        rows = [int(rng.choice(art.members[n], p=chances[n])) for n in wanted]
        pictures = np.stack([art.example(r, rng) for r in rows])
        out.put((pictures, art.classes[rows]))
