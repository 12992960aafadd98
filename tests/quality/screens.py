"""Screens whose elements are known exactly: web pages written from a seed, drawn by Chromium, its DOM the truth."""

from __future__ import annotations

import base64
import html
import io
import json
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pollux import samples

Pixels = NDArray[np.uint8]
FONTS = ("Liberation Sans", "DejaVu Sans", "Liberation Serif", "DejaVu Sans Condensed", "Liberation Sans Narrow")
SIZES = ((1280, 800), (1024, 768), (1440, 900), (800, 1000), (390, 844))
ACCENTS = ("#2563eb", "#16a34a", "#dc2626", "#7c3aed", "#ea580c", "#0891b2", "#db2777", "#0d6efd", "#ca8a04", "#334155")
VERBS = (
    "Save", "Cancel", "Delete account", "Sign in", "Create account", "Continue", "Apply", "Reset", "Send message",
    "Download", "Upload file", "Add to cart", "Buy now", "Next", "Back", "Submit", "Export", "Invite people", "OK",
)  # fmt: skip
FIELDS = (
    ("Email", "ada@example.org"), ("Password", "••••••••"), ("First name", "Grace"), ("City", "Turin"), ("Phone", ""),
    ("Company", ""), ("Street", "12 Mill Lane"), ("Card number", "4242 4242"), ("User name", "ghopper"), ("Search", ""),
)  # fmt: skip
TICKS = (
    "Remember me", "Send me news", "I accept the terms", "Make public", "Weekly report", "Dark mode", "Sounds",
    "Two-factor login", "Share usage data", "Keep me signed in", "Show hidden files", "Automatic updates",
)  # fmt: skip
RADIOS = (("Small", "Medium", "Large"), ("Standard", "Express", "Pick up"), ("Monthly", "Yearly"), ("Card", "Cash"))
LINKS = ("Forgot password?", "Privacy policy", "Terms of service", "Learn more", "View all", "Help center", "Sign up")
GOODS = ("Wool scarf", "Desk lamp", "Oak chair", "Tea pot", "Blue mug", "Rain coat", "Notebook", "Wall clock")
NAVS = ("Home", "Products", "Pricing", "Orders", "Reports", "Team", "About", "Settings", "Blog", "Contact")
PROSE = (
    "Your changes are kept on this device until you sign in.", "We send a code to the address that you give here.",
    "Orders placed before noon leave our house the same day.", "Only the people you invite can open this project.",
)  # fmt: skip
ICONS = {
    "search": "<circle cx=10 cy=10 r=6 /><path d='M15 15l6 6'/>", "menu": "<path d='M3 5h18M3 12h18M3 19h18'/>",
    "plus": "<path d='M12 3v18M3 12h18'/>", "close": "<path d='M4 4l16 16M20 4L4 20'/>",
    "user": "<circle cx=12 cy=8 r=4 /><path d='M4 21c0-9 16-9 16 0'/>",
    "home": "<path d='M3 12l9-9 9 9M6 10v11h12V10'/>",
    "bell": "<path d='M5 17c3-4 0-13 7-13s4 9 7 13zM10 20h4'/>", "mail": "<path d='M2 5h20v14H2zM2 6l10 8 10-8'/>",
    "trash": "<path d='M3 6h18M8 6V3h8v3M5 6l1 15h12l1-15'/>",
    "star": "<path d='M12 2l3 7h7l-6 5 2 8-6-5-6 5 2-8-6-5h7z'/>",
    "heart": "<path d='M12 21C2 14 2 4 8 4c3 0 4 3 4 3s1-3 4-3c6 0 6 10-4 17z'/>",
    "cart": "<path d='M2 3h3l3 12h11l2-9H6'/><circle cx=9 cy=19 r=2 /><circle cx=17 cy=19 r=2 />",
    "download": "<path d='M12 3v12M6 10l6 6 6-6M4 20h16'/>", "arrow": "<path d='M3 12h18M14 5l7 7-7 7'/>",
    "gear": "<circle cx=12 cy=12 r=4 /><path d='M12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M5 19l3-3M16 8l3-3'/>",
}  # fmt: skip
_MARK = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 8l3.5 3.5L13 5' "
    "fill='none' stroke='white' stroke-width='2.4'/%3E%3C/svg%3E"
)
_TRUTH = """<script>document.title=JSON.stringify([...document.querySelectorAll('[data-k]')].map(e=>{
const r=e.getBoundingClientRect(),d=e.dataset;
return [d.k,d.s||'',d.t??e.innerText??'',r.left,r.top,r.right,r.bottom]}))</script>"""


