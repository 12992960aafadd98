"""A contact sheet: one HTML file with the pictures, what was found on them, and a filter by label.

The file holds everything (thumbnails as data URLs, shapes as SVG, a few lines of JavaScript) and asks for nothing: its
Content-Security-Policy allows no request, and no script but its own.  Labels and names are text wherever they stand.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pollux.vision import boxes, palette, placing, shapes
from pollux.vision.answers import Detection
from pollux.vision.draw import canvas
from pollux.vision.exports import Annotated
from pollux.vision.lettering import caption
from pollux.vision.masks import Mask
from pollux.vision.palette import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

_STYLE = """
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1c2430; --dim: #667; --edge: #dde1e7; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171c; --card: #1e232b; --text: #e8ebf0; --dim: #9aa3b0; --edge: #323944; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.4 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; padding: 12px 20px; background: var(--back);
  border-bottom: 1px solid var(--edge); max-height: 40vh; overflow: auto; }
h1 { margin: 0 12px 0 0; font-size: 18px; display: inline; }
header span { color: var(--dim); }
nav { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
button { font: inherit; font-size: 13px; padding: 2px 10px; border-radius: 12px; border: 2px solid var(--edge);
  background: var(--card); color: var(--text); cursor: pointer; overflow-wrap: anywhere; text-align: left; }
button[aria-pressed=false] { opacity: .45; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(420px, 100%), 1fr)); gap: 16px;
  padding: 20px; align-items: start; }
figure { margin: 0; background: var(--card); border: 1px solid var(--edge); border-radius: 8px; overflow: hidden; }
figure svg { display: block; width: 100%; height: auto; max-height: 70vh; background: #8882; }
figcaption { padding: 8px 12px; overflow-wrap: anywhere; }
figcaption small { color: var(--dim); display: block; }
g rect, g path, g circle { vector-effect: non-scaling-stroke; stroke-width: 2.2px; stroke-linejoin: round; }
g path { fill-opacity: .4; stroke-width: 1.5px; }
g rect { fill: #0000; }
g text { font: 600 var(--letters) system-ui, sans-serif; fill: #fff; stroke: #000b; stroke-width: .22em;
  paint-order: stroke; pointer-events: none; }
g:hover rect, g:hover path { stroke-width: 4px; }
[hidden] { display: none !important; }
"""

_SCRIPT = """
"use strict";
const buttons = [...document.querySelectorAll("button[data-label]")];
const things = [...document.querySelectorAll("g[data-label]")];
const figures = [...document.querySelectorAll("figure")];
function show() {
  const on = new Set(buttons.filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.dataset.label));
  for (const g of things) g.toggleAttribute("hidden", !on.has(g.dataset.label));
  const all = on.size === buttons.length;
  for (const f of figures) f.hidden = !all && !f.querySelector("g[data-label]:not([hidden])");
}
for (const b of buttons) b.addEventListener("click", event => {
  const alone = !event.shiftKey && !event.ctrlKey && !event.metaKey;
  const only = alone && buttons.every(o => (o.getAttribute("aria-pressed") === "true") === (o === b));
  if (alone) for (const o of buttons) o.setAttribute("aria-pressed", String(only || o === b));
  else b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
  show();
});
const every = document.getElementById("every");
if (every) every.addEventListener("click", () => {
  for (const b of buttons) b.setAttribute("aria-pressed", "true");
  show();
});
"""

_QUALITY = 85


def sheet(
    pictures: Iterable[tuple[Annotated, NDArray[np.uint8] | Image]], *, title: str = "Detections", side: int = 960
) -> str:
    """The HTML of a contact sheet; each picture comes with what was found in it, and is read one at a time.

    `side` is the longer side of a thumbnail, in pixels.  Click on a label: only it; again: all; with Shift: on or off.
    """
    counts: Counter[str] = Counter()
    drawn: list[tuple[Annotated, str, float]] = []
    for annotated, picture in pictures:
        counts.update(thing.label for thing in annotated.detections)
        thumbnail, factor = _thumbnail(picture, annotated, side)
        drawn.append((annotated, thumbnail, factor))
    known = palette.colours(counts)
    figures = "".join(_figure(annotated, thumbnail, factor, known) for annotated, thumbnail, factor in drawn)
    filters = "".join(
        f'<button data-label="{escape(label)}" aria-pressed="true" style="border-color:{_css(known[label])}">'
        f"{escape(caption(label)) or '(no label)'} {count}</button>"
        for label, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    total = f"{_count(len(drawn), 'picture')}, {_count(sum(counts.values()), 'thing')}"
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n"
        f"<header><h1>{escape(title)}</h1> <span>{total}</span>"
        f'<nav><button id="every">all</button>{filters}</nav></header>\n'
        f"<main>{figures}</main>\n<script>{_SCRIPT}</script>\n</html>\n"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _policy() -> str:
    digest = b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _thumbnail(picture: NDArray[np.uint8] | Image, annotated: Annotated, side: int) -> tuple[str, float]:
    """A JPEG as a data URL, and how many of its pixels one of the picture's is."""
    import cv2  # noqa: PLC0415

    width, height = annotated.size
    factor = min(1.0, side / max(width, height))
    pixels = canvas(picture)
    small = cv2.resize(
        pixels, (max(1, round(width * factor)), max(1, round(height * factor))), interpolation=cv2.INTER_AREA
    )
    done, data = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert done
    return "data:image/jpeg;base64," + b64encode(data.tobytes()).decode(), factor


def _figure(annotated: Annotated, thumbnail: str, factor: float, known: dict[str, Colour]) -> str:
    width, height = annotated.size
    letters = max(width, height) / 42
    frames = [_frame(annotated, thing, letters) for thing in annotated.detections]
    captions = [caption(thing.label, thing.score) for thing in annotated.detections]
    spots = placing.place(
        frames, [(_length(text, letters), round(letters * 1.2)) for text in captions], (width, height)
    )
    # Large things first, so that a small one upon them can be pointed at.
    order = sorted(range(len(frames)), key=lambda n: -(frames[n][2] - frames[n][0]) * (frames[n][3] - frames[n][1]))
    things = "".join(_thing(annotated, n, captions[n], spots[n], known, factor) for n in order)
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" style="--letters:{letters:.1f}px">'
        f'<image href="{thumbnail}" width="{width}" height="{height}" preserveAspectRatio="none"/>{things}</svg>'
        f"<figcaption>{escape(annotated.file)}<small>{width} x {height}, {_count(len(frames), 'thing')}</small>"
        f"</figcaption></figure>\n"
    )


