"""Things that the scene already holds: faces, codes, plain shapes, and lettering by block, line, word or phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin import facts
from pollux.engines.builtin.boxes import around
from pollux.engines.builtin.pixels import Pixels, gray
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing.thing import Thing

_NARROW = frozenset("iljtfrI1.,;:'!|()[]-")
_WIDE = frozenset("mwMW@%")
_WIDTH = {"narrow": 0.45, "usual": 1.0, "wide": 1.5, "space": 0.55}


def known(scene: Scene) -> list[Thing]:
    """Everything in the scene with a place: faces, codes, shapes, then blocks of text and their lines."""
    out = [Thing("face", ("face", "human face", "person"), face.box) for face in scene.faces]
    out += [Thing("code", (facts.code_noun(c), c.format, "code"), c.box, text=c.content) for c in scene.codes]
    out += [Thing("shape", (s.name, "shape"), s.box, colour=s.colour) for s in scene.shapes]
    return out + lettering(scene, len(out))


def lettering(scene: Scene, first: int = 0) -> list[Thing]:
    """Blocks of several lines, each followed by its lines; `first` is the index that the first of them will have."""
    out: list[Thing] = []
    heads = set(facts.title(scene).split("\n")) if scene.lines else set()
    for block in dict.fromkeys(line.block for line in scene.lines):
        lines = [line for line in scene.lines if line.block == block]
        whole = -1
        if len(lines) > 1:
            whole = first + len(out)
            text = "\n".join(line.text for line in lines)
            box = around([line.box for line in lines])
            out.append(Thing("text", ("block of text", "paragraph", "block"), box, least(lines), text=text))
        for line in lines:
            names: tuple[str, ...] = ("line of text", "line", "text")
            names += ("title", "heading", "headline") if any(line.text and line.text in head for head in heads) else ()
            for run in line.pieces or (line,):
                out.append(Thing("text", names, run.box, run.confidence, text=run.text, part_of=whole))
    return out


def single_words(lines: Sequence[Thing], pixels: Pixels | None, scene: Scene) -> list[Thing]:
    """Each line's words, cut where the gaps between letters are; without pixels by the letters' usual widths."""
    out: list[Thing] = []
    for line in lines:
        parts = line.text.split()
        cuts = _cuts(line, parts, pixels, scene)
        for word, (left, right) in zip(parts, cuts, strict=True):
            box = Box(left, line.box.top, max(right, left + 1.0), line.box.bottom)
            out.append(Thing("text", ("word", "text"), box, line.score, text=word))
    return out


def spans(found: Sequence[Thing], wanted: str) -> list[Thing]:
    """The places where a phrase stands, from the words of lines in order."""
    said = [re.sub(r"^\W+|\W+$", "", word).lower() for word in wanted.split()]
    own = [re.sub(r"^\W+|\W+$", "", thing.text).lower() for thing in found]
    out: list[Thing] = []
    for at in range(len(found) - len(said) + 1):
        run = found[at : at + len(said)]
        if own[at : at + len(said)] == said and len({(one.box.top, one.box.bottom) for one in run}) == 1:
            text = " ".join(one.text for one in run)
            out.append(replace(run[0], names=("word" if len(run) == 1 else "phrase", "text"), text=text,
                               box=around([one.box for one in run])))  # fmt: skip
    return out


def least(lines: Sequence[TextLine]) -> float:
    """The confidence of the line that was read worst."""
    return min(line.confidence for line in lines)


def _cuts(line: Thing, parts: Sequence[str], pixels: Pixels | None, scene: Scene) -> list[tuple[float, float]]:
    """Left and right edges of each word, in pixels of the upright picture."""
    ends = _by_width(parts, line.box)
    if pixels is None or len(parts) < 2:
        return ends
    across, down = pixels.shape[1] / scene.width, pixels.shape[0] / scene.height
    left, top = int(line.box.left * across), int(line.box.top * down)
    crop = pixels[
        top : max(top + 1, round(line.box.bottom * down)), left : max(left + 1, round(line.box.right * across))
    ]
    if min(crop.shape[:2]) < 4:
        return ends
    gaps = _gaps(_ink(gray(crop)))
    snapped: list[tuple[float, float]] = []
    start = 0.0
    height = crop.shape[0]
    for (_, end), (begin, _) in pairwise(ends):
        middle = ((end + begin) / 2 - line.box.left) * across
        near = [gap for gap in gaps if gap[0] > start and abs((gap[0] + gap[1]) / 2 - middle) < 1.2 * height]
        best = max(near, key=lambda gap: (gap[1] - gap[0]) - 0.25 * abs((gap[0] + gap[1]) / 2 - middle), default=None)
        stop, then = best if best else (middle, middle)
        snapped.append((start, stop))
        start = float(then)
    snapped.append((start, float(crop.shape[1])))
    return [(line.box.left + a / across, line.box.left + b / across) for a, b in snapped]


def _by_width(parts: Sequence[str], box: Box) -> list[tuple[float, float]]:
    sizes = [sum(_wide(letter) for letter in part) for part in parts]
    whole = sum(sizes) + _WIDTH["space"] * (len(parts) - 1)
    unit = box.width / max(whole, 1e-6)
    out: list[tuple[float, float]] = []
    at = box.left
    for size in sizes:
        out.append((at, at + size * unit))
        at += (size + _WIDTH["space"]) * unit
    return out


def _wide(letter: str) -> float:
    if letter in _NARROW:
        return _WIDTH["narrow"]
    return _WIDTH["wide"] if letter in _WIDE or ord(letter) > 0x2E80 else _WIDTH["usual"]


def _ink(crop: Pixels) -> NDArray[np.bool_]:
    """Which columns of a line of text hold ink."""
    values = crop.astype(np.int16)
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    ground = int(np.median(edge))
    far = np.abs(values - ground)
    return np.asarray((far > max(24, int(far.max()) // 3)).any(axis=0))


def _gaps(ink: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of columns without ink, as (first, one past the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], ink, [True]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
