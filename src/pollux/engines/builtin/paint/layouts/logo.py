"""Logos: a name with a mark, in a form or by themselves."""

from __future__ import annotations

from pollux.engines.builtin.paint import art as archive
from pollux.engines.builtin.paint.art import Drawing
from pollux.engines.builtin.paint.faces import font, shape
from pollux.engines.builtin.paint.layouts import wording
from pollux.engines.builtin.paint.layouts.frames import frame, room, star
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.theme import LARGE, exact, font_for, on, readable
from pollux.engines.builtin.paint.plan import Lettering
from pollux.engines.builtin.paint.type import Block, fit, span, spread

SCRIPTS = ("pacifico", "vibes", "caveat", "garamond-italic")
DOTLESS = "ı"
GAP = 0.045  # em between a letter i and the mark that is its dot
COMPACT = ("coffee-bean", "heart", "star", "leaf", "flower", "drop", "water", "sun", "paw", "bean", "diamond", "ball")
"""Marks that are still themselves when they are as small as a dot."""
BAND, ARC = 26, 130.0  # letters of a line that goes around a circle, and degrees it may take
BADGES = ("retro", "nature", "hand", "festive")
"""Manners in which even a single line goes around the circle."""
Lines = tuple[Lettering, ...]
WIDE = 1.45  # width through height from which a mark stands beside the name


def draw(page: Page) -> None:
    """A logo in the middle of the sheet."""
    if page.scene.background != "transparent":
        page.fill(page.theme.ground)
    if page.scene.frame:
        _framed(page)
    elif page.shape > WIDE and page.scene.subjects:
        _beside(page)
    else:
        _below(page)


def _framed(page: Page) -> None:
    theme, box = page.theme, page.box
    radius = min(box.w, box.h) * (0.42 if page.scene.frame != "square" else 0.54)
    x, y, solid = box.cx, box.cy, page.random("solid").random() < 0.5
    form = frame(page.scene.frame, x, y, radius)
    thick = radius * 0.045
    if solid:
        page.path(form, theme.ink)
        page.path(frame(page.scene.frame, x, y, radius * 0.925), "none", edge=theme.ground, thick=thick * 0.45)
        ground, ink = theme.ink, theme.ground
    else:
        page.path(form, theme.ground, edge=theme.ink, thick=thick)
        page.path(frame(page.scene.frame, x, y, radius * 0.91), "none", edge=theme.ink, thick=thick * 0.3)
        ground, ink = theme.ground, theme.ink
    accent = on(ground, (*theme.accents, ink), LARGE)
    lines = wording.rest(page.scene)
    around = len(lines) == 2 or (len(lines) == 1 and theme.manner in BADGES)
    if page.scene.frame == "circle" and around and all(len(part.text) <= BAND for part in lines):
        _ring(page, lines, radius * 0.9, ink, accent)
        _stacked(page, room("circle", x, y, radius * 0.66), (), ink, accent, ground)
        return
    _stacked(page, room(page.scene.frame, x, y, radius * 0.93), lines, ink, accent, ground)


def _ring(page: Page, lines: Lines, radius: float, ink: str, accent: str) -> None:
    """The lines below the name around the circle: the last along its foot, another along its head."""
    box, deep = page.box, radius * 0.2
    page.circle(box.cx, box.cy, radius - deep, "none", edge=ink, thick=radius * 0.012)
    middle = (box.cx, box.cy)
    for part, angle in zip(reversed(lines), (90.0, -90.0), strict=False):
        face, spaced = exact(part.text, page.theme.strong), 0.1
        face = page.theme.body if face in SCRIPTS else face
        rise, size = font(face).cap, deep * 0.72
        size *= min(1.0, ARC / span(part.text, face, size, radius - deep / 2, spaced))
        inset = (deep - rise * size) / 2
        base = radius - inset if angle > 0 else radius - deep + inset
        page.ink(spread(part.text, face, size, middle, base, angle=angle, inward=angle > 0, tracking=spaced), ink)
    for side in (-1, 1):
        page.path(star(box.cx + side * (radius - deep / 2), box.cy, deep * 0.24), accent)


def _below(page: Page) -> None:
    box = page.box.inset(page.box.w * 0.12, page.box.h * 0.14)
    _stacked(page, box, wording.rest(page.scene), page.theme.ink, page.theme.accent, page.theme.ground)


def _stacked(page: Page, box: Box, lines: Lines, ink: str, accent: str, ground: str) -> None:
    """The mark, the name below it, the other lines below that."""
    name = wording.head(page.scene)
    if name is None:
        _mark(page, box, accent, ground)
        return
    marked = bool(page.scene.subjects)
    high = box.h * (0.5 if not marked else 0.4 if not lines else 0.36)
    if not marked:
        high = box.h * (0.8 if not lines else 0.62)
    face = _face(page, name)
    block = fit(
        _told(page, name.text, face), face, box.w, high, most=box.h * 0.42, lines=3, leading=1.02,
        tracking=_space(page, face), align="middle",
    )  # fmt: skip
    small = _lines(page, box, block, lines)
    gap = min(box.h * 0.07, block.size * 0.55)
    under = sum(part.height for part in small) + (gap * 0.9) * len(small)
    tall = min(box.h - block.height - under - gap * (1 if marked else 0), box.w * 0.8) if marked else 0.0
    top = box.cy - (tall + (gap if marked else 0) + block.height + under) / 2
    if marked:
        _mark(page, Box(box.x, top, box.w, tall), accent, ground)
        top += tall + gap
    _name(page, block, box.cx, top, ink, accent)
    y = top + block.height + max(gap * 0.9, block.tail + gap * 0.35)
    for part in small:
        page.ink(part.path(box.cx, y), ink)
        y += part.height + gap * 0.9


