"""Pictures whose content is known exactly, drawn from a seed, with the questions that they answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

Judge = Callable[[str], bool]
COLOURS = {
    "red": (214, 30, 36), "blue": (32, 70, 210), "green": (30, 150, 60), "yellow": (250, 215, 20),
    "orange": (245, 130, 10), "purple": (120, 30, 150), "black": (10, 10, 10),
}  # fmt: skip
SHAPES = ("circle", "square", "triangle", "star")
NAMES = ("Ada", "Bruno", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas")
ROLES = ("Baker", "Pilot", "Nurse", "Painter", "Farmer", "Lawyer", "Cook", "Tailor")
CITIES = ("Lima", "Turin", "Ghent", "Kyoto", "Quito", "Tunis", "Bern", "Perth")
GOODS = ("Bread", "Apples", "Cheese", "Honey", "Rice", "Olive oil", "Tea bags", "Soap", "Candles", "Walnuts")
WORDS_TEXT = (
    "the river runs slowly past an old stone house where two sisters keep bees and sell honey every summer while their "
    "brother mends clocks for the people of the valley and writes letters about rain snow wind and distant mountains"
)
WORDS = tuple(WORDS_TEXT.split())


@dataclass(frozen=True)
class Ask:
    """A question and whether an answer is true."""

    question: str
    true: Judge
    schema: dict[str, object] | None = None


@dataclass(frozen=True)
class Case:
    """A picture, or several, and what is asked about it."""

    image: Image.Image
    asks: tuple[Ask, ...] = field(default=())
    more: tuple[Image.Image, ...] = ()


def has(*wanted: str, none_of: tuple[str, ...] = ()) -> Judge:
    """An answer is true when it says all of these and none of those, whatever their case."""
    return lambda said: (
        all(one.lower() in said.lower() for one in wanted) and not any(one.lower() in said.lower() for one in none_of)
    )


def yes(said: str) -> bool:
    return said.startswith("Yes")


def no(said: str) -> bool:
    return said.startswith("No")


def declines(said: str) -> bool:
    """Neither a value nor a yes: the answer says that it cannot be told or found."""
    return any(one in said for one in ("cannot", "Not that I", "none", "None", "Nothing", "I see no"))


def font(size: float) -> ImageFont.FreeTypeFont:
    """Pillow's own outlines, the same on every machine."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont), "Pillow without FreeType"
    return found


def spoilt(image: Image.Image, rng: random.Random, tilt: float, noise: float) -> Image.Image:
    """Turned by up to `tilt` degrees, with grain of `noise` levels."""
    ground = image.getpixel((1, 1))
    turned = image.rotate(rng.uniform(-tilt, tilt), Image.Resampling.BICUBIC, fillcolor=ground)
    grain = np.random.default_rng(rng.randrange(2**32)).normal(0, noise, (*turned.size[::-1], 1))
    return Image.fromarray(np.clip(np.asarray(turned) + grain, 0, 255).astype(np.uint8))


def shapes(rng: random.Random) -> Case:
    """Three or four shapes in a row, no two alike, one clearly the largest."""
    count = rng.choice((3, 4))
    forms = rng.sample(SHAPES, count)
    hues = rng.sample(list(COLOURS), count)
    sizes = [90, 90, 90, 90][:count]
    big = rng.randrange(count)
    sizes[big] = 170
    image = Image.new("RGB", (200 * count, 240), rng.choice(("white", (236, 240, 244), (255, 250, 225))))
    draw = ImageDraw.Draw(image)
    for i, (form, hue, size) in enumerate(zip(forms, hues, sizes, strict=True)):
        draw_shape(draw, form, COLOURS[hue], 100 + 200 * i, 120, size / 2)
    one = rng.randrange(count)
    other = rng.choice([hue for hue in COLOURS if hue not in hues])
    middle = rng.randrange(1, count)
    return Case(
        image,
        (
            Ask("How many shapes are there?", has(("three", "four")[count - 3])),
            Ask(f"What colour is the {forms[one]}?", has(hues[one], none_of=tuple(h for h in hues if h != hues[one]))),
            Ask(f"What shape is the {hues[one]} one?", has(forms[one])),
            Ask("What is the largest shape?", has(forms[big], hues[big])),
            Ask(f"Is the {forms[one]} {hues[one]}?", yes),
            Ask(f"Is the {forms[one]} {other}?", no),
            Ask(f"Is there a {other} shape?", no),
            Ask(
                f"What is to the left of the {forms[middle]}?",
                has(*forms[:middle], none_of=tuple(forms[middle + 1 :])),
            ),
            Ask("Caption this picture.", has(*(f"{h} {f}" for h, f in zip(hues, forms, strict=True)))),
            Ask("Is this a photograph?", no),
        ),
    )


