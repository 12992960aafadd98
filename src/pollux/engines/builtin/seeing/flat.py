"""Things in flat pictures: emoji, icons and clip art on a ground, each with its name.

The ground is what the border shows; the rest falls into connected parts.  Which parts are one thing, and which thing is
two that touch, is decided by how surely the namer knows each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.boxes import part_in, scaled
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Scene, Shape
from pollux.engines.builtin.seeing import parting
from pollux.engines.builtin.seeing.ground import Floats, border, difference
from pollux.engines.builtin.seeing.namer import FILL, SIDE, namer
from pollux.engines.builtin.seeing.thing import Thing

LOOKED_AT = 1024  # pixels: the longer side at which things are told from the ground
LEAST = 0.00012  # of the picture's area: smaller parts are specks
MOST_THINGS = 200
CROWDED = 0.75  # of the picture: when more is not ground, there is no ground
SURE = 0.3  # probability: below it a thing has no name
CLOSE = 0.36  # of the smaller of two parts: nearer ones may be one thing
NEAR = 0.3  # of a small part: nearer to a larger one it belongs to it
SMALL = 0.12  # of the larger part's box: what counts as small
GAIN = 0.1  # by how much surer a name must be for parts to be joined or a thing to be cut
WELL_KNOWN = 0.9  # probability of a name from which a thing is not cut
_CUT_FROM = 8  # times the least area: smaller parts are not cut
_ROUNDS, _TRIALS, _MOST_PARTS = 3, 400, 40  # of joining parts
_FEW = 3  # plain shapes that touch; more are parts of a drawing
PLAIN = 0.75  # how surely a plain shape is just that

Span = tuple[int, int, int, int]  # left, top, right, bottom
Part = tuple[int, ...]  # labels of connected parts
Named = tuple[tuple[str, ...], float]  # names and their probability


@dataclass(slots=True)
class _Sheet:
    """The picture at the size it is looked at, told from its ground; `origin` of a label that was cut off another."""

    view: Pixels
    under: Floats
    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    known: dict[Part, Named] = field(default_factory=dict)
    plain: set[int] = field(default_factory=set)  # labels of parts that are one of the scene's shapes
    origin: dict[int, int] = field(default_factory=dict)

    def all_plain(self, *parts: Part) -> bool:
        """Whether nothing but the scene's shapes is in the parts."""
        return all(label in self.plain for part in parts for label in part)

    def names(self, parts: Sequence[Part]) -> list[Named]:
        """What the namer says of each part; it is asked once."""
        new = [part for part in dict.fromkeys(parts) if part not in self.known]
        self.known.update(zip(new, namer().name([self.shot(part) for part in new]), strict=True))
        return [self.known[part] for part in parts]

    def mask(self, label: int) -> tuple[NDArray[np.bool_], Span]:
        """The pixels of one label inside its box."""
        left, top, right, bottom = box = self.box((label,))
        return self.labels[top:bottom, left:right] == label, box

    def relabel(self, own: NDArray[np.bool_], box: Span) -> int:
        """A new label for pixels inside a box."""
        label, (left, top, right, bottom) = len(self.stats), box
        self.labels[top:bottom, left:right][own] = label
        x, y, w, h = cv2.boundingRect(own.astype(np.uint8))
        self.stats = np.vstack([self.stats, np.array([[left + x, top + y, w, h, own.sum()]], np.int32)])
        return label

    def box(self, part: Part) -> Span:
        """Left, top, right, bottom."""
        rows = self.stats[list(part)]
        left, top = rows[:, 0].min(), rows[:, 1].min()
        return int(left), int(top), int((rows[:, 0] + rows[:, 2]).max()), int((rows[:, 1] + rows[:, 3]).max())

    def shot(self, part: Part) -> Pixels:
        """The part as the namer wants it: alone on the ground, filling a square."""
        left, top, right, bottom = self.box(part)
        half = max(right - left, bottom - top) / 2 / FILL
        x0, y0 = (left + right) / 2 - half, (top + bottom) / 2 - half
        pad = int(np.ceil(half / 3)) + 2
        a, b = max(0, left - pad), max(0, top - pad)
        c, d = min(self.view.shape[1], right + pad), min(self.view.shape[0], bottom + pad)
        labels = self.labels[b:d, a:c]
        own = np.isin(labels, part)
        others = cv2.dilate(((labels > 0) & ~own).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        own_grown = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        crop = np.where((others & ~own_grown)[..., None], self.under[b:d, a:c], self.view[b:d, a:c]).astype(np.uint8)
        size = max(2, round(2 * half))
        whole = cv2.copyMakeBorder(crop, size, size, size, size, cv2.BORDER_REPLICATE)
        left_, top_ = round(x0) - a + size, round(y0) - b + size
        square = whole[max(0, top_) : top_ + size, max(0, left_) : left_ + size]
        how = cv2.INTER_AREA if size > SIDE else cv2.INTER_LINEAR
        return cast(Pixels, cv2.resize(square, (SIDE, SIDE), interpolation=how))


def find_flat(pixels: Pixels, scene: Scene) -> list[Thing]:
    """The things of a flat upright RGB picture, by rows from the top left, at most 200; [] where there is no ground.

    The scene's plain shapes are among them, but for those that are parts of a thing; print that was read is not.  A
    thing whose name is not sure has none.
    """
    sheet = _sheet(pixels)
    if sheet is None:
        return []
    every = [(label,) for label in range(1, len(sheet.stats)) if sheet.stats[label, 4] >= 12] if scene.shapes else []
    sheet.plain.update(p[0] for p in every if _plain(_placed(sheet, p, scene), scene) and _is_one_colour(sheet, p))
    parts = [part for part in _gathered(sheet) if not _is_print(sheet, part, scene)][:MOST_THINGS]
    out: list[Thing] = []
    for part, (names, chance) in zip(parts, sheet.names(parts), strict=True):
        box = _placed(sheet, part, scene)
        plain = _plain(box, scene)
        if plain and (chance < SURE or _is_one_colour(sheet, part)):
            out += [Thing("shape", (shape.name, "shape"), shape.box, colour=shape.colour) for shape in plain]
        else:
            out.append(Thing("object", names if chance >= SURE else (), box, round(max(chance, 0.05), 3)))
    across, down = pixels.shape[1] / scene.width, pixels.shape[0] / scene.height
    out = [replace(one, box=scaled(one.box, across, down)) for one in out]
    row = max(1.0, float(np.median([one.box.height for one in out]))) if out else 1.0
    return sorted(out, key=lambda one: (round(one.box.centre[1] / row), one.box.left))


def _sheet(pixels: Pixels) -> _Sheet | None:
    """The picture and its connected parts; None where nothing or nearly everything differs from the border."""
    view = fit(pixels, LOOKED_AT)
    if min(view.shape[:2]) < 12:
        return None
    far, edge, under = difference(view, border(*view.shape[:2]))
    mask = (far > edge).astype(np.uint8)
    if edge > 12:  # a rough ground: its grain is not a thing
        mask = cast(Pixels, cv2.medianBlur(mask, 3))
    share = float(mask.mean())
    if share == 0 or share > CROWDED:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    return _Sheet(view, under, cast(NDArray[np.int32], labels), cast(NDArray[np.int32], stats))


def _gathered(sheet: _Sheet) -> list[Part]:
    """The connected parts, those that make up one thing together."""
    least = max(12.0, LEAST * sheet.view.shape[0] * sheet.view.shape[1])
    order = [int(n) for n in np.argsort(-sheet.stats[1:, 4], kind="stable") + 1]
    large = [n for n in order if sheet.stats[n, 4] >= least][: 4 * MOST_THINGS]
    parts: list[Part] = [(n,) for whole in large for n in _parted(sheet, whole, least)]
    parts.sort(key=lambda part: -int(sheet.stats[part[0], 4]))
    crumbs = [n for n in order if 4 <= sheet.stats[n, 4] < least]
    parts = _joined(sheet, parts)
    parts = _joined_if_surer(sheet, parts)
    for crumb in crumbs[:1000]:  # they count for the box of the thing beside them
        boxes = [_gap(sheet.box(part), sheet.box((crumb,))) for part in parts]
        if boxes and min(boxes) <= 2:
            nearest = int(np.argmin(boxes))
            parts[nearest] = (*parts[nearest], crumb)
    return parts


def _parted(sheet: _Sheet, label: int, least: float, depth: int = 0) -> list[int]:
    """A connected part, or the drawings that touch in it, where the namer knows those surer than the whole."""
    ((_, whole),) = sheet.names([(label,)])
    if whole >= WELL_KNOWN or label in sheet.plain or sheet.stats[label, 4] < _CUT_FROM * least or depth == _ROUNDS:
        return [label]
    own, box = sheet.mask(label)
    view = sheet.view[box[1] : box[3], box[0] : box[2]]
    best, halves = max(whole + GAIN, SURE), None
    for cut in parting.cuts(view, own):
        new = [sheet.relabel(half, box) for half in cut]
        chances = [chance for _, chance in sheet.names([(one,) for one in new])]
        if min(chances) >= SURE and sum(chances) / 2 >= best:
            best, halves = sum(chances) / 2, cut
    sheet.labels[box[1] : box[3], box[0] : box[2]][own] = label
    if halves is None:
        return [label]
    new = [sheet.relabel(half, box) for half in halves]
    sheet.origin.update({one: sheet.origin.get(label, label) for one in new})
    return [n for one in new for n in _parted(sheet, one, least, depth + 1)]


def _joined(sheet: _Sheet, parts: list[Part]) -> list[Part]:
    """Small parts joined to the larger thing that they belong to."""
    out: list[Part] = []
    for part in parts:  # largest first
        home = next((i for i, other in enumerate(out) if _belongs(sheet, other, part)), -1)
        if home >= 0:
            out[home] = (*out[home], *part)
        else:
            out.append(part)
    return out


def _belongs(sheet: _Sheet, one: Part, other: Part) -> bool:
    """Whether the smaller part reaches well into the larger one's box, or is small and very near."""
    if {sheet.origin.get(n, -1) for n in one} & {sheet.origin.get(n, -2) for n in other}:
        return False  # it was cut there
    large, small = sheet.box(one), sheet.box(other)
    shared = _shared(large, small)
    area = (small[2] - small[0]) * (small[3] - small[1])
    if shared > 0.3 * area:
        return True
    near = _gap(large, small) < NEAR * max(small[2] - small[0], small[3] - small[1])
    return near and not sheet.all_plain(one, other) and area < SMALL * (large[2] - large[0]) * (large[3] - large[1])


def _joined_if_surer(sheet: _Sheet, parts: list[Part]) -> list[Part]:
    """Neighbours joined, in twos or all that hang together, where the namer knows them better so than apart."""
    for _ in range(_ROUNDS):
        boxes = [sheet.box(part) for part in parts]
        pairs = [(i, j) for i in range(len(parts)) for j in range(i + 1, len(parts)) if _close(boxes[i], boxes[j])]
        if not pairs:
            break
        groups = pairs[:_TRIALS] + [group for group in _clusters(len(parts), pairs) if 2 < len(group) <= _MOST_PARTS]
        alone = [chance for _, chance in sheet.names(parts)]
        whole = [tuple(label for n in group for label in parts[n]) for group in groups]
        chances = [chance for _, chance in sheet.names(whole)]
        used: set[int] = set()
        made: list[Part] = []
        for n in sorted(range(len(groups)), key=lambda n: -chances[n]):
            group = groups[n]
            known = min(alone[i] for i in group) >= SURE
            touching = len(group) == 2 and _touching(boxes[group[0]], boxes[group[1]])
            best = max(alone[i] for i in group)
            if sheet.all_plain(whole[n]):
                best, known, touching = max(best, PLAIN), True, False
            better = chances[n] >= max(best + (GAIN if known else 0.02), SURE) or (touching and chances[n] >= best)
            if better and not used & set(group):
                used |= set(group)
                made.append(whole[n])
        if not made:
            break
        parts = made + [part for n, part in enumerate(parts) if n not in used]
    return parts


def _clusters(count: int, pairs: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """All that hang together by pairs."""
    leader = list(range(count))

    def find(n: int) -> int:
        while leader[n] != n:
            n = leader[n]
        return n

    for i, j in pairs:
        leader[find(i)] = find(j)
    members: dict[int, list[int]] = {}
    for n in range(count):
        members.setdefault(find(n), []).append(n)
    return [tuple(group) for group in members.values()]


def _close(one: Span, other: Span) -> bool:
    """Whether two parts are so near that they may be one thing."""
    sizes = [max(box[2] - box[0], box[3] - box[1]) for box in (one, other)]
    return _gap(one, other) < CLOSE * min(sizes) or _gap(one, other) < CLOSE / 3 * max(sizes)


def _touching(one: Span, other: Span) -> bool:
    """Whether hardly anything is between two parts."""
    return _gap(one, other) < 2 + 0.04 * min(max(box[2] - box[0], box[3] - box[1]) for box in (one, other))


def _gap(one: Span, other: Span) -> float:
    """Pixels between two boxes; 0 when they touch."""
    across = max(0, one[0] - other[2], other[0] - one[2])
    down = max(0, one[1] - other[3], other[1] - one[3])
    return float(np.hypot(across, down))


def _shared(one: Span, other: Span) -> int:
    """Pixels that two boxes share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, across) * max(0, down)


def _is_print(sheet: _Sheet, part: Part, scene: Scene) -> bool:
    """Whether the part is a letter or a word of a line that was read, or of a code."""
    box = _placed(sheet, part, scene)
    x, y = box.centre
    runs = [run for line in scene.lines for run in line.pieces or (line,)]
    boxes = [run.box for run in runs if sum(c.isalnum() for c in run.text) >= 2] + [code.box for code in scene.codes]
    return any(
        b.left <= x <= b.right
        and b.top <= y <= b.bottom
        and box.height <= 1.3 * b.height
        and box.width <= 1.05 * b.width
        for b in boxes
    )


def _plain(box: Box, scene: Scene) -> list[Shape]:
    """The scene's plain shapes inside a part's box when they are few, have names and make up nearly all of it."""
    inside = [shape for shape in scene.shapes if part_in(shape.box, box) > 0.9]
    named = [shape for shape in inside if shape.name != "shape"]
    if not named or len(inside) > _FEW:
        return []
    around = Box(
        min(shape.box.left for shape in named), min(shape.box.top for shape in named),
        max(shape.box.right for shape in named), max(shape.box.bottom for shape in named),
    )  # fmt: skip
    return named if part_in(box, around) > 0.8 else []


def _is_one_colour(sheet: _Sheet, part: Part) -> bool:
    """Whether nearly all of a part's pixels, but for its soft rim, are alike."""
    own = cv2.erode(np.isin(sheet.labels, part).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    values = sheet.view[own].astype(np.int16)
    if not len(values):
        return True
    return bool((np.abs(values - np.median(values, axis=0)).max(axis=1) < 28).mean() > 0.97)


def _placed(sheet: _Sheet, part: Part, scene: Scene) -> Box:
    """The part's box in the scene's pixels."""
    across, down = scene.width / sheet.view.shape[1], scene.height / sheet.view.shape[0]
    return scaled(Box(*sheet.box(part)), across, down)
