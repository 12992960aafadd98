"""What is a kind of what: the everyday groups that the classifier's families belong to."""

from __future__ import annotations

from collections.abc import Iterable

from pollux.engines.builtin.english import key

_GROUPS: dict[str, str] = {
    "animal": "fish|shark|ray|bird|cat|dog|big cat|wild cat|wild dog|bear|fox|wolf|monkey|ape|snake|lizard|turtle|frog|"
    "amphibian|insect|beetle|butterfly|spider|crab|lobster|rodent|rabbit|pig|elephant|horse|cow|cattle|sheep|goat|deer|"
    "antelope|camel|squirrel|weasel|otter|seal|whale|dolphin|snail|worm|scorpion|crocodile|alligator|marsupial|bat|"
    "duck|goose|owl|parrot|penguin|eagle|chicken|hyena|panda|sheep|ox|kangaroo|koala|sloth|hippopotamus|zebra|animal",
    "mammal": "cat|dog|big cat|wild cat|wild dog|bear|fox|wolf|monkey|ape|rodent|rabbit|pig|elephant|horse|cow|cattle|"
    "sheep|goat|deer|antelope|camel|squirrel|weasel|otter|seal|whale|dolphin|marsupial|bat|hyena|panda|ox|zebra",
    "pet": "cat|dog|rabbit|hamster|guinea pig|goldfish",
    "reptile": "snake|lizard|turtle|crocodile|alligator",
    "vehicle": "car|truck|bus|train|boat|ship|bicycle|motorcycle|scooter|cart|aircraft|airplane|plane|van|tractor|"
    "vehicle|helicopter|tank|sailboat|submarine|ambulance|taxi|balloon",
    "fruit": "fruit|apple|banana|orange|lemon|strawberry|pineapple|fig|pomegranate",
    "vegetable": "vegetable|squash|corn|mushroom|cabbage|broccoli",
    "food": "food|fruit|apple|vegetable|squash|corn|mushroom|bread|dessert|sandwich|pizza|pasta|soup|sauce|nut|meat|"
    "cake|ice cream|coffee|dish",
    "drink": "drink|coffee|wine|beer|tea|espresso|juice",
    "furniture": "chair|table|bed|cupboard|sofa|desk|bookcase|bench|wardrobe|couch|furniture",
    "clothing": "clothing|shoe|hat|skirt|tie|swimsuit|coat|dress|shirt|suit|cloak|sock|glove|gown|cap",
    "instrument": "musical instrument|piano|guitar|violin|drum|flute|trumpet|saxophone|accordion|harp|organ|cello",
    "tableware": "cup|plate|bowl|glass|pitcher|jug|bottle|spoon|knife|pot|pan",
    "building": "building|house|church|tower|castle|shop|barn|monument|temple|mosque|bridge|lighthouse|palace",
    "plant": "plant|flower|tree|mushroom",
    "device": "computer|phone|keyboard|camera|television|music player|home appliance|electronics|clock|screen|monitor|"
    "printer|radio|laptop|machine",
    "tool": "tool|kitchen tool|measuring instrument|hammer|saw|screwdriver",
    "weapon": "gun|sword|knife|cannon|weapon|armor",
    "landscape": "mountain|lake|sea|coast|beach|valley|rock|spring|volcano",
    "toy": "toy|ball|teddy bear|puzzle|doll|kite|balloon",
}
_ALSO: dict[str, str] = {
    "creature": "animal",
    "beast": "animal",
    "wildlife": "animal",
    "beverage": "drink",
    "meal": "food",
    "dish": "food",
    "produce": "fruit",
    "garment": "clothing",
    "clothes": "clothing",
    "cloth": "clothing",
    "kitty": "cat",
    "kitten": "cat",
    "feline": "cat",
    "puppy": "dog",
    "canine": "dog",
    "doggy": "dog",
    "automobile": "car",
    "bike": "bicycle",
    "motorbike": "motorcycle",
    "plane": "airplane",
    "mug": "cup",
    "gadget": "device",
    "electronic": "device",
    "kitchenware": "tableware",
    "dishware": "tableware",
    "crockery": "tableware",
    "scenery": "landscape",
    "nature": "landscape",
    "outdoor scene": "landscape",
}
GENERAL = frozenset(_GROUPS)


def groups(names: Iterable[str]) -> tuple[str, ...]:
    """The everyday groups that any of the names belongs to: ("cat",) gives animal, mammal, pet."""
    wanted = {" ".join(key(name)) for name in names if name}
    return tuple(group for group, members in _GROUPS.items() if wanted & {" ".join(key(m)) for m in members.split("|")})


def members(noun: str) -> frozenset[str]:
    """The kinds that belong to a group ("pets": cat, dog, ...); empty for what is no group."""
    return frozenset(" ".join(key(kind)) for kind in _GROUPS.get(plain_word(noun), "").split("|") if kind)


def plain_word(noun: str) -> str:
    """The usual word for a noun: "kitten" gives "cat", "beverage" gives "drink", others themselves in the singular."""
    low = " ".join(key(noun))
    return _ALSO.get(low, low)


def is_kind(asked: str, names: Iterable[str]) -> bool:
    """Whether something called by these names is one of what is asked: ("tabby cat", "cat") is an animal."""
    noun = plain_word(asked)
    if not noun:
        return False
    names = [name for name in names if name]
    if any(noun == " ".join(key(name)) or noun.split() == list(key(name))[-len(noun.split()) :] for name in names):
        return True
    return noun in groups(names)


def is_known(noun: str) -> bool:
    """Whether a noun is one of the groups or of their members, so that not seeing it means something."""
    word = plain_word(noun)
    return word in _GROUPS or any(
        word == " ".join(key(one)) for members in _GROUPS.values() for one in members.split("|")
    )
