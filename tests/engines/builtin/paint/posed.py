"""Scenes with lettering, of every layout that sets words, with the sizes they are drawn at: (scene, width, height)."""

from __future__ import annotations

from collections.abc import Iterator

from pollux.engines.builtin.paint.layouts import wording
from pollux.engines.builtin.paint.plan import Chart, Datum, Layout, Lettering, Scene, Step, Subject

Posed = tuple[Scene, int, int]
SIZES = ((1024, 1024), (1344, 768), (768, 1344), (896, 1152), (1584, 672), (1152, 896))
ROLES = ("title", "subtitle", "body", "body", "body")
_LETTERED: tuple[tuple[Layout, str, str, str], ...] = (  # layout, mood, subject, lines
    ("logo", "modern minimalist", "coffee bean", "The Daily Grind"),
    ("logo", "modern", "fox", "Foxglove Studio|Design & Illustration"),
    ("logo", "nature", "carrot", "Green Acre|Farm shop since 1987"),
    ("logo", "elegant", "mountain", "Summit Capital"),
    ("logo", "tech", "rocket", "Orbital Labs|Launch faster"),
    ("logo", "playful", "elephant", "Tiny Trunk Toys"),
    ("logo", "luxury", "crown", "Maison Verre"),
    ("logo", "bold", "dumbbell", "Iron Harbor Gym"),
    ("logo", "hand", "bread", "Old Mill Bakery|Fresh every morning"),
    ("poster", "retro", "saxophone", "Jazz Night|Live at the Blue Door|Friday 12 June, 8 pm|14 Harbour Street"),
    ("poster", "playful", "dinosaur", "Mia is turning 5!|Come and roar with us|Saturday 3 May at 2 pm"),
    ("poster", "tech", "robot", "Build the Future|24 hour hackathon|March 21, 2026|Innovation Hall, Berlin"),
    ("poster", "bold", "", "SUMMER SALE|Up to 50% off everything|This weekend only"),
    ("poster", "nature", "tomato", "Farmers Market|Every Sunday morning|Old Town Square"),
    ("poster", "elegant", "rose", "Spring Gala|An evening of music and light|Grand Hotel"),
    ("poster", "noir", "detective", "The Long Shadow|A film by R. Marlowe|In cinemas October 9"),
    ("poster", "cozy", "coffee cup", "But first, coffee"),
    ("poster", "modern", "bicycle", "Car Free Sunday|The whole city on two wheels|20 September, 10 to 17"),
    ("poster", "festive christmas", "christmas tree", "Winter Market|Mulled wine and music|December 6 to 23"),
    ("poster", "bold", "guitar", "ROCK THE DOCKS|Five bands, one night|Pier 7"),
    ("poster", "hand", "sunflower", "Plant Swap|Bring one, take one|Community Garden, Saturday at noon"),
    ("poster", "modern", "", "Keep calm and read a book"),
    ("poster", "tech neon", "", "SYSTEM ONLINE|All services are running"),
    ("card", "elegant wedding", "rose", "Anna & James|are getting married|14 June 2026|Rosewood Manor, Kent"),
    ("card", "playful birthday", "", "Happy Birthday, Leo!|With love from all of us"),
    ("card", "elegant", "", "Certificate of Achievement|Maria Gonzalez|for outstanding work in the science fair"),
    ("card", "modern", "mountain", "Elena Torres|Architect|elena@torres-studio.com|+34 600 123 456"),
    ("card", "modern", "", "The only way to do great work is to love what you do every single day.|Nora Fields"),
    ("card", "label nature", "honey pot", "Wild Meadow Honey|Raw and unfiltered|350 g"),
    ("card", "christmas", "christmas tree", "Merry Christmas|and a happy new year"),
    ("card", "hand", "sunflower", "Thank you so much"),
    ("card", "luxury", "", "Grand Opening|Thursday, 5 November, 7 pm|Harbour Arcade"),
    ("card", "retro", "", "You are cordially invited|Garden party with music and cake|Sunday 2 August"),
    ("card", "festive", "pumpkin", "Harvest Dinner|Bring a friend|Barn doors open at six"),
)  # fmt: skip


def posed() -> tuple[Posed, ...]:
    """Fifty scenes."""
    return tuple((scene, *SIZES[n % len(SIZES)]) for n, scene in enumerate(_scenes()))


