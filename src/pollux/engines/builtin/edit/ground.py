"""What is behind the main thing: blurred, taken away, or another one: a colour, a painted setting, another picture."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit import areas, parts, shades, things
from pollux.engines.builtin.edit.board import Board, Floats, mixed
from pollux.engines.builtin.edit.fill import fill
from pollux.engines.builtin.edit.recolour import recolour
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import materials, plain
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.ground import lab

_NOTHING = "!I could not tell the main thing from its background"


def background(board: Board, step: Step) -> str:
    """One of "blur", "remove" and "replace"."""
    found = things.find(board, step.thing) if step.thing else None
    if step.how == "sky":
        return _sky(board, step.to, found.mask if found else None)
    found = found or things.subject(board)
    if found is None:
        return _NOTHING
    if step.how == "blur":
        _blur(board, found.mask, step.amount)
        return f"blurred the background behind the {found.name}"
    front = areas.cleaned(board.rgb, found.mask)
    if step.how == "remove":
        alpha = np.asarray(np.clip(found.mask * 255 + 0.5, 0, 255), np.uint8)
        board.put(np.dstack([front, alpha]))
        return f"removed the background; what is left is the {found.name} on a transparent ground"
    behind, what = _new(board, step)
    if behind is None:
        return f"!I cannot make the background {what!r}"
    light = matched(front, found.mask, behind)
    share = found.mask[..., None]
    board.put(mixed(behind, light, share))
    return f"put the {found.name} on {what}"


def _sky(board: Board, text: str, mask: Floats | None) -> str:
    """The upper part of a painted place, where sky was."""
    if mask is None:
        return "!I could not find the sky in the picture"
    wide, high = board.size
    named = text if "sky" in text.split() else f"{text} sky"
    painted = parts.setting(named, wide, high, board.seed)
    painted = painted if painted is not None else parts.setting(f"field under a {named}", wide, high, board.seed)
    if painted is None:
        return f"!I cannot paint a sky of {text!r}"
    low = int(np.flatnonzero((mask > 0.5).any(axis=1)).max(initial=2)) + 1
    view = painted[: max(2, round(0.45 * high))]
    stretched = painted.copy()
    stretched[:low] = cv2.resize(view, (wide, low), interpolation=cv2.INTER_CUBIC)
    board.put(stretched, mask)
    return f"put a painted sky ({text}) in place of the sky"


def _blur(board: Board, mask: Floats, amount: float | None) -> None:
    """The ground without the thing's colours, blurred, so that no halo of the thing stays around it."""
    radius = max(board.size) / 55 * (amount or 1.0)
    weight = np.asarray(np.clip(1 - mask * 1.4, 0, 1), np.float32)
    ground = board.rgb.astype(np.float32) * weight[..., None]
    scale = max(1.0, max(board.size) / 700)
    size = max(2, round(board.size[0] / scale)), max(2, round(board.size[1] / scale))
    small, share = (
        cv2.resize(ground, size, interpolation=cv2.INTER_AREA),
        cv2.resize(weight, size, interpolation=cv2.INTER_AREA),
    )
    soft = (
        cv2.GaussianBlur(small, (0, 0), radius / scale)
        / np.maximum(cv2.GaussianBlur(share, (0, 0), radius / scale), 2e-3)[..., None]
    )
    full = cv2.resize(np.clip(soft, 0, 255), board.size, interpolation=cv2.INTER_CUBIC)
    board.put(np.asarray(np.clip(full + 0.5, 0, 255), np.uint8), np.asarray(1 - mask, np.float32))


