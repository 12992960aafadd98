"""New things in a picture: where they go, how large, in its light, with a soft shadow."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from pollux.engines.builtin.edit import heads, looks, parts, shades, things
from pollux.engines.builtin.edit.board import Board, Floats
from pollux.engines.builtin.edit.found import Found
from pollux.engines.builtin.edit.ground import shifted
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import kinds
from pollux.engines.builtin.english import article, counted
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.seeing.ground import lab

Spot = tuple[float, float, float, float, float]  # x and y of its middle, width, height in pixels; clockwise degrees

_HATS = kinds("hat cap crown helmet tiara beanie hood headband bow wig halo fedora beret turban horn antler ear bonnet")
_EYES = kinds("glasses sunglasses goggles spectacles glass sunglass eyeglasses shades goggle monocle")
_LIP = kinds("moustache mustache beard nose")
_NECK = kinds("scarf tie necktie necklace collar medal bowtie")
_SKY = kinds(
    "moon sun star cloud bird plane airplane balloon kite rainbow ufo helicopter rocket airship dragon "
    "bat comet drone eagle butterfly snowflake firework constellation parachute"
)

_SURFACES = kinds("table desk floor ground grass lawn carpet rug counter bench street road snow sand background")
_CUT = 2.1  # of the room above the brow: as high is a hat that leaves the picture at the top


def add(board: Board, step: Step) -> str:
    """Adds what the step names; says where, or that there is no drawing of it."""
    name = parts.called(step.to)
    count = parts.many(step.to)
    made = parts.thing(step.to, 600, 600, board.seed)
    if made is None:
        return f"!I have no drawing of {article(name) if name else 'that'}, so I added none"
    shape = made[0].shape[1] / made[0].shape[0]
    spot, where = spot_of(board, step, name, shape)
    if spot is None:
        return f"!{where}"
    for spot_ in _several(board, spot, count):
        drawn = parts.thing(step.to, round(spot_[2]), round(spot_[3]), board.seed)
        if drawn is not None:
            laid(
                board,
                drawn[0],
                spot_,
                behind=_behind(board, step),
                floats=name in _SKY or where.startswith("on the head"),
            )
    board.added[made[1]] = (
        round(spot[0] - spot[2] / 2),
        round(spot[1] - spot[3] / 2),
        round(spot[0] + spot[2] / 2),
        round(spot[1] + spot[3] / 2),
    )
    what = counted(count, made[1]) if count > 1 else made[1] if made[1].endswith("s") else article(made[1])
    return f"added {what} {where}".strip()


def spot_of(board: Board, step: Step, name: str, shape: float) -> tuple[Spot | None, str]:
    """Where a thing of such a shape goes, and how that is said."""
    small = (
        0.75
        if {"small", "tiny", "little", "mini"} & set(step.to.split())
        else 1.25
        if {"big", "large", "huge", "giant"} & set(step.to.split())
        else 1.0
    )
    small = 0.55 if "tiny" in step.to.split() else small
    body = step.at.split()[-1] if step.at else ""
    if step.how == "eating" or body in ("mouth",):
        return _on_head(board, step, "mouth", shape, small)
    if step.how == "holding" or body in ("hand", "hands"):
        return _held(board, step, shape, small)
    worn = (
        name in _HATS | _EYES | _LIP | _NECK
        and not looks.corner(step.how)
        and step.how not in ("next to", "beside", "behind", "in front of")
    )
    if worn or body in ("head", "eyes", "eye", "nose", "neck", "face", "chin"):
        part = (
            "head"
            if name in _HATS or body == "head"
            else "eyes"
            if name in _EYES or body in ("eyes", "eye", "face")
            else "lip"
            if name in _LIP or body == "nose"
            else "neck"
        )
        spot, where = _on_head(board, step, part, shape, small)
        if spot is not None or worn:
            return spot, where
    if step.at:
        found = things.find(board, step.at)
        if found is None and step.at.split()[-1] in _SURFACES and step.how in ("on", "onto", "on top of", "in"):
            return _free(board, step, name, shape, small)
        if found is None:
            return None, f"I could not find the {step.at}, so I did not add the {name}"
        return _beside(board, step, found, shape, small)
    return _free(board, step, name, shape, small)


def _on_head(board: Board, step: Step, part: str, shape: float, small: float) -> tuple[Spot | None, str]:
    found = heads.find(board, step.at)
    if found is None:
        return None, "I could not find a head to put it on"
    w, t = found.width, found.tilt
    if part == "head":
        width = w * 1.28 * (0.8 if small < 1 else small)
        height = width / shape
        x, y = found.brim
        where = "on the head"
        if height > y:  # little room above the head: lower on the brow, and the tip may leave the picture
            y = min(found.eyes[1] - 0.22 * w, y + 0.25 * height)
            height = min(height, max(y * _CUT, 0.3 * w))
            width = height * shape
            where += ", its tip beyond the picture's edge" if height > 1.2 * y else ""
        c, s = np.cos(np.radians(t)), np.sin(np.radians(t))
        up = height / 2 - 0.1 * height
        return (x + s * up, y - c * up, width, height, t), where
    if part == "eyes":
        width = w * 1.08
        return (*found.eyes, width, width / shape, t), "over the eyes"
    if part == "lip":
        width = w * 0.62
        x, y = found.mouth
        return (x, y - 0.1 * w, width, width / shape, t), "above the mouth"
    if part == "mouth":
        width = w * 0.62 * small
        return (found.mouth[0] + 0.2 * w, found.mouth[1] + 0.1 * w, width, width / shape, 0.0), "at the mouth"
    width = w * 0.95 * min(small, 1.0)
    y = found.neck[1] + 0.3 * width / shape
    if y + 0.4 * width / shape > board.size[1]:  # a head seen close: the neck is below the picture
        width = min(width, 0.55 * w)
        low = board.size[1] - 0.1 * width / shape
        return (found.mouth[0], low, width, width / shape, 0.0), "under the chin, at the picture's edge"
    return (found.neck[0], y, width, width / shape, 0.0), "at the neck"


def _held(board: Board, step: Step, shape: float, small: float) -> tuple[Spot | None, str]:
    owner = " ".join(w for w in step.at.split() if w not in ("hand", "hands"))
    found = (things.find(board, owner) if owner else None) or things.subject(board)
    if found is None:
        return None, "I could not find who is to hold it"
    left, top, right, bottom = found.box
    size = 0.3 * min(right - left, bottom - top) * small
    return (
        left + 0.24 * (right - left),
        top + 0.66 * (bottom - top),
        size * min(shape, 1.4),
        size * min(shape, 1.4) / shape,
        0.0,
    ), "at the hand, as nearly as I can tell"


def _beside(board: Board, step: Step, found: Found, shape: float, small: float) -> tuple[Spot | None, str]:
    left, top, right, bottom = found.box
    wide, high = board.size
    size = (
        float(np.clip(0.55 * min(right - left, bottom - top), 0.08 * min(wide, high), 0.45 * min(wide, high))) * small
    )
    w, h = (size * shape, size) if shape < 1 else (size, size / shape)
    w, h = w * 1.15, h * 1.15
    x, y = (left + right) / 2, (top + bottom) / 2
    how = step.how
    if how in ("on", "on top of", "above", "over"):
        at = (x, max(h / 2, top - h * (0.32 if how != "above" else 0.62)))
        inner = bottom - top > 0.62 * high or top < h * 0.5
        at = (x, top + (bottom - top) * 0.42) if inner and how in ("on", "over") else at
        return (*at, w, h, 0.0), f"{how} the {step.at}"
    if how in ("in", "inside"):
        return (x, y, w * 0.9, h * 0.9, 0.0), f"in the {step.at}"
    if how in ("under", "below"):
        return (x, min(high - h / 2, bottom + h * 0.45), w, h, 0.0), f"under the {step.at}"
    if how in ("in front of",):
        return (x, min(high - h / 2, bottom - h * 0.2), w, h, 0.0), f"in front of the {step.at}"
    if how == "behind":
        return (min(wide - w / 3, right - w * 0.1), bottom - h * 0.75, w * 1.2, h * 1.2, 0.0), f"behind the {step.at}"
    right_room, left_room = wide - right, left
    to_right = "right" in how or ("left" not in how and right_room >= left_room)
    room = right_room if to_right else left_room
    if room < w * 0.9:
        shrink = max(room / (w * 0.9), 0.45)
        w, h = w * shrink, h * shrink
    at_x = right + w * 0.55 if to_right else left - w * 0.55
    return (
        float(np.clip(at_x, w / 2, wide - w / 2)),
        min(high - h / 2, bottom - h / 2),
        w,
        h,
        0.0,
    ), f"next to the {step.at}"


def _free(board: Board, step: Step, name: str, shape: float, small: float) -> tuple[Spot | None, str]:
    """In the corner that is named, in the sky, or where the main thing leaves most room."""
    wide, high = board.size
    size = 0.24 * min(wide, high) * small
    w, h = (size * shape, size) if shape < 1 else (size, size / shape)
    place = looks.corner(step.how)
    if place and "sky" not in step.how:
        pad = 0.04 * min(wide, high)
        x = w / 2 + pad if "left" in place else wide - w / 2 - pad if "right" in place else wide / 2
        y = h / 2 + pad if "top" in place else high - h / 2 - pad if "bottom" in place else high / 2
        return (x, y, w, h, 0.0), placed_in(place)
    main = things.subject(board)
    busy = np.zeros(board.pixels.shape[:2], np.float32) if main is None else main.mask.copy()
    for box in board.added.values():
        busy[max(0, box[1]) : max(0, box[3]), max(0, box[0]) : max(0, box[2])] = 1
    up = name in _SKY or "sky" in step.how or "air" in step.how
    x, y = _room(busy, w, h, upper=up)
    return (x, y, w, h, 0.0), "in the sky" if up and "sky" in step.how else "where there was room"


def _room(busy: Floats, w: float, h: float, *, upper: bool) -> tuple[float, float]:
    """The middle of a box of this size that covers least, in the upper or the lower part."""
    scale = max(busy.shape) / 120
    small = cv2.resize(
        busy, (max(2, round(busy.shape[1] / scale)), max(2, round(busy.shape[0] / scale))), interpolation=cv2.INTER_AREA
    )
    bw, bh = max(1, round(w / scale)), max(1, round(h / scale))
    cover = cv2.boxFilter(small, cv2.CV_32F, (bw | 1, bh | 1), borderType=cv2.BORDER_CONSTANT)
    rows, columns = np.mgrid[: small.shape[0], : small.shape[1]].astype(np.float32)
    goal = 0.2 if upper else 0.82
    cost = (
        cover * 4
        + np.abs(rows / small.shape[0] - goal)
        + 0.25 * np.abs(columns / small.shape[1] - (0.72 if upper else 0.5))
    )
    edge = (rows < bh / 2) | (rows > small.shape[0] - bh / 2) | (columns < bw / 2) | (columns > small.shape[1] - bw / 2)
    cost = np.where(edge, cost + 9, cost)
    y, x = np.unravel_index(int(cost.argmin()), cost.shape)
    return float((x + 0.5) * scale), float((y + 0.5) * scale)


def _several(board: Board, spot: Spot, count: int) -> list[Spot]:
    """Several spots around one: smaller, spread out, always the same for a seed."""
    if count == 1:
        return [spot]
    rng = np.random.default_rng(board.seed)
    _, y, w, h, turn = spot
    wide, high = board.size
    out = []
    for i in range(count):
        size = float(rng.uniform(0.45, 0.75))
        at_x = wide * (i + 0.5) / count + float(rng.uniform(-0.25, 0.25)) * wide / count
        at_y = y + float(rng.uniform(-0.6, 0.6)) * h
        out.append(
            (
                float(np.clip(at_x, w / 3, wide - w / 3)),
                float(np.clip(at_y, h / 3, high - h / 3)),
                w * size,
                h * size,
                turn,
            )
        )
    return out


def _behind(board: Board, step: Step) -> Floats | None:
    if step.how != "behind":
        return None
    found = things.find(board, step.at)
    return found.mask if found else None


def laid(board: Board, rgba: Pixels, spot: Spot, *, behind: Floats | None = None, floats: bool = False) -> None:
    """The drawing over the board at its spot, in the light of the place, its shadow under it."""
    rgba = parts.turned(rgba, spot[4])
    high, wide = board.pixels.shape[:2]
    left, top = round(spot[0] - rgba.shape[1] / 2), round(spot[1] - rgba.shape[0] / 2)
    layer, alpha = placed(rgba, left, top, wide, high)
    if not alpha.any():
        return
    layer = lit(board.rgb, layer, alpha)
    size = max(spot[2], spot[3])
    shade = _shadow(alpha, size, low=0.03 if floats else 0.07)
    if behind is not None:
        alpha, shade = alpha * (1 - behind), shade * (1 - behind)
    shade = np.where(alpha > 0.98, 0, shade).astype(np.float32)
    if spot[1] > 0.35 * high or not floats:
        board.put(
            np.asarray(board.rgb * 0.45, np.uint8), np.where(shade * 0.5 > 1 / 255, shade * 0.5, 0).astype(np.float32)
        )
    board.put(layer, np.asarray(alpha, np.float32))


def placed(rgba: Pixels, left: int, top: int, wide: int, high: int) -> tuple[Pixels, Floats]:
    """A cut-out on an empty layer of a size: its colours, and its alpha 0 to 1."""
    layer, alpha = np.zeros((high, wide, 3), np.uint8), np.zeros((high, wide), np.float32)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(wide, left + rgba.shape[1]), min(high, top + rgba.shape[0])
    if x1 > x0 and y1 > y0:
        part = rgba[y0 - top : y1 - top, x0 - left : x1 - left]
        layer[y0:y1, x0:x1] = part[..., :3]
        alpha[y0:y1, x0:x1] = part[..., 3].astype(np.float32) / 255
    return layer, alpha


def lit(pixels: Pixels, layer: Pixels, alpha: Floats) -> Pixels:
    """A layer's colours in the light of the picture around it: a part of the way to its brightness and warmth."""
    ys, xs = np.nonzero(alpha > 0.5)
    if not len(ys):
        return layer
    pad = max(8, (int(xs.max()) - int(xs.min())) // 2)
    view = pixels[max(0, ys.min() - pad) : ys.max() + pad, max(0, xs.min() - pad) : xs.max() + pad]
    around = lab(cast(Pixels, cv2.resize(view, (48, 48), interpolation=cv2.INTER_AREA))).reshape(-1, 3)
    bright = float(np.percentile(around[:, 0], 75))
    warm = np.clip(around[:, 1:].mean(axis=0) * 0.22, -6, 7)
    return shifted(layer, np.array([float(np.clip((bright - 78) * 0.3, -20, 4)), warm[0], warm[1]]))


def _shadow(alpha: Floats, size: float, low: float) -> Floats:
    """The shape, moved down a little and blurred."""
    moved = cv2.warpAffine(
        alpha, np.array([[1, 0, size * 0.02], [0, 1, size * low]], np.float32), (alpha.shape[1], alpha.shape[0])
    )
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), max(1.0, size * 0.035)), np.float32)