def words(scene: Scene) -> list[str]:
    """The words that are to be read in a scene's picture, of two letters and more."""
    told = " ".join(wording.all_of(scene)).replace("\t", " ")
    return [word for part in told.split() if len(word := plain(part)) > 1]


def plain(word: str) -> str:
    """Letters and digits alone, small."""
    return "".join(letter for letter in word.lower() if letter.isalnum())


def _scenes() -> Iterator[Scene]:
    for layout, mood, subject, lines in _LETTERED:
        parts = tuple(Lettering(text, role) for text, role in zip(lines.split("|"), ROLES, strict=False))
        frame = "circle" if subject == "coffee bean" else ""
        yield Scene(layout, subjects=(Subject(subject),) if subject else (), mood=mood, lettering=parts, frame=frame)
    yield from _menus()
    yield from _graphics()
    yield from _comics()


def _menus() -> Iterator[Scene]:
    starters = Step(
        "Starters", ("Bruschetta\t€7.50", "Caprese: mozzarella, tomato, basil\t€9.00", "Soup of the day\t€6.50")
    )
    mains = Step("Mains", ("Tagliatelle\t€14.00", "Sea bass with fennel\t€21.50", "Mushroom risotto\t€16.00"))
    cakes = Step("Cakes", ("Carrot cake\t€4.50", "Brownie\t€3.20", "Lemon tart\t€4.90"), "cake")
    coffee = Step("Coffee", ("Espresso\t€2.50", "Latte\t€3.80", "Flat white\t€3.60"), "coffee")
    yield Scene("menu", mood="elegant", lettering=(Lettering("Trattoria Luna"),), steps=(starters, mains))
    yield Scene("menu", mood="hand", lettering=(Lettering("Corner Café"),), steps=(coffee, cakes))
    yield Scene("menu", mood="modern", lettering=(Lettering("Brunch"),), steps=(coffee, starters, cakes))


def _graphics() -> Iterator[Scene]:
    kitchen = (Step("Ingredients", ("Sunlight", "Water", "CO2")), Step("Finished dish", ("Sugar", "Energy")))
    tea = (Step("Boil water", ("Heat to 80 degrees",), "teapot"), Step("Add leaves", ("Two grams a cup",), "leaf"))
    trip = (Step("Pack light", icon="backpack"), Step("Book early", icon="airplane"), Step("Have fun", icon="beach"))
    for mood, title, steps in (
        ("playful kids cookbook", "How plants cook", kitchen), ("modern", "Brewing green tea", tea),
        ("retro", "Three travel tips", trip), ("tech", "How plants cook", kitchen),
    ):  # fmt: skip
        yield Scene("infographic", mood=mood, lettering=(Lettering(title),), steps=steps)
    quarters = (
        Datum("Spring", 120, "k"),
        Datum("Summer", 150, "k"),
        Datum("Autumn", 90, "k"),
        Datum("Winter", 180, "k"),
    )
    budget = (Datum("Rent", 45, "%"), Datum("Food", 25, "%"), Datum("Travel", 20, "%"), Datum("Savings", 10, "%"))
    flight = (Datum("Kitty Hawk", 1903), Datum("Moon landing", 1969), Datum("Space shuttle", 1981))
    sky = (Datum("Mon", 18, "°C"), Datum("Tue", 16, "°C"), Datum("Wed", 21, "°C"))
    days = (Step("Mon", ("Sunny",)), Step("Tue", ("Cloudy",)), Step("Wed", ("Rain",)))
    yield Scene("infographic", chart=Chart("bar", quarters, "Visitors by season"))
    yield Scene("infographic", mood="tech", chart=Chart("line", quarters, "Visitors by season"))
    yield Scene("infographic", mood="playful", chart=Chart("pie", budget, "Monthly budget"))
    yield Scene("infographic", mood="retro", chart=Chart("timeline", flight, "A century of flight"))
    yield Scene("infographic", chart=Chart("weather", sky, "The next days"), steps=days)


def _comics() -> Iterator[Scene]:
    told = (
        ("Once upon a time", "Good morning, moon!"),
        ("Later that day", "Where is my hat?"),
        ("The end", "Here it is."),
    )
    for style, who in (("cartoon", "robot"), ("noir", "cat"), ("illustration", "fox"), ("ink", "penguin")):
        panels = tuple(
            Step(line, scene=Scene(subjects=(Subject(who),), setting="city", lettering=(Lettering(said, "speech"),)))
            for line, said in told
        )  # fmt: skip
        yield Scene("comic", style=style, steps=panels)  # type: ignore[arg-type]
