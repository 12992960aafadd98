"""Kinds of things by their first letter: "animals starting with A"."""

from __future__ import annotations

from collections.abc import Callable

from pollux.engines.builtin.kinds import members
from pollux.engines.builtin.paint.reading.phrases import Phrase
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.tokens import Token

MOST = 6
_MORE = {
    "animal": (

            "alligator ant antelope ape armadillo bear bee beaver butterfly bat camel cat cow crab crocodile "
            "deer dog dolphin donkey duck eagle elephant elk fish flamingo fox frog giraffe goat gorilla goose "
            "hamster hedgehog hippopotamus horse iguana insect jaguar jellyfish kangaroo koala ladybug leopard "
            "lion lizard llama lobster monkey moose mouse mosquito newt nightingale octopus orangutan otter owl "
            "ox panda parrot peacock penguin pig quail rabbit raccoon rat rhinoceros rooster scorpion seal shark "
            "sheep sloth snail snake spider squirrel swan tiger toad turkey turtle unicorn urchin viper vulture "
            "walrus whale wolf worm yak zebra"
    ),
    "fruit": "apple apricot avocado banana blueberry cherry coconut date fig grape kiwi lemon lime mango melon orange "
             "papaya peach pear pineapple plum raspberry strawberry watermelon",
    "vegetable":
        "artichoke asparagus bean beet broccoli cabbage carrot cauliflower celery corn cucumber eggplant garlic "
        "leek lettuce mushroom onion pea pepper potato pumpkin radish spinach tomato turnip zucchini",
}  # fmt: skip


def by_letter(tokens: list[Token], know: Callable[[str], bool] | None) -> list[Phrase]:
    """The things that "animals starting with the letter A" asks for; their tokens are marked as used."""
    for index, token in enumerate(tokens):
        if token.low not in {"starting", "beginning", "start", "begin", "begins", "starts"} or not index:
            continue
        ahead = tokens[index + 1 : index + 6]
        letter = next((one for one in ahead if len(one.text) == 1 and one.text.isalpha() and one.text.isupper()), None)
        back = index - 2 if tokens[index - 1].low in {"that", "which"} and index > 1 else index - 1
        group = to_singular(tokens[back].low)
        if letter is None or not ahead or ahead[0].low != "with":
            continue
        names = _MORE.get(group, "").split() or sorted(members(group))
        found = [name for name in names if name.startswith(letter.text.lower()) and (know is None or know(name))]
        if found:
            for one in tokens[back : index + 6]:
                one.used = one.used or (
                    one.kind == "word"
                    and one.low
                    in {group, "with", "the", "letter", *(t.low for t in tokens[back : index + 1]), letter.low}
                )
            return [Phrase(nouns=name.split()) for name in found[:MOST]]
    return []
