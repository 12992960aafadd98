import random

import pytest

from pollux.engines.builtin.paint.people import person_entry, tone_of


@pytest.mark.parametrize(
    ("name", "attributes", "entry"),
    [
        ("man", (), "man"), ("man", ("elderly", "japanese"), "old-man"), ("grandmother", (), "old-woman"),
        ("potter", ("weathered",), "older-person"), ("woman", ("red-haired",), "woman-red-hair"),
        ("man", ("with a beard",), "man-beard"), ("little girl", (), "girl"), ("bald man", (), "man-bald"),
        ("cat", ("old",), ""), ("astronaut", (), ""), ("", (), ""),
    ],
)  # fmt: skip
def test_age_hair_and_sex_choose_the_drawing(name: str, attributes: tuple[str, ...], entry: str) -> None:
    assert person_entry(name, attributes) == entry


def test_skin_is_as_told_and_otherwise_any() -> None:
    assert tone_of("an elderly japanese man", random.Random(1)) == "light"
    assert tone_of("nigerian doctor", random.Random(1)) == "dark"
    assert {tone_of("doctor", random.Random(seed)) for seed in range(20)} == {"light", "medium", "dark"}
