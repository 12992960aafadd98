"""What a phrase means in the picture under work, as a soft mask: things, their colour, people's clothes, the sky."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pollux.engines.builtin.edit import areas, bodies, shades
from pollux.engines.builtin.edit.board import Board, as_floats
from pollux.engines.builtin.edit.eyes import Seen
from pollux.engines.builtin.edit.found import Found
from pollux.engines.builtin.edit.holders import holder
from pollux.engines.builtin.edit.words import bare, head, kinds, plain
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.cutting import main_parts, opened
from pollux.engines.builtin.seeing.ground import is_even

_PEOPLE = kinds(
    "man woman boy girl person people guy lady kid child baby human model she he her him them astronaut "
    "character player worker"
)
CLOTHES = kinds(
    "shirt tshirt t-shirt tee top jacket suit sweater hoodie dress coat blouse jumper uniform clothes "
    "clothing outfit vest cardigan pullover"
)
_HOLDERS = {
    "cup": "coffee",
    "mug": "coffee",
    "teacup": "tea",
    "bowl": "soup",
    "glass": "wine",
    "plate": "food",
    "dish": "food",
}
_EVERYTHING = re.compile(r"(?:background|backdrop|rest|everything else|surroundings|all else|others?)")
_MAIN = kinds("subject object foreground thing main product item figure animal pet it")


def find(board: Board, phrase: str, picture: int | None = None) -> Found | None:
    """What the phrase means in the base picture (or another one of the prompt, as it came); None for nothing."""
    index = board.base if picture is None else picture
    own = picture is None
    pixels = board.pixels[..., :3] if own else board.pictures[index][..., :3]
    noun = head(phrase)
    if own and noun in {head(name): 0 for name in board.added}:
        return _added(board, noun)
    if _EVERYTHING.fullmatch(bare(phrase)):
        main = subject(board, picture)
        return Found(1 - main.mask, "background") if main else None
    if noun == "sky":
        mask = areas.sky(pixels)
        return Found(mask, "sky") if mask is not None else None
    found = bodies.eyes(pixels) if noun == "eye" else _seen(board, phrase, index, own=own)
    if found is None and noun in _MAIN:
        return subject(board, picture)
    if found is None and noun in CLOTHES:
        found = bodies.clothes(board, pixels, index, own=own)
    if found is None and noun == "hair":
        found = bodies.hair(board, pixels, index, own=own)
    colour = shades.find(phrase)
    if colour is None:
        return found or _grown_from_colour(pixels, phrase)
    return _of_colour(pixels, found, colour[1], phrase)


def _seen(board: Board, phrase: str, index: int, *, own: bool) -> Found | None:
    """The things that the engine's eyes find by the phrase, its noun, or a near word."""
    noun = head(phrase)
    tries = [phrase, plain(phrase, shades.NAMES), noun]
    if noun in _PEOPLE:
        tries.append("person")
    if noun in _HOLDERS:
        tries.append(_HOLDERS[noun])
    for word in dict.fromkeys(one for one in tries if one):
        seen = [one for one in board.see(index, word) if one.kind != "text" or noun in ("text", "lettering")]
        if seen:
            mask = bodies.people(board, seen, (), index, own=own)
            pixels = board.rgb if own else board.pictures[index][..., :3]
            if "animal" in seen[0].names:
                mask = bodies.with_head(pixels, mask)
            if noun in _HOLDERS and noun not in seen[0].names:
                return Found(holder(pixels, mask, alone=True), noun, "", tuple(seen), mask)
            return Found(mask, noun or seen[0].name, "", tuple(seen))
    return None


def _added(board: Board, noun: str) -> Found:
    box = next(box for name, box in reversed(board.added.items()) if head(name) == noun)
    mask = np.zeros(board.pixels.shape[:2], np.float32)
    mask[max(0, box[1]) : max(0, box[3]), max(0, box[0]) : max(0, box[2])] = 1
    return Found(mask, noun)


def subject(board: Board, picture: int | None = None) -> Found | None:
    """The main thing or people: what does not belong to the ground; None where all looks alike."""
    own = picture is None
    index = board.base if picture is None else picture
    pixels = board.pixels[..., :3] if own else board.pictures[index][..., :3]
    small = fit(pixels, areas.SIDE)
    seen: list[Seen] = []
    for word in ("person", "main object", "animal", "object", "everything"):
        seen = [one for one in board.see(index, word) if one.kind not in ("text", "face", "code")]
        if seen:
            break
    if is_even(small):
        rough = areas.from_even(small)
    else:
        rough = None
    if rough is None and seen:
        near = _touching(board, seen, index)
        full = bodies.people(board, seen, near, index, own=own)
        full = bodies.with_head(pixels, full) if "animal" in seen[0].names else full
        full = holder(pixels, full, alone=False) if {"coffee", "tea"} & set(seen[0].names) else full
        rough = as_floats(cv2.resize(full, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA))
    elif rough is None:
        rough = areas.from_middle(small)
    rough = None if rough is None else areas.whole(np.asarray(rough, np.float32))
    if rough is None or not 0.004 < float(rough.mean()) < 0.97:
        return None
    name = seen[0].name if seen else "main subject"
    return Found(areas.sharpened(pixels, np.asarray(rough, np.float32)), name, "", tuple(seen))


def _touching(board: Board, seen: Sequence[Seen], index: int) -> list[Seen]:
    """Other things that belong to the main ones, such as what a person holds: a good part of their box is shared."""
    out = []
    for one in board.see(index, "everything"):
        if one.kind != "object" or any(one.box == other.box for other in seen):
            continue
        area = (one.box[2] - one.box[0]) * (one.box[3] - one.box[1])
        for other in seen:
            across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
            if across > 0 and down > 0 and 0.3 * area < across * down:
                out.append(one)
                break
    return out


def _of_colour(pixels: Pixels, found: Found | None, rgb: shades.RGB, phrase: str) -> Found | None:
    """The part of a thing that has the colour named; without a thing, the largest region of that colour."""
    small = fit(pixels, areas.SIDE)
    near = areas.like_colour(small, rgb)
    if found is not None:
        whole = cv2.resize(found.mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
        part = np.where(whole > 0.3, near, 0).astype(np.float32)
        if float(part.sum()) < 0.06 * float(whole.sum()):
            return found
        if float(part.sum()) > 0.75 * float(whole.sum()):
            return found
        mask = areas.sharpened(pixels, areas.closed(part)) * np.clip(found.mask * 2, 0, 1)
        return replace(found, mask=np.asarray(mask, np.float32))
    region = main_parts(opened((near > 0.5).astype(np.uint8)), np.ones(near.shape, np.float32), 0.2)
    share = float(region.mean())
    if not 0.003 < share < 0.9:
        return None
    name = head(phrase)
    return Found(areas.sharpened(pixels, areas.closed(region.astype(np.float32))), name,
                 f"I went by its colour to find the {name}, for I do not know it by sight")  # fmt: skip


def _grown_from_colour(pixels: Pixels, phrase: str) -> Found | None:
    """Grass, water, leaves and the like: by the colour that they mostly have."""
    stuff = {
        "grass": (92, 132, 58),
        "lawn": (92, 132, 58),
        "leaf": (80, 130, 60),
        "foliage": (80, 130, 60),
        "plant": (80, 130, 60),
        "water": (70, 120, 160),
        "sea": (60, 110, 160),
        "ocean": (60, 110, 160),
        "lake": (70, 120, 160),
    }
    rgb = stuff.get(head(phrase))
    return _of_colour(pixels, None, rgb, phrase) if rgb else None
