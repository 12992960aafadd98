"""Prompts of many kinds become plans."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.engines.builtin.paint.plan import Scene, Subject
from pollux.engines.builtin.paint.reading import is_drawing, read

# Prompt, then what is to be seen: "count name" with "> relation name" for what each has.
THINGS = (
    ("a red bicycle leaning against a blue wall", "bicycle > beside wall"),
    ("Two dogs and three cats", "2 dog, 3 cat"),
    ("A dog chasing a cat", "dog > beside cat"),
    ("penguin", "penguin"),
    ("Can you draw me a horse?", "horse"),
    ("I want a picture of a hedgehog drinking tea in a tiny house", "hedgehog > eating tea > in house"),
    ("A teddy bear on the bed with three books beside it", "teddy bear > on bed, 3 book"),
    ("A robot wearing a top hat and sunglasses playing the guitar on a stage",
     "robot > wearing top hat > wearing sunglasses > holding guitar"),
    ("A snowman with a carrot nose, a black hat and a scarf", "snowman > wearing hat > wearing scarf"),
    ("Draw a pirate with a parrot on his shoulder and a wooden leg", "pirate > beside parrot"),
    ("A clown juggling five balls", "clown > holding 5 ball"),
    ("a dragon flying over a castle at sunset, oil painting", "dragon > above castle"),
    ("A steaming cup of coffee next to a croissant on a marble table", "coffee cup > beside croissant > on table"),
    ("Three green apples and two oranges in a wooden bowl", "3 green apple, 2 orange > in bowl"),
    ("A bouquet of red roses in a glass vase", "3 rose > in glass vase"),
    ("A hot air balloon floating above rolling hills", "hot air balloon"),
    ("Noir detective standing under a street lamp", "detective > under street lamp"),
    ("The quick brown fox jumps over the lazy dog", "fox > above dog"),
    ("a group of six penguins wearing red scarves", "6 penguin > wearing 3 scarf"),
    ("A yellow school bus in front of a red brick building", "school bus > behind building"),
    ("A tiger's face in the style of a Japanese woodblock print", "tiger"),
    ("Cute cartoon dinosaur eating pizza", "dinosaur > eating pizza"),
    ("A photo of a golden retriever puppy", "golden retriever puppy"),
    ("An old man fishing on a lake", "man"),
    ("A girl in a yellow raincoat holding a red umbrella in the rain", "girl > wearing raincoat > holding umbrella"),
    ("A black cat with a red collar sits on a fence under a full moon", "cat > on fence, full moon"),
    ("A set of four icons: sun, moon, star and cloud", "sun, moon, star, cloud"),
    ("A business card for 'Nova Dental' with a tooth icon", "tooth"),
    ("A comic about a dog named Max", "dog"),
    ("No people, just a quiet beach with palm trees and a hammock", "3 palm tree, hammock"),
)  # fmt: skip
# Prompt, then fields of the scene.
LOOKS: tuple[tuple[str, dict[str, object]], ...] = (
    ("five yellow ducks swimming in a pond", {"setting": "lake"}),
    (
        "Flat icon of a blue rocket on a transparent background",
        {"layout": "icon", "style": "flat", "background": "transparent"},
    ),
    ("Create an app icon with a white paper plane on a purple background", {"layout": "icon", "background": "purple"}),
    ("A low poly fox in a forest", {"style": "lowpoly", "setting": "forest"}),
    ("Papercut style mountains with a river", {"style": "papercut", "setting": "mountains"}),
    ("Pixel art of a knight in a dark dungeon", {"style": "pixel", "setting": "cave"}),
    ("An isometric illustration of a small bakery", {"style": "isometric"}),
    ("Van Gogh style painting of a sunflower field under a swirling starry sky", {"style": "oil", "setting": "field"}),
    ("Watercolor painting of a lighthouse in a storm", {"style": "watercolour", "weather": "storm"}),
    ("A black and white ink drawing of an old oak tree", {"style": "ink"}),
    ("A cyberpunk city street at night with flying cars", {"style": "neon", "setting": "street"}),
    (
        "A product photo of white sneakers on a pastel pink background",
        {"layout": "product", "background": "pastel pink"},
    ),
    (
        "A minimalist wallpaper with a tiny sailboat in the bottom left corner, pale blue background",
        {"layout": "minimal", "background": "pale blue", "empty": "top right"},
    ),
    (
        "A kawaii avocado with a happy face, sticker, thick white border, transparent background",
        {"layout": "sticker", "style": "kawaii", "background": "transparent"},
    ),
    ("An underwater scene with a school of orange fish", {"setting": "underwater"}),
    ("A mouse holding a cheese on the surface of mars", {"setting": "space"}),
    ("A beautiful mountain landscape", {"setting": "mountains", "subjects": ()}),
    ("Logo for a bakery called Golden Crust, in a circle", {"layout": "logo", "frame": "circle"}),
    ("A cozy cabin in a snowy forest at night", {"setting": "forest", "weather": "snow", "mood": "cosy"}),
    ("A photorealistic bottle of perfume on a black velvet surface", {"style": "photo", "surface": "black velvet"}),
)
LETTERS = (
    ('Design a poster for a jazz festival with the text "Blue Nights" and the tagline "June 5-7" in an art deco font',
     ["Blue Nights", "June 5-7"]),
    ("Make a birthday card for Anna with balloons and a cake", ["Happy Birthday, Anna!"]),
    ("A neon sign that says 'OPEN' on a brick wall", ["OPEN"]),
    ("A bakery logo called Golden Crust, with a wheat ear", ["Golden Crust"]),
    ("A card that says Happy Birthday with a cake", ["Happy Birthday"]),
    ("A poster titled “L'été” with a beach", ["L'été"]),
    ('A book cover titled "The Last Lighthouse" by Jane Doe, moody sea', ["The Last Lighthouse", "Jane Doe"]),
    ("Create a logo with the letter M in gold on a navy background", ["M"]),
    ("A flyer for a garage sale on Saturday, May 4", ["Garage sale", "Saturday, May 4"]),
    ("A sign reading «Bienvenue» at a door", ["Bienvenue"]),
)  # fmt: skip


def scene_of(prompt: str) -> Scene:
    """The only scene of a prompt."""
    (scene,) = read(prompt).scenes
    return scene


def shown(subject: Subject) -> str:
    """A subject in the short form of THINGS."""
    name = f"{subject.count} {subject.name}" if subject.count > 1 else subject.name
    return " > ".join([name, *(f"{how} {shown(one)}" for how, one in subject.with_)])


@pytest.mark.parametrize(("prompt", "expected"), THINGS)
def test_things(prompt: str, expected: str) -> None:
    assert ", ".join(shown(one) for one in scene_of(prompt).subjects) == expected


@pytest.mark.parametrize(("prompt", "expected"), LOOKS)
def test_looks(prompt: str, expected: dict[str, object]) -> None:
    scene = scene_of(prompt)
    assert {name: getattr(scene, name) for name in expected} == expected


@pytest.mark.parametrize(("prompt", "expected"), LETTERS)
def test_lettering(prompt: str, expected: list[str]) -> None:
    assert [one.text for one in scene_of(prompt).lettering] == expected


def test_places() -> None:
    cat, dog = scene_of("A cat on the left, a dog on the right").subjects
    assert cat.at is not None
    assert dog.at is not None
    assert cat.at[0] < 0.4
    assert dog.at[0] > 0.6
    fox, owl = scene_of("On the left a fox, on the right an owl").subjects
    assert fox.at is not None
    assert owl.at is not None
    assert fox.at[0] < 0.4
    assert owl.at[0] > 0.6


def test_colours_and_features() -> None:
    (woman,) = scene_of("A portrait of a smiling woman with curly brown hair and green eyes").subjects
    assert set(woman.attributes) == {"smiling", "brown curly hair", "green eye"}
    cat, dog = scene_of("A cat and a dog sitting on a bench. The cat is orange.").subjects
    assert (cat.colours, dog.colours, cat.attributes) == (("orange",), (), ("sitting",))


def test_art_settles_what_is_a_name() -> None:
    (leaf,) = read("a green bamboo leaf", know=lambda name: name in {"leaf", "bamboo leaf"}).scenes[0].subjects
    assert (leaf.name, leaf.colours) == ("bamboo leaf", ("green",))
    assert read("a fuzzy-eared space cat", know=lambda name: name == "cat").scenes[0].unknown == ()
    work = read("a cat and a flumph", know=lambda name: name == "cat")
    assert [one.name for one in work.scenes[0].subjects] == ["cat"]
    assert read("a flumph and a grell", know=lambda name: name == "cat").scenes[0].unknown == ("flumph", "grell")
    assert "flumph" in work.notes[0]


@pytest.mark.parametrize(
    ("prompt", "kind", "data"),
    [
        ("Bar chart of sales: Jan 10, Feb 20, Mar 15", "bar", [("Jan", 10, ""), ("Feb", 20, ""), ("Mar", 15, "")]),
        (
            "A pie chart showing 40% cats, 35% dogs and 25% birds",
            "pie",
            [("cats", 40, "%"), ("dogs", 35, "%"), ("birds", 25, "%")],
        ),
        (
            "A timeline of space: 1957 Sputnik, 1969 Moon landing",
            "timeline",
            [("Sputnik", 1957, ""), ("Moon landing", 1969, "")],
        ),
        (
            "Weather forecast for Berlin: Monday sunny 24°C, Tuesday rain -3°C",
            "weather",
            [("Monday", 24, "°C"), ("Tuesday", -3, "°C")],
        ),
        (
            "Line chart of revenue: 2021: 10 million, 2022: 14.5 million",
            "line",
            [("2021", 10, "million"), ("2022", 14.5, "million")],
        ),
    ],
)
def test_charts(prompt: str, kind: str, data: list[tuple[str, float, str]]) -> None:
    chart = scene_of(prompt).chart
    assert chart is not None
    assert chart.kind == kind
    assert [(one.label, one.value, one.unit) for one in chart.data] == data


def test_menu() -> None:
    scene = scene_of(
        'A menu for a restaurant called "Bella": Starters: bruschetta $6, tomato soup $5.50. Mains: lasagna $14'
    )
    assert [(step.title, step.items) for step in scene.steps] == [
        ("Starters", ("Bruschetta\t$6", "Tomato soup\t$5.50")),
        ("Mains", ("Lasagna\t$14",)),
    ]


def test_lists_and_arrows() -> None:
    tips = scene_of("Create an infographic about sleep: 3 tips: keep a schedule, avoid caffeine, dim the lights")
    assert [step.title for step in tips.steps] == ["Keep a schedule", "Avoid caffeine", "Dim the lights"]
    cycle = scene_of("Illustrate the water cycle as a diagram: evaporation -> condensation -> precipitation")
    assert [step.title for step in cycle.steps] == ["Evaporation", "Condensation", "Precipitation"]


def test_comic_as_told() -> None:
    scene = scene_of('Make a 2 panel comic. Panel 1: a cat jumps on a table. Panel 2: the fish says "Hello!"')
    first, second = (step.scene for step in scene.steps)
    assert first is not None
    assert second is not None
    assert (first.subjects[0].name, second.subjects[0].name) == ("cat", "fish")
    assert [(one.text, one.role) for one in second.lettering] == [("Hello!", "speech")]


def test_series() -> None:
    story = read("A story in 4 pictures about a little fox")
    assert len(story.scenes) == 4
    assert all(scene.subjects[0].name == "fox" for scene in story.scenes)
    varied = read("Give me three variations of a lighthouse on a cliff")
    assert len({(scene.style, scene.camera.shot, scene.light.time) for scene in varied.scenes}) == 3
    told = read("An illustrated guide in 2 images: Step 1: dig a hole. Step 2: plant the tree.")
    assert told.captions == ("### Step 1\n\nDig a hole.", "### Step 2\n\nPlant the tree.")
    assert len(read("A picture of three pictures on a wall").scenes) == 1


def test_system_instruction_is_the_default_look() -> None:
    assert read("a cat", system="Always paint in watercolor, at night.").scenes[0].style == "watercolour"
    assert read("a pixel art cat", system="Always paint in watercolor.").scenes[0].style == "pixel"


def test_other_languages_are_said_not_to_be_read() -> None:
    for prompt in ("一只红色的猫", "un gato rojo en la playa"):
        assert "English only" in read(prompt).notes[0]


@pytest.mark.parametrize(
    "prompt",
    [
        "a red fox",
        "Draw a cat",
        "Can you draw a cat?",
        "make it blue",
        "I would like a logo",
        "Create an illustrated story",
        "What other color sofas would work in my space? can you update the image?",
    ],
)
def test_wants_a_picture(prompt: str) -> None:
    assert is_drawing(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "What is in this picture?",
        "Describe this image",
        "hello",
        "Write a poem about the sea",
        "How many people are here?",
        "Generate a caption for this image",
        "Translate this to French",
        "",
    ],
)
def test_wants_words(prompt: str) -> None:
    assert not is_drawing(prompt)


_WORDS = (
    "a the red cat two with and , . : ; ( ) - → \" ' “ « in on left panel step 1 2 10% comic menu poster chart says of"
)
WORDS = _WORDS.split()


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join)))
def test_never_raises(prompt: str) -> None:
    work = read(prompt, system=prompt, know=lambda name: len(name) % 2 == 0)
    assert work.scenes
    assert len(work.scenes) == len(work.captions)
    is_drawing(prompt)


@pytest.mark.parametrize(
    "piece", ["a cat with a hat and ", "a-", '"', " 'a", "of ", "(a) ", "1. ", "panel 1: ", "b -> ", "5% a, "]
)
def test_time_grows_with_length_alone(piece: str) -> None:
    """Four times the text takes about four times as long; a quadratic reader would take sixteen times."""

    def least(size: int) -> float:
        text, took = (piece * size)[:size], []
        for _ in range(3):  # the least is the text's own; the rest is what else the machine does
            begin = time.process_time()
            read(text)
            took.append(time.process_time() - begin)
        return min(took)

    assert least(24_000) < 10 * least(6_000) + 0.1


@pytest.mark.parametrize(
    ("prompt", "texts", "seen"),
    [
        (
            'A poster for a jazz concert titled "Blue Note Night", Friday 8 pm, with a saxophone',
            ["Blue Note Night", "Friday 8 pm"],
            ["saxophone"],
        ),
        ("A business card for John Smith, architect, phone 555-1234", ["John Smith", "Architect", "555-1234"], []),
        (
            "Business card for Ana Paz, Senior Designer at Studio Nord, ana@nord.io, +34 600 123 456, www.nord.io",
            ["Ana Paz", "Senior Designer", "Studio Nord", "ana@nord.io", "+34 600 123 456", "www.nord.io"],
            [],
        ),
        ('A quote card: "Less is more" by Mies van der Rohe', ["Less is more", "— Mies van der Rohe"], []),
        (
            "Flyer for a yard sale on Saturday June 5 from 9am to 2pm at 12 Oak Street, free entry",
            ["Yard sale", "Saturday June 5 from 9am to 2pm", "12 Oak Street", "Free entry"],
            None,
        ),
        (
            "A wedding invitation for Anna & Tom, June 14 2025, 3 pm, Villa Rosa, Florence",
            ["Anna & Tom", "Wedding", "June 14 2025, 3 pm", "Villa Rosa", "Florence"],
            None,
        ),
        (
            "A certificate of achievement for Lena Park for completing the Python course",
            ["Certificate of Achievement", "Lena Park", "for completing the Python course"],
            [],
        ),
    ],
)
def test_details_are_lettering(prompt: str, texts: list[str], seen: list[str] | None) -> None:
    scene = read(prompt).scenes[0]
    assert [one.text for one in scene.lettering] == texts
    assert seen is None or [one.name for one in scene.subjects] == seen


@pytest.mark.parametrize(
    ("prompt", "on", "words"),
    [
        ('A neon sign that says "OPEN" on a brick wall', "sign", "OPEN"),
        ('A t-shirt that says "Hello"', "t-shirt", "Hello"),
        ('A white mug with the text "Best Dad" on a desk', "mug", "Best Dad"),
        ('A birthday cake with "Happy 30th" written on it', "cake", "Happy 30th"),
        ('A robot holding a sign that says "Will code"', "sign", "Will code"),
    ],
)
def test_things_carry_words(prompt: str, on: str, words: str) -> None:
    scene = read(prompt).scenes[0]
    assert scene.layout == "scene"
    assert [(one.on, one.text) for one in scene.lettering] == [(on, words)]


@pytest.mark.parametrize(
    ("prompt", "people"),
    [
        ("A family of four at the beach", ["man", "woman", "boy", "girl"]),
        ("a couple dancing", ["woman", "man"]),
        ("Two friends hiking in the mountains", ["woman", "man"]),
        ("Children playing in a park", ["girl", "boy", "girl"]),
    ],
)
def test_several_people_are_people(prompt: str, people: list[str]) -> None:
    assert [one.name for one in read(prompt).scenes[0].subjects] == people


def test_an_occasion_is_its_things_and_its_place() -> None:
    scene = read("A man and a woman having a picnic").scenes[0]
    assert [one.name for one in scene.subjects] == ["man", "woman", "basket", "sandwich"]
    assert scene.setting == "park"


def test_a_menu_begins_with_its_first_dish_and_keeps_its_currency() -> None:
    menu = read(
        'A menu for an Italian restaurant called "Bella Roma" with pizza 12 euros, burger with fries $14'
    ).scenes[0]
    assert menu.steps[0].items == ("Pizza\t12 €", "Burger with fries\t$14")


def test_what_is_in_the_background_belongs_to_the_thing_named() -> None:
    lady = read("portrait of a young woman with red hair, mountains in the background").scenes[0]
    assert ([one.name for one in lady.subjects], lady.setting) == (["woman"], "mountains")
    dog = read("A dog on a couch with a lamp in the background").scenes[0].subjects
    assert dog[0].at is None
    assert dog[1].at is not None


def test_emoji_and_slips_are_read() -> None:
    known = {"cat", "top hat", "astronaut", "horse"}.__contains__
    (cat,) = read("\N{CAT FACE} wearing a \N{TOP HAT}", know=known).scenes[0].subjects
    assert (cat.name, cat.with_[0][1].name) == ("cat", "top hat")
    work = read("a astronaut rideing a hors", know=known)
    assert work.scenes[0].subjects[0].with_[0] == ("riding", Subject("horse"))
    assert 'Read "hors" as "horse".' in work.notes
    assert read("a story about a cat", know=known).notes == ()


def test_a_forecast_has_its_sky_and_what_to_wear() -> None:
    scene = read("Weather forecast for Oslo: Monday sunny 24°C, Tuesday rain 9°C, and what I should wear").scenes[0]
    assert [(step.title, step.items) for step in scene.steps] == [
        ("Monday", ("Sunny", "T-shirt")),
        ("Tuesday", ("Rain", "Jacket", "Umbrella")),
    ]
