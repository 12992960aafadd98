"""The editor: words and pictures in, a picture and what was done out.

What is not asked for keeps its very bits: every local operation goes through `Board.put` with a mask, and pixels where
the mask is 0 are never written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pollux.engines.builtin.edit import (
    add,
    areas,
    compose,
    gather,
    ground,
    parts,
    redraw,
    shades,
    shape,
    sketches,
    styles,
    things,
    tones,
    transfer,
)
from pollux.engines.builtin.edit.board import Board, Floats, Mask
from pollux.engines.builtin.edit.clauses import picture_number
from pollux.engines.builtin.edit.eyes import See
from pollux.engines.builtin.edit.read import read
from pollux.engines.builtin.edit.recolour import recolour
from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import bare, head, kinds, materials
from pollux.engines.builtin.english import article, sentence
from pollux.engines.builtin.pixels import Pixels
from pollux.errors import Cancelled

MOST_PICTURES = 14
CAN = (
    "recolour, remove or add things and lettering, change the background, crop, turn, resize, adjust light and colour, "
    "apply styles, and bring several pictures together"
)


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """The result: `pixels` (h, w, 3 or 4) uint8, `said` in one or a few sentences, and `region` (h, w) bool.

    Outside `region` the pixels are those of the first picture (of the one that was worked on), bit for bit, moved as a
    whole where the shape changed.  `changed` is False where nothing could be done: then `pixels` is the picture itself.
    `reshaped` tells that the words asked for another shape or size than the picture's own.
    """

    pixels: Pixels
    said: str
    region: Mask
    changed: bool = True
    reshaped: bool = False


def _never() -> bool:
    return False


def edit(
    text: str,
    pictures: Sequence[Pixels],
    *,
    width: int,
    height: int,
    kept: bool,
    seed: int,
    see: See,
    cancelled: Callable[[], bool] = _never,
) -> Edited:
    """Does what a prompt asks with one to fourteen pictures (uint8 RGB or RGBA, upright).

    With `kept` the result has the worked-on picture's own size, unless the words ask for another one; else it is
    exactly `width` x `height`, cut a little or with more ground around it.  Same prompt, pictures and seed: same
    pixels.  Raises Cancelled as soon as `cancelled()` says so between two operations.
    """
    given = [np.ascontiguousarray(one) for one in pictures[:MOST_PICTURES]]
    steps = read(text, len(given))
    base = _base(steps, len(given))
    first = given[base]
    board = Board(first, given, see, seed, cancelled, np.zeros(first.shape[:2], np.bool_), base=base)
    if any(one.kind in ("group", "collage") for one in steps):
        _blank(board, width, height, kept=kept)
    _protect(board, steps)
    done: list[str] = []
    failed: list[str] = []
    for step in steps:
        if cancelled():
            raise Cancelled
        if step.kind == "keep":
            continue
        said = _do(board, step)
        (failed if said.startswith("!") else done).append(said.lstrip("!"))
    untouched = not board.region.any() and board.pixels.shape == first.shape and np.array_equal(board.pixels, first)
    reshaped = board.pixels.shape[:2] != first.shape[:2]
    if not kept:
        shape.fitted(board, width, height)
    return Edited(board.pixels, _said(done, failed, untouched=untouched), board.region, not untouched, reshaped)


def _base(steps: Sequence[Step], count: int) -> int:
    """The index of the picture that is worked on: the one things are put into, else the first."""
    for step in steps:
        if step.kind == "place" and len(step.pictures) == 2 and 1 <= step.pictures[1] <= count:
            return step.pictures[1] - 1
        if step.kind in ("palette", "texture") and step.pictures == (1,) and count > 1:
            return 1
        at = picture_number(step.words.lower()) if step.kind in _OWN else 0
        if 1 < at <= count:
            return at - 1
    return 0


def _blank(board: Board, width: int, height: int, *, kept: bool) -> None:
    """A canvas of the answer's size, for pictures that are arranged anew."""
    wide, high = board.size if kept else (width, height)
    board.pixels = np.full((high, wide, 3), 255, np.uint8)
    board.region = np.ones((high, wide), np.bool_)