def draw_shape(draw: ImageDraw.ImageDraw, form: str, hue: tuple[int, int, int], x: int, y: int, r: float) -> None:
    """A form of SHAPES around (x, y), to r from there."""
    match form:
        case "circle":
            draw.ellipse((x - r, y - r, x + r, y + r), fill=hue)
        case "square":
            draw.rectangle((x - r, y - r, x + r, y + r), fill=hue)
        case "triangle":
            draw.polygon([(x - r, y + r), (x + r, y + r), (x, y - r)], fill=hue)
        case _:
            angles = np.arange(10) * np.pi / 5
            reach = np.where(np.arange(10) % 2 == 0, r, 0.42 * r)
            draw.polygon(
                [(float(x + d * np.sin(a)), float(y - d * np.cos(a))) for a, d in zip(angles, reach, strict=True)],
                fill=hue,
            )


def table(rng: random.Random) -> Case:
    """Five people with role, city and age, in ruled or open rows."""
    columns = rng.sample(NAMES, 5), rng.sample(ROLES, 5), rng.sample(CITIES, 5), rng.sample(range(19, 80), 5)
    people = list(zip(*columns, strict=True))
    image = Image.new("RGB", (760, 360), "white")
    draw = ImageDraw.Draw(image)
    ruled = rng.random() < 0.5
    for row, cells in enumerate([("Name", "Role", "City", "Age"), *people]):
        y = 25 + 52 * row
        for column, cell in enumerate(cells):
            draw.text((40 + 180 * column, y), str(cell), font=font(24), fill="black")
            if ruled:
                draw.rectangle((28 + 180 * column, y - 10, 208 + 180 * column, y + 42), outline="gray")
    one, other = rng.sample(people, 2)
    oldest = max(people, key=lambda person: person[3])
    elder, younger = sorted((one, other), key=lambda person: -person[3])
    schema: dict[str, object] = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "city": {"type": "string"}, "age": {"type": "integer"}},
        },
    }
    return Case(
        image,
        (
            Ask(f"How old is {one[0]}?", has(str(one[3]))),
            Ask(f"What city does {other[0]} live in?", has(other[2], none_of=(one[2],))),
            Ask(f"Who is the {one[1].lower()}?", has(one[0], none_of=(other[0],))),
            Ask(f"Who lives in {other[2]}?", has(other[0], none_of=(one[0],))),
            Ask("Who is the oldest?", has(oldest[0])),
            Ask("How many rows does the table have?", has("five")),
            Ask(f"Is {elder[0]} older than {younger[0]}?", yes),
            Ask("List the people.", lambda said: _people(said) == [(p[0], p[2], p[3]) for p in people], schema),
        ),
    )


def _people(said: str) -> list[tuple[str, str, int]]:
    import json

    return [(row["name"], row["city"], row["age"]) for row in json.loads(said)]