def _beside(page: Page) -> None:
    theme, box = page.theme, page.box.inset(page.box.w * 0.1, page.box.h * 0.2)
    name, lines = wording.head(page.scene), wording.rest(page.scene)
    if name is None:
        _mark(page, box, theme.accent, theme.ground)
        return
    face = _face(page, name)
    side = min(box.h, box.w * 0.3)
    gap = side * 0.22
    block = fit(
        _told(page, name.text, face), face, box.w - side - gap, side * (0.95 if not lines else 0.72), lines=2,
        leading=1.02, tracking=_space(page, face), align="left",
    )  # fmt: skip
    small = _lines(page, Box(0, 0, box.w - side - gap, box.h), block, lines, left=True)
    high = block.height + sum(part.height + block.size * 0.4 for part in small)
    whole = side + gap + max(block.width, *(part.width for part in small), 0.0)
    left = page.box.cx - whole / 2
    _mark(page, Box(left, box.cy - side / 2, side, side), theme.accent, theme.ground)
    y = box.cy - high / 2
    _name(page, block, left + side + gap, y, theme.ink, theme.accent)
    y += block.height + max(block.size * 0.4, block.tail * 1.1)
    for part in small:
        page.ink(part.path(left + side + gap, y), theme.soft)
        y += part.height + block.size * 0.4


def _lines(page: Page, box: Box, block: Block, lines: Lines, *, left: bool = False) -> list[Block]:
    """What stands below the name: smaller, spaced, no wider than the name and the room."""
    out = []
    for part in lines:
        face = exact(part.text, page.theme.strong)
        most = block.size * 0.34 if left else min(block.size * 0.34, box.h * 0.075)
        spaced = 0.14 if face not in SCRIPTS and len(part.text) < 40 else 0.02
        wide = min(box.w * 0.88, max(block.width, box.w * 0.7))
        out.append(
            fit(
                part.text, face, wide, box.h * 0.22 / len(lines), most=most, tracking=spaced,
                lines=1 if len(part.text) < 36 else 2, align="left" if left else "middle",
            )
        )  # fmt: skip
    return [block for block in out if block.lines]


def _face(page: Page, name: Lettering) -> str:
    """The name's font; hairlines are too faint for a logo."""
    face = font_for(name, page.theme.title, page.theme.manner)
    return "didone" if face == "poiret" else face


def _space(page: Page, face: str) -> float:
    return 0.0 if face in SCRIPTS else max(0.0, page.theme.tracking)


def _mark(page: Page, box: Box, colour: str, ground: str) -> None:
    """The first subject, drawn flat in one colour, or in its own where the palette allows; others beside it."""
    subjects = page.scene.subjects[:3]
    if not subjects:
        return
    own = readable(colour, ground, LARGE)
    for subject, part in zip(subjects, box.columns(*(1.0 for _ in subjects), gap=box.w * 0.04), strict=True):
        drawing = _silhouette(page, subject.name)
        if drawing is not None:
            page.sheet.add(archive.place(drawing, *part, colour=own))
        elif page.find(subject.name) is not None:
            page.subject(subject, part, look="flat")
        else:
            _monogram(page, part, own)


def _silhouette(page: Page, name: str) -> Drawing | None:
    drawing = page.find(name, "line")
    return drawing if drawing is not None and drawing.look == "line" and not drawing.left else None


def _monogram(page: Page, box: Box, colour: str) -> None:
    """Where there is no drawing of the mark: the name's first letter in a disc."""
    name = wording.head(page.scene)
    radius = min(box.w, box.h) / 2
    page.circle(box.cx, box.cy, radius, colour)
    letter = (name.text if name else page.scene.subjects[0].name).strip()[:1].upper()
    block = fit(letter, page.theme.title, radius * 1.2, radius * 1.1, align="middle")
    page.ink(block.middle(box.cx, box.cy), on(colour, (page.theme.ground,)))


def _name(page: Page, block: Block, x: float, y: float, ink: str, accent: str) -> None:
    """The name; where its letters i were set without dots, small marks are their dots."""
    page.ink(block.path(x, y), ink)
    if not any(DOTLESS in line.text for line in block.lines):
        return
    drawing = _silhouette(page, page.scene.subjects[0].name)
    if drawing is not None:
        name = next(glyph.font for line in block.lines for glyph, _ in line.glyphs)
        dotted, bare = shape(name, "i").glyphs[0].ink, shape(name, DOTLESS).glyphs[0].ink
        side, high = (dotted[2] - dotted[0]) * 1.3 * block.size, (bare[1] - GAP) * block.size
        for across, base in block.spots(DOTLESS, x, y):
            box = Box(across - side / 2, base + high - side, side, side)
            page.sheet.add(archive.place(drawing, *box, colour=accent))


def _told(page: Page, text: str, face: str) -> str:
    """The name as it is set: with dotless letters i where a small, compact mark can be their dot."""
    subjects = page.scene.subjects
    if len(subjects) != 1 or "i" not in text or not font(face).covers(DOTLESS) or face in (*SCRIPTS, "poiret"):
        return text
    drawing = _silhouette(page, subjects[0].name)
    if drawing is None or not drawing.name.endswith(COMPACT) or not 0.6 < drawing.shape < 1.7:
        return text
    return text.replace("i", DOTLESS)
