"""A thing of one picture put into another: cut out, in the light of its new place; a logo on cloth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pollux.engines.builtin.edit import areas, parts, things
from pollux.engines.builtin.edit.add import placed, spot_of
from pollux.engines.builtin.edit.board import Board, Floats, as_floats, bounds
from pollux.engines.builtin.edit.ground import matched
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import head, kinds
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.ground import lab

PRINTS = kinds("logo emblem print design graphic pattern badge sticker symbol text artwork slogan monogram")
_GARMENTS = kinds(
    "shirt tshirt t-shirt tee top jacket suit sweater hoodie dress coat cap hat bag mug cup wall box bottle"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A thing cut out: RGBA in its own box, its name, and which edges of its picture cut it off."""

    pixels: Pixels
    name: str
    edges: tuple[bool, bool, bool, bool] = (False, False, False, False)  # left, top, right, bottom


def cut_out(board: Board, index: int, noun: str) -> Cut | None:
    """A thing of a picture as it came; all of the picture's main thing for a print."""
    pixels = board.pictures[index]
    own = pixels[..., 3] if pixels.shape[2] == 4 and int(pixels[..., 3].min()) < 128 else None
    if own is not None:
        mask = as_floats(own / 255)
        name = head(noun)
    elif head(noun) in PRINTS:
        mask, name = _print_mask(pixels[..., :3]), head(noun)
    else:
        found = things.find(board, noun, index) if noun else None
        if found is None and noun and not _plain(pixels[..., :3]):
            return None
        found = found or things.subject(board, index)
        if found is None:
            return None
        mask, name = found.mask, head(noun) or found.name
    left, top, right, bottom = bounds(np.where(mask > 0.1, mask, 0).astype(np.float32))
    if right - left < 4 or bottom - top < 4:
        return None
    front = areas.cleaned(np.ascontiguousarray(pixels[..., :3]), mask)
    rgba = np.dstack([front, np.asarray(np.clip(mask * 255 + 0.5, 0, 255), np.uint8)])
    high, wide = pixels.shape[:2]
    edges = (left < 0.01 * wide, top < 0.01 * high, right > 0.99 * wide, bottom > 0.985 * high)
    return Cut(rgba[top:bottom, left:right], name, edges)


def _plain(pixels: Pixels) -> bool:
    from pollux.engines.builtin.seeing.ground import is_even  # noqa: PLC0415

    return is_even(fit(pixels, 300))


