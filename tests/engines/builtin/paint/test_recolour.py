import numpy as np
import pytest

from pollux.engines.builtin.colours import NAMES, named
from pollux.engines.builtin.paint import art, svg
from pollux.engines.builtin.paint.recolour import recoloured


def shares(drawing: art.Drawing) -> dict[str, float]:
    """The named colours of a drawing's pixels."""
    sheet = svg.Sheet(96, 96)
    sheet.add(art.place(drawing, 0, 0, 96, 96))
    picture = svg.raster(sheet.markup(), 96, 96)
    counts = np.bincount(named(picture[picture[..., 3] > 200][None, :, :3]).ravel(), minlength=len(NAMES))
    return {name: float(count / counts.sum()) for name, count in zip(NAMES, counts, strict=True) if count}


@pytest.mark.parametrize(
    ("thing", "colour", "seen"),
    [
        ("apple", "blue", ("blue", "dark blue", "light blue")), ("mug", "matte black", ("black", "dark gray")),
        ("car", "green", ("green", "dark green", "light green")), ("mug", "red", ("red", "dark red")),
        ("t-shirt", "purple", ("purple", "lavender", "magenta")), ("vase", "yellow", ("yellow", "olive")),
    ],
)  # fmt: skip
def test_the_asked_colour_is_what_is_seen_most(thing: str, colour: str, seen: tuple[str, ...]) -> None:
    found = art.load().find(thing)
    assert found is not None
    after = shares(recoloured(found, (colour,)))
    assert sum(after.get(name, 0) for name in seen) > 0.45
    assert max(after, key=lambda name: after[name]) in seen


def test_what_is_not_of_the_main_colour_stays() -> None:
    apple = art.load().draw("red-apple")
    before, after = shares(apple), shares(recoloured(apple, ("blue",)))
    leaf = ("green", "light green")
    assert sum(before.get(name, 0) for name in leaf) > 0.03
    assert sum(after.get(name, 0) for name in leaf) > 0.03


def test_materials_have_colours_too_and_other_words_change_nothing() -> None:
    mug = art.load().find("coffee mug")
    assert mug is not None
    wooden = shares(recoloured(mug, (), ("wooden",)))
    assert max(wooden, key=lambda name: wooden[name]) == "brown"
    assert recoloured(mug, (), ("happy",)) is mug
