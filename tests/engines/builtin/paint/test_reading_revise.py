"""Follow-ups in a chat change the plan and leave the rest of it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pollux.engines.builtin.paint.plan import Scene, Work
from pollux.engines.builtin.paint.reading import read, revise

CAT = read("A cat wearing a red scarf on a sofa, with the text 'Hi'")


def revised(text: str, work: Work = CAT) -> Scene:
    """The scene after a follow-up that is understood."""
    after = revise(work, text)
    assert after is not None
    return after.scenes[0]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("make the background white", "background", "white"),
        ("change the background to a beach", "setting", "beach"),
        ("turn it into a watercolor", "style", "watercolour"),
        ("make it a sticker", "layout", "sticker"),
        ("make it rain", "weather", "rain"),
        ("put it in space", "setting", "space"),
    ],
)
def test_looks(text: str, field: str, value: str) -> None:
    after = revised(text)
    assert getattr(after, field) == value
    assert after.subjects == CAT.scenes[0].subjects


def test_light() -> None:
    before = CAT.scenes[0]
    after = revised("That's great, but can you make the lighting a bit warmer?")
    assert 0 < after.light.warmth < revised("make the lighting warmer").light.warmth
    assert replace(after, light=before.light) == before
    assert revised("make it night").light.time == "night"


def test_things() -> None:
    assert [thing.name for how, thing in revised("add a hat").subjects[0].with_ if how == "wearing"] == ["scarf", "hat"]
    assert [thing.name for thing in revised("add a small dog on the left").subjects] == ["cat", "dog"]
    assert revised("give the cat sunglasses").subjects[0].with_[-1][1].name == "sunglasses"
    assert [thing.name for _, thing in revised("remove the scarf").subjects[0].with_] == ["sofa"]
    assert revised("make the scarf blue").subjects[0].with_[0][1].colours == ("blue",)
    assert revised("make it three cats").subjects[0].count == 3
    assert revised("replace the cat with a fox").subjects[0].name == "fox"
    assert revised("make the cat bigger").subjects[0].scale > 1


def test_expression_with_all_else_kept() -> None:
    after = revised("Keep everything the same, but change the character's expression to be more serious.")
    (cat,) = after.subjects
    assert "serious" in cat.attributes
    assert replace(after, subjects=CAT.scenes[0].subjects) == CAT.scenes[0]


def test_words() -> None:
    assert [one.text for one in revised("change the text to 'Bye'").lettering] == ["Bye"]
    assert [one.text for one in revised("Change the title to Good Morning").lettering] == ["Good Morning"]


def test_another_language_only_where_every_label_is_known() -> None:
    known = read('Infographic about photosynthesis. Show the "ingredients" (sunlight, water, CO2).')
    after = revise(known, "Update this infographic to be in Spanish. Do not change any other elements of the image.")
    assert after is not None
    assert not after.notes
    assert after.scenes[0].steps[0].items == ("Luz solar", "Agua", "CO2")
    for work, language in ((CAT, "Spanish"), (known, "Japanese")):
        same = revise(work, f"Now in {language}, please make it so")
        assert same is not None
        assert same.scenes == work.scenes
        assert "no translator" in same.notes[0]


@pytest.mark.parametrize("text", ["What is this?", "a picture of a dog", "thanks!", "a dog", ""])
def test_what_is_no_change(text: str) -> None:
    assert revise(CAT, text) is None
