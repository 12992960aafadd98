import random

from pollux.engines.builtin.paint import art
from pollux.engines.builtin.paint.figure import Maker, size_of
from pollux.engines.builtin.paint.placeholder import placeholder
from pollux.engines.builtin.paint.plan import Subject

MAKER = Maker(art.load(), placeholder=placeholder)


def made(subject: Subject) -> tuple[float, float, float, bool, bool]:
    figure = MAKER.figure(subject, random.Random(3))
    return figure.width, figure.height, figure.size, figure.bust, figure.known


def test_nature_and_words_give_sizes() -> None:
    elephant, mouse = (art.load().draw(name) for name in ("elephant", "mouse"))
    assert size_of(elephant, Subject("elephant")) > 3 * size_of(mouse, Subject("mouse"))
    sizes = [size_of(mouse, Subject("mouse", attributes=words)) for words in (("tiny",), (), ("giant",))]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3


def test_a_hat_makes_a_figure_taller_and_a_mount_carries_it() -> None:
    bare, hat = made(Subject("panda")), made(Subject("panda", with_=(("wearing", Subject("top hat")),)))
    assert hat[1] > bare[1]
    rider = made(Subject("panda", with_=(("riding", Subject("horse")),)))
    assert rider[0] > bare[0]
    assert rider[1] > bare[1]


def test_heads_of_people_become_busts_and_those_of_animals_bodies() -> None:
    assert made(Subject("woman"))[3]
    assert made(Subject("chef"))[3]
    assert not made(Subject("fox"))[3]
    assert made(Subject("fox"))[1] > art.load().draw("fox").height / art.load().draw("fox").width * 100


def test_the_unknown_has_a_card() -> None:
    assert not made(Subject("zorblax"))[4]
    assert made(Subject("penguin"))[4]


def test_an_umbrella_is_held_high_and_a_bowl_low() -> None:
    high = MAKER.figure(Subject("panda", with_=(("holding", Subject("umbrella")),)), random.Random(3))
    low = MAKER.figure(Subject("panda", with_=(("holding", Subject("tea bowl")),)), random.Random(3))
    assert high.width > low.width


def test_words_before_a_name_choose_a_better_drawing() -> None:
    hat = MAKER.figure(Subject("hat", attributes=("tiny", "bamboo")), random.Random(3))
    assert hat.entry == "bamboo-hat"
    dish = MAKER.figure(Subject("banana dish"), random.Random(3))
    assert dish.entry == "banana"


def test_several_flowers_share_a_vase() -> None:
    flowers = Subject("sunflower", with_=(("in", Subject("vase")),))
    three, one = (MAKER.together(flowers, count, random.Random(3)) for count in (3, 1))
    vase = art.load().draw("vase").markup
    assert three.markup.count(vase) == one.markup.count(vase) == 1
    assert three.width > 1.8 * one.width


def test_whole_people_have_legs_to_sit_with() -> None:
    whole = Maker(art.load(), whole=True)
    for name in ("woman", "chef"):
        standing, bust = (maker.figure(Subject(name), random.Random(3)) for maker in (whole, MAKER))
        assert standing.legs > 0.1
        assert not standing.bust
        assert standing.height / standing.width > bust.height / bust.width
    child = whole.figure(Subject("child"), random.Random(3))
    assert child.size < standing.size


def test_a_silhouette_takes_no_drawings_place_and_species_keep_their_colours() -> None:
    assert MAKER.figure(Subject("cat", attributes=("sleeping",)), random.Random(3)).entry == "cat-sleeping"
    fox, white = (MAKER.figure(Subject(name), random.Random(3)).markup for name in ("red fox", "fox"))
    assert fox == white
    tiger, pale = (
        MAKER.figure(Subject("tiger", attributes=told), random.Random(3)).markup for told in ((), ("white",))
    )
    assert tiger != pale
