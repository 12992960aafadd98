"""Pictures arranged anew: things cut out and set together on one ground, collages."""

from __future__ import annotations

from typing import cast

import numpy as np

from pollux.engines.builtin.edit import parts
from pollux.engines.builtin.edit.add import placed
from pollux.engines.builtin.edit.board import Board, mixed
from pollux.engines.builtin.edit.compose import Cut, cut_out, set_in
from pollux.engines.builtin.edit.ground import covering, studio
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.english import counted, listing
from pollux.engines.builtin.pixels import Pixels

_BESIDE = 0.45  # of the people's height: things and animals beside them
_TITLE = 0.12  # of a collage's height


def group(board: Board, step: Step) -> str:
    """Things cut out of the pictures and set side by side on one ground: those named, else everybody; at most 14."""
    nouns = step.thing.split("|") if step.thing else []
    wanted = list(zip(step.pictures, nouns, strict=True)) or [(i + 1, "person") for i in range(len(board.pictures))]
    cuts: list[tuple[Cut, float]] = []
    left_out = []
    for number, noun in wanted[:14]:
        made = cut_out(board, number - 1, noun) or (None if nouns else cut_out(board, number - 1, ""))
        if made is None:
            left_out.append(f"the {noun} in image {number}" if nouns else f"anybody in image {number}")
            continue
        faces = [one.box for one in board.see(number - 1, "face")]
        cuts.append((made, float(max((b[3] - b[1] for b in faces), default=0))))
    if not cuts:
        return f"!I could not find {listing(left_out)}"
    wide, high = board.size
    painted = parts.setting(step.to, wide, high, board.seed) if step.to else None
    ground = painted if painted is not None else studio((222, 222, 226), wide, high)
    board.put(ground)
    board.region[:] = True
    close = [one for one, _ in cuts if _is_close(one)]
    spots, start, end = _corners(close, board.size)
    _rows(board, [(one.pixels, tall) for one, tall in cuts if not _is_close(one)], start, end)
    for one, (x, height) in zip(close, spots, strict=True):
        set_in(board, one.pixels, (x, high - height / 2 + 1), height)
    who = listing([f"the {one.name}" for one, _ in cuts]) if nouns else counted(len(cuts), "person")
    where = f"a painted {step.to}" if painted is not None else "a plain ground"
    said = f"cut out {who} and set {'them' if len(cuts) > 1 else 'that'} on {where}"
    if close:
        said += f"; the {close[0].name} is a close-up, cut off by its picture's edges, and stands at the front as it is"
    if left_out:
        said += f"; I could not find {listing(left_out)}"
    if any(word in step.words.lower() for word in ("making", "smil", "laugh", "funny", "wearing", "holding", "pose")):
        said += "; I cannot change faces or poses, so they look as in their own pictures"
    return said


def _is_close(cut: Cut) -> bool:
    """Whether a thing's top and a side are beyond its picture: it cannot stand among others."""
    return cut.edges[1] and sum(cut.edges) > 1


def _corners(close: list[Cut], size: tuple[int, int]) -> tuple[list[tuple[float, float]], float, float]:
    """For each close-up the middle and height in a lower corner, on the side it is cut; and what is left between."""
    wide, high = size
    start, end = 0.0, float(wide)
    spots = []
    for cut in close:
        shape = cut.pixels.shape[1] / cut.pixels.shape[0]
        height = min(0.5 * high, 0.46 * wide / shape)
        across = height * shape
        right = cut.edges[2] and not cut.edges[0]
        spots.append((wide - across / 2 if right else across / 2, height))
        start, end = (start, min(end, wide - 0.8 * across)) if right else (max(start, 0.8 * across), end)
    return spots, start, end


def _rows(board: Board, cuts: list[tuple[Pixels, float]], start: float, end: float) -> None:
    """One row up to five, else two, the back one higher; faces of one size, people overlapping a little.

    `start` and `end` are the columns between which they stand.
    """
    if not cuts:
        return
    wide, high = end - start, float(board.size[1])
    rows = [cuts] if len(cuts) <= 5 else [cuts[: len(cuts) // 2], cuts[len(cuts) // 2 :]]
    for number, row in enumerate(rows):
        back = number < len(rows) - 1
        face = min(high * 0.2, wide / (len(row) * 2.3 + 0.6))
        equal = high * 0.66
        heights = [
            float(np.sqrt(equal * min(max(rgba.shape[0] * face / tall, equal * 0.6), equal * 1.6))) if tall else 0.0
            for rgba, tall in row
        ]
        thing = _BESIDE * max(heights) or equal  # what has no face is taken to be smaller than people are
        heights = [height or thing for height in heights]
        broad = 1.4 * wide / len(row)  # nobody takes the room of many
        heights = [min(h, broad * rgba.shape[0] / rgba.shape[1]) for h, (rgba, _) in zip(heights, row, strict=True)]
        widths = [h * rgba.shape[1] / rgba.shape[0] for h, (rgba, _) in zip(heights, row, strict=True)]
        tallest = max(heights)
        most = (0.78 if len(rows) == 1 else 0.6) * high / tallest
        grow = min(max(wide * 0.98 / (0.72 * sum(widths)), 0.42 * high / tallest), most)
        heights, widths = [h * grow for h in heights], [w * grow for w in widths]
        total = sum(widths)
        overlap = min(1.0, wide * 0.98 / total)
        x = start + (wide - total * overlap) / 2
        foot = high * (0.84 if back else 1.004)
        for (rgba, _), h, w in zip(row, heights, widths, strict=True):
            if board.cancelled():
                return
            set_in(board, rgba, (x + w * overlap / 2, foot - h / 2), h)
            x += w * overlap


def collage(board: Board, step: Step) -> str:
    """All pictures in a grid or a row with even gaps, none cut by much."""
    wide, high = board.size
    pictures = list(board.pictures)[:14]
    columns = len(pictures) if step.how == "row" else max(1, round(float(np.sqrt(len(pictures) * wide / high))))
    rows = -(-len(pictures) // columns)
    band = round(_TITLE * high) if step.to else 0
    gap = max(2, round(min(wide, high) * 0.012))
    out = np.full((high, wide, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        row = index // columns
        across = columns if row < rows - 1 else len(pictures) - columns * (rows - 1)
        w, h = (wide - gap * (across + 1)) / across, (high - band - gap * (rows + 1)) / rows
        x, y = round(gap + (index % columns) * (w + gap)), round(band + gap + row * (h + gap))
        part = covering(picture[..., :3], max(1, round(w)), max(1, round(h)))
        out[y : y + part.shape[0], x : x + part.shape[1]] = part[: high - y, : wide - x]
    if step.to:
        title = parts.lettering(step.to, round(0.9 * wide), band, (30, 30, 34))
        layer, alpha = placed(title, (wide - title.shape[1]) // 2, gap + (band - title.shape[0]) // 2, wide, high)
        out = mixed(out, layer, alpha[..., None])
    board.put(cast(Pixels, out))
    board.region[:] = True
    under = f' under the title "{step.to}"' if step.to else ""
    return f"arranged the {len(pictures)} pictures in a {'row' if step.how == 'row' else 'grid'}{under}"