def _protect(board: Board, steps: Sequence[Step]) -> None:
    """What is to be kept is kept from all steps, where it is found by name."""
    local = any(one.kind in ("recolour", "tone", "texture", "style", "remove") for one in steps)
    if not local:
        return
    for step in steps:
        found = things.find(board, step.thing) if step.kind == "keep" else None
        if found is not None and float(found.mask.mean()) < 0.6:
            board.kept = found.mask if board.kept is None else np.maximum(board.kept, found.mask)


def _said(done: Sequence[str], failed: Sequence[str], *, untouched: bool) -> str:
    out = sentence(f"I {', then '.join(done)}") if done else ""
    rest = " ".join(sentence(one) for one in failed)
    out = f"{out} {rest}".strip()
    if untouched and not done:
        out = f"{out} The picture is unchanged. I can {CAN}.".strip()
    return out


def _do(board: Board, step: Step) -> str:
    """Does one step; what cannot be done is told with "!" in front."""
    if step.kind in _WHOLE:
        return _WHOLE[step.kind](board, step)
    if step.kind == "unable":
        return f'!I do not know how to do this: "{step.words[:120]}"'
    return _LOCAL[step.kind](board, step)


def _recolour(board: Board, step: Step) -> str:
    found = things.find(board, step.thing)
    if found is None:
        return _lost(step.thing)
    colour, named = shades.find(step.to), materials(step.to)
    own = found.mask if found.inner is None else np.asarray(found.mask * (1 - found.inner), np.float32)
    changed, mask = recolour(board.rgb, own, colour[1] if colour else None, named[0] if named else "", board.seed)
    board.put(changed, mask)
    look = " ".join(
        dict.fromkeys(
            [colour[0] if colour else "", named[0] if named and not (colour and named[0] in colour[0]) else ""]
        )
    ).strip()
    said = f"made the {step.thing or found.name} {look}"
    if any(word in step.to for word in ("shape", "style", "modern", "vintage", "antique", "round", "square")):
        said += ", in its own shape, which I cannot change"
    return said + (f"; {found.note}" if found.note else "")


def _swap(board: Board, step: Step) -> str:
    """A thing taken out and a drawing of another put in its place."""
    found = things.find(board, step.thing)
    if found is None:
        return _lost(step.thing)
    left, top, right, bottom = found.box
    made = parts.thing(step.to, right - left, bottom - top, board.seed)
    if made is None:
        return f"!I have no drawing of {article(head(bare(step.to)))} to put in place of the {step.thing}"
    board.put(ground.without(board, found.mask))
    add.laid(
        board,
        made[0],
        ((left + right) / 2, bottom - made[0].shape[0] / 2, float(right - left), float(bottom - top), 0.0),
    )
    return f"put a drawing of {article(made[1])} in place of the {head(step.thing)}"


def _remove(board: Board, step: Step) -> str:
    found = things.find(board, step.thing)
    if found is None:
        return _lost(step.thing)
    cast_ = areas.shadow(board.rgb, found.mask)
    if float((found.mask > 0.3).mean()) > 0.8:
        return f"!The {step.thing} fills the picture; with it gone there would be nothing to fill the hole from"
    mask = found.mask if cast_ is None else np.maximum(found.mask, cast_)
    board.put(ground.without(board, mask))
    what = f"the {step.thing}" + (" and its shadow" if cast_ is not None else "")
    large = "; the hole was large, so what is there now is guessed" if float((mask > 0.3).mean()) > _LARGE else ""
    return f"removed {what} and filled the hole from what is around it{large}"


def _tone(board: Board, step: Step) -> str:
    amount = step.amount if step.amount is not None else 1.0
    mask: Floats | None = None
    where = ""
    if step.thing:
        found = things.find(board, step.thing)
        if found is None:
            return _lost(step.thing)
        mask, where = found.mask, f" of the {step.thing}"
    if step.to == "tint":
        colour = shades.find(step.how) or (step.how, (128, 128, 128))
        board.put(tones.tint(board.rgb, colour[1]), mask)
        return f"tinted the picture {colour[0]}"
    region = board.rgb
    if step.to == "blur" and mask is not None:
        scale = max(1.0, float(np.sqrt((mask > 0.5).mean())) * 3)
        amount = amount * scale
    board.put(tones.tone(region, step.to, amount, board.seed), mask)
    return _told_tone(step.to, amount, where)


