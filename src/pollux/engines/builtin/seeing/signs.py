"""The small marks of a screen: tick boxes, radio buttons, switches, icons; and its pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pollux.engines.builtin.boxes import holds, shared
from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, TextLine
from pollux.engines.builtin.seeing.panels import Mark, Panel, apart
from pollux.engines.builtin.seeing.thing import Thing

LEAST_TICK, MOST_TICK = 9, 34  # pixels: sides of tick boxes and radio buttons
LEAST_ICON, MOST_ICON = 9, 64  # pixels
WIDEST_ICON = 1.9  # times its height: wider ones are words that were not read
LEAST_IMAGE = 40  # pixels
GAP = 0.62  # of a capital's height: between an icon and the text behind it
_SIGNS = "☑☐✓✔☒□■○●◯"
NEAR = 3  # pixels between the strokes of one icon
FULL_SQUARE, FULL_ROUND = 0.9, (0.68, 0.88)  # of the box that a filled square and disc take
TICKED = 60  # levels of difference inside a tick box that make a tick


def letters(runs: Sequence[TextLine], marks: Sequence[Mark]) -> list[TextLine]:
    """The runs that are text, without the icons and tick boxes that were read as letters."""
    kept: list[TextLine] = []
    boxes = [mark.box for mark in marks]
    x, y, high = np.array([(*box.centre, box.height) for box in boxes], np.float64).reshape(-1, 3).T
    for run in runs:
        b = run.box
        inside = (x >= b.left) & (x <= b.right) & (y >= b.top) & (y <= b.bottom) & (high < 1.3 * b.height)
        groups = _groups([boxes[i] for i in np.flatnonzero(inside)])
        lone = len(run.text.strip()) < 2 and not run.text.strip().isdigit()
        if not lone and any(letter.isalnum() for letter in run.text):
            kept.append(_without_sign(run, groups))
    return kept


def _groups(boxes: Sequence[Box]) -> list[Box]:
    """Marks from left to right, those above one another as one."""
    out: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.left):
        if out and box.left < out[-1].right:
            last = out[-1]
            out[-1] = Box(last.left, min(last.top, box.top), max(last.right, box.right), max(last.bottom, box.bottom))
        else:
            out.append(box)
    return out


def _without_sign(run: TextLine, groups: Sequence[Box]) -> TextLine:
    """A run cut after an icon at its beginning: a mark as wide as high with a gap behind it that no two words have."""
    if len(groups) < 2:
        return run
    first, rest = groups[0], groups[1:]
    gap, high = rest[0].left - first.right, max(box.height for box in rest)
    if gap < GAP * high or not 0.7 * high <= first.height <= 2.5 * high or not 0.5 < first.width / first.height < 1.8:
        return run
    words = run.text.split(" ", 1)
    text = words[1] if len(words) == 2 and len(words[0]) <= 2 else run.text.lstrip(_SIGNS)
    return TextLine(text, Box(rest[0].left - 2, run.box.top, run.box.right, run.box.bottom), run.confidence, run.block)


def label_of(box: Box, runs: Sequence[TextLine], width: float) -> str:
    """The text that belongs to a mark: the nearest to its right in its row, else to its left."""
    level = [run for run in runs if abs(run.box.centre[1] - box.centre[1]) < 0.6 * max(run.box.height, box.height)]
    right = [run for run in level if -4 <= run.box.left - box.right < max(30.0, 3 * box.height)]
    if right:
        return min(right, key=lambda run: run.box.left).text
    left = [run for run in level if -4 <= box.left - run.box.right < 0.8 * width]
    return max(left, key=lambda run: run.box.right).text if left else ""


def knob(picture: Pixels, box: Box) -> str:
    """Which end of a pill its knob stands at: "checked" for the right one, "unchecked", or "" where there is none.

    Along the middle of a switch there are two colours: the knob's, about as long as the pill is high, and its own.
    """
    top, bottom = round(box.top + 0.4 * box.height), round(box.bottom - 0.4 * box.height)
    row = np.median(picture[top : max(bottom, top + 1), int(box.left) : round(box.right)].astype(np.int16), axis=0)
    ends = [row[3], row[-4]]
    if apart(ends[0].tolist(), ends[1].tolist()) > 24:  # the knob reaches far into one end
        middle = row[len(row) // 2]
        side = int(np.abs(ends[0] - middle).max() > np.abs(ends[1] - middle).max())
        return "checked" if side == 0 else "unchecked"
    other = 3 + np.flatnonzero(np.abs(row[3:-3] - ends[0]).max(axis=1) > 24)
    if len(other) < 0.35 * box.height or other[-1] - other[0] + 1 > min(1.05 * box.height, len(other) + 2):
        return ""
    place = float(other.mean()) / len(row)
    return "checked" if place > 0.56 else "unchecked" if place < 0.44 else ""


def switches(picture: Pixels, marks: Sequence[Mark], panels: Sequence[Panel], runs: Sequence[TextLine]) -> list[Thing]:
    """Pills with a knob at one end, and a text in their row."""
    pills = [mark.box for mark in marks if _is_pill(mark)]
    pills += [panel.box for panel in panels if _round_ends(picture, panel)]
    out: list[Thing] = []
    for box in pills:
        if not (1.4 <= box.width / box.height <= 2.6 and 14 <= box.height <= 40):
            continue
        if any(holds(box, run.box.centre) or _letter(run.box, box) for run in runs):
            continue
        label = label_of(box, runs, picture.shape[1])
        side = knob(picture, box) if label else ""
        if side and not any(shared(one.box, box) for one in out):
            cut = picture[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].reshape(-1, 3)
            hue = name_of([int(value) for value in np.median(cut, axis=0)])
            out.append(Thing("element", ("switch", "toggle", "toggle switch"), box, 0.85, hue, label, state=side))
    return out


def _is_pill(mark: Mark) -> bool:
    size = mark.mask.size
    return mark.area > 0.75 * size and 0.8 <= _full(mark.mask) / size <= 0.97


def _round_ends(picture: Pixels, panel: Panel) -> bool:
    """Whether a panel's corners are cut off."""
    box = panel.box
    rows, columns = (int(box.top) + 1, int(box.bottom) - 2), (int(box.left) + 1, int(box.right) - 2)
    corners = [picture[y, x].tolist() for y in rows for x in columns]
    return min(apart(corner, panel.colour) for corner in corners) > 20