@dataclass(frozen=True)
class Element:
    """What the DOM says: kind, "checked" or "unchecked" or "", label, (left, top, right, bottom)."""

    kind: str
    state: str
    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Screen:
    """A page as Chromium drew it."""

    pixels: Pixels
    elements: tuple[Element, ...]
    page: str


class Style:
    """How a page looks: colours, corners, borders and letters, drawn from a seed."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.dark = rng.random() < 0.35
        self.accent = rng.choice(ACCENTS)
        self.radius = rng.choice((0, 3, 4, 6, 8, 12, 20))
        self.outline, self.soft = rng.random() < 0.3, rng.random() < 0.2
        self.filled, self.custom = rng.random() < 0.25, rng.random() < 0.6
        self.underline = rng.random() < 0.5
        self.font, self.size = rng.choice(FONTS), rng.choice((13, 14, 15, 16, 18))
        light = ("#ffffff", "#f8fafc", "#f1f5f9", "#faf7f2"), ("#ffffff", "#ffffff", "#fffdf8")
        dark = ("#0f172a", "#111111", "#1e1e2e", "#18181b"), ("#1e293b", "#1c1c1c", "#2a2a3c", "#27272a")
        self.ground, self.panel = (rng.choice(part) for part in (dark if self.dark else light))
        self.ink, self.faint = ("#e5e7eb", "#94a3b8") if self.dark else ("#1f2937", "#6b7280")
        self.edge = rng.choice(("#475569", "#52525b", "#6b7280") if self.dark else ("#cbd5e1", "#d1d5db", "#9ca3af"))
        self.link = rng.choice(("#60a5fa", "#38bdf8") if self.dark else ("#2563eb", "#0d6efd", "#0000ee"))

    def css(self, width: int, height: int) -> str:
        fill = ("#334155" if self.dark else "#eef1f5") if self.filled else ("#0b1120" if self.dark else "#ffffff")
        edge = "transparent" if self.filled else self.edge
        fine = self.radius // 3
        return f"""*{{box-sizing:border-box}}html,body{{margin:0;overflow:hidden;background:{self.ground}}}
