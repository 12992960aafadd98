"""From a conversation to one wish."""

from __future__ import annotations

import pytest

from pollux.engines.diffusers.wish import wish
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from tests.engines.diffusers.kit import asking, media, model, pixels, user

A, B, C = (media(pixels(n)) for n in range(3))


def test_words_and_pictures_of_the_latest_turn_count() -> None:
    found = wish(asking(user("a fox", A), model(B), user("now this", C, "in red")))
    assert (found.words, found.pictures, found.given) == ("now this\nin red", (C,), True)


def test_a_follow_up_is_about_the_picture_made_last() -> None:
    found = wish(asking(user("a fox", A), model("here", B), user("make it blue")))
    assert (found.words, found.pictures, found.given) == ("make it blue", (B,), False)
    assert found.story == "a fox\nmake it blue"


def test_a_story_begins_where_the_picture_came() -> None:
    found = wish(asking(user("a fox"), model(B), user("this instead", C), model(B), user("make it blue")))
    assert found.story == "this instead\nmake it blue"


def test_system_instruction_comes_behind_the_words() -> None:
    """Encoders cut off what is too long, and the words are what was asked."""
    assert wish(asking(user("a fox"), system="Draw in ink.")).words == "a fox\nDraw in ink."


def test_what_is_not_wanted_is_no_word_of_what_is() -> None:
    found = wish(asking(user("a fox\nWithout: snow, trees"), system="Draw in ink."))
    assert (found.words, found.negative) == ("a fox\nDraw in ink.", "snow, trees")
    assert wish(asking(user("a fox without snow"))).words == "a fox without snow"


def test_a_text_file_is_words() -> None:
    note = Media("text", "text/plain", b"with a hat", "", field="contents[0].parts[1]")
    assert wish(asking(user("a fox", note))).words == "a fox\nwith a hat"


def test_pages_and_silence_are_refused() -> None:
    pages = Media("document", "application/pdf", b"", "", field="contents[0].parts[1]")
    with pytest.raises(InvalidArgument, match=r"contents\[0\].parts\[1\]: .*document"):
        wish(asking(user("a fox", pages)))
    with pytest.raises(InvalidArgument, match="contents: say what"):
        wish(asking(user(A)))
    with pytest.raises(InvalidArgument, match="responseModalities: models/tiny makes pictures"):
        wish(asking(user("hello"), canvas=None))