def _full(mask: Pixels) -> float:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return 0.0
    outer = max(contours, key=cv2.contourArea)
    return float(cv2.contourArea(outer) + cv2.arcLength(outer, closed=True) / 2 + 1)


def ticks(picture: Pixels, marks: Sequence[Mark], runs: Sequence[TextLine], found: Sequence[Thing]) -> list[Thing]:
    """Tick boxes and radio buttons that have a text beside them."""
    out: list[Thing] = []
    for mark in marks:
        box, side = mark.box, max(mark.box.width, mark.box.height)
        if not (LEAST_TICK <= side <= MOST_TICK and abs(box.width - box.height) <= max(2, 0.12 * side)):
            continue
        if any(holds(one.box, box.centre) for one in found) or any(_covers(run.box, box) for run in runs):
            continue
        share = _full(mark.mask) / mark.mask.size
        round_ = FULL_ROUND[0] <= share <= FULL_ROUND[1] and _is_round(mark.mask)
        label = label_of(box, [run for run in runs if run.box.left > box.centre[0]], 0)
        if not label or not (round_ or (share >= FULL_SQUARE and not _is_round(mark.mask))):
            continue
        state = _state(picture, box, round_=round_)
        if state:
            names = ("radio button", "radio", "option") if round_ else ("checkbox", "check box", "tick box")
            out.append(Thing("element", names, box, 0.85, "", label, state=state))
    return out


def _covers(run: Box, box: Box) -> bool:
    """Whether a mark is a letter of a run: not when it stands before its first letter."""
    return shared(run, box) > 0.5 * box.width * box.height and box.left - run.left > 0.4 * box.width


def _is_round(mask: Pixels) -> bool:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outer = max(contours, key=cv2.contourArea)
    _, radius = cv2.minEnclosingCircle(outer)
    return float(_full(mask)) > 0.84 * np.pi * (radius + 0.4) ** 2


