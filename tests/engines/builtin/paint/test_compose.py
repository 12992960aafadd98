import random

import pytest

from pollux.engines.builtin.paint import art
from pollux.engines.builtin.paint.arrange import arrange
from pollux.engines.builtin.paint.compose import at_home, figures_of
from pollux.engines.builtin.paint.effects import Put
from pollux.engines.builtin.paint.figure import Maker
from pollux.engines.builtin.paint.pen import Stage
from pollux.engines.builtin.paint.plan import Scene, Subject

MAKER = Maker(art.load())


def puts(scene: Scene, stage: Stage | None = None, width: float = 1000, height: float = 1000) -> list[Put]:
    return arrange(figures_of(scene, MAKER, random.Random(1)), scene, stage or Stage(), width, height)


@pytest.mark.parametrize("size", [(1000, 1000), (1778, 1000), (1000, 1778)])
@pytest.mark.parametrize("count", [1, 2, 4, 6, 9, 14, 25])
def test_nothing_is_cut_off_and_nothing_hides_another_of_its_kind(count: int, size: tuple[float, float]) -> None:
    placed = puts(Scene(subjects=(Subject("apple", count),)), None, *size)
    assert len(placed) == count
    for put in placed:
        assert put.x - put.width / 2 >= 0
        assert put.x + put.width / 2 <= size[0]
        assert put.foot - put.height >= 0
        assert put.foot <= size[1]
    for index, one in enumerate(placed):
        for other in placed[:index]:
            across = max(0.0, (one.width + other.width) / 2 - abs(one.x - other.x))
            down = max(0.0, min(one.height, other.height) - abs(one.foot - other.foot))
            assert across * down < 0.4 * one.width * one.height


def test_places_are_kept() -> None:
    scene = Scene(subjects=(Subject("apple", at=(0.25, 0.4)),))
    (put,) = puts(scene)
    assert abs(put.x - 250) < 1
    assert abs(put.foot - put.height / 2 - 400) < 1


def test_space_is_left_where_it_is_asked() -> None:
    left, right = (puts(Scene(subjects=(Subject("apple"),), empty=side))[0].x for side in ("left", "right"))
    assert left > 600
    assert right < 400


def test_suns_are_high_buildings_behind_and_people_on_the_edge() -> None:
    placed = puts(Scene(subjects=(Subject("sun"), Subject("castle"), Subject("dog")), setting="meadow"))
    by_name = {put.figure.entry: put for put in placed}
    assert by_name["sun"].foot < 400
    assert by_name["castle"].foot < by_name["dog"].foot
    assert placed.index(by_name["castle"]) < placed.index(by_name["dog"])
    (person,) = puts(Scene(subjects=(Subject("woman"),)))
    assert person.foot == 1000


def test_without_ground_things_float() -> None:
    assert all(put.floats for put in puts(Scene(subjects=(Subject("fish", 4),)), Stage(0.6, 0.4, air=True)))


def test_things_without_a_setting_come_home() -> None:
    def home(name: str, **more: str) -> str:
        return at_home(Scene(subjects=(Subject(name),), **more), MAKER).setting  # type: ignore[arg-type]

    assert home("castle") == "meadow"
    assert home("shark") == "underwater"
    assert home("apple") == ""
    assert home("castle", background="white") == ""
    on_marble = Subject("apple", with_=(("on", Subject("table", attributes=("marble",))),))
    assert at_home(Scene(subjects=(on_marble,)), MAKER).surface == "marble table"


def test_what_the_prompt_places_is_there_beside_the_rest() -> None:
    scene = Scene(subjects=(Subject("dog"), Subject("clock", at=(0.8, 0.2))))
    by_name = {put.figure.entry: put for put in puts(scene)}
    clock = by_name["mantelpiece-clock"]
    assert abs(clock.x - 800) < 1
    assert abs(clock.foot - clock.height / 2 - 200) < 60
    assert by_name["dog"].height > 2 * clock.height


def test_sitters_share_one_bench() -> None:
    bench = (("on", Subject("bench")),)
    pets = Subject("cat", 2, attributes=("sitting",)), Subject("dog", attributes=("sitting",), with_=bench)
    (put,) = puts(Scene(subjects=pets, setting="park"))
    assert put.figure.markup.count(art.load().draw("bench-park").markup) == 1
    assert put.figure.width > 2 * put.figure.height * 0.6
    alone = puts(Scene(subjects=(Subject("cat", 2), Subject("dog", with_=bench)), setting="park"))
    assert len(alone) == 3


def test_what_is_no_scenery_but_a_building_stands_behind() -> None:
    scene = at_home(Scene(subjects=(Subject("knight"),), setting="castle"), MAKER)
    placed = {put.figure.entry: put for put in puts(scene)}
    assert placed["castle"].far
    assert placed["castle"].foot < placed["knight"].foot


def test_small_things_lie_together_on_a_table() -> None:
    fruit = Subject("apple", 3), Subject("pear", 2)
    heap = puts(Scene(subjects=fruit, surface="wooden table"), Stage(0.88, 0.68))
    row = puts(Scene(subjects=fruit, background="white"), Stage(0.88, 0.68))
    assert min(put.height for put in heap) > 1.2 * max(put.height for put in row)
    assert len({round(put.foot, -1) for put in heap}) > 1
