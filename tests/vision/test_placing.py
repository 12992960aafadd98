"""Labels do not cover each other, whatever is asked."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.vision.placing import MOST_LABELS, Placed, Rectangle, place

PICTURE = (800, 600)
THINGS = st.lists(
    st.tuples(st.integers(0, 700), st.integers(0, 500), st.integers(1, 400), st.integers(1, 300)).map(
        lambda t: (t[0], t[1], min(t[0] + t[2], 800), min(t[1] + t[3], 600))
    ),
    max_size=40,
)


def apart(spots: list[Placed | None], sizes: list[tuple[int, int]]) -> bool:
    placed = [(s.x, s.y, s.x + w, s.y + h) for s, (w, h) in zip(spots, sizes, strict=True) if s is not None]
    inside = all(a[0] >= 0 and a[1] >= 0 and a[2] <= PICTURE[0] and a[3] <= PICTURE[1] for a in placed)
    return inside and all(
        a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(placed, 2)
    )


@given(THINGS, st.integers(10, 300), st.integers(8, 40))
@settings(deadline=None, max_examples=60)
def test_labels_never_cover_each_other_nor_leave_the_picture(things: list[Rectangle], width: int, height: int) -> None:
    sizes = [(width, height)] * len(things)
    assert apart(place(things, sizes, PICTURE), sizes)


def test_one_label_stands_above_its_box() -> None:
    assert place([(100, 100, 200, 180)], [(60, 20)], PICTURE) == [Placed(100, 80)]


def test_sixty_labels_find_room() -> None:
    rng = np.random.default_rng(0)
    corners = rng.integers(0, (700, 520), (60, 2))
    things = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, rng.integers(20, 90, (60, 2)), strict=True)]
    sizes = [(60, 16)] * 60
    spots = place(things, sizes, PICTURE)
    assert all(spot is not None for spot in spots)
    assert apart(spots, sizes)


def test_things_in_one_place_have_labels_that_stand_off() -> None:
    sizes = [(80, 20)] * 30
    spots = place([(390.0, 290.0, 410.0, 310.0)] * 30, sizes, PICTURE)
    assert apart(spots, sizes)
    assert sum(spot is not None for spot in spots) == 30
    assert any(spot is not None and spot.far for spot in spots)


def test_no_room_no_label() -> None:
    assert place([(0, 0, 5, 5)], [(900, 20)], PICTURE) == [None]
    assert place([], [], PICTURE) == []
    many = [(300.0, 200.0, 340.0, 220.0)] * (MOST_LABELS + 5)
    assert sum(spot is not None for spot in place(many, [(2, 2)] * len(many), PICTURE)) <= MOST_LABELS
