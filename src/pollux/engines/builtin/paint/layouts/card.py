"""Cards: invitations, certificates, business cards, quotes, greetings and labels."""

from __future__ import annotations

import re

from pollux.engines.builtin.paint.colours import mix
from pollux.engines.builtin.paint.layouts import backdrop, poster, stack, wording
from pollux.engines.builtin.paint.layouts.frames import polygon, ribbon, star
from pollux.engines.builtin.paint.layouts.page import Box, Page
from pollux.engines.builtin.paint.layouts.stack import Item
from pollux.engines.builtin.paint.layouts.theme import LARGE, exact, font_for, on, readable
from pollux.engines.builtin.paint.plan import Lettering
from pollux.engines.builtin.paint.type import fit

BUSINESS = re.compile(r"@|www\.|https?:|\.(?:com|org|net|io|de|dev)\b|\+?\d[\d ()-]{7,}\d")
CERTIFICATE = re.compile(r"\b(?:certif\w+|diploma|award(?:ed)?|achievement|completion)\b", re.I)
QUOTE = 60  # letters from which a lone text is a quotation rather than a title


def draw(page: Page) -> None:
    """A card on the whole sheet, of the kind that its words speak of."""
    {
        "certificate": _certificate, "label": _label, "business card": _business, "quote": _quote,
    }.get(page.scene.form or _form(page), _invitation)(page)  # fmt: skip


def _form(page: Page) -> str:
    """The kind of card that its words speak of."""
    scene = page.scene
    texts = [part.text for part in scene.lettering]
    if CERTIFICATE.search(" ".join((scene.mood, *texts, *(subject.name for subject in scene.subjects)))):
        return "certificate"
    if "label" in scene.mood.split():
        return "label"
    if len(texts) > 1 and page.shape > 1 and any(BUSINESS.search(text) for text in texts):
        return "business card"
    return "quote" if len(texts) in (1, 2) and len(texts[0]) > QUOTE and not scene.subjects else ""


def _invitation(page: Page) -> None:
    box, unit = page.box, page.unit
    margin = min(box.w, box.h) * 0.1
    inner = box.inset(margin)
    subjects = bool(page.scene.subjects)
    if page.shape > 1.45 and subjects:
        art, words = inner.columns(0.8, 1.2, gap=3 * unit)
        backdrop.behind(page, art, (words,))
        poster.group(page, art)
    elif subjects:
        art, words = inner.rows(0.85, 1.25, gap=1.5 * unit)
        backdrop.behind(page, art, (words,))
        poster.group(page, art)
    else:
        words = inner
        side = min(box.w, box.h) * 1.02
        calm = inner.inset(inner.w * 0.04, inner.h * 0.2)
        backdrop.behind(page, Box(box.cx - side / 2, box.cy - side / 2, side, side), (calm,))
        words = calm if page.theme.manner == "playful" else words
    if page.theme.manner in ("retro", "nature", "festive", "bold") and not subjects:
        sheet = page.box.inset(margin * 0.75)
        page.rect(sheet, page.theme.panel, round_=2 * unit)
        page.rect(sheet.inset(unit), "none", edge=page.theme.accent, thick=0.2 * unit, round_=1.5 * unit)
        words = sheet.inset(margin * 0.8)
    ground = page.theme.panel if not subjects else page.theme.ground
    stack.draw(page, _items(page, ground), words, most=unit * 15)


def _items(page: Page, ground: str) -> list[Item]:
    """The lettering in its order, the head largest; a rule below it."""
    theme, title = page.theme, wording.head(page.scene)
    out: list[Item] = []
    for part in page.scene.lettering:
        face = font_for(part, theme.title if part is title else theme.body, theme.manner)
        if part is title:
            ink = readable(theme.accent if theme.manner in ("luxury", "festive") else theme.ink, ground, LARGE)
            out.append(Item(part.text, exact(part.text, face), ink, 1.0, 0.4, most=4, leading=1.06))
            if len(page.scene.lettering) > 1 and part is page.scene.lettering[0]:
                out.append(Item("", face, readable(theme.accent, ground, LARGE), gap=0.45))
            continue
        strong = part.role == "subtitle" or part.bold
        colour = readable(theme.ink if strong else theme.soft, ground)
        face = theme.strong if strong and not part.face else face
        out.append(Item(part.text, face, colour, 0.42 if strong else 0.36, 0.36, most=4, leading=1.3))
    return out