def _told_tone(name: str, amount: float, where: str) -> str:
    if name in ("golden hour", "night"):
        return f"gave {where[4:] or 'it'} the light of {'the golden hour' if name == 'golden hour' else 'night'}"
    verbs = {"sharpen": "sharpened", "blur": "blurred", "denoise": "reduced the noise", "grain": "added film grain",
             "vignette": "added a vignette", "enhance": "evened out light and colour"}  # fmt: skip
    if name in verbs:
        return verbs[name] + (
            where[3:]
            if name in ("sharpen", "blur") and where
            else " the picture"
            if name in ("sharpen", "blur")
            else where
        )
    return f"{'raised' if amount > 0 else 'lowered'} the {name}{where} by {abs(amount):.0%}"


def _style(board: Board, step: Step) -> str:
    mask: Floats | None = None
    where = "the picture"
    if step.thing:
        found = things.find(board, step.thing)
        if found is None:
            return _lost(step.thing)
        mask = (1 - found.mask) if step.how == "around" else found.mask
        mask = np.asarray(np.where(mask > 0.004, mask, 0), np.float32)
        where = f"all but the {step.thing}" if step.how == "around" else f"the {step.thing}"
    board.put(styles.styled(board.rgb, step.to, board.seed), mask)
    said = f"turned {where} into {_STYLES.get(step.to, step.to)}"
    if re.search(r"\b(?:pixar|disney|dreamworks|simpsons?|south park|3d|ghibli|character)\b", step.words.lower()):
        said += "; I cannot draw faces and shapes anew as that style would"
    return said


def _palette(board: Board, step: Step) -> str:
    number = step.pictures[0]
    source = board.pictures[number - 1][..., :3]
    if step.how == "style":
        board.put(transfer.style(board.rgb, source, board.seed))
        return f"took over the colours, contrast and softness of image {number}; its brushwork or drawing I cannot"
    board.put(transfer.palette(board.rgb, source, board.seed))
    return f"took over the colours of image {number}"


def _texture(board: Board, step: Step) -> str:
    number = step.pictures[0]
    found = things.find(board, step.thing) if step.thing else things.subject(board)
    if found is None:
        return _lost(step.thing or "main thing")
    board.put(transfer.texture(board.rgb, found.mask, board.pictures[number - 1][..., :3]), found.mask)
    return f"clad the {step.thing or found.name} in the pattern of image {number}"


def _letter(board: Board, step: Step) -> str:
    return redraw.without_lettering(board, step) if step.how == "instead" else add.letter(board, step)


def _add(board: Board, step: Step) -> str:
    noun = head(bare(step.to))
    number = step.pictures[0] if step.pictures else 2 if noun in compose.PRINTS and step.at else 0
    if number and len(board.pictures) > 1 and number != board.base + 1:
        at = min(max(number, 1), len(board.pictures))
        return compose.place(board, replace(step, thing=bare(step.to), pictures=(at, board.base + 1)))
    return add.add(board, step)


def _lost(thing: str) -> str:
    return f"!I could not find the {thing} in the picture" if thing else "!I could not tell what is meant"


_LARGE = 0.15  # of the picture: a hole that is filled with little to go by
_STYLES = {
    "oil": "an oil painting", "van gogh": "swirling strokes after Van Gogh", "sketch": "a pencil sketch",
    "ink": "black ink", "watercolour": "a watercolour", "cartoon": "a cartoon", "blueprint": "a blueprint",
    "mosaic": "a mosaic", "negative": "its negative",
}  # fmt: skip
_OWN = kinds("recolour swap remove tone style crop turn flip resize extend border round")
"""Kinds of steps in which a picture that is named is the one to be worked on."""
_WHOLE: dict[str, Callable[[Board, Step], str]] = {
    "background": ground.background, "crop": shape.crop, "turn": shape.turn, "flip": shape.flip, "resize": shape.resize,
    "extend": shape.extend, "border": shape.border, "round": shape.rounded, "place": compose.place,
    "group": gather.group, "collage": gather.collage, "comic": redraw.comic, "polish": sketches.polish,
    "portrait": redraw.portrait, "lettering off": redraw.without_lettering,
}  # fmt: skip
_LOCAL: dict[str, Callable[[Board, Step], str]] = {
    "recolour": _recolour, "swap": _swap, "remove": _remove, "tone": _tone, "style": _style, "palette": _palette,
    "texture": _texture, "letter": _letter, "add": _add,
}  # fmt: skip