def receipt(rng: random.Random) -> Case:
    """A narrow receipt with a date, four or five items and their sum."""
    goods = rng.sample(GOODS, rng.choice((4, 5)))
    prices = rng.sample(range(105, 1999), len(goods))
    total, day = sum(prices), f"{rng.randrange(2019, 2027)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    image = Image.new("RGB", (480, 300 + 40 * len(goods)), (252, 252, 250))
    draw = ImageDraw.Draw(image)
    draw.text((240, 40), "CORNER MARKET", font=font(32), fill="black", anchor="mm")
    draw.text((40, 80), f"Date: {day}", font=font(22), fill="black")
    for row, (name, price) in enumerate([*zip(goods, prices, strict=True), ("TOTAL", total)]):
        y = 140 + 40 * row + (20 if name == "TOTAL" else 0)
        draw.text((40, y), name, font=font(24), fill="black")
        draw.text((440, y), f"{price / 100:.2f}", font=font(24), fill="black", anchor="ra")
    draw.text((240, image.height - 40), "Thank you for your visit", font=font(20), fill="black", anchor="mm")
    dearest = goods[prices.index(max(prices))]
    one = rng.randrange(len(goods))
    schema: dict[str, object] = {
        "type": "object",
        "properties": {"date": {"type": "string", "format": "date"}, "total": {"type": "number"}},
    }
    return Case(
        image,
        (
            Ask("What is the total?", has(f"{total / 100:.2f}")),
            Ask("What is the date on it?", has(day)),
            Ask("Which item is the most expensive?", has(dearest)),
            Ask(f"How much does the {goods[one].lower()} cost?", has(f"{prices[one] / 100:.2f}")),
            Ask("How many items were bought?", has(("four", "five")[len(goods) - 4])),
            Ask("What kind of document is this?", has("receipt")),
            Ask("Where was this bought?", has("corner market")),
            Ask("Extract.", has(f'"{day}"', f"{total / 100:.2f}".rstrip("0").rstrip(".")), schema),
            Ask("What is the phone number?", declines),
            Ask('Does it say "caviar"?', no),
        ),
    )


def sign(rng: random.Random) -> Case:
    """A line or two of words on a colour."""
    words = " ".join(rng.sample(WORDS, 3)).upper()
    hue, ink = rng.choice((("red", "white"), ("blue", "white"), ("yellow", "black"), ("green", "white")))
    image = Image.new("RGB", (800, 300), COLOURS[hue])
    ImageDraw.Draw(image).text((400, 150), words, font=font(54), fill=ink, anchor="mm")
    return Case(
        image,
        (
            Ask("What does it say?", has(words)),
            Ask("What colour is the background?", has(hue)),
            Ask(f'Does it say "{words}"?', yes),
            Ask("How many words are there?", has("three")),
            Ask("Is there any text in the picture?", yes),
            Ask("Is there a person?", no),
        ),
    )


def hard_text(rng: random.Random) -> Case:
    """A sentence tilted by up to 25 degrees, in grain of up to 80 levels, pale to 15 levels, or 14 to 8 pixels high."""
    words = " ".join(rng.sample(WORDS, 6))
    way, hard = rng.choice(("tilted", "grainy", "pale", "small")), rng.random()
    size = round(14 - 6 * hard) if way == "small" else 30
    pale = round(170 + 40 * hard) if way == "pale" else 20
    image = Image.new("RGB", (900, 400), (225, 225, 225))
    ImageDraw.Draw(image).text((450, 200), words, font=font(size), fill=(pale, pale, pale), anchor="mm")
    image = spoilt(image, rng, 25 * hard if way == "tilted" else 0, 20 + 60 * hard if way == "grainy" else 2)
    return Case(image, (Ask("Read the text.", lambda said: said.split() == words.split()),))


def page(rng: random.Random) -> Case:
    """Twelve lines of prose."""
    lines = [" ".join(rng.choices(WORDS, k=8)) for _ in range(12)]
    image = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((60, 60 + 46 * row), line, font=font(25), fill=(15, 15, 15))
    wanted = " ".join(lines).split()
    return Case(
        image,
        (
            Ask("Transcribe this page.", lambda said: _share(wanted, said.split()) >= 0.98),
            Ask("What language is it?", has("English")),
            Ask("Is this a photo of a cat?", no),
            Ask("What is the invoice number?", declines),
        ),
    )