def _certificate(page: Page) -> None:
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    sheet = box.inset(2.5 * unit)
    page.rect(sheet, theme.panel, edge=theme.accent, thick=0.7 * unit)
    page.rect(sheet.inset(1.3 * unit), "none", edge=theme.accent, thick=0.2 * unit)
    for x in (sheet.x + 1.3 * unit, sheet.right - 1.3 * unit):
        for y in (sheet.y + 1.3 * unit, sheet.foot - 1.3 * unit):
            page.path(polygon(x, y, 1.5 * unit, 4), theme.panel, edge=theme.accent, thick=0.3 * unit)
    inner = sheet.inset(box.w * 0.09, box.h * 0.075)
    words, foot = inner.rows(4.2, 1.0, gap=unit)
    accent = readable(theme.accent, theme.panel, LARGE)
    small = [part for part in page.scene.lettering if part.role in ("label", "item")][-2:]
    items, title = list[Item](), wording.head(page.scene)
    names = _longest_name(page, title, small)
    for part in page.scene.lettering:
        if part in small:
            continue
        if part is title:
            items.append(Item(part.text, exact(part.text, theme.title), accent, 1.0, 0.5, most=2))
        elif part is names:
            items.append(Item(part.text, "vibes", readable(theme.ink, theme.panel), 1.0, 0.5, most=2))
        else:
            items.append(Item(part.text, theme.body, readable(theme.soft, theme.panel), 0.4, 0.5, leading=1.3))
    stack.draw(page, items, words, most=unit * 10)
    _seal(page, foot.cx, foot.cy, min(foot.h * 0.52, 6 * unit))
    for part, cell in zip(small, (foot.columns(1, 0.7, 1)[0], foot.columns(1, 0.7, 1)[2]), strict=False):
        page.line(cell.x, cell.cy, cell.right, cell.cy, theme.line, 0.15 * unit)
        low = Box(cell.x, cell.cy + unit, cell.w, cell.h * 0.35)
        page.words(part.text, theme.body, low, readable(theme.ink, theme.panel), most=2.6 * unit, lines=2)


def _longest_name(page: Page, title: Lettering | None, small: list[Lettering]) -> Lettering | None:
    """Whom it is for: the subtitle, or what stands alone and short."""
    others = [part for part in page.scene.lettering if part is not title and part not in small]
    asked = [part for part in others if part.role == "subtitle" or part.face == "script"]
    short = [part for part in others if len(part.text) < 30 and part.text[:1].isupper() and len(part.text.split()) < 5]
    return next(iter(asked or short), None)


def _seal(page: Page, x: float, y: float, radius: float) -> None:
    theme = page.theme
    for side in (-1, 1):
        page.path(
            f"M{x + side * radius * 0.1:.1f} {y:.1f}L{x + side * radius * 0.75:.1f} {y + radius * 1.5:.1f}"
            f"L{x + side * radius * 0.32:.1f} {y + radius * 1.28:.1f}"
            f"L{x - side * radius * 0.05:.1f} {y + radius * 1.55:.1f}Z",
            mix(theme.accent, "#000000", 0.2),
        )
    page.path(star(x, y, radius, 20, 0.88), theme.accent)
    ink = on(theme.accent, (theme.panel,), LARGE)
    page.circle(x, y, radius * 0.7, "none", edge=ink, thick=radius * 0.05)
    page.path(star(x, y, radius * 0.45), ink)


