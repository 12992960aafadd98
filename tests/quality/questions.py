"""More questions about drawn pictures: bills and cards into a schema, charts, screens, and several pictures at once."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.quality.charts import Chart, chart
from tests.quality.pictures import (
    CITIES,
    COLOURS,
    GOODS,
    NAMES,
    ROLES,
    Ask,
    Case,
    Judge,
    draw_shape,
    font,
    has,
    no,
    yes,
)
from tests.quality.screens import TICKS, VERBS, Style, drawn, screen

FIRMS = ("Harbour Tools", "Blue Kettle", "North Mill", "Paper & Ink", "Stone Garden")
LATER = ("Moreau", "Okafor", "Lindqvist", "Tanaka", "Rossi", "Novak")
Asked = Callable[[random.Random], Case]


def _schema(**kinds: str) -> dict[str, object]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in kinds.items()}}


def same(wanted: dict[str, object]) -> Judge:
    """The answer is JSON with these values, words in any case."""

    def plain(value: object) -> object:
        return value.casefold() if isinstance(value, str) else value

    def judge(said: str) -> bool:
        found = json.loads(said)
        return all(plain(found.get(name)) == plain(value) for name, value in wanted.items())

    return judge


def near(value: float) -> Judge:
    """One of the numbers said is within 3 %."""
    return lambda said: any(
        abs(float(one) - value) <= 0.03 * abs(value) for one in re.findall(r"-?\d+(?:\.\d+)?", said.replace(",", ""))
    )


def invoice(rng: random.Random) -> Case:
    """A bill with a number, two dates, lines of goods, tax and a total."""
    firm, number = rng.choice(FIRMS), f"INV-{rng.randrange(1000, 9999)}"
    issued, due = (f"{rng.randrange(2020, 2027)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}" for _ in range(2))
    goods = rng.sample(GOODS, 3)
    lines = [(name, rng.randrange(2, 20), rng.randrange(105, 4000)) for name in goods]
    net = sum(count * price for _, count, price in lines)
    tax = round(net * 0.2)
    image = Image.new("RGB", (900, 900), "white")
    draw = ImageDraw.Draw(image)
    draw.text((60, 50), firm, font=font(36), fill="black")
    draw.text((60, 120), "INVOICE", font=font(28), fill=(60, 60, 60))
    for row, (label, value) in enumerate((("Invoice number", number), ("Date", issued), ("Due date", due))):
        draw.text((60, 180 + 38 * row), f"{label}: {value}", font=font(22), fill="black")
    table = [("Description", "Quantity", "Unit price", "Amount")]
    table += [(name, str(count), f"{price / 100:.2f}", f"{count * price / 100:.2f}") for name, count, price in lines]
    for row, cells in enumerate(table):
        for cell, x in zip(cells, (60, 380, 540, 720), strict=True):
            draw.text((x, 340 + 48 * row), cell, font=font(22), fill="black")
    for row, (label, sum_) in enumerate((("Subtotal", net), ("VAT 20%", tax), ("Total", net + tax))):
        draw.text((540, 580 + 44 * row), label, font=font(22), fill="black")
        draw.text((720, 580 + 44 * row), f"{sum_ / 100:.2f}", font=font(22), fill="black")
    dearest = max(lines, key=lambda line: line[1] * line[2])[0]
    wanted: dict[str, object] = {"invoice_number": number, "date": issued, "due_date": due, "total": (net + tax) / 100}
    return Case(
        image,
        (
            Ask(
                "Extract the invoice.",
                same(wanted),
                _schema(invoice_number="string", date="string", due_date="string", total="number"),
            ),
            Ask("What is the invoice number?", has(number)),
            Ask("What is the total?", has(f"{(net + tax) / 100:.2f}")),
            Ask("When is it due?", has(due)),
            Ask("Which line has the highest amount?", has(dearest)),
            Ask(f"What is the quantity of {lines[1][0].lower()}?", has(str(lines[1][1]))),
            Ask("Is this a receipt from a restaurant?", no),
        ),
    )


def card(rng: random.Random) -> Case:
    """A business card."""
    name, role, firm = f"{rng.choice(NAMES)} {rng.choice(LATER)}", rng.choice(ROLES), rng.choice(FIRMS)
    site = re.sub(r"\W", "", firm.lower()) + ".com"
    email, phone = (
        f"{name.split()[0].lower()}@{site}",
        f"+44 20 {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}",
    )
    image = Image.new("RGB", (700, 400), rng.choice(("white", "#fbf7ee", "#eef3f8")))
    draw = ImageDraw.Draw(image)
    draw.text((50, 50), firm, font=font(32), fill=COLOURS[rng.choice(("blue", "green", "purple"))])
    draw.text((50, 140), name, font=font(34), fill="black")
    draw.text((50, 186), role, font=font(22), fill=(70, 70, 70))
    for row, line in enumerate((phone, email, f"www.{site}")):
        draw.text((50, 260 + 34 * row), line, font=font(20), fill="black")
    wanted: dict[str, object] = {"name": name, "company": firm, "email": email, "phone": phone}
    return Case(
        image,
        (
            Ask(
                "Read this business card.",
                same(wanted),
                _schema(name="string", company="string", email="string", phone="string"),
            ),
            Ask("What is the email address?", has(email)),
            Ask("What is the phone number?", has(phone)),
            Ask("What kind of document is this?", has("business card")),
            Ask("Is there a price on it?", no),
        ),
    )


def values(rng: random.Random) -> Case:
    """A bar chart of matplotlib: a value, the peak, the least."""
    seed = rng.randrange(10**6)
    made = chart("bars", seed)
    bars = [part for part in made.parts if part.kind == "bar" and part.value is not None]
    ranked = sorted(bars, key=lambda part: part.value or 0)
    one = rng.choice(bars)
    asks = [
        Ask(f"What is the value for {one.label}?", near(one.value or 0)),
        Ask("What kind of picture is this?", has("chart")),
    ]
    if (ranked[-1].value or 0) > 1.03 * (ranked[-2].value or 0):
        asks += [
            Ask("Which bar is the highest?", has(ranked[-1].label)),
            Ask("What is the peak value?", near(ranked[-1].value or 0)),
        ]
    if (ranked[1].value or 0) > 1.03 * (ranked[0].value or 0):
        asks.append(Ask("Which has the lowest value?", has(ranked[0].label)))
    title = _title(made)
    asks += [Ask("What is the title?", has(title))] if title else []
    return Case(Image.fromarray(made.pixels), tuple(asks))


def _title(made: Chart) -> str:
    return next((part.label for part in made.parts if part.kind == "title"), "")


def ticks(rng: random.Random) -> Case:
    """A page of settings, as Chromium draws it: which boxes are ticked."""
    made = screen("settings", rng.randrange(10**6))
    boxes = [one for one in made.elements if one.kind == "checkbox" and one.text in TICKS]
    asks = [Ask(f'Is "{one.text}" ticked?', yes if one.state == "checked" else no) for one in boxes]
    asks.append(Ask("What kind of picture is this?", has("screenshot")))
    asks.append(Ask('Is there a button that says "Teleport"?', no))
    ticked = [one.text for one in boxes if one.state == "checked"]
    others = tuple(one.text for one in boxes if one.state != "checked")
    if ticked:
        asks.append(Ask("Which boxes are ticked?", has(*ticked, none_of=others)))
    return Case(Image.fromarray(made.pixels), tuple(asks))


def buttons(rng: random.Random) -> Case:
    """Three buttons, each in a colour of its own."""
    style = Style(rng)
    hues = {"red": "#dc2626", "green": "#16a34a", "blue": "#2563eb", "orange": "#ea580c", "purple": "#7c3aed"}
    verbs, picked = rng.sample(VERBS, 3), rng.sample(list(hues), 3)
    inside = "".join(
        f"<button data-k=button data-t='{verb}' class=b style='background:{hues[hue]}'>{verb}</button>"
        for verb, hue in zip(verbs, picked, strict=True)
    )
    body = f"<div style='padding:60px'><h2>What next?</h2><p>Choose one of the three.</p>{inside}</div>"
    made = drawn("buttons", style, body, 800, 500)
    one = rng.randrange(3)
    others = tuple(verb for verb in verbs if verb != verbs[one])
    return Case(
        Image.fromarray(made.pixels),
        (
            Ask(f"Which button is {picked[one]}?", has(verbs[one], none_of=others)),
            Ask(f'What colour is the "{verbs[one]}" button?', has(picked[one])),
            Ask("How many buttons are there?", has("three")),
            Ask("Is there a text field?", no),
        ),
    )


def changed(rng: random.Random) -> Case:
    """Two drawings of four shapes: one has another colour, is gone, or is new."""
    forms = [rng.choice(("circle", "square", "triangle", "star")) for _ in range(4)]
    hues = rng.sample(list(COLOURS), 5)
    which, way = rng.randrange(4), rng.choice(("colour", "gone", "new"))
    before = dict(enumerate(zip(forms, hues, strict=False)))
    after = dict(before)
    if way == "colour":
        after[which] = (forms[which], hues[4])
    elif way == "gone":
        del after[which]
    else:
        del before[which]
    place = ("top left", "top right", "bottom left", "bottom right")[which]
    said = [forms[which]] + ([hues[4]] if way == "colour" else [])
    return Case(
        _four(before),
        (
            Ask("What changed between the two pictures?", has(*said)),
            Ask("What is different in the second picture, and where?", has(*said, *place.split())),
            Ask("Are the two pictures the same?", no),
        ),
        (_four(after),),
    )


def _four(shapes: dict[int, tuple[str, str]]) -> Image.Image:
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    for place, (form, hue) in shapes.items():
        draw_shape(draw, form, COLOURS[hue], 160 + 320 * (place % 2), 120 + 240 * (place // 2), 70)
    return image


def odd(rng: random.Random) -> Case:
    """Four drawings, one of another form or colour; what the others share."""
    form, other = rng.sample(("circle", "square", "triangle", "star"), 2)
    hue, second = rng.sample(list(COLOURS), 2)
    which, by_form = rng.randrange(4), rng.random() < 0.5
    pictures = []
    for n in range(4):
        image = Image.new("RGB", (320, 320), "white")
        chosen = (other if by_form else form, hue if by_form else second) if n == which else (form, hue)
        draw_shape(
            ImageDraw.Draw(image),
            chosen[0],
            COLOURS[chosen[1]],
            rng.randint(130, 190),
            rng.randint(130, 190),
            rng.randint(60, 110),
        )
        pictures.append(image)
    rank = ("first", "second", "third", "fourth")
    return Case(
        pictures[0],
        (
            Ask(
                "Which picture is the odd one out?",
                has(rank[which], none_of=tuple(r for r in rank if r != rank[which])),
            ),
            Ask("What do these pictures have in common?", has(hue if by_form else form)),
        ),
        tuple(pictures[1:]),
    )


def outsider(rng: random.Random) -> Case:
    """Six shapes in one drawing, all but one alike."""
    form, other = rng.sample(("circle", "square", "triangle", "star"), 2)
    hue, which = rng.choice(list(COLOURS)), rng.randrange(6)
    image = Image.new("RGB", (780, 520), "white")
    draw = ImageDraw.Draw(image)
    for n in range(6):
        draw_shape(draw, other if n == which else form, COLOURS[hue], 130 + 260 * (n % 3), 130 + 260 * (n // 3), 70)
    return Case(
        image,
        (
            Ask("Which shape is the odd one out?", has(other)),
            Ask(f"How many {form}s are there?", has("five")),
            Ask("How many shapes are there?", has("six")),
        ),
    )


def town(rng: random.Random) -> Case:
    """A plan: where one place lies from another."""
    names = rng.sample(CITIES, 4)
    image = Image.new("RGB", (700, 520), (246, 244, 236))
    draw = ImageDraw.Draw(image)
    spots = ((150, 120), (520, 120), (150, 400), (520, 400))
    hues = rng.sample(("red", "blue", "green", "orange"), 4)
    for name, (x, y), hue in zip(names, spots, hues, strict=True):
        draw_shape(draw, "circle", COLOURS[hue], x, y, 40)
        draw.text((x, y + 62), name, font=font(26), fill="black", anchor="mm")
    return Case(
        image,
        (
            Ask(f"What is to the right of the {hues[0]} circle?", has(hues[1])),
            Ask(f"What is above the {hues[3]} circle?", has(hues[1])),
            Ask(f"What is below the {hues[0]} circle?", has(hues[2])),
            Ask(f"Where is the {hues[3]} circle?", has("bottom", "right")),
            Ask(f"Is the {hues[0]} circle to the left of the {hues[1]} circle?", yes),
            Ask(f"Is the {hues[2]} circle above the {hues[0]} circle?", no),
        ),
    )


FAMILIES: dict[str, tuple[str, Asked, int]] = {
    "invoice": ("clean pages", invoice, 8),
    "business card": ("clean pages", card, 8),
    "chart of bars": ("charts", values, 10),
    "ticked boxes": ("screenshots", ticks, 6),
    "coloured buttons": ("screenshots", buttons, 6),
    "what changed": ("flat shapes", changed, 10),
    "odd picture": ("flat shapes", odd, 10),
    "odd shape": ("flat shapes", outsider, 8),
    "plan": ("flat shapes", town, 6),
}
"""The kind of picture that a family belongs to, what draws it, and how many are drawn."""