def letter(board: Board, step: Step) -> str:
    """Sets lettering: in a corner, along an edge, on a thing; in the colour that is named or that reads best."""
    words = step.thing
    box, where = _lettering_box(board, step)
    part = board.rgb[int(box[1]) : int(box[3]) + 1, int(box[0]) : int(box[2]) + 1].reshape(-1, 3)
    if not len(part):
        return f"!There is no room for the lettering {where}"
    dark = float(np.median(part @ np.array([0.2126, 0.7152, 0.0722]))) < 140
    colour = shades.find(words)
    rgb: shades.RGB = colour[1] if colour else (255, 255, 255) if dark else (24, 24, 28)
    light = sum(rgb) > 380
    busy = float(part.std(axis=0).mean()) > 26 or (light == (not dark))
    outline: shades.RGB | None = ((24, 24, 28) if light else (255, 255, 255)) if busy else None
    face = next((one for one in ("script", "serif", "mono", "pixel", "comic", "handwrit") if one in words), "sans")
    size = round(box[2] - box[0]), round(box[3] - box[1])
    rgba = parts.lettering(step.to, *size, rgb, "hand" if face == "handwrit" else face, outline)
    x = (box[0] + box[2] - rgba.shape[1]) / 2
    x = box[0] if "left" in where else box[2] - rgba.shape[1] if "right" in where else x
    layer, alpha = placed(rgba, round(x), round((box[1] + box[3] - rgba.shape[0]) / 2), *board.size)
    board.put(layer, alpha)
    return f'set "{" ".join(step.to.split())}" {where}'


