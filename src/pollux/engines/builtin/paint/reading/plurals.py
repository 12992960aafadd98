"""Plurals of the things that pictures show, back to one of them."""

from __future__ import annotations

from functools import lru_cache

from pollux.engines.builtin.english import singular
from pollux.engines.builtin.paint.reading import nouns
from pollux.engines.builtin.paint.reading.tokens import bag

_SINGULAR = bag(
    "glasses sunglasses pants jeans shorts trousers headphones scissors binoculars goggles news series lens "
    "canvas bus gas octopus cactus lotus walrus hibiscus christmas chess tennis pancreas atlas iris bokeh swiss "
    "paris pyjamas pajamas stairs lens always grass glass compass binoculars sea fries noodles ramen mars texas "
    "dominoes fireworks overalls tights glasses colosseum los las"
)  # fmt: skip
_ODD = {
    "cookies": "cookie",
    "pies": "pie",
    "ties": "tie",
    "movies": "movie",
    "zombies": "zombie",
    "cacti": "cactus",
    "smoothies": "smoothie",
    "brownies": "brownie",
    "selfies": "selfie",
    "houses": "house",
    "horses": "horse",
    "roses": "rose",
    "vases": "vase",
    "bees": "bee",
    "trees": "tree",
    "aliens": "alien",
    "oxen": "ox",
    "axes": "axe",
    "geese": "goose",
    "shoes": "shoe",
    "canoes": "canoe",
    "buses": "bus",
    "octopuses": "octopus",
    "prizes": "prize",
    "mazes": "maze",
    "eyes": "eye",
    "macaroons": "macaroon",
    "genies": "genie",
    "wolves": "wolf",
    "dice": "die",
    "headaches": "headache",
    "taxis": "taxi",
    "skis": "ski",
    "kiwis": "kiwi",
    "bikinis": "bikini",
    "khakis": "khaki",
    "avalanches": "avalanche",
    "fungi": "fungus",
    "people": "person",
    "bushes": "bush",
    "churches": "church",
    "cases": "case",
    "noses": "nose",
    "purses": "purse",
    "daisies": "daisy",
    "ices": "ice",
    "magazines": "magazine",
    "mustaches": "mustache",
    "moustaches": "moustache",
    "caches": "cache",
}


@lru_cache(maxsize=4096)
def to_singular(word: str) -> str:
    """The singular of a noun, with the words that only look like plurals left alone."""
    if word in _ODD or word in _SINGULAR or word in nouns.WORN or word.endswith(("ss", "us", "is")):
        return _ODD.get(word, word)
    if word.endswith("oes") and len(word) > 4 and word not in {"shoes", "canoes"}:
        return word[:-2]
    if word.endswith("ves") and word not in {
        "waves",
        "caves",
        "gloves",
        "doves",
        "olives",
        "stoves",
        "hives",
        "slaves",
    }:
        return {
            "leaves": "leaf",
            "wolves": "wolf",
            "elves": "elf",
            "calves": "calf",
            "shelves": "shelf",
            "hooves": "hoof",
            "knives": "knife",
            "loaves": "loaf",
            "thieves": "thief",
            "scarves": "scarf",
            "halves": "half",
            "wives": "wife",
            "lives": "life",
        }.get(word, word[:-1])
    return singular(word)
