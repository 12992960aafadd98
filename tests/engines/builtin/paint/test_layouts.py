from __future__ import annotations

import re

import numpy as np
import pytest

from pollux.engines.builtin.paint import art, layouts
from pollux.engines.builtin.paint.layouts import chart, menu
from pollux.engines.builtin.paint.plan import Chart, Datum, Lettering, Scene, Step, Subject
from pollux.engines.builtin.paint.svg import Sheet, raster
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.text import Reader
from tests.engines.builtin.paint.posed import plain, posed, words

SHARE = 0.95  # of all words that are to be found


def drawn(scene: Scene, width: int, height: int, seed: int = 0) -> Pixels:
    unit = 1000 / min(width, height)
    sheet = Sheet(width * unit, height * unit)
    layouts.draw(scene, sheet, art.load(), seed)
    return np.ascontiguousarray(raster(sheet.markup(), width, height)[..., :3])


def found(reader: Reader, scene: Scene, picture: Pixels) -> tuple[int, int]:
    """How many of a scene's words are read in its picture, and how many there are."""
    lines = [" ".join(plain(word) for word in line.text.split()) for line in reader.read(picture)]
    told = words(scene)
    seen = {word for line in lines for word in line.split()}
    run = [line.replace(" ", "") for line in lines]  # where the reader lost a space
    return sum(word in seen or (len(word) > 2 and any(word in line for line in run)) for word in told), len(told)


def test_words_are_readable() -> None:
    reader, right, all_ = Reader(1), 0, 0
    for number in (0, 9, 23, 34, 41, 47):
        scene, width, height = posed()[number]
        read, told = found(reader, scene, drawn(scene, width, height, number))
        right, all_ = right + read, all_ + told
        assert read >= told * 0.6, number
    assert right >= all_ * SHARE


@pytest.mark.quality
@pytest.mark.timeout(600)
def test_words_are_readable_in_fifty_scenes() -> None:
    scenes, reader = posed(), Reader()
    assert len(scenes) == 50
    counts = [found(reader, scene, drawn(scene, width, height, n)) for n, (scene, width, height) in enumerate(scenes)]
    right, all_ = (sum(column) for column in zip(*counts, strict=True))
    assert right >= all_ * SHARE, f"{right} of {all_} words"


@pytest.mark.parametrize("number", range(0, 50, 7))
def test_every_shape_is_drawn_and_the_same_each_time(number: int) -> None:
    scene = posed()[number][0]
    for width, height in ((210, 90), (90, 160), (128, 128)):
        first = drawn(scene, width, height, 3)
        assert np.array_equal(first, drawn(scene, width, height, 3))
        assert len(np.unique(first.reshape(-1, 3), axis=0)) > 8


def test_bars_are_as_long_as_their_values() -> None:
    data = (Datum("A", 30, "%"), Datum("B", 60, "%"), Datum("C", 15, "%"))
    scene = Scene("infographic", palette=("white", "red", "blue", "green"), chart=Chart("bar", data))
    sheet = Sheet(1000, 1000)
    layouts.draw(scene, sheet, art.load(), 0)
    bars = re.findall(r'd="M[\d.]+ [\d.]+v-([\d.]+)q0 -([\d.]+)', sheet.markup())
    heights = [float(side) + float(corner) for side, corner in bars]
    assert [height / heights[0] for height in heights] == pytest.approx([1, 2, 0.5], abs=0.01)


def test_an_axis_starts_at_zero_and_has_round_steps() -> None:
    assert chart.scale((Datum("", 180),)) == [0, 50, 100, 150, 200]
    assert chart.scale((Datum("", -3), Datum("", 9)))[0] < -2
    assert chart.scale((Datum("", 0),))[-1] >= 1


def test_values_are_printed_exactly_with_their_units() -> None:
    assert [chart.said(Datum("", v, u)) for v, u in ((42.5, "%"), (12500, "$"), (18, "°C"), (3, "people"))] == [
        "42.5%", "$12,500", "18°C", "3 people",
    ]  # fmt: skip


def test_a_dish_is_told_from_its_price_and_note() -> None:
    told = menu.dish("Caprese: tomato, basil\t€9.00")
    assert (told.name, told.price, told.note) == ("Caprese", "€9.00", "tomato, basil")
    assert menu.dish("Tea").price == ""


def test_letters_that_no_font_has_are_reported() -> None:
    scene = Scene("poster", lettering=(Lettering("Welcome 東京"),), steps=(Step("नमस्ते"),))
    assert set("東京") <= set(layouts.missing(scene))
    assert layouts.missing(Scene("poster", lettering=(Lettering("Café → 12 €"),))) == ""


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_a_comic_has_its_panels_and_they_do_not_meet(count: int) -> None:
    scene = Scene(
        "comic", style="noir", subjects=(Subject("cat"),), steps=tuple(Step(f"Part {n}") for n in range(count))
    )
    sheet = Sheet(1000, 1000)
    layouts.draw(scene, sheet, art.load(), 0)
    found = re.findall(
        r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none" stroke="#101010"',
        sheet.markup(),
    )
    panels = [tuple(float(number) for number in panel) for panel in found]
    assert len(panels) == count
    for n, (x, y, w, h) in enumerate(panels):
        assert all(x + w < a or a + c < x or y + h < b or b + d < y for a, b, c, d in panels[:n])


def test_ink_knows_no_colour() -> None:
    scene = Scene("comic", style="ink", subjects=(Subject("parrot"),), setting="forest")
    picture = drawn(scene, 300, 300).astype(int)
    assert np.ptp(picture, axis=2).max() < 24


def test_an_unknown_subject_is_labelled() -> None:
    scene = Scene("poster", subjects=(Subject("zorblaxian"),), lettering=(Lettering("Meet it"),))
    lines = " ".join(line.text.lower() for line in Reader(1).read(drawn(scene, 900, 900)))
    assert "zorblaxian" in lines