def _lettering_box(board: Board, step: Step) -> tuple[tuple[float, float, float, float], str]:
    """Left, top, right, bottom of where lettering goes, and how that is said."""
    wide, high = board.size
    said = set(step.thing.split())
    share = 0.2 if {"big", "large", "huge"} & said else 0.07 if {"small", "tiny", "little"} & said else 0.13
    tall = min(share * min(high, wide * 1.2) * (1 + step.to.count("\n")), 0.9 * high)
    found = things.find(board, step.at) if step.at else None
    if found is not None:
        left, top, right, bottom = found.box
        across, down = right - left, bottom - top
        box = (left + 0.15 * across, top + 0.3 * down, right - 0.15 * across, top + 0.6 * down)
        return box, f"on the {step.at}"
    where = step.how or "bottom"
    span = wide * (0.5 if "left" in where or "right" in where else 0.88)
    x = 0.04 * wide if "left" in where else wide - span - 0.04 * wide if "right" in where else (wide - span) / 2
    y = 0.04 * high if "top" in where else (high - tall) / 2 if where == "centre" else high - tall - 0.04 * high
    return (x, y, x + span, y + tall), placed_in(where)


def placed_in(place: str) -> str:
    """A corner or edge in words: "in the top left corner", "at the top"."""
    if place == "centre":
        return "in the centre"
    return f"in the {place} corner" if " " in place else f"at the {place}"