def _state(picture: Pixels, box: Box, *, round_: bool) -> str:
    """What stands inside the frame: nothing, or a tick or dot; "" when it is no frame but a plain patch."""
    left, top, right, bottom = int(box.left), int(box.top), round(box.right), round(box.bottom)
    cut = picture[top:bottom, left:right].astype(np.int16)
    high, wide = cut.shape[:2]
    rows, columns = np.mgrid[:high, :wide]
    reach = np.maximum(abs(columns - (wide - 1) / 2) / (wide / 2), abs(rows - (high - 1) / 2) / (high / 2))
    if round_:
        reach = np.hypot((columns - (wide - 1) / 2) / (wide / 2), (rows - (high - 1) / 2) / (high / 2))
    inner, rim = cut[reach <= 0.68], cut[(reach > 0.8) & (reach <= 1.0)]
    spread = int((inner.max(axis=0) - inner.min(axis=0)).max())
    if spread >= TICKED:
        return "checked"
    ground = picture[max(0, top - 4) : bottom + 4, max(0, left - 4) : right + 4]
    outside = np.median(np.concatenate([ground[0], ground[-1]]), axis=0)
    middle = np.median(inner, axis=0)
    if apart(middle.tolist(), np.median(rim, axis=0).tolist()) < 10:
        vivid = float(middle.max() - middle.min()) > 60 and apart(middle.tolist(), outside.tolist()) > 40
        return "checked" if vivid and not round_ else "unchecked" if not round_ and spread < 10 else ""
    return "unchecked"


def icons(picture: Pixels, marks: Sequence[Mark], runs: Sequence[TextLine], found: Sequence[Thing]) -> list[Thing]:
    """Small drawings that are neither text nor anything found before; strokes that are near are of one icon."""
    sheet = np.zeros(picture.shape[:2], np.uint8)
    for mark in marks:
        box = mark.box
        if max(box.width, box.height) > MOST_ICON or any(_letter(run.box, box) for run in runs):
            continue
        if any(one.name != "button" and one.name != "text field" and holds(one.box, box.centre) for one in found):
            continue
        x, y = int(box.left) - 1, int(box.top) - 1
        part = sheet[y : y + mark.mask.shape[0], x : x + mark.mask.shape[1]]
        np.maximum(part, mark.mask[: part.shape[0], : part.shape[1]], out=part)
    joined = cv2.dilate(sheet, np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = []
    for x, y, w, h, _ in stats[1:].tolist():
        box = Box(x + NEAR + 1, y + NEAR + 1, x + w - NEAR, y + h - NEAR)
        wide, high = box.width, box.height
        if not (
            LEAST_ICON <= max(wide, high) <= MOST_ICON and min(wide, high) >= 5 and 0.4 < wide / high < WIDEST_ICON
        ):
            continue
        if any(one.name == "button" and shared(one.box, box) > 0.6 * one.box.width * one.box.height for one in found):
            continue
        if wide < 18 and high < 13 and any(_at_end(one, box) for one in found):
            continue  # the wedge of a drop-down list
        said = label_of(box, [run for run in runs if run.box.left > box.centre[0]], 0)
        out.append(Thing("element", ("icon", "symbol"), box, 0.6, _ink(picture, box), said))
    return out


def _at_end(one: Thing, box: Box) -> bool:
    return one.name == "text field" and holds(one.box, box.centre) and box.right > one.box.right - 24


def _letter(run: Box, box: Box) -> bool:
    """Whether a mark belongs to a run of text, accents and underlines among it."""
    if not holds(Box(run.left - 1, run.top - 3, run.right + 1, run.bottom + 4), box.centre):
        return False
    return box.height <= 1.25 * run.height


def _ink(picture: Pixels, box: Box) -> str:
    """The colour that stands out most from the ground."""
    cut = picture[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].reshape(-1, 3).astype(np.int16)
    away = np.abs(cut - np.median(cut, axis=0)).max(axis=1)
    strong = cut[away >= 0.7 * max(1, int(away.max()))]
    return name_of([int(value) for value in np.median(strong, axis=0)])


def images(marks: Sequence[Mark], runs: Sequence[TextLine], found: Sequence[Thing]) -> list[Thing]:
    """Large patches of many colours."""
    out = []
    for mark in marks:
        box = mark.box
        size = box.width * box.height
        if min(box.width, box.height) < LEAST_IMAGE or _full(mark.mask) < 0.55 * size or mark.area < 0.4 * size:
            continue
        covered = sum(shared(run.box, box) for run in runs if run.box.height < 0.4 * box.height)
        if covered > 0.5 * size or any(shared(one.box, box) > 0.5 * size for one in found):
            continue
        out.append(Thing("element", ("image", "picture", "photo"), box, 0.8))
    return out