def _new(board: Board, step: Step) -> tuple[Pixels | None, str]:
    """The new ground at the board's size, and what it is in words."""
    wide, high = board.size
    number = step.pictures[0] if step.pictures else 0
    if number and 1 <= number <= len(board.pictures):
        return covering(board.pictures[number - 1][..., :3], wide, high), f"the background of image {number}"
    colour = shades.find(step.to)
    rest = plain(step.to, shades.NAMES)
    if colour and rest in ("", "studio", "gradient", "wall", "backdrop", "background", "ground", "blank"):
        if rest in ("studio", "gradient", "backdrop"):
            return studio(colour[1], wide, high), f"a {colour[0]} studio ground"
        exact = {"white": (255, 255, 255), "black": (0, 0, 0)}.get(colour[0], colour[1])
        return np.full((high, wide, 3), exact, np.uint8), f"plain {colour[0]}"
    if rest in ("studio", "backdrop"):
        return studio((226, 226, 228), wide, high), "a studio ground"
    if named := materials(step.to):
        plain_ = studio(colour[1] if colour else (190, 190, 190), wide, high)
        whole = np.ones((high, wide), np.float32)
        return recolour(plain_, whole, colour[1] if colour else None, named[0], board.seed)[
            0
        ], f"a ground of {named[0]}"
    painted = parts.setting(step.to, wide, high, board.seed)
    return painted, f"a painted background ({step.to})" if painted is not None else step.to


def studio(rgb: shades.RGB, wide: int, high: int) -> Pixels:
    """A ground with a soft light behind the middle."""
    columns, rows = np.linspace(-1, 1, 96, dtype=np.float32), np.linspace(-1, 1, 96, dtype=np.float32)
    far = np.hypot(columns[None, :], rows[:, None] + 0.15)
    gain = cv2.resize(np.asarray(1.06 - 0.22 * far, np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(gain[..., None] * np.array(rgb, np.float32) + 0.5, 0, 255), np.uint8)


def covering(pixels: Pixels, wide: int, high: int) -> Pixels:
    """A picture that fills a size, cut at its longer sides."""
    scale = max(wide / pixels.shape[1], high / pixels.shape[0])
    size = max(wide, round(pixels.shape[1] * scale)), max(high, round(pixels.shape[0] * scale))
    full = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    x, y = (size[0] - wide) // 2, (size[1] - high) // 2
    return cast(Pixels, np.ascontiguousarray(full[y : y + high, x : x + wide]))


def matched(front: Pixels, mask: Floats, behind: Pixels, much: float = 0.35) -> Pixels:
    """The thing in the light of its new ground: lightness and tint moved towards it, by less than half."""
    thing = fit(front, 300)
    weight = cv2.resize(mask, (thing.shape[1], thing.shape[0]), interpolation=cv2.INTER_AREA) > 0.6
    if not weight.any():
        return front
    own, new = lab(thing)[weight].mean(axis=0), lab(fit(behind, 300)).reshape(-1, 3).mean(axis=0)
    shift = (new - own) * np.array([much * 0.55, much * 0.4, much * 0.4])
    shift = np.clip(shift, (-16, -7, -9), (12, 7, 9))
    return shifted(front, shift)


def shifted(pixels: Pixels, shift: NDArray[np.float64]) -> Pixels:
    """The picture with lightness, green-red and blue-yellow moved by so many CIELAB units."""
    values = cv2.cvtColor(pixels, cv2.COLOR_RGB2Lab)
    tables = [np.clip(np.arange(256) + s * f, 0, 255) for s, f in zip(shift, (2.55, 1, 1), strict=True)]
    bent = np.dstack(
        [cv2.LUT(np.ascontiguousarray(values[..., i]), (t + 0.5).astype(np.uint8)) for i, t in enumerate(tables)]
    )
    return cast(Pixels, cv2.cvtColor(bent, cv2.COLOR_Lab2RGB))


def without(board: Board, mask: Floats) -> Pixels:
    """The picture with what the mask covers filled from what is around it."""
    scale = max(1.0, max(board.size) / 1000)
    size = round(board.size[0] / scale), round(board.size[1] / scale)
    area = float((mask > 0.5).sum()) / scale**2
    reach = max(3, round(min(max(size) / 55, 0.1 * np.sqrt(area))))
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    small = cv2.resize((mask > 0.08).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    rough = cv2.morphologyEx((small > 0).astype(np.uint8), cv2.MORPH_CLOSE, shape, iterations=2)
    hole = cv2.resize(cv2.dilate(rough, shape), board.size, interpolation=cv2.INTER_NEAREST) > 0
    faces = np.zeros(board.pictures[board.base].shape[:2], np.float32)
    for one in board.see(board.base, "face"):  # nobody's face is to grow where a thing was
        left, top, right, bottom = one.box
        pad = (bottom - top) // 2
        faces[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad] = 1
    return fill(board.rgb, hole, board.seed, board.cancelled, board.here(faces) > 0.5)
