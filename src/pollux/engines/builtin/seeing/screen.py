"""The elements of a screen: buttons, fields, ticks, switches, icons, links and images, each with its lettering.

A screen is flat panels with marks upon them.  A panel with one row of text in its middle is a button, one whose text
stands at its left or that is empty is a field; a small frame beside a text is a tick box, a small ring a radio button;
text in a link's colour or underlined is a link; what is left of the marks is icons and images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pollux.engines.builtin.boxes import holds, scaled, shared, within
from pollux.engines.builtin.colours import name_of
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.engines.builtin.seeing import links, signs
from pollux.engines.builtin.seeing.panels import Labels, Mark, Panel, calm, flat_areas, marks, panels, runs_of
from pollux.engines.builtin.seeing.thing import Thing

LONGEST = 1600  # pixels: larger screens are looked at reduced
TWICE, THRICE = 38, 58  # pixels: the usual height of a line on a fine display
LOWEST, HIGHEST = 20, 76  # pixels: of a button or a one-line field
HIGHEST_FIELD = 260  # and of a field of several lines
LEAST_CONTRAST = 10  # levels between an element and what it stands on


@dataclass(slots=True)
class _Desk:
    """What is at hand while one screen is looked at."""

    picture: Pixels
    labels: Labels
    panels: list[Panel]
    marks: list[Mark]
    runs: list[TextLine]
    found: list[Thing] = field(default_factory=list)

    def inside(self, box: Box) -> list[TextLine]:
        """The runs whose middle lies in a box, by rows."""
        return [run for run in self.runs if holds(box, run.box.centre)]

    def taken(self, box: Box) -> bool:
        """Whether an element stands there already."""
        return any(shared(one.box, box) > 0.5 * box.width * box.height for one in self.found)


def find_elements(pixels: Pixels, scene: Scene) -> list[Thing]:
    """The elements of an RGB screen, from the top left; boxes in pixels of the scene, empty where there is none.

    `names` begin with "button", "text field", "checkbox", "radio button", "switch", "icon", "link" or "image"; `state`
    is "checked" or "unchecked" of what can be ticked.
    """
    picture, step = calm(_at_plain_size(pixels, scene))
    labels, stats = flat_areas(picture, step)
    flat = panels(picture, labels, stats)
    desk = _Desk(picture, labels, flat, marks(picture, labels, flat, step), runs_of(scene, picture))
    desk.runs = signs.letters(desk.runs, desk.marks)
    desk.found += signs.switches(picture, desk.marks, desk.panels, desk.runs)
    _panel_elements(desk)
    desk.found += signs.ticks(picture, desk.marks, desk.runs, desk.found)
    desk.found += signs.images(desk.marks, desk.runs, desk.found)
    desk.found += signs.icons(picture, desk.marks, desk.runs, desk.found)
    free = [run for run in desk.runs if not any(holds(one.box, run.box.centre) for one in desk.found)]
    desk.found += links.links(picture, free)
    across, down = scene.width / picture.shape[1], scene.height / picture.shape[0]
    out = sorted(desk.found, key=lambda one: (round(one.box.centre[1] / 12), one.box.left))
    return [replace(one, box=_clipped(scaled(one.box, across, down), scene)) for one in out]


def _at_plain_size(pixels: Pixels, scene: Scene) -> Pixels:
    """The screen in about as many pixels as it was laid out in: those of fine displays have two or three for each."""
    heights = [run.box.height for run in runs_of(scene, pixels)]
    print_ = float(np.median(heights)) if heights else 0.0
    parts = 3 if print_ >= THRICE else 2 if print_ >= TWICE else 1
    return fit(pixels, min(LONGEST, max(pixels.shape[:2]) // parts))


def _clipped(box: Box, scene: Scene) -> Box:
    left, top = min(max(box.left, 0.0), scene.width - 1.0), min(max(box.top, 0.0), scene.height - 1.0)
    right = min(max(box.right, left + 1), float(scene.width))
    return Box(left, top, right, min(max(box.bottom, top + 1), float(scene.height)))


def _panel_elements(desk: _Desk) -> None:
    """Buttons and fields, the smaller ones first: what holds one is a card."""
    for panel in reversed(desk.panels):
        box = panel.box
        if box.width > 0.94 * desk.picture.shape[1] or any(within(one.box, box) for one in desk.found):
            continue
        if box.height < LOWEST - 6 or (panel.contrast < LEAST_CONTRAST and not panel.framed):
            continue
        thing = _button_or_field(desk, panel)
        if thing is not None and not desk.taken(thing.box):
            desk.found.append(thing)


def _button_or_field(desk: _Desk, panel: Panel) -> Thing | None:
    box, texts = panel.box, desk.inside(panel.box)
    held = [m for m in desk.marks if within(m.box, box, -1) and min(m.box.width, m.box.height) > 3]
    held = [m for m in held if not _is_grip(m.box, box)]
    if not texts and LOWEST <= box.height <= HIGHEST and 0.75 <= box.width / box.height <= 1.35:
        return _icon_button(panel, held)
    if box.width < 1.35 * box.height and not texts:
        return None
    rows = _rows(texts)
    said = " ".join(run.text for run in texts)
    if box.height > HIGHEST:
        return _large_field(panel, texts, rows, held, said)
    if rows > 1 or box.height < LOWEST or any(m.box.width > 0.5 * box.width and m.box.height > 30 for m in held):
        return None
    if not texts:
        plain = box.width >= max(70, 2.2 * box.height) and not any(m.box.width > 40 for m in held)
        return _field(panel, "") if plain and _pale(panel) else None
    boxes = [run.box for run in texts] + [mark.box for mark in held if mark.box.height < 0.9 * box.height]
    left = min(one.left for one in boxes) - box.left
    right = box.right - max(one.right for one in boxes)
    middle = sum(run.box.centre[1] for run in texts) / len(texts)
    if abs(middle - box.centre[1]) > 0.14 * box.height:
        return _large_field(panel, texts, rows, held, said)
    if _wedge(held, texts, box):
        return replace(_field(panel, said), names=("text field", "dropdown", "select", "field"))
    if abs(left - right) <= max(7.0, 0.1 * box.width) and left < 0.45 * box.width:
        return Thing("element", ("button",), box, 0.9, name_of(panel.colour), said)
    if left < right and left <= 1.6 * box.height and box.width >= 2 * box.height:
        return _field(panel, said)
    return None


def _wedge(held: Sequence[Mark], texts: Sequence[TextLine], box: Box) -> bool:
    """Whether a small wedge stands at the right end, far from the text: a drop-down list."""
    end = max(run.box.right for run in texts)
    return any(
        m.box.right > box.right - 24 and m.box.left - end > box.height and m.box.height < 13 and m.box.width < 18
        for m in held
    )


def _is_grip(mark: Box, box: Box) -> bool:
    """Whether a mark is the corner by which a field of several lines is made larger."""
    return mark.left > box.right - 20 and mark.top > box.bottom - 20 and box.height > 44


def _pale(panel: Panel) -> bool:
    """Whether the colour is one that is written upon: near grey."""
    return max(panel.colour) - min(panel.colour) < 60


def _field(panel: Panel, said: str) -> Thing:
    names = ("text field", "field", "input", "text box", "input field")
    return Thing("element", names, panel.box, 0.85, name_of(panel.colour), said)


def _large_field(panel: Panel, texts: Sequence[TextLine], rows: int, held: Sequence[Mark], said: str) -> Thing | None:
    """A field of several lines: a frame with nothing but some text at its top left."""
    box = panel.box
    if box.height > HIGHEST_FIELD or box.width < 120 or box.width < 1.2 * box.height or not _pale(panel) or rows > 4:
        return None
    if not panel.framed and panel.contrast < LEAST_CONTRAST:
        return None
    if any(max(m.box.width, m.box.height) > 26 and not any(shared(m.box, r.box) for r in texts) for m in held):
        return None
    if texts and (min(r.box.top for r in texts) - box.top > 26 or min(r.box.left for r in texts) - box.left > 26):
        return None
    if texts and max(r.box.bottom for r in texts) > box.bottom - 0.25 * box.height:
        return None
    return replace(_field(panel, said), names=("text field", "text area", "field", "input", "text box"))


def _icon_button(panel: Panel, held: Sequence[Mark]) -> Thing | None:
    box = panel.box
    around = [m.box for m in held if max(m.box.width, m.box.height) >= 8]
    if not around:
        return None
    x = (min(b.left for b in around) + max(b.right for b in around)) / 2
    y = (min(b.top for b in around) + max(b.bottom for b in around)) / 2
    if max(abs(x - box.centre[0]), abs(y - box.centre[1])) > 0.15 * box.height:
        return None
    return Thing("element", ("button", "icon button"), box, 0.7, name_of(panel.colour))


def _rows(texts: Sequence[TextLine]) -> int:
    """How many lines runs make."""
    bottoms: list[float] = []
    for run in sorted(texts, key=lambda run: run.box.top):
        if not bottoms or run.box.centre[1] > bottoms[-1]:
            bottoms.append(run.box.bottom)
    return len(bottoms)