def _business(page: Page) -> None:
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    band, words = box.columns(0.36, 0.64)
    page.rect(band, theme.accent)
    title, others = wording.head(page.scene), wording.rest(page.scene)
    ink = on(theme.accent, (theme.ground,), LARGE)
    mark = Box(band.cx - band.w * 0.28, band.cy - band.w * 0.28, band.w * 0.56, band.w * 0.56)
    drawn = page.scene.subjects and page.thing(page.scene.subjects[0].name, mark, look="line", colour=ink)
    if not drawn and title is not None:
        page.circle(mark.cx, mark.cy, mark.w * 0.5, "none", edge=ink, thick=0.5 * unit)
        initials = "".join(word[0] for word in title.text.split()[:2] if word[0].isalnum()).upper()
        page.ink(fit(initials, theme.title, mark.w * 0.6, mark.h * 0.4, align="middle").middle(mark.cx, mark.cy), ink)
    items = [Item(title.text, exact(title.text, theme.title), theme.ink, 1.0, most=2)] if title else []
    for part in others:
        contact = bool(BUSINESS.search(part.text))
        colour = theme.soft if contact else readable(theme.accent, theme.ground)
        items.append(Item(part.text, theme.body if contact else theme.strong, colour, 0.42, 0.42 if contact else 0.34))
    inner = words.inset(words.w * 0.1, box.h * 0.14)
    stack.draw(page, items, inner, align="left", most=unit * 11)


def _quote(page: Page) -> None:
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    inner = box.inset(min(box.w, box.h) * 0.12)
    mark = fit("“", "didone", inner.w * 0.3, inner.h * 0.2, align="left")
    page.ink(mark.path(inner.x, inner.y), mix(theme.ground, theme.accent, 0.75))
    face = {"modern": "didone"}.get(theme.manner, theme.title)
    parts = page.scene.lettering
    items = [Item(parts[0].text, font_for(parts[0], exact(parts[0].text, face)), theme.ink, 1.0, most=12, leading=1.22)]
    if len(parts) > 1:
        items.append(Item("", face, theme.accent, gap=0.6))
        items.append(Item(parts[1].text, theme.strong, readable(theme.accent, theme.ground), 0.5, 0.45))
    top = mark.height + 2 * unit
    stack.draw(page, items, Box(inner.x, inner.y + top, inner.w, inner.h - top), align="left", most=unit * 13)


def _label(page: Page) -> None:
    """A product's label: a panel with a double edge, the mark, the name on a ribbon, the rest below."""
    theme, box, unit = page.theme, page.box, page.unit
    page.fill(theme.ground)
    side = min(box.w, box.h * 1.25) * 0.86
    sheet = Box(box.cx - side / 2, box.cy - side / 2.5, side, side / 1.25) if page.shape > 0.8 else box.inset(5 * unit)
    page.rect(sheet, theme.panel, round_=3 * unit, edge=theme.accent, thick=0.8 * unit)
    page.rect(sheet.inset(1.6 * unit), "none", round_=2 * unit, edge=theme.accent, thick=0.2 * unit)
    inner = sheet.inset(4 * unit)
    title, others = wording.head(page.scene), wording.rest(page.scene)
    art, name, low = inner.rows(1.2, 0.62, 0.7, gap=1.4 * unit)
    poster.group(page, Box(art.x, art.y, art.w, art.h))
    if title is not None:
        band = Box(sheet.x - 1.5 * unit, name.y, sheet.w + 3 * unit, name.h)
        page.path(ribbon(band, 2.5 * unit), theme.accent)
        ink = on(theme.accent, (theme.panel,), LARGE)
        page.words(
            title.text, font_for(title, theme.title, theme.manner), name.inset(2 * unit, name.h * 0.16), ink, lines=2
        )
    ink = readable(theme.ink, theme.panel)
    items = [
        Item(part.text, theme.strong if n == 0 else theme.body, ink, 1.0 if n == 0 else 0.8)
        for n, part in enumerate(others)
    ]
    stack.draw(page, items, low, most=unit * 4.5)
