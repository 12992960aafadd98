"""Words with two readings: colours that are food, verbs that are nouns, what names lettering, air and sky."""

from __future__ import annotations

import pytest

from pollux.engines.builtin.drawn import account
from pollux.engines.builtin.paint.plan import Scene
from pollux.engines.builtin.paint.reading import read


def one(prompt: str) -> Scene:
    """The only scene of a prompt."""
    (scene,) = read(prompt).scenes
    return scene


def names(prompt: str) -> list[str]:
    """What is to be seen."""
    return [subject.name for subject in one(prompt).subjects]


@pytest.mark.parametrize(
    ("prompt", "seen", "palette"),
    [
        ("A retro poster with a lighthouse and the moon, in deep blue and cream.", ["lighthouse", "moon"],
         ("deep blue", "cream")),
        ("A logo with a rocket in peach, rose and olive", ["rocket"], ("peach", "rose", "olive")),
        ("A boat on a lake, in navy and mint", ["boat"], ("navy", "mint")),
        ('A poster of a fox in orange and mint with the headline "Wild"', ["fox"], ("orange", "mint")),
        ("A bowl of cream and a peach", ["cream", "peach"], ()),
        ("Bread in olive oil and lemon juice", ["bread", "lemon juice"], ()),
    ],
)  # fmt: skip
def test_a_list_of_colours_is_the_palette(prompt: str, seen: list[str], palette: tuple[str, ...]) -> None:
    assert (names(prompt), one(prompt).palette) == (seen, palette)


@pytest.mark.parametrize(
    ("prompt", "colours"),
    [("A cream and blue lighthouse", ("cream", "blue")), ("A man in red and olive", ("red", "olive"))],
)
def test_beside_a_colour_a_food_is_a_colour(prompt: str, colours: tuple[str, ...]) -> None:
    assert one(prompt).subjects[0].colours == colours


def test_fruit_beside_a_fruit_stays_fruit() -> None:
    assert names("An orange and a lemon and a red apple")[:2] == ["orange", "lemon"]


@pytest.mark.parametrize("name", ["title", "small subtitle", "line", "caption", "headline", "tagline", "footer"])
def test_what_names_the_lettering_is_not_drawn(name: str) -> None:
    scene = one(f'A poster with the title "Night", the {name} "Free entry" and a lighthouse')
    assert [subject.name for subject in scene.subjects] == ["lighthouse"]
    assert [letter.text for letter in scene.lettering] == ["Night", "Free entry"]


def test_stars_are_nobody_s_things() -> None:
    (volcano,) = one("A volcano, smoke rising, stars above").subjects
    assert (volcano.attributes, volcano.with_) == (("smoking",), ())


def test_a_caption_is_the_narrators_and_speech_is_spoken() -> None:
    scene = one(
        'A 3 panel comic about a cat. Panel 1: the cat in a street, caption "Night." '
        'Panel 2: the cat finds a fish, saying "Aha!" Panel 3: the cat asleep, caption "Closed.", saying "Purr"'
    )
    steps = scene.steps
    said = [[(letter.role, letter.text) for letter in step.scene.lettering] for step in steps if step.scene]
    assert [step.title for step in steps] == ["Night.", "", "Closed."]
    assert said == [[], [("speech", "Aha!")], [("speech", "Purr")]]
    assert steps[2].scene is not None
    assert "sleeping" not in account(scene)
    assert (steps[2].scene.subjects[0].name, steps[2].scene.subjects[0].attributes) == ("cat", ("sleeping",))


@pytest.mark.parametrize("sky", ["stars above", "under the stars", "under a starry sky"])
def test_stars_are_weather(sky: str) -> None:
    scene = one(f"A tent in a forest, {sky}")
    assert ([subject.name for subject in scene.subjects], scene.weather, scene.light.time) == (["tent"], "stars",
                                                                                                "night")  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "seen"),
    [
        ("Two children building a sandcastle", "sandcastle"),
        ("Two children building sandcastles", "sandcastle"),
        ("A girl painting the fence", "fence"),
    ],
)
def test_a_noun_behind_somebody_is_a_verb(prompt: str, seen: str) -> None:
    scene = one(prompt)
    assert "building" not in str(scene.subjects)
    assert "painting" not in str(scene.subjects)
    assert [thing.name for _, thing in scene.subjects[0].with_] == [seen]


def test_a_building_stays_a_building() -> None:
    assert names("A brick building with a red door")[0].endswith("building")


def test_steam_is_the_thing_s_own() -> None:
    scene = one("A product photograph of a dark green ceramic teapot on a marble surface, steam rising.")
    assert [(subject.name, subject.attributes) for subject in scene.subjects] == [("teapot", ("ceramic", "steaming"))]
    assert "a steaming dark green ceramic teapot" in account(scene)
