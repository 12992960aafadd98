import pytest

from pollux.engines.builtin.paint import art, svg
from pollux.engines.builtin.paint.art import Drawing

ARCHIVE = art.load()


def ink(drawing: Drawing) -> float:
    """The share of its box that a drawing covers."""
    sheet = svg.Sheet(64, 64)
    sheet.add(art.place(drawing, 0, 0, 64, 64))
    return float((svg.raster(sheet.markup(), 64, 64)[..., 3] > 0).mean())


def test_thousands_of_names_are_known() -> None:
    assert len(ARCHIVE.names()) > 10_000


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ("penguin", "penguin"), ("Penguins", "penguin"), ("the apples", "red-apple"), ("puppy", "dog"),
        ("bicycles", "bicycle"), ("slice of pizza", "pizza"), ("cup of coffee", "coffee-mug"),
        ("red panda", "red-panda"),         ("sports car", "sports-car"), ("bouquet of roses", "bouquet"),
        ("lighthouse", "lighthouse"),
    ],
)  # fmt: skip
def test_names_plurals_synonyms_and_phrases(asked: str, drawn: str) -> None:
    found = ARCHIVE.find(asked)
    assert found is not None
    assert (found.name, found.left) == (drawn, ())
    assert ARCHIVE.knows(asked) or " of " in asked


def test_a_head_noun_stands_for_the_phrase_and_says_what_is_missing() -> None:
    found = ARCHIVE.find("purple penguin")
    assert found is not None
    assert (found.name, found.left) == ("penguin", ("purple",))
    assert not ARCHIVE.knows("purple penguin")


def test_what_nobody_drew_is_not_found() -> None:
    assert ARCHIVE.find("zorblax") is None
    assert ARCHIVE.find("") is None
    assert not ARCHIVE.knows("zorblax")


def test_meaning_helps_where_names_do_not_but_only_when_it_is_near() -> None:
    def near(likeness: float) -> art.Near:
        return lambda _, known: (list(known).index("guitar"), likeness)

    found = ARCHIVE.find("stratocaster", near=near(0.9))
    assert found is not None
    assert found.name == "guitar"
    assert ARCHIVE.find("stratocaster", near=near(0.2)) is None


def test_every_look_is_drawn_and_fills_its_box() -> None:
    for look, least in (("colour", 0.25), ("flat", 0.25), ("line", 0.08)):
        found = ARCHIVE.find("rocket", look)  # type: ignore[arg-type]
        assert found is not None
        assert found.look == look
        assert ink(found) > least


def test_people_have_tones_of_skin() -> None:
    markups = {ARCHIVE.draw("cook", tone=tone).markup for tone in ("light", "medium", "dark")}
    assert len(markups) == 3


def test_two_drawings_share_no_ids() -> None:
    one, other = ARCHIVE.draw("red-apple"), ARCHIVE.draw("rocket")
    sheet = svg.Sheet(200, 100)
    sheet.add(art.place(one, 0, 0, 100, 100) + art.place(other, 100, 0, 100, 100))
    alone = svg.Sheet(200, 100)
    alone.add(art.place(other, 100, 0, 100, 100))
    both = svg.raster(sheet.markup(), 200, 100)[:, 100:]
    assert (both == svg.raster(alone.markup(), 200, 100)[:, 100:]).all()


def test_a_file_that_is_no_archive_is_refused() -> None:
    with pytest.raises(ValueError, match="make_art"):
        art.Art(b"something else")


def test_everyday_nouns_have_drawings_and_marks_of_companies_have_none() -> None:
    archive = art.load()
    told = "bench shelf windowsill cliff boulder altar wall fence path campfire hammock spacesuit chopsticks apron"
    more = "sweater swing macaron oven hammer surfboard toaster armor sword cabin cottage skateboard"
    looks = {name: archive.find(name) for name in f"{told} {more}".split()}
    assert [name for name, found in looks.items() if found is None or found.look == "line"] == []
    steam = archive.find("steam")
    assert steam is None or not steam.name.startswith("mdi")
    assert not archive.knows("docker")