def _share(wanted: list[str], got: list[str]) -> float:
    """How much of the words came out, in order."""
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)


def chart(rng: random.Random) -> Case:
    """Bars with their values printed over them, an axis beside them."""
    names = rng.sample(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), 5)
    values = rng.sample(range(12, 100), 5)
    image = Image.new("RGB", (760, 480), "white")
    draw = ImageDraw.Draw(image)
    draw.text((380, 30), "Visitors a day", font=font(28), fill="black", anchor="mm")
    for value in range(0, 101, 25):
        draw.text((70, 420 - 3.4 * value), str(value), font=font(18), fill="black", anchor="rm")
        draw.line((80, 420 - 3.4 * value, 720, 420 - 3.4 * value), fill=(225, 225, 225))
    hue = COLOURS[rng.choice(("blue", "green", "orange"))]
    for i, (name, value) in enumerate(zip(names, values, strict=True)):
        x = 110 + 122 * i
        draw.rectangle((x, 420 - 3.4 * value, x + 80, 420), fill=hue)
        draw.text((x + 40, 408 - 3.4 * value), str(value), font=font(18), fill="black", anchor="mm")
        draw.text((x + 40, 440), name, font=font(20), fill="black", anchor="mm")
    one = rng.randrange(5)
    return Case(
        image,
        (
            Ask("What kind of picture is this?", has("chart")),
            Ask(f"What is the value for {names[one]}?", has(str(values[one]))),
            Ask("Which day has the most visitors?", has(names[values.index(max(values))])),
            Ask("Which day has the fewest visitors?", has(names[values.index(min(values))])),
            Ask("What is the title?", has("Visitors a day")),
            Ask("How many visitors altogether?", has(str(sum(values)))),
        ),
    )


def code(rng: random.Random) -> Case:
    """A QR code or a bar code on white."""
    square = rng.random() < 0.5
    held = f"https://example.com/{rng.randrange(10**6)}" if square else f"LOT-{rng.randrange(10**6):06}"
    kind = zxingcpp.BarcodeFormat.QRCode if square else zxingcpp.BarcodeFormat.Code128
    drawn = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(held, kind), scale=6 if square else 3))
    image = Image.new("RGB", (drawn.shape[1] + 80, drawn.shape[0] + 80), "white")
    image.paste(Image.fromarray(drawn).convert("RGB"), (40, 40))
    return Case(
        image,
        (
            Ask(f"What does the {'QR code' if square else 'bar code'} say?", has(held)),
            Ask("What is this?", has("QR code" if square else "Code 128")),
            Ask("Read the code.", has(held)),
            Ask("How many codes are there?", has("one")),
            Ask(f"Is there a {'QR code' if square else 'bar code'}?", yes),
        ),
    )


def plain(rng: random.Random) -> Case:
    """One colour and nothing else."""
    hue = rng.choice(list(COLOURS))
    size = rng.choice(((300, 200), (1, 1), (900, 12), (64, 640)))
    return Case(
        Image.new("RGB", size, COLOURS[hue]),
        (
            Ask("Describe this picture.", has(hue)),
            Ask("What colour is it?", has(hue)),
            Ask("Read the text.", declines),
            Ask("Is there a dog?", no),
            Ask("What is she wearing?", declines),
        ),
    )


FAMILIES: dict[str, tuple[Callable[[random.Random], Case], int]] = {
    "shapes": (shapes, 12),
    "table": (table, 10),
    "receipt": (receipt, 8),
    "sign": (sign, 8),
    "hard text": (hard_text, 40),
    "page": (page, 4),
    "chart": (chart, 8),
    "code": (code, 8),
    "plain": (plain, 8),
}


def cases(family: str, seed: int) -> Iterator[Case]:
    """So many pictures of a family, the same for the same seed."""
    draw, count = FAMILIES[family]
    rng = random.Random(f"{family} {seed}")
    for _ in range(count):
        yield draw(rng)