def _frame(annotated: Annotated, thing: Detection, letters: float) -> placing.Rectangle:
    """What a text stands beside, in pixels."""
    box = annotated.pixels(thing)
    if box is not None:
        return box[0], box[1], box[2], box[3]
    x, y = (float(v) for v in boxes.points_to_pixels(thing.point or (0, 0), annotated.size))
    off = letters * 0.5
    return x - off, y - off, x + off, y + off


def _length(text: str, letters: float) -> int:
    """Pixels that a text takes, as far as one can know without the reader's font: wide signs count twice."""
    return round(letters * (0.3 + sum(1.05 if ord(c) > 0x2E7F else 0.62 for c in text)))


def _thing(
    annotated: Annotated, number: int, text: str, spot: placing.Placed | None, known: dict[str, Colour], factor: float
) -> str:
    """One group: the outline or the box, the point, and its text where there is room."""
    thing, mask = annotated.detections[number], annotated.masks[number]
    css, letters = _css(known[thing.label]), max(annotated.size) / 42
    parts, box = [], annotated.pixels(thing)
    if mask is not None and mask.area:
        parts.append(f'<path d="{_path(mask, factor)}" fill="{css}" stroke="{css}"/>')
    elif box is not None:
        size = f'width="{box[2] - box[0]}" height="{box[3] - box[1]}"'
        parts.append(f'<rect x="{box[0]}" y="{box[1]}" {size} stroke="{css}"/>')
    if thing.point is not None:
        x, y = boxes.points_to_pixels(thing.point, annotated.size).tolist()
        parts.append(f'<circle cx="{x}" cy="{y}" r="{letters * 0.45:.1f}" fill="{css}" stroke="#fff"/>')
    if spot is not None and text:
        x, y = spot.x + letters * 0.15, spot.y + letters * 0.92
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>')
    return f'<g data-label="{escape(thing.label)}"><title>{escape(text)}</title>{"".join(parts)}</g>'


def _path(mask: Mask, factor: float) -> str:
    """The outlines as SVG, no finer than the thumbnail shows."""
    outlines = shapes.polygons(mask, tolerance=0.6 / factor)
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in outline.round(1)) + "Z" for outline in outlines)


def _css(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