def _print_mask(pixels: Pixels) -> Floats:
    """A print on a plain ground: whatever differs from the ground's colour, what it encloses included."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(edge, axis=0).astype(np.uint8)
    spread = float(np.abs(edge.astype(np.int16) - ground.astype(np.int16)).mean())
    if spread > 30:
        return np.ones(pixels.shape[:2], np.float32)
    away = np.linalg.norm(lab(pixels) - lab(ground.reshape(1, 1, 3)), axis=2)
    free = cv2.copyMakeBorder((away < 9).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, areas = cv2.connectedComponents(free, connectivity=4)
    outside = cv2.dilate((areas == areas[0, 0]).astype(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
    return np.asarray(np.where(outside, np.clip((away - 5) / 14, 0, 1), 1), np.float32)


def place(board: Board, step: Step) -> str:
    """Puts a thing of one picture into another: on cloth, on, beside or in front of a thing, or in the scene."""
    source, onto = (step.pictures[0] or 1) - 1, (step.pictures[1] or 1) - 1
    made = cut_out(board, source, step.thing)
    if made is None:
        return f"!I could not find the {step.thing} in image {source + 1}"
    rgba, name = made.pixels, made.name
    noun = head(step.at)
    if step.how == "worn":
        return _worn(board, rgba, name)
    if (name in PRINTS or noun in _GARMENTS) and step.how in ("on", "onto", "on top of"):
        return _printed(board, rgba, name, step)
    wide, high = board.size
    if step.how in ("holding", "eating"):
        spot, where = spot_of(board, step, name, rgba.shape[1] / rgba.shape[0])
        if spot is None:
            return f"!{where}"
        set_in(board, rgba, spot[:2], spot[3])
        return f"put the {name} of image {source + 1} {where}"
    if step.how == "scene" or not step.at:
        height = min(0.78 * high, 0.9 * wide * rgba.shape[0] / rgba.shape[1])
        foot = 1.0 if made.edges[3] else 0.97
        width = height * rgba.shape[1] / rgba.shape[0]
        x = width / 2 if made.edges[0] else wide / 2
        set_in(board, rgba, (x, foot * high - height / 2), height)
        return f"put the {name} of image {source + 1} into image {onto + 1}, at a size that I chose"
    found = things.find(board, step.at)
    if found is None:
        return f"!I could not find the {step.at} in image {onto + 1}"
    left, top, right, bottom = found.box
    size = (
        0.8 * max(right - left, bottom - top)
        if step.how in ("next to", "beside", "with", "behind")
        else 0.5 * min(right - left, bottom - top)
    )
    height = min(size if rgba.shape[0] >= rgba.shape[1] else size * rgba.shape[0] / rgba.shape[1], 0.9 * high)
    width = height * rgba.shape[1] / rgba.shape[0]
    x, y = (left + right) / 2, (top + bottom) / 2
    if step.how in ("next to", "beside", "with"):  # it may hide a little of the other thing, not most of it
        width = min(width, max(1.3 * max(wide - right, left), 0.3 * wide))
        height = width * rgba.shape[0] / rgba.shape[1]
    if step.how in ("next to", "beside", "with"):
        x = right + width * 0.52 if wide - right >= left else left - width * 0.52
        foot = high if made.edges[3] else min(bottom, high)  # what its own picture cut off ends at the edge here too
        x, y = float(np.clip(x, width / 2, wide - width / 2)), foot - height / 2
    elif step.how in ("on", "onto", "on top of"):
        flat = bottom - top < 0.5 * (right - left) or top < height * 0.6
        y = top + 0.3 * (bottom - top) - height / 2 + height * 0.35 if flat else top - height * 0.42
        y = max(height / 2, y)
    set_in(board, rgba, (x, y), height, behind=found.mask if step.how == "behind" else None)
    return f"put the {name} of image {source + 1} {step.how} the {step.at}"


def set_in(
    board: Board, rgba: Pixels, middle: tuple[float, float], height: float, behind: Floats | None = None
) -> None:
    """A cut-out at a place and height, in the light of its new ground, with a soft shadow at its foot."""
    wide, high = board.size
    width = height * rgba.shape[1] / rgba.shape[0]
    sized = parts.resized(rgba, round(width), round(height))
    tuned = matched(np.ascontiguousarray(sized[..., :3]), as_floats(sized[..., 3] / 255), board.rgb, 0.45)
    layer, alpha = placed(
        np.dstack([tuned, sized[..., 3]]), round(middle[0] - width / 2), round(middle[1] - height / 2), wide, high
    )
    shade = np.zeros_like(alpha)
    foot = middle[1] + height / 2
    if foot < 0.99 * high:
        cv2.ellipse(
            shade,
            (round(middle[0]), round(foot - 0.015 * height)),
            (max(2, round(width * 0.42)), max(2, round(height * 0.035))),
            0,
            0,
            360,
            0.5,
            -1,
        )
        shade = np.asarray(cv2.GaussianBlur(shade, (0, 0), max(1.5, height * 0.02)), np.float32)
        shade[shade < 0.004] = 0
    if behind is not None:
        alpha, shade = np.asarray(alpha * (1 - behind), np.float32), np.asarray(shade * (1 - behind), np.float32)
    board.put(np.asarray(board.rgb * 0.35, np.uint8), shade)
    board.put(layer, alpha)


def _printed(board: Board, rgba: Pixels, name: str, step: Step) -> str:
    """A print on cloth or another surface: bent with the folds, darkened by their shade, lit by their light."""
    spot, where = _chest(board, step)
    if spot is None:
        return f"!I could not find the {step.at} to put the {name} on"
    x, y, side, mask = spot
    scale = min(side / rgba.shape[1], side * 0.8 / rgba.shape[0])
    sized = parts.resized(rgba, max(4, round(rgba.shape[1] * scale)), max(4, round(rgba.shape[0] * scale)))
    wide, high = board.size
    layer, alpha = placed(sized, round(x - sized.shape[1] / 2), round(y - sized.shape[0] / 2), wide, high)
    light = lab(board.rgb)[..., 0]
    soft = cv2.GaussianBlur(light, (0, 0), max(1.5, side / 26))
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=5) / 128, cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=5) / 128
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    bend = side / 50
    across = np.asarray(columns + np.clip(gx * bend, -bend, bend), np.float32)
    down = np.asarray(rows + np.clip(gy * bend, -bend, bend), np.float32)
    lit = layer.astype(np.float32) * alpha[..., None]
    flat = cv2.remap(lit, across, down, cv2.INTER_LINEAR)
    alpha = np.asarray(cv2.remap(alpha, across, down, cv2.INTER_LINEAR), np.float32)
    colours = flat / np.maximum(alpha, 1e-3)[..., None]
    inside = alpha > 0.3
    middle = float(np.median(light[inside])) if inside.any() else 50.0
    fold = np.clip(1 + (0.6 * soft + 0.4 * light - middle) / (80 if middle > 30 else 60), 0.55, 1.25)
    printed = np.asarray(np.clip(colours * fold[..., None], 0, 255), np.uint8)
    if mask is not None and float((mask * alpha).sum()) < 0.6 * float(alpha.sum()):
        mask = None  # the thing's outline was found badly there: the print is better whole
    share = alpha * 0.94 if mask is None else alpha * 0.94 * np.clip(mask * 1.3, 0, 1)
    board.put(printed, np.asarray(np.where(share > 0.01, share, 0), np.float32))
    return f"printed the {name} {where}, bent and shaded with its folds"


def _chest(board: Board, step: Step) -> tuple[tuple[float, float, float, Floats | None] | None, str]:
    """Where a print goes: the middle of the thing named; on clothes, the chest under the face."""
    faces = list(board.see(board.base, "face"))
    noun = head(step.at)
    clothing = noun in things.CLOTHES or noun in ("chest", "back", "torso")
    if clothing and faces:
        box = max((one.box for one in faces), key=lambda b: b[2] - b[0])
        points = board.moved @ np.array([[box[0], box[2]], [box[1], box[3]], [1, 1]], float)
        left, right, top, bottom = points[0][0], points[0][1], points[1][0], points[1][1]
        wide, tall = right - left, bottom - top
        y = min(bottom + 1.55 * tall, board.size[1] - 0.5 * tall)
        found = things.find(board, step.at)
        return (
            (left + right) / 2,
            y,
            1.15 * wide,
            found.mask if found is not None and _covers(found.mask, (left + right) / 2, y) else None,
        ), f"on the {noun}"
    found = things.find(board, step.at)
    if found is None:
        return None, ""
    left, top, right, bottom = found.box
    own = found.mask if found.inner is None else np.asarray(found.mask * (1 - found.inner), np.float32)
    weight = np.where(own > 0.5)
    y, x = float(np.median(weight[0])), float(np.median(weight[1]))
    return (x, y, 0.42 * min(right - left, bottom - top), own), f"on the {noun}"


def _covers(mask: Floats, x: float, y: float) -> bool:
    return bool(mask[int(np.clip(y, 0, mask.shape[0] - 1)), int(np.clip(x, 0, mask.shape[1] - 1))] > 0.4)


def _worn(board: Board, rgba: Pixels, name: str) -> str:
    """A garment laid over a person's body, from the neck down: a paper doll's dress, and said to be one."""
    faces = list(board.see(board.base, "face"))
    if not faces:
        return f"!I could not find a person's face to lay the {name} under"
    box = max((one.box for one in faces), key=lambda b: b[2] - b[0])
    wide = (box[2] - box[0]) * 2.9
    height = wide * rgba.shape[0] / rgba.shape[1]
    top = box[3] + 0.16 * (box[3] - box[1])
    set_in(board, rgba, ((box[0] + box[2]) / 2, top + height / 2), height)
    return f"laid the {name} over the person from the neck down; I cannot fit it to the body or pose"