body{{width:{width}px;height:{height}px;position:relative;font:{self.size}px '{self.font}';color:{self.ink};
color-scheme:{"dark" if self.dark else "light"}}}
a{{white-space:nowrap;color:{self.link};text-decoration:{"underline" if self.underline else "none"}}}
a.n{{color:inherit;text-decoration:none}}
.b{{display:inline-flex;gap:8px;align-items:center;justify-content:center;font:inherit;border-radius:{self.radius}px;
padding:{self.rng.choice((6, 8, 10, 12))}px {self.rng.choice((14, 18, 24))}px;margin-right:12px;
border:1px solid transparent;background:{self.accent};color:#fff}}
.b2{{background:{"transparent" if not self.soft else ("#3f3f46" if self.dark else "#e2e8f0")};color:{self.ink};
border-color:{"transparent" if self.soft else self.edge}}}
.f{{font:inherit;color:{self.ink};background:{fill};border:1px solid {edge};border-radius:{min(self.radius, 10)}px;
padding:{self.rng.choice((6, 9, 11))}px 12px;width:100%;display:block;margin:5px 0 14px}}
.f::placeholder{{color:{self.faint}}}.p{{background:{self.panel};border-radius:{self.radius}px;padding:24px;
{"border:1px solid " + self.edge if self.outline else "box-shadow:0 2px 10px rgba(0,0,0,.18)"}}}
.m{{color:{self.faint}}}.r{{display:flex;align-items:center;gap:10px;margin:11px 0}}h2{{margin:0 0 14px}}
.c{{appearance:none;width:18px;height:18px;margin:0;border:2px solid {self.edge};
border-radius:{fine}px;background:{fill}}}
.c:checked{{background:{self.accent};border-color:{self.accent};
background-image:url("{_MARK}")}}
.o{{appearance:none;width:18px;height:18px;margin:0;border:2px solid {self.edge};
border-radius:50%}}.o:checked{{border:5px solid {self.accent};background:#fff}}
.t{{width:40px;height:22px;border-radius:11px;background:{self.edge};position:relative;flex:none}}
.t.on{{background:{self.accent}}}.t:after{{content:'';position:absolute;width:16px;height:16px;border-radius:50%;
background:#fff;top:3px;left:3px}}.t.on:after{{left:21px}}svg{{flex:none}}"""


def button(s: Style, text: str = "", second: bool = False) -> str:
    glyph = icon(s, s.rng.choice(list(ICONS)), s.size + 3) if s.rng.random() < 0.2 else ""
    text = text or s.rng.choice(VERBS)
    return f"<button data-k=button data-t='{text}' class='b {'b2' if second else ''}'>{glyph}{text}</button>"


def icon(s: Style, name: str, size: int) -> str:
    return (
        f"<svg width={size} height={size} viewBox='0 0 24 24' fill=none stroke=currentColor stroke-width=2>"
        f"<g data-k=icon data-t={name}>{ICONS[name]}</g></svg>"
    )


def field(s: Style) -> str:
    label, value = s.rng.choice(FIELDS)
    value = value if s.rng.random() < 0.6 else ""
    hint = f"placeholder='Enter {label.lower()}'" if not value and s.rng.random() < 0.5 else ""
    shown = value or (f"Enter {label.lower()}" if hint else "")
    kind = s.rng.random()
    if kind < 0.15:
        return f"<label>{label}<textarea data-k=field data-t='{shown}' class=f rows=3 {hint}>{value}</textarea></label>"
    if kind < 0.3:
        pick = s.rng.choice(("Italy", "English", "Every week", "Europe/Rome"))
        return f"<label>{label}<select data-k=field data-t='{pick}' class=f><option>{pick}</select></label>"
    return f"<label>{label}<input data-k=field data-t='{shown}' class=f value='{value}' {hint}></label>"


def tick(s: Style, text: str) -> str:
    on = s.rng.random() < 0.5
    look = "class=c" if s.custom else ""
    said = f"data-s={'checked' if on else 'unchecked'} data-t='{text}'"
    return f"<div class=r><input type=checkbox data-k=checkbox {said} {look} {'checked' if on else ''}> {text}</div>"


def radios(s: Style) -> str:
    group, look = s.rng.choice(RADIOS), "class=o" if s.custom else ""
    on = s.rng.randrange(len(group))
    one = "<div class=r><input type=radio data-k=radio data-s={} data-t='{}' {} {}> {}</div>"
    states = [("checked", "checked") if i == on else ("unchecked", "") for i in range(len(group))]
    return "".join(one.format(said, text, look, attr, text) for text, (said, attr) in zip(group, states, strict=True))


def switch(s: Style, text: str) -> str:
    on = s.rng.random() < 0.5
    said = f"data-k=switch data-s={'checked' if on else 'unchecked'} data-t='{text}'"
    mark = f"<div {said} class='t {'on' if on else ''}'></div>"
    return f"<div class=r style='justify-content:space-between'><span>{text}</span>{mark}</div>"


def link(s: Style) -> str:
    text = s.rng.choice(LINKS)
    return f"<a data-k=link href=#>{text}</a>"


def picture(s: Style, width: int, height: int) -> str:
    with Image.open(io.BytesIO(samples.read(s.rng.choice(("cat", "coffee", "astronaut"))))) as whole:
        wide = s.rng.randrange(whole.width // 2, whole.width)
        high = min(whole.height, wide * height // width)
        left, top = s.rng.randrange(whole.width - wide + 1), s.rng.randrange(whole.height - high + 1)
        cut = whole.convert("RGB").crop((left, top, left + wide, top + high)).resize((width, height))
    held = io.BytesIO()
    cut.save(held, "JPEG", quality=88)
    data = base64.b64encode(held.getvalue()).decode()
    return (
        f"<img data-k=image data-t='' style='display:block' width={width} height={height} "
        f"src='data:image/jpeg;base64,{data}'>"
    )


def header(s: Style, width: int) -> str:
    links = "".join(f"<a class=n data-k=link href=#>{n}</a>" for n in s.rng.sample(NAVS, 4 if width > 600 else 0))
    icons = "".join(icon(s, name, 22) for name in s.rng.sample(list(ICONS), 2))
    return (
        f"<div style='display:flex;gap:26px;align-items:center;padding:14px 24px;background:{s.panel};height:60px;"
        f"border-bottom:1px solid {s.edge}'><b style='font-size:20px'>Northwind</b>{links}<span style='flex:1'>"
        f"</span>{icons}</div>"
    )


def form(s: Style, width: int, height: int) -> str:
    ticks = "".join(tick(s, text) for text in s.rng.sample(TICKS, s.rng.randint(1, 2)))
    inside = "".join(field(s) for _ in range(s.rng.randint(2, 4)))
    more = radios(s) if s.rng.random() < 0.5 else ""
    end = f"<p class=m>New here? {link(s)}</p>"
    wide = min(width - 40, s.rng.choice((340, 420, 560)))
    return (
        f"{header(s, width)}<div class=p style='width:{wide}px;margin:24px auto'><h2>{s.rng.choice(VERBS)}</h2>"
        f"{inside}{ticks}{more}<div style='margin-top:14px'>{button(s)}{button(s, second=True)}</div>{end}</div>"
    )


def settings(s: Style, width: int, height: int) -> str:
    rows = [switch(s, text) if s.rng.random() < 0.5 else tick(s, text) for text in s.rng.sample(TICKS, 5)]
    aside = (
        "".join(f"<p><a class=n data-k=link href=#>{n}</a></p>" for n in s.rng.sample(NAVS, 5)) if width > 700 else ""
    )
    return (
        f"{header(s, width)}<div style='display:flex;gap:24px;padding:24px'><div style='width:{150 if aside else 0}px'>"
        f"{aside}</div><div class=p style='flex:1;max-width:640px'><h2>Settings</h2><p class=m>"
        f"{s.rng.choice(PROSE)}</p>"
        f"{''.join(rows)}{radios(s)}{field(s)}{button(s, 'Save')}{button(s, 'Reset', second=True)}</div></div>"
    )


def shop(s: Style, width: int, height: int) -> str:
    across = max(1, (width - 48) // 250)
    cards = []
    for good in s.rng.sample(GOODS, min(2 * across, 8)):
        price = f"${s.rng.randint(5, 90)}.{s.rng.choice(('00', '50', '99'))}"
        likes = icon(s, "heart", 20) if s.rng.random() < 0.5 else ""
        cards.append(
            f"<div class=p style='width:226px;padding:14px'>{picture(s, 196, 120)}<div class=r><b "
            f"style='flex:1'>{good}</b>"
            f"{likes}</div><p style='margin:6px 0'>{price}</p>{button(s, 'Add to cart')}</div>"
        )
    find = "<input data-k=field class=f style='width:260px' data-t='Search products' placeholder='Search products'>"
    return (
        f"{header(s, width)}<div style='padding:24px'>{find}<div style='display:flex;flex-wrap:wrap;gap:20px'>"
        f"{''.join(cards)}</div>{link(s)}</div>"
    )


def dashboard(s: Style, width: int, height: int) -> str:
    tiles = "".join(
        f"<div class=p style='flex:1'><div class=r style='margin:0'>{icon(s, name, 24)}<span class=m>"
        f"{label}</span></div>"
        f"<b style='font-size:26px'>{s.rng.randint(10, 9999):,}</b></div>"
        for name, label in zip(s.rng.sample(list(ICONS), 3), ("Visits", "Orders", "Refunds"), strict=True)
    )
    rows = "".join(
        f"<tr><td>{good}</td><td>{s.rng.randint(1, 99)}</td><td>{s.rng.choice(('Paid', 'Open'))}</td>"
        f"<td><a data-k=link href=#>View</a></td></tr>" for good in s.rng.sample(GOODS, 5)
    )  # fmt: skip
    return (
        f"{header(s, width)}<div style='padding:24px'><div style='display:flex;gap:16px;margin-bottom:20px'>"
        f"{tiles}</div>"
        f"<div style='margin-bottom:16px'>{button(s)}{button(s, second=True)}</div><div class=p>"
        f"<table style='width:100%;border-spacing:0 14px;text-align:left'><tr><th>Item<th>Pieces<th>State<th>"
        f"</tr>{rows}</table></div></div>"
    )


def dialog(s: Style, width: int, height: int) -> str:
    wide = min(440, width - 30)
    behind = "".join(f"<p>{s.rng.choice(PROSE)}</p>" for _ in range(6))
    return (
        f"<div style='padding:30px;opacity:.35'>{behind}</div><div class=p "
        f"style='position:absolute;width:{wide}px;top:130px;"
        f"left:{(width - wide) // 2}px'><div class=r style='margin:0;justify-content:space-between'><h2>"
        f"{s.rng.choice(VERBS)}?</h2>"
        f"{icon(s, 'close', 18)}</div><p class=m>{s.rng.choice(PROSE)} {link(s)}</p>{tick(s, s.rng.choice(TICKS))}"
        f"{field(s)}{button(s, 'OK')}{button(s, 'Cancel', second=True)}</div>"
    )


PAGES: dict[str, Callable[[Style, int, int], str]] = {
    "form": form, "settings": settings, "shop": shop, "dashboard": dashboard, "dialog": dialog,
}  # fmt: skip


def screen(page: str, seed: int) -> Screen:
    """One page, drawn; needs Debian's `chromium`."""
    rng = random.Random(f"{page} {seed}")
    width, height = rng.choice(SIZES)
    style = Style(rng)
    return drawn(page, style, PAGES[page](style, width, height), width, height)


def drawn(page: str, style: Style, body: str, width: int, height: int) -> Screen:
    """The page whose body is given, as Chromium draws it."""
    text = f"<html><head><style>{style.css(width, height)}</style></head><body>{body}{_TRUTH}</body></html>"
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        source.write_text(text, "utf-8")
        done = subprocess.run(
            [
                shutil.which("chromium") or "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile", f"--window-size={max(width, 520)},{height + 100}",
                f"--screenshot={shot}", "--dump-dom", source.as_uri(),
            ],
            capture_output=True, check=True, text=True, timeout=60,
        )  # fmt: skip
        with Image.open(shot) as whole:
            pixels = cast(Pixels, np.asarray(whole.convert("RGB")))
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None, "Chromium gave no DOM"
    found = [
        Element(kind, state, " ".join(said.split()), tuple(box))
        for kind, state, said, *box in json.loads(html.unescape(title[1]))
    ]
    seen = tuple(e for e in found if e.box[3] <= height - 1 and e.box[2] <= width and e.box[2] - e.box[0] > 3)
    return Screen(np.ascontiguousarray(pixels[:height, :width]), seen, page)
